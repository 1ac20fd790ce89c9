//! The pairs of `fail_open/`: the variant with the hole and the one without.

use std::fs;

use super::cases::{Case, Expected, cases};
use super::support::{Route, cell, entries, folder, holes, only_known, routes_of, why};
use vibecheck::code::parse;

/// Those of `Hole::pattern`, and `meant-for-anyone` and `no-owner`, which are none: there only the verdicts are compared.
const PATTERNS: &[&str] = &[
    "after-effect",
    "always-next",
    "any-origin-with-cookies",
    "catch-continues",
    "client-only",
    "cookie-presence",
    "decoded-only",
    "development-bypass",
    "layer-order",
    "layout-only",
    "listed-in-code",
    "matcher-gap",
    "meant-for-anyone",
    "missing-await",
    "no-owner",
    "no-return",
    "optional-identity",
    "result-ignored",
    "role-from-client",
    "session-from-cookie",
    "some-methods",
    "undefined-bearer",
    "unset-secret",
    "wrapper-truthiness",
];

/// Pattern and cases, by pattern.
fn all() -> Vec<(String, Vec<Case>)> {
    entries(&folder().join("fail_open"))
        .into_iter()
        .map(|path| {
            let pattern = path.file_stem().unwrap().to_string_lossy().into_owned();
            (pattern, cases(&fs::read_to_string(&path).unwrap()))
        })
        .collect()
}

#[test]
fn there_are_cases_for_every_pattern() {
    let found: Vec<String> = all().into_iter().map(|(pattern, _)| pattern).collect();
    assert_eq!(found, PATTERNS);
}

#[test]
fn cases_are_complete() {
    for (pattern, cases) in all() {
        assert!(cases.len() >= 2, "{pattern}");
        for case in cases {
            let title = format!("{pattern}.txt:{} {}", case.line, case.title);
            assert!(case.bad != case.good, "{title}: the variants are the same");
            for is_bad in [true, false] {
                let files = if is_bad { &case.bad } else { &case.good };
                for (path, text) in files.iter().filter(|(path, _)| vibecheck::code::handles(path)) {
                    assert_eq!(parse(path, text).broken, None, "{title}: {path}");
                }
                let routes = routes_of(files);
                assert!(case.expected.iter().any(|each| each.is_bad == is_bad), "{title}");
                for expected in case.expected.iter().filter(|each| each.is_bad == is_bad) {
                    let names: Vec<&str> = routes.iter().map(|route| &*route.name).collect();
                    let found = routes.iter().filter(|route| route.name == expected.route).count();
                    assert_eq!(found, 1, "{title}: {} among {names:?}", expected.route);
                    for (cell_name, values) in expected.cells.iter().filter(|(name, _)| name == "hole") {
                        let known = values.iter().all(|value| PATTERNS.contains(&&**value));
                        assert!(known && is_bad, "{title}: {cell_name} {values:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn every_verdict_is_right() {
    no_faults("verdict", verdict_faults);
}

#[test]
fn every_hole_is_named_and_no_other() {
    no_faults("hole", hole_faults);
}

/// What is said of a route that should not be: of the pattern of the file, of what is expected, of the route.
type Check = fn(&str, &Expected, &Route) -> Vec<String>;

fn no_faults(what: &str, check: Check) {
    let mut wrong = Vec::new();
    for (pattern, cases) in all() {
        for case in cases {
            let faults = faults(&pattern, &case, check);
            if !faults.is_empty() {
                wrong.push((format!("{what} {pattern}: {}", case.title), faults.join("\n")));
            }
        }
    }
    only_known(what, &wrong);
}

fn faults(pattern: &str, case: &Case, check: Check) -> Vec<String> {
    let mut faults = Vec::new();
    for is_bad in [true, false] {
        let routes = routes_of(if is_bad { &case.bad } else { &case.good });
        let variant = if is_bad { "bad" } else { "good" };
        for expected in case.expected.iter().filter(|each| each.is_bad == is_bad) {
            let Some(route) = routes.iter().find(|route| route.name == expected.route) else {
                faults.push(format!("  {variant}: no {}", expected.route));
                continue;
            };
            let said = check(pattern, expected, route);
            if !said.is_empty() {
                faults.push(fault(variant, route, &said));
            }
        }
    }
    faults
}

fn verdict_faults(_pattern: &str, expected: &Expected, route: &Route) -> Vec<String> {
    let cells = expected.cells.iter().filter(|(name, _)| name != "hole");
    let found = cells.map(|(name, values)| (name, values, cell(&route.judged, name)));
    let wrong = found.filter(|(_, values, found)| !values.contains(found));
    wrong.map(|(name, values, found)| format!("{name} is {found} and not {}", values.join("|"))).collect()
}

fn hole_faults(pattern: &str, expected: &Expected, route: &Route) -> Vec<String> {
    let found = holes(&route.judged);
    let named = expected.cells.iter().filter(|(name, _)| name == "hole").map(|(_, values)| values);
    let missing = named.filter(|values| !values.iter().any(|value| found.contains(&&**value)));
    let mut said: Vec<String> = missing
        .map(|values| format!("the holes are [{}] without {}", found.join(", "), values.join("|")))
        .collect();
    if !expected.is_bad && found.contains(&pattern) {
        said.push(format!("there is no hole {pattern}"));
    }
    said
}

fn fault(variant: &str, route: &Route, said: &[String]) -> String {
    let why = why(&route.judged);
    format!("  {variant}: {} at {}: {}\n{why}", route.name, route.place, said.join("; "))
}
