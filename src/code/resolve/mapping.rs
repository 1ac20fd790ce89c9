//! What leads one specifier elsewhere. The `paths` of TypeScript, the aliases of bundlers, import maps, and the
//! `imports` and `exports` of packages are all of this form.

use std::collections::HashMap;

/// Patterns that one configuration may have: more are nobody's, and would be looked at for every import.
const MOST: usize = 500;

/// Where something leads. A `*` in it stands for what the `*` of its pattern stood for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// To a path of the repository.
    Path(String),
    /// To what another specifier leads to: a package, an address.
    Specifier(String),
}

/// Patterns and where they lead, in the order of preference.
#[derive(Debug, Clone, Default)]
pub(super) struct Mapping {
    exact: HashMap<String, Vec<Place>>,
    /// What comes before and after the `*`; those that say most come first.
    patterns: Vec<(String, String, Vec<Place>)>,
}

impl Mapping {
    /// From patterns and places. The first of two that are the same counts.
    pub(super) fn new(entries: impl IntoIterator<Item = (String, Vec<Place>)>) -> Self {
        let mut mapping = Self::default();
        for (pattern, mut places) in entries {
            places.truncate(16);
            match pattern.split_once('*') {
                None => {
                    mapping.exact.entry(pattern).or_insert(places);
                }
                Some((before, after)) if mapping.patterns.len() < MOST => {
                    mapping.patterns.push((before.to_owned(), after.to_owned(), places));
                }
                Some(_) => {}
            }
        }
        mapping.patterns.sort_by_key(|(before, after, _)| std::cmp::Reverse((before.len(), after.len())));
        mapping
    }

    /// Nothing is mapped.
    pub(super) fn is_empty(&self) -> bool {
        self.exact.is_empty() && self.patterns.is_empty()
    }

    /// Where a specifier leads, best first, and whether that is meant for it: a bare `*` is tried for everything.
    pub(super) fn find<'a>(&'a self, specifier: &'a str) -> impl Iterator<Item = (Place, bool)> + 'a {
        let exact = self.exact.get(specifier).into_iter().flatten().map(|place| (place.clone(), true));
        let patterns = self.patterns.iter().filter_map(move |(before, after, places)| {
            let rest = specifier.strip_prefix(before.as_str())?.strip_suffix(after.as_str())?;
            Some(places.iter().map(move |place| (place.filled(rest), !before.is_empty())))
        });
        exact.chain(patterns.flatten())
    }
}

impl Place {
    fn filled(&self, star: &str) -> Self {
        match self {
            Self::Path(path) => Self::Path(path.replacen('*', star, 1)),
            Self::Specifier(specifier) => Self::Specifier(specifier.replacen('*', star, 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pattern_that_says_most_is_asked_first() {
        let path = |text: &str| vec![Place::Path(text.to_owned())];
        let mapping = Mapping::new([
            ("*".to_owned(), path("types/*")),
            ("@/*".to_owned(), path("src/*")),
            ("@/ui/*".to_owned(), path("ui/*.tsx")),
            ("@/ui".to_owned(), path("ui/all.ts")),
        ]);
        let found = |specifier: &str| mapping.find(specifier).map(|(place, _)| place).collect::<Vec<_>>();
        let all = |paths: &[&str]| paths.iter().map(|p| Place::Path((*p).to_owned())).collect::<Vec<_>>();
        assert_eq!(found("@/ui/a"), all(&["ui/a.tsx", "src/ui/a", "types/@/ui/a"]));
        assert_eq!(found("@/ui"), all(&["ui/all.ts", "src/ui", "types/@/ui"]));
        assert_eq!(mapping.find("react").collect::<Vec<_>>(), [(Place::Path("types/react".into()), false)]);
    }
}
