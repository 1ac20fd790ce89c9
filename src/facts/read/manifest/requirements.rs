//! `requirements*.txt`, and the PEP 508 requirements that `pyproject.toml` shares with it.

use crate::facts::FileNotes;
use crate::facts::kinds::{RangeKind, Scope, SourceKind};
use crate::facts::notes::{DependencyNote, ManifestNote};
use crate::facts::ranges;
use crate::source::File;

/// Whether this is a requirements file by its name: `requirements.txt`, `requirements-dev.txt`, `dev-requirements.txt`,
/// `requirements/base.txt`.
pub fn wanted(file: &File) -> bool {
    let name = file.name().to_ascii_lowercase();
    let Some(stem) = name.strip_suffix(".txt").or_else(|| name.strip_suffix(".in")) else { return false };
    let word = |s: &str| s.split(['-', '_', '.']).any(|w| w == "requirements" || w == "requirement");
    word(stem) || file.folder().rsplit('/').next() == Some("requirements")
}

/// Reads a requirements file.
pub fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let name = file.name().to_ascii_lowercase();
    let dev = ["dev", "test", "lint", "docs", "doc", "ci", "develop", "development", "testing"];
    let scope =
        if name.split(['-', '_', '.']).any(|w| dev.contains(&w)) { Scope::Dev } else { Scope::Runtime };
    let mut note = ManifestNote { ecosystem: "pypi".to_owned(), read: true, ..ManifestNote::default() };
    for (line, logical) in logical_lines(text) {
        let logical = strip_comment(&logical);
        if logical.is_empty() {
            continue;
        }
        if let Some(rest) = logical.strip_prefix("-e ").or_else(|| logical.strip_prefix("--editable ")) {
            note.dependencies.extend(direct(rest.trim(), line, scope));
        } else if logical.starts_with('-') {
            // `-r other.txt` is a manifest of its own; `-c`, `--index-url` and the like declare nothing.
        } else if let Some(dependency) = requirement(logical, line, scope) {
            note.dependencies.push(dependency);
        }
    }
    notes.manifest = Some(note);
}

/// Lines with their continuations joined, and the number of the first.
fn logical_lines(text: &str) -> Vec<(u32, String)> {
    let mut found: Vec<(u32, String)> = Vec::new();
    let mut open = false;
    for (line, number) in text.lines().zip(1u32..) {
        let (body, continues) = line.trim_end().strip_suffix('\\').map_or((line, false), |body| (body, true));
        match found.last_mut() {
            Some((_, joined)) if open => joined.push_str(body),
            _ => found.push((number, body.to_owned())),
        }
        open = continues;
    }
    found
}

fn strip_comment(line: &str) -> &str {
    let line = line.trim();
    if line.starts_with('#') {
        return "";
    }
    line.split(" #").next().unwrap_or("").trim()
}

/// A PEP 508 requirement: `name[extra]>=1; marker`, `name @ address`, or a bare path or address.
pub fn requirement(text: &str, line: u32, scope: Scope) -> Option<DependencyNote> {
    let text = text.split(" --").next().unwrap_or("").trim();
    if text.contains("://") && !text.contains(" @ ") && !text.contains("@ ") {
        return direct(text, line, scope);
    }
    if text.starts_with(['.', '/']) {
        return direct(text, line, scope);
    }
    let text = text.split(';').next().unwrap_or("").trim();
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if name.is_empty() {
        return None;
    }
    let mut rest = rest.trim();
    if rest.starts_with('[') {
        rest = rest.split_once(']').map_or("", |(_, rest)| rest).trim();
    }
    let name = super::normalise(name);
    if let Some(address) = rest.strip_prefix('@') {
        let found = direct(address.trim(), line, scope)?;
        return Some(DependencyNote { name, ..found });
    }
    let version = rest.trim_matches(['(', ')']).trim().to_owned();
    if !version.is_empty() && !version.starts_with(['=', '<', '>', '~', '!']) {
        return None;
    }
    let range = ranges::pep440(&version);
    Some(DependencyNote { name, version, line, scope, source: SourceKind::Registry, range })
}

/// A requirement that is an address or a path.
fn direct(text: &str, line: u32, scope: Scope) -> Option<DependencyNote> {
    let address = text.split(';').next().unwrap_or("").split_whitespace().next()?;
    let (location, fragment) = address.split_once('#').unwrap_or((address, ""));
    let egg =
        fragment.split('&').find_map(|p| p.strip_prefix("egg=")).map(|e| e.split('[').next().unwrap_or(e));
    let (source, range) = if location.starts_with("git+") || location.starts_with("git:") {
        // The reference follows the last `@` of the path, not the one of `git@host`.
        let path = location.rsplit('/').next().unwrap_or("");
        (SourceKind::Git, path.split_once('@').map_or(RangeKind::Any, |(_, r)| ranges::git_reference(r)))
    } else if location.contains("://") && !location.starts_with("file:") {
        (SourceKind::Url, RangeKind::Exact)
    } else {
        (SourceKind::Path, RangeKind::Exact)
    };
    let last = location.trim_end_matches('/').rsplit('/').next().unwrap_or(location);
    let shown = egg.unwrap_or_else(|| last.split('@').next().unwrap_or(last).trim_end_matches(".git"));
    let name =
        if shown.is_empty() || shown.starts_with('.') { ".".to_owned() } else { super::normalise(shown) };
    Some(DependencyNote { name, version: address.to_owned(), line, scope, source, range })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::read::testing::file;

    fn dependencies(text: &str) -> Vec<DependencyNote> {
        let mut notes = FileNotes::default();
        read(&file("requirements.txt"), text, &mut notes);
        notes.manifest.expect("a manifest").dependencies
    }

    #[test]
    fn names_versions_markers_hashes() {
        let text = "# base\n-r other.txt\n--index-url https://host/simple\nFlask==3.0.0 \\\n    --hash=sha256:00 \\\n    --hash=sha256:01\nPsycopg2_Binary>=2.9  # driver\nuvicorn[standard]\ntyping-extensions>=4; python_version < \"3.9\"\n";
        let found = dependencies(text);
        let shown: Vec<_> =
            found.iter().map(|d| (d.name.as_str(), d.version.as_str(), d.line, d.range)).collect();
        assert_eq!(
            shown,
            [
                ("flask", "==3.0.0", 4, RangeKind::Exact),
                ("psycopg2-binary", ">=2.9", 7, RangeKind::Open),
                ("uvicorn", "", 8, RangeKind::Any),
                ("typing-extensions", ">=4", 9, RangeKind::Open),
            ]
        );
    }

    #[test]
    fn git_addresses_and_paths() {
        let text = "git+https://host/o/tool.git@main#egg=tool\nlib @ git+https://host/o/lib@0123456789abcdef0123456789abcdef01234567\n-e ./local\nhttps://host/x-1.0.whl\n";
        let found = dependencies(text);
        let shown: Vec<_> = found.iter().map(|d| (d.name.as_str(), d.source, d.range)).collect();
        assert_eq!(
            shown,
            [
                ("tool", SourceKind::Git, RangeKind::Any),
                ("lib", SourceKind::Git, RangeKind::Exact),
                ("local", SourceKind::Path, RangeKind::Exact),
                ("x-1-0-whl", SourceKind::Url, RangeKind::Exact),
            ]
        );
    }
}
