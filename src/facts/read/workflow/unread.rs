//! CI systems that this version names and does not read.

use super::unread_workflow;
use crate::facts::notes::FileNotes;
use crate::source::File;

fn system(path: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    match (path, name) {
        (_, "Jenkinsfile") => Some("jenkins"),
        (".travis.yml", _) => Some("travis"),
        (".drone.yml" | ".drone.yaml", _) => Some("drone"),
        ("appveyor.yml" | ".appveyor.yml", _) => Some("appveyor"),
        (".cirrus.yml", _) => Some("cirrus"),
        ("codemagic.yaml", _) => Some("codemagic"),
        ("bitrise.yml", _) => Some("bitrise"),
        ("buildspec.yml" | "buildspec.yaml", _) => Some("codebuild"),
        ("cloudbuild.yaml" | "cloudbuild.yml" | "cloudbuild.json", _) => Some("cloudbuild"),
        (".woodpecker.yml" | ".woodpecker.yaml", _) => Some("woodpecker"),
        _ => {
            let yaml = name.ends_with(".yml") || name.ends_with(".yaml");
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            match folder {
                ".buildkite" if yaml && name.starts_with("pipeline") => Some("buildkite"),
                ".woodpecker" if yaml => Some("woodpecker"),
                ".forgejo/workflows" | ".gitea/workflows" if yaml => Some("gitea"),
                ".semaphore" if yaml => Some("semaphore"),
                _ => None,
            }
        }
    }
}

pub(super) fn wants(file: &File) -> bool {
    system(&file.path).is_some()
}

pub(super) fn read(file: &File, _text: &str, notes: &mut FileNotes) {
    let Some(system) = system(&file.path) else { return };
    let reason = format!("this version does not read the configuration of {system}");
    notes.workflow = Some(unread_workflow(file, system, &reason));
}
