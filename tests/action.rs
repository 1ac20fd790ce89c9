//! The composite action and the hook definition say only what GitHub, the pre-commit framework and our own command line
//! understand. Nothing else would notice before somebody's pipeline breaks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;

use common::{project, repository, vibecheck, write};
use serde_yaml_ng::Value;

/// The keys of action metadata that a composite action may have, from
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax>: `name`, `author`, `description`,
/// `inputs`, `outputs` and `outputs for composite actions`, `runs for composite actions`, `branding`.
const ACTION: &[&str] = &["name", "author", "description", "inputs", "outputs", "runs", "branding"];
const ACTION_REQUIRED: &[&str] = &["name", "description", "runs"];
const INPUT: &[&str] = &["description", "required", "default", "deprecationMessage"];
const OUTPUT: &[&str] = &["description", "value"];
const RUNS: &[&str] = &["using", "steps"];
const STEP: &[&str] =
    &["run", "shell", "if", "name", "id", "env", "working-directory", "uses", "with", "continue-on-error"];
const BRANDING: &[&str] = &["icon", "color"];
const BRANDING_COLORS: &[&str] =
    &["white", "black", "yellow", "blue", "green", "orange", "red", "purple", "gray-dark"];

/// The keys of a hook, from <https://pre-commit.com/#creating-new-hooks>.
const HOOK: &[&str] = &[
    "id",
    "name",
    "entry",
    "language",
    "files",
    "exclude",
    "types",
    "types_or",
    "exclude_types",
    "always_run",
    "fail_fast",
    "verbose",
    "pass_filenames",
    "require_serial",
    "description",
    "language_version",
    "minimum_pre_commit_version",
    "args",
    "stages",
];

fn yaml(path: &str) -> Value {
    serde_yaml_ng::from_str(&fs::read_to_string(project().join(path)).unwrap()).unwrap()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_mapping().unwrap().keys().map(|key| key.as_str().unwrap()).collect()
}

