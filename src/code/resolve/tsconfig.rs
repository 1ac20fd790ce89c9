//! `paths` and `baseUrl` of `tsconfig.json` and `jsconfig.json`. What a configuration extends may be missing, since it
//! often comes from a package that isn't installed: then what it says itself counts.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde_json::Value;

use super::files::{folder_of, join};
use super::mapping::{Mapping, Place};

/// How far configurations may extend each other.
const DEEPEST: u32 = 24;

/// What one configuration says, with what it extends. `${configDir}` is still in it.
#[derive(Debug, Clone, Default)]
struct Options {
    /// Its folder and its text.
    base: Option<(String, String)>,
    /// The folder in which they are written, and the paths.
    paths: Option<(String, Arc<Paths>)>,
}

/// Patterns and what they lead to.
type Paths = Vec<(String, Vec<String>)>;

/// All configurations of the repository.
pub(super) struct Configs<'a> {
    texts: &'a BTreeMap<&'a str, Value>,
    /// Names of packages and their folders.
    packages: HashMap<&'a str, &'a str>,
    /// `None` while it is being read: then what asks for it again is a circle.
    known: HashMap<String, Option<Options>>,
}

impl<'a> Configs<'a> {
    /// `texts`: all configurations that are JSON, by path.
    pub(super) fn new(
        texts: &'a BTreeMap<&'a str, Value>,
        packages: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        Self { texts, packages: packages.collect(), known: HashMap::new() }
    }

    /// What the configurations of one folder map, given their paths: the main one first, then those that it refers to,
    /// then the others (`tsconfig.app.json`, `tsconfig.base.json`).
    pub(super) fn mappings(&mut self, paths: &[&str]) -> Vec<Arc<Mapping>> {
        let mut order: Vec<String> = Vec::new();
        let mains = ["tsconfig.json", "jsconfig.json"];
        let is_main = |path: &&&str| mains.iter().any(|name| path.rsplit('/').next() == Some(name));
        for path in paths.iter().filter(is_main) {
            order.push((*path).to_owned());
            order.extend(self.references(path));
        }
        order.extend(paths.iter().filter(|path| !is_main(path)).map(|path| (*path).to_owned()));
        let mut seen = Vec::new();
        let mut found = Vec::new();
        for path in order.into_iter().take(16) {
            if seen.contains(&path) {
                continue;
            }
            let options = self.options(&path, 0);
            let mapping = options.mapping(folder_of(&path));
            if !mapping.is_empty() {
                found.push(Arc::new(mapping));
            }
            seen.push(path);
        }
        found
    }

    fn references(&self, path: &str) -> Vec<String> {
        let references =
            self.texts.get(path).and_then(|json| json.get("references")).and_then(Value::as_array);
        let paths = references.into_iter().flatten().filter_map(|one| one.get("path")?.as_str());
        let folder = folder_of(path);
        // A reference into another folder is another project, with its own files.
        paths
            .filter_map(|to| self.at(&join(folder, to)?))
            .filter(|to| folder_of(to) == folder)
            .take(16)
            .collect()
    }

    /// The configuration that a path without ending or of a folder stands for.
    fn at(&self, path: &str) -> Option<String> {
        [path.to_owned(), format!("{path}.json"), format!("{path}/tsconfig.json")]
            .into_iter()
            .find(|path| self.texts.contains_key(path.as_str()))
    }

    fn options(&mut self, path: &str, depth: u32) -> Options {
        match self.known.get(path) {
            Some(Some(options)) => return options.clone(),
            Some(None) => return Options::default(),
            None if depth > DEEPEST => return Options::default(),
            None => {}
        }
        self.known.insert(path.to_owned(), None);
        let texts = self.texts;
        let mut options = Options::default();
        let folder = folder_of(path);
        if let Some(json) = texts.get(path) {
            for base in extended(json) {
                if let Some(base) = self.extended_path(folder, base) {
                    options = self.options(&base, depth + 1).over(options);
                }
            }
            options = Options::read(folder, json).over(options);
        }
        self.known.insert(path.to_owned(), Some(options.clone()));
        options
    }

    fn extended_path(&self, folder: &str, specifier: &str) -> Option<String> {
        if specifier.starts_with('.') {
            return self.at(&join(folder, specifier)?);
        }
        let end = specifier
            .match_indices('/')
            .nth(usize::from(specifier.starts_with('@')))
            .map_or(specifier.len(), |(at, _)| at);
        let package = self.packages.get(&specifier[..end])?;
        self.at(&join(package, &specifier[end..])?)
    }
}

fn extended(json: &Value) -> Vec<&str> {
    match json.get("extends") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).take(16).collect(),
        _ => Vec::new(),
    }
}

