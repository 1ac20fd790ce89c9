//! Queries (`analyze.c`, `parse_cte.c`).

use super::scope::Level;
use super::{Checked, Checker, Context, Fault, Item, Output, Value, columns};
use crate::schema::catalogue::Ty;
use crate::schema::sql::{DataKind, DataStatement, Expr, Query, QueryBody, Select};

impl Checker<'_> {
    /// The columns that a query gives.
    pub fn query(&mut self, query: &Query) -> Checked<Output> {
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.query_here(query))
    }

    fn query_here(&mut self, query: &Query) -> Checked<Output> {
        let before = self.ctes.len();
        let depth = self.levels.len();
        let output = self.with_ctes(query);
        self.ctes.truncate(before);
        self.levels.truncate(depth);
        output
    }

    fn with_ctes(&mut self, query: &Query) -> Checked<Output> {
        if query.recursive {
            // Each sees all of them. What a recursive one gives is what its first part gives.
            for cte in &query.with {
                let placeholder = Output { columns: named(&cte.columns), open: cte.columns.is_empty() };
                self.ctes.push((cte.name.clone(), placeholder));
            }
        }
        for cte in &query.with {
            if query.recursive
                && let QueryBody::Set(_, left, _) = &cte.query.body
                && let Ok(first) = self.query(left)
            {
                let first = self.cte_output(first, &cte.columns)?;
                self.ctes.push((cte.name.clone(), first));
            }
            let output = self.query(&cte.query)?;
            let output = self.cte_output(output, &cte.columns)?;
            self.ctes.push((cte.name.clone(), output));
        }
        let output = match &query.body {
            QueryBody::Select(select) => self.select(select, &query.order)?,
            QueryBody::Nested(inner) => {
                let output = self.query(inner)?;
                self.order_by_output(&query.order, &output)?;
                output
            }
            QueryBody::Values(rows) => self.values(rows)?,
            QueryBody::Set(_, left, right) => {
                let (a, b) = (self.query(left)?, self.query(right)?);
                let output = self.union(a, b)?;
                self.order_by_output(&query.order, &output)?;
                output
            }
            QueryBody::Data(data) => self.data(data)?,
        };
        for limit in &query.limit {
            self.levels.push(Level::default());
            let value = self.expr(limit);
            self.levels.pop();
            value?;
        }
        Ok(output)
    }

    fn cte_output(&self, mut output: Output, names: &[String]) -> Checked<Output> {
        if names.len() > output.columns.len() && !output.open {
            return Err(Fault::new("42P10", "WITH query has too few columns for its names"));
        }
        for (column, name) in output.columns.iter_mut().zip(names) {
            column.0.clone_from(name);
        }
        for column in &mut output.columns {
            if column.1 == Ty::UNKNOWN {
                column.1 = Ty::TEXT;
            }
        }
        Ok(output)
    }

    fn values(&mut self, rows: &[Vec<Expr>]) -> Checked<Output> {
        let mut output = Output::default();
        let width = rows.first().map_or(0, Vec::len);
        let mut values: Vec<Vec<Value>> = vec![Vec::new(); width];
        for row in rows {
            if row.len() != width {
                return Err(Fault::new("42601", "VALUES lists must all be the same length"));
            }
            for (slot, e) in values.iter_mut().zip(row) {
                slot.push(self.expr(e)?);
            }
        }
        for (i, column) in values.iter().enumerate() {
            let ty = self.common(column, "VALUES")?;
            output.columns.push((format!("column{}", i + 1), ty));
        }
        Ok(output)
    }

    fn union(&mut self, a: Output, b: Output) -> Checked<Output> {
        if a.open || b.open {
            return Ok(Output { open: true, ..a });
        }
        if a.columns.len() != b.columns.len() {
            return Err(Fault::new("42601", "each UNION query must have the same number of columns"));
        }
        let mut output = Output::default();
        for ((name, left), (_, right)) in a.columns.into_iter().zip(b.columns) {
            let ty = self.common(&[left.into(), right.into()], "UNION")?;
            output.columns.push((name, ty));
        }
        Ok(output)
    }

    fn order_by_output(&mut self, order: &[Expr], output: &Output) -> Checked<()> {
        for e in order {
            match e {
                Expr::Column(parts) if parts.len() == 1 => {
                    let name = parts.first().map(String::as_str).unwrap_or_default();
                    if !output.open && !output.columns.iter().any(|(n, _)| n == name) {
                        return Err(Fault::new("42703", format!("column \"{name}\" does not exist")));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn select(&mut self, select: &Select, order: &[Expr]) -> Checked<Output> {
        let outer = std::mem::take(&mut self.aggregate);
        let level = self.sources(&select.from)?;
        self.levels.push(level);
        let mut output = Output::default();
        for target in &select.targets {
            match &target.expr {
                Expr::Star(parts) => {
                    if parts.is_empty() && select.from.is_empty() {
                        return Err(Fault::new("42601", "SELECT * with no tables specified is not valid"));
                    }
                    let star = self.star(parts)?;
                    output.open |= star.open;
                    output.columns.extend(star.columns);
                }
                Expr::FieldStar(inner) => {
                    let value = self.expr(inner)?;
                    match self.cat.row_of(self.cat.base(value.ty)) {
                        Some(row) => {
                            output.columns.extend(row.columns.iter().map(|c| (c.name.clone(), c.ty)));
                        }
                        None => output.open = true,
                    }
                }
                e => {
                    let value = self.expr(e)?;
                    let name = target.alias.clone().unwrap_or_else(|| columns::column_name(e));
                    output.columns.push((name, value.ty));
                }
            }
        }
        let aggregates = self.aggregate;
        if let Some(condition) = &select.condition {
            self.condition(condition)?;
        }
        self.group(select, &output)?;
        if let Some(having) = &select.having {
            self.condition(having)?;
        }
        for e in select.windows.iter().chain(select.distinct.iter().flatten()) {
            self.order_item(e, &output)?;
        }
        for e in order {
            self.order_item(e, &output)?;
        }
        if let Some(fault) = self.ungrouped(select, aggregates) {
            return Err(fault);
        }
        self.levels.pop();
        self.aggregate = outer;
        Ok(output)
    }

    /// A name in `order by` is that of a column of the result first.
    fn order_item(&mut self, e: &Expr, output: &Output) -> Checked<()> {
        if let Expr::Column(parts) = e
            && let [name] = parts.as_slice()
            && output.columns.iter().any(|(n, _)| n == name)
        {
            return Ok(());
        }
        self.expr(e).map(|_| ())
    }

    /// A name in `group by` is that of a column of the tables first.
    fn group(&mut self, select: &Select, output: &Output) -> Checked<()> {
        for e in &select.group {
            let checked = self.expr(e);
            if let Expr::Column(parts) = e
                && let [name] = parts.as_slice()
                && checked.is_err()
                && output.columns.iter().any(|(n, _)| n == name)
            {
                continue;
            }
            if matches!(e, Expr::Number(_)) {
                continue;
            }
            checked?;
        }
        Ok(())
    }

    /// `insert`, `update`, `delete`: what they name must be there.
    pub fn data(&mut self, data: &DataStatement) -> Checked<Output> {
        let depth = self.levels.len();
        let before = self.ctes.len();
        let output = self.data_here(data);
        self.levels.truncate(depth);
        self.ctes.truncate(before);
        output
    }

    fn data_here(&mut self, data: &DataStatement) -> Checked<Output> {
        for cte in &data.with {
            let output = self.query(&cte.query)?;
            let output = self.cte_output(output, &cte.columns)?;
            self.ctes.push((cte.name.clone(), output));
        }
        if data.kind == DataKind::Merge {
            return Ok(Output { open: true, ..Output::default() });
        }
        let Some(relation) = self.cat.relation(&data.table, self.path) else {
            return Err(Fault::new("42P01", format!("relation \"{}\" does not exist", data.table)));
        };
        let mut item = Item::relation(relation);
        let missing = |name: &str| {
            Fault::new("42703", format!("column \"{name}\" of relation \"{}\" does not exist", relation.name))
        };
        let known = |name: &str| relation.column(name).ok_or_else(|| missing(name));
        if let Some(alias) = &data.alias {
            item.alias.clone_from(alias);
            item.schema = None;
        }
        let mut targets = Vec::new();
        for name in &data.columns {
            targets.push(known(name)?);
        }
        if let Some(source) = &data.source {
            self.insert_source(source, &targets, relation)?;
        }
        let mut level = self.sources(&data.from)?;
        level.items.insert(0, item.clone());
        if let Some(conflict) = &data.on_conflict {
            level.items.push(Item {
                alias: "excluded".to_owned(),
                schema: None,
                merged: item.output.columns.iter().map(|(n, _)| n.clone()).collect(),
                ..item
            });
            self.levels.push(level);
            for e in &conflict.target {
                self.expr(e)?;
            }
            self.conflict(conflict, relation)?;
            for (name, e) in &conflict.update {
                let column = known(name)?;
                let value = self.expr(e)?;
                self.assign(&value, column.ty, name)?;
            }
        } else {
            self.levels.push(level);
        }
        for (name, e) in &data.set {
            let column = known(name)?;
            if matches!(e, Expr::Default | Expr::Subquery(_)) {
                if let Expr::Subquery(query) = e {
                    self.query(query)?;
                }
                continue;
            }
            let value = self.expr(e)?;
            self.assign(&value, column.ty, name)?;
        }
        if let Some(condition) = &data.condition {
            self.condition(condition)?;
        }
        let mut output = Output::default();
        for target in &data.returning {
            match &target.expr {
                Expr::Star(parts) => {
                    let star = self.star(parts)?;
                    output.columns.extend(star.columns);
                }
                e => {
                    let value = self.expr(e)?;
                    let name = target.alias.clone().unwrap_or_else(|| columns::column_name(e));
                    output.columns.push((name, value.ty));
                }
            }
        }
        Ok(output)
    }

    fn assign(&mut self, value: &Value, to: Ty, name: &str) -> Checked<()> {
        self.require(value, to, Context::Assignment).map_err(|fault| match fault.code {
            "42846" => {
                let (from, to) = (self.cat.type_text(value.ty), self.cat.type_text(to));
                Fault::new(
                    "42804",
                    format!("column \"{name}\" is of type {to} but expression is of type {from}"),
                )
            }
            _ => fault,
        })
    }
}

fn named(names: &[String]) -> Vec<(String, Ty)> {
    names.iter().map(|name| (name.clone(), Ty::ANY)).collect()
}
