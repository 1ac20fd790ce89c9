//! What must hold whatever the rules say: nobody is punished for fixing something, and nothing is vouched for that
//! was not seen.

use proptest::prelude::*;

use super::{Score, Verdict, score};
use crate::facts::kinds::{App, LanguageShare, Part, Project};
use crate::facts::{Answer, Facts};
use crate::findings::testing::context;
use crate::findings::{Attestation, Context, Findings, Ignore, assemble};
use crate::rules::{AREAS, Confidence, Judgement, RuleResult, Severity, Stage};

const DAY: &str = "2026-07-01";

/// One generated world: what every rule says, what people vouch for, and the facts.
#[derive(Debug, Clone)]
struct World {
    results: Vec<RuleResult>,
    attested: Vec<usize>,
    /// Rules and subjects that somebody accepts: rule `i`, subject `s<n>`.
    accepted: Vec<(usize, usize)>,
    facts: Facts,
}

fn attestation(rule: &str) -> Attestation {
    Attestation {
        rule: rule.into(),
        answer: "yes".into(),
        by: "Ada".into(),
        on: "2026-01-01".into(),
        until: "2027-01-01".into(),
    }
}

fn ignore(rule: &str, subject: usize) -> Ignore {
    Ignore {
        rule: rule.into(),
        subject: Some(format!("s{subject}")),
        reason: "known".into(),
        file: "vibecheck.toml".into(),
        ..Ignore::default()
    }
}

impl World {
    fn findings(&self) -> Findings {
        let names: Vec<String> =
            self.attested.iter().filter_map(|i| self.results.get(*i)).map(|r| r.rule.id.clone()).collect();
        let attestations: Vec<Attestation> = names.iter().map(|id| attestation(id)).collect();
        let ignores: Vec<Ignore> = self
            .accepted
            .iter()
            .filter_map(|(i, n)| self.results.get(*i).map(|result| ignore(&result.rule.id, *n)))
            .collect();
        let context = Context { ignores: &ignores, ..context(&attestations, DAY) };
        assemble(&self.results, &context)
    }

    fn score(&self) -> Score {
        score(&self.findings(), &self.facts)
    }

    /// The same world with every judgement of rule `i` changed by `change`.
    fn with(&self, i: usize, change: impl Fn(&Judgement) -> Judgement) -> World {
        let mut world = self.clone();
        for judged in &mut world.results[i].judged {
            judged.judgement = change(&judged.judgement);
        }
        world
    }
}

fn judgement() -> impl Strategy<Value = Judgement> {
    prop_oneof![
        3 => Just(Judgement::Passed),
        2 => Just(Judgement::Failed),
        2 => Just(crate::findings::testing::unknown()),
    ]
}

fn severity() -> impl Strategy<Value = Severity> {
    use Severity::{Blocker, Critical, High, Low, Medium};
    prop::sample::select(vec![Blocker, Critical, High, Medium, Low])
}

fn result() -> impl Strategy<Value = RuleResult> {
    (
        0..AREAS.len(),
        severity(),
        prop::sample::select(vec![Stage::Stabilize, Stage::Foundations, Stage::Scale]),
        prop::sample::select(vec![Confidence::High, Confidence::High, Confidence::Medium, Confidence::Low]),
        any::<bool>(),
        prop::collection::vec(0..14_usize, 0..3),
        prop::collection::vec(judgement(), 0..4),
        prop::bool::weighted(0.05),
    )
        .prop_map(|(area, severity, stage, confidence, required, requires, judgements, broken)| {
            let mut rule = crate::findings::testing::rule("r");
            rule.area = AREAS[area].slug.into();
            (rule.severity, rule.stage, rule.confidence, rule.required) =
                (severity, stage, confidence, required);
            rule.requires = requires.iter().map(|i| format!("r{i}")).collect();
            let mut result = crate::findings::testing::result(rule, &judgements);
            result.error = broken.then(|| "broken".to_owned());
            result
        })
}

