//! Whether a version is within an npm or Cargo range. `None` where this is not sure.

use std::cmp::Ordering;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Version {
    core: [u64; 3],
    pre: Vec<String>,
}

/// A version of which the later parts may be open: `1`, `1.2.x`.
struct Partial {
    core: [u64; 3],
    given: usize,
    pre: Vec<String>,
}

/// Whether `version` is within the npm `range`.
pub fn npm(version: &str, range: &str) -> Option<bool> {
    let version = full(version)?;
    if matches!(range.trim(), "" | "*" | "x" | "X") {
        return version.pre.is_empty().then_some(true);
    }
    let mut within = false;
    for alternative in range.split("||") {
        within |= all(&version, &comparators(alternative.trim())?)?;
    }
    Some(within)
}

/// Whether `version` is within the Cargo `requirement`.
pub fn cargo(version: &str, requirement: &str) -> Option<bool> {
    let version = full(version)?;
    let parts: Vec<(String, String)> = requirement
        .split(',')
        .map(|part| {
            let part = part.trim();
            let at = part.find(|c: char| c.is_ascii_digit() || c == '*').unwrap_or(part.len());
            let (operator, rest) = part.split_at(at);
            let operator = if operator.trim().is_empty() { "^" } else { operator.trim() };
            (operator.to_owned(), rest.trim().to_owned())
        })
        .collect();
    all(&version, &parts)
}

fn comparators(range: &str) -> Option<Vec<(String, String)>> {
    if let Some((low, high)) = range.split_once(" - ") {
        return Some(vec![(">=".into(), low.trim().into()), ("<=".into(), high.trim().into())]);
    }
    let mut found = Vec::new();
    let mut words = range.split_whitespace();
    while let Some(word) = words.next() {
        let at = word.find(|c: char| !matches!(c, '<' | '>' | '=' | '~' | '^')).unwrap_or(word.len());
        let (operator, rest) = word.split_at(at);
        let rest = if rest.is_empty() { words.next()? } else { rest };
        found.push((operator.to_owned(), rest.to_owned()));
    }
    Some(found)
}

fn all(version: &Version, parts: &[(String, String)]) -> Option<bool> {
    let mut within = true;
    // npm lets a pre-release in only if the range names one of the same version.
    let mut pre_allowed = version.pre.is_empty();
    for (operator, text) in parts {
        let bound = partial(text)?;
        pre_allowed |= !bound.pre.is_empty() && bound.core == version.core;
        within &= holds(version, operator, &bound)?;
    }
    Some(within && pre_allowed)
}

fn holds(version: &Version, operator: &str, bound: &Partial) -> Option<bool> {
    let low = Version { core: bound.core, pre: bound.pre.clone() };
    // The first version above the partial one; `None`: there is none.
    let above = |given: usize| -> Option<Version> {
        let mut core = [0; 3];
        for (i, part) in core.iter_mut().enumerate().take(given) {
            *part = bound.core.get(i)?.checked_add(u64::from(i + 1 == given))?;
        }
        Some(Version { core, pre: vec!["0".into()] })
    };
    let at_least = compare(version, &low) != Ordering::Less;
    let below =
        |given: usize| given == 0 || above(given).is_none_or(|top| compare(version, &top) == Ordering::Less);
    Some(match operator {
        "" | "=" => {
            if bound.given == 3 {
                compare(version, &low) == Ordering::Equal
            } else {
                at_least && below(bound.given)
            }
        }
        "^" => {
            let first = bound.core.iter().take(bound.given).position(|p| *p > 0);
            at_least && below(first.map_or(bound.given, |i| i + 1))
        }
        "~" | "~>" => at_least && below(bound.given.min(2)),
        ">=" => at_least,
        ">" => {
            if bound.given == 3 {
                compare(version, &low) == Ordering::Greater
            } else {
                !below(bound.given)
            }
        }
        "<" => compare(version, &low) == Ordering::Less,
        "<=" => {
            if bound.given == 3 {
                compare(version, &low) != Ordering::Greater
            } else {
                below(bound.given)
            }
        }
        _ => return None,
    })
}

