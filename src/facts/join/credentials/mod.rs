//! Credentials: the places of each secret value taken together. One value is one thing to rotate, however often it was
//! copied.

mod browser;
mod development;
mod places;

use std::collections::BTreeMap;

use crate::facts::kinds::{Answer, Credential, Evidence, Harm, Secret, Unknown};
use crate::facts::{Facts, Input};
use crate::secrets::{Audience, Excerpt, excerpt, formats};
use crate::source::Role;

/// The format of passwords that code gives to somebody.
const SEEDED: &str = "seeded-password";

/// The format of passwords of which no more is known.
const PASSWORD: &str = "generic-password";

/// Evidence is kept of this many places.
const PLACES: usize = 50;

/// So much of a commit's id is shown in sentences.
const SHORT: usize = 10;

/// Fills `credentials`, by fingerprint.
pub(super) fn run(input: &Input<'_>, facts: &mut Facts) {
    let mut by_value: BTreeMap<&str, Vec<Place<'_>>> = BTreeMap::new();
    for secret in &facts.secrets {
        let place = Place::of(input, facts, secret);
        if place.counts() {
            by_value.entry(&secret.fingerprint).or_default().push(place);
        }
    }
    let mut files = development::Files::new(input);
    let credentials = by_value.into_values().map(|places| credential(input, places, &mut files)).collect();
    facts.credentials = credentials;
}

/// A place that has a value, and what it says of it.
struct Place<'a> {
    secret: &'a Secret,
    role: Role,
    tracked: bool,
    in_browser: (Answer, &'static str),
    in_deployment: bool,
    in_agent_files: bool,
    in_url: bool,
}

impl<'a> Place<'a> {
    fn of(input: &'a Input<'_>, facts: &Facts, secret: &'a Secret) -> Place<'a> {
        let file = input.source.tree.get(&secret.file).filter(|_| secret.in_files);
        let notes = input.notes.binary_search_by(|n| n.path.as_str().cmp(&secret.file)).ok();
        let notes = notes.and_then(|i| input.notes.get(i)).filter(|_| secret.in_files);
        let note = notes.into_iter().flat_map(|n| &n.secrets).find(|note| {
            (note.found.line, note.found.column, note.found.format.id)
                == (secret.line, secret.column, secret.rule.as_str())
        });
        // Outside git, the folder is what is handed on: all but the files that are meant to stay on a machine.
        let outside = input.source.git.is_none() && !places::stays_on_a_machine(&secret.file);
        let role = file.map_or_else(|| places::role_of_past(&secret.file), |file| file.role);
        Place {
            secret,
            // A test within a module of the product is a test.
            role: if secret.aside && role == Role::Product { Role::Test } else { role },
            tracked: file.is_some_and(|file| file.tracked || outside),
            in_browser: match notes {
                Some(notes) => browser::ships(input, &facts.apps, secret, notes.directive),
                None => (Answer::Na, ""),
            },
            in_deployment: places::deploys(&secret.file, notes),
            // A password in an example of a guide is less than a provider's key in it.
            in_agent_files: places::is_agents(&secret.file)
                && (!secret.provider.is_empty() || file.is_some_and(|file| file.role == Role::Product)),
            in_url: note.is_some_and(|note| note.in_url),
        }
    }

    /// Whether somebody gets into something by it.
    fn counts(&self) -> bool {
        match self.secret.audience {
            Audience::Secret => true,
            // A default is only as bad as the place that uses it.
            _ => {
                (self.secret.weak || self.is_seeded())
                    && self.secret.in_files
                    && self.role == Role::Product
                    && !self.is_example()
            }
        }
    }

    /// Whether it is the password of an account that code creates. In a script of that sort a guessable one is no
    /// password of a development machine: the account is in whatever database it ran against.
    fn is_seeded(&self) -> bool {
        let named = self.secret.rule == PASSWORD && places::seeds(&self.secret.file);
        self.role == Role::Product && (self.secret.rule == SEEDED || named)
    }

    fn is_example(&self) -> bool {
        places::is_example(&self.secret.file)
    }

    fn tests_or_docs(&self) -> bool {
        !self.in_agent_files
            && (!matches!(self.role, Role::Product | Role::Generated)
                || self.is_example()
                || places::is_mock(&self.secret.file))
    }

    /// Files of today first, tracked ones before others, product before tests before documents.
    fn order(&self) -> (bool, bool, bool, u8, &str, u32, u32) {
        let role = match self.role {
            Role::Product => 0,
            Role::Generated | Role::Vendored => 1,
            Role::Test | Role::Fixture => 2,
            Role::Example => 3,
            Role::Docs => 4,
        };
        let Secret { in_files, file, line, column, .. } = self.secret;
        (!in_files, !self.tracked, self.is_example(), role, file, *line, *column)
    }
}

fn credential(
    input: &Input<'_>,
    mut places: Vec<Place<'_>>,
    files: &mut development::Files<'_, '_>,
) -> Credential {
    places.sort_by(|a, b| a.order().cmp(&b.order()));
    let mut credential = Credential::default();
    let Some(first) = places.first() else { return credential };
    // A value has one fingerprint and may have several formats: what tells most about it counts.
    let named = |place: &&Place<'_>| {
        formats::format_named(&place.secret.rule).map(|f| (harm(f.severity), !f.provider.is_empty()))
    };
    let teller = places.iter().rev().max_by_key(named).unwrap_or(first).secret;
    let here = || places.iter().filter(|place| place.secret.in_files);
    let past = || places.iter().filter(|place| !place.secret.in_files);

