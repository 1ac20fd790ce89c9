//! Azure and smaller providers. Defaults are those of the Terraform providers' documentation
//! (registry.terraform.io/providers/hashicorp/azurerm and /digitalocean/digitalocean).

use super::aws_data::protection;
use super::engine;
use super::maker::{Maker, Said, Words, said};
use super::stack::Resource;
use super::uses::bucket_use;
use crate::facts::Evidence;
use crate::facts::kinds::{Answer, BucketUse};

/// `azurerm_postgresql_flexible_server`, `azurerm_mysql_flexible_server` and the older single servers: backups can't be
/// switched off, and are kept for seven days unless `backup_retention_days` says more. Deleting is prevented only by the
/// tool or by a lock.
pub(super) fn azure_server<'a>(m: &mut Maker<'a>, resource: &Resource<'a>) {
    let kind = m.fact.type_name.clone();
    m.fact.engine = if kind.contains("postgresql") { "postgres" } else { "mysql" }.to_owned();
    m.fact.encrypted = Answer::Yes;
    m.retention(&["backup_retention_days"], 7, true);
    protection(m, "no_such_attribute", Some(false));
    let module = m.module;
    if let Some(lock) = module.companions("azurerm_management_lock", resource).next() {
        m.fact.evidence.retain(|e| e.cell != "deletion_protected");
        m.fact.evidence.push(Evidence::new(
            "deletion_protected",
            lock.at.file,
            lock.at.node.line,
            "a lock keeps it",
        ));
        m.fact.deletion_protected = Answer::Yes;
    }
    let standby = m.says(&["high_availability", "mode"]);
    let line = m.line(&["high_availability", "mode"]);
    m.fact.multi_zone = match standby {
        Said::Known(known) if known.node.scalar() == "ZoneRedundant" => {
            m.evidence("multi_zone", line, "a standby is kept in another zone");
            Answer::Yes
        }
        Said::Unknown(reason) => m.unknown("multi_zone", &reason),
        _ => {
            m.evidence("multi_zone", line, "no standby is kept in another zone");
            Answer::No
        }
    };
    let rules = [format!("{kind}_firewall_rule"), kind.replace("_server", "_firewall_rule")];
    m.fact.publicly_reachable = Answer::No;
    for rule in rules.iter().flat_map(|rule| module.companions(rule, resource)) {
        let says = |key: &str| match said(m.stacks, module, rule.at, &[key]) {
            Said::Known(known) => known.node.scalar(),
            _ => String::new(),
        };
        if says("start_ip_address") == "0.0.0.0" && says("end_ip_address") == "255.255.255.255" {
            let at = Evidence::new(
                "publicly_reachable",
                rule.at.file,
                rule.at.node.line,
                "every address may connect to it",
            );
            m.fact.evidence.push(at);
            m.fact.publicly_reachable = Answer::Yes;
            return;
        }
    }
    m.evidence("publicly_reachable", m.fact.line, "no rule lets every address connect to it");
}

/// `azurerm_storage_account`: `blob_properties.versioning_enabled` false.
pub(super) fn azure_storage<'a>(m: &mut Maker<'a>, resource: &Resource<'a>) {
    m.fact.encrypted = Answer::Yes;
    let named = m.text(&["name"]).unwrap_or_default();
    m.fact.holds =
        bucket_use(&format!("{}-{named}", resource.name), m.body.node.get("static_website").is_some(), false);
    let words = Words {
        yes: "earlier versions of files are kept",
        no: "earlier versions of files are not kept",
        silent: "earlier versions of files are not kept unless versioning is switched on",
    };
    m.fact.versioned = m.truth("versioned", &["blob_properties", "versioning_enabled"], Some(false), &words);
    let deleted = ["blob_properties", "delete_retention_policy"];
    if m.fact.versioned == Answer::No && !matches!(m.says(&deleted), Said::Nothing) {
        m.fact.evidence.retain(|e| e.cell != "versioned");
        m.evidence("versioned", m.line(&deleted), "deleted files can be brought back for some days");
        m.fact.versioned = Answer::Partial;
    }
    m.fact.publicly_reachable = Answer::No;
    let module = m.module;
    for container in module.companions("azurerm_storage_container", resource) {
        let access = match said(m.stacks, module, container.at, &["container_access_type"]) {
            Said::Known(known) => known.node.scalar(),
            _ => continue,
        };
        if matches!(access.as_str(), "blob" | "container") {
            let line =
                container.at.node.get("container_access_type").map_or(container.at.node.line, |n| n.line);
            let says = format!("the container `{}` is open to everybody (`{access}`)", container.name);
            m.fact.evidence.push(Evidence::new("publicly_reachable", container.at.file, line, &says));
            let website = bucket_use(container.name, false, false) == BucketUse::Website;
            let purpose = website || m.fact.holds == BucketUse::Website;
            m.fact.publicly_reachable = if purpose { Answer::Partial } else { Answer::Yes };
            return;
        }
    }
    m.evidence("publicly_reachable", m.fact.line, "no container of it is open to everybody");
}

