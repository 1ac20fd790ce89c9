//! Hand-built rules and results for tests of this layer and those to its right.

use super::{Attestation, Context};
use crate::facts::Evidence;
use crate::rules::{Confidence, Effort, Judged, Judgement, Rule, RuleResult, Severity, Stage};

/// A rule with this id: source-control, high, stabilize, required.
pub(crate) fn rule(id: &str) -> Rule {
    Rule {
        id: id.into(),
        title: format!("Title of {id}"),
        area: "source-control".into(),
        severity: Severity::High,
        stage: Stage::Stabilize,
        on: "database".into(),
        body: None,
        applies: None,
        when: "false".into(),
        unknown: None,
        question: None,
        good: None,
        required: true,
        requires: Vec::new(),
        confidence: Confidence::High,
        why: format!("Why of {id}."),
        fix: format!("Fix of {id}."),
        verify: format!("Verify {id}."),
        effort: Effort::Hours,
        refs: Vec::new(),
        pack: "test.toml".into(),
    }
}

/// What a rule says of the fact `subject`, seen in `file:1`.
pub(crate) fn judged(subject: &str, judgement: Judgement) -> Judged {
    Judged {
        subject: subject.into(),
        app: String::new(),
        judgement,
        evidence: vec![Evidence::new("cell", "file.ts", 1, "seen")],
        lists: vec!["cell".into(), "port".into()],
        title: format!("Title for {subject}"),
        why: "Why.".into(),
        fix: "Fix.".into(),
        verify: "Verify.".into(),
        question: format!("What of {subject}?"),
    }
}

/// An audit on `date` to which people brought `attestations`.
pub(crate) fn context<'a>(attestations: &'a [Attestation], date: &'a str) -> Context<'a> {
    Context { date, attestations, ..Context::default() }
}

/// A result of `rule` with a judged fact for each judgement, named `s0`, `s1` …
pub(crate) fn result(rule: Rule, judgements: &[Judgement]) -> RuleResult {
    let judged: Vec<Judged> =
        judgements.iter().enumerate().map(|(i, j)| judged(&format!("s{i}"), j.clone())).collect();
    RuleResult {
        rule,
        candidates: u32::try_from(judged.len()).unwrap(),
        judged,
        good: String::new(),
        searched: None,
        error: None,
    }
}

/// It can't be told.
pub(crate) fn unknown() -> Judgement {
    Judgement::Unknown(vec!["nothing shows it".into()])
}
