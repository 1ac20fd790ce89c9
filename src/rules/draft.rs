//! From the TOML of a pack to drafts of rules: every key read, every wrong one reported, nothing understood yet.
//!
//! The tree is walked by hand: serde stops at the first mistake.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::area::AREAS;
use super::body::{self, BodyDraft};
use super::cel::{Types, closest};
use super::rule::{Confidence, Effort, Severity, Stage};

/// A value and the bytes of the pack that hold it.
#[derive(Debug, Clone)]
pub(super) struct Located<T> {
    pub(super) value: T,
    pub(super) span: Range<usize>,
}

/// A mistake at bytes of the pack.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    pub(super) span: Range<usize>,
    pub(super) message: String,
    pub(super) label: String,
    pub(super) help: String,
}

impl Problem {
    pub(super) fn new(span: Range<usize>, message: impl Into<String>, label: &str) -> Problem {
        Problem { span, message: message.into(), label: label.to_owned(), help: String::new() }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Problem {
        self.help = help.into();
        self
    }
}

/// A rule as written. What is missing or of a wrong type is `None`, and was reported.
#[derive(Debug)]
pub(super) struct Draft {
    /// Texts and expressions by key.
    pub(super) texts: BTreeMap<&'static str, Located<String>>,
    pub(super) severity: Option<Severity>,
    pub(super) stage: Option<Stage>,
    pub(super) confidence: Option<Confidence>,
    pub(super) effort: Option<Effort>,
    pub(super) required: bool,
    pub(super) requires: Vec<Located<String>>,
    pub(super) refs: Vec<String>,
    pub(super) body: Option<BodyDraft>,
}

impl Draft {
    pub(super) fn text(&self, key: &str) -> Option<&Located<String>> {
        self.texts.get(key)
    }
}

/// Every key of a rule, and whether it must be there; in the order of the documentation.
pub(super) static KEYS: &[(&str, bool)] = &[
    ("id", true),
    ("title", true),
    ("area", true),
    ("severity", true),
    ("stage", true),
    ("on", true),
    ("applies", false),
    ("pattern", false),
    ("query", false),
    ("when", true),
    ("unknown", false),
    ("question", false),
    ("good", false),
    ("required", false),
    ("requires", false),
    ("confidence", false),
    ("why", true),
    ("fix", true),
    ("verify", true),
    ("effort", true),
    ("refs", false),
];

static TEXTS: &[&str] =
    &["id", "title", "area", "on", "applies", "when", "unknown", "question", "good", "why", "fix", "verify"];

static SEVERITIES: &[(&str, Severity)] = &[
    ("blocker", Severity::Blocker),
    ("critical", Severity::Critical),
    ("high", Severity::High),
    ("medium", Severity::Medium),
    ("low", Severity::Low),
];
static STAGES: &[(&str, Stage)] =
    &[("stabilize", Stage::Stabilize), ("foundations", Stage::Foundations), ("scale", Stage::Scale)];
static CONFIDENCES: &[(&str, Confidence)] =
    &[("high", Confidence::High), ("medium", Confidence::Medium), ("low", Confidence::Low)];
static EFFORTS: &[(&str, Effort)] = &[
    ("minutes", Effort::Minutes),
    ("hours", Effort::Hours),
    ("days", Effort::Days),
    ("weeks", Effort::Weeks),
];

/// Reads a pack. Rules that stand where the TOML itself is broken are left out: what is missing there is a
/// consequence.
pub(super) fn read(text: &str, types: &Types) -> (Vec<Draft>, Vec<Problem>) {
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut problems: Vec<Problem> = Vec::new();
    for error in &errors {
        let at = error.span().unwrap_or(text.len()..text.len());
        problems.push(Problem::new(
            shown_span(text, at),
            format!("not valid TOML: {}", error.message()),
            "here",
        ));
    }
    let broken: Vec<usize> = problems.iter().map(|problem| problem.span.start).collect();

    let mut drafts = Vec::new();
    for (key, value) in root.get_ref().iter() {
        let is_rule = key.get_ref() == "rule";
        match value.get_ref() {
            DeValue::Array(rules) if is_rule => {
                let headers: Vec<usize> = rules.iter().map(|rule| rule.span().start).collect();
                for rule in rules.iter() {
                    let start = rule.span().start;
                    let end = headers
                        .iter()
                        .copied()
                        .filter(|other| *other > start)
                        .min()
                        .unwrap_or(text.len() + 1);
                    if broken.iter().any(|at| (start..end).contains(at)) {
                        continue;
                    }
                    match rule.get_ref().as_table() {
                        Some(table) => drafts.push(read_rule(rule.span(), table, types, &mut problems)),
                        None => problems.push(Problem::new(rule.span(), "a rule is a table", "not a table")),
                    }
                }
            }
            _ if is_rule => problems.push(
                Problem::new(value.span(), "a pack is a list of rules", "one table").help("write `[[rule]]`"),
            ),
            _ => {
                let help = match closest(key.get_ref(), ["rule"].into_iter()) {
                    Some(_) => "did you mean `[[rule]]`?",
                    None => "a pack holds `[[rule]]` tables and nothing else",
                };
                let message = format!("a pack has no `{}`", key.get_ref());
                problems.push(Problem::new(key.span(), message, "unknown key").help(help));
            }
        }
    }
    (drafts, problems)
}

/// TOML reports an unexpected end as an empty span; one character is easier to see.
fn shown_span(text: &str, at: Range<usize>) -> Range<usize> {
    if !at.is_empty() || at.start >= text.len() {
        return at;
    }
    let next = text[at.start..].chars().next().map_or(0, char::len_utf8);
    if text[at.start..].starts_with('\n') { at } else { at.start..at.start + next }
}

fn read_rule(header: Range<usize>, table: &DeTable<'_>, types: &Types, problems: &mut Vec<Problem>) -> Draft {
    let mut draft = Draft {
        texts: BTreeMap::new(),
        severity: None,
        stage: None,
        confidence: None,
        effort: None,
        required: false,
        requires: Vec::new(),
        refs: Vec::new(),
        body: None,
    };
    let mut bodies: Vec<(&str, Range<usize>)> = Vec::new();
    let mut meant: Vec<&str> = Vec::new();
    for (key, value) in table.iter() {
        let name: &str = key.get_ref();
        if let Some(text) = TEXTS.iter().find(|text| **text == name) {
            if let Some(located) = string(name, value, problems) {
                draft.texts.insert(text, located);
            }
            continue;
        }
        match name {
            "severity" => draft.severity = choice(name, value, SEVERITIES, problems),
            "stage" => draft.stage = choice(name, value, STAGES, problems),
            "confidence" => draft.confidence = choice(name, value, CONFIDENCES, problems),
            "effort" => draft.effort = choice(name, value, EFFORTS, problems),
            "required" => match value.get_ref() {
                DeValue::Boolean(flag) => draft.required = *flag,
                _ => problems.push(
                    Problem::new(value.span(), "`required` must be true or false", "not a boolean")
                        .help("without quotes"),
                ),
            },
            "pattern" | "query" => {
                bodies.push((name, key.span()));
                draft.body = body::read(name, key.span(), value, problems).or(draft.body);
            }
            "requires" => draft.requires = strings(name, value, problems),
            "refs" => {
                draft.refs = strings(name, value, problems).into_iter().map(|text| text.value).collect()
            }
            _ => {
                let near = closest(name, KEYS.iter().map(|(key, _)| *key));
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => {
                        format!(
                            "the keys are {}",
                            KEYS.iter().map(|(key, _)| *key).collect::<Vec<_>>().join(", ")
                        )
                    }
                };
                meant.extend(near);
                problems.push(
                    Problem::new(key.span(), format!("a rule has no key `{name}`"), "unknown key").help(help),
                );
            }
        }
    }
    check_bodies(&mut draft, &bodies, problems);
    let given = |key: &str| table.contains_key(key) || !bodies.is_empty() && ["on", "when"].contains(&key);
    let missing: Vec<String> = KEYS
        .iter()
        .filter(|(key, needed)| *needed && !given(key) && !meant.contains(key))
        .map(|(key, _)| format!("`{key}`"))
        .collect();
    if !missing.is_empty() {
        let message = format!("the rule has no {}", missing.join(", no "));
        problems.push(Problem::new(header, message, "this rule"));
    }
    check_words(&draft, types, problems);
    draft
}

