//! Who gets past each statement of a file of rules, and which of them undo others.

use std::collections::{BTreeMap, BTreeSet};

use super::alternatives;
use super::rules::{Operation, Rules, Service, Statement};
use super::term::Context;
use super::trust::{Grantable, grantable};
use super::who::{Asks, OwnerBy, Part, Way, Who, Writes};

/// What a statement comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Who may do each of its operations.
    pub who: BTreeMap<Operation, Who>,
    /// The day until which everybody may, `""` for none.
    pub until: String,
    /// Why some of it can't be told.
    pub unclear: BTreeSet<&'static str>,
    /// The statements that it defeats, by number: they let fewer people do what this lets everybody, or everybody with an
    /// account, do there, and it is enough that one statement allows it.
    pub defeats: Vec<usize>,
    /// The field that says whose a row is, where somebody may make rows in another's name; else `""`.
    pub forges: String,
    /// The field by which rows can be taken over: who writes their own id into it gets past; else `""`.
    pub takes_over: String,
    /// The field by which an owner may give a row to somebody else; else `""`.
    pub gives_away: String,
    /// Fields that people may write into their own row and other statements believe, and those statements.
    pub promotes: BTreeMap<String, BTreeSet<usize>>,
    /// Fields of such rows of which it can't be told.
    pub may_promote: BTreeSet<String>,
    /// Whether somebody may write every field of a row of their own, found by their id in its path.
    pub own_row_unlimited: bool,
}

type Ways = Vec<(Operation, Vec<Way>)>;

/// What each statement comes to, in their order.
pub fn judge(rules: &Rules) -> Vec<Verdict> {
    let mut ways: Vec<Ways> =
        rules.statements.iter().map(|statement| of_statement(rules.service, statement)).collect();
    let mut verdicts: Vec<Verdict> = rules.statements.iter().map(|_| Verdict::default()).collect();
    believed(rules, &mut ways, &mut verdicts);
    let owners = owners(rules, &ways);
    for (i, verdict) in verdicts.iter_mut().enumerate() {
        let none = BTreeSet::new();
        let path = rules.statements.get(i).map(|statement| &statement.path);
        let fields = path.and_then(|path| owners.get(path)).unwrap_or(&none);
        for (operation, ways) in ways.get(i).into_iter().flatten() {
            told(*operation, ways, fields, verdict);
        }
    }
    defeated(rules, &mut verdicts);
    verdicts
}

fn of_statement(service: Service, statement: &Statement) -> Ways {
    let variables: Vec<String> = statement.path.variables().map(str::to_owned).collect();
    let each = statement.operations.iter().map(|operation| {
        let context = Context { service, operation: *operation, variables: &variables };
        let ways = match &statement.condition {
            Some(condition) => alternatives::ways(condition, true, context),
            None => alternatives::always(true),
        };
        (*operation, ways)
    });
    each.collect()
}

/// Looks whether people can write what conditions believe. That they have a row which everybody may make is no more than
/// an account.
fn believed(rules: &Rules, ways: &mut [Ways], verdicts: &mut [Verdict]) {
    let mut trusts: BTreeMap<_, BTreeSet<usize>> = BTreeMap::new();
    for (i, ways) in ways.iter().enumerate() {
        for asks in ways.iter().flat_map(|(_, ways)| ways).flat_map(|way| &way.asks) {
            if let Asks::Role(Some(trust)) | Asks::Member(Some(trust)) = asks {
                trusts.entry(trust.clone()).or_default().insert(i);
            }
        }
    }
    for (trust, believers) in trusts {
        let outcome = grantable(&trust, rules, ways);
        let only_there = trust.field.is_empty() && rules.service != Service::Realtime;
        let own_profile = Asks::Role(Some(trust.clone()));
        match outcome {
            Grantable::By(_) if only_there && is_asked(ways, &own_profile) => {
                for way in ways.iter_mut().flatten().flat_map(|(_, ways)| ways) {
                    if way.asks.remove(&own_profile) {
                        way.asks.insert(Asks::SignedIn);
                    }
                }
            }
            Grantable::By(writer) => {
                let believers: BTreeSet<usize> = believers.into_iter().filter(|i| *i != writer).collect();
                if let Some(verdict) = verdicts.get_mut(writer).filter(|_| !believers.is_empty()) {
                    let last = trust.path.iter().rev().find_map(|part| match part {
                        Part::Text(text) => Some(text.clone()),
                        _ => None,
                    });
                    let name = last.filter(|_| trust.field.is_empty()).unwrap_or(trust.field);
                    verdict.promotes.entry(name).or_default().extend(believers);
                }
            }
            Grantable::Unclear => {
                for (i, verdict) in verdicts.iter_mut().enumerate() {
                    if believers.contains(&i) {
                        verdict.may_promote.insert(trust.field.clone());
                    }
                }
            }
            Grantable::No => {}
        }
    }
}

