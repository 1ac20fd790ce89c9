//! Loading packs: the shipped ones and folders of others, checked as one rule set.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use miette::NamedSource;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::body::{self, CompiledBody};
use super::cel::{Expression, KindType, Mistake, Types};
use super::draft::{self, Draft, Located, Problem};
use super::errors::{PackError, PackErrors, PackPlace, PackSource};
use super::rule::{Body, Rule};
use super::template::Template;
use super::text::bytes_of;
use crate::facts::{self, Search, search};

/// The type table of the fact base.
pub(crate) static TYPES: LazyLock<Types> =
    LazyLock::new(|| Types::of(&facts::schema(), facts::KINDS.iter().map(|kind| (kind.name, kind.list))));

/// A rule, checked and ready to run.
#[derive(Debug)]
pub struct LoadedRule {
    /// The rule as written.
    pub rule: Rule,
    pub(super) compiled: Compiled,
}

impl LoadedRule {
    fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let compiled = &self.compiled;
        [compiled.applies.as_ref(), Some(&compiled.when), compiled.unknown.as_ref()].into_iter().flatten()
    }

    /// Whether one of its expressions reads the list.
    pub(super) fn reads(&self, list: &str) -> bool {
        self.expressions().any(|expression| expression.reads().lists.contains(list))
    }

    /// The fields of the project that its expressions and texts read.
    fn of_project(&self) -> impl Iterator<Item = &str> {
        let compiled = &self.compiled;
        let is_judged = self.rule.on == "project";
        let texts = [&compiled.title, &compiled.why, &compiled.fix, &compiled.verify];
        let texts = texts.into_iter().chain(&compiled.question).filter(move |_| is_judged);
        let own =
            self.expressions().filter(move |_| is_judged).flat_map(|expression| &expression.reads().fields);
        let read = self.expressions().flat_map(|expression| &expression.reads().of_project);
        own.chain(read).map(String::as_str).chain(texts.flat_map(Template::fields))
    }

    /// What the rule looks for in the text of files, if it has a body.
    pub(super) fn search(&self) -> Option<Arc<search::Body>> {
        self.compiled.body.as_ref().map(|body| Arc::clone(&body.search))
    }
}

/// The checked expressions and texts of a rule.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) body: Option<CompiledBody>,
    pub(super) applies: Option<Expression>,
    pub(super) when: Expression,
    pub(super) unknown: Option<Expression>,
    pub(super) title: Template,
    pub(super) why: Template,
    pub(super) fix: Template,
    pub(super) verify: Template,
    pub(super) question: Option<Template>,
    pub(super) good: Option<Template>,
}

impl LoadedRule {
    /// The rule with its texts in general, where they are about no single fact: placeholders become `…`.
    pub fn in_general(&self) -> Rule {
        let Compiled { title, why, fix, verify, .. } = &self.compiled;
        Rule {
            title: title.in_general(),
            why: why.in_general(),
            fix: fix.in_general(),
            verify: verify.in_general(),
            ..self.rule.clone()
        }
    }
}

/// Every rule of the shipped packs and of `--rules` folders.
#[derive(Debug)]
pub struct RuleSet {
    /// In the order of the packs, then of their text.
    pub rules: Vec<LoadedRule>,
    /// Names the exact rules: the same packs give the same digest.
    pub digest: String,
    /// The names of the packs, in the order they were loaded.
    pub packs: Vec<String>,
    /// The areas that were asked for; empty for all.
    pub areas: Vec<String>,
}

impl RuleSet {
    /// Loads the shipped packs and every pack below each of `dirs`.
    ///
    /// # Errors
    /// Every mistake of every pack.
    pub fn load(dirs: &[PathBuf]) -> Result<RuleSet, PackErrors> {
        let mut packs: Vec<(String, String)> = crate::embedded::PACKS
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect();
        let mut errors = Vec::new();
        for dir in dirs {
            read_folder(dir, &mut packs, &mut errors);
        }
        RuleSet::from_packs(packs, errors, crate::embedded::PACKS.len())
    }

    /// Loads every pack below `dir` and nothing else. `requires` may name its own rules only.
    ///
    /// # Errors
    /// Every mistake of every pack.
    pub fn load_only(dir: &Path) -> Result<RuleSet, PackErrors> {
        let (mut packs, mut errors) = (Vec::new(), Vec::new());
        read_folder(dir, &mut packs, &mut errors);
        RuleSet::from_packs(packs, errors, 0)
    }

