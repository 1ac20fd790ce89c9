use super::super::testing::{code, line};
use super::{Input, config, functions, unchecked};

fn edge(files: &[(&str, &str)]) -> Vec<String> {
    let code = code(files);
    let found = functions(&Input::default(), &code);
    found.declared.iter().map(|route| line(&code, route).replace("supabase/functions/", "")).collect()
}

#[test]
fn every_way_to_serve() {
    let std = "import { serve } from 'https://deno.land/std@0.168.0/http/server.ts'\n";
    let files = [
        ("supabase/functions/a/index.ts", "const x = 1\nDeno.serve(async (req) => new Response('x'))\n"),
        (
            "supabase/functions/b/index.ts",
            &format!("{std}const handler = async () => {{}}\nserve(handler)\n"),
        ),
        ("supabase/functions/c/index.ts", "Deno.serve({ port: 1 }, withCors(async () => {}))\n"),
        ("supabase/functions/d/index.ts", "export default { fetch: async (req) => {} }\n"),
        ("supabase/functions/e/index.js", "addEventListener('fetch', (event) => event.respondWith(x()))\n"),
        (
            "supabase/functions/f/index.ts",
            "import { Hono } from 'jsr:@hono/hono'\nconst app = new Hono()\napp.get('/f', (c) => c.text('x'))\nDeno.serve(app.fetch)\n",
        ),
        (
            "supabase/functions/g/index.ts",
            "import { Application } from 'jsr:@oak/oak'\nconst app = new Application()\nawait app.listen({ port: 1 })\n",
        ),
        (
            "supabase/functions/h/index.ts",
            "if (import.meta.main) {\n  Deno.serve(handle)\n}\nexport function handle() {}\n",
        ),
        ("supabase/functions/i/index.ts", "import { serve } from '../_shared/deps.ts'\nserve((req) => {})\n"),
        ("supabase/functions/j/index.ts", "import './main.ts'\n"),
        ("supabase/functions/j/main.ts", "Deno.serve(() => new Response())\n"),
        ("supabase/functions/k/index.ts", "console.log('nothing')\n"),
        ("supabase/functions/_shared/deps.ts", "export { serve } from 'jsr:@std/http'\n"),
        ("supabase/functions/_shared/index.ts", "Deno.serve(() => {})\n"),
        ("other/functions/l/index.ts", "Deno.serve(() => {})\n"),
        ("tests/fixtures/supabase/functions/m/index.ts", "Deno.serve(() => {})\n"),
    ];
    assert_eq!(
        edge(&files),
        [
            "ANY /functions/v1/a a/index.ts:2 -> function:2",
            "ANY /functions/v1/b b/index.ts:3 -> handler:2",
            "ANY /functions/v1/c c/index.ts:1 [Wrapper(0) withCors()] -> function:1",
            "ANY /functions/v1/d d/index.ts:1 -> fetch:1",
            "ANY /functions/v1/e e/index.js:1 -> function:1",
            "ANY /functions/v1/f f/index.ts:4 -> @hono/hono.Hono().fetch",
            "ANY /functions/v1/g g/index.ts:3 -> @oak/oak.Application()",
            "ANY /functions/v1/h h/index.ts:2 -> handle:4",
            "ANY /functions/v1/i i/index.ts:2 -> function:2",
            "ANY /functions/v1/j j/index.ts:1 -> function:1",
            "ANY /functions/v1/k k/index.ts:1 -> ?",
        ]
    );
}

#[test]
fn code_and_configuration_are_told_apart() {
    let text = "[functions.gone]\nverify_jwt = false\n[functions.moved]\nentrypoint = \"./src/moved.ts\"\n\
                [functions.off]\nenabled = false\n[functions.on]\n";
    let input = Input { configs: vec![config("supabase/config.toml", text).unwrap()], unchecked: Vec::new() };
    let serve = "Deno.serve(() => {})\n";
    let code = code(&[
        ("supabase/functions/extra/index.ts", serve),
        ("supabase/functions/off/index.ts", serve),
        ("supabase/functions/on/index.ts", serve),
        ("supabase/src/moved.ts", serve),
    ]);
    let found = functions(&input, &code);
    let paths: Vec<&str> = found.declared.iter().map(|route| route.path.as_str()).collect();
    assert_eq!(paths, ["/functions/v1/extra", "/functions/v1/on", "/functions/v1/moved"]);
    assert_eq!(found.without_code, [("supabase/config.toml".to_owned(), 1, "gone".to_owned())]);
    assert_eq!(found.unconfigured, ["extra"]);
    assert_eq!(found.disabled, ["off"]);
}

#[test]
fn gates_come_from_configuration_and_commands() {
    let input = Input {
        configs: vec![config("supabase/config.toml", "[functions.hook]\nverify_jwt = false\n").unwrap()],
        unchecked: unchecked("ship.sh", "supabase functions deploy mail --no-verify-jwt\n"),
    };
    let serve = "Deno.serve(() => {})\n";
    let code = code(&[
        ("supabase/functions/hook/index.ts", serve),
        ("supabase/functions/mail/index.ts", serve),
        ("supabase/functions/plain/index.ts", serve),
    ]);
    let gates: Vec<String> =
        functions(&input, &code).declared.iter().map(|route| format!("{:?}", route.gate)).collect();
    assert_eq!(
        gates,
        [
            "Off { file: \"supabase/config.toml\", line: 2 }",
            "Off { file: \"ship.sh\", line: 1 }",
            "Token { file: \"supabase/config.toml\", line: 0 }",
        ]
    );
}