fn full(text: &str) -> Option<Version> {
    let partial = partial(text)?;
    (partial.given == 3).then_some(Version { core: partial.core, pre: partial.pre })
}

fn partial(text: &str) -> Option<Partial> {
    let text = text.trim().trim_start_matches(['v', '=']);
    let text = text.split('+').next().unwrap_or("");
    let (core_text, pre) = text.split_once('-').map_or((text, ""), |(core, pre)| (core, pre));
    let mut core = [0; 3];
    let mut given = 0;
    for (i, part) in core_text.split('.').enumerate() {
        if matches!(part, "x" | "X" | "*") {
            break;
        }
        *core.get_mut(i)? = part.parse().ok()?;
        given = i + 1;
    }
    let pre = if pre.is_empty() { Vec::new() } else { pre.split('.').map(str::to_owned).collect() };
    Some(Partial { core, given, pre })
}

fn compare(a: &Version, b: &Version) -> Ordering {
    a.core.cmp(&b.core).then_with(|| match (a.pre.is_empty(), b.pre.is_empty()) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => compare_pre(&a.pre, &b.pre),
    })
}

fn compare_pre(a: &[String], b: &[String]) -> Ordering {
    for (x, y) in a.iter().zip(b) {
        let order = match (x.parse::<u64>(), y.parse::<u64>()) {
            (Ok(x), Ok(y)) => x.cmp(&y),
            (Ok(_), Err(_)) => Ordering::Less,
            (Err(_), Ok(_)) => Ordering::Greater,
            (Err(_), Err(_)) => x.cmp(y),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    a.len().cmp(&b.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn npm_ranges() {
        let cases = [
            ("1.2.3", "^1.2.0", Some(true)),
            ("2.0.0", "^1.2.0", Some(false)),
            ("0.3.0", "^0.2.1", Some(false)),
            ("0.2.9", "^0.2.1", Some(true)),
            ("0.0.4", "^0.0.3", Some(false)),
            ("1.3.0", "~1.2.3", Some(false)),
            ("1.2.9", "~1.2.3", Some(true)),
            ("1.9.0", "~1", Some(true)),
            ("1.9.0", "1", Some(true)),
            ("1.9.0", "1.x", Some(true)),
            ("2.0.0", "1.x", Some(false)),
            ("1.5.0", ">=1.2 <2", Some(true)),
            ("2.1.0", "^1 || ^2", Some(true)),
            ("1.2.3", "1.2.3", Some(true)),
            ("1.2.4", "1.2.3", Some(false)),
            ("2.3.4", "1.2 - 2.3", Some(true)),
            ("2.4.0", "1.2 - 2.3", Some(false)),
            ("5.0.0", "*", Some(true)),
            ("2.0.0-beta.1", "^1.0.0", Some(false)),
            ("5.0.0-beta.29", "^5.0.0-beta.25", Some(true)),
            ("5.0.0-beta.3", "5.0.0-beta.25", Some(false)),
            ("1.0.0", "latest", None),
            ("1.2.3", ">1.2", Some(false)),
            ("1.3.0", ">1.2", Some(true)),
            ("0.0.5", "^0.0", Some(true)),
            ("0.1.0", "^0.0", Some(false)),
            ("0.9.0", "^0", Some(true)),
        ];
        for (version, range, want) in cases {
            assert_eq!(npm(version, range), want, "{version} in {range}");
        }
    }

    #[test]
    fn cargo_requirements() {
        for (version, range, want) in [
            ("1.5.0", "1.2", true),
            ("2.0.0", "1", false),
            ("0.9.1", "=0.9.1", true),
            ("1.5.0", ">=1, <1.6", true),
            ("3.0.0", "*", true),
        ] {
            assert_eq!(cargo(version, range), Some(want), "{version} in {range}");
        }
    }
}
