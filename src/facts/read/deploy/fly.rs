use super::{broken, finish, instances, own, say, start, unit};
use crate::facts::config::{Node, Value, toml};
use crate::facts::kinds::{Answer, UnitKind, Volume};
use crate::facts::notes::FileNotes;
use crate::secrets::excerpt;
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    let name = file.name();
    own(file) && name.starts_with("fly.") && name.ends_with(".toml")
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let root = match toml(text) {
        Ok(root) => root,
        Err(problem) => return broken(&problem, notes),
    };
    let name = root.get("app").map(Node::scalar).unwrap_or_default();
    let service =
        root.get("http_service").or_else(|| root.get("services").map(|s| s.list().first().unwrap_or(s)));
    let kind = if service.is_some() { UnitKind::Web } else { UnitKind::Worker };
    let mut unit = unit(file, 1, "fly", &name, kind);
    unit.dev_server = Answer::Unknown;
    if let Some(image) = root.at(&["build", "image"]) {
        unit.image = excerpt(&image.scalar());
        unit.image_pinned = super::image_pinned(&image.scalar());
        say(&mut unit, "image_pinned", image.line, "the image it runs");
    }
    if let Some(region) = root.get("primary_region") {
        unit.regions.push(region.scalar());
        say(&mut unit, "regions", region.line, "its primary region");
    }
    if let Some(minimum) = service.and_then(|s| s.get("min_machines_running")) {
        instances(&mut unit, minimum);
    }
    let checks = service.into_iter().flat_map(|s| ["checks", "http_checks", "tcp_checks"].map(|k| s.get(k)));
    match checks.flatten().chain(root.get("checks")).next() {
        Some(check) => {
            unit.health_check = Answer::Yes;
            say(&mut unit, "health_check", check.line, "a check");
        }
        None if service.is_some() => {
            unit.health_check = Answer::No;
            say(&mut unit, "health_check", service.map_or(0, |s| s.line), "the service has no check");
        }
        None => unit.health_check = Answer::Na,
    }
    let mounts = root.get("mounts").or_else(|| root.get("mount"));
    let mounted: Vec<&Node> = match mounts.map(|m| &m.value) {
        Some(Value::List(items)) => items.iter().collect(),
        Some(Value::Map(_)) => mounts.into_iter().collect(),
        _ => Vec::new(),
    };
    for mount in &mounted {
        let part = |key: &str| excerpt(&mount.get(key).map(Node::scalar).unwrap_or_default());
        unit.volumes.push(Volume { name: part("source"), target: part("destination"), persistent: true });
        say(&mut unit, "volumes", mount.line, "a volume is mounted");
    }
    unit.ephemeral_disk = if mounted.is_empty() { Answer::Yes } else { Answer::No };
    let says = if mounted.is_empty() { "no volume is mounted" } else { "a volume is mounted" };
    say(&mut unit, "ephemeral_disk", mounted.first().map_or(0, |m| m.line), says);
    if let Some(process) = root.get("processes").and_then(|p| p.entries().first()) {
        start(&mut unit, &process.node.scalar(), process.node.line);
    }
    let scale = "how many machines run is set with `fly scale`, and the file names no minimum";
    notes
        .deploy
        .push(finish(unit, &[("redundant", scale), ("dev_server", "the command is that of the image")]));
}
