//! What files and folders show by their names: platforms, AI tools.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct File {
    template_names: Vec<String>,
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
    static INDEX: LazyLock<Index> = LazyLock::new(|| Index::of(PLACES.platform.iter().map(|p| &p.files)));
    let (owner, _) = INDEX.first(path, |part| part.len() == path.len())?;
    PLACES.platform.get(owner)
}

/// The AI tool that `path` shows, and the file or folder (a prefix of `path`) that shows it.
pub fn marker(path: &str) -> Option<(&'static Marker, &str)> {
    static INDEX: LazyLock<Index> = LazyLock::new(|| Index::of(PLACES.marker.iter().map(|m| &m.files)));
    let (owner, part) = INDEX.first(path, |_| true)?;
    Some((PLACES.marker.get(owner)?, part))
}

/// Whether a manifest's name is that of a template that it was made from, and so says nothing of the product.
pub fn is_template_name(name: &str) -> bool {
    PLACES.template_names.iter().any(|template| template == name)
}

/// Patterns by their first name, because they are asked about every file of a repository.
struct Index {
    /// Patterns whose first name is spelt out.
    spelt: HashMap<&'static str, Vec<Entry>>,
    /// Patterns whose first name has a `*`.
    globs: Vec<Entry>,
}

/// The place of a pattern's owner in the list, the pattern's in the owner's, and the pattern.
type Entry = (usize, usize, &'static str);

impl Index {
    fn of(owners: impl Iterator<Item = &'static Vec<String>>) -> Index {
        let mut index = Index { spelt: HashMap::new(), globs: Vec::new() };
        for (owner, patterns) in owners.enumerate() {
            for (order, pattern) in patterns.iter().enumerate() {
                let first = pattern.split('/').next().unwrap_or_default();
                let entry = (owner, order, pattern.as_str());
                if first.contains('*') {
                    index.globs.push(entry);
                } else {
                    index.spelt.entry(first).or_default().push(entry);
                }
            }
        }
        index
    }

    /// The first owner with a pattern that names a file or folder of `path` that is `wanted`, and the prefix of `path`
    /// that ends with it.
    fn first<'p>(&self, path: &'p str, wanted: impl Fn(&str) -> bool) -> Option<(usize, &'p str)> {
        let mut best: Option<(usize, usize, &'p str)> = None;
        let mut start = 0;
        while let Some(rest) = path.get(start..) {
            let end = rest.find('/');
            let name = end.map_or(rest, |end| &rest[..end]);
            let spelt = self.spelt.get(name).map(Vec::as_slice).unwrap_or_default();
            let globs = self.globs.iter().filter(|(_, _, pattern)| begins(pattern, name));
            for (owner, order, pattern) in spelt.iter().chain(globs) {
                let part = fits_start(pattern, rest).and_then(|length| path.get(..start + length));
                if let Some(part) = part.filter(|part| wanted(part))
                    && best.is_none_or(|(o, p, _)| (*owner, *order) < (o, p))
                {
                    best = Some((*owner, *order, part));
                }
            }
            let Some(end) = end else { break };
            start += end + 1;
        }
        best.map(|(owner, _, part)| (owner, part))
    }
}

/// Whether a name could fit the first of a pattern, as far as the letters before its `*` tell.
fn begins(pattern: &str, name: &str) -> bool {
    let fits = |(wanted, byte): (u8, u8)| wanted == byte;
    pattern.bytes().take_while(|byte| *byte != b'*').zip(name.bytes()).all(fits)
}

/// How much of the start of `path` the names of `pattern` take up, one for one.
fn fits_start(pattern: &str, path: &str) -> Option<usize> {
    let mut names = path.split('/');
    let mut length = 0;
    for wanted in pattern.split('/') {
        let name = names.next().filter(|name| glob(wanted, name))?;
        length += name.len() + 1;
    }
    Some(length - 1)
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
        assert!(is_template_name("vite_react_shadcn_ts") && !is_template_name("invoices"));
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
