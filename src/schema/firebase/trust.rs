//! What conditions believe because it stands in the database, and whether people can write it there themselves.

use super::path::{Pattern, Segment};
use super::rules::{Operation, Rules};
use super::who::{Asks, OwnerBy, Part, Trust, Way, Writes};

/// Whether somebody with nothing but an account can write what is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grantable {
    No,
    Unclear,
    /// By this statement.
    By(usize),
}

/// Whether somebody can make a condition believe them. `ways[i]` are those past statement `i`, by operation.
pub(super) fn grantable(trust: &Trust, rules: &Rules, ways: &[Vec<(Operation, Vec<Way>)>]) -> Grantable {
    let mut found = Grantable::No;
    for (i, statement) in rules.statements.iter().enumerate() {
        let Some(own) = bound(&statement.reach, &trust.path) else { continue };
        for (operation, ways) in ways.get(i).into_iter().flatten() {
            let writes = match operation {
                Operation::Create => true,
                // What need only be there is made, not changed.
                Operation::Update => !trust.field.is_empty(),
                _ => false,
            };
            if !writes {
                continue;
            }
            for way in ways.iter().filter(|way| takes(way, &own)) {
                let free = if trust.field.is_empty() {
                    if rules.validated.iter().any(|at| bound(at, &trust.path).is_some()) {
                        Writes::Unclear
                    } else {
                        Writes::Free
                    }
                } else {
                    way.writes(&trust.field, &trust.values)
                };
                match free {
                    Writes::Free => return Grantable::By(i),
                    Writes::Unclear => found = Grantable::Unclear,
                    Writes::Held => {}
                }
            }
        }
    }
    found
}

/// Whether `pattern` is about `path`, and then which of its names stand for who asks.
fn bound(pattern: &Pattern, path: &[Part]) -> Option<Vec<String>> {
    fn go(segments: &[Segment], parts: &[Part], own: &mut Vec<String>) -> bool {
        match (segments.split_first(), parts.split_first()) {
            (None, None) => true,
            (Some((Segment::Many(name), rest)), Some((part, parts_left))) => {
                if *part == Part::Uid {
                    own.push(name.clone());
                }
                go(segments, parts_left, own) || go(rest, parts, own)
            }
            (Some((Segment::Many(_), rest)), None) => go(rest, &[], own),
            (Some((Segment::One(name), rest)), Some((part, parts_left))) => {
                if *part == Part::Uid {
                    own.push(name.clone());
                }
                go(rest, parts_left, own)
            }
            (Some((Segment::Text(text), rest)), Some((Part::Text(part), parts_left))) if text == part => {
                go(rest, parts_left, own)
            }
            _ => false,
        }
    }
    let mut own = Vec::new();
    let many = pattern.0.iter().filter(|segment| matches!(segment, Segment::Many(_))).count();
    (many <= 2 && go(&pattern.0, path, &mut own)).then_some(own)
}

/// Whether somebody with nothing but an account gets past.
fn takes(way: &Way, own: &[String]) -> bool {
    way.asks.iter().all(|asks| match asks {
        Asks::SignedIn | Asks::Until(_) | Asks::Owner(OwnerBy::New(_)) => true,
        Asks::Owner(OwnerBy::Path(name)) => own.contains(name),
        _ => false,
    })
}