    credential.fingerprint.clone_from(&teller.fingerprint);
    credential.format.clone_from(&teller.rule);
    credential.kind = teller.kind;
    credential.provider.clone_from(&teller.provider);
    credential.detail =
        places.iter().map(|p| &p.secret.detail).find(|d| !d.is_empty()).cloned().unwrap_or_default();
    credential.app.clone_from(&first.secret.app);
    credential.variable =
        places.iter().map(|p| &p.secret.variable).find(|v| !v.is_empty()).cloned().unwrap_or_default();
    credential.name = match (teller.provider.is_empty(), credential.variable.as_str()) {
        (true, variable) if !variable.is_empty() => format!("{} ({variable})", small(&teller.name)),
        (true, _) => small(&teller.name),
        _ => teller.name.clone(),
    };
    if let Some(format) = formats::format_named(&teller.rule) {
        credential.harm = harm(format.severity);
        credential.sandbox = format.sandbox;
        credential.opens = format.opens.to_owned();
        credential.rotate = format.rotate.to_owned();
    }
    credential.file.clone_from(&first.secret.file);
    credential.line = if first.secret.in_files { first.secret.line } else { 0 };
    credential.places = u32::try_from(places.len()).unwrap_or(u32::MAX);
    credential.files = here().map(|place| place.secret.file.clone()).collect();
    credential.files.sort();
    credential.files.dedup();
    credential.in_tracked_files = here().any(|place| place.tracked);
    credential.in_untracked_files = here().any(|place| !place.tracked);
    credential.in_history = places
        .iter()
        .any(|place| !place.secret.commit.is_empty() || !place.secret.in_files && place.secret.committed);
    credential.in_head = places.iter().any(|place| place.secret.in_head);
    credential.unreachable = places.iter().all(|place| place.secret.unreachable);
    credential.only_in_tests_or_docs = places.iter().all(Place::tests_or_docs);
    if let Some(oldest) = oldest(input, &places) {
        credential.commit.clone_from(&oldest.commit);
        credential.author = oldest.author.clone();
        credential.date.clone_from(&oldest.date);
    }
    credential.since = since(input, &credential);
    credential.fallback = here().any(|place| place.secret.fallback);
    let mut in_development =
        |place: &Place<'_>| files.only_in_development(&place.secret.file, place.secret.line);
    credential.sandbox |=
        here().next().is_some() && here().all(|place| place.secret.fallback && in_development(place));
    credential.weak =
        places.iter().all(|place| place.secret.weak || place.secret.audience != Audience::Secret);
    credential.in_deployment = here().any(|place| place.in_deployment);
    credential.in_agent_files = here().any(|place| place.in_agent_files);
    credential.seeded = here().any(Place::is_seeded);
    credential.in_url = here().any(|place| place.in_url);
    let environments = here().filter_map(|place| places::environment(&place.secret.file));
    credential.environments = environments.map(str::to_owned).collect();
    credential.environments.sort();
    credential.environments.dedup();
    in_browser(&mut credential, &places);
    for place in here().chain(past()).take(PLACES) {
        let shown = evidence(place);
        if place.secret.in_files && places::environment(&place.secret.file).is_some() {
            credential.evidence.push(Evidence { cell: "environments".to_owned(), ..shown.clone() });
        }
        credential.evidence.push(shown);
    }
    unknowns(&mut credential, &places);
    credential
}

