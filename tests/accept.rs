//! What is accepted stays quiet, and never hides what is new: suppressions and the baseline, from the command line.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

mod common;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use common::{Said, audit, git_run, repository, run, vibecheck, write};
use serde_json::Value;

const TRIAGE: &str = ".github/workflows/triage.yml";
const DEPLOY: &str = ".github/workflows/deploy.yml";

/// A workflow with a critical fault in line 7.
fn triage(comment: &str) -> String {
    format!(
        "name: triage\non: issues\njobs:\n  greet:\n    runs-on: ubuntu-latest\n    steps:\n      \
         - run: echo \"${{{{ github.event.issue.title }}}}\"{comment}\n"
    )
}

/// A workflow that uses actions, one in each line from the 7th.
fn deploy(actions: &[&str]) -> String {
    let steps: String = actions.iter().map(|action| format!("      - uses: {action}\n")).collect();
    format!("name: deploy\non: push\njobs:\n  ship:\n    runs-on: ubuntu-latest\n    steps:\n{steps}")
}

/// A repository with one critical finding, with one place, and one of medium severity with two.
fn faulty() -> tempfile::TempDir {
    repository(&[
        (".gitignore", ".env\nnode_modules\n"),
        (TRIAGE, &triage("")),
        (DEPLOY, &deploy(&["someone/setup-thing@v1", "other/deploy-thing@main"])),
    ])
}

fn json(folder: &Path, more: &[&str]) -> Value {
    let said = audit(folder, &[&["--format", "json"], more].concat());
    serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{e}\n{}\n{}", said.out, said.err))
}

/// Rules in one of the lists of the report.
fn rules(report: &Value, list: &str) -> Vec<String> {
    report[list].as_array().unwrap().iter().map(|f| f["rule"].as_str().unwrap().to_owned()).collect()
}

fn finding<'a>(report: &'a Value, list: &str, rule: &str) -> &'a Value {
    let all = report[list].as_array().unwrap();
    all.iter().find(|f| f["rule"] == rule).unwrap_or_else(|| panic!("no {rule} in {list}: {all:#?}"))
}

/// Line and standing of each place.
fn standings(finding: &Value) -> Vec<(u64, String)> {
    let places = finding["places"].as_array().unwrap();
    places.iter().map(|p| (p["line"].as_u64().unwrap(), p["standing"].as_str().unwrap().to_owned())).collect()
}

/// Why the only suppression that does not apply does not.
fn unused(report: &Value) -> String {
    let all = report["unused_suppressions"].as_array().unwrap();
    assert_eq!(all.len(), 1, "{all:#?}");
    format!("{}:{} {}", all[0]["file"].as_str().unwrap(), all[0]["line"], all[0]["because"].as_str().unwrap())
}

fn ignore(selector: &str) -> String {
    format!(
        "[[ignore]]\nrule = \"untrusted-code-in-ci\"\n{selector}\nreason = \"Only members can open issues\"\n"
    )
}

/// Without the breaks of a page.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn baseline(folder: &Path, more: &[&str]) -> Said {
    run(vibecheck().arg("baseline").arg(folder).args(["--date", "2026-03-01"]).args(more))
}

#[test]
fn each_selector_accepts_and_the_gate_passes() {
    let folder = faulty();
    assert_eq!(audit(folder.path(), &[]).status, 1);
    let key =
        finding(&json(folder.path(), &[]), "findings", "untrusted-code-in-ci")["places"][0]["key"].clone();
    for selector in [
        "path = \".github/workflows/triage.yml\"".to_owned(),
        "path = \".github/\"".to_owned(),
        format!("subject = \"{TRIAGE}\""),
        format!("key = {key}"),
        format!("key = [{key}]\npath = \"*.yml\"\nsubject = \"{TRIAGE}\"\nuntil = 2026-12-31"),
    ] {
        write(folder.path(), &[("vibecheck.toml", &ignore(&selector))]);
        let said = audit(folder.path(), &[]);
        assert_eq!(said.status, 0, "{selector}\n{}{}", said.out, said.err);
        let report = json(folder.path(), &[]);
        let accepted = finding(&report, "suppressed", "untrusted-code-in-ci");
        assert_eq!(accepted["suppressions"][0]["reason"], "Only members can open issues");
        assert_eq!(accepted["suppressions"][0]["file"], "vibecheck.toml");
        assert_eq!(accepted["suppressions"][0]["line"], 1);
        assert_eq!(report["unused_suppressions"], serde_json::json!([]), "{selector}");
        assert!(said.out.contains("What is accepted") && said.out.contains("Only members can open issues"));
        let markdown = audit(folder.path(), &["--format", "markdown"]).out;
        assert!(
            markdown.contains("## What is accepted") && markdown.contains("Only members can open issues")
        );
    }
    for selector in ["path = \"src/**\"", "subject = \"another\"", "key = \"0123456789abcdef\""] {
        write(folder.path(), &[("vibecheck.toml", &ignore(selector))]);
        assert_eq!(audit(folder.path(), &[]).status, 1, "{selector}");
        assert!(unused(&json(folder.path(), &[])).starts_with("vibecheck.toml:1 "), "{selector}");
    }
}

