//! A pack of ten rules from outside the repository, with the three bodies and everything a rule can say: tested by
//! `rules test`, run by `audit --rules`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

mod common;

use std::path::Path;

use common::{repository, run, vibecheck, write};
use serde_json::Value;

/// The keys that every rule needs and this test does not look at.
const REST: &str = "why = \"w\"\nfix = \"f\"\nverify = \"v\"\neffort = \"hours\"\n";

const FACTS: &str = r#"
[[rule]]
id = "acme-no-readme"
title = "{project.name} has no README"
area = "source-control"
severity = "low"
stage = "foundations"
on = "project"
applies = 'project.files > 0'
when = '!project.readme'
good = "There is a README."
REST
[[rule]]
id = "acme-who-is-on-call"
title = "Nobody is on call"
area = "recovery"
severity = "high"
stage = "scale"
on = "project"
unknown = 'project.files >= 0'
when = 'false'
question = "Who is called at night for {project.name}?"
required = true
REST
[[rule]]
id = "acme-debug-in-typescript"
title = "Debugging is left in TypeScript"
area = "routes"
severity = "medium"
stage = "stabilize"
on = "project"
applies = 'matches.exists(m, m.rule == "acme-debug-route")'
when = 'matches.exists(m, m.rule == "acme-debug-route" && m.language == "typescript" && m.role == "product")'
requires = ["acme-no-readme"]
confidence = "low"
refs = ["ACME-1"]
REST
"#;

const TEXT: &str = r#"
[[rule]]
id = "acme-token"
title = "{match.captures.name} stands in {match.file}"
area = "secrets"
severity = "critical"
stage = "stabilize"
when = 'match.captures.name.lowerAscii() != "example_token"'
good = "No token in {passed} of {applied} files."
REST
[rule.pattern]
keywords = ["acme_"]
regex = '''(?i)\b(?<name>\w*token)\s*=\s*['"]acme_(?<value>\w{12,})['"]'''
capture = "value"
entropy = 3.2
files = ["*.py", "src/**/*.ts"]
not_files = ["**/generated/**"]

[[rule]]
id = "acme-launch-note"
title = "{match.file} has work to do before launch"
area = "routes"
severity = "medium"
stage = "stabilize"
applies = 'match.role != "test" || match.captures.what != "later"'
when = 'true'
REST
pattern = { keywords = ["fixme"], regex = 'FIXME: (?<what>\w+)', roles = ["product", "test"] }

[[rule]]
id = "acme-debug-route"
title = "{match.file} answers {match.text}"
area = "routes"
severity = "high"
stage = "stabilize"
unknown = 'match.text.contains("__maybe__")'
question = "Is {match.text} open to anyone?"
REST
pattern = { keywords = ["/__"], regex = '/__\w+__', files = ["*.ts", "*.py"] }
"#;

const CODE: &str = r#"
[[rule]]
id = "acme-eval"
title = "{match.file} runs text as code"
area = "routes"
severity = "critical"
stage = "stabilize"
when = '''!match.captures.code.matches("^[\"']")'''
good = "{passed} of {applied} files run no text."
REST
[rule.query]
languages = ["typescript", "tsx", "javascript"]
keywords = ["eval("]
query = '''
(call_expression function: (identifier) @_f arguments: (arguments . (_) @code) (#eq? @_f "eval")) @call
'''
capture = "call"

[[rule]]
id = "acme-shell"
title = "{match.file} runs a shell"
area = "routes"
severity = "high"
stage = "stabilize"
REST
[rule.query]
languages = ["python"]
keywords = ["subprocess"]
query = '''
(call
  function: (attribute object: (identifier) @_module attribute: (identifier) @_f)
  arguments: (argument_list (keyword_argument name: (identifier) @_k value: (true)))
  (#eq? @_module "subprocess")
  (#any-of? @_f "run" "Popen" "check_output")
  (#eq? @_k "shell")) @call
'''

[[rule]]
id = "acme-open-cors"
title = "Any site may call as the user: {match.text}"
area = "access"
severity = "critical"
stage = "stabilize"
REST
[rule.query]
languages = ["typescript", "javascript"]
keywords = ["cors"]
query = '''
(call_expression
  function: (identifier) @_f
  arguments: (arguments (object
    (pair key: (_) @_origin value: [(true) (string)] @_any)
    (pair key: (_) @_credentials value: (true))))
  (#eq? @_f "cors")
  (#eq? @_origin "origin")
  (#match? @_any "^(true|['\"][*]['\"])$")
  (#eq? @_credentials "credentials")) @call
'''

