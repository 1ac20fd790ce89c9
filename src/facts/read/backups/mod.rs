//! Evidence of backups, and against them, one module for each kind of file. What scripts and workflows run is said by
//! the extractor, which can follow them.

mod compose;
mod continuous;
mod platform;
mod runbook;

use crate::facts::kinds::{Backup, BackupKind, Evidence};
use crate::facts::notes::FileNotes;
use crate::facts::read::Reader;
use crate::secrets::excerpt;
use crate::source::File;

/// The readers of evidence of backups.
pub static READERS: &[Reader] = &[
    Reader { name: "continuous backup tools", wants: continuous::wants, read: continuous::read },
    Reader { name: "backups in compose files", wants: compose::wants, read: compose::read },
    Reader { name: "backups of platforms", wants: platform::wants, read: platform::read },
    Reader { name: "restore runbook", wants: runbook::wants, read: runbook::read },
];

/// Adds one piece of evidence.
fn add(file: &File, notes: &mut FileNotes, kind: BackupKind, engine: &str, line: u32, says: &str) {
    if notes.backups.len() >= 200 {
        return;
    }
    notes.backups.push(Backup {
        kind,
        negative: matches!(kind, BackupKind::SwitchedOff | BackupKind::DestructiveCommand),
        engine: engine.to_owned(),
        file: file.path.clone(),
        line,
        evidence: vec![Evidence::new("kind", &file.path, line, says)],
        ..Backup::default()
    });
}

/// Says which setting the last piece of evidence is about.
fn about(notes: &mut FileNotes, target: &str) {
    if let Some(last) = notes.backups.last_mut() {
        last.target = excerpt(target);
    }
}