impl Options {
    fn read(folder: &str, json: &Value) -> Self {
        let Some(options) = json.get("compilerOptions") else { return Self::default() };
        let base = options.get("baseUrl").and_then(Value::as_str);
        let paths = options.get("paths").and_then(Value::as_object).map(|paths| {
            let targets = |value: &Value| {
                let all = value.as_array().into_iter().flatten();
                all.filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
            };
            Arc::new(paths.iter().map(|(pattern, to)| (pattern.clone(), targets(to))).collect::<Vec<_>>())
        });
        Self {
            base: base.map(|base| (folder.to_owned(), base.to_owned())),
            paths: paths.map(|paths| (folder.to_owned(), paths)),
        }
    }

    fn over(self, below: Self) -> Self {
        Self { base: self.base.or(below.base), paths: self.paths.or(below.paths) }
    }

    /// `folder`: of the configuration that is in force.
    fn mapping(&self, folder: &str) -> Mapping {
        let place = |written: &str, text: &str| match text.strip_prefix("${configDir}") {
            Some(rest) => join(folder, rest),
            None => join(written, text),
        };
        let base = self.base.as_ref().and_then(|(written, base)| place(written, base));
        let paths = self.paths.iter().flat_map(|(written, paths)| {
            let from = base.as_deref().unwrap_or(written.as_str());
            paths.iter().map(move |(pattern, targets)| {
                let places = targets
                    .iter()
                    // A type of a package that is installed is no file of the repository.
                    .filter(|target| !target.contains("node_modules/"))
                    .filter_map(|target| place(from, target).map(Place::Path));
                (pattern.clone(), places.collect::<Vec<_>>())
            })
        });
        let all = base.iter().map(|base| {
            let all = if base.is_empty() { "*".to_owned() } else { format!("{base}/*") };
            ("*".to_owned(), vec![Place::Path(all)])
        });
        Mapping::new(paths.filter(|(_, places)| !places.is_empty()).chain(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(files: &[(&str, &str)], folder_of_configs: &[&str], specifier: &str) -> Vec<Place> {
        let texts: BTreeMap<&str, Value> =
            files.iter().map(|(path, text)| (*path, super::super::json::read(text))).collect();
        let packages = [("@acme/config", "packages/config")];
        let mut configs = Configs::new(&texts, packages.into_iter());
        let mappings = configs.mappings(folder_of_configs);
        mappings.iter().flat_map(|m| m.find(specifier).map(|(place, _)| place).collect::<Vec<_>>()).collect()
    }

    fn paths(paths: &[&str]) -> Vec<Place> {
        paths.iter().map(|path| Place::Path((*path).to_owned())).collect()
    }

    #[test]
    fn what_is_extended_may_be_missing() {
        let files = [(
            "web/tsconfig.json",
            r#"{"extends": "@nowhere/base", "compilerOptions": {"paths": {"@/*": ["./src/*"]}}}"#,
        )];
        assert_eq!(first(&files, &["web/tsconfig.json"], "@/a"), paths(&["web/src/a"]));
    }

    #[test]
    fn paths_stand_where_they_are_written_unless_there_is_a_base() {
        let files = [
            ("a/tsconfig.json", r#"{"extends": "@acme/config/base.json"}"#),
            (
                "b/tsconfig.json",
                r#"{"extends": ["../packages/config/base"], "compilerOptions": {"baseUrl": "lib"}}"#,
            ),
            (
                "packages/config/base.json",
                r##"{"compilerOptions": {"paths": {"~/*": ["./x/*"], "#/*": ["${configDir}/y/*"]}}}"##,
            ),
        ];
        assert_eq!(first(&files, &["a/tsconfig.json"], "~/m"), paths(&["packages/config/x/m"]));
        assert_eq!(first(&files, &["a/tsconfig.json"], "#/m"), paths(&["a/y/m"]));
        assert_eq!(first(&files, &["b/tsconfig.json"], "~/m"), paths(&["b/lib/x/m", "b/lib/~/m"]));
    }

    #[test]
    fn a_solution_that_only_refers_has_the_paths_of_its_parts() {
        let files = [
            ("tsconfig.json", r#"{"files": [], "references": [{"path": "./tsconfig.app.json"}]}"#),
            ("tsconfig.app.json", r#"{"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["./src/*"]}}}"#),
        ];
        let all = ["tsconfig.app.json", "tsconfig.json"];
        assert_eq!(first(&files, &all, "@/a"), paths(&["src/a", "@/a"]));
    }

    #[test]
    fn circles_end() {
        let files = [
            ("tsconfig.json", r#"{"extends": "./tsconfig.base.json", "references": [{"path": "."}]}"#),
            (
                "tsconfig.base.json",
                r#"{"extends": ["./tsconfig.json", "./tsconfig.base.json"], "compilerOptions": {"paths": {"@/*": ["./*"]}}}"#,
            ),
        ];
        assert_eq!(first(&files, &["tsconfig.base.json", "tsconfig.json"], "@/a")[0], paths(&["a"])[0]);
    }
}
