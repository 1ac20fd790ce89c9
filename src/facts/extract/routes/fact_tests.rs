use crate::facts::kinds::{Answer, Authenticated, Fact, NotableKind, Route};
use crate::facts::testing::facts;
use crate::facts::{Facts, Search, collect};
use crate::source::{Source, Tree};

const NEXT: (&str, &str) = ("package.json", "{\"dependencies\": {\"next\": \"15.0.0\"}}");

fn shown(facts: &Facts) -> Vec<String> {
    let line = |r: &Route| format!("{} {} {}:{} {:?}", r.method, r.path, r.file, r.line, r.authenticated);
    facts.routes.iter().map(line).collect()
}

#[test]
fn every_route_has_a_place_for_every_cell_and_a_reason_for_what_is_unknown() {
    let found = facts(&[
        NEXT,
        (
            "app/api/a/route.ts",
            "import { who } from 'elsewhere'\nexport async function POST() { return who() }\n",
        ),
        ("app/api/b/route.ts", "export const GET = () => Response.json({})\n"),
    ]);
    assert_eq!(found.routes.len(), 2);
    for route in &found.routes {
        assert_eq!((route.app.as_str(), route.reachable), (".", Answer::Yes));
        for cell in super::fact::CELLS {
            assert!(route.evidence.iter().any(|one| one.cell == *cell), "{cell}: {:#?}", route.evidence);
        }
        let unknown = route.authenticated == Authenticated::Unknown;
        assert_eq!(unknown, route.unknowns.iter().any(|one| one.cell == "authenticated"));
    }
}

#[test]
fn a_file_that_does_not_parse_keeps_its_routes_and_nothing_is_known_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        NEXT,
        (
            "app/api/users/route.ts",
            "<<<<<<< HEAD\nexport async function GET() {}\n=======\nexport async function POST() {}\n>>>>>>> b\n",
        ),
        ("pages/api/old.ts", "export default function handler(req, res) { res.json(1) }\nlet let = =\n"),
        ("supabase/functions/pay/index.ts", "Deno.serve(async (req) => { return new Response( })\n"),
        (
            "server.ts",
            "import express from 'express'\nconst app = express()\napp.get('/health', ok)\nlet = = 1\n",
        ),
    ];
    for (path, text) in files {
        let place = folder.path().join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, text).unwrap();
    }
    let tree = Tree::working(folder.path(), &[]).unwrap();
    let source = Source { tree, git: None, notes: Vec::new(), at: String::new() };
    let (found, reading) = collect(&source, &Search::default());
    assert_eq!(
        shown(&found),
        [
            "GET /api/users app/api/users/route.ts:2 Unknown",
            "POST /api/users app/api/users/route.ts:4 Unknown",
            "ANY /api/old pages/api/old.ts:1 Unknown",
            "GET /health server.ts:3 Unknown",
            "ANY /functions/v1/pay supabase/functions/pay/index.ts:1 Unknown",
        ]
    );
    for route in &found.routes {
        assert!(
            !route.parsed && route.logged == Answer::Unknown && route.signature_verified == Answer::Unknown
        );
        assert!(route.unknowns.iter().all(|one| one.reason == "its file does not parse"));
    }
    assert_eq!(reading.broken.len(), 4, "coverage says it: {:?}", reading.broken);
    let notable: Vec<_> = found.notable_files.iter().filter(|f| f.kind == NotableKind::BrokenCode).collect();
    assert_eq!(notable.len(), 4, "and a rule can");
    assert!(notable.iter().all(|file| file.evidence[0].line > 0), "{notable:#?}");
}

#[test]
fn frameworks_that_only_an_import_names_are_found() {
    let found = facts(&[(
        "main.ts",
        "import { Hono } from 'npm:hono@4'\nconst app = new Hono()\napp.get('/x', (c) => c.text('x'))\nDeno.serve(app.fetch)\n",
    )]);
    assert_eq!(found.routes.len(), 1, "{:?}", shown(&found));
    let found =
        facts(&[("actions.ts", "'use server'\nexport async function save(x: string) { return x }\n")]);
    assert_eq!(found.routes.len(), 1, "{:?}", shown(&found));
}

#[test]
fn where_nothing_answers_requests_nothing_is_parsed() {
    let found = facts(&[
        ("package.json", "{\"dependencies\": {\"react-router-dom\": \"6\"}}"),
        ("src/app.tsx", "export const a = (\n"),
    ]);
    assert!(found.routes.is_empty());
    assert!(found.notable_files.is_empty(), "what is not parsed is not said to be broken");
}

#[test]
fn tests_have_no_routes_and_a_folder_called_test_has() {
    let found = facts(&[
        NEXT,
        ("app/api/test/route.ts", "export async function GET() { return Response.json({}) }\n"),
        ("app/api/a/route.test.ts", "export async function GET() {}\n"),
        ("tests/server.ts", "import express from 'express'\nconst app = express()\napp.get('/x', ok)\n"),
        ("supabase/functions/test/index.ts", "Deno.serve(() => new Response('x'))\n"),
    ]);
    let files: Vec<&str> = found.routes.iter().map(|route| route.file.as_str()).collect();
    assert_eq!(files, ["app/api/test/route.ts", "supabase/functions/test/index.ts"]);
}

