//! Readers of manifests: what a package declares that it needs. One file for each format.

mod cargo;
mod deno;
mod npm;
mod pyproject;
mod requirements;
mod table;
mod unread;

use super::Reader;
use crate::facts::FileNotes;
use crate::facts::notes::ManifestNote;
use crate::source::{File, Role};

/// Every reader of manifests.
pub static READERS: &[Reader] = &[
    Reader { name: "package.json", wants: |f| mine(f) && f.name() == "package.json", read: npm::read },
    Reader {
        name: "pnpm-workspace.yaml",
        wants: |f| mine(f) && f.name() == "pnpm-workspace.yaml",
        read: npm::pnpm_workspace,
    },
    Reader {
        name: "deno.json",
        wants: |f| mine(f) && matches!(f.name(), "deno.json" | "deno.jsonc" | "import_map.json"),
        read: deno::read,
    },
    Reader {
        name: "pyproject.toml",
        wants: |f| mine(f) && f.name() == "pyproject.toml",
        read: pyproject::read,
    },
    Reader { name: "Pipfile", wants: |f| mine(f) && f.name() == "Pipfile", read: pyproject::pipfile },
    Reader {
        name: "requirements.txt",
        wants: |f| mine(f) && requirements::wanted(f),
        read: requirements::read,
    },
    Reader { name: "Cargo.toml", wants: |f| mine(f) && f.name() == "Cargo.toml", read: cargo::read },
    Reader {
        name: "unread manifests",
        wants: |f| mine(f) && unread::ecosystem(f.name()).is_some(),
        read: unread::read,
    },
];

/// A manifest of somebody else's code or of build output declares nothing of this repository.
fn mine(file: &File) -> bool {
    matches!(file.role, Role::Product | Role::Test)
}

/// Notes a manifest that does not parse.
fn broken(notes: &mut FileNotes, ecosystem: &str, problem: String) {
    notes.broken = Some(problem);
    notes.manifest = Some(ManifestNote { ecosystem: ecosystem.to_owned(), ..ManifestNote::default() });
}

/// A PyPI name as PEP 503 normalises it.
pub fn normalise(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for c in name.trim().chars() {
        match c {
            '-' | '_' | '.' => {
                if !normal.ends_with('-') {
                    normal.push('-');
                }
            }
            c => normal.push(c.to_ascii_lowercase()),
        }
    }
    normal
}
