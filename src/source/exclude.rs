//! Patterns as in a `.gitignore` at PATH: `[paths] exclude`, and the `path` of an `[[ignore]]`.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::OpenError;

/// Compiled patterns.
#[derive(Debug, Clone)]
pub struct Exclude(Gitignore);

impl Exclude {
    /// Compiles patterns.
    ///
    /// # Errors
    /// When one does not parse.
    pub fn new(patterns: &[String]) -> Result<Exclude, OpenError> {
        let mut builder = GitignoreBuilder::new("");
        // git takes `a[` for the name of a file; here it is a slip.
        builder.allow_unclosed_class(false);
        for pattern in patterns {
            builder.add_line(None, pattern).map_err(|error| wrong(pattern, &error))?;
        }
        builder.build().map(Exclude).map_err(|error| wrong(&patterns.join(" "), &error))
    }

    /// The part of `path` that is excluded: a folder that holds it, or the whole; `None` if nothing is.
    pub fn part<'a>(&self, path: &'a str) -> Option<&'a str> {
        if self.0.is_empty() {
            return None;
        }
        let folders = path.match_indices('/').filter_map(|(end, _)| path.get(..end));
        folders
            .map(|folder| (folder, true))
            .chain([(path, false)])
            .find(|(part, is_folder)| self.0.matched(Path::new(part), *is_folder).is_ignore())
            .map(|(part, _)| part)
    }

    /// Whether nothing is excluded.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the file itself is excluded. The folders that hold it are not asked.
    pub(super) fn is_file(&self, path: &str) -> bool {
        !self.0.is_empty() && self.0.matched(Path::new(path), false).is_ignore()
    }

    /// Whether the folder itself is excluded. Its parents are not asked.
    pub(super) fn is_folder(&self, path: &str) -> bool {
        !self.0.is_empty() && self.0.matched(Path::new(path), true).is_ignore()
    }
}

fn wrong(pattern: &str, error: &ignore::Error) -> OpenError {
    let text = match error {
        ignore::Error::Glob { err, .. } => err.clone(),
        other => other.to_string(),
    };
    OpenError::Pattern(pattern.to_owned(), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part<'a>(patterns: &[&str], path: &'a str) -> Option<&'a str> {
        let patterns: Vec<String> = patterns.iter().map(|p| (*p).to_owned()).collect();
        Exclude::new(&patterns).unwrap().part(path)
    }

    #[test]
    fn patterns_are_those_of_a_gitignore() {
        assert_eq!(part(&["legacy/"], "apps/legacy/a/b.ts"), Some("apps/legacy"));
        assert_eq!(part(&["/legacy"], "apps/legacy/b.ts"), None);
        assert_eq!(part(&["*.sql", "!keep.sql"], "db/a.sql"), Some("db/a.sql"));
        assert_eq!(part(&["*.sql", "!keep.sql"], "db/keep.sql"), None);
        assert_eq!(part(&["apps/**/gen"], "apps/web/src/gen/x.ts"), Some("apps/web/src/gen"));
        assert_eq!(part(&[], "a"), None);
    }

    #[test]
    fn a_pattern_that_does_not_parse_is_named() {
        let error = Exclude::new(&["ok".to_owned(), "a[".to_owned()]).unwrap_err();
        assert!(matches!(error, OpenError::Pattern(pattern, _) if pattern == "a["));
    }
}
