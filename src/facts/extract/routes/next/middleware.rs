//! Middleware of Next.js, and which routes its matchers let it see.
//!
//! `middleware.ts` (`proxy.ts` from Next.js 16 on) runs only if it stands beside `app/` or `pages/`, and before every
//! request that one of its matchers means; without a `matcher`, before all.

use std::collections::BTreeMap;

use super::files::{Apps, root_of};
use super::matcher::{Coverage, Pattern};
use crate::code::{Binding, Code, Entry, ExportOf, Expr, ModuleId, Name};
use crate::facts::extract::routes::follow::{Place, entry, exported, written};
use crate::facts::extract::routes::made::{Made, UNKNOWN};
use crate::facts::extract::routes::{Layer, Style};

/// From this version on the file is called `proxy`.
const FIRST_WITH_PROXY: u32 = 16;
/// More matchers than this aren't read: they mean an unknown set of paths.
const MOST_MATCHERS: usize = 300;
/// The steps that all matchers of a repository may take on all its routes.
const STEPS: usize = 30_000_000;

/// The middleware of every app, by the folder beside whose `app/` or `pages/` it stands.
pub(super) struct Middlewares<'c> {
    beside: BTreeMap<String, Vec<Middleware<'c>>>,
    budget: usize,
}

struct Middleware<'c> {
    layer: Layer<'c>,
    /// `None` where they can't be read.
    matchers: Option<Vec<Matcher>>,
}

struct Matcher {
    /// `None` where it is not understood.
    pattern: Option<Pattern>,
    /// It looks at more than the path.
    only: Option<String>,
}

impl<'c> Middlewares<'c> {
    pub(super) fn of(apps: &Apps, code: &'c Code, made: &'c Made) -> Self {
        let mut beside: BTreeMap<String, Vec<Middleware<'c>>> = BTreeMap::new();
        for (id, module) in (0..).map(ModuleId).zip(&code.modules) {
            let (folder, file) = module.path.rsplit_once('/').unwrap_or(("", &module.path));
            let Some((stem, "ts" | "tsx" | "js" | "jsx" | "mjs" | "mts")) = file.split_once('.') else {
                continue;
            };
            if !matches!(stem, "middleware" | "proxy") {
                continue;
            }
            let Some((line, runs)) = entry_point(code, made, id, stem) else { continue };
            let version = apps.get(root_of(folder)).and_then(|app| app.version);
            let too_early = stem == "proxy" && version.is_some_and(|version| version < FIRST_WITH_PROXY);
            let only = too_early.then(|| format!("proxy files run from Next.js {FIRST_WITH_PROXY} on"));
            let layer = Layer { module: id, line, runs, style: Style::NextMiddleware, only };
            let matchers = matchers(code, id);
            beside.entry(folder.to_owned()).or_default().push(Middleware { layer, matchers });
        }
        Self { beside, budget: STEPS }
    }

    /// What runs before a route: `beside` is the folder that holds its `app/` or `pages/`, `path` its address without
    /// a base path.
    pub(super) fn before(&mut self, beside: &str, path: &str) -> Vec<Layer<'c>> {
        let Self { beside: all, budget } = self;
        let here = all.get(beside).map(Vec::as_slice).unwrap_or_default();
        here.iter().filter_map(|middleware| middleware.on(path, budget)).collect()
    }
}

impl<'c> Middleware<'c> {
    fn on(&self, path: &str, budget: &mut usize) -> Option<Layer<'c>> {
        let mut layer = self.layer.clone();
        let reason = match &self.matchers {
            None => Some("its matcher can't be read".to_owned()),
            Some(matchers) => best(matchers, path, budget)?,
        };
        layer.only = layer.only.or(reason);
        Some(layer)
    }
}

/// Why the best of the matchers covers a path only in part; `None` if none covers it at all.
fn best(matchers: &[Matcher], path: &str, budget: &mut usize) -> Option<Option<String>> {
    let mut best: Option<(Coverage, &Matcher)> = None;
    for matcher in matchers {
        let coverage =
            matcher.pattern.as_ref().map_or(Coverage::Unknown, |pattern| pattern.covers(path, budget));
        if coverage == Coverage::All && matcher.only.is_none() {
            return Some(None);
        }
        if coverage != Coverage::None && best.is_none_or(|(other, _)| coverage > other) {
            best = Some((coverage, matcher));
        }
    }
    let (coverage, matcher) = best?;
    let reason = match coverage {
        Coverage::Unknown => "its matcher can't be read".to_owned(),
        Coverage::Some => "only for some values of the path's parameters".to_owned(),
        Coverage::NotFiles => "not for paths that end like a file".to_owned(),
        Coverage::None | Coverage::All => String::new(),
    };
    let reasons: Vec<String> = [Some(reason), matcher.only.clone()].into_iter().flatten().collect();
    Some(Some(reasons.into_iter().filter(|reason| !reason.is_empty()).collect::<Vec<_>>().join(", ")))
}

