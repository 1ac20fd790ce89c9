//! Secrets, as somebody sees them who runs the program: where they are found, since when, what is new, what was accepted;
//! and that nothing of their values gets out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

mod common;

use std::path::Path;

use common::git::Repo;
use common::{Said, audit, git_run, run, vibecheck};
use serde_json::Value;
use vibecheck::secrets::formats::sample;

const ANA: &str = "Ana Silva <ana@acme.test>";
const BEN: &str = "Ben Okafor <ben@acme.test>";
const FORMATS: &[&str] = &["terminal", "json", "markdown", "sarif", "github", "gitlab", "junit"];

/// A live key that moves money, the same for the same seed.
fn live_key(seed: &str) -> String {
    sample("stripe-live-secret-key", seed).unwrap()
}

fn program(key: &str) -> String {
    format!("import Stripe from 'stripe'\n\nexport const stripe = new Stripe('{key}')\n")
}

fn json(said: &Said) -> Value {
    serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{e}\n{}\n{}", said.out, said.err))
}

fn report(folder: &Path, args: &[&str]) -> Value {
    json(&audit(folder, &[&["--format", "json"], args].concat()))
}

/// The rules about secrets that fail, with the files of their places.
fn findings(report: &Value) -> Vec<String> {
    let all = report["findings"].as_array().unwrap().iter();
    let own = all.filter(|f| f["area"] == "secrets" && f["rule"] != "no-secret-scanning");
    own.map(|f| {
        let files = f["places"].as_array().unwrap().iter().map(|p| p["file"].as_str().unwrap());
        format!("{} {}", f["rule"].as_str().unwrap(), files.collect::<Vec<_>>().join(" "))
    })
    .collect()
}

fn facts(folder: &Path, kind: &str) -> Vec<Value> {
    let said = run(vibecheck().arg("facts").arg(folder).args(["--format", "json", "--kind", kind]));
    json(&said)[format!("{kind}s")].as_array().unwrap().clone()
}

/// A repository whose first commit holds what is no secret.
fn shop() -> Repo {
    let mut repo = Repo::new();
    repo.write("package.json", "{\"name\":\"shop\",\"dependencies\":{\"express\":\"5.0.1\"}}\n");
    repo.write("src/server.js", "import express from 'express'\n\nexpress().listen(3000)\n");
    repo.commit("Start", ANA);
    repo
}

#[test]
fn a_secret_in_a_file_is_found_with_the_commit_that_brought_it() {
    let mut repo = shop();
    repo.write("src/pay.js", program(&live_key("1")));
    let brought = repo.commit("Take payments", BEN).to_string();
    repo.write("src/pay.js", format!("// payments\n{}", program(&live_key("1"))));
    repo.commit("Say what it does", ANA);

    assert_eq!(findings(&report(repo.path(), &[])), ["master-key-in-repository src/pay.js"]);
    let secrets = facts(repo.path(), "secret");
    let of = |field: &str| secrets[0][field].clone();
    assert_eq!(secrets.len(), 1);
    assert_eq!((of("file"), of("line")), ("src/pay.js".into(), 4.into()));
    assert_eq!(
        (of("commit"), of("author"), of("date")),
        (brought.into(), "Ben Okafor".into(), "2023-11-16".into())
    );
    assert_eq!((of("in_files"), of("in_head"), of("committed")), (true.into(), true.into(), true.into()));
}

#[test]
fn one_value_in_many_files_is_one_finding() {
    let mut repo = shop();
    repo.write("src/pay.js", program(&live_key("1")));
    repo.write("src/refund.js", program(&live_key("1")));
    repo.commit("Take payments", ANA);
    assert_eq!(findings(&report(repo.path(), &[])), ["master-key-in-repository src/pay.js src/refund.js"]);
}

