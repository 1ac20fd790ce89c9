//! Tables.

use super::{reach, rows};
use crate::facts::kinds::{Answer, Evidence, Table, TableColumn, TableGrant, TableReference, Unknown};
use crate::facts::replayed::Replayed;
use crate::facts::{Facts, Input};
use crate::schema::catalogue::{ConstraintKind, Relation, RelationKind, Rights};
use crate::schema::sql::PolicyCommand;
use crate::secrets::{Excerpt, excerpt};

/// Fills `tables`.
pub fn tables(input: &Input<'_>, facts: &mut Facts) {
    for database in input.schemas() {
        let catalogue = &database.catalogue;
        for table in catalogue.relations.values() {
            if table.is_table() && !table.temporary && !database.is_given(table) {
                let mut fact = defined(database, table);
                rows::fill(database, table, &mut fact);
                facts.tables.push(fact);
            }
        }
        for (name, place) in &catalogue.missing {
            let (schema, name) = name.split_once('.').unwrap_or(("public", name));
            if catalogue.names.contains(&(schema.to_owned(), name.to_owned())) {
                continue;
            }
            let (file, line) = database.place(*place);
            facts.tables.push(Table {
                schema: excerpt(schema),
                name: excerpt(name),
                database: database.folder.clone(),
                kind: "table".to_owned(),
                defined: Answer::No,
                rls: "unknown".to_owned(),
                exposed: database.catalogue.supabase && database.exposed_schemas.iter().any(|s| s == schema),
                doubtful: true,
                evidence: vec![Evidence::new("defined", &file, line, "altered here, and made nowhere")],
                file,
                line,
                unknowns: vec![Unknown::new(
                    "rls",
                    "no script makes the table, so what else holds for it can't be seen",
                )],
                ..Table::default()
            });
        }
        for (file, line, name) in &database.named {
            facts.tables.push(Table {
                schema: Excerpt::default(),
                name: excerpt(name),
                database: database.folder.clone(),
                kind: "table".to_owned(),
                defined: Answer::Yes,
                rls: "unknown".to_owned(),
                evidence: vec![Evidence::new("defined", file, *line, "made here")],
                file: file.clone(),
                line: *line,
                unknowns: vec![Unknown::new("rls", "the database is not PostgreSQL")],
                ..Table::default()
            });
        }
    }
    facts.tables.sort_by(|a, b| {
        (&a.database, &a.schema, &a.name, &a.file, a.line).cmp(&(
            &b.database,
            &b.schema,
            &b.name,
            &b.file,
            b.line,
        ))
    });
    facts.tables.dedup_by(|a, b| (&a.database, &a.schema, &a.name) == (&b.database, &b.schema, &b.name));
}

fn defined(database: &Replayed, table: &Relation) -> Table {
    let catalogue = &database.catalogue;
    let (file, line) = database.place(table.place);
    let switched = table.rls.place.map(|place| database.place(place)).unwrap_or_default();
    let rls = match table.rls.on {
        Some(true) => "on",
        Some(false) => "off",
        None => "unknown",
    };
    let path = table.path();
    let subject = |name: &str| name == path || name == table.name;
    let failed = catalogue.failures.iter().any(|f| f.subject.as_deref().is_some_and(subject));
    let undecided = catalogue.undecided.iter().any(|u| u.touches.iter().any(|t| t == "*" || subject(t)));
    let mut evidence = vec![Evidence::new("defined", &file, line, "made here")];
    if !switched.0.is_empty() {
        let says = format!("row-level security is switched here: {rls}");
        evidence.push(Evidence::new("rls", &switched.0, switched.1, &says));
    }
    let mut unknowns = Vec::new();
    if table.rls.on.is_none() {
        unknowns.push(Unknown::new("rls", "a statement that depends on data may have switched it"));
    }
    if table.policies_unknown.is_some() {
        unknowns.push(Unknown::new("policies", "a statement that depends on data may have changed them"));
    }
    let names = |list: &[String]| -> Vec<Excerpt> { list.iter().map(|name| excerpt(name)).collect() };
    let primary = table.constraints.iter().find_map(|c| match &c.kind {
        ConstraintKind::Primary { columns, .. } => Some(names(columns)),
        _ => None,
    });
    let foreign_keys = table.constraints.iter().filter_map(|c| match &c.kind {
        ConstraintKind::Foreign { columns, table, target, on_delete, .. } => Some(TableReference {
            columns: names(columns),
            table: excerpt(&catalogue.relations.get(table)?.path()),
            target: names(target),
            on_delete: on_delete.clone(),
        }),
        _ => None,
    });
    let writes = [
        (Rights::INSERT, PolicyCommand::Insert),
        (Rights::UPDATE, PolicyCommand::Update),
        (Rights::DELETE, PolicyCommand::Delete),
    ];
    Table {
        schema: excerpt(&table.schema),
        name: excerpt(&table.name),
        database: database.folder.clone(),
        kind: match table.kind {
            RelationKind::Partitioned => "partitioned",
            RelationKind::Foreign => "foreign",
            _ => "table",
        }
        .to_owned(),
        defined: Answer::Yes,
        rls: rls.to_owned(),
        forced: table.forced.on == Some(true),
        rls_file: switched.0,
        rls_line: switched.1,
        exposed: catalogue.supabase && database.exposed_schemas.contains(&table.schema),
        columns: table
            .columns
            .iter()
            .map(|column| TableColumn {
                name: excerpt(&column.name),
                r#type: excerpt(&match &column.modifier {
                    Some(modifier) => format!("{}({modifier})", catalogue.type_text(column.ty)),
                    None => catalogue.type_text(column.ty),
                }),
                nullable: !column.not_null,
                has_default: column.default.is_some() || column.identity,
                generated: column.generated,
                line: database.place(column.place).1,
            })
            .collect(),
        primary_key: primary.unwrap_or_default(),
        foreign_keys: foreign_keys.collect(),
        policies: table.policies.keys().map(|name| excerpt(name)).collect(),
        triggers: table.triggers.values().filter(|t| t.enabled).map(|t| excerpt(&t.name)).collect(),
        grants: grants(table),
        readable_by: reach::reaching(database, table, &[(Rights::SELECT, PolicyCommand::Select)]),
        writable_by: reach::reaching(database, table, &writes),
        realtime: catalogue
            .publications
            .get("supabase_realtime")
            .is_some_and(|p| p.all || p.tables.contains(&table.oid) || p.schemas.contains(&table.schema)),
        doubtful: failed || undecided,
        file,
        line,
        evidence,
        unknowns,
        ..Table::default()
    }
}

fn grants(table: &Relation) -> Vec<TableGrant> {
    let privileges = |rights: Rights| -> Vec<String> {
        let all = [
            (Rights::SELECT, "select"),
            (Rights::INSERT, "insert"),
            (Rights::UPDATE, "update"),
            (Rights::DELETE, "delete"),
        ];
        all.iter().filter(|(right, _)| rights.has(*right)).map(|(_, name)| (*name).to_owned()).collect()
    };
    let whole = table.acl.roles.iter().map(|(role, rights)| TableGrant {
        role: role.clone(),
        privileges: privileges(*rights),
        column: Excerpt::default(),
    });
    let single = table.acl.columns.iter().map(|((role, column), rights)| TableGrant {
        role: role.clone(),
        privileges: privileges(*rights),
        column: excerpt(column),
    });
    whole.chain(single).filter(|grant| !grant.privileges.is_empty()).collect()
}
