//! What the formats of other programs need beside the report.

use crate::rules::Rule;

/// What the formats of other programs need beside the report: the texts of rules that found nothing, and paths as the
/// repository has them, because a code host knows no PATH.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Background {
    /// The rules that were run, with their texts in general.
    pub rules: Vec<Rule>,
    /// PATH relative to the top of the repository, `""` at the top.
    pub prefix: String,
    /// A file below PATH that stands for the repository as a whole where a format can't do without a file.
    pub anchor: String,
}

impl Background {
    /// The file as the repository names it; for `""`, the file that stands for the repository as a whole.
    pub fn path(&self, file: &str) -> String {
        let file = if file.is_empty() { &self.anchor } else { file };
        if self.prefix.is_empty() { file.to_owned() } else { format!("{}/{file}", self.prefix) }
    }

    /// The file that stands for the repository as a whole: its README, else the first file at the top (hidden ones
    /// last), else the first.
    pub fn anchor<'a>(files: impl Iterator<Item = &'a str> + Clone) -> String {
        let readme = |file: &&str| {
            let name = file.to_ascii_lowercase();
            name == "readme" || name.starts_with("readme.")
        };
        let top = |file: &&str| !file.contains('/');
        let mut files = files;
        let found = files
            .clone()
            .filter(|file| top(file))
            .find(readme)
            .or_else(|| files.clone().find(|file| top(file) && !file.starts_with('.')))
            .or_else(|| files.clone().find(top))
            .or_else(|| files.next());
        found.unwrap_or_default().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_at_the_top_stands_for_the_repository() {
        let of = |files: &[&str]| Background::anchor(files.iter().copied());
        assert_eq!(of(&[".gitignore", "docs/README.md", "readme.rst", "zed.ts"]), "readme.rst");
        assert_eq!(of(&[".env", "a/b.ts", "main.ts"]), "main.ts");
        assert_eq!(of(&["a/b.ts", "a/c.ts"]), "a/b.ts");
        assert_eq!(of(&[]), "");
    }

    #[test]
    fn paths_start_at_the_top_of_the_repository() {
        let mut background = Background { anchor: "README.md".into(), ..Background::default() };
        assert_eq!(background.path("src/a.ts"), "src/a.ts");
        background.prefix = "apps/web".into();
        assert_eq!(background.path("src/a.ts"), "apps/web/src/a.ts");
        assert_eq!(background.path(""), "apps/web/README.md");
    }
}
