//! Attestations: which ones count on a given day, and why the others don't.

use super::Attestation;
use crate::rules::RuleResult;

/// Whether `text` is a day of the calendar as `YYYY-MM-DD`. Such days compare as text.
pub fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return false;
    }
    let number = |range: std::ops::Range<usize>| -> Option<u32> {
        let part = text.get(range)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(5..7), number(8..10)) else {
        return false;
    };
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Why an attestation doesn't count on `date`; `None` if it does.
fn objection(attestation: &Attestation, results: &[RuleResult], date: &str) -> Option<String> {
    let Attestation { rule, answer, by, on, until } = attestation;
    if [rule, answer, by].iter().any(|text| text.trim().is_empty()) {
        return Some("it lacks a rule, an answer or who gives it".to_owned());
    }
    if !is_date(on) || !is_date(until) || until < on {
        return Some("its dates are not two days in order (YYYY-MM-DD)".to_owned());
    }
    if on.as_str() > date {
        return Some(format!("it is dated {on}, after the day of this audit"));
    }
    if until.as_str() < date {
        return Some(format!("it expired on {until}"));
    }
    if !results.iter().any(|result| &result.rule.id == rule) {
        return Some("no loaded rule has this name".to_owned());
    }
    None
}

/// Splits into those that count on `date`, and a sentence for each that doesn't.
pub(super) fn in_force(
    attestations: &[Attestation],
    results: &[RuleResult],
    date: &str,
) -> (Vec<Attestation>, Vec<String>) {
    let mut valid = Vec::new();
    let mut notes = Vec::new();
    for attestation in attestations {
        match objection(attestation, results, date) {
            None => valid.push(attestation.clone()),
            Some(why) => notes.push(format!("The attestation of `{}` is ignored: {why}.", attestation.rule)),
        }
    }
    (valid, notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_of_the_calendar_are_dates() {
        for good in ["2026-01-31", "2024-02-29", "2000-02-29"] {
            assert!(is_date(good), "{good}");
        }
        for bad in [
            "",
            "2026-1-31",
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-04-31",
            "2026-00-10",
            "+026-01-01",
        ] {
            assert!(!is_date(bad), "{bad}");
        }
        assert!(!is_date("2026-é1-1"));
    }
}
