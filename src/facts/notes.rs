//! What the readers say of one file. Small owned data: the text itself is dropped after reading.

use std::sync::Arc;

use super::kinds::{
    Backup, CiWorkflow, DeployUnit, Match, NotableFile, RangeKind, Runtime, Scope, Setting, SourceKind,
    TestLevel,
};
use crate::code::Module;
use crate::facts::config::Node;
use crate::facts::extract::routes::supabase;
use crate::facts::read::code::Sketch;
use crate::facts::read::firebase::FirebaseNote;
use crate::meaning::hosts::Service;
use crate::schema::model::Model;
use crate::secrets::{Excerpt, Found};

/// Everything the readers say of one file.
#[derive(Debug, Clone, Default)]
pub struct FileNotes {
    /// Relative to PATH.
    pub path: String,
    /// If it declares dependencies.
    pub manifest: Option<ManifestNote>,
    /// If it records exact versions.
    pub lockfile: Option<LockfileNote>,
    /// Places that read or declare environment variables.
    pub env: Vec<EnvNote>,
    /// If it holds tests.
    pub test: Option<TestNote>,
    /// Whether it makes assertions without holding a test case: a helper of tests.
    pub asserts: bool,
    /// Module specifiers that it imports, as written, sorted, once each. Only of code that is read.
    pub imports: Vec<ImportNote>,
    /// Services that its code uses, the first place of each.
    pub services: Vec<ServiceNote>,
    /// If it is a CI workflow.
    pub workflow: Option<CiWorkflow>,
    /// If it is a CI workflow, a composite action or a template of one: what its steps run, in the order of the file.
    pub steps: Vec<StepNote>,
    /// If it is a shell script, a `Makefile`, a `justfile` or a `Taskfile`: what its targets run, one entry for each
    /// target; a shell script is one target without a name.
    pub targets: Vec<ScriptNote>,
    /// What it deploys. `app` is filled in by a join.
    pub deploy: Vec<DeployUnit>,
    /// Versions of runtimes that it asks for. `app` and what other files decide are filled in by joins.
    pub runtimes: Vec<Runtime>,
    /// If it is a Dockerfile: what its build copies and installs.
    pub image: Option<ImageNote>,
    /// If it is a `.dockerignore`: its lines.
    pub dockerignore: Option<Vec<String>>,
    /// Settings. `app` is filled in by a join.
    pub settings: Vec<Setting>,
    /// Evidence of backups.
    pub backups: Vec<Backup>,
    /// If it is infrastructure code that is read.
    pub infra: Option<InfraNote>,
    /// If it is a manifest of Kubernetes: what bears on the workloads of other files.
    pub cluster: Vec<ClusterNote>,
    /// If it is notable by what it holds (a dump with rows, a database file).
    pub notable: Option<NotableFile>,
    /// If it is SQL: its text. It is replayed when all files have been read.
    pub sql: Option<Arc<str>>,
    /// If it is a configuration of Supabase: what bears on its database.
    pub data_api: Option<DataApiNote>,
    /// If it is SQL or a schema: what it creates.
    pub schema: Option<SchemaNote>,
    /// Roles, permissions and teams that it declares, if it is SQL, a schema or has types.
    pub roles: RoleNote,
    /// The models that it declares, if it is a schema of Prisma.
    pub models: Vec<Model>,
    /// What it says of Firebase: rules, which are deployed.
    pub firebase: FirebaseNote,
    /// If it is a document: whether it says how to set the project up.
    pub document: Option<DocumentNote>,
    /// If it is a hook or a pipeline: the program by which it looks for secrets.
    pub scanner: Option<ScannerNote>,
    /// If it is a `.gitignore`: its lines.
    pub ignores: Option<Vec<String>>,
    /// Database engines that its text names: the scheme of an address, a dialect, a backend.
    pub engines: Vec<EngineNote>,
    /// Comments that accept a finding, in the order of their lines.
    pub suppressions: Vec<SuppressionNote>,
    /// What rules with a `pattern` or a `query` found in it. `app` is filled in by a join.
    pub matches: Vec<Match>,
    /// Values in it that have the format of a secret, in the order of the text.
    pub secrets: Vec<SecretNote>,
    /// Where it says that it runs. Asked only of files with such values.
    pub directive: Directive,
    /// What its code says, if the repository may have routes.
    pub module: Option<Arc<Module>>,
    /// Whether its text shows that the repository may have routes. Asked only where no manifest does.
    pub shows_routes: bool,
    /// What its text shows, if its code is parsed only where browsers load secrets.
    pub sketch: Option<Sketch>,
    /// Routes in code that does not parse.
    pub salvaged: Vec<SalvagedNote>,
    /// Its text, if it is a configuration that tells where imports lead.
    pub configuration: Option<String>,
    /// If it is a configuration of Supabase: its edge functions.
    pub edge_functions: Option<supabase::Config>,
    /// Commands that deploy edge functions without the check of a token.
    pub unchecked: Vec<supabase::Unchecked>,
    /// What a reader says is wrong with it: it does not parse, with line and column.
    pub broken: Option<String>,
}

