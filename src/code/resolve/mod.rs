//! Where a specifier leads, on a checkout where nothing is installed: relative paths, `paths` of TypeScript, packages of
//! the workspace, aliases of bundlers, import maps. What is outside of the repository is a package.
//!
//! One way for all tools: what is mapped nearest to the file is tried first, and what leads to a file that is there
//! wins. So a configuration that can't be read wholly costs little.

mod aliases;
mod external;
mod files;
mod generated;
mod import_maps;
mod json;
mod mapping;
mod packages;
#[cfg(test)]
mod tests;
mod tsconfig;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value;

use super::{Module, ModuleId, Owner, Target};
use files::{Files, folder_of, join};
use mapping::{Mapping, Place};
use packages::{Asked, Package};

/// Mappings that are asked for one specifier; the nearest are first.
const MOST_MAPPINGS: usize = 12;
/// How many folders above a file are looked at.
const MOST_FOLDERS: usize = 64;
/// Folders of generated code that are known.
const MOST_GENERATED: usize = 32;
/// A configuration that is larger was made by something else.
const LARGEST: usize = 1 << 20;
/// A specifier that is longer isn't one.
const LONGEST: usize = 1000;

/// Whether a file of code may tell what specifiers stand for.
pub fn is_mapping(path: &str) -> bool {
    aliases::is_configuration(path)
}

/// Whether [`link`](super::link()) wants the text of a file: `tsconfig.json`, `package.json`, `deno.json`, import maps
/// and the like. Configurations that are code (`vite.config.ts`) it takes from the modules.
pub fn is_configuration(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let above = folder.rsplit('/').next().unwrap_or_default();
    let config = |start: &str| name.starts_with(start) && name.ends_with(".json");
    let kept_apart = ["tsconfig", "ts-config", "typescript-config"].iter().any(|end| above.ends_with(end));
    !path.contains("node_modules/")
        && (name == "package.json"
            || config("tsconfig")
            || config("jsconfig")
            || is_deno(name)
            || is_import_map(name)
            || is_babel(name)
            || generated::is_schema(name)
            || (kept_apart && name.ends_with(".json")))
}

fn is_deno(name: &str) -> bool {
    matches!(name, "deno.json" | "deno.jsonc")
}

fn is_import_map(name: &str) -> bool {
    matches!(name, "import_map.json" | "import-map.json" | "importmap.json" | "imports.json")
}

fn is_babel(name: &str) -> bool {
    matches!(name, ".babelrc" | ".babelrc.json" | "babel.config.json")
}

/// What is known of a folder.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    /// Nearest first.
    mappings: Vec<Arc<Mapping>>,
    /// The packages around it, nearest first: places in [`Resolver::packages`].
    packages: Vec<usize>,
}

