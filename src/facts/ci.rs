//! What the steps of CI workflows come to, with scripts, local actions and local workflows followed.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::kinds::CiWorkflow;
use super::notes::{FileNotes, StepNote};
use super::shell::{Act, Ran, Scripts, join};

/// Local actions and workflows are followed this far.
const MAX_DEPTH: u32 = 4;

/// Triggers that a stranger sets off and that run with the repository's own token and secrets. Under `pull_request`
/// and `pull_request_review` a fork gets neither
/// (<https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows>).
pub const OPEN_TO_STRANGERS: &[&str] = &[
    "issues",
    "issue_comment",
    "discussion",
    "discussion_comment",
    "commit_comment",
    "gollum",
    "pull_request_target",
    "workflow_run",
];

/// Whether the workflow runs for pull requests and nothing that comes after them: what it deploys is a preview.
pub fn for_changes_only(workflow: &CiWorkflow) -> bool {
    let change = |t: &String| t.starts_with("pull_request") || t == "merge_group";
    let by_hand = |t: &String| matches!(t.as_str(), "workflow_dispatch" | "delete");
    workflow.triggers.iter().any(change) && workflow.triggers.iter().all(|t| change(t) || by_hand(t))
}

/// One command or known action of a workflow.
#[derive(Debug, Clone, Default)]
pub struct CiRun {
    /// Its job's place in the workflow.
    pub job: usize,
    /// The line of the workflow that it comes from.
    pub line: u32,
    /// What it does; for an action, what that is known to do.
    pub ran: Ran,
    /// The action, `""` for a command.
    pub action: String,
    /// Whether its failure does not fail the workflow.
    pub forgiven: bool,
    /// Whether its status is lost in a pipe.
    pub piped: bool,
}

/// Follows the steps of workflows.
pub struct Ci<'a> {
    scripts: Scripts<'a>,
    notes: BTreeMap<&'a str, &'a FileNotes>,
    /// What each of these runs, found out once: six extractors and joins ask.
    runs: BTreeMap<&'a str, OnceLock<Vec<CiRun>>>,
}

impl<'a> Ci<'a> {
    /// Over all notes.
    pub fn of(notes: &'a [FileNotes]) -> Self {
        let with_steps = || notes.iter().filter(|n| !n.steps.is_empty());
        Self {
            scripts: Scripts::of(notes),
            notes: with_steps().map(|n| (n.path.as_str(), n)).collect(),
            runs: with_steps().map(|n| (n.path.as_str(), OnceLock::new())).collect(),
        }
    }

    /// The scripts that workflows call.
    pub fn scripts(&self) -> &Scripts<'a> {
        &self.scripts
    }

    /// Everything that the workflow in `note` runs, in order.
    pub fn runs(&self, note: &FileNotes) -> &[CiRun] {
        self.runs.get(note.path.as_str()).map_or(&[], |runs| runs.get_or_init(|| self.follow(note)))
    }

    fn follow(&self, note: &FileNotes) -> Vec<CiRun> {
        let mut out = Vec::new();
        for step in &note.steps {
            self.step(step, note, step.job, step.line, false, 0, &mut out);
        }
        // A job that may fail makes all its steps forgiven; so says the reader, step by step.
        out
    }

    #[expect(clippy::too_many_arguments, reason = "one recursive step with its surroundings")]
    fn step(
        &self,
        step: &StepNote,
        note: &FileNotes,
        job: usize,
        line: u32,
        forgiven: bool,
        depth: u32,
        out: &mut Vec<CiRun>,
    ) {
        let forgiven = forgiven || step.forgiven;
        if !step.script.is_empty() {
            for ran in self.scripts.run(&step.script, &note.path, step.line, &step.folder) {
                let from = if depth == 0 { ran.from_line } else { line };
                let piped = ran.piped && !step.pipefail;
                let forgiven = forgiven || ran.forgiven;
                out.push(CiRun { job, line: from, forgiven, piped, action: String::new(), ran });
            }
            return;
        }
        let base = Ran { file: note.path.clone(), line: step.line, from_line: line, ..Ran::default() };
        let run = |ran: Ran| CiRun { job, line, ran, action: step.uses.clone(), forgiven, piped: false };
        if step.uses.starts_with("./") {
            let path = join("", &step.uses);
            let candidates = [path.clone(), format!("{path}/action.yml"), format!("{path}/action.yaml")];
            match candidates.iter().find_map(|c| self.notes.get(c.as_str())) {
                Some(inner) if depth < MAX_DEPTH => {
                    for inner_step in &inner.steps {
                        self.step(inner_step, inner, job, line, forgiven, depth + 1, out);
                    }
                }
                _ => out
                    .push(run(Ran { opaque: "a local action or workflow was not read".to_owned(), ..base })),
            }
            return;
        }
        if step.uses.contains(".github/workflows/") || step.uses == "gitlab:include" {
            let opaque = "it runs a workflow of another repository".to_owned();
            out.push(run(Ran { opaque, ..base }));
            return;
        }
        // What an action is told to run is a command like any other.
        for (key, value) in &step.inputs {
            if matches!(key.as_str(), "run" | "command" | "cmd" | "script" | "args" | "arguments" | "start") {
                let command = with_program(&step.uses, key, value);
                for ran in self.scripts.run(&command, &note.path, step.line, &step.folder) {
                    out.push(CiRun {
                        job,
                        line,
                        forgiven: forgiven || ran.forgiven,
                        piped: false,
                        action: step.uses.clone(),
                        ran,
                    });
                }
            }
        }
        out.push(run(Ran { act: known(step), folder: step.folder.clone(), ..base }));
    }
}

