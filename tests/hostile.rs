//! Bad input gives a report with less in it, never a panic, a hang or a lie: each of these is audited to the end.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

mod common;

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use common::{audit, facts, git_run, report, repository, run, vibecheck, write};

/// Generous: a machine under load is slow, a hang is for ever.
const LIMIT: Duration = Duration::from_secs(600);

/// Audits in every format. Returns the JSON report.
fn survives(folder: &Path) -> serde_json::Value {
    let start = Instant::now();
    for format in ["terminal", "markdown"] {
        let said = audit(folder, &["--format", format]);
        assert!(matches!(said.status, 0 | 1), "{format}: {} {}", said.status, said.err);
        assert!(!said.err.contains("panicked"), "{}", said.err);
    }
    let report = report(folder);
    assert_eq!(report["coverage"]["failures"], serde_json::json!([]));
    assert!(start.elapsed() < LIMIT);
    report
}

/// Whether the coverage lists `file` among the files that were not read.
fn skipped(report: &serde_json::Value, file: &str) -> bool {
    let skipped = report["coverage"]["skipped"].as_array().unwrap();
    skipped.iter().flat_map(|s| s["files"].as_array().unwrap()).any(|f| f.as_str().unwrap().contains(file))
}

/// Whether the coverage lists `file` among the files that do not parse.
fn broken(report: &serde_json::Value, file: &str) -> bool {
    report["coverage"]["broken"].as_array().unwrap().iter().any(|b| b[0] == file)
}

#[test]
fn without_git_the_history_is_unknown_and_not_a_blocker() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("package.json", "{\"name\":\"x\"}"), ("index.js", "console.log(1)\n")]);
    let report = survives(folder.path());
    assert_eq!(report["coverage"]["history"]["state"], "none");
    assert!(report["findings"].as_array().unwrap().iter().all(|f| f["rule"] != "no-git-history"));
    assert!(report["questions"].as_array().unwrap().iter().any(|q| q["rule"] == "no-git-history"));
}

#[test]
fn a_corrupt_repository_is_coverage() {
    let folder = repository(&[("index.js", "console.log(1)\n")]);
    fs::write(folder.path().join(".git/HEAD"), "ref: refs/heads/\u{0}garbage").unwrap();
    fs::write(folder.path().join(".git/index"), b"DIRC garbage").unwrap();
    let report = survives(folder.path());
    assert!(report["coverage"]["files"].as_u64().unwrap() >= 1);
    assert_ne!(report["coverage"]["history"]["state"], "full");

    let folder = repository(&[("index.js", "console.log(1)\n")]);
    fs::remove_dir_all(folder.path().join(".git/objects")).unwrap();
    fs::create_dir(folder.path().join(".git/objects")).unwrap();
    let report = survives(folder.path());
    assert_ne!(report["coverage"]["history"]["state"], "full");
}

#[test]
fn a_shallow_clone_says_so_and_makes_no_claim_about_people() {
    let origin = repository(&[("index.js", "console.log(1)\n")]);
    for number in 0..30 {
        write(origin.path(), &[("index.js", &format!("console.log({number})\n"))]);
        git_run(origin.path(), &["commit", "-qam", "more"]);
    }
    let folder = tempfile::tempdir().unwrap();
    let url = format!("file://{}", origin.path().display());
    git_run(folder.path(), &["clone", "-q", "--depth", "12", &url, "clone"]);
    let clone = folder.path().join("clone");
    let report = survives(&clone);
    assert_eq!(report["coverage"]["history"]["state"], "shallow");
    assert!(report["findings"].as_array().unwrap().iter().all(|f| f["rule"] != "one-person-knows-it-all"));
    assert!(report["questions"].as_array().unwrap().iter().any(|q| q["rule"] == "one-person-knows-it-all"));
}

#[test]
fn files_that_cannot_be_read_are_listed() {
    let folder =
        repository(&[("package.json", "{ \"name\": \"x\", oops }"), ("index.js", "console.log(1)\n")]);
    let path = folder.path();
    std::os::unix::fs::symlink(".", path.join("loop")).unwrap();
    std::os::unix::fs::symlink("nowhere", path.join("dangling.json")).unwrap();
    let made =
        std::process::Command::new("mkfifo").arg(path.join("pipe.json")).status().expect("mkfifo is there");
    assert!(made.success());
    let report = survives(path);
    assert!(broken(&report, "package.json"), "{}", report["coverage"]);
    assert!(skipped(&report, "pipe.json"), "{}", report["coverage"]);
    assert!(skipped(&report, "loop"), "{}", report["coverage"]);
}

