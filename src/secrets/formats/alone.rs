//! A value that stands alone. The build script reads this file, too.

/// `value` where neither a word character stands before it, unless as an escape (`\n`, `%3D`), nor after it.
pub fn value_alone(value: &str) -> String {
    format!(r"(?:\b{{start-half}}|\\[nrt]|%[0-9A-F]{{2}})(?<value>{value})\b{{end-half}}")
}
