//! Models of schemas that are no code. Those of code are read from the code model.

use super::Reader;
use crate::facts::FileNotes;
use crate::schema::prisma;
use crate::source::{File, Role};

/// The readers.
pub static READERS: &[Reader] = &[Reader { name: "models", wants, read }];

fn wants(file: &File) -> bool {
    matches!(&*file.extension(), "prisma") && matches!(file.role, Role::Product | Role::Generated)
}

fn read(_: &File, text: &str, notes: &mut FileNotes) {
    notes.models = prisma::models(text);
}