fn facts() -> impl Strategy<Value = Facts> {
    (
        prop::sample::select(vec![Answer::Yes, Answer::Yes, Answer::Partial, Answer::No, Answer::Unknown]),
        any::<bool>(),
    )
        .prop_map(|(code_read, ai)| {
            let part = Part {
                name: "openai".into(),
                version: Default::default(),
                provider: String::new(),
                file: "package.json".into(),
                line: 3,
            };
            let app =
                App { path: ".".into(), ai: if ai { vec![part] } else { Vec::new() }, ..App::default() };
            Facts { apps: vec![app], ..code(code_read) }
        })
}

fn code(code_read: Answer) -> Facts {
    let language =
        LanguageShare { name: "Go".into(), files: 9, bytes: 9, share: 1.0, read: code_read == Answer::Yes };
    let project =
        Project { files: 10, has_code: true, code_read, languages: vec![language], ..Project::default() };
    Facts { project, ..Facts::default() }
}

/// Half of the worlds are good but for a few rules: every area is looked at and passes. In the others most areas are
/// blind, and hide what a single rule does.
fn world() -> impl Strategy<Value = World> {
    let accepted = || prop::collection::vec((0..14_usize, 0..4_usize), 0..4);
    let bad = (
        prop::collection::vec(result(), 1..14),
        prop::collection::vec(0..14_usize, 0..4),
        accepted(),
        facts(),
    );
    let good =
        (prop::collection::vec(result(), 1..4), prop::collection::vec(0..4_usize, 0..2), accepted(), facts());
    prop_oneof![
        bad.prop_map(|(results, attested, accepted, facts)| World {
            results: named(results),
            attested,
            accepted,
            facts
        }),
        good.prop_map(|(results, attested, accepted, mut facts)| {
            facts.project.code_read = Answer::Yes;
            let mut results = named(results);
            results.extend(AREAS.iter().map(|area| {
                let mut rule = crate::findings::testing::rule(&format!("base-{}", area.slug));
                rule.area = area.slug.into();
                crate::findings::testing::result(rule, &[Judgement::Passed])
            }));
            World { results, attested, accepted, facts }
        }),
    ]
}

fn named(mut results: Vec<RuleResult>) -> Vec<RuleResult> {
    for (i, result) in results.iter_mut().enumerate() {
        result.rule.id = format!("r{i}");
    }
    results
}

fn rank(score: &Score) -> usize {
    ["assess", "stabilize", "foundations", "scale", "done"].iter().position(|s| *s == score.stage).unwrap()
}

