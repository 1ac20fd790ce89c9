use schemars::JsonSchema;
use serde::Serialize;

use super::{Evidence, Fact, Unknown};
use crate::secrets::Excerpt;

/// What the repository shows about backups.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BackupKind {
    /// A schedule runs a dump.
    #[default]
    ScheduledDump,
    /// A script dumps, and nothing shows that anything runs it.
    UnscheduledDump,
    /// A tool replicates or archives continuously (Litestream, WAL-G, pgBackRest, a backup container).
    Continuous,
    /// The platform's configuration keeps backups or snapshots (retention, point-in-time recovery).
    Platform,
    /// A restore is scripted or run.
    Restore,
    /// Negative: configuration that switches backups or snapshots off.
    SwitchedOff,
    /// Negative: a command in the deploy or start path that drops or resets data.
    DestructiveCommand,
}

/// One piece of evidence about backups, or against them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Backup {
    /// What it shows.
    pub kind: BackupKind,
    /// Whether it speaks against being able to recover.
    pub negative: bool,
    /// The engine it is about: `postgres`, `mysql`, `mongodb`, `sqlite`, `files`; `""` where it does not say.
    pub engine: String,
    /// The setting or command that shows it (`aws_db_instance.main skip_final_snapshot`), `""` where the file is enough.
    pub target: Excerpt,
    /// When it runs, `""` if nothing says.
    pub schedule: Excerpt,
    /// The app that the file belongs to, `""` for none.
    pub app: String,
    /// Relative to PATH.
    pub file: String,
    /// The line.
    pub line: u32,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for Backup {
    fn subject(&self) -> String {
        let kind = serde_json::to_value(self.kind).ok().and_then(|v| v.as_str().map(str::to_owned));
        let kind = kind.unwrap_or_default();
        // Two settings that one file switches off are two facts.
        match self.target.as_str() {
            "" => format!("{kind} in {}", self.file),
            target => format!("{kind} in {}: {target}", self.file),
        }
    }
    fn app(&self) -> &str {
        &self.app
    }
    fn place(&self) -> (&str, u32) {
        (&self.file, self.line)
    }
    fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }
    fn unknowns(&self) -> &[Unknown] {
        &self.unknowns
    }
}
