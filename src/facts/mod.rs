//! What is true of the repository, with evidence.
//!
//! Three steps: **read** (every file once, in parallel: `read/`), **extract** (pure functions over
//! what was read: `extract/`), **join** (facts that need other facts: `join/`). Each step is one static list.

pub mod ci;
mod cloud;
pub mod code;
pub mod config;
pub mod dockerfile;
mod extent;
pub mod extract;
#[cfg(test)]
mod failure_tests;
pub mod identity;
pub mod imports;
pub mod join;
pub mod kinds;
pub mod layout;
pub mod locks;
pub mod mask;
pub mod names;
pub mod notes;
mod past;
pub mod ranges;
pub mod reached;
pub mod read;
mod registry;
pub mod replayed;
pub mod role_names;
pub mod search;
pub mod semver;
pub mod shell;
#[cfg(test)]
pub mod testing;

pub use extent::Extent;
pub use kinds::{Answer, Evidence, Fact, Unknown};
pub use notes::{FileNotes, SuppressionNote};
pub use registry::{AnyFact, KINDS, Kind, kind_named, schema};
pub use search::Search;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use crate::caught::{caught, survivors};
use crate::code::{Code, Module};
use crate::secrets::{self, Numbers, Past};
use crate::source::{HistoryState, Skip, Source, Tree};
use ci::Ci;
use kinds::{
    AccessModel, AccessRule, AiTool, App, Backup, BrowserSecret, Bucket, CiWorkflow, CloudResource,
    Credential, Database, Dependency, DeployUnit, EnvVar, FirebaseService, Function, Lockfile, Manifest,
    Match, Migrations, NotableFile, Ownership, Permission, Person, Policy, Project, Role, Route, RouteGap,
    Runtime, Secret, Setting, Table, TestSuite, View, WeakGuard,
};

use read::code::Parsed;
use replayed::Replayed;

/// The fact base: one list for each kind, in a stable order, and the one `project`.
///
/// Rules see each list under its name here, and the fact that they judge under the singular of
/// [`KINDS`].
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Facts {
    /// The repository as a whole.
    pub project: Project,
    /// Deployable units.
    pub apps: Vec<App>,
    /// Authors.
    pub people: Vec<Person>,
    /// Who changed what is below a folder.
    pub folders: Vec<Ownership>,
    /// Files that declare dependencies.
    pub manifests: Vec<Manifest>,
    /// Files that record exact versions.
    pub lockfiles: Vec<Lockfile>,
    /// Declared dependencies.
    pub dependencies: Vec<Dependency>,
    /// Test suites.
    pub tests: Vec<TestSuite>,
    /// CI workflows.
    pub ci_workflows: Vec<CiWorkflow>,
    /// What is deployed.
    pub deploy_units: Vec<DeployUnit>,
    /// Resources that infrastructure code creates.
    pub cloud_resources: Vec<CloudResource>,
    /// Databases.
    pub databases: Vec<Database>,
    /// Evidence of backups, and against them.
    pub backups: Vec<Backup>,
    /// Environment variables.
    pub env_vars: Vec<EnvVar>,
    /// Settings that bear on production.
    pub settings: Vec<Setting>,
    /// Versions of runtimes.
    pub runtimes: Vec<Runtime>,
    /// What answers requests.
    pub routes: Vec<Route>,
    /// Guards of routes that let requests pass.
    pub weak_guards: Vec<WeakGuard>,
    /// What routes of an app lack, all of them together.
    pub route_gaps: Vec<RouteGap>,
    /// Roles and permissions of the product.
    pub roles: Vec<Role>,
    /// The permission map: who may do what.
    pub permissions: Vec<Permission>,
    /// How apps tell what each of their users may do.
    pub access_models: Vec<AccessModel>,
    /// Statements of the security rules of Firebase.
    pub access_rules: Vec<AccessRule>,
    /// Services of Firebase that only such rules guard.
    pub firebase_services: Vec<FirebaseService>,
    /// Functions that language models may call.
    pub ai_tools: Vec<AiTool>,
    /// Settings of a server in code that browsers load.
    pub browser_secrets: Vec<BrowserSecret>,
    /// Scripts that make databases, and what came of replaying them.
    pub migrations: Vec<Migrations>,
    /// Tables, as the migrations leave them.
    pub tables: Vec<Table>,
    /// Policies of row-level security.
    pub policies: Vec<Policy>,
    /// Functions of databases.
    pub functions: Vec<Function>,
    /// Views.
    pub views: Vec<View>,
    /// Buckets of storage.
    pub buckets: Vec<Bucket>,
    /// Files that should not be there.
    pub notable_files: Vec<NotableFile>,
    /// Values that have the format of a secret, one for each place.
    pub secrets: Vec<Secret>,
    /// Secrets, one for each value.
    pub credentials: Vec<Credential>,
    /// What rules with a `pattern` or a `query` found in the text of files.
    pub matches: Vec<Match>,
    /// How many files each of those rules looked at, by its id. No fact of the repository, and not printed.
    #[serde(skip)]
    pub searched: BTreeMap<String, Searched>,
}

