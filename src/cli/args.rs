//! What can be said on the command line.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::rules::AREAS;

/// Reads a repository and its git history and says what stands between it and production.
#[derive(Debug, Parser)]
#[command(
    name = "vibecheck",
    version,
    about,
    long_about = "Reads a repository and its git history and says honestly what is production-grade, what is \
                  fragile, what is an outright risk, and what cannot be told from a repository.\n\nNothing is \
                  fetched, sent, executed or written but what you ask for.",
    after_help = "Exit status: 0 the gate passed, 1 the gate failed, 2 wrong usage, configuration or pack, \
                  3 nothing to audit, 4 an analyser failed and the audit is incomplete.",
    max_term_width = 100
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Audit a repository and print the report
    Audit(AuditArgs),
    /// Accept today's findings, so that `audit --baseline` asks only for what is new
    Baseline(BaselineArgs),
    /// Print the fact base that the rules judge
    Facts(FactsArgs),
    /// List, check and test rules
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Explain a rule: why it matters, what it looks at, how to fix it
    Explain(ExplainArgs),
    /// Set vibecheck up: vibecheck.toml, a CI workflow, a pre-commit hook. Shows everything and asks before it writes
    Init(InitArgs),
    /// Print the JSON schema of the report or of the fact base
    Schema {
        /// Which schema
        #[arg(value_enum)]
        of: SchemaOf,
    },
    /// Print the completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// How `audit` works.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// The folder to audit
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// The form of the report
    #[arg(long, value_enum, default_value = "terminal")]
    pub format: ReportFormat,
    /// Write the report to FILE instead of the standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Fail on findings of this severity and above [default: critical, or what vibecheck.toml says]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<FailOn>,
    /// Only findings of this stage and the ones before it fail the gate
    #[arg(long, value_enum, value_name = "STAGE")]
    pub stage: Option<StageName>,
    /// Add the packs of DIR to the shipped ones; may be given more than once
    #[arg(long, value_name = "DIR")]
    pub rules: Vec<PathBuf>,
    /// Only findings that FILE, written by `vibecheck baseline`, does not know fail the gate and are listed
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Use FILE instead of PATH/vibecheck.toml; `none` uses no configuration and disregards comments that accept a
    /// finding: the repository can't silence its own audit
    #[arg(long, value_name = "FILE|none")]
    pub config: Option<String>,
    /// Report only what changed since the branch left REV (a branch, a tag, a commit); `REV..` is REV itself
    #[arg(long, value_name = "REV", conflicts_with = "staged")]
    pub since: Option<String>,
    /// Report only what the staged changes bring, for a pre-commit hook; the history is not read
    #[arg(long)]
    pub staged: bool,
    /// Whether to read the git history
    #[arg(long, value_enum, default_value = "full")]
    pub history: HistoryChoice,
    /// Audit only these areas, which is faster: what no rule of theirs needs is not read. Of all others the report says
    /// that they were not asked for
    #[arg(long, value_name = "AREA", value_delimiter = ',', value_parser = PossibleValuesParser::new(AREAS.iter().map(|area| area.slug)))]
    pub only: Vec<String>,
    /// The day of the audit, YYYY-MM-DD [default: today, UTC]
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
    /// Add the fact base to the JSON report
    #[arg(long)]
    pub with_facts: bool,
    /// Print how long each step took to the standard error
    #[arg(long)]
    pub profile: bool,
}

/// How `baseline` works.
#[derive(Debug, Args)]
pub struct BaselineArgs {
    /// The folder to audit
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Write the baseline to FILE [default: PATH/.vibecheck-baseline.json]
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Add the packs of DIR to the shipped ones; may be given more than once
    #[arg(long, value_name = "DIR")]
    pub rules: Vec<PathBuf>,
    /// Use FILE instead of PATH/vibecheck.toml; `none` uses no configuration and disregards comments that accept a
    /// finding
    #[arg(long, value_name = "FILE|none")]
    pub config: Option<String>,
    /// Whether to read the git history
    #[arg(long, value_enum, default_value = "full")]
    pub history: HistoryChoice,
    /// The day of the audit, YYYY-MM-DD: decides which suppressions still hold [default: today, UTC]
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
}

