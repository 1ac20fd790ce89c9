//! A report of an invented shop, put together from results as the rules would give them.

use super::{Comparison, ComparisonKind, Gate, Limit, Parts, Report, Ruleset, Subject, Threshold};
use crate::facts::kinds::{
    App, Authenticated, Evidence, History, LanguageShare, Part, Project, Route, RouteEffect, RouteGuard,
};
use crate::facts::{Answer, Facts, Reading, SuppressionNote};
use crate::findings::testing::{self, context};
use crate::findings::{Attestation, Context, Ignore, KnownPlace, Standing, assemble, places_of, settle};
use crate::rules::{Confidence, Effort, Judgement, Rule, RuleResult, Severity, Stage};
use crate::score::score;
use crate::source::{Skip, SkipReason};

pub(crate) const DAY: &str = "2026-07-01";

/// The facts of the shop.
pub(crate) fn facts() -> Facts {
    let language =
        |name: &str, share: f64, read| LanguageShare { name: name.into(), files: 9, bytes: 900, share, read };
    let part = |name: &str| Part {
        name: name.into(),
        version: crate::secrets::excerpt("^1.2.0"),
        provider: String::new(),
        file: "package.json".into(),
        line: 12,
    };
    let project = Project {
        name: "acme-shop".into(),
        git: true,
        history: History::Full,
        commits: 1204,
        branch: crate::secrets::excerpt("main"),
        head: "3f2a91cde04b1f6a7c8d9e0f1a2b3c4d5e6f7081".into(),
        files: 1391,
        has_code: true,
        code_read: Answer::Yes,
        languages: vec![
            language("TypeScript", 0.812, true),
            language("SQL", 0.17, true),
            language("Shell", 0.018, true),
        ],
        ..Project::default()
    };
    let app = App {
        path: ".".into(),
        name: crate::secrets::excerpt("acme-shop"),
        languages: vec!["TypeScript".into()],
        databases: vec![part("postgres")],
        payment: vec![part("stripe")],
        auth: vec![part("supabase")],
        ..App::default()
    };
    Facts { project, apps: vec![app], routes: routes(), ..Facts::default() }
}

/// A route that anyone can call, one behind the platform's gate, one that is checked, and one that can't be told.
fn routes() -> Vec<Route> {
    let effect = |kind: &str, target: &str| RouteEffect {
        kind: kind.into(),
        target: crate::secrets::excerpt(target),
        client: "service".into(),
        callers: "unknown".into(),
        ..RouteEffect::default()
    };
    let guard = RouteGuard { name: crate::secrets::excerpt("requireUser"), ..RouteGuard::default() };
    let route = |path: &str, authenticated, effects: Vec<RouteEffect>| Route {
        app: ".".into(),
        file: format!("app{path}/route.ts"),
        line: 7,
        method: "POST".into(),
        path: crate::secrets::excerpt(path),
        authenticated,
        effects,
        guards: if authenticated == Authenticated::Yes { vec![guard.clone()] } else { Vec::new() },
        validated: Answer::No,
        rate_limited: Answer::Partial,
        logged: Answer::Yes,
        handles_failure: Answer::Yes,
        signature_verified: Answer::Na,
        parsed: true,
        ..Route::default()
    };
    vec![
        route("/api/me", Authenticated::Yes, vec![effect("read", "profiles")]),
        route("/api/orders", Authenticated::No, vec![effect("write", "orders"), effect("email", "")]),
        route("/api/ask", Authenticated::Gateway, vec![effect("llm", "openai")]),
        route("/api/sync", Authenticated::Unknown, Vec::new()),
    ]
}

fn rule(id: &str, area: &str, severity: Severity, stage: Stage) -> Rule {
    Rule { area: area.into(), severity, stage, ..testing::rule(id) }
}

/// The rule's result over one subject.
fn one(rule: Rule, judgement: Judgement, texts: [&str; 4], evidence: &[Evidence]) -> RuleResult {
    let [title, why, fix, verify] = texts;
    let mut result = testing::result(Rule { title: title.into(), ..rule }, &[judgement]);
    let judged = &mut result.judged[0];
    judged.subject = "the repository".into();
    (judged.title, judged.why, judged.fix, judged.verify) =
        (title.into(), why.into(), fix.into(), verify.into());
    judged.evidence = evidence.to_vec();
    result
}

fn good(id: &str, area: &str, sentence: &str) -> RuleResult {
    let rule = rule(id, area, Severity::High, Stage::Stabilize);
    RuleResult { good: sentence.into(), ..testing::result(rule, &[Judgement::Passed]) }
}

fn asks(id: &str, area: &str, question: &str, because: &str) -> RuleResult {
    let rule = rule(id, area, Severity::Critical, Stage::Stabilize);
    let mut result = testing::result(rule, &[Judgement::Unknown(vec![because.into()])]);
    result.judged[0].question = question.into();
    result
}

