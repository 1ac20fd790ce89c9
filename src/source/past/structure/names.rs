//! Names of tree entries, each kept once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::source::git::objects::{FILE, FOLDER, KIND, LINK};

/// A mode and a name. Equal labels have equal numbers.
#[derive(Debug, Clone, Copy)]
struct Label {
    mode: u32,
    start: usize,
    end: usize,
}

/// Every label of a repository, by number.
#[derive(Debug, Default)]
pub(in crate::source) struct Names {
    text: Vec<u8>,
    labels: Vec<Label>,
}

impl Names {
    /// The name in a label.
    pub(in crate::source) fn name(&self, label: u32) -> &[u8] {
        let found = self.labels.get(label as usize);
        found.and_then(|label| self.text.get(label.start..label.end)).unwrap_or_default()
    }

    /// The mode in a label.
    pub(in crate::source) fn mode(&self, label: u32) -> u32 {
        self.labels.get(label as usize).map_or(0, |label| label.mode)
    }

    /// Whether the entry is a folder.
    pub(in crate::source) fn is_folder(&self, label: u32) -> bool {
        self.mode(label) & KIND == FOLDER
    }

    /// Whether the entry has a content of its own: a regular file, or a symbolic link, as which a checkout on Windows may
    /// commit any file.
    pub(in crate::source) fn is_file(&self, label: u32) -> bool {
        matches!(self.mode(label) & KIND, FILE | LINK)
    }

    /// The labels of all folders with this name: one, unless somebody wrote trees by hand.
    pub(in crate::source) fn folders_named(&self, name: &[u8]) -> Vec<u32> {
        (0u32..)
            .take(self.labels.len())
            .filter(|label| self.is_folder(*label) && self.name(*label) == name)
            .collect()
    }

    /// Adds a label, without looking whether it is there.
    pub(in crate::source) fn add(&mut self, mode: u32, name: &[u8]) -> u32 {
        let start = self.text.len();
        self.text.extend_from_slice(name);
        self.labels.push(Label { mode, start, end: self.text.len() });
        u32::try_from(self.labels.len() - 1).unwrap_or(u32::MAX)
    }
}

/// Collects labels from several threads.
#[derive(Debug, Default)]
pub(super) struct Collector {
    shared: Mutex<Shared>,
}

/// Numbers by `<mode> <name>`, as trees have it.
pub(super) type Numbers = HashMap<Box<[u8]>, u32>;

#[derive(Debug, Default)]
struct Shared {
    numbers: Numbers,
    names: Names,
}

impl Collector {
    /// The number of a label: `entry` is `<mode> <name>` as the tree has it.
    pub(super) fn number(&self, known: &mut Numbers, entry: &[u8], mode: u32, name: &[u8]) -> u32 {
        if let Some(number) = known.get(entry) {
            return *number;
        }
        let number = {
            let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
            let Shared { numbers, names } = &mut *shared;
            match numbers.get(entry) {
                Some(number) => *number,
                None => {
                    let number = names.add(mode, name);
                    numbers.insert(entry.into(), number);
                    number
                }
            }
        };
        known.insert(entry.into(), number);
        number
    }

    pub(super) fn done(self) -> Names {
        self.shared.into_inner().unwrap_or_else(PoisonError::into_inner).names
    }
}
