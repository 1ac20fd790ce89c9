//! `pattern` bodies: keywords, a regular expression, and how random what it captures must be.

use super::{BodyDraft, is_word, named_capture, place, regexes};
use crate::facts::search::{Finder, Pattern};
use crate::rules::cel::Mistake;
use crate::rules::draft::{Located, Problem};
use crate::rules::rule::{Body, PatternBody, SearchedFiles};

pub(super) fn compile(
    draft: &BodyDraft,
    source: &str,
    is_tested: bool,
    problems: &mut Vec<Problem>,
) -> Option<(Finder, Body)> {
    let entropy = entropy(draft, problems);
    let regex = draft.texts.get("regex")?;
    if let Some(mistake) = regexes::mistake(&regex.value, true) {
        place(vec![mistake], regex, source, problems);
        return None;
    }
    // What the tests compile is not compiled before it is needed.
    let bare = if is_tested { Ok(Pattern::of_tested(&regex.value)) } else { Pattern::new(&regex.value) };
    let bare = match bare {
        Ok(pattern) => pattern,
        Err(error) => {
            let mistake = too_large(&regex.value, &error);
            place(vec![mistake], regex, source, problems);
            return None;
        }
    };
    if let Some(name) = bare.names().iter().find(|name| !is_word(name)) {
        place(vec![odd_name(regex, name)], regex, source, problems);
        return None;
    }
    let capture = match draft.texts.get("capture") {
        None => String::new(),
        Some(capture) => named_capture(capture, bare.names(), "pattern", problems)?,
    };
    let entropy = entropy?;
    let pattern = bare.showing(&capture, entropy);
    let body = PatternBody { files: SearchedFiles::default(), regex: regex.value.clone(), capture, entropy };
    Some((Finder::Pattern(pattern), Body::Pattern(body)))
}

/// `None` where it is wrong.
fn entropy(draft: &BodyDraft, problems: &mut Vec<Problem>) -> Option<Option<f64>> {
    let Some(Located { value, span }) = &draft.entropy else { return Some(None) };
    if *value > 0.0 && *value <= 8.0 {
        return Some(Some(*value));
    }
    problems.push(
        Problem::new(span.clone(), format!("no text has an entropy of {value}"), "not above 0 and up to 8")
            .help("bits for each character: words have about 3, random keys 4 and more"),
    );
    None
}

fn too_large(regex: &str, error: &regex::Error) -> Mistake {
    let mistake = Mistake::new(0..regex.chars().count(), "the regex is too large");
    match error {
        regex::Error::CompiledTooBig(limit) => mistake
            .label(format!("takes more than {} MB", limit >> 20))
            .help("make its repetitions shorter, or write `[A-Za-z0-9_]` instead of `\\w`"),
        _ => mistake.label("does not compile"),
    }
}

fn odd_name(regex: &Located<String>, name: &str) -> Mistake {
    let before = regex.value.find(&format!("<{name}>")).and_then(|at| regex.value.get(..=at));
    let start = before.map_or(0, |before| before.chars().count());
    Mistake::new(start..start + name.chars().count(), format!("no expression can name the group `{name}`"))
        .label("not one word")
        .help("letters, digits and `_`")
}