#[test]
fn a_comment_accepts_on_its_line_and_on_the_next() {
    let folder = faulty();
    let comment = "# vibecheck: ignore[untrusted-code-in-ci] Only members can open issues";
    let above = triage("").replace("      - run", &format!("      {comment}\n      # at all.\n      - run"));
    for (text, line) in [(triage(&format!(" {comment}")), 7), (above, 7)] {
        write(folder.path(), &[(TRIAGE, &text)]);
        let said = audit(folder.path(), &[]);
        assert_eq!(said.status, 0, "{text}\n{}", said.out);
        let report = json(folder.path(), &[]);
        let by = &finding(&report, "suppressed", "untrusted-code-in-ci")["suppressions"][0];
        assert_eq!((by["kind"].as_str(), by["file"].as_str()), (Some("comment"), Some(TRIAGE)));
        assert_eq!((by["line"].as_u64(), by["until"].as_str()), (Some(line), Some("")));
    }
    let unquoted =
        triage("").replace("echo \"", "echo \"# vibecheck:ignore[untrusted-code-in-ci] no comment ");
    write(folder.path(), &[(TRIAGE, &unquoted)]);
    assert_eq!(audit(folder.path(), &[]).status, 1, "a string is no comment");
}

#[test]
fn a_comment_that_begins_a_file_accepts_what_is_said_of_the_file_as_a_whole() {
    // The finding is about the file, not a line of it.
    let packs = tempfile::tempdir().unwrap();
    write(
        packs.path(),
        &[(
            "p.toml",
            "[[rule]]\nid = \"has-manifest\"\ntitle = \"t\"\narea = \"tests\"\nseverity = \"critical\"\n\
             stage = \"stabilize\"\non = \"ci_workflow\"\nwhen = 'ci_workflow.file != \"\"'\nwhy = \"w\"\n\
             fix = \"f\"\nverify = \"v\"\neffort = \"hours\"\n",
        )],
    );
    let text = deploy(&["someone/setup-thing@v1"]);
    let folder = repository(&[(".gitignore", ".env\n"), (DEPLOY, &text)]);
    let with = ["--rules", packs.path().to_str().unwrap()];
    let places = finding(&json(folder.path(), &with), "findings", "has-manifest")["places"].clone();
    assert_eq!((places[0]["file"].as_str(), places[0]["line"].as_u64()), (Some(DEPLOY), Some(0)), "{places}");
    write(
        folder.path(),
        &[(DEPLOY, &format!("# Ships.\n# vibecheck: ignore[has-manifest] it has to\n{text}"))],
    );
    assert_eq!(audit(folder.path(), &with).status, 0);
    write(folder.path(), &[(DEPLOY, &format!("{text}# vibecheck: ignore[has-manifest] it has to\n"))]);
    assert_eq!(audit(folder.path(), &with).status, 1, "not at the end of it");
}

