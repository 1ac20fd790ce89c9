//! Secret values. For now only the gate through which text of the repository leaves: [`Excerpt`].

mod assignments;
mod excerpt;
mod mask;
mod part;
mod references;
mod tokens;

pub use excerpt::{Excerpt, excerpt, masked};
pub use part::{essence, excerpt_part, is_formatting};
