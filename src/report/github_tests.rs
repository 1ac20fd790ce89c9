use super::*;
use crate::findings::{Finding, Standing, Suppressed};
use crate::report::testing::{hostile, report};

fn commands(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.starts_with("::")).collect()
}

/// A report with `n` findings of a severity, each with two places.
fn many(n: usize, severity: Severity) -> Report {
    let mut report = report();
    let mut one: Finding = report.findings[0].clone();
    one.severity = severity;
    one.places.truncate(2);
    report.findings =
        (0..n).map(|i| Finding { key: format!("k{i}"), title: format!("T{i}"), ..one.clone() }).collect();
    report
}

fn accept(report: &mut Report, number: usize) {
    let mut finding = report.findings.remove(number);
    finding.places.iter_mut().for_each(|place| place.standing = Standing::Ignored);
    report.suppressed.push(Suppressed { finding, suppressions: Vec::new() });
}

#[test]
fn the_worst_is_annotated_at_its_place() {
    let mut report = report();
    report.background.prefix = "apps/shop".into();
    let text = render(&report).text;
    let first = commands(&text)[0];
    assert_eq!(
        first.split_once("::Whoever").unwrap().0,
        "::error file=apps/shop/.env,line=1,title=Blocker%3A A file with production settings is in the repository"
    );
    assert!(
        first.contains("%0AWhat to do: Remove `.env` from git") && first.ends_with("%0A(env-file-committed)")
    );
    let whole = commands(&text).into_iter().find(|c| c.contains("Nothing is tested")).unwrap();
    assert!(whole.starts_with("::warning title=High%3A Nothing is tested::"), "{whole}");
    assert!(text.contains("\nvibecheck: ") && text.contains("Gate failed: 2 findings"));
}

#[test]
fn each_root_cause_comes_before_a_second_place() {
    let text = render(&many(4, Severity::Blocker)).text;
    let titles: Vec<&str> = commands(&text)
        .iter()
        .map(|c| c.split_once("Blocker%3A ").unwrap().1.split_once("::").unwrap().0)
        .collect();
    assert_eq!(titles, ["T0", "T1", "T2", "T3", "T0", "T1", "T2", "T3"]);
}

#[test]
fn no_more_than_github_shows_and_the_cut_is_said() {
    for (severity, level) in
        [(Severity::Critical, "::error "), (Severity::Medium, "::warning "), (Severity::Low, "::notice ")]
    {
        let said = render(&many(30, severity));
        let shown = commands(&said.text);
        let notices = shown.iter().filter(|c| c.starts_with("::notice ")).count();
        assert!(shown.iter().filter(|c| c.starts_with(level)).count() == 10 && notices <= 10);
        assert_eq!(said.cuts.len(), 1);
        let left = if severity == Severity::Low { "51 of 60 notices" } else { "50 of 60" };
        assert!(said.cuts[0].contains(left), "{}", said.cuts[0]);
        assert!(shown.last().unwrap().contains("Not annotated: "));
    }
    assert!(render(&many(5, Severity::Critical)).cuts.is_empty(), "ten places are ten annotations");
    assert!(render(&many(5, Severity::Low)).cuts.is_empty());
}

#[test]
fn only_what_counts_is_annotated() {
    let mut report = report();
    report.findings[0].places[0].standing = Standing::Baseline;
    accept(&mut report, 1);
    let text = render(&report).text;
    let annotated = commands(&text).join("\n");
    assert!(
        !annotated.contains("file=.env,line=1,") && !annotated.contains("(database-published)"),
        "{annotated}"
    );
    assert!(text.contains("1 finding accepted with a reason."));
}

#[test]
fn an_accepted_blocker_is_said() {
    let mut report = report();
    accept(&mut report, 0);
    assert!(render(&report).text.contains("Accepted blocker: A file with production settings"));
}

#[test]
fn hostile_text_gives_no_command() {
    let text = render(&hostile()).text;
    for line in text.lines() {
        let own = ["::error file=", "::warning file=", "::notice file=", "::notice title=vibecheck::"];
        assert!(
            !line.trim_start().starts_with("::") || own.iter().any(|own| line.starts_with(own)),
            "{line}"
        );
        let properties = line.split_once(' ').map_or("", |(_, rest)| rest.split("::").next().unwrap());
        assert!(!line.starts_with("::") || properties.split(',').count() <= 3, "{line}");
    }
    assert!(!text.contains(['\u{1b}', '\u{202e}', '\r']) && !text.contains("##["));
}

#[test]
fn the_summary_stays_below_a_mebibyte_and_says_so() {
    let whole = step_summary(&report(), 0);
    assert_eq!((whole.text, whole.cuts), (markdown::render(&report()), vec![]));
    let big = many(2_000, Severity::High);
    let cut = step_summary(&big, 1_000);
    assert!(cut.text.len() <= SUMMARY_LIMIT - 1_000 && cut.text.len() > SUMMARY_LIMIT - 3_000);
    assert!(cut.text.trim_end().ends_with("has it all.**") && cut.cuts.len() == 1);
    assert!(step_summary(&big, SUMMARY_LIMIT).text.is_empty());
}

#[test]
fn a_giant_text_is_shortened() {
    let mut report = report();
    report.findings[0].title = "title ".repeat(10_000);
    report.findings[0].why = "why ".repeat(100_000);
    assert!(render(&report).text.len() < 50_000);
}
