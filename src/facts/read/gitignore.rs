//! `.gitignore` and `.dockerignore` files, as lines: what they ignore is asked when all of them are known.

use super::Reader;

/// The reader.
pub static READERS: &[Reader] = &[
    Reader {
        name: ".gitignore",
        wants: |file| file.name() == ".gitignore",
        read: |_, text, notes| notes.ignores = Some(text.lines().map(str::to_owned).collect()),
    },
    Reader {
        name: ".dockerignore",
        wants: |file| file.name().ends_with(".dockerignore"),
        read: |_, text, notes| notes.dockerignore = Some(text.lines().map(str::to_owned).collect()),
    },
];
