//! Every way to get a pack wrong: what is said, what is suggested, and exactly what is underlined.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a failed test may panic")]

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};
use vibecheck::rules::{PackError, PackErrors, RuleSet};

/// A rule without mistakes.
const RULE: &str = r#"[[rule]]
id = "late-migration"
title = "{app.name} migrates late"
area = "data"
severity = "high"
stage = "foundations"
on = "app"
applies = 'app.has_server == "yes"'
when = 'app.schema_in_repo == "no"'
unknown = 'app.schema_in_repo == "unknown"'
question = "Where is the schema of {app.path}?"
good = "{passed} of {applied} apps keep their schema."
required = true
requires = []
confidence = "medium"
why = "Nobody can rebuild it."
fix = "Write migrations. Use {{ }} for objects."
verify = "Run them."
effort = "days"
refs = ["X1"]
"#;

fn errors(packs: &[(&str, &str)]) -> Vec<PackError> {
    match RuleSet::from_texts(packs) {
        Ok(_) => panic!("the packs should be refused"),
        Err(PackErrors { errors }) => errors,
    }
}

/// The one error of the pack `text`: underlined characters, message, help.
#[track_caller]
fn one(text: &str, underlined: &str, message: &str, help: &str) {
    let errors = errors(&[("p.toml", text)]);
    let [error] = errors.as_slice() else { panic!("{errors:#?}") };
    let found = (
        error.place.as_ref().map(|place| place.text()).unwrap_or_default(),
        error.message.as_str(),
        error.help.as_deref().unwrap_or_default(),
    );
    assert_eq!(found, (underlined, message, help));
}

/// The same for [`RULE`] with one line replaced.
#[track_caller]
fn with(line: &str, instead: &str, underlined: &str, message: &str, help: &str) {
    assert!(RULE.contains(line), "{line}");
    one(&RULE.replacen(line, instead, 1), underlined, message, help);
}

#[test]
fn the_rule_itself_has_no_mistake() {
    let rules = RuleSet::from_texts(&[("p.toml", RULE)]).unwrap();
    assert_eq!(rules.rules.len(), 1);
    assert_eq!(rules.packs, ["p.toml"]);
    assert_eq!(rules.digest.len(), 16);
}

#[test]
fn the_shipped_packs_have_no_mistake() {
    // From the folder: what is built in is not compiled again when it is loaded.
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/packs");
    for loaded in [RuleSet::load_only(&folder), RuleSet::load(&[])] {
        if let Err(errors) = loaded {
            panic!("{}", shown(&errors));
        }
    }
}

#[test]
fn broken_toml() {
    one("[[rule]]\nid = \n", "", "not valid TOML: string values must be quoted, expected literal string", "");
    let found = errors(&[(
        "p.toml",
        "[[rule]
id = 'a'
",
    )]);
    assert_eq!(found[0].message, "not valid TOML: unclosed array table, expected `]`");
}

#[test]
fn rules_beside_broken_toml_are_checked_too() {
    let text = format!("{}\n[[rule]]\nid = 'x\n", RULE.replace("\"days\"", "\"day\""));
    let messages: Vec<String> = errors(&[("p.toml", &text)]).into_iter().map(|error| error.message).collect();
    assert_eq!(
        messages,
        ["there is no effort `day`", "not valid TOML: invalid literal string, expected `'`"]
    );
}

#[test]
fn keys() {
    with("when =", "wen =", "wen", "a rule has no key `wen`", "did you mean `when`?");
    with(
        "refs =",
        "colour =",
        "colour",
        "a rule has no key `colour`",
        "the keys are id, title, area, severity, stage, on, applies, pattern, query, when, unknown, question, good, required, requires, \
         confidence, why, fix, verify, effort, refs",
    );
    with(
        "fix = \"Write migrations. Use {{ }} for objects.\"\nverify = \"Run them.\"\n",
        "",
        "[[rule]]",
        "the rule has no `fix`, no `verify`",
        "",
    );
    one("[[rules]]\nid = 'x'\n", "rules", "a pack has no `rules`", "did you mean `[[rule]]`?");
    one(
        "version = 1\n",
        "version",
        "a pack has no `version`",
        "a pack holds `[[rule]]` tables and nothing else",
    );
    one("[rule]\nid = 'x'\n", "[rule]", "a pack is a list of rules", "write `[[rule]]`");
}

