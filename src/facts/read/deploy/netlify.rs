use super::{broken, finish, own, say, unit};
use crate::facts::config::{Node, toml};
use crate::facts::kinds::{Answer, UnitKind};
use crate::facts::notes::FileNotes;
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    own(file) && file.name() == "netlify.toml"
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let root = match toml(text) {
        Ok(root) => root,
        Err(problem) => return broken(&problem, notes),
    };
    let functions = root.get("functions").is_some()
        || root.at(&["build", "functions"]).is_some()
        || root
            .get("plugins")
            .map(Node::list)
            .unwrap_or_default()
            .iter()
            .any(|p| p.get("package").map(Node::scalar).unwrap_or_default().contains("nextjs"));
    let kind = if functions { UnitKind::Web } else { UnitKind::Static };
    let mut unit = unit(file, 1, "netlify", "", kind);
    unit.redundant = Answer::Yes;
    say(&mut unit, "redundant", 0, "the platform scales by itself");
    unit.health_check = Answer::Na;
    unit.ephemeral_disk = Answer::Yes;
    say(&mut unit, "ephemeral_disk", 0, "the platform keeps no disk between deployments");
    notes.deploy.push(finish(unit, &[]));
}