/// What the file exports for Next.js to run: the line of the export, and an expression for it in the same module.
fn entry_point<'c>(code: &'c Code, made: &'c Made, id: ModuleId, name: &str) -> Option<(u32, &'c Expr)> {
    let module = code.module(id);
    if module.broken.is_some() {
        return Some((1, &UNKNOWN));
    }
    let named =
        |name: &str| module.exports.iter().rev().find(|export| &*export.name == name && !export.types_only);
    if let Some(export) = named(name).or_else(|| named("default")) {
        let runs = match &export.of {
            ExportOf::Value(value) => value,
            ExportOf::From { specifier, name } => made.import(specifier, name),
            ExportOf::Symbol(symbol) => match &module.symbols[symbol.0 as usize].is {
                Binding::Function(function) => made.keep(Expr::Function(*function)),
                Binding::Variable(_, Some(value)) => &module.values[value.0 as usize],
                _ => made.name(&module.symbols[symbol.0 as usize].name, *symbol),
            },
        };
        return Some((export.line, runs));
    }
    // `export * from "./auth/middleware"`
    exported(code, id, name)?;
    module.exports.iter().find_map(|export| match &export.of {
        ExportOf::From { specifier, .. } if &*export.name == "*" => {
            Some((export.line, made.import(specifier, &Name::from(name))))
        }
        _ => None,
    })
}

/// The matchers of `export const config = { matcher }`. Next.js reads them without running the code, so they are
/// constants.
fn matchers(code: &Code, id: ModuleId) -> Option<Vec<Matcher>> {
    let everything = || Matcher { pattern: Pattern::parse("/:path*"), only: None };
    let (module, config) = match exported(code, id, "config") {
        None if code.module(id).broken.is_none() => return Some(vec![everything()]),
        Some(Place::Value(module, value)) => written(code, module, value),
        _ => return None,
    };
    let Expr::Object(entries) = config else { return None };
    let Some(matcher) = entry(entries, "matcher") else {
        let hidden = entries.iter().any(|entry| matches!(entry, Entry::Spread(_)));
        return (!hidden).then(|| vec![everything()]);
    };
    let (module, matcher) = written(code, module, matcher);
    let items = match matcher {
        Expr::List(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    if items.len() > MOST_MATCHERS {
        return None;
    }
    Some(items.iter().map(|item| one(code, module, item)).collect())
}

fn one(code: &Code, module: ModuleId, item: &Expr) -> Matcher {
    let (module, item) = written(code, module, item);
    let Expr::Object(entries) = item else {
        let pattern = code.constant(module, item).and_then(|source| Pattern::parse(&source));
        return Matcher { pattern, only: None };
    };
    let source = entry(entries, "source").and_then(|source| code.constant(module, source));
    let conditions: Vec<String> =
        [("has", "only for requests with"), ("missing", "only for requests without")]
            .iter()
            .filter_map(|(key, says)| {
                let Expr::List(items) = written(code, module, entry(entries, key)?).1 else {
                    return Some(format!("{says} something that can't be read"));
                };
                let names: Vec<String> = items.iter().map(|item| condition(code, module, item)).collect();
                (!names.is_empty()).then(|| format!("{says} {}", names.join(" and ")))
            })
            .collect();
    Matcher {
        pattern: source.and_then(|source| Pattern::parse(&source)),
        only: (!conditions.is_empty()).then(|| conditions.join(", ")),
    }
}

/// `{ type: "header", key: "purpose", value: "prefetch" }`: the kind of it is enough to say that anybody can send it.
fn condition(code: &Code, module: ModuleId, item: &Expr) -> String {
    let (module, item) = written(code, module, item);
    let kind = match item {
        Expr::Object(entries) => entry(entries, "type").and_then(|kind| code.constant(module, kind)),
        _ => None,
    };
    match kind.as_deref() {
        Some("header") => "a header",
        Some("cookie") => "a cookie",
        Some("query") => "a query parameter",
        Some("host") => "a host",
        _ => "something",
    }
    .to_owned()
}
