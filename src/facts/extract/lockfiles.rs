//! Lockfiles, and whether they say what their manifests ask for, decided the way each manager's own check does.

use crate::facts::kinds::{Answer, Evidence, Lockfile, RangeKind, Scope, SourceKind, Unknown};
use crate::facts::layout;
use crate::facts::locks::{self, Lock};
use crate::facts::notes::{DependencyNote, LockfileNote};
use crate::facts::{Facts, Input, semver};

/// Fills `lockfiles`.
pub fn run(input: &Input<'_>, facts: &mut Facts) {
    facts.lockfiles =
        locks::all(&input.source.tree, input.notes).iter().map(|l| lockfile(input, l)).collect();
}

/// What the lockfile says of one dependency.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Agrees,
    Differs,
    /// It says nothing that could be compared.
    Unsure,
}

fn lockfile(input: &Input<'_>, lock: &Lock<'_>) -> Lockfile {
    let manifests = locks::manifests_of(lock, input.notes);
    let beside = manifests.iter().find(|(n, _)| layout::folder(&n.path) == lock.file.folder());
    let mut fact = Lockfile {
        file: lock.file.path.clone(),
        manager: lock.manager.to_owned(),
        manifest: beside.map(|(n, _)| n.path.clone()).unwrap_or_default(),
        packages: lock.note.map_or(0, |n| u32::try_from(n.packages.len()).unwrap_or(u32::MAX)),
        ..Lockfile::default()
    };
    let unknown = |fact: &mut Lockfile, reason: &str| {
        fact.matches = Answer::Unknown;
        fact.unknowns.push(Unknown::new("matches", reason));
    };
    if manifests.is_empty() {
        fact.matches = Answer::Na;
        return fact;
    }
    let Some(note) = lock.note.filter(|n| n.read) else {
        let reason = match lock.note {
            Some(note) => note.unread_because.clone(),
            None if lock.file.name() == "bun.lockb" => "bun.lockb is a binary format".to_owned(),
            None if lock.known => "the lockfile was not read".to_owned(),
            None => format!("this version does not read lockfiles of {}", lock.manager),
        };
        unknown(&mut fact, &reason);
        return fact;
    };
    if lock.manager == "deno" {
        unknown(&mut fact, "deno.lock is not compared with its manifest");
        return fact;
    }
    if manifests.iter().any(|(_, m)| !m.read) {
        unknown(&mut fact, "a manifest that it records was not read");
        return fact;
    }
    let overridden = overridden(input, lock);
    let mut unsure = Vec::new();
    for (file, manifest) in &manifests {
        let folder = layout::relative(layout::folder(&file.path), lock.file.folder()).unwrap_or("");
        for dependency in manifest.dependencies.iter().filter(|d| comparable(d)) {
            match says(lock.manager, note, folder, dependency) {
                Said::Agrees => {}
                Said::Differs if overridden.contains(&dependency.name) => {
                    unsure.push(dependency.name.clone())
                }
                Said::Differs => {
                    fact.mismatched.push(dependency.name.clone());
                    let says = format!(
                        "{} {} is not what the lockfile records",
                        dependency.name, dependency.version
                    );
                    fact.evidence.push(Evidence::new("matches", &file.path, dependency.line, &says));
                }
                Said::Unsure => unsure.push(dependency.name.clone()),
            }
        }
    }
    fact.mismatched.sort();
    fact.mismatched.dedup();
    fact.matches = if !fact.mismatched.is_empty() {
        Answer::No
    } else if unsure.is_empty() {
        fact.evidence.push(Evidence::new("matches", &lock.file.path, 0, "records every declared dependency"));
        Answer::Yes
    } else {
        let reason = format!(
            "what it records of {} can't be compared with the manifest",
            unsure.first().map_or("", |n| n)
        );
        unknown(&mut fact, &reason);
        Answer::Unknown
    };
    fact
}

/// Names whose version an override, a resolution or a patch decides, anywhere above or beside the lockfile.
fn overridden(input: &Input<'_>, lock: &Lock<'_>) -> Vec<String> {
    let within = input.notes.iter().filter(|n| layout::within(&n.path, lock.file.folder()));
    within.filter_map(|n| n.manifest.as_ref()).flat_map(|m| m.overridden.iter().cloned()).collect()
}

