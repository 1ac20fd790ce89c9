use super::{broken, finish, own, say, unit};
use crate::facts::config::{Node, json};
use crate::facts::kinds::{Answer, UnitKind};
use crate::facts::notes::FileNotes;
use crate::secrets::excerpt;
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    own(file) && file.name() == "vercel.json"
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let root = match json(text) {
        Ok(root) => root,
        Err(problem) => return broken(&problem, notes),
    };
    let mut web = unit(file, 1, "vercel", "", UnitKind::Web);
    web.redundant = Answer::Yes;
    say(&mut web, "redundant", 0, "the platform scales by itself");
    web.ephemeral_disk = Answer::Yes;
    say(&mut web, "ephemeral_disk", 0, "functions have no disk of their own");
    web.health_check = Answer::Na;
    for (region, line) in root.get("regions").map(Node::texts).unwrap_or_default() {
        web.regions.push(region);
        say(&mut web, "regions", line, "one of its regions");
    }
    notes.deploy.push(finish(web, &[]));
    for cron in root.get("crons").map(Node::list).unwrap_or_default() {
        let path = cron.get("path").map(Node::scalar).unwrap_or_default();
        let mut unit = unit(file, cron.line, "vercel", &path, UnitKind::Cron);
        unit.command = excerpt(&cron.get("schedule").map(Node::scalar).unwrap_or_default());
        unit.redundant = Answer::Na;
        unit.health_check = Answer::Na;
        unit.ephemeral_disk = Answer::Yes;
        say(&mut unit, "ephemeral_disk", cron.line, "functions have no disk of their own");
        notes.deploy.push(finish(unit, &[]));
    }
}
