use super::super::testing::code;
use super::super::{express, fastify, hono};
use super::*;

/// `GET /x no`, one line for each route.
fn told(files: &[(&str, &str)]) -> String {
    told_beside(files, &[])
}

/// The same beside files that could not be parsed, and import this.
fn told_beside(files: &[(&str, &str)], unread: &[&str]) -> String {
    let code = code(files);
    let mut declared = express::find(&code);
    declared.extend(hono::find(&code));
    declared.extend(fastify::find(&code));
    let reached = reach(&code, &declared, unread);
    let mut lines: Vec<String> = declared
        .iter()
        .zip(&reached)
        .map(|(route, reach)| format!("{} {:?}", route.path, reach.answer).to_lowercase())
        .collect();
    lines.sort();
    lines.join(", ")
}

const APP: (&str, &str) = (
    "src/index.ts",
    "import express from 'express'\nimport { users } from './users'\nconst app = express()\nusers(app)\napp.listen(1)\n",
);
const USERS: (&str, &str) = (
    "src/users.ts",
    "import type { Express } from 'express'\nexport function users(app: Express) {\n  app.get('/users', (q, s) => s.json([]))\n}\n",
);
const OLD: (&str, &str) = (
    "src/old.ts",
    "import type { Express } from 'express'\nexport function old(app: Express) {\n  app.get('/old', (q, s) => s.json([]))\n}\n",
);

#[test]
fn a_function_that_nobody_calls_declares_nothing() {
    assert_eq!(told(&[APP, USERS, OLD]), "/old no, /users yes");
    // Nor one that only its like calls, or that calls itself.
    let around = (
        "src/older.ts",
        "import { old } from './old'\nexport const older = (app) => { old(app); older(app) }\n",
    );
    assert_eq!(told(&[APP, USERS, OLD, around]), "/old no, /users yes");
    let kept = ("src/all.ts", "export * from './old'\nexport { old as ancient } from './old'\n");
    assert_eq!(told(&[APP, USERS, OLD, kept]), "/old no, /users yes");
}

#[test]
fn any_mention_in_what_runs_is_a_call() {
    for by in [
        "import { old } from './old'\nold(app)",
        "import * as all from './old'\nregister(Object.values(all))",
        "import { old as x } from './all'\nfor (const f of [x]) f(app)",
        "const { old } = require('./old')\nfunction main() { old(app) }\nmain()",
        "const all = require('./old')\nall.old(app)",
        "require('./old').old(app)",
        "const main = async () => (await import('./old')).old(app)\nmain()",
        "import { old } from './old'\nold.call(null, app)",
        "import { old } from './old'\nexport default { plugins: [old] }",
    ] {
        let all = ("src/all.ts", "export * from './old'\n");
        let main = format!("const app = make()\n{by}\n");
        assert_eq!(told(&[OLD, all, ("src/main.ts", &main)]), "/old yes", "{by}");
    }
    let common = (
        "src/old.js",
        "const old = (app) => {\n  app.get('/old', (req, res) => res.json([]))\n}\nmodule.exports = { old }\n",
    );
    for (by, expected) in [
        ("", ""),
        ("const { old } = require('./old')\nold(express())\n", "/old yes"),
        ("require('./old').old(express())\n", "/old yes"),
    ] {
        let main = format!("const express = require('express')\n{by}");
        assert_eq!(told(&[common, ("src/main.js", &main)]), expected, "{by}");
    }
}

#[test]
fn a_router_that_nobody_mounts_answers_nothing() {
    let router = (
        "src/things.ts",
        "import { Router } from 'express'\nconst router = Router()\nrouter.use(check)\nrouter.get('/things', (q, s) => s.json([]))\n\
         router.route('/more').get(list)\nexport default router\n",
    );
    assert_eq!(told(&[router]), "/more no, /things no");
    let app = "import express from 'express'\nimport things from './things'\nconst app = express()\n";
    let unused = ("src/index.ts", app);
    assert_eq!(told(&[router, unused]), "/more no, /things no");
    let used = format!("{app}app.use('/api', things)\n");
    assert_eq!(told(&[router, ("src/index.ts", &used)]), "/api/more yes, /api/things yes");
    // Mounted in a way that is not followed.
    let somehow = ("src/index.ts", "import things from './things'\nmount({ '/api': things })\n");
    assert_eq!(told(&[router, somehow]), "/more yes, /things yes");
    // A tool's configuration may name a file.
    let named = ("nuxt.config.ts", "export default { serverMiddleware: ['~/src/things'] }\n");
    assert_eq!(told(&[router, named]), "/more unknown, /things unknown");
}

