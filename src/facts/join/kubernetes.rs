//! What services, scalers and overlays of Kubernetes do to the workloads of other files.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::kinds::{Answer, DeployUnit, Evidence, Port, UnitKind, Unknown};
use crate::facts::notes::ClusterNote;
use crate::facts::{Facts, Input};
use crate::secrets::excerpt;

/// A note and the file it stands in.
type At<'a> = (&'a str, &'a ClusterNote);

/// Completes the units of Kubernetes, and gathers the habits that they show.
pub(super) fn run(input: &Input<'_>, facts: &mut Facts) {
    complete(input, facts);
    gather(facts);
}

/// What many workloads lack is one root cause: each of them is a place of it.
fn gather(facts: &mut Facts) {
    let serious = |u: &&DeployUnit| u.platform == "kubernetes" && u.development != Answer::Yes;
    let project = &mut facts.project;
    for unit in facts.deploy_units.iter().filter(serious) {
        let web = unit.kind == UnitKind::Web;
        let runs = web || matches!(unit.kind, UnitKind::Worker | UnitKind::Database | UnitKind::Cache);
        for (cell, own, answer, applies) in [
            ("workloads_without_probes", "health_check", unit.health_check, web),
            ("workloads_without_limits", "limits", unit.limits, runs),
        ] {
            if !applies {
                continue;
            }
            if answer == Answer::Unknown {
                let reasons = unit.unknowns.iter().filter(|u| u.cell == own);
                project.unknowns.extend(reasons.map(|u| Unknown::new(cell, &u.reason)));
            }
            if answer == Answer::No {
                let list = if own == "limits" {
                    &mut project.workloads_without_limits
                } else {
                    &mut project.workloads_without_probes
                };
                list.push(unit.name.clone());
                let told = unit.evidence.iter().filter(|e| e.cell == own);
                project.evidence.extend(told.map(|e| Evidence { cell: cell.to_owned(), ..e.clone() }));
            }
        }
    }
    for list in [&mut project.workloads_without_limits, &mut project.workloads_without_probes] {
        list.sort();
        list.dedup();
    }
}

fn complete(input: &Input<'_>, facts: &mut Facts) {
    let notes: Vec<At<'_>> =
        input.notes.iter().flat_map(|n| n.cluster.iter().map(move |note| (n.path.as_str(), note))).collect();
    if notes.is_empty() {
        return;
    }
    let of = |kind: &str| notes.iter().filter(|(_, n)| n.kind == kind).copied().collect::<Vec<At<'_>>>();
    let workloads: BTreeMap<(&str, u32), &ClusterNote> =
        of("Workload").into_iter().map(|(file, n)| ((file, n.line), n)).collect();
    let by_target = |kind: &str| {
        let mut map: BTreeMap<&str, Vec<At<'_>>> = BTreeMap::new();
        for (file, note) in of(kind) {
            map.entry(note.target.as_str()).or_default().push((file, note));
        }
        map
    };
    let (scalers, events) = (by_target("HorizontalPodAutoscaler"), by_target("ScaledObject"));
    let services = of("Service");
    let ranges: BTreeSet<&str> = of("LimitRange").iter().map(|(_, n)| n.namespace.as_str()).collect();
    let mut patches: BTreeMap<&str, Vec<(&str, u32, &str)>> = BTreeMap::new();
    let mut images: BTreeSet<&str> = BTreeSet::new();
    for (file, note) in of("Patch").into_iter().chain(of("Kustomization")) {
        if development(file) {
            continue;
        }
        images.extend(note.images.iter().map(String::as_str));
        for (name, sets) in &note.patches {
            patches.entry(name).or_default().push((file, note.line, sets));
        }
    }
    for unit in facts.deploy_units.iter_mut().filter(|u| u.platform == "kubernetes") {
        let name = unit.name.as_str().to_owned();
        let own = patches.get(name.as_str()).into_iter().chain(patches.get(""));
        let own: Vec<(&str, u32, &str)> = own.flatten().copied().collect();
        patched(unit, &own);
        if let Some(all) = scalers.get(name.as_str()) {
            scaled(unit, all);
        }
        if events.contains_key(name.as_str()) && unit.redundant != Answer::Na {
            unknown(unit, "redundant", "it is scaled by events, and how many are kept is not a fixed number");
            unit.redundant = Answer::Unknown;
        }
        let workload = workloads.get(&(unit.file.as_str(), unit.line)).copied();
        if unit.limits == Answer::No && workload.is_some_and(|w| ranges.contains(w.namespace.as_str())) {
            unknown(unit, "limits", "a LimitRange may give it limits");
            unit.limits = Answer::Unknown;
        }
        let image = unit.image.as_str().split([':', '@']).next().unwrap_or_default().to_owned();
        if images.contains(image.as_str()) && unit.image_pinned != Answer::Na {
            unit.image_pinned = Answer::Yes;
        }
        if let Some(workload) = workload {
            exposed(unit, workload, &services);
        }
    }
}