/// What a configuration of Supabase says of its database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DataApiNote {
    /// Schemas that the data API serves; none where it does not say.
    pub schemas: Option<Vec<String>>,
    /// Whether new tables may be used by the public roles; none where it does not say.
    pub auto_expose: Option<bool>,
    /// Buckets: name, whether it is public, and the line.
    pub buckets: Vec<(String, bool, u32)>,
}

/// A route in code that does not parse: what can be told from its surroundings alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SalvagedNote {
    /// `GET`; `DEFAULT` for a default export, `USE SERVER` for an export of a module of server actions.
    pub method: String,
    /// Its path, or the name of the function.
    pub path: String,
    /// What it was declared on: `app`, `router`; `""` for an export.
    pub on: String,
    /// The line.
    pub line: u32,
}

/// A program that looks for secrets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScannerNote {
    /// Its name.
    pub name: String,
    /// The line; 0 where the file is its configuration.
    pub line: u32,
}

/// A value that has the format of a secret.
#[derive(Debug, Clone, PartialEq)]
pub struct SecretNote {
    /// The value.
    pub found: Found,
    /// Its line, with every such value of it masked.
    pub snippet: Excerpt,
    /// Whether it stands in the query of an address: `?key=…`.
    pub in_url: bool,
}

/// Where a module says that it runs, in the words of React.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Directive {
    /// It does not say.
    #[default]
    None,
    /// `'use client'`.
    Client,
    /// `'use server'`.
    Server,
}

/// A comment that accepts a finding: `vibecheck: ignore[rule-id] until 2026-12-31 reason`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SuppressionNote {
    /// The file, relative to PATH.
    pub file: String,
    /// The line of the comment.
    pub line: u32,
    /// The line that it is about, 0 for none: its own if code stands there, else the next that has code.
    pub covers: u32,
    /// Whether it stands among the comments that begin the file, and so speaks for the file as a whole too.
    pub whole_file: bool,
    /// What stands between the brackets, as written.
    pub rules: Vec<String>,
    /// The last day on which it holds, as written; `""` for ever.
    pub until: String,
    /// Why it is accepted.
    pub reason: Excerpt,
    /// What is wrong with it, so that it accepts nothing; `""` for nothing.
    pub problem: String,
}

/// A declared dependency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DependencyNote {
    /// As declared; PyPI names normalised (lower case, `-`).
    pub name: String,
    /// As declared.
    pub version: String,
    /// The line.
    pub line: u32,
    /// What it is for.
    pub scope: Scope,
    /// Where it comes from.
    pub source: SourceKind,
    /// How far it may drift.
    pub range: RangeKind,
}

/// A script that a manifest declares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScriptNote {
    /// Its name.
    pub name: String,
    /// What it runs.
    pub command: String,
    /// The line.
    pub line: u32,
}

/// A step of a CI workflow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StepNote {
    /// Its job's place in [`CiWorkflow::jobs`]; 0 in a composite action.
    pub job: usize,
    /// The line at which its script begins, or of its `uses`.
    pub line: u32,
    /// The shell script that it runs, `""` for none.
    pub script: String,
    /// The action, template or workflow that it runs (`owner/action@v1`, `./path`), `""` for none.
    pub uses: String,
    /// What it hands to that.
    pub inputs: Vec<(String, String)>,
    /// The folder that it runs in, relative to PATH; `""` for PATH itself.
    pub folder: String,
    /// Whether its failure does not fail its job.
    pub forgiven: bool,
    /// Whether its shell fails when any part of a pipe does.
    pub pipefail: bool,
}

