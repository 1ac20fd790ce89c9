//! Makes text harmless for a format. Everything that may hold text of the audited repository goes through here:
//! file names, snippets, and every text with placeholders that a rule filled in.

use std::fmt::Write as _;

use crate::secrets::silent;

/// Characters that show nothing, move the cursor, or turn the direction of text around.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// For a terminal: what is hidden becomes visible, and markers that a CI log takes for commands lose their form.
pub fn terminal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            let _ = write!(out, "{}", c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out.replace("##[", "#\\u{23}[").replace("##vso[", "#\\u{23}vso[")
}

/// The same for text that a person wrote over several lines, which is set anew: line breaks are spaces.
pub fn flowing(text: &str) -> String {
    terminal(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A line that a CI log would take for a command (`::error …`, after any white space) no longer starts like one.
pub fn log_line(line: &str) -> String {
    let start = line.len() - line.trim_start().len();
    if line[start..].starts_with("::") {
        format!("{}\\u{{3a}}{}", &line[..start], &line[start + 1..])
    } else {
        line.to_owned()
    }
}

/// For Markdown: text that shows as it is, on one line, without links, mentions, HTML or markup of its own.
pub fn markdown(text: &str) -> String {
    let visible = flowing(text);
    // Before what is escaped hides a key from the last gate.
    let visible = silent(&visible);
    let mut out = String::with_capacity(visible.len() * 2);
    let mut chars = visible.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => {
                out.push('\\');
                out.push(c);
            }
            // A mention, a reference to an issue, an address: the form is broken by a space of no width, because
            // these are found in the text after Markdown's own escapes are gone.
            '@' => out.push_str("@&#8203;"),
            '#' => out.push_str(if next.is_alphanumeric() { "\\#&#8203;" } else { "\\#" }),
            ':' if next == '/' => out.push_str(":&#8203;"),
            ':' if next == ':' && before == ' ' => out.push_str("&#58;"),
            '.' if before.eq_ignore_ascii_case(&'w') => out.push_str(".&#8203;"),
            _ => out.push(c),
        }
        before = c;
    }
    // At its start, what would make a list, a heading's underline or a quote of the line.
    match out.chars().next() {
        Some('-' | '+' | '=') => format!("\\{out}"),
        Some(first) if first.is_ascii_digit() => list_number(&out),
        _ => out,
    }
}

/// `1. x` at the start of a line is a list.
fn list_number(text: &str) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let ends = matches!(text.as_bytes().get(digits + 1), None | Some(b' '));
    match text.as_bytes().get(digits) {
        Some(b'.' | b')') if ends => format!("{}\\{}", &text[..digits], &text[digits..]),
        _ => text.to_owned(),
    }
}

/// For Markdown: text as code, on one line. The fence is longer than any run of backticks in it. Text with a `<` is
/// escaped instead: not every program that shows Markdown leaves HTML in code alone.
pub fn markdown_code(text: &str) -> String {
    let text = flowing(text);
    if text.is_empty() || text.contains('<') {
        return markdown(&text);
    }
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// For Markdown: prose in which `code` between single backticks stays code, and all else is [`markdown`].
pub fn markdown_prose(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::new();
    let mut parts = text.split('`').peekable();
    let mut code = false;
    while let Some(part) = parts.next() {
        let closed = parts.peek().is_some();
        if code && closed && !part.is_empty() {
            out.push_str(&markdown_code(part));
        } else if code {
            // An opening backtick that nothing closes, or nothing between two.
            out.push_str("\\`");
            out.push_str(&edges(part));
            if closed {
                out.push_str("\\`");
            }
        } else {
            out.push_str(&edges(part));
        }
        code = !code;
    }
    out.trim().to_owned()
}

/// [`markdown`] that keeps a space at either end.
fn edges(part: &str) -> String {
    let left = if part.starts_with(' ') { " " } else { "" };
    let right = if part.len() > 1 && part.ends_with(' ') { " " } else { "" };
    format!("{left}{}{right}", markdown(part))
}

/// For JSON that is already serialised: what a terminal or a CI log would act on is written as an escape. Outside of
/// strings JSON is plain ASCII without `#`, so that only strings change, and only in how they are written.
pub fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) && c != '\n' {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out.replace("##[", "#\\u0023[").replace("##vso[", "#\\u0023vso[")
}

/// For the message of a GitHub workflow command: one line, and nothing that ends it.
pub fn workflow_message(text: &str) -> String {
    let visible: Vec<String> = text.lines().map(terminal).collect();
    visible.join("\n").replace('%', "%25").replace('\n', "%0A")
}

/// For a property of a GitHub workflow command (`title=…`): [`workflow_message`] without what separates properties.
pub fn workflow_property(text: &str) -> String {
    terminal(text).replace('%', "%25").replace(':', "%3A").replace(',', "%2C")
}

/// For XML 1.0, in text and in attributes: markup and quotes as entities; what is hidden, and what XML forbids even as
/// an entity, becomes visible. Line breaks stay.
pub fn xml(text: &str) -> String {
    let visible: Vec<String> = text.split('\n').map(|line| log_line(&terminal(line))).collect();
    let mut out = String::with_capacity(text.len());
    for c in visible.join("\n").chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(out, "{}", c.escape_unicode());
            }
            _ => out.push(c),
        }
    }
    out
}

