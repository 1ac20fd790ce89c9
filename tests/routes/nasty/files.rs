//! Many files, the same for each framework, and what is hard to read as text.

use super::super::support::Files;
use super::{EXPRESS, Nasty, each, one, route};

/// Many files.
pub fn modules() -> Vec<Nasty> {
    let app = |text: &str| ("src/app.ts".to_owned(), format!("{EXPRESS}{text}"));
    let stars =
        |count: usize| -> Files {
            (0..count)
                .map(|n| {
                    let all = each(count, |m| {
                        if m == n { String::new() } else { format!("export * from \"./m{m}\";\n") }
                    });
                    (format!("src/m{n}.ts"), format!("{all}export const v{n} = (q, s, n) => n();\n"))
                })
                .collect()
        };
    let mut every_star = stars(60);
    every_star.push(app(
        "import { v7, nowhere } from \"./m0\";\napp.get(\"/x\", v7, nowhere, (q, s) => s.end());\n",
    ));
    let mut chain: Files = (0..2_000)
        .map(|n| {
            (
                format!("src/m{n}.ts"),
                format!("export {{ v }} from \"./m{}\";\nexport * from \"./m{}\";\n", n + 1, (n + 1) % 2_000),
            )
        })
        .collect();
    chain.push(("src/m2000.ts".to_owned(), "export const v = (q, s) => s.end();\n".to_owned()));
    chain.push(app("import { v } from \"./m0\";\napp.get(\"/x\", v);\n"));
    let mut circle: Files = (0..500)
        .map(|n| {
            let next = (n + 1) % 500;
            (
                format!("src/m{n}.ts"),
                format!("import {{ set{next} }} from \"./m{next}\";\nimport {{ Router }} from \"express\";\nexport const r = Router(); r.get(\"/r{n}\", (q, s) => s.end());\nexport function set{n}(app) {{ app.use(r); set{next}(app); }}\n"),
            )
        })
        .collect();
    circle.push(app("import { set0 } from \"./m0\";\nset0(app);\n"));
    let dead: Files = (0..800)
        .map(|n| {
            let next = (n + 1) % 800;
            (
                format!("src/m{n}.ts"),
                format!("import type {{ Express }} from \"express\";\nimport {{ set{next} }} from \"./m{next}\";\nexport function set{n}(app: Express) {{ app.get(\"/r{n}\", (q, s) => s.end()); set{next}(app); }}\n"),
            )
        })
        .collect();
    vec![
        ("every file exports all of every other", every_star, 1),
        ("names that are passed on two thousand times", chain, 1),
        ("files that register each other in a circle", circle, 1_000),
        ("register functions that only their like call", dead, 20_000),
    ]
}

/// The same for each framework.
pub fn frameworks() -> Vec<Nasty> {
    let next = |name: &'static str, text: String| (name, vec![("app/api/x/route.ts".to_owned(), text)], 10);
    vec![
        next(
            "next: a handler in thousands of wrappers",
            format!("import {{ withAuth }} from \"./w\";\nexport const POST = {}async (req) => Response.json(await req.json()){};\n", "withAuth(".repeat(5_000), ")".repeat(5_000)),
        ),
        (
            "next: a matcher that takes long to try",
            vec![
                ("middleware.ts".to_owned(), format!("import {{ NextResponse }} from \"next/server\";\nexport function middleware(r) {{ return r.cookies.get(\"a\") ? NextResponse.next() : NextResponse.redirect(\"/\"); }}\nexport const config = {{ matcher: [{}, \"/((?!{}).*)\", \"/{}\"] }};\n", each(500, |n| format!("\"/a{n}/:path*\", ")).trim_end_matches(", "), "(a*)*|".repeat(200), "(.*)".repeat(100))),
                (format!("app/api/{}/route.ts", "a/".repeat(60)), "export async function GET() { return Response.json({}); }\n".to_owned()),
            ],
            2,
        ),
        (
            "hono: views of views, mounted in each other",
            vec![("src/index.ts".to_owned(), format!("import {{ Hono }} from \"hono\";\nconst a0 = new Hono(); a0.get(\"/x\", (c) => c.text(\"\"));\n{}export default a120;\n", each(120, |n| format!("const a{m} = new Hono().basePath(\"/p\"); a{m}.use(\"*\", async (c, next) => {{ await next(); }}); a{m}.route(\"/a\", a{n}); a{m}.route(\"/b\", a{n}); a{n}.route(\"/c\", a{m});\n", m = n + 1))))],
            20_000,
        ),
        (
            "fastify: plugins in plugins that register themselves",
            vec![("src/index.ts".to_owned(), format!("import Fastify from \"fastify\";\nconst app = Fastify();\n{}async function p120(f) {{ f.get(\"/x\", async () => 1); f.register(p0); f.register(p120); }}\napp.register(p0, {{ prefix: \"/a\" }});\n", each(120, |n| format!("async function p{n}(f) {{ f.addHook(\"onRequest\", async (r) => {{ if (!r.user) throw new Error(); }}); f.register(p{m}, {{ prefix: \"/a\" }}); f.register(p{m}, {{ prefix: \"/b\" }}); }}\n", m = n + 1))))],
            20_000,
        ),
        (
            "trpc: builders, routers and procedures by the thousand",
            vec![("src/trpc.ts".to_owned(), format!("import {{ initTRPC }} from \"@trpc/server\";\nconst t = initTRPC.create();\nconst p0 = t.procedure;\n{}const all = t.router({{ {} }});\nexport const appRouter = t.router({{ all, again: all, more: t.mergeRouters(all, all) }});\n", each(500, |n| format!("const p{m} = p{n}.use(({{ ctx, next }}) => next({{ ctx }})).concat(p{n});\n", m = n + 1)), each(2_000, |n| format!("q{n}: p{}.query(() => {n}), ", n % 500))))],
            20_000,
        ),
        (
            "trpc 9: a router of thousands of steps",
            vec![("src/trpc.ts".to_owned(), format!("import * as trpc from \"@trpc/server\";\nlet r = trpc.router();\n{}export const appRouter = r.merge(\"a.\", r).merge(\"b.\", r);\n", each(3_000, |n| format!("r = r.query(\"q{n}\", {{ resolve: () => {n} }}).middleware(({{ next }}) => next());\n"))))],
            20_000,
        ),
        (
            "nestjs: a controller of thousands of methods, behind guards of guards",
            vec![("src/app.ts".to_owned(), format!("import {{ Controller, Get, Module, UseGuards }} from \"@nestjs/common\";\nimport {{ NestFactory }} from \"@nestjs/core\";\n{}@Controller(\"c\") @UseGuards({}) export class C {{ {} }}\n@Module({{ controllers: [C], imports: [M] }}) export class M {{}}\nNestFactory.create(M).then((a) => a.listen(1));\n", each(100, |n| format!("class G{n} {{ constructor(private g: G{}) {{}} canActivate(c) {{ return this.g.canActivate(c) && c.user; }} }}\n", (n + 1) % 100)), each(100, |n| format!("G{n}, ")), each(2_000, |n| format!("@Get(\"r{n}\") m{n}() {{ return {n}; }}\n"))))],
            20_000,
        ),
        (
            "supabase: functions by the hundred that all load one helper",
            (0..300).map(|n| (format!("supabase/functions/f{n}/index.ts"), "import { help } from \"../_shared/help.ts\";\nDeno.serve(async (req) => { const u = await help(req); return Response.json(u); });\n".to_owned()))
                .chain([("supabase/functions/_shared/help.ts".to_owned(), format!("export async function help(req) {{ {} return req.json(); }}\n", each(500, |n| format!("if (req.headers.get(\"h{n}\")) {{ await fetch(\"https://a.b/\" + req.url); }} "))))])
                .collect(),
            300,
        ),
    ]
}