#[test]
fn it_holds_on_its_last_day_and_is_reported_after_it() {
    let comment = " # vibecheck: ignore[untrusted-code-in-ci] until 2026-03-01: Only members can open issues";
    for (config, text) in
        [(ignore("path = \"**\"\nuntil = 2026-03-01"), triage("")), (String::new(), triage(comment))]
    {
        let folder = faulty();
        write(folder.path(), &[("vibecheck.toml", &config), (TRIAGE, &text)]);
        let on = |day: &str| {
            run(vibecheck().arg("audit").arg(folder.path()).args(["--date", day, "--format", "json"]))
        };
        assert_eq!(on("2026-03-01").status, 0);
        let after = on("2026-03-02");
        assert_eq!(after.status, 1);
        assert!(unused(&serde_json::from_str(&after.out).unwrap()).ends_with("it expired on 2026-03-01"));
        let said = run(vibecheck().arg("audit").arg(folder.path()).args(["--date", "2026-03-02"]));
        assert!(flat(&said.out).contains("it expired on 2026-03-01"), "{}", said.out);
    }
}

#[test]
fn wrong_entries_are_shown_at_their_place() {
    let folder = faulty();
    for (entry, message, shown) in [
        ("[[ignore]]\nrule = \"a\"\npath = \"x\"\n", "this [[ignore]] lacks `reason`", "[[ignore]]"),
        ("[[ignore]]\nrule = \"a\"\nreason = \"r\"\n", "does not say where", "[[ignore]]"),
        (
            "[[ignore]]\nrule = \"a\"\npath = \"x\"\nreason = \"\"\n",
            "`reason` must not be empty",
            "reason = \"\"",
        ),
        (
            "[[ignore]]\nrule = \"a\"\npath = \"a[\"\nreason = \"r\"\n",
            "`path` is no pattern",
            "path = \"a[\"",
        ),
        ("[[ignore]]\nrule = \"a\"\nkey = 3\nreason = \"r\"\n", "must be the key of a place", "key = 3"),
        ("[[ignore]]\nrule = \"a\"\nkye = \"k\"\nreason = \"r\"\n", "Did you mean `key`?", "kye"),
        ("[[ignore]]\nrule = \"a\"\nkey = \"k\"\nreason = \"r\"\nuntil = \"soon\"\n", "not a day", "soon"),
    ] {
        write(folder.path(), &[("vibecheck.toml", entry)]);
        let said = audit(folder.path(), &[]);
        assert_eq!((said.status, said.out.as_str()), (2, ""), "{entry}");
        assert!(said.err.contains(message) && said.err.contains(shown), "{entry}\n{}", said.err);
    }
}

#[test]
fn a_comment_without_a_reason_accepts_nothing_and_is_reported() {
    let folder = faulty();
    for (comment, because) in [
        ("vibecheck: ignore[untrusted-code-in-ci]", "it gives no reason"),
        ("vibecheck: ignore[untrusted-code-in-ci] until 2026-13-01 moved", "no day of the calendar"),
        ("vibecheck: ignore[untrusted-code-in-ci] until Christmas", "after `until` comes a day"),
        ("vibecheck: ignore[untrusted-code-in-cl] members", "did you mean `untrusted-code-in-ci`?"),
        ("vibecheck: ignore[no-tests] members", "its rule found nothing"),
    ] {
        write(folder.path(), &[(TRIAGE, &triage(&format!(" # {comment}")))]);
        let said = audit(folder.path(), &[]);
        assert_eq!(said.status, 1, "{comment}");
        let report = json(folder.path(), &[]);
        assert!(unused(&report).starts_with(&format!("{TRIAGE}:7 ")), "{comment}");
        assert!(unused(&report).contains(because), "{comment}: {}", unused(&report));
        let page = flat(&said.out);
        assert!(page.contains("Suppressions that don't apply") && page.contains(because), "{}", said.out);
    }
}

#[test]
fn a_new_place_beside_what_is_accepted_fails_the_gate() {
    let folder = faulty();
    let actions =
        ["someone/setup-thing@v1 # vibecheck: ignore[unpinned-ci-actions] ours", "other/deploy-thing@main"];
    write(folder.path(), &[(DEPLOY, &deploy(&actions[..1]))]);
    let before = json(folder.path(), &["--fail-on", "medium"]);
    assert_eq!(rules(&before, "suppressed"), ["unpinned-ci-actions"]);
    write(folder.path(), &[(DEPLOY, &deploy(&actions))]);
    let after = json(folder.path(), &["--fail-on", "medium"]);
    let open = finding(&after, "findings", "unpinned-ci-actions");
    assert_eq!(standings(open), [(7, "ignored".into()), (8, "open".into())]);
    assert_eq!(open["places"][0]["suppression"]["reason"], "ours");
    let failing = |report: &Value| report["summary"]["gate"]["failing"].as_u64().unwrap();
    assert_eq!(failing(&after), failing(&before) + 1);
    let said = audit(folder.path(), &[]).out;
    assert!(said.contains("1 accepted"), "{said}");
}

