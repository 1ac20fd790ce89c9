//! What the build of an image puts into it: secrets, the whole folder, dependencies, scripts from elsewhere.

use super::say;
use crate::facts::dockerfile::{self, Instruction, Stage};
use crate::facts::kinds::DeployUnit;
use crate::facts::notes::{FileNotes, ImageNote, InstallNote};
use crate::facts::shell::{commands, remote_scripts};
use crate::secrets::excerpt;

/// `shipped` is the last stage and what it is built on, it first.
pub(super) fn read(stages: &[Stage], shipped: &[&Stage], unit: &mut DeployUnit, notes: &mut FileNotes) {
    secrets(shipped, unit);
    for instruction in stages.iter().flat_map(|s| &s.instructions).filter(|i| i.name == "RUN") {
        for (_, url) in remote_scripts(&instruction.rest) {
            let says = format!("`{url}` is fetched and run unseen");
            say(unit, "remote_scripts", instruction.line, &says);
            unit.remote_scripts.push(excerpt(&url));
        }
    }
    unit.remote_scripts.sort();
    unit.remote_scripts.dedup();
    let mut image = ImageNote { whole_folder: whole_folder(stages, shipped), installs: Vec::new() };
    for (index, stage) in stages.iter().enumerate() {
        // What stands in a stage that others are built on is read with them.
        let own = dockerfile::chain(stages, index);
        let ships = shipped.iter().any(|s| s.line == stage.line);
        let handed = copied_from(shipped, stage).any(|(source, _)| takes_modules(source));
        image.installs.extend(installs(&own, ships || handed));
    }
    image.installs.sort_by_key(|install| install.line);
    notes.image = Some(image);
}

/// Names whose value nobody else may know. Values are never looked at.
fn secret_name(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let words: Vec<&str> = upper.split('_').collect();
    let public = ["PUBLIC", "ANON", "PUBLISHABLE", "SITE", "VITE", "DUMMY", "FAKE", "TEST", "EXAMPLE"];
    if words.iter().any(|w| public.contains(w)) || upper.starts_with("REACT_APP_") {
        return false;
    }
    match words.as_slice() {
        [.., before, "KEY"] => {
            matches!(*before, "API" | "SECRET" | "PRIVATE" | "ACCESS" | "ENCRYPTION" | "ROLE" | "SIGNING")
        }
        [.., last] => {
            matches!(*last, "PASSWORD" | "PASSWD" | "SECRET" | "TOKEN" | "APIKEY" | "CREDENTIALS")
        }
        [] => false,
    }
}

/// Build arguments that end up in what ships: as a variable of the image, or in the record of a command that ran with
/// them (<https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/>).
fn secrets(shipped: &[&Stage], unit: &mut DeployUnit) {
    for stage in shipped.iter().rev() {
        let list = &stage.instructions;
        for (index, instruction) in list.iter().enumerate() {
            let after = list.get(index + 1..).unwrap_or_default();
            let runs = after.iter().any(|i| i.name == "RUN");
            for (name, value) in dockerfile::assignments(&instruction.rest) {
                let says = match instruction.name.as_str() {
                    _ if !secret_name(&name) => continue,
                    // An empty default is overwritten when the container starts; the image keeps nothing.
                    "ARG" if runs => "the value stays in the history of the image",
                    "ENV" if value.starts_with('$') && argument(list, &value) => {
                        "the value of a build argument is kept in the image"
                    }
                    _ => continue,
                };
                if !unit.secrets_in_image.contains(&name) {
                    say(unit, "secrets_in_image", instruction.line, &format!("{name}: {says}"));
                    unit.secrets_in_image.push(name);
                }
            }
        }
    }
}

/// Whether `$NAME` is an argument of the stage.
fn argument(list: &[Instruction], value: &str) -> bool {
    let name = value.trim_start_matches(['$', '{']).split([':', '}']).next().unwrap_or_default();
    list.iter()
        .filter(|i| i.name == "ARG")
        .any(|i| dockerfile::assignments(&i.rest).iter().any(|(argument, _)| argument == name))
}

/// Sources of a `COPY` or `ADD` and where they come from: `--from`, `""` for the folder.
fn copy(instruction: &Instruction) -> Option<(Vec<String>, String)> {
    if !matches!(instruction.name.as_str(), "COPY" | "ADD") {
        return None;
    }
    let mut from = String::new();
    let mut words: Vec<String> = Vec::new();
    for word in instruction.rest.split_whitespace() {
        if let Some(name) = word.strip_prefix("--from=") {
            name.clone_into(&mut from);
        } else if !word.starts_with("--") {
            words.push(word.trim_matches(['[', ']', '"', ',', '\'']).to_owned());
        }
    }
    words.pop()?;
    Some((words, from))
}

