//! Which rows of a table somebody gets at.

use super::eval::{Caller, Eval};
use super::scope::{Frame, Scope};
use super::truth::{Ties, Truth};
use crate::schema::catalogue::{Catalogue, Policy, Relation, Rights};
use crate::schema::sql::{Expr, PolicyCommand};

/// What is done to rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// `select`
    Read,
    /// `insert`
    Add,
    /// `update`
    Change,
    /// `delete`
    Remove,
}

impl Operation {
    /// All of them.
    pub const ALL: [Operation; 4] = [Operation::Read, Operation::Add, Operation::Change, Operation::Remove];

    fn right(self) -> Rights {
        match self {
            Operation::Read => Rights::SELECT,
            Operation::Add => Rights::INSERT,
            Operation::Change => Rights::UPDATE,
            Operation::Remove => Rights::DELETE,
        }
    }

    fn is_of(self, command: PolicyCommand) -> bool {
        match command {
            PolicyCommand::All => true,
            PolicyCommand::Select => self == Operation::Read,
            PolicyCommand::Insert => self == Operation::Add,
            PolicyCommand::Update => self == Operation::Change,
            PolicyCommand::Delete => self == Operation::Remove,
        }
    }
}

/// Which rows: the most that is sure, in the order of how much that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rows {
    /// None.
    None,
    /// Those for whom somebody gave them a role, or who are named.
    Role,
    /// Their own.
    Own,
    /// Those of a team that they belong to.
    Team,
    /// It can't be told.
    Unknown,
    /// What a column says is for everybody.
    Marked,
    /// All, for whoever says so themselves or has any row somewhere.
    Member,
    /// All.
    All,
}

impl Rows {
    /// As facts say it.
    pub fn word(self) -> &'static str {
        match self {
            Rows::None => "none",
            Rows::Role => "role",
            Rows::Own => "own",
            Rows::Team => "team",
            Rows::Unknown => "unknown",
            Rows::Marked => "marked",
            Rows::Member => "member",
            Rows::All => "all",
        }
    }
}

/// What somebody gets at, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Access {
    /// Which rows.
    pub rows: Rows,
    /// The policies that let them, by name.
    pub by: Vec<String>,
    /// Of a change: whether the new row may be anybody's, where the old one had to be their own.
    pub moves: bool,
}

/// Everything that somebody may do with a table.
pub fn accesses(cat: &Catalogue, table: &Relation, caller: Caller) -> [Access; 4] {
    Operation::ALL.map(|operation| access(cat, table, caller, operation))
}

/// What one of them may do with a table.
pub fn access(cat: &Catalogue, table: &Relation, caller: Caller, operation: Operation) -> Access {
    let nothing = Access { rows: Rows::None, by: Vec::new(), moves: false };
    let role = caller.role();
    let may_use =
        cat.schemas.get(&table.schema).is_none_or(|schema| schema.acl.held(role).has(Rights::USAGE));
    if !may_use {
        return nothing;
    }
    if !table.acl.held(role).has(operation.right()) && !table.acl.held_somewhere(role, operation.right()) {
        return nothing;
    }
    match table.rls.on {
        Some(false) => return Access { rows: Rows::All, ..nothing },
        None => return Access { rows: Rows::Unknown, ..nothing },
        Some(true) => {}
    }
    let is_for = |policy: &&Policy| {
        operation.is_of(policy.command) && policy.roles.iter().any(|name| name == "public" || name == role)
    };
    let mut all = Truth::never();
    let mut by: Vec<(Rows, String)> = Vec::new();
    let mut moves = false;
    for policy in table.policies.values().filter(is_for).filter(|policy| policy.permissive) {
        let truth = of_policy(cat, table, caller, policy, operation);
        let rows = rows(&truth);
        if rows != Rows::None {
            by.push((rows, policy.name.clone()));
        }
        moves |= operation == Operation::Change && may_move(cat, table, caller, policy, &truth);
        all = all.or(truth);
    }
    for policy in table.policies.values().filter(is_for).filter(|policy| !policy.permissive) {
        all = all.and(&of_policy(cat, table, caller, policy, operation));
    }
    let mut rows = rows(&all);
    if table.policies_unknown.is_some() && rows < Rows::Unknown {
        rows = Rows::Unknown;
    }
    // The policies that let most.
    let by = by.into_iter().filter(|(one, _)| *one >= rows).map(|(_, name)| name).collect();
    Access { rows, by, moves }
}