/// Everything that tells where specifiers lead.
pub(super) struct Resolver<'a> {
    files: Files<'a>,
    /// Sorted by folder.
    packages: Vec<Package>,
    names: HashMap<String, Vec<usize>>,
    /// Folders that have something to say, with what is said above them.
    scopes: BTreeMap<String, Scope>,
    /// Folders that a tool makes, and the packages that they stand for.
    generated: Vec<(String, &'static str)>,
    nowhere: Scope,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(
        all: &[Arc<Module>],
        modules: &'a HashMap<String, ModuleId>,
        configurations: &[(String, String)],
    ) -> Self {
        let texts: BTreeMap<&str, Value> = configurations
            .iter()
            .filter(|(path, text)| {
                is_configuration(path) && !generated::is_schema(path) && text.len() <= LARGEST
            })
            .map(|(path, text)| (path.as_str(), json::read(text)))
            .collect();
        let schemas = configurations.iter().filter(|(path, _)| generated::is_schema(path));
        let mut generated: Vec<_> =
            schemas.flat_map(|(path, text)| generated::clients(path, text)).take(MOST_GENERATED).collect();
        generated.sort_unstable();
        let packages = packages(&texts);
        let mut names: HashMap<String, Vec<usize>> = HashMap::new();
        for (i, package) in packages.iter().enumerate().filter(|(_, package)| !package.name.is_empty()) {
            names.entry(package.name.clone()).or_default().push(i);
        }
        let mut own = own_mappings(&texts, &packages);
        for module in all.iter().filter(|module| aliases::is_configuration(&module.path)) {
            let mapping = aliases::of_code(module);
            if !mapping.is_empty() {
                // A configuration in `config/` speaks of the package around it.
                let folder = enclosing(folder_of(&module.path), |f| is_package(&packages, f));
                own.entry(folder.unwrap_or_else(|| folder_of(&module.path)).to_owned())
                    .or_default()
                    .push(Arc::new(mapping));
            }
        }
        let scopes = scopes(own, &packages);
        Self { files: Files::new(modules), packages, names, scopes, generated, nowhere: Scope::default() }
    }

    /// What is known of the folder of a file.
    pub(super) fn scope(&self, from: &str) -> &Scope {
        enclosing(folder_of(from), |folder| self.scopes.contains_key(folder))
            .and_then(|folder| self.scopes.get(folder))
            .unwrap_or(&self.nowhere)
    }

    /// The package that a file belongs to.
    pub(super) fn package(&self, scope: &Scope) -> Owner {
        let at = scope.packages.first().copied();
        Owner { package: at, is_library: at.is_some_and(|at| self.packages[at].is_library) }
    }

    /// Where a specifier in a file leads.
    pub(super) fn target(&self, scope: &Scope, from: &str, specifier: &str) -> Target {
        if specifier.is_empty() || specifier.len() > LONGEST {
            return Target::Missing;
        }
        if matches!(specifier, "." | "..") || specifier.starts_with("./") || specifier.starts_with("../") {
            let path = join(folder_of(from), without_query(specifier));
            return path.and_then(|path| self.file(&path)).unwrap_or(Target::Missing);
        }
        let mut meant_here = false;
        for mapping in &scope.mappings {
            for (place, meant) in mapping.find(without_query(specifier)) {
                match place {
                    Place::Path(path) => match self.file(&path) {
                        Some(target) => return target,
                        None => meant_here |= meant,
                    },
                    Place::Specifier(to) => return self.bare(scope, &to),
                }
            }
        }
        match self.bare(scope, specifier) {
            Target::Package(_) if meant_here && external::scheme(specifier).is_none() => Target::Missing,
            target => target,
        }
    }

    /// Without mappings.
    fn bare(&self, scope: &Scope, specifier: &str) -> Target {
        if external::scheme(specifier).is_some() {
            return Target::Package(external::package(specifier).into());
        }
        if specifier.starts_with('#')
            && let Some(target) = self.of_imports(scope, specifier)
        {
            return target;
        }
        if let Some(target) = self.by_convention(scope, without_query(specifier)) {
            return target;
        }
        if external::is_built_in(specifier) {
            return Target::Package(external::package(specifier).into());
        }
        self.of_workspace(scope, specifier)
            .unwrap_or_else(|| Target::Package(external::package(specifier).into()))
    }

    /// What a path stands for: a module, or what a tool makes there.
    fn file(&self, path: &str) -> Option<Target> {
        self.files.probe(path).map(Target::Module).or_else(|| self.made(path))
    }

    fn unbuilt(&self, package: &Package, path: &str) -> Option<Target> {
        self.files.probe_unbuilt(&package.folder, path).map(Target::Module).or_else(|| self.made(path))
    }

    fn made(&self, path: &str) -> Option<Target> {
        let is_in = |folder: &str| {
            path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let package = self.generated.iter().find(|(folder, _)| is_in(folder))?.1;
        Some(Target::Package(package.into()))
    }

    /// `#x` of the nearest package that has `imports`.
    fn of_imports(&self, scope: &Scope, specifier: &str) -> Option<Target> {
        let package = scope.packages.iter().map(|i| &self.packages[*i]).find(|p| p.imports.is_some())?;
        let mut meant = None;
        for (place, _) in package.imports.as_ref()?.find(specifier) {
            match place {
                Place::Path(path) => match self.unbuilt(package, &path) {
                    Some(target) => return Some(target),
                    None => meant = Some(Target::Missing),
                },
                Place::Specifier(to) if to.starts_with('#') => meant = Some(Target::Missing),
                Place::Specifier(to) => return Some(self.bare(scope, &to)),
            }
        }
        meant
    }

    /// What frameworks map by themselves, and what everybody means by it where a configuration can't be read.
    fn by_convention(&self, scope: &Scope, specifier: &str) -> Option<Target> {
        let folders: &[&str] = match specifier {
            _ if specifier.starts_with("$lib") => &["src/lib"],
            _ if specifier.starts_with('/') => &[""],
            _ => &["src", "", "app", "client/src", "resources/js"],
        };
        let (start, rest) = specifier.split_once('/').unwrap_or((specifier, ""));
        if !matches!(start, "@" | "~" | "@@" | "~~" | "$lib" | "") {
            return None;
        }
        let roots = scope.packages.iter().map(|i| self.packages[*i].folder.as_str()).chain([""]);
        for root in roots {
            for folder in folders {
                let found = join(root, folder).and_then(|folder| self.file(&join(&folder, rest)?));
                if found.is_some() {
                    return found;
                }
            }
        }
        Some(Target::Missing)
    }

    /// A package of the repository itself.
    fn of_workspace(&self, scope: &Scope, specifier: &str) -> Option<Target> {
        let end = specifier
            .match_indices('/')
            .nth(usize::from(specifier.starts_with('@')))
            .map_or(specifier.len(), |(at, _)| at);
        let (name, sub) = (&specifier[..end], without_query(specifier[end..].trim_start_matches('/')));
        let candidates = self.names.get(name)?;
        let mut missing = None;
        for candidate in candidates.iter().take(16) {
            let package = &self.packages[*candidate];
            // A package means itself by its own name only if it says what it exports.
            if scope.packages.first() == Some(candidate) && package.exports.is_none() {
                continue;
            }
            let asked = scope.packages.iter().map(|i| self.packages[*i].asks_for(package));
            match asked.into_iter().find(|asked| *asked != Asked::Nothing).unwrap_or(Asked::Nothing) {
                Asked::There(alias) => {
                    let whole = if sub.is_empty() { alias.to_owned() } else { format!("{alias}/{sub}") };
                    missing = Some(Target::Package(external::package(&whole).into()));
                }
                Asked::Here | Asked::Nothing => match self.in_package(package, sub) {
                    Some(target) => return Some(target),
                    None => missing = missing.or(Some(Target::Missing)),
                },
            }
        }
        missing
    }

    fn in_package(&self, package: &Package, sub: &str) -> Option<Target> {
        if let Some(exports) = &package.exports {
            let found = exports.find(sub).find_map(|(place, _)| match place {
                Place::Path(path) => self.unbuilt(package, &path),
                Place::Specifier(_) => None,
            });
            if found.is_some() {
                return found;
            }
        }
        if sub.is_empty()
            && let Some(found) = package.mains.iter().find_map(|main| self.unbuilt(package, main))
        {
            return Some(found);
        }
        ["", "src", "lib", "source"]
            .iter()
            .find_map(|folder| self.file(&join(&join(&package.folder, folder)?, sub)?))
    }
}

fn without_query(specifier: &str) -> &str {
    specifier.split_once('?').map_or(specifier, |(path, _)| path)
}

/// The folder itself or the nearest one above it for which something holds.
fn enclosing(folder: &str, holds: impl Fn(&str) -> bool) -> Option<&str> {
    above(folder).find(|folder| holds(folder))
}

/// A folder and those above it, up to the root.
fn above(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| (!folder.is_empty()).then(|| folder_of(folder)))
        .take(MOST_FOLDERS)
}

