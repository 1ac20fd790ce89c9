use super::{broken, finish, own, say, start, unit};
use crate::facts::config::{Node, toml};
use crate::facts::kinds::{Answer, UnitKind};
use crate::facts::notes::FileNotes;
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    own(file) && file.name() == ".replit"
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let root = match toml(text) {
        Ok(root) => root,
        Err(problem) => return broken(&problem, notes),
    };
    // Without a deployment it only says how to run in the editor.
    let Some(deployment) = root.get("deployment") else { return };
    let target = deployment.get("deploymentTarget").or_else(|| deployment.get("target"));
    let target_text = target.map(Node::scalar).unwrap_or_default();
    let kind = match target_text.as_str() {
        "static" => UnitKind::Static,
        "scheduled" => UnitKind::Cron,
        _ => UnitKind::Web,
    };
    let mut unit = unit(file, deployment.line, "replit", &target_text, kind);
    let line = target.map_or(deployment.line, |t| t.line);
    match target_text.as_str() {
        "autoscale" | "cloudrun" => {
            unit.redundant = Answer::Yes;
            say(&mut unit, "redundant", line, "the platform scales by itself");
        }
        "vm" | "gce" => {
            unit.redundant = Answer::No;
            unit.instances = 1;
            say(&mut unit, "redundant", line, "one reserved machine");
        }
        "static" => {
            unit.redundant = Answer::Yes;
            say(&mut unit, "redundant", line, "files served by the platform");
        }
        _ => {}
    }
    unit.health_check = Answer::Na;
    unit.ephemeral_disk = Answer::Yes;
    say(&mut unit, "ephemeral_disk", line, "a deployment on Replit starts from the files of the project");
    if let Some(run) = deployment.get("run") {
        let words: Vec<String> = run.texts().into_iter().map(|(word, _)| word).collect();
        // `["sh", "-c", "npm start"]`.
        let command = match words.as_slice() {
            [sh, flag, command] if sh == "sh" && flag == "-c" => command.clone(),
            words => words.join(" "),
        };
        start(&mut unit, &command, run.line);
    } else if kind == UnitKind::Web {
        unit.dev_server = Answer::Unknown;
    }
    notes.deploy.push(finish(
        unit,
        &[
            ("redundant", "the file names no target that is known"),
            ("dev_server", "the file names no command for the deployment"),
        ],
    ));
}
