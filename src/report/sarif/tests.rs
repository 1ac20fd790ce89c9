use super::*;
use crate::facts::Evidence;
use crate::findings::testing::rule;
use crate::findings::{Finding, Standing, Suppressed, Suppression, SuppressionKind};
use crate::report::schemas::sarif_problems;
use crate::report::testing;
use crate::report::{Background, Comparison, ComparisonKind};

/// A report with its rules, as the command line completes it.
fn complete(mut report: Report) -> Report {
    let mut rules: Vec<_> = report.outcomes.iter().map(|outcome| rule(&outcome.rule)).collect();
    rules[0].why = "A {brace}, [a link](https://example.com) and <b>.".into();
    report.background = Background { rules, prefix: String::new(), anchor: "README.md".into() };
    report
}

fn report() -> Report {
    complete(testing::report())
}

fn run(report: &Report) -> Value {
    let text = render(report).text;
    assert_eq!(sarif_problems(&text), Vec::<String>::new());
    serde_json::from_str::<Value>(&text).unwrap()["runs"][0].take()
}

fn results<'a>(run: &'a Value, rule: &str) -> Vec<&'a Value> {
    run["results"].as_array().unwrap().iter().filter(|result| result["ruleId"] == rule).collect()
}

/// A report with `n` findings of one place each.
fn many(n: usize) -> Report {
    let mut report = report();
    let mut one: Finding = report.findings[0].clone();
    one.places.truncate(1);
    report.findings = (0..n)
        .map(|i| {
            let mut finding = Finding { key: format!("{i:016x}"), ..one.clone() };
            finding.places[0].key = format!("{i:016x}");
            finding
        })
        .collect();
    report
}

#[test]
fn the_official_schema_takes_it() {
    run(&report());
    run(&complete(testing::hostile()));
}

#[test]
fn the_official_schema_refuses_other_documents() {
    let good = render(&report()).text;
    for (from, to) in [
        ("\"version\": \"2.1.0\",\n  \"runs\"", "\"version\": \"2.0.0\",\n  \"runs\""),
        ("\"driver\"", "\"drivers\""),
        ("\"level\":\"error\"", "\"level\":\"blocker\""),
        ("\"startLine\":1", "\"startLine\":0"),
        ("\"message\":{\"text\"", "\"message\":{\"txt\""),
        ("\"executionSuccessful\": true", "\"executionSuccessful\": \"yes\""),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from} is in the document");
        assert!(!sarif_problems(&bad).is_empty(), "{to}");
    }
}

#[test]
fn each_place_is_a_result_with_a_fingerprint_of_its_own() {
    let report = report();
    let run = run(&report);
    let of_env = results(&run, "env-file-committed");
    assert_eq!(of_env.len(), 5);
    let place = &of_env[1]["locations"][0]["physicalLocation"];
    assert_eq!(
        *place,
        json!({
            "artifactLocation": { "uri": ".env", "uriBaseId": "%SRCROOT%" },
            "region": { "startLine": 4, "snippet": { "text": "STRIPE_SECRET_KEY=•••" } },
        })
    );
    assert_eq!(of_env[1]["level"], "error");
    assert_eq!(of_env[1]["partialFingerprints"]["primaryLocationLineHash"], report.findings[0].places[1].key);
    assert_eq!(of_env[1]["relatedLocations"].as_array().unwrap().len(), 4);
    assert!(
        of_env[0]["message"]["text"]
            .as_str()
            .unwrap()
            .starts_with("A file with production settings is in the repository. Whoever")
    );
    assert!(of_env[0].get("baselineState").is_none() && of_env[0].get("suppressions").is_none());
}

#[test]
fn what_is_about_the_repository_stands_at_its_readme_and_says_so() {
    let run = run(&report());
    let result = results(&run, "no-tests")[0];
    assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "README.md");
    assert_eq!(result["locations"][0]["logicalLocations"][0]["name"], "acme-shop");
    let text = result["message"]["text"].as_str().unwrap();
    assert!(text.contains("No file of any known test framework") && text.contains("as a whole"), "{text}");
}

