//! Settings that only a server may know, in modules that browsers load. Told from client code by imports, and not by where
//! a file lies.
//!
//! What a bundler does with `process.env.X` of a name without a public prefix: Next.js and Vite leave the value out unless
//! their configuration names it (<https://nextjs.org/docs/pages/api-reference/config/next-config-js/env>,
//! <https://vite.dev/config/shared-options#define>).

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::LazyLock;

use crate::code::{Code, Entry, Expr, Import, Member, Module, ModuleId, Property, SymbolId, Target, walk};
use crate::facts::kinds::{Answer, BrowserSecret, Evidence};
use crate::facts::{Facts, Input, layout, names};
use crate::words::Words;

/// Packages that only the code imports with which a browser starts, and the name that is imported (`""`: any).
const STARTS: &[(&str, &str)] = &[("react-dom/client", ""), ("react-dom", "default"), ("vue", "createApp")];
/// How names of secrets end.
const ENDS: &[&str] =
    &["_KEY", "_SECRET", "_TOKEN", "_PASSWORD", "DATABASE_URL", "_SERVICE_ROLE", "_CREDENTIALS"];
/// What is in names of what everybody may know.
const HARMLESS: &[&str] = &["PUBLIC", "PUBLISHABLE", "ANON", "CLIENT_ID", "SITE_KEY", "MEASUREMENT"];
/// Files that tell a bundler what to write into what browsers load.
const BUNDLERS: &[&str] =
    &["vite.config.", "next.config.", "webpack.config.", "rsbuild.config.", "craco.config."];

/// Fills `browser_secrets`, by file and name.
pub fn run(input: &Input<'_>, facts: &mut Facts) {
    let code = input.code;
    let loaded = loaded(code);
    if loaded.is_empty() {
        return;
    }
    let shipped = shipped(code);
    let mut found = Vec::new();
    for id in loaded.keys() {
        let module = code.module(*id);
        for (name, line) in read(module) {
            let loaded_by = way(code, &loaded, *id);
            let by = shipped.iter().find(|one| one.name == name && below(&one.folder, &module.path));
            let mut evidence =
                vec![Evidence::new("name", &module.path, line, &format!("{name} is read here"))];
            for step in loaded_by.windows(2) {
                evidence.push(Evidence::new(
                    "loaded_by",
                    &step[0],
                    0,
                    &format!("{} imports {}", step[0], step[1]),
                ));
            }
            match by {
                Some(one) => {
                    evidence.push(Evidence::new("shipped", &one.file, 0, "the bundler writes its value here"))
                }
                None => evidence.push(Evidence::new(
                    "shipped",
                    &module.path,
                    line,
                    "no bundler writes its value here",
                )),
            }
            found.push(BrowserSecret {
                name,
                app: layout::app_of(&facts.apps, &module.path),
                file: module.path.clone(),
                line,
                loaded_by,
                shipped: if by.is_some() { Answer::Yes } else { Answer::No },
                evidence,
                unknowns: Vec::new(),
            });
        }
    }
    found.sort_by(|a, b| (&a.file, &a.name).cmp(&(&b.file, &b.name)));
    facts.browser_secrets = found;
}

/// The modules that browsers load, and who imports each first; those that they start with are imported by nobody.
fn loaded(code: &Code) -> BTreeMap<ModuleId, Option<ModuleId>> {
    let mut loaded: BTreeMap<ModuleId, Option<ModuleId>> = BTreeMap::new();
    let mut open: VecDeque<ModuleId> = VecDeque::new();
    for (at, module) in code.modules.iter().enumerate() {
        let Ok(at) = u32::try_from(at) else { break };
        if starts(module) && !is_server(module) {
            loaded.insert(ModuleId(at), None);
            open.push_back(ModuleId(at));
        }
    }
    while let Some(from) = open.pop_front() {
        let module = code.module(from);
        let (used, imported) = used(module);
        let mut next: Vec<&str> = module
            .imports
            .iter()
            .filter(|import| runs(import, &used))
            .map(|import| &*import.specifier)
            .collect();
        next.extend(imported);
        for export in module.exports.iter().filter(|export| !export.types_only) {
            if let crate::code::ExportOf::From { specifier, .. } = &export.of {
                next.push(specifier);
            }
        }
        for specifier in next {
            if let Target::Module(to) = code.target(from, specifier)
                && !loaded.contains_key(&to)
                && !is_server(code.module(to))
            {
                loaded.insert(to, Some(from));
                open.push_back(to);
            }
        }
    }
    loaded
}

/// Whether a browser starts with it.
fn starts(module: &Module) -> bool {
    let client = module.directives.iter().any(|directive| &**directive == "use client");
    let imports = |import: &Import| {
        let named = |(package, name): &(&str, &str)| {
            &*import.specifier == *package && (name.is_empty() || &*import.name == *name)
        };
        !import.types_only && STARTS.iter().any(named)
    };
    client || module.imports.iter().any(imports)
}

