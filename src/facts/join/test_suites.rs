use std::collections::{BTreeMap, BTreeSet};

use crate::facts::ci::Ci;
use crate::facts::kinds::{Answer, App, Evidence, TestFile, TestLevel, TestSuite, Unknown};
use crate::facts::layout::app_of;
use crate::facts::notes::{FileNotes, ManifestNote};
use crate::facts::shell::{Ran, join};
use crate::facts::{Facts, Input};
use crate::source::Tree;

/// Packages that are a test framework, in the order in which a file without an import is taken to be theirs.
const FRAMEWORKS: &[(&str, &str)] = &[
    ("vitest", "vitest"),
    ("jest", "jest"),
    ("ts-jest", "jest"),
    ("jest-expo", "jest"),
    ("react-scripts", "jest"),
    ("mocha", "mocha"),
    ("jasmine", "jasmine"),
    ("jasmine-core", "jasmine"),
    ("ava", "ava"),
    ("tape", "tape"),
    ("@playwright/test", "playwright"),
    ("cypress", "cypress"),
    ("pytest", "pytest"),
    ("detox", "detox"),
    ("@wdio/cli", "webdriverio"),
];

/// Files that set a framework up, by the beginning of their name.
const CONFIGURATIONS: &[(&str, &str)] = &[
    ("vitest.config.", "vitest"),
    ("vitest.workspace.", "vitest"),
    ("jest.config.", "jest"),
    ("playwright.config.", "playwright"),
    ("cypress.config.", "cypress"),
    ("cypress.json", "cypress"),
    (".mocharc", "mocha"),
    ("ava.config.", "ava"),
    ("pytest.ini", "pytest"),
    ("karma.conf.", "karma"),
];

/// Where a framework is declared or set up.
struct Declared {
    framework: &'static str,
    file: String,
    line: u32,
    says: String,
}