#[test]
fn without_a_configuration_the_repository_can_not_silence_its_audit() {
    let folder = faulty();
    let comment = " # vibecheck: ignore[untrusted-code-in-ci] trust me";
    write(folder.path(), &[(TRIAGE, &triage(comment)), ("vibecheck.toml", &ignore("path = \"**\""))]);
    assert_eq!(audit(folder.path(), &[]).status, 0);
    assert_eq!(audit(folder.path(), &["--config", "none"]).status, 1);
    let report = json(folder.path(), &["--config", "none"]);
    assert_eq!(rules(&report, "suppressed"), [""; 0]);
    assert_eq!(report["unused_suppressions"], serde_json::json!([]));
    let help = run(vibecheck().args(["audit", "--help"])).out;
    assert!(flat(&help).contains("can't silence its own audit"), "{help}");
}

#[test]
fn an_accepted_blocker_is_on_page_one() {
    let packs = tempfile::tempdir().unwrap();
    write(
        packs.path(),
        &[(
            "p.toml",
            "[[rule]]\nid = \"grave\"\ntitle = \"Strangers can write here\"\narea = \"tests\"\n\
             severity = \"blocker\"\nstage = \"stabilize\"\non = \"project\"\nwhen = 'project.files > 0'\n\
             why = \"w\"\nfix = \"f\"\nverify = \"v\"\neffort = \"hours\"\n",
        )],
    );
    let with = ["--rules", packs.path().to_str().unwrap(), "--fail-on", "blocker"];
    let folder = faulty();
    assert_eq!(audit(folder.path(), &with).status, 1);
    let entry =
        "[[ignore]]\nrule = \"grave\"\nsubject = \"the repository\"\nreason = \"A demo without data\"\n";
    write(folder.path(), &[("vibecheck.toml", entry)]);
    let said = audit(folder.path(), &with);
    assert_eq!(said.status, 0, "{}", said.out);
    let page_one = said.out.split("Areas ──").next().unwrap();
    for part in
        ["Accepted blocker", "Strangers can write here", "A demo without data (vibecheck.toml line 1)"]
    {
        assert!(page_one.contains(part), "{part}: {page_one}");
    }
    let markdown = audit(folder.path(), &[&with[..], &["--format", "markdown"]].concat()).out;
    let page_one = markdown.split("## Areas").next().unwrap();
    assert!(page_one.contains("**Accepted blocker**: Strangers can write here"), "{page_one}");
    assert!(page_one.contains("A demo without data"), "{page_one}");
}

