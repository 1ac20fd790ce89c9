//! Files and folders that should not be in the repository: what readers found in texts, and what names and sizes tell.

use std::collections::BTreeMap;

use crate::facts::kinds::{Evidence, NotableFile, NotableKind};
use crate::facts::{Facts, Input};
use crate::source::{File, Role, SkipReason};

/// Fills `notable_files`, sorted by path.
pub fn run(input: &Input<'_>, facts: &mut Facts) {
    let git = input.source.git.is_some();
    let mut folders: BTreeMap<(String, NotableKind), (u32, u64, bool)> = BTreeMap::new();
    let mut found: Vec<NotableFile> = input.notes.iter().filter_map(|n| n.notable.clone()).collect();
    for file in input.source.tree.files() {
        if let Some((path, kind)) = installed_or_built(file) {
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

/// The outermost folder of installed dependencies or build output that holds the file.
fn installed_or_built(file: &File) -> Option<(&str, NotableKind)> {
    let mut end = 0;
    let parts: Vec<&str> = file.path.split('/').collect();
    for (index, part) in parts.iter().enumerate().take(parts.len().saturating_sub(1)) {
        end += part.len() + usize::from(index > 0);
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
            "dist" | "build" | "out" if hashed(below) => Some(NotableKind::BuildOutput),
            "target" if below.first().is_some_and(|b| matches!(*b, "debug" | "release")) => {
                Some(NotableKind::BuildOutput)
            }
            _ => None,
        };
        if let Some(kind) = kind {
            return file.path.get(..end).map(|path| (path, kind));
        }
    }
    None
}

/// Whether a bundler named the file: `assets/index-BxK29dPq.js`, `main.3f2a91bc.js`.
fn hashed(below: &[&str]) -> bool {
    let Some(name) = below.last() else { return false };
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    let hash = stem.rsplit(['-', '.']).next().unwrap_or("");
    matches!(extension, "js" | "css" | "mjs" | "map")
        && hash.len() >= 8
        && hash.len() < stem.len()
        && hash.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && hash.bytes().any(|b| b.is_ascii_digit())
}

fn by_name(input: &Input<'_>, file: &File) -> Option<(NotableKind, &'static str)> {
    if file.size == 0 || matches!(file.role, Role::Vendored | Role::Fixture | Role::Test) {
        return None;
    }
    let name = file.name().to_ascii_lowercase();
    let binary = || matches!(input.source.tree.read(file), Err(SkipReason::Binary | SkipReason::TooLarge));
    match file.extension().as_str() {
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
    fn folders_are_one_fact_each() {
        let found = facts(&[
            ("web/out/main.3f2a91bc9.js", "1"),
            ("web/out/main.3f2a91bc9.css", "1"),
            ("_pycache_/app.cpython-312.pyc", "x"),
            ("dist/assets/index-BxK29dPq.js", "1"),
            ("build/notes.js", "1"),
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
                ("dist", NotableKind::BuildOutput, 1),
                ("terraform.tfstate", NotableKind::InfrastructureState, 1),
                ("web/out", NotableKind::BuildOutput, 2),
            ]
        );
    }
}
