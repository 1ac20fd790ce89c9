//! Where a checkout keeps what can be added to it: the top of its work tree, its hooks, the branch that it is about.

use std::fs;
use std::path::{Path, PathBuf};

use super::{refs, repository};
use crate::source::paths;

/// The checkout around PATH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    /// The top of the work tree, without symbolic links.
    pub top: PathBuf,
    /// PATH below the top, with `/` between names, `""` for the top itself.
    pub prefix: String,
    /// The folder that git runs hooks from, as far as the repository can be read.
    pub hooks: Option<PathBuf>,
    /// Whether `core.hooksPath` names that folder. Else it is git's own, shared by all worktrees.
    pub hooks_configured: bool,
    /// The branch that pull requests go to: what the remote says, else `main` or `master` where there is one, else the
    /// current one. `""` where nothing tells.
    pub default_branch: String,
    /// Hosts of its remotes, that of `origin` first.
    pub hosts: Vec<String>,
}

/// Looks at the checkout around `path`; `None` outside of git.
pub fn checkout(path: &Path) -> Option<Checkout> {
    let place = repository::locate(path)?;
    let mut found = Checkout {
        prefix: paths::shown(&place.prefix),
        top: place.top.clone(),
        hooks: None,
        hooks_configured: false,
        default_branch: String::new(),
        hosts: Vec::new(),
    };
    let Ok(repository) = repository::open(&place) else { return Some(found) };
    let configured = repository.config().and_then(|config| config.get_path("core.hooksPath")).ok();
    found.hooks_configured = configured.is_some();
    let real = |folder: PathBuf| fs::canonicalize(&folder).unwrap_or(folder);
    found.hooks = Some(match configured {
        Some(folder) => real(place.top.join(folder)),
        // A link in place of the folder itself is for whoever writes to notice.
        None => real(repository.commondir().to_path_buf()).join("hooks"),
    });
    found.default_branch = default_branch(&repository);
    let mut remotes = refs::remotes(&repository).unwrap_or_default();
    remotes.sort_by_key(|remote| remote.name != "origin");
    found.hosts = remotes.into_iter().map(|remote| remote.host).filter(|host| !host.is_empty()).collect();
    Some(found)
}

fn default_branch(repository: &git2::Repository) -> String {
    let remote = repository.find_reference("refs/remotes/origin/HEAD").ok();
    let named = remote.and_then(|head| head.symbolic_target().ok().flatten().map(str::to_owned));
    if let Some(branch) = named.as_deref().and_then(|name| name.strip_prefix("refs/remotes/origin/")) {
        return branch.to_owned();
    }
    for name in ["main", "master"] {
        let start = ["refs/heads/", "refs/remotes/origin/"];
        if start.iter().any(|start| repository.find_reference(&format!("{start}{name}")).is_ok()) {
            return name.to_owned();
        }
    }
    let head = repository.find_reference("HEAD").ok();
    let target = head.and_then(|head| head.symbolic_target().ok().flatten().map(str::to_owned));
    target.and_then(|name| name.strip_prefix("refs/heads/").map(str::to_owned)).unwrap_or_default()
}