/// Actions whose input is the arguments of a program.
fn with_program(uses: &str, key: &str, value: &str) -> String {
    let action = uses.split('@').next().unwrap_or(uses).to_ascii_lowercase();
    let program = match action.as_str() {
        "actions-rs/cargo" => "cargo ",
        "borales/actions-yarn" => "yarn ",
        "gradle/gradle-build-action" | "gradle/actions/setup-gradle" => "gradle ",
        "superfly/flyctl-actions" => "flyctl ",
        "cloudflare/wrangler-action" => "wrangler ",
        "docker/bake-action" => return String::new(),
        _ if key == "args" || key == "arguments" || key == "start" => return String::new(),
        _ => "",
    };
    format!("{program}{value}")
}

/// What well-known actions do.
fn known(step: &StepNote) -> Act {
    let action = step.uses.split('@').next().unwrap_or_default().to_ascii_lowercase();
    let input = |name: &str| step.inputs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let mut act = Act::default();
    match action.as_str() {
        "cypress-io/github-action" if input("runTests") != Some("false") => act.tests = "cypress",
        "circleci:node/test" | "circleci:python/test" | "circleci:ruby/rspec-test" => act.tests = "orb",
        "circleci:cypress/run" => act.tests = "cypress",
        "azure:vstest" => act.tests = "dotnet test",
        "azure:dotnetcorecli" if input("command") == Some("test") => act.tests = "dotnet test",
        "docker/build-push-action" | "depot/build-push-action" => {
            act.builds = true;
            act.deploys = input("push").is_some_and(|push| push != "false")
                || input("outputs").is_some_and(|outputs| outputs.contains("push=true"));
        }
        "pre-commit/action"
        | "golangci/golangci-lint-action"
        | "astral-sh/ruff-action"
        | "psf/black"
        | "super-linter/super-linter"
        | "github/super-linter" => act.checks = true,
        _ if DEPLOYING.iter().any(|known| action == *known || action.starts_with(&format!("{known}-"))) => {
            act.deploys = true;
        }
        _ => {}
    }
    if UPLOADING.iter().any(|known| action.contains(known)) {
        act.uploads = true;
    }
    act
}

const UPLOADING: &[&str] = &[
    "actions/upload-artifact",
    "s3",
    "gdrive",
    "google-drive",
    "upload-cloud-storage",
    "rclone",
    "dropbox",
    "b2-",
];

const DEPLOYING: &[&str] = &[
    "amondnet/vercel-action",
    "peaceiris/actions-gh-pages",
    "jamesives/github-pages-deploy-action",
    "actions/deploy-pages",
    "cloudflare/wrangler-action",
    "cloudflare/pages-action",
    "firebaseextended/action-hosting-deploy",
    "akhileshns/heroku-deploy",
    "google-github-actions/deploy",
    "aws-actions/amazon-ecs-deploy-task-definition",
    "aws-actions/aws-cloudformation-github-deploy",
    "azure/webapps-deploy",
    "azure/static-web-apps-deploy",
    "azure/functions-action",
    "azure/k8s-deploy",
    "appleboy/ssh-action",
    "appleboy/scp-action",
    "nwtgck/actions-netlify",
    "pypa/gh-action-pypi-publish",
    "softprops/action-gh-release",
    "goreleaser/goreleaser-action",
    "burnett01/rsync-deployments",
    "easingthemes/ssh-deploy",
    "samkirkland/ftp-deploy-action",
    "johnbeynon/render-deploy-action",
    "digitalocean/app_action",
    "gitlab:environment",
    "azure:deployment",
    "bitbucket:deployment",
    "helmfile/helmfile-action",
    "vedantmgoyal9/winget-releaser",
    "azure:azurewebapp",
    "azure:azurermwebappdeployment",
];