fn is_package(packages: &[Package], folder: &str) -> bool {
    packages.binary_search_by(|package| package.folder.as_str().cmp(folder)).is_ok()
}

/// One for each folder, sorted by it.
fn packages(texts: &BTreeMap<&str, Value>) -> Vec<Package> {
    let mut by_folder: BTreeMap<&str, Package> = BTreeMap::new();
    for (path, json) in texts {
        let name = path.rsplit('/').next().unwrap_or_default();
        let folder = folder_of(path);
        if name == "package.json" {
            by_folder.insert(folder, Package::of_npm(folder, json));
        } else if is_deno(name) && json.get("name").is_some() {
            by_folder.entry(folder).or_insert_with(|| Package::of_deno(folder, json));
        }
    }
    by_folder.into_values().collect()
}

/// What the configurations that are JSON map, by folder: import maps, then `paths`, then aliases.
fn own_mappings(texts: &BTreeMap<&str, Value>, packages: &[Package]) -> BTreeMap<String, Vec<Arc<Mapping>>> {
    let mut own: BTreeMap<String, Vec<Arc<Mapping>>> = BTreeMap::new();
    let mut configs: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut maps = Vec::new();
    let mut last = Vec::new();
    for (path, json) in texts {
        let name = path.rsplit('/').next().unwrap_or_default();
        let folder = folder_of(path);
        if is_deno(name) || is_import_map(name) {
            maps.push((folder, import_maps::mapping(folder, json)));
            // A map that is named speaks for the folder of the one that names it.
            let named = json.get("importMap").and_then(Value::as_str).and_then(|to| join(folder, to));
            if let Some(named) = named.filter(|named| named != path)
                && let Some(json) = texts.get(named.as_str())
            {
                maps.push((folder, import_maps::mapping(folder_of(&named), json)));
            }
        } else if is_babel(name) || name == "package.json" {
            last.push((folder, aliases::of_json(folder, json)));
        } else if name.starts_with("tsconfig") || name.starts_with("jsconfig") {
            configs.entry(folder).or_default().push(path);
        }
    }
    let mut add = |folder: &str, mapping: Arc<Mapping>| {
        if !mapping.is_empty() {
            own.entry(folder.to_owned()).or_default().push(mapping);
        }
    };
    maps.into_iter().for_each(|(folder, mapping)| add(folder, Arc::new(mapping)));
    let names = packages.iter().map(|package| (package.name.as_str(), package.folder.as_str()));
    let mut known = tsconfig::Configs::new(texts, names);
    for (folder, paths) in configs {
        known.mappings(&paths).into_iter().for_each(|mapping| add(folder, mapping));
    }
    last.into_iter().for_each(|(folder, mapping)| add(folder, Arc::new(mapping)));
    own
}

/// What is said in a folder, before what is said above it.
fn scopes(mut own: BTreeMap<String, Vec<Arc<Mapping>>>, packages: &[Package]) -> BTreeMap<String, Scope> {
    let folders: BTreeSet<String> =
        own.keys().cloned().chain(packages.iter().map(|package| package.folder.clone())).collect();
    let mut scopes: BTreeMap<String, Scope> = BTreeMap::new();
    // A folder comes before those in it.
    for folder in folders {
        let above = enclosing(folder_of(&folder), |f| *f != *folder && scopes.contains_key(f));
        let above = above.and_then(|above| scopes.get(above)).cloned().unwrap_or_default();
        let mut scope = Scope { mappings: own.remove(&folder).unwrap_or_default(), packages: Vec::new() };
        scope.mappings.extend(above.mappings);
        scope.mappings.truncate(MOST_MAPPINGS);
        scope.packages.extend(packages.binary_search_by(|package| package.folder.as_str().cmp(&folder)));
        scope.packages.extend(above.packages);
        scope.packages.truncate(4);
        scopes.insert(folder, scope);
    }
    scopes
}
