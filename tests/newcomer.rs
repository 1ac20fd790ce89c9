//! What the README and CONTRIBUTING promise a newcomer works as it is written there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

mod common;

use common::{audit, project, repository, run, vibecheck, write};

/// The first `toml` block of a page that holds `needle`, without its indentation.
fn block(page: &str, needle: &str) -> String {
    let text = std::fs::read_to_string(project().join(page)).unwrap();
    let block = text
        .split("```toml\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .find(|block| block.contains(needle))
        .unwrap_or_else(|| panic!("{page} has a block with {needle}"));
    block.lines().map(|line| line.strip_prefix("   ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_rule_of_contributing_fires_and_does_not_fire_on_its_fixtures() {
    let rule = block("CONTRIBUTING.md", "no-codeowners");
    let folder = tempfile::tempdir().unwrap();
    // Laid out like the project, with the files that CONTRIBUTING names.
    write(
        folder.path(),
        &[
            ("rules/packs/single-points.toml", &rule),
            ("fixtures/rules/no-codeowners/bad/README.md", "# App\n"),
            ("fixtures/rules/no-codeowners/good/README.md", "# App\n"),
            ("fixtures/rules/no-codeowners/good/.github/CODEOWNERS", "* @acme/team\n"),
        ],
    );
    let said = run(vibecheck().args(["rules", "test"]).arg(folder.path()));
    assert_eq!(said.status, 0, "{}{}", said.out, said.err);
    assert!(said.out.contains("ok    no-codeowners"), "{}", said.out);

    // The near miss made worse: the runner notices.
    std::fs::remove_file(folder.path().join("fixtures/rules/no-codeowners/good/.github/CODEOWNERS")).unwrap();
    let said = run(vibecheck().args(["rules", "test"]).arg(folder.path()));
    assert_eq!(said.status, 1, "{}", said.out);
    assert!(said.out.contains("should not fail"), "{}", said.out);
}

#[test]
fn the_rule_of_the_readme_works_from_a_folder_of_its_own() {
    let rule = block("README.md", "no-codeowners");
    let packs = tempfile::tempdir().unwrap();
    write(packs.path(), &[("mine.toml", &rule)]);
    let folder = repository(&[("README.md", "# x\n")]);
    common::git_run(
        folder.path(),
        &[
            "-c",
            "user.name=Ben",
            "-c",
            "user.email=ben@acme.test",
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            "x",
        ],
    );
    let said = audit(folder.path(), &["--format", "json", "--rules", packs.path().to_str().unwrap()]);
    let report: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert!(
        report["findings"].as_array().unwrap().iter().any(|f| f["rule"] == "no-codeowners"),
        "{}",
        said.out
    );
    assert!(audit(folder.path(), &["--format", "json"]).out.find("no-codeowners").is_none());
}

#[test]
fn the_attestation_of_the_readme_answers_its_question_until_it_expires() {
    let config = block("README.md", "[[attest]]");
    let folder = repository(&[
        ("README.md", "# x\n"),
        ("package.json", "{\"name\":\"x\",\"dependencies\":{\"pg\":\"8.13.1\"}}"),
        ("index.js", "const { Pool } = require('pg');\nnew Pool();\n"),
        ("vibecheck.toml", &config),
    ]);
    let asked = |date: &str| {
        let said =
            run(vibecheck().arg("audit").arg(folder.path()).args(["--format", "json", "--date", date]));
        let report: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        let questions = report["questions"].as_array().unwrap();
        (
            questions.iter().any(|q| q["rule"] == "restore-never-tested"),
            report["attestations"].as_array().unwrap().len(),
        )
    };
    assert_eq!(asked("2026-04-01"), (false, 1));
    let (question, _) = asked("2026-09-30");
    assert!(question, "an expired word is asked again");
}

#[test]
fn a_misspelt_field_is_rejected_at_its_characters() {
    let rule = block("CONTRIBUTING.md", "no-codeowners").replace("!project.codeowners", "!project.codeownrs");
    let packs = tempfile::tempdir().unwrap();
    write(packs.path(), &[("mine.toml", &rule)]);
    let said = run(vibecheck().args(["rules", "check"]).arg(packs.path()));
    assert_eq!(said.status, 2);
    assert!(said.err.contains("did you mean `codeowners`"), "{}", said.err);
    assert!(said.err.contains("mine.toml:"), "{}", said.err);
}