    /// Checks packs that are given as pairs of a name and a text, and nothing else: for tests and benchmarks.
    ///
    /// # Errors
    /// Every mistake of every pack.
    pub fn from_texts(packs: &[(&str, &str)]) -> Result<RuleSet, PackErrors> {
        let owned = packs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        RuleSet::from_packs(owned, Vec::new(), 0)
    }

    /// The rule with this id.
    pub fn rule(&self, id: &str) -> Option<&LoadedRule> {
        self.rules.iter().find(|loaded| loaded.rule.id == id)
    }

    /// Leaves the rules of these areas, with what they require, and says which were taken out.
    pub fn keep(&mut self, areas: &[String]) -> BTreeSet<String> {
        let mut kept: BTreeSet<String> = self
            .rules
            .iter()
            .filter(|loaded| areas.contains(&loaded.rule.area))
            .map(|l| l.rule.id.clone())
            .collect();
        let mut left: Vec<String> = kept.iter().cloned().collect();
        while let Some(id) = left.pop() {
            let requires = self.rule(&id).map_or(&[][..], |loaded| &loaded.rule.requires);
            left.extend(requires.iter().filter(|id| kept.insert((*id).clone())).cloned());
        }
        self.areas = areas.to_vec();
        let out = self.rules.extract_if(.., |loaded| !kept.contains(&loaded.rule.id));
        out.map(|loaded| loaded.rule.id).collect()
    }

    /// Whether a rule judges the facts of a list, or reads it.
    pub fn reads(&self, list: &str) -> bool {
        let kind = facts::KINDS.iter().find(|kind| kind.list == list).map(|kind| kind.name);
        self.rules.iter().any(|loaded| kind == Some(loaded.rule.on.as_str()) || loaded.reads(list))
    }

    /// The fields of the project that a rule reads.
    pub fn reads_of_project(&self) -> BTreeSet<&str> {
        self.rules.iter().flat_map(LoadedRule::of_project).collect()
    }

    /// What the rules look for in the text of files.
    pub fn search(&self) -> Search {
        Search::new(self.rules.iter().filter_map(LoadedRule::search))
    }

    /// The first `tested` packs are the shipped ones.
    fn from_packs(
        packs: Vec<(String, String)>,
        mut errors: Vec<PackError>,
        tested: usize,
    ) -> Result<RuleSet, PackErrors> {
        let digest = digest(&packs);
        let names: Vec<String> = packs.iter().map(|(name, _)| name.clone()).collect();
        let sources: Vec<PackSource> =
            packs.into_iter().map(|(name, text)| Arc::new(NamedSource::new(name, text))).collect();
        let read: Vec<(Vec<Draft>, Vec<Problem>)> =
            sources.par_iter().map(|source| draft::read(source.inner(), &TYPES)).collect();

        let mut drafts: Vec<(PackSource, Draft)> = Vec::new();
        let mut broken = false;
        for (source, (of_pack, problems)) in sources.iter().zip(read) {
            broken |= problems.iter().any(|problem| problem.message.starts_with("not valid TOML"));
            errors.extend(problems.into_iter().map(|problem| at(source, problem)));
            drafts.extend(of_pack.into_iter().map(|draft| (Arc::clone(source), draft)));
        }
        check_ids(&drafts, &mut errors);
        if !broken {
            // A rule that a broken pack swallowed is not unknown.
            check_requires(&drafts, &mut errors);
        }
        let mut rules = Vec::with_capacity(drafts.len());
        let tested: &[PackSource] = sources.get(..tested).unwrap_or_default();
        let is_tested = |source: &PackSource| tested.iter().any(|shipped| Arc::ptr_eq(shipped, source));
        let with_body = drafts.iter().filter(|(_, draft)| draft.body.is_some());
        let types =
            TYPES.with_rules(with_body.filter_map(|(_, draft)| Some(draft.text("id")?.value.clone())));
        let compiled: Vec<(Option<Compiled>, Vec<Problem>)> = drafts
            .par_iter()
            .map(|(source, draft)| compile(draft, source.inner(), is_tested(source), &types))
            .collect();
        for ((source, draft), (compiled, problems)) in drafts.into_iter().zip(compiled) {
            errors.extend(problems.into_iter().map(|problem| at(&source, problem)));
            let body = compiled.as_ref().and_then(|compiled| compiled.body.as_ref());
            let body = body.map(|compiled| compiled.body.clone());
            if let (Some(rule), Some(compiled)) = (finish(draft, body, source.name()), compiled) {
                rules.push(LoadedRule { rule, compiled });
            }
        }
        if errors.is_empty() {
            return Ok(RuleSet { rules, digest, packs: names, areas: Vec::new() });
        }
        let order = |error: &PackError| match &error.place {
            None => (0, 0),
            Some(place) => {
                (1 + names.iter().position(|name| name == place.source.name()).unwrap_or(0), place.span.start)
            }
        };
        errors.sort_by_key(order);
        Err(PackErrors { errors })
    }
}

