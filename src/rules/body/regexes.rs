//! Regular expressions: what is wrong with one, and where.

use regex_syntax::ParserBuilder;

use crate::rules::cel::Mistake;

/// What is wrong with an expression that must find something. `^` and `$` are the ends of lines if `multi_line`.
pub(super) fn mistake(text: &str, multi_line: bool) -> Option<Mistake> {
    let all = 0..text.chars().count();
    let parsed = ParserBuilder::new().multi_line(multi_line).crlf(multi_line).build().parse(text);
    let hir = match parsed {
        Ok(hir) => hir,
        Err(error) => {
            let (span, why) = match &error {
                regex_syntax::Error::Parse(error) => (*error.span(), error.kind().to_string()),
                regex_syntax::Error::Translate(error) => (*error.span(), error.kind().to_string()),
                other => return Some(Mistake::new(all, format!("the regex does not compile: {other}"))),
            };
            let at = |byte: usize| text.get(..byte).map_or(0, |before| before.chars().count());
            let (start, mut end) = (at(span.start.offset), at(span.end.offset));
            if start == end {
                end = (start + 1).min(all.end);
            }
            let start = if start == end { end.saturating_sub(1) } else { start };
            let unsupported = ["look-around", "backreference"].iter().any(|word| why.contains(word));
            let help = match unsupported {
                true => "look-around and back-references are not supported: patterns run in linear time",
                false => "the syntax is that of the regex crate; in TOML write it in '''…'''",
            };
            let mistake = Mistake::new(start..end, format!("the regex does not compile: {why}"));
            return Some(mistake.label("here").help(help));
        }
    };
    match hir.properties().minimum_len() {
        Some(0) => Some(
            Mistake::new(all, "the regex matches the empty string")
                .label("matches everywhere")
                .help("something in it must be there: `+` instead of `*`"),
        ),
        None => Some(
            Mistake::new(all, "the regex never matches")
                .label("matches nothing")
                .help("no text is like that"),
        ),
        Some(_) => None,
    }
}
