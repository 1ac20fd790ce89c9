//! Secrets: every file of the tree is looked at while its bytes are at hand, whether another reader wants it or not.

use std::ops::Range;

use crate::facts::notes::{Directive, SecretNote};
use crate::secrets::{self, Class, Found, Searched, excerpt_without};
use crate::source::File;

/// The largest size at which a file that is no text of ours (a bundle, a key store) is looked at.
pub(super) const CAP: u64 = 32 << 20;

/// So much of a file is looked at for what it says of itself.
const HEAD: usize = 2_048;

/// What stands in `bytes`, and where the file says that it runs.
pub(super) fn read(file: &File, bytes: &[u8], class: Class) -> (Vec<SecretNote>, Directive) {
    let found = secrets::find(&Searched { path: &file.path, bytes, class, windows: None });
    if found.is_empty() {
        return (Vec::new(), Directive::None);
    }
    let ranges: Vec<Range<usize>> = found.iter().map(|found| found.at.clone()).collect();
    let snippet = |found: &Found| excerpt_without(bytes, found.at.start, &ranges);
    let note = |found: &Found| SecretNote {
        snippet: snippet(found),
        in_url: in_url(bytes, found.at.start),
        found: found.clone(),
    };
    (found.iter().map(note).collect(), directive(file, bytes))
}

/// Whether what begins at `at` is the value of a parameter of an address: `?key=`, `&access_token=`.
fn in_url(bytes: &[u8], at: usize) -> bool {
    let before = bytes.get(at.saturating_sub(48)..at).unwrap_or_default();
    let Some(before) = before.strip_suffix(b"=") else { return false };
    let named = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let name = before.iter().rev().take_while(|byte| named(byte)).count();
    let mark = before.len().checked_sub(name + 1).and_then(|mark| before.get(mark));
    name > 0 && matches!(mark, Some(b'?' | b'&'))
}

/// What a module of React says at its head.
fn directive(file: &File, bytes: &[u8]) -> Directive {
    if !matches!(&*file.extension(), "ts" | "tsx" | "js" | "jsx" | "mjs") {
        return Directive::None;
    }
    let head = String::from_utf8_lossy(bytes.get(..HEAD).unwrap_or(bytes));
    let mut comment = false;
    for line in head.trim_start_matches('\u{feff}').lines().map(str::trim) {
        if comment {
            comment = !line.contains("*/");
            continue;
        }
        match line.trim_end_matches(';').trim_end() {
            "'use client'" | "\"use client\"" => return Directive::Client,
            "'use server'" | "\"use server\"" => return Directive::Server,
            line if line.is_empty() || line.starts_with("//") || line.starts_with("'use ") => {}
            line if line.starts_with("/*") => comment = !line.contains("*/"),
            _ => break,
        }
    }
    Directive::None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::read::{READERS, all};
    use crate::facts::{FileNotes, Reading, Search};
    use crate::source::Tree;

    fn key() -> String {
        format!("sk_{}{}", "live_51", "4eC39HqLyjWDarjtT1zdp7dc")
    }

    fn read(files: &[(&str, &[u8])]) -> (Vec<FileNotes>, Reading) {
        let folder = tempfile::tempdir().unwrap();
        for (path, bytes) in files {
            let place = folder.path().join(path);
            std::fs::create_dir_all(place.parent().unwrap()).unwrap();
            std::fs::write(place, bytes).unwrap();
        }
        all(READERS, &Tree::working(folder.path(), &[]).unwrap(), &Search::default())
    }

    fn found(path: &str, text: &str) -> Vec<(u32, String)> {
        let (notes, _) = read(&[(path, text.as_bytes())]);
        let secrets = notes.iter().flat_map(|n| &n.secrets);
        secrets.map(|s| (s.found.line, s.snippet.as_str().to_owned())).collect()
    }

    #[test]
    fn files_that_no_other_reader_wants_are_looked_at() {
        for path in ["notes.md", "guide.txt", "theme.css", "odd.unknown", "Makefile.bak", "public/app.min.js"]
        {
            let text = format!("a\nkey: {};\n", key());
            assert_eq!(found(path, &text), [(2, "key: •••;".to_owned())], "{path}");
        }
    }

    #[test]
    fn pictures_and_lockfiles_are_not() {
        assert_eq!(found("logo.png", &key()), []);
        assert_eq!(found("package-lock.json", &key()), []);
    }

    #[test]
    fn the_directive_stands_before_all_code() {
        let says = |text: &str| {
            let (notes, _) = read(&[("a.tsx", format!("{text}\nconst key = '{}'\n", key()).as_bytes())]);
            notes[0].directive
        };
        assert_eq!(says("/* a\n b */\n// c\n'use client';"), Directive::Client);
        assert_eq!(says("\"use server\""), Directive::Server);
        assert_eq!(says("import a from 'a'\n'use client'"), Directive::None);
    }

    #[test]
    fn a_file_without_secrets_costs_no_notes_and_counts_as_read() {
        let (notes, reading) = read(&[("notes.md", b"nothing"), ("logo.png", b"x")]);
        assert!(notes.iter().all(|n| n.secrets.is_empty()));
        assert_eq!((reading.read, reading.unwanted), (1, 1));
    }
}
