use super::{broken, finish, instances, own, say, start, unit};
use crate::facts::config::{Node, json, yaml};
use crate::facts::kinds::{Answer, DeployUnit, UnitKind};
use crate::facts::notes::FileNotes;
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    own(file) && matches!(file.name(), "app.yaml" | "app.yml" | "apphosting.yaml")
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let hosting = file.name() == "apphosting.yaml";
    // Other tools have an `app.yaml` too; that of App Engine names a runtime.
    if !hosting && !text.contains("runtime:") {
        return;
    }
    let root = match yaml(text) {
        Ok(root) => root,
        Err(problem) => return broken(&problem, notes),
    };
    if !hosting && root.get("runtime").is_none() {
        return;
    }
    let platform = if hosting { "firebase" } else { "appengine" };
    let name = root.get("service").map(Node::scalar).unwrap_or_default();
    let mut unit = unit(file, 1, platform, &name, UnitKind::Web);
    let minimum = if hosting {
        root.at(&["runConfig", "minInstances"])
    } else {
        root.at(&["automatic_scaling", "min_instances"]).or_else(|| root.at(&["manual_scaling", "instances"]))
    };
    let maximum = if hosting {
        root.at(&["runConfig", "maxInstances"])
    } else {
        root.at(&["automatic_scaling", "max_instances"])
            .or_else(|| root.at(&["basic_scaling", "max_instances"]))
    };
    scaling(&mut unit, minimum, maximum);
    match root.get("liveness_check").or_else(|| root.get("readiness_check")) {
        Some(check) => {
            unit.health_check = Answer::Yes;
            say(&mut unit, "health_check", check.line, "a check");
        }
        // The platform restarts instances that do not listen.
        None => unit.health_check = Answer::Na,
    }
    unit.ephemeral_disk = Answer::Yes;
    say(&mut unit, "ephemeral_disk", 0, "instances keep no disk of their own");
    if let Some(command) = root.get("entrypoint").filter(|e| e.text().is_some()) {
        start(&mut unit, &command.scalar(), command.line);
    }
    notes.deploy.push(finish(unit, &[]));
}

fn scaling(unit: &mut DeployUnit, minimum: Option<&Node>, maximum: Option<&Node>) {
    if let Some(minimum) = minimum {
        instances(unit, minimum);
    }
    let most = maximum.and_then(Node::number).unwrap_or(0.0);
    if unit.instances > 1 {
        return;
    }
    if most == 1.0 {
        unit.redundant = Answer::No;
        say(unit, "redundant", maximum.map_or(0, |m| m.line), "at most one instance runs");
    } else {
        unit.redundant = Answer::Yes;
        say(unit, "redundant", maximum.map_or(0, |m| m.line), "the platform scales by itself");
    }
}

pub(super) fn wants_firebase(file: &File) -> bool {
    own(file) && file.name() == "firebase.json"
}

pub(super) fn read_firebase(file: &File, text: &str, notes: &mut FileNotes) {
    let root = match json(text) {
        Ok(root) => root,
        Err(problem) => return broken(&problem, notes),
    };
    for (key, kind) in
        [("hosting", UnitKind::Static), ("functions", UnitKind::Web), ("apphosting", UnitKind::Web)]
    {
        let Some(node) = root.get(key) else { continue };
        let mut unit = unit(file, node.line, "firebase", key, kind);
        unit.redundant = Answer::Yes;
        say(&mut unit, "redundant", node.line, "the platform scales by itself");
        unit.health_check = Answer::Na;
        unit.ephemeral_disk = Answer::Yes;
        say(&mut unit, "ephemeral_disk", node.line, "the platform keeps no disk between deployments");
        notes.deploy.push(finish(unit, &[]));
    }
}
