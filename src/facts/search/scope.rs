//! Which files a body looks at.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::facts::kinds::FileRole;

/// Files by role and path.
#[derive(Debug, Clone)]
pub struct Scope {
    roles: Vec<FileRole>,
    /// `None`: every path.
    files: Option<GlobSet>,
    not_files: Option<GlobSet>,
}

impl Scope {
    /// Files of one of `roles` whose path matches one of `files` (all of them, if there is none) and none of
    /// `not_files`.
    ///
    /// # Errors
    /// The first pattern that does not compile, and why; see [`Scope::check`].
    pub fn new(roles: Vec<FileRole>, files: &[String], not_files: &[String]) -> Result<Scope, String> {
        Ok(Scope { roles, files: globs(files)?, not_files: globs(not_files)? })
    }

    /// Whether a pattern compiles.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(pattern: &str) -> Result<(), String> {
        globs(&[pattern.to_owned()]).map(|_| ())
    }

    /// Whether it holds the file at `path`.
    pub fn holds(&self, role: FileRole, path: &str) -> bool {
        self.roles.contains(&role)
            && self.files.as_ref().is_none_or(|files| files.is_match(path))
            && !self.not_files.as_ref().is_some_and(|files| files.is_match(path))
    }
}

fn globs(patterns: &[String]) -> Result<Option<GlobSet>, String> {
    if patterns.is_empty() {
        return Ok(None);
    }
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        // As in a `.gitignore`: a pattern without a slash is about the name, wherever the file is.
        let anywhere = if pattern.contains('/') { pattern.clone() } else { format!("**/{pattern}") };
        let anywhere = anywhere.strip_prefix('/').unwrap_or(&anywhere);
        let glob = GlobBuilder::new(anywhere).literal_separator(true).build();
        set.add(glob.map_err(|error| error.kind().to_string())?);
    }
    set.build().map(Some).map_err(|error| error.kind().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(files: &[&str], not: &[&str], path: &str) -> bool {
        let owned = |patterns: &[&str]| patterns.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>();
        let scope = Scope::new(vec![FileRole::Product], &owned(files), &owned(not)).unwrap();
        scope.holds(FileRole::Product, path)
    }

    #[test]
    fn paths() {
        assert!(holds(&[], &[], "any/thing"));
        assert!(holds(&["**/*.ts"], &[], "a.ts") && holds(&["**/*.ts"], &[], "src/deep/a.ts"));
        assert!(holds(&["*.ts"], &[], "src/a.ts"), "a name, wherever it is");
        assert!(!holds(&["src/*.ts"], &[], "src/deep/a.ts"), "a star does not cross folders");
        assert!(holds(&["/src/**"], &[], "src/deep/a.ts") && !holds(&["/src/**"], &[], "x/src/a.ts"));
        assert!(holds(&["*.{ts,tsx}"], &["**/generated/**"], "a.tsx"));
        assert!(!holds(&["*.ts"], &["**/generated/**"], "src/generated/a.ts"));
    }

    #[test]
    fn roles() {
        let scope = Scope::new(vec![FileRole::Test], &[], &[]).unwrap();
        assert!(scope.holds(FileRole::Test, "a") && !scope.holds(FileRole::Product, "a"));
    }

    #[test]
    fn a_pattern_that_does_not_compile_says_why() {
        assert_eq!(Scope::check("src/[a").unwrap_err(), "unclosed character class; missing ']'");
        assert!(Scope::check("src/{a,b}/*.ts").is_ok());
    }
}
