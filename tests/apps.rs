//! The whole MVPs of `fixtures/apps`: their facts and reports are snapshots, read by a person before they are accepted.
//! What is planted where: `fixtures/apps/README.md`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

mod common;

use common::{app, run, vibecheck};

fn said(folder: &std::path::Path, args: &[&str]) -> String {
    let said = run(vibecheck().args(args).arg(folder));
    assert!(matches!(said.status, 0 | 1), "{}", said.err);
    said.out
}

fn snapshots(name: &str) {
    let app = app(name);
    let settings = {
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings
    };
    settings.bind(|| {
        let date = ["--date", "2026-03-01"];
        let report = |format| said(app.path(), &["audit", "--format", format, date[0], date[1]]);
        insta::assert_snapshot!(format!("{name}-report"), report("terminal"));
        insta::assert_snapshot!(format!("{name}-markdown"), report("markdown"));
        let facts: serde_json::Value =
            serde_json::from_str(&said(app.path(), &["facts", "--format", "json"])).unwrap();
        insta::assert_snapshot!(format!("{name}-facts"), brief(&facts));
    });
}

/// The facts as JSON without what repeats the files: a line for each dependency and variable.
fn brief(facts: &serde_json::Value) -> String {
    let mut facts = facts.clone();
    for (list, fields) in [
        ("dependencies", ["name", "version", "locked", "scope"]),
        ("env_vars", ["name", "read", "declared", "public"]),
    ] {
        let lines: Vec<serde_json::Value> = facts[list]
            .as_array()
            .unwrap()
            .iter()
            .map(|fact| fields.map(|f| fact[f].to_string().trim_matches('"').to_owned()).join(" ").into())
            .collect();
        facts[list] = lines.into();
    }
    format!("{facts:#}")
}

#[test]
fn lovable_crm() {
    snapshots("lovable-crm");
}

#[test]
fn hardened_saas() {
    snapshots("hardened-saas");
}

#[test]
fn the_hardened_app_has_no_finding_at_medium_or_above() {
    let app = app("hardened-saas");
    let report = common::report(app.path());
    let bad: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["severity"] != "low")
        .map(|f| format!("{} {} {}", f["severity"], f["rule"], f["title"]))
        .collect();
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn every_report_fits_its_published_schema() {
    let schema: serde_json::Value =
        serde_json::from_str(&run(vibecheck().args(["schema", "report"])).out).unwrap();
    let facts_schema: serde_json::Value =
        serde_json::from_str(&run(vibecheck().args(["schema", "facts"])).out).unwrap();
    for name in ["lovable-crm", "hardened-saas"] {
        let app = app(name);
        let report: serde_json::Value =
            serde_json::from_str(&said(app.path(), &["audit", "--format", "json"])).unwrap();
        let errors: Vec<String> =
            jsonschema::validator_for(&schema).unwrap().iter_errors(&report).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{}", errors.join("\n"));
        let facts: serde_json::Value =
            serde_json::from_str(&said(app.path(), &["facts", "--format", "json"])).unwrap();
        let errors: Vec<String> = jsonschema::validator_for(&facts_schema)
            .unwrap()
            .iter_errors(&facts)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{}", errors.join("\n"));
    }
}

#[test]
fn no_generated_secret_gets_out_of_any_format() {
    let app = app("lovable-crm");
    let secrets = common::generated_secrets(app.path());
    assert!(!secrets.is_empty(), "the app plants secrets");
    for args in [
        &["audit", "--format", "terminal"][..],
        &["audit", "--format", "markdown"],
        &["audit", "--format", "json", "--with-facts"],
    ] {
        let out = said(app.path(), args);
        for secret in &secrets {
            assert!(!out.contains(&secret[8..]), "a secret got out of {args:?}");
        }
    }
}
