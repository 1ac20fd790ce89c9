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
    /// Whether it is a development server.
    pub dev_server: bool,
    /// Whether it copies files to another machine or a bucket.
    pub uploads: bool,
}

/// A command that runs what another file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Indirect {
    /// A script of a package manifest.
    Package {
        /// Its name.
        name: String,
        /// The folder it names, relative to where the command runs.
        folder: String,
        /// A workspace it names, by name or folder; or every workspace (`*`).
        workspace: String,
    },
    /// A target of a `Makefile`, `justfile` or `Taskfile`.
    Target {
        /// `make`, `just` or `task`.
        tool: &'static str,
        /// Its name, `""` for the default.
        name: String,
        /// The folder it names.
        folder: String,
    },
    /// A shell script, relative to where the command runs.
    File(String),
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
        tests: tests(program, first, rest),
        checks: checks(program, first, rest),
        types: types(program, first, rest),
        builds: builds(program, first, rest),
        deploys: deploys(program, first, rest),
        dumps: dumps(program, rest),
        restores: restores(program, first, rest, input),
        destroys: destroys(program, first, rest),
        dev_server: dev_server(program, first, rest),
        uploads: uploads(program, first, rest),
    }
}

fn tests(program: &str, first: &str, rest: &[&str]) -> &'static str {
    let has = |word: &str| rest.contains(&word);
    match (program, first) {
        ("vitest", "bench" | "init" | "list") => "",
        ("vitest", _) => "vitest",
        ("jest", _) if !has("--init") => "jest",
        ("react-scripts" | "craco", "test") => "jest",
        ("mocha", _) => "mocha",
        ("ava", _) => "ava",
        ("tape" | "tap" | "borp", _) => "tape",
        ("jasmine", _) => "jasmine",
        ("karma", "start") => "karma",
        ("ng", "test") => "karma",
        ("playwright", "test") => "playwright",
        ("cypress", "run") => "cypress",
        ("wdio", _) => "webdriverio",
        ("detox", "test") => "detox",
        ("maestro", "test") => "maestro",
        ("node" | "tsx", _) if has("--test") => "node:test",
        ("bun", "test") => "bun:test",
        ("deno", "test") => "deno",
        ("pytest" | "py.test", _) if !has("--collect-only") => "pytest",
        ("unittest", _) => "unittest",
        ("tox" | "nox", _) => "pytest",
        ("manage.py", "test") => "unittest",
        ("python" | "python3", _) if rest.iter().any(|w| w.ends_with("manage.py")) && has("test") => {
            "unittest"
        }
        ("cargo", "test" | "nextest" | "t") if !has("--no-run") => "cargo test",
        ("cross" | "cargo-nextest", "test" | "run") => "cargo test",
        ("cargo", "llvm-cov" | "tarpaulin") => "cargo test",
        ("go", "test") => "go test",
        ("gotestsum" | "ginkgo", _) => "go test",
        ("rspec", _) => "rspec",
        ("rails" | "rake", "test" | "spec" | "test:system" | "test:all") => "rails test",
        ("mvn" | "mvnw", _) if has("test") || has("verify") || has("install") => "maven",
        ("gradle" | "gradlew", _) if has("test") || has("check") || has("build") => "gradle",
        ("flutter" | "dart", "test") => "flutter test",
        ("phpunit" | "pest", _) => "phpunit",
        ("artisan", "test") => "phpunit",
        ("php", _) if rest.iter().any(|w| w.ends_with("artisan")) && has("test") => "phpunit",
        ("dotnet", "test") => "dotnet test",
        ("swift", "test") => "swift test",
        ("mix", "test") => "mix test",
        ("xcodebuild", _) if has("test") => "xcodebuild",
        ("supabase", "test") => "pgtap",
        ("pg_prove", _) => "pgtap",
        ("k6", "run") => "k6",
        ("artillery", "run") => "artillery",
        ("locust", _) => "locust",
        ("newman", "run") => "newman",
        ("behave", _) => "behave",
        _ => "",
    }
}

fn types(program: &str, first: &str, rest: &[&str]) -> bool {
    match (program, first) {
        ("tsc" | "vue-tsc" | "tsgo", _) => !rest.contains(&"--init"),
        ("svelte-check" | "mypy" | "pyright" | "basedpyright" | "ty" | "pyre", _) => true,
        ("astro" | "deno", "check") => true,
        ("cargo", "check" | "clippy" | "build" | "test") => true,
        _ => false,
    }
}

fn checks(program: &str, first: &str, rest: &[&str]) -> bool {
    const LINTERS: &[&str] = &[
        "eslint",
        "ruff",
        "flake8",
        "pylint",
        "black",
        "golangci-lint",
        "rubocop",
        "oxlint",
        "biome",
        "prettier",
        "stylelint",
        "standard",
        "xo",
        "brakeman",
        "pre-commit",
    ];
    let subcommand = matches!(
        (program, first),
        ("next" | "deno" | "ng", "lint")
            | ("cargo", "fmt" | "clippy")
            | ("go", "vet")
            | ("flutter" | "dart", "analyze")
    );
    LINTERS.contains(&program) || subcommand || types(program, first, rest)
}

