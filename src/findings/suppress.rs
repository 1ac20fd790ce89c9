//! Which places a person accepts with a reason, by an `[[ignore]]` of the configuration or by a comment in the code; and
//! which of these apply to nothing. Place by place, so that what was accepted never hides a new place.

use std::collections::{BTreeMap, BTreeSet};

use super::key::value_key;
use super::{
    Content, Context, Finding, Ignore, Outcome, Place, Result, Standing, Suppressed, Suppression,
    SuppressionKind, UnusedSuppression, is_date, prompt,
};
use crate::facts::SuppressionNote;
use crate::rules::{RuleResult, Severity};
use crate::secrets::excerpt;
use crate::source::Exclude;

/// What somebody accepts: one rule, at some places.
struct Given<'a> {
    rule: &'a str,
    /// If it is about secrets: how bad its rule is. A secret that is accepted is accepted under every rule that is no
    /// worse: which one speaks of it changes with where it stands.
    secrets: Option<Severity>,
    places: Places<'a>,
    suppression: Suppression,
    /// Why it does not apply, whatever was found.
    objection: Option<String>,
    applied: bool,
}

/// The places that are meant.
enum Places<'a> {
    /// Those that match every selector of the entry.
    Matching { entry: &'a Ignore, files: Option<Exclude>, seen: BTreeSet<&'a str> },
    /// Those of a line, or of a file as a whole.
    At(&'a SuppressionNote),
}

/// What came of the suppressions.
pub(super) struct Applied<'a> {
    given: Vec<Given<'a>>,
    /// Keys of findings, with those of their places, for who mistakes one for the other.
    keys: BTreeMap<String, Vec<String>>,
    /// Findings all of whose places are accepted, in the order of the findings.
    pub(super) suppressed: Vec<Suppressed>,
}

/// Marks every place that is accepted, and takes findings without another place out of `findings`.
pub(super) fn apply<'a>(
    findings: &mut Vec<Finding>,
    results: &[RuleResult],
    context: &Context<'a>,
) -> Applied<'a> {
    let mut given = given(context);
    let about: BTreeMap<&str, Severity> = results
        .iter()
        .filter(|result| result.rule.on == "credential")
        .map(|result| (result.rule.id.as_str(), result.rule.severity))
        .collect();
    for one in &mut given {
        one.secrets = about.get(one.rule).copied();
        one.objection = one.objection.take().or_else(|| objection(one, results, context.date));
    }
    let mut index = Index::of(&given);
    for finding in findings.iter_mut() {
        let mut accepted = false;
        for place in &mut finding.places {
            for i in index.candidates(&finding.rule, place) {
                let one = &mut given[i];
                let rule = one.rule;
                let meant = rule == finding.rule
                    || one.secrets >= Some(finding.severity) && one.places.name_a_value();
                if meant && one.places.hold(rule, &finding.subject, place) {
                    one.applied = true;
                    place.standing = Standing::Ignored;
                    place.suppression.get_or_insert_with(|| one.suppression.clone());
                    accepted = true;
                }
            }
        }
        if accepted && finding.is_open() {
            // Whoever is handed the instruction must not mend what is accepted.
            let open: Vec<Place> =
                finding.places.iter().filter(|p| p.standing == Standing::Open).cloned().collect();
            let app = if context.many_apps { finding.app.as_str() } else { "" };
            finding.prompt = prompt::prompt(&finding.title, app, &open, &finding.fix, &finding.verify);
        }
    }
    let keys = keys_of(findings, &given);
    let (open, accepted): (Vec<Finding>, Vec<Finding>) =
        std::mem::take(findings).into_iter().partition(Finding::is_open);
    *findings = open;
    Applied { given, keys, suppressed: accepted.into_iter().map(suppressed).collect() }
}

