//! Which commands dump, restore, destroy and move data.

pub(super) fn dumps(program: &str, rest: &[&str]) -> &'static str {
    let has = |word: &str| rest.contains(&word);
    match program {
        // Only the structure is no backup.
        "pg_dump" | "pg_dumpall" if has("--schema-only") || has("-s") => "",
        "pg_dump" | "pg_dumpall" | "pg_basebackup" => "postgres",
        "supabase" if has("db") && has("dump") => "postgres",
        "mysqldump" | "mariadb-dump" | "mydumper" => {
            if has("--no-data") || has("-d") {
                ""
            } else {
                "mysql"
            }
        }
        "mongodump" => "mongodb",
        "sqlite3" => {
            let dumps = rest.iter().any(|w| {
                w.contains(".backup") || w.contains(".dump") || w.to_ascii_lowercase().contains("vacuum into")
            });
            if dumps { "sqlite" } else { "" }
        }
        "litestream" if has("replicate") => "sqlite",
        "wal-g" if has("backup-push") => "postgres",
        "pgbackrest" if has("backup") => "postgres",
        "barman" if has("backup") => "postgres",
        "heroku" if has("pg:backups:capture") || has("pg:backups:schedule") => "postgres",
        "turso" if has("dump") => "sqlite",
        "wrangler" if has("d1") && has("export") => "d1",
        "gcloud" if has("firestore") && has("export") => "firestore",
        "gcloud" if has("sql") && (has("export") || has("backups")) => "postgres",
        _ => "",
    }
}

pub(super) fn restores(program: &str, first: &str, rest: &[&str], input: &str) -> &'static str {
    let has = |word: &str| rest.contains(&word);
    let dump = input.ends_with(".sql")
        || input.ends_with(".dump")
        || matches!(input, "gunzip" | "zcat" | "gzip" | "zstd" | "pg_dump" | "mysqldump" | "cat" | "gpg");
    let named_like_a_backup = |path: &str| {
        let path = path.to_ascii_lowercase();
        path.contains("backup") || path.contains("dump") || path.contains("restore") || path.starts_with('$')
    };
    match program {
        "pg_restore" if !has("-l") && !has("--list") => "postgres",
        "psql" if dump && (named_like_a_backup(input) || !input.contains('.')) && input != "cat" => {
            "postgres"
        }
        "psql" => {
            let file = rest.iter().position(|w| *w == "-f").and_then(|at| rest.get(at + 1));
            if file.is_some_and(|f| !f.starts_with('$') && named_like_a_backup(f)) { "postgres" } else { "" }
        }
        "mysql" | "mariadb"
            if dump && (named_like_a_backup(input) || !input.contains('.')) && input != "cat" =>
        {
            "mysql"
        }
        "mongorestore" => "mongodb",
        "litestream" if first == "restore" => "sqlite",
        "wal-g" if has("backup-fetch") => "postgres",
        "pgbackrest" if has("restore") => "postgres",
        "barman" if has("recover") => "postgres",
        "heroku" if has("pg:backups:restore") => "postgres",
        _ => "",
    }
}

pub(super) fn destroys(program: &str, first: &str, rest: &[&str]) -> &'static str {
    let has = |word: &str| rest.contains(&word);
    match program {
        "prisma" if has("migrate") && has("reset") => "drops the database and creates it anew",
        "prisma" if has("db") && has("push") && (has("--accept-data-loss") || has("--force-reset")) => {
            "changes the schema and accepts the loss of data"
        }
        "drizzle-kit" if first.starts_with("push") && has("--force") => {
            "changes the schema and accepts the loss of data"
        }
        "typeorm" | "typeorm-ts-node-commonjs" if first == "schema:drop" => "drops every table",
        "sequelize" | "sequelize-cli" if first == "db:drop" => "drops the database",
        "knex" if first == "migrate:rollback" && has("--all") => {
            "takes every migration back, with its tables"
        }
        "rails" | "rake" if rest.iter().any(|w| matches!(*w, "db:drop" | "db:reset" | "db:schema:load")) => {
            "drops the database and creates it anew"
        }
        "artisan" if first == "migrate:fresh" || first == "migrate:refresh" || first == "db:wipe" => {
            "drops every table and creates it anew"
        }
        "php" if has("artisan") && rest.iter().any(|w| matches!(*w, "migrate:fresh" | "db:wipe")) => {
            "drops every table and creates it anew"
        }
        "supabase" if has("db") && has("reset") && (has("--linked") || has("--db-url")) => {
            "resets the linked database"
        }
        "python" | "python3" | "manage.py"
            if has("flush") && rest.iter().any(|w| w.contains("manage.py")) =>
        {
            "deletes every row"
        }
        "dropdb" => "drops the database",
        _ => "",
    }
}

pub(super) fn migrates(program: &str, first: &str, rest: &[&str]) -> bool {
    let has = |word: &str| rest.contains(&word);
    match (program, first) {
        ("prisma", "migrate") => has("deploy") || has("dev") || has("reset"),
        ("prisma", "db") => has("push"),
        ("drizzle-kit", _) => matches!(first, "migrate" | "push" | "up") || first.starts_with("push:"),
        ("alembic", "upgrade") | ("flask", "db") | ("piccolo", "migrations") => !has("history"),
        ("manage.py", "migrate" | "test") => true,
        // Django's test run builds its database by the migrations.
        ("python" | "python3", _) => {
            rest.iter().any(|w| w.ends_with("manage.py")) && (has("migrate") || has("test"))
                || has("alembic") && has("upgrade")
        }
        ("rails" | "rake", _) => rest.iter().any(|w| w.starts_with("db:")),
        ("supabase", "start" | "test") => true,
        ("supabase", "db") => has("reset") || has("push") || has("start"),
        ("supabase", "migration") => has("up"),
        ("knex", _) => first.starts_with("migrate:"),
        ("sequelize" | "sequelize-cli", _) => first.starts_with("db:migrate"),
        ("typeorm" | "typeorm-ts-node-commonjs" | "typeorm-ts-node-esm", _) => first == "migration:run",
        ("mikro-orm", _) => first.starts_with("migration:") || first.starts_with("schema:"),
        ("php" | "artisan", _) => rest.iter().any(|w| w.starts_with("migrate")),
        ("flyway" | "goose" | "dbmate" | "migrate" | "node-pg-migrate" | "liquibase" | "tern", _) => {
            has("migrate") || has("up") || has("update")
        }
        ("sqlx" | "diesel" | "refinery" | "atlas" | "sea-orm-cli", _) => {
            has("run") || has("migrate") || has("apply") || has("up")
        }
        ("wrangler", "d1") => has("migrations") && has("apply"),
        ("psql" | "mysql" | "sqlite3", _) => rest.iter().any(|w| w.contains("migration")),
        _ => false,
    }
}

pub(super) fn uploads(program: &str, first: &str, rest: &[&str]) -> bool {
    match program {
        "aws" => first == "s3" || first == "s3api",
        "gsutil" | "rclone" | "scp" | "rsync" | "s3cmd" | "b2" | "azcopy" | "restic" | "borg" | "mc"
        | "sftp" => true,
        "gcloud" => first == "storage",
        "curl" => rest.iter().any(|w| matches!(*w, "-T" | "--upload-file" | "-F")),
        _ => false,
    }
}