[[rule]]
id = "acme-document-write"
title = "{match.file} writes over the page"
area = "routes"
severity = "low"
stage = "scale"
REST
[rule.query]
languages = ["typescript", "javascript"]
keywords = ["document.write"]
query = '((call_expression function: (member_expression) @f) @call (#not-match? @f "console") (#eq? @f "document.write"))'
capture = "call"
files = ["**/*.vue"]
"#;

/// The smallest files for each rule: its id, bad, good.
type Fixture =
    (&'static str, &'static [(&'static str, &'static str)], &'static [(&'static str, &'static str)]);

const FIXTURES: &[Fixture] = &[
    ("acme-no-readme", &[("a.txt", "x")], &[("README.md", "# Acme\n\nRun `npm start`.\n")]),
    ("acme-who-is-on-call", &[("a.txt", "x")], &[("a.txt", "x")]),
    (
        "acme-debug-in-typescript",
        &[("src/a.ts", "app.get('/__dump__')\n")],
        &[("src/a.py", "route('/__dump__')\n")],
    ),
    (
        "acme-token",
        &[("src/a.ts", "const userToken = 'acme_x8Kq2Zp9Lm4W'\n")],
        &[
            ("src/a.ts", "const userToken = 'acme_aaaaaaaaaaaa'\n"),
            ("src/b.ts", "const EXAMPLE_TOKEN = 'acme_x8Kq2Zp9Lm4W'\n"),
            ("src/generated/c.ts", "const userToken = 'acme_x8Kq2Zp9Lm4W'\n"),
            ("lib/d.ts", "const userToken = 'acme_x8Kq2Zp9Lm4W'\n"),
        ],
    ),
    (
        "acme-launch-note",
        &[("tests/a.test.ts", "// FIXME: now\n")],
        &[("tests/a.test.ts", "// FIXME: later\n"), ("docs/b.md", "FIXME: now\n")],
    ),
    ("acme-debug-route", &[("a.ts", "get('/__dump__')\n")], &[("a.ts", "get('/__')\n")]),
    (
        "acme-eval",
        &[("a.tsx", "const a = <b>{eval(x)}</b>\n")],
        &[("a.js", "// eval(x)\nconst a = eval('1')\nconst b = 'eval(x)'\n")],
    ),
    (
        "acme-shell",
        &[("a.py", "subprocess.run(cmd, shell=True)\n")],
        &[("a.py", "subprocess.run(cmd, shell=False)\nother.run(cmd, shell=True)\n")],
    ),
    (
        "acme-open-cors",
        &[("a.ts", "app.use(cors({ origin: '*', credentials: true }))\n")],
        &[("a.ts", "app.use(cors({ origin: 'https://a.example', credentials: true }))\n")],
    ),
    (
        "acme-document-write",
        &[("a.vue", "<template/>\n<script>document.write(x)</script>\n")],
        &[("a.vue", "<template>document.write(x)</template>\n<script>console.log(1)</script>\n")],
    ),
];

/// The pack in a folder of its own, in several files.
fn pack() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = |text: &str| text.replace("REST\n", REST);
    write(
        folder.path(),
        &[("facts.toml", &text(FACTS)), ("text.toml", &text(TEXT)), ("deep/code.toml", &text(CODE))],
    );
    for (id, bad, good) in FIXTURES {
        for (which, files) in [("bad", bad), ("good", good)] {
            write(&folder.path().join("fixtures").join(id).join(which), files);
        }
    }
    let unknown = "bad = \"unknown\"\ngood = \"unknown\"\n";
    write(folder.path(), &[("fixtures/acme-who-is-on-call/expect.toml", unknown)]);
    folder
}

/// `vibecheck rules WHAT FOLDER`: status, output, errors.
fn rules(what: &str, folder: &Path) -> (i32, String, String) {
    let said = run(vibecheck().args(["rules", what]).arg(folder));
    (said.status, said.out, said.err)
}

#[test]
fn its_fixtures_do_what_they_should() {
    let folder = pack();
    assert_eq!(
        rules("check", folder.path()),
        (0, "10 rules in 3 packs: no mistakes\n".into(), String::new())
    );
    let (status, out, err) = rules("test", folder.path());
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    assert!(out.ends_with("10 rules: all fixtures do what they should\n"), "{out}");
}

