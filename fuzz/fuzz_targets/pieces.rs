//! Bytes as code: each is a piece, and brackets that are open are closed.

use super::PATHS;

/// What stands at the top of every file: enough names for the pieces to mean something.
const TOP: &str = "import express, { Router } from \"express\"; import { Hono } from \"hono\"; import Fastify from \"fastify\";\n\
    import { initTRPC } from \"@trpc/server\"; import { Controller, Get, UseGuards } from \"@nestjs/common\"; import jwt from \"jsonwebtoken\";\n\
    import { createClient } from \"@supabase/supabase-js\"; import { PrismaClient } from \"@prisma/client\"; import * as all from \"./b\";\n\
    const app = express(); const hono = new Hono(); const fast = Fastify(); const t = initTRPC.create(); const db = new PrismaClient();\n";

/// Pieces that open something, and what closes it.
const OPEN: &[(&str, &str)] = &[
    ("app.get(\"/x/:id\", async (req, res, next) => {", "});"),
    ("app.use(\"/x\", (req, res, next) => {", "});"),
    ("app.post(\"/y\", w((req, res) => {", "}));"),
    ("hono.get(\"/h/*\", async (c, next) => {", "});"),
    ("hono.use(async (c, next) => {", "});"),
    ("fast.register(async (f) => { f.get(\"/f\", async (req, reply) => {", "}); }, { prefix: \"/p\" });"),
    ("fast.addHook(\"preHandler\", async (req, reply) => {", "});"),
    ("const pr = t.procedure.use(async ({ ctx, next }) => {", "return next({ ctx: { ...ctx, user: ctx.user } }); });"),
    ("export const r = t.router({ q: t.procedure.query(async ({ ctx, input }) => {", "}), r });"),
    ("@Controller(\"c\") @UseGuards(G) class C { @Get(\":id\") async m(id) {", "} }"),
    ("class G { canActivate(c) {", "} }"),
    ("export async function POST(req) {", "}"),
    ("export function middleware(req) {", "}"),
    ("Deno.serve(async (req) => {", "});"),
    ("export default async function f(a, { b, ...c } = a, ...d) {", "}"),
    ("const w = (h) => async (req, res) => {", "return h(req, res); };"),
    ("function g(a, b = g(a)) {", "}"),
    ("if (req.headers.a) {", "}"),
    ("if (!await g(req)) {", "}"),
    ("else {", "}"),
    ("try {", "} catch (e) { throw e; }"),
    ("try { g(a); } catch {", "} finally { g(b); }"),
    ("for (const x of [a, b, w, g]) {", "}"),
    ("while (g(a)) {", "break; }"),
    ("switch (req.method) { case \"GET\": {", "} default: return; }"),
    ("a = { a, g, ...a, b: ", "};"),
    ("a = [a, ...b, ", "];"),
    ("a = `${", "}/${a}`;"),
    ("a = g(", ");"),
    ("a = w(w(", "));"),
    ("a = ((x) => x(x))(", ");"),
    ("a = await (", ");"),
    ("a = new C(", ").m(a);"),
    ("a = a ? ", ": b;"),
    ("a = [a, b].map((x) => ", ");"),
    ("a = (() => {", "})();"),
];

/// Pieces that stand for themselves.
const PLAIN: &[&str] = &[
    "return;",
    "return res.status(401).json({});",
    "return next();",
    "next();",
    "await next();",
    "return Response.json(a);",
    "throw new Error(a);",
    "res.json(a);",
    "let a = req.body, b = a;",
    "a = b;",
    "b = [a, a];",
    "a += a;",
    "a = a.a.b.c;",
    "a = a(b)(a);",
    "b = g;",
    "g(g);",
    "w = g;",
    "a = jwt.verify(req.headers.authorization, process.env.S);",
    "const { data: { user }, error } = await createClient(a, b).auth.getUser();",
    "if (!user) return res.status(401).end();",
    "if (a === process.env.S) return;",
    "await db.user.update({ where: { id: a }, data: b });",
    "await db.user.findMany({ where: { userId: user.id } });",
    "app.use(app);",
    "app.use(\"/m\", Router());",
    "hono.route(\"/r\", hono);",
    "app = g(app);",
    "module.exports = { a, g };",
    "export * from \"./b\";",
    "export { a as b } from \"./app\";",
    "a = all.a;",
    "a = require(\"./b\");",
    "a = await import(b);",
    "a, a",
    "=> ",
    "\u{2028}",
];

/// What the bytes say.
pub fn files(data: &[u8]) -> Vec<(String, String)> {
    let parts = data.split(|byte| *byte == 255).take(PATHS.len());
    PATHS.iter().zip(parts).map(|(path, part)| ((*path).to_owned(), text(part))).collect()
}

fn text(part: &[u8]) -> String {
    let mut text = TOP.to_owned();
    let mut open: Vec<&str> = Vec::new();
    for byte in part {
        let at = usize::from(*byte);
        match at {
            // What was opened last is closed.
            200.. => text.extend(open.pop()),
            _ if at % 2 == 0 => {
                let (before, after) = OPEN[at / 2 % OPEN.len()];
                text.push_str(before);
                open.push(after);
            }
            _ => text.push_str(PLAIN[at / 2 % PLAIN.len()]),
        }
        text.push('\n');
    }
    while let Some(after) = open.pop() {
        text.push_str(after);
    }
    text
}