#[test]
fn paths_of_a_subfolder_start_at_the_top_of_the_repository() {
    let mut report = report();
    report.background.prefix = "apps/my shop".into();
    let run = run(&report);
    let uri = &results(&run, "env-file-committed")[0]["locations"][0]["physicalLocation"]["artifactLocation"]
        ["uri"];
    assert_eq!(*uri, "apps/my%20shop/.env");
    assert_eq!(run["automationDetails"]["id"], "vibecheck/apps/my shop/");
}

#[test]
fn suppressions_and_comparisons_show() {
    let mut report = report();
    report.comparisons.push(Comparison {
        kind: ComparisonKind::Baseline,
        with: "vibecheck-baseline.json".into(),
        commit: String::new(),
        forked: false,
        files: 0,
        known: 0,
        fixed: Vec::new(),
    });
    report.findings[0].places[1].standing = Standing::Baseline;
    let mut accepted = report.findings.remove(1);
    let by = Suppression {
        kind: SuppressionKind::Comment,
        reason: crate::secrets::excerpt("only in the test network"),
        until: "2026-12-31".into(),
        file: "docker-compose.yml".into(),
        line: 13,
    };
    accepted.places.iter_mut().for_each(|place| {
        place.standing = Standing::Ignored;
        place.suppression = Some(by.clone());
    });
    report.suppressed.push(Suppressed { finding: accepted, suppressions: vec![by] });
    let run = run(&report);
    let of_env = results(&run, "env-file-committed");
    assert_eq!(of_env.iter().filter(|r| r["baselineState"] == "new").count(), 4);
    let old = of_env.iter().find(|r| r["baselineState"] == "unchanged").unwrap();
    assert_eq!(
        old["suppressions"],
        json!([{ "kind": "external", "status": "accepted", "justification": "accepted by vibecheck-baseline.json" }])
    );
    assert_eq!(
        results(&run, "database-published")[0]["suppressions"],
        json!([{ "kind": "inSource", "status": "accepted", "justification": "only in the test network (until 2026-12-31)" }])
    );
}

#[test]
fn a_chain_of_evidence_is_a_code_flow_and_a_list_is_none() {
    let mut report = report();
    report.findings[0].evidence = vec![
        Evidence::new("read", "src/a.ts", 3, "reads the {setting}"),
        Evidence::new("read", ".env", 4, "is set here"),
        Evidence::new("deployed", "fly.toml", 9, "is deployed from here"),
    ];
    let text = render(&report).text;
    assert_eq!(sarif_problems(&text), Vec::<String>::new());
    let run = run(&report);
    let flow = |result: &Value| -> Vec<String> {
        let steps = &result["codeFlows"][0]["threadFlows"][0]["locations"];
        let uri = |step: &Value| {
            step["location"]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap().to_owned()
        };
        steps.as_array().into_iter().flatten().map(uri).collect()
    };
    let of_env = results(&run, "env-file-committed");
    assert_eq!(flow(of_env[0]), ["src/a.ts", "fly.toml"], "the first of each field");
    assert_eq!(flow(of_env[1]), [".env", "fly.toml"], "what is seen at this place comes first");
    let said = &of_env[0]["codeFlows"][0]["threadFlows"][0]["locations"][0]["location"]["message"]["text"];
    assert_eq!(*said, "reads the {{setting}}.");
    assert!(results(&run, "database-published")[0].get("codeFlows").is_none());
}

