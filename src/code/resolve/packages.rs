//! Packages that the repository itself has: what their `package.json` (or `deno.json`) says of where they begin.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::files::join;
use super::mapping::{Mapping, Place};

/// How deep conditions may stand in each other.
const DEEPEST: u32 = 8;

/// One folder with a `package.json`.
#[derive(Debug, Default)]
pub(super) struct Package {
    /// Where it is.
    pub folder: String,
    /// Its name; `""` without one.
    pub name: String,
    version: Option<String>,
    /// Keys without the `./`: `""` is the package itself.
    pub exports: Option<Mapping>,
    /// `#x`.
    pub imports: Option<Mapping>,
    /// Paths that the package itself may be, best first.
    pub mains: Vec<String>,
    /// Whether it says what others get of it, as programs that are only run have no reason to.
    pub is_library: bool,
    /// Packages that it asks for, and in which version.
    dependencies: HashMap<String, String>,
}

/// What the range of a dependency says of who is meant.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked<'p> {
    /// The package of the repository.
    Here,
    /// That of a registry, under this name.
    There(&'p str),
    /// Nothing is asked for.
    Nothing,
}

impl Package {
    /// From a `package.json`.
    pub(super) fn of_npm(folder: &str, json: &Value) -> Self {
        let text = |key: &str| json.get(key).and_then(Value::as_str);
        let mains =
            ["source", "module", "main", "types", "typings", "browser"].iter().filter_map(|key| text(key));
        let dependencies = ["peerDependencies", "optionalDependencies", "devDependencies", "dependencies"]
            .iter()
            .filter_map(|key| json.get(key)?.as_object())
            .flatten()
            .filter_map(|(name, range)| Some((name.clone(), range.as_str()?.to_owned())))
            .collect();
        let imports = json.get("imports").and_then(Value::as_object).map(|entries| {
            Mapping::new(entries.iter().map(|(key, value)| (key.clone(), places(folder, value))))
        });
        Self {
            folder: folder.to_owned(),
            name: text("name").unwrap_or_default().to_owned(),
            version: text("version").map(str::to_owned),
            exports: json.get("exports").map(|value| exports(folder, value)),
            imports,
            mains: mains.filter_map(|main| join(folder, main)).collect(),
            is_library: ["exports", "types", "typings", "publishConfig"]
                .iter()
                .any(|key| json.get(key).is_some()),
            dependencies,
        }
    }

    /// From a `deno.json` that names a package.
    pub(super) fn of_deno(folder: &str, json: &Value) -> Self {
        Self {
            folder: folder.to_owned(),
            name: json.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
            exports: json.get("exports").map(|value| exports(folder, value)),
            is_library: json.get("exports").is_some(),
            ..Self::default()
        }
    }

    /// Whether this package, when it imports `other`, means the one of the repository.
    pub(super) fn asks_for<'p>(&'p self, other: &'p Package) -> Asked<'p> {
        let Some(range) = self.dependencies.get(&other.name) else { return Asked::Nothing };
        let range = range.as_str();
        if let Some(alias) = range.strip_prefix("npm:") {
            return Asked::There(alias);
        }
        let local = ["workspace:", "file:", "link:", "portal:"].iter().any(|start| range.starts_with(start));
        if local || matches!(range, "" | "*" | "x") || accepts(range, other.version.as_deref()) {
            return Asked::Here;
        }
        Asked::There(&other.name)
    }
}

/// Whether a version can be meant by a range: the part that may not change is the same. A package manager takes the one
/// of the workspace then.
fn accepts(range: &str, version: Option<&str>) -> bool {
    let fixed = |text: &str| {
        let text = text.trim_start_matches(|c: char| !c.is_ascii_digit());
        let mut numbers = text.split(|c: char| !c.is_ascii_digit()).map(str::to_owned);
        let major = numbers.next()?;
        let minor = if major == "0" { numbers.next() } else { None };
        (!major.is_empty()).then_some((major, minor))
    };
    let asked = fixed(range);
    asked.is_some() && asked == version.and_then(fixed)
}

