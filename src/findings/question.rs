//! Questions: what only a person can tell, asked once.

use std::collections::{BTreeMap, BTreeSet};

use super::{Place, Question, key};
use crate::rules::{Judged, Judgement, RuleResult};

/// Texts in the order they came, once each. A repository may hold thousands, so no text is searched for in a list.
#[derive(Default)]
pub(super) struct Distinct<'a> {
    order: Vec<&'a str>,
    seen: BTreeSet<&'a str>,
}

impl<'a> Distinct<'a> {
    /// Adds `text` unless it is there.
    pub(super) fn add(&mut self, text: &'a str) {
        if self.seen.insert(text) {
            self.order.push(text);
        }
    }

    /// All of them.
    pub(super) fn owned(&self) -> Vec<String> {
        self.order.iter().map(|text| (*text).to_owned()).collect()
    }

    /// The first three, and how many more.
    fn joined(&self, between: &str) -> String {
        let shown = self.order.iter().take(3).copied().collect::<Vec<_>>().join(between);
        match self.order.len().saturating_sub(3) {
            0 => shown,
            more => format!("{shown}{between}and {more} more"),
        }
    }
}

/// What is collected for one text of a question.
#[derive(Default)]
struct Asked<'a> {
    subjects: Distinct<'a>,
    reasons: Distinct<'a>,
    places: Vec<Place>,
}

/// The question's text; a rule without one asks whether its title is true.
fn text(judged: &Judged) -> String {
    if judged.question.trim().is_empty() {
        format!("Is it so? {}", judged.title)
    } else {
        judged.question.clone()
    }
}

/// The questions of one rule: one for each text, with the subjects and places of all facts that ask it.
pub(super) fn questions(result: &RuleResult) -> Vec<Question> {
    let rule = &result.rule;
    let mut asked: BTreeMap<String, Asked<'_>> = BTreeMap::new();
    for judged in &result.judged {
        let Judgement::Unknown(reasons) = &judged.judgement else { continue };
        let one = asked.entry(text(judged)).or_default();
        one.subjects.add(&judged.subject);
        for reason in reasons {
            one.reasons.add(reason);
        }
        one.places.extend(key::places(rule, judged, &judged.evidence));
    }
    asked
        .into_iter()
        .map(|(question, mut one)| {
            one.places.sort_by(|a, b| (&a.file, a.line, &a.key).cmp(&(&b.file, b.line, &b.key)));
            Question {
                rule: rule.id.clone(),
                area: rule.area.clone(),
                stage: rule.stage,
                severity: rule.severity,
                required: rule.required,
                question,
                subject: one.subjects.joined(", "),
                because: one.reasons.joined("; "),
                places: one.places,
            }
        })
        .collect()
}