/// A manifest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ManifestNote {
    /// `npm`, `pypi`, `cargo`, `deno`; or the name of one that is not read: `go`, `rubygems`, `pub` …
    pub ecosystem: String,
    /// Whether it was read (a known ecosystem, and it parses).
    pub read: bool,
    /// The package's own name.
    pub name: String,
    /// Whether it is only a workspace's root, or a package that others import.
    pub library: bool,
    /// Glob patterns of workspace members, relative to the manifest's folder.
    pub workspaces: Vec<String>,
    /// The package manager that it names.
    pub manager: String,
    /// In the order of the file.
    pub dependencies: Vec<DependencyNote>,
    /// In the order of the file.
    pub scripts: Vec<ScriptNote>,
    /// Runtime versions that it asks for (`engines.node`, `requires-python`).
    pub engines: Vec<(String, String)>,
    /// Test tools that are configured in it (a `jest` key, `[tool.pytest.ini_options]`).
    pub configures: Vec<String>,
    /// Packages whose version something else than a plain declaration decides (`overrides`, `resolutions`, `patch`),
    /// sorted. What a lockfile says of them can't be held against their declaration.
    pub overridden: Vec<String>,
    /// Names of frameworks that the text of an unread manifest names (`Ruby on Rails`), sorted.
    pub unread_frameworks: Vec<String>,
}

/// A package recorded in a lockfile.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockedNote {
    /// Its name, normalised like [`DependencyNote::name`].
    pub name: String,
    /// Its version.
    pub version: String,
}

/// A lockfile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LockfileNote {
    /// `npm`, `pnpm`, `yarn`, `bun`, `poetry`, `uv`, `pipenv`, `pdm`, `cargo`, `deno`; or one that is not read.
    pub manager: String,
    /// Whether it was read.
    pub read: bool,
    /// Why not, as the end of "cannot be told, because …".
    pub unread_because: String,
    /// Packages, sorted.
    pub packages: Vec<LockedNote>,
    /// What the lockfile itself says the manifests ask for, where its format does (npm's `packages[""]`, pnpm's
    /// `importers`, bun's `workspaces`, uv's `requires-dist`): folder of the manifest relative to the lockfile
    /// (`""` beside it), name, requirement. Sorted.
    pub requested: Vec<(String, String, String)>,
    /// Whether [`LockfileNote::requested`] is complete, so that a missing entry is a mismatch.
    pub lists_requests: bool,
    /// The versions that direct dependencies resolve to: folder as in [`LockfileNote::requested`], name, version.
    /// Where the format has no folders (yarn) the folder is `*` and the name is `name@requirement`. Sorted.
    pub resolved: Vec<(String, String, String)>,
}

/// A place that reads or declares an environment variable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnvNote {
    /// Its name.
    pub name: String,
    /// The line.
    pub line: u32,
    /// Whether it is read there; else it is declared.
    pub read: bool,
}

/// A file that holds tests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TestNote {
    /// `vitest`, `jest`, `pytest`, …; `""` if the file itself doesn't tell (`describe` and `it` without an import).
    pub framework: String,
    /// What it drives.
    pub level: TestLevel,
    /// Test cases that would run.
    pub cases: u32,
    /// Switched off.
    pub skipped: u32,
    /// Assertions, calls of helpers named like assertions included.
    pub assertions: u32,
    /// The line of the first test case.
    pub line: u32,
}

/// An imported module.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ImportNote {
    /// The specifier as written: `./db`, `@/lib/auth`, `stripe`, `npm:zod@3`, `flask`.
    pub module: String,
    /// The line.
    pub line: u32,
}

/// A service that code uses by its address or by a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceNote {
    /// The service.
    pub service: &'static Service,
    /// The line.
    pub line: u32,
}

