//! A generator of nasty repositories: what nobody writes, and somebody may have a machine write. Nothing of it may panic, overflow
//! the stack of a thread (2 MB, as here) or run away; what comes out is bounded, whatever went in.

use super::support::{Files, routes_of};

/// A name, the files, and how many routes there are at most.
pub type Nasty = (&'static str, Files, usize);

const EXPRESS: &str = "import express from \"express\";\nconst app = express();\n";

fn one(name: &'static str, most: usize, text: String) -> Nasty {
    (name, vec![("src/app.ts".to_owned(), text)], most)
}

fn each(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

fn route(handler: &str) -> String {
    format!("app.post(\"/x\", async (req, res, next) => {{ {handler} }});\n")
}

/// All of them.
pub fn all() -> Vec<Nasty> {
    let mut all = many();
    all.extend(circles());
    all.extend(growing());
    all.extend(branching());
    all.extend(modules());
    all.extend(frameworks());
    all.extend(texts());
    all
}

/// Much of what there may be some of.
fn many() -> Vec<Nasty> {
    vec![
        one(
            "thousands of routes in one file",
            20_000,
            format!(
                "{EXPRESS}{}",
                each(8_000, |n| format!("app.get(\"/r{n}\", (req, res) => res.json({n}));\n"))
            ),
        ),
        one(
            "thousands of layers on one route",
            1,
            format!(
                "{EXPRESS}app.get(\"/x\", {}(req, res) => res.json(1));\n",
                "(q, s, n) => n(), ".repeat(5_000)
            ),
        ),
        one(
            "thousands of layers before thousands of routes",
            20_000,
            format!(
                "{EXPRESS}{}{}",
                each(1_500, |n| format!(
                    "app.use(\"/a\", (req, res, next) => {{ if (!req.a{n}) return res.status(401).end(); next(); }});\n"
                )),
                each(1_500, |n| format!("app.get(\"/a/{n}\", (req, res) => res.json({n}));\n"))
            ),
        ),
        one(
            "one helper behind thousands of routes",
            20_000,
            format!(
                "{EXPRESS}async function help(req, res) {{ {} }}\n{}",
                each(300, |n| format!("if (req.body.a{n}) {{ await req.db.a{n}.create(req.body); }} ")),
                each(3_000, |n| format!(
                    "app.post(\"/r{n}\", async (req, res) => {{ await help(req, res); res.json({n}); }});\n"
                ))
            ),
        ),
        one(
            "thousands of functions, each called by the next",
            1,
            format!(
                "{EXPRESS}function f0(x) {{ return x; }}\n{}{}",
                each(10_000, |n| format!("function f{}(x) {{ return f{n}(x); }}\n", n + 1)),
                route("res.json(f10000(req.body));")
            ),
        ),
        one(
            "wrappers of wrappers, ten thousand deep",
            1,
            format!(
                "{EXPRESS}const w0 = (h) => async (req, res) => h(req, res);\n{}app.get(\"/x\", w10000((req, res) => res.json(1)));\n",
                each(10_000, |n| format!("const w{} = (h) => w{n}((req, res) => h(req, res));\n", n + 1))
            ),
        ),
        one(
            "one wrapper around itself, many times",
            1,
            format!(
                "{EXPRESS}const w = (h) => async (req, res) => {{ if (!req.user) return res.status(401).end(); return h(req, res); }};\n\
                 app.get(\"/x\", {}(req, res) => res.json(1){});\n",
                "w(".repeat(140),
                ")".repeat(140)
            ),
        ),
        one(
            "thousands of names of one object",
            1,
            format!(
                "{EXPRESS}const o = {{ {} }};\n{}",
                each(20_000, |n| format!("k{n}: (x) => x.k{n}, ")),
                route("for (const k of Object.keys(o)) { await o[k](req.body); } res.json(o);")
            ),
        ),
    ]
}

/// What leads back to itself.
fn circles() -> Vec<Nasty> {
    vec![
        one(
            "middleware that hands on to each other",
            3,
            format!(
                "{EXPRESS}const a = (q, s, n) => b(q, s, n); const b = (q, s, n) => c(q, s, () => a(q, s, n)); \
                 function c(q, s, n) {{ return q.x ? a(q, s, n) : b(q, s, n); }}\napp.use(a, b, c, a);\n\
                 app.get(\"/x\", a, [b, [c, [a]]], (req, res, next) => a(req, res, next));\n"
            ),
        ),
        one(
            "closures that are given themselves",
            1,
            format!(
                "{EXPRESS}const y = (f) => ((x) => x(x))((x) => f((v) => x(x)(v)));\nconst w = (x) => x(x); w(w);\n\
                 const self = {{}}; self.self = self; self.f = () => self.self.self.f(self);\n{}",
                route("res.json(y((g) => (v) => g(g)(v))(req.body), w(w), self.self.f(self));")
            ),
        ),
        one(
            "ten functions that call all ten",
            1,
            format!(
                "{EXPRESS}{}{}",
                each(10, |n| {
                    let calls = each(10, |m| format!("await f{m}(a, b, f{n}); "));
                    format!(
                        "async function f{n}(a, b, c) {{ if (a) {{ {calls} }} else {{ {calls} }} return c(a, b, f{n}); }}\n"
                    )
                }),
                route("res.json(await f0(req.body, req.user, f9));")
            ),
        ),
        one(
            "classes that extend and make each other",
            2,
            format!(
                "{EXPRESS}class A extends B {{ b = new B(this); m() {{ return this.b.m(new A()); }} }}\n\
                 class B extends C {{ a = new A(this); m(x) {{ return super.m(this.a); }} }}\n\
                 class C extends A {{ constructor(x) {{ super(new C(x)); this.r = express.Router(); this.r.get(\"/r\", this.m); }} m(x) {{ return x.m(x); }} }}\n\
                 app.use(new C(new A()).r);\n{}",
                route("res.json(new A().m(new B()));")
            ),
        ),
        one(
            "routers that are mounted in each other",
            100,
            format!(
                "{EXPRESS}{}{}app.use(r0);\n",
                each(30, |n| format!(
                    "const r{n} = express.Router(); r{n}.get(\"/x{n}\", (q, s) => s.end());\n"
                )),
                each(30, |n| format!(
                    "r{n}.use(\"/a\", r{}); r{n}.use(\"/b\", r{});\n",
                    (n + 1) % 30,
                    (n + 7) % 30
                ))
            ),
        ),
        one(
            "names that are each other",
            1,
            format!(
                "{EXPRESS}{}const n2000 = n0;\n{}",
                each(2_000, |n| format!("const n{n} = n{};\n", n + 1)),
                route("res.json(n0(n1.a.b));")
            ),
        ),
    ]
}

/// What doubles at each step.
fn growing() -> Vec<Nasty> {
    vec![
        one(
            "a text that doubles",
            1,
            format!(
                "{EXPRESS}const a0 = \"/aaaaaaaaaa\";\n{}app.get(a60, (req, res) => res.json(a60));\n",
                each(60, |n| format!("const a{} = a{n} + a{n};\n", n + 1))
            ),
        ),
        one(
            "a template that doubles",
            1,
            format!(
                "{EXPRESS}const a0 = \"/aaaaaaaaaa\";\n{}app.get(a60, (req, res) => res.json(a60));\n",
                each(60, |n| format!("const a{} = `${{a{n}}}/${{a{n}}}${{a{n}}}`;\n", n + 1))
            ),
        ),
        one(
            "an object that doubles",
            1,
            format!(
                "{EXPRESS}const a0 = {{ x: 1 }};\n{}{}",
                each(60, |n| format!("const a{} = {{ l: a{n}, r: a{n}, ...a{n} }};\n", n + 1)),
                route("if (req.headers.a === a60.l.r.l.x) return res.status(401).end(); res.json(a60);")
            ),
        ),
        one(
            "a list that doubles",
            1,
            format!(
                "{EXPRESS}const a0 = [(q, s, n) => n()];\n{}app.get(\"/x\", a40, (req, res) => res.json(a40));\n",
                each(40, |n| format!("const a{} = [...a{n}, ...a{n}, a{n}.concat(a{n})];\n", n + 1))
            ),
        ),
        one(
            "calls of calls that double",
            1,
            format!(
                "{EXPRESS}const f0 = (x) => x;\n{}{}",
                each(60, |n| format!("const f{} = (x) => f{n}(f{n}(x));\n", n + 1)),
                route("res.json(await f60(req.body));")
            ),
        ),
        one(
            "functions that are made by functions, twice each",
            1,
            format!(
                "{EXPRESS}const m0 = (f) => f;\n{}app.use(m40((q, s, n) => n()));\n{}",
                each(40, |n| format!(
                    "const m{} = (f) => (q, s, n) => m{n}(f)(q, s, () => m{n}(f)(q, s, n));\n",
                    n + 1
                )),
                route("res.json(1);")
            ),
        ),
        one(
            "routers that are mounted twice each",
            20_000,
            format!(
                "{EXPRESS}const r0 = express.Router(); r0.get(\"/x\", (q, s) => s.end());\n{}app.use(r18);\n",
                each(18, |n| format!(
                    "const r{m} = express.Router(); r{m}.use(\"/a\", r{n}); r{m}.use(\"/b\", r{n});\n",
                    m = n + 1
                ))
            ),
        ),
        one(
            "loops in loops that declare",
            20_000,
            format!(
                "{EXPRESS}const l = [{}];\nfor (const a of l) for (const b of l) for (const c of l) app.get(`/${{a}}/${{b}}/${{c}}`, (q, s) => s.end());\n",
                each(100, |n| format!("\"v{n}\", "))
            ),
        ),
        one(
            "values that are one of two, again and again",
            1,
            format!(
                "{EXPRESS}{}",
                route(&format!(
                    "let v = req.body; {} if (v === req.user?.id) return res.status(401).end(); res.json(v);",
                    each(400, |n| format!("v = req.query.a{n} ? [v, v] : {{ a: v, b: v }}; "))
                ))
            ),
        ),
    ]
}

/// Ways through a function.
fn branching() -> Vec<Nasty> {
    let answers = "return res.status(401).end();";
    vec![
        one(
            "a long switch",
            1,
            format!(
                "{EXPRESS}{}",
                route(&format!(
                    "switch (req.body.a) {{ {} default: {answers} }} res.json(1);",
                    each(5_000, |n| format!(
                        "case \"c{n}\": await req.db.a{n}.delete(req.body.id); {}",
                        ["", "break;"][n % 2]
                    ))
                ))
            ),
        ),
        one(
            "a long chain of else if",
            1,
            format!(
                "{EXPRESS}{}",
                route(&format!(
                    "{} {{ {answers} }} res.json(1);",
                    each(5_000, |n| format!("if (req.body.a{n} === req.user.a{n}) {{ x{n}(req); }} else "))
                ))
            ),
        ),
        one(
            "many questions one after the other, each with a way out",
            1,
            format!(
                "{EXPRESS}{}",
                route(&format!(
                    "{} res.json(1);",
                    each(4_000, |n| format!("if (!req.headers.a{n}) {answers} "))
                ))
            ),
        ),
        one(
            "many tries, one in the other's catch",
            1,
            format!(
                "{EXPRESS}{}",
                route(&format!(
                    "{}{} res.json(1);",
                    each(200, |n| format!("try {{ await f{n}(req); }} catch (e{n}) {{ ")),
                    "}".repeat(200)
                ))
            ),
        ),
        one(
            "conditions of thousands of parts",
            1,
            format!(
                "{EXPRESS}{}",
                route(&format!(
                    "if ({} true) {answers} res.json(1);",
                    each(5_000, |n| format!("req.a{n} {} ", ["&&", "||", "??"][n / 1_700])
                        .replace("??", "||"))
                ))
            ),
        ),
        one(
            "loops in loops",
            1,
            format!(
                "{EXPRESS}{}",
                route(&format!(
                    "let a = 1; {} a = g(a, req.body); {} res.json(a);",
                    each(60, |n| format!("for (const x{n} of f{n}(a)) {{ if (x{n}) continue; ")),
                    "}".repeat(60)
                ))
            ),
        ),
        one(
            "a long chain of members and calls",
            1,
            format!(
                "{EXPRESS}{}",
                route(&format!(
                    "const a = req{}; const b = req.db{}; res.json(a ?? b);",
                    ".body".repeat(20_000),
                    ".where(\"a\", req.body.a)".repeat(2_000)
                ))
            ),
        ),
    ]
}

/// Many files.
fn modules() -> Vec<Nasty> {
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
fn frameworks() -> Vec<Nasty> {
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
            vec![("src/index.ts".to_owned(), format!("import {{ Hono }} from \"hono\";\nconst a0 = new Hono(); a0.get(\"/x\", (c) => c.text(\"\"));\n{}export default a300;\n", each(300, |n| format!("const a{m} = new Hono().basePath(\"/p\"); a{m}.use(\"*\", async (c, next) => {{ await next(); }}); a{m}.route(\"/a\", a{n}); a{m}.route(\"/b\", a{n}); a{n}.route(\"/c\", a{m});\n", m = n + 1))))],
            20_000,
        ),
        (
            "fastify: plugins in plugins that register themselves",
            vec![("src/index.ts".to_owned(), format!("import Fastify from \"fastify\";\nconst app = Fastify();\n{}async function p300(f) {{ f.get(\"/x\", async () => 1); f.register(p0); f.register(p300); }}\napp.register(p0, {{ prefix: \"/a\" }});\n", each(300, |n| format!("async function p{n}(f) {{ f.addHook(\"onRequest\", async (r) => {{ if (!r.user) throw new Error(); }}); f.register(p{m}, {{ prefix: \"/a\" }}); f.register(p{m}, {{ prefix: \"/b\" }}); }}\n", m = n + 1))))],
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
fn texts() -> Vec<Nasty> {
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

#[test]
fn nothing_panics_and_what_comes_out_is_bounded() {
    for (name, files, most) in all() {
        let routes = routes_of(&files);
        assert!(routes.len() <= most, "{name}: {} routes", routes.len());
        for route in &routes {
            let judged = &route.judged;
            let parts =
                judged.evidence.len() + judged.effects.len() + judged.guards.len() + judged.holes.len();
            assert!(parts < 20_000, "{name}: {parts} parts of {}", route.name);
            assert!(route.name.len() < 3 << 20, "{name}: a path of {} bytes", route.name.len());
        }
    }
}
