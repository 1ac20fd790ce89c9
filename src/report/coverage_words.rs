//! What was read, in sentences that every format for people shares. Not yet escaped.

use super::{Coverage, words};

/// Files by what became of them.
pub(super) fn files(coverage: &Coverage) -> String {
    let left: u32 = coverage.skipped.iter().map(|group| group.count).sum();
    let mut text = format!(
        "{} in the tree: {} read, {} that no check needs",
        words::thousands(coverage.files),
        words::thousands(coverage.read),
        words::thousands(coverage.unwanted)
    );
    if left > 0 {
        let reasons: Vec<String> = coverage
            .skipped
            .iter()
            .map(|group| format!("{} {}", words::thousands(group.count), group.reason))
            .collect();
        text.push_str(&format!(", {} not read ({})", words::thousands(left), reasons.join(", ")));
    }
    text
}

/// Languages by share; trifles only where they are not read.
pub(super) fn languages(coverage: &Coverage) -> String {
    let shown: Vec<String> = coverage
        .languages
        .iter()
        .filter(|l| l.percent >= 0.5 || !l.read)
        .take(6)
        .map(|l| format!("{} {} %{}", l.language, l.percent, if l.read { "" } else { " (not read)" }))
        .collect();
    shown.join(", ")
}

/// How much of the history there was.
pub(super) fn history(coverage: &Coverage) -> String {
    let commits = match coverage.history.commits {
        1 => "1 commit".to_owned(),
        n => format!("{} commits", words::thousands(n)),
    };
    let read = match (coverage.history.state.as_str(), coverage.history.commits) {
        ("full", 1) => "its only commit".to_owned(),
        ("full", _) => format!("all {commits}"),
        ("shallow", _) => format!("{commits}, cut off by a shallow clone"),
        ("partial", _) => format!("{commits}, with objects missing from a partial clone"),
        ("empty", _) => "a git repository without a commit".to_owned(),
        ("unread", _) => "there, but not read".to_owned(),
        _ => "no git repository".to_owned(),
    };
    let skipped = match coverage.history.versions_skipped {
        0 => String::new(),
        n => format!(" ({} skipped: lockfiles, images and the like)", words::thousands(n)),
    };
    match coverage.history.versions {
        0 => read,
        1 => format!("{read}; 1 version of a file searched for secrets{skipped}"),
        n => format!("{read}; {} versions of files searched for secrets{skipped}", words::thousands(n)),
    }
}