/// What is hard to read as text.
pub fn texts() -> Vec<Nasty> {
    let path = |text: &str| format!("{EXPRESS}app.get({text}, (req, res) => res.json(1));\n");
    let strange = "\u{0}\u{feff}\u{202e}\u{1f600}e\u{301}\u{10ffff}";
    vec![
        one(
            "half of a surrogate pair",
            4,
            format!(
                "{}{}",
                path("\"/\\ud800\\udc00/\\udfff\""),
                path("`/\\u{10ffff}${\"\\ud83d\"}`").replace(EXPRESS, "")
            ),
        ),
        one("text that is no text", 4, path(&format!("\"/{strange}{}\"", strange.repeat(2_000)))),
        one("replaced bytes of what was no UTF-8", 4, path(&format!("\"/{}\"", "\u{fffd}".repeat(5_000)))),
        one(
            "a regular expression that takes long to try",
            4,
            path(&format!("/^{}$/", "(a+)+(?=b|(.*)*)".repeat(50))),
        ),
        one("a regular expression that is none", 4, path("/[(/")),
        one("a path of a megabyte", 4, path(&format!("\"/{}\"", ":a/".repeat(350_000)))),
        one(
            "a path of parameters and stars",
            400,
            format!(
                "{EXPRESS}{}{}",
                each(200, |n| format!(
                    "app.use(\"/{}\", (q, s, n) => n());\n",
                    "*/:a?/(.*)/".repeat(n % 12 + 1)
                )),
                each(200, |n| format!(
                    "app.get(\"/{}\", (q, s) => s.end());\n",
                    "a/*/:b?/".repeat(n % 20 + 1)
                ))
            ),
        ),
        one(
            "names of a megabyte",
            4,
            format!(
                "{EXPRESS}const {n} = (q, s) => s.json(q.{n});\napp.get(\"/x\", {n});\n",
                n = "n".repeat(1 << 20)
            ),
        ),
        one(
            "numbers that are none",
            4,
            format!(
                "{EXPRESS}app.get(\"/x\", (q, s) => s.status(1e999 - -0 + 0x1fffffffffffffffff).json([,,,1n][-1]));\n"
            ),
        ),
        one(
            "one line of a million statements",
            1,
            format!("{EXPRESS}{}{}", "f(1);".repeat(300_000), route("res.json(1);")),
        ),
        one(
            "everything of the prototype",
            4,
            format!(
                "{EXPRESS}{}",
                route(
                    "const { __proto__: p, constructor, toString, hasOwnProperty } = req.body; p.constructor.constructor(\"x\")(); res[\"__proto__\"].json({ __proto__: p, [\"constructor\"]: 1, toString });"
                )
            ),
        ),
    ]
}
