//! Readers of lockfiles: which exact versions are recorded, and what the lockfile says was asked for.

mod bun;
mod npm;
mod pnpm;
mod tables;
mod yarn;

use super::Reader;
use crate::facts::FileNotes;
use crate::facts::notes::{LockedNote, LockfileNote};
use crate::source::{File, Role};

/// Every reader of lockfiles.
pub static READERS: &[Reader] = &[
    Reader {
        name: "package-lock.json",
        wants: |f| mine(f) && matches!(f.name(), "package-lock.json" | "npm-shrinkwrap.json"),
        read: npm::read,
    },
    Reader { name: "pnpm-lock.yaml", wants: |f| mine(f) && f.name() == "pnpm-lock.yaml", read: pnpm::read },
    Reader { name: "yarn.lock", wants: |f| mine(f) && f.name() == "yarn.lock", read: yarn::read },
    Reader { name: "bun.lock", wants: |f| mine(f) && f.name() == "bun.lock", read: bun::read },
    Reader {
        name: "lockfiles in TOML",
        wants: |f| mine(f) && matches!(f.name(), "poetry.lock" | "uv.lock" | "pdm.lock" | "Cargo.lock"),
        read: tables::toml,
    },
    Reader {
        name: "lockfiles in JSON",
        wants: |f| mine(f) && matches!(f.name(), "Pipfile.lock" | "deno.lock"),
        read: tables::json,
    },
];

fn mine(file: &File) -> bool {
    !matches!(file.role, Role::Vendored | Role::Fixture)
}

/// The manager of a lockfile by its file name, and whether this version reads it.
pub fn manager(name: &str) -> Option<(&'static str, bool)> {
    Some(match name {
        "package-lock.json" | "npm-shrinkwrap.json" => ("npm", true),
        "pnpm-lock.yaml" => ("pnpm", true),
        "yarn.lock" => ("yarn", true),
        "bun.lock" => ("bun", true),
        "bun.lockb" => ("bun", false),
        "poetry.lock" => ("poetry", true),
        "uv.lock" => ("uv", true),
        "pdm.lock" => ("pdm", true),
        "Pipfile.lock" => ("pipenv", true),
        "Cargo.lock" => ("cargo", true),
        "deno.lock" => ("deno", true),
        "go.sum" => ("go", false),
        "Gemfile.lock" | "gems.locked" => ("bundler", false),
        "pubspec.lock" => ("pub", false),
        "composer.lock" => ("composer", false),
        "mix.lock" => ("hex", false),
        "Package.resolved" => ("swift", false),
        "packages.lock.json" => ("nuget", false),
        "gradle.lockfile" => ("gradle", false),
        "Podfile.lock" => ("cocoapods", false),
        _ => return None,
    })
}

/// Notes a lockfile that does not parse.
fn broken(notes: &mut FileNotes, manager: &str, problem: String) {
    notes.broken = Some(problem);
    notes.lockfile = Some(LockfileNote {
        manager: manager.to_owned(),
        unread_because: "the lockfile does not parse".to_owned(),
        ..LockfileNote::default()
    });
}

/// The finished note: lists sorted, each entry once.
fn finished(mut note: LockfileNote) -> LockfileNote {
    note.read = true;
    note.packages.sort();
    note.packages.dedup();
    note.requested.sort();
    note.requested.dedup();
    note.resolved.sort();
    note.resolved.dedup();
    note
}

fn locked(name: &str, version: &str) -> LockedNote {
    LockedNote { name: name.to_owned(), version: version.to_owned() }
}
