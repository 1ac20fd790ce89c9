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
    /// Whether it surely stays on the server.
    stays: bool,
    /// Whether it may read a secret.
    reads: bool,
    /// Whether it may tell a bundler what names of modules and variables stand for.
    configures: bool,
    /// What it may import.
    specifiers: Vec<Box<str>>,
}

/// What stands before what is imported, if those are types.
const OF_TYPES: &[&str] = &["import", "export"];
/// What stands before the name of another module.
const BEFORE: &[&str] = &["from", "import", "require"];
/// Names of modules are shorter.
const LONGEST: usize = 1_000;

/// Looks at the text of a module.
pub(super) fn sketch(file: &File, text: &str) -> Sketch {
    Sketch {
        starts: browser_secrets::may_start(text),
        stays: stays(text),
        reads: browser_secrets::may_read(text),
        configures: code::is_mapping(&file.path) || browser_secrets::tells_bundler(file.name()),
        specifiers: specifiers(text),
    }
}

/// Whether a text begins by saying that browsers never load the module. Nearly all that do begin so.
fn stays(text: &str) -> bool {
    let text = text.trim_start();
    let after = |start: &str| text.strip_prefix(start);
    let is_statement = |rest: &str| {
        let next = rest.strip_prefix(';').unwrap_or(rest).trim_start();
        ["import ", "export "].iter().any(|word| next.starts_with(word))
    };
    [r#""use server""#, "'use server'"].iter().filter_map(|mark| after(mark)).any(is_statement)
        || [r#"import "server-only""#, "import 'server-only'"].iter().any(|mark| text.starts_with(mark))
}

fn specifiers(text: &str) -> Vec<Box<str>> {
    static FIRST: LazyLock<Option<First>> = LazyLock::new(|| First::new(BEFORE));
    let Some(first) = &*FIRST else { return Vec::new() };
    let (mut found, mut from) = (Vec::new(), 0);
    while let Some(word) = first.find(text.as_bytes(), from) {
        from = word.end();
        let rest = behind(text.get(from..).unwrap_or_default());
        if is_of_types(text.get(..word.start()).unwrap_or_default()) {
            continue;
        }
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

/// Whether what stands before a `from` ends with `import type { … }`, so that nothing is left of it when it runs. Where more
/// than names stands between the brackets, it may be something else.
fn is_of_types(before: &str) -> bool {
    let Some(before) = before.trim_end().strip_suffix('}') else { return false };
    let is_of_names =
        |c: char| c.is_ascii_alphanumeric() || c.is_ascii_whitespace() || matches!(c, '_' | '$' | ',');
    let Some(before) = before.trim_end_matches(is_of_names).strip_suffix('{') else { return false };
    let Some(before) = before.trim_end().strip_suffix("type") else { return false };
    let keyword = before.trim_end();
    keyword.len() < before.len() && OF_TYPES.iter().any(|word| keyword.ends_with(word))
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
    // Few of the modules that may read a secret do, so they are parsed before those that lead there.
    let stay: HashSet<ModuleId> = notes
        .iter()
        .filter(|note| sketched(note, |sketch| sketch.stays))
        .filter_map(|note| code.at(&note.path))
        .collect();
    let ways = Ways::of(&code, &stay);
    let at = |note: &FileNotes| code.at(&note.path).filter(|_| note.sketch.is_some());
    let those = |notes: &[FileNotes], is: fn(&FileNotes) -> bool| {
        notes.iter().filter(|note| is(note)).filter_map(at).collect::<Vec<ModuleId>>()
    };
    let starts = those(notes, |note| sketched(note, |sketch| sketch.starts && !sketch.stays));
    let loaded = reached(starts, &ways.next);
    let may_read = |note: &FileNotes| sketched(note, |sketch| sketch.reads);
    super::parse(tree, notes, reading, |note| {
        note.module.is_none() && may_read(note) && at(note).is_some_and(|at| loaded.contains(&at))
    });
    let reads = |note: &FileNotes| note.module.as_ref().is_some_and(|module| browser_secrets::reads(module));
    let leading = reached(those(notes, reads), &ways.before);
    super::parse(tree, notes, reading, |note| {
        note.module.is_none() && at(note).is_some_and(|at| loaded.contains(&at) && leading.contains(&at))
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

fn sketched(note: &FileNotes, is: fn(&Sketch) -> bool) -> bool {
    note.sketch.as_ref().is_some_and(is)
}

/// Which modules each one imports, and which import it. To what stays on the server none leads.
#[derive(Default)]
struct Ways {
    next: HashMap<ModuleId, Vec<ModuleId>>,
    before: HashMap<ModuleId, Vec<ModuleId>>,
}

impl Ways {
    fn of(code: &Code, stay: &HashSet<ModuleId>) -> Ways {
        let mut ways = Ways::default();
        for (from, to) in code.imports().filter(|(_, to)| !stay.contains(to)) {
            ways.next.entry(from).or_default().push(to);
            ways.before.entry(to).or_default().push(from);
        }
        ways
    }
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
    fn what_stays_on_the_server_says_so_at_its_beginning() {
        for text in [
            "\n'use server'\nimport a from 'a'",
            "\"use server\"; export const a = 1",
            "import 'server-only'\n",
        ] {
            assert!(stays(text), "{text}");
        }
        for text in [
            "'use server' + x",
            "'use server'\n(a)",
            "// import 'server-only'\n",
            "import 'server-only-not'",
            "",
        ] {
            assert!(!stays(text), "{text}");
        }
    }

    #[test]
    fn only_what_is_surely_of_types_is_left_out() {
        let text = "import type { A, B } from './a'\nexport type {\n  C,\n} from './c'\nimport { type D } from './d'\n\
             import type E from './e'\nimport type from './g'\nimport { x, type } from './h'\n\
             /* import type { } */ import { y } from './i'\n// import type {\nimport { z } from './j'\n";
        let found = specifiers(text);
        let found: Vec<&str> = found.iter().map(|one| &**one).collect();
        assert_eq!(found, ["./d", "./e", "./g", "./h", "./i", "./j"]);
    }

    #[test]
    fn imports_are_found_however_they_are_written() {
        let text = "import a, { b } from './a'\nimport\n  \"./b\"\nexport * from /* all */ './c';\n\
             const d = require( './d' ), e = import(// lazily\n `./e`)\nimport F, { type G } from './f'\nfrom(g); important('./h')\n";
        let found = specifiers(text);
        for name in ["./a", "./b", "./c", "./d", "./e", "./f"] {
            assert!(found.iter().any(|one| &**one == name), "{name}: {found:?}");
        }
        assert!(!found.iter().any(|one| &**one == "./h"), "{found:?}");
    }
}
