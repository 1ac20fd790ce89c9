//! What `init` would do here: looks at the repository and decides, and writes nothing.

use std::fs;
use std::path::{Path, PathBuf};

use super::files::{self, Origin};
use crate::cli::Stop;
use crate::cli::args::{CiChoice, InitArgs};
use crate::cli::config::FILE_NAME;
use crate::source::{self, Checkout};
use crate::{facts, report};

/// The largest file that is looked into.
const MOST_BYTES: u64 = 1 << 20;

/// A file to write.
pub(super) struct NewFile {
    /// The folder that the path is below: no part of the path below it may be a link.
    pub(super) root: PathBuf,
    /// With `/` between names.
    pub(super) path: String,
    /// The path for people, relative to the top of the repository.
    pub(super) shown: String,
    /// Its text.
    pub(super) text: String,
    /// Whether it is a program.
    pub(super) executable: bool,
}

/// What would be done.
#[derive(Default)]
pub(super) struct Plan {
    /// In the order of writing.
    pub(super) files: Vec<NewFile>,
    /// What is there already, in sentences.
    pub(super) kept: Vec<String>,
    /// What is left to a person, in sentences, with what to add.
    pub(super) by_hand: Vec<String>,
}

/// What is known of the place.
struct Place {
    /// The top of the repository, or PATH without one.
    top: PathBuf,
    /// PATH below the top, `.` for the top itself.
    path: String,
    checkout: Option<Checkout>,
}

/// Decides what to write.
pub(super) fn plan(args: &InitArgs) -> Result<Plan, Stop> {
    let origin = origin(args.action.as_deref())?;
    let place = place(&args.path)?;
    let mut plan = Plan::default();
    config(&mut plan, &place, &apps(&args.path)?);
    if files::is_plain(&place.path) {
        ci(&mut plan, &place, args.ci, &origin);
        hook(&mut plan, &place, args.hook);
    } else {
        plan.by_hand.push(
            "The name of the folder holds characters that mean something to a shell or to CI, so neither a workflow nor a \
             hook is written for it."
                .to_owned(),
        );
    }
    Ok(plan)
}

/// What `--action` says: a tag or a branch could be moved to other code by whoever owns it.
fn origin(action: Option<&str>) -> Result<Origin, Stop> {
    let Some(action) = action else { return Ok(Origin::default()) };
    let parts = action.split_once('@').and_then(|(repository, commit)| {
        let (owner, name) = repository.split_once('/')?;
        let word = |text: &str| {
            !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
        };
        let hex =
            commit.len() == 40 && commit.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c));
        (word(owner) && word(name) && hex)
            .then(|| Origin { repository: repository.into(), commit: commit.into() })
    });
    parts.ok_or_else(|| {
        Stop::usage(format!(
            "error: --action takes OWNER/REPO@COMMIT with all 40 digits of the commit, not `{}`: a tag can be moved to \
             other code",
            report::escape::terminal(action)
        ))
    })
}

fn place(path: &Path) -> Result<Place, Stop> {
    let folder = fs::canonicalize(path).ok().filter(|folder| folder.is_dir()).ok_or_else(|| {
        Stop::usage(format!(
            "error: there is no folder at {}",
            report::escape::terminal(&path.display().to_string())
        ))
    })?;
    let checkout = source::checkout(path);
    let (top, prefix) = match &checkout {
        Some(checkout) => (checkout.top.clone(), checkout.prefix.clone()),
        None => (folder, String::new()),
    };
    Ok(Place { top, path: if prefix.is_empty() { ".".to_owned() } else { prefix }, checkout })
}

/// The apps in PATH with plain names. A folder without anything to audit has none, and can be set up all the same.
fn apps(path: &Path) -> Result<Vec<String>, Stop> {
    let source = source::open(path, &source::Options::default())
        .map_err(|error| Stop::usage(format!("error: {error}")))?;
    let (facts, _) = facts::collect(&source, &facts::Search::default());
    Ok(facts.apps.into_iter().map(|app| app.path).filter(|path| files::is_plain(path)).collect())
}

