//! What listens on a port by custom.

use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct File {
    port: Vec<Port>,
}

/// A port and what listens there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Port {
    /// The number.
    pub port: u32,
    /// `administration`, `database`, `web`.
    pub is: String,
    /// `ssh`, `postgres`, …
    pub id: String,
}

static PORTS: LazyLock<File> =
    LazyLock::new(|| toml::from_str(super::vocabulary("ports.toml")).unwrap_or_default());

/// The known ports from `from` to `to`, in the order of the vocabulary.
pub fn between(from: u32, to: u32) -> impl Iterator<Item = &'static Port> {
    PORTS.port.iter().filter(move |p| (from..=to).contains(&p.port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_parses() {
        let file: File = toml::from_str(super::super::vocabulary("ports.toml")).expect("ports.toml parses");
        let kinds = ["administration", "database", "web"];
        assert!(file.port.iter().all(|p| kinds.contains(&p.is.as_str())));
        assert_eq!(between(5432, 5432).map(|p| p.id.as_str()).collect::<Vec<_>>(), ["postgres"]);
        assert_eq!(between(8000, 8085).count(), 0);
    }
}
