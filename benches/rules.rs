//! How long 150 rules take to load and check, against parsing the same TOML alone, and how long they run.
//! Then what rules with bodies add to an audit. `cargo bench --bench rules`

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use vibecheck::facts::kinds::{App, Dependency, Part};
use vibecheck::facts::{Answer, Facts, collect};
use vibecheck::rules::{RuleSet, evaluate};
use vibecheck::secrets::excerpt;
use vibecheck::source::{Options, open};

const RULES: usize = 150;
const RUNS: usize = 21;

/// Conditions of the size that real rules have: kind, `applies`, `when`, `unknown`.
const CONDITIONS: &[[&str; 4]] = &[
    [
        "app",
        "app.has_server == \"yes\" && app.test_files > 0",
        "app.tests_in_ci == \"no\"",
        "app.tests_in_ci == \"unknown\"",
    ],
    [
        "app",
        "app.databases.exists(d, d.name == \"postgres\" || d.name == \"mysql\")",
        "app.schema_in_repo in [\"no\", \"partial\"] && app.migrations.size() == 0",
        "app.schema_in_repo == \"unknown\"",
    ],
    [
        "project",
        "project.commits > 20 && project.people > 0",
        "project.top_person_share > 0.8 && project.active_people < 2 && !project.codeowners",
        "project.history == \"shallow\" || project.history == \"unread\"",
    ],
    [
        "project",
        "apps.exists(a, a.databases.size() > 0)",
        "!backups.exists(b, !b.negative && b.kind in [\"scheduled-dump\", \"continuous\", \"platform\"])",
        "databases.exists(d, d.backed_up == \"unknown\")",
    ],
    [
        "dependency",
        "dependency.scope == \"runtime\" && dependency.ecosystem == \"npm\"",
        "dependency.range in [\"open\", \"any\"] && dependency.source == \"registry\"",
        "dependency.version.matches('^[a-z]+$')",
    ],
    [
        "ci_workflow",
        "ci_workflow.read && ci_workflow.triggers.exists(t, t.startsWith(\"pull_request\"))",
        "ci_workflow.runs_untrusted_code == \"yes\" || ci_workflow.script_injections > 0",
        "ci_workflow.runs_untrusted_code == \"unknown\"",
    ],
];

fn pack() -> String {
    let mut text = String::new();
    for number in 0..RULES {
        let [kind, applies, when, unknown] = CONDITIONS[number % CONDITIONS.len()];
        let _ = write!(
            text,
            "[[rule]]\nid = \"rule-{number}\"\ntitle = \"What is wrong with this part of the product\"\narea = \"data\"\n\
             severity = \"high\"\nstage = \"foundations\"\non = \"{kind}\"\napplies = '''{applies}'''\nwhen = '''{when}'''\n\
             unknown = '''\n{unknown}'''\nquestion = \"Who knows how this is done?\"\n\
             good = \"{{passed}} of {{applied}} are as they should be.\"\nrequired = true\n\
             why = \"A paragraph for a founder, who has to decide what to do about it and when, without jargon.\"\n\
             fix = \"A paragraph for an engineer, with the command to run and the file to change.\"\n\
             verify = \"How to see that it is fixed.\"\neffort = \"hours\"\nrefs = [\"CWE-306\", \"X01\"]\n\n"
        );
    }
    text
}

fn facts() -> Facts {
    let part = |name: &str| Part {
        name: name.to_owned(),
        version: excerpt("15"),
        provider: String::new(),
        file: "package.json".to_owned(),
        line: 1,
    };
    let mut facts = Facts::default();
    facts.project.commits = 1_000;
    facts.apps = (0..20)
        .map(|n| App {
            path: format!("apps/{n}"),
            has_server: Answer::Yes,
            test_files: 3,
            databases: vec![part("redis"), part("postgres")],
            schema_in_repo: Answer::Yes,
            ..App::default()
        })
        .collect();
    facts.dependencies = (0..5_000)
        .map(|n| Dependency {
            ecosystem: "npm".to_owned(),
            name: excerpt(&format!("package-{n}")),
            version: excerpt("^1.2.3"),
            file: "package.json".to_owned(),
            line: n,
            ..Dependency::default()
        })
        .collect();
    facts
}

/// The first and the median time of a piece of work.
fn timed(mut work: impl FnMut()) -> (Duration, Duration) {
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..RUNS {
        let start = Instant::now();
        work();
        times.push(start.elapsed());
    }
    let first = times[0];
    times.sort();
    (first, times[RUNS / 2])
}