/// How far a rule with a `pattern` or a `query` looked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Searched {
    /// Files that it looked at.
    pub files: u32,
    /// Of those, the ones that hold one of its keywords.
    pub near: u32,
}

/// What was read of the files, and what was not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Files whose text was read.
    pub read: u32,
    /// Bytes of text read.
    pub bytes: u64,
    /// Files that no reader wanted: images, styles, prose.
    pub unwanted: u32,
    /// Files that were wanted and not read, and why; sorted by path.
    pub skipped: Vec<Skip>,
    /// Files that were read and do not parse: path, and what is wrong (line, column); sorted by path.
    pub broken: Vec<(String, String)>,
    /// Paths of files with bytes that are no UTF-8, sorted.
    pub lossy: Vec<String>,
    /// Readers, extractors and joins that panicked, and what is missing for it, in sentences.
    pub failures: Vec<String>,
    /// Comments that accept a finding, by file and line.
    pub suppressions: Vec<SuppressionNote>,
    /// How many files each rule with a `pattern` or a `query` looked at, by its id.
    pub searched: BTreeMap<String, Searched>,
    /// What such rules did not search to the end, in sentences, by file.
    pub unsearched: Vec<String>,
    /// Versions of files of the history in which secrets were looked for, and those in which they were not, for what
    /// their path says they are. Of the repository, whichever tree was read.
    pub versions: (u64, u64),
    /// What of the history was not looked at, in sentences.
    pub history_notes: Vec<String>,
}

/// Everything that extractors see.
pub struct Input<'a> {
    /// The files and the repository.
    pub source: &'a Source,
    /// What the readers say of each file, in the order of the tree; files without notes are left out.
    pub notes: &'a [FileNotes],
    /// Secrets of the history; `None` where it was not looked through.
    pub past: Option<&'a Past>,
    /// The code, put together. Empty where nothing in it can answer requests.
    pub code: &'a Code,
    /// The numbers of weak secrets that share a place: those of the history, then those of the trees before this one.
    pub numbers: &'a Numbers,
    /// See [`Input::ci`].
    ci: OnceLock<Ci<'a>>,
    /// See [`Input::schemas`].
    schemas: OnceLock<Vec<Replayed>>,
}

impl<'a> Input<'a> {
    /// What extractors and joins are given.
    pub fn new(
        source: &'a Source,
        notes: &'a [FileNotes],
        past: Option<&'a Past>,
        code: &'a Code,
        numbers: &'a Numbers,
    ) -> Self {
        Self { source, notes, past, code, numbers, ci: OnceLock::new(), schemas: OnceLock::new() }
    }

    /// The scripts and workflows, put together once for all who ask.
    pub fn ci(&self) -> &Ci<'a> {
        self.ci.get_or_init(|| Ci::of(self.notes))
    }

    /// The databases that SQL files make, replayed once for all who ask.
    pub fn schemas(&self) -> &[Replayed] {
        self.schemas.get_or_init(|| replayed::of(self.notes, &self.source.at))
    }
}

/// The analysers of the three steps. Others than the shipped ones are for tests: what a failure does can't be seen
/// without one.
#[derive(Clone, Copy)]
pub struct Analysers<'a> {
    /// What reads files.
    pub readers: &'a [&'a [read::Reader]],
    /// What makes facts of what was read.
    pub extractors: &'a [extract::Extractor],
    /// What makes facts of facts.
    pub joins: &'a [join::Join],
    /// Whether the scripts of databases are replayed. If not, [`OF_SCHEMA`] are empty.
    pub schema: bool,
    /// What of the code is parsed. Unless it is all of it, [`OF_ROUTES`] are empty; without any, so are [`OF_CODE`].
    pub code: Parsed,
    /// How much is asked for.
    pub extent: Extent,
}

/// The lists that are made of code and not of routes. No facts hang on these or on [`OF_ROUTES`] but those there.
const OF_CODE: &[&str] = &["browser_secrets"];
/// The lists that are made of routes, and what else models and people may call.
const OF_ROUTES: &[&str] =
    &["routes", "weak_guards", "route_gaps", "roles", "permissions", "access_models", "ai_tools"];

/// The lists that are made of replayed scripts.
const OF_SCHEMA: &[&str] = &["migrations", "tables", "policies", "functions", "views", "buckets"];

/// The shipped analysers.
pub static ANALYSERS: Analysers<'static> = Analysers {
    readers: read::READERS,
    extractors: extract::EXTRACTORS,
    joins: join::JOINS,
    schema: true,
    code: Parsed::All,
    extent: Extent::Whole,
};

impl Analysers<'static> {
    /// Those of the shipped ones that the lists take which are asked for, and these fields of the project.
    pub fn of(is_asked: impl Fn(&str) -> bool, of_project: &BTreeSet<&str>) -> Analysers<'static> {
        let any = |lists: &[&str]| lists.iter().any(|list| is_asked(list));
        let code = match (any(OF_ROUTES), any(OF_CODE)) {
            (true, _) => Parsed::All,
            (false, true) => Parsed::Loaded,
            (false, false) => Parsed::Nothing,
        };
        let schema = any(OF_SCHEMA);
        Analysers { code, schema, extent: Extent::of(is_asked, of_project), ..ANALYSERS }
    }
}

