//! Files and folders that should not be in the repository: what readers found in texts, and what names and sizes tell.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::kinds::{Evidence, NotableFile, NotableKind};
use crate::facts::{Facts, FileNotes, Input};
use crate::source::{File, Role, SkipReason};

/// Fills `notable_files`, sorted by path.
pub fn run(input: &Input<'_>, facts: &mut Facts) {
    let git = input.source.git.is_some();
    let mut folders: BTreeMap<(String, NotableKind), (u32, u64, bool)> = BTreeMap::new();
    let mut found: Vec<NotableFile> = input.notes.iter().filter_map(|n| n.notable.clone()).collect();
    found.extend(input.notes.iter().filter_map(|note| broken(input, note)));
    let bundles: BTreeSet<&str> = input.source.tree.files().iter().filter_map(bundled).collect();
    for file in input.source.tree.files() {
        if let Some((path, kind)) = installed_or_built(file, &bundles) {
            let entry = folders.entry((path.to_owned(), kind)).or_default();
            *entry = (entry.0 + 1, entry.1 + file.size, entry.2 || file.tracked);
        } else if let Some((kind, says)) = by_name(input, file) {
            found.push(NotableFile {
                path: file.path.clone(),
                kind,
                tracked: file.tracked,
                files: 1,
                bytes: file.size,
                evidence: vec![Evidence::new("kind", &file.path, 0, says)],
                ..NotableFile::default()
            });
        }
    }
    for ((path, kind), (files, bytes, tracked)) in folders {
        let says = format!("{files} files, {bytes} bytes");
        let evidence = vec![Evidence::new("files", &path, 0, &says)];
        found.push(NotableFile { path, kind, tracked, files, bytes, evidence, ..NotableFile::default() });
    }
    // Outside git, what lies in the folder may never have been meant to be shared.
    found.retain(|f| f.tracked || (!git && f.kind != NotableKind::EnvFile));
    found.sort_by(|a, b| (&a.path, a.kind).cmp(&(&b.path, b.kind)));
    found.dedup_by(|later, first| later.path == first.path);
    facts.notable_files = found;
}

/// Code of the product that does not parse: what it does can't be told.
fn broken(input: &Input<'_>, note: &FileNotes) -> Option<NotableFile> {
    let why = note.module.as_ref()?.broken.as_ref()?;
    let file = input.source.tree.get(&note.path).filter(|file| file.role == Role::Product)?;
    let at = why.rsplit_once("line ").and_then(|(_, rest)| rest.split(',').next()?.trim().parse().ok());
    Some(NotableFile {
        path: note.path.clone(),
        kind: NotableKind::BrokenCode,
        tracked: file.tracked,
        files: 1,
        bytes: file.size,
        evidence: vec![Evidence::new("kind", &note.path, at.unwrap_or(0), &format!("does not parse: {why}"))],
        ..NotableFile::default()
    })
}

/// The folder that a bundler wrote the file into, if a bundler named it. All that lies there is output then.
fn bundled(file: &File) -> Option<&str> {
    if !hashed(file.name()) {
        return None;
    }
    let output = |folder: &&str| matches!(folder.rsplit('/').next(), Some("dist" | "build" | "out"));
    folders_of(file).into_iter().find(output)
}

/// The folders that hold the file, outermost first.
fn folders_of(file: &File) -> Vec<&str> {
    file.path.match_indices('/').filter_map(|(at, _)| file.path.get(..at)).collect()
}

/// The outermost folder of installed dependencies or build output that holds the file.
fn installed_or_built<'f>(file: &'f File, bundles: &BTreeSet<&str>) -> Option<(&'f str, NotableKind)> {
    if file.role == Role::Fixture {
        // Tests read it: it is there on purpose.
        return None;
    }
    let parts: Vec<&str> = file.path.split('/').collect();
    for (index, (part, folder)) in parts.iter().zip(folders_of(file)).enumerate() {
        let below = parts.get(index + 1..).unwrap_or(&[]);
        let kind = match *part {
            "node_modules" | "bower_components" | "venv" | ".venv" | "virtualenv" | "site-packages"
            | ".pnpm-store" | ".yarn-cache" => Some(NotableKind::Dependencies),
            "__pycache__" | ".next" | ".nuxt" | ".svelte-kit" | ".turbo" | ".parcel-cache" | ".expo"
            | ".dart_tool" | ".gradle" | ".pytest_cache" | ".mypy_cache" | ".ruff_cache" | ".vercel"
            | ".netlify" | ".output" | ".angular" | ".cache" | "dev-dist" | "htmlcov" => {
                Some(NotableKind::BuildOutput)
            }
            // Oddly named copies of the interpreter's cache.
            _ if file.extension() == "pyc" && index + 2 == parts.len() => Some(NotableKind::BuildOutput),
            _ if bundles.contains(folder) => Some(NotableKind::BuildOutput),
            "target" if below.first().is_some_and(|b| matches!(*b, "debug" | "release")) => {
                Some(NotableKind::BuildOutput)
            }
            _ => None,
        };
        if let Some(kind) = kind {
            return Some((folder, kind));
        }
    }
    None
}

