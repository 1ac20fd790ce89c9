use super::{add, of_image, own};
use crate::facts::dockerfile;
use crate::facts::kinds::Answer;
use crate::facts::notes::FileNotes;
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    let name = file.name();
    own(file)
        && (name == "Dockerfile"
            || name.starts_with("Dockerfile.")
            || name.ends_with(".Dockerfile")
            || name.ends_with(".dockerfile")
            || name == "Containerfile")
}

/// Files that are for development by their names ship nothing.
fn development(path: &str) -> bool {
    path.to_ascii_lowercase().split(['/', '.', '_', '-']).any(|word| {
        matches!(word, "dev" | "development" | "local" | "test" | "testing" | "devcontainer" | "ci" | "e2e")
    })
}

/// The image below the last stage is what ships; those of other stages only build.
pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let stages = dockerfile::stages(text);
    let Some(last) = stages.len().checked_sub(1) else { return };
    let shipped: Vec<u32> = dockerfile::chain(&stages, last).iter().map(|s| s.line).collect();
    for stage in &stages {
        let Some((language, tag)) = of_image(&stage.image) else { continue };
        let ships = shipped.contains(&stage.line);
        let (source, production) = match (ships, development(&file.path)) {
            (true, false) => ("dockerfile", Answer::Yes),
            (true, true) => ("dockerfile", Answer::No),
            (false, _) => ("build-stage", Answer::No),
        };
        add(notes, file, (language, &tag), stage.line, source, production);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::read::testing::file;

    fn found(path: &str, text: &str) -> Vec<(String, Answer)> {
        let mut notes = FileNotes::default();
        read(&file(path), text, &mut notes);
        notes.runtimes.iter().map(|r| (format!("{} {}", r.language, r.cycle), r.production)).collect()
    }

    #[test]
    fn only_the_last_stage_ships() {
        let text = "FROM node:18 AS build\nRUN npm ci\nFROM python:3.12-slim\nCOPY --from=build /x /x\n";
        let node = ("node 18".to_owned(), Answer::No);
        assert_eq!(found("Dockerfile", text), [node, ("python 3.12".to_owned(), Answer::Yes)]);
        let text = "FROM node:18 AS base\nFROM base AS deps\nFROM base\n";
        assert_eq!(found("Dockerfile", text), [("node 18".to_owned(), Answer::Yes)]);
        assert_eq!(found("Dockerfile.dev", "FROM node:18\n"), [("node 18".to_owned(), Answer::No)]);
    }
}