/// Whether a lockfile must have it: from the registry, under its own name, and needed on every platform.
fn comparable(dependency: &DependencyNote) -> bool {
    let spec = dependency.version.as_str();
    dependency.source == SourceKind::Registry
        && !matches!(dependency.scope, Scope::Peer | Scope::Optional)
        && !["npm:", "jsr:", "patch:", "catalog:"].iter().any(|p| spec.starts_with(p))
}

fn says(manager: &str, note: &LockfileNote, folder: &str, dependency: &DependencyNote) -> Said {
    let name = dependency.name.as_str();
    let recorded: Vec<&str> = {
        let start = note.packages.partition_point(|p| p.name.as_str() < name);
        note.packages.iter().skip(start).take_while(|p| p.name == name).map(|p| p.version.as_str()).collect()
    };
    let asked: Vec<&str> = {
        let start = note.requested.partition_point(|(f, n, _)| (f.as_str(), n.as_str()) < (folder, name));
        let mine = |(f, n, _): &&(String, String, String)| f == folder && n == name;
        note.requested.iter().skip(start).take_while(mine).map(|(.., r)| r.as_str()).collect()
    };
    let resolved = note.resolved.iter().find(|(f, n, _)| f == folder && n == name).map(|(.., v)| v.as_str());
    let spec = dependency.version.as_str();
    match manager {
        "npm" => {
            // `npm ci` compares versions with ranges, not ranges with ranges.
            if asked.contains(&spec) {
                return Said::Agrees;
            }
            let version = resolved.or(if recorded.len() == 1 { recorded.first().copied() } else { None });
            match version.map(|v| semver::npm(v, spec)) {
                Some(Some(true)) => Said::Agrees,
                Some(Some(false)) => Said::Differs,
                None if recorded.is_empty() => Said::Differs,
                _ => Said::Unsure,
            }
        }
        "pnpm" | "bun" => {
            if asked.contains(&spec) {
                Said::Agrees
            } else if !note.requested.iter().any(|(f, ..)| f == folder) && !folder.is_empty() {
                // A member that the lockfile doesn't know may be left out of the workspace.
                Said::Unsure
            } else {
                Said::Differs
            }
        }
        "yarn" => {
            let any = |(_, n, r): &(String, String, String)| n == name && r == spec;
            if note.requested.iter().any(any) { Said::Agrees } else { Said::Differs }
        }
        "uv" => {
            if asked.contains(&"*") || asked.iter().any(|a| same_specifiers(a, spec)) {
                Said::Agrees
            } else if note.requested.iter().any(|(f, ..)| f == folder) {
                Said::Differs
            } else if recorded.is_empty() {
                Said::Unsure
            } else {
                Said::Agrees
            }
        }
        "cargo" => {
            if recorded.is_empty() {
                return Said::Differs;
            }
            let fits: Vec<Option<bool>> = recorded.iter().map(|v| semver::cargo(v, spec)).collect();
            if fits.contains(&Some(true)) {
                Said::Agrees
            } else if fits.contains(&None) {
                Said::Unsure
            } else {
                Said::Differs
            }
        }
        "poetry" | "pipenv" | "pdm" => python(&recorded, dependency, manager),
        _ => Said::Unsure,
    }
}

/// Lockfiles of Python that don't record what was asked for: the name must be there, and an exact version the same.
fn python(recorded: &[&str], dependency: &DependencyNote, manager: &str) -> Said {
    let spec = dependency.version.trim();
    let exact = spec.trim_start_matches('=').trim();
    if recorded.is_empty() {
        // PDM leaves out what the markers exclude.
        return if manager == "pdm" { Said::Unsure } else { Said::Differs };
    }
    let plain = exact.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if dependency.range == RangeKind::Exact && plain && !recorded.iter().any(|v| trimmed(v) == trimmed(exact))
    {
        return Said::Differs;
    }
    if spec.starts_with('^') && recorded.iter().all(|v| semver::npm(v, spec) == Some(false)) {
        return Said::Differs;
    }
    Said::Agrees
}

/// Whether two PEP 440 specifier sets are the same but for order, blanks and zeros at the end.
fn same_specifiers(a: &str, b: &str) -> bool {
    let set = |text: &str| {
        let mut parts: Vec<String> = text
            .split(',')
            .map(|p| p.split_whitespace().collect::<String>().to_ascii_lowercase())
            .map(|p| if p.starts_with("~=") { p } else { trimmed(&p).to_owned() })
            .filter(|p| !p.is_empty())
            .collect();
        parts.sort();
        parts
    };
    set(a) == set(b)
}

