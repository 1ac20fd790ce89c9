//! Databases and buckets of Google Cloud. Defaults are those of the Terraform provider's documentation
//! (registry.terraform.io/providers/hashicorp/google, pages `sql_database_instance`, `storage_bucket`).

use super::aws_data::protection;
use super::engine;
use super::maker::{Maker, Said, Words, blocks, said};
use super::stack::Resource;
use super::uses::bucket_use;
use crate::facts::Evidence;
use crate::facts::kinds::{Answer, BucketUse};

/// `google_sql_database_instance`: backups off unless `backup_configuration.enabled`, seven of them kept,
/// `deletion_protection` true (the tool's own), ZONAL, a public address that only listed networks may use.
pub(super) fn database(m: &mut Maker<'_>) {
    m.fact.engine = m.text(&["database_version"]).map(|v| engine(&v)).unwrap_or_default();
    m.fact.encrypted = Answer::Yes;
    reachable(m);
    if !matches!(m.says(&["master_instance_name"]), Said::Nothing) {
        return;
    }
    let backup = ["settings", "backup_configuration"];
    let path = [backup[0], backup[1], "enabled"];
    let words = Words {
        yes: "automatic backups are switched on",
        no: "automatic backups are switched off",
        silent: "automatic backups are off unless `backup_configuration` switches them on",
    };
    m.fact.backed_up = m.truth("backed_up", &path, Some(false), &words);
    if m.fact.backed_up == Answer::Yes {
        let kept = [backup[0], backup[1], "backup_retention_settings", "retained_backups"];
        let days = m.text(&kept).and_then(|d| d.parse::<u32>().ok());
        m.fact.backup_days = days.unwrap_or(7);
        let says = format!("the last {} daily backups are kept", m.fact.backup_days);
        m.evidence("backup_days", m.line(&kept), &says);
        let moments = Words {
            yes: "it can be set back to any moment",
            no: "it can't be set back to a moment",
            silent: "it can't be set back to a moment unless that is switched on",
        };
        // MySQL keeps its binary log for that, PostgreSQL its write-ahead log.
        let log =
            if m.fact.engine == "mysql" { "binary_log_enabled" } else { "point_in_time_recovery_enabled" };
        m.fact.point_in_time = m.truth("point_in_time", &[backup[0], backup[1], log], Some(false), &moments);
    }
    protection(m, "deletion_protection", Some(true));
    let enabled = ["settings", "deletion_protection_enabled"];
    if m.fact.deletion_protected == Answer::No
        && matches!(m.says(&enabled), Said::Known(k) if k.node.truth() == Some(true))
    {
        m.fact.evidence.retain(|e| e.cell != "deletion_protected");
        m.evidence("deletion_protected", m.line(&enabled), "the platform refuses to delete it");
        m.fact.deletion_protected = Answer::Yes;
    }
    let path = ["settings", "availability_type"];
    let line = m.line(&path);
    m.fact.multi_zone = match m.says(&path) {
        Said::Known(known) if known.node.scalar() == "REGIONAL" => {
            m.evidence("multi_zone", line, "a standby is kept in another zone");
            Answer::Yes
        }
        Said::Unknown(reason) => m.unknown("multi_zone", &reason),
        _ => {
            m.evidence("multi_zone", line, "it runs in one zone unless `availability_type` is REGIONAL");
            Answer::No
        }
    };
}

fn reachable(m: &mut Maker<'_>) {
    let network = ["settings", "ip_configuration"];
    let public = match m.says(&[network[0], network[1], "ipv4_enabled"]) {
        Said::Known(known) => known.node.truth(),
        Said::Nothing => Some(true),
        Said::Unknown(reason) => {
            m.fact.publicly_reachable = m.unknown("publicly_reachable", &reason);
            return;
        }
    };
    if public == Some(false) {
        m.evidence("publicly_reachable", m.line(&network), "it has no address on the internet");
        m.fact.publicly_reachable = Answer::No;
        return;
    }
    let settings = blocks(m.body, "settings");
    let networks = settings.iter().flat_map(|s| blocks(*s, "ip_configuration"));
    for allowed in networks.flat_map(|n| blocks(n, "authorized_networks")) {
        match said(m.stacks, m.module, allowed, &["value"]) {
            Said::Known(k) if matches!(k.node.scalar().as_str(), "0.0.0.0/0" | "::/0") => {
                let line = allowed.node.get("value").map_or(allowed.node.line, |n| n.line);
                m.evidence("publicly_reachable", line, "every network may connect to it");
                m.fact.publicly_reachable = Answer::Yes;
                return;
            }
            Said::Unknown(reason) => {
                m.fact.publicly_reachable = m.unknown("publicly_reachable", &reason);
                return;
            }
            _ => {}
        }
    }
    m.evidence(
        "publicly_reachable",
        m.fact.line,
        "it has an address on the internet, and strangers' networks are refused",
    );
    m.fact.publicly_reachable = Answer::Partial;
}