#[test]
fn one_line_of_fifty_megabytes_costs_nothing() {
    let folder = repository(&[("index.js", "console.log(1)\n")]);
    for name in
        ["bundle.js", "package-lock.json", "data.sql", "notes.md", ".github/workflows/ci.yml", "Dockerfile"]
    {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        File::create(&file).unwrap().write_all(&vec![b'a'; 50 << 20]).unwrap();
    }
    let report = survives(folder.path());
    assert!(skipped(&report, "bundle.js"), "{}", report["coverage"]);
    assert!(skipped(&report, "package-lock.json"), "{}", report["coverage"]);
}

#[test]
fn encodings_and_names_that_are_no_utf8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = repository(&[("README.md", "# x\n")]);
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain("const key = process.env.SIXTEEN_BITS;\n".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    fs::write(folder.path().join("wide.ts"), utf16).unwrap();
    let name = OsStr::from_bytes(b"caf\xe9.ts");
    fs::write(folder.path().join(name), "const key = process.env.LATIN_NAME;\n").unwrap();
    fs::write(folder.path().join("latin.ts"), b"// caf\xe9\nconst key = process.env.LATIN_TEXT;\n").unwrap();
    survives(folder.path());
    let names = env_names(folder.path());
    for name in ["SIXTEEN_BITS", "LATIN_NAME", "LATIN_TEXT"] {
        assert!(names.contains(&name.to_owned()), "{name} is not in {names:?}");
    }
}

fn env_names(folder: &Path) -> Vec<String> {
    facts(folder)["env_vars"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v["name"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_hundred_thousand_files() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..100_000 {
        let part = folder.path().join(format!("part{:03}", number / 500));
        if number % 500 == 0 {
            fs::create_dir(&part).unwrap();
        }
        fs::write(part.join(format!("f{number}.txt")), "x").unwrap();
    }
    let report = survives(folder.path());
    assert_eq!(report["coverage"]["files"], 100_000);
}

#[test]
fn every_manifest_and_configuration_may_be_garbage() {
    let names = [
        "package.json",
        "package-lock.json",
        "pnpm-lock.yaml",
        "yarn.lock",
        "bun.lock",
        "deno.json",
        "pyproject.toml",
        "requirements.txt",
        "uv.lock",
        "poetry.lock",
        "Pipfile",
        "Pipfile.lock",
        "Cargo.toml",
        "Cargo.lock",
        "go.mod",
        "Gemfile",
        "pubspec.yaml",
        "docker-compose.yml",
        "Dockerfile",
        "fly.toml",
        "render.yaml",
        "railway.json",
        "vercel.json",
        "netlify.toml",
        "Procfile",
        ".github/workflows/ci.yml",
        ".gitlab-ci.yml",
        "supabase/config.toml",
        "tsconfig.json",
        "next.config.js",
        ".env",
        ".env.example",
        "app.yaml",
        "main.tf",
        "litestream.yml",
        "firebase.json",
        "wrangler.toml",
        ".replit",
        "prisma/schema.prisma",
        "test_x.py",
        "x.test.ts",
    ];
    let garbage: [&[u8]; 7] = [
        b"",
        b"\xEF\xBB\xBF",
        b"{{{{[[[[((((\n\"\"\"'''`````",
        b"a: &a [*a, *a]\nb: *missing\n- x\n\t- y\n",
        b"null",
        b"[1, \"two\", {\"three\": null}]",
        b"key = \"\\u0000\"\n\x1b[31m\x07 \x00",
    ];
    for bytes in garbage {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, bytes).unwrap();
        }
        survives(folder.path());
    }
}

#[test]
fn deep_nesting_does_not_overflow_the_stack() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let flow = format!("on: {}x{}\n", "{a: ".repeat(20_000), "}".repeat(20_000));
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        &[
            ("package.json", &deep),
            ("deno.json", &deep),
            ("pyproject.toml", &format!("a = {deep}")),
            ("docker-compose.yml", &flow),
            (".github/workflows/ci.yml", &flow),
            ("x.test.ts", &"(".repeat(200_000)),
            ("deep.py", &"(".repeat(200_000)),
        ],
    );
    survives(folder.path());
}

