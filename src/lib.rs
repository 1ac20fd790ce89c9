//! vibecheck reads a repository and its git history and says what stands between it and production.
//!
//! One flow, one folder per layer, and each layer uses only those named before it:
//! `source` → (`secrets`, `code`, `schema`) → `meaning` → `facts` → `rules` → `findings` → `score` → `report` → `cli`.
//! `docs/architecture.md` says what each owns; `tests/layers.rs` fails on an import that points the
//! wrong way.

pub mod caught;
pub mod cli;
pub mod code;
pub mod facts;
pub mod findings;
mod hash;
pub mod meaning;
pub mod report;
pub mod rules;
pub mod schema;
pub mod score;
pub mod secrets;
pub mod source;
mod words;

/// The shipped packs and vocabulary, embedded by `build.rs`.
pub(crate) mod embedded {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}
