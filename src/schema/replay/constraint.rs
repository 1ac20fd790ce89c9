//! Constraints and indexes.

use std::sync::Arc;

use super::Session;
use crate::schema::catalogue::{
    Constraint as Made, ConstraintKind as MadeKind, Dep, Index, IndexKey, Oid, Relation, RelationKind, Ty,
};
use crate::schema::check::{Checked, Context, Fault, Item};
use crate::schema::sql::{Constraint, ConstraintKind, CreateIndex, Expr, ForeignKey, IndexItem};

impl Session {
    /// Adds a constraint to a table.
    pub(super) fn add_constraint(
        &mut self,
        oid: Oid,
        constraint: &Constraint,
        creating: bool,
    ) -> Checked<()> {
        let Some(relation) = self.cat.relations.get(&oid) else { return Ok(()) };
        let (schema, table) = (relation.schema.clone(), relation.name.clone());
        let keyed = matches!(
            constraint.kind,
            ConstraintKind::Primary(_, None) | ConstraintKind::Unique(_, None) | ConstraintKind::Exclude(..)
        );
        if let Some(name) = &constraint.name
            && !keyed
            && relation.constraints.iter().any(|c| c.name == *name)
        {
            return Err(Fault::new(
                "42710",
                format!("constraint \"{name}\" for relation \"{table}\" already exists"),
            ));
        }
        let made = match &constraint.kind {
            ConstraintKind::NotNull(_) => return Ok(()),
            ConstraintKind::Check(e) => {
                let (value, deps, _) = self.table_expr(oid, e, "check constraint")?;
                self.checker().require(&value, Ty::BOOL, Context::Assignment).map_err(|_| {
                    let ty = self.cat.type_text(value.ty);
                    Fault::new("42804", format!("argument of CHECK must be type boolean, not type {ty}"))
                })?;
                let columns: Vec<&String> = deps
                    .iter()
                    .filter_map(|dep| match dep {
                        Dep::Column(table, column) if *table == oid => Some(column),
                        _ => None,
                    })
                    .collect();
                let second = if let [only] = columns.as_slice() { only.as_str() } else { "" };
                let name = match &constraint.name {
                    Some(name) => name.clone(),
                    None => self.free_constraint_name(&schema, &table, second, "check", &[]),
                };
                Made { name, kind: MadeKind::Check(Arc::new(e.clone())), deps, place: self.place }
            }
            ConstraintKind::Primary(columns, using) => {
                if relation.constraints.iter().any(|c| matches!(c.kind, MadeKind::Primary { .. })) {
                    return Err(Fault::new(
                        "42P16",
                        format!("multiple primary keys for table \"{table}\" are not allowed"),
                    ));
                }
                let (name, index, columns) =
                    self.key(oid, constraint.name.as_deref(), columns, using.as_deref(), true)?;
                if let Some(relation) = self.cat.relations.get_mut(&oid) {
                    for column in relation.columns.iter_mut().filter(|c| columns.contains(&c.name)) {
                        column.not_null = true;
                    }
                }
                Made { name, kind: MadeKind::Primary { columns, index }, deps: Vec::new(), place: self.place }
            }
            ConstraintKind::Unique(columns, using) => {
                let (name, index, columns) =
                    self.key(oid, constraint.name.as_deref(), columns, using.as_deref(), false)?;
                Made { name, kind: MadeKind::Unique { columns, index }, deps: Vec::new(), place: self.place }
            }
            ConstraintKind::Exclude(items, method) => {
                let method = method.clone().unwrap_or_else(|| "gist".to_owned());
                let (keys, deps) = self.index_keys(oid, items, &method)?;
                let second = Self::index_columns(&keys);
                let name = match &constraint.name {
                    Some(name) => {
                        self.name_is_free(&schema, name, false)?;
                        name.clone()
                    }
                    None => self.free_relation_name(&schema, &table, &second, "excl"),
                };
                let index = self.put_index(oid, &name, keys, deps, &method, false, false, true);
                Made { name, kind: MadeKind::Exclude { index }, deps: Vec::new(), place: self.place }
            }
            ConstraintKind::Foreign(key) => {
                self.foreign_key(oid, constraint.name.as_deref(), key, creating)?
            }
        };
        if let Some(relation) = self.cat.relations.get_mut(&oid) {
            relation.constraints.push(made);
        }
        Ok(())
    }

