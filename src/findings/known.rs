//! What was there before: places of a baseline or of the tree before a change, matched with those of today.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Content, Finding, Findings, Place, Standing};

/// A place that is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct KnownPlace {
    /// The rule's id.
    pub rule: String,
    /// What the finding is about.
    pub subject: String,
    /// Relative to PATH; `""` for the history or PATH itself.
    pub file: String,
    /// The place's key.
    pub key: String,
    /// What tells the place from others.
    pub content: Content,
}

/// Whether a known place is this one of today, of a finding about the subject.
type SamePlace<'a> = dyn Fn(&KnownPlace, &str, &Place) -> bool + 'a;

/// A line of at least this many characters (white space and punctuation left out) names one piece of code wherever it
/// stands. Shorter ones (`USER root`) are found everywhere.
const DISTINCTIVE: usize = 24;

/// The shortest part of a line that still tells it from its neighbours.
const WRAPPED: usize = 8;

/// The places of findings, as known places, sorted.
pub fn places_of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<KnownPlace> {
    let mut known: Vec<KnownPlace> = findings
        .into_iter()
        .flat_map(|finding| {
            finding.places.iter().map(|place| KnownPlace {
                rule: finding.rule.clone(),
                subject: finding.subject.clone(),
                file: place.file.clone(),
                key: place.key.clone(),
                content: place.content.clone(),
            })
        })
        .collect();
    known.sort();
    known
}

/// Gives `standing` to every open place that was there before, moves findings without an open place to `known`, and
/// answers with what is no longer there. Each known place accounts for one place of today.
///
/// `renamed(before, now)` says whether the file `now` is what the file `before` became.
pub fn settle(
    findings: &mut Findings,
    before: &[KnownPlace],
    standing: Standing,
    renamed: &dyn Fn(&str, &str) -> bool,
) -> Vec<KnownPlace> {
    let mut left: BTreeMap<(&str, &str), Vec<&KnownPlace>> = BTreeMap::new();
    for known in before {
        left.entry((&known.rule, &known.key)).or_default().push(known);
    }
    for (rule, place) in open_places(findings) {
        if let Some(known) = left.get_mut(&(rule, place.key.as_str()))
            && known.pop().is_some()
        {
            place.standing = standing;
        }
    }

    // What is left on both sides of the same rule may be the same place, moved or reformatted.
    let mut gone: BTreeMap<&str, Vec<&KnownPlace>> = BTreeMap::new();
    for known in left.into_values().flatten() {
        gone.entry(&known.rule).or_default().push(known);
    }
    gone.values_mut().for_each(|known| known.sort());
    let same: [&SamePlace<'_>; 3] = [
        &|known, subject, place| {
            known.subject == subject && known.file == place.file && is_wrapped(known, place)
        },
        &|known, _, place| renamed(&known.file, &place.file) && known.content == place.content,
        &|known, _, place| is_same_line(known, place),
    ];
    for is_same in same {
        for finding in &mut findings.findings {
            let Some(known) = gone.get_mut(finding.rule.as_str()) else { continue };
            for place in finding.places.iter_mut().filter(|place| place.standing == Standing::Open) {
                if let Some(at) = known.iter().position(|known| is_same(known, &finding.subject, place)) {
                    known.remove(at);
                    place.standing = standing;
                }
            }
        }
    }

    let (open, known): (Vec<Finding>, Vec<Finding>) =
        std::mem::take(&mut findings.findings).into_iter().partition(Finding::is_open);
    findings.findings = open;
    findings.known.extend(known);
    let mut gone: Vec<KnownPlace> = gone.into_values().flatten().cloned().collect();
    gone.sort();
    gone
}

fn open_places(findings: &mut Findings) -> impl Iterator<Item = (&str, &mut Place)> {
    findings.findings.iter_mut().flat_map(|finding| {
        let rule = finding.rule.as_str();
        finding
            .places
            .iter_mut()
            .filter(|place| place.standing == Standing::Open)
            .map(move |place| (rule, place))
    })
}

/// Whether one line begins with the other: a formatter broke it or joined it.
fn is_wrapped(known: &KnownPlace, place: &Place) -> bool {
    let (Content::Line(before), Content::Line(now)) = (&known.content, &place.content) else { return false };
    before.len().min(now.len()) >= WRAPPED && (before.starts_with(now) || now.starts_with(before))
}

