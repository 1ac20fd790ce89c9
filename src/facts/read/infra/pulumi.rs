//! A program of Pulumi in YAML, turned into the words of Terraform: Pulumi's providers are made from Terraform's, and
//! differ from them in how they write names.

use crate::facts::config::{Entry, Expression, Node, Value, yaml};
use crate::facts::notes::{FileNotes, InfraKind, InfraNote};
use crate::source::{File, Role};

pub(super) fn wants(file: &File) -> bool {
    let name = file.name();
    let yaml = name.ends_with(".yaml") || name.ends_with(".yml");
    file.role == Role::Product && yaml && name.starts_with("Pulumi.")
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let root = match yaml(text) {
        Ok(root) => root,
        Err(problem) => {
            notes.broken = Some(problem.to_string());
            return;
        }
    };
    if !matches!(file.name(), "Pulumi.yaml" | "Pulumi.yml") {
        notes.infra = Some(InfraNote { kind: InfraKind::PulumiStack, root: settings(&root) });
        return;
    }
    let runtime = root.get("runtime");
    let runtime = runtime.and_then(|r| r.get("name")).or(runtime).map(Node::scalar).unwrap_or_default();
    // A program in a programming language is not read.
    if runtime == "yaml" {
        notes.infra = Some(InfraNote { kind: InfraKind::Pulumi, root: program(&root) });
    }
}

/// `project:days: 7` of a stack as Terraform writes values: `days = 7`.
fn settings(root: &Node) -> Node {
    let entries = root.get("config").map(Node::entries).unwrap_or_default();
    let entry = |e: &Entry| Entry {
        key: e.key.rsplit(':').next().unwrap_or(&e.key).to_owned(),
        node: e.node.clone(),
    };
    Node { line: 1, text_line: 1, value: Value::Map(entries.iter().map(entry).collect()) }
}

fn map(line: u32, entries: Vec<(String, Node)>) -> Node {
    let entries = entries.into_iter().map(|(key, node)| Entry { key, node }).collect();
    Node { line, text_line: line, value: Value::Map(entries) }
}

fn program(root: &Node) -> Node {
    let resources = root.get("resources").map(Node::entries).unwrap_or_default();
    let types: Vec<(&str, String)> = resources
        .iter()
        .map(|e| (e.key.as_str(), type_name(&e.node.get("type").map(Node::scalar).unwrap_or_default())))
        .collect();
    let types: std::collections::BTreeMap<&str, String> = types.into_iter().collect();
    let mut entries = Vec::new();
    for (key, list) in [("variable", root.get("config").or_else(|| root.get("configuration")))] {
        for entry in list.map(Node::entries).unwrap_or_default() {
            let name = entry.key.rsplit(':').next().unwrap_or_default().to_owned();
            entries.push((key.to_owned(), map(entry.node.line, vec![(name, entry.node.clone())])));
        }
    }
    for entry in resources {
        let line = entry.node.line;
        let mut body = entry.node.get("properties").map(|p| words(p, &types)).unwrap_or_default();
        (body.line, body.text_line) = (line, line);
        let mut inside: Vec<Entry> = match body.value {
            Value::Map(entries) => entries,
            _ => Vec::new(),
        };
        if let Some(protect) = entry.node.at(&["options", "protect"]) {
            let prevent = map(protect.line, vec![("prevent_destroy".to_owned(), protect.clone())]);
            inside.push(Entry { key: "lifecycle".to_owned(), node: prevent });
        }
        body.value = Value::Map(inside);
        let type_name = types.get(entry.key.as_str()).cloned().unwrap_or_default();
        let named = map(line, vec![(entry.key.clone(), body)]);
        entries.push(("resource".to_owned(), map(line, vec![(type_name, named)])));
    }
    map(1, entries)
}