#[test]
fn choices() {
    with(
        "\"high\"",
        "\"hihg\"",
        "\"hihg\"",
        "there is no severity `hihg`",
        "did you mean `high`? There are blocker, critical, high, medium, low",
    );
    with(
        "\"foundations\"",
        "\"later\"",
        "\"later\"",
        "there is no stage `later`",
        "there are stabilize, foundations, scale",
    );
    with(
        "\"medium\"",
        "\"sure\"",
        "\"sure\"",
        "there is no confidence `sure`",
        "there are high, medium, low",
    );
    with(
        "\"days\"",
        "\"dyas\"",
        "\"dyas\"",
        "there is no effort `dyas`",
        "did you mean `days`? There are minutes, hours, days, weeks",
    );
    with(
        "\"data\"",
        "\"dta\"",
        "\"dta\"",
        "there is no area `dta`",
        "did you mean `data`? There are source-control, secrets, access, isolation, routes, cost, observability, \
         audit-trail, recovery, tests, single-points, data, ai, platform",
    );
    with(
        "required = true",
        "required = \"yes\"",
        "\"yes\"",
        "`required` must be true or false",
        "without quotes",
    );
    with(
        "requires = []",
        "requires = \"x\"",
        "\"x\"",
        "`requires` must be a list of strings",
        "write it in brackets: `[\"…\"]`",
    );
    with("\"X1\"", "7", "7", "`refs` must be a string", "");
    with("\"Run them.\"", "12", "12", "`verify` must be a string", "");
    with("\"Run them.\"", "\"  \"", "\"  \"", "`verify` is empty", "");
}

#[test]
fn kinds() {
    let text = |on: &str| {
        RULE.replace("on = \"app\"", &format!("on = \"{on}\""))
            .replace("{app.name} ", "")
            .replace(" of {app.path}", "")
    };
    let errors_of = |on: &str| {
        let errors = errors(&[("p.toml", &text(on))]);
        let first = errors.into_iter().next().unwrap();
        (first.place.unwrap().text().to_owned(), first.message, first.help.unwrap())
    };
    let (underlined, message, help) = errors_of("apps");
    assert_eq!(underlined, "\"apps\"");
    assert_eq!(message, "there is no kind `apps`");
    assert_eq!(help, "a rule is about one fact: write `app`");
    let (_, message, help) = errors_of("dependancy");
    assert_eq!(message, "there is no kind `dependancy`");
    assert!(help.starts_with("did you mean `dependency`? There are project, app, "), "{help}");
}

#[test]
fn ids() {
    let (message, camel) = ("an id is in kebab-case", "write `late-migration`");
    with("\"late-migration\"", "\"lateMigration\"", "\"lateMigration\"", message, camel);
    with("\"late-migration\"", "\"late_migration\"", "\"late_migration\"", message, camel);
    with(
        "\"late-migration\"",
        "\"1-late\"",
        "\"1-late\"",
        message,
        "lower-case words joined by hyphens: `missing-rate-limit`",
    );
}

#[test]
fn the_same_id_twice_shows_both_places() {
    let twice = format!("{RULE}\n{RULE}");
    let same_file = errors(&[("p.toml", &twice)]);
    assert_eq!(same_file.len(), 1);
    assert_eq!(same_file[0].message, "two rules have the id `late-migration`");
    let (again, first) = (same_file[0].place.as_ref().unwrap(), same_file[0].other.as_ref().unwrap());
    assert_eq!((again.text(), first.text()), ("\"late-migration\"", "\"late-migration\""));
    assert!(first.span.start < again.span.start);
    assert_eq!(same_file[0].labels().unwrap().count(), 2);

    let two_files = errors(&[("p.toml", RULE), ("q.toml", RULE)]);
    assert_eq!(two_files[0].place.as_ref().unwrap().source.name(), "q.toml");
    assert_eq!(two_files[0].labels().unwrap().count(), 1);
    assert_eq!(Diagnostic::help(&two_files[0]).unwrap().to_string(), "first at p.toml:2");
}