fn builds(program: &str, first: &str, rest: &[&str]) -> bool {
    match (program, first) {
        ("vite" | "next" | "nuxt" | "astro" | "remix" | "ng" | "expo" | "gatsby" | "svelte-kit", "build") => {
            true
        }
        ("react-scripts" | "nest" | "cargo" | "go" | "flutter" | "dotnet" | "docker", "build") => true,
        ("docker", _) => rest.contains(&"build"),
        ("tsc" | "vue-tsc", _) => !rest.contains(&"--noEmit"),
        ("webpack" | "rollup" | "esbuild" | "tsup" | "parcel", _) => true,
        _ => false,
    }
}

fn deploys(program: &str, first: &str, rest: &[&str]) -> bool {
    let has = |word: &str| rest.contains(&word);
    let any = |words: &[&str]| words.iter().any(|w| rest.contains(w));
    match (program, first) {
        ("vercel", _) => !any(&["pull", "build", "env", "link", "inspect", "ls"]),
        ("netlify", "deploy") | ("ntl", "deploy") => true,
        ("fly" | "flyctl", "deploy") | ("railway", "up") | ("render", "deploys") => true,
        ("wrangler", "deploy" | "publish") => true,
        ("wrangler", "pages") => has("deploy") || has("publish"),
        ("firebase", "deploy") | ("amplify", "publish") | ("eb", "deploy") | ("cdk", "deploy") => true,
        ("gcloud", _) => has("deploy") || has("submit"),
        ("aws", _) => {
            (has("ecs") && has("update-service"))
                || (has("lambda") && has("update-function-code"))
                || (has("cloudformation") && has("deploy"))
        }
        ("az", _) => has("up") || has("deployment") || has("deploy"),
        ("supabase", "functions") => has("deploy"),
        ("supabase", "db") => has("push"),
        ("docker" | "podman", "push") => true,
        ("docker", _) => has("--push") || (has("imagetools") && has("create")),
        ("npm" | "pnpm" | "yarn" | "bun" | "cargo" | "poetry" | "uv", "publish") | ("twine", "upload") => {
            true
        }
        ("kubectl", "apply" | "rollout" | "set") | ("helm", "upgrade" | "install" | "push") => true,
        ("helmfile", "apply" | "sync") => true,
        ("gh", "release") => has("create") || has("upload"),
        ("kamal", "deploy") | ("cap", _) | ("serverless" | "sls" | "sst", "deploy") => true,
        ("terraform" | "tofu" | "pulumi", "apply" | "up") => true,
        ("heroku", _) => has("container:release") || has("container:push"),
        ("git", "push") => rest.iter().any(|w| w.contains("heroku") || w.contains("dokku")),
        ("gh-pages" | "surge", _) => true,
        ("curl" | "wget" | "http", _) => rest.iter().any(|w| {
            let w = w.to_ascii_lowercase();
            w.contains("deploy_hook")
                || w.contains("deploy-hook")
                || w.contains("build_hooks")
                || w.contains("render.com/deploy")
        }),
        ("ssh", _) => rest.iter().any(|w| {
            ["docker compose", "docker-compose", "git pull", "deploy", "systemctl restart", "pm2 "]
                .iter()
                .any(|d| w.contains(d))
        }),
        ("eas", "submit" | "update") | ("fastlane", _) => true,
        _ => false,
    }
}

fn dumps(program: &str, rest: &[&str]) -> &'static str {
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

fn restores(program: &str, first: &str, rest: &[&str], input: &str) -> &'static str {
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

fn destroys(program: &str, first: &str, rest: &[&str]) -> &'static str {
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

fn uploads(program: &str, first: &str, rest: &[&str]) -> bool {
    match program {
        "aws" => first == "s3" || first == "s3api",
        "gsutil" | "rclone" | "scp" | "rsync" | "s3cmd" | "b2" | "azcopy" | "restic" | "borg" | "mc"
        | "sftp" => true,
        "gcloud" => first == "storage",
        "curl" => rest.iter().any(|w| matches!(*w, "-T" | "--upload-file" | "-F")),
        _ => false,
    }
}

const OWN_PROGRAMS: &[&str] = &[
    "gradlew",
    "mvnw",
    "manage.py",
    "artisan",
    "rails",
    "rake",
    "bundle",
    "brakeman",
    "rubocop",
    "importmap",
    "console",
    "flutter",
    "dart",
    "bundler-audit",
    "activate",
];

