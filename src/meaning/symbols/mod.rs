//! What the symbols of libraries mean, looked up by what an expression stands for.
//!
//! `await supabase.auth.getUser()` stands for the package `@supabase/supabase-js` with the path `createClient`, call,
//! `auth`, `getUser`, call. [`of`] finds the entry `@supabase/supabase-js createClient() .auth.getUser`: a guard whose
//! result must be checked. What entries say is data: `rules/vocabulary/symbols/`.

mod address;
mod entry;
mod pattern;
mod place;
mod sql;
mod table;

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use crate::code::{Call, Denoted, ModuleId, Root, Step};

pub use address::of_url;
pub use entry::{
    Acts, Answer, Callback, Client, Combines, Effect, EffectKind, Entry, Guard, Handler, How, Input, Log,
    Middleware, Proof, Response, Style, Takes, What, Wrapper,
};
pub use place::{Condition, Failure, Is, Part, Place, There, Which, calls};
pub use sql::{Asked, Statement, asked, statement};

use pattern::From;
use table::Table;

/// Where the vocabulary lies.
const FOLDER: &str = "rules/vocabulary/symbols/";

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(files()).0);

fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    crate::embedded::VOCABULARY.iter().copied().filter(|(path, _)| path.starts_with(FOLDER))
}

/// An entry of the vocabulary that says something about a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    entry: usize,
    /// How many steps of the path are the symbol. If the symbol is what is called, its call is the next one. What is
    /// behind that was done with the result.
    pub used: usize,
    /// Which step stands for the `*` of the symbol.
    pub wild: Option<usize>,
    /// The client at the beginning of the path: its entry, and its steps.
    client: Option<(usize, usize)>,
}

impl Found {
    /// What the vocabulary says.
    pub fn entry(&self) -> &'static Entry {
        &TABLE.entries[self.entry]
    }

    /// The client at the beginning of the path, if the vocabulary knows it as one: `createClient(url, key)` in
    /// `createClient(url, key).from("x").select()`.
    pub fn client(&self) -> Option<Found> {
        self.client.map(|(entry, used)| Found { entry, used, wild: None, client: None })
    }

    /// The call of the symbol: its own last step, or what is behind it. `None`, where it is not called.
    pub fn call<'c>(&self, path: &[Step<'c>]) -> Option<(ModuleId, &'c Call)> {
        let own = self.used.checked_sub(1).and_then(|last| path.get(last));
        [own, path.get(self.used)].into_iter().flatten().find_map(|step| match step {
            Step::Call(module, call) => Some((*module, *call)),
            _ => None,
        })
    }

    /// What was done with the result of calling the symbol; with the symbol itself, where it is not called.
    pub fn rest<'p, 'c>(&self, path: &'p [Step<'c>]) -> &'p [Step<'c>] {
        let rest = path.get(self.used..).unwrap_or_default();
        match rest {
            [Step::Call(..), rest @ ..] => rest,
            _ => rest,
        }
    }
}

/// What the vocabulary says about what an expression stands for.
///
/// Ask about a chain as a whole (`db.insert(users).values(v).returning()`): its parts lead to the same entry. The entry
/// that spells out most of the path counts; where several spell as much, the one that takes more of it.
pub fn of(denoted: &Denoted) -> Option<Found> {
    let (roots, path) = roots(denoted);
    TABLE.best(roots, path).map(|found| found.on(denoted.path.len() - path.len()))
}

impl Found {
    /// The same in a path with some steps before.
    fn on(self, before: usize) -> Found {
        Found {
            used: self.used + before,
            wild: self.wild.map(|at| at + before),
            client: self.client.map(|(entry, used)| (entry, used + before)),
            ..self
        }
    }
}

/// What the vocabulary says about something that is known by a name: what [`Callback::gives`] or a framework gives to a
/// function. The names are in `rules/vocabulary/symbols/README.md`.
pub fn within(head: &str, path: &[Step]) -> Option<Found> {
    TABLE.best(std::iter::once(From::Head(head)), path)
}

/// The name by which [`within`] knows a value.
pub fn head(denoted: &Denoted) -> Option<&'static str> {
    let (roots, path) = roots(denoted);
    TABLE.head(roots, path, false)
}

/// The name by which [`within`] knows the instances of a class, or what calling a function gives: for a class of the
/// repository that extends it, or a parameter of its type.
pub fn instance(denoted: &Denoted) -> Option<&'static str> {
    let (roots, path) = roots(denoted);
    TABLE.head(roots, path, true)
}

/// The status that a name stands for: `UNAUTHORIZED` of `trpc`.
pub fn code(codes: &str, name: &str) -> Option<u16> {
    TABLE.codes.get(codes)?.get(name).copied()
}

/// What the name of a key, or the start of its value, tells about whom its client acts for.
pub fn key(name: &str) -> Option<Acts> {
    let name = name.to_ascii_uppercase();
    // A project may well have both words in one name: `NEXT_PUBLIC_SERVICE_ROLE_KEY` is a service key that leaks.
    if ["SERVICE_ROLE", "SERVICE_KEY", "SERVICEROLE", "SERVICEKEY", "SECRET", "ADMIN"]
        .iter()
        .any(|w| name.contains(w))
    {
        return Some(Acts::Service);
    }
    ["ANON", "PUBLISHABLE", "PUBLIC_KEY"].iter().any(|w| name.contains(w)).then_some(Acts::Anonymous)
}

/// Where to look a path up, and the path without what says nothing (`default`, `globalThis`).
fn roots<'d, 'c>(denoted: &'d Denoted<'c>) -> (impl Iterator<Item = From<'d>>, &'d [Step<'c>]) {
    let path = denoted.path.as_slice();
    let (roots, path) = match &denoted.root {
        Root::Package(name) => {
            let name = pattern::plain_package(name);
            let mut roots = [Some(From::Package(name)), Some(From::Below(above(name))), None, None];
            // What Deno's registry has under a name is mostly the same as what npm has.
            if let Some(name) = name.strip_prefix("deno.land/x/").and_then(|rest| rest.split('/').next()) {
                roots[2..].copy_from_slice(&[Some(From::Package(name)), Some(From::Below(name))]);
            }
            match path {
                [Step::Member(first), rest @ ..] if **first == *"default" => (roots, rest),
                _ => (roots, path),
            }
        }
        Root::Global(name) => match (&**name, path) {
            ("globalThis" | "window" | "self" | "global", [Step::Member(first), rest @ ..]) => {
                ([Some(From::Global(first)), None, None, None], rest)
            }
            (name, _) => ([Some(From::Global(name)), None, None, None], path),
        },
        _ => ([None; 4], path),
    };
    (roots.into_iter().flatten(), path)
}

/// The package of a module of it: `drizzle-orm` of `drizzle-orm/pg-core`.
fn above(package: &str) -> &str {
    let own = if package.starts_with('@') { 2 } else { 1 };
    let end = package.match_indices('/').nth(own - 1).map_or(package.len(), |(at, _)| at);
    &package[..end]
}
