//! What was there before: places of a baseline or of the tree before a change, matched with those of today.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::assemble::sort;
use super::key::normal;
use super::{Content, Finding, Findings, Place, Standing};
use crate::rules::Severity;

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
    /// Of what a fact states as a whole: the line that shows it, as keys see lines; `""` otherwise. With it the same
    /// line is known when what it belongs to gets another name (a service of a compose file).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub line: String,
}

/// Whether a known place is this one of today.
type SamePlace<'a> = dyn Fn(&KnownPlace, &Place) -> bool + 'a;

/// How many known places are compared with one of today: a baseline of a stranger must not take for ever.
const MOST_CANDIDATES: usize = 1_000;

/// A line of at least this many characters (white space and punctuation left out) names one piece of code wherever it
/// stands. Shorter ones (`USER root`) are found everywhere.
const DISTINCTIVE: usize = 24;

/// The shortest part of a line that still tells it from its neighbours.
const WRAPPED: usize = 8;

/// The open places of findings, as known places, sorted. What is suppressed is left out: it is accepted with a reason
/// and only as long as that stands.
pub fn places_of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<KnownPlace> {
    let mut known: Vec<KnownPlace> = findings
        .into_iter()
        .flat_map(|finding| {
            let open = finding.places.iter().filter(|place| place.standing == Standing::Open);
            open.map(|place| KnownPlace {
                rule: finding.rule.clone(),
                subject: finding.subject.clone(),
                file: place.file.clone(),
                key: place.key.clone(),
                content: place.content.clone(),
                line: line_of(place),
            })
        })
        .collect();
    known.sort();
    known
}

/// Gives `standing` to every open place that was there before, moves findings without an open place to `known`, and
/// answers with what is no longer there. Each known place accounts for one place of today. What was there before and is
/// suppressed today stays suppressed, and is not gone.
///
/// `renamed(before, now)` says whether the file `now` is what the file `before` became.
pub fn settle(
    findings: &mut Findings,
    before: &[KnownPlace],
    standing: Standing,
    renamed: &dyn Fn(&str, &str) -> bool,
) -> Vec<KnownPlace> {
    let (values, before): (Vec<&KnownPlace>, Vec<&KnownPlace>) =
        before.iter().partition(|known| matches!(known.content, Content::Value(_)));
    let gone_values = settle_values(findings, &values, standing);
    let mut left: BTreeMap<(String, String), Vec<&KnownPlace>> = BTreeMap::new();
    for known in before {
        left.entry((known.rule.clone(), known.key.clone())).or_default().push(known);
    }
    let mut today = today(findings);
    today.retain(|one| !matches!(one.place.content, Content::Value(_)));
    for one in &mut today {
        let known = left.get_mut(&(one.rule.to_owned(), one.place.key.clone()));
        if known.is_some_and(|known| known.pop().is_some()) {
            one.found(standing);
        }
    }

    // What is left on both sides of the same rule may be the same place, moved or reformatted.
    let mut gone: Vec<&KnownPlace> = left.into_values().flatten().collect();
    gone.sort();
    let mut taken = vec![false; gone.len()];
    let spot = |known: &KnownPlace| (known.rule.clone(), known.subject.clone(), known.file.clone());
    let by_spot = grouped(&gone, spot);
    let by_content = grouped(&gone, |known| (known.rule.clone(), known.content.clone()));
    for one in today.iter_mut().filter(|one| !one.is_found) {
        let key = (one.rule.to_owned(), one.subject.to_owned(), one.place.file.clone());
        take(one, &gone, &mut taken, by_spot.get(&key), standing, &|known, place| is_wrapped(known, place));
    }
    let same: [&SamePlace<'_>; 3] = [
        &|known, place| renamed(&known.file, &place.file) && known.content == place.content,
        &|known, place| is_same_line(known, place),
        &|known, place| {
            known.file == place.file && known.line.len() >= WRAPPED && known.line == line_of(place)
        },
    ];
    for is_same in same {
        for one in today.iter_mut().filter(|one| !one.is_found) {
            let key = (one.rule.to_owned(), one.place.content.clone());
            take(one, &gone, &mut taken, by_content.get(&key), standing, is_same);
        }
    }
    // What a fact states as a whole is one root cause, whichever file shows it today; so is what it lists by name.
    let by_fact = grouped(&gone, |known| (known.rule.clone(), known.subject.clone(), known.content.clone()));
    for one in today.iter_mut().filter(|one| !one.is_found) {
        let key = (one.rule.to_owned(), one.subject.to_owned(), one.place.content.clone());
        let states =
            |known: &KnownPlace, _: &Place| matches!(known.content, Content::Field(_) | Content::Item(_));
        take(one, &gone, &mut taken, by_fact.get(&key), standing, &states);
    }
    let mut gone = not_taken(&gone, &taken);
    gone.extend(gone_values);
    gone.sort();
    set_aside(findings);
    gone
}

