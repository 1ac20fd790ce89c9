//! The files of a repository while a script edits them, and the faults that are open in them.

use std::collections::{BTreeMap, BTreeSet};

/// What the report must call a fault: the rule, what it is about, and a part of the line that shows it (`""` where the
/// finding has one root cause, wherever its evidence stands).
pub type Label = (&'static str, &'static str, &'static str);

/// Files by path, and the open faults by the name that the script gives them.
#[derive(Clone, Default)]
pub struct World {
    pub files: BTreeMap<String, String>,
    pub open: BTreeMap<&'static str, Label>,
    /// Those of them that a comment or `vibecheck.toml` accepts.
    pub accepted: BTreeSet<&'static str>,
}

impl World {
    /// The text of a file.
    pub fn text(&self, file: &str) -> &str {
        self.files.get(file).unwrap_or_else(|| panic!("the script has no file {file}"))
    }

    pub fn write(&mut self, file: &str, text: &str) -> &mut Self {
        self.files.insert(file.to_owned(), text.to_owned());
        self
    }

    pub fn remove(&mut self, file: &str) -> &mut Self {
        assert!(self.files.remove(file).is_some(), "the script removes {file}, which is not there");
        self
    }

    pub fn rename(&mut self, from: &str, to: &str) -> &mut Self {
        let text = self.files.remove(from).unwrap_or_else(|| panic!("the script has no file {from}"));
        self.write(to, &text)
    }

    /// Replaces the only `from` of a file.
    pub fn replace(&mut self, file: &str, from: &str, to: &str) -> &mut Self {
        let text = self.text(file);
        assert_eq!(text.matches(from).count(), 1, "{file} must hold {from:?} once:\n{text}");
        let text = text.replace(from, to);
        self.write(file, &text)
    }

    /// Adds lines after the only line that holds `line`.
    pub fn after(&mut self, file: &str, line: &str, added: &str) -> &mut Self {
        let holds = self.text(file).lines().filter(|l| l.contains(line)).count();
        assert_eq!(holds, 1, "{file} must hold a line with {line:?} once:\n{}", self.text(file));
        self.map(file, |lines| {
            lines
                .iter()
                .flat_map(|l| [Some((*l).to_owned()), l.contains(line).then(|| added.to_owned())])
                .flatten()
                .collect()
        })
    }

    /// Cuts the only line that holds `line`.
    pub fn cut(&mut self, file: &str, line: &str) -> &mut Self {
        let holds = self.text(file).lines().filter(|l| l.contains(line)).count();
        assert_eq!(holds, 1, "{file} must hold a line with {line:?} once:\n{}", self.text(file));
        self.map(file, |lines| lines.iter().filter(|l| !l.contains(line)).map(|l| (*l).to_owned()).collect())
    }

    pub fn append(&mut self, file: &str, text: &str) -> &mut Self {
        let text = format!("{}{text}", self.text(file));
        self.write(file, &text)
    }

    /// Makes other lines of the lines of a file.
    pub fn map(&mut self, file: &str, change: impl Fn(&[&str]) -> Vec<String>) -> &mut Self {
        let lines: Vec<&str> = self.text(file).lines().collect();
        let text = change(&lines).join("\n") + "\n";
        self.write(file, &text)
    }
}
