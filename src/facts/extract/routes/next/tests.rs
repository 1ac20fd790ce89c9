use super::super::testing::{code, line};
use super::{Input, Package, find};

fn routes_of(packages: &[(&str, &str)], files: &[(&str, &str)]) -> Vec<String> {
    let packages = packages
        .iter()
        .map(|(folder, next)| Package { folder: (*folder).to_owned(), next: (*next).to_owned() })
        .collect();
    let input = Input { packages, ..Input::default() };
    let code = code(files);
    let mut lines: Vec<String> = find(&input, &code).iter().map(|route| line(&code, route)).collect();
    lines.sort();
    lines
}

fn routes(files: &[(&str, &str)]) -> Vec<String> {
    routes_of(&[("", "^15.0.0")], files)
}

#[test]
fn functions_and_arrows_are_routes() {
    let file = "export const dynamic = 'force-dynamic'\n\
                export async function GET() {}\n\
                export const POST = async () => {}\n\
                export type PUT = string\n\
                export type POST = string\n\
                function DELETE() {}\n";
    assert_eq!(
        routes(&[("src/app/(shop)/api/orders/[id]/route.ts", file)]),
        [
            "GET /api/orders/[id] src/app/(shop)/api/orders/[id]/route.ts:2 -> GET:2",
            "POST /api/orders/[id] src/app/(shop)/api/orders/[id]/route.ts:3 -> POST:3",
        ]
    );
}

#[test]
fn one_handler_under_several_names() {
    let file = "const handler = () => {}\nexport { handler as GET, handler as POST }\nexport const PATCH = async () => {}\n\
                export const PUT = PATCH\n";
    assert_eq!(
        routes(&[("app/api/route.ts", file)]),
        [
            "GET /api app/api/route.ts:2 -> handler:1",
            "PATCH /api app/api/route.ts:3 -> PATCH:3",
            "POST /api app/api/route.ts:2 -> handler:1",
            "PUT /api app/api/route.ts:4 -> PATCH:3",
        ]
    );
}

