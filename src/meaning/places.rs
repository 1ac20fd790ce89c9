//! What files and folders show by their names: platforms, AI tools.

use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct File {
    platform: Vec<Platform>,
    marker: Vec<Marker>,
}

/// A file that a platform is configured by.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Platform {
    /// `vercel`, `fly`, …
    pub id: String,
    /// Who hosts, where that is not the platform itself; `""`: the file does not tell.
    pub hosting: Option<String>,
    /// Patterns of its files.
    pub files: Vec<String>,
    /// Texts of which the file must hold one to count.
    #[serde(default)]
    pub contains: Vec<String>,
}

/// A file or folder that an AI tool leaves behind.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marker {
    /// `lovable`, `cursor`, …
    pub id: String,
    /// Whether the tool builds whole apps on a platform of its own.
    #[serde(default)]
    pub builder: bool,
    /// Patterns of its files and folders.
    pub files: Vec<String>,
}

static PLACES: LazyLock<File> =
    LazyLock::new(|| toml::from_str(super::vocabulary("places.toml")).unwrap_or_default());

/// The platform that the file at `path` configures, if its name says so. Where [`Platform::contains`] is not
/// empty, the text must be asked as well.
pub fn platform(path: &str) -> Option<&'static Platform> {
    PLACES.platform.iter().find(|p| p.files.iter().any(|f| fits_file(f, path)))
}

/// The AI tool that `path` shows, and the file or folder (a prefix of `path`) that shows it.
pub fn marker(path: &str) -> Option<(&'static Marker, &str)> {
    PLACES.marker.iter().find_map(|m| m.files.iter().find_map(|f| fits_part(f, path)).map(|part| (m, part)))
}

/// Whether `pattern` names the file at `path`.
fn fits_file(pattern: &str, path: &str) -> bool {
    fits_part(pattern, path).is_some_and(|part| part.len() == path.len())
}

/// The prefix of `path` that ends with what `pattern` names, if any.
fn fits_part<'p>(pattern: &str, path: &'p str) -> Option<&'p str> {
    let wanted: Vec<&str> = pattern.split('/').collect();
    let parts: Vec<&str> = path.split('/').collect();
    let first = parts
        .windows(wanted.len())
        .position(|window| window.iter().zip(&wanted).all(|(part, pattern)| glob(pattern, part)))?;
    let length: usize = parts.iter().take(first + wanted.len()).map(|p| p.len() + 1).sum();
    path.get(..length - 1)
}

/// Whether `name` fits `pattern`, in which one `*` stands for any text.
pub fn glob(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, end)) => {
            name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_parses() {
        let file: File = toml::from_str(super::super::vocabulary("places.toml")).expect("places.toml parses");
        assert!(file.platform.iter().all(|p| !p.files.is_empty()));
        let ids: std::collections::BTreeSet<_> = file.marker.iter().map(|m| &m.id).collect();
        assert_eq!(ids.len(), file.marker.len());
    }

    #[test]
    fn markers_are_shown_as_the_file_or_folder() {
        let shown = |path| marker(path).map(|(m, part)| (m.id.as_str(), part));
        assert_eq!(shown(".lovable/memory/plan.md"), Some(("lovable", ".lovable")));
        assert_eq!(shown("web/.cursor/rules/a.mdc"), Some(("cursor", "web/.cursor")));
        assert_eq!(
            shown(".github/copilot-instructions.md"),
            Some(("copilot", ".github/copilot-instructions.md"))
        );
        assert_eq!(shown("src/claude.md.ts"), None);
    }

    #[test]
    fn platforms_by_file() {
        assert_eq!(platform("apps/web/vercel.json").map(|p| p.id.as_str()), Some("vercel"));
        assert_eq!(platform("fly.staging.toml").map(|p| p.id.as_str()), Some("fly"));
        assert_eq!(platform("src/fly.ts"), None);
    }
}
