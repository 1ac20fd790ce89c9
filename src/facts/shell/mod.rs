//! Shell scripts as far as configuration needs them: which commands they run, and what those do.
//! Nothing is executed.

mod act;
mod data;
mod indirect;
mod pipeline;
mod resolve;
mod words;

pub use act::{Act, act};
pub use indirect::{Indirect, indirect};
pub use resolve::{Ran, Scripts, join};
pub use words::{Command, commands};