#[test]
fn a_fixture_that_does_not_what_it_should_is_told_apart_from_a_mistake_in_a_pack() {
    let folder = pack();
    write(folder.path(), &[("fixtures/acme-eval/good/b.ts", "eval(x)\n")]);
    std::fs::remove_dir_all(folder.path().join("fixtures/acme-shell")).unwrap();
    write(folder.path(), &[("fixtures/acme-token/bad/src/a.ts", "acme_\n")]);
    write(folder.path(), &[("fixtures/acme-debug-route/good/a.ts", "nothing\n")]);
    write(folder.path(), &[("fixtures/acme-open-cors/good/a.ts", "")]);
    std::fs::remove_file(folder.path().join("fixtures/acme-open-cors/good/a.ts")).unwrap();
    write(folder.path(), &[("fixtures/acme-open-cors/good/a.py", "cors\n")]);
    let (status, out, _) = rules("test", folder.path());
    assert_eq!(status, 1);
    for told in [
        "FAIL  acme-eval\n      good: it should not fail: b.ts runs text as code (b.ts:1)\n",
        "FAIL  acme-shell\n      there is no `bad` fixture: put the smallest files that trigger it into \
         fixtures/acme-shell/bad\n",
        "FAIL  acme-token\n      bad: it should fail, and passes (1 of 1)\n",
        "FAIL  acme-debug-route\n      good: the fixture doesn't reach the rule: no file that the pattern looks at holds \
         `/__`\n",
        "FAIL  acme-open-cors\n      good: the fixture doesn't reach the rule: it has no file that the query looks at\n",
        "5 of 10 rules failed\n",
    ] {
        assert!(out.contains(told), "{told}\n---\n{out}");
    }
    write(folder.path(), &[("wrong.toml", "[[rule]]\nid = 'x'\n")]);
    assert_eq!(rules("test", folder.path()).0, 2);
}

/// What the audit of `files` with the pack says.
fn audited(files: &[(&str, &str)]) -> (i32, Value) {
    let (pack, repository) = (pack(), repository(files));
    let said = run(vibecheck()
        .arg("audit")
        .arg(repository.path())
        .args(["--date", "2026-03-01", "--format", "json", "--fail-on", "critical", "--rules"])
        .arg(pack.path()));
    (said.status, serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{e} {}", said.err)))
}

fn outcome<'a>(report: &'a Value, rule: &str) -> &'a Value {
    report["outcomes"].as_array().unwrap().iter().find(|o| o["rule"] == rule).unwrap()
}

/// Subject, title, and line and column of each place.
type Shown = (String, String, Vec<(u64, u64)>);

/// What a rule found.
fn findings(report: &Value, rule: &str) -> Vec<Shown> {
    let of_rule = report["findings"].as_array().unwrap().iter().filter(|f| f["rule"] == rule);
    let number = |value: &Value| value.as_u64().unwrap();
    let places = |f: &Value| {
        f["places"].as_array().unwrap().iter().map(|p| (number(&p["line"]), number(&p["column"]))).collect()
    };
    of_rule
        .map(|f| (f["subject"].as_str().unwrap().into(), f["title"].as_str().unwrap().into(), places(f)))
        .collect()
}

const REPOSITORY: &[(&str, &str)] = &[
    ("package.json", "{\"name\": \"shop\", \"version\": \"1.0.0\"}\n"),
    (
        "src/server.ts",
        "app.get('/__dump__', dump)\nconst é = eval(a), b = eval(\n  b,\n)\napp.use(cors({\n  credentials: true,\n  \
         origin: true,\n}))\n",
    ),
    ("src/clean.ts", "export const two = eval('1 + 1')\n"),
    ("src/maybe.py", "route('/__maybe__')\n"),
    ("tests/eval.test.ts", "eval(x)\n"),
];

#[test]
fn it_finds_what_it_looks_for() {
    let (status, report) = audited(REPOSITORY);
    assert_eq!(status, 1, "a critical finding of the pack fails the gate");
    // One finding for the file, with a place for each match.
    assert_eq!(
        findings(&report, "acme-eval"),
        [("src/server.ts".into(), "src/server.ts runs text as code".into(), vec![(2, 11), (2, 24)])]
    );
    let eval = outcome(&report, "acme-eval");
    assert_eq!(
        (&eval["result"], &eval["applied"], &eval["passed"]),
        (&"failed".into(), &2.into(), &1.into())
    );
    // The object's keys may come in any order only if the query says so.
    assert_eq!(outcome(&report, "acme-open-cors")["result"], "passed");
    // A rule over the matches of another, and its question.
    assert_eq!(findings(&report, "acme-debug-in-typescript").len(), 1);
    assert_eq!(findings(&report, "acme-debug-route")[0].1, "src/server.ts answers /__dump__");
    let questions = report["questions"].as_array().unwrap();
    assert!(questions.iter().any(|q| q["question"] == "Is /__maybe__ open to anyone?"), "{questions:?}");
    // What there is none of.
    let of =
        |rule: &str| (outcome(&report, rule)["result"].clone(), outcome(&report, rule)["reasons"][0].clone());
    assert_eq!(outcome(&report, "acme-shell")["result"], "passed", "one file was looked at");
    let none = "the repository has no TypeScript or JavaScript files that it looks at (**/*.vue)";
    assert_eq!(of("acme-document-write"), ("not-applicable".into(), none.into()));
}

