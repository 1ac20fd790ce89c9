//! Test files, one module for each language: what holds test cases, how many run, and whether they assert anything.
//! Told from content: a file is no test because of its folder.

mod assertions;
mod javascript;
mod load;
mod pgtap;
mod python;
mod rust;

use crate::facts::read::Reader;
use crate::source::{File, Role};

/// The readers of tests.
pub static READERS: &[Reader] = &[
    Reader { name: "JavaScript tests", wants: javascript::wants, read: javascript::read },
    Reader { name: "Python tests", wants: python::wants, read: python::read },
    Reader { name: "Rust tests", wants: rust::wants, read: rust::read },
    Reader { name: "pgTAP tests", wants: pgtap::wants, read: pgtap::read },
    Reader { name: "Artillery scenarios", wants: load::wants, read: load::read },
];

/// Whether the file is the project's own: somebody else's tests, or those of an example, test nothing of it.
fn own(file: &File) -> bool {
    matches!(file.role, Role::Product | Role::Test)
}
