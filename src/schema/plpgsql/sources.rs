//! The rows of PostgreSQL's own tables and views, made from the catalogue: the columns that blocks ask for.

use super::query::Row;
use super::value::Value;
use crate::schema::catalogue::{
    ConstraintKind, Function, FunctionKind, Oid, Relation, RelationKind, UserTypeKind,
};
use crate::schema::replay::Session;
use crate::schema::sql::{PolicyCommand, QName};

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn oid(oid: Oid) -> Value {
    Value::Int(i64::from(oid))
}

pub(super) fn row<const N: usize>(columns: [(&str, Value); N]) -> Row {
    columns.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn command(command: PolicyCommand) -> &'static str {
    match command {
        PolicyCommand::All => "ALL",
        PolicyCommand::Select => "SELECT",
        PolicyCommand::Insert => "INSERT",
        PolicyCommand::Update => "UPDATE",
        PolicyCommand::Delete => "DELETE",
    }
}

impl Session {
    /// The rows of a relation of the catalogue; none if they are not known.
    pub(super) fn catalogue_rows(&self, name: &QName) -> Option<Vec<Row>> {
        let shadowed = name.schema.is_none() && self.cat.relation(name, &self.path).is_some();
        if shadowed {
            return None;
        }
        match (name.schema.as_deref(), name.name.as_str()) {
            (Some("information_schema"), view) => self.information(view),
            (Some("pg_catalog") | None, table) => self.system(table),
            (Some("storage"), "buckets") => Some(
                self.cat
                    .buckets
                    .values()
                    .map(|b| {
                        row([
                            ("id", text(&b.id)),
                            ("name", text(&b.name)),
                            ("public", b.public.map_or(Value::Unknown, Value::Bool)),
                        ])
                    })
                    .collect(),
            ),
            (Some("cron"), "job") if self.cat.extensions.contains("pg_cron") => Some(
                self.cat
                    .cron_jobs
                    .values()
                    .enumerate()
                    .map(|(i, job)| {
                        row([
                            ("jobid", Value::Int(i64::try_from(i + 1).unwrap_or(0))),
                            ("jobname", text(&job.name)),
                            ("schedule", text(&job.schedule)),
                            ("command", text(&job.command)),
                            ("active", Value::Bool(true)),
                        ])
                    })
                    .collect(),
            ),
            _ => None,
        }
    }

    pub(super) fn tables(&self) -> impl Iterator<Item = &Relation> {
        self.cat.relations.values().filter(|r| r.is_table())
    }

    pub(super) fn visible(&self) -> impl Iterator<Item = &Relation> {
        self.cat.relations.values().filter(|r| r.is_table() || r.kind == RelationKind::View)
    }

