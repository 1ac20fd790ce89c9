//! Middleware that modules put before routes: `consumer.apply(A).exclude(…).forRoutes(…)`
//! (https://docs.nestjs.com/middleware#applying-middleware).

use super::super::handlers::{line_of, texts};
use super::super::interpret::{Is, Run};
use super::super::paths::{Meets, meets};
use super::super::{Layer, Style};
use super::ClassAt;
use super::apps::App;
use crate::code::walk::{Inner, each_expr};
use crate::code::{Call, Expr, Property};

/// So many calls in a chain are looked at.
const CHAIN: usize = 16;

/// Middleware and what it is for.
#[derive(Debug, Clone)]
pub(super) struct Bound<'c> {
    layers: Vec<Layer<'c>>,
    /// Paths, each with the methods that it is for (`None`: all).
    paths: Vec<(String, Option<String>)>,
    classes: Vec<ClassAt>,
    not: Vec<(String, Option<String>)>,
}

/// What a module's `configure` binds.
pub(super) fn middleware<'c>(run: &mut Run<'c>, class: ClassAt) -> Vec<Bound<'c>> {
    let Some(method) = run.class(class).methods.iter().find(|m| m.name.as_ref() == "configure") else {
        return Vec::new();
    };
    let code: &'c crate::code::Code = run.code;
    let module = code.module(class.0);
    let Some(function) = module.functions.get(method.function.0 as usize) else { return Vec::new() };
    let mut ends: Vec<&'c Call> = Vec::new();
    each_expr(module, &function.body, Inner::Enter, &mut |expr| {
        if let Expr::Call(call) = expr
            && ends.len() < 64
            && named(call).is_some_and(|(name, _)| name == "forRoutes")
        {
            ends.push(call);
        }
    });
    ends.into_iter().filter_map(|end| bound(run, class, end)).collect()
}

/// The method that a call calls, and on what.
fn named(call: &Call) -> Option<(&str, &Expr)> {
    let Expr::Member(member) = &call.callee else { return None };
    match &member.property {
        Property::Named(name) => Some((name.as_ref(), &member.object)),
        Property::Computed(_) => None,
    }
}

fn bound<'c>(run: &mut Run<'c>, class: ClassAt, end: &'c Call) -> Option<Bound<'c>> {
    let mut out = Bound { layers: Vec::new(), paths: Vec::new(), classes: Vec::new(), not: Vec::new() };
    let mut at = end;
    for _ in 0..CHAIN {
        let Expr::Member(member) = &at.callee else { break };
        let Property::Named(name) = &member.property else { break };
        match name.as_ref() {
            "forRoutes" => places(run, class, at, &mut out.paths, &mut out.classes),
            "exclude" => places(run, class, at, &mut out.not, &mut Vec::new()),
            "apply" => {
                for arg in &at.args {
                    let value = run.value_in(class.0, arg).or_from((class.0, arg));
                    for value in run.flat(&value) {
                        let Some((module, runs)) = value.from else { continue };
                        let line = if module == class.0 { Some(at.line) } else { line_of(run, module, runs) };
                        let line = line.unwrap_or(at.line);
                        out.layers.push(Layer { module, line, runs, style: Style::Express, only: None });
                    }
                }
                return (!out.layers.is_empty()).then_some(out);
            }
            _ => {}
        }
        match &member.object {
            Expr::Call(call) => at = call,
            _ => break,
        }
    }
    None
}

fn places<'c>(
    run: &mut Run<'c>,
    class: ClassAt,
    call: &'c Call,
    paths: &mut Vec<(String, Option<String>)>,
    classes: &mut Vec<ClassAt>,
) {
    for arg in &call.args {
        let value = run.value_in(class.0, arg);
        for value in run.flat(&value) {
            match value.is {
                Is::Class(module, class) => classes.push((module, class)),
                Is::Object(_) => {
                    // `RequestMethod.GET`
                    let method = run.field(&value, "method").and_then(|method| match method.is {
                        Is::Library(id) => {
                            run.library(id).members().and_then(|m| m.last().map(|m| (*m).to_owned()))
                        }
                        _ => None,
                    });
                    let method = method.filter(|method| method != "ALL");
                    for path in run.field(&value, "path").map(|p| texts(run, &p)).unwrap_or_default() {
                        paths.push((path, method.clone()));
                    }
                }
                _ => paths.extend(value.text().map(|text| (text.to_string(), None))),
            }
        }
    }
}

/// The middleware before a route. The app's prefix stands before the paths of both.
pub(super) fn covering<'c>(app: &App<'c>, class: ClassAt, verb: &str, path: &str) -> Vec<Layer<'c>> {
    let mut out = Vec::new();
    for bound in &app.middleware {
        if one_of(app, &bound.not, verb, path) == Meets::Always {
            continue;
        }
        let mut met = one_of(app, &bound.paths, verb, path);
        if bound.classes.contains(&class) {
            met = Meets::Always;
        }
        for layer in &bound.layers {
            let mut layer = layer.clone();
            match met {
                Meets::Never => continue,
                Meets::Sometimes => layer.only = Some("only for some of its paths".to_owned()),
                Meets::Always => {}
            }
            out.push(layer);
        }
    }
    out
}

fn one_of(app: &App<'_>, places: &[(String, Option<String>)], verb: &str, path: &str) -> Meets {
    let mut out = Meets::Never;
    for (place, method) in places {
        if method.as_ref().is_some_and(|method| method != verb && verb != "ANY") {
            continue;
        }
        match meets(&app.with_prefix(place), method.is_none(), path) {
            Meets::Always => return Meets::Always,
            Meets::Sometimes => out = Meets::Sometimes,
            Meets::Never => {}
        }
    }
    out
}
