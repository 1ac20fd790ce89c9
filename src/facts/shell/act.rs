//! What one command does by itself.

use super::{data, pipeline};

/// What one command does, told from its program and arguments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Act {
    /// The test tool it runs, `""` for none.
    pub tests: &'static str,
    /// Whether it lints or checks types.
    pub checks: bool,
    /// Whether it checks types.
    pub types: bool,
    /// Whether it builds.
    pub builds: bool,
    /// Whether it deploys or publishes.
    pub deploys: bool,
    /// The engine that it dumps or replicates, `""` for none.
    pub dumps: &'static str,
    /// The engine that it restores, `""` for none.
    pub restores: &'static str,
    /// What it destroys, as the end of "it …"; `""` for nothing.
    pub destroys: &'static str,
    /// Whether it applies migrations to a database.
    pub migrates: bool,
    /// Whether it is a development server.
    pub dev_server: bool,
    /// Whether it copies files to another machine or a bucket.
    pub uploads: bool,
}

/// What `words` do by themselves.
pub fn act(words: &[String], input: &str) -> Act {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let Some((program, rest)) = words.split_first() else { return Act::default() };
    let program = program.rsplit('/').next().unwrap_or(program);
    // `npx wrangler@3.99.0` runs wrangler.
    let program = program.split('@').next().filter(|name| !name.is_empty()).unwrap_or(program);
    let first = rest.iter().find(|w| !w.starts_with('-')).copied().unwrap_or_default();
    let has = |word: &str| rest.contains(&word);
    // A question is no run.
    if rest.len() == 1 && (has("--version") || has("--help") || has("-v") || has("-V")) {
        return Act::default();
    }
    Act {
        tests: pipeline::tests(program, first, rest),
        checks: pipeline::checks(program, first, rest),
        types: pipeline::types(program, first, rest),
        builds: pipeline::builds(program, first, rest),
        deploys: pipeline::deploys(program, first, rest),
        dumps: data::dumps(program, rest),
        restores: data::restores(program, first, rest, input),
        destroys: data::destroys(program, first, rest),
        migrates: data::migrates(program, first, rest),
        dev_server: dev_server(program, first, rest),
        uploads: data::uploads(program, first, rest),
    }
}

fn dev_server(program: &str, first: &str, rest: &[&str]) -> bool {
    let has = |word: &str| rest.contains(&word);
    match (program, first) {
        (
            "next" | "nuxt" | "nuxi" | "astro" | "remix" | "gatsby" | "svelte-kit" | "wrangler",
            "dev" | "develop",
        ) => true,
        ("vite", "build" | "optimize") => false,
        ("vite", _) => true,
        ("nodemon" | "ts-node-dev" | "tsnd" | "webpack-dev-server" | "live-server" | "air", _) => true,
        ("react-scripts" | "craco" | "expo" | "vinxi", "start" | "dev") => true,
        ("webpack" | "ng", "serve") => true,
        ("node" | "tsx" | "bun", _) if has("--watch") || has("watch") => true,
        ("flask", _) => rest.iter().any(|w| *w == "--debug" || *w == "--reload") || has("run"),
        ("fastapi", "dev") => true,
        ("uvicorn" | "hypercorn" | "gunicorn", _) => has("--reload"),
        ("manage.py", "runserver") => true,
        ("python" | "python3", _) if rest.iter().any(|w| w.ends_with("manage.py")) => has("runserver"),
        ("php", _) => has("artisan") && has("serve"),
        ("cargo", "watch") => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::shell::commands;

    fn of(script: &str) -> Act {
        let all = commands(script);
        let last = all.last().unwrap();
        act(&last.words, &last.input)
    }

    #[test]
    fn test_runs_are_known() {
        for (script, tool) in [
            ("npx vitest run --coverage", "vitest"),
            ("uv run pytest -q", "pytest"),
            ("coverage run -m pytest", "pytest"),
            ("cargo nextest run", "cargo test"),
            ("pnpm exec playwright test", "playwright"),
            ("python manage.py test", "unittest"),
            ("bun test", "bun:test"),
            ("pytest --version", ""),
            ("playwright install", ""),
            ("pip install pytest", ""),
            ("vite build", ""),
            ("echo vitest", ""),
        ] {
            assert_eq!(of(script).tests, tool, "{script}");
        }
    }

    #[test]
    fn dumps_restores_and_destruction() {
        assert_eq!(of("pg_dump \"$URL\" > out.sql").dumps, "postgres");
        assert_eq!(of("pg_dump --schema-only x").dumps, "");
        assert_eq!(of("supabase db dump -f x.sql").dumps, "postgres");
        assert_eq!(of("sqlite3 app.db '.backup /b/app.db'").dumps, "sqlite");
        assert_eq!(of("psql $URL < backup.sql").restores, "postgres");
        assert_eq!(of("psql $URL < schema.sql").restores, "");
        assert_eq!(of("gunzip -c b.gz | psql $URL").restores, "postgres");
        assert_eq!(of("npx prisma migrate deploy").destroys, "");
        assert!(!of("npx prisma db push --accept-data-loss").destroys.is_empty());
    }

    #[test]
    fn migrations_are_known() {
        for script in [
            "npx prisma migrate deploy",
            "alembic upgrade head",
            "uv run alembic upgrade head",
            "python manage.py migrate --noinput",
            "npx drizzle-kit migrate",
            "supabase db reset",
            "php artisan migrate --force",
            "bundle exec rails db:migrate",
            "psql $URL -f db/migrations/001.sql",
        ] {
            assert!(of(script).migrates, "{script}");
        }
        for script in
            ["npx prisma generate", "alembic history", "supabase functions deploy", "psql $URL -c x"]
        {
            assert!(!of(script).migrates, "{script}");
        }
    }

    #[test]
    fn dev_servers_and_deploys() {
        for script in ["next dev", "vite", "vite preview", "nodemon index.js", "uvicorn main:app --reload"] {
            assert!(of(script).dev_server, "{script}");
        }
        for script in
            ["next start", "vite build", "uvicorn main:app", "gunicorn app:app", "node dist/index.js"]
        {
            assert!(!of(script).dev_server, "{script}");
        }
        assert!(of("flyctl deploy --remote-only").deploys);
        assert!(of("vercel --prod --token=x").deploys);
        assert!(!of("vercel pull").deploys);
    }
}
