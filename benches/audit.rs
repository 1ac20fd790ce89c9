//! The whole audit of a repository, as a ratio to `git status` plus reading every tracked file, in one run.
//!
//! `scripts/bench [PATH]`; without PATH on a repository of 4,000 files that it makes.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and panics where it can't start"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const RUNS: usize = 7;

fn main() {
    let given = std::env::args().skip(1).find(|arg| !arg.starts_with("--")).map(PathBuf::from);
    let made = tempfile::tempdir().expect("a temporary folder");
    let path = given.unwrap_or_else(|| {
        println!("making a repository of 4,000 files …");
        make(made.path());
        made.path().to_path_buf()
    });
    let (files, bytes) = tracked(&path);
    println!("{} tracked files, {:.1} MB; {RUNS} runs of each, in turn", files.len(), bytes as f64 / 1e6);

    let mut audits = Vec::new();
    let mut floors = Vec::new();
    let mut peak = 0;
    for run in 0..=RUNS {
        let (audit, memory) = audit(&path);
        let floor = floor(&path, &files);
        // The first run of each warms the page cache and does not count.
        if run > 0 {
            audits.push(audit);
            floors.push(floor);
        }
        peak = peak.max(memory);
    }
    let ratios: Vec<f64> = audits.iter().zip(&floors).map(|(a, f)| a / f).collect();
    println!("vibecheck audit                        {:8.1} ms   peak {} MB", median(&audits), peak / 1024);
    println!("git status + reading every tracked file{:8.1} ms", median(&floors));
    println!("ratio                                  {:8.2}", median(&ratios));
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// Milliseconds, and the largest resident set seen, in KiB.
fn audit(path: &Path) -> (f64, u64) {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_vibecheck"))
        .args(["audit", "--format", "json"])
        .arg(path)
        .stdout(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        if let Some(kilobytes) = high_water(&status) {
            peak = peak.max(kilobytes);
        }
        match child.try_wait() {
            Ok(None) => thread::sleep(Duration::from_millis(2)),
            _ => return (start.elapsed().as_secs_f64() * 1000.0, peak),
        }
    }
}

fn high_water(status: &str) -> Option<u64> {
    let text = fs::read_to_string(status).ok()?;
    let line = text.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// What nobody can do without: the state of the work tree, and the bytes of every file.
fn floor(path: &Path, files: &[PathBuf]) -> f64 {
    let start = Instant::now();
    let _ = Command::new("git").arg("-C").arg(path).args(["status", "--porcelain"]).output();
    let read: usize = files.iter().filter_map(|file| fs::read(file).ok()).map(|bytes| bytes.len()).sum();
    std::hint::black_box(read);
    start.elapsed().as_secs_f64() * 1000.0
}

fn tracked(path: &Path) -> (Vec<PathBuf>, u64) {
    let listed =
        Command::new("git").arg("-C").arg(path).args(["ls-files", "-z"]).output().expect("git is installed");
    let names = String::from_utf8_lossy(&listed.stdout).into_owned();
    let files: Vec<PathBuf> =
        names.split('\0').filter(|name| !name.is_empty()).map(|name| path.join(name)).collect();
    let bytes = files.iter().filter_map(|file| fs::metadata(file).ok()).map(|m| m.len()).sum();
    (files, bytes)
}

/// 4,000 files of ordinary size in 200 folders, with 500 commits.
fn make(root: &Path) {
    let git = |args: &[&str]| {
        let done = Command::new("git")
            .arg("-C")
            .arg(root)
            .args(["-c", "user.name=Ana Silva", "-c", "user.email=ana@acme.test"])
            .args(args)
            .stdout(Stdio::null())
            .status();
        assert!(done.is_ok_and(|status| status.success()), "git {args:?}");
    };
    git(&["init", "-q"]);
    let body = "export function total(rows: { price: number }[]) {\n  return rows.reduce((sum, row) => sum + row.price, 0);\n}\n";
    for folder in 0..200 {
        let place = root.join(format!("src/part{folder}"));
        fs::create_dir_all(&place).expect("a folder");
        for file in 0..20 {
            let text = format!(
                "import {{ z }} from 'zod';\nconst key = process.env.SETTING_{folder};\n{}",
                body.repeat(10 + (folder * 7 + file * 13) % 60)
            );
            fs::write(place.join(format!("file{file}.ts")), text).expect("a file");
        }
    }
    fs::write(root.join("package.json"), "{\"name\":\"bench\",\"dependencies\":{\"zod\":\"^3.0.0\"}}")
        .expect("a file");
    git(&["add", "-A"]);
    git(&["commit", "-qm", "first"]);
    for commit in 0..500 {
        let file = format!("src/part{}/file{}.ts", commit % 200, commit % 20);
        fs::write(root.join(&file), body.repeat(5 + commit % 50)).expect("a file");
        git(&["commit", "-qam", "change"]);
    }
    git(&["gc", "-q"]);
}
