use super::{broken, finish, instances, own, say, start, unit};
use crate::facts::config::{Node, json};
use crate::facts::kinds::{Answer, UnitKind};
use crate::facts::notes::FileNotes;
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    own(file) && (file.name() == "Procfile" || file.name().starts_with("Procfile."))
}

/// A Procfile is Heroku's, and understood by Railway, Render, Dokku and others: the platform is not certain.
pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    for (number, line) in (1_u32..).zip(text.lines()) {
        let Some((name, command)) = line.split_once(':') else { continue };
        let name = name.trim();
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
            continue;
        }
        let kind = match name {
            "web" => UnitKind::Web,
            "release" => UnitKind::Unknown,
            _ => UnitKind::Worker,
        };
        let mut unit = unit(file, number, "heroku", name, kind);
        if super::development_name(&file.path) {
            unit.development = Answer::Yes;
            say(&mut unit, "development", 0, "told by the file's name");
        }
        start(&mut unit, command.trim(), number);
        unit.ephemeral_disk = Answer::Yes;
        say(&mut unit, "ephemeral_disk", number, "platforms that read a Procfile give it no lasting disk");
        if kind != UnitKind::Web {
            unit.health_check = Answer::Na;
        }
        let scale = "how many processes run is set on the platform";
        let health = "the platform decides";
        notes.deploy.push(finish(unit, &[("redundant", scale), ("health_check", health)]));
    }
}

pub(super) fn wants_app(file: &File) -> bool {
    own(file) && file.name() == "app.json"
}

/// `app.json` is also Expo's: only one with a formation, add-ons or buildpacks is Heroku's.
pub(super) fn read_app(file: &File, text: &str, notes: &mut FileNotes) {
    if !["\"formation\"", "\"addons\"", "\"buildpacks\""].iter().any(|key| text.contains(key)) {
        return;
    }
    let root = match json(text) {
        Ok(root) => root,
        Err(problem) => return broken(&problem, notes),
    };
    for entry in root.get("formation").map(Node::entries).unwrap_or_default() {
        let kind = if entry.key == "web" { UnitKind::Web } else { UnitKind::Worker };
        let mut unit = unit(file, entry.node.line, "heroku", &entry.key, kind);
        if let Some(quantity) = entry.node.get("quantity") {
            instances(&mut unit, quantity);
        }
        unit.ephemeral_disk = Answer::Yes;
        say(&mut unit, "ephemeral_disk", entry.node.line, "the platform keeps no disk between restarts");
        unit.health_check = Answer::Na;
        notes.deploy.push(finish(unit, &[]));
    }
    for addon in root.get("addons").map(Node::list).unwrap_or_default() {
        let plan = addon.get("plan").map_or_else(|| addon.scalar(), Node::scalar);
        let (kind, engine) = if plan.starts_with("heroku-postgresql") {
            (UnitKind::Database, "postgres")
        } else if plan.starts_with("jawsdb") || plan.starts_with("cleardb") {
            (UnitKind::Database, "mysql")
        } else if plan.starts_with("heroku-redis") {
            (UnitKind::Cache, "redis")
        } else {
            continue;
        };
        let mut unit = unit(file, addon.line, "heroku", &plan, kind);
        engine.clone_into(&mut unit.engine);
        unit.health_check = Answer::Na;
        unit.ephemeral_disk = Answer::No;
        notes.deploy.push(finish(unit, &[("redundant", "the plan of the add-on decides")]));
    }
}
