//! What a workload of Kubernetes says of itself.

use super::{development_name, engine_of_image, finish, image_pinned, plural, say, start, unit};
use crate::facts::config::Node;
use crate::facts::kinds::{Answer, Backup, BackupKind, DeployUnit, Evidence, Port, UnitKind, Volume};
use crate::facts::notes::{ClusterNote, FileNotes};
use crate::secrets::excerpt;
use crate::source::File;

pub(super) fn read(file: &File, kind: &str, root: &Node, notes: &mut FileNotes) {
    let pod = match kind {
        "Pod" => root.get("spec"),
        "CronJob" => root.at(&["spec", "jobTemplate", "spec", "template", "spec"]),
        _ => root.at(&["spec", "template", "spec"]),
    };
    let name = root.at(&["metadata", "name"]).map(Node::scalar).unwrap_or_default();
    let containers = pod.and_then(|p| p.get("containers")).map(Node::list).unwrap_or_default();
    let images = containers.iter().filter(|c| c.get("image").is_some()).count();
    let whole = matches!(kind, "Pod" | "CronJob" | "Job") || root.at(&["spec", "selector"]).is_some();
    let (Some(pod), true) = (pod, whole && images > 0 && images == containers.len()) else {
        // A part of a workload that is laid over the whole of it.
        notes.cluster.push(patch(&name, root));
        return;
    };
    let line = root.at(&["metadata", "name"]).map_or(root.line, |n| n.line);
    let mut unit = unit(file, line, "kubernetes", &name, UnitKind::Unknown);
    what_it_runs(&mut unit, kind, pod, containers);
    how_many(&mut unit, kind, root);
    probes(&mut unit, containers);
    limits(&mut unit, containers);
    rights(&mut unit, kind, pod, containers);
    root_user(&mut unit, pod, containers);
    volumes(&mut unit, root, pod, containers);
    development(&mut unit, file, root);
    let labels = match kind {
        "Pod" => root.at(&["metadata", "labels"]),
        "CronJob" => None,
        _ => root.at(&["spec", "template", "metadata", "labels"]),
    };
    notes.cluster.push(ClusterNote {
        kind: "Workload".to_owned(),
        namespace: namespace(root),
        target: name,
        selector: labels.map(Node::pairs).unwrap_or_default(),
        line,
        ..ClusterNote::default()
    });
    notes.deploy.push(finish(unit, &[("development", "nothing says which environment it is for")]));
}

pub(super) fn namespace(root: &Node) -> String {
    root.at(&["metadata", "namespace"]).map(Node::scalar).unwrap_or_default()
}

fn what_it_runs(unit: &mut DeployUnit, kind: &str, pod: &Node, containers: &[Node]) {
    let image = |c: &Node| c.get("image").map(Node::scalar).unwrap_or_default();
    let engine = containers.first().and_then(|c| engine_of_image(&image(c)));
    let ports = containers.iter().any(|c| !c.get("ports").map(Node::list).unwrap_or_default().is_empty());
    unit.kind = match (kind, engine) {
        ("CronJob", _) => UnitKind::Cron,
        ("Job", _) => UnitKind::Unknown,
        (_, Some((kind, _))) => kind,
        ("DaemonSet", _) => UnitKind::Worker,
        _ if ports => UnitKind::Web,
        _ => UnitKind::Worker,
    };
    if let (Some((_, engine)), UnitKind::Database | UnitKind::Cache) = (engine, unit.kind) {
        engine.clone_into(&mut unit.engine);
    }
    let all = containers.iter().chain(pod.get("initContainers").map(Node::list).unwrap_or_default());
    for (i, container) in all.enumerate() {
        let image = image(container);
        let line = container.get("image").map_or(container.line, |n| n.line);
        if i == 0 {
            unit.image = excerpt(&image);
        }
        // What a pipeline writes in.
        let filled = image.contains(['<', '$', '%']) || image.to_ascii_lowercase().contains("placeholder");
        let pinned = if filled { Answer::Unknown } else { image_pinned(&image) };
        if unit.image_pinned == Answer::Na || (pinned == Answer::No && unit.image_pinned != Answer::No) {
            unit.evidence.retain(|e| e.cell != "image_pinned");
            unit.image_pinned = pinned;
            say(unit, "image_pinned", line, &format!("runs `{image}`"));
            unit.image = excerpt(&image);
        }
        for port in container.get("ports").map(Node::list).unwrap_or_default() {
            let number =
                |key: &str| port.get(key).and_then(Node::number).unwrap_or(0.0).clamp(0.0, 65_535.0) as u32;
            if number("hostPort") > 0 {
                // Whether strangers reach the machines of the cluster is not in the manifest.
                let says = format!("port {} is published on every machine that runs it", number("hostPort"));
                say(unit, "ports", port.line, &says);
                unit.ports.push(Port {
                    address: excerpt("0.0.0.0"),
                    host: number("hostPort"),
                    container: number("containerPort"),
                    public: false,
                });
            }
        }
    }
    if let Some(main) = containers.first() {
        let words: Vec<(String, u32)> =
            ["command", "args"].iter().filter_map(|key| main.get(key)).flat_map(Node::texts).collect();
        let shell = |w: &str| matches!(w.rsplit('/').next(), Some("sh" | "bash" | "ash"));
        match words.as_slice() {
            [] => {}
            [(program, _), (option, _), (script, line), ..] if shell(program) && option.starts_with('-') => {
                start(unit, script, *line);
            }
            [(_, line), ..] => {
                let text: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
                start(unit, &text.join(" "), *line);
            }
        }
    }
}

