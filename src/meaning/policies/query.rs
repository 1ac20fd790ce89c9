//! Subqueries of conditions.

use super::eval::{Eval, Scalar};
use super::scope::Frame;
use super::truth::{Ties, Truth};
use crate::schema::sql::{From, QName, Query, QueryBody, Select};

impl<'a> Eval<'a> {
    /// When a query has a row.
    pub(super) fn rows(&self, query: &Query) -> Truth {
        match self.within_query(query) {
            Some((inner, select)) => inner.condition(select),
            None => match &query.body {
                QueryBody::Nested(inner) => self.rows(inner),
                QueryBody::Set(_, one, other) => self.rows(one).or(self.rows(other)),
                _ => Truth::when(Ties::UNKNOWN),
            },
        }
    }

    /// What a query gives as a value.
    pub(super) fn found(&self, query: &Query) -> Scalar {
        if let QueryBody::Nested(inner) = &query.body {
            return self.found(inner);
        }
        if let QueryBody::Set(_, one, other) = &query.body {
            return match (self.found(one), self.found(other)) {
                (Scalar::Found(a, column), Scalar::Found(b, _)) => Scalar::Found(a.or(b), column),
                _ => Scalar::Unknown,
            };
        }
        let Some((inner, select)) = self.within_query(query) else { return Scalar::Unknown };
        let Some(target) = select.targets.first() else { return Scalar::Unknown };
        // `(select auth.uid())`.
        if select.from.is_empty() {
            let value = self.scalar(&target.expr);
            return match &select.condition {
                None => value,
                Some(condition) => match value {
                    Scalar::Bool(truth) => Scalar::Bool(truth.and(&self.truth(condition))),
                    _ => Scalar::Unknown,
                },
            };
        }
        let rows = inner.condition(select);
        match inner.scalar(&target.expr) {
            Scalar::Column(at) => Scalar::Found(rows, at.column),
            // `select role = 'admin' from profiles where id = auth.uid()`.
            Scalar::Bool(truth) => Scalar::Bool(rows.and(&truth).exists(self.is_nested())),
            Scalar::Const(_) => Scalar::Found(rows, String::new()),
            Scalar::Found(more, column) => Scalar::Found(rows.and(&more), column),
            Scalar::Uid => Scalar::Found(rows.and(&Truth::when(Ties::INNER_OWN)), String::new()),
            _ => Scalar::Unknown,
        }
    }

    /// The evaluation of what a plain query selects, with its tables in sight.
    fn within_query<'q>(&self, query: &'q Query) -> Option<(Self, &'q Select)> {
        let QueryBody::Select(select) = &query.body else { return None };
        if !query.with.is_empty() {
            return None;
        }
        let mut inner = self.clone();
        let depth = self.scope.below().max(1);
        for from in &select.from {
            inner.add(from, depth);
        }
        Some((inner, select))
    }

    fn add(&mut self, from: &From, depth: usize) {
        match from {
            From::Table(name, alias) => {
                let relation = self.relation(name);
                let alias = alias.name.clone().unwrap_or_else(|| name.name.clone());
                self.scope.frames.push(Frame { alias, relation, columns: Vec::new(), depth });
            }
            From::Join { left, right, .. } => {
                self.add(left, depth);
                self.add(right, depth);
            }
            From::Query(_, alias, _) | From::Functions(_, alias, _) | From::Opaque(alias) => {
                let name = alias.name.clone().unwrap_or_default();
                self.scope.frames.push(Frame {
                    alias: name,
                    relation: None,
                    columns: alias.columns.clone(),
                    depth,
                });
            }
        }
    }

    /// When there is a row that meets the conditions of a query.
    fn condition(&self, select: &Select) -> Truth {
        let mut all = select.condition.as_ref().map_or_else(Truth::always, |condition| self.truth(condition));
        for from in &select.from {
            all = all.and(&self.joined(from));
        }
        // `having count(*) > 1`.
        match select.having {
            Some(_) => all.and(&Truth::when(Ties::INNER_TEST)),
            None => all,
        }
    }

    fn joined(&self, from: &From) -> Truth {
        match from {
            From::Join { left, right, on, .. } => {
                let on = on.as_ref().map_or_else(Truth::always, |on| self.truth(on));
                self.joined(left).and(&self.joined(right)).and(&on)
            }
            From::Table(name, _) => self.seen(name),
            // `from unnest(get_team_ids()) id`.
            From::Functions(..) | From::Query(..) | From::Opaque(_) => Truth::when(Ties::UNKNOWN),
        }
    }

    /// What of a table there is to be found: who is calling must see its rows, also within a policy.
    fn seen(&self, name: &QName) -> Truth {
        match self.relation(name) {
            // A view may show less than its tables have.
            Some(relation) if relation.is_view() => Truth::when(Ties::UNKNOWN),
            Some(relation) if !self.as_owner && !self.tables.contains(&relation.oid) => {
                self.seen_of(relation).within()
            }
            _ => Truth::always(),
        }
    }
}
