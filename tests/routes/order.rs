//! What was learned of one route is used for the next: it must make no difference which came first, and on which thread.

use super::apps::apps;
use super::support::{Files, Route, cell, routes_in, routes_of};

fn told(routes: &[Route]) -> Vec<String> {
    routes.iter().map(|route| format!("{} {} {:?}", route.name, route.place, route.judged)).collect()
}

/// Statements that do nothing, so that a function is worth remembering.
fn filler() -> String {
    (0..30).map(|at| format!("  const part{at} = String(given) + \"{at}\";\n")).collect()
}

/// Routes in a wrapper that begins with the same for each, but for what held before, and for what a function that it made
/// sees of a name that was set since.
fn wrapped() -> Files {
    let filler = filler();
    let wrapper = format!(
        "import {{ getServerSession }} from \"next-auth\";
export const wrapped = (handler, options) => async (request) => {{
  const given = \"x\";
  const session = await getServerSession();
  if (!session) {{
    if (options.guarded) return new Response(\"no\", {{ status: 401 }});
    console.log(given);
  }}
  if (given) {{
{filler}    console.log(given);
  }}
  return handler(request);
}};
export const seen = (handler, options) => async (request) => {{
  const given = \"x\";
  let user = options.anybody;
  const read = () => user;
  if (options.guarded) user = (await getServerSession())?.user;
  if (!given || !read()) {{
{filler}    return new Response(\"no\", {{ status: 401 }});
  }}
  return handler(request);
}};
"
    );
    let route = |by: &str, at: usize| {
        let name = if at.is_multiple_of(2) { "guarded" } else { "open" };
        let code = format!(
            "import {{ {by} }} from \"@/lib/wrap\";
import {{ PrismaClient }} from \"@prisma/client\";
const prisma = new PrismaClient();
export const POST = {by}(async () => {{
  await prisma.entry.deleteMany({{ where: {{ kind: \"{at}\" }} }});
  return Response.json({{ ok: true }});
}}, {{ guarded: {}, anybody: {{ id: 1 }} }});
",
            at.is_multiple_of(2)
        );
        (format!("app/api/{by}-{name}{at}/route.ts"), code)
    };
    let routes = ["wrapped", "seen"].into_iter().flat_map(|by| (0..24).map(move |at| route(by, at)));
    std::iter::once(("lib/wrap.ts".to_owned(), wrapper)).chain(routes).collect()
}

/// Two apps whose routes call the same long helpers again and again: behind a guard and before it, behind a layer that
/// leaves the user and without it.
fn shared() -> Files {
    let filler = filler();
    let mut files = vec![(
        "lib/shared.ts".to_owned(),
        format!(
            "import {{ getServerSession }} from \"next-auth\";
import {{ PrismaClient }} from \"@prisma/client\";
const prisma = new PrismaClient();
export async function requireUser(given: string) {{
{filler}  const session = await getServerSession();
  if (!session) throw new Error(\"Unauthorized\");
  return session.user;
}}
export async function record(given: string) {{
{filler}  await prisma.entry.deleteMany({{ where: {{ kind: given }} }});
}}
"
        ),
    )];
    for at in 0..8 {
        let (guarded, first, second) = match at % 2 {
            0 => ("guarded", "requireUser", "record"),
            _ => ("late", "record", "requireUser"),
        };
        files.push((
            format!("app/api/{guarded}{at}/route.ts"),
            format!(
                "import {{ record, requireUser }} from \"@/lib/shared\";
export async function POST() {{
  await {first}(\"x\");
  await {second}(\"x\");
  return Response.json({{ ok: true }});
}}
"
            ),
        ));
    }
    let mut server = format!(
        "const express = require(\"express\");
const jwt = require(\"jsonwebtoken\");
const {{ PrismaClient }} = require(\"@prisma/client\");
const prisma = new PrismaClient();
const app = express();
function attach(req, res, next) {{
  try {{
    req.account = jwt.verify(req.headers.authorization, process.env.JWT_SECRET);
  }} catch {{
    return res.status(401).end();
  }}
  next();
}}
function account(req) {{
  const given = \"x\";
{filler}  return req.account;
}}
async function clear(req, res) {{
  if (!account(req)) return res.status(401).end();
  await prisma.entry.deleteMany({{}});
  res.json({{ ok: true }});
}}
"
    );
    for at in 0..8 {
        server += &match at % 2 {
            0 => format!("app.delete(\"/behind{at}\", attach, clear);\n"),
            _ => format!("app.delete(\"/without{at}\", clear);\n"),
        };
    }
    files.push(("server/index.js".to_owned(), server + "app.listen(3000);\n"));
    files.extend(wrapped());
    files.push((
        "tsconfig.json".to_owned(),
        "{\"compilerOptions\":{\"paths\":{\"@/*\":[\"./*\"]}}}".to_owned(),
    ));
    files
}

#[test]
fn what_is_remembered_holds_where_it_is_used() {
    let routes = routes_of(&shared());
    assert_eq!(routes.len(), 64, "{:#?}", told(&routes));
    for route in &routes {
        let is_guarded = route.name.contains("guarded") || route.name.contains("behind");
        let says = cell(&route.judged, "authenticated");
        assert_eq!(says == "yes", is_guarded, "{} is {says}\n{:#?}", route.name, route.judged);
    }
}

#[test]
fn the_order_of_routes_makes_no_difference() {
    for (app, files) in apps().into_iter().chain([("shared".to_owned(), shared())]) {
        let backwards = routes_in(&files, |declared| declared.reverse());
        assert_eq!(told(&routes_of(&files)), told(&backwards), "{app}");
    }
}

#[test]
fn the_number_of_threads_makes_no_difference() {
    for threads in [1, 3, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        for (app, files) in apps().into_iter().chain([("shared".to_owned(), shared())]) {
            let alone = pool.install(|| routes_of(&files));
            assert_eq!(told(&routes_of(&files)), told(&alone), "{app} on {threads} threads");
        }
    }
}
