//! What rules with a body look for in the text of files, while it is read.

/// Everything that the loaded rules look for. Without any, nothing is searched.
#[derive(Debug, Default)]
pub struct Search {}
