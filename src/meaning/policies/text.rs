//! Bodies of functions, which the catalogue keeps as text: what they return, as far as that is one expression, or a few with
//! conditions and variables.

use crate::schema::parse::statements;
use crate::schema::split::split;
use crate::schema::sql::{Expr, Query, QueryBody, Statement};

/// What a body does that decides what it returns.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// A variable is given a value.
    Let(String, Query),
    /// It returns this, where the conditions hold: each with whether it has to be true.
    Return(Vec<(Expr, bool)>, Expr),
}

/// The queries of a body in SQL.
pub(super) fn queries(body: &str) -> Vec<Query> {
    let all = split(body).into_iter().filter_map(|piece| query(piece.text));
    all.collect()
}

/// What a body in PL/pgSQL does, if it does nothing else.
pub(super) fn steps(body: &str) -> Option<Vec<Step>> {
    let text = without_comments(body);
    let (_, rest) = split_word(&text, "begin")?;
    let mut steps = Vec::new();
    // The conditions of the branches that it is in: those that were not met, and the one that is.
    let mut within: Vec<Vec<(Expr, bool)>> = Vec::new();
    for piece in rest.split(';') {
        let mut piece = piece.trim();
        loop {
            let lower = piece.to_ascii_lowercase();
            let word = lower
                .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .next()
                .unwrap_or_default()
                .to_owned();
            match word.as_str() {
                "if" | "elsif" | "elseif" => {
                    let (condition, then) = split_word(piece.get(word.len()..)?, "then")?;
                    let condition = expression(condition)?;
                    if word == "if" {
                        within.push(Vec::new());
                    }
                    let branch = within.last_mut()?;
                    if let Some(last) = branch.last_mut() {
                        last.1 = false;
                    }
                    branch.push((condition, true));
                    piece = then.trim();
                }
                "else" => {
                    within.last_mut()?.last_mut()?.1 = false;
                    piece = piece.get(4..)?.trim();
                }
                _ => break,
            }
        }
        let lower = piece.to_ascii_lowercase();
        if piece.is_empty() || lower == "null" {
            continue;
        }
        if lower.starts_with("end if") {
            // Who comes here met none of the conditions, or what stood there returned nothing.
            let branch = within.pop()?;
            let mut not_met = branch;
            not_met.iter_mut().for_each(|(_, met)| *met = false);
            // Kept as what holds from here on.
            match within.last_mut() {
                Some(outer) => outer.splice(0..0, not_met).for_each(drop),
                None => steps.push(Step::Return(not_met, Expr::Default)),
            }
            continue;
        }
        if lower.starts_with("end") || lower.starts_with("exception") {
            break;
        }
        if let Some(value) = lower.strip_prefix("return") {
            let value = piece.get(piece.len() - value.len()..)?.trim();
            let value = value.strip_prefix("query").unwrap_or(value);
            let conditions = within.iter().flatten().cloned().collect();
            steps.push(Step::Return(conditions, expression(value)?));
        } else if lower.starts_with("select") || lower.starts_with("with") {
            let (name, text) = into(piece)?;
            steps.push(Step::Let(name, query(&text)?));
        } else if let Some((name, value)) = piece.split_once(":=") {
            steps.push(Step::Let(name.trim().to_ascii_lowercase(), query(&format!("select {value}"))?));
        } else if lower.starts_with("raise") || lower.starts_with("perform") {
            // It stops, or asks for nothing.
            return None;
        } else {
            return None;
        }
    }
    Some(steps)
}

fn query(text: &str) -> Option<Query> {
    match statements(text).ok()?.into_iter().next()? {
        Statement::Query(query) => Some(query),
        _ => None,
    }
}

fn expression(text: &str) -> Option<Expr> {
    let query = query(&format!("select {}", text.trim()))?;
    match &query.body {
        QueryBody::Select(select) if select.from.is_empty() && select.targets.len() == 1 => {
            select.targets.first().map(|target| target.expr.clone())
        }
        _ => None,
    }
}

/// `select a into [strict] b from …`: the variable, and the query without it.
fn into(text: &str) -> Option<(String, String)> {
    let (before, rest) = split_word(text, "into")?;
    let rest = rest.trim_start();
    let rest = match rest.get(..7).map(str::to_ascii_lowercase).as_deref() {
        Some("strict ") => rest.get(7..)?.trim_start(),
        _ => rest,
    };
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let (name, rest) = rest.split_at(end);
    // Several variables are not followed.
    (!rest.trim_start().starts_with(',') && !name.is_empty())
        .then(|| (name.to_ascii_lowercase(), format!("{before} {rest}")))
}

/// Cuts a text at a word that stands by itself, outside of quotes.
fn split_word<'t>(text: &'t str, word: &str) -> Option<(&'t str, &'t str)> {
    let bytes = text.as_bytes();
    let mut quoted = false;
    for at in 0..bytes.len() {
        if bytes.get(at) == Some(&b'\'') {
            quoted = !quoted;
        }
        let is_part = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
        let found =
            bytes.get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes()));
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        if found && !quoted && !is_part(before) && !is_part(bytes.get(at + word.len())) {
            return Some((text.get(..at)?, text.get(at + word.len()..)?));
        }
    }
    None
}

fn without_comments(text: &str) -> String {
    let lines = text.lines().map(|line| line.split("--").next().unwrap_or_default());
    let text = lines.collect::<Vec<_>>().join("\n");
    let mut plain = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("/*") {
        plain.push_str(before);
        plain.push(' ');
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    plain + rest
}
