//! Module specifiers of JavaScript, TypeScript, single-file components and Python.

use super::Reader;
use crate::facts::FileNotes;
use crate::facts::notes::ImportNote;
use crate::source::{File, Role};

/// The reader.
pub static READERS: &[Reader] = &[Reader { name: "imports", wants, read }];

const SCRIPTS: [&str; 8] = ["js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts"];
const COMPONENTS: [&str; 3] = ["vue", "svelte", "astro"];

fn wants(file: &File) -> bool {
    let extension = file.extension();
    let known = SCRIPTS.contains(&&*extension) || COMPONENTS.contains(&&*extension) || extension == "py";
    known && matches!(file.role, Role::Product | Role::Test)
}

fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let extension = file.extension();
    if extension == "py" {
        python(text, &mut notes.imports);
    } else if COMPONENTS.contains(&&*extension) {
        for (line, script) in scripts_of(text) {
            javascript(script, line, &mut notes.imports);
        }
    } else {
        javascript(text, 1, &mut notes.imports);
    }
    notes.imports.sort();
    notes.imports.dedup_by(|later, first| later.module == first.module);
}

/// The scripts of a single-file component, each with the line it starts at.
fn scripts_of(text: &str) -> Vec<(u32, &str)> {
    let mut found = Vec::new();
    if let Some(rest) = text.strip_prefix("---") {
        // Astro's code comes first, between fences.
        if let Some(end) = rest.find("\n---") {
            found.push((1, rest.get(..end).unwrap_or("")));
        }
    }
    let (mut from, mut counted, mut line) = (0, 0, 1);
    while let Some(start) = text.get(from..).and_then(|t| t.find("<script")).map(|n| n + from) {
        let Some(open) = text.get(start..).and_then(|t| t.find('>')).map(|n| n + start + 1) else { break };
        let end = text.get(open..).and_then(|t| t.find("</script")).map_or(text.len(), |n| n + open);
        line += newlines(text.as_bytes(), counted, open);
        counted = open;
        found.push((line, text.get(open..end).unwrap_or("")));
        from = end;
    }
    found
}

/// What stood before a string, as far as imports need it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Import,
    ImportType,
    Export,
    From,
    Require,
    /// `import(` or `require(`.
    Call,
    Dot,
    /// A value: a `/` after it divides.
    Value,
    Other,
}

/// One pass over the text: comments, strings, templates and regular expressions are stepped over.
fn javascript(text: &str, first_line: u32, found: &mut Vec<ImportNote>) {
    let bytes = text.as_bytes();
    let Some(last) = last_import(bytes) else { return };
    let (mut at, mut line) = (0, first_line);
    let mut before = Before::Other;
    // Whether an `import` or `export` is open, so that a following `from "…"` belongs to it; whether for types only.
    let (mut open, mut types) = (false, false);
    // Braces open inside each `${` of a template.
    let mut templates: Vec<u32> = Vec::new();
    // A slash before this was no regular expression: its line ended first, and is not read again for the next slash.
    let mut unclosed = 0;
    while let Some(&byte) = bytes.get(at) {
        let is_open = matches!(before, Before::Import | Before::From | Before::Require | Before::Call);
        if at > last && !is_open {
            return;
        }
        match byte {
            b'\n' => {
                line += 1;
                at += 1;
            }
            b'/' if bytes.get(at + 1) == Some(&b'/') => at = find(bytes, at, b'\n'),
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                let rest = bytes.get(at + 2..).unwrap_or(&[]);
                let end = memchr::memmem::find(rest, b"*/").map_or(bytes.len(), |n| at + n + 4);
                line += newlines(bytes, at, end);
                at = end;
            }
            b'/' if before != Before::Value && at >= unclosed => {
                match regex_end(bytes, at) {
                    Ok(end) => at = end,
                    Err(end_of_line) => (at, unclosed) = (at + 1, end_of_line),
                }
                before = Before::Value;
            }
            b'"' | b'\'' => {
                let end = quoted_end(bytes, at, byte);
                let module = text.get(at + 1..end.saturating_sub(1)).unwrap_or("");
                let counts = match before {
                    Before::From => open && !types,
                    Before::Import | Before::Call => true,
                    _ => false,
                };
                if counts && !module.is_empty() {
                    found.push(ImportNote { module: module.to_owned(), line });
                    (open, types) = (false, false);
                } else if before == Before::From {
                    (open, types) = (false, false);
                }
                before = Before::Value;
                at = end;
            }
            b'`' => {
                let (end, substitution) = template_end(bytes, at + 1);
                if before == Before::Call && !substitution {
                    let module = text.get(at + 1..end.saturating_sub(1)).unwrap_or("");
                    found.push(ImportNote { module: module.to_owned(), line });
                }
                line += newlines(bytes, at, end);
                at = end;
                if substitution {
                    templates.push(0);
                    before = Before::Other;
                } else {
                    before = Before::Value;
                }
            }
            b'{' => {
                if let Some(depth) = templates.last_mut() {
                    *depth += 1;
                }
                before = Before::Other;
                at += 1;
            }
            b'}' => {
                at += 1;
                before = Before::Other;
                match templates.last_mut() {
                    Some(0) => {
                        templates.pop();
                        let (end, substitution) = template_end(bytes, at);
                        line += newlines(bytes, at, end);
                        at = end;
                        if substitution {
                            templates.push(0);
                        } else {
                            before = Before::Value;
                        }
                    }
                    Some(depth) => *depth -= 1,
                    None => {}
                }
            }
            b'(' => {
                before = if matches!(before, Before::Import | Before::Require) {
                    Before::Call
                } else {
                    Before::Other
                };
                at += 1;
            }
            b')' | b']' => {
                before = Before::Value;
                at += 1;
            }
            b'.' => {
                before = Before::Dot;
                at += 1;
            }
            b';' => {
                (open, types, before) = (false, false, Before::Other);
                at += 1;
            }
            b if b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$') || b >= 0x80 => {
                let rest = bytes.get(at..).unwrap_or_default();
                let end = at + rest.iter().position(|b| !word_byte(*b)).unwrap_or(rest.len());
                let word = bytes.get(at..end).unwrap_or(&[]);
                before = match word {
                    _ if before == Before::Dot => Before::Value,
                    b"import" => Before::Import,
                    b"export" => Before::Export,
                    b"type" if matches!(before, Before::Import | Before::Export) => Before::ImportType,
                    b"from" if open => Before::From,
                    b"require" => Before::Require,
                    b"return" | b"typeof" | b"case" | b"in" | b"of" | b"await" => Before::Other,
                    _ => Before::Value,
                };
                match before {
                    Before::Import | Before::Export => (open, types) = (true, false),
                    Before::ImportType => types = true,
                    _ => {}
                }
                at = end;
            }
            b if b.is_ascii_whitespace() => at += 1,
            _ => {
                before = Before::Other;
                at += 1;
            }
        }
    }
}