impl Place {
    /// A path below PATH, as it is below the top.
    fn below(&self, name: &str) -> String {
        if self.path == "." { name.to_owned() } else { format!("{}/{name}", self.path) }
    }

    /// Whether something of that name is below the top, be it a broken link.
    fn has(&self, path: &str) -> bool {
        fs::symlink_metadata(self.top.join(path)).is_ok()
    }

    /// The text of a file below the top; `None` for what is no plain file of a sane size.
    fn text(&self, path: &str) -> Option<String> {
        let path = self.top.join(path);
        let about = fs::symlink_metadata(&path).ok()?;
        (about.is_file() && about.len() <= MOST_BYTES).then(|| fs::read_to_string(path).ok())?
    }

    fn file(&self, path: String, text: String) -> NewFile {
        NewFile { root: self.top.clone(), shown: path.clone(), path, text, executable: false }
    }

    fn host(&self, name: &str) -> bool {
        self.checkout.as_ref().is_some_and(|c| c.hosts.first().is_some_and(|host| host.contains(name)))
    }
}

fn kept(path: &str) -> String {
    format!("{path} is there already and stays as it is.")
}

fn config(plan: &mut Plan, place: &Place, apps: &[String]) {
    let path = place.below(FILE_NAME);
    if place.has(&path) {
        plan.kept.push(kept(&path));
    } else {
        plan.files.push(place.file(path, files::config(apps)));
    }
}

fn ci(plan: &mut Plan, place: &Place, choice: Option<CiChoice>, origin: &Origin) {
    let github = place.has(".github/workflows") || place.host("github");
    let gitlab = place.has(".gitlab-ci.yml") || place.host("gitlab");
    let choice = choice.or(match (github, gitlab) {
        (true, _) => Some(CiChoice::Github),
        (_, true) => Some(CiChoice::Gitlab),
        _ => None,
    });
    match choice {
        Some(CiChoice::None) => {}
        Some(CiChoice::Github) => github_workflow(plan, place, origin),
        Some(CiChoice::Gitlab) => gitlab_job(plan, place, origin),
        None => plan.by_hand.push(format!(
            "No CI was recognised: `--ci github` or `--ci gitlab` writes a workflow. In any other, with the whole history \
             checked out, run\nvibecheck audit {}",
            quoted(&place.path)
        )),
    }
}

fn github_workflow(plan: &mut Plan, place: &Place, origin: &Origin) {
    let path = ".github/workflows/vibecheck.yml";
    if place.has(path) {
        return plan.kept.push(kept(path));
    }
    let branch = place.checkout.as_ref().map_or("", |checkout| &checkout.default_branch);
    let branch = if files::is_plain(branch) { branch } else { "main" };
    plan.files.push(place.file(path.to_owned(), files::github(&place.path, branch, origin)));
    if place.checkout.is_none() {
        plan.by_hand.push("This is no git repository yet: `git init` comes before CI.".to_owned());
    }
    fill_in(plan, path, origin);
}

/// Without `--action` nobody knows where this copy of vibecheck comes from; the job stops with these words until it is
/// said.
fn fill_in(plan: &mut Plan, path: &str, origin: &Origin) {
    if origin.commit.is_empty() {
        plan.by_hand.push(format!(
            "Fill in VIBECHECK_SOURCE and VIBECHECK_COMMIT in {path}: where CI gets vibecheck from. The job fails and says so \
             until then. With `--action OWNER/REPO@COMMIT` they are filled in for you."
        ));
    }
}

fn gitlab_job(plan: &mut Plan, place: &Place, origin: &Origin) {
    let path = ".gitlab/vibecheck.yml";
    let pipeline = ".gitlab-ci.yml";
    let include = "include:\n  - local: .gitlab/vibecheck.yml\n";
    let there = place.has(pipeline);
    if place.has(path) {
        plan.kept.push(kept(path));
    } else {
        let stage = place.text(pipeline).map_or_else(|| "test".to_owned(), |text| stage(&text));
        plan.files.push(place.file(path.to_owned(), files::gitlab(&place.path, &stage, origin)));
        fill_in(plan, path, origin);
    }
    if !there {
        plan.files.push(place.file(pipeline.to_owned(), include.to_owned()));
    } else if !place.text(pipeline).is_some_and(|text| text.contains(path)) {
        plan.by_hand
            .push(format!("Add to {pipeline}, whose `include` may have other entries already:\n{include}"));
    }
}

