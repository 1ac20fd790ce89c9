use super::{about, add};
use crate::facts::config::{Node, yaml};
use crate::facts::kinds::BackupKind;
use crate::facts::notes::FileNotes;
use crate::secrets::excerpt;
use crate::source::{File, Role};

pub(super) fn wants(file: &File) -> bool {
    let name = file.name();
    let yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    file.role == Role::Product && yaml && name.contains("compose") && file.size < 500_000
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    if !text.contains("backup") && !text.contains("litestream") && !text.contains("wal-g") {
        return;
    }
    let Ok(root) = yaml(text) else { return };
    for entry in root.get("services").map(Node::entries).unwrap_or_default() {
        let Some(image) = entry.node.get("image") else { continue };
        let name = image.scalar().to_ascii_lowercase();
        let engine = if name.contains("postgres") || name.contains("pg-") || name.contains("pgbackup") {
            "postgres"
        } else if name.contains("mysql") || name.contains("mariadb") {
            "mysql"
        } else if name.contains("mongo") {
            "mongodb"
        } else if name.contains("litestream") {
            "sqlite"
        } else if name.contains("volume-backup") {
            "files"
        } else {
            ""
        };
        let keeps = name.contains("backup") || name.contains("litestream") || name.contains("wal-g");
        if !keeps {
            continue;
        }
        // Backups of volumes hold the database that writes to them.
        let says = format!("the service `{}` runs a backup image", entry.key);
        add(
            file,
            notes,
            BackupKind::Continuous,
            if engine == "files" { "" } else { engine },
            image.line,
            &says,
        );
        about(notes, &entry.key);
        let schedule = entry.node.get("environment").map(Node::pairs).unwrap_or_default();
        let schedule = schedule.into_iter().find(|(key, _)| key.contains("SCHEDULE") || key.contains("CRON"));
        if let (Some((_, value)), Some(backup)) = (schedule, notes.backups.last_mut()) {
            backup.schedule = excerpt(&value);
        }
    }
}