#[test]
fn requirements() {
    with(
        "requires = []",
        "requires = [\"late-migraton\"]",
        "\"late-migraton\"",
        "there is no rule `late-migraton`",
        "did you mean `late-migration`?",
    );
    with(
        "requires = []",
        "requires = [\"late-migration\"]",
        "\"late-migration\"",
        "`late-migration` requires itself: late-migration → late-migration",
        "a requirement must be something that can be had first",
    );
    let a = RULE.replace("late-migration", "a").replace("requires = []", "requires = [\"b\"]");
    let b = RULE.replace("late-migration", "b").replace("requires = []", "requires = [\"c\"]");
    let c = RULE.replace("late-migration", "c").replace("requires = []", "requires = [\"a\"]");
    let d = RULE.replace("late-migration", "d").replace("requires = []", "requires = [\"a\"]");
    let found = errors(&[("p.toml", &format!("{a}{b}{c}{d}"))]);
    let messages: Vec<&str> = found.iter().map(|error| error.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "`a` requires itself: a → b → c → a",
            "`b` requires itself: b → c → a → b",
            "`c` requires itself: c → a → b → c"
        ]
    );
}

#[test]
fn questions() {
    with(
        "question = \"Where is the schema of {app.path}?\"\n",
        "",
        "'app.schema_in_repo == \"unknown\"'",
        "what can't be told needs a `question`",
        "say what a person should be asked",
    );
    with(
        "unknown = 'app.schema_in_repo == \"unknown\"'\n",
        "",
        "\"Where is the schema of {app.path}?\"",
        "nothing asks this question",
        "`unknown` says when the answer can't be told",
    );
}

#[test]
fn placeholders() {
    with("{app.name}", "{app.nmae}", "nmae", "`app` has no field `nmae`", "did you mean `name`?");
    with(
        "{app.name}",
        "{table.name}",
        "table",
        "there is no `table` to fill in",
        "the fact is `app`: write `{app.field}`",
    );
    with(
        "{app.name}",
        "{app}",
        "app",
        "a whole `app` can't stand in a sentence",
        "name a field of it: `{app.…}`",
    );
    with(
        "{app.name}",
        "é{app.databases}",
        "app.databases",
        "a list of `Part` items can't stand in a sentence",
        "only lists of strings and numbers can be filled in",
    );
    with("{app.name}", "{app.name.x}", "x", "a string has no field `x`", "");
    with(
        "{app.name}",
        "{}",
        "{}",
        "`{}` is no placeholder",
        "write `{fact.field}`, or `{{` and `}}` for braces",
    );
    with("{app.name}", "{app.name", "{", "a placeholder is not closed", "write `{{` for a brace");
    with("{{ }}", "{{ }", "}", "a brace closes nothing", "write `}}` for a brace");
    with("{passed} of", "{pased} of", "pased", "`good` can't say `{pased}`", "did you mean `{passed}`?");
    with(
        "{passed} of",
        "{app.name} of",
        "app.name",
        "`good` can't say `{app.name}`",
        "`good` speaks of all facts at once: `{passed}`, `{applied}`, `{failed}`",
    );
}

#[test]
fn expressions_in_every_kind_of_string() {
    let help = "did you mean `schema_in_repo`?";
    let message = "`app` has no field `schema_in_rep`";
    let line = "when = 'app.schema_in_repo == \"no\"'";
    for instead in [
        "when = 'app.schema_in_rep == \"no\"'",
        "when = \"app.path != \\\"\\u00e9\\\" && app.schema_in_rep == 'no'\"",
        "when = '''\n  app.path != 'é' &&\n  app.schema_in_rep == \"no\"\n'''",
        "when = '''\r\n  app.path != 'é' &&\r\n  app.schema_in_rep == \"no\"\r\n'''",
        "when = \"\"\"app.path != 'é' && \\\n     app.schema_in_rep == 'no'\"\"\"",
    ] {
        with(line, instead, "schema_in_rep", message, help);
    }
}

