//! Each a small app: what runs before which route.

use super::super::lines::{code, lines};
use super::find;

fn routes(files: &[(&str, &str)]) -> Vec<String> {
    let code = code(files);
    lines(&code, &find(&code))
}

fn routes_of(text: &str) -> Vec<String> {
    routes(&[("app.ts", &format!("import {{ Hono }} from 'hono';\n{text}"))])
}

#[test]
fn middleware_covers_what_comes_after_it_and_meets_its_path() {
    let found = routes_of(
        "const app = new Hono();
app.get('/health', (c) => c.text('ok'));
app.use(logger());
app.use('/api/*', auth);
app.use('/exact', only);
app.get('/api/users', list);
app.get('/exact/below', (c) => c.text(''));
app.on(['PUT', 'PATCH'], ['/api/a', '/b'], one);",
    );
    assert_eq!(
        found,
        [
            "GET /health app.ts:3 [] =3",
            "GET /api/users app.ts:7 [logger(), auth] ?list",
            "GET /exact/below app.ts:8 [logger()] =8",
            "PATCH /api/a app.ts:9 [logger(), auth] ?one",
            "PUT /api/a app.ts:9 [logger(), auth] ?one",
            "PATCH /b app.ts:9 [logger()] ?one",
            "PUT /b app.ts:9 [logger()] ?one",
        ]
    );
}

#[test]
fn sub_apps_are_copied_when_they_are_mounted() {
    let found = routes(&[
        (
            "src/index.ts",
            "import { Hono } from 'hono';
import { users } from './users';
const app = new Hono().basePath('/v1');
app.route('/users', users);
users.get('/late', (c) => c.text(''));
app.get('/users/after', (c) => c.text(''));
export default app;",
        ),
        (
            "src/users.ts",
            "import { Hono } from 'hono';
export const users = new Hono().get('/', (c) => c.json([])).use(mine).post('/', check, (c) => c.json({}));",
        ),
    ]);
    assert_eq!(
        found,
        [
            "GET /v1/users/after src/index.ts:6 [mine] =6",
            "GET /v1/users src/users.ts:2 [] =2",
            "POST /v1/users src/users.ts:2 [mine, check] =2",
        ]
    );
}

#[test]
fn an_app_that_is_exported_as_it_is_made_is_one() {
    let found = routes_of("export default new Hono().use(auth).get('/a', (c) => c.text(''));");
    assert_eq!(found, ["GET /a app.ts:2 [auth] =2"]);
}

#[test]
fn factories_and_described_routes() {
    let found = routes(&[(
        "app.ts",
        "import { OpenAPIHono, createRoute } from '@hono/zod-openapi';
import { createFactory } from 'hono/factory';
const factory = createFactory();
const handlers = factory.createHandlers(auth, async (c) => c.json({}));
const show = createRoute({ method: 'get', path: '/users/{id}', middleware: [mine] as const, request: { params } });
const app = new OpenAPIHono();
app.openapi(show, (c) => c.json({}));
app.post('/x', ...handlers);",
    )]);
    assert_eq!(found, ["GET /users/{id} app.ts:7 [mine, createRoute()] =7", "POST /x app.ts:8 [auth] =4"]);
}
