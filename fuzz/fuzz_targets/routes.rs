//! Any files of code, from text to verdicts: parsed, put together, every framework's routes, what each comes to, and whether it is
//! reached. It comes back, with no panic, no overflow of the stack and no allocation that the bytes don't warrant (`-timeout`,
//! `-rss_limit_mb`).
//!
//! The first byte says how the rest is read. Even: as text, one file after the other, each behind a zero byte. Odd: each
//! byte is a piece of code (`pieces`), so that what comes out often parses and is about routes.
#![no_main]

mod pieces;

use std::sync::Arc;

use vibecheck::code::{is_configuration, link, parse};
use vibecheck::facts::extract::routes::{express, fastify, hono, judge, nest, next, reach, supabase, trpc};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let files = match first % 2 {
        0 => texts(rest),
        _ => pieces::files(rest),
    };
    let modules = files.iter().map(|(path, text)| Arc::new(parse(path, text))).collect();
    let configurations: Vec<_> = files.iter().filter(|(path, _)| is_configuration(path)).cloned().collect();
    let code = link(modules, &configurations);
    let packages = vec![next::Package { folder: String::new(), next: "15.5.4".to_owned() }];
    let next_input = next::Input { packages, ..next::Input::default() };
    let mut declared = next::find(&next_input, &code);
    let supabase_input = supabase::Input::default();
    declared.extend(supabase::find(&supabase_input, &code));
    for find in [express::find, hono::find, fastify::find, trpc::find, nest::find] {
        declared.extend(find(&code));
    }
    let judged = judge::judge(&code, &declared);
    let reached = reach::reach(&code, &declared, &[]);
    assert_eq!((judged.len(), reached.len()), (declared.len(), declared.len()));
});

/// The paths at which files stand: those at which frameworks look for something.
const PATHS: &[&str] =
    &["src/app.ts", "app/api/x/route.ts", "src/b.js", "middleware.ts", "supabase/functions/f/index.ts", "src/c.tsx"];

fn texts(data: &[u8]) -> Vec<(String, String)> {
    let texts = data.split(|byte| *byte == 0).take(PATHS.len());
    PATHS.iter().zip(texts).map(|(path, text)| ((*path).to_owned(), String::from_utf8_lossy(text).into_owned())).collect()
}
