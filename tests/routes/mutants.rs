//! Reads `mutants.txt` of an app, and changes its files in memory. The format is described in `README.md`.

use super::support::{Cells, Files, route_and_cells};

/// One change of an app, and which verdicts it must change.
pub struct Mutant {
    /// `delete-guard`, …; `same` where nothing may change.
    pub kind: String,
    pub title: String,
    pub line: usize,
    pub changes: Vec<Change>,
    /// Route, and its cells with their new values.
    pub flips: Vec<(String, Cells)>,
}

/// A change of the text.
pub enum Change {
    /// File, old lines (they are there once), new lines. With no old lines the file is new.
    Lines(String, String, String),
    /// A word in all files.
    Everywhere(String, String),
}

/// The mutants, in order.
pub fn mutants(text: &str) -> Vec<Mutant> {
    let mut mutants: Vec<Mutant> = Vec::new();
    let mut file = String::new();
    let mut hunk = Hunk::default();
    for (line, number) in text.lines().zip(1..).chain([("=== end: of the file", 0)]) {
        let old = line.strip_prefix("- ").or((line == "-").then_some(""));
        let new = line.strip_prefix("+ ").or((line == "+").then_some(""));
        let goes_on = new.is_some() || (old.is_some() && hunk.new.is_empty());
        if let (false, Some(mutant)) = (goes_on, mutants.last_mut()) {
            mutant.changes.extend(hunk.take(&file));
        }
        if let Some(title) = line.strip_prefix("=== ") {
            let (kind, title) = title.split_once(": ").unwrap_or_else(|| panic!("line {number}: {line}"));
            let (kind, title) = (kind.to_owned(), title.to_owned());
            mutants.push(Mutant { kind, title, line: number, changes: Vec::new(), flips: Vec::new() });
        } else if let Some(old) = old {
            hunk.old.push(old);
        } else if let Some(new) = new {
            hunk.new.push(new);
        } else if let Some(path) = line.strip_prefix("file ") {
            path.clone_into(&mut file);
        } else if let (Some(words), Some(mutant)) = (line.strip_prefix("everywhere "), mutants.last_mut()) {
            let (from, to) = words.split_once(" -> ").unwrap_or_else(|| panic!("line {number}: {line}"));
            mutant.changes.push(Change::Everywhere(from.to_owned(), to.to_owned()));
        } else if let (Some(flip), Some(mutant)) = (line.strip_prefix("flips "), mutants.last_mut()) {
            mutant.flips.push(route_and_cells(flip).unwrap_or_else(|| panic!("line {number}: {line}")));
        } else {
            assert!(line.is_empty() || line == "..." || line.starts_with('#'), "line {number}: {line}");
        }
    }
    mutants.pop();
    mutants
}

#[derive(Default)]
struct Hunk<'a> {
    old: Vec<&'a str>,
    new: Vec<&'a str>,
}

impl Hunk<'_> {
    fn take(&mut self, file: &str) -> Option<Change> {
        if self.old.is_empty() && self.new.is_empty() {
            return None;
        }
        let lines =
            |lines: &mut Vec<&str>| lines.drain(..).map(|line| format!("{line}\n")).collect::<String>();
        Some(Change::Lines(file.to_owned(), lines(&mut self.old), lines(&mut self.new)))
    }
}

/// The files with all changes of a mutant.
pub fn changed(files: &Files, mutant: &Mutant) -> Files {
    let mut files = files.clone();
    for change in &mutant.changes {
        match change {
            Change::Lines(path, old, new) => {
                let known = files.iter().position(|(known, _)| known == path);
                match known {
                    Some(at) => {
                        let text = &mut files[at].1;
                        // Whole lines.
                        let lines = format!("\n{text}");
                        let times = lines.matches(&format!("\n{old}")).count();
                        assert!(
                            !old.is_empty() && times == 1,
                            "{}: {times} times in {path}:\n{old}",
                            mutant.title
                        );
                        *text = lines.replacen(&format!("\n{old}"), &format!("\n{new}"), 1)[1..].to_owned();
                    }
                    None => {
                        assert!(old.is_empty(), "{}: there is no {path}", mutant.title);
                        files.push((path.clone(), new.clone()));
                    }
                }
            }
            Change::Everywhere(from, to) => {
                let mut times = 0;
                for (_, text) in &mut files {
                    let (replaced, count) = replace_word(text, from, to, "");
                    times += count;
                    *text = replaced;
                }
                assert!(times > 1, "{}: `{from}` is there {times} times", mutant.title);
            }
        }
    }
    files.retain(|(_, text)| !text.is_empty());
    files.sort();
    files
}

