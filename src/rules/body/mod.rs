//! Bodies: what a rule looks for in the text of files by itself, instead of in facts that are there already.

mod pattern;
mod predicates;
mod query;
mod read;
mod regexes;

use std::sync::Arc;

use super::cel::{Mistake, closest};
use super::draft::{Located, Problem};
use super::rule::Body;
use super::text::bytes_of;
use crate::facts::kinds::FileRole;
use crate::facts::search::{self, Scope};

pub(super) use read::{BodyDraft, read};

/// The shortest keyword. Shorter ones are in every file.
const SHORTEST_KEYWORD: usize = 3;

/// Roles of files by their names.
static ROLES: &[(&str, FileRole)] = &[
    ("product", FileRole::Product),
    ("test", FileRole::Test),
    ("fixture", FileRole::Fixture),
    ("example", FileRole::Example),
    ("docs", FileRole::Docs),
];

/// A checked body.
#[derive(Debug)]
pub(super) struct CompiledBody {
    /// As written, with what was left out filled in.
    pub(super) body: Body,
    /// What is run.
    pub(super) search: Arc<search::Body>,
    /// Names of the parts that a match has.
    pub(super) captures: Vec<String>,
}

/// Checks a body; what takes long only if no test does it (`is_tested`). `None` where something in it is missing or wrong.
pub(super) fn compile(
    draft: &BodyDraft,
    rule: &str,
    source: &str,
    is_tested: bool,
    problems: &mut Vec<Problem>,
) -> Option<CompiledBody> {
    let keywords = keywords(draft, problems);
    let scope = scope(draft, problems);
    let finder = match draft.is_query {
        false => pattern::compile(draft, source, is_tested, problems),
        true => query::compile(draft, source, is_tested, problems),
    };
    let (keywords, (scope, roles), (finder, body)) = (keywords?, scope?, finder?);
    let captures = match &finder {
        search::Finder::Pattern(pattern) => pattern.names().to_vec(),
        search::Finder::Query(query) => query.names().to_vec(),
    };
    let mut body = body;
    let common = match &mut body {
        Body::Pattern(pattern) => &mut pattern.files,
        Body::Query(query) => &mut query.files,
    };
    common.keywords = keywords.clone();
    common.files = draft.values("files");
    common.not_files = draft.values("not_files");
    common.roles = roles;
    let search = Arc::new(search::Body { rule: rule.to_owned(), keywords, scope, finder });
    Some(CompiledBody { body, search, captures })
}

fn keywords(draft: &BodyDraft, problems: &mut Vec<Problem>) -> Option<Vec<String>> {
    let given = draft.lists.get("keywords")?;
    let before = problems.len();
    if given.value.is_empty() {
        problems.push(
            Problem::new(given.span.clone(), "`keywords` is empty", "no keyword")
                .help("name a text that is in every file worth searching: the others are passed over"),
        );
    }
    for word in &given.value {
        if word.value.trim().chars().count() < SHORTEST_KEYWORD {
            let message = format!("the keyword `{}` is too short", word.value);
            problems.push(
                Problem::new(word.span.clone(), message, "in nearly every file")
                    .help("three characters at least: keywords say which files are worth searching"),
            );
        }
    }
    (problems.len() == before).then(|| draft.values("keywords"))
}

fn scope(draft: &BodyDraft, problems: &mut Vec<Problem>) -> Option<(Scope, Vec<String>)> {
    let before = problems.len();
    for key in ["files", "not_files"] {
        for glob in draft.lists.get(key).into_iter().flat_map(|list| &list.value) {
            if let Err(why) = Scope::check(&glob.value) {
                problems.push(
                    Problem::new(glob.span.clone(), format!("the pattern does not compile: {why}"), "here")
                        .help("`*` stands for a part of a name, `**` for folders, `{a,b}` for either"),
                );
            }
        }
    }
    let mut roles = Vec::new();
    for role in draft.lists.get("roles").into_iter().flat_map(|list| &list.value) {
        match ROLES.iter().find(|(name, _)| *name == role.value) {
            Some((_, known)) => roles.push(*known),
            None => problems.push(unknown_role(role)),
        }
    }
    if let Some(list) = draft.lists.get("roles").filter(|list| list.value.is_empty()) {
        problems.push(
            Problem::new(list.span.clone(), "`roles` is empty", "no role")
                .help("leave it out to look at the product"),
        );
    }
    if problems.len() > before {
        return None;
    }
    if roles.is_empty() {
        roles.push(FileRole::Product);
    }
    let names = ROLES.iter().filter(|(_, role)| roles.contains(role)).map(|(name, _)| (*name).to_owned());
    let names = names.collect();
    let scope = Scope::new(roles, &draft.values("files"), &draft.values("not_files")).ok()?;
    Some((scope, names))
}

fn unknown_role(role: &Located<String>) -> Problem {
    let names: Vec<&str> = ROLES.iter().map(|(name, _)| *name).collect();
    let help = match (role.value.as_str(), closest(&role.value, names.iter().copied())) {
        ("vendored" | "generated", _) => {
            "somebody else's code and what tools write is never searched".to_owned()
        }
        (_, Some(near)) => format!("did you mean `{near}`? There are {}", names.join(", ")),
        (_, None) => format!("there are {}", names.join(", ")),
    };
    Problem::new(role.span.clone(), format!("there is no role `{}`", role.value), "unknown role").help(help)
}

/// Mistakes at characters of a string, at their bytes of the pack.
fn place(mistakes: Vec<Mistake>, text: &Located<String>, source: &str, problems: &mut Vec<Problem>) {
    problems.extend(mistakes.into_iter().map(|mistake| Problem {
        span: bytes_of(source, text.span.clone(), mistake.chars),
        message: mistake.message,
        label: mistake.label,
        help: mistake.help,
    }));
}

/// Which capture is shown, checked against those that there are.
fn named_capture(
    capture: &Located<String>,
    known: &[String],
    of: &str,
    problems: &mut Vec<Problem>,
) -> Option<String> {
    let name = capture.value.strip_prefix('@').unwrap_or(&capture.value);
    if known.iter().any(|known| known == name) {
        return Some(name.to_owned());
    }
    let help = match (closest(name, known.iter().map(String::as_str)), known) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, []) => format!("the {of} captures nothing"),
        (None, known) => format!("its captures are {}", known.join(", ")),
    };
    problems.push(
        Problem::new(capture.span.clone(), format!("the {of} has no capture `{name}`"), "unknown capture")
            .help(help),
    );
    None
}

/// Whether expressions can name it: `match.captures.name`.
fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
