use super::{about, add};
use crate::facts::config::{Node, yaml};
use crate::facts::kinds::BackupKind;
use crate::facts::notes::FileNotes;
use crate::source::{File, Role};

pub(super) fn wants(file: &File) -> bool {
    let name = file.name();
    file.role == Role::Product
        && file.size < 200_000
        && (matches!(name, "litestream.yml" | "litestream.yaml" | "pgbackrest.conf" | "barman.conf")
            || name.starts_with(".walg")
            || name.starts_with("walg.")
            || name.starts_with("wal-g"))
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let name = file.name();
    let set = |key: &str| {
        (1_u32..).zip(text.lines()).find(|(_, line)| {
            let line = line.trim();
            !line.starts_with(['#', ';']) && line.contains(key)
        })
    };
    if name.starts_with("litestream") {
        let root = match yaml(text) {
            Ok(root) => root,
            Err(problem) => {
                notes.broken = Some(problem.to_string());
                return;
            }
        };
        for database in root.get("dbs").map(Node::list).unwrap_or_default() {
            let replica = database.get("replicas").or_else(|| database.get("replica"));
            if let Some(replica) = replica {
                let says = "Litestream replicates the SQLite file";
                add(file, notes, BackupKind::Continuous, "sqlite", replica.line, says);
                about(notes, &database.get("path").map(Node::scalar).unwrap_or_default());
            }
        }
    } else if name == "pgbackrest.conf" {
        if let Some((line, _)) = set("repo1-") {
            add(
                file,
                notes,
                BackupKind::Continuous,
                "postgres",
                line,
                "pgBackRest has a repository to back up to",
            );
        }
    } else if name == "barman.conf" {
        if let Some((line, _)) = set("backup_method").or_else(|| set("conninfo")) {
            add(file, notes, BackupKind::Continuous, "postgres", line, "Barman is told what to back up");
        }
    } else if let Some((line, _)) = set("_PREFIX") {
        add(file, notes, BackupKind::Continuous, "postgres", line, "WAL-G has a place to archive to");
    }
}
