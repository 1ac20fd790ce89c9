//! Each a small app: what runs before which route.

use super::super::lines::{code, lines};
use super::find;

fn routes(files: &[(&str, &str)]) -> Vec<String> {
    let code = code(files);
    lines(&code, &find(&code))
}

fn routes_of(text: &str) -> Vec<String> {
    routes(&[("app.js", &format!("const express = require('express');\nconst app = express();\n{text}"))])
}

#[test]
fn a_layer_covers_what_is_registered_after_it() {
    let found = routes_of(
        "app.get('/open', open);
app.use(auth);
app.get('/closed', limit, closed);
function auth(req, res, next) { next(); }
function limit(req, res, next) { next(); }
function open(req, res) {}
function closed(req, res) {}",
    );
    assert_eq!(found, ["GET /open app.js:3 [] open", "GET /closed app.js:5 [auth, limit] closed"]);
}

#[test]
fn a_layer_covers_what_is_below_its_path() {
    let found = routes_of(
        "app.use('/admin', auth);
app.get('/admin/users', (req, res) => {});
app.get('/administrators', (req, res) => {});
app.get('/admin', (req, res) => {});
app.get('/:anything/x', (req, res) => {});",
    );
    assert_eq!(
        found,
        [
            "GET /admin/users app.js:4 [auth] =4",
            "GET /administrators app.js:5 [] =5",
            "GET /admin app.js:6 [auth] =6",
            "GET /:anything/x app.js:7 [auth (only for /admin)] =7",
        ]
    );
}

#[test]
fn routers_are_mounted_across_files() {
    let found = routes(&[
        (
            "src/index.ts",
            "import express from 'express';
import users from './routes/users';
import { requireUser } from './auth';
const app = express();
app.use('/api', requireUser);
app.use('/api/users', users);
export default app;",
        ),
        ("src/auth.ts", "export function requireUser(req: any, res: any, next: any) { next(); }"),
        (
            "src/routes/users.ts",
            "import { Router } from 'express';
import * as controller from '../controller';
const router = Router();
router.route('/').get(controller.list).post(check, controller.create);
router.delete('/:id', controller.remove);
export default router;",
        ),
        (
            "src/controller.ts",
            "export const list = async (req: any, res: any) => {};
export async function create(req: any, res: any) {}
export const remove = wrap(async (req: any, res: any) => {});
import { wrap } from './wrap';",
        ),
        (
            "src/wrap.ts",
            "export const wrap = (f: any) => (req: any, res: any, next: any) => f(req, res).catch(next);",
        ),
    ]);
    assert_eq!(
        found,
        [
            "GET /api/users src/routes/users.ts:4 [requireUser] list",
            "POST /api/users src/routes/users.ts:4 [requireUser, check] create",
            "DELETE /api/users/:id src/routes/users.ts:5 [requireUser, wrap()] =3",
        ]
    );
}

#[test]
fn an_app_is_passed_to_functions() {
    let found = routes(&[
        (
            "server/index.ts",
            "import express from 'express';
import { registerRoutes } from './routes';
const app = express();
(async () => {
  const server = await registerRoutes(app, { guard: mustBeUser });
  server.listen(1);
})();
function mustBeUser(req: any, res: any, next: any) { next(); }",
        ),
        (
            "server/routes.ts",
            "import type { Express } from 'express';
export async function registerRoutes(app: Express, options: any) {
  app.get('/api/a', options.guard, async (req, res) => {});
  for (const name of ['b', 'c']) app.post(`/api/${name}`, (req, res) => {});
  return app;
}",
        ),
    ]);
    assert_eq!(
        found,
        [
            "GET /api/a server/routes.ts:3 [mustBeUser] =3",
            "POST /api/b server/routes.ts:4 [] =4",
            "POST /api/c server/routes.ts:4 [] =4",
        ]
    );
}

#[test]
fn classes_hold_routers() {
    let found = routes(&[(
        "app.ts",
        "import express, { Router } from 'express';
class Base {
  router = Router();
  constructor(protected path: string) { this.init(); }
  init() {}
}
class Users extends Base {
  constructor() { super('/users'); }
  init() {
    this.router.get(`${this.path}/:id`, this.auth, this.show.bind(this));
  }
  auth(req: any, res: any, next: any) { next(); }
  async show(req: any, res: any) {}
}
class App {
  app = express();
  constructor(controllers: any[]) { controllers.forEach((c) => this.app.use('/api', c.router)); }
}
new App([new Users()]);",
    )]);
    assert_eq!(found, ["GET /api/users/:id app.ts:10 [this.auth] show"]);
}