/// The last word of the text behind which a module may be named. The pass ends there: imports stand at the top.
fn last_import(bytes: &[u8]) -> Option<usize> {
    let is_word = |at: &usize, length: usize| {
        let around = [at.checked_sub(1), Some(at + length)];
        !around.into_iter().flatten().filter_map(|at| bytes.get(at)).any(|b| word_byte(*b))
    };
    // A comment may stand before what follows.
    let follows = |at: usize, what: &[u8]| {
        let rest = bytes.get(at..).unwrap_or_default();
        rest.iter().find(|b| !b.is_ascii_whitespace()).is_some_and(|b| *b == b'/' || what.contains(b))
    };
    let last = |word: &str, what: &[u8]| {
        let all = memchr::memmem::find_iter(bytes, word.as_bytes());
        all.filter(|at| is_word(at, word.len()) && follows(at + word.len(), what)).last()
    };
    [last("import", b"\"'("), last("require", b"("), last("from", b"\"'")].into_iter().flatten().max()
}

fn word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

fn find(bytes: &[u8], from: usize, wanted: u8) -> usize {
    memchr::memchr(wanted, bytes.get(from..).unwrap_or(&[])).map_or(bytes.len(), |n| from + n)
}

fn newlines(bytes: &[u8], from: usize, to: usize) -> u32 {
    let part = bytes.get(from..to.min(bytes.len())).unwrap_or(&[]);
    u32::try_from(memchr::memchr_iter(b'\n', part).count()).unwrap_or(0)
}

/// Behind the string that starts at `at`. A string ends with its line: an apostrophe in JSX text costs one line.
fn quoted_end(bytes: &[u8], at: usize, quote: u8) -> usize {
    let mut at = at + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'\n' => return at,
            b if b == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// Behind the template's end, or behind the `${` that interrupts it.
fn template_end(bytes: &[u8], from: usize) -> (usize, bool) {
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'`' => return (at + 1, false),
            b'$' if bytes.get(at + 1) == Some(&b'{') => return (at + 2, true),
            _ => at += 1,
        }
    }
    (bytes.len(), false)
}

/// Behind the regular expression that starts at `at`. The error is where its line ended instead.
fn regex_end(bytes: &[u8], at: usize) -> Result<usize, usize> {
    let (mut end, mut class) = (at + 1, false);
    while let Some(&byte) = bytes.get(end) {
        match byte {
            b'\\' => end += 1,
            b'\n' => return Err(end),
            b'[' => class = true,
            b']' => class = false,
            b'/' if !class => return Ok(end + 1),
            _ => {}
        }
        end += 1;
    }
    Err(bytes.len())
}

