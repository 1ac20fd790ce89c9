use super::{
    compose_host, compose_password, development_name, engine_of_image, finish, image_pinned, instances, say,
    start, unit,
};
use crate::facts::config::Node;
use crate::facts::kinds::{Answer, DeployUnit, Port, UnitKind, Unknown, Volume};
use crate::facts::shell;
use crate::secrets::excerpt;
use crate::source::File;

/// One service of a compose file.
pub(super) fn read(file: &File, name: &str, service: &Node, declared: Option<&Node>) -> DeployUnit {
    let image = defaults(&service.get("image").map(Node::scalar).unwrap_or_default());
    let line = service.get("image").map_or(service.line, |n| n.line);
    let engine = engine_of_image(&image).filter(|_| serves(service));
    let built = service.get("build").is_some();
    let mut unit = unit(file, service.line, "compose", name, UnitKind::Unknown);
    unit.development = Answer::Unknown;
    ports(service, &mut unit);
    unit.kind = match engine {
        Some((kind, _)) => kind,
        // A fragment that another file completes says nothing of what it runs.
        None if image.is_empty() && !built => UnitKind::Unknown,
        None if !unit.ports.is_empty() || service.get("expose").is_some() => UnitKind::Web,
        None => UnitKind::Unknown,
    };
    engine.map_or("", |(_, engine)| engine).clone_into(&mut unit.engine);
    unit.image = excerpt(&image);
    // What is built here has the version of the repository.
    unit.image_pinned = if built { Answer::Na } else { image_pinned(&image) };
    if unit.image_pinned != Answer::Na {
        say(&mut unit, "image_pinned", line, &format!("runs `{image}`"));
    }
    volumes(service, declared, &mut unit);
    if let Some(replicas) = service.at(&["deploy", "replicas"]).or_else(|| service.get("scale")) {
        instances(&mut unit, replicas);
    } else {
        // Compose runs one container of a service unless it is told otherwise.
        unit.instances = 1;
        unit.redundant = Answer::No;
        say(&mut unit, "redundant", service.line, "compose runs one container of it");
    }
    match service.get("healthcheck") {
        Some(check) if check.get("disable").and_then(Node::truth) == Some(true) => {
            unit.health_check = Answer::No;
            say(&mut unit, "health_check", check.line, "the health check is switched off");
        }
        Some(check) => {
            unit.health_check = Answer::Yes;
            say(&mut unit, "health_check", check.line, "a healthcheck");
        }
        None => {}
    }
    if let Some(command) = service.get("command") {
        let words: Vec<String> = command.texts().into_iter().map(|(word, _)| word).collect();
        start(&mut unit, &shell::line_of(&words), command.line);
    } else if unit.kind == UnitKind::Web && image.is_empty() {
        unit.dev_server = Answer::Unknown;
    }
    if let Some(user) = service.get("user") {
        let name = user.scalar();
        let root = matches!(name.split(':').next(), Some("root" | "0"));
        unit.runs_as_root = if root { Answer::Yes } else { Answer::No };
        say(&mut unit, "runs_as_root", user.line, &format!("the user is `{name}`"));
    }
    compose_host::read(name, service, &image, &mut unit);
    compose_password::read(service, &image, &mut unit);
    let profiles = service.get("profiles").map(Node::texts).unwrap_or_default();
    if let Some((profile, line)) = profiles.iter().find(|(p, _)| development_name(p)) {
        unit.development = Answer::Yes;
        say(&mut unit, "development", *line, &format!("only in the profile `{profile}`"));
    }
    finish(
        unit,
        &[
            ("health_check", "the service has no healthcheck, and its image may have one"),
            ("dev_server", "the image's own command is not in the compose file"),
            (
                "ephemeral_disk",
                "the compose file mounts no volume, and what the container writes is not known",
            ),
        ],
    )
}

