//! Small repositories, and what the arguments of `look(…)` in them stand for.

use std::sync::Arc;

use super::super::{
    Code, Definition, Expr, FunctionAt, FunctionId, ModuleId, handles, is_configuration, link, parse, walk,
};
use super::{Denoted, Root, Step};

mod values;

fn repository(files: &[(&str, &str)]) -> Code {
    let modules =
        files.iter().filter(|(path, _)| handles(path)).map(|(path, text)| Arc::new(parse(path, text)));
    let configurations: Vec<(String, String)> = files
        .iter()
        .filter(|(path, _)| is_configuration(path))
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    let code = link(modules.collect(), &configurations);
    assert!(code.modules.iter().all(|module| module.broken.is_none()));
    code
}

/// The arguments of `look(…)`, in the order of the modules and functions.
fn looked(code: &Code) -> Vec<(FunctionAt, &Expr)> {
    let mut found = Vec::new();
    for (m, module) in code.modules.iter().enumerate() {
        for (f, function) in module.functions.iter().enumerate() {
            let at = (ModuleId(m as u32), FunctionId(f as u32));
            walk::each_expr(module, &function.body, walk::Inner::Skip, &mut |expr| {
                if let Expr::Call(call) = expr
                    && matches!(&call.callee, Expr::Name(name, _) if &**name == "look")
                {
                    found.extend(call.args.iter().map(|arg| (at, arg)));
                }
            });
        }
    }
    found
}

fn shown(code: &Code, denoted: &Denoted) -> String {
    let function = |at: FunctionAt| format!("{}:{}", code.module(at.0).path, code.function(at).name);
    let mut out = match &denoted.root {
        Root::Package(name) => name.to_string(),
        Root::Global(name) => format!("global {name}"),
        Root::Function(at) => format!("function {}", function(*at)),
        Root::Class(module, class) => {
            let module = code.module(*module);
            format!("class {}:{}", module.path, module.classes[class.0 as usize].name)
        }
        Root::Param(module, id, place) => format!("parameter {place} of {}", function((*module, *id))),
        Root::This => "this".to_owned(),
        Root::Caught => "caught".to_owned(),
        Root::Value(..) => "value".to_owned(),
        Root::Unknown => "?".to_owned(),
    };
    for step in &denoted.path {
        out += &match step {
            Step::Member(name) => format!(".{name}"),
            Step::Call(_, call) if call.is_new => " new".to_owned(),
            Step::Call(..) => "()".to_owned(),
            Step::Element => "[]".to_owned(),
        };
    }
    out
}

fn denoted(files: &[(&str, &str)]) -> Vec<String> {
    let code = repository(files);
    looked(&code).into_iter().map(|(at, expr)| shown(&code, &code.denote_in(at, expr))).collect()
}

fn constants(files: &[(&str, &str)]) -> Vec<Option<String>> {
    let code = repository(files);
    looked(&code).into_iter().map(|(at, expr)| code.constant(at.0, expr)).collect()
}

#[test]
fn packages_are_known_by_what_is_done_with_them() {
    let found = denoted(&[(
        "a.ts",
        r#"
        import Stripe from "stripe";
        import * as jose from "jose";
        import { createClient as make } from "npm:@supabase/supabase-js@2";
        const express = require("express");
        const stripe = new Stripe(process.env.KEY!);
        const client = make(url, key);
        const { auth: { admin } } = client;
        const verify = jose.jwtVerify;
        look(stripe.webhooks.constructEvent, verify, express.Router(), (await client.auth.getUser(t)).data, admin.x);
        look(process.env.KEY, stripe["charges"], stripe[name], client.auth.getUser.bind(client.auth));
        "#,
    )]);
    assert_eq!(
        found,
        [
            "stripe.default new.webhooks.constructEvent",
            "jose.jwtVerify",
            "express.Router()",
            "@supabase/supabase-js.createClient().auth.getUser().data",
            "@supabase/supabase-js.createClient().auth.admin.x",
            "global process.env.KEY",
            "stripe.default new.charges",
            "stripe.default new[]",
            "@supabase/supabase-js.createClient().auth.getUser",
        ]
    );
}

