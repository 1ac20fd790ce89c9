//! Each a small app: what runs before which route.

use super::super::lines::{code, lines};
use super::find;

fn routes(files: &[(&str, &str)]) -> Vec<String> {
    let code = code(files);
    lines(&code, &find(&code))
}

#[test]
fn hooks_stay_in_their_instance() {
    let found = routes(&[(
        "app.ts",
        "import Fastify from 'fastify';
import fp from 'fastify-plugin';
const app = Fastify();
app.get('/open', async () => {});
app.register(async (api, options) => {
  api.get('/before', async () => {});
  api.addHook('onRequest', auth);
  api.register(inner, { prefix: '/inner' });
}, { prefix: '/api' });
app.register(async (sibling) => { sibling.get('/sibling', async () => {}); });
async function inner(instance) { instance.post('/x', { preHandler: [limit] }, async () => {}); }
function auth() {}
function limit() {}
app.register(fp(async (whole) => { whole.addHook('preHandler', everywhere); }));
function everywhere() {}",
    )]);
    assert_eq!(
        found,
        [
            "GET /open app.ts:4 [everywhere] =4",
            "GET /api/before app.ts:6 [auth, everywhere] =6",
            "GET /sibling app.ts:10 [everywhere] =10",
            "POST /api/inner/x app.ts:11 [auth, everywhere, limit] =11",
        ]
    );
}

#[test]
fn routes_with_options_and_decorations() {
    let found = routes(&[
        (
            "src/app.ts",
            "import Fastify from 'fastify';
import users from './users';
const app = Fastify();
app.decorate('authenticate', async (request, reply) => {});
app.register(users, { prefix: '/users' });",
        ),
        (
            "src/users.ts",
            "import type { FastifyInstance } from 'fastify';
export default async function users(app: FastifyInstance) {
  app.route({ method: ['GET', 'HEAD'], url: '/', schema: {}, onRequest: app.authenticate, handler: list });
  app.delete('/:id', { preHandler: app.auth([app.authenticate, app.owner]) }, async () => {});
}
async function list() {}",
        ),
    ]);
    assert_eq!(
        found,
        [
            "GET /users src/users.ts:3 [=4, {}] list",
            "HEAD /users src/users.ts:3 [=4, {}] list",
            "DELETE /users/:id src/users.ts:4 [=4 (only if no other check let it pass), app.owner (only if no other check \
             let it pass)] =4",
        ]
    );
}

#[test]
fn folders_are_loaded() {
    let found = routes(&[
        (
            "src/app.js",
            "const path = require('path');
const autoload = require('@fastify/autoload');
const app = require('fastify')();
app.register(autoload, { dir: path.join(__dirname, 'routes'), options: { prefix: '/api' } });",
        ),
        (
            "src/routes/users/_id/index.js",
            "module.exports = async (app) => {\n  app.get('/', async () => {});\n};",
        ),
        ("src/routes/root.js", "module.exports = async (app) => {\n  app.get('/root', async () => {});\n};"),
    ]);
    assert_eq!(
        found,
        [
            "GET /api/root src/routes/root.js:2 [] =2",
            "GET /api/users/:id src/routes/users/_id/index.js:2 [] =2",
        ]
    );
}
