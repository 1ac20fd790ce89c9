use std::sync::LazyLock;

use regex::Regex;

use super::add;
use crate::facts::notes::FileNotes;
use crate::source::{File, Role};

pub(super) fn wants(file: &File) -> bool {
    matches!(&*file.extension(), "md" | "mdx")
        && matches!(file.role, Role::Product | Role::Docs)
        && file.size < 500_000
}

/// `NAME=` at the beginning of a line or word, or a name with an underscore in code marks.
#[expect(clippy::expect_used, reason = "a literal that the unit tests compile")]
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)(?:^|[\s`])([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)=|`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`")
        .expect("a valid pattern")
});

pub(super) fn read(_file: &File, text: &str, notes: &mut FileNotes) {
    for (number, line) in (1_u32..).zip(text.lines()) {
        for found in NAME.captures_iter(line) {
            if let Some(name) = found.get(1).or(found.get(2)) {
                add(notes, name.as_str(), number, false);
            }
        }
    }
}
