//! Code where nobody asks for routes, and what browsers load is all that it is parsed for. Few modules lie between one that a
//! browser starts with and one that reads a secret, and both show in the text; so imports are searched in the text first,
//! and only the modules on the way are parsed. Whatever is told from text here may be too much and never too little.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use crate::code::{self, Code, Import, Module, ModuleId, Name};
use crate::facts::join::browser_secrets;
use crate::facts::{self, FileNotes, Reading};
use crate::source::{File, Tree};
use crate::words::First;

/// What the text of a module shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sketch {
    /// Whether a browser may start with it.
    starts: bool,
    /// Whether it may read a secret.
    reads: bool,
    /// Whether it may tell a bundler what names of modules and variables stand for.
    configures: bool,
    /// What it may import.
    specifiers: Vec<Box<str>>,
}

/// What stands before the name of another module.
const BEFORE: &[&str] = &["from", "import", "require"];
/// Names of modules are shorter.
const LONGEST: usize = 1_000;

/// Looks at the text of a module.
pub(super) fn sketch(file: &File, text: &str) -> Sketch {
    Sketch {
        starts: browser_secrets::may_start(text),
        reads: browser_secrets::may_read(text),
        configures: code::is_mapping(&file.path) || browser_secrets::tells_bundler(file.name()),
        specifiers: specifiers(text),
    }
}

fn specifiers(text: &str) -> Vec<Box<str>> {
    static FIRST: LazyLock<Option<First>> = LazyLock::new(|| First::new(BEFORE));
    let Some(first) = &*FIRST else { return Vec::new() };
    let (mut found, mut from) = (Vec::new(), 0);
    while let Some(word) = first.find(text.as_bytes(), from) {
        from = word.end();
        let rest = behind(text.get(from..).unwrap_or_default());
        let Some(quote) = rest.bytes().next().filter(|b| matches!(b, b'"' | b'\'' | b'`')) else { continue };
        let rest = rest.get(1..).unwrap_or_default().as_bytes();
        let rest = rest.get(..rest.len().min(LONGEST)).unwrap_or_default();
        let specifier =
            memchr::memchr(quote, rest).and_then(|end| std::str::from_utf8(rest.get(..end)?).ok());
        found.extend(specifier.filter(|name| !name.is_empty()).map(Box::from));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// What follows, behind white space, comments and an opening bracket.
fn behind(text: &str) -> &str {
    let mut rest = text;
    loop {
        let next = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
        let next = match next.as_bytes() {
            [b'/', b'*', ..] => next.find("*/").and_then(|end| next.get(end + 2..)).unwrap_or_default(),
            [b'/', b'/', ..] => next.find('\n').and_then(|end| next.get(end..)).unwrap_or_default(),
            _ => return next,
        };
        rest = next;
    }
}

/// Parses the modules on the way from where a browser starts to a secret, and gives the others no more than their path:
/// what imports lead to hangs on which files there are.
pub(super) fn parse(tree: &Tree, notes: &mut [FileNotes], reading: &mut Reading) {
    let any = |is: fn(&Sketch) -> bool| notes.iter().filter_map(|note| note.sketch.as_ref()).any(is);
    if !any(|sketch| sketch.starts) || !any(|sketch| sketch.reads) {
        return;
    }
    // They tell where imports lead.
    super::parse(tree, notes, reading, |note| note.sketch.as_ref().is_some_and(|sketch| sketch.configures));
    let code = facts::linked(notes.iter().filter_map(outline).collect(), notes);
    let wanted = on_the_way(&code, notes);
    super::parse(tree, notes, reading, |note| {
        note.module.is_none() && code.at(&note.path).is_some_and(|at| wanted.contains(&at))
    });
    for note in notes.iter_mut().filter(|note| note.module.is_none()) {
        note.module = note.sketch.is_some().then(|| Arc::new(Module::at(&note.path)));
    }
}

/// A module as far as its text was looked at.
fn outline(note: &FileNotes) -> Option<Arc<Module>> {
    let sketch = note.sketch.as_ref()?;
    let import = |specifier: &str| Import {
        specifier: Name::from(specifier),
        name: Name::default(),
        symbol: None,
        types_only: false,
        line: 0,
    };
    Some(note.module.clone().unwrap_or_else(|| {
        let imports = sketch.specifiers.iter().map(|specifier| import(specifier)).collect();
        Arc::new(Module { imports, ..Module::at(&note.path) })
    }))
}

/// The modules that a module leads to where a browser may start, and that lead to one which may read a secret.
fn on_the_way(code: &Code, notes: &[FileNotes]) -> HashSet<ModuleId> {
    let mut next: HashMap<ModuleId, Vec<ModuleId>> = HashMap::new();
    let mut before: HashMap<ModuleId, Vec<ModuleId>> = HashMap::new();
    for (from, to) in code.imports() {
        next.entry(from).or_default().push(to);
        before.entry(to).or_default().push(from);
    }
    let those = |is: fn(&Sketch) -> bool| {
        let at = |note: &FileNotes| note.sketch.as_ref().filter(|sketch| is(sketch)).and(code.at(&note.path));
        notes.iter().filter_map(at).collect::<Vec<ModuleId>>()
    };
    let loaded = reached(those(|sketch| sketch.starts), &next);
    let leading = reached(those(|sketch| sketch.reads), &before);
    loaded.intersection(&leading).copied().collect()
}

fn reached(mut open: Vec<ModuleId>, ways: &HashMap<ModuleId, Vec<ModuleId>>) -> HashSet<ModuleId> {
    let mut reached: HashSet<ModuleId> = open.iter().copied().collect();
    while let Some(at) = open.pop() {
        let further = ways.get(&at).into_iter().flatten();
        open.extend(further.copied().filter(|to| reached.insert(*to)));
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_found_however_they_are_written() {
        let text = "import a, { b } from './a'\nimport\n  \"./b\"\nexport * from /* all */ './c';\n\
             const d = require( './d' ), e = import(// lazily\n `./e`)\nimport type { F } from './f'\nfrom(g); important('./h')\n";
        let found = specifiers(text);
        for name in ["./a", "./b", "./c", "./d", "./e", "./f"] {
            assert!(found.iter().any(|one| &**one == name), "{name}: {found:?}");
        }
        assert!(!found.iter().any(|one| &**one == "./h"), "{found:?}");
    }
}
