//! The verdict in one sentence that a founder understands.

use crate::facts::Facts;
use crate::findings::Findings;
use crate::rules::{Confidence, Severity};
use crate::score::{Score, Verdict, count, list};

/// What the areas and the open findings come to.
pub(super) fn sentence(findings: &Findings, score: &Score, facts: &Facts) -> String {
    let project = &facts.project;
    if (project.files == 0 || !project.has_code) && findings.failures.is_empty() {
        return "There is no code here, so nothing can be said about a product.".to_owned();
    }
    let areas = |verdict| score.areas.iter().filter(|area| area.verdict == verdict).count();
    let open = |from: Severity, to: Severity, sure: bool| {
        // What is known is not fixed: the sentence is about the whole product.
        let all = findings.findings.iter().chain(&findings.known);
        all.filter(|f| f.severity >= from && f.severity <= to && (!sure || f.confidence == Confidence::High))
            .count()
    };
    let today = open(Severity::Critical, Severity::Blocker, false);
    let surely = open(Severity::Critical, Severity::Blocker, true);
    let soon = open(Severity::High, Severity::High, false);
    let fragile = areas(Verdict::Fragile);

    let verdict = if surely > 0 {
        let may = match today - surely {
            0 => String::new(),
            n => format!(", {n} more may"),
        };
        format!("Not ready for customers: {} can hurt you today{may}", count(surely, "thing", "things"))
    } else if areas(Verdict::OutrightRisk) > 0 {
        let lacking = areas(Verdict::OutrightRisk);
        format!(
            "Not ready for customers: {} what customers need most",
            count(lacking, "area lacks", "areas lack")
        )
    } else if today > 0 {
        format!("Not ready for customers yet: {} may hurt you today", count(today, "thing", "things"))
    } else if soon > 0 {
        format!(
            "Fragile: nothing was found that hurts today, but {} will hurt soon",
            count(soon, "thing", "things")
        )
    } else if fragile > 0 {
        format!("Fragile: {} something that production needs", count(fragile, "area lacks", "areas lack"))
    } else if areas(Verdict::CannotBeTold) > 0 {
        "Cannot be told yet: nothing serious was found".to_owned()
    } else {
        let good = areas(Verdict::ProductionGrade);
        let all = match good {
            1 => "the one area that applies is".to_owned(),
            n => format!("all {n} areas that apply are"),
        };
        let text = format!("Ready for customers as far as a repository can show: {all} production-grade");
        let accepted =
            findings.suppressed.iter().filter(|one| one.finding.severity >= Severity::Critical).count();
        let text = match accepted {
            0 => text,
            n => format!("{text}, with {} accepted", count(n, "grave finding", "grave findings")),
        };
        return match open(Severity::Low, Severity::Medium, false) {
            0 => format!("{text}."),
            minor => format!(
                "{text}, and {} left to improve.",
                count(minor, "smaller thing is", "smaller things are")
            ),
        };
    };
    let mut gaps = Vec::new();
    let blind = areas(Verdict::CannotBeTold);
    if blind > 0 {
        gaps.push(format!("{} could not be judged", count(blind, "area", "areas")));
    }
    if !findings.errors.is_empty() {
        gaps.push(format!("{} failed to run", count(findings.errors.len(), "check", "checks")));
    }
    if !findings.failures.is_empty() {
        gaps.push(format!("{} failed", count(findings.failures.len(), "analyser", "analysers")));
    }
    let joint = match gaps.len() {
        _ if verdict.starts_with("Cannot") => " but",
        1 => " and",
        _ => "",
    };
    if gaps.is_empty() { format!("{verdict}.") } else { format!("{verdict},{joint} {}.", list(&gaps)) }
}

#[cfg(test)]
mod tests {
    use crate::facts::{Answer, Facts};
    use crate::findings::testing::{result, rule};
    use crate::report::testing::{facts, report_of};
    use crate::rules::Judgement::{self, Failed, Passed};
    use crate::rules::{AREAS, Confidence, RuleResult, Severity};

    fn in_area(
        area: &str,
        severity: Severity,
        confidence: Confidence,
        judgements: &[Judgement],
    ) -> RuleResult {
        let mut rule = rule(&format!("{area}-{severity:?}-{confidence:?}"));
        (rule.area, rule.severity, rule.confidence) = (area.into(), severity, confidence);
        result(rule, judgements)
    }

    /// Every area is looked at and good, but for what `more` says.
    fn sentence(more: &[RuleResult], facts: &Facts) -> String {
        let good = AREAS.iter().map(|a| in_area(a.slug, Severity::Medium, Confidence::High, &[Passed]));
        report_of(&good.chain(more.iter().cloned()).collect::<Vec<_>>(), facts, &[]).summary.sentence
    }

    #[test]
    fn says_what_is_so_with_the_right_numbers() {
        use Confidence::{High as Sure, Medium as Likely};
        use Severity::{Blocker, Critical, High, Low};
        let cases: &[(&[RuleResult], &str)] = &[
            (
                &[],
                "Ready for customers as far as a repository can show: all 14 areas that apply are production-grade.",
            ),
            (
                &[RuleResult {
                    rule: crate::rules::Rule { required: false, ..in_area("ai", Low, Sure, &[]).rule },
                    ..in_area("ai", Low, Sure, &[Failed])
                }],
                "Ready for customers as far as a repository can show: all 14 areas that apply are production-grade, \
                 and 1 smaller thing is left to improve.",
            ),
            (
                &[in_area("ai", Blocker, Sure, &[Failed])],
                "Not ready for customers: 1 thing can hurt you today.",
            ),
            (
                &[
                    in_area("ai", Blocker, Sure, &[Failed, Failed]),
                    in_area("data", Critical, Likely, &[Failed]),
                ],
                "Not ready for customers: 2 things can hurt you today, 1 more may.",
            ),
            (
                &[in_area("data", Critical, Likely, &[Failed])],
                "Not ready for customers yet: 1 thing may hurt you today.",
            ),
            (
                &[in_area("data", High, Sure, &[Failed])],
                "Fragile: nothing was found that hurts today, but 1 thing will hurt soon.",
            ),
            (
                &[in_area("data", Low, Sure, &[Failed])],
                "Fragile: 1 area lacks something that production needs.",
            ),
        ];
        for (more, expected) in cases {
            assert_eq!(sentence(more, &facts()), *expected);
        }
    }

    #[test]
    fn says_what_could_not_be_judged() {
        let mut unread = facts();
        unread.project.code_read = Answer::No;
        assert_eq!(
            sentence(&[], &unread),
            "Cannot be told yet: nothing serious was found, but 11 areas could not be judged."
        );
        let broken = RuleResult {
            error: Some("broken".into()),
            ..in_area("ai", Severity::High, Confidence::High, &[])
        };
        assert_eq!(
            sentence(std::slice::from_ref(&broken), &facts()),
            "Cannot be told yet: nothing serious was found, but 1 area could not be judged and 1 check failed to run."
        );
        let risk = in_area("data", Severity::Blocker, Confidence::High, &[Failed]);
        assert_eq!(
            sentence(&[broken, risk], &facts()),
            "Not ready for customers: 1 thing can hurt you today, 1 area could not be judged and 1 check failed to run."
        );
        assert_eq!(
            sentence(&[], &Facts::default()),
            "There is no code here, so nothing can be said about a product."
        );
    }
}
