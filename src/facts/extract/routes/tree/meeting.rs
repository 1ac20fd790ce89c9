//! Whether a layer's paths meet a route's.

use super::super::paths::{Meets, join, meets};
use super::Path;

/// A path from the root; of a regular expression what is above it stands apart.
pub(super) fn under(path: &Path, below: &str) -> Path {
    match path {
        Path::Text(text) => Path::Text(join(below, text)),
        regex => regex.clone(),
    }
}

pub(super) fn full(paths: &[Path], below: &str) -> Vec<Path> {
    paths.iter().map(|path| under(path, below)).collect()
}

/// Both from the root.
pub(super) fn meets_path(of: &Path, below: &str, prefix: bool, route: &Path, route_below: &str) -> Meets {
    match (of, route) {
        (Path::Text(of), Path::Text(route)) => meets(of, prefix, route),
        (Path::Regex(a), Path::Regex(b)) if a == b && below == route_below => Meets::Always,
        // Where a regular expression is, only what is above it can be told.
        (Path::Text(of), Path::Regex(_)) if prefix && meets(of, true, route_below) == Meets::Always => {
            Meets::Always
        }
        _ if meets(below, true, route_below) == Meets::Never
            && meets(route_below, true, below) == Meets::Never =>
        {
            Meets::Never
        }
        _ => Meets::Sometimes,
    }
}

pub(super) fn best(met: impl Iterator<Item = Meets>) -> Meets {
    let mut out = Meets::Never;
    for meets in met {
        match meets {
            Meets::Always => return Meets::Always,
            Meets::Sometimes => out = Meets::Sometimes,
            Meets::Never => {}
        }
    }
    out
}

pub(super) fn shown(paths: &[Path], below: &str) -> String {
    let paths: Vec<String> = paths
        .iter()
        .take(3)
        .map(|path| match path {
            Path::Text(text) => join(below, text),
            Path::Regex(regex) => format!("/{regex}/"),
        })
        .collect();
    paths.join(", ")
}
