//! Findings: one for each root cause, with all its places; an outcome for each rule; open questions; strengths.

mod model;

pub use model::{Finding, Findings, Outcome, Place, Question, Result, Strength};
