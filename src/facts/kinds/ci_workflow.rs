use schemars::JsonSchema;
use serde::Serialize;

use super::{Answer, Evidence, Fact, Unknown};
use crate::secrets::Excerpt;

/// One job of a workflow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CiJob {
    /// Its id.
    pub name: Excerpt,
    /// The line of its key.
    pub line: u32,
    /// Whether a step of it runs tests.
    pub runs_tests: bool,
    /// Whether a step of it deploys or publishes.
    pub deploys: bool,
    /// Whether a failure in it fails the workflow.
    pub can_fail: bool,
    /// The jobs it waits for.
    pub needs: Vec<String>,
    /// What its token may write as far as the file says (`contents`, `packages` …; `*` for everything), sorted. Empty
    /// where the repository's setting decides.
    pub writes: Vec<String>,
    /// Names of the secrets that it uses, sorted, without the system's own token.
    pub secrets: Vec<String>,
    /// Whether its runs wait for each other (`concurrency`, `resource_group`).
    pub exclusive: bool,
    /// Whether it runs on a machine of the project's own.
    pub self_hosted: bool,
    /// Whether it is started by hand.
    pub manual: bool,
}

/// One CI workflow or pipeline.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CiWorkflow {
    /// Relative to PATH.
    pub file: String,
    /// `github`, `gitlab`, `circleci`, `azure`, `bitbucket`, `jenkins`, …
    pub system: String,
    /// Its name, `""` without one.
    pub name: Excerpt,
    /// Whether this version reads this system, and the file parses.
    pub read: bool,
    /// What starts it: `push`, `pull_request`, `schedule`, `workflow_dispatch` …, sorted.
    pub triggers: Vec<String>,
    /// Cron lines.
    pub schedules: Vec<Excerpt>,
    /// Its jobs, in the order of the file.
    pub jobs: Vec<CiJob>,
    /// Whether it runs tests.
    pub runs_tests: Answer,
    /// Whether it runs tests for changes: on push or pull request, not only by hand or by schedule.
    pub tests_changes: Answer,
    /// Whether failing tests fail it. `na` when it runs none.
    pub tests_can_fail: Answer,
    /// Whether it runs a linter or a type check.
    pub runs_checks: Answer,
    /// Whether it builds the product.
    pub runs_build: Answer,
    /// Whether it deploys or publishes.
    pub deploys: Answer,
    /// Whether its deployment waits for tests. `na` when it does not deploy, or only previews of pull requests.
    pub deploy_waits_for_tests: Answer,
    /// Third-party actions that are not pinned to a commit (`owner/action@v1`), without those of the system's own
    /// vendor, sorted.
    pub unpinned_actions: Vec<Excerpt>,
    /// Whether it hands a token that may write to code of a stranger (`pull_request_target` or `workflow_run`
    /// with a checkout of the pull request's code that is then run).
    pub runs_untrusted_code: Answer,
    /// Expressions a stranger controls (`github.event.issue.title` …) that are pasted into a shell script which has rights
    /// that the stranger lacks: not under `pull_request`, where a fork gets no secrets.
    pub script_injections: u32,
    /// Whether the token's permissions are written down for every job.
    pub permissions_declared: bool,
    /// Jobs whose token may write everything (`write-all`), `every job` for the whole workflow.
    pub writes_everything: Vec<Excerpt>,
    /// Names of the secrets that it uses, sorted, without the system's own token.
    pub secrets: Vec<String>,
    /// Who gets every secret at once: workflows of other repositories that inherit them, and `toJSON(secrets)`. Without
    /// workflows of the project's own account.
    pub secrets_handed_on: Vec<Excerpt>,
    /// Names of secrets that a step writes into the log.
    pub secrets_printed: Vec<String>,
    /// Names of secrets that are keys of a cloud which a workflow could sign in to without a key that lasts.
    pub cloud_keys: Vec<String>,
    /// Jobs that run on machines of the project's own.
    pub self_hosted_jobs: Vec<Excerpt>,
    /// Whether a stranger can set it off: by a pull request, an issue or a comment.
    pub open_to_strangers: bool,
    /// The branches that its `push` trigger names, empty for all.
    pub push_branches: Vec<String>,
    /// Whether its tests run before a change is on the main branch. `na` where it runs none for changes.
    pub tests_before_merge: Answer,
    /// Whether two runs of it can deploy at the same time, the older one last. `na` where it does not deploy.
    pub deploys_can_overlap: Answer,
    /// Whether it applies migrations to a database.
    pub runs_migrations: Answer,
    /// Addresses of scripts that it fetches and runs unseen, sorted.
    pub remote_scripts: Vec<Excerpt>,
    /// Parts of other projects that it includes at a version which can change, sorted.
    pub unpinned_includes: Vec<Excerpt>,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for CiWorkflow {
    fn subject(&self) -> String {
        self.file.clone()
    }
    fn place(&self) -> (&str, u32) {
        (&self.file, 0)
    }
    fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }
    fn unknowns(&self) -> &[Unknown] {
        &self.unknowns
    }
}
