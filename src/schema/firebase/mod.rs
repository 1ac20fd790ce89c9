//! Security rules of Firebase: what lets a browser reach Firestore, Cloud Storage and the Realtime Database, and who may
//! do what by them (<https://firebase.google.com/docs/rules/rules-language>,
//! <https://firebase.google.com/docs/reference/security/database>).
//!
//! [`rules::parse`] and [`realtime::parse`] read a file, [`judge::judge`] says who gets past each statement of it.

mod alternatives;
mod atoms;
pub mod expression;
mod inline;
pub mod judge;
mod lex;
mod path;
pub mod realtime;
pub mod rules;
mod term;
#[cfg(test)]
mod tests;
mod trust;
pub mod who;

pub use judge::{Verdict, judge};
pub use path::Pattern;
pub use rules::{Operation, Rules, Service, Statement};
pub use who::Who;

/// Why a file of rules can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The line, from 1.
    pub line: u32,
    /// What is wrong there, in words of ours.
    pub what: &'static str,
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at line {}", self.what, self.line)
    }
}
