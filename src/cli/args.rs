//! What can be said on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

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
    /// Print the fact base that the rules judge
    Facts(FactsArgs),
    /// List, check and test rules
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Explain a rule: why it matters, what it looks at, how to fix it
    Explain(ExplainArgs),
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
    /// Use FILE instead of PATH/vibecheck.toml; `none` uses no configuration
    #[arg(long, value_name = "FILE|none")]
    pub config: Option<String>,
    /// Whether to read the git history
    #[arg(long, value_enum, default_value = "full")]
    pub history: HistoryChoice,
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

/// Forms of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people at a terminal
    Terminal,
    /// For programs; `vibecheck schema report` prints the schema
    Json,
    /// For a client or a pull request
    Markdown,
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
