//! Resources that infrastructure code creates in a cloud: Terraform, and what is turned into its words.

mod aws_buckets;
mod aws_data;
mod environment;
mod firewalls;
mod google;
mod maker;
mod others;
mod policy;
mod resolve;
mod rights;
mod stack;
mod state;
#[cfg(test)]
mod tests;
mod uses;

use super::kinds::{CloudCategory, CloudResource};
use super::notes::FileNotes;
use maker::Maker;
use stack::{Resource, Stacks};

/// Every resource that is known, by file and line.
pub fn resources(notes: &[FileNotes]) -> Vec<CloudResource> {
    let stacks = Stacks::of(notes);
    let mut found = Vec::new();
    for module in stacks.modules.values().filter(|m| m.is_applied()) {
        found.extend(state::of(&stacks, module));
        for resource in &module.resources {
            found.extend(one(&stacks, module, resource));
        }
        for (name, call) in &module.calls {
            if let Some(type_name) = module_type(state::source(call.node)) {
                found.extend(one(&stacks, module, &Resource { type_name, name, at: *call }));
            }
        }
    }
    found.sort_by(|a, b| {
        (&a.file, a.line, &a.type_name, &a.name).cmp(&(&b.file, b.line, &b.type_name, &b.name))
    });
    found.dedup_by(|a, b| a.file == b.file && a.type_name == b.type_name && a.name == b.name);
    found
}

/// Modules of the registry whose inputs have the names of the resource that they make.
fn module_type(source: &str) -> Option<&'static str> {
    Some(match source {
        "terraform-aws-modules/rds/aws" => "aws_db_instance",
        "terraform-aws-modules/rds-aurora/aws" => "aws_rds_cluster",
        "terraform-aws-modules/s3-bucket/aws" => "aws_s3_bucket",
        "terraform-aws-modules/security-group/aws" => "aws_security_group",
        _ => return None,
    })
}

fn one<'a>(
    stacks: &'a Stacks<'a>,
    module: &'a stack::Module<'a>,
    resource: &Resource<'a>,
) -> Option<CloudResource> {
    use CloudCategory::{Backup, Bucket, Cache, Compute, Database, Firewall, Iam};
    let make =
        |provider: &str, category: CloudCategory| Maker::new(stacks, module, resource, provider, category);
    let done = |mut m: Maker<'a>, say: &dyn Fn(&mut Maker<'a>)| {
        if !aws_data::exists(&m) {
            return None;
        }
        say(&mut m);
        Some(m.fact)
    };
    let called =
        std::ptr::eq(resource.type_name, "aws_security_group") && resource.at.node.get("source").is_some();
    match resource.type_name {
        "aws_db_instance" => done(make("aws", Database), &aws_data::instance),
        "aws_rds_cluster" | "aws_docdb_cluster" | "aws_neptune_cluster" => {
            done(make("aws", Database), &aws_data::cluster)
        }
        "aws_rds_cluster_instance" => done(make("aws", Database), &aws_data::cluster_instance),
        "aws_dynamodb_table" => done(make("aws", Database), &aws_data::table),
        "aws_elasticache_cluster" | "aws_elasticache_replication_group" => {
            done(make("aws", Cache), &aws_data::cache)
        }
        "aws_backup_plan" => done(make("aws", Backup), &aws_data::backup_plan),
        "aws_s3_bucket" => done(make("aws", Bucket), &|m| aws_buckets::bucket(m, resource)),
        "aws_security_group" if called => done(make("aws", Firewall), &firewalls::security_group_module),
        "aws_security_group" | "aws_default_security_group" => {
            done(make("aws", Firewall), &firewalls::security_group)
        }
        "aws_security_group_rule"
            if resource.at.node.get("type").and_then(|n| n.text()) == Some("egress") =>
        {
            None
        }
        "aws_security_group_rule" => done(make("aws", Firewall), &firewalls::security_group_rule),
        "aws_vpc_security_group_ingress_rule" => done(make("aws", Firewall), &firewalls::ingress_rule),
        "aws_iam_policy" | "aws_iam_role_policy" | "aws_iam_user_policy" | "aws_iam_group_policy" => {
            done(make("aws", Iam), &rights::policy)
        }
        "aws_iam_role_policy_attachment"
        | "aws_iam_user_policy_attachment"
        | "aws_iam_group_policy_attachment"
        | "aws_iam_policy_attachment" => done(make("aws", Iam), &rights::attachment),
        "aws_iam_role" => done(make("aws", Iam), &|m| {
            rights::policy(m);
            if m.fact.wildcard == super::Answer::No {
                rights::attachment(m);
            }
        }),
        "mongodbatlas_project_ip_access_list" | "mongodbatlas_project_ip_whitelist" => {
            done(make("mongodbatlas", Firewall), &firewalls::atlas)
        }
        "google_sql_database_instance" => done(make("google", Database), &google::database),
        "google_storage_bucket" => done(make("google", Bucket), &|m| google::bucket(m, resource)),
        "google_compute_firewall" => done(make("google", Firewall), &firewalls::google),
        "google_project_iam_member" | "google_project_iam_binding" => {
            done(make("google", Iam), &rights::google)
        }
        "azurerm_postgresql_flexible_server"
        | "azurerm_mysql_flexible_server"
        | "azurerm_postgresql_server"
        | "azurerm_mysql_server" => done(make("azure", Database), &|m| others::azure_server(m, resource)),
        "azurerm_storage_account" => done(make("azure", Bucket), &|m| others::azure_storage(m, resource)),
        "azurerm_network_security_rule" | "azurerm_network_security_group" => {
            done(make("azure", Firewall), &firewalls::azure)
        }
        "digitalocean_database_cluster" => {
            done(make("digitalocean", Database), &|m| others::digitalocean_database(m, resource))
        }
        "digitalocean_spaces_bucket" => done(make("digitalocean", Bucket), &|m| others::space(m, resource)),
        "digitalocean_firewall" => done(make("digitalocean", Firewall), &firewalls::droplet),
        "hcloud_firewall" => done(make("hetzner", Firewall), &firewalls::droplet),
        "digitalocean_droplet" => done(make("digitalocean", Compute), &others::machine),
        "hcloud_server" => done(make("hetzner", Compute), &others::machine),
        _ => None,
    }
}

/// An engine as facts call it, of any provider's word for it: `aurora-postgresql`, `POSTGRES_16`, `mysql`.
fn engine(word: &str) -> String {
    let word = word.to_ascii_lowercase();
    for (part, engine) in [
        ("postgres", "postgres"),
        ("mysql", "mysql"),
        ("mariadb", "mysql"),
        ("sqlserver", "mssql"),
        ("mongo", "mongodb"),
        ("oracle", "oracle"),
        ("docdb", "mongodb"),
        ("neptune", "neptune"),
    ] {
        if word.contains(part) {
            return engine.to_owned();
        }
    }
    // Aurora's first engine was MySQL's.
    if word == "aurora" { "mysql".to_owned() } else { word }
}