/// A rule with a body is about its own matches, and each of them is the flaw unless `when` says which.
fn check_bodies(draft: &mut Draft, bodies: &[(&str, Range<usize>)], problems: &mut Vec<Problem>) {
    if let [_, (_, second), ..] = bodies {
        problems.push(
            Problem::new(second.clone(), "a rule has one body", "a second body")
                .help("write two rules: a `pattern` finds text, a `query` finds code by its shape"),
        );
    }
    let on = draft.texts.get("on");
    match (bodies.first(), on) {
        (Some((name, _)), Some(on)) if on.value != "match" => problems.push(
            Problem::new(on.span.clone(), format!("a rule with a `{name}` is about its matches"), "not `match`")
                .help(format!("leave `on` out; to look at `{}` facts leave `{name}` out", on.value)),
        ),
        (None, Some(on)) if on.value == "match" => problems.push(
            Problem::new(on.span.clone(), "the rule says nothing to look for", "matches of what?").help(
                "add a `[rule.pattern]` or a `[rule.query]`; the matches of another rule are in the list `matches`",
            ),
        ),
        _ => {}
    }
    if let Some((_, key)) = bodies.first() {
        let meant = |text: &str| Located { value: text.to_owned(), span: key.clone() };
        // Also where `on` says something else, which was reported: the expressions are about matches all the same.
        draft.texts.insert("on", meant("match"));
        draft.texts.entry("when").or_insert(meant("true"));
    }
}