    fn system(&self, table: &str) -> Option<Vec<Row>> {
        Some(match table {
            "pg_tables" => self
                .tables()
                .filter(|r| r.kind != RelationKind::Foreign)
                .map(|r| {
                    row([
                        ("schemaname", text(&r.schema)),
                        ("tablename", text(&r.name)),
                        ("tableowner", text(&r.owner)),
                        ("rowsecurity", r.rls.on.map_or(Value::Unknown, Value::Bool)),
                    ])
                })
                .collect(),
            "pg_views" => self.named(RelationKind::View, "viewname"),
            "pg_matviews" => self.named(RelationKind::MaterializedView, "matviewname"),
            "pg_sequences" => self.named(RelationKind::Sequence, "sequencename"),
            "pg_policies" => {
                let mut rows = Vec::new();
                for relation in self.tables() {
                    for policy in relation.policies.values() {
                        let shown = |has: bool| if has { Value::Unknown } else { Value::Null };
                        rows.push(row([
                            ("schemaname", text(&relation.schema)),
                            ("tablename", text(&relation.name)),
                            ("policyname", text(&policy.name)),
                            (
                                "permissive",
                                text(if policy.permissive { "PERMISSIVE" } else { "RESTRICTIVE" }),
                            ),
                            ("roles", Value::Array(policy.roles.iter().map(|r| text(r)).collect())),
                            ("cmd", text(command(policy.command))),
                            ("qual", shown(policy.using.is_some())),
                            ("with_check", shown(policy.check.is_some())),
                        ]));
                    }
                }
                rows
            }
            "pg_policy" => {
                let mut rows = Vec::new();
                for relation in self.tables() {
                    for policy in relation.policies.values() {
                        let letter = match policy.command {
                            PolicyCommand::All => "*",
                            PolicyCommand::Select => "r",
                            PolicyCommand::Insert => "a",
                            PolicyCommand::Update => "w",
                            PolicyCommand::Delete => "d",
                        };
                        rows.push(row([
                            ("polname", text(&policy.name)),
                            ("polrelid", oid(relation.oid)),
                            ("polcmd", text(letter)),
                            ("polpermissive", Value::Bool(policy.permissive)),
                        ]));
                    }
                }
                rows
            }
            "pg_class" => self.classes(),
            "pg_namespace" => self
                .cat
                .schemas
                .keys()
                .map(|s| {
                    row([("oid", self.namespace_oid(s).map_or(Value::Unknown, oid)), ("nspname", text(s))])
                })
                .collect(),
            "pg_proc" => self.cat.functions.values().map(|f| self.procedure(f)).collect(),
            "pg_type" => self.types(),
            "pg_enum" => {
                let mut rows = Vec::new();
                for made in self.cat.types.values() {
                    if let UserTypeKind::Enum(values) = &made.kind {
                        for (i, (label, _)) in values.iter().enumerate() {
                            rows.push(row([
                                ("enumtypid", oid(made.oid)),
                                ("enumlabel", text(label)),
                                ("enumsortorder", Value::Int(i64::try_from(i + 1).unwrap_or(0))),
                            ]));
                        }
                    }
                }
                rows
            }
            "pg_constraint" => self.constraints(),
            "pg_indexes" => self
                .cat
                .indexes
                .values()
                .filter_map(|i| {
                    let table = self.cat.relations.get(&i.table)?;
                    Some(row([
                        ("schemaname", text(&i.schema)),
                        ("tablename", text(&table.name)),
                        ("indexname", text(&i.name)),
                        ("indexdef", Value::Unknown),
                    ]))
                })
                .collect(),
            "pg_trigger" => {
                let mut rows = Vec::new();
                for relation in self.cat.relations.values() {
                    for trigger in relation.triggers.values() {
                        rows.push(row([
                            ("tgname", text(&trigger.name)),
                            ("tgrelid", oid(relation.oid)),
                            ("tgfoid", oid(trigger.function)),
                            ("tgisinternal", Value::Bool(false)),
                            ("tgenabled", text(if trigger.enabled { "O" } else { "D" })),
                        ]));
                    }
                }
                rows
            }
            "pg_attribute" => {
                let mut rows = Vec::new();
                for relation in self.cat.relations.values() {
                    for (i, column) in relation.columns.iter().enumerate() {
                        rows.push(row([
                            ("attrelid", oid(relation.oid)),
                            ("attname", text(&column.name)),
                            ("attnum", Value::Int(i64::try_from(i + 1).unwrap_or(0))),
                            ("atttypid", oid(column.ty.id)),
                            ("attnotnull", Value::Bool(column.not_null)),
                            ("attisdropped", Value::Bool(false)),
                            ("atthasdef", Value::Bool(column.default.is_some())),
                            ("attgenerated", text(if column.generated { "s" } else { "" })),
                        ]));
                    }
                }
                rows
            }
            "pg_extension" => {
                let mut rows: Vec<Row> = self
                    .cat
                    .extensions
                    .iter()
                    .map(|(name, e)| {
                        row([
                            ("extname", text(name)),
                            ("extnamespace", self.namespace_oid(&e.schema).map_or(Value::Unknown, oid)),
                        ])
                    })
                    .collect();
                rows.push(row([("extname", text("plpgsql"))]));
                rows
            }
            "pg_publication" => self
                .cat
                .publications
                .iter()
                .map(|(name, p)| {
                    row([("pubname", text(name)), ("oid", text(name)), ("puballtables", Value::Bool(p.all))])
                })
                .collect(),
            "pg_publication_tables" => {
                let mut rows = Vec::new();
                for (name, publication) in self.cat.publications.iter() {
                    let tables = self.tables().filter(|r| {
                        publication.all
                            || publication.tables.contains(&r.oid)
                            || publication.schemas.contains(&r.schema)
                    });
                    for table in tables {
                        rows.push(row([
                            ("pubname", text(name)),
                            ("schemaname", text(&table.schema)),
                            ("tablename", text(&table.name)),
                        ]));
                    }
                }
                rows
            }
            "pg_publication_rel" => {
                let mut rows = Vec::new();
                for (name, publication) in self.cat.publications.iter() {
                    for table in &publication.tables {
                        rows.push(row([("prpubid", text(name)), ("prrelid", oid(*table))]));
                    }
                }
                rows
            }
            "pg_roles" | "pg_authid" | "pg_user" => self
                .cat
                .roles
                .keys()
                .map(|r| row([("rolname", text(r)), ("usename", text(r)), ("oid", Value::Unknown)]))
                .collect(),
            "pg_event_trigger" => {
                self.cat.event_triggers.keys().map(|n| row([("evtname", text(n))])).collect()
            }
            "pg_available_extensions" => return None,
            _ => return None,
        })
    }

    fn named(&self, kind: RelationKind, column: &str) -> Vec<Row> {
        let all = self.cat.relations.values().filter(|r| r.kind == kind);
        all.map(|r| {
            row([("schemaname", text(&r.schema)), (column, text(&r.name)), ("definition", Value::Unknown)])
        })
        .collect()
    }

