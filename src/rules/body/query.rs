//! `query` bodies: tree-sitter queries.

use rayon::prelude::*;

use super::predicates::{self, Predicates};
use super::{BodyDraft, is_word, named_capture, place};
use crate::facts::kinds::Syntax;
use crate::facts::search::syntax::{SYNTAXES, names};
use crate::facts::search::{Finder, Query, QueryMistake, QueryProblem};
use crate::rules::cel::{Mistake, closest};
use crate::rules::draft::{Located, Problem};
use crate::rules::rule::{Body, QueryBody, SearchedFiles};

/// The longest query, in characters. Compiling one takes time and memory.
const LONGEST: usize = 20_000;

pub(super) fn compile(
    draft: &BodyDraft,
    source: &str,
    is_tested: bool,
    problems: &mut Vec<Problem>,
) -> Option<(Finder, Body)> {
    let languages = languages(draft, problems);
    let text = draft.texts.get("query")?;
    let mut mistakes = Vec::new();
    if text.value.chars().count() > LONGEST {
        let all = 0..text.value.chars().count();
        mistakes.push(Mistake::new(all, "the query is too long").label("more than 20,000 characters"));
    }
    let predicates = Predicates::of(&text.value);
    mistakes.extend(predicates.mistakes);
    let languages = languages?;
    if !mistakes.is_empty() {
        place(mistakes, text, source, problems);
        return None;
    }
    let named = predicates::captures(&text.value);
    let shown = shown_capture(draft, text, &named, source, problems);
    // Compiling a query takes longer than all the rest, so what the tests compile is not compiled again.
    let mistakes = if is_tested { Vec::new() } else { in_each(&languages, &text.value) };
    if !mistakes.is_empty() {
        place(mistakes, text, source, problems);
        return None;
    }
    let capture = shown?;
    let syntaxes: Vec<Syntax> = languages.iter().map(|(_, syntax)| *syntax).collect();
    let names: Vec<String> = named.into_iter().map(|(name, _)| name).collect();
    let query = Query::new(&syntaxes, &text.value, &capture, &names);
    let body = QueryBody {
        languages: languages.into_iter().map(|(name, _)| name).collect(),
        query: text.value.clone(),
        capture,
        files: SearchedFiles::default(),
    };
    Some((Finder::Query(query), Body::Query(body)))
}

fn languages(draft: &BodyDraft, problems: &mut Vec<Problem>) -> Option<Vec<(String, Syntax)>> {
    let given = draft.lists.get("languages")?;
    let known: Vec<&str> = SYNTAXES.iter().map(|(name, _)| *name).collect();
    let mut languages = Vec::new();
    let before = problems.len();
    for language in &given.value {
        match SYNTAXES.iter().find(|(name, _)| *name == language.value) {
            Some((name, syntax)) => languages.push(((*name).to_owned(), *syntax)),
            None => {
                let meant = match language.value.to_lowercase().as_str() {
                    "ts" => Some("typescript"),
                    "js" | "jsx" => Some("javascript"),
                    "py" => Some("python"),
                    other => closest(other, known.iter().copied()),
                };
                let there_are = format!("there are {}", known.join(", "));
                let help = meant.map_or(there_are.clone(), |meant| {
                    format!("did you mean `{meant}`? T{}", there_are.get(1..).unwrap_or_default())
                });
                let message = format!("queries can't ask about `{}`", language.value);
                problems.push(Problem::new(language.span.clone(), message, "unknown language").help(help));
            }
        }
    }
    if given.value.is_empty() {
        let help = format!("there are {}", known.join(", "));
        problems.push(Problem::new(given.span.clone(), "`languages` is empty", "no language").help(help));
    }
    languages.sort_by_key(|(_, syntax)| *syntax);
    languages.dedup();
    (problems.len() == before).then_some(languages)
}

/// The capture that is shown: the one that `capture` names, else the only one.
fn shown_capture(
    draft: &BodyDraft,
    text: &Located<String>,
    named: &[(String, usize)],
    source: &str,
    problems: &mut Vec<Problem>,
) -> Option<String> {
    let odd: Vec<Mistake> = named
        .iter()
        .filter(|(name, _)| !is_word(name))
        .map(|(name, at)| {
            let chars = at + 1..at + 1 + name.chars().count();
            Mistake::new(chars, format!("no expression can name the capture `{name}`"))
                .label("not one word")
                .help("letters, digits and `_`")
        })
        .collect();
    if !odd.is_empty() {
        place(odd, text, source, problems);
        return None;
    }
    let mut names: Vec<String> = named.iter().map(|(name, _)| name.clone()).collect();
    names.sort();
    names.dedup();
    if let Some(capture) = draft.texts.get("capture") {
        return named_capture(capture, &names, "query", problems);
    }
    let public: Vec<&String> = names.iter().filter(|name| !name.starts_with('_')).collect();
    match public.as_slice() {
        [only] => Some((*only).clone()),
        [] => {
            let all = 0..text.value.chars().count();
            let mistake = Mistake::new(all, "the query captures nothing")
                .label("no `@name`")
                .help("write `@name` after the node that a finding should show");
            place(vec![mistake], text, source, problems);
            None
        }
        several => {
            let list: Vec<String> = several.iter().map(|name| format!("`{name}`")).collect();
            problems.push(
                Problem::new(draft.key.clone(), "the query has several captures", "no `capture`").help(
                    format!(
                        "say which one a finding shows: `capture = \"{}\"`; there are {}",
                        several.first().map_or("", |name| name.as_str()),
                        list.join(", ")
                    ),
                ),
            );
            None
        }
    }
}