#[test]
fn names_lead_through_modules() {
    let found = denoted(&[
        (
            "app/a.ts",
            r#"
            import { guard, renamed, handlers, everything, GET, missing } from "@/lib";
            import * as lib from "../src/lib";
            import whole, { part } from "../src/lib/whole";
            look(guard, renamed, handlers.create, everything.inner, GET, missing, lib.guard, whole, part, whole.part);
            look(lib.sign);
            "#,
        ),
        ("tsconfig.json", r#"{"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}"#),
        (
            "src/lib/index.ts",
            r#"
            export * from "./guards";
            export { secret as renamed } from "./guards";
            export * as everything from "./inner";
            export * from "jsonwebtoken";
            import { create } from "./inner";
            export const handlers = { create, remove() {} };
            export const { GET, POST } = toHandlers();
            import { toHandlers } from "framework";
            "#,
        ),
        ("src/lib/guards.ts", "export function guard() {}\nconst secret = () => 1;\nexport { secret };"),
        ("src/lib/inner.ts", "export async function create() {}\nexport const inner = create;"),
        ("src/lib/whole.ts", "export const part = 1;\nexport default { part: function whole() {} };"),
    ]);
    assert_eq!(
        found,
        [
            "function src/lib/guards.ts:guard",
            "function src/lib/guards.ts:secret",
            "function src/lib/inner.ts:create",
            "function src/lib/inner.ts:create",
            "framework.toHandlers().GET",
            "jsonwebtoken.missing",
            "function src/lib/guards.ts:guard",
            "value",
            "value",
            "function src/lib/whole.ts:whole",
            "jsonwebtoken.sign",
        ]
    );
}

#[test]
fn circles_lead_nowhere() {
    let found = denoted(&[
        (
            "a.ts",
            r#"import { x, y } from "./b"; export * from "./b"; export { x } from "./b"; look(x, y, z); const z = z.a;"#,
        ),
        ("b.ts", r#"export * from "./a"; export { x } from "./a"; export * from "./b";"#),
    ]);
    assert_eq!(found, ["?", "?", "?"]);
}

#[test]
fn common_js_is_understood_from_both_sides() {
    let found = denoted(&[
        (
            "a.js",
            r#"
            const { login } = require("./controller");
            const controller = require("./controller");
            const router = require("./router");
            const Auth = require("./auth");
            look(login, controller.login, router, new Auth().check, require("./router"));
            "#,
        ),
        (
            "b.mjs",
            r#"import { login } from "./controller.js"; import router from "./router.js"; look(login, router);"#,
        ),
        ("controller.js", "exports.login = async (req, res) => {};"),
        (
            "router.js",
            "const r = require('express').Router();\nmodule.exports = r;\nmodule.exports.extra = 1;",
        ),
        ("auth.js", "class Auth { check() {} }\nmodule.exports = Auth;"),
    ]);
    let router = "express.Router()";
    let login = "function controller.js:login";
    assert_eq!(found, [login, login, router, "function auth.js:check", router, login, router]);
}

#[test]
fn instances_have_what_their_classes_say() {
    let found = denoted(&[
        (
            "a.ts",
            r#"
            import { Users } from "./users";
            import { JwtService } from "@nestjs/jwt";
            import users from "./users";
            class Base { shared() {} }
            class Controller extends Base {
                private made = new Users();
                handle = async () => { look(this.own, this.made.find); };
                constructor(private injected: Users, jwt: JwtService, plain: string) {
                    super();
                    this.jwt = jwt;
                    this.plain = plain;
                }
                own() {
                    look(this.own, this.shared, this.made.find, this.injected.find, this.jwt.verify, this.plain, this.nothing);
                    [1].map(() => look(this.own, super.shared));
                }
                static make() { look(this.make, this.own); }
            }
            look(users.find, Users.all, Controller.make, new Controller().handle);
            "#,
        ),
        ("users.ts", "export class Users { find() {} static all() {} }\nexport default new Users();"),
    ]);
    let (own, find) = ("function a.ts:own", "function users.ts:find");
    assert_eq!(
        found,
        [
            find,
            "function users.ts:all",
            "function a.ts:make",
            "function a.ts:handle",
            own,
            find,
            own,
            "function a.ts:shared",
            find,
            find,
            "@nestjs/jwt.JwtService new.verify",
            "parameter 2 of a.ts:constructor",
            "class a.ts:Controller new.nothing",
            own,
            "function a.ts:shared",
            "function a.ts:make",
            "class a.ts:Controller.own",
        ]
    );
}

#[test]
fn a_class_of_a_package_hands_down_what_it_has() {
    let found = denoted(&[(
        "a.ts",
        r#"
        import { PrismaClient } from "@prisma/client";
        class Prisma extends PrismaClient { own() { look(this.user.findMany); } }
        class Loop extends Loop { m() { look(this.x); } }
        "#,
    )]);
    assert_eq!(found, ["@prisma/client.PrismaClient new.user.findMany", "?"]);
}

#[test]
fn parameters_lists_and_what_is_caught() {
    let found = denoted(&[(
        "a.ts",
        r#"
        import { getUser } from "auth";
        export default async function handler({ body: { id }, ...rest }, [first, ...others], res) {
            const [user, json] = await Promise.all([getUser(), res.json()]);
            const [state, setState] = useState();
            try {} catch (error) { look(error.message); }
            look(id, rest.headers, first, res.status(401), user, json, setState);
        }
        const list = [getUser, () => {}];
        look(list[0], ...list, handler);
        "#,
    )]);
    let handler = "a.ts:handler";
    assert_eq!(
        found,
        [
            "auth.getUser".to_owned(),
            "?".to_owned(),
            format!("function {handler}"),
            "caught.message".to_owned(),
            format!("parameter 0 of {handler}.body.id"),
            format!("parameter 0 of {handler}.headers"),
            format!("parameter 1 of {handler}.0"),
            format!("parameter 2 of {handler}.status()"),
            "auth.getUser()".to_owned(),
            format!("parameter 2 of {handler}.json()"),
            "global useState().1".to_owned(),
        ]
    );
}

#[test]
fn definitions_are_where_names_are_bound() {
    let code = repository(&[
        ("a.ts", r#"export { b as c } from "./b"; export * as all from "./b"; export { x } from "pkg";"#),
        ("b.ts", "export const b = 1;\nexport default { x: 1 };"),
    ]);
    let (a, b) = (code.at("a.ts").unwrap(), code.at("b.ts").unwrap());
    assert!(matches!(code.definition(a, "c"), Definition::Symbol(module, _) if module == b));
    assert_eq!(code.definition(a, "all"), Definition::Module(b));
    assert_eq!(code.definition(a, "x"), Definition::Package("pkg", "x"));
    assert!(
        matches!(code.definition(b, "default"), Definition::Value(module, Expr::Object(_)) if module == b)
    );
    assert_eq!(code.definition(a, "default"), Definition::Unknown);
}

#[test]
fn a_client_that_prisma_makes_is_that_of_its_package() {
    let found = denoted(&[
        (
            "packages/db/schema/main.prisma",
            "// generator old { output = \"x\" }\ngenerator client {\n  provider = \"prisma-client\"\n  output   = \"../generated/prisma\"\n}\n",
        ),
        (
            "packages/db/package.json",
            r#"{"name": "@acme/db", "exports": {"./client": "./generated/prisma/client.ts"}}"#,
        ),
        (
            "packages/db/src/index.ts",
            r#"import { PrismaClient } from "../generated/prisma/client"; export const db = new PrismaClient();"#,
        ),
        (
            "web/a.ts",
            r#"
            import { db } from "../packages/db/src";
            import { Prisma } from "@acme/db/client";
            import { other } from "../packages/db/generated/other";
            look(db.user.findMany, Prisma.sql, other);
            "#,
        ),
    ]);
    assert_eq!(found, ["@prisma/client.PrismaClient new.user.findMany", "@prisma/client.Prisma.sql", "?"]);
}

#[test]
fn aliases_of_bundlers_are_read_from_their_code() {
    let found = denoted(&[
        (
            "web/vite.config.ts",
            r##"
            import path from "path";
            const root = path.resolve(__dirname, "client");
            export default defineConfig({ resolve: { alias: {
                "@app": path.join(root, "src"),
                "#shared": fileURLToPath(new URL("../shared", import.meta.url)),
            } }, test: { alias: { "./b": "./mock", "@app": "./mock" } } });
            "##,
        ),
        ("web/vitest.config.ts", "export default { resolve: { alias: { '@app': './mock' } } };"),
        ("web/mock/b.ts", "export function x() {}"),
        (
            "web/next.config.js",
            "module.exports = { webpack(config) { config.resolve.alias['~db'] = `${__dirname}/db`; return config; } };",
        ),
        ("web/package.json", "{}"),
        (
            "web/client/src/a.ts",
            r##"import { x } from "@app/b"; import { y } from "#shared"; import { z } from "~db/z"; look(x, y, z);"##,
        ),
        ("web/client/src/b.ts", "export function x() {}"),
        ("shared/index.ts", "export function y() {}"),
        ("web/db/z.ts", "export function z() {}"),
    ]);
    assert_eq!(
        found,
        ["function web/client/src/b.ts:x", "function shared/index.ts:y", "function web/db/z.ts:z"]
    );
}