/// Collects all facts of `source`, and what `search` finds in its files.
pub fn collect(source: &Source, search: &Search) -> (Facts, Reading) {
    collect_with(&ANALYSERS, source, search)
}

/// Collects facts with these analysers. One that panics is left out, and [`Reading::failures`] says so.
pub fn collect_with(analysers: &Analysers<'_>, source: &Source, search: &Search) -> (Facts, Reading) {
    collect_each(analysers, &[source], search).pop().unwrap_or_default()
}

/// Collects the facts of several trees of one repository. A file that the first has in common with another is read
/// once.
pub fn collect_each(
    analysers: &Analysers<'_>,
    sources: &[&Source],
    search: &Search,
) -> Vec<(Facts, Reading)> {
    let trees: Vec<&Tree> = sources.iter().map(|source| &source.tree).collect();
    let (read, past) = rayon::join(
        || read::each(analysers.readers, &trees, search, (analysers.code, analysers.extent)),
        || sources.first().and_then(|source| past(source)),
    );
    let mut numbers = past.iter().flatten().next().map_or_else(Numbers::default, |past| past.numbers.clone());
    let before = read.iter().skip(1).flat_map(|(notes, _)| notes).flat_map(|notes| &notes.secrets);
    before.for_each(|secret| {
        numbers.fingerprint(&secret.found);
    });
    let each = sources.par_iter().zip(read);
    each.map(|(source, (notes, reading))| of(analysers, source, &notes, (&past, &numbers), reading)).collect()
}

/// Secrets of the history, which the trees of one repository share. The error is where the search panicked.
fn past(source: &Source) -> Option<Result<Past, String>> {
    let read = source.git.as_ref().is_some_and(|git| git.history != HistoryState::Unread);
    read.then(|| caught(|| secrets::past(source)))
}

/// What extractors and joins make of the notes of a tree.
fn of(
    analysers: &Analysers<'_>,
    source: &Source,
    notes: &[FileNotes],
    (past, numbers): (&Option<Result<Past, String>>, &Numbers),
    mut reading: Reading,
) -> (Facts, Reading) {
    let of_this = match past {
        Some(Ok(past)) if !source.at.is_empty() => Some(past::before(past, source)),
        _ => None,
    };
    let all = past.as_ref().and_then(|past| past.as_ref().ok());
    let code = caught(|| code_of(notes));
    if let Err(at) = &code {
        reading.failures.push(format!(
            "Putting the code together failed{at}, which is a bug in vibecheck. What answers requests can't be told."
        ));
    }
    let code = code.unwrap_or_default();
    let input = Input::new(source, notes, of_this.as_ref().or(all), &code, numbers);
    if let Some(past) = all {
        reading.versions = (past.looked, past.skipped);
        reading.history_notes.clone_from(&past.notes);
        reading.failures.extend(past.failures.iter().cloned());
    }
    if let Some(Err(at)) = past {
        reading.failures.push(format!(
            "The search for secrets in the history failed{at}, which is a bug in vibecheck. Secrets that are only there \
             are missing."
        ));
    }
    let is_of_routes = analysers.code == Parsed::All;
    let steps: Vec<Step<'_>> = analysers
        .extractors
        .iter()
        .filter(|e| is_of_routes || !OF_ROUTES.contains(&e.list))
        .filter(|e| analysers.extent.extracts(e))
        .filter(|e| analysers.schema || !OF_SCHEMA.contains(&e.list))
        .map(|e| (format!("The extractor of `{}`", e.list), e.run))
        .chain(
            analysers
                .joins
                .iter()
                .filter(|j| is_of_routes || !j.of_routes)
                .filter(|j| analysers.extent.joins(j))
                .map(|j| (format!("The join \u{201c}{}\u{201d}", j.name), j.run)),
        )
        .collect();
    let fresh = || Facts { searched: reading.searched.clone(), ..Facts::default() };
    let (facts, failed) = survivors(&steps, fresh, |(_, run), facts| run(&input, facts));
    reading.failures.extend(failed.iter().map(|(i, at)| {
        format!(
            "{} failed{at}, which is a bug in vibecheck. What it would say is missing, and whatever seems to be \
             absent may be there.",
            steps[*i].0
        )
    }));
    (facts, reading)
}

/// The modules that were kept, put together.
fn code_of(notes: &[FileNotes]) -> Code {
    linked(notes.iter().filter_map(|note| note.module.clone()).collect(), notes)
}

/// Modules, put together by the configurations that were noted.
fn linked(modules: Vec<Arc<Module>>, notes: &[FileNotes]) -> Code {
    if modules.is_empty() {
        return Code::default();
    }
    let configurations: Vec<(String, String)> =
        notes.iter().filter_map(|note| Some((note.path.clone(), note.configuration.clone()?))).collect();
    crate::code::link(modules, &configurations)
}

/// An extractor or a join, with what a failure calls it.
type Step<'a> = (String, fn(&Input<'_>, &mut Facts));