/// The mistakes of a query that does not compile in every language, each once.
fn in_each(languages: &[(String, Syntax)], text: &str) -> Vec<Mistake> {
    let failed: Vec<(&(String, Syntax), QueryMistake)> = languages
        .par_iter()
        .filter_map(|language| Some((language, Query::check(language.1, text).err()?)))
        .collect();
    let mut told: Vec<Mistake> = Vec::new();
    let mut seen: Vec<&QueryMistake> = Vec::new();
    for (language, mistake) in &failed {
        if seen.contains(&mistake) {
            continue;
        }
        seen.push(mistake);
        let here: Vec<&str> =
            failed.iter().filter(|(_, other)| other == mistake).map(|((name, _), _)| name.as_str()).collect();
        let everywhere = here.len() == languages.len();
        told.push(described(mistake, language, &here, everywhere, text));
    }
    told
}

fn described(
    mistake: &QueryMistake,
    (_, syntax): &(String, Syntax),
    here: &[&str],
    everywhere: bool,
    text: &str,
) -> Mistake {
    let start = text.get(..mistake.at).map_or(0, |before| before.chars().count());
    let named = start..start + mistake.name.chars().count();
    let (of, have) = match here {
        [only] => ((*only).to_owned(), "has"),
        _ => (here.join(" and "), "have"),
    };
    let name = &mistake.name;
    let leave = match here {
        [only] => format!("leave `{only}` out of `languages`, or give it a rule of its own"),
        _ => "leave them out of `languages`, or give them a rule of their own".to_owned(),
    };
    let help = |fields: bool| {
        let known = names(*syntax, fields);
        let begins = || known.iter().map(String::as_str).find(|known| known.starts_with(name.as_str()));
        let near = closest(name, known.iter().map(String::as_str)).or_else(begins);
        let near = near.map(|near| format!("did you mean `{near}{}`?", if fields { ":" } else { "" }));
        match near {
            // It is right in another language, so it is no slip.
            _ if !everywhere => leave.clone(),
            Some(near) => near,
            None => "the grammar's node-types.json lists them all".to_owned(),
        }
    };
    match mistake.problem {
        QueryProblem::Node => Mistake::new(named, format!("{of} {have} no node `{name}`"))
            .label("unknown node")
            .help(help(false)),
        QueryProblem::Field => Mistake::new(named, format!("{of} {have} no field `{name}`"))
            .label("unknown field")
            .help(help(true)),
        QueryProblem::Capture => Mistake::new(named, format!("the query has no capture `{name}`"))
            .label("unknown capture")
            .help("write it after the node that it should name"),
        QueryProblem::Impossible => {
            let of = of.replace(" and ", " or ");
            let mistake = Mistake::new(word_at(text, start), format!("no {of} code is like that"));
            let never = "the grammar never puts this node or field there";
            mistake.label("can't stand here").help(match everywhere {
                true => never.to_owned(),
                false => format!("{never}; {leave}"),
            })
        }
        QueryProblem::Predicate => Mistake::new(0..text.chars().count(), "a predicate is wrong")
            .label("in here")
            .help("predicates look like `(#eq? @name \"text\")`"),
        QueryProblem::Syntax => {
            let at = word_at(text, start);
            let rest = text.get(mistake.at..).unwrap_or_default();
            let is_end = rest.trim().is_empty()
                || rest.starts_with('"') && !rest.get(1..).is_some_and(|rest| rest.contains('"'));
            let help = match is_end {
                true => "a bracket or a quote is not closed",
                false => "nodes look like `(kind field: (kind) @name)`, texts like `\"async\"`",
            };
            Mistake::new(at, "the query does not parse here").label("not expected here").help(help)
        }
    }
}

/// The word or sign at a character; the last one of the text if nothing follows.
fn word_at(text: &str, start: usize) -> std::ops::Range<usize> {
    let chars: Vec<char> = text.chars().collect();
    let rest = chars.get(start..).unwrap_or_default();
    if rest.iter().all(|c| c.is_whitespace()) {
        let end = chars.iter().rposition(|c| !c.is_whitespace()).map_or(0, |at| at + 1);
        return end.saturating_sub(1)..end;
    }
    let word = |from: usize| rest.iter().skip(from).take_while(|c| c.is_alphanumeric() || **c == '_').count();
    match rest.first() {
        // A node: its kind says more than its bracket.
        Some('(') if word(1) > 0 => start + 1..start + 1 + word(1),
        _ => start..start + word(0).max(1),
    }
}