/// Fills `tests`, by app and framework, and the counts of apps and of the project.
pub(super) fn run(input: &Input<'_>, facts: &mut Facts) {
    let declared = declared(input, &facts.apps);
    let helpers: Vec<&str> =
        input.notes.iter().filter(|n| n.asserts).map(|n| without_extension(&n.path)).collect();
    let mut suites: BTreeMap<(String, String), TestSuite> = BTreeMap::new();
    for note in input.notes {
        let Some(test) = &note.test else { continue };
        let app = app_of(&facts.apps, &note.path);
        let framework =
            if test.framework.is_empty() { guess(note, input.notes) } else { test.framework.clone() };
        let suite = suites.entry((app.clone(), framework.clone())).or_insert_with(|| TestSuite {
            app,
            level: level(&framework, test.level),
            framework,
            ..TestSuite::default()
        });
        suite.cases += test.cases;
        suite.skipped += test.skipped;
        suite.assertions += test.assertions;
        let imported = imports(note, &input.source.tree, &facts.apps);
        // A page object or fixture may assert for it.
        let helped = imported.iter().any(|module| is_helper(module, &helpers));
        if test.cases > 0 && test.assertions == 0 && test.level != TestLevel::Load && !helped {
            suite.without_assertions.push(note.path.clone());
            suite.evidence.push(Evidence::new(
                "without_assertions",
                &note.path,
                test.line,
                "test cases, but no assertion",
            ));
        }
        suite.files.push(TestFile {
            file: note.path.clone(),
            cases: test.cases,
            skipped: test.skipped,
            assertions: test.assertions,
            imports: imported,
        });
        if suite.files.len() <= 3 {
            let says = format!("{} test cases", test.cases + test.skipped);
            suite.evidence.push(Evidence::new("files", &note.path, test.line, &says));
        }
    }
    // What is declared and has no case is a suite too: an empty one.
    for (app, found) in &declared {
        let key = (app.clone(), found.framework.to_owned());
        // What the top of a workspace declares is used by its packages.
        let below = folder(&found.file);
        let used = suites.values().filter(|s| s.framework == found.framework).flat_map(|s| &s.files);
        let used = used.clone().any(|f| below.is_empty() || f.file.starts_with(&format!("{below}/")));
        if used && !suites.contains_key(&key) {
            continue;
        }
        let suite = suites.entry(key).or_insert_with(|| TestSuite {
            app: app.clone(),
            framework: found.framework.to_owned(),
            level: level(found.framework, TestLevel::Unit),
            evidence: vec![Evidence::new(
                "files",
                &found.file,
                found.line,
                "no file holds a test case of it",
            )],
            ..TestSuite::default()
        });
        if suite.file.is_empty() {
            suite.file.clone_from(&found.file);
            suite.line = found.line;
            suite.evidence.push(Evidence::new("framework", &found.file, found.line, &found.says));
        }
    }
    let ci = input.ci();
    let mut tests: Vec<TestSuite> = suites.into_values().collect();
    let runners = runners(ci, input.notes);
    for suite in &mut tests {
        suite.files.sort_by(|a, b| a.file.cmp(&b.file));
        suite.without_assertions.sort();
        runnable(suite, &runners);
    }
    for app in &mut facts.apps {
        let own = tests.iter().filter(|t| t.app == app.path);
        app.test_files = own.clone().map(|t| count(t.files.len())).sum();
        app.test_cases = own.map(|t| t.cases).sum();
    }
    facts.project.test_files = tests.iter().map(|t| count(t.files.len())).sum();
    facts.project.test_cases = tests.iter().map(|t| t.cases).sum();
    facts.tests = tests;
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn level(framework: &str, said: TestLevel) -> TestLevel {
    match framework {
        "playwright" | "cypress" | "webdriverio" | "detox" => TestLevel::E2e,
        _ => said,
    }
}

/// Whether an import is one of the helpers, or a folder of them that its index hands out; an alias such as `@/`
/// hides where the path begins.
fn is_helper(module: &str, helpers: &[&str]) -> bool {
    let tail = module.trim_start_matches(['@', '~', '#']).trim_start_matches('/');
    let aliased = tail != module && tail.contains('/');
    helpers.iter().any(|helper| {
        let folder = helper.rsplit_once('/').map_or("", |(folder, _)| folder);
        [*helper, folder]
            .iter()
            .any(|path| *path == module || (aliased && path.ends_with(&format!("/{tail}"))))
    })
}

/// Every framework that a manifest or a configuration file declares, with its app.
fn declared(input: &Input<'_>, apps: &[App]) -> Vec<(String, Declared)> {
    let mut found = Vec::new();
    for note in input.notes {
        let Some(manifest) = &note.manifest else { continue };
        let app = app_of(apps, &note.path);
        for dependency in &manifest.dependencies {
            let known = FRAMEWORKS.iter().find(|(name, _)| *name == dependency.name);
            // It brings jest, and is not there for it.
            let Some((name, framework)) = known.filter(|(name, _)| *name != "react-scripts") else {
                continue;
            };
            let says = format!("depends on {name}");
            found.push((
                app.clone(),
                Declared { framework, file: note.path.clone(), line: dependency.line, says },
            ));
        }
        for configured in &manifest.configures {
            if let Some((_, framework)) = FRAMEWORKS.iter().find(|(_, f)| f == configured) {
                let says = format!("configures {framework}");
                found.push((app.clone(), Declared { framework, file: note.path.clone(), line: 0, says }));
            }
        }
    }
    for file in input.source.tree.files() {
        if let Some((_, framework)) = CONFIGURATIONS.iter().find(|(start, _)| file.name().starts_with(start))
        {
            let says = format!("configures {framework}");
            found.push((
                app_of(apps, &file.path),
                Declared { framework, file: file.path.clone(), line: 0, says },
            ));
        }
    }
    found
}

/// Manifests of the folders above a file, nearest first.
fn manifests_above<'n>(path: &str, notes: &'n [FileNotes]) -> Vec<&'n FileNotes> {
    let mut found: Vec<&FileNotes> = notes
        .iter()
        .filter(|n| n.manifest.is_some())
        .filter(|n| {
            let folder = folder(&n.path);
            folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
        })
        .collect();
    found.sort_by_key(|n| std::cmp::Reverse(folder(&n.path).len()));
    found
}

/// The framework of a file that doesn't say: the first that the manifests above it declare.
fn guess(note: &FileNotes, notes: &[FileNotes]) -> String {
    if note.path.contains(".cy.") {
        return "cypress".to_owned();
    }
    for manifest in manifests_above(&note.path, notes).into_iter().filter_map(|n| n.manifest.as_ref()) {
        if let Some(framework) = unit_framework(manifest) {
            return framework.to_owned();
        }
    }
    if note.path.contains("supabase/functions/") { "deno".to_owned() } else { "unknown".to_owned() }
}

/// Of those whose `describe` and `it` need no import.
fn unit_framework(manifest: &ManifestNote) -> Option<&'static str> {
    let names: BTreeSet<&str> = manifest.dependencies.iter().map(|d| d.name.as_str()).collect();
    let unit = FRAMEWORKS.iter().filter(|(_, f)| !matches!(*f, "playwright" | "pytest" | "ava" | "tape"));
    unit.clone()
        .find(|(name, _)| names.contains(name))
        .or_else(|| unit.clone().find(|(_, f)| manifest.configures.iter().any(|c| c == f)))
        .map(|(_, framework)| *framework)
}

