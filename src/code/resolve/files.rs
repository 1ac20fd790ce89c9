//! Paths in the repository, and which module one stands for.

use std::collections::HashMap;

use super::super::ModuleId;

/// What is tried after a name without an ending, in this order.
const ENDINGS: &[&str] = &[
    ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json", ".vue", ".svelte", ".astro", ".web.tsx",
    ".web.ts", ".native.tsx", ".native.ts",
];

/// TypeScript is imported by the names of what it becomes.
const BECOMES: &[(&str, &[&str])] = &[
    (".js", &[".ts", ".tsx", ".jsx"]),
    (".jsx", &[".tsx"]),
    (".mjs", &[".mts", ".ts"]),
    (".cjs", &[".cts", ".ts"]),
];

/// Folders that a build makes, and that a repository doesn't have.
const BUILT: &[&str] = &[
    "dist", "build", "lib", "out", "output", "esm", "cjs", "es", "umd", "types", "dist-types", "src", "generated",
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

/// The module that a path without ending, of a folder or of a file stands for.
pub(super) fn probe(modules: &HashMap<String, ModuleId>, path: &str) -> Option<ModuleId> {
    if let Some(id) = modules.get(path) {
        return Some(*id);
    }
    let mut buffer = String::with_capacity(path.len() + 16);
    let mut with = |stem: &str, ending: &str| {
        buffer.clear();
        buffer.push_str(stem);
        buffer.push_str(ending);
        modules.get(buffer.as_str()).copied()
    };
    for (written, meant) in BECOMES {
        if let Some(stem) = path.strip_suffix(written)
            && let Some(id) = meant.iter().find_map(|ending| with(stem, ending))
        {
            return Some(id);
        }
    }
    if !path.is_empty()
        && let Some(id) = ENDINGS.iter().find_map(|ending| with(path, ending))
    {
        return Some(id);
    }
    let index = if path.is_empty() { "index".to_owned() } else { format!("{path}/index") };
    ENDINGS.iter().find_map(|ending| with(&index, ending))
}

/// What a package says is its file, which a build may have to make first: `dist/index.js` of `src/index.ts`.
pub(super) fn probe_unbuilt(
    modules: &HashMap<String, ModuleId>,
    folder: &str,
    path: &str,
) -> Option<ModuleId> {
    if let Some(id) = probe(modules, path) {
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
    ["src", ""].iter().find_map(|source| probe(modules, &join(&join(folder, source)?, stem)?))
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
        let found = |path: &str| probe(&modules, path).map(|id| id.0);
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
        let found = |path: &str| probe_unbuilt(&modules, "packages/ui", path).map(|id| id.0);
        assert_eq!(found("packages/ui/dist/button.js"), Some(0));
        assert_eq!(found("packages/ui/dist/esm/button.d.ts"), Some(0));
        assert_eq!(found("packages/ui/dist/index.mjs"), Some(1));
        assert_eq!(found("packages/ui/other/button.js"), None);
    }
}
