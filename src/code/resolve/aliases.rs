//! Aliases of bundlers (Vite, webpack, Babel's module-resolver, SvelteKit), where they are plain: an `alias` whose values
//! are texts or paths made with `path.resolve`, `path.join` and `new URL`.

use std::collections::HashSet;

use serde_json::Value;

use super::super::walk;
use super::super::{Binding, Call, Entry, Expr, Module, Pattern, Property};
use super::files::{folder_of, join};
use super::mapping::{Mapping, Place};

/// Before a path of the repository, while values are put together.
const HERE: char = '\0';

/// How far names and calls are followed. Texts can double with each.
const DEEPEST: u32 = 6;

type Entries = Vec<(String, Vec<Place>)>;

/// Tools that run tests put stand-ins in the place of what is imported.
const OF_TESTS: &[&str] = &["test", "jest", "playwright", "cypress", "e2e", "wdio", "karma"];

/// Whether a file of code configures how a product is built: `vite.config.ts`, `webpack.common.js`.
pub(super) fn is_configuration(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_one = name.contains(".config.") || name.starts_with("webpack.") || name.starts_with(".babelrc.");
    is_one && !OF_TESTS.iter().any(|word| name.contains(word))
}

/// What a file of code says.
pub(super) fn of_code(module: &Module) -> Mapping {
    let at = Reader { module, folder: folder_of(&module.path) };
    let of_tests = of_tests(module);
    let mut entries = Entries::new();
    walk::everything(module, &mut |expr| match expr {
        Expr::Object(pairs) => {
            for value in aliases_in(pairs) {
                if !of_tests.contains(&std::ptr::from_ref(value)) {
                    at.aliases(at.meant(value, 0), &mut entries);
                }
            }
        }
        // `config.resolve.alias["@"] = path.join(…)`
        Expr::Assign(assign) => {
            if let Pattern::Place(place) = &assign.target
                && let Expr::Member(member) = &**place
            {
                match (&member.object, &member.property) {
                    (Expr::Member(of), Property::Named(key)) if is_alias(&of.property) => {
                        at.alias(key, &assign.value, &mut entries);
                    }
                    (_, property) if is_alias(property) => {
                        at.aliases(at.meant(&assign.value, 0), &mut entries);
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    });
    Mapping::new(entries)
}

/// The values of `alias` below a `test`, which Vitest reads.
fn of_tests(module: &Module) -> HashSet<*const Expr> {
    let mut found = HashSet::new();
    walk::everything(module, &mut |expr| {
        let Expr::Object(pairs) = expr else { return };
        for pair in pairs {
            if let Entry::Pair(key, Expr::Object(pairs)) = pair
                && &**key == "test"
            {
                found.extend(aliases_in(pairs).map(std::ptr::from_ref));
            }
        }
    });
    found
}

fn aliases_in(pairs: &[Entry]) -> impl Iterator<Item = &Expr> {
    pairs.iter().filter_map(|pair| match pair {
        Entry::Pair(key, value) if &**key == "alias" => Some(value),
        _ => None,
    })
}

/// What a `.babelrc` or a `package.json` says.
pub(super) fn of_json(folder: &str, json: &Value) -> Mapping {
    let mut entries = Entries::new();
    collect(folder, json, &mut entries);
    Mapping::new(entries)
}

/// JSON is no deeper than its parser lets it be.
fn collect(folder: &str, json: &Value, entries: &mut Entries) {
    match json {
        Value::Object(map) => {
            for (key, value) in map {
                match value.as_object().filter(|_| key == "alias" || key == "_moduleAliases") {
                    Some(aliases) => {
                        for (name, value) in aliases {
                            if let Some(value) = value.as_str() {
                                add(name, &places(folder, value), entries);
                            }
                        }
                    }
                    None => collect(folder, value, entries),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(folder, item, entries)),
        _ => {}
    }
}

fn is_alias(property: &Property) -> bool {
    matches!(property, Property::Named(name) if &**name == "alias")
}

/// `@` stands for itself and for what comes after `@/`.
fn add(name: &str, places: &[Place], entries: &mut Entries) {
    let below = |places: &[Place]| {
        let below = |text: &str| match text.trim_end_matches(['*', '/']) {
            "" => "*".to_owned(),
            text => format!("{text}/*"),
        };
        places
            .iter()
            .map(|place| match place {
                Place::Path(path) => Place::Path(below(path)),
                Place::Specifier(specifier) => Place::Specifier(below(specifier)),
            })
            .collect::<Vec<_>>()
    };
    if let Some(exact) = name.strip_suffix('$') {
        entries.push((exact.to_owned(), places.to_vec()));
        return;
    }
    let stem = name.trim_end_matches('*').trim_end_matches('/');
    if stem.is_empty() || stem.contains('*') {
        return;
    }
    if stem == name {
        entries.push((name.to_owned(), places.to_vec()));
    }
    entries.push((format!("{stem}/*"), below(places)));
}

/// Where a value leads, seen from the configuration's folder.
fn places(folder: &str, value: &str) -> Vec<Place> {
    if let Some(path) = value.strip_prefix(HERE) {
        return vec![Place::Path(path.to_owned())];
    }
    let path = join(folder, value).map(Place::Path);
    if value.starts_with('.') || value.starts_with('/') {
        return path.into_iter().collect();
    }
    path.into_iter().chain([Place::Specifier(value.to_owned())]).collect()
}

struct Reader<'m> {
    module: &'m Module,
    folder: &'m str,
}

impl<'m> Reader<'m> {
    fn aliases(&self, expr: &'m Expr, entries: &mut Entries) {
        match expr {
            Expr::Object(pairs) => {
                for pair in pairs {
                    match pair {
                        Entry::Pair(key, value) => self.alias(key, value, entries),
                        Entry::Spread(_) => {}
                    }
                }
            }
            // `[{ find: "@", replacement: … }]`
            Expr::List(items) => {
                for item in items {
                    let Expr::Object(pairs) = item else { continue };
                    let get = |name: &str| {
                        pairs.iter().find_map(|pair| match pair {
                            Entry::Pair(key, value) if &**key == name => Some(value),
                            _ => None,
                        })
                    };
                    let (Some(find), Some(replacement)) = (get("find"), get("replacement")) else { continue };
                    let name = match find {
                        Expr::Regex(regex) => plain_start(regex),
                        _ => self.text(find, 0),
                    };
                    if let Some(name) = name {
                        self.alias(&name, replacement, entries);
                    }
                }
            }
            _ => {}
        }
    }

    fn alias(&self, name: &str, value: &'m Expr, entries: &mut Entries) {
        if let Some(value) = self.text(value, 0) {
            let value = value.trim_end_matches("$1");
            add(name, &places(self.folder, value), entries);
        }
    }

    /// What a constant stands for.
    fn meant(&self, expr: &'m Expr, depth: u32) -> &'m Expr {
        if let Expr::Name(_, Some(symbol)) = expr
            && depth < DEEPEST
            && let Some(symbol) = self.module.symbols.get(symbol.0 as usize)
            && let Binding::Variable(_, Some(value)) = symbol.is
            && !symbol.reassigned
            && let Some(value) = self.module.values.get(value.0 as usize)
        {
            return self.meant(value, depth + 1);
        }
        expr
    }

    /// A text, or a path of the repository behind [`HERE`].
    fn text(&self, expr: &'m Expr, depth: u32) -> Option<String> {
        if depth > DEEPEST {
            return None;
        }
        match self.meant(expr, 0) {
            Expr::Text(text) => Some(text.to_string()),
            Expr::Template(texts, values) => {
                let mut out = texts.first()?.to_string();
                for (value, text) in values.iter().zip(texts.iter().skip(1)) {
                    out.push_str(&self.text(value, depth + 1)?);
                    out.push_str(text);
                }
                (out.len() < 4096).then_some(out)
            }
            Expr::Binary(super::super::BinaryOp::Add, sides) => {
                let out = self.text(&sides[0], depth + 1)? + &self.text(&sides[1], depth + 1)?;
                (out.len() < 4096).then_some(out)
            }
            Expr::Name(name, _) if &**name == "__dirname" => Some(self.here()),
            Expr::Member(member) => match &member.property {
                Property::Named(name) if &**name == "dirname" => Some(self.here()),
                Property::Named(name) if matches!(&**name, "pathname" | "href") => {
                    self.text(&member.object, depth + 1)
                }
                _ => None,
            },
            Expr::Call(call) => self.called(call, depth),
            _ => None,
        }
    }

    fn here(&self) -> String {
        format!("{HERE}{}", self.folder)
    }

    fn called(&self, call: &'m Call, depth: u32) -> Option<String> {
        let name = match &call.callee {
            Expr::Name(name, _) => name,
            Expr::Member(member) => match &member.property {
                Property::Named(name) => name,
                Property::Computed(_) => return None,
            },
            _ => return None,
        };
        let first = call.args.first();
        match &**name {
            "cwd" | "dirname" => Some(self.here()),
            "fileURLToPath" => self.text(first?, depth + 1),
            // Against `import.meta.url`.
            "URL" => self.joined(&self.here(), &self.text(first?, depth + 1)?),
            "resolve" | "join" | "normalize" => {
                let mut out = if &**name == "resolve" { self.here() } else { String::new() };
                for arg in &call.args {
                    out = self.joined(&out, &self.text(arg, depth + 1)?)?;
                }
                Some(out)
            }
            _ => None,
        }
    }

    fn joined(&self, base: &str, rest: &str) -> Option<String> {
        if rest.starts_with(HERE) {
            return Some(rest.to_owned());
        }
        match base.strip_prefix(HERE) {
            Some(folder) => Some(format!("{HERE}{}", join(folder, rest)?)),
            None if base.is_empty() => Some(rest.to_owned()),
            None => Some(format!("{base}/{rest}")),
        }
    }
}

/// The text that `^@\/` and the like begin with, if that is all they say.
fn plain_start(regex: &str) -> Option<String> {
    let start = regex.strip_prefix('^')?;
    let start =
        ["(.*)$", "(.*)", "(.+)", "$"].iter().find_map(|end| start.strip_suffix(end)).unwrap_or(start);
    let start = start.replace("\\/", "/");
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"@~#_/-".contains(&b);
    (!start.is_empty() && start.bytes().all(plain)).then_some(start)
}