#[test]
fn a_secret_that_was_removed_is_still_in_the_history() {
    let mut repo = shop();
    repo.write("src/pay.js", program(&live_key("1")));
    repo.commit("Take payments", BEN);
    repo.write("src/pay.js", program("' + process.env.STRIPE_KEY + '"));
    repo.commit("Read the key from the environment", ANA);

    let found = report(repo.path(), &[]);
    assert_eq!(findings(&found), ["secret-in-history "]);
    let place = &found["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["rule"] == "secret-in-history")
        .unwrap()["places"][0];
    let seen = place["snippet"].as_str().unwrap();
    assert!(
        seen.starts_with("history: src/pay.js, commit ") && seen.ends_with("Ben Okafor on 2023-11-16"),
        "{seen}"
    );
    let secrets = facts(repo.path(), "secret");
    assert_eq!((&secrets[0]["in_files"], &secrets[0]["in_head"]), (&false.into(), &false.into()));
}

#[test]
fn without_the_history_only_todays_files_are_judged_and_the_rest_is_asked() {
    let mut repo = shop();
    repo.write("src/pay.js", program(&live_key("1")));
    repo.commit("Take payments", BEN);
    repo.write("src/pay.js", program("none"));
    repo.commit("Remove the key", ANA);

    let found = report(repo.path(), &["--history", "none"]);
    assert_eq!(findings(&found), [] as [&str; 0]);
    let questions = found["questions"].as_array().unwrap().iter();
    let rules: Vec<&str> = questions.map(|q| q["rule"].as_str().unwrap()).collect();
    assert!(rules.contains(&"history-not-searched-for-secrets"), "{rules:?}");
    let praised = found["strengths"].as_array().unwrap().iter();
    let praised = praised.filter(|s| s["rule"] == "history-not-searched-for-secrets").count();
    assert_eq!(praised, 0, "what was not read is not praised");
}

#[test]
fn a_renamed_file_keeps_the_first_commit() {
    let mut repo = shop();
    repo.write("src/pay.js", program(&live_key("1")));
    let brought = repo.commit("Take payments", BEN).to_string();
    std::fs::rename(repo.path().join("src/pay.js"), repo.path().join("src/payments.js")).unwrap();
    repo.commit("Rename", ANA);
    assert_eq!(findings(&report(repo.path(), &[])), ["master-key-in-repository src/payments.js "]);
    let credential = &facts(repo.path(), "credential")[0];
    assert_eq!((&credential["commit"], &credential["places"]), (&brought.into(), &2.into()));
}

#[test]
fn stashes_messages_and_leftovers_are_looked_through() {
    let repo = shop();
    repo.write("src/server.js", program(&live_key("stashed")));
    git_run(repo.path(), &["stash", "-q"]);
    assert_eq!(findings(&report(repo.path(), &[])), ["secret-in-history "]);

    let mut repo = shop();
    repo.write("a.txt", "a");
    repo.commit(&format!("Use {}", live_key("said")), ANA);
    assert_eq!(findings(&report(repo.path(), &[])), ["secret-in-history "]);

    let repo = shop();
    repo.write("src/pay.js", program(&live_key("taken back")));
    git_run(repo.path(), &["add", "-A"]);
    git_run(repo.path(), &["commit", "-q", "-m", "Take payments"]);
    git_run(repo.path(), &["reset", "-q", "--hard", "HEAD~1"]);
    assert_eq!(findings(&report(repo.path(), &[])), ["secret-in-leftovers "]);
}

#[test]
fn what_is_ignored_is_not_read_and_what_could_be_committed_is() {
    let mut repo = shop();
    repo.write(".gitignore", ".env\n");
    repo.commit("Ignore", ANA);
    repo.write(".env", format!("STRIPE_SECRET_KEY={}\n", live_key("1")));
    assert_eq!(findings(&report(repo.path(), &[])), [] as [&str; 0]);
    repo.write("notes.txt", format!("{}\n", live_key("1")));
    assert_eq!(findings(&report(repo.path(), &[])), ["secret-about-to-be-committed notes.txt"]);
}

#[test]
fn a_staged_secret_is_found_before_it_is_committed() {
    let mut repo = shop();
    repo.write("src/old.js", program(&live_key("old")));
    repo.commit("An old mistake", ANA);
    repo.write("src/pay.js", program(&live_key("new")));
    repo.stage("src/pay.js");
    let found = report(repo.path(), &["--staged"]);
    assert_eq!(findings(&found), ["master-key-in-repository src/pay.js"]);
    assert_eq!(audit(repo.path(), &["--staged"]).status, 1);
}

#[test]
fn an_old_secret_of_the_history_is_not_new_and_one_of_the_change_is() {
    let mut repo = shop();
    repo.write("src/pay.js", program(&live_key("old")));
    repo.commit("Take payments", BEN);
    repo.write("src/pay.js", program("none"));
    let base = repo.commit("Remove the key", ANA).to_string();
    repo.write("src/other.js", program(&live_key("new")));
    repo.commit("Take other payments", BEN);
    repo.write("src/other.js", program("none"));
    repo.commit("Remove that key too", ANA);

    assert_eq!(findings(&report(repo.path(), &[])).len(), 2);
    let found = report(repo.path(), &["--since", &base]);
    assert_eq!(
        findings(&found),
        ["secret-in-history "],
        "the branch brought it, though its end has it no more"
    );
    let fixed = found["comparisons"][0]["fixed"].as_array().unwrap();
    assert!(fixed.iter().all(|f| f["rule"] != "secret-in-history"), "{fixed:?}");
}

#[test]
fn a_secret_that_is_taken_out_of_the_files_is_neither_new_nor_fixed() {
    let mut repo = shop();
    repo.write("src/pay.js", program(&live_key("1")));
    let base = repo.commit("Take payments", BEN).to_string();
    repo.write("src/pay.js", program("none"));
    repo.commit("Remove the key", ANA);
    let found = report(repo.path(), &["--since", &base]);
    assert_eq!(findings(&found), [] as [&str; 0]);
    let fixed = found["comparisons"][0]["fixed"].as_array().unwrap();
    assert!(fixed.iter().all(|f| f["rule"] != "master-key-in-repository"), "it is in the history: {fixed:?}");
    // The other way round it gets worse.
    let removed = repo.git.head().unwrap().target().unwrap().to_string();
    repo.write("src/pay.js", program(&live_key("1")));
    repo.commit("Put it back", BEN);
    assert_eq!(
        findings(&report(repo.path(), &["--since", &removed])),
        ["master-key-in-repository src/pay.js"]
    );
}

#[test]
fn what_is_accepted_is_the_value_and_not_its_place() {
    let mut repo = shop();
    repo.write("src/pay.js", program(&live_key("1")));
    repo.commit("Take payments", BEN);
    let fingerprint = facts(repo.path(), "credential")[0]["fingerprint"].as_str().unwrap().to_owned();
    repo.write(
        "vibecheck.toml",
        format!(
            "[[ignore]]\nrule = \"master-key-in-repository\"\nsubject = \"{fingerprint}\"\nreason = \"revoked on 2026-02-03\"\n"
        ),
    );
    let found = report(repo.path(), &[]);
    assert_eq!(findings(&found), [] as [&str; 0]);
    assert_eq!(found["suppressed"][0]["subject"], fingerprint);

    // Moved, copied: still accepted.
    repo.write("src/pay.js", format!("\n\n{}", program(&live_key("1"))));
    repo.write("src/copy.js", program(&live_key("1")));
    assert_eq!(findings(&report(repo.path(), &[])), [] as [&str; 0]);
    // Taken out of the files, and so under another rule that is no worse: still accepted.
    std::fs::remove_file(repo.path().join("src/copy.js")).unwrap();
    repo.write("src/pay.js", "");
    assert_eq!(findings(&report(repo.path(), &[])), [] as [&str; 0]);
    // Another secret in the same line: new.
    repo.write("src/pay.js", format!("\n\n{}", program(&live_key("2"))));
    assert_eq!(findings(&report(repo.path(), &[])), ["master-key-in-repository src/pay.js"]);
}

/// The seed of a database with these people, whose passwords are what they are made of.
fn seed(people: &[&str]) -> String {
    let rows: Vec<String> =
        people.iter().map(|name| format!("  ('{name}@acme.test', '{name}{}')", "-Tree4!")).collect();
    format!("INSERT INTO users (email, password) VALUES\n{};\n", rows.join(",\n"))
}

/// The lines of the passwords that are reported.
fn passwords(report: &Value) -> Vec<u64> {
    let all = report["findings"].as_array().unwrap().iter().filter(|f| f["rule"] == "seeded-password");
    let places = all.flat_map(|f| f["places"].as_array().unwrap());
    let mut lines: Vec<u64> = places.map(|place| place["line"].as_u64().unwrap()).collect();
    lines.sort_unstable();
    lines
}

#[test]
fn of_the_passwords_of_a_seed_each_is_accepted_by_itself() {
    let mut repo = shop();
    repo.write("db/seed.sql", seed(&["Maple", "Birch", "Maple"]));
    repo.commit("Seed", ANA);
    assert_eq!(passwords(&report(repo.path(), &[])), [2, 3, 4]);
    let credentials = facts(repo.path(), "credential");
    let of = |line: u64| credentials.iter().find(|c| c["line"] == line).unwrap()["fingerprint"].clone();
    let ignore = |line: u64| {
        format!(
            "[[ignore]]\nrule = \"seeded-password\"\nsubject = {}\nreason = \"a demo\"\nuntil = 2099-01-01\n",
            of(line)
        )
    };
    // Birch is accepted, and stays it wherever it goes; those that are put before it are not.
    repo.write("vibecheck.toml", ignore(3));
    assert_eq!(passwords(&report(repo.path(), &[])), [2, 4]);
    repo.write("db/seed.sql", seed(&["Cedar", "Birch", "Maple"]));
    assert_eq!(passwords(&report(repo.path(), &[])), [2, 4]);
    repo.commit("Another", BEN);
    repo.write("db/seed.sql", seed(&["Alder", "Cedar", "Birch"]));
    assert_eq!(passwords(&report(repo.path(), &[])), [2, 3]);
    repo.write("db/seed.sql", seed(&["Birch"]));
    assert_eq!(passwords(&report(repo.path(), &[])), [0_u64; 0]);
    // Of a change, what it brings.
    repo.write("db/seed.sql", seed(&["Rowan", "Cedar", "Birch", "Maple"]));
    repo.stage("db/seed.sql");
    assert_eq!(passwords(&report(repo.path(), &["--staged"])), [2]);
    assert_eq!(passwords(&report(repo.path(), &["--since", "HEAD"])), [2]);
    // By the file alone, as many are accepted as were.
    repo.write("db/seed.sql", seed(&["Cedar", "Maple", "Birch"]));
    assert_eq!(passwords(&report(repo.path(), &["--history", "none"])).len(), 2);
}

#[test]
fn a_key_of_a_place_accepts_the_value_everywhere_and_a_comment_one_place() {
    let mut repo = shop();
    repo.write("src/pay.js", program(&live_key("1")));
    repo.write("src/refund.js", program(&live_key("1")));
    repo.commit("Take payments", BEN);
    let found = report(repo.path(), &[]);
    let finding =
        found["findings"].as_array().unwrap().iter().find(|f| f["rule"] == "master-key-in-repository");
    let key = finding.unwrap()["places"][0]["key"].as_str().unwrap().to_owned();

    let text = program(&live_key("1"))
        .replace("')\n", "') // vibecheck: ignore[master-key-in-repository] revoked\n");
    repo.write("src/pay.js", text);
    let found = report(repo.path(), &[]);
    assert_eq!(findings(&found), ["master-key-in-repository src/pay.js src/refund.js"]);
    let places =
        found["findings"].as_array().unwrap().iter().find(|f| f["rule"] == "master-key-in-repository");
    let standings: Vec<&str> = places.unwrap()["places"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["standing"].as_str().unwrap())
        .collect();
    assert_eq!(standings, ["ignored", "open"]);

    repo.write(
        "vibecheck.toml",
        format!("[[ignore]]\nrule = \"master-key-in-repository\"\nkey = \"{key}\"\nreason = \"revoked\"\n"),
    );
    assert_eq!(findings(&report(repo.path(), &[])), [] as [&str; 0]);
}

#[test]
fn what_is_excluded_is_no_part_of_the_history_either() {
    let mut repo = shop();
    repo.write("legacy/pay.js", program(&live_key("1")));
    repo.write("legacy/both.js", program(&live_key("2")));
    repo.write("old/deep/a.js", program(&live_key("3")));
    repo.commit("Legacy", ANA);
    // The same version elsewhere, and gone again.
    repo.write("src/both.js", program(&live_key("2")));
    std::fs::rename(repo.path().join("old"), repo.path().join("new")).unwrap();
    let copied = repo.commit("Copy", BEN).to_string();
    for folder in ["legacy", "new"] {
        std::fs::remove_dir_all(repo.path().join(folder)).unwrap();
    }
    std::fs::remove_file(repo.path().join("src/both.js")).unwrap();
    repo.commit("Clean up", ANA);
    let seen = || -> Vec<(Value, Value)> {
        let secrets = facts(repo.path(), "secret");
        secrets.iter().map(|secret| (secret["file"].clone(), secret["commit"].clone())).collect()
    };
    assert_eq!(seen().len(), 3);
    repo.write("vibecheck.toml", "[paths]\nexclude = [\"legacy/**\", \"old\"]\n");
    let copied = Value::from(copied);
    assert_eq!(seen(), [("new/deep/a.js".into(), copied.clone()), ("src/both.js".into(), copied)]);
    let notes = report(repo.path(), &[])["coverage"]["notes"].to_string();
    assert!(notes.contains("1 version(s) of files of the past stand only in paths that"), "{notes}");
    repo.write("vibecheck.toml", "[paths]\nexclude = [\"legacy\", \"old\", \"new\", \"*.js\"]\n");
    assert_eq!(seen(), []);
}

#[test]
fn a_baseline_accepts_a_value_wherever_it_goes() {
    let mut repo = shop();
    repo.write("src/pay.js", program(&live_key("1")));
    repo.commit("Take payments", BEN);
    let baseline = repo.path().join("baseline.json");
    let baseline = baseline.to_str().unwrap();
    let said = run(vibecheck().arg("baseline").arg(repo.path()).args(["--output", baseline]));
    assert_eq!(said.status, 0, "{}", said.err);
    repo.write("src/copy.js", program(&live_key("1")));
    repo.write("src/other.js", program(&live_key("2")));
    repo.commit("Take more payments", ANA);
    let found = report(repo.path(), &["--baseline", baseline]);
    assert_eq!(findings(&found), ["master-key-in-repository src/other.js"]);
}

#[test]
fn nothing_of_a_value_gets_out_in_any_format() {
    let mut repo = shop();
    let values: Vec<String> = [
        "stripe-live-secret-key",
        "supabase-service-role-key",
        "github-personal-token",
        "openai-project-key",
        "slack-webhook",
        "aws-access-key-id",
        "private-key-pem",
    ]
    .iter()
    .map(|id| sample(id, "out").unwrap())
    .collect();
    let text = |values: &[String]| values.iter().map(|value| format!("use `{value}`\n")).collect::<String>();
    repo.write("docs/keys.md", text(&values));
    repo.write("src/keys.js", values.iter().map(|value| format!("call(`{value}`)\n")).collect::<String>());
    repo.commit("Keep the keys", BEN);
    let gone = live_key("gone");
    repo.write("old.txt", &gone);
    repo.commit(&format!("Note {gone}"), BEN);
    std::fs::remove_file(repo.path().join("old.txt")).unwrap();
    repo.commit("Forget it", ANA);

    let formats = FORMATS.iter().map(|format| audit(repo.path(), &["--format", format]));
    let tables = ["secret", "credential"]
        .map(|kind| run(vibecheck().arg("facts").arg(repo.path()).args(["--kind", kind])));
    let whole = run(vibecheck().arg("facts").arg(repo.path()));
    for said in formats.chain(tables).chain([whole]) {
        for value in values.iter().chain([&gone]) {
            for line in value.lines().filter(|line| !line.starts_with("-----")) {
                let characters: Vec<char> = line.chars().collect();
                // The mark or the address that begins it says what it is; what follows must not show.
                for part in characters.get(characters.len() / 2..).unwrap_or_default().windows(8) {
                    let part: String = part.iter().collect();
                    assert!(!said.out.contains(&part) && !said.err.contains(&part), "{part} of {value}");
                }
            }
        }
    }
}
