//! Paths in the repository, and which module one stands for.

use std::collections::HashMap;

use super::super::ModuleId;

/// What is tried after a name without an ending, in this order.
const ENDINGS: &[&str] =
    &[".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json", ".vue", ".svelte", ".astro"];

/// TypeScript is imported by the names of what it becomes.
const BECOMES: &[(&str, &[&str])] = &[
    (".js", &[".ts", ".tsx", ".jsx"]),
    (".jsx", &[".tsx"]),
    (".mjs", &[".mts", ".ts"]),
    (".cjs", &[".cts", ".ts"]),
];

/// Folders that a build makes, and that a repository doesn't have.
const BUILT: &[&str] = &[
    "dist",
    "build",
    "lib",
    "out",
    "output",
    "esm",
    "cjs",
    "es",
    "umd",
    "types",
    "dist-types",
    "src",
    "generated",
];

/// The folder of a path, `""` for the root.
pub(super) fn folder_of(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..at])
}

/// `relative` seen from `folder`, or `None` where it leads out of the repository.
pub(super) fn join(folder: &str, relative: &str) -> Option<String> {
    let mut out = String::with_capacity(folder.len() + relative.len() + 1);
    out.push_str(folder);
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." if out.is_empty() => return None,
            ".." => out.truncate(out.rfind('/').unwrap_or(0)),
            _ => {
                if !out.is_empty() {
                    out.push('/');
                }
                out.push_str(part);
            }
        }
    }
    Some(out)
}

/// The files that are modules.
pub(super) struct Files<'a> {
    by_path: &'a HashMap<String, ModuleId>,
    /// By path without the ending, those that come first in [`ENDINGS`] first.
    by_stem: HashMap<&'a str, Vec<(&'static str, ModuleId)>>,
}

impl<'a> Files<'a> {
    pub(super) fn new(by_path: &'a HashMap<String, ModuleId>) -> Self {
        let mut by_stem: HashMap<&str, Vec<(&'static str, ModuleId)>> = HashMap::with_capacity(by_path.len());
        for (path, id) in by_path {
            for ending in ENDINGS {
                if let Some(stem) = path.strip_suffix(ending) {
                    by_stem.entry(stem).or_default().push((ending, *id));
                }
            }
        }
        for files in by_stem.values_mut() {
            files.sort_by_key(|(ending, _)| ENDINGS.iter().position(|other| other == ending));
        }
        Self { by_path, by_stem }
    }

    /// The module that a path without ending, of a folder or of a file stands for.
    pub(super) fn probe(&self, path: &str) -> Option<ModuleId> {
        if let Some(id) = self.by_path.get(path) {
            return Some(*id);
        }
        for (written, meant) in BECOMES {
            if let Some(files) = path.strip_suffix(written).and_then(|stem| self.by_stem.get(stem))
                && let Some((_, id)) = files.iter().find(|(ending, _)| meant.contains(ending))
            {
                return Some(*id);
            }
        }
        let first = |stem: &str| self.by_stem.get(stem).and_then(|files| files.first()).map(|(_, id)| *id);
        if path.is_empty() { first("index") } else { first(path).or_else(|| first(&format!("{path}/index"))) }
    }

    /// What a package says is its file, which a build may have to make first: `dist/index.js` of `src/index.ts`.
    pub(super) fn probe_unbuilt(&self, folder: &str, path: &str) -> Option<ModuleId> {
        if let Some(id) = self.probe(path) {
            return Some(id);
        }
        let mut rest = path.strip_prefix(folder)?.trim_start_matches('/');
        let mut built = false;
        while let Some((first, after)) = rest.split_once('/')
            && BUILT.contains(&first)
        {
            rest = after;
            built = true;
        }
        if !built {
            return None;
        }
        let stem = [".d.ts", ".d.mts", ".d.cts", ".js", ".mjs", ".cjs", ".jsx"]
            .iter()
            .find_map(|ending| rest.strip_suffix(ending))
            .unwrap_or(rest);
        ["src", ""].iter().find_map(|source| self.probe(&join(&join(folder, source)?, stem)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modules(paths: &[&str]) -> HashMap<String, ModuleId> {
        paths.iter().enumerate().map(|(i, path)| ((*path).to_owned(), ModuleId(i as u32))).collect()
    }

    #[test]
    fn paths_are_put_together() {
        assert_eq!(join("a/b", "../c/./d").as_deref(), Some("a/c/d"));
        assert_eq!(join("", "./x").as_deref(), Some("x"));
        assert_eq!(join("a", "..").as_deref(), Some(""));
        assert_eq!(join("a", "../../x"), None);
    }

    #[test]
    fn endings_and_indexes_are_tried() {
        let modules = modules(&["a.ts", "b/index.tsx", "c.mts", "d.svelte", "index.js", "e.server.ts"]);
        let found = |path: &str| Files::new(&modules).probe(path).map(|id| id.0);
        assert_eq!(found("a"), Some(0));
        assert_eq!(found("a.js"), Some(0));
        assert_eq!(found("b"), Some(1));
        assert_eq!(found("c.mjs"), Some(2));
        assert_eq!(found("d"), Some(3));
        assert_eq!(found(""), Some(4));
        assert_eq!(found("e.server"), Some(5));
        assert_eq!(found("b/other"), None);
    }

    #[test]
    fn what_a_build_makes_leads_to_its_source() {
        let modules = modules(&["packages/ui/src/button.tsx", "packages/ui/index.ts"]);
        let found = |path: &str| Files::new(&modules).probe_unbuilt("packages/ui", path).map(|id| id.0);
        assert_eq!(found("packages/ui/dist/button.js"), Some(0));
        assert_eq!(found("packages/ui/dist/esm/button.d.ts"), Some(0));
        assert_eq!(found("packages/ui/dist/index.mjs"), Some(1));
        assert_eq!(found("packages/ui/other/button.js"), None);
    }
}
