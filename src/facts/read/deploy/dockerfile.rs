use super::{development_name, dockerfile_build, finish, image_pinned, own, say, start, unit};
use crate::facts::dockerfile::{self, Stage};
use crate::facts::kinds::{Answer, UnitKind};
use crate::facts::notes::FileNotes;
use crate::facts::shell;
use crate::secrets::excerpt;
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

/// The shell or exec form as one command line.
fn command(argument: &str) -> String {
    match crate::facts::config::json(argument) {
        Ok(node) if !node.list().is_empty() => {
            shell::line_of(&node.texts().into_iter().map(|(word, _)| word).collect::<Vec<_>>())
        }
        _ => argument.to_owned(),
    }
}

/// The last of these instructions in a stage, with its line.
fn last<'s>(stage: &'s Stage, name: &str) -> Option<(&'s str, u32)> {
    stage.instructions.iter().rev().find(|i| i.name == name).map(|i| (i.rest.as_str(), i.line))
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let stages = dockerfile::stages(text);
    // The last stage is what runs; it inherits from the stages that it is built on.
    let Some(shipped) = stages.last() else { return };
    let chain = dockerfile::chain(&stages, stages.len() - 1);
    let base = chain.last().copied().unwrap_or(shipped);
    let mut unit = unit(file, shipped.line, "docker", &shipped.name, UnitKind::Image);
    unit.image = excerpt(&base.image);
    unit.image_pinned = image_pinned(&base.image);
    if unit.image_pinned != Answer::Na {
        say(&mut unit, "image_pinned", base.line, &format!("builds on `{}`", base.image));
    }
    unit.development = if development_name(&file.path) { Answer::Yes } else { Answer::No };
    say(&mut unit, "development", 0, "told by the file's name");
    match chain.iter().find_map(|s| last(s, "USER")) {
        Some((user, line)) => {
            let name = user.split(':').next().unwrap_or_default().trim();
            unit.runs_as_root = match name {
                "root" | "0" => Answer::Yes,
                _ if name.contains('$') => Answer::Unknown,
                _ => Answer::No,
            };
            say(&mut unit, "runs_as_root", line, &format!("the user is `{name}`"));
        }
        None => {
            unit.runs_as_root = base_user(&base.image);
            if unit.runs_as_root != Answer::Unknown {
                let says = format!("no USER, and that of `{}` stays", base.image);
                say(&mut unit, "runs_as_root", base.line, &says);
            }
        }
    }
    match chain.iter().find_map(|s| last(s, "HEALTHCHECK")) {
        Some((check, line)) => {
            let on = !check.eq_ignore_ascii_case("none");
            unit.health_check = if on { Answer::Yes } else { Answer::No };
            say(
                &mut unit,
                "health_check",
                line,
                if on { "a HEALTHCHECK" } else { "HEALTHCHECK is switched off" },
            );
        }
        None => unit.health_check = Answer::Unknown,
    }
    let entrypoint = chain.iter().find_map(|s| last(s, "ENTRYPOINT"));
    let cmd = chain.iter().find_map(|s| last(s, "CMD"));
    let line = cmd.or(entrypoint).map_or(0, |(_, line)| line);
    let words: Vec<String> = entrypoint.into_iter().chain(cmd).map(|(text, _)| command(text)).collect();
    if words.is_empty() {
        unit.dev_server = Answer::Unknown;
    } else {
        start(&mut unit, &words.join(" "), line);
    }
    dockerfile_build::read(&stages, &chain, &mut unit, notes);
    let platform = "the platform that runs the image decides";
    notes.deploy.push(finish(
        unit,
        &[
            ("redundant", platform),
            ("health_check", "the image has no HEALTHCHECK, and the platform that runs it may have its own"),
            ("ephemeral_disk", platform),
            ("dev_server", "the image's own command is not in the repository"),
            ("runs_as_root", "the user of the base image is not in the repository"),
        ],
    ));
}

/// The user of a base image, where it is well known.
fn base_user(image: &str) -> Answer {
    let path = image.to_ascii_lowercase();
    if path.contains("nonroot") || path.contains("unprivileged") || path.contains("rootless") {
        return Answer::No;
    }
    if path.contains("chainguard") || path.contains("cgr.dev") || path.contains("dhi.io") {
        return Answer::Unknown;
    }
    // Official images without a registry and account run as root.
    let name = path.split(['@', ':']).next().unwrap_or_default();
    let name = name.strip_prefix("docker.io/").unwrap_or(name);
    let name = name.strip_prefix("library/").unwrap_or(name);
    let official = [
        "node",
        "python",
        "golang",
        "rust",
        "ruby",
        "php",
        "openjdk",
        "eclipse-temurin",
        "debian",
        "ubuntu",
        "alpine",
        "nginx",
        "httpd",
        "caddy",
        "busybox",
        "perl",
        "elixir",
        "maven",
        "gradle",
        "fedora",
        "amazonlinux",
        "oven/bun",
        "denoland/deno",
        "scratch",
        "composer",
        "buildpack-deps",
    ];
    // The image of bun names its user, but starts as root.
    if official.contains(&name) || path.starts_with("gcr.io/distroless/") {
        Answer::Yes
    } else {
        Answer::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::kinds::DeployUnit;

    fn unit_of(name: &str, text: &str) -> DeployUnit {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), text).unwrap();
        let tree = crate::source::Tree::working(folder.path(), &[]).unwrap();
        let mut notes = FileNotes::default();
        read(&tree.files()[0], text, &mut notes);
        notes.deploy.remove(0)
    }

    #[test]
    fn the_last_stage_counts() {
        let unit = unit_of(
            "Dockerfile",
            "ARG NODE=20\nFROM node:${NODE}-alpine AS base\nUSER node\nFROM node AS build\nRUN npm run build\n\
             FROM base AS run\nHEALTHCHECK CMD curl localhost\nCMD [\"node\", \\\n  \"server.js\"]\n",
        );
        assert_eq!(unit.image.as_str(), "node:20-alpine");
        assert_eq!(
            (unit.image_pinned, unit.runs_as_root, unit.health_check),
            (Answer::Yes, Answer::No, Answer::Yes)
        );
        assert_eq!((unit.command.as_str(), unit.dev_server, unit.line), ("node server.js", Answer::No, 6));
    }

    #[test]
    fn root_and_dev_server() {
        let unit = unit_of("Dockerfile", "FROM python\nCMD uvicorn main:app --reload\n");
        assert_eq!((unit.image_pinned, unit.runs_as_root), (Answer::No, Answer::Yes));
        assert_eq!((unit.dev_server, unit.development), (Answer::Yes, Answer::No));
        let unit = unit_of("Dockerfile.dev", "FROM company/base:1\n");
        assert_eq!((unit.development, unit.runs_as_root), (Answer::Yes, Answer::Unknown));
        assert!(unit.unknowns.iter().any(|u| u.cell == "runs_as_root"));
    }
}
