use super::{broken, compose_service, own};
use crate::facts::config::yaml;
use crate::facts::notes::FileNotes;
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    let name = file.name();
    let yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    let compose =
        name.starts_with("docker-compose") || name.starts_with("compose.") || name.starts_with("compose-");
    own(file) && yaml && compose
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let root = match yaml(text) {
        Ok(root) => root,
        Err(problem) => return broken(&problem, notes),
    };
    let Some(services) = root.get("services").filter(|n| n.is_map()) else { return };
    for entry in services.entries().iter().filter(|e| e.node.is_map() && e.key != "<<") {
        let unit = compose_service::read(file, &entry.key, &entry.node, root.get("volumes"));
        notes.deploy.push(unit);
    }
    compose_service::development(&root, file, &mut notes.deploy);
}