    fn classes(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        for relation in self.cat.relations.values() {
            let kind = match relation.kind {
                RelationKind::Table => "r",
                RelationKind::Partitioned => "p",
                RelationKind::Foreign => "f",
                RelationKind::View => "v",
                RelationKind::MaterializedView => "m",
                RelationKind::Sequence => "S",
                RelationKind::Composite => "c",
            };
            rows.push(row([
                ("oid", oid(relation.oid)),
                ("relname", text(&relation.name)),
                ("relnamespace", self.namespace_oid(&relation.schema).map_or(Value::Unknown, oid)),
                ("relkind", text(kind)),
                ("relrowsecurity", relation.rls.on.map_or(Value::Unknown, Value::Bool)),
                ("relforcerowsecurity", relation.forced.on.map_or(Value::Unknown, Value::Bool)),
                ("reloptions", Value::Unknown),
                ("relispartition", Value::Bool(relation.partition)),
            ]));
        }
        for index in self.cat.indexes.values() {
            rows.push(row([
                ("oid", oid(index.oid)),
                ("relname", text(&index.name)),
                ("relnamespace", self.namespace_oid(&index.schema).map_or(Value::Unknown, oid)),
                ("relkind", text("i")),
                ("relrowsecurity", Value::Bool(false)),
            ]));
        }
        rows
    }

    fn procedure(&self, f: &Function) -> Row {
        let kind = match f.kind {
            FunctionKind::Function => "f",
            FunctionKind::Procedure => "p",
            FunctionKind::Aggregate => "a",
        };
        let settings: Vec<Value> =
            f.settings.iter().map(|(name, value)| Value::Text(format!("{name}={value}"))).collect();
        row([
            ("oid", oid(f.oid)),
            ("proname", text(&f.name)),
            ("pronamespace", self.namespace_oid(&f.schema).map_or(Value::Unknown, oid)),
            ("prosecdef", Value::Bool(f.security_definer)),
            ("prokind", text(kind)),
            ("prorettype", oid(f.returns.id)),
            ("pronargs", Value::Int(i64::try_from(f.args.len()).unwrap_or(0))),
            ("proargtypes", oid(f.oid)),
            ("proconfig", if settings.is_empty() { Value::Null } else { Value::Array(settings) }),
            ("prosrc", text(&f.body)),
            ("prolang", Value::Unknown),
        ])
    }

    fn types(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut add = |number: Oid, schema: &str, name: &str, kind: &str| {
            rows.push(row([
                ("oid", oid(number)),
                ("typname", text(name)),
                ("typnamespace", self.namespace_oid(schema).map_or(Value::Unknown, oid)),
                ("typtype", text(kind)),
            ]));
        };
        for made in self.cat.types.values() {
            let kind = match made.kind {
                UserTypeKind::Enum(_) => "e",
                UserTypeKind::Composite(_) => "c",
                UserTypeKind::Domain { .. } => "d",
                UserTypeKind::Range => "r",
                UserTypeKind::Base => "b",
            };
            add(made.oid, &made.schema, &made.name, kind);
        }
        for relation in self
            .cat
            .relations
            .values()
            .filter(|r| !matches!(r.kind, RelationKind::Sequence | RelationKind::Composite))
        {
            add(relation.oid, &relation.schema, &relation.name, "c");
        }
        for name in [
            "bool",
            "int4",
            "int8",
            "int2",
            "text",
            "varchar",
            "uuid",
            "jsonb",
            "json",
            "timestamptz",
            "timestamp",
            "date",
            "numeric",
            "trigger",
            "void",
            "event_trigger",
            "bytea",
        ] {
            if let Some(ty) = crate::schema::builtin::types().by_name(name) {
                add(ty.id, "pg_catalog", name, "b");
            }
        }
        rows
    }

    fn constraints(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        for relation in self.tables() {
            for constraint in &relation.constraints {
                let (kind, target) = match &constraint.kind {
                    ConstraintKind::Check(_) => ("c", 0),
                    ConstraintKind::Primary { .. } => ("p", 0),
                    ConstraintKind::Unique { .. } => ("u", 0),
                    ConstraintKind::Foreign { table, .. } => ("f", *table),
                    ConstraintKind::Exclude { .. } => ("x", 0),
                };
                rows.push(row([
                    ("oid", Value::Unknown),
                    ("conname", text(&constraint.name)),
                    ("conrelid", oid(relation.oid)),
                    ("connamespace", self.namespace_oid(&relation.schema).map_or(Value::Unknown, oid)),
                    ("contype", text(kind)),
                    ("confrelid", oid(target)),
                    ("conkey", Value::Unknown),
                ]));
            }
        }
        rows
    }

    /// Schemas have no numbers of their own: their place in the list is one.
    pub(super) fn namespace_oid(&self, schema: &str) -> Option<Oid> {
        if schema == "pg_catalog" {
            return Some(11);
        }
        let at = self.cat.schemas.keys().position(|s| s == schema)?;
        Some(Oid::try_from(at).ok()? + 2_200)
    }

    pub(super) fn namespace_name(&self, number: Oid) -> Option<String> {
        let at = usize::try_from(number.checked_sub(2_200)?).ok()?;
        self.cat.schemas.keys().nth(at).cloned()
    }
}