/// What a test file imports; what resolves in the tree as a path without extension.
fn imports(note: &FileNotes, tree: &Tree, apps: &[App]) -> Vec<String> {
    const ENDINGS: &[&str] = &[
        "",
        ".ts",
        ".tsx",
        ".js",
        ".jsx",
        ".mjs",
        ".vue",
        ".svelte",
        "/index.ts",
        "/index.tsx",
        "/index.js",
        ".py",
        "/__init__.py",
    ];
    let exists = |path: &str| ENDINGS.iter().any(|ending| tree.get(&format!("{path}{ending}")).is_some());
    let here = folder(&note.path);
    let app = app_of(apps, &note.path);
    let app_folder = if app == "." { "" } else { app.as_str() };
    let resolve = |module: &str| -> String {
        if module.starts_with("./") || module.starts_with("../") {
            let path = join(here, module);
            return without_extension(&path).to_owned();
        }
        if note.path.ends_with(".py") {
            let dots = module.bytes().take_while(|b| *b == b'.').count();
            let rest = module.trim_start_matches('.').replace('.', "/");
            let bases: Vec<String> = match dots {
                0 => vec![app_folder.to_owned(), String::new(), here.to_owned()],
                n => vec![join(here, &"../".repeat(n - 1))],
            };
            let found =
                bases.iter().map(|base| join(base, &rest)).find(|path| !path.is_empty() && exists(path));
            return found.unwrap_or_else(|| module.to_owned());
        }
        module.to_owned()
    };
    let all: BTreeSet<String> = note.imports.iter().map(|import| resolve(&import.module)).collect();
    all.into_iter().collect()
}

fn without_extension(path: &str) -> &str {
    match path.rsplit_once('.') {
        Some((
            stem,
            "ts" | "tsx" | "js" | "jsx" | "mjs" | "cjs" | "mts" | "cts" | "vue" | "svelte" | "py",
        )) => stem,
        _ => path,
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A script, target or workflow that runs a test tool.
struct Runner {
    tool: &'static str,
    /// Where it runs the tool.
    folder: String,
    file: String,
    line: u32,
    says: String,
}

/// Everything that runs a test tool: scripts of packages first, then workflows and targets.
fn runners(ci: &Ci<'_>, notes: &[FileNotes]) -> Vec<Runner> {
    let mut found = Vec::new();
    let mut add = |ran: &Ran, file: &str, line: u32, says: &str| {
        if !ran.act.tests.is_empty() {
            let (folder, file, says) = (ran.folder.clone(), file.to_owned(), says.to_owned());
            found.push(Runner { tool: ran.act.tests, folder, file, line, says });
        }
    };
    for (folder, file, scripts) in ci.scripts().packages() {
        for script in scripts {
            let says = format!("the script `{}` runs it", script.name);
            for ran in ci.scripts().run(&script.command, file, script.line, folder) {
                add(&ran, file, script.line, &says);
            }
        }
    }
    for note in notes {
        if note.workflow.is_some() {
            for run in ci.runs(note) {
                add(&run.ran, &note.path, run.line, "a workflow runs it");
            }
        }
        for target in &note.targets {
            for ran in ci.scripts().run(&target.command, &note.path, target.line, folder(&note.path)) {
                add(&ran, &note.path, target.line, "a script runs it");
            }
        }
    }
    found
}

/// Whether a script or a workflow runs the suite, or the tool finds it by itself.
fn runnable(suite: &mut TestSuite, runners: &[Runner]) {
    let app = if suite.app == "." { "" } else { suite.app.as_str() };
    let below =
        |folder: &str, of: &str| of.is_empty() || folder == of || folder.starts_with(&format!("{of}/"));
    // From above, from inside the app, or from the folder of its tests.
    let reaches = |runner: &Runner| {
        below(&runner.folder, app)
            || below(app, &runner.folder)
            || suite.files.first().is_some_and(|f| below(&f.file, &runner.folder))
    };
    if let Some(runner) = runners.iter().find(|r| r.tool == suite.framework && reaches(r)) {
        suite.runnable = Answer::Yes;
        suite.evidence.push(Evidence::new("runnable", &runner.file, runner.line, &runner.says));
        return;
    }
    let (answer, says) = match suite.framework.as_str() {
        "pytest" | "unittest" | "cargo test" | "deno" | "bun:test" | "pgtap" => {
            (Answer::Yes, "the tool finds the tests by itself")
        }
        "unknown" => (Answer::Unknown, ""),
        _ if suite.level == TestLevel::Load => (Answer::Unknown, ""),
        _ => (Answer::No, "no script, target or workflow runs it"),
    };
    suite.runnable = answer;
    if answer == Answer::Unknown {
        let reason = "nothing names the tool that runs these tests";
        suite.unknowns.push(Unknown::new("runnable", reason));
    } else {
        let (file, line) = match suite.files.first() {
            Some(first) if suite.file.is_empty() => (first.file.clone(), 0),
            _ => (suite.file.clone(), suite.line),
        };
        suite.evidence.push(Evidence::new("runnable", &file, line, says));
    }
}
