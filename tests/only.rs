//! `audit --only`: some areas alone, and nothing said of the others.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

mod common;

use std::path::Path;

use common::{audit, git_run, run, vibecheck, write};
use serde_json::Value;

const ROUTE: &str = "import { PrismaClient } from \"@prisma/client\";
const prisma = new PrismaClient();
// vibecheck: ignore[no-rate-limit] until 2027-01-01 -- behind a proxy
export async function DELETE() {
  await prisma.order.deleteMany({});
  return Response.json({ ok: true });
}
";

/// An app with an open route, a key in a file, and words of a person about both.
fn app(folder: &Path) {
    let key = format!("sk_live_{}", "4eC39HqLyjWDarjtT1zdp7dc8fKw2NzR".chars().rev().collect::<String>());
    write(
        folder,
        &[
            ("package.json", r#"{"name":"shop","dependencies":{"next":"15.1.0","@prisma/client":"6.0.0"}}"#),
            ("app/api/orders/route.ts", ROUTE),
            ("lib/pay.ts", &format!("export const key = \"{key}\";\n")),
            ("tsconfig.json", r#"{"compilerOptions":{"paths":{"@/*":["./*"]}}}"#),
            (
                "app/list.tsx",
                "'use client'\nimport { rows } from '@/lib'\nexport const List = () => rows()\n",
            ),
            ("lib/index.ts", "export * from './rows'\n"),
            ("lib/rows.ts", "export const rows = () => connect(process.env.DATABASE_URL)\n"),
            (
                "vibecheck.toml",
                "[[attest]]\nrule = \"no-database-backup\"\nanswer = \"yes\"\nby = \"Ana\"\non = \"2026-02-01\"\nuntil = \"2027-01-01\"\n\n[[ignore]]\nrule = \"unauthenticated-write\"\npath = \"lib/\"\nreason = \"known\"\n",
            ),
        ],
    );
    git_run(folder, &["init", "-q"]);
    git_run(folder, &["add", "-A"]);
    git_run(folder, &["commit", "-qm", "first"]);
}

fn report(folder: &Path, more: &[&str]) -> Value {
    let said = audit(folder, &[&["--format", "json"], more].concat());
    serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{e}\n{}\n{}", said.out, said.err))
}

fn of<'v>(report: &'v Value, list: &str, area: &str) -> Vec<&'v Value> {
    report[list].as_array().unwrap().iter().filter(|entry| entry["area"] == area).collect()
}

#[test]
fn what_was_asked_for_is_the_same_as_in_a_whole_audit() {
    let folder = tempfile::tempdir().unwrap();
    app(folder.path());
    let (whole, only) = (report(folder.path(), &[]), report(folder.path(), &["--only", "secrets"]));
    assert!(!of(&whole, "findings", "access").is_empty(), "{whole:#}");
    assert!(!of(&whole, "findings", "secrets").is_empty(), "{whole:#}");
    assert_eq!(of(&whole, "findings", "secrets"), of(&only, "findings", "secrets"));
    // Of the code no more is parsed than what browsers load on the way to a secret.
    let loaded = |found: &&Value| found["rule"] == "server-code-in-browser";
    assert!(of(&only, "findings", "secrets").iter().any(loaded), "{only:#}");
    assert_eq!(of(&only, "findings", "secrets").len(), only["findings"].as_array().unwrap().len());
    assert_eq!(only["ruleset"]["areas"], serde_json::json!(["secrets"]));
    let verdict = |report: &Value| of(report, "areas", "secrets")[0]["verdict"].clone();
    assert_eq!(verdict(&whole), verdict(&only));

    let both = report(folder.path(), &["--only", "secrets,access"]);
    assert_eq!(of(&whole, "findings", "access"), of(&both, "findings", "access"));
}

#[test]
fn nothing_is_said_of_what_was_not_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    app(folder.path());
    let only = report(folder.path(), &["--only", "secrets"]);
    for area in only["areas"].as_array().unwrap().iter().filter(|area| area["area"] != "secrets") {
        assert_eq!(area["verdict"], "cannot-be-told", "{area:#}");
        assert_eq!(area["because"], "It was not asked for (`--only`).", "{area:#}");
    }
    assert!(only["summary"]["progress"]["low"].as_u64().unwrap() < 50, "{:#}", only["summary"]);
    // What a person said of other rules is neither used nor called wrong.
    let text = audit(folder.path(), &["--only", "secrets"]).out;
    for rule in ["no-database-backup", "unauthenticated-write", "no-rate-limit"] {
        assert!(!text.contains(rule), "{rule}\n{text}");
    }
    assert!(text.contains("not asked for"), "{text}");
}

#[test]
fn a_baseline_keeps_what_was_not_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    app(folder.path());
    let known = folder.path().join("known.json");
    let known = known.to_str().unwrap();
    run(vibecheck().arg("baseline").arg(folder.path()).args(["--output", known, "--date", "2026-03-01"]));
    let only = report(folder.path(), &["--only", "secrets", "--baseline", known]);
    assert_eq!(only["findings"], serde_json::json!([]), "{:#}", only["findings"]);
    assert_eq!(only["comparisons"][0]["fixed"], serde_json::json!([]), "{:#}", only["comparisons"]);
}

#[test]
fn an_area_that_is_none_is_named_with_those_there_are() {
    let said = audit(Path::new("."), &["--only", "secerts"]);
    assert_eq!(said.status, 2);
    assert!(said.err.contains("secerts") && said.err.contains("source-control"), "{}", said.err);
}
