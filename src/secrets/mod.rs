//! Secret values: found, classified, and redacted. The only layer that may build an [`Excerpt`].

mod around;
mod assignments;
mod bearing;
mod candidate;
mod checks;
mod class;
mod classify;
mod describe;
mod encodings;
mod excerpt;
mod find;
pub mod formats;
mod generic;
mod inline;
mod marks;
mod mask;
mod model;
mod numbers;
mod overlaps;
mod part;
mod past;
mod references;
mod search;
mod silent;
mod tokens;
mod windows;
mod without;

pub use excerpt::{Excerpt, excerpt, masked};
pub use find::find;
pub use model::{Audience, Class, Found, Searched, SecretKind};
pub use numbers::{Numbers, Weak};
pub use part::{essence, excerpt_part, is_formatting};
pub use past::{Past, PastFound, past};
pub use silent::silent;
pub use without::excerpt_without;
