//! Databases of AWS. Defaults are those of the Terraform provider's documentation (registry.terraform.io/providers/
//! hashicorp/aws, resource pages `db_instance`, `rds_cluster`, `docdb_cluster`, `dynamodb_table`).

use super::engine;
use super::maker::{Maker, Said, Words, answer};
use crate::facts::kinds::Answer;

/// `aws_db_instance`: `backup_retention_period` 0, `deletion_protection` false, `skip_final_snapshot` false,
/// `publicly_accessible` false, `storage_encrypted` false, one zone unless `multi_az`.
pub(super) fn instance(m: &mut Maker<'_>) {
    m.fact.engine = m.text(&["engine"]).map(|e| engine(&e)).unwrap_or_default();
    reachable(m);
    encrypted(m);
    // A replica is backed up by its source, and can be made again.
    if !matches!(m.says(&["replicate_source_db"]), Said::Nothing) {
        return;
    }
    m.retention(&["backup_retention_period"], 0, true);
    protection(m, "deletion_protection", Some(false));
    final_snapshot(m);
    m.fact.multi_zone = m.truth(
        "multi_zone",
        &["multi_az"],
        Some(false),
        &Words {
            yes: "a standby is kept in another zone",
            no: "it runs in one zone",
            silent: "it runs in one zone unless `multi_az` is switched on",
        },
    );
}

/// `aws_rds_cluster` and `aws_docdb_cluster`: `backup_retention_period` 1, `deletion_protection` false,
/// `skip_final_snapshot` false, `storage_encrypted` false. Their storage is kept in three zones.
pub(super) fn cluster(m: &mut Maker<'_>) {
    m.fact.engine = match m.fact.type_name.as_str() {
        "aws_docdb_cluster" => "mongodb".to_owned(),
        "aws_neptune_cluster" => "neptune".to_owned(),
        _ => m.text(&["engine"]).map(|e| engine(&e)).unwrap_or_default(),
    };
    encrypted(m);
    if !matches!(m.says(&["replication_source_identifier"]), Said::Nothing) {
        return;
    }
    m.retention(&["backup_retention_period"], 1, true);
    protection(m, "deletion_protection", Some(false));
    final_snapshot(m);
    m.evidence("multi_zone", m.fact.line, "the storage of a cluster is kept in three zones");
    m.fact.multi_zone = Answer::Yes;
}

/// `aws_rds_cluster_instance`: `publicly_accessible` false. The rest is said of its cluster.
pub(super) fn cluster_instance(m: &mut Maker<'_>) {
    m.fact.engine = m.text(&["engine"]).map(|e| engine(&e)).unwrap_or_default();
    reachable(m);
}

/// `aws_dynamodb_table`: point-in-time recovery off, `deletion_protection_enabled` false. Tables are encrypted and kept
/// in three zones; recovery reaches 35 days back unless `recovery_period_in_days` says less.
pub(super) fn table(m: &mut Maker<'_>) {
    "dynamodb".clone_into(&mut m.fact.engine);
    m.fact.encrypted = Answer::Yes;
    m.fact.multi_zone = Answer::Yes;
    m.evidence("multi_zone", m.fact.line, "tables are kept in three zones");
    let words = Words {
        yes: "point-in-time recovery is switched on",
        no: "point-in-time recovery is switched off",
        silent: "point-in-time recovery is off unless it is switched on",
    };
    let path = ["point_in_time_recovery", "enabled"];
    m.fact.point_in_time = m.truth("point_in_time", &path, Some(false), &words);
    m.fact.backed_up = m.truth("backed_up", &path, Some(false), &words);
    if m.fact.backed_up == Answer::Yes {
        let days =
            m.text(&["point_in_time_recovery", "recovery_period_in_days"]).and_then(|d| d.parse().ok());
        m.fact.backup_days = days.unwrap_or(35);
        m.evidence("backup_days", m.line(&path), "recovery reaches back as far as it is kept");
    }
    protection(m, "deletion_protection_enabled", Some(false));
}

/// `aws_elasticache_replication_group` and its like: data that can be made again.
pub(super) fn cache(m: &mut Maker<'_>) {
    m.fact.engine = m.text(&["engine"]).unwrap_or_else(|| "redis".to_owned());
    m.fact.encrypted = match m.fact.type_name.as_str() {
        "aws_elasticache_replication_group" => m.truth(
            "encrypted",
            &["at_rest_encryption_enabled"],
            Some(false),
            &Words {
                yes: "what it stores is encrypted",
                no: "what it stores is not encrypted",
                silent: "what it stores is not encrypted unless it is switched on",
            },
        ),
        _ => Answer::Na,
    };
}

fn reachable(m: &mut Maker<'_>) {
    m.fact.publicly_reachable = m.truth(
        "publicly_reachable",
        &["publicly_accessible"],
        Some(false),
        &Words {
            yes: "it has an address on the internet",
            no: "it has no address on the internet",
            silent: "it has no address on the internet unless `publicly_accessible` is switched on",
        },
    );
}

fn encrypted(m: &mut Maker<'_>) {
    let key = matches!(m.says(&["kms_key_id"]), Said::Known(_) | Said::Unknown(_));
    m.fact.encrypted = m.truth(
        "encrypted",
        &["storage_encrypted"],
        Some(key),
        &Words {
            yes: "its storage is encrypted",
            no: "its storage is not encrypted",
            silent: if key {
                "its storage is encrypted with a key of its own"
            } else {
                "its storage is not encrypted unless `storage_encrypted` is switched on"
            },
        },
    );
}

pub(super) fn protection(m: &mut Maker<'_>, attribute: &str, default: Option<bool>) {
    let silent = match default {
        Some(true) => "it can't be deleted, as long as the file does not say otherwise",
        _ => "it can be deleted in one step unless the file says otherwise",
    };
    let words = Words {
        yes: "deletion protection is on",
        no: "deletion protection is off: it can be deleted in one step",
        silent,
    };
    m.fact.deletion_protected = m.truth("deletion_protected", &[attribute], default, &words);
    m.prevent_destroy();
}

fn final_snapshot(m: &mut Maker<'_>) {
    m.fact.skips_final_snapshot = m.truth(
        "skips_final_snapshot",
        &["skip_final_snapshot"],
        Some(false),
        &Words {
            yes: "no snapshot is taken when it is deleted",
            no: "a last snapshot is taken when it is deleted",
            silent: "a last snapshot is taken when it is deleted, unless the file says otherwise",
        },
    );
}

/// `aws_db_instance` of another vendor's module has the same attributes; so has the default of `count`.
pub(super) fn exists(m: &Maker<'_>) -> bool {
    !matches!(m.says(&["count"]), Said::Known(known) if known.node.number() == Some(0.0))
        && !matches!(m.says(&["create"]), Said::Known(known) if known.node.truth() == Some(false))
}

/// Whether backups of a plan or a tool reach it is said elsewhere.
pub(super) fn backup_plan(m: &mut Maker<'_>) {
    m.fact.backed_up = answer(true);
    m.evidence("backed_up", m.fact.line, "a backup plan is set up");
}
