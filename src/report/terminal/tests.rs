use super::*;
use crate::facts::Facts;
use crate::facts::kinds::Project;
use crate::report::testing::{accepted, facts, hostile, report, report_of, results};
use unicode_width::UnicodeWidthStr;

fn plain(width: usize) -> Style {
    Style { width, color: false }
}

#[test]
fn wide() {
    insta::assert_snapshot!(render(&report(), plain(120)));
}

#[test]
fn pipe() {
    insta::assert_snapshot!(render(&report(), plain(80)));
}

#[test]
fn narrow() {
    insta::assert_snapshot!(render(&report(), plain(40)));
}

#[test]
fn what_is_known_and_accepted() {
    insta::assert_snapshot!(render(&accepted(), plain(80)));
}

#[test]
fn colour() {
    insta::assert_snapshot!(render(&report(), Style { width: 100, color: true }).replace('\u{1b}', "␛"));
}

#[test]
fn nothing_judged() {
    insta::assert_snapshot!(render(&report_of(&[], &facts(), &[]), plain(80)));
}

#[test]
fn colour_only_adds_codes() {
    let colored = render(&report(), Style { width: 100, color: true });
    let codes = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    assert_eq!(codes.replace_all(&colored, ""), render(&report(), plain(100)));
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for report in [report(), accepted(), hostile(), report_of(&results(), &Facts::default(), &[])] {
        for width in [40, 52, 60, 72, 80, 100, 200] {
            for line in render(&report, plain(width)).lines() {
                assert!(line.width() <= width.min(100), "{width}: {} {line}", line.width());
            }
        }
    }
}

#[test]
fn hostile_text_is_harmless() {
    for width in [40, 57, 80, 100] {
        let text = render(&hostile(), plain(width));
        assert!(!text.contains(['\u{1b}', '\u{202e}']));
        assert!(!text.contains("##["));
        for line in text.lines() {
            assert!(!line.trim_start().starts_with("::"), "{line}");
        }
    }
}

#[test]
fn an_empty_repository_is_said_to_be_empty() {
    let facts = Facts { project: Project::default(), ..Facts::default() };
    let text = render(&report_of(&[], &facts, &[]), plain(80));
    assert!(text.contains("? There is no code here, so nothing can be said about a product."), "{text}");
}