#[test]
fn branches_say_when_a_layer_is_there() {
    let found = routes_of(
        "if (process.env.NODE_ENV === 'production') app.use(auth);
app.get('/a', (req, res) => {});
if (process.env.DEBUG) { app.use(open); app.get('/debug', (req, res) => {}); } else { app.use(strict); }
app.get('/b', (req, res) => {});",
    );
    assert_eq!(
        found,
        [
            "GET /a app.js:4 [auth (only if NODE_ENV is production)] =4",
            "GET /debug app.js:5 [auth (only if NODE_ENV is production), open] =5",
            "GET /b app.js:6 [auth (only if NODE_ENV is production), open (only if DEBUG is set), strict (only if DEBUG \
             is not set)] =6",
        ]
    );
}

#[test]
fn arrays_regular_expressions_and_all() {
    let found = routes_of(
        "const guards = [first, [second]];
app.all('/api/*', everything);
app.get(['/a', '/api/b'], guards, (req, res) => {});
app.get(/^\\/x/, (req, res) => {});
app.all('/any', (req, res) => {});
function everything(req, res, next) { if (req.user) next(); else res.end(); }",
    );
    assert_eq!(
        found,
        [
            "GET /a app.js:5 [first, second] =5",
            "GET /api/b app.js:5 [everything, first, second] =5",
            "GET /^\\/x/ app.js:6 [everything (only for /api/*)] =6",
            "ANY /any app.js:7 [] =7",
        ]
    );
}

#[test]
fn a_handler_may_only_hand_on() {
    let found = routes_of(
        "app.get('/x', auth, check);
app.get('/x', (req, res) => {});
function check(req, res, next) { if (!req.ok) return res.end(); next(); }",
    );
    assert_eq!(found, ["GET /x app.js:4 [auth, check] =4"]);
}

#[test]
fn params_and_error_handlers() {
    let found = routes_of(
        "const router = express.Router();
router.get('/:id', (req, res) => {});
router.get('/', (req, res) => {});
router.param('id', load);
app.use((error, req, res, next) => {});
app.use('/items', router);",
    );
    assert_eq!(found, ["GET /items/:id app.js:4 [load] =4", "GET /items app.js:5 [] =5"]);
}

#[test]
fn a_router_that_is_gone_through_first_covers_its_siblings() {
    let found = routes_of(
        "const closed = express.Router();
closed.use(auth);
closed.get('/me', (req, res) => {});
const later = express.Router();
later.get('/too', (req, res) => {});
app.get('/api/before', (req, res) => {});
app.use('/api', closed);
app.use('/api', later);
app.use('/other', later);",
    );
    assert_eq!(
        found,
        [
            "GET /api/me app.js:5 [auth] =5",
            "GET /api/too app.js:7 [auth] =7",
            "GET /other/too app.js:7 [] =7",
            "GET /api/before app.js:8 [] =8",
        ]
    );
}

#[test]
fn an_app_in_a_folder_that_a_loop_loads() {
    let found = routes(&[
        (
            "index.js",
            "const app = require('express')();
fs.readdirSync('./routes').forEach((file) => require('./routes/' + file)(app));",
        ),
        ("routes/items.js", "module.exports = (app) => {\n  app.get('/items', (req, res) => {});\n};"),
    ]);
    assert_eq!(found, ["GET /items routes/items.js:2 [] =2"]);
}

#[test]
fn tests_are_no_routes_and_clients_are_no_apps() {
    let test = "const app = require('express')(); app.get('/x', (req, res) => {});";
    assert_eq!(routes(&[("src/app.test.js", test)]), [""; 0]);
    let client = "require('express'); const axios = require('axios');
axios.get('/x', (req, res) => {});
module.exports = (client) => { client.get('/y', { a: 1 }); app.get('/z', (req, res) => {}); };";
    assert_eq!(routes(&[("src/client.js", client)]), [""; 0]);
}

#[test]
fn circles_and_growth_end() {
    let circle = "const a = express.Router(); const b = express.Router();
a.use('/b', b); b.use('/a', a); a.get('/x', (req, res) => {}); app.use(a);
function f(r) { r.use('/f', f(r)); return f(r); } f(app); f(app);";
    assert!(!routes_of(circle).is_empty());
    let mut growing = String::from("const r0 = express.Router(); r0.get('/x', (req, res) => {});\n");
    for i in 1..40 {
        growing.push_str(&format!(
            "const r{i} = express.Router(); r{i}.use('/a', r{}); r{i}.use('/b', r{});\n",
            i - 1,
            i - 1
        ));
    }
    growing.push_str("app.use(r39);");
    assert!(routes_of(&growing).len() <= 20_000);
}
