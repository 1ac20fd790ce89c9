//! What rules say of facts: outcomes, evidence, reasons, texts.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a failed test may panic")]

use vibecheck::facts::kinds::{App, Authenticated, Database, Dependency, Part, Route, RouteEffect};
use vibecheck::facts::{Answer, Evidence, Facts, Unknown};
use vibecheck::rules::{Judged, Judgement, RuleResult, RuleSet, evaluate};
use vibecheck::secrets::excerpt;

fn rule(id: &str, rest: &str) -> String {
    format!(
        "[[rule]]\nid = \"{id}\"\narea = \"data\"\nseverity = \"high\"\nstage = \"scale\"\nwhy = \"w\"\nfix = \"f\"\n\
         verify = \"v\"\neffort = \"days\"\n{rest}\n"
    )
}

const SCHEMA: &str = r#"
title = "{app.path}: no schema for {app.languages}"
on = "app"
applies = 'app.databases.size() > 0'
when = 'app.schema_in_repo == "no"'
unknown = 'app.schema_in_repo == "unknown" || app.has_server == "unknown"'
question = "Where is the schema of {app.path}?"
good = "{passed} of {applied} apps."
"#;

fn app(path: &str, schema_in_repo: Answer) -> App {
    let part = Part {
        name: "postgres".to_owned(),
        version: excerpt(""),
        provider: String::new(),
        file: "package.json".to_owned(),
        line: 3,
    };
    App {
        path: path.to_owned(),
        file: format!("{path}/package.json"),
        languages: vec!["TypeScript".to_owned(), "SQL".to_owned()],
        databases: vec![part],
        has_server: Answer::Yes,
        schema_in_repo,
        evidence: vec![
            Evidence::new("schema_in_repo", "db/schema.sql", 4, "a table"),
            Evidence::new("schema_in_repo.tables", "db/more.sql", 5, "another"),
            Evidence::new("has_server", "server.ts", 1, "listens"),
        ],
        unknowns: vec![
            Unknown::new("schema_in_repo", "the migrations are in another repository"),
            Unknown::new("kind", "nothing to do with it"),
        ],
        ..App::default()
    }
}

fn results(packs: &str, facts: &Facts) -> Vec<RuleResult> {
    let rules =
        RuleSet::from_texts(&[("p.toml", packs)]).unwrap_or_else(|errors| panic!("{:#?}", errors.errors));
    evaluate(&rules, facts, "2026-01-15")
}

fn only(packs: &str, facts: &Facts) -> RuleResult {
    results(packs, facts).into_iter().next().unwrap()
}

fn summary(judged: &[Judged]) -> Vec<(&str, &Judgement)> {
    judged.iter().map(|judged| (judged.subject.as_str(), &judged.judgement)).collect()
}

#[test]
fn applies_then_unknown_then_when() {
    let no_database = App { databases: Vec::new(), ..app("docs", Answer::No) };
    let untold = App { has_server: Answer::Unknown, unknowns: Vec::new(), ..app("d", Answer::No) };
    let facts = Facts {
        apps: vec![
            app("a", Answer::Yes),
            app("b", Answer::No),
            app("c", Answer::Unknown),
            untold,
            no_database,
        ],
        ..Facts::default()
    };
    let result = only(&rule("no-schema", SCHEMA), &facts);
    assert_eq!(result.candidates, 5);
    assert_eq!(result.error, None);
    assert_eq!(
        summary(&result.judged),
        [
            ("a", &Judgement::Passed),
            ("b", &Judgement::Failed),
            ("c", &Judgement::Unknown(vec!["the migrations are in another repository".to_owned()])),
            ("d", &Judgement::Unknown(vec!["what was read of the repository does not show it".to_owned()])),
        ]
    );
    assert_eq!(result.good, "");
    assert_eq!(result.judged[1].title, "b: no schema for TypeScript and SQL");
    assert_eq!(result.judged[2].question, "Where is the schema of c?");
    assert_eq!(result.judged[1].app, "b");
}

