//! Environment variables: what code reads and what files declare. Names only; values are never kept.

mod code;
mod config;
mod dotenv;
mod prose;

use crate::facts::notes::{EnvNote, FileNotes};
use crate::facts::read::Reader;

/// The readers of environment variables.
pub static READERS: &[Reader] = &[
    Reader { name: "environment read by JavaScript", wants: code::wants_js, read: code::read_js },
    Reader { name: "environment read by Python", wants: code::wants_python, read: code::read_python },
    Reader { name: "environment read by Rust", wants: code::wants_rust, read: code::read_rust },
    Reader { name: ".env files", wants: dotenv::wants, read: dotenv::read },
    Reader { name: "environment in deployment files", wants: config::wants, read: config::read },
    Reader { name: "environment in Dockerfiles", wants: config::wants_docker, read: config::read_docker },
    Reader { name: "environment in documents", wants: prose::wants, read: prose::read },
];

/// Adds a place, once for each name and line.
fn add(notes: &mut FileNotes, name: &str, line: u32, read: bool) {
    // Two thousand places in one file are more than anybody looks at.
    if is_name(name) && notes.env.len() < 2000 {
        notes.env.push(EnvNote { name: name.to_owned(), line, read });
    }
}

/// Whether `name` is one of a variable, and short enough to be shown.
fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && (2..=100).contains(&name.len())
}
