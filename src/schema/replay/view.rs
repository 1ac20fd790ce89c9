//! Views.

use std::sync::Arc;

use super::Session;
use crate::schema::catalogue::{Column, Dep, Relation, RelationKind, Ty};
use crate::schema::check::{Checked, Fault};
use crate::schema::sql::{CreateView, Query, QueryBody};

impl Session {
    /// `create view`, `create materialized view`
    pub(super) fn create_view(&mut self, it: &CreateView) -> Checked<()> {
        let schema = self.target_schema(&it.name, it.temporary)?;
        let key = (schema.clone(), it.name.name.clone());
        let before = self.cat.names.get(&key).copied();
        if it.if_not_exists && before.is_some() {
            return Ok(());
        }
        let query = if it.recursive { recursive(it) } else { it.query.clone() };
        if let QueryBody::Select(select) = &query.body
            && select.into.is_some()
        {
            return Err(Fault::new("0A000", "views must not contain SELECT INTO"));
        }
        let (columns, deps, open) = self.query_columns(&query, &it.columns)?;
        self.guarded(&schema, "permission denied for schema")?;
        let replaced = match before.and_then(|oid| self.cat.relations.get(&oid)).cloned() {
            Some(old) if it.or_replace && old.kind == RelationKind::View => {
                if !open {
                    self.compatible(&old, &columns)?;
                }
                Some(old)
            }
            Some(old) if it.or_replace => {
                return Err(Fault::new("42809", format!("\"{}\" is not a view", old.name)));
            }
            _ => {
                self.name_is_free(&schema, &it.name.name, false)?;
                None
            }
        };
        let kind = if it.materialized { RelationKind::MaterializedView } else { RelationKind::View };
        let mut view = self.new_relation(&schema, &it.name.name, kind);
        if let Some(old) = replaced {
            view = Relation { oid: old.oid, owner: old.owner, acl: old.acl, triggers: old.triggers, ..view };
        }
        view.columns = columns;
        view.deps = deps;
        view.deps.retain(|dep| !matches!(dep, Dep::Relation(oid) | Dep::Column(oid, _) if *oid == view.oid));
        view.options = it
            .options
            .iter()
            .map(|(n, v)| (n.clone(), v.clone().unwrap_or_else(|| "true".to_owned())))
            .collect();
        view.query = Some(Arc::new(query));
        view.text.clone_from(&it.text);
        self.cat.add_relation(view);
        Ok(())
    }

    /// A view can be replaced by one that has its columns, and more behind them.
    fn compatible(&self, old: &Relation, new: &[Column]) -> Checked<()> {
        if new.len() < old.columns.len() {
            return Err(Fault::new("42P16", "cannot drop columns from view"));
        }
        for (old, new) in old.columns.iter().zip(new) {
            if old.name != new.name {
                return Err(Fault::new(
                    "42P16",
                    format!("cannot change name of view column \"{}\" to \"{}\"", old.name, new.name),
                ));
            }
            let same = old.ty == new.ty || old.ty == Ty::ANY || new.ty == Ty::ANY;
            if !same {
                let (a, b) = (self.cat.type_text(old.ty), self.cat.type_text(new.ty));
                return Err(Fault::new(
                    "42P16",
                    format!("cannot change data type of view column \"{}\" from {a} to {b}", old.name),
                ));
            }
        }
        Ok(())
    }
}

/// `create recursive view v (c) as q` is `with recursive v (c) as (q) select c from v`.
fn recursive(it: &CreateView) -> Query {
    use crate::schema::sql::{Cte, Expr, From, FromAlias, QName, Select, Target};
    let targets =
        it.columns.iter().map(|c| Target { expr: Expr::Column(vec![c.clone()]), alias: None }).collect();
    let select = Select {
        targets,
        from: vec![From::Table(QName::bare(it.name.name.clone()), FromAlias::default())],
        ..Select::default()
    };
    Query {
        with: vec![Cte { name: it.name.name.clone(), columns: it.columns.clone(), query: it.query.clone() }],
        recursive: true,
        body: QueryBody::Select(Box::new(select)),
        order: Vec::new(),
        limit: Vec::new(),
    }
}
