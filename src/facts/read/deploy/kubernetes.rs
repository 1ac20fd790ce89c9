//! Manifests of Kubernetes: every document of a file by its kind. What services, scalers and overlays do to the workloads of
//! other files is said by a join.

use super::{finish, kubernetes_around, kubernetes_workload, unit};
use crate::facts::config::{Node, yaml, yaml_documents};
use crate::facts::kinds::{Answer, UnitKind};
use crate::facts::notes::FileNotes;
use crate::source::{File, Role};

pub(super) fn wants(file: &File) -> bool {
    let name = file.name();
    let yaml = name.ends_with(".yaml") || name.ends_with(".yml");
    let other = name.contains("compose") || name.starts_with("Pulumi.") || file.path.starts_with(".github/");
    file.role == Role::Product && yaml && !other && file.size < 500_000
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    if file.name() == "Chart.yaml" {
        return chart(file, text, notes);
    }
    let kustomize = matches!(file.name(), "kustomization.yaml" | "kustomization.yml");
    // A template is no manifest until it is filled in.
    if text.contains("{{") || !(kustomize || (text.contains("apiVersion:") && text.contains("kind:"))) {
        return;
    }
    for document in yaml_documents(text) {
        match document {
            Ok(root) if kustomize => kubernetes_around::kustomization(file, &root, notes),
            Ok(root) => one(file, &root, notes),
            Err(problem) => notes.broken = Some(problem.to_string()),
        }
    }
}

fn one(file: &File, root: &Node, notes: &mut FileNotes) {
    let text = |key: &str| root.get(key).map(Node::scalar).unwrap_or_default();
    let (version, kind) = (text("apiVersion"), text("kind"));
    if version.is_empty() {
        return;
    }
    match kind.as_str() {
        "List" => {
            for item in root.get("items").map(Node::list).unwrap_or_default() {
                // A list of lists is nobody's manifest.
                if item.get("kind").map(Node::scalar).as_deref() != Some("List") {
                    one(file, item, notes);
                }
            }
        }
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Rollout" | "CronJob" | "Job" | "Pod" => {
            kubernetes_workload::read(file, &kind, root, notes);
        }
        "Cluster" if version.starts_with("postgresql.cnpg.io/") => {
            kubernetes_workload::postgres_operator(file, root, notes);
        }
        _ => kubernetes_around::read(file, &version, &kind, root, notes),
    }
}

/// A chart: that something is deployed, and that what it is stands in templates.
fn chart(file: &File, text: &str, notes: &mut FileNotes) {
    let Ok(root) = yaml(text) else { return };
    let said = |key: &str| root.get(key).map(Node::scalar).unwrap_or_default();
    if said("type") == "library" || said("apiVersion").is_empty() {
        return;
    }
    let mut unit = unit(file, 1, "helm", &said("name"), UnitKind::Unknown);
    unit.development = Answer::Unknown;
    let reason = "the templates of a Helm chart are not read";
    let cells = ["redundant", "health_check", "ephemeral_disk", "development"];
    notes.deploy.push(finish(unit, &cells.map(|cell| (cell, reason))));
}

#[cfg(test)]
#[path = "kubernetes_tests.rs"]
mod tests;
