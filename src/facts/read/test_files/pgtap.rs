use std::sync::LazyLock;

use regex::Regex;

use crate::facts::kinds::TestLevel;
use crate::facts::mask::{Lines, Syntax, mask};
use crate::facts::notes::{FileNotes, TestNote};
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    super::own(file) && file.extension() == "sql"
}

#[expect(clippy::expect_used, reason = "a literal that the unit tests compile")]
static PLAN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\bselect\s+(?:\*\s+from\s+)?(?:\w+\s*\.\s*)?(?:plan|no_plan)\s*\(")
        .expect("a valid pattern")
});

/// The assertions of pgTAP, by their common beginnings.
#[expect(clippy::expect_used, reason = "a literal that the unit tests compile")]
static ASSERTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:select|return\s+next)\s+(?:\w+\s*\.\s*)?(?:ok|is|isnt|is_empty|isnt_empty|matches|imatches|alike|pass|fail|cmp_ok|isa_ok|throws_\w+|lives_ok|performs_ok|results_\w+|set_\w+|bag_\w+|row_eq|has_\w+|hasnt_\w+|col_\w+|policies_are|policy_\w+|tables_are|columns_are|schemas_are|functions_are|function_\w+|table_\w+|index_is_\w+|rls_enabled|fk_ok|is_\w+)\s*\(",
    )
    .expect("a valid pattern")
});

pub(super) fn read(_file: &File, text: &str, notes: &mut FileNotes) {
    if !text.contains("plan") && !text.contains("PLAN") {
        return;
    }
    let masked = mask(text, Syntax::Sql);
    if !PLAN.is_match(&masked.code) {
        return;
    }
    let found: Vec<usize> = ASSERTION.find_iter(&masked.code).map(|m| m.start()).collect();
    let Some(first) = found.first() else { return };
    let count = u32::try_from(found.len()).unwrap_or(u32::MAX);
    notes.test = Some(TestNote {
        framework: "pgtap".to_owned(),
        level: TestLevel::Database,
        cases: count,
        skipped: 0,
        assertions: count,
        line: Lines::of(&masked.code).line(*first),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assertions_are_cases_when_there_is_a_plan() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.sql"), "x").unwrap();
        let tree = crate::source::Tree::working(folder.path(), &[]).unwrap();
        let read_text = |text: &str| {
            let mut notes = FileNotes::default();
            read(&tree.files()[0], text, &mut notes);
            notes.test.map(|t| t.cases)
        };
        let text =
            "begin;\nselect plan(2);\n-- select ok(true);\nselect has_table('a');\nSELECT throws_ok('x');\n";
        assert_eq!(read_text(text), Some(2));
        assert_eq!(read_text("select plan from accounts; select is_admin();"), None);
    }
}
