//! How far secrets were looked for, by this audit and by the project itself.

use crate::facts::Input;
use crate::facts::kinds::{Answer, Evidence, Project, Unknown};
use crate::source::HistoryState;

/// Fills in `history_searched` and `secret_scanning`.
pub fn fill(input: &Input<'_>, project: &mut Project) {
    let state = input.source.git.as_ref().map(|git| git.history);
    let (answer, reason) = match (state, input.past) {
        (None, _) => (Answer::Na, ""),
        (Some(HistoryState::Unread), _) | (_, None) => (Answer::Unknown, "the history was not read"),
        (Some(HistoryState::Shallow), _) => {
            (Answer::Partial, "the clone is shallow: older versions are missing")
        }
        (Some(HistoryState::Partial), _) => (Answer::Partial, "the clone lacks versions of files on purpose"),
        (Some(_), Some(_)) => (Answer::Yes, ""),
    };
    project.history_searched = answer;
    if !reason.is_empty() {
        project.unknowns.push(Unknown::new("history_searched", reason));
    } else if let Some(past) = input.past {
        let says = format!(
            "{} versions of files looked through, {} skipped by their kind",
            past.looked, past.skipped
        );
        project.evidence.push(Evidence::new("history_searched", "", 0, &says));
    }
    let scanner = input.notes.iter().find_map(|notes| Some((notes, notes.scanner.as_ref()?)));
    project.secret_scanning = if scanner.is_some() { Answer::Yes } else { Answer::No };
    if let Some((notes, scanner)) = scanner {
        let says = format!("looks for secrets ({})", scanner.name);
        project.evidence.push(Evidence::new("secret_scanning", &notes.path, scanner.line, &says));
    }
}