/// `google_storage_bucket`: versioning off; deleted files can be brought back for seven days (`soft_delete_policy`).
pub(super) fn bucket<'a>(m: &mut Maker<'a>, resource: &Resource<'a>) {
    m.fact.encrypted = Answer::Yes;
    let website = !blocks(m.body, "website").is_empty();
    let uploads =
        blocks(m.body, "cors").into_iter().any(|rule| match said(m.stacks, m.module, rule, &["method"]) {
            Said::Known(k) => k.node.texts().iter().any(|(t, _)| matches!(t.as_str(), "PUT" | "POST")),
            _ => false,
        });
    let named = m.text(&["name"]).unwrap_or_default();
    m.fact.holds = bucket_use(&format!("{}-{named}", resource.name), website, uploads);
    let words = Words {
        yes: "earlier versions of files are kept",
        no: "earlier versions of files are not kept",
        silent: "earlier versions of files are not kept unless versioning is switched on",
    };
    m.fact.versioned = m.truth("versioned", &["versioning", "enabled"], Some(false), &words);
    let soft = m.text(&["soft_delete_policy", "retention_duration_seconds"]);
    if m.fact.versioned == Answer::No && soft.as_deref() != Some("0") {
        m.fact.evidence.retain(|e| e.cell != "versioned");
        m.evidence(
            "versioned",
            m.fact.line,
            "deleted files can be brought back for some days, and nothing else is kept",
        );
        m.fact.versioned = Answer::Partial;
    }
    super::aws_buckets::deletable(m, "force_destroy");
    public(m, resource);
}

fn public<'a>(m: &mut Maker<'a>, resource: &Resource<'a>) {
    if m.text(&["public_access_prevention"]).as_deref() == Some("enforced") {
        m.evidence("publicly_reachable", m.line(&["public_access_prevention"]), "public access is refused");
        m.fact.publicly_reachable = Answer::No;
        return;
    }
    let module = m.module;
    let grants = [
        ("google_storage_bucket_iam_member", "member"),
        ("google_storage_bucket_iam_binding", "members"),
        ("google_storage_bucket_access_control", "entity"),
        ("google_storage_default_object_access_control", "entity"),
    ];
    for (kind, key) in grants {
        for grant in module.companions(kind, resource) {
            let Said::Known(known) = said(m.stacks, module, grant.at, &[key]) else { continue };
            if !known
                .node
                .texts()
                .iter()
                .any(|(t, _)| matches!(t.as_str(), "allUsers" | "allAuthenticatedUsers"))
            {
                continue;
            }
            let role = match said(m.stacks, module, grant.at, &["role"]) {
                Said::Known(role) => role.node.scalar(),
                _ => String::new(),
            };
            let writes =
                ["admin", "Admin", "Creator", "WRITER", "OWNER", "User"].iter().any(|w| role.contains(w));
            let says = format!("everybody has the rights of `{role}` on it");
            m.fact.evidence.push(Evidence::new(
                "publicly_reachable",
                grant.at.file,
                grant.at.node.line,
                &says,
            ));
            let on_purpose = m.fact.holds == BucketUse::Website && !writes;
            m.fact.publicly_reachable = if on_purpose { Answer::Partial } else { Answer::Yes };
            return;
        }
    }
    m.evidence("publicly_reachable", m.fact.line, "nothing opens it to everybody");
    m.fact.publicly_reachable = Answer::No;
}