fn exports(folder: &str, value: &Value) -> Mapping {
    let subpaths = value.as_object().filter(|map| map.keys().any(|key| key.starts_with('.')));
    match subpaths {
        Some(map) => Mapping::new(map.iter().map(|(key, value)| {
            let key = key.trim_start_matches('.').trim_start_matches('/');
            // `"./features/": "./src/features/"` was the form of patterns before there were patterns.
            if key.ends_with('/') {
                let places = places(folder, value).into_iter().map(|place| match place {
                    Place::Path(path) => Place::Path(format!("{path}/*")),
                    Place::Specifier(specifier) => Place::Specifier(format!("{specifier}*")),
                });
                return (format!("{key}*"), places.collect());
            }
            (key.to_owned(), places(folder, value))
        })),
        None => Mapping::new([(String::new(), places(folder, value))]),
    }
}

/// Where conditions lead, sources before what is made of them.
fn places(folder: &str, value: &Value) -> Vec<Place> {
    let mut found = Vec::new();
    collect(folder, value, 0, &mut found);
    found
}

fn collect(folder: &str, value: &Value, depth: u32, found: &mut Vec<Place>) {
    if depth > DEEPEST || found.len() >= 16 {
        return;
    }
    match value {
        Value::String(text) if text.starts_with('.') => found.extend(join(folder, text).map(Place::Path)),
        Value::String(text) => found.push(Place::Specifier(text.clone())),
        Value::Array(items) => items.iter().for_each(|item| collect(folder, item, depth + 1, found)),
        Value::Object(map) => {
            for (_, value) in by_preference(map) {
                collect(folder, value, depth + 1, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn by_preference(conditions: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let rank = |name: &str| match name {
        _ if name.contains("source") => 0,
        "development" => 1,
        "import" | "module" => 2,
        "default" => 3,
        "node" | "require" => 4,
        _ => 5,
    };
    let mut all: Vec<_> = conditions.iter().take(64).collect();
    all.sort_by_key(|(name, _)| rank(name));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn who_is_meant_is_told_by_the_range() {
        let other = Package::of_npm("packages/ui", &json!({"name": "ui", "version": "1.2.0"}));
        let asked = |range: &str| {
            let app = Package::of_npm("app", &json!({"dependencies": {"ui": range}}));
            match app.asks_for(&other) {
                Asked::Here => "here".to_owned(),
                Asked::There(name) => name.to_owned(),
                Asked::Nothing => String::new(),
            }
        };
        for range in ["workspace:*", "*", "file:../packages/ui", "^1.0.0", "1.2.0", "~1.2"] {
            assert_eq!(asked(range), "here", "{range}");
        }
        for range in ["^2.0.0", "latest", "catalog:"] {
            assert_eq!(asked(range), "ui", "{range}");
        }
        assert_eq!(asked("npm:@someone/ui@3"), "@someone/ui@3");
        assert_eq!(Package::of_npm("app", &json!({})).asks_for(&other), Asked::Nothing);
    }

    #[test]
    fn exports_lead_to_sources_first() {
        let package = Package::of_npm(
            "p",
            &json!({"name": "p", "exports": {
                ".": {"types": "./dist/index.d.ts", "import": {"source": "./src/index.ts", "default": "./dist/index.js"}},
                "./*": "./src/*.ts",
                "./icons/": "./assets/icons/",
                "./closed": null,
            }}),
        );
        let exports = package.exports.unwrap();
        let found = |sub: &str| exports.find(sub).next().map(|(place, _)| place);
        assert_eq!(found(""), Some(Place::Path("p/src/index.ts".into())));
        assert_eq!(found("a/b"), Some(Place::Path("p/src/a/b.ts".into())));
        assert_eq!(found("icons/x.svg"), Some(Place::Path("p/assets/icons/x.svg".into())));
    }
}
