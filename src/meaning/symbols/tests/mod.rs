//! Uses of symbols, written down by hand, and what the vocabulary says about them.

mod code;
mod data;
mod effects;
mod guards;
mod layers;
mod lookup;

use super::*;
use crate::code::{Expr, Name};

/// A use: `createClient("url", key).from("x").select()`, with the root in front. Arguments are texts, names of
/// environment variables without quotes, `{ key: value }`, or `=>` for a function.
pub(super) fn used(text: &str) -> Denoted<'static> {
    let (root, rest) = text.split_once(' ').unwrap_or((text, ""));
    let (root, rest) = match root {
        "global" => {
            let end = rest.find(['.', '(']).unwrap_or(rest.len());
            (Root::Global(Name::from(&rest[..end])), &rest[end..])
        }
        package => (Root::Package(Name::from(package)), rest),
    };
    Denoted { root, path: steps(rest) }
}

/// What was done with something that is known by a name.
pub(super) fn steps(text: &str) -> Vec<Step<'static>> {
    let mut path = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        rest = rest.trim_start_matches('.');
        if let Some(inner) = rest.strip_prefix('(') {
            let end = closing(inner, '(', ')');
            let args = values(&inner[..end]);
            let call = Call { callee: Expr::Null, args, is_new: false, line: 1 };
            path.push(Step::Call(ModuleId(0), Box::leak(Box::new(call))));
            rest = &inner[end + 1..];
        } else if let Some(left) = rest.strip_prefix("[]") {
            path.push(Step::Element);
            rest = left;
        } else {
            let end = rest.find(['.', '(', '[']).unwrap_or(rest.len());
            path.push(Step::Member(Name::from(&rest[..end])));
            rest = &rest[end..];
        }
    }
    path
}

fn closing(text: &str, open: char, close: char) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        if c == close && depth == 0 {
            return at;
        }
        depth += i32::from(c == open) - i32::from(c == close);
    }
    panic!("`{text}` does not end");
}

fn values(text: &str) -> Vec<Expr> {
    parts(text).into_iter().map(value).collect()
}

/// Splits at commas that are not within brackets.
fn parts(text: &str) -> Vec<&str> {
    let (mut all, mut from, mut depth) = (Vec::new(), 0, 0);
    for (at, c) in text.char_indices() {
        depth += i32::from(matches!(c, '(' | '{' | '[')) - i32::from(matches!(c, ')' | '}' | ']'));
        if c == ',' && depth == 0 {
            all.push(&text[from..at]);
            from = at + 1;
        }
    }
    all.push(&text[from..]);
    all.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

fn value(text: &str) -> Expr {
    if let Some(inner) = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')) {
        let pair = |part: &str| match part.split_once(':') {
            Some((key, of)) => crate::code::Entry::Pair(Name::from(key.trim()), value(of.trim())),
            None if part.starts_with("...") => {
                crate::code::Entry::Spread(Expr::Name(Name::from(&part[3..]), None))
            }
            None => crate::code::Entry::Pair(Name::from(part), Expr::Name(Name::from(part), None)),
        };
        return Expr::Object(parts(inner).into_iter().map(pair).collect());
    }
    if let Some(inner) = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
        return Expr::List(values(inner));
    }
    if let Some(inner) = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
        return Expr::Text(Name::from(inner));
    }
    match text {
        "=>" => Expr::Function(crate::code::FunctionId(0)),
        "true" => Expr::Bool(true),
        "false" => Expr::Bool(false),
        number if number.parse::<f64>().is_ok() => Expr::Number(number.parse().unwrap_or_default()),
        name => Expr::Name(Name::from(name), None),
    }
}

/// What the vocabulary says about a use.
pub(super) fn says(text: &str) -> Option<&'static Entry> {
    of(&used(text)).map(|found| found.entry())
}

/// The kind of effect, and the first target as it is written.
pub(super) fn effect(text: &str) -> Option<(EffectKind, String)> {
    let used = used(text);
    let found = of(&used)?;
    let effect = found.entry().effect.as_ref()?;
    found.call(&used.path)?;
    let target = effect.target.iter().find_map(|place| place.first(&used.path, &found));
    Some((effect.kind, target.map(shown).unwrap_or_default()))
}

/// What is at a place, as it was written.
pub(super) fn shown(there: There) -> String {
    match there {
        There::Name(name) => name.to_string(),
        There::Value(_, Expr::Text(text), _) => text.to_string(),
        There::Value(_, Expr::Name(name, _), keys) => [&[&**name], keys.as_slice()].concat().join("."),
        There::Value(_, Expr::Number(number), _) => number.to_string(),
        There::Value(..) => "…".to_owned(),
    }
}