#[test]
fn what_the_repository_says_is_masked() {
    let key = concat!("sk_live_", "51Hxxyyzzaabbccddeeff0011");
    let text = format!("export async function POST() {{ return 1 }}\n// {key}\n");
    let found = facts(&[NEXT, (&format!("app/api/{key}/route.ts"), &text)]);
    assert_eq!(found.routes.len(), 1);
    assert!(!found.routes[0].path.as_str().contains(key), "{}", found.routes[0].path);
}

#[test]
fn equal_routes_of_a_file_are_told_apart() {
    let text = "import express from 'express'\nconst a = express()\nconst b = express()\na.get('/x', one)\nb.get('/x', two)\n";
    let found = facts(&[("package.json", "{\"dependencies\": {\"express\": \"5\"}}"), ("server.js", text)]);
    let subjects: Vec<String> = found.routes.iter().map(Fact::subject).collect();
    assert_eq!(subjects, ["GET /x in server.js", "GET /x in server.js (2)"]);
}

#[test]
fn hostile_repositories_end() {
    let circle = "export * from './b'\nimport './b'\nexport { x as y } from './b'\n";
    let deep = format!("export const GET = {}1{}\n", "(".repeat(50_000), ")".repeat(50_000));
    let line = format!("export const GET = [{}]\n", "1,".repeat(900_000));
    let many = (0..5_000).fold(String::from("import e from 'express'\nconst app = e()\n"), |all, n| {
        all + &format!("app.get('/{n}', (q, s) => s.json(1))\n")
    });
    let found = facts(&[
        NEXT,
        ("app/api/a/route.ts", &format!("{circle}export async function GET() {{ return y() }}\n")),
        ("app/api/a/b.ts", &circle.replace("./b", "./route")),
        ("app/api/deep/route.ts", &deep),
        ("app/api/line/route.ts", &line),
        ("server.ts", &many),
    ]);
    assert!(found.routes.len() >= 5_001, "{}", found.routes.len());
}

#[test]
fn a_check_that_is_off_in_development_is_told_where_it_is_written() {
    let route = "import { verify } from '../../../lib/verify'\nimport { db } from '../../../lib/db'\n\
                 export async function POST(request: Request) {\n  const body = await request.text()\n  \
                 await verify(request)\n  await db.job.deleteMany()\n  return Response.json({})\n}\n";
    let found = facts(&[
        NEXT,
        (
            "lib/db.ts",
            "import { PrismaClient } from '@prisma/client'\nexport const db = new PrismaClient()\n",
        ),
        (
            "lib/verify.ts",
            "export async function verify(request: Request) {\n  if (process.env.VERCEL !== '1') {\n    return\n  }\n  \
             if (request.headers.get('authorization') !== `Bearer ${process.env.CRON_SECRET}`) {\n    \
             throw new Error('no')\n  }\n}\n",
        ),
        ("app/api/a/route.ts", route),
        ("app/api/b/route.ts", route),
    ]);
    let guards: Vec<_> =
        found.weak_guards.iter().filter(|guard| guard.pattern == "development-bypass").collect();
    let [guard] = guards.as_slice() else { panic!("{:#?}", found.weak_guards) };
    assert_eq!((guard.file.as_str(), guard.line), ("lib/verify.ts", 3));
}

#[test]
fn what_a_library_serves_is_not_called_open() {
    let found = facts(&[
        NEXT,
        (
            "lib/db.ts",
            "import { PrismaClient } from '@prisma/client'\nexport const db = new PrismaClient()\n",
        ),
        (
            "app/api/jobs/route.ts",
            "import { serve } from '@upstash/workflow/nextjs'\nimport { db } from '../../../lib/db'\n\
             export const { POST } = serve<{ id: string }>(async (context) => {\n  \
             await context.run('x', () => db.job.delete({ where: { id: context.requestPayload.id } }))\n})\n",
        ),
    ]);
    assert_eq!(shown(&found), ["POST /api/jobs app/api/jobs/route.ts:3 Unknown"]);
}

#[test]
fn a_host_that_is_looked_up_in_a_list_is_not_chosen() {
    let route = |asks: &str| {
        format!(
            "const HOSTS = new Set(['api.example.com', 'cdn.example.com'])\n\
             function isKnown(url: string) {{\n  try {{ return HOSTS.has(new URL(url).{asks}) }} catch {{ return false }}\n}}\n\
             export async function GET(request: Request) {{\n  \
             const url = new URL(request.url).searchParams.get('image')\n  \
             if (!url || !isKnown(url)) return new Response(null, {{ status: 400 }})\n  \
             return fetch(url)\n}}\n"
        )
    };
    let (host, path) = (route("hostname"), route("pathname"));
    let found =
        facts(&[NEXT, ("app/api/host/route.ts", host.as_str()), ("app/api/path/route.ts", path.as_str())]);
    let fetched: Vec<_> = found.routes.iter().map(|route| (route.path.as_str(), route.fetches_any)).collect();
    assert_eq!(fetched, [("/api/host", false), ("/api/path", true)]);
}