/// What is better in `before` than in `after`; empty if nothing got worse.
fn lowered(before: &Score, after: &Score) -> Vec<String> {
    let mut worse: Vec<String> = before
        .areas
        .iter()
        .zip(&after.areas)
        .filter(|(b, a)| a.verdict < b.verdict)
        .map(|(b, a)| format!("{}: {:?} to {:?}", b.area, b.verdict, a.verdict))
        .collect();
    if rank(after) < rank(before) {
        worse.push(format!("stage {} to {}", before.stage, after.stage));
    }
    let (b, a) = (before.progress, after.progress);
    if a.low < b.low || a.high < b.high {
        worse.push(format!("progress {b:?} to {a:?}"));
    }
    worse
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn removing_findings_lowers_nothing(world in world(), rule in any::<prop::sample::Index>(), only in 0..4_usize) {
        let i = rule.index(world.results.len());
        let before = world.score();
        let mut one = world.clone();
        if let Some(judged) = one.results[i].judged.get_mut(only)
            && judged.judgement == Judgement::Failed
        {
            judged.judgement = Judgement::Passed;
        }
        prop_assert_eq!(lowered(&before, &one.score()), Vec::<String>::new());
        let fix = |j: &Judgement| if *j == Judgement::Failed { Judgement::Passed } else { j.clone() };
        prop_assert_eq!(lowered(&before, &world.with(i, fix).score()), Vec::<String>::new());
    }

    #[test]
    fn resolving_an_unknown_to_a_pass_lowers_nothing(world in world(), rule in any::<prop::sample::Index>()) {
        let i = rule.index(world.results.len());
        let resolve = |j: &Judgement| if matches!(j, Judgement::Unknown(_)) { Judgement::Passed } else { j.clone() };
        prop_assert_eq!(lowered(&world.score(), &world.with(i, resolve).score()), Vec::<String>::new());
    }

    #[test]
    fn whatever_an_unknown_turns_out_to_be_lies_within_the_interval(
        world in world(),
        rule in any::<prop::sample::Index>(),
    ) {
        let i = rule.index(world.results.len());
        let told = World { attested: Vec::new(), ..world };
        let resolve = |j: &Judgement| if matches!(j, Judgement::Unknown(_)) { Judgement::Failed } else { j.clone() };
        let (before, after) = (told.score().progress, told.with(i, resolve).score().progress);
        prop_assert!(after.low >= before.low && after.high <= before.high, "{before:?} to {after:?}");
    }

    #[test]
    fn an_attestation_lowers_nothing(world in world(), rule in 0..14_usize) {
        let mut vouched = world.clone();
        vouched.attested.push(rule);
        prop_assert_eq!(lowered(&world.score(), &vouched.score()), Vec::<String>::new());
    }

    #[test]
    fn a_suppression_lowers_nothing_and_is_worth_no_more_than_a_fix(
        world in world(),
        rule in 0..14_usize,
        subject in 0..4_usize,
    ) {
        let without = World { accepted: Vec::new(), ..world.clone() };
        let mut accepted = world.clone();
        accepted.accepted.push((rule, subject));
        prop_assert_eq!(lowered(&without.score(), &world.score()), Vec::<String>::new());
        prop_assert_eq!(lowered(&world.score(), &accepted.score()), Vec::<String>::new());
        let mut fixed = without;
        for (i, n) in &accepted.accepted {
            if let Some(judged) = fixed.results.get_mut(*i).and_then(|r| r.judged.get_mut(*n))
                && judged.judgement == Judgement::Failed
            {
                judged.judgement = Judgement::Passed;
            }
        }
        prop_assert_eq!(lowered(&accepted.score(), &fixed.score()), Vec::<String>::new());
    }

    #[test]
    fn a_suppression_hides_no_other_fault_of_its_rule(world in world(), rule in any::<prop::sample::Index>()) {
        let i = rule.index(world.results.len());
        let mut one_more = World { accepted: vec![(i, 0)], ..world };
        let judged = crate::findings::testing::judged("new", Judgement::Failed);
        one_more.results[i].judged.push(judged);
        let area = &one_more.results[i].rule.area;
        let found = one_more.score();
        let said = found.areas.iter().find(|a| &a.area == area);
        prop_assert!(said.is_some_and(|a| a.failed > 0 && a.counts != Default::default()));
    }

    #[test]
    fn a_failed_analyser_never_helps(world in world(), rule in any::<prop::sample::Index>()) {
        let i = rule.index(world.results.len());
        let mut broken = world.clone();
        broken.results[i].judged.clear();
        broken.results[i].error = Some("broken".into());
        let (before, after) = (world.score(), broken.score());
        prop_assert!(rank(&after) <= rank(&before));
        prop_assert!(after.progress.low <= before.progress.low);
        for (b, a) in before.areas.iter().zip(&after.areas) {
            if a.verdict >= Verdict::ProductionGrade {
                prop_assert_eq!(a.verdict, b.verdict, "{}", a.area);
            }
        }
        prop_assert_eq!(after.stage, "assess");
    }

    /// What a failed analyser would have said may have been anything, so nothing that is left can be vouched for.
    #[test]
    fn when_an_analyser_fails_nothing_is_good(world in world()) {
        let failures = ["The join failed.".to_owned()];
        let findings =
            assemble(&world.results, &Context { failures: &failures, ..context(&[], DAY) });
        let score = score(&findings, &world.facts);
        prop_assert!(score.areas.iter().all(|a| a.verdict < Verdict::ProductionGrade && a.passed == 0));
        prop_assert_eq!((score.progress.low, score.stage.as_str()), (0, "assess"));
        prop_assert!(findings.strengths.is_empty());
        let whole = assemble(&world.results, &context(&[], DAY));
        prop_assert_eq!(findings.findings, whole.findings);
    }

    #[test]
    fn an_empty_repository_is_never_production_grade(world in world()) {
        let empty = World { facts: Facts::default(), ..world };
        let score = empty.score();
        prop_assert!(score.areas.iter().all(|a| a.verdict < Verdict::ProductionGrade));
        prop_assert_eq!(score.progress.low, 0);
        prop_assert_eq!(score.stage, "assess");
    }

    #[test]
    fn code_that_is_not_read_is_never_production_grade(world in world()) {
        let unread = World { facts: code(Answer::No), ..world };
        for (area, said) in AREAS.iter().zip(unread.score().areas) {
            prop_assert!(!area.needs_code || said.verdict < Verdict::ProductionGrade, "{}", area.slug);
        }
    }

    /// Rules over workflows require that there are any; whatever the new workflow turns out to be, adding it is no
    /// worse than having none. (Only Assess may open again, when a workflow can't be read.)
    #[test]
    fn adding_ci_lowers_nothing(
        world in world(),
        over_ci in prop::collection::vec(any::<bool>(), 18),
        found in prop::collection::vec(prop::collection::vec(judgement(), 0..4), 18),
    ) {
        // Whoever accepts that there are none is told of their faults only when they are there.
        let mut world = world;
        world.accepted.retain(|(i, _)| *i != 0);
        let (mut without, mut with) = (world.clone(), world);
        let mut readable = true;
        for i in 1..without.results.len() {
            if !over_ci[i] {
                continue;
            }
            for world in [&mut without, &mut with] {
                let rule = &mut world.results[i].rule;
                rule.requires.push("r0".into());
                rule.on = "ci_workflow".into();
            }
            without.results[i].judged.clear();
            let rule = with.results[i].rule.clone();
            with.results[i].judged = crate::findings::testing::result(rule, &found[i]).judged;
            readable &= !found[i].iter().any(|j| matches!(j, Judgement::Unknown(_)));
        }
        for (world, judgement) in [(&mut without, Judgement::Failed), (&mut with, Judgement::Passed)] {
            let rule = &mut world.results[0];
            rule.rule.requires.clear();
            rule.error = None;
            rule.judged = crate::findings::testing::result(rule.rule.clone(), &[judgement]).judged;
        }
        let (before, mut after) = (without.score(), with.score());
        if !readable {
            after.stage.clone_from(&before.stage);
        }
        prop_assert_eq!(lowered(&before, &after), Vec::<String>::new());
    }

    #[test]
    fn the_interval_is_one_and_the_score_depends_on_nothing_else(world in world()) {
        let score = world.score();
        prop_assert!(score.progress.low <= score.progress.high && score.progress.high <= 100);
        let mut turned = world.clone();
        turned.results.reverse();
        let turn = |i: &usize| world.results.len().checked_sub(i + 1);
        turned.attested = world.attested.iter().filter_map(turn).collect();
        turned.accepted = world.accepted.iter().filter_map(|(i, n)| Some((turn(i)?, *n))).collect();
        prop_assert_eq!(&score.areas, &turned.score().areas);
        prop_assert_eq!(score, world.score());
    }

    #[test]
    fn production_grade_rests_on_a_required_pass(world in world()) {
        let score = world.score();
        let findings = world.findings();
        for area in score.areas.iter().filter(|a| a.verdict == Verdict::ProductionGrade) {
            use crate::findings::Result::{Attested, Passed};
            let seen = findings.outcomes.iter().any(|o| {
                o.area == area.area && o.required && matches!(o.result, Passed | Attested)
            });
            prop_assert!(seen, "{}", area.area);
        }
    }
}