/// The same for secrets: one that was known is known wherever it stands today, unless it got worse (a key of the history
/// that is back in a file). Answers with those that are gone for good.
fn settle_values(findings: &mut Findings, before: &[&KnownPlace], standing: Standing) -> Vec<KnownPlace> {
    let severities: BTreeMap<String, Severity> =
        findings.outcomes.iter().map(|outcome| (outcome.rule.clone(), outcome.severity)).collect();
    let by_value = grouped(before, |known| known.content.clone());
    let mut there: BTreeSet<Content> = BTreeSet::new();
    for mut one in today(findings) {
        let Some(known) = by_value.get(&one.place.content) else { continue };
        there.insert(one.place.content.clone());
        let no_worse = |rule: &str| {
            rule == one.rule || severities.get(rule).is_some_and(|s| severities.get(one.rule) <= Some(s))
        };
        if known.iter().any(|i| no_worse(&before[*i].rule)) {
            one.found(standing);
        }
    }
    let gone = before.iter().filter(|known| !there.contains(&known.content));
    gone.map(|known| (*known).clone()).collect()
}

/// The same for places whose file is no longer there, of any name: without a history to ask, equal lines say that it
/// moved. Places that show no line stay gone: what their fact states is too common.
pub(super) fn settle_left(
    findings: &mut Findings,
    before: &[KnownPlace],
    standing: Standing,
    is_left: &dyn Fn(&str) -> bool,
) -> Vec<KnownPlace> {
    let gone: Vec<&KnownPlace> = before.iter().collect();
    let mut taken = vec![false; gone.len()];
    let by_content = grouped(&gone, |known| (known.rule.clone(), known.content.clone()));
    let is_same = |known: &KnownPlace, place: &Place| {
        let same_line = match &known.content {
            Content::Line(_) => true,
            _ => !known.line.is_empty() && known.line == line_of(place),
        };
        same_line && is_left(&known.file)
    };
    for one in today(findings).iter_mut().filter(|one| one.place.standing == Standing::Open) {
        let key = (one.rule.to_owned(), one.place.content.clone());
        take(one, &gone, &mut taken, by_content.get(&key), standing, &is_same);
    }
    let gone = not_taken(&gone, &taken);
    set_aside(findings);
    gone
}

fn not_taken(gone: &[&KnownPlace], taken: &[bool]) -> Vec<KnownPlace> {
    gone.iter().zip(taken).filter(|(_, taken)| !**taken).map(|(known, _)| (*known).clone()).collect()
}

/// Moves findings without an open place to `known`.
fn set_aside(findings: &mut Findings) {
    let (open, known): (Vec<Finding>, Vec<Finding>) =
        std::mem::take(&mut findings.findings).into_iter().partition(Finding::is_open);
    findings.findings = open;
    findings.known.extend(known);
    sort(&mut findings.known);
}

/// A place of today that may be known.
struct Today<'a> {
    rule: &'a str,
    subject: &'a str,
    place: &'a mut Place,
    is_found: bool,
}

impl Today<'_> {
    fn found(&mut self, standing: Standing) {
        self.is_found = true;
        if self.place.standing == Standing::Open {
            self.place.standing = standing;
        }
    }
}

/// Every place that is open, then every one that is suppressed: these come second, so that they take nothing away.
fn today(findings: &mut Findings) -> Vec<Today<'_>> {
    let suppressed = findings.suppressed.iter_mut().map(|one| &mut one.finding);
    let mut today: Vec<Today<'_>> = findings
        .findings
        .iter_mut()
        .chain(suppressed)
        .flat_map(|finding| {
            let (rule, subject) = (finding.rule.as_str(), finding.subject.as_str());
            finding.places.iter_mut().map(move |place| Today { rule, subject, place, is_found: false })
        })
        .filter(|one| matches!(one.place.standing, Standing::Open | Standing::Ignored))
        .collect();
    today.sort_by_key(|one| one.place.standing);
    today
}

