//! The house keeps its order: parses every file of `src` and fails on an import that points the wrong way.
//!
//! Checked: a layer names only layers to its left; readers and extractors do not name each other; the crates that
//! we keep behind one door (`cel`, `git2`) are named only there; no file grows past 500 lines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::Visit;

/// In the order of `docs/architecture.md`. A layer may name those before it. The three readers (`code`, `schema`,
/// `secrets`) may not name each other, which their order alone would allow: see `forbidden`.
const LAYERS: &[&str] = &[
    "source", "secrets", "code", "schema", "meaning", "facts", "rules", "findings", "score", "report", "cli",
];

const READERS: &[&str] = &["secrets", "code", "schema"];

/// Crates that only one folder may name.
const DOORS: &[(&str, &str)] = &[
    ("cel", "src/rules/cel"),
    ("git2", "src/source"),
    ("oxc", "src/code/typescript"),
    ("squawk_syntax", "src/schema"),
];

/// Folders whose modules are peers: a file or folder in one may not name its neighbours, but for the shared ones.
const PEERS: &[(&str, &[&str])] =
    &[("facts::extract", &["Extractor", "EXTRACTORS"]), ("facts::join", &["Join", "JOINS"])];

const MAX_LINES: usize = 500;

#[test]
fn every_import_points_to_the_left() {
    let wrong: Vec<String> = sources().iter().flat_map(misplaced).collect();
    assert!(wrong.is_empty(), "imports that point the wrong way:\n{}", wrong.join("\n"));
}

#[test]
fn crates_behind_a_door_are_named_only_there() {
    let mut wrong = Vec::new();
    for file in sources() {
        // Fixtures become repositories, which only git2 can write without the git program.
        if file.shown == "src/rules/materialise.rs" || file.shown.starts_with("src/rules/history/") {
            continue;
        }
        for path in &file.paths {
            let first = path.first().map_or("", String::as_str);
            if DOORS.iter().any(|(krate, door)| *krate == first && !file.shown.starts_with(door)) {
                wrong.push(format!("{}: {}", file.shown, path.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "crates named outside their module:\n{}", wrong.join("\n"));
}

#[test]
fn files_have_one_subject() {
    let long: Vec<String> = sources()
        .iter()
        .filter(|file| file.lines > MAX_LINES)
        .map(|file| format!("{} has {} lines", file.shown, file.lines))
        .collect();
    assert!(long.is_empty(), "files over {MAX_LINES} lines, split them:\n{}", long.join("\n"));
}

#[test]
fn a_wrong_import_is_found() {
    let file =
        parse(Path::new("src/facts/extract/apps.rs"), "use crate::report::Report;\nuse super::people::x;\n");
    let wrong = misplaced(&file);
    assert_eq!(wrong.len(), 2, "{wrong:?}");
    let file = parse(Path::new("src/secrets/excerpt.rs"), "fn f() { crate::schema::replay(); }\n");
    assert_eq!(misplaced(&file).len(), 1);
    let file =
        parse(Path::new("src/report/json.rs"), "use crate::findings::Finding;\nuse super::model::Report;\n");
    assert!(misplaced(&file).is_empty());
}

struct Source {
    /// Relative to the project, with `/`.
    shown: String,
    lines: usize,
    /// Module path of the file: `["facts", "extract", "apps"]`.
    module: Vec<String>,
    /// Every path that the file names, `crate` and `super` resolved to `["crate", "facts", …]`.
    paths: Vec<Vec<String>>,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<PathBuf> = walkdir::WalkDir::new(root.join("src"))
        .into_iter()
        .flatten()
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .collect();
    files.sort();
    assert!(files.len() > 20, "the sources are where this test looks for them");
    files
        .iter()
        .map(|path| parse(path.strip_prefix(root).unwrap(), &fs::read_to_string(path).unwrap()))
        .collect()
}

fn parse(path: &Path, text: &str) -> Source {
    let shown = path.to_string_lossy().replace('\\', "/");
    let mut module: Vec<String> = shown.trim_start_matches("src/").split('/').map(str::to_owned).collect();
    let name = module.pop().unwrap_or_default();
    if !matches!(name.as_str(), "mod.rs" | "lib.rs" | "main.rs") {
        module.push(name.trim_end_matches(".rs").to_owned());
    }
    let syntax = syn::parse_file(text).unwrap_or_else(|e| panic!("{shown}: {e}"));
    let mut names = Names { module: module.clone(), paths: Vec::new() };
    names.visit_file(&syntax);
    Source { shown, lines: text.lines().count(), module, paths: names.paths }
}

struct Names {
    module: Vec<String>,
    paths: Vec<Vec<String>>,
}

impl Names {
    fn add(&mut self, segments: Vec<String>) {
        let resolved = match segments.first().map(String::as_str) {
            Some("crate") => segments,
            Some("super" | "self") => {
                let mut base = vec!["crate".to_owned()];
                let ups = segments.iter().take_while(|s| *s == "super").count();
                let keep = self.module.len().saturating_sub(ups);
                base.extend(self.module.iter().take(keep).cloned());
                base.extend(segments.into_iter().skip_while(|s| s == "super" || s == "self"));
                base
            }
            _ => segments,
        };
        self.paths.push(resolved);
    }

    fn use_tree(&mut self, prefix: &[String], tree: &syn::UseTree) {
        let with = |name: &syn::Ident| {
            let mut path = prefix.to_vec();
            path.push(name.to_string());
            path
        };
        match tree {
            syn::UseTree::Path(path) => self.use_tree(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) => self.add(with(&name.ident)),
            syn::UseTree::Rename(name) => self.add(with(&name.ident)),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.use_tree(prefix, tree)),
            _ => self.add(prefix.to_vec()),
        }
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.use_tree(&[], &item.tree);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.module.push(item.ident.to_string());
        syn::visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        if segments.len() > 1 {
            self.add(segments);
        }
        syn::visit::visit_path(self, path);
    }
}

fn misplaced(file: &Source) -> Vec<String> {
    let Some(layer) = file.module.first().filter(|layer| LAYERS.contains(&layer.as_str())) else {
        return Vec::new();
    };
    let place: BTreeMap<&str, usize> = LAYERS.iter().enumerate().map(|(i, layer)| (*layer, i)).collect();
    let mut wrong = Vec::new();
    for path in file.paths.iter().filter(|path| path.first().is_some_and(|first| first == "crate")) {
        let Some(named) = path.get(1).filter(|named| place.contains_key(named.as_str())) else { continue };
        let readers =
            named != layer && READERS.contains(&named.as_str()) && READERS.contains(&layer.as_str());
        if place[named.as_str()] > place[layer.as_str()] || readers || names_a_peer(file, path) {
            wrong.push(format!("{}: {}", file.shown, path.join("::")));
        }
    }
    wrong
}

/// Whether `path` leads from one extractor (or join) into another.
fn names_a_peer(file: &Source, path: &[String]) -> bool {
    PEERS.iter().any(|(folder, shared)| {
        let folder: Vec<&str> = folder.split("::").collect();
        let inside =
            |path: &[String]| path.len() > folder.len() && folder.iter().zip(path).all(|(a, b)| a == b);
        inside(&file.module)
            && inside(&path[1..])
            && path[1..][folder.len()] != file.module[folder.len()]
            && !shared.contains(&path[1..][folder.len()].as_str())
    })
}
