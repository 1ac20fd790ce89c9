//! Where specifiers lead in small repositories.

use std::sync::Arc;

use super::super::{Target, link, parse};

/// `file: specifier` for each, and where it leads: a path, `package name` or `missing`.
fn led(files: &[&str], configurations: &[(&str, &str)], asked: &[(&str, &str)]) -> Vec<String> {
    let modules = files.iter().map(|path| {
        let imports: String = asked
            .iter()
            .filter(|(from, _)| from == path)
            .map(|(_, specifier)| format!("import '{specifier}';\n"))
            .collect();
        let is_component = path.ends_with(".svelte");
        let text = if is_component { format!("<script>{imports}</script>") } else { imports };
        Arc::new(parse(path, &text))
    });
    let configurations: Vec<(String, String)> =
        configurations.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let code = link(modules.collect(), &configurations);
    asked
        .iter()
        .map(|(from, specifier)| match code.target(code.at(from).unwrap(), specifier) {
            Target::Module(id) => code.module(id).path.clone(),
            Target::Package(name) => format!("package {name}"),
            Target::Missing => "missing".to_owned(),
        })
        .collect()
}

fn check(files: &[&str], configurations: &[(&str, &str)], expected: &[(&str, &str, &str)]) {
    let asked: Vec<(&str, &str)> = expected.iter().map(|(from, specifier, _)| (*from, *specifier)).collect();
    let found = led(files, configurations, &asked);
    for ((from, specifier, expected), found) in expected.iter().zip(found) {
        assert_eq!(found, *expected, "{specifier} in {from}");
    }
}