/// `aws:rds/instance:Instance` as Terraform calls it: `aws_db_instance`.
fn type_name(token: &str) -> String {
    let mut parts = token.split(':');
    let (provider, middle, last) = (parts.next(), parts.next(), parts.next());
    let provider = match provider.unwrap_or_default() {
        "gcp" => "google",
        "azure" => "azurerm",
        other => other,
    };
    // `digitalocean:DatabaseCluster` leaves out the middle.
    let (middle, name) = match (middle, last) {
        (Some(middle), Some(name)) => (middle.split('/').next().unwrap_or(middle), name),
        (Some(name), None) => ("index", name),
        _ => return String::new(),
    };
    let name = snake(name.trim_end_matches("V2").trim_end_matches("V3"));
    match (provider, middle) {
        ("aws", "rds") if name == "instance" => "aws_db_instance".to_owned(),
        ("aws", "ec2" | "vpc") => {
            format!("aws_{}{name}", if name.starts_with("security_group_ingress") { "vpc_" } else { "" })
        }
        ("google", "cloudrun") => format!("google_cloud_run_{name}"),
        ("google", "projects") => format!("google_project_{name}"),
        (_, "index") => format!("{provider}_{name}"),
        ("azurerm", "network") => format!("azurerm_{name}"),
        _ => format!("{provider}_{middle}_{name}"),
    }
}

/// `backupRetentionPeriod` as `backup_retention_period`, `BucketIAMMember` as `bucket_iam_member`.
fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (i, c) in letters.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|i| letters.get(i));
        let after = letters.get(i + 1);
        let starts = c.is_ascii_uppercase()
            && before.is_some_and(|b| {
                b.is_ascii_lowercase()
                    || b.is_ascii_digit()
                    || (b.is_ascii_uppercase() && after.is_some_and(char::is_ascii_lowercase))
            });
        if starts {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// The same with names and references as Terraform writes them. The documents of policies keep their own names.
fn words(node: &Node, types: &std::collections::BTreeMap<&str, String>) -> Node {
    let value = match &node.value {
        Value::Map(entries) => match entries.as_slice() {
            [Entry { key, node: inside }] if key.eq_ignore_ascii_case("fn::tojson") => {
                let arguments = vec![inside.clone()];
                Value::Expression(Box::new(Expression::Call { name: "jsonencode".to_owned(), arguments }))
            }
            [Entry { key, .. }] if key.starts_with("fn::") => Value::Expression(Box::new(Expression::Other)),
            _ => Value::Map(
                entries.iter().map(|e| Entry { key: snake(&e.key), node: words(&e.node, types) }).collect(),
            ),
        },
        Value::List(items) => Value::List(items.iter().map(|item| words(item, types)).collect()),
        Value::Text(text) => match text.strip_prefix("${").and_then(|t| t.strip_suffix('}')) {
            Some(inside) if !inside.contains('$') => {
                Value::Expression(Box::new(Expression::Reference(reference(inside, types))))
            }
            _ if text.contains("${") => Value::Expression(Box::new(Expression::Other)),
            _ => Value::Text(text.clone()),
        },
        other => other.clone(),
    };
    Node { value, ..*node }
}

fn reference(inside: &str, types: &std::collections::BTreeMap<&str, String>) -> String {
    let name = inside.split(['.', '[']).next().unwrap_or(inside);
    match types.get(name) {
        Some(type_name) => format!("{type_name}.{inside}"),
        None => format!("var.{}", inside.rsplit(':').next().unwrap_or(inside)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_terraform() {
        for (pulumi, terraform) in [
            ("aws:rds:Instance", "aws_db_instance"),
            ("aws:rds/cluster:Cluster", "aws_rds_cluster"),
            ("aws:s3:BucketVersioningV2", "aws_s3_bucket_versioning"),
            ("aws:ec2:SecurityGroup", "aws_security_group"),
            ("aws:vpc:SecurityGroupIngressRule", "aws_vpc_security_group_ingress_rule"),
            ("gcp:storage:BucketIAMMember", "google_storage_bucket_iam_member"),
            ("digitalocean:DatabaseCluster", "digitalocean_database_cluster"),
            ("azure:postgresql:FlexibleServer", "azurerm_postgresql_flexible_server"),
        ] {
            assert_eq!(type_name(pulumi), terraform);
        }
        assert_eq!(snake("backupRetentionPeriod"), "backup_retention_period");
    }
}
