//! What a query selects from.

use super::scope::Level;
use super::{Checked, Checker, Fault, Item, Output, columns};
use crate::schema::builtin;
use crate::schema::catalogue::{Dep, RelationKind, Ty};
use crate::schema::sql::{Expr, From, FromAlias, QName};

impl Checker<'_> {
    /// The items of a `from` list, which see those before them if they are lateral.
    pub(super) fn sources(&mut self, list: &[From]) -> Checked<Level> {
        let mut level = Level::default();
        for from in list {
            let items = self.source(from, &level.items)?;
            for item in items {
                let twice = level.items.iter().any(|other| {
                    other.alias == item.alias && !item.alias.is_empty() && (other.schema == item.schema)
                });
                if twice {
                    let alias = &item.alias;
                    return Err(Fault::new(
                        "42712",
                        format!("table name \"{alias}\" specified more than once"),
                    ));
                }
                level.items.push(item);
            }
        }
        Ok(level)
    }

    fn source(&mut self, from: &From, before: &[Item]) -> Checked<Vec<Item>> {
        Ok(match from {
            From::Table(name, alias) => vec![self.table(name, alias)?],
            From::Query(query, alias, lateral) => {
                let output = if *lateral {
                    self.levels.push(Level { items: before.to_vec() });
                    let output = self.query(query);
                    self.levels.pop();
                    output?
                } else {
                    self.query(query)?
                };
                vec![self.renamed(Item::derived(String::new(), output), alias)?]
            }
            From::Functions(functions, alias, ordinality) => {
                self.levels.push(Level { items: before.to_vec() });
                let mut output = Output::default();
                let mut name = String::new();
                let mut failed = None;
                for (function, types) in functions {
                    name = columns::column_name(function);
                    match self.function_output(function, types, alias) {
                        Ok(one) => {
                            output.open |= one.open;
                            output.columns.extend(one.columns);
                        }
                        Err(fault) => {
                            failed = Some(fault);
                            break;
                        }
                    }
                }
                self.levels.pop();
                if let Some(fault) = failed {
                    return Err(fault);
                }
                if *ordinality {
                    output.columns.push(("ordinality".to_owned(), Ty::INT8));
                }
                let scalar = functions.len() == 1 && output.columns.len() == 1 + usize::from(*ordinality);
                let row = match output.columns.first() {
                    Some((_, ty)) if scalar => *ty,
                    _ => Ty::ANY,
                };
                // The one column of a function that returns no row is named like its alias.
                if scalar
                    && alias.columns.is_empty()
                    && let Some(alias) = &alias.name
                    && let Some((column, _)) = output.columns.first_mut()
                    && *column == name
                {
                    column.clone_from(alias);
                }
                let mut item = Item::derived(name, output);
                item.row = row;
                vec![self.renamed(item, alias)?]
            }
            From::Opaque(alias) => {
                let output = Output { open: true, ..Output::default() };
                vec![self.renamed(Item::derived(String::new(), output), alias)?]
            }
            From::Join { left, right, natural, on, using, alias, .. } => {
                let mut items = self.source(left, before)?;
                let mut seen = before.to_vec();
                seen.extend(items.iter().cloned());
                let mut others = self.source(right, &seen)?;
                let shared: Vec<String> = if *natural {
                    let names = |items: &[Item]| -> Vec<String> {
                        items.iter().flat_map(|i| i.output.columns.iter().map(|(n, _)| n.clone())).collect()
                    };
                    let left_names = names(&items);
                    names(&others).into_iter().filter(|name| left_names.contains(name)).collect()
                } else {
                    using.clone()
                };
                for name in &shared {
                    let has = |items: &[Item]| {
                        items.iter().any(|i| i.output.open || i.output.columns.iter().any(|(n, _)| n == name))
                    };
                    if !has(&items) || !has(&others) {
                        let side = if has(&items) { "right" } else { "left" };
                        return Err(Fault::new(
                            "42703",
                            format!(
                                "column \"{name}\" specified in USING clause does not exist in {side} table"
                            ),
                        ));
                    }
                    for item in &mut others {
                        item.merged.push(name.clone());
                    }
                }
                for item in &others {
                    if !item.alias.is_empty()
                        && items.iter().any(|i| i.alias == item.alias && i.schema == item.schema)
                    {
                        let alias = &item.alias;
                        return Err(Fault::new(
                            "42712",
                            format!("table name \"{alias}\" specified more than once"),
                        ));
                    }
                }
                items.append(&mut others);
                if let Some(on) = on {
                    // Of the tables before, only lateral references are allowed; none are told apart here.
                    self.levels.push(Level { items: items.clone() });
                    let checked = self.condition(on);
                    self.levels.pop();
                    checked?;
                }
                if alias.name.is_some() {
                    let mut output = Output::default();
                    for item in &items {
                        output.open |= item.output.open;
                        output.columns.extend(
                            item.output.columns.iter().filter(|(n, _)| !item.merged.contains(n)).cloned(),
                        );
                    }
                    return Ok(vec![self.renamed(Item::derived(String::new(), output), alias)?]);
                }
                items
            }
        })
    }

    fn table(&mut self, name: &QName, alias: &FromAlias) -> Checked<Item> {
        if name.schema.is_none()
            && let Some((_, output)) = self.ctes.iter().rev().find(|(cte, _)| *cte == name.name)
        {
            let item = Item::derived(name.name.clone(), output.clone());
            return self.renamed(item, alias);
        }
        if let Some(relation) = self.cat.relation(name, self.path)
            && !matches!(relation.kind, RelationKind::Composite)
        {
            self.deps.insert(Dep::Relation(relation.oid));
            return self.renamed(Item::relation(relation), alias);
        }
        if let Some(builtin) = builtin::relation(name.schema.as_deref(), &name.name) {
            let output = Output {
                columns: builtin.columns.iter().map(|(n, ty)| ((*n).to_owned(), *ty)).collect(),
                open: false,
            };
            let mut item = Item::derived(name.name.clone(), output);
            item.schema = Some(builtin.schema.to_owned());
            return self.renamed(item, alias);
        }
        let system = matches!(name.schema.as_deref(), Some("pg_catalog" | "information_schema"))
            || name.schema.is_none() && name.name.starts_with("pg_stat");
        if system {
            let output = Output { open: true, ..Output::default() };
            return self.renamed(Item::derived(name.name.clone(), output), alias);
        }
        Err(Fault::new("42P01", format!("relation \"{name}\" does not exist")))
    }

    fn renamed(&self, mut item: Item, alias: &FromAlias) -> Checked<Item> {
        if let Some(name) = &alias.name {
            item.alias.clone_from(name);
            item.schema = None;
        }
        if alias.types.is_empty() {
            if alias.columns.len() > item.output.columns.len() && !item.output.open {
                let (has, given) = (item.output.columns.len(), alias.columns.len());
                return Err(Fault::new(
                    "42P10",
                    format!(
                        "table \"{}\" has {has} columns available but {given} columns specified",
                        item.alias
                    ),
                ));
            }
            if !alias.columns.is_empty() && !item.output.open {
                item.renamed = item.output.columns.iter().map(|(name, _)| name.clone()).collect();
            }
            for (i, name) in alias.columns.iter().enumerate() {
                match item.output.columns.get_mut(i) {
                    Some((column, _)) => column.clone_from(name),
                    None => item.output.columns.push((name.clone(), Ty::ANY)),
                }
            }
        }
        Ok(item)
    }

    /// The columns of a function's rows.
    fn function_output(
        &mut self,
        function: &Expr,
        types: &[(String, crate::schema::sql::TypeName)],
        alias: &FromAlias,
    ) -> Checked<Output> {
        let mut defined = Vec::new();
        for (name, ty) in types {
            defined.push((name.clone(), self.type_of(ty)?));
        }
        for (name, ty) in alias.columns.iter().zip(&alias.types) {
            defined.push((name.clone(), self.type_of(ty)?));
        }
        let name = columns::column_name(function);
        let Expr::Call(call) = function else {
            let ty = self.expr(function)?.ty;
            return Ok(Output { columns: vec![(name, ty)], open: false });
        };
        let builtin_columns: Option<Vec<(String, Ty)>> = builtin::functions_named(&call.name.name)
            .iter()
            .filter(|f| f.columns.len() > 1 && call.name.schema.as_deref().is_none_or(|s| s == "pg_catalog"))
            .find(|f| f.args.len() == call.args.len() || f.defaults > 0 || f.variadic)
            .map(|f| f.columns.iter().map(|(n, ty)| ((*n).to_owned(), *ty)).collect());
        let special =
            matches!(call.name.name.as_str(), "coalesce" | "greatest" | "least" | "nullif" | "%special");
        let called = if special && call.name.schema.is_none() {
            super::call::Called { ty: self.expr(function)?.ty, made: None }
        } else {
            self.called(call)?
        };
        if !defined.is_empty() {
            return Ok(Output { columns: defined, open: false });
        }
        if let Some(made) = called.made {
            let out: Vec<(String, Ty)> =
                made.params.iter().filter(|p| p.out).map(|p| (p.name.clone(), p.ty)).collect();
            if !out.is_empty() {
                let single = out.len() == 1;
                let columns =
                    out.into_iter().map(|(n, ty)| if n.is_empty() { (name.clone(), ty) } else { (n, ty) });
                let _ = single;
                return Ok(Output { columns: columns.collect(), open: false });
            }
        } else if let Some(columns) = builtin_columns {
            if call.name.name == "unnest" || columns.is_empty() {
                return Ok(Output { columns: vec![(name, called.ty)], open: false });
            }
            return Ok(Output { columns, open: false });
        } else {
            // Names of a single result: `value` of `jsonb_array_elements`.
            let single = builtin::functions_named(&call.name.name).iter().find(|f| f.columns.len() == 1);
            if let Some((column, ty)) = single.and_then(|f| f.columns.first()) {
                return Ok(Output { columns: vec![((*column).to_owned(), *ty)], open: false });
            }
        }
        if call.name.name == "unnest" && call.args.len() > 1 {
            return Ok(Output { columns: vec![(name, Ty::ANY); call.args.len()], open: false });
        }
        if let Some(row) = self.cat.row_of(called.ty) {
            self.deps.insert(Dep::Relation(row.oid));
            let columns = row.columns.iter().map(|c| (c.name.clone(), c.ty)).collect();
            return Ok(Output { columns, open: false });
        }
        if called.ty == Ty::RECORD {
            if called.made.is_some() || call.name.name.contains("to_record") {
                return Err(Fault::new(
                    "42601",
                    "a column definition list is required for functions returning \"record\"",
                ));
            }
            return Ok(Output { columns: Vec::new(), open: true });
        }
        if called.ty.is_any() {
            let open = called.made.is_none() && !builtin::all_named(&call.name.name);
            return Ok(Output { columns: vec![(name, Ty::ANY)], open });
        }
        Ok(Output { columns: vec![(name, called.ty)], open: false })
    }
}
