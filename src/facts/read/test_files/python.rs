use std::sync::LazyLock;

use regex::Regex;

use crate::facts::kinds::TestLevel;
use crate::facts::mask::{Syntax, mask};
use crate::facts::notes::{FileNotes, TestNote};
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    super::own(file) && file.extension() == "py"
}

#[expect(clippy::expect_used, reason = "a literal that the unit tests compile")]
static ASSERTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?m)^\s*assert\b|\bself\s*\.\s*(?:assert\w+|fail)\s*\(|\bpytest\s*\.\s*(?:raises|warns|fail)\b|(?:^|[^\w.])(?:assert|expect|verify|check)_\w+\s*\(|\.\s*assert_\w+\s*\(|\bexpect\s*\(",
    )
    .expect("a valid pattern")
});

#[expect(clippy::expect_used, reason = "a literal that the unit tests compile")]
static DEFINITION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(\s*)(?:(?:async\s+)?def\s+(\w+)|class\s+(\w+)\s*(?:\(([^)]*)\))?)")
        .expect("a valid pattern")
});

/// A class around the current line: its column, whether it holds tests, whether it is switched off.
struct Class {
    column: usize,
    tests: bool,
    skipped: bool,
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    if !text.contains("def test") && !text.contains("locust") {
        return;
    }
    let masked = mask(text, Syntax::Python);
    let imports = |module: &str| {
        masked.text.lines().any(|line| {
            let mut words = line.split([' ', ',', '.', '\t']).filter(|w| !w.is_empty());
            matches!(words.next(), Some("import" | "from")) && words.next() == Some(module)
        })
    };
    if imports("locust") {
        locust(&masked.code, notes);
        return;
    }
    // The names that pytest collects by default, or a file that imports a test tool.
    let name = file.name();
    let collected = name.starts_with("test_") || name.ends_with("_test.py") || name == "tests.py";
    let pytest = imports("pytest");
    if !collected && !pytest && !imports("unittest") && !masked.code.contains("TestCase") {
        return;
    }
    let mut note = TestNote { framework: "pytest".to_owned(), ..TestNote::default() };
    let from_class = cases(&masked.code, collected || pytest, &mut note);
    if note.cases + note.skipped == 0 {
        return;
    }
    if !pytest && from_class == note.cases + note.skipped {
        note.framework = "unittest".to_owned();
    }
    if imports("playwright") || imports("selenium") {
        note.level = TestLevel::E2e;
    }
    note.assertions = u32::try_from(ASSERTION.find_iter(&masked.code).count()).unwrap_or(u32::MAX);
    notes.test = Some(note);
}

/// Counts the cases; returns how many stand in classes of `unittest`.
fn cases(code: &str, functions: bool, note: &mut TestNote) -> u32 {
    let mut from_class = 0;
    let mut classes: Vec<Class> = Vec::new();
    // The column of the innermost function, whose inner functions are no tests.
    let mut function: Option<usize> = None;
    let mut off = false;
    let module_off =
        code.lines().any(|l| l.starts_with("pytestmark") && l.contains("mark.skip") && !l.contains("skipif"));
    for (number, line) in (1_u32..).zip(code.lines()) {
        let trimmed = line.trim_start();
        if trimmed.is_empty() {
            continue;
        }
        let column = line.len() - trimmed.len();
        if trimmed.starts_with('@') {
            let decorator = trimmed.replace(' ', "");
            let conditional = decorator.contains("skipif") || decorator.contains("skipIf");
            off |= decorator.contains("skip") && !conditional && !decorator.contains("skipUnless");
            continue;
        }
        let Some(found) = DEFINITION.captures(line) else {
            // A decorator's arguments go on over lines; anything else ends it.
            if !trimmed.starts_with([')', ']', '"', '\'', '(']) && !trimmed.ends_with([',', '(', ')']) {
                off = false;
            }
            continue;
        };
        classes.retain(|class| class.column < column);
        if function.is_some_and(|at| column <= at) {
            function = None;
        }
        if let Some(class) = found.get(3) {
            let bases = found.get(4).map_or("", |m| m.as_str());
            let unit = bases.contains("TestCase") || bases.contains("LiveServer");
            let outer = classes.last().is_some_and(|c| c.skipped);
            let tests = unit || (functions && class.as_str().starts_with("Test"));
            classes.push(Class { column, tests, skipped: off || outer });
        } else if let Some(name) = found.get(2) {
            let inside = classes.last();
            let collected = match inside {
                Some(class) => class.tests,
                None => functions && column == 0,
            };
            if name.as_str().starts_with("test") && collected && function.is_none() {
                let skipped = off || module_off || inside.is_some_and(|c| c.skipped);
                if skipped {
                    note.skipped += 1;
                } else {
                    note.cases += 1;
                }
                from_class += u32::from(inside.is_some());
                if note.line == 0 {
                    note.line = number;
                }
            }
            if function.is_none() {
                function = Some(column);
            }
        }
        off = false;
    }
    from_class
}

fn locust(code: &str, notes: &mut FileNotes) {
    let tasks: Vec<u32> = (1_u32..)
        .zip(code.lines())
        .filter(|(_, l)| l.trim_start().starts_with("@task"))
        .map(|(n, _)| n)
        .collect();
    let Some(first) = tasks.first() else { return };
    notes.test = Some(TestNote {
        framework: "locust".to_owned(),
        level: TestLevel::Load,
        cases: u32::try_from(tasks.len()).unwrap_or(u32::MAX),
        skipped: 0,
        assertions: u32::try_from(ASSERTION.find_iter(code).count()).unwrap_or(u32::MAX),
        line: *first,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(name: &str, text: &str) -> Option<TestNote> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), "x").unwrap();
        let tree = crate::source::Tree::working(folder.path(), &[]).unwrap();
        let mut notes = FileNotes::default();
        read(&tree.files()[0], text, &mut notes);
        notes.test
    }

    #[test]
    fn pytest_functions_and_classes() {
        let text = "import pytest\n\n\ndef test_a():\n    def test_inner():\n        pass\n    assert 1\n\n\
                    @pytest.mark.skip(reason='x')\n@other\ndef test_b():\n    assert 1\n\n\
                    @pytest.mark.skipif(x, reason='y')\nasync def test_c(): check_it(1)\n\n\
                    class TestD:\n    def test_e(self):\n        with pytest.raises(E):\n            f()\n\
                    class Helper:\n    def test_f(self): pass\n# def test_g(): assert 1\n";
        let found = note("whatever.py", text).unwrap();
        assert_eq!((found.cases, found.skipped, found.assertions, found.line), (3, 1, 4, 4));
        assert_eq!(found.framework, "pytest");
    }

    #[test]
    fn unittest_and_what_is_no_test() {
        let text = "from django.test import TestCase\n@unittest.skip('x')\nclass A(TestCase):\n    def test_x(self): pass\n\
                    class B(TestCase):\n    def test_y(self):\n        self.assertEqual(1, 1)\n";
        let found = note("tests.py", text).unwrap();
        assert_eq!((found.cases, found.skipped, found.assertions), (1, 1, 1));
        assert_eq!(found.framework, "unittest");
        assert_eq!(note("main.py", "def test_connection():\n    assert db\n"), None);
        assert_eq!(note("test_x.py", "\"\"\"\ndef test_a(): pass\n\"\"\"\n"), None);
    }
}