/// The positions of known places that share something.
fn grouped<K: Ord>(gone: &[&KnownPlace], key: impl Fn(&KnownPlace) -> K) -> BTreeMap<K, Vec<usize>> {
    let mut groups: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (i, known) in gone.iter().enumerate() {
        groups.entry(key(known)).or_default().push(i);
    }
    groups
}

/// Takes the first known place of the group that is this one of today.
fn take(
    one: &mut Today<'_>,
    gone: &[&KnownPlace],
    taken: &mut [bool],
    group: Option<&Vec<usize>>,
    standing: Standing,
    is_same: &SamePlace<'_>,
) {
    let candidates = group.into_iter().flatten().copied().filter(|i| !taken[*i]).take(MOST_CANDIDATES);
    let mut candidates = candidates.collect::<Vec<_>>().into_iter();
    if let Some(i) = candidates.find(|i| is_same(gone[*i], one.place)) {
        taken[i] = true;
        one.found(standing);
    }
}

/// The line that shows what a fact states as a whole.
fn line_of(place: &Place) -> String {
    match place.content {
        Content::Field(_) => normal(place.snippet.as_str()),
        _ => String::new(),
    }
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
    fn what_is_suppressed_today_is_not_gone_and_takes_nothing_from_what_is_open() {
        let before = found("s", "a.yml", &["- 5432:5432"]);
        let known = places_of(&before.findings);
        let mut now = found("s", "a.yml", &["- 5432:5432", "- '5432:5432'"]);
        now.findings[0].places[0].standing = Standing::Ignored;
        assert_eq!(places_of(&now.findings).len(), 1, "what is suppressed is not written into a baseline");
        assert_eq!(settle(&mut now, &known, Standing::Baseline, &|_, _| false), []);
        let standings: Vec<_> = now.findings[0].places.iter().map(|p| p.standing).collect();
        assert_eq!(standings, [Standing::Ignored, Standing::Open]);
        now.findings[0].places[0].standing = Standing::Open;
        now.findings[0].places[1].standing = Standing::Ignored;
        settle(&mut now, &known, Standing::Baseline, &|_, _| false);
        assert_eq!(now.known.len(), 1);
    }

    #[test]
    fn many_known_places_are_matched_in_no_time() {
        let lines: Vec<String> = (0..4_000).map(|i| format!("- {i}:5432")).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let before = found("old.yml", "old.yml", &lines);
        assert_eq!(compared(&before, found("new.yml", "new.yml", &lines)), (vec![], 0));
    }

    /// The same, of a field that states one thing.
    fn stated(subject: &str, file: &str, lines: &[&str]) -> Findings {
        let mut one = judged(subject, Failed);
        one.evidence = (1..)
            .zip(lines)
            .map(|(number, line)| Evidence::new("image_pinned", file, number, "").with_snippet(line))
            .collect();
        let results = [RuleResult { judged: vec![one], ..result(rule("r"), &[]) }];
        assemble(&results, &context(&[], "2026-07-01"))
    }

    #[test]
    fn a_service_with_another_name_brings_nothing_and_another_fault_in_its_place_does() {
        let before = stated("inbox in a.yml", "a.yml", &["image: axllent/mailpit"]);
        let now = stated("mailpit in a.yml", "a.yml", &["image: axllent/mailpit"]);
        assert_eq!(compared(&before, now), (vec![], 0));
        assert_eq!(compared(&before, stated("mailpit in a.yml", "a.yml", &["image: redis"])), (vec![1], 1));
    }

    #[test]
    fn what_is_listed_by_its_name_may_move_and_change_its_line() {
        let listing = |file: &str, name: &str, line: &str| {
            let mut one = judged("the app", Failed);
            one.lists = vec!["read".to_owned()];
            one.evidence = vec![Evidence::of_item("read", name, file, 3, "").with_snippet(line)];
            let results = [RuleResult { judged: vec![one], ..result(rule("r"), &[]) }];
            assemble(&results, &context(&[], "2026-07-01"))
        };
        let before = listing("a.ts", "FEE", "const fee = process.env.FEE ?? 150");
        assert_eq!(compared(&before, listing("b.ts", "FEE", "return process.env.FEE")), (vec![], 0));
        assert_eq!(compared(&before, listing("a.ts", "RATE", "const fee = process.env.RATE")), (vec![3], 1));
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
