//! Which commands test, check, build and deploy.

pub(super) fn tests(program: &str, first: &str, rest: &[&str]) -> &'static str {
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

pub(super) fn types(program: &str, first: &str, rest: &[&str]) -> bool {
    match (program, first) {
        ("tsc" | "vue-tsc" | "tsgo", _) => !rest.contains(&"--init"),
        ("svelte-check" | "mypy" | "pyright" | "basedpyright" | "ty" | "pyre", _) => true,
        ("astro" | "deno", "check") => true,
        ("cargo", "check" | "clippy" | "build" | "test") => true,
        _ => false,
    }
}

pub(super) fn checks(program: &str, first: &str, rest: &[&str]) -> bool {
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

pub(super) fn builds(program: &str, first: &str, rest: &[&str]) -> bool {
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

pub(super) fn deploys(program: &str, first: &str, rest: &[&str]) -> bool {
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
        ("docker" | "docker-compose", _) if has("up") && rest.iter().any(|w| production_file(w)) => true,
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
        ("gh-pages" | "surge" | "deployctl", _) => true,
        ("fastapi" | "convex", "deploy") => true,
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

/// A compose file that its name says to be for production: `compose.deploy.yml`, `docker-compose.prod.yml`.
fn production_file(word: &str) -> bool {
    let yaml = word.ends_with(".yml") || word.ends_with(".yaml");
    yaml && word.split(['.', '-', '_', '/']).any(|w| matches!(w, "prod" | "production" | "deploy"))
}
