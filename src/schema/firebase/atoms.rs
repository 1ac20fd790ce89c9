//! The single questions of conditions: what each asks of who asks, of what is there and of what is being written.

use std::collections::BTreeSet;

use super::alternatives::always;
use super::expression::{Expr, Kind, Op};
use super::rules::{Operation, Service};
use super::term::{Context, Mentions, Term, is_name, parts, term};
use super::who::{Asks, Field, OwnerBy, Part, Trust, Way};

/// The ways past one question.
pub(super) fn ways(expr: &Expr, is_true: bool, context: Context<'_>) -> Vec<Way> {
    if fails(expr, context) {
        return Vec::new();
    }
    match &expr.kind {
        Kind::Binary(op, left, right) => compared(*op, (left, right), is_true, context),
        Kind::Call(called, arguments) => called_with(expr, (called, arguments), is_true, context),
        _ => bare(expr, is_true, context),
    }
}

/// Whether the question fails by itself: it is about what is there where nothing is, or about what is being written where
/// nothing is. A failing question lets nobody past, whichever way it is asked.
fn fails(expr: &Expr, context: Context<'_>) -> bool {
    if context.service == Service::Realtime {
        return false;
    }
    let operation = context.operation;
    let is_whole = |expr: &Expr| matches!(term(expr, context), Term::OldDoc | Term::NewDoc);
    let is_null = |expr: &Expr| term(expr, context) == Term::Null;
    // `resource == null` is the question whether something is there, and does not fail.
    if let Kind::Binary(Op::Equal | Op::Differs, left, right) = &expr.kind
        && (is_whole(left) && is_null(right) || is_null(left) && is_whole(right))
    {
        return false;
    }
    let mentions = Mentions::of(expr, context);
    // A row looked up by who asks is no row that is there.
    mentions.old && operation == Operation::Create
        || !mentions.new.is_empty() && (operation.reads() || operation == Operation::Delete)
}

fn compared(op: Op, (left, right): (&Expr, &Expr), is_true: bool, context: Context<'_>) -> Vec<Way> {
    let (a, b) = (term(left, context), term(right, context));
    match op {
        Op::Equal => equal((left, &a), (right, &b), is_true, context),
        Op::Differs => equal((left, &a), (right, &b), !is_true, context),
        Op::Less => {
            time(&a, right, is_true, context).unwrap_or_else(|| about(&[left, right], is_true, context))
        }
        // `limit > now` is `now < limit`.
        Op::Greater => match time(&b, left, is_true, context) {
            Some(ways) => ways,
            // What is not later than a day is before it.
            None => time(&a, right, !is_true, context)
                .filter(|_| !is_true)
                .unwrap_or_else(|| about(&[left, right], is_true, context)),
        },
        Op::In => is_in((left, &a), (right, &b), is_true, context),
        Op::Is | Op::Compute => about(&[left, right], is_true, context),
    }
}

/// `request.time < timestamp.date(2025, 1, 1)`, `now < 1735689600000`.
fn time(early: &Term, late: &Expr, is_true: bool, context: Context<'_>) -> Option<Vec<Way>> {
    if *early != Term::Now {
        return None;
    }
    let day = day(late, context)?;
    Some(if is_true { vec![Way::asking(Asks::Until(day))] } else { always(true) })
}