    /// A primary or unique key, with its index.
    fn key(
        &mut self,
        oid: Oid,
        name: Option<&str>,
        columns: &[String],
        using: Option<&str>,
        primary: bool,
    ) -> Checked<(String, Oid, Vec<String>)> {
        let Some(relation) = self.cat.relations.get(&oid).cloned() else {
            return Err(Fault::new("42P01", "relation does not exist"));
        };
        if let Some(using) = using {
            let Some(index) = self.index_oid(&relation.schema, using) else {
                return Err(Fault::new("42704", format!("index \"{using}\" does not exist")));
            };
            let new_name = name.unwrap_or(using).to_owned();
            let columns: Vec<String> = match self.cat.indexes.get(&index) {
                Some(index) => index.keys.iter().filter_map(|k| k.column.clone()).collect(),
                None => Vec::new(),
            };
            if new_name != using {
                self.cat.names.remove(&(relation.schema.clone(), using.to_owned()));
                self.cat.names.insert((relation.schema.clone(), new_name.clone()), index);
            }
            if let Some(index) = self.cat.indexes.get_mut(&index) {
                index.name.clone_from(&new_name);
                index.constraint = true;
                index.primary = primary;
            }
            return Ok((new_name, index, columns));
        }
        for (i, column) in columns.iter().enumerate() {
            if relation.column(column).is_none() {
                return Err(Fault::new("42703", format!("column \"{column}\" named in key does not exist")));
            }
            if columns.iter().take(i).any(|other| other == column) {
                let what = if primary { "primary key" } else { "unique" };
                return Err(Fault::new(
                    "42701",
                    format!("column \"{column}\" appears twice in {what} constraint"),
                ));
            }
        }
        let keys: Vec<IndexKey> =
            columns.iter().map(|c| IndexKey { column: Some(c.clone()), text: String::new() }).collect();
        for column in columns {
            if let Some(column) = relation.column(column) {
                self.orderable(column.ty, "btree")?;
            }
        }
        let new_name = match name {
            Some(name) => {
                self.name_is_free(&relation.schema, name, false)?;
                name.to_owned()
            }
            None if primary => self.free_relation_name(&relation.schema, &relation.name, "", "pkey"),
            None => {
                let second = Self::index_columns(&keys);
                self.free_relation_name(&relation.schema, &relation.name, &second, "key")
            }
        };
        let index = self.put_index(oid, &new_name, keys, Vec::new(), "btree", true, primary, true);
        Ok((new_name, index, columns.to_vec()))
    }

    #[allow(clippy::too_many_arguments, reason = "an index has so many traits")]
    fn put_index(
        &mut self,
        table: Oid,
        name: &str,
        keys: Vec<IndexKey>,
        deps: Vec<Dep>,
        method: &str,
        unique: bool,
        primary: bool,
        constraint: bool,
    ) -> Oid {
        let oid = self.cat.new_oid();
        let schema = self.cat.relations.get(&table).map(|r| r.schema.clone()).unwrap_or_default();
        let place = self.place;
        self.cat.add_index(Index {
            oid,
            schema,
            name: name.to_owned(),
            table,
            unique,
            primary,
            constraint,
            method: method.to_owned(),
            keys,
            include: Vec::new(),
            condition: String::new(),
            deps,
            place,
        });
        oid
    }

    /// That a type can be a key of such an index by default.
    fn orderable(&self, ty: Ty, method: &str) -> Checked<()> {
        let base = self.cat.base(ty);
        let name = crate::schema::builtin::types().name(base.id);
        let never = !base.array
            && matches!(
                name,
                "json" | "xml" | "point" | "box" | "polygon" | "circle" | "line" | "path" | "lseg"
            );
        if never && method == "btree" && !self.cat.types.contains(&base.id) {
            return Err(Fault::new(
                "42704",
                format!("data type {name} has no default operator class for access method \"btree\""),
            ));
        }
        if method == "gin"
            && !base.array
            && !self.cat.types.contains(&base.id)
            && !base.is_any()
            && !matches!(name, "jsonb" | "tsvector")
        {
            let has = self.cat.extensions.contains("btree_gin");
            if !has {
                let text = self.cat.type_text(ty);
                return Err(Fault::new(
                    "42704",
                    format!("data type {text} has no default operator class for access method \"gin\""),
                ));
            }
        }
        if method == "gist" && !base.array && !self.cat.types.contains(&base.id) && !base.is_any() {
            let fits = matches!(name, "point" | "box" | "polygon" | "circle" | "tsvector" | "tsquery")
                || self.cat.category(base).0 == 'R'
                || self.cat.extensions.contains("btree_gist");
            if !fits {
                let text = self.cat.type_text(ty);
                return Err(Fault::new(
                    "42704",
                    format!("data type {text} has no default operator class for access method \"gist\""),
                ));
            }
        }
        Ok(())
    }

