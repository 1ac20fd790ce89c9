//! Facts about tests, CI, deployment, backups and the environment, from whole little repositories.

#![allow(clippy::unwrap_used, reason = "a failure is a failed test")]

use std::path::Path;

use vibecheck::facts::kinds::{Answer, BackupKind};
use vibecheck::facts::{Facts, Search, collect};
use vibecheck::source::{Options, open};

/// The facts of a folder with these files.
fn facts(files: &[(&str, &str)]) -> Facts {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let place = folder.path().join(path);
        std::fs::create_dir_all(place.parent().unwrap_or(Path::new("."))).unwrap();
        std::fs::write(place, text).unwrap();
    }
    collect(&open(folder.path(), &Options::default()).unwrap(), &Search::default()).0
}

const CI: &str = "on: [push]\njobs:\n  check:\n    steps:\n      - run: npm ci\n      - run: npm test\n";
const PAGE: (&str, &str) =
    ("src/main.tsx", "import React from 'react'\nexport default function App() { return null }\n");

fn package(scripts: &str, dependencies: &str) -> String {
    format!(
        "{{\n  \"name\": \"shop\",\n  \"scripts\": {{ {scripts} }},\n  \"dependencies\": {{ {dependencies} }}\n}}\n"
    )
}

#[test]
fn a_placeholder_script_tests_nothing() {
    let placeholder = package(r#""test": "echo \"Error: no test specified\" && exit 1""#, "");
    let found = facts(&[("package.json", &placeholder), (".github/workflows/ci.yml", CI), PAGE]);
    assert_eq!(found.ci_workflows[0].runs_tests, Answer::No);
    assert_eq!(found.ci_workflows[0].tests_can_fail, Answer::Na);
    assert_eq!(found.project.ci_runs_tests, Answer::No);
    assert!(found.settings.iter().any(|s| s.key == "scripts.test"));

    let real = package(r#""test": "vitest run""#, r#""vitest": "3.0.0""#);
    let found = facts(&[("package.json", &real), (".github/workflows/ci.yml", CI), PAGE]);
    let workflow = &found.ci_workflows[0];
    assert_eq!((workflow.runs_tests, workflow.tests_changes), (Answer::Yes, Answer::Yes));
    assert_eq!(workflow.tests_can_fail, Answer::Yes);
    assert!(workflow.evidence.iter().any(|e| e.cell == "runs_tests" && e.line == 6));
    // Declared, run in CI, and without a single case.
    assert_eq!((found.tests.len(), found.tests[0].files.len()), (1, 0));
    assert_eq!((found.tests[0].runnable, found.project.test_files), (Answer::Yes, 0));
}

#[test]
fn what_tests_and_fixtures_hold_ships_nothing() {
    let compose = "services:\n  db:\n    image: postgres:16\n    ports:\n      - \"5432:5432\"\n";
    let pipeline = "test:\n  script:\n    - npm test || true\n";
    let files = |folder: &str| {
        facts(&[
            PAGE,
            (&format!("{folder}docker-compose.prod.yml"), compose),
            (&format!("{folder}.gitlab-ci.yml"), pipeline),
        ])
    };
    let own = files("");
    assert_eq!((own.deploy_units.len(), own.databases.len(), own.ci_workflows.len()), (1, 1, 1));
    for folder in ["tests/base/", "fixtures/shop/", "examples/shop/"] {
        let held = files(folder);
        let counts = (held.deploy_units.len(), held.databases.len(), held.ci_workflows.len());
        assert_eq!(counts, (0, 0, 0), "{folder}");
    }
}

#[test]
fn failures_that_are_swallowed() {
    let manifest = package(r#""test": "vitest run""#, r#""vitest": "3.0.0""#);
    let can_fail = |workflow: &str| {
        facts(&[("package.json", &manifest), (".github/workflows/ci.yml", workflow)]).ci_workflows[0]
            .tests_can_fail
    };
    assert_eq!(can_fail(CI), Answer::Yes);
    assert_eq!(can_fail(&CI.replace("npm test", "npm test || true")), Answer::No);
    assert_eq!(can_fail(&CI.replace("npm test", "npm test\n        continue-on-error: true")), Answer::No);
    assert_eq!(can_fail(&CI.replace("steps:", "continue-on-error: true\n    steps:")), Answer::No);
    assert_eq!(can_fail(&CI.replace("npm test", "npm test -- --passWithNoTests")), Answer::Yes);
    assert_eq!(can_fail(&CI.replace("npm test", "npm test | tee log")), Answer::Unknown);
}

#[test]
fn what_cannot_be_followed_is_unknown() {
    let runs = |step: &str| {
        let text = CI.replace("run: npm ci", "run: make").replace("run: npm test", step);
        facts(&[("Makefile", "all:\n\techo\n"), (".github/workflows/ci.yml", &text)]).ci_workflows[0]
            .runs_tests
    };
    assert_eq!(runs("run: ./scripts/gone.sh"), Answer::Unknown);
    assert_eq!(runs("run: npm test"), Answer::Unknown);
    assert_eq!(runs("run: echo npm test"), Answer::No);
    let remote = "on: push\njobs:\n  a:\n    uses: other/repo/.github/workflows/x.yml@v1\n";
    let found = facts(&[(".github/workflows/ci.yml", remote)]);
    assert_eq!(found.ci_workflows[0].runs_tests, Answer::Unknown);
    assert!(found.ci_workflows[0].unknowns.iter().any(|u| u.cell == "runs_tests"));
}

#[test]
fn local_workflows_and_actions_are_followed() {
    let manifest = package(r#""test": "jest""#, r#""jest": "30.0.0""#);
    let found = facts(&[
        ("package.json", &manifest),
        (
            ".github/workflows/ci.yml",
            "on: pull_request\njobs:\n  t:\n    uses: ./.github/workflows/test.yml\n",
        ),
        (
            ".github/workflows/test.yml",
            "on: workflow_call\njobs:\n  t:\n    steps:\n      - uses: ./.github/actions/t\n",
        ),
        (
            ".github/actions/t/action.yml",
            "runs:\n  using: composite\n  steps:\n    - run: npm test\n      shell: bash\n",
        ),
    ]);
    for workflow in &found.ci_workflows {
        assert_eq!(
            (workflow.runs_tests, workflow.tests_changes),
            (Answer::Yes, Answer::Yes),
            "{}",
            workflow.file
        );
    }
}

#[test]
fn deployments_wait_for_tests_or_not() {
    let manifest = package(r#""test": "jest""#, r#""jest": "30.0.0""#);
    let waits = |needs: &str| {
        let text = format!(
            "on: push\njobs:\n  test:\n    steps:\n      - run: npm test\n  deploy:\n{needs}    steps:\n      - run: flyctl deploy\n"
        );
        facts(&[("package.json", &manifest), (".github/workflows/d.yml", &text)]).ci_workflows[0]
            .deploy_waits_for_tests
    };
    assert_eq!(waits("    needs: test\n"), Answer::Yes);
    assert_eq!(waits(""), Answer::No);
}

#[test]
fn gitlab_stages_wait_for_each_other() {
    let text = "stages: [test, deploy]\nunit:\n  stage: test\n  script:\n    - pytest\nship:\n  stage: deploy\n  script: kubectl apply -f k8s\n";
    let found = facts(&[(".gitlab-ci.yml", text), ("requirements.txt", "pytest==8.0.0\n")]);
    let workflow = &found.ci_workflows[0];
    assert_eq!((workflow.runs_tests, workflow.deploy_waits_for_tests), (Answer::Yes, Answer::Yes));
    let found =
        facts(&[(".gitlab-ci.yml", &text.replace("  script:\n", "  allow_failure: true\n  script:\n"))]);
    assert_eq!(found.ci_workflows[0].tests_can_fail, Answer::No);
}

#[test]
fn broken_and_unread_workflows_are_unknown() {
    let found =
        facts(&[(".github/workflows/a.yml", "on: push\n  jobs: x\n"), ("Jenkinsfile", "pipeline {}\n")]);
    assert!(found.ci_workflows.iter().all(|w| !w.read && w.runs_tests == Answer::Unknown));
    assert_eq!(found.project.ci_runs_tests, Answer::Unknown);
}

#[test]
fn suites_count_cases_and_what_they_import() {
    let found = facts(&[
        ("package.json", &package(r#""test": "vitest run""#, r#""vitest": "3.0.0", "react-dom": "19.0.0""#)),
        PAGE,
        ("src/db.ts", "export const db = 1\n"),
        (
            "src/db.test.ts",
            "import { db } from './db'\nimport { x } from '@/x'\ntest('a', () => { expect(db).toBe(1) })\n",
        ),
        ("src/empty.test.ts", "it('b', () => { run() })\n"),
        (
            "e2e/fixtures/pages.ts",
            "export const shown = async (page) => { await expect(page).toBeVisible() }\n",
        ),
        (
            "e2e/a.test.ts",
            "import { shown } from './fixtures'\ntest('c', async () => { await shown(page) })\n",
        ),
        ("src/tests/helper.ts", "export const twice = (x) => 2 * x\n"),
    ]);
    let suite = &found.tests[0];
    assert_eq!((suite.framework.as_str(), suite.cases, suite.files.len()), ("vitest", 3, 3));
    assert_eq!(suite.files[1].imports, ["@/x", "src/db"]);
    assert_eq!(suite.without_assertions, ["src/empty.test.ts"]);
    assert_eq!((found.project.test_files, found.apps[0].test_files), (3, 3));
}

const DUMP: &str = "on:\n  schedule:\n    - cron: '0 3 * * *'\njobs:\n  dump:\n    steps:\n      - run: pg_dump \"$URL\" > db.sql\n";

#[test]
fn a_scheduled_dump_counts_when_it_is_kept() {
    let kept = format!("{DUMP}      - run: aws s3 cp db.sql s3://backups/\n");
    let found = facts(&[(".github/workflows/b.yml", &kept)]);
    let backup = &found.backups[0];
    assert_eq!(
        (backup.kind, backup.engine.as_str(), backup.line),
        (BackupKind::ScheduledDump, "postgres", 7)
    );
    assert_eq!(backup.schedule.as_str(), "0 3 * * *");
    assert_eq!(found.project.backups_evidence, Answer::Yes);
    // The runner's disk is gone after the run.
    let lost = facts(&[(".github/workflows/b.yml", DUMP)]);
    assert_eq!(lost.backups.iter().map(|b| b.kind).collect::<Vec<_>>(), [BackupKind::UnscheduledDump]);
    // What a document or a comment mentions is nothing.
    let prose = facts(&[("README.md", "# Backups\nRun `pg_dump`.\n"), ("x.sh", "# pg_dump x\necho hi\n")]);
    assert!(prose.backups.is_empty());
}

const COMPOSE: &str = "services:\n  web:\n    build: .\n  db:\n    image: postgres:16\n    ports: ['5432:5432']\n    volumes: ['data:/var/lib/postgresql/data']\nvolumes:\n  data:\n";

#[test]
fn a_database_that_the_project_runs_itself() {
    let found = facts(&[("docker-compose.yml", COMPOSE)]);
    let database = &found.databases[0];
    assert_eq!((database.engine.as_str(), database.provider.as_str()), ("postgres", "self"));
    assert_eq!((database.backed_up, database.durable), (Answer::No, Answer::Yes));
    assert_eq!((database.public_port, database.restore_shown), (Answer::Yes, Answer::Unknown));
    assert!(database.evidence.iter().any(|e| e.cell == "public_port" && e.line == 6));

    let kept = format!("{DUMP}      - run: rclone copy db.sql remote:backups\n");
    let found = facts(&[("docker-compose.yml", COMPOSE), (".github/workflows/b.yml", &kept)]);
    assert_eq!(found.databases[0].backed_up, Answer::Yes);
}

#[test]
fn a_database_for_development_or_in_an_example_says_nothing_of_production() {
    for name in ["docker-compose.dev.yml", "compose.example.yml"] {
        let found = facts(&[(name, COMPOSE)]);
        let database = &found.databases[0];
        assert_eq!((database.provider.as_str(), database.backed_up), ("", Answer::Unknown), "{name}");
        assert_eq!(database.public_port, Answer::Unknown);
        assert!(database.unknowns.iter().any(|u| u.cell == "backed_up"));
    }
}

#[test]
fn destructive_commands_count_where_they_are_deployed() {
    let start = package(r#""start": "prisma db push --accept-data-loss && node server.js""#, "");
    let found = facts(&[("package.json", &start)]);
    assert_eq!(found.backups[0].kind, BackupKind::DestructiveCommand);
    assert!(found.backups[0].negative);
    let by_hand = package(r#""db:reset": "prisma migrate reset""#, "");
    assert!(facts(&[("package.json", &by_hand)]).backups.is_empty());
}

#[test]
fn a_start_script_may_be_a_development_server() {
    let dev = |start: &str| {
        let manifest = package(&format!("\"start\": \"{start}\""), "");
        facts(&[("package.json", &manifest), ("Procfile", "web: npm start\n")]).deploy_units[0].dev_server
    };
    assert_eq!(dev("vite preview --host"), Answer::Yes);
    assert_eq!(dev("node dist/server.js"), Answer::No);
}

#[test]
fn an_entry_point_may_give_up_root() {
    let docker = "FROM node:22\nCOPY . .\nENTRYPOINT [\"/app/entry.sh\"]\n";
    let root = |script: &str| {
        facts(&[("Dockerfile", docker), ("docker/entry.sh", script)]).deploy_units[0].runs_as_root
    };
    assert_eq!(root("#!/bin/sh\nexec node server.js\n"), Answer::Yes);
    assert_eq!(root("#!/bin/sh\nexec gosu app node server.js\n"), Answer::Unknown);
}

#[test]
fn types_are_checked_by_the_build_or_ci() {
    let checked = |build: &str, config: &str, ci: &str| {
        let manifest = package(&format!("\"build\": \"{build}\""), r#""react-dom": "19.0.0""#);
        let found = facts(&[
            ("package.json", &manifest),
            PAGE,
            ("next.config.mjs", config),
            (".github/workflows/ci.yml", &CI.replace("npm test", ci)),
        ]);
        found.apps[0].types_checked
    };
    assert_eq!(checked("vite build", "", "echo"), Answer::No);
    assert_eq!(checked("tsc -b && vite build", "", "echo"), Answer::Yes);
    assert_eq!(checked("vite build", "", "npx tsc --noEmit"), Answer::Yes);
    assert_eq!(checked("next build", "", "echo"), Answer::Yes);
    let ignoring = "export default { typescript: { ignoreBuildErrors: true } }\n";
    assert_eq!(checked("next build", ignoring, "echo"), Answer::No);
}

#[test]
fn environment_variables() {
    let code =
        "const a = process.env.STRIPE_KEY\nconst b = process.env.NODE_ENV\nconst c = process.env.LOST_KEY\n";
    let found = facts(&[
        ("package.json", &package("", r#""react-dom": "19.0.0""#)),
        ("src/main.ts", code),
        (".env.example", "STRIPE_KEY=\nVITE_UNUSED=\n"),
        ("supabase/functions/f/index.ts", "Deno.env.get('SUPABASE_URL')\n"),
    ]);
    let told: Vec<(&str, bool, bool, bool, bool)> =
        found.env_vars.iter().map(|e| (e.name.as_str(), e.read, e.declared, e.provided, e.public)).collect();
    assert_eq!(
        told,
        [
            ("LOST_KEY", true, false, false, false),
            ("NODE_ENV", true, false, true, false),
            ("STRIPE_KEY", true, true, false, false),
            ("SUPABASE_URL", true, false, true, false),
            ("VITE_UNUSED", false, true, false, true),
        ]
    );
}