#[test]
fn good_is_said_when_every_fact_passed() {
    let packs = rule("no-schema", SCHEMA);
    let good = |apps: Vec<App>| only(&packs, &Facts { apps, ..Facts::default() }).good;
    assert_eq!(good(vec![app("a", Answer::Yes), app("b", Answer::Na)]), "2 of 2 apps.");
    assert_eq!(good(vec![app("a", Answer::Yes), app("b", Answer::No)]), "");
    assert_eq!(good(vec![app("a", Answer::Yes), app("b", Answer::Unknown)]), "");
    assert_eq!(good(Vec::new()), "");
}

#[test]
fn evidence_is_that_of_the_fields_that_were_asked_about() {
    let facts = Facts { apps: vec![app("a", Answer::No), app("b", Answer::Unknown)], ..Facts::default() };
    let result = only(&rule("no-schema", SCHEMA), &facts);
    let files = |index: usize| -> Vec<(&str, u32)> {
        result.judged[index].evidence.iter().map(|evidence| (evidence.file.as_str(), evidence.line)).collect()
    };
    assert_eq!(files(0), [("db/schema.sql", 4), ("db/more.sql", 5)]);
    // `unknown` also asks whether there is a server.
    assert_eq!(files(1), [("db/schema.sql", 4), ("db/more.sql", 5), ("server.ts", 1)]);
}

#[test]
fn without_evidence_the_place_of_the_fact_is_shown() {
    let facts = Facts {
        dependencies: vec![Dependency {
            ecosystem: "npm".to_owned(),
            name: excerpt("left-pad"),
            file: "package.json".to_owned(),
            line: 9,
            ..Dependency::default()
        }],
        ..Facts::default()
    };
    let text = "title = \"{dependency.name} is {dependency.scope}\"\non = \"dependency\"\nwhen = 'dependency.line > 3'";
    let result = only(&rule("x", text), &facts);
    let [evidence] = result.judged[0].evidence.as_slice() else { panic!() };
    assert_eq!((evidence.cell.as_str(), evidence.file.as_str(), evidence.line), ("", "package.json", 9));
    assert_eq!(evidence.says.as_str(), "left-pad is runtime");
}

#[test]
fn absence_rules_see_the_other_lists() {
    let text = "title = \"t\"\non = \"project\"\n\
        when = 'apps.exists(a, a.databases.size() > 0) && !databases.exists(d, d.backed_up == \"yes\")'";
    let with = |databases: Vec<Database>| {
        let facts = Facts { apps: vec![app("a", Answer::Yes)], databases, ..Facts::default() };
        only(&rule("x", text), &facts).judged[0].judgement.clone()
    };
    assert_eq!(with(Vec::new()), Judgement::Failed);
    assert_eq!(with(vec![Database { backed_up: Answer::Yes, ..Database::default() }]), Judgement::Passed);
}

#[test]
fn a_rule_that_fails_to_evaluate_judges_nothing_and_says_why() {
    let text = "title = \"t\"\non = \"app\"\nwhen = '10 / app.test_files > 2'";
    let apps = vec![App { test_files: 1, ..app("a", Answer::Yes) }, app("b", Answer::Yes)];
    let result = only(&rule("x", text), &Facts { apps, ..Facts::default() });
    assert_eq!(result.judged, []);
    assert!(
        result.error.as_deref().is_some_and(|error| error.starts_with("b: Division by zero")),
        "{:?}",
        result.error
    );
}

#[test]
fn numbers_of_facts_compare_as_they_read() {
    let facts = |share: f64| {
        let mut facts = Facts::default();
        facts.project.top_person_share = share;
        facts.project.commits = 1200;
        facts
    };
    let text = "title = \"{project.top_person_share} of {project.commits}\"\non = \"project\"\n\
        when = 'project.top_person_share >= 0.8 && project.commits + 1 > 1200'";
    let judged = |share: f64| only(&rule("x", text), &facts(share)).judged.remove(0);
    assert_eq!(judged(1.0).judgement, Judgement::Failed);
    assert_eq!(judged(0.79).judgement, Judgement::Passed);
    assert_eq!(judged(0.875).title, "87 % of 1200");
}

