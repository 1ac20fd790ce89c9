//! What a change brought: the findings of today without those of the trees before it.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::{Content, Finding, Findings, KnownPlace, Place, Question, Standing, places_of, settle};
use crate::rules::{Judged, Judgement, RuleResult};
use crate::source::{Renames, Tree, added_lines};

/// Today's files, and what could not be told of them.
#[derive(Debug, Clone, Copy)]
pub struct Now<'a> {
    /// The files.
    pub tree: &'a Tree,
    /// What the rules say of them.
    pub results: &'a [RuleResult],
    /// Files that were not read, or that do not parse.
    pub unread: &'a BTreeSet<&'a str>,
}

/// Leaves in `findings` what is in none of the trees before, and answers with what the change removed from the first.
///
/// Whole trees are compared, never lines: a change that removes a guard breaks what it did not touch.
pub fn subtract(findings: &mut Findings, before: &[(Findings, &Tree)], now: &Now<'_>) -> Vec<KnownPlace> {
    let mut removed = None;
    for (of_before, tree) in before {
        let renames = OnceCell::new();
        let renamed = |before: &str, after: &str| {
            renames.get_or_init(|| Renames::between(tree, now.tree)).is(before, after)
        };
        let known = places_of(of_before.findings.iter());
        let gone = settle(findings, &known, Standing::Before, &renamed);
        point_at_new_lines(&mut findings.findings, tree, now.tree);
        let asked: BTreeSet<Asked<'_>> = of_before.questions.iter().map(asked).collect();
        findings.questions.retain(|question| !asked.contains(&self::asked(question)));
        removed.get_or_insert(gone);
    }
    let mut removed = removed.unwrap_or_default();
    let (untold, accepted) = (untold(now.results), accepted(findings));
    removed.retain(|place| {
        // What can't be told any more is not fixed, nor is what somebody accepts.
        !untold.contains(&(place.rule.as_str(), None))
            && !untold.contains(&(place.rule.as_str(), Some(place.subject.as_str())))
            && !now.unread.contains(place.file.as_str())
            && !accepted.contains(&(place.rule.as_str(), place.key.as_str()))
    });
    removed
}

/// Rule, text and subject of a question.
type Asked<'a> = (&'a str, &'a str, &'a str);

fn asked(question: &Question) -> Asked<'_> {
    (&question.rule, &question.question, &question.subject)
}

/// Rules that can't be told for a subject; without one, for none.
fn untold(results: &[RuleResult]) -> BTreeSet<(&str, Option<&str>)> {
    let unknown = |judged: &&Judged| matches!(judged.judgement, Judgement::Unknown(_));
    results
        .iter()
        .flat_map(|result| {
            let rule = result.rule.id.as_str();
            let failed = result.error.iter().map(move |_| (rule, None));
            let subjects = result.judged.iter().filter(unknown);
            failed.chain(subjects.map(move |judged| (rule, Some(judged.subject.as_str()))))
        })
        .collect()
}

/// Rules and keys of places that took no part in the comparison, because somebody accepts them.
fn accepted(findings: &Findings) -> BTreeSet<(&str, &str)> {
    let suppressed = findings.suppressed.iter().map(|suppressed| &suppressed.finding);
    let all = findings.findings.iter().chain(&findings.known).chain(suppressed);
    let places = all.flat_map(|finding| finding.places.iter().map(move |place| (finding, place)));
    places
        .filter(|(_, place)| !matches!(place.standing, Standing::Open | Standing::Before))
        .map(|(finding, place)| (finding.rule.as_str(), place.key.as_str()))
        .collect()
}

/// Of equal lines of a file some are new and some are not, and keys can't tell which. The text can: those in lines
/// that it did not have before are new.
fn point_at_new_lines(findings: &mut [Finding], before: &Tree, now: &Tree) {
    let mut added: BTreeMap<String, Vec<(u32, u32)>> = BTreeMap::new();
    for finding in findings {
        let mut twins: BTreeMap<(String, Content), Vec<usize>> = BTreeMap::new();
        for (i, place) in finding.places.iter().enumerate().filter(|(_, place)| place.line > 0) {
            if matches!(place.standing, Standing::Open | Standing::Before) {
                twins.entry((place.file.clone(), place.content.clone())).or_default().push(i);
            }
        }
        for ((file, _), mut these) in twins {
            let standing = |i: &usize| finding.places.get(*i).map(|place: &Place| place.standing);
            let open = these.iter().filter(|i| standing(i) == Some(Standing::Open)).count();
            if open == 0 || open == these.len() {
                continue;
            }
            let added = added.entry(file).or_insert_with_key(|file| new_lines(file, before, now));
            let is_new = |i: &usize| {
                let line = finding.places.get(*i).map_or(0, |place| place.line);
                added.iter().any(|(first, last)| (*first..=*last).contains(&line))
            };
            these.sort_by_key(|i| (!is_new(i), standing(i) != Some(Standing::Open)));
            for (nth, i) in these.into_iter().enumerate() {
                if let Some(place) = finding.places.get_mut(i) {
                    place.standing = if nth < open { Standing::Open } else { Standing::Before };
                }
            }
        }
    }
}

