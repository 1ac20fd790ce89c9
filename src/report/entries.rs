//! Findings place by place: what formats list that know one place for each entry.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::{ComparisonKind, Report};
use crate::facts::Evidence;
use crate::findings::{Finding, Place, Standing, SuppressionKind};

/// A text in a format that has limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The text.
    pub text: String,
    /// What had to be left out, in sentences. The text says so as well.
    pub cuts: Vec<String>,
}

/// A place of a finding.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) finding: &'a Finding,
    pub(super) place: &'a Place,
    /// The place's key, told apart from equal ones of other findings.
    pub(super) fingerprint: String,
    /// The evidence that is seen at the place.
    pub(super) here: Vec<&'a Evidence>,
    /// The first evidence of each field of the fact, at most [`MOST_STEPS`].
    pub(super) chain: Rc<[&'a Evidence]>,
}

/// The most steps of a chain of evidence.
const MOST_STEPS: usize = 20;

impl Entry<'_> {
    pub(super) fn is_open(&self) -> bool {
        self.place.standing == Standing::Open
    }

    /// Whether a person accepted it: in the baseline, or with a reason.
    pub(super) fn is_accepted(&self) -> bool {
        matches!(self.place.standing, Standing::Baseline | Standing::Ignored)
    }

    /// Where it is accepted and why, in a sentence. `None` unless it is accepted.
    pub(super) fn acceptance(&self, report: &Report) -> Option<(SuppressionKind, String)> {
        match (self.place.standing, &self.place.suppression) {
            (Standing::Ignored, Some(by)) => {
                let until =
                    if by.until.is_empty() { String::new() } else { format!(" (until {})", by.until) };
                Some((by.kind, format!("{}{until}", by.reason)))
            }
            (Standing::Ignored, None) => Some((SuppressionKind::Config, "accepted".to_owned())),
            (Standing::Baseline, _) => {
                let baseline = report.comparisons.iter().find(|c| c.kind == ComparisonKind::Baseline);
                let file = baseline.map_or("the baseline", |comparison| comparison.with.as_str());
                Some((SuppressionKind::Config, format!("accepted by {file}")))
            }
            (Standing::Open | Standing::Before, _) => None,
        }
    }
}

/// Every place of every finding: those that count first, each part worst first.
pub(super) fn entries(report: &Report) -> Vec<Entry<'_>> {
    let suppressed = report.suppressed.iter().map(|suppressed| &suppressed.finding);
    let findings = report.findings.iter().chain(&report.known).chain(suppressed);
    let mut taken = BTreeMap::new();
    let mut entries: Vec<Entry<'_>> = findings
        .flat_map(|finding| {
            let mut at: BTreeMap<(&str, u32), Vec<&Evidence>> = BTreeMap::new();
            finding.evidence.iter().for_each(|e| at.entry((&e.file, e.line)).or_default().push(e));
            let chain = chain(finding);
            finding.places.iter().map(move |place| {
                let here = at.remove(&(place.file.as_str(), place.line)).unwrap_or_default();
                (finding, place, here, Rc::clone(&chain))
            })
        })
        .map(|(finding, place, here, chain)| {
            let fingerprint = unique(&mut taken, &place.key);
            Entry { finding, place, fingerprint, here, chain }
        })
        .collect();
    entries.sort_by_key(|entry| !entry.is_open());
    entries
}

fn chain(finding: &Finding) -> Rc<[&Evidence]> {
    let mut steps: Vec<&Evidence> = Vec::new();
    for evidence in &finding.evidence {
        if steps.len() < MOST_STEPS && steps.iter().all(|step| step.cell != evidence.cell) {
            steps.push(evidence);
        }
    }
    steps.into()
}

/// The key, with a number if it is taken. Keys of places are unique but where two facts share rule and subject.
fn unique(taken: &mut BTreeMap<String, u32>, key: &str) -> String {
    let count = taken.entry(key.to_owned()).or_default();
    *count += 1;
    // Keys themselves never hold a dot.
    if *count == 1 { key.to_owned() } else { format!("{key}.{count}") }
}

/// On one line.
pub(super) fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most `most` characters, with an ellipsis where something is missing.
pub(super) fn short(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => {
            let end = text.char_indices().nth(most.saturating_sub(1)).map_or(0, |(at, _)| at);
            format!("{}…", text[..end].trim_end())
        }
    }
}

/// What stands at the place and why it matters: the title, what is seen, why.
pub(super) fn message(entry: &Entry<'_>) -> String {
    format!("{} {}", stopped(&entry.finding.title), details(entry))
}

/// The message without the title.
pub(super) fn details(entry: &Entry<'_>) -> String {
    let Entry { finding, place, .. } = entry;
    // The line is a field of its own in every format.
    if place.snippet.is_empty()
        && let Some(evidence) = entry.here.iter().find(|evidence| !evidence.says.is_empty())
        && !finding.title.starts_with(evidence.says.as_str().trim_end_matches('…'))
    {
        return format!("{} {}", stopped(&super::words::capital(evidence.says.as_str())), finding.why);
    }
    finding.why.clone()
}

/// Said of a finding without a file, where the format can't show it without one.
pub(super) const WHOLE: &str = "(This is about the repository as a whole. It is shown at this file only because it must be shown somewhere.)";

/// The sentence with a full stop.
pub(super) fn stopped(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', '…', ':']) { text.to_owned() } else { format!("{text}.") }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::report::testing::report;

    #[test]
    fn every_place_is_listed_once_under_a_name_of_its_own() {
        let mut report = report();
        let twin = report.findings[0].clone();
        report.findings.push(twin);
        let all = entries(&report);
        let places: usize = report.findings.iter().map(|f| f.places.len()).sum();
        let names: BTreeSet<&str> = all.iter().map(|e| e.fingerprint.as_str()).collect();
        assert_eq!((all.len(), names.len()), (places, places));
        assert_eq!(all[0].finding.rule, "env-file-committed");
    }

    #[test]
    fn what_counts_comes_first() {
        let mut report = report();
        report.findings[0].places[0].standing = Standing::Baseline;
        let mut known = report.findings.remove(1);
        known.places.iter_mut().for_each(|place| place.standing = Standing::Before);
        report.known.push(known);
        let all = entries(&report);
        let open = all.iter().take_while(|entry| entry.is_open()).count();
        assert_eq!(all.len() - open, 2);
        assert!(all[open..].iter().all(|entry| !entry.is_open()));
    }

    #[test]
    fn long_texts_end_in_an_ellipsis() {
        assert_eq!(short("abc", 3), "abc");
        assert_eq!(short("ab cd", 4), "ab…");
        assert_eq!(short("éééé", 2), "é…");
    }
}