/// A repository of 600 files of code. Every tenth holds a keyword of every body.
fn repository() -> Option<tempfile::TempDir> {
    let folder = tempfile::tempdir().ok()?;
    for number in 0..600 {
        let mut text = String::from("import { db } from './db'\n\n");
        for part in 0..40 {
            let _ = writeln!(
                text,
                "export async function load{part}(id: string) {{\n  const row = await db.from('orders').eq('id', id)\n  \
                 return {{ ...row, total: row.items.reduce((sum, item) => sum + item.price, 0) }}\n}}\n"
            );
        }
        if number % 10 == 0 {
            text.push_str("export const odd = keyword(text, { flag: true })\n");
        }
        let path = folder.path().join(format!("src/{}/file{number}.ts", number % 12));
        std::fs::create_dir_all(path.parent()?).ok()?;
        std::fs::write(path, text).ok()?;
    }
    Some(folder)
}

const PATTERN: &str = r"pattern = { keywords = ['keyword('], regex = 'keyword\((?<what>[a-z]+), (NUMBER)?' }";
const QUERY: &str = r#"query = { languages = ['typescript'], keywords = ['keyword('], capture = 'call', query = '''
((call_expression function: (identifier) @_f arguments: (arguments (identifier) @what)) @call
 (#eq? @_f "keyword") (#not-eq? @what "NUMBER"))''' }"#;

/// Ten rules with a body.
fn bodies(body: &str) -> String {
    let rule = |number: usize| {
        format!(
            "[[rule]]\nid = \"body-{number}\"\ntitle = \"t\"\narea = \"data\"\nseverity = \"low\"\nstage = \"scale\"\n\
             why = \"w\"\nfix = \"f\"\nverify = \"v\"\neffort = \"hours\"\n{}\n",
            body.replace("NUMBER", &number.to_string())
        )
    };
    (0..10).map(rule).collect()
}

/// The median time of reading and judging a repository with the rules of a pack, and what bodies found.
fn audit(path: &std::path::Path, pack: &str) -> Option<(Duration, usize)> {
    let rules = RuleSet::from_texts(&[("bodies.toml", pack)]).ok()?;
    let source = open(path, &Options::default()).ok()?;
    let mut found = 0;
    let (_, median) = timed(|| {
        let (facts, _) = collect(&source, &rules.search());
        found = facts.matches.len();
        std::hint::black_box(evaluate(&rules, &facts, "2026-03-01").len());
    });
    Some((median, found))
}

/// What ten rules with a body add.
#[expect(clippy::print_stdout, reason = "a benchmark prints")]
fn print_bodies() -> Option<()> {
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    let folder = repository()?;
    let (none, _) = audit(folder.path(), &pack())?;
    let (patterns, of_patterns) = audit(folder.path(), &format!("{}{}", pack(), bodies(PATTERN)))?;
    let (queries, of_queries) = audit(folder.path(), &format!("{}{}", pack(), bodies(QUERY)))?;
    println!("read and judge 600 files    {:8.2} ms", ms(none));
    println!("with ten patterns           {:8.2} ms   ({of_patterns} matches)", ms(patterns));
    println!("with ten queries            {:8.2} ms   ({of_queries} matches)", ms(queries));
    Some(())
}

#[expect(clippy::print_stdout, reason = "a benchmark prints")]
fn main() {
    let text = pack();
    let load = || {
        if let Err(errors) = RuleSet::from_texts(&[("bench.toml", &text)]) {
            for error in errors.errors {
                println!("{error}");
            }
        }
    };
    let (first, median) = timed(load);
    let (_, toml) = timed(|| {
        std::hint::black_box(toml::from_str::<toml::Table>(&text).is_ok());
    });
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    println!("{RULES} rules, {} expressions, {} kB of TOML", RULES * 3, text.len() / 1000);
    println!("load and check, first time  {:8.2} ms   (the bar: 20 ms)", ms(first));
    println!("load and check, median      {:8.2} ms", ms(median));
    println!("parse the TOML alone        {:8.2} ms", ms(toml));
    println!("ratio                       {:8.1}", ms(median) / ms(toml));

    let Ok(rules) = RuleSet::from_texts(&[("bench.toml", &text)]) else { return };
    let facts = facts();
    let judged: usize = evaluate(&rules, &facts, "2026-01-15").iter().map(|result| result.judged.len()).sum();
    let (_, run) = timed(|| {
        std::hint::black_box(evaluate(&rules, &facts, "2026-01-15").len());
    });
    let candidates: u32 = evaluate(&rules, &facts, "2026-01-15").iter().map(|result| result.candidates).sum();
    println!("run over {candidates} pairs of rule and fact, {judged} judged  {:.2} ms", ms(run));
    if print_bodies().is_none() {
        println!("the rules with bodies could not be run");
    }
}
