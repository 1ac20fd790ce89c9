//! The story of the repository. Each chapter is about one part of it.

mod accepted;
mod again;
mod code;
mod data;
mod delivery;
mod images;
mod mixed;

use std::path::Path;

use super::script::Script;

/// How many commits there are.
pub const COMMITS: usize = 200;

/// The commit that the judging starts from: everything is there.
pub const START: usize = 5;

const COMPOSE: &str = "docker-compose.prod.yml";
const CI: &str = ".github/workflows/ci.yml";
const CONFIG: &str = "vibecheck.toml";
const DEPLOY: &str = ".github/workflows/deploy.yml";

/// The whole story.
pub fn script() -> Script {
    let mut script = Script::new();
    base(&mut script);
    script.noisy();
    images::chapter(&mut script);
    delivery::chapter(&mut script);
    code::chapter(&mut script);
    data::chapter(&mut script);
    mixed::chapter(&mut script);
    accepted::chapter(&mut script);
    again::chapter(&mut script);
    diary(&mut script);
    script
}

/// Notes and lockfiles change, nothing else, until there are 200 commits.
fn diary(script: &mut Script) {
    while script.steps.len() < COMMITS {
        let day = script.steps.len();
        if day.is_multiple_of(4) {
            let (before, now) = (format!("6.0.{}", day - 4), format!("6.0.{day}"));
            script.update(&format!("Bump vite to {now}"), |w| {
                let text = w.text("web/package-lock.json");
                let text = if text.contains(&before) {
                    text.replace(&before, &now)
                } else {
                    text.replace("6.0.3", &now)
                };
                w.write("web/package-lock.json", &text);
            });
        } else {
            script.update(&format!("Notes of day {day}"), |w| {
                w.append("docs/operations.md", &format!("\nDay {day}: nothing happened.\n"));
            });
        }
    }
}

/// How many faults come up.
pub fn faults(script: &Script) -> usize {
    let steps = script.steps.iter().skip(START + 1);
    steps
        .map(|step| {
            let before = &script.steps[step.parents[0]].world.open;
            // A merge brings what its branch brought before.
            let merged = step.parents.len() > 1;
            step.world.open.keys().filter(|name| !merged && !before.contains_key(*name)).count()
        })
        .sum()
}

/// The product as it stands when the story begins, in the commits that people would have made of it, and the debts
/// that it has from the start.
fn base(script: &mut Script) {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/replay/base");
    let made = vibecheck::rules::materialise(&base).unwrap();
    let mut files: Vec<(String, String)> = walkdir::WalkDir::new(made.path())
        .into_iter()
        .filter_entry(|entry| entry.file_name() != ".git")
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(made.path()).unwrap().to_str().unwrap().to_owned();
            (path, std::fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    let parts: [(&str, &[&str]); 5] = [
        ("Start the service", &["api/"]),
        ("Start the booking page", &["web/"]),
        ("Start the desk of the crew", &["desk/"]),
        ("Test and deploy what is pushed, back it up", &[".github/", "infra/"]),
        ("Say how it is set up and run", &[""]),
    ];
    for (message, folders) in parts {
        let (now, later): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|(path, _)| folders.iter().any(|folder| path.starts_with(folder)));
        files = later;
        script.step(message, |w| {
            w.files.extend(now);
        });
    }
    script.step("Send mails, see them in a test inbox", |w| {
        w.replace(
            "api/src/config.ts",
            "  port: Number",
            "  mailFrom: process.env.MAIL_FROM ?? \"crew@ferryline.test\",\n  port: Number",
        );
        w.brings("env-mail", ("undocumented-settings", "api", "MAIL_FROM"));
        w.after(COMPOSE, "services:", "  inbox:\n    image: axllent/mailpit\n    restart: always");
        w.brings("inbox-unpinned", ("unpinned-image", "inbox in docker-compose.prod.yml", ""));
        w.cut("desk/Dockerfile", "USER desk");
        w.brings("desk-root", ("container-runs-as-root", "desk/Dockerfile", ""));
        w.open.insert("desk-folder", ("whole-folder-in-image", "desk/Dockerfile", ""));
        // The timetable is for everybody; that nobody is asked is said all the same, and stays so.
        let timetable = "GET /companies/:company/crossings in api/src/server.ts";
        w.open.insert("timetable", ("unauthenticated-read", timetable, ""));
        w.open.insert("overlap", ("deployments-can-overlap", DEPLOY, ""));
    });
    assert_eq!(script.steps.len(), START + 1);
}