/// How `facts` works.
#[derive(Debug, Args)]
pub struct FactsArgs {
    /// The folder to read
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Only this kind: `app`, `dependency`, …
    #[arg(long)]
    pub kind: Option<String>,
    /// The form
    #[arg(long, value_enum, default_value = "table")]
    pub format: FactsFormat,
    /// Also search for what the packs of DIR look for; may be given more than once
    #[arg(long, value_name = "DIR")]
    pub rules: Vec<PathBuf>,
    /// Use FILE instead of PATH/vibecheck.toml; `none` uses no configuration
    #[arg(long, value_name = "FILE|none")]
    pub config: Option<String>,
    /// Whether to read the git history
    #[arg(long, value_enum, default_value = "full")]
    pub history: HistoryChoice,
}

/// What `rules` does.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// List the rules
    List {
        /// The form
        #[arg(long, value_enum, default_value = "table")]
        format: FactsFormat,
        /// Add the packs of DIR; may be given more than once
        #[arg(long, value_name = "DIR")]
        rules: Vec<PathBuf>,
    },
    /// Check the packs of DIR: every mistake, at its place
    Check {
        /// A folder with packs (*.toml)
        dir: PathBuf,
    },
    /// Check the packs of DIR and run their fixtures
    Test {
        /// A folder with packs (*.toml) and a folder `fixtures`
        dir: PathBuf,
    },
    /// Lay out a new rule and its fixtures: a small example that works, to be changed
    New {
        /// The rule's id, in kebab-case
        id: String,
        /// The folder of packs to put it in
        #[arg(long = "in", value_name = "DIR", default_value = "vibecheck-rules")]
        dir: PathBuf,
        /// How the rule finds what is wrong
        #[arg(long, value_enum, default_value = "when")]
        body: BodyChoice,
    },
}

/// Bodies of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BodyChoice {
    /// By a condition on facts
    When,
    /// By a regular expression in the text of files
    Pattern,
    /// By the shape of the code: a tree-sitter query
    Query,
}

/// What `explain` explains.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The rule's id
    pub rule: String,
    /// Add the packs of DIR; may be given more than once
    #[arg(long, value_name = "DIR")]
    pub rules: Vec<PathBuf>,
}

/// How `init` works.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The folder to set up
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// For which CI [default: the one that the repository uses already]
    #[arg(long, value_enum, value_name = "CI")]
    pub ci: Option<CiChoice>,
    /// Add a pre-commit hook, if there is none
    #[arg(long)]
    pub hook: bool,
    /// Run vibecheck in CI from this commit of its repository (the full 40 digits); without it, the workflow says what
    /// to fill in
    #[arg(long, value_name = "OWNER/REPO@COMMIT")]
    pub action: Option<String>,
    /// Write without asking
    #[arg(long, conflicts_with = "dry_run")]
    pub yes: bool,
    /// Only show what would be written
    #[arg(long)]
    pub dry_run: bool,
}

/// CI systems that `init` writes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CiChoice {
    /// GitHub Actions
    Github,
    /// GitLab CI
    Gitlab,
    /// None
    None,
}

/// Forms of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people at a terminal
    Terminal,
    /// For programs; `vibecheck schema report` prints the schema
    Json,
    /// For a client or a pull request
    Markdown,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations for the log of a GitHub workflow; also appends the Markdown report to the file that
    /// GITHUB_STEP_SUMMARY names
    Github,
    /// GitLab's code quality report
    Gitlab,
    /// JUnit XML: a test for each rule
    Junit,
}

/// Forms of the fact base.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FactsFormat {
    /// For people
    Table,
    /// For programs; `vibecheck schema facts` prints the schema
    Json,
}

/// Schemas that can be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// The report's
    Report,
    /// The fact base's
    Facts,
}

/// What fails the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Nothing: only report
    None,
    /// Only what must not be in front of customers
    Blocker,
    /// What hurts when it happens, and above
    Critical,
    /// What will hurt soon, and above
    High,
    /// What will hurt some day, and above
    Medium,
    /// Everything
    Low,
}

/// Stages that can limit the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StageName {
    /// Stop what can hurt today
    Stabilize,
    /// What a team needs to change things safely
    Foundations,
    /// What growth needs
    Scale,
}

/// Whether to read the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum HistoryChoice {
    /// All that is there
    Full,
    /// Not at all
    None,
}