/// For a relative URI: a path with `/` between names, percent-encoded (RFC 3986).
pub fn uri_path(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(byte as char);
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// For the text of a SARIF message: braces would be placeholders (3.11.5), `[a](b)` a link (3.11.6).
pub fn sarif_message(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}").replace("](", "\\](")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_shows_what_is_hidden() {
        assert_eq!(terminal("a\u{1b}[31mb\r\n\t"), "a\\u{1b}[31mb\\u{d}\\u{a}\\u{9}");
        assert_eq!(terminal("\u{202e}gpj.exe\u{200b}\u{9b}2J"), "\\u{202e}gpj.exe\\u{200b}\\u{9b}2J");
        assert_eq!(terminal("Grüße, 日本 – ok"), "Grüße, 日本 – ok");
    }

    #[test]
    fn a_ci_log_sees_no_command() {
        assert_eq!(terminal("##[error]x ##vso[task]"), "#\\u{23}[error]x #\\u{23}vso[task]");
        assert_eq!(log_line("   ::error::x"), "   \\u{3a}:error::x");
        assert_eq!(log_line("std::env"), "std::env");
    }

    #[test]
    fn markdown_shows_text_as_it_is() {
        assert_eq!(markdown("<script>alert(1)</script>"), "&lt;script&gt;alert(1)&lt;/script&gt;");
        assert_eq!(markdown("a|b `c` [d](e) *f* _g_"), "a\\|b \\`c\\` \\[d\\](e) \\*f\\* \\_g\\_");
        assert_eq!(markdown("@octocat fixes #12"), "@&#8203;octocat fixes \\#&#8203;12");
        assert_eq!(markdown("https://x.y www.x.y"), "https:&#8203;//x.y www.&#8203;x.y");
        assert_eq!(markdown("a\n\n# Title"), "a \\# Title");
        assert_eq!(markdown("::error::x"), "&#58;:error::x");
        assert_eq!(markdown("- a"), "\\- a");
        assert_eq!(markdown("12. a"), "12\\. a");
        assert_eq!(markdown("12 apps"), "12 apps");
        assert_eq!(markdown("0.1.0"), "0.1.0");
    }

    #[test]
    fn code_can_not_be_left() {
        assert_eq!(markdown_code("a`b"), "``a`b``");
        assert_eq!(markdown_code("```x"), "```` ```x ````");
        assert_eq!(markdown_code("a\n\n> b"), "`a > b`");
        assert_eq!(markdown_code("<b>`x`"), "&lt;b&gt;\\`x\\`");
    }

    #[test]
    fn prose_keeps_code_and_nothing_else() {
        assert_eq!(markdown_prose("Run `git init`, then <b>."), "Run `git init`, then &lt;b&gt;.");
        assert_eq!(markdown_prose("an `open end *x*"), "an \\`open end \\*x\\*");
        assert_eq!(markdown_prose("`a` `b`"), "`a` `b`");
    }

    #[test]
    fn a_workflow_command_stays_one_command() {
        assert_eq!(workflow_message("100 %\r\nnext\n::error::x"), "100 %25%0Anext%0A::error::x");
        assert_eq!(workflow_message("a\rb\u{85}c"), "a\\u{d}b\\u{85}c");
        assert_eq!(workflow_property("a,file=b::c\n50%"), "a%2Cfile=b%3A%3Ac\\u{a}50%25");
    }

    #[test]
    fn xml_has_no_markup_and_no_forbidden_character() {
        assert_eq!(xml("<a b=\"c\">&'"), "&lt;a b=&quot;c&quot;&gt;&amp;&apos;");
        assert_eq!(xml("]]>"), "]]&gt;");
        assert_eq!(xml("a\u{0}b\u{b}\u{fffe}\u{1f600}"), "a\\u{0}b\\u{b}\\u{fffe}\u{1f600}");
        assert_eq!(xml("one\n::error::two"), "one\n\\u{3a}:error::two");
    }

    #[test]
    fn paths_become_relative_uris() {
        assert_eq!(uri_path("src/[id]/a b.ts"), "src/%5Bid%5D/a%20b.ts");
        assert_eq!(uri_path("javascript:é%"), "javascript%3A%C3%A9%25");
    }

    #[test]
    fn a_sarif_message_has_no_placeholders_and_no_links() {
        assert_eq!(sarif_message("${{ x }} [a](javascript:b) a[0]"), "${{{{ x }}}} [a\\](javascript:b) a[0]");
    }

    #[test]
    fn json_means_the_same_and_is_inert() {
        let value = serde_json::json!({ "a": "##[error] \u{9b}31m \u{202e} \u{e0041} \\##vso[x]" });
        let text = json(&serde_json::to_string_pretty(&value).unwrap());
        assert!(!text.contains("##[") && !text.contains('\u{9b}') && !text.contains('\u{202e}'));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