fn development(file: &str) -> bool {
    let words = file.to_ascii_lowercase();
    words.split(['/', '.', '_', '-']).any(|w| {
        matches!(
            w,
            "dev"
                | "development"
                | "local"
                | "test"
                | "staging"
                | "stage"
                | "qa"
                | "preview"
                | "minikube"
                | "kind"
        )
    })
}

fn unknown(unit: &mut DeployUnit, cell: &str, reason: &str) {
    unit.evidence.retain(|e| e.cell != cell);
    unit.unknowns.retain(|u| u.cell != cell);
    unit.unknowns.push(Unknown::new(cell, reason));
}

/// An overlay that sets what the base lacks. What it sets in detail is not followed, but for the number of instances.
fn patched(unit: &mut DeployUnit, patches: &[(&str, u32, &str)]) {
    let replicas: BTreeSet<u32> = patches
        .iter()
        .filter_map(|(_, _, sets)| sets.strip_prefix("replicas=").and_then(|n| n.parse().ok()))
        .collect();
    let place = patches.iter().find(|(_, _, sets)| sets.starts_with("replicas="));
    if let (1, Some(number), Some((file, line, _))) = (replicas.len(), replicas.first(), place) {
        unit.instances = *number;
        unit.redundant = if *number > 1 { Answer::Yes } else { Answer::No };
        unit.evidence.retain(|e| e.cell != "redundant");
        let says = format!("an overlay sets the number of instances to {number}");
        unit.evidence.push(Evidence::new("redundant", file, *line, &says));
    } else if replicas.len() > 1 {
        unknown(unit, "redundant", "overlays set different numbers of instances");
        unit.redundant = Answer::Unknown;
    }
    let sets = |what: &str| patches.iter().any(|(_, _, sets)| *sets == what);
    let reason = "an overlay changes it";
    if sets("probes") && unit.health_check == Answer::No {
        unknown(unit, "health_check", reason);
        unit.health_check = Answer::Unknown;
    }
    if sets("limits") && matches!(unit.limits, Answer::No | Answer::Partial) {
        unknown(unit, "limits", reason);
        unit.limits = Answer::Unknown;
    }
    if sets("image") && unit.image_pinned == Answer::No {
        unknown(unit, "image_pinned", reason);
        unit.image_pinned = Answer::Unknown;
    }
    if sets("rights") && unit.privileged == Answer::Yes {
        unknown(unit, "privileged", reason);
        unit.privileged = Answer::Unknown;
    }
}

/// A scaler decides, whatever the workload itself says.
fn scaled(unit: &mut DeployUnit, scalers: &[At<'_>]) {
    let serious: Vec<&At<'_>> = scalers.iter().filter(|(file, _)| !development(file)).collect();
    let Some((file, first)) = serious.first().copied().copied() else { return };
    if serious.iter().any(|(_, n)| n.minimum != first.minimum) {
        unknown(unit, "redundant", "several scalers keep different numbers of instances");
        unit.redundant = Answer::Unknown;
        return;
    }
    unit.instances = first.minimum;
    unit.redundant = if first.minimum > 1 { Answer::Yes } else { Answer::No };
    unit.evidence.retain(|e| e.cell != "redundant");
    let says = format!("a scaler keeps at least {} running", first.minimum);
    unit.evidence.push(Evidence::new("redundant", file, first.line, &says));
}

/// Balancers that lead from outside to its ports.
fn exposed(unit: &mut DeployUnit, workload: &ClusterNote, services: &[At<'_>]) {
    for (file, service) in services {
        let selects = !service.selector.is_empty()
            && service.namespace == workload.namespace
            && service.selector.iter().all(|pair| workload.selector.contains(pair));
        if !selects || service.how.is_empty() {
            continue;
        }
        for (outside, inside) in service.ports.iter().take(50) {
            unit.ports.push(Port {
                address: excerpt("0.0.0.0"),
                host: *outside,
                container: *inside,
                public: true,
            });
            let says = format!("port {inside} is published by a load balancer");
            unit.evidence.push(Evidence::new("ports", file, service.line, &says));
        }
    }
}
