//! Backups that the resources of infrastructure code keep by themselves.

use crate::facts::kinds::{Answer, Backup, BackupKind, CloudCategory, CloudResource, Environment, Evidence};
use crate::facts::{Facts, Input};
use crate::secrets::excerpt;

/// Adds what `cloud_resources` show to `backups`. What they lack is a matter of the rules about them: one flaw, one finding.
pub(super) fn run(_: &Input<'_>, facts: &mut Facts) {
    let kept = facts.cloud_resources.iter().filter_map(kept).collect::<Vec<_>>();
    facts.backups.extend(kept);
    facts
        .backups
        .sort_by(|a, b| (&a.file, a.line, a.kind, &a.engine).cmp(&(&b.file, b.line, b.kind, &b.engine)));
}

fn kept(resource: &CloudResource) -> Option<Backup> {
    // A stack for development says nothing about production.
    if resource.environment == Environment::Development {
        return None;
    }
    let (cell, engine) = match resource.category {
        CloudCategory::Bucket if resource.versioned == Answer::Yes => ("versioned", "files"),
        CloudCategory::Database | CloudCategory::Compute | CloudCategory::Backup
            if resource.backed_up == Answer::Yes =>
        {
            ("backed_up", resource.engine.as_str())
        }
        _ => return None,
    };
    let told = resource.evidence.iter().find(|e| e.cell == cell)?;
    let says = format!("`{}`: {}", resource.address(), told.says.as_str());
    Some(Backup {
        kind: BackupKind::Platform,
        engine: engine.to_owned(),
        target: excerpt(&resource.address()),
        file: told.file.clone(),
        line: told.line,
        evidence: vec![Evidence::new("kind", &told.file, told.line, &says)],
        ..Backup::default()
    })
}
