use super::{broken, finish, instances, own, say, start, unit};
use crate::facts::config::{Node, json, toml};
use crate::facts::kinds::{Answer, UnitKind};
use crate::facts::notes::FileNotes;
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    own(file) && matches!(file.name(), "railway.json" | "railway.toml")
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let parsed = if file.name().ends_with(".toml") { toml(text) } else { json(text) };
    let root = match parsed {
        Ok(root) => root,
        Err(problem) => return broken(&problem, notes),
    };
    let deploy = root.get("deploy");
    let get = |key: &str| deploy.and_then(|d| d.get(key));
    let kind = if get("cronSchedule").is_some() { UnitKind::Cron } else { UnitKind::Web };
    let mut unit = unit(file, 1, "railway", "", kind);
    let regions = get("multiRegionConfig").map(Node::entries).unwrap_or_default();
    if regions.is_empty() {
        if let Some(replicas) = get("numReplicas") {
            instances(&mut unit, replicas);
        }
        if let Some(region) = get("region") {
            unit.regions.push(region.scalar());
            say(&mut unit, "regions", region.line, "its region");
        }
    } else {
        let mut total = 0.0;
        for region in regions {
            unit.regions.push(region.key.clone());
            total += region.node.get("numReplicas").and_then(Node::number).unwrap_or(1.0).clamp(0.0, 1000.0);
            say(&mut unit, "regions", region.node.line, "one of its regions");
        }
        unit.instances = total as u32;
        unit.redundant = if unit.instances > 1 { Answer::Yes } else { Answer::No };
        say(&mut unit, "redundant", regions.first().map_or(0, |r| r.node.line), "replicas of all regions");
    }
    match get("healthcheckPath") {
        Some(path) => {
            unit.health_check = Answer::Yes;
            say(&mut unit, "health_check", path.line, "healthcheckPath");
        }
        None if kind == UnitKind::Web => {
            unit.health_check = Answer::No;
            say(&mut unit, "health_check", 0, "no healthcheckPath");
        }
        None => unit.health_check = Answer::Na,
    }
    if let Some(mount) = get("requiredMountPath") {
        unit.ephemeral_disk = Answer::No;
        say(&mut unit, "ephemeral_disk", mount.line, "a volume must be mounted");
    }
    match get("startCommand") {
        Some(command) => start(&mut unit, &command.scalar(), command.line),
        None => unit.dev_server = Answer::Unknown,
    }
    notes.deploy.push(finish(
        unit,
        &[
            ("ephemeral_disk", "volumes of Railway are set in its dashboard"),
            ("redundant", "the file names no number of replicas, and the dashboard may"),
            ("dev_server", "the file names no start command"),
        ],
    ));
}