    fn foreign_key(
        &mut self,
        oid: Oid,
        name: Option<&str>,
        key: &ForeignKey,
        _creating: bool,
    ) -> Checked<Made> {
        let Some(relation) = self.cat.relations.get(&oid) else {
            return Err(Fault::new("42P01", "relation does not exist"));
        };
        let target = self.existing(&key.table)?;
        if !matches!(target.kind, RelationKind::Table | RelationKind::Partitioned) {
            return Err(Fault::new(
                "42809",
                format!("referenced relation \"{}\" is not a table", target.name),
            ));
        }
        let missing = |column: &str| {
            Fault::new(
                "42703",
                format!("column \"{column}\" referenced in foreign key constraint does not exist"),
            )
        };
        let mut types = Vec::new();
        for column in &key.columns {
            types.push(relation.column(column).ok_or_else(|| missing(column))?.ty);
        }
        let columns: Vec<String> = if key.target.is_empty() {
            let primary = target.constraints.iter().find_map(|c| match &c.kind {
                MadeKind::Primary { columns, .. } => Some(columns.clone()),
                _ => None,
            });
            primary.ok_or_else(|| {
                Fault::new(
                    "42704",
                    format!("there is no primary key for referenced table \"{}\"", target.name),
                )
            })?
        } else {
            key.target.clone()
        };
        let mut target_types = Vec::new();
        for column in &columns {
            target_types.push(target.column(column).ok_or_else(|| missing(column))?.ty);
        }
        if columns.len() != types.len() {
            return Err(Fault::new(
                "42830",
                "number of referencing and referenced columns for foreign key disagree",
            ));
        }
        let index = self
            .cat
            .indexes_of(target.oid)
            .filter(|index| index.unique && index.condition.is_empty() && index.keys.len() == columns.len())
            .find(|index| {
                index.keys.iter().all(|key| key.column.as_ref().is_some_and(|c| columns.contains(c)))
            })
            .map(|index| index.oid)
            .ok_or_else(|| {
                Fault::new(
                    "42830",
                    format!(
                        "there is no unique constraint matching given keys for referenced table \"{}\"",
                        target.name
                    ),
                )
            })?;
        let names = format!("\"{}\"", key.columns.join("\", \""));
        for (from, to) in types.iter().zip(&target_types) {
            let mut checker = self.checker();
            checker.comparable(*to, *from).map_err(|_| {
                Fault::new(
                    "42804",
                    format!("foreign key constraint on {names} cannot be implemented: incompatible types"),
                )
            })?;
        }
        let made_name = match name {
            Some(name) => name.to_owned(),
            None => {
                let second = key.columns.join("_");
                self.free_constraint_name(&relation.schema, &relation.name, &second, "fkey", &[])
            }
        };
        Ok(Made {
            name: made_name,
            kind: MadeKind::Foreign {
                columns: key.columns.clone(),
                table: target.oid,
                target: columns,
                index,
                on_delete: key.on_delete.clone(),
            },
            deps: Vec::new(),
            place: self.place,
        })
    }