#[test]
fn coverage_is_told() {
    let mut report = report();
    report.coverage.failures.push("The rule x failed to run: 1 / 0".into());
    let run = run(&report);
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notes = invocation["toolExecutionNotifications"].as_array().unwrap();
    assert!(
        notes
            .iter()
            .any(|n| n["level"] == "error" && n["message"]["text"] == "The rule x failed to run: 1 / 0")
    );
    let broken = notes.iter().find(|n| n["level"] == "warning").unwrap();
    assert_eq!(broken["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "tsconfig.json");
    assert!(
        notes
            .iter()
            .any(|n| n["message"]["text"].as_str().unwrap().starts_with("Cannot be told (restore-untested)"))
    );
}

#[test]
fn thirty_thousand_findings_are_cut_to_what_github_takes() {
    let said = render(&many(30_000));
    assert_eq!(said.cuts.len(), 1, "{:?}", said.cuts);
    assert!(said.text.len() <= MOST_BYTES);
    let document: Value = serde_json::from_str(&said.text).unwrap();
    let run = &document["runs"][0];
    let kept = run["results"].as_array().unwrap().len();
    assert!(kept > 5_000 && kept <= MOST_RESULTS);
    assert!(
        said.cuts[0].starts_with(&format!("{} of 30000 results are left out", 30_000 - kept)),
        "{:?}",
        said.cuts
    );
    assert_eq!(run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"], said.cuts[0]);
    assert_eq!(
        run["results"][0]["partialFingerprints"]["primaryLocationLineHash"], "0000000000000000",
        "worst first"
    );
}

#[test]
fn the_number_of_results_is_limited_by_itself() {
    let limits = Limits { results: 100, bytes: MOST_BYTES, rule_bytes: MOST_RULE_BYTES };
    let said = render_within(&many(101), &limits);
    assert_eq!(
        said.cuts,
        [
            "1 of 101 results are left out, the least of them, because a document holds 100 results. The JSON report has them all."
        ]
    );
    assert!(render_within(&many(100), &limits).cuts.is_empty());
    assert_eq!(sarif_problems(&said.text), Vec::<String>::new());
}

#[test]
fn giant_texts_are_shortened() {
    let mut report = report();
    let giant = "word ".repeat(4_000);
    let worst = &mut report.findings[0];
    for text in [&mut worst.title, &mut worst.why, &mut worst.fix] {
        text.clone_from(&giant);
    }
    report.coverage.notes = vec![giant.clone(); 500];
    report.background.rules[0].why = giant;
    let said = render(&report);
    assert!(said.text.len() < 1_000_000, "{}", said.text.len());
    assert_eq!(sarif_problems(&said.text), Vec::<String>::new());
    assert!(said.text.contains("… and 300 more like this"));
}

#[test]
fn rules_without_room_are_left_out_last_those_that_found_something() {
    let mut report = report();
    report.background.rules.extend((0..2_000).map(|i| rule(&format!("other-{i}"))));
    report.background.rules.rotate_left(5);
    let limits = Limits { results: MOST_RESULTS, bytes: MOST_BYTES, rule_bytes: 20_000 };
    let said = render_within(&report, &limits);
    assert!(said.cuts[0].contains("rules are left out"), "{:?}", said.cuts);
    assert_eq!(sarif_problems(&said.text), Vec::<String>::new(), "every result still names a described rule");
}

#[test]
fn one_finding_with_many_places_takes_linear_time() {
    let mut report = report();
    let place = report.findings[0].places[0].clone();
    report.findings[0].places = vec![place; 20_000];
    (1..).zip(&mut report.findings[0].places).for_each(|(line, place)| place.line = line);
    report.findings[0].evidence = (1..=20_000).map(|line| Evidence::new("read", ".env", line, "x")).collect();
    let start = std::time::Instant::now();
    let said = render(&report);
    assert!(start.elapsed().as_secs() < 20 && said.text.len() <= MOST_BYTES);
}

#[test]
fn hostile_text_is_inert() {
    let text = render(&complete(testing::hostile())).text;
    assert!(!text.contains(['\u{1b}', '\u{202e}']) && !text.contains("##["));
    assert!(text.lines().all(|line| !line.trim_start().starts_with("::")));
    let document: Value = serde_json::from_str(&text).unwrap();
    let messages = document["runs"][0]["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["message"]["text"].as_str().unwrap());
    assert!(messages.into_iter().all(|message| !message.replace("\\](", "").contains("](")), "no links");
}