/// `digitalocean_database_cluster`: daily backups for seven days with point-in-time recovery come with it; one node
/// unless `node_count` says more; open to every address until a `digitalocean_database_firewall` names some.
pub(super) fn digitalocean_database<'a>(m: &mut Maker<'a>, resource: &Resource<'a>) {
    m.fact.engine = m
        .text(&["engine"])
        .map(|e| if e == "pg" { "postgres".to_owned() } else { engine(&e) })
        .unwrap_or_default();
    m.fact.encrypted = Answer::Yes;
    if matches!(m.fact.engine.as_str(), "redis" | "valkey" | "kafka") {
        return;
    }
    m.fact.backed_up = Answer::Yes;
    m.fact.backup_days = 7;
    m.fact.point_in_time = Answer::Yes;
    for cell in ["backed_up", "backup_days", "point_in_time"] {
        m.evidence(cell, m.fact.line, "the platform keeps daily backups for seven days");
    }
    let path = ["node_count"];
    let line = m.line(&path);
    m.fact.multi_zone = match m.says(&path) {
        Said::Known(known) if known.node.number().is_some_and(|n| n > 1.0) => {
            m.evidence("multi_zone", line, "a standby is kept");
            Answer::Yes
        }
        Said::Unknown(reason) => m.unknown("multi_zone", &reason),
        _ => {
            m.evidence("multi_zone", line, "it is a single machine");
            Answer::No
        }
    };
    let module = m.module;
    let firewall = module.companions("digitalocean_database_firewall", resource).next();
    match firewall {
        None if module.has_strays("digitalocean_database_firewall") => {
            m.fact.publicly_reachable =
                m.unknown("publicly_reachable", "a firewall names its cluster in a computed way");
        }
        None => {
            m.evidence(
                "publicly_reachable",
                m.fact.line,
                "no firewall limits which addresses may connect to it",
            );
            m.fact.publicly_reachable = Answer::Yes;
        }
        Some(firewall) => {
            m.fact.evidence.push(Evidence::new(
                "publicly_reachable",
                firewall.at.file,
                firewall.at.node.line,
                "a firewall limits who may connect to it",
            ));
            m.fact.publicly_reachable = Answer::No;
        }
    }
}

/// `digitalocean_spaces_bucket`.
pub(super) fn space<'a>(m: &mut Maker<'a>, resource: &Resource<'a>) {
    let named = m.text(&["name"]).unwrap_or_default();
    m.fact.holds = bucket_use(&format!("{}-{named}", resource.name), false, false);
    let words = Words {
        yes: "earlier versions of files are kept",
        no: "earlier versions of files are not kept",
        silent: "earlier versions of files are not kept unless versioning is switched on",
    };
    m.fact.versioned = m.truth("versioned", &["versioning", "enabled"], Some(false), &words);
    super::aws_buckets::deletable(m, "force_destroy");
    let open = m.text(&["acl"]).as_deref() == Some("public-read");
    m.evidence(
        "publicly_reachable",
        m.line(&["acl"]),
        if open { "everybody may list and read it" } else { "nothing opens it to everybody" },
    );
    m.fact.publicly_reachable = match (open, m.fact.holds) {
        (true, BucketUse::Website) => Answer::Partial,
        (true, _) => Answer::Yes,
        (false, _) => Answer::No,
    };
}

/// Machines with backups of their own: `digitalocean_droplet`, `hcloud_server`. Off unless `backups` is on.
pub(super) fn machine(m: &mut Maker<'_>) {
    let words = Words {
        yes: "backups of the machine are switched on",
        no: "backups of the machine are switched off",
        silent: "backups of the machine are off unless `backups` is switched on",
    };
    m.fact.backed_up = m.truth("backed_up", &["backups"], Some(false), &words);
}
