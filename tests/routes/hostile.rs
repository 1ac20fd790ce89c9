//! Nothing that code says may panic, overflow a stack or run away.

use super::support::{Files, routes_of};

/// What nests: what comes before the inside, and after it.
const NESTS: &[(&str, &str)] = &[
    ("(", ")"),
    ("[", "]"),
    ("({ a: ", " })"),
    ("f(", ")"),
    ("req.f(", ")"),
    ("await f(", ")"),
    ("!", ""),
    ("a ? b : ", ""),
    ("a && (", ")"),
    ("a || (", ")"),
    ("a ?? (", ")"),
    ("x => ", ""),
    ("(async () => ", ")()"),
    ("new Promise((resolve) => ", ")"),
    ("`${", "}`"),
    ("[a].map((x) => ", ")"),
    ("fetch(", ")"),
    ("JSON.parse(", ")"),
    ("a.then(() => ", ")"),
    ("a === ", ""),
];

const BODIES: &[(&str, &str)] = &[
    ("if (a) {", "}"),
    ("for (const x of y) {", "}"),
    ("try {", "} catch (e) { throw e; }"),
    ("switch (a) { case 1: {", "} }"),
    ("{", "}"),
    ("while (req.a) {", "}"),
];

fn app(handler: &str) -> Files {
    let text = format!(
        "import express from \"express\";\nconst app = express();\nfunction f(a) {{ return a; }}\n\
         app.post(\"/x\", async (req, res, next) => {{ {handler} }});\n"
    );
    vec![("src/app.ts".to_owned(), text)]
}

#[test]
fn deep_code_is_gone_through_or_left() {
    for (open, close) in NESTS {
        for deep in [10, 200, 2_000] {
            let value = format!("{}req.body{}", open.repeat(deep), close.repeat(deep));
            let handler = format!("const v = {value}; if (v) {{ return res.json(v); }} next(v);");
            assert!(routes_of(&app(&handler)).len() <= 1, "{open}");
        }
    }
    for (open, close) in BODIES {
        for deep in [10, 200, 2_000] {
            let body = format!("{}res.json(1);{}", open.repeat(deep), close.repeat(deep));
            assert!(routes_of(&app(&body)).len() <= 1, "{open}");
        }
    }
}

/// Functions that call each other, and themselves, and each of which is called many times.
#[test]
fn circles_and_fans_of_calls_end() {
    let mut text = String::from("import express from \"express\";\nconst app = express();\n");
    for at in 0..40 {
        let next = (at + 1) % 40;
        text.push_str(&format!(
            "export async function f{at}(a, b) {{ if (a) {{ await f{next}(b, a); }} await f{next}(a, b); \
             return f{at}(b, a) || f{next}(a); }}\n"
        ));
    }
    text.push_str("app.post(\"/x\", async (req, res) => { res.json(await f0(req.body, req.query)); });\n");
    text.push_str(
        "const a = b; const b = c; const c = a; app.get(\"/y\", (req, res) => res.json(a.b.c(a)));\n",
    );
    assert_eq!(routes_of(&vec![("src/app.ts".to_owned(), text)]).len(), 2);
}

/// Modules that import each other, and a great many of what can be many.
#[test]
fn circles_of_modules_and_long_lists_end() {
    let module = |at: usize| {
        let next = (at + 1) % 30;
        let text = format!(
            "import {{ v{next} }} from \"./m{next}\";\nexport const v{at} = (x) => v{next}(x);\nexport * from \"./m{next}\";\n"
        );
        (format!("src/m{at}.ts"), text)
    };
    let mut files: Files = (0..30).map(module).collect();
    let many: String =
        (0..3_000).map(|at| format!("if (req.body.a{at}) {{ b{at} = req.body.b{at}; }} ")).collect();
    let list: String = (0..20_000).map(|at| format!("\"v{at}\", ")).collect();
    let lets: String = (0..3_000).map(|at| format!("let b{at}; ")).collect();
    let text = format!(
        "import express from \"express\";\nimport {{ v0 }} from \"./m0\";\nconst app = express();\nconst all = [{list}];\n\
         app.post(\"/x\", async (req, res) => {{ {lets} {many} if (!all.includes(req.body.x)) \
         return res.status(401).end(); res.json(v0(all)); }});\n"
    );
    files.push(("src/app.ts".to_owned(), text));
    assert_eq!(routes_of(&files).len(), 1);
}
