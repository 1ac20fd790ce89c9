//! A panic is a bug of ours or of a library, and a hostile file may find one. It ends the step that panicked, never the
//! audit: what is missing then is said under coverage, and the exit status is 4.
//!
//! Needs panics that unwind: `Cargo.toml` sets no `panic = "abort"`. A stack overflow can't be caught; the readers'
//! limits on depth are there for that.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};

thread_local! {
    /// Where this thread panicked last.
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps panics off the standard error: their message may quote the audited repository. Only the place in the source
/// code is kept, for [`caught`]. For the binary; a library leaves the hook alone.
pub fn keep_panics_quiet() {
    panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        let at = info.location().map_or_else(String::new, |l| format!("{}:{}", short(l.file()), l.line()));
        LAST.with(|last| last.replace(at));
    }));
}

/// Runs `run`. If it panics, the error is where, as ` at src/x.rs:12`, or `""` where that is not known.
///
/// Whatever `run` changes must not be used after a panic: it may be half done.
///
/// # Errors
/// When it panics.
pub fn caught<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    LAST.with(RefCell::take);
    panic::catch_unwind(AssertUnwindSafe(run)).map_err(|_| {
        let at = LAST.with(RefCell::take);
        if at.is_empty() { at } else { format!(" at {at}") }
    })
}

/// Runs every step over a fresh state. When one panics, its index and place are noted, and everything is run again
/// without it, so that nothing half done is left in what is returned.
pub fn survivors<S, T>(
    steps: &[S],
    fresh: impl Fn() -> T,
    run: impl Fn(&S, &mut T),
) -> (T, Vec<(usize, String)>) {
    let mut failed: Vec<(usize, String)> = Vec::new();
    loop {
        let mut state = fresh();
        let left_out: Vec<usize> = failed.iter().map(|(step, _)| *step).collect();
        let panicked = steps
            .iter()
            .enumerate()
            .filter(|(i, _)| !left_out.contains(i))
            .find_map(|(i, step)| caught(|| run(step, &mut state)).err().map(|at| (i, at)));
        match panicked {
            Some(step) => failed.push(step),
            None => {
                failed.sort();
                return (state, failed);
            }
        }
    }
}

/// The path of a source file without the folders of the machine that built it: `serde-1.0/src/de.rs`.
fn short(path: &str) -> String {
    let path = path.replace('\\', "/");
    let parts: Vec<&str> = path.split('/').collect();
    match parts.iter().rposition(|part| *part == "src") {
        Some(src) => parts[src.saturating_sub(1)..].join("/"),
        None => parts.last().map_or_else(String::new, |name| (*name).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_panics_leaves_nothing_half_done() {
        let steps = ["a", "bad", "b", "worse"];
        let (said, failed) = survivors(&steps, String::new, |step, said| {
            said.push_str(step);
            assert!(!["bad", "worse"].contains(step), "a bug");
        });
        assert_eq!(said, "ab");
        assert_eq!(failed.iter().map(|(i, _)| *i).collect::<Vec<_>>(), [1, 3]);
    }

    #[test]
    fn places_name_no_folder_of_the_machine() {
        assert_eq!(short("src/facts/mod.rs"), "src/facts/mod.rs");
        assert_eq!(
            short("/home/ana/.cargo/registry/src/host-1/toml-1.0/src/de/mod.rs"),
            "toml-1.0/src/de/mod.rs"
        );
        assert_eq!(short("/rustc/abc/library/core/slice.rs"), "slice.rs");
    }
}