#[test]
fn a_yaml_bomb_does_not_go_off() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let below = format!("*a{}, ", level - 1).repeat(9);
        bomb.push_str(&format!("a{level}: &a{level} [{}]\n", below.trim_end_matches(", ")));
    }
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        &[
            ("docker-compose.yml", &bomb),
            (".github/workflows/ci.yml", &bomb),
            ("pnpm-lock.yaml", &bomb),
            ("render.yaml", &bomb),
        ],
    );
    survives(folder.path());
}

#[test]
fn names_with_markup_and_control_characters_are_harmless_in_every_format() {
    let nasty = "<script>alert(1)</script>";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    git_run(path, &["init", "-q"]);
    for name in [
        "::error file=x::gone",
        "\u{1b}[31mred",
        "a|b`c`",
        "\u{202e}gnp.exe",
        "new\nline",
        nasty.split('/').next().unwrap(),
    ] {
        let app = path.join(name);
        fs::create_dir(&app).unwrap();
        fs::write(app.join("package.json"), "{\"name\":\"@me <b>x</b>\",\"scripts\":{\"start\":\"vite\"},\"dependencies\":{\"react\":\"*\",\"express\":\"^4\"}}").unwrap();
        fs::write(app.join("index.js"), "require('express')().listen(1)\n").unwrap();
        fs::write(app.join("Dockerfile"), "FROM node:latest\nCMD npm run dev\n").unwrap();
    }
    git_run(path, &["add", "-A"]);
    git_run(path, &["commit", "-qm", "::error::\u{1b}[31m <script>"]);
    for args in [
        &["audit", "--format", "terminal"][..],
        &["audit", "--format", "markdown"],
        &["facts", "--format", "table"],
    ] {
        let said = run(vibecheck().args(args).arg(path));
        assert!(said.out.contains("package.json"), "{}", said.out);
        assert!(!said.out.contains('\u{1b}'), "an escape character got through: {args:?}");
        assert!(!said.out.contains('\u{202e}'), "a direction override got through: {args:?}");
        assert!(
            !said.out.lines().any(|l| l.trim_start().starts_with("::")),
            "a workflow command got through: {args:?}"
        );
        if args.contains(&"markdown") {
            assert!(!said.out.contains("<script") && !said.out.contains("<b>"), "markup got through");
        }
    }
    survives(path);
}

#[test]
fn credentials_in_a_remote_a_version_or_a_command_do_not_get_out() {
    let canary: String = ["ghp", "_", "Zk3vQ9xT1bYw7LrN5mPq2sHd8fJc4gKa6uXe"].concat();
    let folder = repository(&[
        ("README.md", "# x\n"),
        (
            "package.json",
            &format!(
                "{{\"name\":\"x\",\"scripts\":{{\"start\":\"TOKEN={canary} node .\"}},\"dependencies\":{{\"y\":\"git+https://me:{canary}@github.com/a/b.git\"}}}}"
            ),
        ),
        (
            "Dockerfile",
            &format!(
                "FROM node:latest\nENV API_TOKEN={canary}\nCMD curl -H 'Authorization: Bearer {canary}' x && npm run dev\n"
            ),
        ),
        ("requirements.txt", &format!("y @ git+https://{canary}@github.com/a/b\n")),
    ]);
    git_run(
        folder.path(),
        &["remote", "add", "origin", &format!("https://me:{canary}@github.com/acme/app.git")],
    );
    git_run(folder.path(), &["commit", "-q", "--allow-empty", "-m", &format!("use {canary}")]);
    for args in [
        &["audit", "--format", "terminal"][..],
        &["audit", "--format", "json", "--with-facts"],
        &["audit", "--format", "markdown"],
        &["facts", "--format", "json"],
        &["facts", "--format", "table"],
    ] {
        let said = run(vibecheck().args(args).arg(folder.path()));
        assert!(said.status == 0 || said.status == 1, "{}", said.err);
        for part in [&canary[..], &canary[4..20], &canary[20..]] {
            assert!(!said.out.contains(part) && !said.err.contains(part), "the canary got out of {args:?}");
        }
    }
}