impl Eval<'_> {
    /// What of a table who is calling may see, within a policy of another one.
    pub(super) fn seen_of(&self, table: &Relation) -> Truth {
        let role = self.caller.role();
        match table.rls.on {
            Some(true) if self.tables.len() < DEEPEST => {}
            Some(false) => return Truth::always(),
            _ => return Truth::when(Ties::UNKNOWN),
        }
        let mut tables = self.tables.clone();
        tables.push(table.oid);
        let is_for = |policy: &&Policy| {
            Operation::Read.is_of(policy.command)
                && policy.roles.iter().any(|name| name == "public" || name == role)
        };
        let using = |policy: &Policy| match policy.using.as_deref() {
            Some(expr) => on(self.cat(), table, self.caller, tables.clone()).truth(expr),
            None => Truth::always(),
        };
        let policies = || table.policies.values().filter(is_for);
        let all = policies().filter(|policy| policy.permissive).map(using).fold(Truth::never(), Truth::or);
        policies().filter(|policy| !policy.permissive).fold(all, |all, policy| all.and(&using(policy)))
    }
}

/// How many tables' policies may ask for each other.
const DEEPEST: usize = 5;

fn on<'a>(cat: &'a Catalogue, table: &'a Relation, caller: Caller, tables: Vec<u32>) -> Eval<'a> {
    let frame = Frame { alias: table.name.clone(), relation: Some(table), columns: Vec::new(), depth: 0 };
    Eval {
        scope: Scope { cat, frames: vec![frame] },
        caller,
        params: Default::default(),
        deep: 0,
        within: Vec::new(),
        tables,
        as_owner: false,
    }
}

/// The condition that decides about an operation: of new rows the check, which is the other one where it isn't written.
fn of_policy(
    cat: &Catalogue,
    table: &Relation,
    caller: Caller,
    policy: &Policy,
    operation: Operation,
) -> Truth {
    let using = policy.using.as_deref();
    let check = policy.check.as_deref().or(using);
    match operation {
        Operation::Add => condition(cat, table, caller, check),
        Operation::Change => condition(cat, table, caller, using).and(&condition(cat, table, caller, check)),
        Operation::Read | Operation::Remove => condition(cat, table, caller, using),
    }
}

fn may_move(cat: &Catalogue, table: &Relation, caller: Caller, policy: &Policy, truth: &Truth) -> bool {
    let Some(check) = policy.check.as_deref() else { return false };
    matches!(rows(truth), Rows::Own | Rows::Team) && condition(cat, table, caller, Some(check)).is_always()
}

/// A policy without a condition lets all.
fn condition(cat: &Catalogue, table: &Relation, caller: Caller, expr: Option<&Expr>) -> Truth {
    let Some(expr) = expr else { return Truth::always() };
    on(cat, table, caller, vec![table.oid]).truth(expr)
}

/// Which rows a condition lets somebody have: what the widest of its ways lets.
fn rows(truth: &Truth) -> Rows {
    let of = |ties: Ties| {
        if ties.has(Ties::OWN) {
            Rows::Own
        } else if ties.has(Ties::ROLE) {
            Rows::Role
        } else if ties.has(Ties::TEAM) {
            Rows::Team
        } else if ties.has(Ties::UNKNOWN) || ties.has(Ties::SETTING) {
            Rows::Unknown
        } else if ties.has(Ties::MARK) {
            Rows::Marked
        } else if ties.has(Ties::MEMBER) || ties.has(Ties::CLAIM) {
            Rows::Member
        } else {
            Rows::All
        }
    };
    truth.ways().map(of).max().unwrap_or(Rows::None)
}
