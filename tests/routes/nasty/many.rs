//! Much of what there may be some of, and what leads back to itself.

use super::{EXPRESS, Nasty, each, one, route};

/// Much of what there may be some of.
pub fn many() -> Vec<Nasty> {
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
pub fn circles() -> Vec<Nasty> {
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
            20_000,
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
