//! Where the objects are: the repository's own folder, and those that it borrows from.

use std::fs;
use std::path::{Path, PathBuf};

/// As many as git follows.
const DEPTH: usize = 5;
/// More than anybody has; a repository may name folders that name folders.
const MOST: usize = 64;

/// The folder of objects of `common` (the git folder that worktrees share), then those of its alternates; each once.
/// Also returns how many alternates there are no more.
pub(super) fn folders(common: &Path) -> (Vec<PathBuf>, usize) {
    let own = common.join("objects");
    let mut found = vec![fs::canonicalize(&own).unwrap_or(own)];
    let mut lost = 0;
    let mut depths = vec![0];
    let mut next = 0;
    while let (Some(folder), Some(&depth)) = (found.get(next).cloned(), depths.get(next)) {
        next += 1;
        for named in alternates(&folder) {
            match fs::canonicalize(&named) {
                Ok(real) if real.is_dir() => {
                    if depth < DEPTH && found.len() < MOST && !found.contains(&real) {
                        found.push(real);
                        depths.push(depth + 1);
                    }
                }
                _ => lost += 1,
            }
        }
    }
    (found, lost)
}

/// The folders that `info/alternates` names: `gitrepository-layout(5)`.
fn alternates(folder: &Path) -> Vec<PathBuf> {
    let file = folder.join("info").join("alternates");
    let small = fs::metadata(&file).is_ok_and(|about| about.is_file() && about.len() < 1 << 20);
    let text = if small { fs::read(&file).unwrap_or_default() } else { Vec::new() };
    text.split(|byte| *byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .filter(|line| !line.is_empty() && !line.starts_with(b"#"))
        .filter_map(|line| {
            let name = if line.starts_with(b"\"") { unquoted(line)? } else { line.to_vec() };
            Some(folder.join(crate::source::paths::native(&name)?))
        })
        .collect()
}

/// A name in double quotes, with the escapes of C.
fn unquoted(line: &[u8]) -> Option<Vec<u8>> {
    let inner = line.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    let mut name = Vec::new();
    let mut rest = inner.iter().copied();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            name.push(byte);
            continue;
        }
        let escaped = rest.next()?;
        name.push(match escaped {
            b'a' => 7,
            b'b' => 8,
            b't' => b'\t',
            b'n' => b'\n',
            b'v' => 11,
            b'f' => 12,
            b'r' => b'\r',
            b'0'..=b'3' => {
                let mut digit =
                    || rest.next().filter(|byte| (b'0'..=b'7').contains(byte)).map(|byte| byte - b'0');
                (escaped - b'0') << 6 | digit()? << 3 | digit()?
            }
            other => other,
        });
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::unquoted;

    #[test]
    fn quoted_names_are_read() {
        assert_eq!(unquoted(br#""a b\t\"\\\303\251""#).unwrap(), "a b\t\"\\é".as_bytes());
        assert_eq!(unquoted(br#""a\"#), None);
        assert_eq!(unquoted(br#""a\39""#), None);
    }
}
