//! Tables, policies, functions, views and buckets: the catalogues of replayed scripts, as facts.

mod reach;
mod replays;
mod rows;
mod tables;

pub use replays::migrations;
pub use tables::tables;

use crate::facts::kinds::{Bucket, Evidence, Function, Policy, Unknown, View};
use crate::facts::{Facts, Input};
use crate::schema::catalogue::{Dep, RelationKind, Rights, Ty};
use crate::schema::sql::PolicyCommand;
use crate::secrets::excerpt;

/// What a policy is for, as PostgreSQL writes it.
fn command(command: PolicyCommand) -> &'static str {
    match command {
        PolicyCommand::All => "ALL",
        PolicyCommand::Select => "SELECT",
        PolicyCommand::Insert => "INSERT",
        PolicyCommand::Update => "UPDATE",
        PolicyCommand::Delete => "DELETE",
    }
}

/// Fills `policies`.
pub fn policies(input: &Input<'_>, facts: &mut Facts) {
    for database in input.schemas() {
        for relation in database.catalogue.relations.values() {
            for policy in relation.policies.values() {
                let (file, line) = database.place(policy.place);
                let says = format!("a policy for {} on {}", command(policy.command), relation.name);
                facts.policies.push(Policy {
                    schema: excerpt(&relation.schema),
                    table: excerpt(&relation.name),
                    name: excerpt(&policy.name),
                    database: database.folder.clone(),
                    command: command(policy.command).to_owned(),
                    permissive: policy.permissive,
                    roles: policy.roles.clone(),
                    using: excerpt(&policy.using_text),
                    check: excerpt(&policy.check_text),
                    evidence: vec![Evidence::new("name", &file, line, &says)],
                    file,
                    line,
                    unknowns: Vec::new(),
                });
            }
        }
    }
    facts.policies.sort_by(|a, b| {
        (&a.database, &a.schema, &a.table, &a.name).cmp(&(&b.database, &b.schema, &b.table, &b.name))
    });
}

/// Fills `functions`.
pub fn functions(input: &Input<'_>, facts: &mut Facts) {
    for database in input.schemas() {
        let catalogue = &database.catalogue;
        for function in catalogue.functions.values() {
            if function.extension.is_some() || function.place == crate::schema::catalogue::Place::BASELINE {
                continue;
            }
            let (file, line) = database.place(function.place);
            let types: Vec<String> = function.args.iter().map(|ty| catalogue.type_text(*ty)).collect();
            let called =
                catalogue.relations.values().any(|r| r.triggers.values().any(|t| t.function == function.oid));
            facts.functions.push(Function {
                schema: excerpt(&function.schema),
                name: excerpt(&function.name),
                arguments: excerpt(&types.join(", ")),
                database: database.folder.clone(),
                language: function.language.clone(),
                returns: excerpt(&catalogue.type_text(function.returns)),
                security_definer: function.security_definer,
                search_path: function.settings.get("search_path").map(|path| excerpt(path)),
                exposed: database.exposed_schemas.contains(&function.schema),
                trigger: called || matches!(function.returns, Ty::TRIGGER | Ty::EVENT_TRIGGER),
                executable_by: reach::holders(database, &function.schema, &function.acl, Rights::EXECUTE),
                evidence: vec![Evidence::new("name", &file, line, "the function")],
                file,
                line,
                unknowns: Vec::new(),
            });
        }
    }
    facts.functions.sort_by(|a, b| {
        (&a.database, &a.schema, &a.name, &a.arguments).cmp(&(&b.database, &b.schema, &b.name, &b.arguments))
    });
}

/// Fills `views`.
pub fn views(input: &Input<'_>, facts: &mut Facts) {
    for database in input.schemas() {
        let catalogue = &database.catalogue;
        for view in
            catalogue.relations.values().filter(|r| r.is_view() && !r.temporary && !database.is_given(r))
        {
            let (file, line) = database.place(view.place);
            let mut reads: Vec<_> = view
                .deps
                .iter()
                .filter_map(|dep| match dep {
                    Dep::Relation(oid) => Some(excerpt(&catalogue.relations.get(oid)?.path())),
                    _ => None,
                })
                .collect();
            reads.sort();
            facts.views.push(View {
                schema: excerpt(&view.schema),
                name: excerpt(&view.name),
                database: database.folder.clone(),
                security_invoker: view.security_invoker(),
                materialized: view.kind == RelationKind::MaterializedView,
                exposed: database.exposed_schemas.contains(&view.schema),
                readable_by: reach::holders(database, &view.schema, &view.acl, Rights::SELECT),
                reads,
                evidence: vec![Evidence::new("name", &file, line, "the view")],
                file,
                line,
                unknowns: Vec::new(),
            });
        }
    }
    facts.views.sort_by(|a, b| (&a.database, &a.schema, &a.name).cmp(&(&b.database, &b.schema, &b.name)));
}

/// Fills `buckets`.
pub fn buckets(input: &Input<'_>, facts: &mut Facts) {
    for database in input.schemas() {
        for bucket in database.catalogue.buckets.values() {
            let (file, line) = database.place(bucket.place);
            let mut fact = Bucket {
                name: excerpt(&bucket.id),
                database: database.folder.clone(),
                public: bucket.public.unwrap_or(true),
                evidence: vec![Evidence::new("public", &file, line, "the bucket")],
                file,
                line,
                unknowns: Vec::new(),
            };
            if bucket.public.is_none() {
                fact.unknowns
                    .push(Unknown::new("public", "a statement that depends on data may have changed it"));
            }
            facts.buckets.push(fact);
        }
        for (name, public, line) in &database.config.buckets {
            if database.catalogue.buckets.contains(name.as_str()) {
                continue;
            }
            facts.buckets.push(Bucket {
                name: excerpt(name),
                database: database.folder.clone(),
                public: *public,
                evidence: vec![Evidence::new("public", &database.config_file, *line, "the bucket")],
                file: database.config_file.clone(),
                line: *line,
                unknowns: Vec::new(),
            });
        }
    }
    facts.buckets.sort_by(|a, b| (&a.database, &a.name).cmp(&(&b.database, &b.name)));
}
