//! Reads the pairs of `fail_open/`. The format is described in `README.md`.

use super::support::{Cells, Files, route_and_cells};

/// That of a case with `@/`: most projects with Next.js have it.
const TSCONFIG: &str = r#"{ "compilerOptions": { "paths": { "@/*": ["./*", "./src/*"] } } }"#;

/// Two variants of one small repository, and what must be said of them.
pub struct Case {
    pub title: String,
    pub line: usize,
    pub bad: Files,
    pub good: Files,
    pub expected: Vec<Expected>,
}

/// What must be said of one route.
pub struct Expected {
    pub is_bad: bool,
    /// `POST /api/x`
    pub route: String,
    /// Cell or `hole`, and which values it may have.
    pub cells: Cells,
}

/// The cases of one file, in order.
pub fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut in_file = false;
    for (line, number) in text.lines().zip(1..) {
        if let Some(title) = line.strip_prefix("=== ") {
            in_file = false;
            let title = title.to_owned();
            cases.push(Case { title, line: number, bad: Vec::new(), good: Vec::new(), expected: Vec::new() });
            continue;
        }
        // What stands before the first case is for people, and what begins with `# `.
        if line.starts_with("# ") {
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        if let Some(path) = line.strip_prefix("--- ") {
            in_file = true;
            case.bad.push((path.to_owned(), String::new()));
            case.good.push((path.to_owned(), String::new()));
        } else if let Some(rest) = line.strip_prefix("expect ") {
            in_file = false;
            case.expected.push(expected(rest).unwrap_or_else(|| panic!("line {number}: {line}")));
        } else if in_file {
            put(case, line);
        } else {
            assert!(line.is_empty(), "line {number}: {line}");
        }
    }
    for files in cases.iter_mut().flat_map(|case| [&mut case.bad, &mut case.good]) {
        files.retain(|(_, text)| !text.trim().is_empty());
        if files.iter().any(|(_, text)| text.contains("\"@/")) {
            files.push(("tsconfig.json".to_owned(), TSCONFIG.to_owned()));
        }
    }
    cases
}

/// A line of the file that was named last: of both variants, or of one.
fn put(case: &mut Case, line: &str) {
    let only_bad = line.strip_prefix("- ").or((line == "-").then_some(""));
    let only_good = line.strip_prefix("+ ").or((line == "+").then_some(""));
    let rest = only_bad.or(only_good).unwrap_or(line);
    let variants = [(&mut case.bad, only_good.is_none()), (&mut case.good, only_bad.is_none())];
    for (files, has_it) in variants {
        if let Some((_, text)) = files.last_mut().filter(|_| has_it) {
            text.push_str(rest);
            text.push('\n');
        }
    }
}

/// `bad: POST /api/x authenticated no hole result-ignored`
fn expected(text: &str) -> Option<Expected> {
    let (variant, rest) = text.split_once(": ")?;
    let (route, cells) = route_and_cells(rest)?;
    match variant {
        "bad" => Some(Expected { is_bad: true, route, cells }),
        "good" => Some(Expected { is_bad: false, route, cells }),
        _ => None,
    }
}

#[test]
fn a_case_has_two_variants() {
    let case = cases(
        "For people.
=== express: ignored
--- src/app.ts
const a = 1;
- check();
+ if (!check()) return;
--- src/only-good.ts
+ good();
expect bad: GET /a authenticated no|partial hole result-ignored
expect good: GET /a authenticated yes
",
    )
    .remove(0);
    assert_eq!(case.bad, [("src/app.ts".to_owned(), "const a = 1;\ncheck();\n".to_owned())]);
    assert_eq!(case.good[0].1, "const a = 1;\nif (!check()) return;\n");
    assert_eq!(case.good[1].1, "good();\n");
    let bad = &case.expected[0];
    assert!(bad.is_bad && bad.route == "GET /a");
    assert_eq!(bad.cells[0], ("authenticated".to_owned(), vec!["no".to_owned(), "partial".to_owned()]));
    assert_eq!(bad.cells[1], ("hole".to_owned(), vec!["result-ignored".to_owned()]));
}