/// `${TAG:-latest}` as its default, where it has one.
fn defaults(image: &str) -> String {
    let mut out = String::new();
    let mut rest = image;
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        let (inside, tail) = after.split_once('}').unwrap_or((after, ""));
        match inside.split_once(":-").or_else(|| inside.split_once('-')) {
            Some((_, default)) => out.push_str(default),
            None => out.push_str(&format!("${{{inside}}}")),
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// Whether the service runs the engine of its image, and not a client that is in the same image.
fn serves(service: &Node) -> bool {
    let words: Vec<String> = ["entrypoint", "command"]
        .iter()
        .filter_map(|key| service.get(key))
        .flat_map(|node| node.texts().into_iter().map(|(word, _)| word))
        .collect();
    let text = words.join(" ");
    let client = ["psql", "pg_isready", "pg_dump", "mysqldump", "mongosh", "mongodump", "redis-cli"];
    let server = ["postgres -", "mysqld", "mongod ", "redis-server", "docker-entrypoint.sh"];
    !client.iter().any(|c| text.contains(c)) || server.iter().any(|s| text.contains(s))
}

fn volumes(service: &Node, declared: Option<&Node>, unit: &mut DeployUnit) {
    for item in service.get("volumes").map(Node::list).unwrap_or_default() {
        let (name, target, kind) = if item.is_map() {
            let text = |key: &str| item.get(key).map(Node::scalar).unwrap_or_default();
            (text("source"), text("target"), text("type"))
        } else {
            let text = item.scalar();
            let parts = split_outside_braces(&text);
            match parts.as_slice() {
                [target] => (String::new(), target.clone(), String::new()),
                [name, target, ..] => (name.clone(), target.clone(), String::new()),
                [] => continue,
            }
        };
        // A named volume whose driver keeps it in memory does not outlive anything.
        let options = declared.and_then(|d| d.at(&[name.as_str(), "driver_opts"]));
        let in_memory =
            kind == "tmpfs" || options.and_then(|o| o.get("type")).is_some_and(|t| t.scalar() == "tmpfs");
        let persistent = !name.is_empty() && !in_memory;
        unit.volumes.push(Volume { name: excerpt(&name), target: excerpt(&target), persistent });
        if unit.kind != UnitKind::Database || persistent {
            say(unit, "volumes", item.line, &format!("`{target}` is a volume"));
        }
    }
    let in_memory: Vec<(String, u32)> = service.get("tmpfs").map(Node::texts).unwrap_or_default();
    for (target, line) in in_memory {
        unit.volumes.push(Volume { name: excerpt(""), target: excerpt(&target), persistent: false });
        say(unit, "volumes", line, &format!("`{target}` is kept in memory"));
    }
    let kept = unit.volumes.iter().any(|v| v.persistent && is_data(&unit.engine, v.target.as_str()));
    if matches!(unit.kind, UnitKind::Database) {
        unit.ephemeral_disk = if kept { Answer::No } else { Answer::Yes };
        let (file_line, says) = if kept {
            (unit.line, "its data is in a volume")
        } else {
            (unit.line, "its data is in no volume and goes with the container")
        };
        say(unit, "ephemeral_disk", file_line, says);
    }
}

/// Whether a volume at `target` holds the data of the engine: initialisation scripts and configuration do not.
fn is_data(engine: &str, target: &str) -> bool {
    if target.contains("initdb")
        || target.contains("/etc/")
        || target.ends_with(".sql")
        || target.ends_with(".conf")
    {
        return false;
    }
    match engine {
        "postgres" => target.contains("postgres") || target.contains("pgdata") || target.contains("/data"),
        "mysql" => target.contains("mysql") || target.contains("mariadb") || target.contains("/data"),
        _ => true,
    }
}

/// `a:b:c`, where `${X:-y}` holds no separator.
fn split_outside_braces(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_u32;
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts
}

fn ports(service: &Node, unit: &mut DeployUnit) {
    for item in service.get("ports").map(Node::list).unwrap_or_default() {
        let port = if item.is_map() {
            let number = |key: &str| item.get(key).map_or(0, |n| first_number(&n.scalar()));
            let address = item.get("host_ip").map(Node::scalar).unwrap_or_default();
            make_port(&address, number("published"), number("target"))
        } else {
            let text = item.scalar();
            let parts = split_outside_braces(text.split('/').next().unwrap_or_default());
            match parts.as_slice() {
                [container] => make_port("", 0, first_number(container)),
                [host, container] => make_port("", first_number(host), first_number(container)),
                [address, host, container] => make_port(address, first_number(host), first_number(container)),
                // IPv6: `[::1]:5432:5432`.
                [.., host, container] => {
                    let address = text.split(']').next().unwrap_or_default().trim_start_matches('[');
                    make_port(address, first_number(host), first_number(container))
                }
                [] => continue,
            }
        };
        let says = format!("port {} is published on {}", port.container, port.address);
        say(unit, "ports", item.line, &says);
        unit.ports.push(port);
    }
}

fn make_port(address: &str, host: u32, container: u32) -> Port {
    let address = if address.is_empty() { "0.0.0.0" } else { address };
    let local = address.starts_with("127.") || address == "localhost" || address == "::1";
    // An address that a variable decides can't be called public.
    let public = !local && !address.contains('$');
    Port { address: excerpt(address), host, container, public }
}

/// The first number in `8080`, `8000-8010`, `${PORT:-5432}`; 0 without one.
fn first_number(text: &str) -> u32 {
    let text = text.rsplit(":-").next().unwrap_or(text);
    let digits: String =
        text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

/// Whether the whole file is for development: by its name; or it only starts what an app needs beside it while it is
/// developed (databases, caches, mail catchers) and not the app; or its app is mounted from the working folder.
pub(super) fn development(root: &Node, file: &File, units: &mut [DeployUnit]) {
    let services = root.get("services").map(Node::entries).unwrap_or_default();
    let by_name = development_name(&file.path);
    let production_name = file
        .path
        .to_ascii_lowercase()
        .split(['/', '.', '_', '-'])
        .any(|w| matches!(w, "prod" | "production" | "deploy"));
    let source_mounted = services.iter().any(|e| {
        e.node.get("build").is_some()
            && e.node.get("volumes").map(Node::texts).unwrap_or_default().iter().any(|(v, _)| {
                let host = v.split(':').next().unwrap_or_default();
                host == "." || host == "./" || host.starts_with("./src") || host.starts_with("./app")
            })
    });
    let no_app = !services.is_empty()
        && services.iter().all(|e| {
            let image = e.node.get("image").map(Node::scalar).unwrap_or_default();
            e.node.get("build").is_none() && (engine_of_image(&image).is_some() || is_helper(&image))
        });
    let local_defaults = services.iter().any(|e| {
        e.node
            .get("environment")
            .map(Node::pairs)
            .unwrap_or_default()
            .iter()
            .any(|(key, value)| key == "NODE_ENV" && value == "development")
    });
    let dev_server = units.iter().any(|u| u.dev_server == Answer::Yes);
    let reason = if by_name {
        "told by the file's name"
    } else if production_name {
        ""
    } else if source_mounted {
        "the working folder is mounted into the container"
    } else if dev_server {
        "it starts a development server"
    } else if local_defaults {
        "NODE_ENV is development"
    } else if no_app {
        "it starts what the app needs beside it, and not the app"
    } else {
        ""
    };
    let example =
        file.path.split(['/', '.', '_', '-']).any(|w| matches!(w, "example" | "sample" | "template"));
    for unit in units.iter_mut().filter(|u| u.development == Answer::Unknown) {
        if example && reason.is_empty() {
            unit.unknowns.retain(|u| u.cell != "development");
            unit.unknowns.push(Unknown::new(
                "development",
                "the file is an example, and where it is used is not known",
            ));
            continue;
        }
        unit.development = if reason.is_empty() { Answer::No } else { Answer::Yes };
        unit.unknowns.retain(|u| u.cell != "development");
        let says = if reason.is_empty() {
            "it starts the app, and nothing says that it is for development"
        } else {
            reason
        };
        let line = unit.line;
        say(unit, "development", line, says);
    }
}

/// Images that only developers need.
fn is_helper(image: &str) -> bool {
    [
        "mailhog",
        "mailpit",
        "maildev",
        "adminer",
        "pgadmin",
        "minio",
        "localstack",
        "phpmyadmin",
        "mongo-express",
        "inbucket",
    ]
    .iter()
    .any(|name| image.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::notes::FileNotes;

    fn units(name: &str, text: &str) -> Vec<DeployUnit> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), text).unwrap();
        let tree = crate::source::Tree::working(folder.path(), &[]).unwrap();
        let mut notes = FileNotes::default();
        super::super::compose::read(&tree.files()[0], text, &mut notes);
        notes.deploy
    }

    const TEXT: &str = "\
services:
  web:
    build: .
    ports: ['80:3000']
    deploy:
      replicas: 2
  db:
    image: postgres:16
    ports:
      - '5432:5432'
      - '127.0.0.1:${P:-5433}:5432'
    volumes:
      - data:/var/lib/postgresql/data
      - ./init.sql:/docker-entrypoint-initdb.d/init.sql
  cache:
    image: redis
volumes:
  data:
";

    #[test]
    fn defaults_of_variables_count() {
        let text = "services:\n  a:\n    image: x/y${REF:-:latest}\n  b:\n    image: z:${V?set it}\n  c:\n    image: postgres:16\n    entrypoint: sh -c 'psql -c x'\n  d:\n    build: .\n    image: mine:latest\n";
        let units = units("compose.prod.yml", text);
        let pinned: Vec<Answer> = units.iter().map(|u| u.image_pinned).collect();
        assert_eq!(pinned, [Answer::No, Answer::Unknown, Answer::Yes, Answer::Na]);
        assert_eq!(units[2].kind, UnitKind::Unknown);
    }

    #[test]
    fn services() {
        let units = units("docker-compose.yml", TEXT);
        let [web, db, cache] = units.as_slice() else { panic!("{units:?}") };
        assert_eq!((web.instances, web.redundant, web.development), (2, Answer::Yes, Answer::No));
        assert_eq!(
            (db.kind, db.engine.as_str(), db.ephemeral_disk),
            (UnitKind::Database, "postgres", Answer::No)
        );
        let ports: Vec<(u32, u32, bool)> = db.ports.iter().map(|p| (p.host, p.container, p.public)).collect();
        assert_eq!(ports, [(5432, 5432, true), (5433, 5432, false)]);
        assert_eq!(
            (db.image_pinned, cache.image_pinned, cache.kind),
            (Answer::Yes, Answer::No, UnitKind::Cache)
        );
        assert_eq!(db.line, 7);
    }

    #[test]
    fn what_is_for_development() {
        let all = |name: &str, text: &str| units(name, text).iter().all(|u| u.development == Answer::Yes);
        assert!(all("docker-compose.dev.yml", TEXT));
        assert!(all("docker-compose.yml", "services:\n  db:\n    image: postgres:16\n"));
        assert!(all("compose.yml", "services:\n  a:\n    build: .\n    volumes: ['.:/app']\n"));
        assert!(!all("compose.prod.yml", "services:\n  db:\n    image: postgres:16\n"));
    }

    #[test]
    fn a_database_without_a_volume() {
        let units =
            units("compose.prod.yml", "services:\n  db:\n    image: mysql:8\n    tmpfs: /var/lib/mysql\n");
        assert_eq!(units[0].ephemeral_disk, Answer::Yes);
    }
}