/// Whether it is the same line in the same file under another subject, or one that can be mistaken for no other.
fn is_same_line(known: &KnownPlace, place: &Place) -> bool {
    let Content::Line(text) = &place.content else { return false };
    known.content == place.content && (known.file == place.file || text.chars().count() >= DISTINCTIVE)
}

/// The rules and subjects of places that are no longer there, once each.
pub fn subjects_of(places: &[KnownPlace]) -> BTreeSet<(&str, &str)> {
    places.iter().map(|place| (place.rule.as_str(), place.subject.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{context, judged, result, rule};
    use super::super::{Finding, assemble};
    use super::*;
    use crate::facts::Evidence;
    use crate::rules::Judgement::Failed;
    use crate::rules::RuleResult;

    /// What the rule `r` finds: one finding about `subject`, with a place for each line of `file`.
    fn found(subject: &str, file: &str, lines: &[&str]) -> Findings {
        let mut one = judged(subject, Failed);
        one.evidence = (1..)
            .zip(lines)
            .map(|(number, line)| Evidence::new("port", file, number, "").with_snippet(line))
            .collect();
        let results = [RuleResult { judged: vec![one], ..result(rule("r"), &[]) }];
        assemble(&results, &context(&[], "2026-07-01"))
    }

    /// The lines of today that are new against `before`, and how many places of before are gone.
    fn compared(before: &Findings, mut now: Findings) -> (Vec<u32>, usize) {
        let known = places_of(&before.findings);
        let renamed = |a: &str, b: &str| (a, b) == ("old.yml", "new.yml");
        let gone = settle(&mut now, &known, Standing::Baseline, &renamed);
        let open = |finding: &Finding| -> Vec<u32> {
            finding.places.iter().filter(|p| p.standing == Standing::Open).map(|p| p.line).collect()
        };
        (now.findings.iter().flat_map(open).collect(), gone.len())
    }

    #[test]
    fn moved_lines_are_known_and_a_new_one_beside_them_is_new() {
        let before = found("s", "a.yml", &["- 5432:5432"]);
        let now = found("s", "a.yml", &["- 6379:6379", "  -  '5432:5432'"]);
        assert_eq!(compared(&before, now), (vec![1], 0));
    }

    #[test]
    fn a_second_equal_line_is_new() {
        let before = found("s", "a.yml", &["- 5432:5432"]);
        assert_eq!(compared(&before, found("s", "a.yml", &["- 5432:5432", "- 5432:5432"])), (vec![2], 0));
    }

    #[test]
    fn one_fault_for_another_of_the_same_root_cause_is_new() {
        let before = found("s", "a.yml", &["- 5432:5432"]);
        assert_eq!(compared(&before, found("s", "a.yml", &["- 6379:6379"])), (vec![1], 1));
    }

    #[test]
    fn a_line_that_a_formatter_broke_is_known() {
        let before = found("s", "a.ts", &["app.get('/users', async (req, res) => { eval(req.body) })"]);
        let now = found("s", "a.ts", &["app.get(", "x"]);
        assert_eq!(compared(&before, now).0, [1, 2], "too little is left of it");
        let now = found("s", "a.ts", &["app.get(\"/users\", async (req, res) => {"]);
        assert_eq!(compared(&before, now), (vec![], 0));
    }

    #[test]
    fn a_renamed_file_brings_nothing_and_a_copied_one_does() {
        let before = found("old.yml", "old.yml", &["- 5432:5432"]);
        assert_eq!(compared(&before, found("new.yml", "new.yml", &["- 5432:5432"])), (vec![], 0));
        assert_eq!(compared(&before, found("other.yml", "other.yml", &["- 5432:5432"])), (vec![1], 1));
    }

    #[test]
    fn a_line_that_moved_to_another_file_is_known_only_where_it_left_its_old_place() {
        let line = "const answer = eval(request.body.formula)";
        let before = found("a.ts", "a.ts", &[line]);
        assert_eq!(compared(&before, found("b.ts", "b.ts", &[line])), (vec![], 0));
        let mut both = found("a.ts", "a.ts", &[line]);
        both.findings.extend(found("b.ts", "b.ts", &[line]).findings);
        assert_eq!(compared(&before, both), (vec![1], 0));
    }

    #[test]
    fn what_has_no_open_place_is_kept_as_known() {
        let before = found("s", "a.yml", &["- 5432:5432"]);
        let mut now = before.clone();
        settle(&mut now, &places_of(&before.findings), Standing::Before, &|_, _| false);
        assert!(now.findings.is_empty());
        assert_eq!(now.known[0].places[0].standing, Standing::Before);
    }
}
