//! What `vibecheck rules` and `vibecheck explain` say.
#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

use std::fs;
use std::path::Path;

use vibecheck::rules::{RuleSet, check_folder, explain, list_json, list_table, test_folder};

const PACK: &str = r#"[[rule]]
id = "late-migration"
title = "{app.name} migrates late"
area = "data"
severity = "high"
stage = "foundations"
on = "app"
applies = 'app.has_server == "yes"'
when = '''
  app.schema_in_repo == "no"
  && app.migrations.size() == 0'''
unknown = 'app.schema_in_repo == "unknown"'
question = "Where is the schema of {app.path}?"
required = true
why = "Nobody can rebuild it."
fix = "Write migrations."
verify = "Run them."
effort = "days"
refs = ["DH01", "CWE-1"]

[[rule]]
id = "no-readme"
title = "There is no README"
area = "source-control"
severity = "low"
stage = "scale"
on = "project"
when = '!project.readme'
requires = ["late-migration"]
why = "w"
fix = "f"
verify = "v"
effort = "hours"
"#;

fn rules() -> RuleSet {
    RuleSet::from_texts(&[("data.toml", PACK)]).unwrap()
}

#[test]
fn the_list_is_ordered_by_area() {
    let rules = rules();
    let expected = format!(
        "\
Source control and backups (source-control)
  no-readme       low       scale        There is no README

Data handling (data)
  late-migration  high      foundations  … migrates late

2 rules in 1 pack, rule set {}
",
        rules.digest
    );
    assert_eq!(list_table(&rules), expected);
}

#[test]
fn the_json_list_has_the_words_of_the_pack() {
    let json = list_json(&rules());
    assert_eq!(
        json["rules"][0],
        serde_json::json!({
            "id": "late-migration", "title": "{app.name} migrates late", "area": "data", "severity": "high",
            "stage": "foundations", "on": "app", "body": "when", "required": true, "confidence": "high", "effort": "days",
            "pack": "data.toml"
        })
    );
    assert_eq!(json["rules"].as_array().unwrap().len(), 2);
}

#[test]
fn an_explanation() {
    let expected = r#"late-migration
… migrates late

Data handling · high · foundations, required of the area
Confidence high · the fix takes days

Why it matters
  Nobody can rebuild it.

What it looks at
  Every fact of kind `app`.
  It applies where
      app.has_server == "yes"
  It cannot be told where
      app.schema_in_repo == "unknown"
  It fails where
      app.schema_in_repo == "no"
        && app.migrations.size() == 0

What to ask when it cannot be told
  Where is the schema of …?

How to fix it
  Write migrations.

How to see that it is fixed
  Run them.

References
  DH01, CWE-1

From data.toml
"#;
    assert_eq!(explain(&rules(), "late-migration").unwrap(), expected);
    let other = explain(&rules(), "no-readme").unwrap();
    assert!(other.contains("  It also fails where these fail: late-migration\n"), "{other}");
}

#[test]
fn an_unknown_rule_gets_a_suggestion() {
    let error = |id: &str| explain(&rules(), id).unwrap_err();
    assert_eq!(error("late-migratoin"), "there is no rule `late-migratoin`; did you mean `late-migration`?");
    assert_eq!(error("readme"), "there is no rule `readme`; did you mean `no-readme`?");
    assert_eq!(error("xyz"), "there is no rule `xyz`; `vibecheck rules list` names them all");
}

#[test]
fn every_shipped_rule_can_be_explained() {
    let rules = RuleSet::load(&[]).unwrap();
    for loaded in &rules.rules {
        assert!(explain(&rules, &loaded.rule.id).is_ok());
    }
}

/// A rule whose outcome no extractor can change.
fn always(id: &str, when: &str) -> String {
    format!(
        "[[rule]]\nid = \"{id}\"\ntitle = \"It is {id}\"\narea = \"data\"\nseverity = \"low\"\nstage = \"scale\"\n\
         on = \"project\"\n{when}\nwhy = \"w\"\nfix = \"f\"\nverify = \"v\"\neffort = \"days\"\n\n"
    )
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn fixtures_must_trigger_reach_and_not_trigger() {
    let folder = tempfile::tempdir().unwrap();
    let packs = [
        always("always-bad", "when = 'project.files >= 0'"),
        always("never-bad", "when = 'project.files < 0'"),
        always("unreached", "applies = 'project.files < 0'\nwhen = 'true'"),
        always("untold", "unknown = 'project.files >= 0'\nquestion = \"q\"\nwhen = 'true'"),
        always("without-fixtures", "when = 'true'"),
    ];
    write(folder.path(), "own.toml", &packs.concat());
    for id in ["always-bad", "never-bad", "unreached", "untold"] {
        write(folder.path(), &format!("fixtures/{id}/bad/a.txt"), "a");
        write(folder.path(), &format!("fixtures/{id}/good/a.txt"), "a");
    }
    write(folder.path(), "fixtures/untold/expect.toml", "good = \"unknown\"\n");
    write(folder.path(), "fixtures/mispelt/bad/a.txt", "a");

    assert_eq!(check_folder(folder.path()).unwrap(), "5 rules in 1 pack: no mistakes");
    let report = test_folder(folder.path()).unwrap();
    assert!(!report.passed);
    assert_eq!(
        report.text,
        "\
FAIL  always-bad
      good: it should not fail: It is always-bad
FAIL  never-bad
      bad: it should fail, and passes (1 of 1)
FAIL  unreached
      bad: the fixture doesn't reach the rule: `applies` is false for its project
      good: the fixture doesn't reach the rule: `applies` is false for its project
FAIL  untold
      bad: it should fail, and can't be told, because what was read of the repository does not show it
FAIL  without-fixtures
      there is no `bad` fixture: put the smallest files that trigger it into fixtures/without-fixtures/bad
      there is no `good` fixture: put the smallest files that nearly do into fixtures/without-fixtures/good
FAIL  mispelt
      the folder is named after no rule
6 of 6 rules failed
"
    );
}

#[test]
fn a_mistake_in_the_folder_is_an_error_of_both_commands() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "own.toml", "[[rule]]\nid = \"x\"\n");
    assert!(check_folder(folder.path()).is_err());
    assert!(test_folder(folder.path()).is_err());
}

#[test]
fn the_page_for_authors_names_everything() {
    let page = fs::read_to_string("docs/writing-rules.md").unwrap();
    for kind in vibecheck::facts::KINDS {
        assert!(page.contains(&format!("| `{}` |", kind.name)), "kind {}", kind.name);
        assert!(page.contains(&format!("`{}`", kind.list)), "list {}", kind.list);
    }
    for area in vibecheck::rules::AREAS {
        assert!(page.contains(&format!("`{}`", area.slug)), "area {}", area.slug);
    }
}

#[test]
fn the_examples_of_the_page_are_right() {
    let page = fs::read_to_string("docs/writing-rules.md").unwrap();
    let examples: Vec<&str> =
        page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let rules: Vec<&&str> = examples.iter().filter(|example| example.contains("[[rule]]")).collect();
    assert_eq!(rules.len(), 3, "one for each body");
    for rule in rules {
        assert!(RuleSet::from_texts(&[("page.toml", rule)]).is_ok(), "{rule}");
    }

    let history = examples.iter().find(|example| example.contains("[[commit]]")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "history.toml", history);
    for name in ["notes.txt", "src/a.ts", "package.json"] {
        write(folder.path(), name, "x");
    }
    let made = vibecheck::rules::materialise(folder.path()).unwrap();
    assert!(made.path().join(".git").is_dir());
}