#[test]
fn what_is_clean_is_said_of_every_file_that_was_looked_at() {
    let (_, report) = audited(&[("a.ts", "x\n"), ("b.tsx", "eval('1')\n"), ("c.js", "y\n"), ("d.py", "z\n")]);
    let eval = outcome(&report, "acme-eval");
    assert_eq!(
        (&eval["result"], &eval["applied"], &eval["failed"]),
        (&"passed".into(), &3.into(), &0.into())
    );
    let strengths = report["strengths"].as_array().unwrap();
    assert!(strengths.iter().any(|s| s["sentence"] == "3 of 3 files run no text."), "{strengths:?}");
}

#[test]
fn reformatted_and_moved_code_keeps_its_keys_and_a_new_match_beside_it_has_its_own() {
    let keys = |text: &str| -> Vec<String> {
        let (_, report) = audited(&[("src/a.ts", text)]);
        let found = report["findings"].as_array().unwrap().iter().find(|f| f["rule"] == "acme-eval").unwrap();
        found["places"].as_array().unwrap().iter().map(|p| p["key"].as_str().unwrap().to_owned()).collect()
    };
    let before = keys("run(eval(userInput, { strict: true }))\n");
    let after = keys("\n\nrun(\n  eval(userInput, {\n    strict: true,\n  }),\n);\n");
    assert_eq!(before, after);
    let more = keys("run(eval(userInput, { strict: true }), eval(other))\n");
    assert_eq!(more.len(), 2);
    assert!(more.contains(&before[0]));
}

#[test]
fn facts_show_what_was_found() {
    let (pack, repository) = (pack(), repository(REPOSITORY));
    let said = run(vibecheck()
        .arg("facts")
        .arg(repository.path())
        .args(["--kind", "match", "--format", "json", "--rules"])
        .arg(pack.path()));
    let facts: Value = serde_json::from_str(&said.out).unwrap();
    let eval: Vec<&Value> =
        facts["matches"].as_array().unwrap().iter().filter(|m| m["rule"] == "acme-eval").collect();
    assert_eq!(eval.len(), 3, "what `when` leaves out is a match as well");
    let second = eval.iter().find(|m| m["captures"]["code"] == "b").unwrap();
    assert_eq!((second["line"].as_u64(), second["end_line"].as_u64()), (Some(2), Some(4)));
    assert_eq!((&second["text"], &second["language"]), (&"eval( b, )".into(), &"typescript".into()));
}

#[test]
fn a_token_that_a_rule_captures_is_masked_everywhere() {
    let value = format!("acme_{}", "x8Kq2Zp9Lm4W7");
    let line = format!("const userToken = '{value}'\n");
    let (pack, repository) = (pack(), repository(&[("src/a.ts", &line)]));
    for format in ["terminal", "json", "markdown"] {
        let said = run(vibecheck()
            .arg("audit")
            .arg(repository.path())
            .args(["--date", "2026-03-01", "--with-facts", "--format", format, "--rules"])
            .arg(pack.path()));
        assert!(said.out.contains("userToken stands in src/a.ts"), "{}", said.out);
        assert!(!said.out.contains("Zp9Lm4W7") && !said.err.contains("Zp9Lm4W7"), "{}", said.out);
    }
}

#[test]
fn new_rules_work_as_they_are_laid_out() {
    let folder = tempfile::tempdir().unwrap();
    let new = |args: &[&str]| {
        let said = run(vibecheck()
            .args(["rules", "new"])
            .args(args)
            .args(["--in", "mine"])
            .current_dir(folder.path()));
        (said.status, said.out, said.err)
    };
    for (id, body) in [("my-fact", "when"), ("my-text", "pattern"), ("my-code", "query")] {
        let (status, out, err) = new(&[id, "--body", body]);
        assert_eq!((status, err.as_str()), (0, ""));
        assert!(
            out.contains(&format!("mine/{id}.toml")) && out.contains("vibecheck rules test mine"),
            "{out}"
        );
    }
    let (status, out, _) = rules("test", &folder.path().join("mine"));
    assert_eq!((status, out.lines().count()), (0, 4), "{out}");
    for (id, told) in [
        (
            "my-fact",
            "error: mine/my-fact.toml is there already, and nothing is overwritten; choose another id\n",
        ),
        ("MyFact", "error: an id is in kebab-case: write `my-fact`\n"),
        (
            "no-lockfile",
            "error: there is a rule `no-lockfile` already, in rules/packs/platform.toml; choose another id\n",
        ),
        (
            "42",
            "error: `42` is no id: write lower-case words joined by hyphens that name the flaw, like \
             `missing-rate-limit`\n",
        ),
    ] {
        assert_eq!(new(&[id]), (2, String::new(), told.to_owned()));
    }
}
