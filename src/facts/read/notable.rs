//! Files that should not be in a repository, by what they hold: dumps with rows, `.env` files with values, output of
//! a command gone wrong.

use super::Reader;
use crate::facts::FileNotes;
use crate::facts::kinds::{Evidence, NotableFile, NotableKind};
use crate::source::{File, Role};

/// The readers.
pub static READERS: &[Reader] = &[
    Reader { name: "dumps", wants: wants_dump, read: read_dump },
    Reader { name: ".env files", wants: wants_env, read: read_env },
    Reader { name: "junk", wants: wants_junk, read: read_junk },
];

fn notable(file: &File, kind: NotableKind, rows: u32, line: u32, says: &str) -> Option<NotableFile> {
    Some(NotableFile {
        app: String::new(),
        path: file.path.clone(),
        kind,
        tracked: file.tracked,
        files: 1,
        bytes: file.size,
        rows,
        evidence: vec![Evidence::new("kind", &file.path, line, says)],
        unknowns: Vec::new(),
    })
}

fn wants_dump(file: &File) -> bool {
    matches!(&*file.extension(), "sql" | "dump" | "bak" | "backup")
        && matches!(file.role, Role::Product | Role::Generated)
}

/// A path whose rows are there on purpose.
fn seeds(path: &str) -> bool {
    path.to_ascii_lowercase().split(['/', '.', '-', '_']).any(|word| {
        matches!(
            word,
            "seed"
                | "seeds"
                | "seeder"
                | "migration"
                | "migrations"
                | "migrate"
                | "drizzle"
                | "fixture"
                | "fixtures"
                | "sample"
                | "samples"
                | "demo"
                | "example"
                | "examples"
                | "test"
                | "tests"
        )
    })
}

fn read_dump(file: &File, text: &str, notes: &mut FileNotes) {
    let (mut rows, mut copying, mut inserting, mut first) = (0u32, false, false, 0u32);
    let mut header = 0u32;
    for (line, number) in text.lines().zip(1u32..) {
        let trimmed = line.trim_start();
        if copying {
            if trimmed.starts_with("\\.") {
                copying = false;
            } else {
                rows = rows.saturating_add(1);
            }
            continue;
        }
        if number <= 20
            && ["PostgreSQL database dump", "MySQL dump", "MariaDB dump", "phpMyAdmin SQL Dump"]
                .iter()
                .any(|h| trimmed.contains(h))
            && trimmed.starts_with("--")
        {
            header = number;
        }
        let start = |word: &str| trimmed.get(..word.len()).is_some_and(|s| s.eq_ignore_ascii_case(word));
        if start("COPY ") && trimmed.contains("FROM stdin") {
            copying = true;
            first = if first == 0 { number } else { first };
        } else if start("INSERT INTO") {
            // One row for each value list on the line, at least one; more may follow on lines of their own.
            let lists =
                u32::try_from(trimmed.matches("),(").count() + trimmed.matches("), (").count()).unwrap_or(0);
            let values_here = trimmed.to_ascii_uppercase().contains("VALUES");
            inserting = !trimmed.trim_end().ends_with(';');
            rows = rows.saturating_add(
                lists
                    + u32::from(
                        values_here
                            && trimmed.contains('(')
                            && !trimmed.trim_end().to_ascii_uppercase().ends_with("VALUES"),
                    ),
            );
            first = if first == 0 { number } else { first };
        } else if inserting {
            rows = rows.saturating_add(u32::from(trimmed.starts_with('(')));
            inserting = !trimmed.trim_end().ends_with(';');
        }
    }
    if (header > 0 && rows > 0) || (rows >= 50 && !seeds(&file.path)) {
        let line = if header > 0 { header } else { first };
        notes.notable = notable(file, NotableKind::Dump, rows, line, &format!("{rows} rows of data"));
    }
}

/// An `.env` file that is meant to be used, not an example of one.
pub fn env_in_use(name: &str) -> bool {
    let words: Vec<&str> = name.split('.').filter(|w| !w.is_empty()).collect();
    let first = words.first() == Some(&"env") && name.starts_with('.');
    let example = [
        "example", "sample", "template", "dist", "defaults", "default", "tpl", "schema", "vault", "md", "ts",
        "js", "test", "ci", "enc",
    ];
    first && !words.iter().any(|w| example.contains(w) || w.contains("example") || w.contains("sample"))
}