/// Whether `words` run what another file says.
pub fn indirect(words: &[String]) -> Option<Indirect> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (program, rest) = words.split_first()?;
    match *program {
        "npm" | "pnpm" | "yarn" | "bun" | "ni" | "nr" | "npm-run-all" | "run-s" | "run-p" => {
            package(program, rest)
        }
        "make" | "gmake" => Some(target("make", rest)),
        "just" => Some(target("just", rest)),
        "task" => Some(target("task", rest)),
        "deno" if rest.first() == Some(&"task") => package("npm", rest),
        // Programs of frameworks that happen to lie in the repository.
        program if OWN_PROGRAMS.contains(&program.rsplit('/').next().unwrap_or(program)) => None,
        "bash" | "sh" | "zsh" | "source" | "." => {
            let file = rest.iter().find(|w| !w.starts_with('-'))?;
            Some(Indirect::File((*file).to_owned()))
        }
        script if script.ends_with(".sh") || script.starts_with("./") => {
            Some(Indirect::File(script.to_owned()))
        }
        script if script.starts_with("scripts/") || script.starts_with("bin/") => {
            Some(Indirect::File(script.to_owned()))
        }
        _ => None,
    }
}

fn package(program: &str, rest: &[&str]) -> Option<Indirect> {
    const OWN: &[&str] = &[
        "install",
        "ci",
        "i",
        "add",
        "remove",
        "audit",
        "publish",
        "pack",
        "version",
        "init",
        "link",
        "config",
        "cache",
        "outdated",
        "update",
        "up",
        "why",
        "dedupe",
        "prune",
        "rebuild",
        "create",
        "login",
        "info",
        "view",
        "exec",
        "dlx",
        "x",
        "set",
        "import",
        "fetch",
        "store",
        "global",
        "upgrade",
        "pm",
        "deploy",
        "approve-builds",
    ];
    let (mut folder, mut workspace) = (String::new(), String::new());
    let mut plain: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(word) = rest.get(at).copied() {
        let value = rest.get(at + 1).copied().unwrap_or_default();
        match word {
            "--" => break,
            "--prefix" | "-C" | "--cwd" | "--dir" => {
                folder = value.to_owned();
                at += 1;
            }
            "-w" | "--workspace" | "--filter" | "-F" if program != "pnpm" || word != "-w" => {
                workspace = value.to_owned();
                at += 1;
            }
            "-r" | "--recursive" | "--workspaces" | "-ws" => workspace = "*".to_owned(),
            "workspaces" if plain.is_empty() => {
                workspace = "*".to_owned();
                at += usize::from(value == "foreach");
            }
            "workspace" if plain.is_empty() => {
                workspace = value.to_owned();
                at += 1;
            }
            _ => match word.split_once('=') {
                Some(("--prefix" | "--cwd" | "--dir", value)) => folder = value.to_owned(),
                Some(("--filter" | "--workspace" | "-F", value)) => workspace = value.to_owned(),
                _ if word.starts_with('-') => {}
                _ => plain.push(word),
            },
        }
        at += 1;
    }
    let name = match (program, plain.as_slice()) {
        (_, ["run" | "run-script" | "task", name, ..]) => name,
        ("npm" | "pnpm" | "yarn", ["t" | "tst", ..]) => "test",
        ("npm", [name @ ("test" | "start" | "stop" | "restart"), ..]) => name,
        ("npm", _) => return None,
        // `bun test` is bun's own runner and `bun file.ts` runs a file.
        ("bun", ["test", ..]) => return None,
        ("bun", [name, ..]) if name.contains('.') => return None,
        (_, [name, ..]) if !OWN.contains(name) => name,
        _ => return None,
    };
    Some(Indirect::Package {
        name: name.to_string(),
        folder,
        workspace: workspace.trim_matches('"').to_owned(),
    })
}

fn target(tool: &'static str, rest: &[&str]) -> Indirect {
    let mut folder = String::new();
    let mut name = String::new();
    let mut at = 0;
    while let Some(word) = rest.get(at) {
        if *word == "-C" || *word == "--directory" || *word == "-d" {
            folder = rest.get(at + 1).copied().unwrap_or_default().to_owned();
            at += 1;
        } else if !word.starts_with('-') && !word.contains('=') && name.is_empty() {
            (*word).clone_into(&mut name);
        }
        at += 1;
    }
    Indirect::Target { tool, name, folder }
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

    #[test]
    fn scripts_of_other_files() {
        let of = |script: &str| indirect(&commands(script)[0].words);
        let package = |name: &str, folder: &str, workspace: &str| {
            Some(Indirect::Package { name: name.into(), folder: folder.into(), workspace: workspace.into() })
        };
        assert_eq!(of("npm test"), package("test", "", ""));
        assert_eq!(of("npm run test:unit -- --ci"), package("test:unit", "", ""));
        assert_eq!(of("pnpm --filter web test"), package("test", "", "web"));
        assert_eq!(of("yarn --cwd api test"), package("test", "api", ""));
        assert_eq!(of("pnpm -r test"), package("test", "", "*"));
        assert_eq!(of("npm ci"), None);
        assert_eq!(of("bun test"), None);
        assert_eq!(of("./scripts/ci.sh"), Some(Indirect::File("./scripts/ci.sh".into())));
        assert_eq!(
            of("make -C api test"),
            Some(Indirect::Target { tool: "make", name: "test".into(), folder: "api".into() })
        );
    }
}
