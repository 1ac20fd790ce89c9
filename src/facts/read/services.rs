//! Services that code uses without a package of their own: addresses of APIs in strings, calls of clients that do
//! several things.

use std::collections::BTreeMap;

use super::Reader;
use crate::facts::FileNotes;
use crate::facts::mask::{Lines, Masked, Syntax, mask};
use crate::facts::notes::ServiceNote;
use crate::meaning::{hosts, languages};
use crate::source::{File, Role};

/// The reader.
pub static READERS: &[Reader] = &[Reader { name: "services", wants, read }];

fn wants(file: &File) -> bool {
    let extension = file.extension();
    // Pages only link to addresses.
    file.role == Role::Product
        && !matches!(&*extension, "html" | "htm")
        && languages::by_extension(&extension).is_some_and(|l| l.code)
}

fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let found: Vec<hosts::Found> = hosts::find(text).collect();
    if found.is_empty() {
        return;
    }
    let masked = syntax(&file.extension()).map(|s| mask(text, s));
    // A list of addresses that a browser may ask is no use of them.
    let policy = ["connect-src", "connectSrc", "default-src", "Content-Security-Policy"]
        .iter()
        .any(|word| text.contains(word));
    let mut lines = Lines::of(text);
    let mut tries: BTreeMap<&hosts::Service, u32> = BTreeMap::new();
    for place in found {
        // A file that names an address over and over in comments is given up on.
        let tried = tries.entry(place.service).or_default();
        *tried += 1;
        if *tried > 20 || notes.services.iter().any(|s| s.service == place.service) {
            continue;
        }
        let counts = match &masked {
            Some(masked) => where_it_counts(masked, &place),
            None => !commented(text, place.start),
        };
        let listed = policy && !text.get(place.end..).is_some_and(asks_for_a_path);
        if !counts || (listed && !place.service.call) || !hosts::company(text, place.service) {
            continue;
        }
        notes.services.push(ServiceNote { service: place.service, line: lines.line(place.start) });
    }
}

fn syntax(extension: &str) -> Option<Syntax> {
    match extension {
        "js" | "jsx" | "mjs" | "cjs" | "ts" | "tsx" | "mts" | "cts" | "vue" | "svelte" | "astro" => {
            Some(Syntax::Js)
        }
        "py" => Some(Syntax::Python),
        "rs" => Some(Syntax::Rust),
        "sql" => Some(Syntax::Sql),
        _ => None,
    }
}

/// An address must stand in a string, a call outside of one, neither in a comment.
fn where_it_counts(masked: &Masked, place: &hosts::Found) -> bool {
    let same = |view: &str| view.get(place.start..place.end) == Some(place.service.text.as_str());
    if place.service.call { same(&masked.code) } else { same(&masked.text) && !same(&masked.code) }
}

fn asks_for_a_path(rest: &str) -> bool {
    let mut characters = rest.chars();
    characters.next() == Some('/') && characters.next().is_some_and(|c| c.is_ascii_alphanumeric() || c == '$')
}

/// Whether the line is a comment up to here, in languages that no mask knows.
fn commented(text: &str, at: usize) -> bool {
    // Nobody writes a longer line by hand.
    let near = text.as_bytes().get(at.saturating_sub(2000)..at).unwrap_or_default();
    let start = memchr::memrchr(b'\n', near).map_or(0, |n| n + 1);
    let before = String::from_utf8_lossy(near.get(start..).unwrap_or_default());
    let line = before.trim_start();
    line.starts_with(['#', '*']) || line.starts_with("/*") || before.replace("://", "").contains("//")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::read::testing::file;

    fn services(path: &str, text: &str) -> Vec<(String, u32)> {
        let mut notes = FileNotes::default();
        read(&file(path), text, &mut notes);
        notes.services.into_iter().map(|s| (s.service.id.clone(), s.line)).collect()
    }
    fn one(id: &str, line: u32) -> Vec<(String, u32)> {
        vec![(id.to_owned(), line)]
    }

    #[test]
    fn addresses_in_strings() {
        let call = "// https://api.anthropic.com/v1\nconst r = await fetch(`https://api.openai.com/v1/images/${x}`);\n";
        assert_eq!(services("a.ts", call), one("openai", 2));
        assert_eq!(
            services("a.py", "# https://api.openai.com\nURL = 'https://api.groq.com/v1'\n"),
            one("groq", 2)
        );
        assert_eq!(
            services("a.go", "// see https://api.x.ai\nvar u = \"https://api.mistral.ai\"\n"),
            one("mistral", 2)
        );
        assert_eq!(services("a.ts", "const regex = 1 // api.openai.com\n"), []);
    }

    #[test]
    fn a_list_for_the_browser_is_no_use() {
        let policy = "const csp = \"connect-src 'self' https://api.stripe.com\";\n";
        assert_eq!(services("next.config.js", policy), []);
        assert_eq!(services("a.js", "fetch('https://api.stripe.com/v1/charges')"), one("stripe", 1));
    }

    #[test]
    fn an_address_for_several_things_needs_company() {
        let login = "fetch('https://graph.facebook.com/me')";
        assert_eq!(services("a.ts", login), []);
        let message =
            "fetch(`https://graph.facebook.com/v18.0/${id}/messages`, { body: { messaging_product: 'x' } })";
        assert_eq!(services("a.ts", message), one("whatsapp", 1));
    }

    #[test]
    fn calls_stand_outside_of_strings() {
        assert_eq!(services("a.ts", "const u = await db.auth.getUser()"), one("supabase-auth", 1));
        assert_eq!(services("a.ts", "const doc = 'call db.auth.getUser()'"), []);
    }
}