/// Everything that is given, entries of the configuration first.
fn given<'a>(context: &Context<'a>) -> Vec<Given<'a>> {
    let entries = context.ignores.iter().map(|entry| {
        let files = entry.path.as_ref().map(|path| Exclude::new(std::slice::from_ref(path)));
        let unreadable = matches!(files, Some(Err(_)));
        Given {
            rule: &entry.rule,
            secrets: None,
            places: Places::Matching {
                entry,
                files: files.and_then(std::result::Result::ok),
                seen: BTreeSet::new(),
            },
            suppression: Suppression {
                kind: SuppressionKind::Config,
                reason: excerpt(&entry.reason),
                until: entry.until.clone(),
                file: entry.file.clone(),
                line: entry.line,
            },
            objection: unreadable.then(|| "its path is no pattern".to_owned()),
            applied: false,
        }
    });
    let comments = context.comments.iter().flat_map(|note| {
        let unnamed = note.rules.is_empty().then_some("");
        note.rules.iter().map(String::as_str).chain(unnamed).map(move |rule| Given {
            rule,
            secrets: None,
            places: Places::At(note),
            suppression: Suppression {
                kind: SuppressionKind::Comment,
                reason: note.reason.clone(),
                until: note.until.clone(),
                file: note.file.clone(),
                line: note.line,
            },
            objection: (!note.problem.is_empty()).then(|| note.problem.clone()),
            applied: false,
        })
    });
    entries.chain(comments).collect()
}

/// Why it does not apply, whatever was found.
fn objection(given: &Given<'_>, results: &[RuleResult], date: &str) -> Option<String> {
    if !results.iter().any(|result| result.rule.id == given.rule) {
        let near = results
            .iter()
            .map(|result| (strsim::damerau_levenshtein(&result.rule.id, given.rule), &result.rule.id))
            .filter(|(distance, id)| *distance <= id.len() / 4)
            .min();
        return Some(match near {
            Some((_, id)) => format!("no loaded rule has this name; did you mean `{id}`?"),
            None => "no loaded rule has this name".to_owned(),
        });
    }
    let until = given.suppression.until.as_str();
    if until.is_empty() {
        None
    } else if !is_date(until) {
        Some("its `until` is no day of the calendar; write one like 2026-12-31".to_owned())
    } else {
        (until < date).then(|| format!("it expired on {until}"))
    }
}

/// Which suppressions a place is worth asking.
struct Index<'a> {
    entries: BTreeMap<&'a str, Vec<usize>>,
    /// Entries that name a secret.
    values: Vec<usize>,
    comments: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Index<'a> {
    fn of(given: &[Given<'a>]) -> Self {
        let mut index = Self { entries: BTreeMap::new(), values: Vec::new(), comments: BTreeMap::new() };
        for (i, one) in given.iter().enumerate().filter(|(_, one)| one.objection.is_none()) {
            match &one.places {
                places @ Places::Matching { .. } => {
                    index.entries.entry(one.rule).or_default().push(i);
                    index.values.extend((one.secrets.is_some() && places.name_a_value()).then_some(i));
                }
                Places::At(note) => index.comments.entry(note.file.as_str()).or_default().push(i),
            }
        }
        index
    }

    fn candidates(&mut self, rule: &str, place: &Place) -> Vec<usize> {
        let entries = self.entries.get(rule).into_iter().flatten();
        let values = matches!(place.content, Content::Value(_)).then_some(&self.values);
        let entries = entries.chain(values.into_iter().flatten());
        entries.chain(self.comments.get(place.file.as_str()).into_iter().flatten()).copied().collect()
    }
}

impl Places<'_> {
    /// Whether it names what is accepted, and so may be a secret.
    fn name_a_value(&self) -> bool {
        matches!(self, Self::Matching { entry, .. } if entry.subject.is_some() || !entry.keys.is_empty())
    }

    /// Whether the place of a finding about `subject` is meant by what names `rule`.
    fn hold(&mut self, rule: &str, subject: &str, place: &Place) -> bool {
        match self {
            Self::At(note) => {
                note.file == place.file
                    && if place.line == 0 { note.whole_file } else { note.covers == place.line }
            }
            Self::Matching { entry, files, seen } => {
                let own = match &place.content {
                    Content::Value(fingerprint) => value_key(rule, fingerprint),
                    _ => place.key.clone(),
                };
                let key = entry.keys.iter().find(|key| **key == own);
                let meant = (entry.keys.is_empty() || key.is_some())
                    && entry.subject.as_ref().is_none_or(|wanted| wanted == subject)
                    && files.as_ref().is_none_or(|files| {
                        // What has no file, the history or PATH itself, is not meant by a pattern over files.
                        !place.file.is_empty() && files.part(&place.file).is_some()
                    });
                if let (true, Some(key)) = (meant, key) {
                    seen.insert(key);
                }
                meant
            }
        }
    }
}

