//! Whether a file is part of the product that runs: dead code shows nothing.

use super::{FileNotes, layout};

const EXTENSIONS: [&str; 12] =
    [".d.ts", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".py", ".vue", ".svelte"];

/// Whether one of `notes` other than the file's own imports the file at `path`, or nothing needs to because the
/// file is where a program starts.
pub fn reached<'n>(path: &str, notes: impl Iterator<Item = &'n FileNotes>) -> bool {
    let target = module_of(path);
    let imports = |note: &FileNotes| note.imports.iter().any(|i| names(&note.path, &i.module, &target));
    let mut notes = notes.peekable();
    starts(path) || notes.any(|n| n.path != path && (imports(n) || runs(n, path)))
}

/// Whether a script of a manifest or of a deployed unit names the file.
fn runs(note: &FileNotes, path: &str) -> bool {
    let Some(name) = path.rsplit('/').next() else { return false };
    let scripts = note.manifest.iter().flat_map(|m| &m.scripts).map(|s| s.command.as_str());
    let units = note.deploy.iter().map(|d| d.command.as_str());
    scripts.chain(units).any(|command| command.contains(name))
}

/// Files that frameworks and people start, by their names or folders.
fn starts(path: &str) -> bool {
    let stem = module_of(path);
    let name = stem.rsplit('/').next().unwrap_or(&stem);
    let folder = layout::folder(path);
    let served = folder.split('/').any(|f| matches!(f, "pages" | "routes" | "api" | "functions"));
    served
        || matches!(name, "main" | "app" | "server" | "manage" | "wsgi" | "asgi" | "run" | "bot" | "worker")
        || matches!(name, "route" | "page" | "layout" | "middleware" | "proxy" | "instrumentation")
        || path.rsplit('/').next().is_some_and(|n| n.starts_with("index.") || n == "__main__.py")
}

/// The path without its extension, and without the name that stands for its folder.
fn module_of(path: &str) -> String {
    let bare = EXTENSIONS.iter().find_map(|e| path.strip_suffix(e)).unwrap_or(path);
    ["/index", "/__init__"].iter().find_map(|i| bare.strip_suffix(i)).unwrap_or(bare).to_owned()
}

/// Whether the import of `module` in the file at `from` may name the file whose module is `target`. Paths through an
/// alias (`@/lib/db`) and Python's modules are compared from their ends.
fn names(from: &str, module: &str, target: &str) -> bool {
    if from.ends_with(".py") {
        let path = module.trim_start_matches('.').replace('.', "/");
        return !path.is_empty() && ends(target, &path);
    }
    let module = module_of(module);
    if module.starts_with('.') {
        return resolve(layout::folder(from), &module) == target;
    }
    // The first part of an alias stands for a folder; a name without one is a package.
    module.split_once('/').is_some_and(|(_, rest)| ends(target, rest))
}

fn ends(target: &str, path: &str) -> bool {
    target.strip_suffix(path).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

fn resolve(folder: &str, module: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in module.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::notes::ImportNote;

    fn note(path: &str, module: &str) -> FileNotes {
        let imports = vec![ImportNote { module: module.to_owned(), line: 1 }];
        FileNotes { path: path.to_owned(), imports, ..FileNotes::default() }
    }

    #[test]
    fn an_import_from_another_file_reaches() {
        for (from, module, path) in [
            ("server/routes.ts", "./auth", "server/auth.ts"),
            ("server/routes.ts", "./auth.js", "server/auth.ts"),
            ("client/src/a.tsx", "../../server/auth", "server/auth/index.ts"),
            ("app/page.tsx", "@/lib/auth", "src/lib/auth.ts"),
            ("routes.py", "auth", "auth.py"),
            ("app/routes.py", ".auth", "app/auth.py"),
            ("app/routes.py", "app.auth", "app/auth.py"),
        ] {
            assert!(reached(path, [note(from, module)].iter()), "{from} imports {module}");
        }
        for (from, module, path) in [
            ("server/routes.ts", "auth", "server/auth.ts"),
            ("server/routes.ts", "./oauth", "server/auth.ts"),
            ("client/routes.ts", "./auth", "server/auth.ts"),
            ("server/auth.ts", "./auth", "server/auth.ts"),
            ("routes.py", "oauth", "auth.py"),
        ] {
            assert!(!reached(path, [note(from, module)].iter()), "{from} imports {module}");
        }
    }

    #[test]
    fn an_entry_point_needs_no_import() {
        assert!(reached("server/index.ts", std::iter::empty()) && reached("main.py", std::iter::empty()));
        assert!(reached("app/api/login/route.ts", std::iter::empty()));
        assert!(!reached("server/auth.ts", std::iter::empty()));
    }
}
