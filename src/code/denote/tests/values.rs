//! Values that may be one of several, texts, and repositories that mean no good.

use super::{constants, denoted};

#[test]
fn one_of_several_is_told_only_where_the_others_are_nothing() {
    let found = denoted(&[(
        "a.ts",
        r#"
        import { getUser, other } from "auth";
        import { Client } from "client";
        const client = globalThis.client ?? new Client();
        const checked = token && await getUser(token);
        const demo = (await getUser()) ?? { id: "demo" };
        const empty = (await getUser()) || null;
        const both = flag ? getUser : other;
        const same = flag ? getUser(a) : getUser(a);
        look(client.find, checked.id, demo, empty, both, same);
        "#,
    )]);
    assert_eq!(
        found,
        ["client.Client new.find", "auth.getUser().id", "?", "auth.getUser()", "?", "auth.getUser()"]
    );
}

#[test]
fn what_comes_from_a_request_stays_so() {
    let found = denoted(&[(
        "a.ts",
        r#"
        export function GET(req) {
            const token = req.headers.get("authorization") ?? "";
            const url = req.originalUrl || req.url;
            const page = Number.isNaN(x) ? req.query.page : "1";
            const user = req.user ?? { id: "demo" };
            const who = req.user?.id || "anonymous";
            const key = req.headers.get("a") ?? req.headers.get("b");
            const env = process.env.A || process.env.B;
            const either = req.body.id ?? env;
            look(token, url, page, user, who, key, env, either);
        }
        "#,
    )]);
    let req = |rest: &str| format!("parameter 0 of a.ts:GET{rest}");
    assert_eq!(
        found,
        [
            req(".headers.get()"),
            req("[]"),
            req(".query.page"),
            "?".to_owned(),
            req(".user.id"),
            req(".headers.get[]"),
            "global process.env[]".to_owned(),
            "?".to_owned(),
        ]
    );
}

#[test]
fn what_is_assigned_later_is_told_if_it_is_one_thing() {
    let found = denoted(&[(
        "a.ts",
        r#"
        import { getUser, getOther } from "auth";
        import { db } from "db";
        let event;
        try { event = await getUser(); } catch {}
        let user = null;
        if (a) { user = await getUser(); } else { user = { id: "demo" }; }
        let query = db.from("x").select();
        if (b) { query = query.eq("a", 1).order("b"); }
        let one = null;
        ({ data: one } = await getUser());
        let two = getUser();
        two = getOther();
        let many;
        for (many of getUser()) {}
        let sum = getUser();
        sum += 1;
        look(event.id, user, query, one, two, many, sum);
        function later(request) { request = getUser(); look(request); }
        "#,
    )]);
    assert_eq!(
        found,
        ["auth.getUser().id", "?", "db.db.from().select()", "auth.getUser().data", "?", "?", "?", "?"]
    );
}

#[test]
fn objects_that_are_put_together_are_looked_through_from_the_end() {
    let found = denoted(&[(
        "a.ts",
        r#"
        import { extra } from "extra";
        const base = { get() {}, put() {} };
        const known = { ...base, put: () => {} };
        const unknown = { get() {}, ...extra };
        const made = { get() {}, [key]: 1 };
        look(known.get, known.put, known.other, unknown.get, made.get, Object.freeze(base).get);
        "#,
    )]);
    assert_eq!(
        found,
        ["function a.ts:get", "function a.ts:put", "value.other", "?", "?", "function a.ts:get"]
    );
}

#[test]
fn texts_are_constant_across_modules() {
    let found = constants(&[
        (
            "a.ts",
            r#"
            import { BASE, ROUTES, Role } from "./b";
            const version = 1;
            look(`${BASE}/v${version}/` + ROUTES.users, ROUTES["users"], Role.Admin, process.env.BASE, 1 + 2);
            look(process.env.BASE ?? "/api", flag ? "a" : "b", loop);
            let changed = "a"; changed = "b";
            const loop = `${loop}x`;
            look(changed);
            "#,
        ),
        (
            "b.ts",
            r#"export const BASE = "/api"; export const ROUTES = { users: "users" } as const;
            export enum Role { Admin = "admin" }"#,
        ),
    ]);
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        found,
        [text("/api/v1/users"), text("users"), text("admin"), None, None, None, None, None, None]
    );
}

#[test]
fn a_text_that_doubles_and_sides_that_double_end() {
    let mut source = String::from("const a0 = \"xxxxxxxxxxxxxxxx\"; const f0 = x;\n");
    for i in 1..40 {
        source += &format!("const a{i} = a{0} + a{0};\nconst f{i} = f{0} || f{0};\n", i - 1);
    }
    source += "look(a39, f39, a20, f20);";
    assert_eq!(constants(&[("a.ts", &source)]), [None, None, None, None]);
    assert_eq!(denoted(&[("a.ts", &source)]), ["?", "?", "?", "?"]);
}

#[test]
fn long_chains_are_followed_whole() {
    let chain: String = (0..100).map(|i| format!(".get('/{i}', h)")).collect();
    let found = denoted(&[("a.ts", &format!("import {{ Hono }} from 'hono'; look(new Hono(){chain});"))]);
    assert_eq!(found, [format!("hono.Hono new{}", ".get()".repeat(100))]);
}

/// None of these may take long: each looks at something many times over if it isn't bounded.
#[test]
fn hostile_repositories_end() {
    // Everything passes on everything.
    let names: Vec<String> = (0..60).map(|i| format!("m{i}.ts")).collect();
    let stars: String = (0..60).map(|i| format!("export * from './m{i}';\n")).collect();
    let imports: String = (0..300).map(|i| format!("import {{ n{i} }} from './m0'; look(n{i});\n")).collect();
    let mut files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), stars.as_str())).collect();
    files.push(("a.ts", &imports));
    assert!(denoted(&files).iter().all(|found| found == "?"));
    // Each is assigned many others.
    let mut source = String::new();
    for i in 0..200 {
        source += &format!("let v{i};\n");
    }
    for i in 0..200 {
        for j in 0..10 {
            source += &format!("v{i} = v{};\n", (i * 7 + j * 13) % 200);
        }
        source += &format!("look(v{i});\n");
    }
    assert!(denoted(&[("a.ts", &source)]).iter().all(|found| found == "?"));
    // Classes that extend each other, with fields that are made of each other.
    let mut source = String::new();
    for i in 0..100 {
        let next = (i + 1) % 100;
        source += &format!(
            "class C{i} extends C{next} {{ f = this.g || this.h; g = this.h || this.f; h = new C{next}().f; m() {{ look(this.f, this.x); }} }}\n"
        );
    }
    assert_eq!(denoted(&[("a.ts", &source)]).len(), 200);
}
