//! Languages by file extension.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct File {
    language: Vec<Language>,
}

/// A language.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// `TypeScript`, `Go`, …
    pub name: String,
    /// Whether it counts as code of the product.
    pub code: bool,
    /// Whether this version reads its tests, imports and configuration.
    pub read: bool,
    /// Extensions of its files, in lower case without a dot.
    pub extensions: Vec<String>,
}

static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    toml::from_str::<File>(super::vocabulary("languages.toml")).unwrap_or_default().language
});

static BY_EXTENSION: LazyLock<HashMap<&'static str, &'static Language>> = LazyLock::new(|| {
    LANGUAGES.iter().flat_map(|l| l.extensions.iter().map(move |e| (e.as_str(), l))).collect()
});

/// The language of a file with this extension (lower case, without a dot), if it is known.
pub fn by_extension(extension: &str) -> Option<&'static Language> {
    BY_EXTENSION.get(extension).copied()
}

/// The language with this name.
pub fn named(name: &str) -> Option<&'static Language> {
    LANGUAGES.iter().find(|l| l.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_and_extensions_are_unique() {
        let file: File =
            toml::from_str(super::super::vocabulary("languages.toml")).expect("languages.toml parses");
        let names: BTreeSet<_> = file.language.iter().map(|l| &l.name).collect();
        assert_eq!(names.len(), file.language.len());
        let extensions: Vec<_> = file.language.iter().flat_map(|l| &l.extensions).collect();
        assert_eq!(extensions.iter().collect::<BTreeSet<_>>().len(), extensions.len());
    }

    #[test]
    fn what_is_read_and_what_is_not() {
        assert!(by_extension("tsx").is_some_and(|l| l.code && l.read));
        assert!(by_extension("go").is_some_and(|l| l.code && !l.read));
        assert!(by_extension("css").is_some_and(|l| !l.code));
        assert_eq!(by_extension("png"), None);
    }
}
