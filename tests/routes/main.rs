//! The proof of the route matrix. What stands here and how it is written: `README.md`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]
#![allow(clippy::print_stderr, reason = "tests say how much they did")]

mod apps;
mod cases;
mod expected;
mod fail_open;
mod hostile;
mod mutants;
mod mutation;
mod nasty;
mod order;
mod support;