fn only(value: &Value, known: &[&str], what: &str) {
    for key in keys(value) {
        assert!(known.contains(&key), "{what} has no key {key}");
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn steps(action: &Value) -> Vec<&Value> {
    action["runs"]["steps"].as_sequence().unwrap().iter().collect()
}

#[test]
fn the_action_has_the_documented_keys() {
    let action = yaml("action.yml");
    only(&action, ACTION, "an action");
    for key in ACTION_REQUIRED {
        assert!(action.get(key).is_some(), "{key} is required");
    }
    for (name, input) in action["inputs"].as_mapping().unwrap() {
        only(input, INPUT, "an input");
        assert!(!text(input, "description").is_empty(), "{name:?} is described");
        assert!(input["default"].is_string(), "{name:?} has a default");
    }
    for (name, output) in action["outputs"].as_mapping().unwrap() {
        only(output, OUTPUT, "an output");
        assert!(output.get("value").is_some(), "{name:?}: an output of a composite action needs a value");
    }
    only(&action["runs"], RUNS, "the runs of a composite action");
    assert_eq!(text(&action["runs"], "using"), "composite");
    only(&action["branding"], BRANDING, "branding");
    assert!(BRANDING_COLORS.contains(&text(&action["branding"], "color")));
    for step in steps(&action) {
        only(step, STEP, "a step");
        assert!(step.get("run").is_some() != step.get("uses").is_some(), "one of run and uses: {step:?}");
        assert!(
            step.get("run").is_none() || text(step, "shell") == "bash",
            "a script needs a shell: {step:?}"
        );
    }
}

#[test]
fn what_the_action_refers_to_is_there() {
    let file = fs::read_to_string(project().join("action.yml")).unwrap();
    let action = yaml("action.yml");
    let ids: Vec<&str> = steps(&action).iter().map(|step| text(step, "id")).collect();
    let inputs = keys(&action["inputs"]);
    let names =
        regex::Regex::new(r"\$\{\{ (?:steps\.([\w-]+)\.outputs\.([\w-]+)|inputs\.([\w-]+)) \}\}").unwrap();
    let mut used = Vec::new();
    for found in names.captures_iter(&file) {
        match found.get(3) {
            Some(input) => used.push(input.as_str()),
            None => {
                let step =
                    steps(&action)[ids.iter().position(|id| *id == &found[1]).expect("the step is there")];
                assert!(
                    text(step, "run").contains(&format!("echo \"{}=", &found[2])),
                    "{} is set",
                    &found[2]
                );
            }
        }
    }
    used.sort_unstable();
    let mut all = inputs.clone();
    all.sort_unstable();
    assert_eq!(used, all, "every input is used, and none that is not declared");
    // What a caller hands over must never become part of a script.
    for step in steps(&action) {
        assert!(!text(step, "run").contains("${{"), "an expression in a script: {step:?}");
    }
}

/// `uses: owner/name@<40 digits> # v1.2.3`, in every file that we ship or write.
#[test]
fn other_actions_are_pinned_by_commit_with_their_version() {
    let pinned = regex::Regex::new(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$").unwrap();
    let mut seen = 0;
    for path in ["action.yml", "src/cli/init/templates/github.yml"] {
        for line in
            fs::read_to_string(project().join(path)).unwrap().lines().filter(|line| line.contains("uses: "))
        {
            assert!(pinned.is_match(line), "{path}: {line}");
            seen += 1;
        }
    }
    assert_eq!(seen, 3);
}

/// Parses a command line as the binary would.
fn accepts(arguments: &[&str]) {
    let said = vibecheck::cli::command().try_get_matches_from([&["vibecheck"], arguments].concat());
    assert!(said.is_ok(), "{arguments:?}: {}", said.unwrap_err());
}

#[test]
fn the_command_line_accepts_what_the_action_says() {
    let action = yaml("action.yml");
    let script = steps(&action).iter().map(|step| text(step, "run")).collect::<String>();
    let formats = regex::Regex::new(r"--format (\w+)").unwrap();
    let formats: Vec<&str> = formats.captures_iter(&script).map(|f| f.get(1).unwrap().as_str()).collect();
    assert_eq!(formats, ["github", "json", "sarif"]);
    for format in formats {
        accepts(&[
            "audit",
            "--fail-on",
            "none",
            "--stage",
            "scale",
            "--since",
            "x",
            "--format",
            format,
            "--",
            ".",
        ]);
        accepts(&["audit", "--format", format, "--output", "x", "--", "-odd"]);
    }
}

#[test]
fn the_hook_is_as_the_framework_and_the_command_line_want_it() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    let hooks = hooks.as_sequence().unwrap();
    assert_eq!(hooks.len(), 1);
    let hook = &hooks[0];
    only(hook, HOOK, "a hook");
    assert_eq!(text(hook, "language"), "rust");
    assert_eq!((hook["pass_filenames"].as_bool(), hook["always_run"].as_bool()), (Some(false), Some(true)));
    let words: Vec<&str> = text(hook, "entry").split(' ').collect();
    assert_eq!(words[0], "vibecheck");
    accepts(&words[1..]);
}

/// Runs the script of the step that audits, as a runner would.
fn audited(folder: &Path, inputs: &[(&str, &str)]) -> (i32, String, String) {
    let action = yaml("action.yml");
    let step = *steps(&action).iter().find(|step| text(step, "id") == "audit").unwrap();
    let runner = tempfile::tempdir().unwrap();
    fs::create_dir_all(runner.path().join("vibecheck/bin")).unwrap();
    fs::hard_link(vibecheck().get_program(), runner.path().join("vibecheck/bin/vibecheck"))
        .or_else(|_| {
            fs::copy(vibecheck().get_program(), runner.path().join("vibecheck/bin/vibecheck")).map(|_| ())
        })
        .unwrap();
    write(runner.path(), &[("script.sh", text(step, "run")), ("output", ""), ("summary", "")]);
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(runner.path().join("script.sh"));
    command.current_dir(folder).env("RUNNER_TEMP", runner.path());
    command.env("GITHUB_OUTPUT", runner.path().join("output"));
    command.env("GITHUB_STEP_SUMMARY", runner.path().join("summary"));
    for (name, _) in step["env"].as_mapping().unwrap() {
        let name = name.as_str().unwrap();
        let given = inputs.iter().find(|(input, _)| format!("INPUT_{input}") == name);
        command.env(name, given.map_or("", |(_, value)| value));
    }
    let output = command.output().unwrap();
    let outputs = fs::read_to_string(runner.path().join("output")).unwrap();
    let path = runner.path().to_str().unwrap().to_owned();
    let outputs = outputs.replace(&path, "TEMP");
    (output.status.code().unwrap(), outputs, String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn the_action_ends_with_the_status_of_the_audit() {
    let folder = repository(&[("README.md", "# x\n"), (".gitignore", ".env\n")]);
    let all = "report=TEMP/vibecheck.json\nsarif=TEMP/vibecheck.sarif\n";
    let (status, outputs, err) = audited(folder.path(), &[("PATH", ".")]);
    assert_eq!((status, outputs), (0, format!("exit-code=0\n{all}")), "{err}");
    let (status, outputs, err) =
        audited(folder.path(), &[("PATH", "."), ("FAIL_ON", "low"), ("ARGS", "--date\n2026-03-01\n")]);
    assert_eq!((status, outputs), (1, format!("exit-code=1\n{all}")), "{err}");
    let (status, outputs, _) = audited(folder.path(), &[("PATH", "."), ("FAIL_ON", "lowest")]);
    assert_eq!((status, outputs.as_str()), (2, "exit-code=2\n"));
}

#[test]
fn inputs_are_words_and_never_code() {
    let folder = repository(&[("README.md", "# x\n")]);
    let evil = "$(touch pwned); `touch pwned`; \" ; touch pwned #";
    for input in ["PATH", "FAIL_ON", "STAGE", "SINCE", "ARGS"] {
        let (status, _, _) = audited(folder.path(), &[(input, evil), ("PATH", ".")]);
        assert_eq!(status, 2, "{input}");
        assert!(!folder.path().join("pwned").exists(), "{input}");
    }
}