#[test]
fn a_baseline_makes_the_report_empty_and_is_the_same_every_time() {
    let folder = faulty();
    let said = baseline(folder.path(), &[]);
    assert_eq!(said.status, 0, "{}", said.err);
    assert_eq!(said.out.lines().count(), 1, "one sentence: {}", said.out);
    let file = folder.path().join(".vibecheck-baseline.json");
    let first = fs::read_to_string(&file).unwrap();
    let with = ["--baseline", file.to_str().unwrap(), "--fail-on", "low"];
    let before = json(folder.path(), &[]);
    let report = json(folder.path(), &with);
    assert_eq!(rules(&report, "findings"), [""; 0]);
    assert_eq!(rules(&report, "known"), rules(&before, "findings"));
    assert_eq!(report["comparisons"][0]["kind"], "baseline");
    assert_eq!(report["comparisons"][0]["with"], ".vibecheck-baseline.json");
    assert_eq!(
        report["comparisons"][0]["known"].as_u64().unwrap() as usize,
        rules(&before, "findings").len()
    );
    assert_eq!(report["comparisons"][0]["fixed"], serde_json::json!([]));
    let said = audit(folder.path(), &with);
    assert_eq!(said.status, 0, "{}", said.out);
    assert!(said.out.contains("Since the baseline: no new finding"), "{}", said.out);
    assert!(said.out.contains("Gate passed: no new finding"), "{}", said.out);

    // Accepting is not fixing: what is said of the product stays.
    for part in ["areas", "outcomes", "strengths"] {
        assert_eq!(report[part], before[part], "{part}");
    }
    for part in ["sentence", "stage", "progress"] {
        assert_eq!(report["summary"][part], before["summary"][part], "{part}");
    }

    // With the baseline in the tree, on another day, and after it was committed, it is written just the same.
    git_run(folder.path(), &["add", "-A"]);
    git_run(folder.path(), &["commit", "-q", "-m", "baseline"]);
    run(vibecheck().arg("baseline").arg(folder.path()).args(["--date", "2027-08-09"]));
    assert_eq!(fs::read_to_string(&file).unwrap(), first);
    assert_eq!(audit(folder.path(), &with).status, 0);
    let other = tempfile::tempdir().unwrap();
    let elsewhere = other.path().join("b.json");
    baseline(folder.path(), &["--output", elsewhere.to_str().unwrap()]);
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), first);
    assert_eq!(fs::read_dir(other.path()).unwrap().count(), 1, "nothing else is left");
}

#[test]
fn moved_and_reformatted_lines_stay_known_and_a_new_place_is_new() {
    let folder = faulty();
    baseline(folder.path(), &[]);
    let file = folder.path().join(".vibecheck-baseline.json");
    let with = ["--baseline", file.to_str().unwrap(), "--fail-on", "low"];
    let moved = deploy(&["\"other/deploy-thing@main\"", "someone/setup-thing@v1"]);
    let moved = moved.replace("jobs:", "\n# Ships.\njobs:");
    write(folder.path(), &[(DEPLOY, &moved)]);
    git_run(folder.path(), &["commit", "-qam", "moved"]);
    assert_eq!(rules(&json(folder.path(), &with), "findings"), [""; 0]);
    // To another file: the old one is gone, the lines are the same.
    git_run(folder.path(), &["mv", DEPLOY, ".github/workflows/ship.yml"]);
    git_run(folder.path(), &["commit", "-qm", "renamed"]);
    let report = json(folder.path(), &with);
    assert_eq!(
        (rules(&report, "findings"), &report["comparisons"][0]["fixed"]),
        (vec![], &serde_json::json!([]))
    );

    write(
        folder.path(),
        &[(
            ".github/workflows/ship.yml",
            &moved.replace("    steps:\n", "    steps:\n      - uses: third/thing@v2\n"),
        )],
    );
    git_run(folder.path(), &["commit", "-qam", "a third"]);
    let said = audit(folder.path(), &with);
    assert_eq!(said.status, 1);
    assert!(said.out.contains("Since the baseline: 1 new finding,"), "{}", said.out);
    let report = json(folder.path(), &with);
    let open = standings(finding(&report, "findings", "unpinned-ci-actions"));
    assert_eq!(open.iter().filter(|(_, standing)| standing == "open").count(), 1, "{open:?}");
    assert!(said.out.contains("third/thing@v2") && said.out.contains("2 known"), "{}", said.out);
}

#[test]
fn what_was_fixed_is_said() {
    let folder = faulty();
    baseline(folder.path(), &[]);
    let file = folder.path().join(".vibecheck-baseline.json");
    let with = ["--baseline", file.to_str().unwrap()];
    fs::remove_file(folder.path().join(TRIAGE)).unwrap();
    git_run(folder.path(), &["commit", "-qam", "fixed"]);
    let report = json(folder.path(), &with);
    let fixed =
        serde_json::json!([{ "rule": "untrusted-code-in-ci", "subject": TRIAGE, "title": "", "places": 1 }]);
    assert_eq!(report["comparisons"][0]["fixed"], fixed);
    let said = audit(folder.path(), &with).out;
    assert!(flat(&said).contains("1 fixed (run `vibecheck baseline` to drop it)"), "{said}");
    baseline(folder.path(), &[]);
    assert!(!fs::read_to_string(&file).unwrap().contains("untrusted-code-in-ci"));
    assert_eq!(json(folder.path(), &with)["comparisons"][0]["fixed"], serde_json::json!([]));
}