/// `replicas` is 1 unless the file says otherwise (kubernetes.io, "Deployment": `.spec.replicas`).
fn how_many(unit: &mut DeployUnit, kind: &str, root: &Node) {
    if !matches!(kind, "Deployment" | "StatefulSet" | "ReplicaSet" | "Rollout" | "Pod") {
        unit.redundant = Answer::Na;
        return;
    }
    let replicas = root.at(&["spec", "replicas"]);
    unit.instances = match (kind, replicas.and_then(Node::number)) {
        ("Pod", _) | (_, None) => 1,
        (_, Some(number)) => number.clamp(0.0, 100_000.0) as u32,
    };
    unit.redundant = if unit.instances > 1 { Answer::Yes } else { Answer::No };
    let says = match replicas {
        Some(_) => format!("{} kept running", plural(unit.instances)),
        None => "one instance is kept running unless `replicas` says more".to_owned(),
    };
    let line = replicas.map_or(unit.line, |n| n.line);
    say(unit, "redundant", line, &says);
}

fn probes(unit: &mut DeployUnit, containers: &[Node]) {
    let probe =
        |c: &Node| ["readinessProbe", "livenessProbe"].iter().find_map(|key| c.get(key)).map(|n| n.line);
    let line = unit.line;
    match containers.iter().find_map(probe) {
        Some(line) => {
            unit.health_check = Answer::Yes;
            say(unit, "health_check", line, "Kubernetes asks whether it works");
        }
        None if unit.kind == UnitKind::Web => {
            unit.health_check = Answer::No;
            say(unit, "health_check", line, "Kubernetes never asks whether it works");
        }
        // A process that answers nothing is restarted when it ends.
        None => unit.health_check = Answer::Na,
    }
}

fn limits(unit: &mut DeployUnit, containers: &[Node]) {
    let has = |c: &Node, what: &str| c.at(&["resources", what, "memory"]).is_some();
    let line = unit.line;
    unit.limits = if containers.iter().all(|c| has(c, "limits")) {
        Answer::Yes
    } else if containers.iter().any(|c| has(c, "limits") || has(c, "requests")) {
        Answer::Partial
    } else {
        Answer::No
    };
    let says = match unit.limits {
        Answer::Yes => "its memory is limited",
        Answer::Partial => "its memory is limited in part",
        _ => "nothing limits its memory",
    };
    let at = containers.iter().find_map(|c| c.get("resources")).map_or(line, |n| n.line);
    say(unit, "limits", at, says);
}

/// Host paths from which the machine can be taken over.
const HOST_PATHS: &[&str] =
    &["/", "/etc", "/root", "/home", "/var", "/var/run", "/var/lib/kubelet", "/proc", "/sys"];

