//! What packages are for.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct File {
    package: Vec<Package>,
}

/// What a package brings to an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// What an app is built on.
    Framework,
    /// A database, by its client.
    Database,
    /// An object-relational mapper or query builder: uses a database that configuration names.
    Orm,
    /// Takes payments.
    Payment,
    /// Calls or runs a model.
    Ai,
    /// Tells who is calling.
    Auth,
    /// Sends e-mail, SMS or push messages.
    Messaging,
    /// Collects errors.
    ErrorTracking,
    /// Writes structured logs.
    Logging,
    /// Keeps files.
    Storage,
    /// Runs tests.
    Test,
    /// Comes from an AI builder.
    Builder,
}

/// One entry of the vocabulary; what its keys mean is said at the top of `rules/vocabulary/packages.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    /// What it is for.
    pub is: Purpose,
    /// Its name in facts.
    pub id: String,
    /// Who runs it, `""` where the package does not tell.
    #[serde(default)]
    pub provider: String,
    /// npm package names.
    #[serde(default)]
    pub npm: Vec<String>,
    /// PyPI names, normalised.
    #[serde(default)]
    pub pypi: Vec<String>,
    /// Crates.
    #[serde(default)]
    pub cargo: Vec<String>,
    /// Python modules that show its use.
    #[serde(default)]
    pub modules: Vec<String>,
    /// npm: only imports of these count.
    #[serde(default)]
    pub subpaths: Vec<String>,
    /// Names of configuration files that show its use.
    #[serde(default)]
    pub files: Vec<String>,
    /// What an app built on it is.
    #[serde(default)]
    pub app: String,
    /// Whether it runs code on a server.
    #[serde(default)]
    pub server: bool,
    /// Whether it is used without being imported.
    #[serde(default)]
    pub tool: bool,
    /// Whether an app that uses it can only run on the builder's platform.
    #[serde(default)]
    pub lock_in: bool,
}

struct Table {
    packages: Vec<Package>,
    exact: HashMap<(&'static str, String), Vec<usize>>,
    prefixes: Vec<(&'static str, String, usize)>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let file: File = toml::from_str(super::vocabulary("packages.toml")).unwrap_or_default();
    let mut table = Table { packages: file.package, exact: HashMap::new(), prefixes: Vec::new() };
    for (index, package) in table.packages.iter().enumerate() {
        for (ecosystem, names) in [("npm", &package.npm), ("pypi", &package.pypi), ("cargo", &package.cargo)]
        {
            for name in names {
                match name.strip_suffix('*') {
                    Some(prefix) => table.prefixes.push((ecosystem, prefix.to_owned(), index)),
                    None => table.exact.entry((ecosystem, name.clone())).or_default().push(index),
                }
            }
        }
    }
    table
});

/// Every entry, in the order of the file.
pub fn all() -> &'static [Package] {
    &TABLE.packages
}

/// What a declared package may be for. Names of PyPI must be normalised.
pub fn declared(ecosystem: &str, name: &str) -> Vec<&'static Package> {
    let Some(ecosystem) = ["npm", "pypi", "cargo"].into_iter().find(|e| *e == ecosystem) else {
        return Vec::new();
    };
    let mut found = TABLE.exact.get(&(ecosystem, name.to_owned())).cloned().unwrap_or_default();
    found.extend(
        TABLE
            .prefixes
            .iter()
            .filter(|(e, p, _)| *e == ecosystem && name.starts_with(p.as_str()))
            .map(|(.., i)| *i),
    );
    found.sort_unstable();
    found.dedup();
    found.into_iter().filter_map(|i| TABLE.packages.get(i)).collect()
}

impl Package {
    /// Whether the JavaScript import of `specifier`, which is of the package `name`, shows its use.
    pub fn shown_by_import(&self, name: &str, specifier: &str) -> bool {
        let named = |pattern: &String| matches(pattern, name);
        if self.subpaths.is_empty() {
            return self.npm.iter().any(named);
        }
        self.subpaths.iter().any(|pattern| matches(pattern, specifier))
    }

    /// Whether the Python import of `module` shows its use.
    pub fn shown_by_module(&self, module: &str) -> bool {
        let within =
            |top: &str| module == top || module.strip_prefix(top).is_some_and(|rest| rest.starts_with('.'));
        if self.modules.is_empty() {
            return self.pypi.iter().any(|name| within(&name.trim_end_matches(['*', '-']).replace('-', "_")));
        }
        self.modules.iter().any(|m| within(m))
    }

    /// Whether the Rust path root `name` (with `_`) shows its use.
    pub fn shown_by_crate(&self, name: &str) -> bool {
        self.cargo.iter().any(|c| c.replace('-', "_") == name)
    }
}

fn matches(pattern: &str, text: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => text.starts_with(prefix),
        None => pattern == text,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_file_parses_with_unique_entries() {
        let file: File =
            toml::from_str(super::super::vocabulary("packages.toml")).expect("packages.toml parses");
        let mut seen = BTreeSet::new();
        for p in &file.package {
            assert!(seen.insert((p.is, p.id.clone(), p.provider.clone())), "{:?} {} twice", p.is, p.id);
            assert!(
                !(p.npm.is_empty() && p.pypi.is_empty() && p.cargo.is_empty()),
                "{} names no package",
                p.id
            );
            assert!(
                ["", "web", "api", "worker", "mobile", "desktop", "cli"].contains(&p.app.as_str()),
                "{}",
                p.id
            );
            for name in &p.pypi {
                assert_eq!(*name, name.to_ascii_lowercase().replace(['_', '.'], "-"), "not normalised");
            }
        }
    }

    #[test]
    fn one_package_may_be_for_several_things() {
        let ids = |e, n| declared(e, n).iter().map(|p| (p.is, p.id.as_str())).collect::<Vec<_>>();
        assert_eq!(
            ids("npm", "@supabase/ssr"),
            vec![(Purpose::Database, "postgres"), (Purpose::Auth, "supabase-auth")]
        );
        assert_eq!(ids("npm", "@clerk/nextjs"), vec![(Purpose::Auth, "clerk")]);
        assert!(ids("npm", "left-pad").is_empty());
    }

    #[test]
    fn firestore_is_used_only_where_firestore_is_imported() {
        let firestore =
            declared("npm", "firebase").into_iter().find(|p| p.id == "firestore").expect("in the file");
        assert!(firestore.shown_by_import("firebase", "firebase/firestore"));
        assert!(!firestore.shown_by_import("firebase", "firebase/auth"));
    }

    #[test]
    fn python_modules_are_matched_by_whole_names() {
        let redis = declared("pypi", "redis").into_iter().find(|p| p.id == "redis").expect("in the file");
        assert!(redis.shown_by_module("redis.asyncio"));
        assert!(!redis.shown_by_module("redislite"));
    }
}
