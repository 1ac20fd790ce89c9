use super::{broken, finish, own, say, unit};
use crate::facts::config::{Node, json, toml};
use crate::facts::kinds::{Answer, UnitKind};
use crate::facts::notes::FileNotes;
use crate::secrets::excerpt;
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    own(file) && matches!(file.name(), "wrangler.toml" | "wrangler.json" | "wrangler.jsonc")
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let parsed = if file.name().ends_with(".toml") { toml(text) } else { json(text) };
    let root = match parsed {
        Ok(root) => root,
        Err(problem) => return broken(&problem, notes),
    };
    let name = root.get("name").map(Node::scalar).unwrap_or_default();
    let pages = root.get("pages_build_output_dir").is_some() && root.get("main").is_none();
    let kind = if pages { UnitKind::Static } else { UnitKind::Web };
    let mut worker = unit(file, 1, "cloudflare", &name, kind);
    worker.redundant = Answer::Yes;
    say(&mut worker, "redundant", 0, "the platform scales by itself");
    worker.health_check = Answer::Na;
    worker.ephemeral_disk = Answer::Yes;
    say(&mut worker, "ephemeral_disk", 0, "workers have no disk of their own");
    notes.deploy.push(finish(worker, &[]));
    for database in root.get("d1_databases").map(Node::list).unwrap_or_default() {
        let name = database.get("database_name").map(Node::scalar).unwrap_or_default();
        let mut unit = unit(file, database.line, "cloudflare", &name, UnitKind::Database);
        "d1".clone_into(&mut unit.engine);
        unit.health_check = Answer::Na;
        unit.redundant = Answer::Yes;
        say(&mut unit, "redundant", database.line, "the platform keeps it");
        unit.ephemeral_disk = Answer::No;
        notes.deploy.push(finish(unit, &[]));
    }
    for (cron, line) in root.at(&["triggers", "crons"]).map(Node::texts).unwrap_or_default() {
        let mut unit = unit(file, line, "cloudflare", &format!("cron {cron}"), UnitKind::Cron);
        unit.command = excerpt(&cron);
        unit.redundant = Answer::Na;
        unit.health_check = Answer::Na;
        unit.ephemeral_disk = Answer::Yes;
        notes.deploy.push(finish(unit, &[]));
    }
}