/// A file that creates tables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SchemaNote {
    /// `sql`, `prisma`, `drizzle`, `alembic`, `django`, `knex`, `typeorm`, `sequelize`, `firestore-rules` …
    pub format: String,
    /// Whether it is one of an ordered series of migrations.
    pub migration: bool,
    /// Tables that it creates, as far as text shows.
    pub tables: u32,
    /// The engine it names, `""` if none.
    pub engine: String,
}

/// A database engine that text names.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct EngineNote {
    /// `postgres`, `mysql`, `sqlite`, …
    pub engine: String,
    /// Who runs it, as far as the address tells; else `""`.
    pub provider: String,
    /// The line.
    pub line: u32,
}

/// What kind of infrastructure code a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InfraKind {
    /// Resources of Terraform, in either form.
    Terraform,
    /// Values of Terraform's variables (`prod.tfvars`).
    TerraformValues,
    /// A program of Pulumi in YAML.
    Pulumi,
    /// Settings of one stack of Pulumi.
    PulumiStack,
    /// Something that writes Terraform, and so may say what Terraform's own files don't (Terragrunt).
    Generator,
}

/// A file of infrastructure code.
#[derive(Debug, Clone, PartialEq)]
pub struct InfraNote {
    /// What it is.
    pub kind: InfraKind,
    /// What it says. Pulumi's names are turned into Terraform's.
    pub root: Node,
}

/// Something of Kubernetes that bears on workloads elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClusterNote {
    /// `Service`, `HorizontalPodAutoscaler`, `PodDisruptionBudget`, `Kustomization`.
    pub kind: String,
    /// Its namespace, `""` without one.
    pub namespace: String,
    /// The name of what it is about (the workload that is scaled).
    pub target: String,
    /// The labels of the pods that it is about.
    pub selector: Vec<(String, String)>,
    /// The number that it sets: how many are kept running at least.
    pub minimum: u32,
    /// Ports that it opens to the outside, as (outside, in the container).
    pub ports: Vec<(u32, u32)>,
    /// How it opens them (`LoadBalancer`, `NodePort`).
    pub how: String,
    /// Names of images whose version it sets.
    pub images: Vec<String>,
    /// Files and folders that it takes in, relative to PATH.
    pub resources: Vec<String>,
    /// Names of workloads that it changes, as (name, what it sets).
    pub patches: Vec<(String, String)>,
    /// The line.
    pub line: u32,
}

/// What the build of an image copies and installs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImageNote {
    /// Lines that copy the whole folder into what ships.
    pub whole_folder: Vec<u32>,
    /// Commands that install dependencies of Node.js.
    pub installs: Vec<InstallNote>,
}

/// A command of a Dockerfile that installs what a manifest declares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InstallNote {
    /// The line.
    pub line: u32,
    /// `npm`, `yarn`, `pnpm`, `bun`.
    pub manager: String,
    /// The command.
    pub command: String,
    /// What was copied before it, as written.
    pub copied: Vec<String>,
    /// Whether something was copied or mounted that this version does not follow.
    pub opaque: bool,
    /// Whether what it installs ships.
    pub ships: bool,
    /// Whether dev dependencies are left out, or removed later.
    pub without_dev: bool,
}

/// A document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentNote {
    /// The line at which it says how to install or start the project; 0 if it doesn't.
    pub setup_line: u32,
    /// Whether that was written by the builder's template and not for this project.
    pub template: bool,
    /// The line of a description of how to restore from a backup; 0 if there is none.
    pub restore_line: u32,
}

/// Roles, permissions and teams that a file declares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleNote {
    /// Sets of roles or permissions.
    pub sets: Vec<RoleSetNote>,
    /// Lines of columns that keep a role.
    pub columns: Vec<u32>,
    /// Lines of policies that ask for one.
    pub policies: Vec<u32>,
    /// Tables of teams, with their lines.
    pub teams: Vec<(String, u32)>,
    /// Tables of who is in a team, with their lines.
    pub members: Vec<(String, u32)>,
}

/// A set of roles or permissions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleSetNote {
    /// What it is called.
    pub set: String,
    /// Its members, in the order of the file.
    pub names: Vec<String>,
    /// The line.
    pub line: u32,
}