/// A name within a sentence: `Signing secret` gets a small letter, `API key` keeps its own.
fn small(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(name.chars().skip(1)).collect()
        }
        _ => name.to_owned(),
    }
}

/// How bad a format's severity is.
fn harm(severity: &str) -> Harm {
    match severity {
        "blocker" => Harm::Blocker,
        "critical" => Harm::Critical,
        "high" => Harm::High,
        "medium" => Harm::Medium,
        _ => Harm::Low,
    }
}

/// Since when it is there.
fn since(input: &Input<'_>, credential: &Credential) -> Excerpt {
    let Credential { commit, author, date, .. } = credential;
    let short = commit.get(..SHORT).unwrap_or(commit);
    excerpt(&match (&input.source.git, input.past, commit.is_empty()) {
        (_, _, false) => format!("It has been there since {date} (commit {short} by {author})."),
        (None, _, _) => "Since when is not known: there is no history.".to_owned(),
        (_, None, _) => "Since when is not known: the history was not read.".to_owned(),
        _ => "It is not committed yet.".to_owned(),
    })
}

/// The place whose commit is the oldest.
fn oldest<'a>(input: &Input<'_>, places: &[Place<'a>]) -> Option<&'a Secret> {
    let commits = input.past.map(|past| past.commits.as_slice()).unwrap_or_default();
    let age = |secret: &Secret| commits.iter().position(|commit| commit.id == secret.commit);
    let dated = places.iter().map(|place| place.secret).filter(|secret| !secret.commit.is_empty());
    dated.min_by_key(|secret| age(secret).unwrap_or(usize::MAX))
}

fn in_browser(credential: &mut Credential, places: &[Place<'_>]) {
    let of = |answer: Answer| places.iter().find(|place| place.in_browser.0 == answer);
    credential.in_browser = match (of(Answer::Yes), of(Answer::Unknown), of(Answer::No)) {
        (Some(_), _, _) => Answer::Yes,
        (None, Some(place), _) => {
            credential.unknowns.push(Unknown::new("in_browser", place.in_browser.1));
            Answer::Unknown
        }
        (None, None, Some(_)) => Answer::No,
        _ => Answer::Na,
    };
    for place in places.iter().filter(|place| place.in_browser.0 == Answer::Yes).take(PLACES) {
        let mut shown = evidence(place);
        shown.cell = "in_browser".to_owned();
        shown.says = excerpt(place.in_browser.1);
        credential.evidence.push(shown);
    }
}

/// The place itself; of the history, the commit.
fn evidence(place: &Place<'_>) -> Evidence {
    let secret = place.secret;
    let mut evidence =
        secret.evidence.first().cloned().unwrap_or_else(|| Evidence::new("", &secret.file, 0, ""));
    evidence.cell = "places".to_owned();
    if !secret.in_files {
        // No file of today to point at.
        let short = secret.commit.get(..SHORT).unwrap_or(&secret.commit);
        let at = if secret.commit.is_empty() {
            "no commit".to_owned()
        } else {
            format!("commit {short}, {} on {}", secret.author, secret.date)
        };
        let what = if secret.file.is_empty() { "a message or a file without a name" } else { &secret.file };
        evidence.snippet = excerpt(&format!("history: {what}, {at}"));
        evidence.file = String::new();
        evidence.line = 0;
        evidence.column = 0;
    }
    evidence
}

fn unknowns(credential: &mut Credential, places: &[Place<'_>]) {
    for unknown in places.iter().flat_map(|place| &place.secret.unknowns) {
        if !credential.unknowns.contains(unknown) {
            credential.unknowns.push(unknown.clone());
        }
    }
}
