//! Settings of tools and frameworks that bear on production, one module for each family of files.

mod code;

mod docker;
mod json_files;

use crate::facts::kinds::{Evidence, Setting};
use crate::facts::notes::FileNotes;
use crate::facts::read::Reader;
use crate::secrets::excerpt;
use crate::source::File;

/// The readers of settings.
pub static READERS: &[Reader] = &[
    Reader { name: "settings in JavaScript", wants: code::wants_js, read: code::read_js },
    Reader { name: "settings in Python", wants: code::wants_python, read: code::read_python },
    Reader { name: "tsconfig.json", wants: json_files::wants_tsconfig, read: json_files::read_tsconfig },
    Reader {
        name: "scripts of package.json",
        wants: json_files::wants_package,
        read: json_files::read_package,
    },
    Reader { name: "settings in Dockerfiles", wants: docker::wants, read: docker::read },
];

/// One setting, with its evidence.
struct Seen<'a> {
    tool: &'a str,
    key: &'a str,
    value: &'a str,
    production: bool,
    line: u32,
    /// What it means, as a whole clause.
    says: &'a str,
}

fn add(file: &File, notes: &mut FileNotes, seen: &Seen<'_>) {
    if notes.settings.len() >= 200 {
        return;
    }
    notes.settings.push(Setting {
        tool: seen.tool.to_owned(),
        key: seen.key.to_owned(),
        value: excerpt(seen.value),
        production: seen.production,
        file: file.path.clone(),
        line: seen.line,
        evidence: vec![Evidence::new("value", &file.path, seen.line, seen.says)],
        ..Setting::default()
    });
}

/// Whether the path itself says that the file is for development or tests.
fn development_path(path: &str) -> bool {
    path.to_ascii_lowercase().split(['/', '.', '_', '-']).any(|word| {
        matches!(word, "dev" | "development" | "local" | "test" | "tests" | "testing" | "ci" | "example")
    })
}
