//! Comments that accept a finding: `vibecheck: ignore[rule-id] reason`. They are collected, not judged: what they cover
//! is for `findings` to say.

use memchr::memmem;

use super::comments::{self, Commented};
use crate::facts::notes::SuppressionNote;
use crate::secrets::excerpt;
use crate::source::File;

/// What every such comment begins with.
const MARK: &str = "vibecheck:";

/// The most that are read of one file: people write a handful, and a report must not be flooded.
const MOST: usize = 1_000;

/// The most rules that one comment names.
const MOST_RULES: usize = 20;

/// Where `vibecheck: ignore` begins in a line, if it does.
pub fn mark(line: &str) -> Option<usize> {
    memmem::find_iter(line.as_bytes(), MARK).find(|at| after_mark(line, *at).is_some())
}

/// What follows `vibecheck: ignore` at `at`; `None` if that is not what stands there, or if it is only quoted.
fn after_mark(text: &str, at: usize) -> Option<&str> {
    let before = text.get(..at)?.chars().next_back();
    if before.is_some_and(|c| c.is_alphanumeric() || "`\"'-_".contains(c)) {
        return None;
    }
    let rest = text.get(at + MARK.len()..)?.trim_start_matches([' ', '\t']).strip_prefix("ignore")?;
    (!rest.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_')).then_some(rest)
}

/// Every such comment of a file, in the order of its lines.
pub(super) fn read(file: &File, text: &str) -> Vec<SuppressionNote> {
    let mut marks = memmem::find_iter(text.as_bytes(), MARK).filter(|at| after_mark(text, *at).is_some());
    let Some(first) = marks.next() else { return Vec::new() };
    let commented = Commented::new(text, comments::syntax(file));
    let mut notes: Vec<SuppressionNote> = Vec::new();
    for at in std::iter::once(first).chain(marks) {
        let Some(segment) = commented.rest_of_comment(at) else { continue };
        let number = commented.line(at);
        let mut note = parse(segment);
        note.file.clone_from(&file.path);
        note.line = u32::try_from(number + 1).unwrap_or(u32::MAX);
        note.covers =
            commented.covered(number).map_or(0, |covered| u32::try_from(covered + 1).unwrap_or(u32::MAX));
        note.whole_file = commented.is_leading(number);
        if notes.len() >= MOST {
            note = SuppressionNote { file: note.file, line: note.line, ..SuppressionNote::default() };
            note.problem = format!("the file has more than {MOST} such comments, and this one is not read");
            notes.push(note);
            break;
        }
        notes.push(note);
    }
    notes
}

/// What a comment says, from its mark to its end.
fn parse(segment: &str) -> SuppressionNote {
    let mut note = SuppressionNote::default();
    let wrong =
        |note: SuppressionNote, problem: &str| SuppressionNote { problem: problem.to_owned(), ..note };
    let Some(rest) = after_mark(segment, 0) else { return note };
    // A second comment of the same line speaks for itself.
    let rest = mark(rest).map_or(rest, |next| &rest[..next]);
    let rest = rest.trim_end().trim_end_matches(['/', '*', '#', '{', '}', '<', '>', '!', '-', ' ']);
    let Some((rules, rest)) = rest.trim_start().strip_prefix('[').and_then(|inside| inside.split_once(']'))
    else {
        return wrong(note, "it names no rule; write `vibecheck: ignore[rule-id] reason`");
    };
    note.rules = rules.split(',').map(str::trim).filter(|rule| !rule.is_empty()).map(str::to_owned).collect();
    if note.rules.is_empty() {
        return wrong(note, "it names no rule; write `vibecheck: ignore[rule-id] reason`");
    }
    if note.rules.len() > MOST_RULES {
        note.rules.truncate(1);
        return wrong(note, "it names more than 20 rules");
    }
    let separators = [':', ',', '-', '–', '—', ' ', '\t'];
    let mut reason = rest.trim_start_matches(separators);
    if let Some(after) = reason.strip_prefix("until")
        && after.starts_with([' ', '\t', ':'])
    {
        let after = after.trim_start_matches([' ', '\t', ':']);
        let end = after.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(after.len());
        let day = after[..end].trim_end_matches('-');
        if day.is_empty() {
            return wrong(note, "after `until` comes a day, like `until 2026-12-31`");
        }
        note.until = day.to_owned();
        reason = after[end..].trim_start_matches(separators);
    }
    if !reason.chars().any(char::is_alphanumeric) {
        return wrong(note, "it gives no reason; write one after the bracket");
    }
    note.reason = excerpt(reason);
    note
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes(path: &str, text: &str) -> Vec<SuppressionNote> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
        std::fs::write(folder.path().join(path), text).unwrap();
        let tree = crate::source::Tree::working(folder.path(), &[]).unwrap();
        read(tree.get(path).unwrap(), text)
    }

    /// The line, what it covers, and whether it speaks for the whole file.
    fn where_(path: &str, text: &str) -> Vec<(u32, u32, bool)> {
        notes(path, text).iter().map(|n| (n.line, n.covers, n.whole_file)).collect()
    }

    fn said(comment: &str) -> (Vec<String>, String, String, String) {
        let note = notes("a.ts", &format!("x() // {comment}\n")).remove(0);
        (note.rules, note.until, note.reason.as_str().to_owned(), note.problem)
    }

    #[test]
    fn rules_reason_and_day() {
        let of = |rules: &[&str], until: &str, reason: &str| {
            let rules = rules.iter().map(|r| (*r).to_owned()).collect();
            (rules, until.to_owned(), reason.to_owned(), String::new())
        };
        assert_eq!(said("vibecheck: ignore[a-b] it is local"), of(&["a-b"], "", "it is local"));
        assert_eq!(said("vibecheck:ignore [ a , b ]: it is local"), of(&["a", "b"], "", "it is local"));
        for text in [
            "vibecheck: ignore[a] until 2026-12-31 moved then",
            "vibecheck: ignore[a] until 2026-12-31: moved then",
            "vibecheck: ignore[a], until 2026-12-31 - moved then",
            "TODO vibecheck: ignore[a] – until: 2026-12-31, moved then",
        ] {
            assert_eq!(said(text), of(&["a"], "2026-12-31", "moved then"), "{text}");
        }
    }

    #[test]
    fn what_is_missing_is_said() {
        for (text, problem) in [
            ("vibecheck: ignore it is local", "it names no rule"),
            ("vibecheck: ignore[] it is local", "it names no rule"),
            ("vibecheck: ignore[a it is local", "it names no rule"),
            ("vibecheck: ignore[a]", "it gives no reason"),
            ("vibecheck: ignore[a] -- ", "it gives no reason"),
            ("vibecheck: ignore[a] until 2026-12-31", "it gives no reason"),
            ("vibecheck: ignore[a] until next year", "after `until` comes a day"),
        ] {
            assert!(said(text).3.starts_with(problem), "{text}: {}", said(text).3);
        }
    }

    #[test]
    fn a_reason_ends_with_its_comment_and_holds_no_credential() {
        let note = |path: &str, text: &str| notes(path, text).remove(0).reason.as_str().to_owned();
        assert_eq!(note("a.ts", "/* vibecheck: ignore[a] it is local */ call()\n"), "it is local");
        assert_eq!(note("a.tsx", "{/* vibecheck: ignore[a] it is local */}\n"), "it is local");
        assert_eq!(note("a.html", "<!-- vibecheck: ignore[a] it is local --><p>\n"), "it is local");
        let key = format!("sk_{}4eC39HqLyjWDarjtT1zdp7dc", "live_");
        let reason = note("a.ts", &format!("// vibecheck: ignore[a] the key {key} is old\n"));
        assert!(reason.contains("•••") && !reason.contains("4eC3"), "{reason}");
    }

    #[test]
    fn two_on_a_line_are_two() {
        let two = notes("a.ts", "x() // vibecheck: ignore[a] one vibecheck: ignore[b] two\n");
        let reasons: Vec<_> = two.iter().map(|n| (n.rules[0].as_str(), n.reason.as_str())).collect();
        assert_eq!(reasons, [("a", "one"), ("b", "two")]);
    }

    #[test]
    fn at_the_end_of_code_it_covers_that_line_and_alone_the_next_line_of_code() {
        let c = "vibecheck: ignore[a] why";
        let code = format!("import x\nx() // {c}\n// {c}\n\n// and more\ny()\n");
        assert_eq!(where_("a.ts", &code), [(2, 2, false), (3, 6, false)]);
        let block = format!("x()\n/*\n * {c}\n * at length\n */\ny()\n/* {c} */ z()\n");
        assert_eq!(where_("a.ts", &block), [(3, 6, false), (7, 7, false)]);
        let jsx = format!("<div>\n  {{/* {c} */}}\n  <a href=\"/\">it's</a>\n</div>\n");
        assert_eq!(where_("a.tsx", &jsx), [(2, 3, false)]);
        assert_eq!(where_("a.ts", &format!("x()\n// {c}\n")), [(2, 0, false)], "nothing comes after it");
    }

    #[test]
    fn the_comments_that_begin_a_file_speak_for_all_of_it() {
        let c = "vibecheck: ignore[a] why";
        let shell = format!("#!/bin/sh\n# Deploys.\n# {c}\n\nset -e\n# {c}\nrm x\n");
        assert_eq!(where_("deploy.sh", &shell), [(3, 5, true), (6, 7, false)]);
        assert_eq!(where_("a.yml", &format!("---\n# {c}\non: push\n")), [(2, 3, true)]);
        assert_eq!(where_("a.ts", &format!("x() // {c}\n")), [(1, 1, false)]);
    }

    #[test]
    fn each_language_has_its_own_comments() {
        let c = "vibecheck: ignore[a] why";
        for (path, text) in [
            ("a.py", format!("x = '#'  # {c}\n")),
            ("a.rs", format!("let x = 'a'; // {c}\n")),
            ("a.sql", format!("select '--' -- {c}\n")),
            ("docker-compose.yml", format!("- \"5432:5432\" # {c}\n")),
            ("Dockerfile", format!("USER root # {c}\n")),
            (".env", format!("A=b # {c}\n")),
            ("main.tf", format!("x = 1 // {c}\n")),
            ("main.go", format!("x := \"//\" /* {c} */\n")),
            ("a.ini", format!("a=b ; {c}\n")),
            ("a.lua", format!("x = 1 -- {c}\n")),
            ("a.erl", format!("x() % {c}\n")),
            ("a.vue", format!("<p>don't</p> <!-- {c} -->\n")),
            ("firestore.rules", format!("allow read; // {c}\n")),
            ("tsconfig.json", format!("{{ \"a\": \"//\" }} // {c}\n")),
            ("Procfile.weird", format!("# {c}\nweb: node x\n")),
        ] {
            assert_eq!(notes(path, &text).len(), 1, "{path}: {text}");
        }
    }

    #[test]
    fn text_that_is_no_comment_accepts_nothing() {
        let c = "vibecheck: ignore[a] why";
        for (path, text) in [
            ("a.ts", format!("const x = \"// {c}\"\n")),
            ("a.ts", format!("const x = `\n// {c}\n`\n")),
            ("a.py", format!("x = \"# {c}\"\n")),
            ("a.sql", format!("select '-- {c}'\n")),
            ("a.yml", format!("name: \"# {c}\"\n")),
            ("a.yml", format!("url: https://x.test/#{c}\n")),
            ("a.go", format!("x := \"// {c}\"\n")),
            ("package.json", format!("{{ \"//\": \"{c}\" }}\n")),
            ("README.md", format!("Write {c}.\n")),
            ("a.rs", format!("/// Write `{c}`.\n")),
            ("a.ts", "// vibecheck: ignored until now\n".to_owned()),
        ] {
            assert!(notes(path, &text).is_empty(), "{path}: {text}");
        }
    }

    #[test]
    fn a_flood_is_cut_off_and_takes_no_time() {
        let text = "// vibecheck: ignore[a] why\n".repeat(60_000);
        let found = notes("a.ts", &text);
        assert_eq!(found.len(), MOST + 1);
        assert!(found[MOST].problem.contains("more than 1000 such comments"), "{}", found[MOST].problem);
    }
}
