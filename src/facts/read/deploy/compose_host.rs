//! What a service of a compose file may do to its machine, and whether it comes back.

use super::say;
use crate::facts::config::Node;
use crate::facts::kinds::{Answer, DeployUnit};
use crate::secrets::excerpt;

/// Tools that manage the other containers: the socket of Docker is what they are for.
const MANAGERS: &[&str] = &[
    "traefik",
    "portainer",
    "watchtower",
    "dozzle",
    "autoheal",
    "cadvisor",
    "docker-socket-proxy",
    "promtail",
    "vector",
    "alloy",
    "nginx-proxy",
    "docker-gen",
    "acme-companion",
    "diun",
    "ofelia",
    "homepage",
    "act_runner",
    "gitlab-runner",
    "dind",
];

pub(super) fn read(name: &str, service: &Node, image: &str, unit: &mut DeployUnit) {
    restarts(name, service, unit);
    if MANAGERS.iter().any(|tool| image.contains(tool)) {
        return;
    }
    let mut found: Vec<(String, u32)> = Vec::new();
    if let Some(node) = service.get("privileged").filter(|n| n.truth() == Some(true)) {
        found.push(("privileged".to_owned(), node.line));
    }
    if let Some(node) = service.get("pid").filter(|n| n.scalar() == "host") {
        found.push(("the processes of the machine".to_owned(), node.line));
    }
    for (capability, line) in service.get("cap_add").map(Node::texts).unwrap_or_default() {
        if matches!(capability.trim_start_matches("CAP_"), "SYS_ADMIN" | "ALL") {
            found.push((capability, line));
        }
    }
    for volume in service.get("volumes").map(Node::list).unwrap_or_default() {
        let source = volume.get("source").map_or_else(|| volume.scalar(), Node::scalar);
        if source.split(':').next().is_some_and(|host| host.ends_with("/docker.sock")) {
            found.push(("the socket of Docker".to_owned(), volume.line));
        }
    }
    for (what, line) in found {
        say(unit, "host_access", line, &format!("it is given {what}"));
        unit.host_access.push(excerpt(&what));
    }
}

/// What runs once has no need to start again.
fn once(name: &str, service: &Node) -> bool {
    let words =
        ["migrate", "migration", "migrations", "init", "seed", "setup", "prestart", "job", "backup", "test"];
    name.split(['-', '_', '.']).any(|word| words.contains(&word))
        || service.get("profiles").is_some()
        || service.get("entrypoint").or_else(|| service.get("command")).is_some_and(|node| {
            let text: Vec<String> = node.texts().into_iter().map(|(word, _)| word).collect();
            let text = text.join(" ");
            ["migrate", "upgrade head", "seed", "psql", "createbuckets", "mc "]
                .iter()
                .any(|w| text.contains(w))
        })
}

fn restarts(name: &str, service: &Node, unit: &mut DeployUnit) {
    let policy = service.get("restart").or_else(|| service.at(&["deploy", "restart_policy", "condition"]));
    let policy = policy.or_else(|| service.at(&["deploy", "restart_policy"]).filter(|n| n.is_map()));
    let (answer, line, says) = match policy {
        Some(node) if matches!(node.scalar().as_str(), "no" | "none" | "false") => {
            (Answer::No, node.line, "it does not start again")
        }
        Some(node) if node.scalar().contains('$') => (Answer::Unknown, node.line, ""),
        Some(node) => (Answer::Yes, node.line, "its restart policy"),
        None if once(name, service) => (Answer::Na, service.line, ""),
        // The halves of a service whose other file may say it.
        None if service.get("extends").is_some()
            || (service.get("image").is_none() && service.get("build").is_none()) =>
        {
            (Answer::Unknown, service.line, "")
        }
        None => (Answer::No, service.line, "no restart policy, and none means that it stays down"),
    };
    unit.restarts = answer;
    if !says.is_empty() {
        say(unit, "restarts", line, says);
    } else if answer == Answer::Unknown {
        let reason = "what decides whether it starts again stands elsewhere";
        unit.unknowns.push(crate::facts::kinds::Unknown::new("restarts", reason));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::notes::FileNotes;
    use crate::facts::read::testing::file;

    fn units(services: &str) -> Vec<DeployUnit> {
        let mut notes = FileNotes::default();
        super::super::compose::read(&file("compose.prod.yml"), &format!("services:\n{services}"), &mut notes);
        notes.deploy
    }

    #[test]
    fn what_comes_back() {
        let found = units(
            "  a:\n    image: x:1\n  b:\n    image: x:1\n    restart: unless-stopped\n  c:\n    image: x:1\n    restart: \"no\"\n  db-migrate:\n    image: x:1\n  e:\n    image: x:1\n    deploy:\n      restart_policy:\n        condition: any\n  f:\n    image: x:1\n    restart: ${R}\n",
        );
        let told: Vec<Answer> = found.iter().map(|u| u.restarts).collect();
        use Answer::{Na, No, Unknown, Yes};
        assert_eq!(told, [No, Yes, No, Na, Yes, Unknown]);
    }

    #[test]
    fn power_over_the_machine() {
        let found = units(
            "  a:\n    build: .\n    privileged: true\n    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock\n      - data:/data\n  t:\n    image: traefik:3\n    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock:ro\n",
        );
        let names: Vec<&str> = found[0].host_access.iter().map(|n| n.as_str()).collect();
        assert_eq!(names, ["privileged", "the socket of Docker"]);
        let lines: Vec<u32> =
            found[0].evidence.iter().filter(|e| e.cell == "host_access").map(|e| e.line).collect();
        assert_eq!(lines, [4, 6]);
        assert!(found[1].host_access.is_empty());
    }
}