/// The files with every helper that one of them exports renamed to something that says nothing, and how many were.
pub fn nameless(files: &Files) -> (Files, usize) {
    let mut files = files.clone();
    let (mut count, names) = (0, helpers(&files));
    for name in names {
        // A member may be called the same, and mean something else.
        if files.iter().any(|(_, text)| is_member(text, &name)) {
            continue;
        }
        count += 1;
        // `@supabase` is a package, `@Public` a decorator.
        let kept = if name.starts_with(char::is_uppercase) { "/-\"'" } else { "/@-\"'" };
        for (_, text) in &mut files {
            *text = replace_word(text, &name, &format!("x{count}"), kept).0;
        }
    }
    (files, count)
}

fn is_member(text: &str, name: &str) -> bool {
    let member = format!(".{name}");
    text.match_indices(&member).any(|(at, _)| !text[at + member.len()..].starts_with(is_of_word))
}

/// Names that frameworks don't look for.
fn helpers(files: &Files) -> Vec<String> {
    let code =
        files.iter().filter(|(path, text)| vibecheck::code::handles(path) && !text.contains("use server"));
    let exported = code.flat_map(|(_, text)| text.lines()).filter_map(|line| line.strip_prefix("export "));
    let named = exported.filter_map(|line| {
        let line = line.strip_prefix("async ").unwrap_or(line);
        let rest = ["function ", "const ", "class "].iter().find_map(|word| line.strip_prefix(word))?;
        let name: String = rest.chars().take_while(|letter| letter.is_alphanumeric()).collect();
        (!name.is_empty() && name != "middleware" && name != "config" && name.to_uppercase() != name)
            .then_some(name)
    });
    let mut names: Vec<String> = named.collect();
    names.sort();
    names.dedup();
    names
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$'
}

/// A word is replaced where no letter, digit, `_`, `$` and none of `but_beside` stands before or behind it.
fn replace_word(text: &str, from: &str, to: &str, but_beside: &str) -> (String, usize) {
    let goes_on =
        |letter: Option<char>| letter.is_some_and(|letter| is_of_word(letter) || but_beside.contains(letter));
    let (mut replaced, mut rest, mut count) = (String::new(), text, 0);
    while let Some(at) = rest.find(from) {
        let (before, behind) = (&rest[..at], &rest[at + from.len()..]);
        replaced.push_str(before);
        if goes_on(replaced.chars().next_back()) || goes_on(behind.chars().next()) {
            replaced.push_str(from);
        } else {
            replaced.push_str(to);
            count += 1;
        }
        rest = behind;
    }
    replaced.push_str(rest);
    (replaced, count)
}

#[test]
fn lines_are_replaced_and_words_renamed() {
    let files = vec![("a.ts".to_owned(), "one();\ntwo();\nthree(one);\nphone();\n".to_owned())];
    let text = "=== delete: two\nfile a.ts\n- two();\n...\n- phone();\n+ tone();\nflips GET /a authenticated no\n\n\
                === same: renamed\neverywhere one -> uno\nfile b.ts\n+ export {};\n";
    let mutants = mutants(text);
    assert_eq!((mutants.len(), mutants[0].changes.len(), &*mutants[1].kind), (2, 2, "same"));
    assert_eq!(changed(&files, &mutants[0])[0].1, "one();\nthree(one);\ntone();\n");
    assert_eq!(mutants[0].flips[0].1[0], ("authenticated".to_owned(), vec!["no".to_owned()]));
    let renamed = changed(&files, &mutants[1]);
    assert_eq!(renamed[0].1, "uno();\ntwo();\nthree(uno);\nphone();\n");
    assert_eq!(renamed[1], ("b.ts".to_owned(), "export {};\n".to_owned()));
}
