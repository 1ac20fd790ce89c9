//! Shell scripts as far as configuration needs them: which commands they run, and what those do.
//! Nothing is executed.

mod act;
mod data;
mod indirect;
mod pipeline;
mod remote;
mod resolve;
mod words;

pub use act::{Act, act};
pub use indirect::{Indirect, indirect};
pub use remote::remote_scripts;
pub use resolve::{Ran, Scripts, join};
pub use words::{Command, commands, line_of};