/// Whether the text of a module may say so. Never no where [`starts`] says yes.
pub fn may_start(text: &str) -> bool {
    static WORDS: LazyLock<Option<Words>> =
        LazyLock::new(|| Words::new(["use client", "react-dom", "createApp"]));
    WORDS.as_ref().is_none_or(|words| words.find(text.as_bytes(), 0).is_some())
}

/// Whether what imports it gets addresses of the server instead, or the build fails.
fn is_server(module: &Module) -> bool {
    module.directives.iter().any(|directive| &**directive == "use server")
        || module.imports.iter().any(|import| &*import.specifier == "server-only")
}

/// Whether anything of an import is left when types are gone: compilers leave out what no value uses.
fn runs(import: &Import, used: &BTreeSet<SymbolId>) -> bool {
    !import.types_only && import.symbol.is_none_or(|symbol| used.contains(&symbol))
}

/// The names that values use, and what is imported on the way.
fn used(module: &Module) -> (BTreeSet<SymbolId>, Vec<&str>) {
    let (mut used, mut imported) = (BTreeSet::new(), Vec::new());
    let mut visit = |expr: &Expr| match expr {
        Expr::Name(_, Some(symbol)) => {
            used.insert(*symbol);
        }
        Expr::Markup(markup) => used.extend(markup.symbol),
        _ => {}
    };
    walk::everything(module, &mut visit);
    walk::everything(module, &mut |expr| {
        if let Expr::Import(specifier) = expr {
            imported.push(&**specifier);
        }
    });
    used.extend(module.exports.iter().filter(|export| !export.types_only).filter_map(
        |export| match export.of {
            crate::code::ExportOf::Symbol(symbol) => Some(symbol),
            _ => None,
        },
    ));
    (used, imported)
}

/// The variables of a server that a module reads, with the first line of each.
fn read(module: &Module) -> BTreeMap<String, u32> {
    let mut found: BTreeMap<String, u32> = BTreeMap::new();
    walk::everything(module, &mut |expr| {
        if let Expr::Member(member) = expr
            && let Some(name) = variable(member)
            && is_secret(name)
        {
            let line = found.entry(name.to_owned()).or_insert(member.line);
            *line = member.line.min(*line);
        }
    });
    found
}

/// `process.env.NAME`.
fn variable(member: &Member) -> Option<&str> {
    let Property::Named(name) = &member.property else { return None };
    let Expr::Member(of) = &member.object else { return None };
    let Expr::Name(process, None) = &of.object else { return None };
    let is_env = matches!(&of.property, Property::Named(env) if &**env == "env");
    (is_env && &**process == "process").then_some(&**name)
}

/// Whether a module reads one.
pub fn reads(module: &Module) -> bool {
    !read(module).is_empty()
}

/// Whether the text of a module may hold such a variable.
pub fn may_read(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), b"process").is_some() && may_name(text)
}

/// Whether one of the names in the text may be that of a secret.
fn may_name(text: &str) -> bool {
    static WORDS: LazyLock<Option<Words>> = LazyLock::new(|| Words::new(ENDS.iter().copied()));
    let Some(words) = &*WORDS else { return true };
    // Letters beyond ASCII may be a part of a name as well.
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80;
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(at) = words.find(bytes, from) {
        let start = bytes[..at].iter().rposition(|byte| !is_of_name(*byte)).map_or(0, |before| before + 1);
        from =
            bytes[at..].iter().position(|byte| !is_of_name(*byte)).map_or(bytes.len(), |length| at + length);
        let is_whole = start == 0 || matches!(bytes[start - 1], b'.' | b'"' | b'\'' | b'`');
        let name = text.get(start..from).unwrap_or_default();
        if is_named_secret(name) && !(is_whole && names::is_public(name)) {
            return true;
        }
    }
    false
}

/// Whether a file of that name may tell a bundler what to write into what browsers load.
pub fn tells_bundler(name: &str) -> bool {
    BUNDLERS.iter().any(|start| name.starts_with(start))
}

fn is_secret(name: &str) -> bool {
    !names::is_public(name) && is_named_secret(name)
}

/// Whether a name ends like that of a secret, wherever it begins.
fn is_named_secret(name: &str) -> bool {
    ENDS.iter().any(|end| name.ends_with(end)) && !HARMLESS.iter().any(|word| name.contains(word))
}

/// A variable whose value a configuration has written into what browsers load.
struct Shipped {
    name: String,
    file: String,
    folder: String,
}

