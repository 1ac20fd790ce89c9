//! Where rows go, and how they are grouped.

use std::collections::BTreeSet;

use super::{Checked, Checker, Fault};
use crate::schema::catalogue::{Column, ConstraintKind, Relation};
use crate::schema::sql::{Call, Expr, IsTest, OnConflict, Query, QueryBody, Select};

impl Checker<'_> {
    /// What is inserted must go into the columns.
    pub(super) fn insert_source(
        &mut self,
        source: &Query,
        targets: &[&Column],
        relation: &Relation,
    ) -> Checked<()> {
        let columns: Vec<&Column> =
            if targets.is_empty() { relation.columns.iter().collect() } else { targets.to_vec() };
        let wrong = |given: usize| {
            if given > columns.len() {
                Some(Fault::new("42601", "INSERT has more expressions than target columns"))
            } else if given < targets.len() {
                Some(Fault::new("42601", "INSERT has more target columns than expressions"))
            } else {
                None
            }
        };
        if let QueryBody::Values(rows) = &source.body
            && source.with.is_empty()
        {
            for row in rows {
                if let Some(fault) = wrong(row.len()) {
                    return Err(fault);
                }
                for (e, column) in row.iter().zip(&columns) {
                    if matches!(e, Expr::Default) {
                        continue;
                    }
                    let value = self.alone(e)?;
                    self.store(&value, column)?;
                }
            }
            return Ok(());
        }
        let output = self.query(source)?;
        if output.open {
            return Ok(());
        }
        if let Some(fault) = wrong(output.columns.len()) {
            return Err(fault);
        }
        for ((_, ty), column) in output.columns.iter().zip(&columns) {
            self.store(&(*ty).into(), column)?;
        }
        Ok(())
    }

    fn store(&mut self, value: &super::Value, column: &Column) -> Checked<()> {
        self.require(value, column.ty, super::Context::Assignment).map_err(|fault| match fault.code {
            "42846" => {
                let (from, to) = (self.cat.type_text(value.ty), self.cat.type_text(column.ty));
                let name = &column.name;
                Fault::new(
                    "42804",
                    format!("column \"{name}\" is of type {to} but expression is of type {from}"),
                )
            }
            _ => fault,
        })
    }

    /// `on conflict` needs a unique index on just these columns.
    pub(super) fn conflict(&mut self, conflict: &OnConflict, relation: &Relation) -> Checked<()> {
        if let Some(name) = &conflict.constraint {
            if relation.constraints.iter().any(|c| c.name == *name) {
                return Ok(());
            }
            let table = &relation.name;
            return Err(Fault::new(
                "42704",
                format!("constraint \"{name}\" for table \"{table}\" does not exist"),
            ));
        }
        let mut wanted = BTreeSet::new();
        for e in &conflict.target {
            match e {
                Expr::Column(parts) => wanted.extend(parts.last().cloned()),
                _ => return Ok(()),
            }
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let fits = self.cat.indexes_of(relation.oid).filter(|index| index.unique).any(|index| {
            let keys: Option<BTreeSet<String>> = index.keys.iter().map(|key| key.column.clone()).collect();
            keys.as_ref() == Some(&wanted) && index.condition.is_empty()
        });
        // A partial index fits where the statement repeats its condition, which is not looked at.
        let partial =
            self.cat.indexes_of(relation.oid).any(|index| index.unique && !index.condition.is_empty());
        if fits || partial || relation.is_view() {
            return Ok(());
        }
        Err(Fault::new(
            "42P10",
            "there is no unique or exclusion constraint matching the ON CONFLICT specification",
        ))
    }

    /// A column that is neither grouped by nor inside an aggregate.
    pub(super) fn ungrouped(&self, select: &Select, aggregates: bool) -> Option<Fault> {
        if select.group.is_empty() && !aggregates && select.having.is_none() {
            return None;
        }
        let level = self.levels.last()?;
        if level.items.iter().any(|item| item.output.open) {
            return None;
        }
        let mut grouped: Vec<Expr> = Vec::new();
        for e in &select.group {
            match e {
                Expr::Number(digits) => {
                    let at = digits.parse::<usize>().ok()?.checked_sub(1)?;
                    let target = select.targets.get(at)?;
                    grouped.push(target.expr.clone());
                }
                Expr::Column(parts) if parts.len() == 1 => {
                    let name = parts.first()?;
                    let owned = level.items.iter().any(|i| i.output.columns.iter().any(|(n, _)| n == name));
                    match select.targets.iter().find(|t| t.alias.as_ref() == Some(name)) {
                        Some(target) if !owned => grouped.push(target.expr.clone()),
                        _ => grouped.push(e.clone()),
                    }
                }
                e => grouped.push(e.clone()),
            }
        }
        // A table whose primary key is grouped by may be named freely.
        let mut free: BTreeSet<String> = BTreeSet::new();
        for item in &level.items {
            let Some(relation) = item.relation.and_then(|oid| self.cat.relations.get(&oid)) else { continue };
            for constraint in &relation.constraints {
                if let ConstraintKind::Primary { columns, .. } = &constraint.kind
                    && columns
                        .iter()
                        .all(|column| grouped.iter().any(|g| self.is_column(g, &item.alias, column)))
                {
                    free.insert(item.alias.clone());
                }
            }
        }
        let exprs = select.targets.iter().map(|t| &t.expr).chain(select.having.as_ref());
        for e in exprs {
            if let Some(name) = self.loose(e, &grouped, &free) {
                return Some(Fault::new(
                    "42803",
                    format!(
                        "column \"{name}\" must appear in the GROUP BY clause or be used in an aggregate function"
                    ),
                ));
            }
        }
        None
    }

    /// Whether an expression is this column of this table.
    fn is_column(&self, e: &Expr, alias: &str, column: &str) -> bool {
        let Expr::Column(parts) = e else { return false };
        match parts.as_slice() {
            [name] => name == column && self.owner(name).as_deref() == Some(alias),
            [table, name] => table == alias && name == column,
            [_, table, name] => table == alias && name == column,
            _ => false,
        }
    }

    /// The table of this query that a bare column belongs to.
    fn owner(&self, name: &str) -> Option<String> {
        let level = self.levels.last()?;
        let item = level.items.iter().find(|i| {
            !i.merged.iter().any(|m| m == name) && i.output.columns.iter().any(|(n, _)| n == name)
        })?;
        Some(item.alias.clone())
    }

    fn loose(&self, e: &Expr, grouped: &[Expr], free: &BTreeSet<String>) -> Option<String> {
        if grouped.iter().any(|g| self.same(g, e)) {
            return None;
        }
        let all = |list: &[&Expr]| list.iter().find_map(|e| self.loose(e, grouped, free));
        match e {
            Expr::Column(parts) => {
                let (alias, name) = match parts.as_slice() {
                    [name] => (self.owner(name)?, name),
                    [table, name] | [_, table, name] => (table.clone(), name),
                    _ => return None,
                };
                let level = self.levels.last()?;
                let ours = level.items.iter().any(|i| i.alias == alias);
                let merged = level.items.iter().any(|i| i.merged.contains(name));
                (ours && !merged && !free.contains(&alias)).then(|| format!("{alias}.{name}"))
            }
            Expr::Call(call) => {
                if self.is_aggregate(call) {
                    return None;
                }
                let args: Vec<&Expr> =
                    call.args.iter().map(|(_, e)| e).chain(call.over.iter().flatten()).collect();
                all(&args)
            }
            Expr::Unary(_, a)
            | Expr::Collate(a)
            | Expr::Cast(a, _)
            | Expr::Field(a, _)
            | Expr::FieldStar(a) => all(&[a]),
            Expr::Binary(_, a, b) => all(&[a, b]),
            Expr::Is { expr, test, .. } => match test {
                IsTest::DistinctFrom(other) => all(&[expr, other]),
                _ => all(&[expr]),
            },
            Expr::In { expr, list, .. } => {
                all(&[expr]).or_else(|| list.iter().find_map(|e| self.loose(e, grouped, free)))
            }
            Expr::InQuery { expr, .. } => all(&[expr]),
            Expr::Quantified(q) => all(&[&q.left, &q.right]),
            Expr::Between { expr, low, high, .. } => all(&[expr, low, high]),
            Expr::Case { subject, whens, otherwise } => subject
                .iter()
                .chain(otherwise)
                .find_map(|e| self.loose(e, grouped, free))
                .or_else(|| whens.iter().find_map(|(a, b)| all(&[a, b]))),
            Expr::Array(items) | Expr::Row(items) => items.iter().find_map(|e| self.loose(e, grouped, free)),
            Expr::Index(inner, _, bounds) => {
                all(&[inner]).or_else(|| bounds.iter().find_map(|e| self.loose(e, grouped, free)))
            }
            _ => None,
        }
    }

    fn is_aggregate(&self, call: &Call) -> bool {
        if call.over.is_some() {
            return false;
        }
        if call.within_group || call.filter.is_some() || call.distinct || call.star {
            return true;
        }
        crate::schema::builtin::functions_named(&call.name.name).iter().any(|f| f.kind == 'a')
            || self
                .cat
                .functions_named(&call.name, self.path)
                .iter()
                .any(|f| f.kind == crate::schema::catalogue::FunctionKind::Aggregate)
    }

    /// Whether two expressions are the same, `t.a` and `a` included.
    fn same(&self, a: &Expr, b: &Expr) -> bool {
        if a == b {
            return true;
        }
        match (a, b) {
            (Expr::Column(x), Expr::Column(y)) => {
                let full = |parts: &[String]| match parts {
                    [name] => self.owner(name).map(|alias| (alias, name.clone())),
                    [table, name] | [_, table, name] => Some((table.clone(), name.clone())),
                    _ => None,
                };
                let (x, y) = (full(x), full(y));
                x.is_some() && x == y
            }
            (Expr::Row(x), other) | (other, Expr::Row(x)) => match x.as_slice() {
                [only] => self.same(only, other),
                _ => false,
            },
            (Expr::Cast(x, s), Expr::Cast(y, t)) => s == t && self.same(x, y),
            (Expr::Unary(o, x), Expr::Unary(p, y)) => o == p && self.same(x, y),
            (Expr::Binary(o, w, x), Expr::Binary(p, y, z)) => o == p && self.same(w, y) && self.same(x, z),
            (Expr::Call(x), Expr::Call(y)) => {
                x.name == y.name
                    && x.args.len() == y.args.len()
                    && x.args.iter().zip(&y.args).all(|((_, x), (_, y))| self.same(x, y))
                    && x.over.is_none()
                    && y.over.is_none()
            }
            (
                Expr::Case { subject: s, whens: w, otherwise: o },
                Expr::Case { subject: t, whens: x, otherwise: p },
            ) => {
                let optional = |a: &Option<Box<Expr>>, b: &Option<Box<Expr>>| match (a, b) {
                    (Some(a), Some(b)) => self.same(a, b),
                    (None, None) => true,
                    _ => false,
                };
                optional(s, t)
                    && optional(o, p)
                    && w.len() == x.len()
                    && w.iter().zip(x).all(|((a, b), (c, d))| self.same(a, c) && self.same(b, d))
            }
            _ => false,
        }
    }
}