fn new_lines(file: &str, before: &Tree, now: &Tree) -> Vec<(u32, u32)> {
    let read = |tree: &Tree| Some(tree.read(tree.get(file)?).ok()?.text);
    match (read(before), read(now)) {
        (Some(before), Some(now)) => added_lines(&before, &now),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::assemble;
    use super::super::testing::{context, judged, result, rule};
    use super::*;
    use crate::facts::Evidence;
    use crate::rules::Judgement::{Failed, Unknown};

    fn tree(text: &str) -> (tempfile::TempDir, Tree) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.yml"), text).unwrap();
        let tree = Tree::working(folder.path(), &[]).unwrap();
        (folder, tree)
    }

    /// What a rule finds in `text`: a place for each line `x`, of one subject.
    fn results(text: &str) -> Vec<RuleResult> {
        let mut one = judged("s", Failed);
        one.evidence = (1..)
            .zip(text.lines())
            .filter(|(_, line)| *line == "x")
            .map(|(number, line)| Evidence::new("port", "a.yml", number, "").with_snippet(line))
            .collect();
        let judged = if one.evidence.is_empty() { Vec::new() } else { vec![one] };
        vec![RuleResult { judged, ..result(rule("r"), &[]) }]
    }

    /// The lines that the change from `before` to `now` brings, and how many places it removes.
    fn change(before: &str, now: &str) -> (Vec<u32>, usize) {
        let ((_a, tree_before), (_b, tree_now)) = (tree(before), tree(now));
        let of_before = assemble(&results(before), &context(&[], "2026-07-01"));
        let now_results = results(now);
        let mut findings = assemble(&now_results, &context(&[], "2026-07-01"));
        let unread = BTreeSet::new();
        let now = Now { tree: &tree_now, results: &now_results, unread: &unread };
        let gone = subtract(&mut findings, &[(of_before, &tree_before)], &now);
        let places = findings.findings.iter().flat_map(|finding| &finding.places);
        let open = places.filter(|place| place.standing == Standing::Open).map(|place| place.line);
        (open.collect(), gone.len())
    }

    #[test]
    fn of_equal_lines_the_new_one_is_open() {
        assert_eq!(change("a\nx\nb\n", "x\na\nx\nb\n"), (vec![1], 0));
        assert_eq!(change("a\nx\nb\n", "a\nx\nb\nx\n"), (vec![4], 0));
        assert_eq!(change("a\nx\nb\nx\nc\n", "a\nx\nn\nx\nb\nx\nc\n"), (vec![4], 0));
        assert_eq!(change("a\nx\nb\nx\n", "b\nx\n"), (vec![], 1));
    }

    #[test]
    fn what_cannot_be_told_any_more_is_not_fixed() {
        let (_folder, tree) = tree("x\n");
        let before = || vec![(assemble(&results("x\n"), &context(&[], "2026-07-01")), &tree)];
        let removed = |results: &[RuleResult], unread: &BTreeSet<&str>| {
            let mut findings = assemble(results, &context(&[], "2026-07-01"));
            subtract(&mut findings, &before(), &Now { tree: &tree, results, unread }).len()
        };
        let (nothing, unread) = (BTreeSet::new(), BTreeSet::from(["a.yml"]));
        assert_eq!(removed(&results(""), &nothing), 1);
        assert_eq!(removed(&results(""), &unread), 0);
        let unknown = judged("s", Unknown(vec!["why".to_owned()]));
        let unknown = vec![RuleResult { judged: vec![unknown], ..result(rule("r"), &[]) }];
        assert_eq!(removed(&unknown, &nothing), 0);
        let failed = vec![RuleResult { error: Some("broken".to_owned()), ..result(rule("r"), &[]) }];
        assert_eq!(removed(&failed, &nothing), 0);
    }
}