fn rights(unit: &mut DeployUnit, kind: &str, pod: &Node, containers: &[Node]) {
    let mut found: Vec<(u32, String)> = Vec::new();
    for container in containers {
        let context = container.get("securityContext");
        let on = |key: &str| context.and_then(|c| c.get(key)).filter(|n| n.truth() == Some(true));
        if let Some(node) = on("privileged") {
            found.push((node.line, "it runs with every right on the machine (`privileged`)".to_owned()));
        }
        let added = context.and_then(|c| c.at(&["capabilities", "add"])).map(Node::texts).unwrap_or_default();
        for (capability, line) in added {
            if matches!(capability.as_str(), "ALL" | "SYS_ADMIN" | "SYS_PTRACE" | "SYS_MODULE") {
                found.push((line, format!("it has the right `{capability}`")));
            }
        }
    }
    for key in ["hostPID", "hostIPC", "hostNetwork"] {
        if let Some(node) = pod.get(key).filter(|n| n.truth() == Some(true)) {
            found.push((node.line, format!("it shares what belongs to the machine (`{key}`)")));
        }
    }
    for volume in pod.get("volumes").map(Node::list).unwrap_or_default() {
        if let Some(path) = volume.at(&["hostPath", "path"]) {
            let text = path.scalar();
            let short = text.trim_end_matches('/');
            if HOST_PATHS.contains(&if short.is_empty() { "/" } else { short }) || text.ends_with(".sock") {
                found.push((path.line, format!("it has `{text}` of the machine")));
            }
        }
    }
    // Agents of the machines themselves need that.
    unit.privileged = match (found.is_empty(), kind) {
        (true, _) => Answer::No,
        (false, "DaemonSet") => Answer::Partial,
        (false, _) => Answer::Yes,
    };
    for (line, says) in found {
        say(unit, "privileged", line, &says);
    }
}

/// Only what the manifest says: without it the image decides, and its Dockerfile is a fact of its own.
fn root_user(unit: &mut DeployUnit, pod: &Node, containers: &[Node]) {
    let contexts = containers.iter().chain([pod]).filter_map(|n| n.get("securityContext"));
    for context in contexts {
        if let Some(user) = context.get("runAsUser") {
            let root = user.number() == Some(0.0);
            unit.runs_as_root = if root { Answer::Yes } else { Answer::No };
            return say(unit, "runs_as_root", user.line, &format!("the user is {}", user.scalar()));
        }
        if let Some(node) = context.get("runAsNonRoot").filter(|n| n.truth() == Some(true)) {
            unit.runs_as_root = Answer::No;
            return say(unit, "runs_as_root", node.line, "it may not run as root");
        }
    }
}

fn volumes(unit: &mut DeployUnit, root: &Node, pod: &Node, containers: &[Node]) {
    let mut kept: Vec<(String, bool)> = Vec::new();
    for volume in pod.get("volumes").map(Node::list).unwrap_or_default() {
        let name = volume.get("name").map(Node::scalar).unwrap_or_default();
        // Configuration that is mounted is no place to write to.
        if ["configMap", "secret", "projected", "downwardAPI"].iter().any(|key| volume.get(key).is_some()) {
            continue;
        }
        kept.push((name, volume.get("emptyDir").is_none()));
    }
    for claim in root.at(&["spec", "volumeClaimTemplates"]).map(Node::list).unwrap_or_default() {
        kept.push((claim.at(&["metadata", "name"]).map(Node::scalar).unwrap_or_default(), true));
    }
    for mount in
        containers.iter().take(1).flat_map(|c| c.get("volumeMounts").map(Node::list).unwrap_or_default())
    {
        let said = |key: &str| mount.get(key).map(Node::scalar).unwrap_or_default();
        let Some((name, persistent)) = kept.iter().find(|(name, _)| *name == said("name")) else { continue };
        let target = said("mountPath");
        let says = if *persistent { "is a volume that is kept" } else { "is emptied with the pod" };
        say(unit, "volumes", mount.line, &format!("`{target}` {says}"));
        unit.volumes.push(Volume { name: excerpt(name), target: excerpt(&target), persistent: *persistent });
    }
    let line = unit.line;
    if let Some(at) = unit.volumes.iter().position(|v| v.persistent) {
        let place = unit.evidence.iter().filter(|e| e.cell == "volumes").nth(at).map_or(line, |e| e.line);
        unit.ephemeral_disk = Answer::No;
        say(unit, "ephemeral_disk", place, "a volume is mounted that outlives it");
    } else {
        let place = unit.evidence.iter().find(|e| e.cell == "volumes").map_or(line, |e| e.line);
        unit.ephemeral_disk = Answer::Yes;
        say(
            unit,
            "ephemeral_disk",
            place,
            "what it writes is gone with the pod: no volume is mounted that is kept",
        );
    }
}

