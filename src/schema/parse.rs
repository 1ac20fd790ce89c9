//! Text to statements. What the server would call a syntax error is one here.

use squawk_syntax::SourceFile;

use super::check::{Checked, Fault};
use super::lower;
use super::sql::Statement;

/// How deep parentheses and brackets may be nested before the text is not given to the parser.
const DEEPEST: usize = 250;
/// How many operators may stand in a row: each makes the tree one deeper.
const LONGEST: usize = 4_000;

/// The statements of a text: one, unless a semicolon hides where the splitter does not look.
pub fn statements(text: &str) -> Checked<Vec<Statement>> {
    if too_deep(text) {
        return Err(Fault::new("54001", "stack depth limit exceeded"));
    }
    let parse = SourceFile::parse(text);
    if let Some(error) = parse.errors().first() {
        return Err(Fault::new("42601", format!("syntax error: {}", error.message())));
    }
    let mut found = Vec::new();
    for node in parse.tree().stmts() {
        let lowered = stacker::maybe_grow(256 * 1024, 4 * 1024 * 1024, || lower::statement(&node));
        found.push(lowered.unwrap_or(Statement::Other("a statement whose syntax is beyond the replay")));
    }
    Ok(found)
}

/// The statements of a function's body.
pub fn body(text: &str) -> Checked<Vec<Statement>> {
    let mut found = Vec::new();
    for piece in super::split::split(text) {
        found.extend(statements(piece.text)?);
    }
    Ok(found)
}

/// Whether a text is nested so deeply that no person wrote it.
pub fn too_deep(text: &str) -> bool {
    let (mut depth, mut operators) = (0usize, 0usize);
    let mut quote = None;
    let mut word = String::new();
    for byte in text.bytes() {
        if let Some(end) = quote {
            if byte == end {
                quote = None;
            }
            continue;
        }
        if byte.is_ascii_alphabetic() {
            if word.len() < 8 {
                word.push(char::from(byte.to_ascii_lowercase()));
            }
            continue;
        }
        match word.as_str() {
            "and" | "or" | "not" | "union" | "join" | "is" | "like" | "in" | "except" => operators += 1,
            "case" | "begin" | "loop" | "if" => depth += 1,
            "end" => depth = depth.saturating_sub(1),
            _ => {}
        }
        word.clear();
        match byte {
            b'\'' | b'"' => quote = Some(byte),
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            b',' | b';' => operators = 0,
            b'+' | b'-' | b'*' | b'/' | b'<' | b'>' | b'=' | b'|' | b':' | b'%' | b'^' | b'~' | b'.'
            | b'!' | b'@' | b'#' => {
                operators += 1;
            }
            _ => {}
        }
        if depth > DEEPEST || operators > LONGEST {
            return true;
        }
    }
    false
}
