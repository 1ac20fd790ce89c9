//! Queries over the catalogue, evaluated row by row.

use super::aggregate::{aggregates, sort_key};
use super::value::Value;
use crate::schema::catalogue::Ty;
use crate::schema::check::{Checked, Fault, column_name};
use crate::schema::replay::Session;
use crate::schema::sql::{Call, Expr, From, FromAlias, JoinKind, Query, QueryBody, Select, SetOp, Target};

/// A row: names and values.
pub(super) type Row = Vec<(String, Value)>;

/// Rows, of which there may be more that we don't know.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    pub(super) rows: Vec<Row>,
    pub(super) open: bool,
}

/// What names mean while an expression is evaluated.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope<'a> {
    /// The rows of this query's tables, by alias.
    pub(super) items: Vec<(String, Row)>,
    /// Whether a table is among them of whose columns nothing is known.
    pub(super) opaque: bool,
    /// Values with names.
    pub(super) variables: &'a [(String, Value, Ty)],
    /// `$1` …
    pub(super) params: &'a [Value],
    pub(super) outer: Option<&'a Scope<'a>>,
    pub(super) ctes: Vec<(String, Rows)>,
}

impl<'a> Scope<'a> {
    pub(super) fn inside(outer: &'a Self) -> Self {
        Scope { outer: Some(outer), variables: outer.variables, params: outer.params, ..Scope::default() }
    }

    pub(super) fn param(&self, n: usize) -> Value {
        n.checked_sub(1).and_then(|i| self.params.get(i)).cloned().unwrap_or(Value::Unknown)
    }

