//! What happens when an analyser panics: it is left out, everything else is told, and the report says so.

use super::extract::{EXTRACTORS, Extractor};
use super::join::{JOINS, Join};
use super::read::{READERS, Reader};
use super::{ANALYSERS, Analysers, Facts, FileNotes, Input, Reading, collect_with};
use crate::source::{File, Source, Tree};

const FILES: &[(&str, &str)] = &[
    ("package.json", "{\"name\":\"shop\",\"dependencies\":{\"pg\":\"8.13.1\"}}"),
    ("src/a.ts", "const secret = process.env.SHOP_KEY\n"),
    ("src/b.ts", "export {}\n"),
    ("src/c.ts", "export {}\n"),
    ("src/d.ts", "export {}\n"),
];

fn collected(analysers: &Analysers<'_>) -> (Facts, Reading) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in FILES {
        let place = folder.path().join(path);
        std::fs::create_dir_all(place.parent().expect("a parent")).expect("folders");
        std::fs::write(place, text).expect("a file");
    }
    let tree = Tree::working(folder.path(), &[]).expect("a tree");
    collect_with(
        analysers,
        &Source { tree, git: None, notes: Vec::new(), at: String::new() },
        &super::Search::default(),
    )
}

/// Writes half of what it has to say, and then runs into a bug with the file's text in its message.
fn breaks(_: &File, text: &str, notes: &mut FileNotes) {
    notes.asserts = true;
    notes.imports.clear();
    panic!("byte index 3 is out of bounds of `{text}`");
}

fn is_code(file: &File) -> bool {
    file.path.ends_with(".ts")
}

fn breaks_before_reading(file: &File) -> bool {
    assert!(!is_code(file), "a bug");
    false
}

fn no_extractor(_: &Input<'_>, facts: &mut Facts) {
    facts.apps.clear();
    panic!("a bug");
}

#[test]
fn a_reader_that_fails_is_left_out_on_that_file() {
    let bad = [Reader { name: "bad", wants: is_code, read: breaks }];
    let mut readers = vec![&bad[..]];
    readers.extend(READERS);
    let (facts, reading) = collected(&Analysers { readers: &readers, ..ANALYSERS });
    let (whole, _) = collected(&ANALYSERS);
    let text = serde_json::to_string(&facts).expect("facts");
    assert_eq!(text, serde_json::to_string(&whole).expect("facts"), "the others say all that they see");
    assert_eq!(facts.env_vars[0].name, "SHOP_KEY");
    assert_eq!(reading.read, 5);
    assert_eq!(reading.failures.len(), 1, "one sentence for one bug: {:?}", reading.failures);
    let said = &reading.failures[0];
    assert!(
        said.starts_with(
            "The reader \u{201c}bad\u{201d} failed on src/a.ts, src/b.ts, src/c.ts and 1 more file"
        ),
        "{said}"
    );
    assert!(!said.contains("SHOP_KEY"), "no text of the repository: {said}");
}

#[test]
fn a_reader_that_fails_to_choose_its_files_is_noted_too() {
    let bad = [Reader { name: "bad", wants: breaks_before_reading, read: breaks }];
    let mut readers = vec![&bad[..]];
    readers.extend(READERS);
    let (facts, reading) = collected(&Analysers { readers: &readers, ..ANALYSERS });
    assert_eq!(facts.env_vars.len(), 1);
    assert!(reading.failures[0].contains("src/a.ts"), "{:?}", reading.failures);
}

#[test]
fn an_extractor_and_a_join_that_fail_are_left_out() {
    let mut extractors: Vec<Extractor> =
        EXTRACTORS.iter().map(|e| Extractor { list: e.list, run: e.run }).collect();
    extractors[3].run = no_extractor;
    let mut joins: Vec<Join> = JOINS.iter().map(|j| Join { ..*j }).collect();
    joins.push(Join { name: "the last", of_routes: false, of_secrets: false, run: no_extractor });
    let (facts, reading) = collected(&Analysers { extractors: &extractors, joins: &joins, ..ANALYSERS });
    assert_eq!(facts.apps.len(), 1, "what the join had half done is undone");
    assert_eq!(facts.dependencies.len(), 1);
    assert!(facts.folders.is_empty());
    let about: Vec<&str> =
        reading.failures.iter().map(|said| said.split(" failed").next().unwrap_or("")).collect();
    assert_eq!(about, ["The extractor of `folders`", "The join \u{201c}the last\u{201d}"]);
}