#[test]
fn handlers_of_other_files() {
    let files = [
        ("app/a/route.ts", "export { list as GET } from '../../lib/list'\n"),
        ("app/b/route.ts", "import { list } from '@/lib/list'\n\nexport const GET = list\n"),
        ("app/c/route.ts", "export * from '../../lib/all'\n"),
        ("app/d/route.ts", "import * as lib from '../../lib/all'\nexport const POST = lib.POST\n"),
        ("lib/list.ts", "export function list() {}\n"),
        ("lib/all.ts", "export async function POST() {}\nexport function helper() {}\n"),
        ("tsconfig.json", r#"{"compilerOptions":{"paths":{"@/*":["./*"]}}}"#),
    ];
    assert_eq!(
        routes(&files),
        [
            "GET /a app/a/route.ts:1 -> list:1",
            "GET /b app/b/route.ts:3 -> list:1",
            "POST /c app/c/route.ts:1 -> POST:1",
            "POST /d app/d/route.ts:2 -> POST:1",
        ]
    );
}

#[test]
fn wrappers_are_layers_outermost_first() {
    let file = "import { withSentry } from '@sentry/nextjs'\n\
                function withAuth(role, handler) { return async (req) => handler(req) }\n\
                const save = async () => {}\n\
                export const GET = withSentry(withAuth('admin', async () => {}))\n\
                export const POST = withAuth('user', save)\n\
                export const PUT = withSentry({ role: 'x', handler: save })\n";
    assert_eq!(
        routes(&[("app/api/route.ts", file)]),
        [
            "GET /api app/api/route.ts:4 [Wrapper(0) @sentry/nextjs.withSentry(), Wrapper(1) withAuth()] -> function:4",
            "POST /api app/api/route.ts:5 [Wrapper(1) withAuth()] -> save:3",
            "PUT /api app/api/route.ts:6 [Wrapper(0) @sentry/nextjs.withSentry()] -> save:3",
        ]
    );
}

#[test]
fn the_last_of_any_number_of_functions_is_the_handler() {
    let file = "const signedIn = (h) => h\nconst compose = (...all) => all\nconst list = async () => {}\n\
                export const GET = compose(signedIn, list)\n";
    let expected = "GET /api app/api/route.ts:4 [Wrapper(1) compose()] -> list:3";
    assert_eq!(routes(&[("app/api/route.ts", file)]), [expected]);
}

#[test]
fn the_function_that_a_wrapper_returns_the_result_of_is_the_handler() {
    let file = "import { table } from './missing'\n\
                function withUser(getUser, handler) {\n\
                return async (req) => { const user = await getUser(req); return handler(req, user) }\n}\n\
                const user = async () => {}\nconst list = async () => {}\n\
                export const GET = withUser(user, list)\n\
                export const PUT = withUser(() => user(), async () => {})\n\
                export const POST = withUser(user, table.create)\n";
    assert_eq!(
        routes(&[("app/api/route.ts", file)]),
        [
            "GET /api app/api/route.ts:7 [Wrapper(1) withUser()] -> list:6",
            "POST /api app/api/route.ts:9 [Wrapper(1) withUser()] -> ?",
            "PUT /api app/api/route.ts:8 [Wrapper(1) withUser()] -> function:8",
        ]
    );
}

#[test]
fn tables_of_handlers_by_method() {
    let handler =
        ("lib/handler.ts", "export function apiHandler(table) { return (req) => table[req.method](req) }\n");
    let pages = "import { apiHandler } from '../../lib/handler'\nfunction list() {}\n\
                 export default apiHandler({ get: list, post: async () => {} })\n";
    let app = "import { apiHandler } from '../../../lib/handler'\n\
               export const { GET } = apiHandler({ GET: async () => {} })\n";
    assert_eq!(
        routes(&[handler, ("pages/api/a.ts", pages), ("app/api/b/route.ts", app)]),
        [
            "GET /api/a pages/api/a.ts:3 [Wrapper(0) apiHandler()] -> list:2",
            "GET /api/b app/api/b/route.ts:2 [Wrapper(0) apiHandler()] -> GET:2",
            "POST /api/a pages/api/a.ts:3 [Wrapper(0) apiHandler()] -> post:3",
        ]
    );
}

#[test]
fn handlers_of_libraries_are_values() {
    let files = [
        ("lib/auth.ts", "import NextAuth from 'next-auth'\nexport const { handlers, auth } = NextAuth({})\n"),
        (
            "app/api/auth/route.ts",
            "import { handlers } from '../../../lib/auth'\nexport const { GET, POST } = handlers\n",
        ),
        (
            "app/api/up/route.ts",
            "import { createRouteHandler } from 'uploadthing/next'\n\
             export const { GET } = createRouteHandler({ router: {} })\n",
        ),
        (
            "app/api/hono/route.ts",
            "import { Hono } from 'hono'\nimport { handle } from 'hono/vercel'\n\
             const app = new Hono().get('/hello', (c) => c.text('hi'))\nexport const GET = handle(app)\n",
        ),
        (
            "app/api/flow/route.ts",
            "import { serve } from '@upstash/workflow/nextjs'\nexport const { POST } = serve(async (context) => {})\n",
        ),
        ("app/api/pkg/route.ts", "export { GET } from 'some-package/route'\n"),
    ];
    assert_eq!(
        routes(&files),
        [
            "GET /api/auth app/api/auth/route.ts:2 -> next-auth.default().handlers",
            "GET /api/hono app/api/hono/route.ts:4 -> hono/vercel.handle()",
            "GET /api/pkg app/api/pkg/route.ts:1 -> some-package/route.GET",
            "GET /api/up app/api/up/route.ts:2 -> uploadthing/next.createRouteHandler()",
            "POST /api/auth app/api/auth/route.ts:2 -> next-auth.default().handlers",
            "POST /api/flow app/api/flow/route.ts:2 [Wrapper(0) @upstash/workflow/nextjs.serve()] -> function:2",
        ]
    );
}

#[test]
fn what_next_does_not_serve_is_no_route() {
    let file = "export function GET() {}\n";
    assert_eq!(
        routes(&[("app/_lib/route.ts", file), ("lib/route.ts", file), ("app/routes.ts", file)]),
        [""; 0]
    );
    assert_eq!(routes(&[("app/api/route.ts", "export default function handler() {}\n")]), [""; 0]);
}

#[test]
fn apps_of_a_monorepo_keep_their_base_path() {
    let route = "export function GET() {}\n";
    let found = routes_of(
        &[("apps/docs", "15"), ("apps/web", "15")],
        &[
            (
                "apps/docs/next.config.mjs",
                "const config = { basePath: '/docs' }\nexport default withMdx(config)\n",
            ),
            ("apps/docs/app/api/route.ts", route),
            ("apps/docs/app/api/route.api.ts", route),
            ("apps/web/next.config.ts", "export default { pageExtensions: ['api.ts'] }\n"),
            ("apps/web/src/app/app/api/route.api.ts", route),
            ("apps/web/src/app/app/api/route.ts", route),
        ],
    );
    assert_eq!(
        found,
        [
            "GET /app/api apps/web/src/app/app/api/route.api.ts:1 -> GET:1",
            "GET /docs/api apps/docs/app/api/route.ts:1 -> GET:1",
        ]
    );
}

#[test]
fn apps_of_tests_are_not_the_product() {
    let files = [
        ("tests/fixtures/web/app/api/route.ts", ROUTE),
        ("tests/fixtures/web/app/actions.ts", "'use server'\nexport async function save() {}\n"),
        ("app/api/test/route.ts", ROUTE),
    ];
    let packages = [("", "15"), ("tests/fixtures/web", "15")];
    assert_eq!(routes_of(&packages, &files), ["GET /api/test app/api/test/route.ts:1 -> GET:1"]);
}

#[test]
fn a_package_beside_the_apps_has_no_routes() {
    let files = [("apps/web/app/api/route.ts", ROUTE), ("packages/tools/app/api/route.ts", ROUTE)];
    assert_eq!(routes_of(&[("apps/web", "15")], &files), ["GET /api apps/web/app/api/route.ts:1 -> GET:1"]);
    // Nothing says where the apps are.
    assert_eq!(routes_of(&[], &files).len(), 2);
}

#[test]
fn pages_have_one_handler_for_all_methods() {
    let files = [
        ("pages/api/users/[id].ts", "export default function handler(req, res) {}\n"),
        ("pages/api/index.js", "const h = async () => {}\nmodule.exports = h\n"),
        (
            "pages/api/me.ts",
            "import { withAuth } from 'auth'\nconst h = () => {}\n\nexport default withAuth(h)\n",
        ),
        ("pages/api/types.d.ts", "export default function x(): void\n"),
        ("pages/about.tsx", "export default function About() {}\n"),
    ];
    assert_eq!(
        routes(&files),
        [
            "ANY /api pages/api/index.js:2 -> h:1",
            "ANY /api/me pages/api/me.ts:4 [Wrapper(0) auth.withAuth()] -> h:2",
            "ANY /api/users/[id] pages/api/users/[id].ts:1 -> handler:1",
        ]
    );
    // Something must say that it is Next.js.
    assert_eq!(routes_of(&[], &[("src/pages/api/Docs.tsx", "export default function Docs() {}\n")]), [""; 0]);
}

#[test]
fn next_connect_tells_methods_apart() {
    let file = "import { createRouter } from 'next-connect'\n\
                const router = createRouter()\n\
                router.use(cors).get(list)\n\
                router.post(signedIn, async () => {})\n\
                function list() {}\nfunction cors() {}\nfunction signedIn() {}\n\
                export default router.handler({ onError() {} })\n";
    assert_eq!(
        routes(&[("pages/api/items.ts", file)]),
        [
            "GET /api/items pages/api/items.ts:3 [Express cors] -> list:5",
            "POST /api/items pages/api/items.ts:4 [Express cors, Express signedIn] -> function:4",
        ]
    );
}

#[test]
fn exports_of_a_server_file_are_actions() {
    let files = [
        (
            "app/actions.ts",
            "'use server'\nimport { validated } from '../lib/validated'\nimport { z } from 'zod'\n\
             export async function save() {}\n\
             export const remove = async () => {}\n\
             export const invite = validated(z.object({}), async () => {})\n\
             export const schema = z.object({}).refine(async () => true)\n\
             export type Input = string\n\
             async function hidden() {}\n\
             async function late() {}\n\
             export { late }\n\
             export default async function () {}\n",
        ),
        ("lib/validated.ts", "export function validated(schema, action) { return async () => action() }\n"),
    ];
    assert_eq!(
        routes(&files),
        [
            "ACTION default app/actions.ts:12 -> function:12",
            "ACTION invite app/actions.ts:6 [Wrapper(1) validated()] -> function:6",
            "ACTION late app/actions.ts:10 -> late:10",
            "ACTION remove app/actions.ts:5 -> remove:5",
            "ACTION save app/actions.ts:4 -> save:4",
        ]
    );
}

#[test]
fn closures_that_say_so_are_actions() {
    let file = "export default function Page() {\n\
                async function save() { 'use server' }\n\
                return <form action={async () => { 'use server'; await save() }}><b>{async () => {}}</b></form>\n}\n";
    assert_eq!(
        routes(&[("app/page.tsx", file)]),
        ["ACTION action app/page.tsx:3 -> action:3", "ACTION save app/page.tsx:2 -> save:2"]
    );
}

#[test]
fn chains_of_action_clients_are_layers() {
    let files = [
        (
            "lib/client.ts",
            "import { createSafeActionClient } from 'next-safe-action'\n\
             const log = async ({ next }) => next()\nconst signedIn = async ({ next }) => next()\n\
             export const client = createSafeActionClient({ handleServerError() {} }).use(log)\n\
             export const signedInClient = client.use(signedIn)\n",
        ),
        (
            "app/actions.ts",
            "'use server'\nimport { signedInClient, client } from '../lib/client'\nimport { z } from 'zod'\n\
             export const save = signedInClient.metadata({ name: 'save' }).inputSchema(z.object({}))\n\
               .action(async () => {})\n\
             export const ping = client.action(audit('x', async () => {}))\n",
        ),
    ];
    assert_eq!(
        routes(&files),
        [
            "ACTION ping app/actions.ts:6 [Trpc log, Wrapper(1) audit()] -> function:6",
            "ACTION save app/actions.ts:4 [Trpc log, Trpc signedIn, Trpc zod.z.object()] -> function:5",
        ]
    );
}

#[test]
fn clients_of_older_versions_have_one_middleware() {
    let file = "'use server'\nimport { createSafeActionClient } from 'next-safe-action'\n\
                const action = createSafeActionClient({ async middleware() { return { user: 1 } } })\n\
                export const save = action(schema, async () => {})\n";
    assert_eq!(
        routes(&[("app/actions.ts", file)]),
        [
            "ACTION save app/actions.ts:4 [Wrapper(1) next-safe-action.createSafeActionClient()(), Fastify middleware] -> function:4"
        ]
    );
}

#[test]
fn procedures_of_zsa_are_layers() {
    let file = "'use server'\nimport { createServerActionProcedure } from 'zsa'\n\
                const signedIn = createServerActionProcedure().handler(async () => ({ user: 1 }))\n\
                const owner = createServerActionProcedure(signedIn).handler(async () => ({ team: 1 }))\n\
                export const save = owner.createServerAction().input(schema).handler(async () => {})\n";
    assert_eq!(
        routes(&[("app/actions.ts", file)]),
        ["ACTION save app/actions.ts:5 [Fastify function, Fastify function, Trpc schema] -> function:5"]
    );
}

const ROUTE: &str = "export function GET() {}\n";

fn layers_of(files: &[(&str, &str)]) -> Vec<String> {
    let lines = routes(files).into_iter();
    lines.map(|line| line.replace(" app/", " ").replace("GET ", "").replace(" -> GET:1", "")).collect()
}

#[test]
fn matchers_choose_the_routes_of_a_middleware() {
    let middleware = "export function middleware() {}\n\
                      export const config = { matcher: ['/((?!api|_next).*)', '/api/admin/:path*'] }\n";
    let files = [
        ("middleware.ts", middleware),
        ("app/api/admin/users/[id]/route.ts", ROUTE),
        ("app/api/open/route.ts", ROUTE),
        ("app/feed/route.ts", ROUTE),
    ];
    assert_eq!(
        layers_of(&files),
        [
            "/api/admin/users/[id] api/admin/users/[id]/route.ts:1 [NextMiddleware middleware]",
            "/api/open api/open/route.ts:1",
            "/feed feed/route.ts:1 [NextMiddleware middleware]",
        ]
    );
}

#[test]
fn a_middleware_without_matcher_sees_everything() {
    let files = [
        (
            "middleware.ts",
            "import { clerkMiddleware } from '@clerk/nextjs/server'\nexport default clerkMiddleware()\n",
        ),
        ("app/api/route.ts", ROUTE),
    ];
    let expected = "/api api/route.ts:1 [NextMiddleware @clerk/nextjs/server.clerkMiddleware()]";
    assert_eq!(layers_of(&files), [expected]);
}

#[test]
fn a_middleware_in_the_wrong_place_runs_never() {
    let middleware = "export function middleware() {}\n";
    for wrong in ["middleware.ts", "src/lib/middleware.ts", "src/app/middleware.ts"] {
        let found = routes(&[(wrong, middleware), ("src/app/api/route.ts", ROUTE)]);
        assert_eq!(found, ["GET /api src/app/api/route.ts:1 -> GET:1"], "{wrong}");
    }
    let found = routes(&[("src/middleware.ts", middleware), ("src/app/api/route.ts", ROUTE)]);
    assert_eq!(found, ["GET /api src/app/api/route.ts:1 [NextMiddleware middleware] -> GET:1"]);
    let found = routes(&[("middleware.ts", "export function guard() {}\n"), ("app/api/route.ts", ROUTE)]);
    assert_eq!(found, ["GET /api app/api/route.ts:1 -> GET:1"]);
}

#[test]
fn middleware_that_other_files_export() {
    let auth = ("auth.ts", "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({})\n");
    let own =
        [("middleware.ts", "export { auth as middleware } from './auth'\n"), auth, ("app/a/route.ts", ROUTE)];
    assert_eq!(layers_of(&own), ["/a a/route.ts:1 [NextMiddleware next-auth.default().auth]"]);
    let package =
        [("middleware.ts", "export { default } from 'next-auth/middleware'\n"), ("app/a/route.ts", ROUTE)];
    assert_eq!(layers_of(&package), ["/a a/route.ts:1 [NextMiddleware next-auth/middleware.default]"]);
}

#[test]
fn conditions_and_unread_matchers_are_said() {
    let with = |config: &str| {
        let middleware = format!("export function middleware() {{}}\n{config}\n");
        layers_of(&[("middleware.ts", &middleware), ("app/a/[...rest]/route.ts", ROUTE)]).join("")
    };
    let at = "/a/[...rest] a/[...rest]/route.ts:1";
    assert_eq!(
        with(
            "export const config = { matcher: [{ source: '/a/:path*', missing: [{ type: 'header', key: 'purpose' }] }] }"
        ),
        format!("{at} [NextMiddleware middleware (only for requests without a header)]")
    );
    assert_eq!(
        with("export const config = { matcher: paths() }"),
        format!("{at} [NextMiddleware middleware (its matcher can't be read)]")
    );
    assert_eq!(
        with("export const config = { matcher: '/((?!.*\\\\.png$).*)' }"),
        format!("{at} [NextMiddleware middleware (not for paths that end like a file)]")
    );
    assert_eq!(
        with("const one = '/a'\nexport const config = { matcher: [one + '/:id'] }"),
        format!("{at} [NextMiddleware middleware (only for some values of the path's parameters)]")
    );
}

#[test]
fn proxy_files_run_from_version_16_on() {
    let files = [("proxy.ts", "export const proxy = async () => {}\n"), ("app/a/route.ts", ROUTE)];
    assert_eq!(
        routes_of(&[("", "^15.3.0")], &files),
        ["GET /a app/a/route.ts:1 [NextMiddleware proxy (proxy files run from Next.js 16 on)] -> GET:1"]
    );
    assert_eq!(
        routes_of(&[("", "16.0.1")], &files),
        ["GET /a app/a/route.ts:1 [NextMiddleware proxy] -> GET:1"]
    );
}

#[test]
fn what_does_not_parse_is_not_lost() {
    assert_eq!(routes(&[("app/a/route.ts", "export function GET( {{{\n")]), ["ANY /a app/a/route.ts:1 -> ?"]);
}

#[test]
fn circles_and_doubling_end() {
    let circle = [
        ("app/a/route.ts", "export * from './b'\nexport { POST } from './b'\n"),
        ("app/a/b.ts", "export * from './route'\nexport { POST } from './route'\n"),
    ];
    assert_eq!(routes(&circle).len(), 1);
    let mut doubling = String::from("const a0 = f(g, g)\n");
    for i in 1..60 {
        doubling.push_str(&format!("const a{i} = f(a{}, a{})\n", i - 1, i - 1));
    }
    doubling.push_str("export const GET = a59\n");
    assert_eq!(routes(&[("app/a/route.ts", &doubling)]).len(), 1);
}