#[test]
fn packages_of_the_workspace_are_found_by_their_names() {
    check(
        &[
            "apps/web/a.ts",
            "packages/ui/src/index.ts",
            "packages/ui/src/button.tsx",
            "packages/db/client.ts",
            "packages/db/lib/util.ts",
            "packages/auth/src/server/index.ts",
            "examples/stripe/index.js",
        ],
        &[
            (
                "apps/web/package.json",
                r##"{"name": "web", "imports": {"#auth": "@acme/auth/server", "#here/*": "./*.ts", "#gone": "./gone.ts"},
                "dependencies": {"@acme/ui": "workspace:*", "@acme/db": "*", "stripe": "^14.0.0", "old": "npm:@acme/ui@0.1"}}"##,
            ),
            ("packages/ui/package.json", r#"{"name": "@acme/ui", "main": "dist/index.js"}"#),
            (
                "packages/db/package.json",
                r#"{"name": "@acme/db", "exports": {".": {"import": "./dist/client.mjs"}}}"#,
            ),
            (
                "packages/auth/package.json",
                r#"{"name": "@acme/auth", "exports": {"./*": {"types": "./dist/*/index.d.ts", "default": "./dist/*/index.js"}}}"#,
            ),
            ("examples/stripe/package.json", r#"{"name": "stripe", "version": "0.0.1"}"#),
        ],
        &[
            ("apps/web/a.ts", "@acme/ui", "packages/ui/src/index.ts"),
            ("apps/web/a.ts", "@acme/ui/button", "packages/ui/src/button.tsx"),
            ("apps/web/a.ts", "@acme/ui/nothing", "missing"),
            ("apps/web/a.ts", "@acme/db", "packages/db/client.ts"),
            ("apps/web/a.ts", "@acme/db/util", "packages/db/lib/util.ts"),
            ("apps/web/a.ts", "@acme/auth/server", "packages/auth/src/server/index.ts"),
            ("apps/web/a.ts", "#auth", "packages/auth/src/server/index.ts"),
            ("apps/web/a.ts", "#here/a", "apps/web/a.ts"),
            ("apps/web/a.ts", "#gone", "missing"),
            ("apps/web/a.ts", "#supabase/server", "package #supabase/server"),
            ("apps/web/a.ts", "stripe", "package stripe"),
            ("examples/stripe/index.js", "stripe", "package stripe"),
            ("apps/web/a.ts", "@acme/other", "package @acme/other"),
        ],
    );
}

#[test]
fn functions_of_deno_have_their_own_maps() {
    check(
        &[
            "supabase/functions/a/index.ts",
            "supabase/functions/b/index.ts",
            "supabase/functions/_shared/cors.ts",
        ],
        &[
            (
                "supabase/functions/a/deno.json",
                r#"{"imports": {"shared/": "../_shared/", "stripe": "npm:stripe@14"}}"#,
            ),
            (
                "supabase/functions/import_map.json",
                r#"{"imports": {"stripe": "https://esm.sh/stripe@12?target=deno", "cors": "./_shared/cors.ts"}}"#,
            ),
            ("package.json", r#"{"name": "app"}"#),
        ],
        &[
            ("supabase/functions/a/index.ts", "shared/cors.ts", "supabase/functions/_shared/cors.ts"),
            ("supabase/functions/a/index.ts", "stripe", "package stripe"),
            ("supabase/functions/b/index.ts", "stripe", "package stripe"),
            ("supabase/functions/b/index.ts", "cors", "supabase/functions/_shared/cors.ts"),
            ("supabase/functions/b/index.ts", "shared/cors.ts", "package shared/cors"),
            ("supabase/functions/b/index.ts", "../_shared/cors.ts", "supabase/functions/_shared/cors.ts"),
            (
                "supabase/functions/b/index.ts",
                "https://deno.land/std@0.168.0/http/server.ts",
                "package std/http/server",
            ),
            (
                "supabase/functions/b/index.ts",
                "jsr:@supabase/functions-js/edge-runtime.d.ts",
                "package @supabase/functions-js/edge-runtime.d",
            ),
        ],
    );
}

#[test]
fn the_nearest_configuration_counts_and_what_is_not_there_is_missing() {
    check(
        &["src/lib/a.ts", "web/src/lib/a.ts", "web/src/x.ts", "src/y.ts", "web/utils.ts"],
        &[
            (
                "tsconfig.json",
                r#"{"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["./src/*"], "react": ["./node_modules/@types/react"]}}}"#,
            ),
            (
                "web/tsconfig.json",
                r#"{"compilerOptions": {"baseUrl": "."}, "references": [{"path": "./tsconfig.app.json"}]}"#,
            ),
            (
                "web/tsconfig.app.json",
                r#"{"compilerOptions": {"paths": {"@/*": ["./src/*"], "gen/*": ["./made/*"]}}}"#,
            ),
        ],
        &[
            ("src/y.ts", "@/lib/a", "src/lib/a.ts"),
            ("web/src/x.ts", "@/lib/a", "web/src/lib/a.ts"),
            ("web/src/x.ts", "@/lib/nothing", "missing"),
            ("web/src/x.ts", "gen/client", "missing"),
            ("web/src/x.ts", "utils", "web/utils.ts"),
            ("web/src/x.ts", "react", "package react"),
            ("src/y.ts", "react", "package react"),
            ("src/y.ts", "src/lib/a", "src/lib/a.ts"),
            ("src/y.ts", "../../outside", "missing"),
            ("src/y.ts", "./lib/a.js?raw", "src/lib/a.ts"),
        ],
    );
}

#[test]
fn what_everybody_means_by_an_alias_needs_no_configuration() {
    check(
        &["web/src/lib/a.ts", "web/src/b.svelte", "web/server/c.ts"],
        &[("web/package.json", "{}")],
        &[
            ("web/src/b.svelte", "@/lib/a", "web/src/lib/a.ts"),
            ("web/src/b.svelte", "~/server/c", "web/server/c.ts"),
            ("web/src/b.svelte", "$lib/a", "web/src/lib/a.ts"),
            ("web/src/b.svelte", "/src/lib/a.ts", "web/src/lib/a.ts"),
            ("web/src/b.svelte", "$env/static/private", "package $env/static/private"),
            ("web/src/b.svelte", "@/nothing", "missing"),
            ("web/src/b.svelte", "@scope/name", "package @scope/name"),
        ],
    );
}

#[test]
fn what_is_hostile_ends() {
    let deep = format!("{}a.ts", "d/".repeat(1500));
    let long = "x/".repeat(5000);
    let configurations: Vec<(String, String)> = (0..200)
        .map(|i| {
            let next = (i + 1) % 200;
            let text = format!(r#"{{"extends": ["./tsconfig.{next}.json", "./tsconfig.{i}.json"], "references": [{{"path": "./tsconfig.{next}.json"}}]}}"#);
            (format!("tsconfig.{i}.json"), text)
        })
        .chain([
            ("package.json".to_owned(), r##"{"name": "a", "imports": {"#a": "#b", "#b": "#a"}, "exports": {".": "a"}}"##.to_owned()),
            ("deno.json".to_owned(), r#"{"imports": {"a": "a", "b": "c", "c": "b"}, "importMap": "deno.json"}"#.to_owned()),
            ("x/package.json".to_owned(), "[".repeat(100_000)),
        ])
        .collect();
    let configurations: Vec<(&str, &str)> =
        configurations.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let asked = [
        (deep.as_str(), "./b"),
        (&deep, "#a"),
        (&deep, "a"),
        (&deep, "b"),
        (&deep, "@/x"),
        (&deep, &long),
        (&deep, "@"),
    ];
    let found = led(&[&deep], &configurations, &asked);
    assert_eq!(found[..2], ["missing", "package #a"]);
}
