//! What stands around the workloads of Kubernetes: services, scalers, overlays, backups.

use super::kubernetes_workload::{namespace, patch};
use crate::facts::config::{Node, yaml};
use crate::facts::kinds::{Backup, BackupKind, Evidence};
use crate::facts::notes::{ClusterNote, FileNotes};
use crate::secrets::excerpt;
use crate::source::File;

pub(super) fn read(file: &File, version: &str, kind: &str, root: &Node, notes: &mut FileNotes) {
    let mut note = ClusterNote {
        kind: kind.to_owned(),
        namespace: namespace(root),
        line: root.at(&["metadata", "name"]).map_or(root.line, |n| n.line),
        ..ClusterNote::default()
    };
    let spec = root.get("spec").cloned().unwrap_or_default();
    match kind {
        "Service" if version == "v1" => service(root, &spec, &mut note),
        "HorizontalPodAutoscaler" => {
            note.target = spec.at(&["scaleTargetRef", "name"]).map(Node::scalar).unwrap_or_default();
            // kubernetes.io, "HorizontalPodAutoscaler": `minReplicas` is 1 unless it is given.
            note.minimum =
                spec.get("minReplicas").and_then(Node::number).unwrap_or(1.0).clamp(0.0, 1e5) as u32;
            note.line = spec.get("minReplicas").map_or(note.line, |n| n.line);
        }
        "ScaledObject" => {
            note.target = spec.at(&["scaleTargetRef", "name"]).map(Node::scalar).unwrap_or_default();
        }
        "LimitRange" => {}
        "Schedule" if version.starts_with("velero.io/") => {
            let schedule = spec.get("schedule");
            notes.backups.push(Backup {
                kind: BackupKind::Continuous,
                schedule: excerpt(&schedule.map(Node::scalar).unwrap_or_default()),
                file: file.path.clone(),
                line: note.line,
                evidence: vec![Evidence::new(
                    "kind",
                    &file.path,
                    note.line,
                    "Velero backs up the cluster's volumes on a schedule",
                )],
                ..Backup::default()
            });
            return;
        }
        _ => return,
    }
    notes.cluster.push(note);
}

fn service(root: &Node, spec: &Node, note: &mut ClusterNote) {
    let how = spec.get("type").map(Node::scalar).unwrap_or_default();
    // A balancer can be inside of the network, or for some addresses only.
    let inside =
        root.at(&["metadata", "annotations"]).map(Node::entries).unwrap_or_default().iter().any(|e| {
            let value = e.node.scalar().to_ascii_lowercase();
            (e.key.contains("internal") && value != "false") || value == "internal"
        });
    let limited = spec.get("loadBalancerSourceRanges").is_some();
    if how != "LoadBalancer" || inside || limited {
        return;
    }
    note.how = how;
    note.selector = spec.get("selector").map(Node::pairs).unwrap_or_default();
    note.line = spec.get("type").map_or(note.line, |n| n.line);
    for port in spec.get("ports").map(Node::list).unwrap_or_default() {
        let number =
            |key: &str| port.get(key).and_then(Node::number).unwrap_or(0.0).clamp(0.0, 65_535.0) as u32;
        let inner = if number("targetPort") > 0 { number("targetPort") } else { number("port") };
        note.ports.push((number("port"), inner));
    }
}

pub(super) fn kustomization(file: &File, root: &Node, notes: &mut FileNotes) {
    let mut note = ClusterNote { kind: "Kustomization".to_owned(), line: 1, ..ClusterNote::default() };
    let _ = file;
    for replica in root.get("replicas").map(Node::list).unwrap_or_default() {
        let name = replica.get("name").map(Node::scalar).unwrap_or_default();
        if let Some(count) = replica.get("count").and_then(Node::number) {
            note.line = replica.line;
            note.patches.push((name, format!("replicas={}", count.clamp(0.0, 1e5))));
        }
    }
    for image in root.get("images").map(Node::list).unwrap_or_default() {
        let said = |key: &str| image.get(key).map(Node::scalar).unwrap_or_default();
        let fixed = !said("digest").is_empty() || !matches!(said("newTag").as_str(), "" | "latest");
        if fixed {
            note.images.push(said("name"));
        }
    }
    let lists = ["patches", "patchesJson6902", "patchesStrategicMerge"];
    for item in lists.iter().filter_map(|key| root.get(key)).flat_map(Node::list) {
        let target = item.at(&["target", "name"]).map(Node::scalar).unwrap_or_default();
        let inline = item.get("patch").map(Node::scalar).unwrap_or_else(|| item.scalar());
        // A path names a file, which is read by itself.
        let Some(parsed) =
            Some(inline).filter(|t| t.contains('\n') || t.contains("op:")).and_then(|t| yaml(&t).ok())
        else {
            continue;
        };
        if parsed.is_map() {
            let name = parsed.at(&["metadata", "name"]).map(Node::scalar).unwrap_or_default();
            note.patches.extend(patch(if target.is_empty() { &name } else { &target }, &parsed).patches);
            continue;
        }
        for operation in parsed.list() {
            let path = operation.get("path").map(Node::scalar).unwrap_or_default();
            let value = operation.get("value").and_then(Node::number);
            let set = match value {
                Some(value) if path == "/spec/replicas" => format!("replicas={}", value.clamp(0.0, 1e5)),
                _ if path.contains("Probe") => "probes".to_owned(),
                _ if path.contains("resources") => "limits".to_owned(),
                _ if path.contains("securityContext") => "rights".to_owned(),
                _ => continue,
            };
            note.patches.push((target.clone(), set));
        }
    }
    notes.cluster.push(note);
}
