//! Queries and changes of data, as far as they change the catalogue: buckets, jobs, queues.

use super::Session;
use crate::schema::catalogue::{Bucket, CronJob};
use crate::schema::check::{Checked, Fault};
use crate::schema::sql::{Call, DataKind, DataStatement, Expr, Query, QueryBody};

impl Session {
    /// A query by itself.
    pub(super) fn run_query(&mut self, query: &Query) -> Checked<()> {
        let mut checker = self.checker();
        let output = checker.query(query)?;
        if let QueryBody::Select(select) = &query.body {
            if let Some((name, temporary)) = &select.into {
                let schema = self.target_schema(name, *temporary)?;
                self.name_is_free(&schema, &name.name, false)?;
                let columns = output.columns.into_iter().map(|(n, ty)| self.plain_column(n, ty)).collect();
                let mut relation =
                    self.new_relation(&schema, &name.name, crate::schema::catalogue::RelationKind::Table);
                relation.columns = columns;
                let oid = relation.oid;
                self.cat.add_relation(relation);
                return self.table_was_made(oid, "SELECT INTO");
            }
            if !self.takes_place(query)? {
                return Ok(());
            }
            for target in &select.targets {
                self.effects(&target.expr)?;
            }
            for from in &select.from {
                if let crate::schema::sql::From::Functions(functions, ..) = from {
                    for (function, _) in functions {
                        self.effects(function)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// What calling a function changes.
    pub(in crate::schema) fn effects(&mut self, e: &Expr) -> Checked<()> {
        match e {
            Expr::Call(call) => self.call_effects(call),
            Expr::Cast(inner, _) | Expr::Field(inner, _) | Expr::FieldStar(inner) => self.effects(inner),
            _ => Ok(()),
        }
    }

    fn call_effects(&mut self, call: &Call) -> Checked<()> {
        for (_, arg) in &call.args {
            self.effects(arg)?;
        }
        let text = |i: usize| match call.args.get(i).map(|(_, e)| e) {
            Some(Expr::Text(text)) => Some(text.clone()),
            Some(Expr::Cast(inner, _)) => match inner.as_ref() {
                Expr::Text(text) => Some(text.clone()),
                _ => None,
            },
            _ => None,
        };
        match (call.name.schema.as_deref(), call.name.name.as_str()) {
            (Some("cron"), "schedule" | "schedule_in_database") => {
                let named = call.args.len() > 2;
                let (name, at) = if named { (text(0), 1) } else { (None, 0) };
                let name = name.unwrap_or_else(|| format!("job {}", self.cat.cron_jobs.len() + 1));
                let job = CronJob {
                    name: name.clone(),
                    schedule: text(at).unwrap_or_default(),
                    command: text(at + 1).unwrap_or_default(),
                    place: self.place,
                };
                self.cat.cron_jobs.insert(name, job);
                Ok(())
            }
            (Some("cron"), "unschedule") => match text(0) {
                Some(name) => {
                    if self.cat.cron_jobs.remove(&name) {
                        return Ok(());
                    }
                    Err(Fault::new("XX000", format!("could not find valid entry for job '{name}'")))
                }
                None => Ok(()),
            },
            (Some("pgmq"), "create" | "create_non_partitioned" | "create_unlogged") => match text(0) {
                Some(name) => self.create_queue(&name.to_lowercase()),
                None => {
                    self.undecided(
                        "a queue is made under a name that is not written out".to_owned(),
                        Vec::new(),
                    );
                    Ok(())
                }
            },
            (Some("pg_catalog") | None, "set_config") => {
                if let (Some(name), Some(value)) = (text(0), text(1)) {
                    let value = crate::schema::sql::SetValue::To(vec![value]);
                    return self.set(&name, &value, false);
                }
                Ok(())
            }
            _ => self.called_effects(call),
        }
    }

    fn create_queue(&mut self, name: &str) -> Checked<()> {
        let sql = format!(
            "create table if not exists pgmq.\"q_{name}\" (msg_id bigint primary key, read_ct int, enqueued_at timestamptz, vt timestamptz, message jsonb);
             create table if not exists pgmq.\"a_{name}\" (msg_id bigint primary key, read_ct int, enqueued_at timestamptz, archived_at timestamptz, vt timestamptz, message jsonb);"
        );
        self.nested(|s| s.run_baseline(&sql))
    }

    /// `insert`, `update`, `delete`
    pub(super) fn run_data(&mut self, data: &DataStatement) -> Checked<()> {
        let mut checker = self.checker();
        checker.data(data)?;
        let is = |schema: &str, name: &str| {
            data.table.name == name && data.table.schema.as_deref() == Some(schema)
        };
        if is("storage", "buckets") {
            return self.change_buckets(data);
        }
        if is("cron", "job") && data.kind == DataKind::Delete {
            if let Some(name) = data.condition.as_ref().and_then(|c| equals(c, "jobname")) {
                self.cat.cron_jobs.remove(&name);
            }
            return Ok(());
        }
        if let Some(source) = &data.source
            && let QueryBody::Select(select) = &source.body
        {
            for target in &select.targets {
                self.effects(&target.expr)?;
            }
        }
        Ok(())
    }

    fn change_buckets(&mut self, data: &DataStatement) -> Checked<()> {
        let place = self.place;
        match data.kind {
            DataKind::Insert => {
                let columns = if data.columns.is_empty() {
                    let table = self.cat.relation(&data.table, &self.path);
                    table.map(|t| t.columns.iter().map(|c| c.name.clone()).collect()).unwrap_or_default()
                } else {
                    data.columns.clone()
                };
                let rows: Vec<Vec<Expr>> = match data.source.as_ref().map(|q| &q.body) {
                    Some(QueryBody::Values(rows)) => rows.clone(),
                    Some(QueryBody::Select(select)) => {
                        // `select 'a' where not exists (select … from storage.buckets …)`: only if it is not there.
                        vec![select.targets.iter().map(|t| t.expr.clone()).collect()]
                    }
                    _ => Vec::new(),
                };
                let guarded = matches!(data.source.as_ref().map(|q| &q.body), Some(QueryBody::Select(s)) if s.condition.is_some());
                for row in rows {
                    self.insert_bucket(data, &columns, &row, guarded)?;
                }
            }
            DataKind::Update => {
                let id = data.condition.as_ref().and_then(|c| equals(c, "id").or_else(|| equals(c, "name")));
                let list =
                    data.condition.as_ref().and_then(|c| listed(c, "id").or_else(|| listed(c, "name")));
                let public = data.set.iter().find(|(name, _)| name == "public").map(|(_, e)| boolean(e));
                let Some(public) = public else { return Ok(()) };
                let ids: Vec<String> = match (&id, &list, &data.condition) {
                    (Some(id), ..) => vec![id.clone()],
                    (_, Some(list), _) => list.clone(),
                    (.., None) => self.cat.buckets.keys().cloned().collect(),
                    _ => {
                        for id in self.cat.buckets.keys().cloned().collect::<Vec<_>>() {
                            if let Some(bucket) = self.cat.buckets.get_mut(&id) {
                                bucket.public = None;
                            }
                        }
                        return Ok(());
                    }
                };
                for id in ids {
                    if let Some(bucket) = self.cat.buckets.get_mut(&id) {
                        bucket.public = public;
                        bucket.place = place;
                    }
                }
            }
            DataKind::Delete => {
                let ids = data.condition.as_ref().and_then(|c| {
                    equals(c, "id")
                        .or_else(|| equals(c, "name"))
                        .map(|id| vec![id])
                        .or_else(|| listed(c, "id"))
                });
                for id in ids.unwrap_or_default() {
                    self.cat.buckets.remove(&id);
                }
            }
            DataKind::Merge => {}
        }
        Ok(())
    }

    fn insert_bucket(
        &mut self,
        data: &DataStatement,
        columns: &[String],
        row: &[Expr],
        guarded: bool,
    ) -> Checked<()> {
        let value = |name: &str| columns.iter().position(|c| c == name).and_then(|i| row.get(i));
        let Some(id) = value("id").and_then(text) else {
            self.undecided("a bucket is made under a name that is not written out".to_owned(), Vec::new());
            return Ok(());
        };
        let name = value("name").and_then(text).unwrap_or_else(|| id.clone());
        let public = value("public").map_or(Some(false), boolean);
        let place = self.place;
        if let Some(bucket) = self.cat.buckets.get(&id) {
            let Some(conflict) = &data.on_conflict else {
                if guarded {
                    return Ok(());
                }
                return Err(Fault::new(
                    "23505",
                    "duplicate key value violates unique constraint \"buckets_pkey\"",
                ));
            };
            let update = conflict.update.iter().find(|(column, _)| column == "public");
            if let Some((_, e)) = update {
                let new = match e {
                    Expr::Column(_) => public,
                    e => boolean(e),
                };
                let bucket = Bucket { public: new, place, ..bucket.clone() };
                self.cat.buckets.insert(id, bucket);
            }
            return Ok(());
        }
        if self.cat.buckets.values().any(|b| b.name == name) {
            let nothing =
                data.on_conflict.as_ref().is_some_and(|c| c.target.is_empty() && c.update.is_empty());
            if nothing || guarded {
                return Ok(());
            }
            return Err(Fault::new(
                "23505",
                "duplicate key value violates unique constraint \"buckets_name_key\"",
            ));
        }
        self.cat.buckets.insert(id.clone(), Bucket { id, name, public, place });
        Ok(())
    }
}

fn text(e: &Expr) -> Option<String> {
    match e {
        Expr::Text(text) => Some(text.clone()),
        Expr::Cast(inner, _) => text(inner),
        _ => None,
    }
}

fn boolean(e: &Expr) -> Option<bool> {
    match e {
        Expr::Bool(value) => Some(*value),
        Expr::Text(text) => {
            Some(matches!(text.to_ascii_lowercase().as_str(), "true" | "t" | "yes" | "on" | "1"))
        }
        Expr::Default | Expr::Null => Some(false),
        Expr::Cast(inner, _) => boolean(inner),
        _ => None,
    }
}

/// The literal that a column must be equal to.
fn equals(condition: &Expr, column: &str) -> Option<String> {
    match condition {
        Expr::Binary(op, a, b) if op == "=" => {
            let named =
                |e: &Expr| matches!(e, Expr::Column(parts) if parts.last().is_some_and(|p| p == column));
            if named(a) {
                text(b)
            } else if named(b) {
                text(a)
            } else {
                None
            }
        }
        Expr::Binary(op, a, b) if op == "and" => equals(a, column).or_else(|| equals(b, column)),
        _ => None,
    }
}

fn listed(condition: &Expr, column: &str) -> Option<Vec<String>> {
    match condition {
        Expr::In { expr, negated: false, list } => {
            let named =
                matches!(expr.as_ref(), Expr::Column(parts) if parts.last().is_some_and(|p| p == column));
            if named { list.iter().map(text).collect() } else { None }
        }
        _ => None,
    }
}
