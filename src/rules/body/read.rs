//! From the TOML of a body to a draft.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use crate::rules::cel::closest;
use crate::rules::draft::{Located, Problem, string, strings};

/// A body as written. What is missing or of a wrong type is not there, and was reported.
#[derive(Debug)]
pub(in crate::rules) struct BodyDraft {
    pub(in crate::rules) is_query: bool,
    /// The key `pattern` or `query`.
    pub(in crate::rules) key: Range<usize>,
    /// `regex`, `query`, `capture`.
    pub(super) texts: BTreeMap<&'static str, Located<String>>,
    /// `keywords`, `languages`, `files`, `not_files`, `roles`.
    pub(super) lists: BTreeMap<&'static str, Located<Vec<Located<String>>>>,
    pub(super) entropy: Option<Located<f64>>,
}

impl BodyDraft {
    /// The items of a list, empty if it is not there.
    pub(super) fn values(&self, list: &str) -> Vec<String> {
        let items = self.lists.get(list).into_iter().flat_map(|list| &list.value);
        items.map(|item| item.value.clone()).collect()
    }
}

/// The keys of a body, and whether they must be there.
fn keys(is_query: bool) -> &'static [(&'static str, bool)] {
    match is_query {
        false => &[
            ("keywords", true),
            ("regex", true),
            ("capture", false),
            ("entropy", false),
            ("files", false),
            ("not_files", false),
            ("roles", false),
        ],
        true => &[
            ("languages", true),
            ("keywords", true),
            ("query", true),
            ("capture", false),
            ("files", false),
            ("not_files", false),
            ("roles", false),
        ],
    }
}

/// Reads the table of `pattern` or `query`.
pub(in crate::rules) fn read(
    name: &str,
    key: Range<usize>,
    value: &Spanned<DeValue<'_>>,
    problems: &mut Vec<Problem>,
) -> Option<BodyDraft> {
    let is_query = name == "query";
    let Some(table) = value.get_ref().as_table() else {
        let problem = Problem::new(value.span(), format!("`{name}` must be a table"), "not a table");
        problems.push(problem.help(format!("write `[rule.{name}]` and its keys below")));
        return None;
    };
    let mut draft = BodyDraft {
        is_query,
        key: key.clone(),
        texts: BTreeMap::new(),
        lists: BTreeMap::new(),
        entropy: None,
    };
    let known = keys(is_query);
    let mut meant = Vec::new();
    for (key, value) in table.iter() {
        let word: &str = key.get_ref();
        let Some((word, _)) = known.iter().find(|(known, _)| *known == word) else {
            let near = closest(word, known.iter().map(|(known, _)| *known));
            meant.extend(near);
            let help = match (is_query, word) {
                (true, "regex" | "entropy") => {
                    "only a `pattern` has it; in a query write `(#match? @x \"…\")`".to_owned()
                }
                (false, "languages") => {
                    "only a `query` has it; name the files: `files = [\"*.ts\"]`".to_owned()
                }
                _ => match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => {
                        let names: Vec<&str> = known.iter().map(|(known, _)| *known).collect();
                        format!("the keys are {}", names.join(", "))
                    }
                },
            };
            let problem = Problem::new(key.span(), format!("a {name} has no key `{word}`"), "unknown key");
            problems.push(problem.help(help));
            continue;
        };
        match *word {
            "regex" | "query" | "capture" => {
                if let Some(text) = string(word, value, problems) {
                    draft.texts.insert(word, text);
                }
            }
            "entropy" => draft.entropy = number(word, value, problems),
            _ => {
                if value.get_ref().is_array() {
                    let items = strings(word, value, problems);
                    draft.lists.insert(word, Located { value: items, span: value.span() });
                } else {
                    strings(word, value, problems);
                }
            }
        }
    }
    let missing: Vec<String> = known
        .iter()
        .filter(|(known, needed)| *needed && !table.contains_key(*known) && !meant.contains(known))
        .map(|(known, _)| format!("`{known}`"))
        .collect();
    if !missing.is_empty() {
        let message = format!("the {name} has no {}", missing.join(", no "));
        let help = match missing.iter().any(|key| key == "`keywords`") {
            true => {
                "keywords are texts one of which a file must hold to be searched: they keep the audit fast"
            }
            false => "",
        };
        problems.push(Problem::new(key, message, "this body").help(help));
    }
    Some(draft)
}

fn number(key: &str, value: &Spanned<DeValue<'_>>, problems: &mut Vec<Problem>) -> Option<Located<f64>> {
    let number = match value.get_ref() {
        DeValue::Float(number) => number.as_str().replace('_', "").parse().ok(),
        DeValue::Integer(number) => number.as_str().replace('_', "").parse().ok(),
        _ => None,
    };
    if number.is_none() {
        let problem = Problem::new(value.span(), format!("`{key}` must be a number"), "not a number");
        problems.push(problem.help("bits for each character: `entropy = 3.5`"));
    }
    number.map(|value_| Located { value: value_, span: value.span() })
}
