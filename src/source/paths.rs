//! Paths as bytes, and how they are shown.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The path as text: bytes that are not UTF-8 become `\xNN`.
pub(super) fn shown(path: &[u8]) -> String {
    let mut text = String::with_capacity(path.len());
    for chunk in path.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text
}

/// The bytes of a path that the operating system gave, with `/` between names.
pub(super) fn bytes(path: &Path) -> Vec<u8> {
    let mut bytes = path.as_os_str().as_encoded_bytes().to_vec();
    if std::path::MAIN_SEPARATOR != '/' {
        for byte in &mut bytes {
            if *byte == b'\\' {
                *byte = b'/';
            }
        }
    }
    bytes
}

/// A path of git for the operating system. `None` if it can't name such a file.
#[cfg(unix)]
pub(super) fn native(path: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt as _;
    Some(PathBuf::from(OsStr::from_bytes(path)))
}

/// A path of git for the operating system. `None` if it can't name such a file.
#[cfg(not(unix))]
pub(super) fn native(path: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(path).ok().map(|text| PathBuf::from(OsStr::new(text)))
}

/// `folder/name`, or `name` at the top.
pub(super) fn join(folder: &[u8], name: &[u8]) -> Vec<u8> {
    let mut path = Vec::with_capacity(folder.len() + 1 + name.len());
    path.extend_from_slice(folder);
    if !folder.is_empty() {
        path.push(b'/');
    }
    path.extend_from_slice(name);
    path
}

/// What is left of `path` below `prefix`; `None` if it is not below it.
pub(super) fn below<'a>(path: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    if prefix.is_empty() {
        return Some(path);
    }
    path.strip_prefix(prefix)?.strip_prefix(b"/")
}

/// Whether every part of a path from a repository is a plain name: nothing empty, `.`, `..` or `.git`.
///
/// git refuses such paths on checkout; an index or a tree made by hand can hold them.
pub(super) fn is_plain(path: &[u8]) -> bool {
    path.split(|byte| *byte == b'/').all(|part| {
        !part.is_empty()
            && part != b"."
            && part != b".."
            && !part.eq_ignore_ascii_case(b".git")
            && !part.contains(&0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_utf8_are_escaped() {
        assert_eq!(shown(b"src/caf\xe9.ts"), "src/caf\\xe9.ts");
        assert_eq!(shown("src/café.ts".as_bytes()), "src/café.ts");
    }

    #[test]
    fn below_needs_a_whole_folder_name() {
        assert_eq!(below(b"apps/web/a.ts", b"apps"), Some(&b"web/a.ts"[..]));
        assert_eq!(below(b"apps2/a.ts", b"apps"), None);
        assert_eq!(below(b"a.ts", b""), Some(&b"a.ts"[..]));
    }

    #[test]
    fn paths_that_climb_out_are_not_plain() {
        assert!(is_plain(b"src/a.ts"));
        for path in [&b"../a"[..], b"a/../../b", b"/etc/passwd", b"a//b", b".git/config", b"x/.GIT/y", b""] {
            assert!(!is_plain(path), "{}", shown(path));
        }
    }
}
