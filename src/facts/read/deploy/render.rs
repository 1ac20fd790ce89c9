use super::{broken, finish, instances, own, say, start, unit};
use crate::facts::config::{Node, yaml};
use crate::facts::kinds::{Answer, DeployUnit, UnitKind, Volume};
use crate::facts::notes::FileNotes;
use crate::secrets::excerpt;
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    own(file) && matches!(file.name(), "render.yaml" | "render.yml")
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let root = match yaml(text) {
        Ok(root) => root,
        Err(problem) => return broken(&problem, notes),
    };
    for service in root.get("services").map(Node::list).unwrap_or_default() {
        notes.deploy.push(one(file, service));
    }
    for database in root.get("databases").map(Node::list).unwrap_or_default() {
        let name = database.get("name").map(Node::scalar).unwrap_or_default();
        let mut unit = unit(file, database.line, "render", &name, UnitKind::Database);
        "postgres".clone_into(&mut unit.engine);
        unit.health_check = Answer::Na;
        unit.ephemeral_disk = Answer::No;
        region(&mut unit, database);
        if let Some(replica) = database.at(&["highAvailability", "enabled"]) {
            unit.redundant = if replica.truth() == Some(true) { Answer::Yes } else { Answer::No };
            say(&mut unit, "redundant", replica.line, "whether a standby is kept");
        } else {
            unit.redundant = Answer::No;
            say(&mut unit, "redundant", database.line, "no high availability is asked for");
        }
        notes.deploy.push(finish(unit, &[]));
    }
}

fn region(unit: &mut DeployUnit, node: &Node) {
    if let Some(region) = node.get("region") {
        unit.regions.push(region.scalar());
        say(unit, "regions", region.line, "its region");
    }
}

fn one(file: &File, service: &Node) -> DeployUnit {
    let text = |key: &str| service.get(key).map(Node::scalar).unwrap_or_default();
    let stat = text("type") == "static" || text("runtime") == "static" || text("env") == "static";
    let kind = match text("type").as_str() {
        "worker" | "pserv" if !stat => UnitKind::Worker,
        "cron" => UnitKind::Cron,
        "redis" | "keyvalue" => UnitKind::Cache,
        _ if stat => UnitKind::Static,
        _ => UnitKind::Web,
    };
    let mut unit = unit(file, service.line, "render", &text("name"), kind);
    if kind == UnitKind::Cache {
        "redis".clone_into(&mut unit.engine);
    }
    region(&mut unit, service);
    if let Some(number) = service.get("numInstances") {
        instances(&mut unit, number);
    } else if let Some(scaling) = service.get("scaling") {
        if let Some(minimum) = scaling.get("minInstances") {
            instances(&mut unit, minimum);
        }
    } else if matches!(kind, UnitKind::Static | UnitKind::Cron) {
        unit.redundant = Answer::Na;
    } else {
        unit.instances = 1;
        unit.redundant = Answer::No;
        say(&mut unit, "redundant", service.line, "Render runs one instance unless numInstances says more");
    }
    match (kind, service.get("healthCheckPath")) {
        (_, Some(path)) => {
            unit.health_check = Answer::Yes;
            say(&mut unit, "health_check", path.line, "healthCheckPath");
        }
        (UnitKind::Web, None) => {
            unit.health_check = Answer::No;
            say(&mut unit, "health_check", service.line, "no healthCheckPath");
        }
        _ => unit.health_check = Answer::Na,
    }
    match service.get("disk") {
        Some(disk) => {
            let part = |key: &str| excerpt(&disk.get(key).map(Node::scalar).unwrap_or_default());
            unit.volumes.push(Volume { name: part("name"), target: part("mountPath"), persistent: true });
            unit.ephemeral_disk = Answer::No;
            say(&mut unit, "ephemeral_disk", disk.line, "a disk is mounted");
        }
        None if matches!(kind, UnitKind::Static | UnitKind::Cache) => unit.ephemeral_disk = Answer::Na,
        None => {
            unit.ephemeral_disk = Answer::Yes;
            say(&mut unit, "ephemeral_disk", service.line, "no disk is mounted");
        }
    }
    let command = service.get("startCommand").or_else(|| service.get("dockerCommand"));
    if let Some(command) = command {
        start(&mut unit, &command.scalar(), command.line);
    }
    finish(unit, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_and_databases() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("render.yaml"), "x").unwrap();
        let tree = crate::source::Tree::working(folder.path(), &[]).unwrap();
        let mut notes = FileNotes::default();
        let text = "services:\n- type: web\n  name: api\n  startCommand: npm run start\n  healthCheckPath: /h\n- type: worker\n  name: w\n  numInstances: 2\n  disk:\n    mountPath: /data\ndatabases:\n- name: db\n  plan: free\n";
        read(&tree.files()[0], text, &mut notes);
        let [web, worker, database] = notes.deploy.as_slice() else { panic!() };
        assert_eq!((web.line, web.redundant, web.health_check), (2, Answer::No, Answer::Yes));
        assert_eq!((web.ephemeral_disk, web.dev_server), (Answer::Yes, Answer::No));
        assert_eq!((worker.redundant, worker.ephemeral_disk), (Answer::Yes, Answer::No));
        assert_eq!((database.kind, database.engine.as_str()), (UnitKind::Database, "postgres"));
    }
}
