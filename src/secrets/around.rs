//! What stands around a value: the name that it is assigned to, and how.

use std::ops::Range;

/// What stands around a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Around<'a> {
    /// The name that it is assigned to, as written; `""` without one.
    pub variable: &'a str,
    /// Whether it is what code falls back to when a setting is missing.
    pub fallback: bool,
}

/// What stands around `value`.
pub(super) fn around<'a>(text: &'a [u8], value: Range<usize>, path: &str) -> Around<'a> {
    let _ = (text, value, path);
    Around { variable: "", fallback: false }
}
