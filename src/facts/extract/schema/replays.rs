//! What came of replaying the scripts.

use crate::facts::kinds::{Answer, Evidence, Migrations, StatementNote, Unknown};
use crate::facts::replayed::Replayed;
use crate::facts::{Facts, Input};
use crate::secrets::{Excerpt, excerpt};

/// So many statements are listed.
const LISTED: usize = 200;

/// Fills `migrations`.
pub fn migrations(input: &Input<'_>, facts: &mut Facts) {
    facts.migrations.extend(input.schemas().iter().map(of));
}

fn of(database: &Replayed) -> Migrations {
    let catalogue = &database.catalogue;
    let first = catalogue.strict.as_ref();
    let (file, line) = first.map_or_else(
        || (database.files.first().cloned().unwrap_or_default(), 0),
        |failure| database.place(failure.place),
    );
    let replayed = database.dialect == "postgres";
    let mut evidence = Vec::new();
    if let Some(failure) = first {
        evidence.push(Evidence::new("rebuildable", &file, line, &failure.why));
    }
    let failures = catalogue.failures.iter().take(LISTED).map(|failure| {
        let (file, line) = database.place(failure.place);
        let touches = failure.subject.iter().map(|s| excerpt(s)).collect();
        StatementNote { file, line, code: failure.code.to_owned(), says: excerpt(&failure.why), touches }
    });
    let undecided = catalogue.undecided.iter().take(LISTED).map(|doubt| {
        let (file, line) = database.place(doubt.place);
        let touches = doubt.touches.iter().map(|t| excerpt(t)).collect();
        StatementNote { file, line, code: String::new(), says: excerpt(&doubt.why), touches }
    });
    let names = |list: Vec<&String>| -> Vec<Excerpt> { list.into_iter().map(|name| excerpt(name)).collect() };
    Migrations {
        folder: database.folder.clone(),
        layout: database.layout.name().to_owned(),
        dialect: database.dialect.to_owned(),
        supabase: catalogue.supabase,
        files: u32::try_from(database.files.len()).unwrap_or(u32::MAX),
        exposed_schemas: database.exposed_schemas.clone(),
        auto_exposed: database.exposure.0,
        exposure_from: database.exposure.1.to_owned(),
        rebuildable: match (replayed, first) {
            (false, _) => Answer::Unknown,
            (true, None) => Answer::Yes,
            (true, Some(_)) => Answer::No,
        },
        first_failure: first.map(|failure| excerpt(&failure.why)).unwrap_or_default(),
        failures: failures.collect(),
        failed: u32::try_from(catalogue.failures.len()).unwrap_or(u32::MAX),
        undecided: undecided.collect(),
        missing_tables: names(catalogue.missing.keys().collect()),
        declared_too: database.declared_too,
        extensions: names(catalogue.extensions.keys().collect()),
        cron_jobs: names(catalogue.cron_jobs.keys().collect()),
        file,
        line,
        evidence,
        unknowns: if replayed {
            Vec::new()
        } else {
            vec![Unknown::new(
                "rebuildable",
                "the scripts are not written for PostgreSQL, and only that is replayed",
            )]
        },
    }
}
