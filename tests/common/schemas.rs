//! What the formats of other programs must look like, by their official schemas where there are any. Also a module of
//! the library's own tests.
#![allow(dead_code, reason = "each test binary uses its own part")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;

/// The official schema of SARIF 2.1.0. Its pattern of languages is no regular expression; errata 01 has this one.
static SARIF: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let pattern = ["^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$"];
    validator(&packaged("serde-sarif", "src/schema.json").replace(pattern[0], pattern[1]))
});

static GITLAB: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/schemas/gitlab-code-quality.json");
    validator(&std::fs::read_to_string(file).unwrap())
});

/// The schema that Jenkins reads test reports by, and most others after it.
static JUNIT: LazyLock<String> = LazyLock::new(|| packaged("junit-report", "tests/JUnit.xsd"));

fn validator(schema: &str) -> jsonschema::Validator {
    jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap()
}

/// A file of a crate's package. These crates are never built: `cargo fetch` brings them, `cargo metadata` finds them.
fn packaged(name: &str, file: &str) -> String {
    static FOLDERS: LazyLock<Value> = LazyLock::new(|| {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(["metadata", "--locked", "--format-version", "1"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("cargo runs");
        assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    });
    let packages = FOLDERS["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == name).expect("it is in Cargo.toml");
    let manifest = PathBuf::from(package["manifest_path"].as_str().unwrap());
    let path = manifest.parent().unwrap().join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn json_problems(validator: &jsonschema::Validator, text: &str) -> Vec<String> {
    match serde_json::from_str::<Value>(text) {
        Ok(document) => {
            validator.iter_errors(&document).map(|e| format!("{}: {e}", e.instance_path())).collect()
        }
        Err(error) => vec![format!("not JSON: {error}")],
    }
}

/// What is wrong with a SARIF document: by the schema, and by what GitHub's code scanning asks for beside it.
pub fn sarif_problems(text: &str) -> Vec<String> {
    let mut problems = json_problems(&SARIF, text);
    let document: Value = serde_json::from_str(text).unwrap_or_default();
    for run in document["runs"].as_array().into_iter().flatten() {
        let (Some(rules), Some(results)) =
            (run["tool"]["driver"]["rules"].as_array(), run["results"].as_array())
        else {
            problems.push("GitHub asks for rules and results".to_owned());
            continue;
        };
        for result in results {
            let place = &result["locations"][0]["physicalLocation"];
            let filled = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
            let index = result["ruleIndex"].as_u64().map_or(usize::MAX, |index| index as usize);
            for (what, holds) in [
                ("a message", filled(&result["message"]["text"])),
                ("a file", filled(&place["artifactLocation"]["uri"])),
                ("a line", place["region"]["startLine"].as_u64().is_some_and(|line| line > 0)),
                ("a fingerprint", filled(&result["partialFingerprints"]["primaryLocationLineHash"])),
                ("a rule that is described", rules.get(index).is_some_and(|r| r["id"] == result["ruleId"])),
            ] {
                if !holds {
                    problems.push(format!("GitHub asks for {what}: {result}"));
                }
            }
        }
        for rule in rules {
            for key in ["shortDescription", "fullDescription", "help"] {
                if rule[key]["text"].as_str().is_none_or(str::is_empty) {
                    problems.push(format!("GitHub asks for {key}: {}", rule["id"]));
                }
            }
        }
    }
    problems
}

/// What is wrong with a code quality report for GitLab.
pub fn gitlab_problems(text: &str) -> Vec<String> {
    let mut problems = json_problems(&GITLAB, text);
    let document: Value = serde_json::from_str(text).unwrap_or_default();
    let mut prints: Vec<&str> =
        document.as_array().into_iter().flatten().filter_map(|issue| issue["fingerprint"].as_str()).collect();
    let all = prints.len();
    prints.sort_unstable();
    prints.dedup();
    if prints.len() < all {
        problems.push(format!("{} fingerprints for {all} entries", prints.len()));
    }
    problems
}

/// What is wrong with a JUnit document: by the schema, and in its counts.
pub fn junit_problems(text: &str) -> Vec<String> {
    let document = match uppsala::parse(text) {
        Ok(document) => document,
        Err(error) => return vec![format!("not XML: {error}")],
    };
    let schema = uppsala::parse(&JUNIT).unwrap();
    let validator = uppsala::XsdValidator::from_schema(&schema).unwrap();
    let mut problems: Vec<String> = validator.validate(&document).iter().map(ToString::to_string).collect();
    problems.extend(count_problems(text));
    problems
}

/// Suites whose counts are not those of their tests. Reads the lines that our own renderer writes.
fn count_problems(text: &str) -> Vec<String> {
    let count = |line: &str, name: &str| -> Option<usize> {
        let (_, rest) = line.split_once(&format!(" {name}=\""))?;
        rest.split_once('"')?.0.parse().ok()
    };
    let mut problems = Vec::new();
    for suite in text.split("<testsuite ").skip(1) {
        let head = suite.lines().next().unwrap_or_default();
        let head = format!(" {head}");
        for (name, element) in [
            ("tests", "<testcase "),
            ("failures", "<failure "),
            ("errors", "<error "),
            ("skipped", "<skipped>"),
        ] {
            let found = suite.matches(element).count();
            if count(&head, name) != Some(found) {
                problems.push(format!("{name}: {found} in {head}"));
            }
        }
    }
    problems
}