#[test]
fn the_same_order_for_any_number_of_threads() {
    let packs: String = (0..40)
        .map(|n| rule(&format!("r{n}"), "title = \"t\"\non = \"app\"\nwhen = 'app.test_files == 0'"))
        .collect();
    let facts =
        Facts { apps: (0..20).map(|n| app(&format!("a{n}"), Answer::Yes)).collect(), ..Facts::default() };
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| results(&packs, &facts))
    };
    assert_eq!(run(1), run(4));
}

#[test]
fn no_fact_of_the_kind_is_no_judgement() {
    let result = only(&rule("no-schema", SCHEMA), &Facts::default());
    assert_eq!((result.candidates, result.judged.len(), result.good.as_str()), (0, 0, ""));
}

const OPEN_WRITE: &str = r#"
title = "Anyone can change data through {route.method} {route.path}"
on = "route"
applies = 'route.effects.exists(e, e.kind == "write" && e.client == "service")'
when = 'route.authenticated == "no" || route.authenticated == "gateway"'
unknown = 'route.authenticated == "unknown"'
question = "Who may call {route.method} {route.path}?"
good = "{passed} of {applied} writing routes check who is calling."
"#;

fn route(path: &str, authenticated: Authenticated, kind: &str) -> Route {
    Route {
        file: "app/route.ts".to_owned(),
        line: 3,
        method: "POST".to_owned(),
        path: excerpt(path),
        authenticated,
        effects: vec![RouteEffect {
            kind: kind.to_owned(),
            client: "service".to_owned(),
            ..RouteEffect::default()
        }],
        evidence: vec![
            Evidence::new("authenticated", "middleware.ts", 9, "the matcher leaves it out"),
            Evidence::new("holes[matcher-gap]", "middleware.ts", 12, "a gap"),
            Evidence::new("logged", "app/route.ts", 5, "console.log"),
        ],
        unknowns: vec![Unknown::new("authenticated", "what it imports is not there")],
        ..Route::default()
    }
}

#[test]
fn rules_judge_routes_by_their_cells_and_effects() {
    let facts = Facts {
        routes: vec![
            route("/open", Authenticated::No, "write"),
            route("/reads", Authenticated::No, "read"),
            route("/asked", Authenticated::Unknown, "write"),
            route("/checked", Authenticated::Yes, "write"),
        ],
        ..Facts::default()
    };
    let result = only(&rule("open-write", OPEN_WRITE), &facts);
    let reason = vec!["what it imports is not there".to_owned()];
    assert_eq!(
        summary(&result.judged),
        [
            ("POST /open in app/route.ts", &Judgement::Failed),
            ("POST /asked in app/route.ts", &Judgement::Unknown(reason)),
            ("POST /checked in app/route.ts", &Judgement::Passed),
        ]
    );
    assert_eq!(result.judged[0].title, "Anyone can change data through POST /open");
    let places: Vec<(&str, u32)> =
        result.judged[0].evidence.iter().map(|e| (e.file.as_str(), e.line)).collect();
    assert_eq!(places, [("middleware.ts", 9)], "the place of the cell that was asked about");
}

#[test]
fn a_slip_in_a_rule_about_routes_is_found_when_it_is_loaded() {
    for (right, wrong) in [
        ("e.kind == \"write\"", "e.kind == \"wrote\""),
        ("route.authenticated == \"no\"", "route.authenticated == \"none\""),
        ("route.effects", "route.effect"),
    ] {
        let packs = rule("open-write", &OPEN_WRITE.replace(right, wrong));
        assert!(RuleSet::from_texts(&[("p.toml", packs.as_str())]).is_err(), "{wrong}");
    }
}