fn shipped(code: &Code) -> Vec<Shipped> {
    let mut found = Vec::new();
    for module in &code.modules {
        let name = module.path.rsplit('/').next().unwrap_or_default();
        if !tells_bundler(name) {
            continue;
        }
        let folder = module.path[..module.path.len() - name.len()].to_owned();
        let mut ship = |name: &str| {
            found.push(Shipped { name: name.to_owned(), file: module.path.clone(), folder: folder.clone() });
        };
        walk::everything(module, &mut |expr| {
            let Expr::Object(entries) = expr else { return };
            for entry in entries {
                match entry {
                    Entry::Pair(key, Expr::Object(inner)) if matches!(&**key, "env" | "process.env") => {
                        for entry in inner {
                            if let Entry::Pair(key, _) = entry {
                                ship(key);
                            }
                        }
                    }
                    Entry::Pair(key, _) => {
                        if let Some(name) = key.strip_prefix("process.env.") {
                            ship(name);
                        }
                    }
                    Entry::Spread(_) => {}
                }
            }
        });
    }
    found
}

fn below(folder: &str, path: &str) -> bool {
    path.starts_with(folder)
}

/// From the module that a browser starts with to this one.
fn way(code: &Code, loaded: &BTreeMap<ModuleId, Option<ModuleId>>, to: ModuleId) -> Vec<String> {
    let mut way = vec![code.module(to).path.clone()];
    let mut at = to;
    while let Some(Some(from)) = loaded.get(&at) {
        way.push(code.module(*from).path.clone());
        at = *from;
    }
    way.reverse();
    way
}

#[cfg(test)]
mod tests {
    use crate::facts::testing::facts;

    const REACT: (&str, &str) = ("package.json", r#"{"dependencies":{"react-dom":"19.0.0","vite":"6.0.0"}}"#);
    const NEXT: (&str, &str) = ("package.json", r#"{"dependencies":{"next":"15.3.0"}}"#);

    fn shown(files: &[(&str, &str)]) -> Vec<String> {
        let facts = facts(files);
        let show = |one: &crate::facts::kinds::BrowserSecret| {
            format!("{}:{} {} {:?} {}", one.file, one.line, one.name, one.shipped, one.loaded_by.join(" > "))
        };
        facts.browser_secrets.iter().map(show).collect()
    }

    #[test]
    fn a_bundler_that_is_told_to_ships_the_key() {
        let main = (
            "src/main.tsx",
            "import { createRoot } from 'react-dom/client'\nimport { ask } from './model'\ncreateRoot(root).render(ask())\n",
        );
        let model = (
            "src/model.ts",
            "export const ask = () =>\n  fetch('https://api.example.com', { headers: { key: process.env.API_KEY } })\n",
        );
        let config = (
            "vite.config.ts",
            "export default { define: { 'process.env.API_KEY': JSON.stringify(process.env.API_KEY) } }\n",
        );
        let way = "src/main.tsx > src/model.ts";
        assert_eq!(shown(&[REACT, main, model]), [format!("src/model.ts:2 API_KEY No {way}")]);
        assert_eq!(shown(&[REACT, main, model, config]), [format!("src/model.ts:2 API_KEY Yes {way}")]);
    }

    #[test]
    fn what_only_the_server_loads_stays_there() {
        let page = (
            "app/page.tsx",
            "import { load } from '../lib/db'\nexport default async function Page() { return load() }\n",
        );
        let db = (
            "lib/db.ts",
            "export const load = () => connect(process.env.DATABASE_URL)\nexport type Row = { id: string }\n",
        );
        assert!(shown(&[NEXT, page, db]).is_empty());
        let types = (
            "app/row.tsx",
            "'use client'\nimport { Row } from '../lib/db'\nexport const name = (row: Row) => row.id\n",
        );
        assert!(shown(&[NEXT, page, db, types]).is_empty());
        let action = (
            "app/actions.ts",
            "'use server'\nimport { load } from '../lib/db'\nexport async function all() { return load() }\n",
        );
        let button = (
            "app/button.tsx",
            "'use client'\nimport { all } from './actions'\nexport const Button = () => <button onClick={all} />\n",
        );
        assert!(shown(&[NEXT, page, db, action, button]).is_empty());
        let wrong = (
            "app/list.tsx",
            "'use client'\nimport { load } from '../lib/db'\nexport const List = () => load()\n",
        );
        assert_eq!(shown(&[NEXT, page, db, wrong]), ["lib/db.ts:1 DATABASE_URL No app/list.tsx > lib/db.ts"]);
    }

    #[test]
    fn public_names_and_circles_are_no_trouble() {
        let a = (
            "app/a.tsx",
            "'use client'\nimport { b } from './b'\nexport const a = () => b(process.env.NEXT_PUBLIC_API_KEY, process.env.STRIPE_PUBLISHABLE_KEY)\n",
        );
        let b = ("app/b.ts", "import { a } from './a'\nexport const b = () => a()\n");
        assert!(shown(&[NEXT, a, b]).is_empty());
    }
}
