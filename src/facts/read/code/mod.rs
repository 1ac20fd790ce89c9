//! Code of the product, parsed once; and the configurations that tell where its imports lead.
//!
//! A repository without a sign of a framework whose routes are read has no routes that could be found, so nothing is
//! parsed. What begins a route is either a file at a certain place (`app/api/…/route.ts`, `supabase/functions/…`), a
//! function marked `use server`, or a value that comes from a package of a framework: the first shows in the list of
//! files, the second in the text, and the third in a manifest or, where there is none, in an import.

mod loaded;
mod salvage;

pub use loaded::Sketch;
use rayon::prelude::*;

use super::Reader;
use crate::caught::caught;
use crate::code;
use crate::facts::extract::routes::{names_framework, supabase};
use crate::facts::{FileNotes, Reading};
use crate::source::{File, Role, Tree};

/// Configurations that are larger were made by something else.
const LARGEST: u64 = 1 << 20;

/// The readers of what is no code.
pub static READERS: &[Reader] = &[
    Reader {
        name: "where imports lead",
        wants: |file| is_configuration(file),
        read: |_, text, notes| notes.configuration = Some(text.to_owned()),
    },
    Reader {
        name: "edge functions",
        wants: |file| supabase::is_config(&file.path) && file.size <= LARGEST,
        read: |file, text, notes| notes.edge_functions = supabase::config(&file.path, text),
    },
    Reader {
        name: "how edge functions are deployed",
        wants: |file| supabase::may_deploy(&file.path) && file.role == Role::Product && file.size <= LARGEST,
        read: |file, text, notes| notes.unchecked = supabase::unchecked(&file.path, text),
    },
];

/// Whether a file of code is parsed: what ships, and what stands where only routes do. A folder of an address or of a
/// function may well be called `test`.
pub(super) fn wants(file: &File) -> bool {
    if !code::handles(&file.path) || file.name().ends_with(".d.ts") {
        return false;
    }
    match file.role {
        Role::Product | Role::Example | Role::Docs => true,
        Role::Test | Role::Fixture => {
            let is_test = [".test.", ".spec.", ".stories."].iter().any(|mark| file.name().contains(mark));
            let below =
                |folder: &str| file.path.starts_with(folder) || file.path.contains(&format!("/{folder}"));
            !is_test && ["app/", "pages/", "supabase/functions/"].iter().any(|folder| below(folder))
        }
        Role::Vendored | Role::Generated => false,
    }
}

fn is_configuration(file: &File) -> bool {
    code::is_configuration(&file.path)
        && file.size <= LARGEST
        && !matches!(file.role, Role::Vendored | Role::Generated)
}

/// Whether the files and manifests show that something may answer requests.
pub(super) fn possible(trees: &[&Tree]) -> bool {
    let by_path = |file: &File| {
        let name = file.name();
        let is_route = name.starts_with("route.") && code::handles(name) && wants(file);
        is_route
            || name.starts_with("next.config.")
            || supabase::is_config(&file.path)
            || is_edge_function(file)
    };
    trees.iter().any(|tree| {
        let files = tree.files();
        let named = |file: &File| tree.read(file).is_ok_and(|text| names_framework(&text.text));
        files.iter().any(by_path) || files.iter().filter(|file| is_configuration(file)).any(named)
    })
}

fn is_edge_function(file: &File) -> bool {
    file.path.starts_with("supabase/functions/") || file.path.contains("/supabase/functions/")
}

/// Looks at a file of code that is not parsed now.
pub(super) fn look(file: &File, text: &str, notes: &mut FileNotes, parsed: Parsed) {
    notes.shows_routes = memchr::memmem::find(text.as_bytes(), b"use server").is_some();
    if parsed == Parsed::Loaded {
        notes.sketch = Some(loaded::sketch(file, text));
    }
}

/// Parses a file, and says where that failed for a bug.
pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) -> Result<(), String> {
    let module = caught(|| code::parse(&file.path, text))?;
    if let Some(why) = &module.broken {
        notes.broken.get_or_insert_with(|| why.clone());
        notes.salvaged = caught(|| salvage::routes(file, text))?;
    }
    notes.module = Some(std::sync::Arc::new(module));
    Ok(())
}

/// What of the code is parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parsed {
    /// Nothing.
    Nothing,
    /// What has to do with secrets in what browsers load.
    Loaded,
    /// All of it.
    All,
}

/// Parses the code of a tree that was not parsed while it was read: all of it, where only files themselves show that
/// something may answer requests, or what browsers load. `possible`: whether the list of files and the manifests show it.
pub(super) fn read_later(
    tree: &Tree,
    notes: &mut [FileNotes],
    reading: &mut Reading,
    parsed: Parsed,
    possible: bool,
) {
    let named = |note: &FileNotes| {
        note.shows_routes
            || note.imports.iter().any(|i| !i.module.starts_with('.') && names_framework(&i.module))
    };
    if !possible && !notes.iter().any(named) {
        return;
    }
    match parsed {
        Parsed::All => parse(tree, notes, reading, |_| true),
        Parsed::Loaded => loaded::parse(tree, notes, reading),
        Parsed::Nothing => {}
    }
}

/// Parses those that are wanted of the files of code.
fn parse(
    tree: &Tree,
    notes: &mut [FileNotes],
    reading: &mut Reading,
    wanted: impl Fn(&FileNotes) -> bool + Sync,
) {
    let failed: Vec<(String, String)> = notes
        .par_iter_mut()
        .filter_map(|notes| {
            let file = tree.get(&notes.path).filter(|file| wants(file) && wanted(notes))?;
            let text = tree.read(file).ok()?;
            read(file, &text.text, notes).err().map(|at| (notes.path.clone(), at))
        })
        .collect();
    reading
        .failures
        .extend(failed.iter().map(|(path, at)| super::failure(NAME, at, std::slice::from_ref(path))));
    let broken = notes.iter().filter_map(|note| {
        let why = note.module.as_ref()?.broken.as_ref()?;
        Some((note.path.clone(), why.clone()))
    });
    reading.broken.extend(broken);
    reading.broken.sort();
    reading.broken.dedup_by(|later, first| later.0 == first.0);
}

/// What a failure calls it.
pub(super) const NAME: &str = "code";
