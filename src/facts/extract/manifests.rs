//! Manifests: what declares dependencies, and whether exact versions are recorded.

use crate::facts::kinds::{Answer, Evidence, Manifest, RangeKind, Scope, SourceKind, Unknown};
use crate::facts::layout;
use crate::facts::locks::{self, Lock};
use crate::facts::notes::{DependencyNote, ManifestNote};
use crate::facts::{Facts, FileNotes, Input};

/// Fills `manifests`.
pub fn run(input: &Input<'_>, facts: &mut Facts) {
    let locks = locks::all(&input.source.tree, input.notes);
    let git = input.source.git.is_some();
    facts.manifests =
        layout::manifests(input.notes).map(|(file, note)| manifest(input, file, note, &locks, git)).collect();
}

fn manifest(
    input: &Input<'_>,
    file: &FileNotes,
    note: &ManifestNote,
    locks: &[Lock<'_>],
    git: bool,
) -> Manifest {
    let mut mine: Vec<&Lock<'_>> =
        locks.iter().filter(|l| locks::belongs(l, &file.path, input.notes)).collect();
    // Deno keeps a lockfile of its own for the functions beside a Node app: that is no second manager of the app.
    if note.ecosystem == "npm" && mine.iter().any(|l| l.manager != "deno") {
        mine.retain(|l| l.manager != "deno");
    }
    let mut managers: Vec<String> = mine.iter().map(|l| l.manager.to_owned()).collect();
    managers.sort();
    managers.dedup();
    let mut fact = Manifest {
        file: file.path.clone(),
        ecosystem: note.ecosystem.clone(),
        read: note.read,
        dependencies: u32::try_from(note.dependencies.len()).unwrap_or(u32::MAX),
        lockfiles: mine.iter().map(|l| l.file.path.clone()).collect(),
        managers,
        declared_manager: note.manager.clone(),
        ..Manifest::default()
    };
    let (answer, says) = locked(input, file, note, &mine, git);
    fact.locked = answer;
    match answer {
        Answer::Unknown => fact.unknowns.push(Unknown::new("locked", &says)),
        _ => {
            let place = mine.first().map_or(file.path.as_str(), |l| l.file.path.as_str());
            fact.evidence.push(Evidence::new("locked", place, 0, &says));
        }
    }
    fact.evidence.extend(
        mine.iter().map(|l| Evidence::new("managers", &l.file.path, 0, &format!("written by {}", l.manager))),
    );
    fact
}

/// Whether exact versions are recorded, and what shows it (or why it can't be told).
fn locked(
    input: &Input<'_>,
    file: &FileNotes,
    note: &ManifestNote,
    mine: &[&Lock<'_>],
    git: bool,
) -> (Answer, String) {
    let recorded = |l: &&&Lock<'_>| l.file.tracked || !git;
    let readable = |l: &Lock<'_>| !l.known || l.note.is_some_and(|n| n.read);
    if let Some(lock) = mine.iter().filter(recorded).find(|l| readable(l)) {
        return (Answer::Yes, format!("{} records exact versions", lock.file.name()));
    }
    if mine.iter().any(|l| recorded(&l)) {
        return (Answer::Unknown, "its lockfile could not be read".to_owned());
    }
    if !mine.is_empty() {
        return (Answer::No, "the lockfile is not in git".to_owned());
    }
    if !note.read {
        let reason = match &file.broken {
            Some(_) => "the manifest does not parse".to_owned(),
            None => format!("this version does not read {} manifests", note.ecosystem),
        };
        return (Answer::Unknown, reason);
    }
    let lockable: Vec<&DependencyNote> = note
        .dependencies
        .iter()
        .filter(|d| d.scope != Scope::Peer && !matches!(d.source, SourceKind::Path | SourceKind::Workspace))
        .collect();
    if lockable.is_empty() {
        return (Answer::Na, "it declares nothing that a lockfile would record".to_owned());
    }
    if compiled(input, file) {
        return (Answer::Yes, "compiled to a requirements file with exact versions".to_owned());
    }
    let exact = lockable.iter().filter(|d| d.range == RangeKind::Exact).count();
    if exact == lockable.len() {
        return (Answer::Yes, "every version is exact".to_owned());
    }
    if note.library && !note.scripts.iter().any(|s| s.name == "start") {
        return (Answer::Na, "a library: a lockfile is a choice".to_owned());
    }
    if note.ecosystem == "pypi" && exact > 0 {
        return (Answer::Partial, format!("{exact} of {} versions are exact", lockable.len()));
    }
    (Answer::No, "no lockfile, and versions may drift".to_owned())
}

/// Whether this is a `.in` file whose compiled `.txt` beside it pins every version.
fn compiled(input: &Input<'_>, file: &FileNotes) -> bool {
    let Some(stem) = file.path.strip_suffix(".in") else { return false };
    let output = format!("{stem}.txt");
    let note = input.notes.iter().find(|n| n.path == output).and_then(|n| n.manifest.as_ref());
    note.is_some_and(|n| {
        !n.dependencies.is_empty() && n.dependencies.iter().all(|d| d.range == RangeKind::Exact)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::facts;

    fn locked(files: &[(&str, &str)], manifest: &str) -> Answer {
        facts(files).manifests.iter().find(|m| m.file == manifest).expect("the manifest").locked
    }

    #[test]
    fn a_lockfile_beside_it_or_at_the_workspace_root() {
        let package = r#"{"dependencies": {"zod": "^3"}}"#;
        assert_eq!(locked(&[("package.json", package)], "package.json"), Answer::No);
        assert_eq!(
            locked(
                &[("package.json", package), ("package-lock.json", r#"{"packages": {"": {}}}"#)],
                "package.json"
            ),
            Answer::Yes
        );
        let root = r#"{"private": true, "workspaces": ["apps/*"]}"#;
        let files = [
            ("package.json", root),
            ("yarn.lock", ""),
            ("apps/web/package.json", package),
            ("other/package.json", package),
        ];
        assert_eq!(locked(&files, "apps/web/package.json"), Answer::Yes);
        assert_eq!(locked(&files, "other/package.json"), Answer::No);
    }

    #[test]
    fn pins_libraries_and_nothing_to_lock() {
        assert_eq!(locked(&[("requirements.txt", "a==1\nb==2\n")], "requirements.txt"), Answer::Yes);
        assert_eq!(locked(&[("requirements.txt", "a==1\nb>=2\n")], "requirements.txt"), Answer::Partial);
        assert_eq!(locked(&[("requirements.txt", "a\nb>=2\n")], "requirements.txt"), Answer::No);
        assert_eq!(locked(&[("package.json", r#"{"name": "x"}"#)], "package.json"), Answer::Na);
        let library = r#"{"name": "x", "version": "1.0.0", "main": "x.js", "dependencies": {"zod": "^3"}}"#;
        assert_eq!(locked(&[("package.json", library)], "package.json"), Answer::Na);
        assert_eq!(locked(&[("package.json", "{")], "package.json"), Answer::Unknown);
    }

    #[test]
    fn two_managers_are_a_conflict_and_two_formats_of_one_are_not() {
        let package = ("package.json", r#"{"dependencies": {"zod": "^3"}}"#);
        let managers = |files: &[(&str, &str)]| facts(files).manifests[0].managers.clone();
        assert_eq!(managers(&[package, ("bun.lock", "{}"), ("package-lock.json", "{}")]), ["bun", "npm"]);
        assert_eq!(managers(&[package, ("bun.lock", "{}"), ("bun.lockb", "\0")]), ["bun"]);
    }
}