#[test]
fn what_loads_files_by_name_may_load_it() {
    for loader in [
        "for (const file of readdirSync('./routes')) (await import(file)).old(app)",
        "files.forEach((file) => require('./' + file)(app))",
        "import consign from 'consign'\nconsign().include('routes').into(app)",
        "import all from 'require-dir'\nObject.values(all('./routes')).forEach((routes) => Object.values(routes).forEach((f) => f(app)))",
        "const all = import.meta.glob('./*.ts')",
        "const one = await import(`./${name}.ts`)",
    ] {
        assert_eq!(told(&[OLD, ("src/main.ts", loader)]), "/old unknown", "{loader}");
    }
    let loaded = (
        "src/routes/things.ts",
        "export default async function things(app) {\n  app.get('/', async (request, reply) => reply.send([]))\n}\n",
    );
    let main = (
        "src/main.ts",
        "import Fastify from 'fastify'\nimport autoload from '@fastify/autoload'\nconst app = Fastify()\n\
         app.register(autoload, { dir: join(import.meta.dirname, 'routes') })\n",
    );
    assert_eq!(told(&[loaded, main]), "/ yes");
    // What is loaded stands elsewhere.
    let elsewhere = ("src/main.ts", "const words = await import(`./locales/${name}.ts`)");
    assert_eq!(told(&[OLD, elsewhere]), "/old no");
    let other = ("web/package.json", "{\"name\": \"web\"}");
    let page = ("web/main.ts", "const page = await import(name)");
    assert_eq!(told(&[OLD, other, page, ("package.json", "{\"name\": \"server\"}")]), "/old no");
}

#[test]
fn what_could_not_be_parsed_may_call_it() {
    assert_eq!(told_beside(&[OLD], &["react", "../lib/old.js"]), "/old unknown");
    assert_eq!(told_beside(&[OLD], &["react", "../lib/new"]), "/old no");
    let inside = ("src/old/index.ts", OLD.1);
    assert_eq!(told_beside(&[inside], &["./old"]), "/old unknown");
}

#[test]
fn what_is_made_for_others_may_be_called() {
    let library = ("package.json", "{\"name\": \"kit\", \"exports\": \"./src/old.ts\"}");
    assert_eq!(told(&[OLD, library]), "/old unknown");
    let plugin = (
        "src/plugin.ts",
        "export default async function plugin(app) {\n  app.get('/plugin', async (request, reply) => reply.send([]))\n}\n",
    );
    let fastify = ("src/f.ts", "import 'fastify'\n");
    assert_eq!(told(&[plugin, fastify]), "/plugin unknown");
    let handler = (
        "src/lambda.ts",
        "import express from 'express'\nexport const handler = (event) => {\n  const app = express()\n  app.get('/x', (q, s) => s.end())\n  \
         return serve(app)(event)\n}\n",
    );
    assert_eq!(told(&[handler]), "/x unknown");
    let test = ("test/old.test.ts", "import { old } from '../src/old'\nold(app)\n");
    assert_eq!(told(&[OLD, test]), "/old unknown");
}

#[test]
fn what_runs_with_its_file_is_there() {
    for text in [
        "import express from 'express'\nconst app = express()\napp.get('/x', (q, s) => s.end())\n",
        "import express from 'express'\n(async () => {\n  const app = express()\n  app.get('/x', (q, s) => s.end())\n})()\n",
        "import express from 'express'\nasync function main() {\n  const app = express()\n  app.get('/x', (q, s) => s.end())\n}\nmain()\n",
        "import express from 'express'\nclass Server {\n  app = express()\n  constructor() {\n    this.app.get('/x', (q, s) => s.end())\n  }\n}\nnew Server()\n",
        "import express from 'express'\nconst router = express.Router()\nrouter.get('/x', (q, s) => s.end())\nexpress().use(router)\n",
        "import { Hono } from 'hono'\nconst app = new Hono()\napp.get('/x', (c) => c.text(''))\nexport default app\n",
    ] {
        assert_eq!(told(&[("src/a.ts", text)]), "/x yes", "{text}");
    }
}
