//! Words that every format for people shares.

use super::Report;
use crate::findings::{Finding, Place, Question};
use crate::rules::{Confidence, Effort, Severity};
use crate::score::{AreaScore, Counts, StageState, Verdict};

/// A severity in a word.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Blocker => "blocker",
        Severity::Critical => "critical",
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low => "low",
    }
}

/// A verdict in words, and the mark that goes with it.
pub(super) fn verdict(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::OutrightRisk => ("✗", "outright risk"),
        Verdict::Fragile => ("▲", "fragile"),
        Verdict::CannotBeTold => ("?", "cannot be told"),
        Verdict::ProductionGrade => ("✓", "production-grade"),
        Verdict::NotApplicable => ("–", "not applicable"),
    }
}

/// A state of the ladder: its mark, and when it is worked on.
pub(super) fn state(state: StageState) -> (&'static str, &'static str) {
    match state {
        StageState::Done => ("●", "done"),
        StageState::Current => ("◐", "now"),
        StageState::Locked => ("○", "later"),
    }
}

/// How long a fix takes.
pub(super) fn effort(effort: Effort) -> &'static str {
    match effort {
        Effort::Minutes => "minutes",
        Effort::Hours => "hours",
        Effort::Days => "days",
        Effort::Weeks => "weeks",
    }
}

/// Which app a finding is of, where the repository has several; `None` for what is of the repository as a whole.
pub(super) fn app(finding: &Finding, report: &Report) -> Option<String> {
    match finding.app.as_str() {
        _ if report.subject.apps.len() < 2 => None,
        "" => None,
        "." => Some("app at the top".to_owned()),
        app => Some(format!("app {app}")),
    }
}

/// How sure a finding is, where it is not certain.
pub(super) fn doubt(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "",
        Confidence::Medium => "likely, not certain",
        Confidence::Low => "possible, look before you act",
    }
}

/// Open findings in words: `1 blocker · 2 high`; `""` for none.
pub(super) fn counts(counts: Counts) -> String {
    let Counts { blocker, critical, high, medium, low } = counts;
    [(blocker, "blocker"), (critical, "critical"), (high, "high"), (medium, "medium"), (low, "low")]
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{n} {word}{}", if *n > 1 && *word == "blocker" { "s" } else { "" }))
        .collect::<Vec<_>>()
        .join(" · ")
}

/// What an area's row says beside its verdict: what is open, or why the verdict is what it is.
pub(super) fn area_detail(area: &AreaScore) -> String {
    let open = counts(area.counts);
    match area.verdict {
        Verdict::OutrightRisk | Verdict::Fragile
            if area.counts.blocker + area.counts.critical + area.counts.high > 0 =>
        {
            open
        }
        _ if open.is_empty() => area.because.clone(),
        _ => format!("{} Also open: {open}.", area.because),
    }
}

/// Whom to ask about an area.
pub(super) fn whom_to_ask(area: &str) -> &'static str {
    match area {
        "source-control" => "whoever owns the accounts for the code and the database",
        "secrets" => "whoever holds the production credentials",
        "cost" => "whoever sees the bills of hosting and AI",
        "observability" | "recovery" => "whoever is called when it breaks",
        "single-points" => "the founders",
        "data" | "audit-trail" => "whoever answers to customers for their data",
        "ai" => "whoever decides what the AI may do",
        "platform" => "whoever deploys",
        _ => "the lead developer",
    }
}

/// `1204` as `1,204`.
pub(super) fn thousands(n: u32) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The first sentences of a text, as many as fit in `most` characters; at least one.
pub(super) fn first_sentences(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut end = 0;
    let mut code = false;
    let bytes = text.as_bytes();
    for (i, c) in text.char_indices() {
        if c == '`' {
            code = !code;
        }
        let stops = matches!(c, '.' | '!' | '?') && !code && matches!(bytes.get(i + 1), None | Some(b' '));
        // `e.g. this` goes on: a sentence starts with a capital, a digit or code.
        let next = text[i + c.len_utf8()..].trim_start().chars().next();
        if stops && next.is_none_or(|n| n.is_uppercase() || n.is_ascii_digit() || n == '`') {
            if end > 0 && text[..=i].chars().count() > most {
                break;
            }
            end = i + 1;
        }
    }
    if end == 0 { text } else { text[..end].to_owned() }
}

/// `file:line`; a word for what has no file.
pub(super) fn place(place: &Place) -> String {
    match (place.file.as_str(), place.line) {
        ("", _) => "the repository as a whole".to_owned(),
        (file, 0) => file.to_owned(),
        (file, line) => format!("{file}:{line}"),
    }
}

/// What is seen at a place: its line, or what the evidence says of it. `""` where that is only the title again.
pub(super) fn seen<'a>(finding: &'a Finding, place: &'a Place) -> &'a str {
    let there = || finding.evidence.iter().find(|e| e.file == place.file && e.line == place.line);
    let text = match place.snippet.is_empty() {
        false => place.snippet.as_str(),
        true => there().map_or("", |evidence| evidence.says.as_str()),
    };
    if finding.title.starts_with(text.trim_end_matches('…')) { "" } else { text }
}

/// Questions of the same rule together, in the order of the first.
pub(super) fn by_rule(questions: &[Question]) -> Vec<Vec<&Question>> {
    let mut groups: Vec<Vec<&Question>> = Vec::new();
    // Questions of a rule stand together already: they are sorted by rule last.
    for question in questions {
        match groups.last_mut() {
            Some(group) if group[0].rule == question.rule => group.push(question),
            _ => groups.push(vec![question]),
        }
    }
    groups
}

/// A stage with a capital.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!([0, 999, 1204, 1_234_567].map(thousands), ["0", "999", "1,204", "1,234,567"]);
        let some = Counts { blocker: 2, high: 1, ..Counts::default() };
        assert_eq!(counts(some), "2 blockers · 1 high");
    }

    #[test]
    fn the_first_sentences_end_where_a_sentence_ends() {
        let text = "Use `a.b. c`, e.g. in v1.2 of it. Then stop. Never again.";
        assert_eq!(first_sentences(text, 1), "Use `a.b. c`, e.g. in v1.2 of it.");
        assert_eq!(first_sentences(text, 46), "Use `a.b. c`, e.g. in v1.2 of it. Then stop.");
        assert_eq!(first_sentences("No stop", 1), "No stop");
    }

    #[test]
    fn every_area_has_someone_to_ask() {
        for area in crate::rules::AREAS {
            assert!(!whom_to_ask(area.slug).is_empty());
        }
    }
}