fn is_asked(ways: &[Ways], asks: &Asks) -> bool {
    ways.iter().flatten().flat_map(|(_, ways)| ways).any(|way| way.asks.contains(asks))
}

/// Fields that say whose a row is, by path: those that some statement holds against who asks.
fn owners<'r>(rules: &'r Rules, ways: &[Ways]) -> BTreeMap<&'r super::Pattern, BTreeSet<String>> {
    let mut owners: BTreeMap<&super::Pattern, BTreeSet<String>> = BTreeMap::new();
    for (statement, ways) in rules.statements.iter().zip(ways) {
        for asks in ways.iter().flat_map(|(_, ways)| ways).flat_map(|way| &way.asks) {
            if let Asks::Owner(OwnerBy::Old(field)) = asks {
                owners.entry(&statement.path).or_default().insert(field.clone());
            }
        }
    }
    owners
}

/// What the ways past one operation come to.
fn told(operation: Operation, ways: &[Way], owners: &BTreeSet<String>, verdict: &mut Verdict) {
    let who = ways.iter().map(|way| way.who(operation)).max().unwrap_or(Who::Nobody);
    verdict.who.insert(operation, who);
    for way in ways.iter().filter(|way| way.who(operation) == who) {
        for asks in &way.asks {
            match asks {
                Asks::Until(day) if who == Who::Timed && verdict.until < *day => {
                    verdict.until.clone_from(day)
                }
                Asks::Unclear(why) if who == Who::Unknown => {
                    verdict.unclear.insert(why);
                }
                _ => {}
            }
        }
    }
    for way in ways {
        let has = |wanted: fn(&OwnerBy) -> bool| {
            way.asks.iter().any(|asks| matches!(asks, Asks::Owner(by) if wanted(by)))
        };
        let narrow = way
            .asks
            .iter()
            .any(|asks| matches!(asks, Asks::Person | Asks::Role(_) | Asks::Member(_) | Asks::Unclear(_)));
        let by_path = has(|by| matches!(by, OwnerBy::Path(_) | OwnerBy::Lookup));
        let by_new = has(|by| matches!(by, OwnerBy::New(_)));
        if narrow {
            continue;
        }
        if operation == Operation::Create
            && matches!(way.who(operation), Who::SignedIn | Who::Public)
            && let Some(field) = owners.iter().find(|field| way.writes(field, &[]) == Writes::Free)
        {
            verdict.forges.clone_from(field);
        }
        if operation == Operation::Update && !by_path {
            for asks in &way.asks {
                match asks {
                    Asks::Owner(OwnerBy::New(field)) if way.who(operation) == Who::SignedIn => {
                        verdict.takes_over.clone_from(field);
                    }
                    Asks::Owner(OwnerBy::Old(field)) if !by_new && way.writes(field, &[]) == Writes::Free => {
                        verdict.gives_away.clone_from(field);
                    }
                    _ => {}
                }
            }
        }
        let limited = way.only.is_some() || !way.fields.is_empty();
        verdict.own_row_unlimited |=
            operation == Operation::Update && has(|by| matches!(by, OwnerBy::Path(_))) && !limited;
    }
}

/// Everybody who passes one statement is in, whatever the others ask.
fn defeated(rules: &Rules, verdicts: &mut [Verdict]) {
    let careful = |who: &Who| *who < Who::Unknown;
    let wide = |who: &Who| matches!(who, Who::SignedIn | Who::Timed | Who::Public);
    let mut all: Vec<Vec<usize>> = Vec::with_capacity(verdicts.len());
    for (i, broad) in rules.statements.iter().enumerate() {
        let own: Vec<Operation> = verdicts
            .get(i)
            .map(|verdict| verdict.who.iter().filter(|(_, who)| wide(who)).map(|(op, _)| *op).collect())
            .unwrap_or_default();
        let beaten = rules.statements.iter().enumerate().filter(|(j, other)| {
            let shared = || {
                let its = verdicts.get(*j).map(|verdict| &verdict.who);
                own.iter().any(|op| its.and_then(|its| its.get(op)).is_some_and(careful))
            };
            i != *j && broad.path != other.path && shared() && broad.reach.covers(&other.reach)
        });
        all.push(if own.is_empty() { Vec::new() } else { beaten.map(|(j, _)| j).collect() });
    }
    for (verdict, defeats) in verdicts.iter_mut().zip(all) {
        verdict.defeats = defeats;
    }
}