/// What can be said of the words without understanding the expressions.
fn check_words(draft: &Draft, types: &Types, problems: &mut Vec<Problem>) {
    if let Some(id) = draft.text("id")
        && !is_kebab(&id.value)
    {
        let kebab = kebab_of(&id.value);
        // Words put together anew would not be known for the credential that they were.
        let is_safe = crate::secrets::masked(&id.value) == id.value;
        let help = match is_safe && is_kebab(&kebab) {
            true => format!("write `{kebab}`"),
            false => "lower-case words joined by hyphens: `missing-rate-limit`".to_owned(),
        };
        problems.push(Problem::new(id.span.clone(), "an id is in kebab-case", "not kebab-case").help(help));
    }
    if let Some(area) = draft.text("area")
        && !AREAS.iter().any(|known| known.slug == area.value)
    {
        let slugs: Vec<&str> = AREAS.iter().map(|area| area.slug).collect();
        problems.push(unknown_word("area", &area.value, &area.span, &slugs));
    }
    if let Some(on) = draft.text("on")
        && types.kind(&on.value).is_none()
    {
        let kinds: Vec<&str> = types.kinds().iter().map(|kind| kind.name.as_str()).collect();
        let problem = match types.kinds().iter().find(|kind| kind.list == on.value) {
            Some(kind) => Problem::new(
                on.span.clone(),
                format!("there is no kind `{}`", on.value),
                "this is the name of the list",
            )
            .help(format!("a rule is about one fact: write `{}`", kind.name)),
            None => unknown_word("kind", &on.value, &on.span, &kinds),
        };
        problems.push(problem);
    }
    match (draft.text("unknown"), draft.text("question")) {
        (Some(unknown), None) => problems.push(
            Problem::new(
                unknown.span.clone(),
                "what can't be told needs a `question`",
                "no `question` for this",
            )
            .help("say what a person should be asked"),
        ),
        (None, Some(question)) => problems.push(
            Problem::new(question.span.clone(), "nothing asks this question", "no `unknown` for this")
                .help("`unknown` says when the answer can't be told"),
        ),
        _ => {}
    }
}

fn unknown_word(what: &str, word: &str, span: &Range<usize>, known: &[&str]) -> Problem {
    let help = match closest(word, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? There are {}", known.join(", ")),
        None => format!("there are {}", known.join(", ")),
    };
    Problem::new(span.clone(), format!("there is no {what} `{word}`"), &format!("unknown {what}")).help(help)
}

pub(super) fn string(
    key: &str,
    value: &Spanned<DeValue<'_>>,
    problems: &mut Vec<Problem>,
) -> Option<Located<String>> {
    match value.get_ref().as_str() {
        None => {
            problems.push(Problem::new(value.span(), format!("`{key}` must be a string"), "not a string"));
            None
        }
        Some(text) if text.trim().is_empty() => {
            problems.push(Problem::new(value.span(), format!("`{key}` is empty"), "empty"));
            None
        }
        Some(text) => Some(Located { value: text.to_owned(), span: value.span() }),
    }
}

pub(super) fn strings(
    key: &str,
    value: &Spanned<DeValue<'_>>,
    problems: &mut Vec<Problem>,
) -> Vec<Located<String>> {
    match value.get_ref().as_array() {
        Some(items) => items.iter().filter_map(|item| string(key, item, problems)).collect(),
        None => {
            let problem =
                Problem::new(value.span(), format!("`{key}` must be a list of strings"), "not a list");
            problems.push(problem.help("write it in brackets: `[\"…\"]`"));
            Vec::new()
        }
    }
}

fn choice<T: Copy>(
    key: &str,
    value: &Spanned<DeValue<'_>>,
    choices: &[(&str, T)],
    problems: &mut Vec<Problem>,
) -> Option<T> {
    let text = string(key, value, problems)?;
    if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == text.value) {
        return Some(*choice);
    }
    let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
    problems.push(unknown_word(key, &text.value, &text.span, &names));
    None
}

pub(super) fn is_kebab(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.split('-').all(|word| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

pub(super) fn kebab_of(id: &str) -> String {
    let mut kebab = String::new();
    for c in id.trim().chars() {
        if c.is_ascii_uppercase() && kebab.ends_with(|last: char| last.is_ascii_lowercase()) {
            kebab.push('-');
        }
        kebab.push(if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    }
    kebab.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}
