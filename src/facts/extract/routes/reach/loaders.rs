//! Code that loads files by their names, and platforms that do.

use std::collections::HashSet;

use super::Life;
use crate::code::walk::everything;
use crate::code::{Binding, Call, Code, ExportOf, Expr, ModuleId, Property};

/// Packages that load whole folders.
const PACKAGES: &[&str] = &[
    "@fastify/autoload",
    "fastify-autoload",
    "consign",
    "express-file-routing",
    "express-load",
    "include-all",
    "require-all",
    "require-dir",
    "require-directory",
    "node-require-directory",
];

/// Folders whose files a platform runs.
const FOLDERS: &[&str] = &["functions", "lambda", "lambdas", "netlify", "pages"];

/// A text that is longer names no file.
const LONGEST: usize = 200;

/// Everything that may load a file that nobody imports.
pub(super) struct Loaders {
    /// Which package they stand in, and what the path of a file begins with, where that is known.
    all: Vec<(Option<usize>, Option<String>)>,
    /// Packages with something that loads whole folders.
    folders: Vec<Option<usize>>,
    /// Names of files in texts, without what comes after a dot.
    named: HashSet<String>,
    /// The same of what files import that could not be parsed.
    unread: HashSet<String>,
}

impl Loaders {
    pub(super) fn of(code: &Code, unread: &[&str]) -> Self {
        let unread = unread.iter().map(|specifier| stem(specifier).to_owned()).collect();
        let mut found = Self { all: Vec::new(), folders: Vec::new(), named: HashSet::new(), unread };
        for (at, module) in code.modules.iter().enumerate() {
            let package = code.owner_of(ModuleId(at as u32)).package;
            if module.imports.iter().any(|import| {
                let name = import.specifier.trim_start_matches("npm:");
                PACKAGES.contains(&name)
            }) {
                found.folders.push(package);
            }
            let folder = module.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            everything(module, &mut |expr| match expr {
                Expr::Call(call) if loads(call) => {
                    let prefix = call.args.first().and_then(|arg| begins(folder, arg));
                    found.all.push((package, prefix));
                }
                Expr::Text(text) => found.text(text),
                _ => {}
            });
        }
        found.all.sort();
        found.all.dedup();
        found
    }

    fn text(&mut self, text: &str) {
        let names_file = text.len() <= LONGEST
            && !text.starts_with('/')
            && !text.contains(char::is_whitespace)
            && (text.contains('/') || text.ends_with("js") || text.ends_with("ts"));
        if names_file {
            self.named.insert(stem(text).to_owned());
        }
    }

    /// Whether something loads a module, and uses what it exports under a name.
    pub(super) fn loads(&self, code: &Code, module: ModuleId, name: &str) -> Life {
        let path = code.module(module).path.as_str();
        let package = code.owner_of(module).package;
        let in_folder = self.folders.contains(&package);
        // Which folders that are is followed by those who know the framework.
        if in_folder && name == "default" {
            return Life::Alive;
        }
        let by_code = self.all.iter().any(|(own, prefix)| match prefix {
            Some(prefix) => path.starts_with(prefix.as_str()),
            None => *own == package,
        });
        // What a platform or a tool makes of a file is its default, or a function that handles events.
        let by_others = name == "default" && (!is_value(code, module) || self.named.contains(stem(path)))
            || name == "handler"
            || path.split('/').any(|part| FOLDERS.contains(&part))
            || path.starts_with("api/")
            || self.may_be_imported(path);
        if by_code || by_others || in_folder { Life::Untold } else { Life::Dead }
    }
}

impl Loaders {
    /// Whether a file that could not be parsed may import it.
    fn may_be_imported(&self, path: &str) -> bool {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.unread.contains(stem(path)) || stem(path) == "index" && self.unread.contains(stem(folder))
    }
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}

/// Whether a call loads files that are not written down.
fn loads(call: &Call) -> bool {
    match &call.callee {
        Expr::Name(name, None) => matches!(&**name, "import" | "require"),
        Expr::Member(member) => match (&member.object, &member.property) {
            (Expr::Name(of, None), Property::Named(name)) => {
                matches!((&**of, &**name), ("import.meta", "glob" | "globEager") | ("require", "context"))
            }
            _ => false,
        },
        _ => false,
    }
}

/// What all paths begin with that an expression may be, if they are relative.
fn begins(folder: &str, arg: &Expr) -> Option<String> {
    let text = match arg {
        Expr::Text(text) => text,
        Expr::Template(texts, _) => texts.first()?,
        _ => return None,
    };
    let known = text.split('*').next().unwrap_or(text);
    if !known.starts_with("./") && !known.starts_with("../") {
        return None;
    }
    let below = known.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in below.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    let mut whole = parts.join("/");
    if !whole.is_empty() {
        whole.push('/');
    }
    Some(whole)
}

/// Whether the default of a module is anything but a function or a class.
fn is_value(code: &Code, module: ModuleId) -> bool {
    let of = code.module(module);
    let Some(export) = of.exports.iter().rfind(|export| &*export.name == "default") else { return true };
    match &export.of {
        ExportOf::Value(value) => !matches!(value, Expr::Function(_) | Expr::Class(_)),
        ExportOf::Symbol(symbol) => match &of.symbols[symbol.0 as usize].is {
            Binding::Function(_) | Binding::Class(_) => false,
            Binding::Variable(_, Some(value)) => {
                !matches!(of.values[value.0 as usize], Expr::Function(_) | Expr::Class(_))
            }
            _ => true,
        },
        ExportOf::From { .. } => true,
    }
}