/// Whether a bundler named the file: `index-BxYz_k1a.js`, `main.3f2a91bc9.js`, `index-DZQNHLUW.css`.
fn hashed(name: &str) -> bool {
    let name = name.strip_suffix(".map").unwrap_or(name);
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    if !matches!(extension, "js" | "css" | "mjs" | "woff2" | "svg" | "png" | "jpg" | "webp") {
        return false;
    }
    // Rollup writes eight characters of base64, others a longer word of hexadecimal digits.
    let last = stem.rsplit(['-', '.']).next().unwrap_or("");
    let eight = stem
        .len()
        .checked_sub(8)
        .filter(|at| *at > 0)
        .and_then(|at| Some((stem.get(..at)?, stem.get(at..)?)));
    let rollup = eight.is_some_and(|(before, hash)| before.ends_with(['-', '.']) && random(hash));
    rollup || (last.len() > 8 && last.len() < stem.len() && random(last))
}

/// Whether nobody would write this as a word.
fn random(word: &str) -> bool {
    let count = |test: fn(&u8) -> bool| word.bytes().filter(test).count();
    let (digits, upper, lower) =
        (count(u8::is_ascii_digit), count(u8::is_ascii_uppercase), count(u8::is_ascii_lowercase));
    let joined = word.len() - digits - upper - lower;
    word.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        && match (digits, upper) {
            (0, 0) => false,
            // A word in capitals, `BxYz_kja`, or more humps than two words have.
            (0, _) => lower == 0 || (upper >= 2 && joined > 0) || upper >= 3,
            (_, 0) => joined == 0 && digits >= 2,
            _ => true,
        }
}

fn by_name(input: &Input<'_>, file: &File) -> Option<(NotableKind, &'static str)> {
    if file.size == 0 || matches!(file.role, Role::Vendored | Role::Fixture | Role::Test) {
        return None;
    }
    let name = file.name().to_ascii_lowercase();
    let binary = || matches!(input.source.tree.read(file), Err(SkipReason::Binary | SkipReason::TooLarge));
    match &*file.extension() {
        "sqlite" | "sqlite3" | "db" | "db3" if name != "thumbs.db" && binary() => {
            Some((NotableKind::Database, "a database file with content"))
        }
        "dump" | "bak" | "pgdump" if binary() => Some((NotableKind::Dump, "a binary dump")),
        "tfstate" => Some((NotableKind::InfrastructureState, "the state of Terraform")),
        "backup" if name.ends_with(".tfstate.backup") => {
            Some((NotableKind::InfrastructureState, "the state of Terraform"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::facts;

    #[test]
    fn names_that_bundlers_give() {
        for name in [
            "index-BxK29dPq.js",
            "index-BxYz_k1a.js",
            "index-DZQNHLUW.css",
            "index-D-QNhLUW.js",
            "vendor-CqBxYkja.mjs",
            "main.3f2a91bc9.js",
            "index-BxK29dPq.js.map",
        ] {
            assert!(hashed(name), "{name}");
        }
        for name in [
            "index.js",
            "user-settings.js",
            "user-UserForm.js",
            "index-my-forms.js",
            "jquery-3.min.js",
            "a-README.md",
            "BxK29dPq.js",
        ] {
            assert!(!hashed(name), "{name}");
        }
    }

    #[test]
    fn folders_are_one_fact_each() {
        let found = facts(&[
            ("web/out/main.3f2a91bc9.js", "1"),
            ("web/out/main.3f2a91bc9.css", "1"),
            ("_pycache_/app.cpython-312.pyc", "x"),
            ("dist/index.html", "1"),
            ("dist/assets/index-BxYz_kja.js", "1"),
            ("dist/assets/index-DZQNHLUW.css", "1"),
            ("dist/assets/logo.svg", "1"),
            ("build/notes-for-people.js", "1"),
            ("build/settings-version2.js", "1"),
            ("data/app.db", "SQLite format 3\0..."),
            ("terraform.tfstate", "{}"),
        ])
        .notable_files;
        let shown: Vec<_> = found.iter().map(|f| (f.path.as_str(), f.kind, f.files)).collect();
        assert_eq!(
            shown,
            [
                ("_pycache_", NotableKind::BuildOutput, 1),
                ("data/app.db", NotableKind::Database, 1),
                ("dist", NotableKind::BuildOutput, 4),
                ("terraform.tfstate", NotableKind::InfrastructureState, 1),
                ("web/out", NotableKind::BuildOutput, 2),
            ]
        );
    }
}
