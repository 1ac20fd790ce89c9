//! Whether a database of a compose file asks who connects for a password, by what its image does with its settings.

use super::say;
use crate::facts::config::Node;
use crate::facts::kinds::{Answer, DeployUnit, Unknown};

/// Fills in `password` of a database or cache.
pub(super) fn read(service: &Node, image: &str, unit: &mut DeployUnit) {
    if unit.engine.is_empty() {
        unit.password = Answer::Na;
        return;
    }
    let variables = service.get("environment");
    let line = variables.map_or(unit.line, |node| node.line);
    let settings: Vec<(String, String)> = variables.map(Node::pairs).unwrap_or_default();
    let given = |name: &str| settings.iter().any(|(key, value)| key == name && !value.is_empty());
    let is = |name: &str, wanted: &[&str]| {
        let same =
            |value: &str| wanted.contains(&value.trim_matches(['"', '\'']).to_ascii_lowercase().as_str());
        settings.iter().any(|(key, value)| key.eq_ignore_ascii_case(name) && same(value))
    };
    let words: Vec<String> = ["entrypoint", "command"]
        .iter()
        .filter_map(|key| service.get(key))
        .flat_map(|node| node.texts().into_iter().map(|(word, _)| word))
        .collect();
    let command = words.join(" ");
    let yes = &["true", "yes", "1", "on"];
    let no = &["false", "no", "0", "off"];
    // A file of settings that is mounted, or of variables, may say it.
    let elsewhere = service.get("env_file").is_some()
        || service.get("build").is_some()
        || service.get("volumes").map(Node::list).unwrap_or_default().iter().any(|volume| {
            let text = volume.get("target").map_or_else(|| volume.scalar(), Node::scalar);
            [".conf", ".yml", ".yaml", "/etc/"].iter().any(|part| text.contains(part))
        });
    let open = |says: &str| (Answer::No, says.to_owned());
    let unless = |asks: bool, says: &str| match (asks, elsewhere) {
        (true, _) => (Answer::Yes, "it is given a password".to_owned()),
        (false, true) => (Answer::Unknown, String::new()),
        (false, false) => open(says),
    };
    let (answer, says) = match unit.engine.as_str() {
        "mongodb" => {
            let names = [
                "MONGO_INITDB_ROOT_USERNAME",
                "MONGO_INITDB_ROOT_USERNAME_FILE",
                "MONGODB_ROOT_PASSWORD",
                "MONGODB_INITDB_ROOT_USERNAME",
            ];
            let asks = names.iter().any(|name| given(name))
                || ["--auth", "--keyFile", "--config", " -f "].iter().any(|word| command.contains(word));
            unless(asks, "MongoDB asks for no password unless a user is set up")
        }
        "redis" | "valkey" => {
            let asks =
                ["requirepass", "aclfile", ".conf", "--user "].iter().any(|word| command.contains(word))
                    || settings.iter().any(|(key, value)| {
                        key.contains("PASSWORD") && !value.is_empty() && !key.contains("ALLOW_EMPTY")
                    })
                    || given("REDIS_ARGS");
            if is("ALLOW_EMPTY_PASSWORD", yes) {
                open("it allows empty passwords")
            } else {
                unless(asks, "Redis asks for no password unless one is set")
            }
        }
        "memcached" => {
            unless(command.contains("-S") || command.contains("auth"), "Memcached asks for no password")
        }
        "postgres" if is("POSTGRES_HOST_AUTH_METHOD", &["trust"]) => open("it trusts everybody (`trust`)"),
        "mysql" if is("MYSQL_ALLOW_EMPTY_PASSWORD", yes) || is("MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", yes) => {
            open("it allows an empty password")
        }
        "postgres" | "mysql" => (Answer::Yes, "its image does not start without a password".to_owned()),
        "elasticsearch" => elasticsearch(image, &is, yes, no),
        "neo4j" if is("NEO4J_AUTH", &["none"]) => open("it is told to ask for none"),
        "qdrant" => unless(given("QDRANT__SERVICE__API_KEY"), "Qdrant asks for no key unless one is set"),
        _ => (Answer::Unknown, String::new()),
    };
    unit.password = answer;
    if answer == Answer::Unknown {
        unit.unknowns.push(Unknown::new("password", "what its image does is not in the compose file"));
    } else {
        say(unit, "password", line, &says);
    }
}

/// It asks for a password by itself from version 8 on.
fn elasticsearch(
    image: &str,
    is: &dyn Fn(&str, &[&str]) -> bool,
    yes: &[&str],
    no: &[&str],
) -> (Answer, String) {
    if is("xpack.security.enabled", no)
        || is("DISABLE_SECURITY_PLUGIN", yes)
        || is("plugins.security.disabled", yes)
    {
        return (Answer::No, "its security is switched off".to_owned());
    }
    let tag = image.rsplit_once(':').map_or("", |(_, tag)| tag);
    let major: Option<u32> = tag.split('.').next().and_then(|text| text.parse().ok());
    match major {
        _ if is("xpack.security.enabled", yes) => (Answer::Yes, "its security is switched on".to_owned()),
        _ if image.contains("opensearch") => (Answer::Yes, "it asks for a password by itself".to_owned()),
        Some(major) if major >= 8 => (Answer::Yes, "it asks for a password by itself".to_owned()),
        Some(_) => (Answer::No, "before version 8 it asks for no password by itself".to_owned()),
        None => (Answer::Unknown, String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::facts;

    /// Whether the one service of a compose file asks for a password.
    fn asks(service: &str) -> Answer {
        let text = format!("services:\n  store:\n    {}\n", service.replace('\n', "\n    "));
        facts(&[("docker-compose.prod.yml", &text)]).deploy_units[0].password
    }

    #[test]
    fn what_images_do_by_themselves() {
        for (service, wanted) in [
            ("image: mongo:7", Answer::No),
            ("image: mongo:7\nenvironment:\n  MONGO_INITDB_ROOT_USERNAME: app", Answer::Yes),
            ("image: mongo:7\ncommand: mongod --auth", Answer::Yes),
            ("image: mongo:7\nenv_file: .env.production", Answer::Unknown),
            ("image: redis:7", Answer::No),
            ("image: redis:7\ncommand: redis-server --requirepass ${REDIS_PASSWORD}", Answer::Yes),
            ("image: redis:7\ncommand: [\"redis-server\", \"--appendonly\", \"yes\"]", Answer::No),
            ("image: bitnami/redis:7\nenvironment:\n  - ALLOW_EMPTY_PASSWORD=yes", Answer::No),
            ("image: redis:7\nvolumes:\n  - ./redis.conf:/usr/local/etc/redis/redis.conf", Answer::Unknown),
            ("image: postgres:16\nenvironment:\n  POSTGRES_PASSWORD: ${PASSWORD}", Answer::Yes),
            ("image: postgres:16\nenvironment:\n  POSTGRES_HOST_AUTH_METHOD: trust", Answer::No),
            ("image: mysql:8\nenvironment:\n  MYSQL_ALLOW_EMPTY_PASSWORD: \"yes\"", Answer::No),
            ("image: elasticsearch:8.15.0", Answer::Yes),
            ("image: elasticsearch:7.17.0", Answer::No),
            ("image: elasticsearch:8.15.0\nenvironment:\n  - xpack.security.enabled=false", Answer::No),
            ("image: acme/web:1", Answer::Na),
        ] {
            assert_eq!(asks(service), wanted, "{service}");
        }
    }
}