/// What the rules say of the shop.
pub(crate) fn results() -> Vec<RuleResult> {
    use Severity::{Blocker, Critical, High, Low, Medium};
    use Stage::{Foundations, Stabilize};
    let at =
        |file: &str, line: u32, snippet: &str| Evidence::new("cell", file, line, "").with_snippet(snippet);
    let mut unlikely = rule("database-published", "platform", Critical, Stabilize);
    unlikely.confidence = Confidence::Medium;
    unlikely.effort = Effort::Minutes;
    let mut style = rule("unpinned-actions", "platform", Low, Foundations);
    style.required = false;
    style.effort = Effort::Minutes;
    let mut needs = rule("tests-not-in-ci", "tests", High, Foundations);
    needs.requires = vec!["no-tests".into()];
    vec![
        one(
            rule("env-file-committed", "source-control", Blocker, Stabilize),
            Judgement::Failed,
            [
                "A file with production settings is in the repository",
                "Whoever can read the code can read the settings, today and in every copy of the history.",
                "Remove `.env` from git with `git rm --cached .env`, add it to `.gitignore`, and change every value \
                 that was in it. Then look at who has had access. The history keeps the old values.",
                "`git ls-files .env` lists nothing, and the old values no longer work.",
            ],
            &[
                at(".env", 1, "DATABASE_URL=•••"),
                at(".env", 4, "STRIPE_SECRET_KEY=•••"),
                at("apps/worker/.env", 2, "OPENAI_API_KEY=•••"),
                at("apps/worker/.env", 3, "REDIS_URL=•••"),
                at("apps/worker/.env.production", 9, "JWT_SECRET=•••"),
            ],
        ),
        one(
            unlikely,
            Judgement::Failed,
            [
                "The port of the postgres database is open to other machines",
                "Anyone who can reach the server can try passwords on the database itself.",
                "Publish the port on 127.0.0.1 only, or not at all.",
                "`docker compose ps` shows no 0.0.0.0 for the database.",
            ],
            &[at("docker-compose.yml", 14, "- \"5432:5432\"")],
        ),
        one(
            rule("no-tests", "tests", High, Foundations),
            Judgement::Failed,
            [
                "Nothing is tested",
                "Every change may break what worked yesterday, and the first to notice is a customer.",
                "Test the three paths that earn money first: sign-up, payment, and the one thing the product is for.",
                "`npm test` runs at least one test and fails when the code under it is broken.",
            ],
            &[Evidence::new("test_files", "", 0, "no file of any known test framework among 1,391 files")],
        ),
        testing::result(needs, &[]),
        one(
            style,
            Judgement::Failed,
            [
                "A workflow runs actions that may change",
                "Somebody else decides what runs with your token.",
                "Pin each action to a commit.",
                "Each `uses:` names a commit.",
            ],
            &[at(".github/workflows/deploy.yml", 21, "uses: someone/deploy@v1")],
        ),
        good("no-git-history", "source-control", "The code is under version control, with 1,204 commits."),
        good("no-lockfile", "platform", "All 3 manifests have a lockfile that matches."),
        asks(
            "restore-untested",
            "source-control",
            "Was a backup of the postgres database ever restored, and when?",
            "nothing in the repository shows a restore",
        ),
        asks(
            "one-person",
            "single-points",
            "Who else can deploy when the founder is away?",
            "accounts can't be seen in a repository",
        ),
        RuleResult {
            rule: rule("bad-flag", "data", Medium, Foundations),
            ..testing::result(rule("x", "data", Medium, Foundations), &[])
        },
    ]
}

/// A report over `results`.
pub(crate) fn report_of(results: &[RuleResult], facts: &Facts, attestations: &[Attestation]) -> Report {
    compared(results, facts, &context(attestations, DAY), &[])
}

/// A report over `results`, compared with a baseline unless that is empty.
fn compared(results: &[RuleResult], facts: &Facts, context: &Context<'_>, baseline: &[KnownPlace]) -> Report {
    let mut findings = assemble(results, context);
    let score = score(&findings, facts);
    let mut comparisons = Vec::new();
    if !baseline.is_empty() {
        let gone = settle(&mut findings, baseline, Standing::Baseline, &|_, _| false);
        comparisons.push(Comparison::new(ComparisonKind::Baseline, "baseline.json", &findings, &gone));
    }
    let reading = Reading {
        read: 612,
        bytes: 2_000_000,
        unwanted: 767,
        skipped: vec![
            Skip { path: "public/hero.mp4".into(), reason: SkipReason::TooLarge },
            Skip { path: "a.bin".into(), reason: SkipReason::Binary },
            Skip { path: "b.bin".into(), reason: SkipReason::Binary },
        ],
        broken: vec![("tsconfig.json".into(), "line 4, column 2: a comma is missing".into())],
        lossy: Vec::new(),
        ..Reading::default()
    };
    let gate = Gate::judge(&findings, Limit { fail_on: Threshold::Critical, stage: None }, &[]);
    Report::new(Parts {
        facts,
        reading: &reading,
        left_out: &[Skip { path: "link".into(), reason: SkipReason::Link }],
        findings,
        score,
        ruleset: Ruleset {
            areas: Vec::new(),
            rules: 25,
            digest: "0123456789abcdef".into(),
            packs: vec!["rules/packs/a.toml".into()],
        },
        subject: Subject::new(facts, "folder", DAY),
        gate,
        comparisons,
        notes: Vec::new(),
        failures: Vec::new(),
    })
}

