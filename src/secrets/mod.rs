//! Secret values. For now only the gate through which text of the repository leaves: [`Excerpt`].

mod excerpt;

pub use excerpt::{Excerpt, excerpt};