/// A stage that the pipeline has: `test` is one of GitLab's own, unless the pipeline names others instead.
fn stage(pipeline: &str) -> String {
    let pipeline: serde_yaml_ng::Value = serde_yaml_ng::from_str(pipeline).unwrap_or_default();
    let stages: Vec<&str> = pipeline
        .get("stages")
        .and_then(|stages| stages.as_sequence())
        .map(|stages| stages.iter().filter_map(|stage| stage.as_str()).collect())
        .unwrap_or_default();
    match stages.iter().find(|stage| files::is_plain(stage)) {
        Some(first) if !stages.contains(&"test") => (*first).to_owned(),
        _ => "test".to_owned(),
    }
}

/// A hook where no framework looks after hooks, and else what to tell the framework.
fn hook(plan: &mut Plan, place: &Place, wanted: bool) {
    let Some(checkout) = &place.checkout else {
        if wanted {
            plan.by_hand.push("This is no git repository, so there is no place for a hook.".to_owned());
        }
        return;
    };
    let path = &place.path;
    let frameworks = [
        (".pre-commit-config.yaml", files::pre_commit_framework(path)),
        (".husky/pre-commit", format!("vibecheck audit --staged -- \"{path}\"")),
        ("lefthook.yml", files::lefthook(path)),
        (".lefthook.yml", files::lefthook(path)),
    ];
    let found = frameworks
        .iter()
        .find(|(file, _)| place.has(file.split_once('/').map_or(file, |(folder, _)| folder)));
    if let Some((file, snippet)) = found {
        if !place.text(file).is_some_and(|text| text.contains("vibecheck")) {
            plan.by_hand.push(format!("To check each commit, add to {file}:\n{snippet}"));
        }
        return;
    }
    if !wanted {
        plan.by_hand.push("`vibecheck init --hook` adds a hook that checks each commit.".to_owned());
        return;
    }
    match folder_of_hooks(checkout) {
        Err(why) => plan
            .by_hand
            .push(format!("No hook is written, because {why}. It would be:\n{}", files::hook(path))),
        Ok((root, folder, shown)) => {
            let name =
                if folder.is_empty() { "pre-commit".to_owned() } else { format!("{folder}/pre-commit") };
            let shown = format!("{shown}/pre-commit");
            if fs::symlink_metadata(root.join(&name)).is_ok() {
                plan.by_hand.push(format!("{shown} is there already; to check each commit, add to it:\nvibecheck audit --staged -- \"{path}\""));
            } else {
                plan.files.push(NewFile {
                    root,
                    path: name,
                    shown,
                    text: files::hook(path),
                    executable: true,
                });
            }
        }
    }
}

/// The folder that hooks are in: what it is below, its path there, and how it is shown.
fn folder_of_hooks(checkout: &Checkout) -> Result<(PathBuf, String, String), &'static str> {
    let hooks = checkout.hooks.as_ref().ok_or("the git repository can't be read")?;
    if !checkout.hooks_configured {
        // git's own folder of hooks: in another place than `.git/hooks` for a linked worktree.
        let git = hooks.parent().ok_or("the git repository can't be read")?;
        return Ok((git.to_path_buf(), "hooks".to_owned(), ".git/hooks".to_owned()));
    }
    let below =
        hooks.strip_prefix(&checkout.top).ok().and_then(Path::to_str).map(|path| path.replace('\\', "/"));
    match below {
        Some(below) if !below.split('/').any(|part| part == "..") => {
            Ok((checkout.top.clone(), below.clone(), below))
        }
        _ => Err("`core.hooksPath` leads out of the repository, to hooks that other repositories share"),
    }
}

/// A path in a command line.
fn quoted(path: &str) -> String {
    if path.contains(' ') { format!("\"{path}\"") } else { path.to_owned() }
}