    /// The keys of an index, and what their expressions can't do without.
    fn index_keys(&self, oid: Oid, items: &[IndexItem], method: &str) -> Checked<(Vec<IndexKey>, Vec<Dep>)> {
        let mut keys = Vec::new();
        let mut deps = Vec::new();
        for item in items {
            let (value, needed, mutable) = self.table_expr(oid, &item.expr, "index")?;
            if mutable {
                return Err(Fault::new("42P17", "functions in index expression must be marked IMMUTABLE"));
            }
            let class = item.op_class.as_ref().map(|c| c.name.clone()).unwrap_or_default();
            match &item.op_class {
                None => self.orderable(value.ty, method)?,
                Some(class) if class.name.contains("trgm") && !self.cat.extensions.contains("pg_trgm") => {
                    return Err(Fault::new(
                        "42704",
                        format!("operator class \"{class}\" does not exist for access method \"{method}\""),
                    ));
                }
                Some(class) if class.name.contains("trgm") => {
                    let text = self.cat.category(self.cat.base(value.ty)).0 == 'S' || value.ty.is_any();
                    if !text {
                        let ty = self.cat.type_text(value.ty);
                        return Err(Fault::new(
                            "42804",
                            format!("operator class \"{class}\" does not accept data type {ty}"),
                        ));
                    }
                }
                Some(_) => {}
            }
            let order = if class.is_empty() { item.order.clone() } else { format!("{class} {}", item.order) };
            match &item.expr {
                Expr::Column(parts) => {
                    keys.push(IndexKey { column: parts.last().cloned(), text: order.trim().to_owned() });
                }
                e => keys.push(IndexKey { column: None, text: expression_name(e, &order) }),
            }
            deps.extend(needed);
        }
        Ok((keys, deps))
    }

    /// `create index`
    pub(super) fn create_index(&mut self, it: &CreateIndex) -> Checked<()> {
        let relation: Relation = self.existing(&it.table)?.clone();
        let indexable = matches!(
            relation.kind,
            RelationKind::Table | RelationKind::Partitioned | RelationKind::MaterializedView
        );
        if !indexable {
            return Err(Fault::new(
                "42809",
                format!("cannot create index on relation \"{}\"", relation.name),
            ));
        }
        if let Some(name) = &it.name
            && self.cat.names.contains(&(relation.schema.clone(), name.name.clone()))
        {
            if it.if_not_exists {
                return Ok(());
            }
            return Err(Fault::new("42P07", format!("relation \"{}\" already exists", name.name)));
        }
        let method = it.method.clone().unwrap_or_else(|| "btree".to_owned());
        if !matches!(method.as_str(), "btree" | "hash" | "gin" | "gist" | "spgist" | "brin" | "rtree") {
            let of_extension = self.cat.extensions.contains("vector")
                && matches!(method.as_str(), "hnsw" | "ivfflat")
                || matches!(method.as_str(), "bloom" | "rum" | "pgroonga")
                    && self.cat.extensions.contains(method.as_str());
            if !of_extension {
                return Err(Fault::new("42704", format!("access method \"{method}\" does not exist")));
            }
        }
        let (keys, mut deps) = self.index_keys(relation.oid, &it.items, &method)?;
        if let Some(condition) = &it.condition {
            let (value, needed, mutable) = self.table_expr(relation.oid, condition, "index predicate")?;
            self.checker().require(&value, Ty::BOOL, Context::Assignment)?;
            if mutable {
                return Err(Fault::new("42P17", "functions in index predicate must be marked IMMUTABLE"));
            }
            deps.extend(needed);
        }
        let mut include = Vec::new();
        for e in &it.include {
            self.table_expr(relation.oid, e, "index")?;
            if let Expr::Column(parts) = e {
                include.extend(parts.last().cloned());
            }
        }
        self.guarded(&relation.schema, "must be owner of table")?;
        let name = match &it.name {
            Some(name) => name.name.clone(),
            None => {
                let second = Self::index_columns(&keys);
                self.free_relation_name(&relation.schema, &relation.name, &second, "idx")
            }
        };
        let oid = self.put_index(relation.oid, &name, keys, deps, &method, it.unique, false, false);
        if let Some(index) = self.cat.indexes.get_mut(&oid) {
            index.include = include;
            index.condition = it.condition_text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        Ok(())
    }

    /// Checks what refers to a column's old type against the new one.
    pub(super) fn sees(&self, relation: &Relation) -> Item {
        Item::relation(relation)
    }
}

/// What an expression of an index is called: its function, else `expr`.
fn expression_name(e: &Expr, order: &str) -> String {
    match e {
        Expr::Call(call) => format!("{}({e:?}){order}", call.name.name),
        Expr::Row(items) => match items.as_slice() {
            [only] => expression_name(only, order),
            _ => format!("{e:?}{order}"),
        },
        _ => format!("{e:?}{order}"),
    }
}
