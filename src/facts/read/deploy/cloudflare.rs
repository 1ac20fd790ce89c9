use super::{broken, development_name, finish, own, say, unit};
use crate::facts::config::{Entry, Node, json, toml};
use crate::facts::kinds::{Answer, UnitKind};
use crate::facts::notes::FileNotes;
use crate::secrets::excerpt;
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    own(file) && matches!(file.name(), "wrangler.toml" | "wrangler.json" | "wrangler.jsonc")
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let parsed = if file.name().ends_with(".toml") { toml(text) } else { json(text) };
    let root = match parsed {
        Ok(root) => root,
        Err(problem) => return broken(&problem, notes),
    };
    let name = root.get("name").map(Node::scalar).unwrap_or_default();
    let pages = root.get("pages_build_output_dir").is_some() && root.get("main").is_none();
    let kind = if pages { UnitKind::Static } else { UnitKind::Web };
    let mut worker = unit(file, 1, "cloudflare", &name, kind);
    worker.redundant = Answer::Yes;
    say(&mut worker, "redundant", 0, "the platform scales by itself");
    worker.health_check = Answer::Na;
    worker.ephemeral_disk = Answer::Yes;
    say(&mut worker, "ephemeral_disk", 0, "workers have no disk of their own");
    notes.deploy.push(finish(worker, &[]));
    for database in d1(&root) {
        let name = database.get("database_name").map(Node::scalar).unwrap_or_default();
        let mut unit = unit(file, database.line, "cloudflare", &name, UnitKind::Database);
        "d1".clone_into(&mut unit.engine);
        unit.health_check = Answer::Na;
        unit.redundant = Answer::Yes;
        say(&mut unit, "redundant", database.line, "the platform keeps it");
        unit.ephemeral_disk = Answer::No;
        notes.deploy.push(finish(unit, &[]));
    }
    for (cron, line) in root.at(&["triggers", "crons"]).map(Node::texts).unwrap_or_default() {
        let mut unit = unit(file, line, "cloudflare", &format!("cron {cron}"), UnitKind::Cron);
        unit.command = excerpt(&cron);
        unit.redundant = Answer::Na;
        unit.health_check = Answer::Na;
        unit.ephemeral_disk = Answer::Yes;
        notes.deploy.push(finish(unit, &[]));
    }
}

/// The databases of the worker, or of one of its environments: that of production, or the first that is not for
/// development.
fn d1(root: &Node) -> &[Node] {
    let of = |node: &'_ Node| node.get("d1_databases").map_or(0, |list| list.list().len());
    let environments = root.get("env").map(Node::entries).unwrap_or_default();
    let has = |entry: &&Entry| of(&entry.node) > 0;
    let production = environments.iter().filter(has).find(|entry| entry.key.starts_with("prod"));
    let other = || environments.iter().filter(has).find(|entry| !development_name(&entry.key));
    let node = if of(root) > 0 { Some(root) } else { production.or_else(other).map(|entry| &entry.node) };
    node.and_then(|node| node.get("d1_databases")).map(Node::list).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::facts::testing::facts;

    const APP: (&str, &str) = (
        "package.json",
        r#"{"name":"shop","dependencies":{"hono":"4.0.0","drizzle-orm":"0.40.0"},"scripts":{"deploy":"wrangler deploy"}}"#,
    );
    const SCHEMA: (&str, &str) = (
        "src/schema.ts",
        "import { sqliteTable, text } from 'drizzle-orm/sqlite-core';\nexport const orders = sqliteTable('orders', { id: text() });\n",
    );
    const DIALECT: (&str, &str) = (
        "drizzle.config.ts",
        "import { defineConfig } from 'drizzle-kit';\nexport default defineConfig({ dialect: 'sqlite', schema: './src/schema.ts' });\n",
    );

    fn databases(wrangler: &str) -> Vec<String> {
        let all = facts(&[APP, SCHEMA, DIALECT, ("wrangler.jsonc", wrangler)]).databases;
        all.into_iter().map(|database| database.name).collect()
    }

    #[test]
    fn the_database_of_an_environment_is_the_one_that_the_code_uses() {
        let environments = r#"{"name":"shop","main":"src/index.ts","env":{
            "development":{"d1_databases":[{"binding":"DB","database_name":"local"}]},
            "production":{"d1_databases":[{"binding":"DB","database_name":"shop"}]}}}"#;
        assert_eq!(databases(environments), ["the D1 database at Cloudflare"]);
        let top = r#"{"name":"shop","main":"src/index.ts","d1_databases":[{"binding":"DB","database_name":"shop"}]}"#;
        assert_eq!(databases(top), ["the D1 database at Cloudflare"]);
    }

    #[test]
    fn a_database_for_development_alone_shows_no_other() {
        let local =
            r#"{"name":"shop","main":"src/index.ts","env":{"dev":{"d1_databases":[{"binding":"DB"}]}}}"#;
        assert_eq!(databases(local), ["the SQLite database file"]);
    }
}