/// The report of the shop.
pub(crate) fn report() -> Report {
    let word = Attestation {
        rule: "one-person".into(),
        answer: "Ada and Grace both deploy, each with their own account".into(),
        by: "Grace".into(),
        on: "2026-06-20".into(),
        until: "2026-12-20".into(),
    };
    report_of(&results(), &facts(), &[word])
}

/// The report of the shop, in which one blocker and the actions are accepted, one of the places of the database is, and
/// the missing tests are known.
pub(crate) fn accepted() -> Report {
    let mut results = results();
    let database = &mut results[1].judged[0].evidence;
    database.push(Evidence::new("cell", "docker-compose.yml", 30, "").with_snippet("- \"6432:5432\""));
    settled(&results, &facts(), "The demo server, which holds no data")
}

fn settled(results: &[RuleResult], facts: &Facts, reason: &str) -> Report {
    let before = assemble(results, &context(&[], DAY));
    let known = before.findings.iter().filter(|f| f.rule == "no-tests");
    let mut baseline = places_of(known);
    let gone = baseline.iter().cloned().map(|place| KnownPlace { rule: "fixed-since".into(), ..place });
    baseline.extend(gone.collect::<Vec<_>>());
    let subject = &results[0].judged[0].subject;
    let entry = |rule: &str, line: u32| Ignore {
        rule: rule.into(),
        subject: Some(subject.clone()),
        reason: reason.into(),
        until: "2026-12-31".into(),
        file: "vibecheck.toml".into(),
        line,
        ..Ignore::default()
    };
    let comment = |rule: &str, place: &str, covers: u32| SuppressionNote {
        file: place.into(),
        line: covers,
        covers,
        rules: vec![rule.into()],
        reason: crate::secrets::excerpt(reason),
        ..SuppressionNote::default()
    };
    let place = |i: usize, n: usize| {
        (results[i].judged[0].evidence[n].file.as_str(), results[i].judged[0].evidence[n].line)
    };
    let (actions, database) = (place(4, 0), place(1, 0));
    let expired = Ignore { until: "2026-01-31".into(), ..entry("no-tests", 19) };
    let ignores = [entry("env-file-committed", 12), expired, entry(reason, 26)];
    let comments = [
        comment("unpinned-actions", actions.0, actions.1),
        comment("database-published", database.0, database.1),
        comment("database-published", "docker-compose.yml", 99),
    ];
    let context = Context { ignores: &ignores, comments: &comments, ..context(&[], DAY) };
    compared(results, facts, &context, &baseline)
}

/// A report in which everything that a repository can choose is hostile.
pub(crate) fn hostile() -> Report {
    let mut facts = facts();
    let evil = "<script>alert(1)</script>\n::error file=x::pwned\u{1b}[2J\u{202e}@octocat ##[error] `$(id)`|[a](javascript:b)";
    facts.project.name = evil.into();
    facts.project.branch = crate::secrets::excerpt(evil);
    for route in &mut facts.routes {
        (route.method, route.file, route.app) = (evil.into(), evil.into(), evil.into());
        route.path = crate::secrets::excerpt(evil);
        route.effects.iter_mut().for_each(|effect| effect.target = crate::secrets::excerpt(evil));
        route.guards.iter_mut().for_each(|guard| guard.name = crate::secrets::excerpt(evil));
    }
    let mut results = results();
    for result in &mut results {
        result.good = if result.good.is_empty() { String::new() } else { evil.into() };
        for judged in &mut result.judged {
            judged.subject = evil.into();
            for text in [
                &mut judged.title,
                &mut judged.why,
                &mut judged.fix,
                &mut judged.verify,
                &mut judged.question,
            ] {
                *text = format!("{text} {evil}");
            }
            judged.evidence = vec![Evidence::new("cell", evil, 3, evil).with_snippet(evil)];
        }
    }
    let mut report = settled(&results, &facts, evil);
    report.coverage.broken.push((evil.into(), evil.into()));
    report.coverage.notes.push(evil.into());
    report.coverage.failures.push(evil.into());
    report
}
