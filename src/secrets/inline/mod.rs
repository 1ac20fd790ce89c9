//! Tests and documentation that a file of the product holds beside its code: a value in them counts as one in a file of
//! tests or of documents.
//!
//! Looked for in the whole text, and only once something has been found in it: of a version of the history the window may
//! not show where a test begins. Where the end of a test can't be told, it is taken to end early: a false alarm is the
//! lesser evil.

mod rust;

use std::ops::Range;

use super::classify::place::{Place, place};

/// What a part of a file is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aside {
    Test,
    Docs,
}

impl Aside {
    /// The folder in which a file is all that.
    pub fn folder(self) -> &'static str {
        match self {
            Aside::Test => "tests/",
            Aside::Docs => "docs/",
        }
    }
}

/// A part of a file, and what it is there for.
pub(super) type Part = (Range<usize>, Aside);

/// The parts of the text of `path` that are no code of the product, sorted and apart from each other. None in files that are
/// none of the product.
pub(super) fn asides(text: &[u8], path: &str) -> Vec<Part> {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    let find: fn(&[u8], &str) -> Vec<Part> = match extension {
        "rs" => rust::asides,
        "py" | "pyi" | "pyx" => python,
        "ex" => |text, _| examples(text, b"iex"),
        "hs" => |text, _| examples(text, b"-- >>>"),
        "js" | "jsx" | "mjs" | "cjs" | "ts" | "tsx" | "mts" | "cts" => vitest,
        "zig" => |text, _| blocks(text, b"test", |after| matches!(after.first(), Some(b' ' | b'{'))),
        "d" => |text, _| blocks(text, b"unittest", |after| after.first().is_none_or(|b| b" {\r".contains(b))),
        _ => return Vec::new(),
    };
    if place(path) == Place::Product { find(text, path) } else { Vec::new() }
}

/// What the part is there for in which the byte at `at` stands; `None` in code of the product.
pub(super) fn within(parts: &[Part], at: usize) -> Option<Aside> {
    let next = parts.partition_point(|(range, _)| range.end <= at);
    parts.get(next).filter(|(range, _)| range.contains(&at)).map(|(_, aside)| *aside)
}

/// Django's `tests.py`, and examples of the interpreter in texts for people:
/// <https://docs.python.org/3/library/doctest.html>.
fn python(text: &[u8], path: &str) -> Vec<Part> {
    let has = |mark: &[u8]| memchr::memmem::find(text, mark).is_some();
    if path.rsplit('/').next() == Some("tests.py") && (has(b"TestCase") || has(b"def test")) {
        return vec![(0..text.len(), Aside::Test)];
    }
    examples(text, b">>> ")
}

/// Examples of an interpreter: from a line with its prompt to the next empty line, or to the end of the text for people.
fn examples(text: &[u8], prompt: &[u8]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut from = None;
    for line in lines(text) {
        let content = text.get(line.clone()).unwrap_or_default().trim_ascii();
        let ends = content.is_empty() || content.ends_with(b"\"\"\"") || content.ends_with(b"'''");
        if content.starts_with(prompt) {
            from.get_or_insert(line.start);
        }
        if ends && let Some(from) = from.take() {
            parts.push((from..line.end, Aside::Test));
        }
    }
    parts.extend(from.map(|from| (from..text.len(), Aside::Test)));
    parts
}

/// `if (import.meta.vitest) { … }`: <https://vitest.dev/guide/in-source>.
fn vitest(text: &[u8], _: &str) -> Vec<Part> {
    if memchr::memmem::find(text, b"import.meta.vitest").is_none() {
        return Vec::new();
    }
    blocks(text, b"if", |after| after.trim_ascii_start().starts_with(b"(import.meta.vitest"))
}

/// Blocks whose first line begins with `word` and goes on as `is_test` says: to the first line that closes a bracket no
/// deeper than the block begins. Exact in code that is indented; in other code it ends early.
fn blocks(text: &[u8], word: &[u8], is_test: fn(&[u8]) -> bool) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    for line in lines(text) {
        let bytes = text.get(line.clone()).unwrap_or_default();
        let indent = bytes.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let content = bytes.trim_ascii();
        match open {
            Some((from, least)) if indent <= least && content.starts_with(b"}") => {
                parts.push((from..line.end, Aside::Test));
                open = None;
            }
            None if content.strip_prefix(word).is_some_and(is_test) => {
                if content.ends_with(b"}") {
                    parts.push((line, Aside::Test));
                } else {
                    open = Some((line.start, indent));
                }
            }
            _ => {}
        }
    }
    parts
}

fn lines(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    let ends = memchr::memchr_iter(b'\n', text).chain(std::iter::once(text.len()));
    ends.map(move |end| std::mem::replace(&mut from, end + 1)..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines with an `x` that count as tests, once for each.
    fn of(path: &str, text: &str) -> Vec<usize> {
        let parts = asides(text.as_bytes(), path);
        let marks = text.match_indices('x').filter(|(at, _)| within(&parts, *at) == Some(Aside::Test));
        marks.map(|(at, _)| text[..at].matches('\n').count() + 1).collect()
    }

    #[test]
    fn examples_of_an_interpreter() {
        let text = "a = 'x'\ndef f():\n    \"\"\"\n    Says x.\n    >>> f('x')\n    'x'\n\n    x\n    >>> f(1) # x\"\"\"\n    x\n";
        assert_eq!(of("app/a.py", text), [5, 6, 9]);
        assert_eq!(of("lib/a.ex", "@doc \"\"\"\n    iex> f(\"x\")\n    x\n\n    x\n\"\"\"\n"), [2, 2, 3]);
    }

    #[test]
    fn a_guard_of_a_script_is_no_test() {
        assert_eq!(of("app/a.py", "if __name__ == '__main__':\n    f('x')\n").len(), 0);
        assert_eq!(of("shop/tests.py", "KEY = 'x'\nclass A(TestCase):\n  k = 'x'\n"), [1, 3]);
        assert_eq!(of("shop/tests.py", "# medical tests\nKEY = 'x'\n").len(), 0);
    }

    #[test]
    fn blocks_of_tests() {
        let text = "const a = 'x'\nif (import.meta.vitest) {\n  test(() => {\n    f('x')\n  })\n}\nf('x')\n";
        assert_eq!(of("src/a.ts", text), [4]);
        assert_eq!(of("src/a.test.ts", text).len(), 0, "the file is a test as a whole");
        assert_eq!(of("a.zig", "const a = 'x'\ntest \"it\" {\n  f(\"x\")\n}\nx\n"), [3]);
        assert_eq!(of("a.d", "unittest\n{\n  f(\"x\")\n}\nx\nunittest { x }\nx"), [3, 6]);
    }
}
