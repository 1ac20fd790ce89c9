use super::{about, add};
use crate::facts::config::{Node, toml, yaml};
use crate::facts::kinds::BackupKind;
use crate::facts::notes::FileNotes;
use crate::source::{File, Role};

pub(super) fn wants(file: &File) -> bool {
    let name = file.name();
    let fly = name.starts_with("fly.") && name.ends_with(".toml");
    file.role == Role::Product && file.size < 200_000 && (fly || matches!(name, "render.yaml" | "render.yml"))
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    // Files that do not parse are reported by the reader of deployments.
    if file.name().ends_with(".toml") {
        if let Ok(root) = toml(text) {
            fly(file, &root, notes);
        }
    } else if let Ok(root) = yaml(text) {
        render(file, &root, notes);
    }
}

/// Snapshots of Fly volumes are kept five days unless the file says otherwise; only what it says is evidence.
fn fly(file: &File, root: &Node, notes: &mut FileNotes) {
    let mounts = root.get("mounts").or_else(|| root.get("mount"));
    let all: Vec<&Node> =
        mounts.map_or_else(Vec::new, |m| if m.is_map() { vec![m] } else { m.list().iter().collect() });
    for mount in all {
        if let Some(node) = mount.get("scheduled_snapshots").filter(|n| n.truth() == Some(false)) {
            let says = "snapshots of the volume are switched off";
            add(file, notes, BackupKind::SwitchedOff, "", node.line, says);
            about(notes, &named(mount, "source"));
        } else if let Some(node) = mount.get("snapshot_retention") {
            let says = format!("snapshots of the volume are kept {} days", node.scalar());
            add(file, notes, BackupKind::Platform, "", node.line, &says);
            about(notes, &named(mount, "source"));
        }
    }
}

fn named(node: &Node, key: &str) -> String {
    node.get(key).map(Node::scalar).unwrap_or_default()
}

fn render(file: &File, root: &Node, notes: &mut FileNotes) {
    for database in root.get("databases").map(Node::list).unwrap_or_default() {
        if let Some(plan) = database.get("plan").filter(|p| p.scalar() == "free") {
            let says = "Render's free database has no backups and is deleted after 30 days";
            add(file, notes, BackupKind::SwitchedOff, "postgres", plan.line, says);
            about(notes, &named(database, "name"));
        }
    }
}
