//! Secret values. For now only the gate through which text of the repository leaves: [`Excerpt`].

mod assignments;
mod excerpt;
mod mask;
mod references;
mod tokens;

pub use excerpt::{Excerpt, excerpt, masked};
