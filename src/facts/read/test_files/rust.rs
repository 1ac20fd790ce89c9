use std::sync::LazyLock;

use regex::Regex;

use crate::facts::mask::{Lines, Syntax, mask};
use crate::facts::notes::{FileNotes, TestNote};
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    super::own(file) && file.extension() == "rs"
}

#[expect(clippy::expect_used, reason = "a literal that the unit tests compile")]
static ATTRIBUTE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"#\[\s*((?:\w+\s*::\s*)*\w+)[^\]\n]*\]|\bfn\s+\w+").expect("a valid pattern")
});

#[expect(clippy::expect_used, reason = "a literal that the unit tests compile")]
static ASSERTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\b(?:debug_)?assert\w*\s*!|\binsta\s*::|\bshould_panic\b|(?:^|[^\w.])(?:assert|check|verify|expect)_\w+\s*\(|\bpanic\s*!|\bunwrap_err\s*\(|\bexpect_err\s*\(|\bprop_assert\w*\s*!",
    )
    .expect("a valid pattern")
});

pub(super) fn read(_file: &File, text: &str, notes: &mut FileNotes) {
    if !text.contains("test") {
        return;
    }
    let masked = mask(text, Syntax::Rust);
    let mut note = TestNote { framework: "cargo test".to_owned(), ..TestNote::default() };
    let mut lines = Lines::of(&masked.code);
    let (mut test, mut ignored, mut first) = (false, false, 0);
    for found in ATTRIBUTE.captures_iter(&masked.code) {
        let Some(whole) = found.get(0) else { continue };
        let Some(path) = found.get(1) else {
            // A function ends its attributes.
            if test {
                note.line = if note.line == 0 { lines.line(first) } else { note.line };
                if ignored {
                    note.skipped += 1;
                } else {
                    note.cases += 1;
                }
            }
            (test, ignored) = (false, false);
            continue;
        };
        match path.as_str().rsplit(':').next().unwrap_or_default().trim() {
            "test" | "rstest" | "wasm_bindgen_test" | "test_case" | "quickcheck" | "gpui_test" => {
                if !test {
                    first = whole.start();
                }
                test = true;
            }
            "ignore" => ignored = true,
            _ => {}
        }
    }
    if note.cases + note.skipped == 0 {
        return;
    }
    note.assertions = u32::try_from(ASSERTION.find_iter(&masked.code).count()).unwrap_or(u32::MAX);
    notes.test = Some(note);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_make_cases() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.rs"), "x").unwrap();
        let tree = crate::source::Tree::working(folder.path(), &[]).unwrap();
        let mut notes = FileNotes::default();
        let text = "fn test_x() {}\n#[cfg(test)]\nmod tests {\n  #[test]\n  #[ignore = \"slow\"]\n  fn a() { assert!(true); }\n\
                    #[tokio::test(flavor = \"multi_thread\")]\n  async fn b() { assert_eq!(1, 1) }\n  // #[test]\n  fn c() {}\n}\n";
        read(&tree.files()[0], text, &mut notes);
        let found = notes.test.unwrap();
        assert_eq!((found.cases, found.skipped, found.assertions, found.line), (1, 1, 2, 4));
    }
}
