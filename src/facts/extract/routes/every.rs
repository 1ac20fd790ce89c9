//! Every route of the code, whatever its framework: each once, in the order of the files.

use std::collections::BTreeSet;

use super::{Declared, Gate, Handler, express, fastify, hono, judged::Judged, nest, next, supabase, trpc};
use crate::code::{Code, ModuleId, Root, Target};
use crate::schema::model::Model;

/// Packages of frameworks whose code is read, as words: what stands around them is not part of a name.
const WORDS: &[&str] = &[
    "next",
    "express",
    "express-promise-router",
    "express-async-router",
    "express-ws",
    "router",
    "hono",
    "@hono/zod-openapi",
    "@hono/hono",
    "fastify",
    "fastify-plugin",
    "@fastify/autoload",
    "fastify-autoload",
    "@trpc/server",
    "@nestjs/common",
    "@nestjs/core",
    "@nestjs/graphql",
    "next-safe-action",
    "zsa",
    // What only browsers run has no routes, and code that must not get there.
    "vite",
    "react-scripts",
];

/// Modules that are looked at behind the one that hands an app on.
const MOST_MODULES: usize = 2_000;

/// Whether a manifest, a configuration or the specifier of an import names a framework whose routes are read.
pub fn names_framework(text: &str) -> bool {
    let part = |c: Option<&u8>| c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_'));
    let bytes = text.as_bytes();
    WORDS.iter().any(|word| {
        memchr::memmem::find_iter(bytes, word).any(|at| {
            let before = at.checked_sub(1).and_then(|at| bytes.get(at));
            !part(before) && !part(bytes.get(at + word.len()))
        })
    })
}

/// Every route, sorted by file and line.
pub fn declared<'c>(next: &'c next::Input, supabase: &supabase::Input, code: &'c Code) -> Vec<Declared<'c>> {
    let mut found = next::find(next, code);
    found.extend(supabase::find(supabase, code));
    found.extend(hono::find(code));
    found.extend(express::find(code));
    found.extend(fastify::find(code));
    found.extend(trpc::find(code));
    found.extend(nest::find(code));
    hand_on(code, &mut found);
    // Of two extractors that see the same, the one that comes first here knows more of what is around it.
    let mut seen: BTreeSet<(ModuleId, u32, String, String)> = BTreeSet::new();
    found.retain(|route| seen.insert((route.module, route.line, route.method.clone(), route.path.clone())));
    found.sort_by(|a, b| (a.module, a.line, &a.path, &a.method).cmp(&(b.module, b.line, &b.path, &b.method)));
    found
}

/// An app of Hono that a route of Next.js or an edge function hands its requests to: its routes are known one by one, and
/// what stands before the one that hands on stands before each of them.
fn hand_on<'c>(code: &'c Code, found: &mut Vec<Declared<'c>>) {
    let carriers: Vec<usize> = (0..found.len())
        .filter(|at| matches!(found[*at].framework, "next" | "supabase") && is_hono(code, &found[*at]))
        .collect();
    let mut handed: BTreeSet<usize> = BTreeSet::new();
    let mut settled: BTreeSet<usize> = BTreeSet::new();
    for carrier in carriers {
        let reached = reached(code, found[carrier].module);
        let Declared { layers, gate, kind, .. } = found[carrier].clone();
        for (at, route) in found.iter_mut().enumerate() {
            if route.framework != "hono" || !reached.contains(&route.module) {
                continue;
            }
            handed.insert(carrier);
            // `export const GET = handle(app)` and the same for POST: once is enough.
            if settled.insert(at) {
                route.layers.splice(0..0, layers.iter().cloned());
                route.kind = kind;
                if route.gate == Gate::None {
                    route.gate = gate.clone();
                }
            }
        }
    }
    let mut at = 0;
    found.retain(|_| {
        at += 1;
        !handed.contains(&(at - 1))
    });
}

fn is_hono(code: &Code, route: &Declared<'_>) -> bool {
    let Handler::Value(module, value) = route.handler else { return false };
    match code.denote(module, value).root {
        Root::Package(name) => {
            let name = name.trim_start_matches("jsr:").trim_start_matches("npm:");
            name == "hono" || name.starts_with("hono/") || name.starts_with("@hono/")
        }
        _ => false,
    }
}

/// A module, and those that it imports, and so on.
fn reached(code: &Code, from: ModuleId) -> BTreeSet<ModuleId> {
    let mut reached = BTreeSet::from([from]);
    let mut open = vec![from];
    while let Some(module) = open.pop() {
        for import in code.module(module).imports.iter().filter(|import| !import.types_only) {
            if let Target::Module(to) = code.target(module, &import.specifier)
                && reached.len() < MOST_MODULES
                && reached.insert(to)
            {
                open.push(to);
            }
        }
    }
    reached
}

/// Routes with what is known of them; the same number of both.
pub fn judged<'c>(code: &'c Code, declared: &[Declared<'c>], models: &[Model]) -> Vec<Judged> {
    super::judge::judge(code, declared, models)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{code, line};
    use super::*;

    fn all(files: &[(&str, &str)]) -> Vec<String> {
        let code = code(files);
        let (next, supabase) = (next::Input::default(), supabase::Input::default());
        let found = declared(&next, &supabase, &code);
        found.iter().map(|route| format!("{} {}", route.kind, line(&code, route))).collect()
    }

    #[test]
    fn what_two_extractors_see_is_there_once() {
        let found = all(&[(
            "supabase/functions/api/index.ts",
            "import { Hono } from 'jsr:@hono/hono'\nconst app = new Hono()\napp.use('*', auth)\n\
             app.get('/api/things', list)\napp.post('/api/things', add)\nDeno.serve(app.fetch)\n",
        )]);
        assert_eq!(found.len(), 2, "{found:#?}");
        assert!(found.iter().all(|route| route.starts_with("edge-function ")), "{found:#?}");
        let found = all(&[(
            "app/api/[[...all]]/route.ts",
            "import { Hono } from 'hono'\nimport { handle } from 'hono/vercel'\nconst app = new Hono().basePath('/api')\n\
             app.get('/hello', (c) => c.text('hi'))\nexport const GET = handle(app)\nexport const POST = handle(app)\n",
        )]);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(found[0].contains("GET /api/hello"), "{found:#?}");
    }

    #[test]
    fn an_app_that_is_not_found_stays_with_who_hands_on() {
        let found = all(&[(
            "supabase/functions/api/index.ts",
            "import { app } from 'npm:hono/made-elsewhere'\nDeno.serve(app.fetch)\n",
        )]);
        assert_eq!(found.len(), 1, "{found:#?}");
    }

    #[test]
    fn frameworks_are_named_as_words() {
        for text in [
            "{\"dependencies\": {\"next\": \"15\"}}",
            "npm:hono@4",
            "https://deno.land/x/hono@v4/mod.ts",
            "https://esm.sh/express@4",
            "@nestjs/common",
        ] {
            assert!(names_framework(text), "{text}");
        }
        for text in [
            "{\"dependencies\": {\"react-router-dom\": \"6\", \"next-themes\": \"1\", \"vitest\": \"3\"}}",
            "expressive",
            "./lib",
        ] {
            assert!(!names_framework(text), "{text}");
        }
    }
}
