//! What doubles at each step, and ways through a function.

use super::{EXPRESS, Nasty, each, one, route};

/// What doubles at each step.
pub fn growing() -> Vec<Nasty> {
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
pub fn branching() -> Vec<Nasty> {
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