#[test]
fn expressions() {
    let line = "'app.schema_in_repo == \"no\"'";
    with(
        line,
        "'app.schema_in_repo == \"nah\"'",
        "\"nah\"",
        "`app.schema_in_repo` is never \"nah\"",
        "did you mean \"na\"? It is one of \"yes\", \"no\", \"partial\", \"unknown\", \"na\"",
    );
    with(
        line,
        "'app.kind == \"wbe\"'",
        "\"wbe\"",
        "`app.kind` is never \"wbe\"",
        "did you mean \"web\"? It is one of \"web\", \"api\", \"worker\", \"mobile\", \"desktop\", \"cli\", \"library\", \
         \"unknown\"",
    );
    with(
        line,
        "'app.test_files == \"3\"'",
        "app.test_files == \"3\"",
        "can't compare a whole number with a string",
        "write the number without quotes",
    );
    with(
        line,
        "'size(app.unread)'",
        "size(app.unread)",
        "the expression is a whole number, not true or false",
        "compare it: `… > 0`",
    );
    with(
        line,
        "'app.databases.exist(d, d.name == \"x\")'",
        "exist",
        "there is no function `exist`",
        "did you mean `exists`?",
    );
    with(
        line,
        "'app.path.matches(\"[\")'",
        "\"[\"",
        "the pattern does not compile",
        "look-around and back-references are not supported: patterns run in linear time",
    );
    with(line, "'app.tests_in_ci == '", "==", "the expression ends too early", "");
    with(
        line,
        "'project.top_person_share > 0.8 && app.test_fils > 3'",
        "test_fils",
        "`app` has no field `test_fils`",
        "did you mean `test_files`?",
    );
    with(
        "'app.has_server == \"yes\"'",
        "'app.has_server'",
        "app.has_server",
        "the expression is one of a few strings, not true or false",
        "compare it: `… == \"yes\"`",
    );
}

#[test]
fn everything_wrong_is_reported_at_once_in_the_order_of_the_text() {
    let first = RULE
        .replace("\"high\"", "\"hihg\"")
        .replace("{app.name}", "{app.nmae}")
        .replace("== \"no\"", "== \"nah\"");
    let second = RULE.replace("late-migration", "Other").replace("verify", "verfy");
    let found = errors(&[("p.toml", &first), ("q.toml", &second)]);
    let messages: Vec<String> = found
        .iter()
        .map(|error| format!("{}: {}", error.place.as_ref().unwrap().source.name(), error.message))
        .collect();
    assert_eq!(
        messages,
        [
            "p.toml: `app` has no field `nmae`",
            "p.toml: there is no severity `hihg`",
            "p.toml: `app.schema_in_repo` is never \"nah\"",
            "q.toml: an id is in kebab-case",
            "q.toml: a rule has no key `verfy`",
        ]
    );
}

fn shown(errors: &PackErrors) -> String {
    let mut text = String::new();
    let theme = GraphicalTheme::unicode_nocolor();
    GraphicalReportHandler::new_themed(theme).with_width(100).render_report(&mut text, errors).unwrap();
    text
}

#[test]
fn how_it_looks() {
    let text = RULE.replace("app.schema_in_repo == \"no\"", "app.schema_in_rep == \"no\"");
    let errors = RuleSet::from_texts(&[("rules/data.toml", &text)]).unwrap_err();
    assert_eq!(
        shown(&errors),
        "  × a rule pack has a mistake

Error: 
  × `app` has no field `schema_in_rep`
    ╭─[rules/data.toml:9:13]
  8 │ applies = 'app.has_server == \"yes\"'
  9 │ when = 'app.schema_in_rep == \"no\"'
    ·             ──────┬──────
    ·                   ╰── unknown field
 10 │ unknown = 'app.schema_in_repo == \"unknown\"'
    ╰────
  help: did you mean `schema_in_repo`?
"
    );
}

#[test]
fn folders() {
    let folder = tempfile::tempdir().unwrap();
    let load = |path: std::path::PathBuf| RuleSet::load(&[path]);
    let message = |result: Result<RuleSet, PackErrors>| result.unwrap_err().errors[0].message.clone();
    let missing = folder.path().join("nope");
    assert_eq!(
        message(load(missing.clone())),
        format!("can't read {}: there is no such file or folder", missing.display())
    );
    assert_eq!(
        message(load(folder.path().to_path_buf())),
        format!("{} holds no pack: no file ends in .toml", folder.path().display())
    );
    let packs = folder.path().join("own");
    std::fs::create_dir_all(packs.join("deep")).unwrap();
    std::fs::create_dir_all(packs.join("fixtures/late-migration/good")).unwrap();
    std::fs::write(packs.join("b.toml"), RULE).unwrap();
    std::fs::write(packs.join("deep/a.toml"), RULE.replace("late-migration", "later")).unwrap();
    std::fs::write(packs.join("fixtures/late-migration/good/package.toml"), "no pack").unwrap();
    let rules = load(packs).unwrap();
    let own: Vec<&String> = rules.packs.iter().filter(|name| name.starts_with("own/")).collect();
    assert_eq!(own, ["own/b.toml", "own/deep/a.toml"]);
    assert_eq!(rules.rule("later").unwrap().rule.pack, "own/deep/a.toml");
    assert_ne!(rules.digest, RuleSet::load(&[]).unwrap().digest);
}