fn python(text: &str, found: &mut Vec<ImportNote>) {
    // The quotes of a triple-quoted string that is open at the start of the line.
    let mut open: Option<&str> = None;
    // The module of a `from … import (` whose names go on in the next lines.
    let mut from: Option<String> = None;
    for (line, number) in text.lines().zip(1u32..) {
        if let Some(quotes) = open {
            if let Some(at) = line.find(quotes) {
                open = still_open(line.get(at + 3..).unwrap_or(""));
            }
            continue;
        }
        let code = line.split('#').next().unwrap_or("").trim();
        if let Some(module) = &from {
            submodules(module, code.trim_end_matches(')'), number, found);
            if code.contains(')') {
                from = None;
            }
            continue;
        }
        if let Some(list) = code.strip_prefix("import ") {
            for module in list.split(',').filter_map(|m| m.split_whitespace().next()) {
                found.push(ImportNote { module: module.trim_end_matches(';').to_owned(), line: number });
            }
        } else if let Some((module, names)) =
            code.strip_prefix("from ").and_then(|rest| rest.split_once(" import"))
        {
            let (module, names) = (module.trim(), names.trim());
            if module.chars().any(|c| c != '.') {
                found.push(ImportNote { module: module.to_owned(), line: number });
            }
            submodules(module, names.trim_matches(['(', ')', '\\']), number, found);
            if names.starts_with('(') && !names.contains(')') {
                from = Some(module.to_owned());
            }
        } else {
            open = still_open(line);
        }
    }
}

/// `from google.cloud import firestore` may import the module `google.cloud.firestore`: module names are lower case.
fn submodules(module: &str, names: &str, line: u32, found: &mut Vec<ImportNote>) {
    for name in names.split(',').filter_map(|n| n.split_whitespace().next()) {
        if name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
            let dot = if module.ends_with('.') { "" } else { "." };
            found.push(ImportNote { module: format!("{module}{dot}{name}"), line });
        }
    }
}

/// The quotes of the triple-quoted string that `line` leaves open. Each byte is looked at once: a line may be the file.
fn still_open(line: &str) -> Option<&'static str> {
    let bytes = line.as_bytes();
    let mut at = 0;
    loop {
        at += memchr::memchr3(b'"', b'\'', b'#', bytes.get(at..)?)?;
        let quotes = match bytes.get(at..at + 3) {
            Some(b"\"\"\"") => "\"\"\"",
            Some(b"'''") => "'''",
            _ if bytes.get(at) == Some(&b'#') => return None,
            _ => {
                at += 1;
                continue;
            }
        };
        match line.get(at + 3..)?.find(quotes) {
            Some(end) => at += end + 6,
            None => return Some(quotes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::read::testing::file;

    fn imports(name: &str, text: &str) -> Vec<(String, u32)> {
        let mut notes = FileNotes::default();
        read(&file(name), text, &mut notes);
        notes.imports.into_iter().map(|i| (i.module, i.line)).collect()
    }
    fn modules(name: &str, text: &str) -> Vec<String> {
        imports(name, text).into_iter().map(|(m, _)| m).collect()
    }

    #[test]
    fn every_form_of_javascript_import() {
        let text = "import a from 'a';\nimport {\n  b,\n} from \"b\"\nimport 'c'\nexport * from 'd';\nconst e = require('e'), f = await import(`f`);\n";
        let want = [("a", 1), ("b", 4), ("c", 5), ("d", 6), ("e", 7), ("f", 7)];
        assert_eq!(imports("x.ts", text), want.map(|(m, l)| (m.to_owned(), l)));
    }

    #[test]
    fn what_only_looks_like_an_import() {
        let text = "// import a from 'a'\n/* require('b') */\nconst s = \"import c from 'c'\";\nconst t = `import d from 'd' ${require('real')} import x from 'e'`;\nimport type { T } from 'types-only';\nconst r = /require('f')/;\nobj.require('g'); Array.from('h');\nconst p = a / b; import('last');\n";
        assert_eq!(modules("x.ts", text), ["last", "real"]);
    }

    #[test]
    fn an_apostrophe_in_markup_does_not_swallow_the_file() {
        assert_eq!(modules("x.tsx", "const a = <p>Don't</p>;\nconst b = require('b');\n"), ["b"]);
    }

    #[test]
    fn components() {
        assert_eq!(
            imports("x.vue", "<template>\n</template>\n<script setup>\nimport a from 'a'\n</script>\n"),
            [("a".to_owned(), 4)]
        );
        assert_eq!(imports("x.astro", "---\nimport a from 'a'\n---\n<p/>\n"), [("a".to_owned(), 2)]);
    }

    #[test]
    fn python_imports() {
        let text = "\"\"\"\nimport docs\n\"\"\"\nimport os, flask as f\nfrom google.cloud import firestore  # x\nfrom .models import User\nfrom . import db\nfrom app import (\n    routes,\n    Thing,\n)\n";
        assert_eq!(
            modules("x.py", text),
            [".db", ".models", "app", "app.routes", "flask", "google.cloud", "google.cloud.firestore", "os"]
        );
    }
}
