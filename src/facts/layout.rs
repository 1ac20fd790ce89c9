//! How paths and folders relate: what lies within what, which notes belong where.

use super::kinds::App;
use super::notes::ManifestNote;
use super::{FileNotes, Input};
use crate::meaning::places;
use crate::source::File;

/// The folder of a path, `""` at the top.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether `path` is `folder` or lies below it. `""` and `.` hold everything.
pub fn within(path: &str, folder: &str) -> bool {
    matches!(folder, "" | ".")
        || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// `path` relative to `folder`, if it lies there.
pub fn relative<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if matches!(folder, "" | ".") {
        return Some(path);
    }
    let rest = path.strip_prefix(folder)?;
    if rest.is_empty() { Some("") } else { rest.strip_prefix('/') }
}

/// The folders above `folder`, nearest first, ending with `""`; without `folder` itself.
pub fn above(folder: &str) -> impl Iterator<Item = &str> {
    let mut next = if folder.is_empty() { None } else { Some(folder) };
    std::iter::from_fn(move || {
        let parent = self::folder(next?);
        next = if parent.is_empty() { None } else { Some(parent) };
        Some(parent)
    })
}

/// The longest of `folders` that holds `path`.
pub fn owner<'f>(path: &str, folders: impl IntoIterator<Item = &'f str>) -> Option<&'f str> {
    let length = |f: &str| if f == "." { 0 } else { f.len() };
    folders.into_iter().filter(|f| within(path, f)).max_by_key(|f| length(f))
}

/// Whether the workspace pattern (`apps/*`, `packages/**`, `!x`) takes the folder in.
pub fn member(patterns: &[String], folder: &str) -> bool {
    let fits = |pattern: &str| {
        let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
        let wanted: Vec<&str> = pattern.split('/').collect();
        let parts: Vec<&str> = folder.split('/').collect();
        match wanted.iter().position(|w| *w == "**") {
            Some(at) => {
                parts.len() >= at && wanted.iter().take(at).zip(&parts).all(|(w, p)| places::glob(w, p))
            }
            None => wanted.len() == parts.len() && wanted.iter().zip(&parts).all(|(w, p)| places::glob(w, p)),
        }
    };
    let out = patterns.iter().filter_map(|p| p.strip_prefix('!')).any(fits);
    !out && patterns.iter().filter(|p| !p.starts_with('!')).any(|p| fits(p))
}

/// The notes that are manifests of packages, with their notes; without those that only help others.
pub fn manifests(notes: &[FileNotes]) -> impl Iterator<Item = (&FileNotes, &ManifestNote)> {
    notes.iter().filter_map(|n| Some((n, n.manifest.as_ref()?))).filter(|(_, m)| !helper(&m.ecosystem))
}

/// Whether this is no manifest of a package: it says something about the manifests beside it.
pub fn helper(ecosystem: &str) -> bool {
    matches!(ecosystem, "pnpm-workspace" | "pypi-tools")
}

/// The app that `file` belongs to, `""` for none.
pub fn app_of(apps: &[App], file: &str) -> String {
    let found = owner(file, apps.iter().map(|a| a.path.as_str()));
    match (found, apps) {
        (Some(app), _) => app.to_owned(),
        (None, [only]) => only.path.clone(),
        (None, _) => String::new(),
    }
}

/// Whether the file configures a platform that the project is deployed to.
pub fn deploys(input: &Input<'_>, file: &File) -> bool {
    let Some(platform) = places::platform(&file.path) else { return false };
    platform.contains.is_empty()
        || input.source.tree.read(file).is_ok_and(|t| platform.contains.iter().any(|c| t.text.contains(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        assert!(within("apps/web/x.ts", "apps/web") && !within("apps/website/x.ts", "apps/web"));
        assert_eq!(above("a/b/c").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert_eq!(above("").count(), 0);
        assert_eq!(owner("apps/web/x.ts", [".", "apps", "apps/web"]), Some("apps/web"));
        assert_eq!(owner("x.ts", ["apps"]), None);
    }

    #[test]
    fn workspace_patterns() {
        let patterns = |list: &[&str]| list.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>();
        assert!(member(&patterns(&["apps/*"]), "apps/web"));
        assert!(!member(&patterns(&["apps/*"]), "apps/web/e2e"));
        assert!(member(&patterns(&["packages/**"]), "packages/a/b"));
        assert!(!member(&patterns(&["apps/*", "!apps/old"]), "apps/old"));
    }

    #[test]
    fn the_longest_folder_or_the_only_app() {
        let apps = |paths: &[&str]| {
            paths.iter().map(|p| App { path: (*p).to_owned(), ..App::default() }).collect::<Vec<_>>()
        };
        assert_eq!(app_of(&apps(&[".", "web"]), "web/x.ts"), "web");
        assert_eq!(app_of(&apps(&[".", "web"]), "compose.yml"), ".");
        assert_eq!(app_of(&apps(&["api", "web"]), "compose.yml"), "");
        assert_eq!(app_of(&apps(&["web"]), "compose.yml"), "web");
    }
}