#[test]
fn what_is_suppressed_is_not_in_the_baseline() {
    let folder = faulty();
    write(folder.path(), &[("vibecheck.toml", &ignore("path = \"**\""))]);
    baseline(folder.path(), &[]);
    let text = fs::read_to_string(folder.path().join(".vibecheck-baseline.json")).unwrap();
    assert!(text.contains("unpinned-ci-actions") && !text.contains("untrusted-code-in-ci"), "{text}");
    baseline(folder.path(), &["--config", "none"]);
    let text = fs::read_to_string(folder.path().join(".vibecheck-baseline.json")).unwrap();
    assert!(text.contains("untrusted-code-in-ci"), "{text}");
}

#[test]
fn a_baseline_that_can_not_be_used_is_wrong_usage_and_says_what_to_do() {
    let folder = faulty();
    let other = tempfile::tempdir().unwrap();
    let file = other.path().join("b.json");
    baseline(folder.path(), &["--output", file.to_str().unwrap()]);
    let good = fs::read_to_string(&file).unwrap();
    let wrong: &[(&str, Vec<u8>, &str)] = &[
        ("broken", good.replace("\"version\": 1,", "<<<<<<< ours").into_bytes(), "line 3, column 3"),
        (
            "another type",
            good.replace("\"subject\":\"", "\"subject\":3,\"x\":\"").into_bytes(),
            "line 5, column",
        ),
        ("foreign", b"{\"version\": \"2.1.0\", \"runs\": []}".to_vec(), "no baseline of vibecheck"),
        ("a list", b"[]".to_vec(), "no baseline of vibecheck"),
        ("of the future", good.replace("\"version\": 1", "\"version\": 2").into_bytes(), "version 2"),
        ("empty", Vec::new(), "line 1"),
        ("no text", vec![0xff, 0xfe, 0, 1], "not UTF-8"),
        ("deep", "[".repeat(1_000_000).into_bytes(), "no baseline of vibecheck"),
        ("deep inside", format!("{{\"format\":{}", "[".repeat(1_000_000)).into_bytes(), "line 1"),
        ("large", good.replace("{\"rule\"", &" ".repeat(50 << 20)).into_bytes(), "larger than 16 MB"),
    ];
    for (name, bytes, why) in wrong {
        fs::write(&file, bytes).unwrap();
        let begun = Instant::now();
        let said = audit(folder.path(), &["--baseline", file.to_str().unwrap()]);
        assert!(begun.elapsed() < Duration::from_secs(5), "{name}: {:?}", begun.elapsed());
        assert_eq!((said.status, said.out.as_str()), (2, ""), "{name}: {}", said.err);
        assert!(said.err.contains(why) && said.err.contains("vibecheck baseline"), "{name}: {}", said.err);
    }
    for missing in ["/there/is/no/such/file", other.path().to_str().unwrap(), "/dev/zero"] {
        let said = audit(folder.path(), &["--baseline", missing]);
        assert_eq!((said.status, said.out.as_str()), (2, ""), "{}", said.err);
        assert!(said.err.contains("vibecheck baseline"), "{}", said.err);
    }
    let said = baseline(folder.path(), &["--output", "/there/is/no/such/folder/b.json"]);
    assert_eq!(said.status, 2);
    assert_eq!(baseline(tempfile::tempdir().unwrap().path(), &[]).status, 3);
}

#[test]
fn no_credential_gets_into_a_baseline() {
    let key = format!("sk_{}4eC39HqLyjWDarjtT1zdp7dc", "live_");
    let line = format!("someone/setup-thing@{key}");
    let folder = repository(&[(DEPLOY, &deploy(&[&line])), (".gitignore", "node_modules\n")]);
    baseline(folder.path(), &[]);
    let text = fs::read_to_string(folder.path().join(".vibecheck-baseline.json")).unwrap();
    assert!(text.contains("someone/setup-thing"), "{text}");
    assert!(!text.contains("4eC39HqL"), "{text}");
}
