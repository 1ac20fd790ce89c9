//! The rows of `information_schema`.

use super::query::Row;
use super::sources::{row, text};
use super::value::Value;
use crate::schema::catalogue::{ConstraintKind, FunctionKind, RelationKind};
use crate::schema::replay::Session;

impl Session {
    pub(super) fn information(&self, view: &str) -> Option<Vec<Row>> {
        Some(match view {
            "tables" => self
                .visible()
                .map(|r| {
                    let kind = if r.is_table() { "BASE TABLE" } else { "VIEW" };
                    row([
                        ("table_catalog", text("postgres")),
                        ("table_schema", text(&r.schema)),
                        ("table_name", text(&r.name)),
                        ("table_type", text(kind)),
                    ])
                })
                .collect(),
            "views" => self
                .cat
                .relations
                .values()
                .filter(|r| r.kind == RelationKind::View)
                .map(|r| {
                    row([
                        ("table_schema", text(&r.schema)),
                        ("table_name", text(&r.name)),
                        ("view_definition", Value::Unknown),
                    ])
                })
                .collect(),
            "columns" => {
                let mut rows = Vec::new();
                for relation in self.visible() {
                    for (i, column) in relation.columns.iter().enumerate() {
                        let shown = self.cat.type_text(column.ty);
                        let user = self.cat.types.contains(&column.ty.id);
                        let data_type = if column.ty.array {
                            "ARRAY".to_owned()
                        } else if user {
                            "USER-DEFINED".to_owned()
                        } else {
                            shown.clone()
                        };
                        let udt = if user {
                            shown
                        } else {
                            crate::schema::builtin::types().name(column.ty.id).to_owned()
                        };
                        let udt =
                            if column.ty.array { format!("_{}", udt.trim_end_matches("[]")) } else { udt };
                        rows.push(row([
                            ("table_schema", text(&relation.schema)),
                            ("table_name", text(&relation.name)),
                            ("column_name", text(&column.name)),
                            ("ordinal_position", Value::Int(i64::try_from(i + 1).unwrap_or(0))),
                            ("data_type", Value::Text(data_type)),
                            ("udt_name", Value::Text(udt)),
                            ("is_nullable", text(if column.not_null { "NO" } else { "YES" })),
                            (
                                "column_default",
                                if column.default.is_some() { Value::Unknown } else { Value::Null },
                            ),
                            ("is_generated", text(if column.generated { "ALWAYS" } else { "NEVER" })),
                            ("is_identity", text(if column.identity { "YES" } else { "NO" })),
                        ]));
                    }
                }
                rows
            }
            "table_constraints" => {
                let mut rows = Vec::new();
                for relation in self.tables() {
                    for constraint in &relation.constraints {
                        let kind = match constraint.kind {
                            ConstraintKind::Check(_) => "CHECK",
                            ConstraintKind::Primary { .. } => "PRIMARY KEY",
                            ConstraintKind::Unique { .. } => "UNIQUE",
                            ConstraintKind::Foreign { .. } => "FOREIGN KEY",
                            ConstraintKind::Exclude { .. } => continue,
                        };
                        rows.push(row([
                            ("constraint_schema", text(&relation.schema)),
                            ("table_schema", text(&relation.schema)),
                            ("table_name", text(&relation.name)),
                            ("constraint_name", text(&constraint.name)),
                            ("constraint_type", text(kind)),
                        ]));
                    }
                }
                rows
            }
            "key_column_usage" | "constraint_column_usage" => {
                self.constraint_columns(view == "key_column_usage")
            }
            "check_constraints" => {
                let mut rows = Vec::new();
                for relation in self.tables() {
                    for constraint in
                        relation.constraints.iter().filter(|c| matches!(c.kind, ConstraintKind::Check(_)))
                    {
                        rows.push(row([
                            ("constraint_schema", text(&relation.schema)),
                            ("constraint_name", text(&constraint.name)),
                            ("check_clause", Value::Unknown),
                        ]));
                    }
                }
                rows
            }
            "schemata" => self.cat.schemas.keys().map(|s| row([("schema_name", text(s))])).collect(),
            "triggers" => {
                let mut rows = Vec::new();
                for relation in self.cat.relations.values() {
                    for trigger in relation.triggers.keys() {
                        rows.push(row([
                            ("trigger_schema", text(&relation.schema)),
                            ("trigger_name", text(trigger)),
                            ("event_object_schema", text(&relation.schema)),
                            ("event_object_table", text(&relation.name)),
                        ]));
                    }
                }
                rows
            }
            "routines" => self
                .cat
                .functions
                .values()
                .filter(|f| f.kind != FunctionKind::Aggregate)
                .map(|f| {
                    let kind = if f.kind == FunctionKind::Procedure { "PROCEDURE" } else { "FUNCTION" };
                    row([
                        ("routine_schema", text(&f.schema)),
                        ("routine_name", text(&f.name)),
                        ("routine_type", text(kind)),
                        ("specific_schema", text(&f.schema)),
                        ("security_type", text(if f.security_definer { "DEFINER" } else { "INVOKER" })),
                        ("data_type", Value::Text(self.cat.type_text(f.returns))),
                    ])
                })
                .collect(),
            "sequences" => self
                .cat
                .relations
                .values()
                .filter(|r| r.kind == RelationKind::Sequence)
                .map(|r| row([("sequence_schema", text(&r.schema)), ("sequence_name", text(&r.name))]))
                .collect(),
            _ => return None,
        })
    }

    fn constraint_columns(&self, own: bool) -> Vec<Row> {
        let mut rows = Vec::new();
        for relation in self.tables() {
            for constraint in &relation.constraints {
                let (table, columns) = match &constraint.kind {
                    ConstraintKind::Primary { columns, .. } | ConstraintKind::Unique { columns, .. } => {
                        (relation, columns.clone())
                    }
                    ConstraintKind::Foreign { columns, .. } if own => (relation, columns.clone()),
                    ConstraintKind::Foreign { table, target, .. } => match self.cat.relations.get(table) {
                        Some(table) => (table, target.clone()),
                        None => continue,
                    },
                    _ => continue,
                };
                for column in columns {
                    rows.push(row([
                        ("constraint_schema", text(&relation.schema)),
                        ("constraint_name", text(&constraint.name)),
                        ("table_schema", text(&table.schema)),
                        ("table_name", text(&table.name)),
                        ("column_name", Value::Text(column)),
                    ]));
                }
            }
        }
        rows
    }
}