/// The day that an expression names.
fn day(expr: &Expr, context: Context<'_>) -> Option<String> {
    let number = |expr: &Expr| match &expr.kind {
        Kind::Number(text) => text.parse::<i64>().ok(),
        _ => None,
    };
    if context.service == Service::Realtime {
        return number(expr).and_then(|millis| day_of(millis.div_euclid(86_400_000)));
    }
    let Kind::Call(called, arguments) = &expr.kind else { return None };
    let Kind::Member(of, method) = &called.kind else { return None };
    if !is_name(of, "timestamp") {
        return None;
    }
    match (method.as_str(), arguments.as_slice()) {
        ("date", [year, month, day]) => {
            let (year, month, day) = (number(year)?, number(month)?, number(day)?);
            let fits = (1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
            fits.then(|| format!("{year:04}-{month:02}-{day:02}"))
        }
        ("value", [millis]) => number(millis).and_then(|millis| day_of(millis.div_euclid(86_400_000))),
        _ => None,
    }
}

/// The day so many days after 1970-01-01 (Howard Hinnant, `civil_from_days`).
fn day_of(days: i64) -> Option<String> {
    if !(0..=2_932_896).contains(&days) {
        return None;
    }
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

fn equal(
    (left, a): (&Expr, &Term),
    (right, b): (&Expr, &Term),
    is_true: bool,
    context: Context<'_>,
) -> Vec<Way> {
    // A literal may stand on either side.
    for (one, other, its) in [(a, b, right), (b, a, left)] {
        match (one, other) {
            (Term::Literal(truth), _)
                if matches!(truth.as_str(), "true" | "false")
                    && !matches!(other, Term::New(_) | Term::Literal(_)) =>
            {
                return super::alternatives::ways(its, (truth == "true") == is_true, context);
            }
            (Term::Auth | Term::Uid, Term::Null) => {
                return if is_true { always(true) } else { vec![Way::asking(Asks::SignedIn)] };
            }
            (Term::Uid, Term::Literal(_)) => {
                return vec![Way::asking(if is_true { Asks::Person } else { Asks::SignedIn })];
            }
            (Term::OldDoc, Term::Null) => return existing(!is_true, context),
            (Term::NewDoc, Term::Null) => return always(is_true == (context.operation == Operation::Delete)),
            (Term::OldDoc, Term::NewDoc) if is_true => return vec![Way::field("*", Field::Kept)],
            (Term::Old(old), Term::New(new)) if is_true && old == new => {
                return vec![Way::field(new, Field::Kept)];
            }
            (Term::New(field), Term::Literal(value)) if is_true => {
                return written(field, BTreeSet::from([value.clone()]), context);
            }
            (Term::Literal(x), Term::Literal(y)) => return always((x == y) == is_true),
            _ => {}
        }
    }
    if is_true {
        for (one, other) in [(a, b), (b, a)] {
            if *one == Term::Uid
                && let Some(owner) = owner(other, context)
            {
                return owner;
            }
            if let Some(ways) = looked_up(one, other, context) {
                return ways;
            }
        }
    }
    about(&[left, right], is_true, context)
}

/// Whether something is there.
fn existing(is_there: bool, context: Context<'_>) -> Vec<Way> {
    match context.operation {
        Operation::Create => always(!is_there),
        // What is not there can be asked for, and gives nothing.
        _ => always(is_there),
    }
}

/// `request.auth.uid == …`.
fn owner(other: &Term, context: Context<'_>) -> Option<Vec<Way>> {
    let by = match other {
        Term::Variable(name) => OwnerBy::Path(name.clone()),
        Term::Old(field) if field.starts_with("parent") => OwnerBy::Lookup,
        // In the Realtime Database what is not there is null, which nobody's id equals.
        Term::Old(_) if context.operation == Operation::Create => return Some(Vec::new()),
        Term::New(_) if !matches!(context.operation, Operation::Create | Operation::Update) => {
            return Some(Vec::new());
        }
        Term::Old(field) => OwnerBy::Old(field.clone()),
        Term::New(field) => OwnerBy::New(field.clone()),
        Term::Doc(path, _) if path.contains(&Part::Uid) => return None,
        Term::Doc(..) => OwnerBy::Lookup,
        _ => return None,
    };
    Some(vec![Way::asking(Asks::Owner(by))])
}

/// What another row says, or a token: a role, what somebody belongs to.
fn looked_up(one: &Term, other: &Term, _: Context<'_>) -> Option<Vec<Way>> {
    let values = match other {
        Term::Literal(value) => vec![value.clone()],
        _ => Vec::new(),
    };
    let trust =
        |path: &[Part], field: &str| Some(Trust { path: path.to_vec(), field: field.to_owned(), values });
    let belongs = matches!(other, Term::Variable(_) | Term::Old(_) | Term::New(_) | Term::Doc(..));
    let asks = match one {
        Term::Claim if belongs => Asks::Member(None),
        Term::Claim => Asks::Role(None),
        Term::Doc(path, field) if path.contains(&Part::Uid) && belongs => Asks::Member(trust(path, field)),
        Term::Doc(path, field) if path.contains(&Part::Uid) && *other != Term::Null => {
            Asks::Role(trust(path, field))
        }
        Term::OldOfUid | Term::DocOfUid => Asks::Member(None),
        _ => return None,
    };
    Some(vec![Way::asking(asks)])
}

/// What may be written into a field.
fn written(field: &str, values: BTreeSet<String>, context: Context<'_>) -> Vec<Way> {
    if !matches!(context.operation, Operation::Create | Operation::Update) {
        return Vec::new();
    }
    vec![Way::field(field, Field::OneOf(values))]
}

fn is_in(
    (left, a): (&Expr, &Term),
    (right, b): (&Expr, &Term),
    is_true: bool,
    context: Context<'_>,
) -> Vec<Way> {
    let list: Option<BTreeSet<String>> = match &right.kind {
        Kind::List(parts) => parts
            .iter()
            .map(|part| match term(part, context) {
                Term::Literal(value) => Some(value),
                _ => None,
            })
            .collect(),
        _ => None,
    };
    match (a, b, list) {
        (Term::Uid, _, Some(_)) => vec![Way::asking(if is_true { Asks::Person } else { Asks::SignedIn })],
        (Term::New(field), _, Some(values)) if is_true => written(field, values, context),
        (Term::Claim, _, Some(_)) if is_true => vec![Way::asking(Asks::Role(None))],
        (Term::Doc(path, field), _, Some(values)) if is_true && path.contains(&Part::Uid) => {
            let values = values.into_iter().collect();
            vec![Way::asking(Asks::Role(Some(Trust { path: path.clone(), field: field.clone(), values })))]
        }
        (Term::Variable(_), _, Some(_)) if is_true => {
            vec![Way::asking(Asks::Unclear("it depends on the path"))]
        }
        (Term::Uid, Term::Claim, _) | (Term::Variable(_), Term::Claim, _) if is_true => {
            vec![Way::asking(Asks::Member(None))]
        }
        // `'admin' in request.auth.token.roles`
        (Term::Literal(_), Term::Claim, _) if is_true => vec![Way::asking(Asks::Role(None))],
        (Term::Literal(value), Term::Doc(path, field), _) if is_true && path.contains(&Part::Uid) => {
            let values = vec![value.clone()];
            vec![Way::asking(Asks::Role(Some(Trust { path: path.clone(), field: field.clone(), values })))]
        }
        // `'role' in request.resource.data`
        (Term::Literal(field), _, _) if !is_true && keys_of_new(right, context) => {
            vec![Way::field(field, Field::Kept)]
        }
        (Term::Literal(field), _, _) if keys_of_new(right, context) => {
            vec![Way::field(field, Field::Checked)]
        }
        // `uid in resource.data.members`
        (Term::Uid, Term::New(_), _) if is_true => about(&[left, right], is_true, context),
        (Term::Uid, Term::Old(_) | Term::OldDoc, _) if is_true && context.operation == Operation::Create => {
            Vec::new()
        }
        (Term::Variable(_), Term::Doc(path, field), _) if is_true && path.contains(&Part::Uid) => {
            let trust = Trust { path: path.clone(), field: field.clone(), values: Vec::new() };
            vec![Way::asking(Asks::Member(Some(trust)))]
        }
        _ => about(&[left, right], is_true, context),
    }
}

/// Whether these are the names of the fields that are being written, or of those that change.
fn keys_of_new(expr: &Expr, context: Context<'_>) -> bool {
    if term(expr, context) == Term::NewDoc {
        return true;
    }
    let Kind::Call(called, arguments) = &expr.kind else { return false };
    let Kind::Member(of, method) = &called.kind else { return false };
    match method.as_str() {
        "keys" => term(of, context) == Term::NewDoc || keys_of_new(of, context),
        "affectedKeys" | "changedKeys" | "toSet" | "addedKeys" => keys_of_new(of, context),
        "diff" => {
            let new = |expr: &Expr| term(expr, context) == Term::NewDoc;
            new(of) || arguments.first().is_some_and(new)
        }
        _ => false,
    }
}

fn called_with(
    whole: &Expr,
    (called, arguments): (&Expr, &[Expr]),
    is_true: bool,
    context: Context<'_>,
) -> Vec<Way> {
    let Kind::Member(of, method) = &called.kind else {
        if let (Kind::Name(name), [path]) = (&called.kind, arguments)
            && matches!(name.as_str(), "exists" | "existsAfter")
        {
            return exists(&parts(path, context), is_true);
        }
        if let (Kind::Name(name), [of]) = (&called.kind, arguments)
            && name == "debug"
        {
            return super::alternatives::ways(of, is_true, context);
        }
        return bare(whole, is_true, context);
    };
    let names = || -> Option<Vec<String>> {
        let list = match arguments {
            [Expr { kind: Kind::List(list), .. }] => list.as_slice(),
            many => many,
        };
        list.iter()
            .map(|part| match &part.kind {
                Kind::Text(text) => Some(text.clone()),
                Kind::Call(_, _) => None,
                _ => None,
            })
            .collect()
    };
    match method.as_str() {
        "exists" | "existsAfter" if is_name(of, "firestore") && arguments.len() == 1 => {
            arguments.first().map(|path| exists(&parts(path, context), is_true)).unwrap_or_default()
        }
        "hasOnly" if is_true && keys_of_new(of, context) => match names() {
            Some(names) => vec![Way { only: Some(names.into_iter().collect()), ..Way::default() }],
            None => about(&[of], is_true, context),
        },
        "hasAny" if !is_true && keys_of_new(of, context) => match names() {
            Some(names) => vec![Way {
                fields: names.into_iter().map(|name| (name, Field::Kept)).collect(),
                ..Way::default()
            }],
            None => about(&[of], is_true, context),
        },
        "hasAll" | "hasAny" | "hasOnly" if keys_of_new(of, context) => always(true),
        "exists" if context.service == Service::Realtime && arguments.is_empty() => match term(of, context) {
            Term::OldDoc => existing(is_true, context),
            Term::Old(field) if is_true && !field.starts_with("parent") => match context.operation {
                Operation::Create => Vec::new(),
                _ => always(true),
            },
            Term::NewDoc => always(is_true == (context.operation != Operation::Delete)),
            Term::Doc(path, _) => exists(&path, is_true),
            Term::OldOfUid if is_true => vec![Way::asking(Asks::Member(None))],
            _ => about(&[of], is_true, context),
        },
        "hasChild" | "hasChildren" if context.service == Service::Realtime => match term(of, context) {
            Term::NewDoc if is_true && context.operation == Operation::Delete => Vec::new(),
            Term::Doc(mut path, _) if is_true && arguments.len() == 1 => {
                path.extend(arguments.iter().map(|key| match term(key, context) {
                    Term::Uid => Part::Uid,
                    Term::Literal(text) => Part::Text(text),
                    Term::Variable(name) => Part::Variable(name),
                    _ => Part::Other,
                }));
                exists(&path, is_true)
            }
            _ => {
                let mut both = vec![&**of];
                both.extend(arguments);
                about(&both, is_true, context)
            }
        },
        "val" if context.service == Service::Realtime => bare(whole, is_true, context),
        "get" if !arguments.is_empty() => bare(whole, is_true, context),
        _ => {
            let mut both = vec![&**of];
            both.extend(arguments);
            about(&both, is_true, context)
        }
    }
}

/// `exists(/…/admins/$(request.auth.uid))`.
fn exists(path: &[Part], is_true: bool) -> Vec<Way> {
    if !path.contains(&Part::Uid) {
        return always(true);
    }
    if !is_true {
        return vec![Way::asking(Asks::SignedIn)];
    }
    let trust = Some(Trust { path: path.to_vec(), field: String::new(), values: Vec::new() });
    let belongs = path.iter().any(|part| matches!(part, Part::Variable(_) | Part::Other));
    vec![Way::asking(if belongs { Asks::Member(trust) } else { Asks::Role(trust) })]
}

/// A value that is true by itself.
fn bare(expr: &Expr, is_true: bool, context: Context<'_>) -> Vec<Way> {
    match term(expr, context) {
        Term::Claim => vec![Way::asking(if is_true { Asks::Role(None) } else { Asks::SignedIn })],
        Term::Auth | Term::Uid | Term::Account => vec![Way::asking(Asks::SignedIn)],
        Term::Doc(path, field) if path.contains(&Part::Uid) => {
            let trust = Trust { path, field, values: vec!["true".to_owned()] };
            vec![Way::asking(if is_true { Asks::Role(Some(trust)) } else { Asks::SignedIn })]
        }
        Term::OldOfUid | Term::DocOfUid if is_true => vec![Way::asking(Asks::Member(None))],
        Term::New(field) => {
            let value = if is_true { "true" } else { "false" };
            written(&field, BTreeSet::from([value.to_owned()]), context)
        }
        Term::Literal(text) => always((text == "true") == is_true),
        Term::Null => Vec::new(),
        _ => about(&[expr], is_true, context),
    }
}

/// What can be said of a question by what it speaks of.
fn about(parts: &[&Expr], is_true: bool, context: Context<'_>) -> Vec<Way> {
    let mut all = Mentions::default();
    for part in parts {
        let one = Mentions::of(part, context);
        all.auth |= one.auth;
        all.uid |= one.uid;
        all.variable |= one.variable;
        all.old |= one.old;
        all.doc |= one.doc;
        all.unclear = all.unclear.or(one.unclear);
        all.new.extend(one.new);
    }
    let mut way = Way::default();
    for field in &all.new {
        way.fields.insert(field.clone(), Field::Checked);
    }
    let bound = all.variable || all.old || all.doc;
    let claims = parts.iter().any(|part| claim_within(part, context));
    if let Some(why) = all.unclear {
        way.asks.insert(Asks::Unclear(why));
    } else if all.uid && !bound && !all.new.is_empty() && is_true {
        // What is being written names who writes it.
        let field = all.new.first().cloned().unwrap_or_default();
        way.asks.insert(Asks::Owner(OwnerBy::New(field)));
    } else if (all.uid || claims) && bound && is_true {
        way.asks.insert(Asks::Member(None));
    } else if claims && is_true {
        way.asks.insert(Asks::Role(None));
    } else if all.uid && is_true && mentions_text(parts) {
        // `request.auth.token.email.matches('.*@example.com')`
        way.asks.insert(Asks::Role(None));
    } else if all.auth {
        way.asks.insert(Asks::SignedIn);
    } else if all.old && all.new.is_empty() {
        way.asks.insert(Asks::State);
    }
    vec![way]
}

fn claim_within(expr: &Expr, context: Context<'_>) -> bool {
    term(expr, context) == Term::Claim || expr.parts().any(|part| claim_within(part, context))
}

fn mentions_text(parts: &[&Expr]) -> bool {
    parts
        .iter()
        .any(|part| matches!(&part.kind, Kind::Text(text) if text.contains('@') || text.contains('.')))
}
