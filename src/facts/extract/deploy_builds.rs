//! What the build of an image comes to, once the files around it are known: which lockfiles it leaves out, what it
//! copies that is none of its business.

use crate::facts::kinds::{Answer, DeployUnit, Evidence, Scope};
use crate::facts::notes::{FileNotes, ImageNote, InstallNote};
use crate::facts::{Input, layout};
use crate::meaning::places;
use crate::secrets::excerpt;
use crate::source::Role;

const LOCKFILES: &[(&str, &str)] = &[
    ("package-lock.json", "npm"),
    ("npm-shrinkwrap.json", "npm"),
    ("yarn.lock", "yarn"),
    ("pnpm-lock.yaml", "pnpm"),
    ("bun.lock", "bun"),
    ("bun.lockb", "bun"),
];

/// Fills what the build of the image of `note` decides.
pub(super) fn tell(unit: &mut DeployUnit, note: &FileNotes, input: &Input<'_>) {
    let Some(image) = &note.image else { return };
    let folder = layout::folder(&note.path);
    // The build may begin in the file's folder or in any above it.
    let folders: Vec<&str> = std::iter::once(folder).chain(layout::above(folder)).collect();
    unlocked(unit, image, &folders, input);
    dev_dependencies(unit, image, &folders, input);
    leaks(unit, image, note, &folders, input);
}