fn development(unit: &mut DeployUnit, file: &File, root: &Node) {
    let namespace = namespace(root);
    let named = |text: &str| {
        development_name(text)
            || text.to_ascii_lowercase().split(['/', '.', '_', '-']).any(|w| {
                matches!(
                    w,
                    "minikube" | "kind" | "k3d" | "sandbox" | "demo" | "example" | "examples" | "playground"
                )
            })
    };
    if named(&file.path) || named(&namespace) {
        unit.development = Answer::Yes;
        let line = unit.line;
        say(unit, "development", line, "told by the names of its folders or its namespace");
    }
}

/// What a part of a workload sets that the whole may lack.
pub(super) fn patch(name: &str, root: &Node) -> ClusterNote {
    let mut sets = Vec::new();
    if let Some(replicas) = root.at(&["spec", "replicas"]).and_then(Node::number) {
        sets.push(format!("replicas={}", replicas.clamp(0.0, 100_000.0)));
    }
    let containers = root.at(&["spec", "template", "spec", "containers"]).map(Node::list).unwrap_or_default();
    for container in containers {
        let has = |keys: &[&str]| keys.iter().any(|key| container.get(key).is_some());
        sets.extend(has(&["readinessProbe", "livenessProbe"]).then(|| "probes".to_owned()));
        sets.extend(has(&["resources"]).then(|| "limits".to_owned()));
        sets.extend(has(&["image"]).then(|| "image".to_owned()));
        sets.extend(has(&["securityContext"]).then(|| "rights".to_owned()));
    }
    ClusterNote {
        kind: "Patch".to_owned(),
        patches: sets.into_iter().map(|set| (name.to_owned(), set)).collect(),
        line: root.at(&["spec", "replicas"]).map_or(root.line, |n| n.line),
        ..ClusterNote::default()
    }
}

/// A database that CloudNativePG runs: it keeps its own volumes, and backs up what `backup` says.
pub(super) fn postgres_operator(file: &File, root: &Node, notes: &mut FileNotes) {
    let name = root.at(&["metadata", "name"]).map(Node::scalar).unwrap_or_default();
    let line = root.at(&["metadata", "name"]).map_or(root.line, |n| n.line);
    let mut unit = unit(file, line, "kubernetes", &name, UnitKind::Database);
    "postgres".clone_into(&mut unit.engine);
    unit.instances =
        root.at(&["spec", "instances"]).and_then(Node::number).unwrap_or(1.0).clamp(1.0, 1000.0) as u32;
    unit.redundant = if unit.instances > 1 { Answer::Yes } else { Answer::No };
    let says = format!("{} kept running", plural(unit.instances));
    say(&mut unit, "redundant", line, &says);
    unit.health_check = Answer::Yes;
    say(&mut unit, "health_check", line, "the operator watches it");
    unit.ephemeral_disk = Answer::No;
    say(&mut unit, "ephemeral_disk", line, "the operator keeps its data in volumes");
    development(&mut unit, file, root);
    if let Some(backup) = root.at(&["spec", "backup"]).filter(|_| unit.development != Answer::Yes) {
        notes.backups.push(Backup {
            kind: BackupKind::Continuous,
            engine: "postgres".to_owned(),
            target: excerpt(&name),
            file: file.path.clone(),
            line: backup.line,
            evidence: vec![Evidence::new(
                "kind",
                &file.path,
                backup.line,
                "the operator archives it continuously",
            )],
            ..Backup::default()
        });
    }
    notes.deploy.push(finish(unit, &[]));
}