/// Reads every `*.toml` below `dir` but fixtures.
fn read_folder(dir: &Path, packs: &mut Vec<(String, String)>, errors: &mut Vec<PackError>) {
    let shown = shown_folder(dir);
    let mut found = false;
    let is_fixtures = |entry: &walkdir::DirEntry| entry.depth() > 0 && entry.file_name() == "fixtures";
    let entries = walkdir::WalkDir::new(dir).sort_by_file_name().into_iter();
    for entry in entries.filter_entry(|entry| !is_fixtures(entry)) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                errors.push(unreadable(&format!(
                    "can't read {}: {}",
                    dir.display(),
                    io_reason(error.io_error())
                )));
                continue;
            }
        };
        let path = entry.path();
        if !entry.file_type().is_file() || path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        found = true;
        let relative = path.strip_prefix(dir).unwrap_or(path).to_string_lossy().replace('\\', "/");
        let name = if relative.is_empty() { shown.clone() } else { format!("{shown}/{relative}") };
        match std::fs::read_to_string(path) {
            Ok(text) => packs.push((name, text)),
            Err(error) => errors.push(unreadable(&format!("can't read {name}: {}", io_reason(Some(&error))))),
        }
    }
    if !found && errors.is_empty() {
        errors.push(unreadable(&format!("{} holds no pack: no file ends in .toml", dir.display())));
    }
}

/// The folder as it was given; of an absolute path only the last name, because packs are named in reports.
fn shown_folder(dir: &Path) -> String {
    let text = dir.to_string_lossy().replace('\\', "/");
    let text = text.trim_end_matches('/').trim_start_matches("./");
    if dir.is_absolute() { text.rsplit('/').next().unwrap_or(text).to_owned() } else { text.to_owned() }
}

fn io_reason(error: Option<&std::io::Error>) -> String {
    match error {
        Some(error) if error.kind() == std::io::ErrorKind::NotFound => {
            "there is no such file or folder".to_owned()
        }
        Some(error) if error.kind() == std::io::ErrorKind::InvalidData => "it is not UTF-8".to_owned(),
        Some(error) => error.to_string(),
        None => "its links form a loop".to_owned(),
    }
}

fn unreadable(message: &str) -> PackError {
    PackError { message: message.to_owned(), help: None, place: None, other: None }
}

fn at(source: &PackSource, problem: Problem) -> PackError {
    let help = (!problem.help.is_empty()).then_some(problem.help);
    let place = PackPlace { source: Arc::clone(source), span: problem.span, label: problem.label };
    PackError { message: problem.message, help, place: Some(place), other: None }
}

