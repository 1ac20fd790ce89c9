//! What is known of a file from its path.

use std::cell::RefCell;

use super::super::classify::place::{Place, is_local, is_pipeline, place};
use super::syntax::{Syntax, syntax};

/// What is known of the file, once for all its values.
#[derive(Debug, Clone, Copy)]
pub(in crate::secrets) struct File {
    pub place: Place,
    /// For a developer's machine, a pipeline or a test alone.
    pub local: bool,
    /// What a pipeline does.
    pub pipeline: bool,
    pub syntax: Syntax,
}

impl File {
    /// What is known of the file at `path`.
    pub fn of(path: &str) -> File {
        thread_local! {
            // The versions of a file follow each other.
            static LAST: RefCell<Option<(String, File)>> = const { RefCell::new(None) };
        }
        LAST.with_borrow_mut(|last| match last {
            Some((known, file)) if known == path => *file,
            _ => {
                let file = File::told_by(path);
                *last = Some((path.to_owned(), file));
                file
            }
        })
    }

    fn told_by(path: &str) -> File {
        File { place: place(path), local: is_local(path), pipeline: is_pipeline(path), syntax: syntax(path) }
    }
}