fn wants_env(file: &File) -> bool {
    env_in_use(file.name()) && matches!(file.role, Role::Product)
}

fn read_env(file: &File, text: &str, notes: &mut FileNotes) {
    let with_value = |line: &str| {
        let line = line.trim().trim_start_matches("export ");
        let (name, value) = line.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (!line.starts_with('#') && !name.trim().is_empty() && !value.is_empty()).then_some(())
    };
    let lines: Vec<u32> = text.lines().zip(1u32..).filter_map(|(l, n)| with_value(l).map(|()| n)).collect();
    if let Some(first) = lines.first() {
        notes.notable =
            notable(file, NotableKind::EnvFile, 0, *first, &format!("{} variables with values", lines.len()));
    }
}

fn wants_junk(file: &File) -> bool {
    file.role == Role::Product && !file.path.contains(['/', '.']) && file.size < 1_000_000
        || file.role == Role::Product && !file.path.contains('/') && file.path.contains(" --")
}

fn read_junk(file: &File, text: &str, notes: &mut FileNotes) {
    let hash = |word: &str| word.len() >= 7 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let first = text.lines().find(|l| !l.trim().is_empty()).unwrap_or("");
    let plain: String = first.replace("\u{1b}[33m", "");
    let log =
        plain.strip_prefix("commit ").is_some_and(|rest| hash(rest.split_whitespace().next().unwrap_or("")))
            || plain.split_once(' ').is_some_and(|(id, rest)| {
                hash(id) && id.bytes().any(|b| b.is_ascii_digit()) && rest.contains("HEAD")
            });
    let says = if file.path.contains(' ') && file.path.split(' ').any(|w| w.starts_with("--") && w.len() > 2)
    {
        "named like the arguments of a command"
    } else if plain.starts_with("diff --git ") || log {
        "holds the output of git"
    } else if text.contains("SUMMARY OF LESS COMMANDS") || text.contains("S\u{8}SU\u{8}UM\u{8}MM") {
        "holds the help page of a pager"
    } else {
        return;
    };
    notes.notable = notable(file, NotableKind::Junk, 0, 1, says);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::read::testing::file;

    fn kind(path: &str, text: &str, read: fn(&File, &str, &mut FileNotes)) -> Option<(NotableKind, u32)> {
        let mut notes = FileNotes::default();
        read(&file(path), text, &mut notes);
        notes.notable.map(|n| (n.kind, n.rows))
    }

    #[test]
    fn dumps_have_rows_and_are_no_seeds() {
        let rows = "INSERT INTO users VALUES (1, 'a');\n".repeat(50);
        assert_eq!(kind("backup.sql", &rows, read_dump), Some((NotableKind::Dump, 50)));
        assert_eq!(kind("supabase/seed.sql", &rows, read_dump), None);
        assert_eq!(kind("backup.sql", "INSERT INTO plans VALUES (1);\n", read_dump), None);
        let copy = "-- PostgreSQL database dump\nCOPY public.users (id) FROM stdin;\n1\n2\n\\.\n";
        assert_eq!(kind("x.sql", copy, read_dump), Some((NotableKind::Dump, 2)));
        assert_eq!(
            kind("schema.sql", "-- PostgreSQL database dump\nCREATE TABLE a (id int);\n", read_dump),
            None
        );
    }

    #[test]
    fn env_files_count_with_values_only() {
        assert_eq!(kind(".env", "A=1\n", read_env), Some((NotableKind::EnvFile, 0)));
        assert_eq!(kind(".env", "# A=1\nB=\n", read_env), None);
        assert!(env_in_use(".env.production") && !env_in_use(".env.example") && !env_in_use("env.ts"));
    }

    #[test]
    fn junk_is_told_by_name_or_content() {
        assert!(kind("et --soft HEAD~1", "", read_junk).is_some());
        assert!(kind("tatus", "diff --git a/x b/x\n", read_junk).is_some());
        assert!(kind("tatus", "commit 0123456789abcdef0123456789abcdef01234567\n", read_junk).is_some());
        assert!(kind("Makefile", "all:\n\techo\n", read_junk).is_none());
    }
}