fn digest(packs: &[(String, String)]) -> String {
    let mut hasher = Sha256::new();
    for (_, text) in packs {
        hasher.update((text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn check_ids(drafts: &[(PackSource, Draft)], errors: &mut Vec<PackError>) {
    let mut seen: BTreeMap<&str, (&PackSource, &Range<usize>)> = BTreeMap::new();
    for (source, draft) in drafts {
        let Some(id) = draft.text("id") else { continue };
        match seen.get(id.value.as_str()) {
            Some((first_source, first_span)) => {
                let problem = Problem::new(
                    id.span.clone(),
                    format!("two rules have the id `{}`", id.value),
                    "again here",
                );
                let first = PackPlace {
                    source: Arc::clone(first_source),
                    span: (*first_span).clone(),
                    label: "first".to_owned(),
                };
                errors.push(PackError { other: Some(first), ..at(source, problem) });
            }
            None => {
                seen.insert(&id.value, (source, &id.span));
            }
        }
    }
}

fn check_requires(drafts: &[(PackSource, Draft)], errors: &mut Vec<PackError>) {
    let by_id: BTreeMap<&str, &Draft> =
        drafts.iter().filter_map(|(_, draft)| Some((draft.text("id")?.value.as_str(), draft))).collect();
    for (source, draft) in drafts {
        let Some(id) = draft.text("id") else { continue };
        for required in &draft.requires {
            if !by_id.contains_key(required.value.as_str()) {
                let help = match super::cel::closest(&required.value, by_id.keys().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "name the id of another rule".to_owned(),
                };
                let message = format!("there is no rule `{}`", required.value);
                errors.push(at(
                    source,
                    Problem::new(required.span.clone(), message, "unknown rule").help(help),
                ));
            } else if let Some(way) = way_back(&id.value, &required.value, &by_id) {
                // Reported once for each rule on the circle, at the step that leads on.
                let message = format!("`{}` requires itself: {} → {way}", id.value, id.value);
                let problem = Problem::new(required.span.clone(), message, "this leads back")
                    .help("a requirement must be something that can be had first");
                errors.push(at(source, problem));
            }
        }
    }
}

/// The shortest chain of requirements from `from` to `goal`, if there is one.
fn way_back(goal: &str, from: &str, by_id: &BTreeMap<&str, &Draft>) -> Option<String> {
    let mut reached: Vec<&str> = vec![from];
    let mut ways: Vec<Vec<&str>> = vec![vec![from]];
    while let Some(way) = ways.first().cloned() {
        ways.remove(0);
        let last = *way.last()?;
        if last == goal {
            return Some(way.join(" → "));
        }
        for next in by_id.get(last).into_iter().flat_map(|draft| &draft.requires) {
            if !reached.contains(&next.value.as_str()) {
                reached.push(&next.value);
                ways.push(way.iter().copied().chain([next.value.as_str()]).collect());
            }
        }
    }
    None
}

/// Checks the expressions and texts of a rule. `None` where one of them is missing or wrong.
fn compile(draft: &Draft, source: &str, is_tested: bool, types: &Types) -> (Option<Compiled>, Vec<Problem>) {
    let mut problems = Vec::new();
    let id = draft.text("id").map_or("", |id| id.value.as_str());
    let body = draft.body.as_ref().map(|body| body::compile(body, id, source, is_tested, &mut problems));
    let Some(kind) = draft.text("on").and_then(|on| types.kind(&on.value)) else { return (None, problems) };
    let captures = match &body {
        Some(Some(body)) => Some(body.captures.clone()),
        // What is wrong with the body was said; then every name may be a capture.
        Some(None) => None,
        None if kind.name == "match" => None,
        None => Some(Vec::new()),
    };
    let kind = &KindType { captures, ..kind.clone() };
    let mut expression = |key: &str| {
        checked(draft.text(key), source, &mut problems, |text| match is_tested {
            true => Expression::of_tested(text, kind, types),
            false => Expression::compile(text, kind, types),
        })
    };
    let (applies, when, unknown) = (expression("applies"), expression("when"), expression("unknown"));
    let mut template = |key: &str, of: fn(&str, &KindType, &Types) -> Result<Template, Vec<Mistake>>| {
        checked(draft.text(key), source, &mut problems, |text| of(text, kind, types))
    };
    let of_fact = Template::of_fact;
    let (title, why, fix) = (template("title", of_fact), template("why", of_fact), template("fix", of_fact));
    let (verify, question) = (template("verify", of_fact), template("question", of_fact));
    let good = template("good", |text, _, _| Template::of_counts(text));
    let compiled = || {
        let body = match body {
            Some(body) => Some(body?),
            None => None,
        };
        Some(Compiled {
            body,
            applies,
            when: when?,
            unknown,
            title: title?,
            why: why?,
            fix: fix?,
            verify: verify?,
            question,
            good,
        })
    };
    (compiled(), problems)
}

fn checked<T>(
    text: Option<&Located<String>>,
    source: &str,
    problems: &mut Vec<Problem>,
    check: impl Fn(&str) -> Result<T, Vec<Mistake>>,
) -> Option<T> {
    let text = text?;
    match check(&text.value) {
        Ok(value) => Some(value),
        Err(mistakes) => {
            problems.extend(mistakes.into_iter().map(|mistake| Problem {
                span: bytes_of(source, text.span.clone(), mistake.chars),
                message: mistake.message,
                label: mistake.label,
                help: mistake.help,
            }));
            None
        }
    }
}

/// The rule, if all that it needs is there.
fn finish(mut draft: Draft, body: Option<Body>, pack: &str) -> Option<Rule> {
    let mut text = |key: &str| draft.texts.remove(key).map(|text| text.value);
    Some(Rule {
        id: text("id")?,
        title: text("title")?,
        area: text("area")?,
        severity: draft.severity?,
        stage: draft.stage?,
        on: text("on")?,
        body,
        applies: text("applies"),
        when: text("when")?,
        unknown: text("unknown"),
        question: text("question"),
        good: text("good"),
        required: draft.required,
        requires: draft.requires.into_iter().map(|rule| rule.value).collect(),
        confidence: draft.confidence.unwrap_or_default(),
        why: text("why")?,
        fix: text("fix")?,
        verify: text("verify")?,
        effort: draft.effort?,
        refs: draft.refs,
        pack: pack.to_owned(),
    })
}