/// Lines that copy the whole folder into what ships, be it through a stage whose folder is taken whole.
fn whole_folder(stages: &[Stage], shipped: &[&Stage]) -> Vec<u32> {
    let mut lines: Vec<u32> = shipped.iter().flat_map(|stage| whole(stage)).collect();
    for (index, stage) in stages.iter().enumerate() {
        let all = copied_from(shipped, stage).any(|(source, _)| {
            let folder = source.trim_end_matches('/');
            matches!(folder, "" | "." | "/app" | "/usr/src/app" | "/src" | "/code" | "/workspace")
        });
        if all {
            lines.extend(dockerfile::chain(stages, index).iter().flat_map(|s| whole(s)));
        }
    }
    lines.sort_unstable();
    lines.dedup();
    lines
}

fn whole(stage: &Stage) -> Vec<u32> {
    let takes_all = |i: &&Instruction| {
        copy(i).is_some_and(|(sources, from)| {
            from.is_empty() && sources.iter().any(|s| matches!(s.as_str(), "." | "./" | "*" | "./*"))
        })
    };
    stage.instructions.iter().filter(takes_all).map(|i| i.line).collect()
}

/// What the shipped stages copy from `stage`: source and line.
fn copied_from<'s>(shipped: &'s [&Stage], stage: &'s Stage) -> impl Iterator<Item = (String, u32)> + 's {
    shipped.iter().flat_map(|s| &s.instructions).flat_map(move |i| {
        let found = copy(i).filter(|(_, from)| !from.is_empty() && *from == stage.name);
        found.into_iter().flat_map(|(sources, _)| sources).map(|source| (source, i.line)).collect::<Vec<_>>()
    })
}

fn takes_modules(source: String) -> bool {
    let folder = source.trim_end_matches('/');
    folder.ends_with("node_modules") || matches!(folder, "" | "." | "/app" | "/usr/src/app")
}

/// The commands of the stage that install what a manifest declares. `own` is the stage and what it is built on.
fn installs(own: &[&Stage], ships: bool) -> Vec<InstallNote> {
    let mut found: Vec<InstallNote> = Vec::new();
    let mut copied: Vec<String> = Vec::new();
    let mut opaque = false;
    let mut production = false;
    let Some(stage) = own.first() else { return found };
    for part in own.iter().rev() {
        for instruction in &part.instructions {
            if let Some((sources, from)) = copy(instruction) {
                opaque |= !from.is_empty();
                copied.extend(sources);
            } else if instruction.name == "ENV" {
                for (name, value) in dockerfile::assignments(&instruction.rest) {
                    if name == "NODE_ENV" {
                        production = value == "production";
                    }
                }
            } else if instruction.name == "RUN" {
                let bound = instruction.rest.contains("--mount=type=bind");
                let inline = instruction.rest.contains("NODE_ENV=production");
                for command in commands(without_flags(&instruction.rest)) {
                    let words: Vec<&str> = command.words.iter().map(String::as_str).collect();
                    if prunes(&words) {
                        found.iter_mut().for_each(|install| install.without_dev = true);
                    }
                    let Some(manager) = manager(&words).filter(|_| part.line == stage.line) else { continue };
                    found.push(InstallNote {
                        line: instruction.line,
                        manager: manager.to_owned(),
                        command: words.iter().take(6).copied().collect::<Vec<_>>().join(" "),
                        copied: copied.clone(),
                        opaque: opaque || bound,
                        ships,
                        without_dev: production || inline || omits_dev(&words),
                    });
                }
            }
        }
    }
    found
}

/// The arguments of `RUN` behind its own options.
fn without_flags(rest: &str) -> &str {
    let mut rest = rest.trim_start();
    while let Some(option) = rest.strip_prefix("--") {
        rest = option.split_once(char::is_whitespace).map_or("", |(_, after)| after.trim_start());
    }
    rest
}

/// The package manager, if the command installs what the manifest declares rather than packages by name.
fn manager<'w>(words: &[&'w str]) -> Option<&'w str> {
    let (program, rest) = words.split_first()?;
    if !matches!(*program, "npm" | "yarn" | "pnpm" | "bun")
        || rest.iter().any(|w| matches!(*w, "-g" | "--global" | "--help" | "--version"))
    {
        return None;
    }
    let names: Vec<&&str> = rest.iter().filter(|w| !w.starts_with('-')).collect();
    match (names.as_slice(), *program) {
        ([], "yarn") => Some(program),
        ([only], _) if matches!(**only, "install" | "i" | "ci") => Some(program),
        _ => None,
    }
}