fn at(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// The nearest lockfiles of Node.js above the image.
fn lockfiles(folders: &[&str], input: &Input<'_>) -> Vec<&'static (&'static str, &'static str)> {
    let here = |folder: &str| -> Vec<&'static (&'static str, &'static str)> {
        LOCKFILES.iter().filter(|(name, _)| input.source.tree.get(&at(folder, name)).is_some()).collect()
    };
    folders.iter().map(|folder| here(folder)).find(|found| !found.is_empty()).unwrap_or_default()
}

fn unlocked(unit: &mut DeployUnit, image: &ImageNote, folders: &[&str], input: &Input<'_>) {
    let known = lockfiles(folders, input);
    if known.is_empty() {
        return;
    }
    for install in image.installs.iter().filter(|i| !i.opaque) {
        let own: Vec<&str> = known.iter().filter(|(_, m)| *m == install.manager).map(|(n, _)| *n).collect();
        // Bun reads the lockfiles of the others when it has none of its own.
        if install.manager == "bun" && own.is_empty() {
            continue;
        }
        let has = own.iter().any(|name| install.copied.iter().any(|source| brings(source, name)));
        if has || install.copied.is_empty() {
            continue;
        }
        let says = match own.first() {
            Some(name) => format!("`{}` runs before `{name}` is copied", install.command),
            None => {
                let others: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
                format!("`{}` does not read {}", install.command, others.join(" and "))
            }
        };
        unit.evidence.push(Evidence::new("unlocked_installs", &unit.file, install.line, &says));
        unit.unlocked_installs.push(excerpt(&install.command));
    }
}

/// Whether copying `source` brings the lockfile along: a folder does, as far as is known.
fn brings(source: &str, lockfile: &str) -> bool {
    let name = source.trim_end_matches('/').rsplit('/').next().unwrap_or(source);
    let file = name.contains('.') && !matches!(name, "." | "..") || name.contains('*');
    !file || source.contains('$') || places::glob(&name.replace('?', "*"), lockfile)
}

fn dev_dependencies(unit: &mut DeployUnit, image: &ImageNote, folders: &[&str], input: &Input<'_>) {
    let declared = |folder: &&str| {
        let path = at(folder, "package.json");
        let note = input.notes.iter().find(|n| n.path == path)?.manifest.as_ref()?;
        Some(note.dependencies.iter().any(|d| d.scope == Scope::Dev))
    };
    // Only the package beside the file is surely the one that is installed.
    if folders.first().and_then(declared) != Some(true) {
        return;
    }
    let shipped: Vec<&InstallNote> = image.installs.iter().filter(|i| i.ships).collect();
    let with: Vec<&&InstallNote> = shipped.iter().filter(|i| !i.without_dev).collect();
    unit.dev_dependencies = match (shipped.is_empty(), with.is_empty()) {
        (true, _) => return,
        (false, true) => Answer::No,
        (false, false) => Answer::Yes,
    };
    for install in with {
        let says = format!("`{}` installs dev dependencies, and they stay", install.command);
        unit.evidence.push(Evidence::new("dev_dependencies", &unit.file, install.line, &says));
    }
}

/// Files of the folder that nobody means to ship.
fn leaks(unit: &mut DeployUnit, image: &ImageNote, note: &FileNotes, folders: &[&str], input: &Input<'_>) {
    if image.whole_folder.is_empty() {
        return;
    }
    let own = format!("{}.dockerignore", note.path);
    let nearest = folders.iter().map(|folder| at(folder, ".dockerignore"));
    let patterns: Vec<&str> = std::iter::once(own)
        .chain(nearest)
        .filter_map(|path| input.notes.iter().find(|n| n.path == path)?.dockerignore.as_ref())
        .flatten()
        .map(|line| line.trim())
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    for name in env_files(folders, input).into_iter().chain([".git".to_owned()]) {
        if held_back(&patterns, &name) {
            continue;
        }
        for line in &image.whole_folder {
            let says = format!("copies the whole folder, with `{name}` where one lies there");
            unit.evidence.push(Evidence::new("context_leaks", &unit.file, *line, &says));
        }
        unit.context_leaks.push(name);
    }
    unit.context_leaks.sort();
    // The history alone is there for whoever has the image to read, and holds no more than the repository.
    if unit.context_leaks == [".git"] {
        unit.context_leaks.clear();
        unit.evidence.retain(|e| e.cell != "context_leaks");
    }
}

/// Names of files with settings that the project has, or shows by an example that it has.
fn env_files(folders: &[&str], input: &Input<'_>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for file in input.source.tree.files() {
        if !folders.contains(&file.folder()) || file.role != Role::Product || !file.name().starts_with(".env")
        {
            continue;
        }
        let words: Vec<&str> = file.name().split('.').filter(|w| !w.is_empty()).collect();
        let name = match words.as_slice() {
            ["env"] => ".env".to_owned(),
            ["env", "example" | "sample" | "template" | "dist" | "defaults", ..] => ".env".to_owned(),
            ["env", stage, "example" | "sample" | "template"] => format!(".env.{stage}"),
            ["env", "test" | "ci" | "vault" | "md"] => continue,
            ["env", _] => file.name().to_owned(),
            _ => continue,
        };
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found.sort();
    found
}

/// Whether a `.dockerignore` holds the file back: the last pattern that fits decides.
fn held_back(patterns: &[&str], name: &str) -> bool {
    let mut held = false;
    for pattern in patterns {
        let (back, pattern) = pattern.strip_prefix('!').map_or((true, *pattern), |p| (false, p));
        let pattern = pattern.trim_start_matches("./").trim_start_matches('/').trim_end_matches('/');
        let pattern = pattern.trim_start_matches("**/");
        if matches!(pattern, "*" | "**") || places::glob(pattern, name) {
            held = back;
        }
    }
    held
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::facts;

    fn unit(files: &[(&str, &str)]) -> DeployUnit {
        facts(files).deploy_units.into_iter().find(|u| u.platform == "docker").expect("an image")
    }

    const MANIFEST: (&str, &str) = ("package.json", r#"{"devDependencies": {"vitest": "1"}}"#);
    const LOCK: (&str, &str) = ("package-lock.json", r#"{"lockfileVersion": 3, "packages": {}}"#);

    #[test]
    fn installs_without_the_lockfile() {
        let of = |docker: &str| {
            let found = unit(&[MANIFEST, LOCK, ("Dockerfile", docker)]).unlocked_installs;
            found.iter().map(|c| c.as_str().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(of("FROM node:22\nCOPY package.json .\nRUN npm install\n"), ["npm install"]);
        assert_eq!(
            of("FROM node:22\nCOPY package.json yarn.lock ./\nRUN yarn\n"),
            ["yarn"],
            "there is no yarn.lock"
        );
        for fine in [
            "FROM node:22\nCOPY package*.json ./\nRUN npm install\n",
            "FROM node:22\nCOPY . .\nRUN npm install\n",
            "FROM node:22\nCOPY package.json package-lock.json ./\nRUN npm ci\n",
            "FROM node:22\nCOPY --from=x /a /a\nRUN npm install\n",
        ] {
            assert!(of(fine).is_empty(), "{fine}");
        }
    }

    #[test]
    fn tools_of_development_that_ship() {
        let of = |docker: &str| unit(&[MANIFEST, LOCK, ("Dockerfile", docker)]).dev_dependencies;
        assert_eq!(of("FROM node:22\nCOPY . .\nRUN npm ci\n"), Answer::Yes);
        assert_eq!(of("FROM node:22\nCOPY . .\nRUN npm ci --omit=dev\n"), Answer::No);
        assert_eq!(of("FROM node:22\nCOPY . .\n"), Answer::Na);
    }

    #[test]
    fn what_comes_with_the_folder() {
        let of = |more: &[(&str, &str)]| {
            let base = [("Dockerfile", "FROM node:22\nCOPY . .\n")];
            unit(&base.iter().chain(more).copied().collect::<Vec<_>>()).context_leaks
        };
        let example = (".env.example", "KEY=\n");
        assert_eq!(of(&[example]), [".env", ".git"]);
        assert!(of(&[example, (".dockerignore", "node_modules\n.env*\n")]).is_empty());
        assert!(of(&[example, (".dockerignore", "*\n!src\n")]).is_empty());
        assert_eq!(of(&[example, (".dockerignore", ".git\n")]), [".env"]);
        assert_eq!(of(&[(".env.local.example", "A=\n"), (".dockerignore", ".env\n.git\n")]), [".env.local"]);
        assert!(of(&[]).is_empty(), "nothing says that the project has such a file");
    }
}