    pub(super) fn column(&self, parts: &[String]) -> Value {
        let mut scope = Some(self);
        while let Some(at) = scope {
            if let Some(value) = at.here(parts) {
                return value;
            }
            if at.opaque {
                return Value::Unknown;
            }
            scope = at.outer;
        }
        let variable =
            |name: &str| self.variables.iter().rev().find(|(n, ..)| n == name).map(|(_, v, _)| v.clone());
        match parts {
            [name] => variable(name).unwrap_or(Value::Unknown),
            [table, name] => match variable(table) {
                Some(Value::Row(fields)) => {
                    fields.into_iter().find(|(f, _)| f == name).map_or(Value::Unknown, |(_, v)| v)
                }
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }

    fn here(&self, parts: &[String]) -> Option<Value> {
        let in_row = |row: &Row, name: &str| row.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
        match parts {
            [name] => self.items.iter().find_map(|(_, row)| in_row(row, name)).or_else(|| {
                self.items.iter().find(|(alias, _)| alias == name).map(|(_, row)| Value::Row(row.clone()))
            }),
            [table, name] | [_, table, name] => {
                let (_, row) = self.items.iter().find(|(alias, _)| alias == table)?;
                Some(in_row(row, name).unwrap_or(Value::Unknown))
            }
            _ => None,
        }
    }

    fn cte(&self, name: &str) -> Option<&Rows> {
        let mut scope = Some(self);
        while let Some(at) = scope {
            if let Some((_, rows)) = at.ctes.iter().rev().find(|(n, _)| n == name) {
                return Some(rows);
            }
            scope = at.outer;
        }
        None
    }
}

/// One combination of rows, and whether it is certain to be there.
struct Combination {
    items: Vec<(String, Row)>,
}

impl Session {
    /// The rows of a query.
    pub(super) fn rows(&mut self, query: &Query, outer: &Scope<'_>) -> Checked<Rows> {
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.rows_here(query, outer))
    }

    /// Counts work, so that no script can ask for too much of it.
    pub(super) fn spend(&mut self, work: u64) -> Checked<()> {
        match self.budget.checked_sub(work) {
            Some(left) => {
                self.budget = left;
                Ok(())
            }
            None => Err(Fault::new("54000", "too much work")),
        }
    }

    fn rows_here(&mut self, query: &Query, outer: &Scope<'_>) -> Checked<Rows> {
        let mut scope = Scope::inside(outer);
        if query.recursive {
            return Ok(Rows { rows: Vec::new(), open: true });
        }
        for cte in &query.with {
            let mut rows = self.rows(&cte.query, &scope)?;
            for row in &mut rows.rows {
                for (column, name) in row.iter_mut().zip(&cte.columns) {
                    column.0.clone_from(name);
                }
            }
            scope.ctes.push((cte.name.clone(), rows));
        }
        let mut rows = match &query.body {
            QueryBody::Select(select) => self.select_rows(select, &scope, &query.order)?,
            QueryBody::Nested(inner) => self.rows(inner, &scope)?,
            QueryBody::Values(lists) => {
                let mut rows = Rows::default();
                for list in lists {
                    let mut row = Row::new();
                    for (i, e) in list.iter().enumerate() {
                        row.push((format!("column{}", i + 1), self.evaluate(e, &scope)?));
                    }
                    rows.rows.push(row);
                }
                rows
            }
            QueryBody::Set(SetOp::Union, a, b) => {
                let mut rows = self.rows(a, &scope)?;
                let more = self.rows(b, &scope)?;
                rows.open |= more.open;
                rows.rows.extend(more.rows);
                rows
            }
            QueryBody::Set(..) | QueryBody::Data(_) => Rows { rows: Vec::new(), open: true },
        };
        if let Some(limit) = query.limit.first() {
            match self.evaluate(limit, outer)?.number().and_then(|n| usize::try_from(n).ok()) {
                Some(limit) if query.limit.len() == 1 => rows.rows.truncate(limit),
                _ => rows.open = true,
            }
        }
        Ok(rows)
    }

    fn select_rows(&mut self, select: &Select, outer: &Scope<'_>, order: &[Expr]) -> Checked<Rows> {
        let mut found = vec![Combination { items: Vec::new() }];
        let mut open = false;
        let mut opaque = false;
        for from in &select.from {
            let (next, more, dark) = self.combine(found, from, outer)?;
            found = next;
            open |= more;
            opaque |= dark;
        }
        let mut kept: Vec<Vec<(String, Row)>> = Vec::new();
        for combination in found {
            self.spend(1)?;
            let scope = Scope { items: combination.items, opaque, ..Scope::inside(outer) };
            match &select.condition {
                None => kept.push(scope.items),
                Some(condition) => match self.evaluate(condition, &scope)?.truth() {
                    Ok(Some(true)) => kept.push(scope.items),
                    Ok(_) => {}
                    Err(()) => open = true,
                },
            }
        }
        if select.group.is_empty() && select.targets.iter().any(|t| aggregates(&t.expr)) {
            if open {
                return Ok(Rows { rows: Vec::new(), open: true });
            }
            let mut row = Row::new();
            for target in &select.targets {
                let value = self.aggregate(&target.expr, &kept, opaque, outer)?;
                row.push((name_of(target), value));
            }
            return Ok(Rows { rows: vec![row], open: false });
        }
        if !select.group.is_empty() {
            return Ok(Rows { rows: Vec::new(), open: open || !kept.is_empty() });
        }
        let mut rows: Vec<(Vec<Value>, Row)> = Vec::new();
        for items in kept {
            let scope = Scope { items, opaque, ..Scope::inside(outer) };
            let row = self.target_row(&select.targets, &scope)?;
            let mut keys = Vec::new();
            for e in order {
                let named = match e {
                    Expr::Column(parts) if parts.len() == 1 => {
                        row.iter().find(|(n, _)| Some(n) == parts.first()).map(|(_, v)| v.clone())
                    }
                    _ => None,
                };
                keys.push(match named {
                    Some(value) => value,
                    None => self.evaluate(e, &scope)?,
                });
            }
            rows.push((keys, row));
        }
        if !order.is_empty() {
            rows.sort_by_key(|(keys, _)| sort_key(keys));
        }
        let mut rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
        if select.distinct.is_some() {
            let mut seen: Vec<Row> = Vec::new();
            for row in rows {
                self.spend(seen.len() as u64)?;
                if !seen.contains(&row) {
                    seen.push(row);
                }
            }
            rows = seen;
        }
        Ok(Rows { rows, open })
    }

    fn target_row(&mut self, targets: &[Target], scope: &Scope<'_>) -> Checked<Row> {
        let mut row = Row::new();
        for target in targets {
            match &target.expr {
                Expr::Star(parts) => {
                    for (alias, columns) in &scope.items {
                        if parts.last().is_none_or(|table| table == alias) {
                            row.extend(columns.iter().cloned());
                        }
                    }
                }
                e => {
                    let value = self.evaluate(e, scope)?;
                    row.push((name_of(target), value));
                }
            }
        }
        Ok(row)
    }

    /// Each combination with each row of another table.
    fn combine(
        &mut self,
        found: Vec<Combination>,
        from: &From,
        outer: &Scope<'_>,
    ) -> Checked<(Vec<Combination>, bool, bool)> {
        let mut next = Vec::new();
        let (mut open, mut dark) = (false, false);
        if let From::Join { left, right, kind, on, using, natural, .. } = from {
            let (left, more, darker) = self.combine(found, left, outer)?;
            open |= more;
            dark |= darker;
            for combination in left {
                let single = vec![Combination { items: combination.items.clone() }];
                let (pairs, more, darker) = self.combine(single, right, outer)?;
                open |= more && *kind != JoinKind::Left;
                dark |= darker;
                let mut matched = false;
                let width = combination.items.len();
                for pair in pairs {
                    self.spend(1)?;
                    let scope = Scope { items: pair.items, opaque: dark, ..Scope::inside(outer) };
                    let holds = match on {
                        Some(on) => self.evaluate(on, &scope)?.truth(),
                        None => joined(&scope.items, width, using, *natural),
                    };
                    match holds {
                        Ok(Some(true)) => {
                            matched = true;
                            next.push(Combination { items: scope.items });
                        }
                        Ok(_) => {}
                        Err(()) => {
                            open |= *kind != JoinKind::Left;
                            dark |= *kind == JoinKind::Left;
                        }
                    }
                }
                if !matched && matches!(kind, JoinKind::Left | JoinKind::Full) {
                    next.push(combination);
                }
                open |= matches!(kind, JoinKind::Right | JoinKind::Full);
            }
            return Ok((next, open, dark));
        }
        for combination in found {
            let scope = Scope { items: combination.items.clone(), ..Scope::inside(outer) };
            let (alias, rows) = self.source_rows(from, &scope)?;
            match rows {
                None => {
                    open = true;
                    dark = true;
                }
                Some(rows) => {
                    open |= rows.open;
                    for row in rows.rows {
                        self.spend(1)?;
                        let mut items = combination.items.clone();
                        items.push((alias.clone(), row));
                        next.push(Combination { items });
                    }
                }
            }
        }
        Ok((next, open, dark))
    }

    /// The rows of a table, a subquery or a function. None: not known at all.
    fn source_rows(&mut self, from: &From, scope: &Scope<'_>) -> Checked<(String, Option<Rows>)> {
        Ok(match from {
            From::Table(name, alias) => {
                let shown = alias.name.clone().unwrap_or_else(|| name.name.clone());
                if name.schema.is_none()
                    && let Some(rows) = scope.cte(&name.name)
                {
                    return Ok((shown, Some(rows.clone())));
                }
                let rows = self.catalogue_rows(name).map(|rows| Rows { rows, open: false });
                (shown, rows.map(|rows| renamed(rows, alias)))
            }
            From::Query(query, alias, _) => {
                let rows = self.rows(query, scope)?;
                (alias.name.clone().unwrap_or_default(), Some(renamed(rows, alias)))
            }
            From::Functions(functions, alias, ordinality) => {
                let [(Expr::Call(call), _)] = functions.as_slice() else { return Ok((String::new(), None)) };
                let shown = alias.name.clone().unwrap_or_else(|| call.name.name.clone());
                let Some(rows) = self.function_rows(call, alias, scope)? else { return Ok((shown, None)) };
                let mut rows = renamed(rows, alias);
                if *ordinality {
                    for (i, row) in rows.rows.iter_mut().enumerate() {
                        let name =
                            alias.columns.get(row.len()).cloned().unwrap_or_else(|| "ordinality".to_owned());
                        row.push((name, i64::try_from(i + 1).map_or(Value::Unknown, Value::Int)));
                    }
                }
                (shown, Some(rows))
            }
            From::Join { .. } | From::Opaque(_) => (String::new(), None),
        })
    }

    fn function_rows(&mut self, call: &Call, alias: &FromAlias, scope: &Scope<'_>) -> Checked<Option<Rows>> {
        let mut args = Vec::new();
        for (_, arg) in &call.args {
            args.push(self.evaluate(arg, scope)?);
        }
        let column = alias.name.clone().unwrap_or_else(|| call.name.name.clone());
        let list = |items: &[Value]| -> Rows {
            Rows { rows: items.iter().map(|v| vec![(column.clone(), v.clone())]).collect(), open: false }
        };
        Ok(match (call.name.name.as_str(), args.as_slice()) {
            ("unnest", [Value::Array(items)]) => Some(list(items)),
            ("unnest", [Value::Text(text)]) => match super::value::array(text) {
                Value::Array(items) => Some(list(&items)),
                _ => None,
            },
            ("regexp_split_to_table" | "string_to_table", [Value::Text(text), Value::Text(by)])
                if !by.is_empty() && !by.contains(['\\', '[', '*', '+', '.']) =>
            {
                Some(list(&text.split(by.as_str()).map(Value::text).collect::<Vec<_>>()))
            }
            ("generate_series", [Value::Int(from), Value::Int(to)]) if to.saturating_sub(*from) < 10_000 => {
                Some(list(&(*from..=*to).map(Value::Int).collect::<Vec<_>>()))
            }
            ("pg_event_trigger_ddl_commands", []) => {
                let rows = self.commands.iter().map(|[tag, kind, schema, identity]| {
                    let text = |t: &String| Value::text(t.clone());
                    let name = identity.rsplit('.').next().unwrap_or_default().trim_matches('"');
                    let oid = self.cat.names.get(&(schema.clone(), name.to_owned())).copied().unwrap_or(0);
                    vec![
                        ("command_tag".to_owned(), text(tag)),
                        ("object_type".to_owned(), text(kind)),
                        ("schema_name".to_owned(), text(schema)),
                        ("object_identity".to_owned(), text(identity)),
                        ("objid".to_owned(), Value::Int(i64::from(oid))),
                        ("in_extension".to_owned(), Value::Bool(false)),
                    ]
                });
                Some(Rows { rows: rows.collect(), open: false })
            }
            _ => None,
        })
    }
}

/// Whether rows agree in the columns that a join names.
fn joined(
    items: &[(String, Row)],
    width: usize,
    using: &[String],
    natural: bool,
) -> Result<Option<bool>, ()> {
    if natural {
        return Err(());
    }
    let (left, right) = items.split_at(width.min(items.len()));
    let of = |items: &[(String, Row)], name: &str| {
        items.iter().find_map(|(_, row)| row.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()))
    };
    for name in using {
        match (of(left, name), of(right, name)) {
            (Some(a), Some(b)) => match super::value::equal(&a, &b)? {
                Some(true) => {}
                other => return Ok(other),
            },
            _ => return Err(()),
        }
    }
    Ok(Some(true))
}

fn renamed(mut rows: Rows, alias: &FromAlias) -> Rows {
    for row in &mut rows.rows {
        for (column, name) in row.iter_mut().zip(&alias.columns) {
            column.0.clone_from(name);
        }
    }
    rows
}

fn name_of(target: &Target) -> String {
    target.alias.clone().unwrap_or_else(|| column_name(&target.expr))
}