fn omits_dev(words: &[&str]) -> bool {
    words.iter().any(|w| {
        matches!(
            *w,
            "--production"
                | "--prod"
                | "-P"
                | "--omit=dev"
                | "--only=production"
                | "--only=prod"
                | "--production=true"
        )
    }) || words.windows(2).any(|pair| matches!(pair, ["--omit", "dev"]))
}

fn prunes(words: &[&str]) -> bool {
    words.contains(&"prune")
        || words.contains(&"--production") && words.first() == Some(&"yarn")
        || (words.first() == Some(&"rm") && words.iter().any(|w| w.contains("node_modules")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::read::testing::file;

    fn read_all(text: &str) -> (DeployUnit, ImageNote) {
        let mut notes = FileNotes::default();
        super::super::dockerfile::read(&file("Dockerfile"), text, &mut notes);
        (notes.deploy.remove(0), notes.image.expect("an image"))
    }

    #[test]
    fn secrets_that_stay() {
        let (unit, _) = read_all(
            "FROM node:22 AS build\nARG SENTRY_AUTH_TOKEN\nRUN x\nFROM node:22\nARG STRIPE_SECRET_KEY\nENV STRIPE_SECRET_KEY=$STRIPE_SECRET_KEY\nARG NPM_TOKEN\nRUN npm ci\nARG NEXT_PUBLIC_API_KEY\nENV JWT_SECRET=\"\" MAX_TOKENS=5\nARG TOKEN_URL\nRUN y\n",
        );
        assert_eq!(unit.secrets_in_image, ["STRIPE_SECRET_KEY", "NPM_TOKEN"]);
        let lines: Vec<u32> =
            unit.evidence.iter().filter(|e| e.cell == "secrets_in_image").map(|e| e.line).collect();
        assert_eq!(lines, [5, 7]);
    }

    #[test]
    fn the_whole_folder() {
        assert_eq!(read_all("FROM node:22\nCOPY . .\n").1.whole_folder, [2]);
        assert_eq!(read_all("FROM node:22\nCOPY src ./src\n").1.whole_folder, [0_u32; 0]);
        let built = "FROM node:22 AS b\nCOPY . .\nRUN x\nFROM node:22\nCOPY --from=b /app/dist ./dist\n";
        assert!(read_all(built).1.whole_folder.is_empty());
        let whole = "FROM node:22 AS b\nCOPY . .\nRUN x\nFROM node:22\nCOPY --from=b /app ./\n";
        assert_eq!(read_all(whole).1.whole_folder, [2]);
    }

    #[test]
    fn installs_and_what_they_bring() {
        let told = |text: &str| {
            let installs = read_all(text).1.installs;
            installs.iter().map(|i| (i.line, i.ships, i.without_dev, i.copied.len())).collect::<Vec<_>>()
        };
        assert_eq!(told("FROM node:22\nCOPY package.json ./\nRUN npm install\n"), [(3, true, false, 1)]);
        assert_eq!(told("FROM node:22\nENV NODE_ENV=production\nRUN npm ci\n"), [(3, true, true, 0)]);
        assert_eq!(
            told("FROM node:22\nRUN npm ci && npm run build && npm prune --omit=dev\n"),
            [(2, true, true, 0)]
        );
        let stages = "FROM node:22 AS b\nRUN npm ci\nFROM nginx:1\nCOPY --from=b /app/dist /x\n";
        assert_eq!(told(stages), [(2, false, false, 0)]);
        let modules =
            "FROM node:22 AS b\nRUN npm ci\nFROM node:22\nCOPY --from=b /app/node_modules ./node_modules\n";
        assert_eq!(told(modules), [(2, true, false, 0)]);
        assert!(told("FROM node:22\nRUN npm install -g pnpm && npm install express\n").is_empty());
    }

    #[test]
    fn scripts_from_elsewhere() {
        let (unit, _) = read_all("FROM debian:12\nRUN a && \\\n  curl -fsSL https://x.test/setup | bash -\n");
        assert_eq!(unit.remote_scripts[0].as_str(), "https://x.test/setup");
        assert!(unit.evidence.iter().any(|e| e.cell == "remote_scripts" && e.line == 2));
    }
}
