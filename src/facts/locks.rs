//! Which lockfile belongs to which manifest.

use super::FileNotes;
use super::layout;
use super::notes::{LockfileNote, ManifestNote};
use super::read::lockfile::manager;
use crate::source::{File, Role, Tree};

/// A lockfile of the tree.
#[derive(Debug, Clone, Copy)]
pub struct Lock<'a> {
    /// The file.
    pub file: &'a File,
    /// Its manager.
    pub manager: &'static str,
    /// Whether this version reads its format.
    pub known: bool,
    /// What was read of it.
    pub note: Option<&'a LockfileNote>,
}

/// Every lockfile of the tree, in its order.
pub fn all<'a>(tree: &'a Tree, notes: &'a [FileNotes]) -> Vec<Lock<'a>> {
    tree.files()
        .iter()
        .filter(|f| !matches!(f.role, Role::Vendored | Role::Fixture))
        .filter_map(|file| {
            let (manager, known) = manager(file.name())?;
            let at = notes.binary_search_by(|n| n.path.as_str().cmp(&file.path)).ok();
            let note = at.and_then(|i| notes.get(i)).and_then(|n| n.lockfile.as_ref());
            Some(Lock { file, manager, known, note })
        })
        .collect()
}

/// The file names of the manifests that a manager locks.
fn locks(manager: &str) -> &'static [&'static str] {
    match manager {
        "npm" | "pnpm" | "yarn" | "bun" => &["package.json"],
        "poetry" | "uv" | "pdm" => &["pyproject.toml"],
        "pipenv" => &["Pipfile"],
        "cargo" => &["Cargo.toml"],
        "deno" => &["deno.json", "deno.jsonc", "package.json"],
        "go" => &["go.mod"],
        "bundler" => &["Gemfile", "gems.rb"],
        "pub" => &["pubspec.yaml"],
        "composer" => &["composer.json"],
        "hex" => &["mix.exs"],
        "swift" => &["Package.swift"],
        "gradle" => &["build.gradle", "build.gradle.kts"],
        _ => &[],
    }
}

/// Whether the lockfile records what this manifest declares: it stands beside it, or above it at the root of a
/// workspace that takes it in.
pub fn belongs(lock: &Lock<'_>, path: &str, notes: &[FileNotes]) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (here, there) = (layout::folder(path), lock.file.folder());
    if lock.manager == "nuget" {
        return here == there && name.ends_with("proj");
    }
    if !locks(lock.manager).contains(&name) {
        return false;
    }
    if here == there {
        return true;
    }
    // `deno.lock` above says nothing of a `package.json` below.
    let Some(member) = layout::relative(here, there).filter(|_| lock.manager != "deno") else { return false };
    let listed = lock.note.is_some_and(|n| n.requested.iter().any(|(folder, ..)| folder == member));
    listed || root_takes_in(there, member, lock.manager, notes)
}

fn root_takes_in(root: &str, member: &str, manager: &str, notes: &[FileNotes]) -> bool {
    notes.iter().filter(|n| layout::folder(&n.path) == root).filter_map(|n| n.manifest.as_ref()).any(|m| {
        let kin = match m.ecosystem.as_str() {
            "npm" => matches!(manager, "npm" | "pnpm" | "yarn" | "bun"),
            "pnpm-workspace" => manager == "pnpm",
            "pypi" => manager == "uv",
            "cargo" => manager == "cargo",
            _ => false,
        };
        kin && layout::member(&m.workspaces, member)
    })
}

/// The manifests that a lockfile records, its own first.
pub fn manifests_of<'n>(lock: &Lock<'_>, notes: &'n [FileNotes]) -> Vec<(&'n FileNotes, &'n ManifestNote)> {
    let mut found: Vec<_> = layout::manifests(notes).filter(|(n, _)| belongs(lock, &n.path, notes)).collect();
    found.sort_by_key(|(n, _)| (n.path.len(), n.path.clone()));
    found
}