fn trimmed(version: &str) -> &str {
    let mut version = version;
    while let Some(shorter) = version.strip_suffix(".0") {
        version = shorter;
    }
    version
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::facts;

    fn matches(files: &[(&str, &str)]) -> (Answer, Vec<String>) {
        let lock = facts(files).lockfiles.into_iter().next().expect("a lockfile");
        (lock.matches, lock.mismatched)
    }
    const NPM_LOCK: &str = r#"{"lockfileVersion": 3, "packages": {"": {"dependencies": {"zod": "^3.0.0"}}, "node_modules/zod": {"version": "3.22.4"}}}"#;

    #[test]
    fn npm_compares_versions_with_ranges() {
        let with = |package: &str| matches(&[("package-lock.json", NPM_LOCK), ("package.json", package)]);
        assert_eq!(with(r#"{"dependencies": {"zod": "^3.0.0"}}"#).0, Answer::Yes);
        assert_eq!(with(r#"{"dependencies": {"zod": "^3.20.0"}}"#).0, Answer::Yes, "edited, still satisfied");
        assert_eq!(with(r#"{"dependencies": {"zod": "^4.0.0"}}"#), (Answer::No, vec!["zod".to_owned()]));
        assert_eq!(
            with(r#"{"dependencies": {"zod": "^3.0.0", "ms": "^2"}}"#),
            (Answer::No, vec!["ms".to_owned()])
        );
        assert_eq!(with(r#"{"dependencies": {"zod": "^3.0.0"}, "peerDependencies": {"react": "*"}, "optionalDependencies": {"fsevents": "^2"}}"#).0, Answer::Yes);
        assert_eq!(with(r#"{"dependencies": {"zod": "^4"}, "overrides": {"zod": "3"}}"#).0, Answer::Unknown);
        assert_eq!(with(r#"{"dependencies": {"zod": "^3.0.0", "alias": "npm:other@^1"}}"#).0, Answer::Yes);
    }

    #[test]
    fn pnpm_compares_requests() {
        let lock = "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      zod:\n        specifier: ^3.0.0\n        version: 3.22.4\n";
        let with = |package: &str| matches(&[("package.json", package), ("pnpm-lock.yaml", lock)]);
        assert_eq!(with(r#"{"dependencies": {"zod": "^3.0.0"}}"#).0, Answer::Yes);
        assert_eq!(with(r#"{"dependencies": {"zod": "^3.1.0"}}"#).0, Answer::No);
    }

    #[test]
    fn uv_and_poetry() {
        let uv = "version = 1\n[[package]]\nname = \"shop\"\nversion = \"0.1\"\nsource = { virtual = \".\" }\n[package.metadata]\nrequires-dist = [{ name = \"flask\", specifier = \">=3.0,<4\" }]\n";
        let with = |deps: &str| {
            matches(&[
                ("pyproject.toml", &format!("[project]\nname = \"shop\"\ndependencies = [{deps}]\n")),
                ("uv.lock", uv),
            ])
            .0
        };
        assert_eq!(with("\"Flask < 4, >= 3\""), Answer::Yes);
        assert_eq!(with("\"flask>=3.1,<4\""), Answer::No);
        assert_eq!(with("\"flask>=3,<4\", \"redis\""), Answer::No);
        let poetry = [
            ("poetry.lock", "[[package]]\nname = \"django\"\nversion = \"5.0\"\n"),
            (
                "pyproject.toml",
                "[tool.poetry]\nname = \"x\"\n[tool.poetry.dependencies]\npython = \"^3\"\ndjango = \"^5.0\"\n",
            ),
        ];
        assert_eq!(matches(&poetry).0, Answer::Yes);
    }

    #[test]
    fn what_is_not_read_is_unknown() {
        assert_eq!(
            matches(&[("bun.lockb", "\0"), ("package.json", r#"{"dependencies": {"zod": "1"}}"#)]).0,
            Answer::Unknown
        );
        assert_eq!(matches(&[("yarn.lock", "")]).0, Answer::Na);
    }
}