fn suppressed(finding: Finding) -> Suppressed {
    let mut suppressions: Vec<Suppression> = Vec::new();
    for suppression in finding.places.iter().filter_map(|place| place.suppression.as_ref()) {
        if !suppressions.contains(suppression) {
            suppressions.push(suppression.clone());
        }
    }
    Suppressed { finding, suppressions }
}

/// The places of the findings whose own key stands where that of a place should.
fn keys_of(findings: &[Finding], given: &[Given<'_>]) -> BTreeMap<String, Vec<String>> {
    let named: BTreeSet<&str> = given
        .iter()
        .filter_map(|one| match &one.places {
            Places::Matching { entry, .. } => Some(entry.keys.iter().map(String::as_str)),
            Places::At(_) => None,
        })
        .flatten()
        .collect();
    findings
        .iter()
        .filter(|finding| named.contains(finding.key.as_str()))
        .map(|finding| (finding.key.clone(), finding.places.iter().map(|p| p.key.clone()).collect()))
        .collect()
}

impl Applied<'_> {
    /// How many findings of each rule are accepted.
    pub(super) fn accepted(&self) -> BTreeMap<String, u32> {
        let mut accepted = BTreeMap::new();
        for one in &self.suppressed {
            *accepted.entry(one.finding.rule.clone()).or_default() += 1;
        }
        accepted
    }

    /// Suppressions that don't apply, and why, in the order of files and lines.
    pub(super) fn unused(&self, outcomes: &[Outcome]) -> Vec<UnusedSuppression> {
        let mut unused: Vec<UnusedSuppression> = Vec::new();
        for one in &self.given {
            let mut say = |because: String| {
                unused.push(UnusedSuppression {
                    file: one.suppression.file.clone(),
                    line: one.suppression.line,
                    kind: one.suppression.kind,
                    rule: excerpt(one.rule),
                    because,
                });
            };
            if let Some(objection) = &one.objection {
                say(objection.clone());
                continue;
            }
            let stale = self.stale_keys(one);
            if !stale.is_empty() {
                stale.into_iter().for_each(say);
            } else if !one.applied {
                say(nothing(one, outcomes.iter().find(|outcome| outcome.rule == one.rule)));
            }
        }
        unused.sort();
        unused.dedup();
        unused
    }

    /// What is wrong with the keys of an entry that no place has.
    fn stale_keys(&self, given: &Given<'_>) -> Vec<String> {
        let Places::Matching { entry, seen, .. } = &given.places else { return Vec::new() };
        let stale = entry.keys.iter().filter(|key| !seen.contains(key.as_str()));
        stale
            .map(|key| {
                let shown = excerpt(key);
                match self.keys.get(key) {
                    Some(places) => {
                        let places: Vec<String> =
                            places.iter().take(5).map(|key| format!("`{key}`")).collect();
                        format!(
                            "`{shown}` is the key of the finding; name those of its places: {}",
                            places.join(", ")
                        )
                    }
                    None => format!("no place that it could mean has the key `{shown}`"),
                }
            })
            .collect()
    }
}

/// Why a suppression that could apply matches nothing.
fn nothing(given: &Given<'_>, outcome: Option<&Outcome>) -> String {
    let Some(outcome) = outcome else { return "it matches nothing".to_owned() };
    match (&given.places, outcome.result) {
        (_, Result::Failed) if !outcome.failed_by.is_empty() && outcome.failed == 0 => {
            format!("its rule fails only because `{}` does", outcome.failed_by)
        }
        (_, Result::Unknown) if outcome.failed + outcome.accepted == 0 => {
            "its rule found nothing; what can't be told is answered by an [[attest]]".to_owned()
        }
        (Places::At(note), _) if note.covers == 0 && !note.whole_file => {
            "it stands at the end of the file, where no line follows".to_owned()
        }
        (Places::At(note), _) if outcome.failed + outcome.accepted > 0 => match note.covers {
            0 => "its rule found nothing in this file as a whole".to_owned(),
            line => format!("its rule found nothing in line {line}"),
        },
        (Places::Matching { .. }, _) if outcome.failed + outcome.accepted > 0 => {
            "its rule found something, but nothing that it matches".to_owned()
        }
        _ => "its rule found nothing".to_owned(),
    }
}

#[cfg(test)]
#[path = "suppress_tests.rs"]
mod tests;
