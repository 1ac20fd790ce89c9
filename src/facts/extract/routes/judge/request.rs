//! A request as each framework hands it to its functions.

use super::super::{Declared, Handler, Layer, Style};
use crate::code::walk::{Inner, each_expr, each_part};
use crate::code::{Code, Entry, Expr, FunctionAt, ModuleId, Pattern, Root};
use crate::meaning::flow::{Flow, From, Link, Pass, Value};
use crate::meaning::symbols::Input;

/// The function that makes the context of tRPC, if there are such routes: what adapters are given as `createContext`.
pub fn context<'c>(code: &'c Code, declared: &[Declared<'c>]) -> Option<(ModuleId, &'c Expr)> {
    if !declared.iter().any(|route| route.framework == "trpc") {
        return None;
    }
    for (id, module) in (0..).map(ModuleId).zip(&code.modules) {
        let mut found = None;
        let mut look = |expr: &'c Expr| {
            if let Expr::Object(entries) = expr {
                found = found.or_else(|| {
                    entries.iter().find_map(|entry| match entry {
                        Entry::Pair(name, value) if &**name == "createContext" => Some(value),
                        _ => None,
                    })
                });
            }
        };
        if module.imports.iter().any(|import| import.specifier.starts_with("@trpc/server")) {
            for function in &module.functions {
                each_expr(module, &function.body, Inner::Skip, &mut look);
            }
            for value in &module.values {
                each_part(module, value, Inner::Skip, &mut look);
            }
        }
        if let Some(value) = found {
            return Some((id, value));
        }
    }
    None
}

/// Goes through everything that a request to a route meets.
pub fn run<'c>(flow: &mut Flow<'c>, route: &Declared<'c>, context: Option<(ModuleId, &'c Expr)>) {
    flow.begin();
    let given = context.filter(|_| route.framework == "trpc").map(|(module, expr)| {
        let maker = flow.value_in(module, expr);
        flow.result_of(&maker, vec![Value::Unknown])
    });
    flow.begin();
    // What code asks about the address and the method is known.
    let path = Value::Text(route.path.as_str().into());
    flow.leave("next-request.nextUrl.pathname", path.clone());
    for place in [
        "hono-context.req.path",
        "express-request.path",
        "express-request.originalUrl",
        "fastify-request.url",
    ] {
        flow.leave(place, path.clone());
    }
    if matches!(route.method.as_str(), "GET" | "POST" | "PUT" | "PATCH" | "DELETE") {
        for place in ["next-request", "express-request", "request", "hono-context.req", "fastify-request"] {
            flow.leave(&format!("{place}.method"), Value::Text(route.method.as_str().into()));
        }
    }
    if let ("nestjs", Handler::Function(at)) = (route.framework, &route.handler) {
        decorated(flow, *at);
    }
    let mut links = Vec::new();
    let mut whole = None;
    for layer in &route.layers {
        if let Style::Wrapper(_) = layer.style {
            // Handlers and what is around them inside are part of the outermost call.
            let value = flow.value_in(layer.module, layer.runs);
            let value = flow.unwrapped(&value).unwrap_or(value);
            let is_known = matches!(value, Value::Function(_) | Value::Wrapped(_) | Value::OneOf(_))
                || flow.is_served(&value);
            if is_known {
                whole = Some(link(flow, route, Some(layer), value, Pass::Handler, &given));
                break;
            }
            // A wrapper that can't be read may guard.
            links.push(link(flow, route, Some(layer), value, Pass::ByReturning, &given));
            continue;
        }
        let value = flow.value_in(layer.module, layer.runs);
        links.push(link(flow, route, Some(layer), value, pass(layer.style), &given));
    }
    let handler = whole.unwrap_or_else(|| {
        let value = match &route.handler {
            Handler::Function(at) => flow.function(*at),
            Handler::Value(module, expr) => {
                let value = flow.value_in(*module, expr);
                flow.unwrapped(&value).unwrap_or(value)
            }
        };
        link(flow, route, None, value, Pass::Handler, &given)
    });
    links.push(handler);
    flow.request(links);
    if let ("nestjs", Handler::Function(at)) = (route.framework, &route.handler)
        && !takes_classes(flow.code, *at)
    {
        // The pipe checks what a class says of its fields; a body of another type it takes as it is
        // (https://docs.nestjs.com/techniques/validation#auto-validation).
        for guard in flow.trace.guards.iter_mut().filter(|guard| guard.name.ends_with("ValidationPipe")) {
            guard.is_checked = false;
        }
    }
}

/// Whether what a method takes of the request has the type of a class of the project.
fn takes_classes(code: &Code, at: FunctionAt) -> bool {
    code.function(at).params.iter().any(|param| {
        !param.type_name.is_empty()
            && matches!(code.denote_type(at.0, &param.type_name), Some(denoted) if matches!(denoted.root, Root::Class(..)))
    })
}

fn pass(style: Style) -> Pass {
    match style {
        Style::Express | Style::Hono | Style::Trpc => Pass::ByNext,
        Style::Fastify | Style::NestOther | Style::Wrapper(_) => Pass::ByReturning,
        Style::NextMiddleware => Pass::ByNoResponse,
        Style::NestGuard => Pass::ByTrue,
    }
}

fn link<'c>(
    flow: &mut Flow<'c>,
    route: &Declared<'c>,
    layer: Option<&Layer<'c>>,
    runs: Value<'c>,
    pass: Pass,
    context: &Option<Value<'c>>,
) -> Link<'c> {
    let style = layer.map(|layer| layer.style);
    let args = match style {
        Some(Style::NextMiddleware) => vec![head("next-request"), Value::Unknown],
        Some(Style::NestGuard) => vec![head("nest-context")],
        Some(Style::Trpc) if route.framework != "trpc" => vec![procedure(context, true)],
        _ => handed(flow, route, &runs, context, pass),
    };
    let made = match (route.framework, pass) {
        ("nestjs", Pass::Handler) => makers(flow, &runs),
        _ => Vec::new(),
    };
    Link {
        runs,
        pass,
        args,
        made,
        // What marks a route is read where the guard reads it.
        maybe: layer
            .and_then(|layer| layer.only.as_deref())
            .is_some_and(|only| route.framework != "nestjs" || !only.starts_with("the route is")),
        module: layer.map_or(route.module, |layer| layer.module),
        line: layer.map_or(route.line, |layer| layer.line),
        name: layer.and_then(|layer| layer.only.clone()).unwrap_or_default(),
    }
}

fn head<'c>(name: &'static str) -> Value<'c> {
    Value::from(From::Head(name))
}

fn procedure<'c>(context: &Option<Value<'c>>, next: bool) -> Value<'c> {
    let input = Value::from(From::Input(Input::Body));
    let mut entries = vec![
        ("ctx", context.clone().unwrap_or_else(unknown_context)),
        ("input", input.clone()),
        ("parsedInput", input.clone()),
        ("clientInput", input.clone()),
        ("rawInput", input.clone()),
        ("getRawInput", Value::Unknown),
    ];
    if next {
        entries.push(("next", Value::Next(0)));
    }
    Flow::object_of(entries)
}

/// A context that nobody was seen making. What it has of the request is known by the names that the documentation uses.
fn unknown_context<'c>() -> Value<'c> {
    Flow::open_object(vec![("headers", Value::from(From::Input(Input::Headers))), ("req", head("request"))])
}

/// What a framework gives to its functions.
fn handed<'c>(
    flow: &Flow<'c>,
    route: &Declared<'c>,
    runs: &Value<'c>,
    context: &Option<Value<'c>>,
    pass: Pass,
) -> Vec<Value<'c>> {
    let body = || Value::from(From::Input(Input::Body));
    let params = || Value::from(From::Input(Input::Params));
    let path = &flow.code.module(route.module).path;
    match (route.framework, route.kind) {
        ("next", "action") => {
            let safe = route.layers.iter().any(|layer| matches!(layer.style, Style::Trpc | Style::Fastify));
            match safe && pass == Pass::Handler {
                true => {
                    let one = procedure(context, false);
                    // Clients whose calls make a chain hand over one object, earlier ones the input and the context.
                    let is_chain = route.layers.iter().any(|layer| layer.style == Style::Trpc);
                    let first = match is_chain || takes_parsed_input(flow, runs) {
                        true => one,
                        false => body(),
                    };
                    let ctx = Flow::object_of(vec![("ctx", Flow::object_of(Vec::new()))]);
                    vec![first, ctx]
                }
                false => vec![body(), body(), body(), body(), body()],
            }
        }
        ("next", _) if path.contains("pages/api/") => {
            vec![head("express-request"), head("express-response"), Value::Next(0)]
        }
        ("next", _) => {
            vec![head("next-request"), Flow::object_of(vec![("params", params())])]
        }
        ("supabase", _) => vec![head("request")],
        ("express", _) => vec![head("express-request"), head("express-response"), Value::Next(0)],
        ("hono", _) => vec![head("hono-context"), Value::Next(0)],
        ("fastify", _) => vec![head("fastify-request"), head("fastify-reply"), Value::Undefined],
        ("trpc", _) => vec![procedure(context, pass != Pass::Handler)],
        ("nestjs", _) if pass == Pass::ByNext => {
            vec![head("express-request"), head("express-response"), Value::Next(0)]
        }
        ("nestjs", _) => of_nest(flow, runs),
        _ => Vec::new(),
    }
}

fn takes_parsed_input(flow: &Flow<'_>, runs: &Value<'_>) -> bool {
    let Value::Function(closure) = runs else { return false };
    let function = flow.code.function(closure.at);
    function.params.first().is_some_and(|param| match &param.pattern {
        Pattern::Object(entries) => entries
            .iter()
            .any(|(name, ..)| matches!(&**name, "parsedInput" | "ctx" | "input" | "clientInput")),
        _ => false,
    })
}

/// What the decorators of a method's parameters ask for.
fn of_nest<'c>(flow: &Flow<'c>, runs: &Value<'c>) -> Vec<Value<'c>> {
    let Value::Function(closure) = runs else { return Vec::new() };
    let function = flow.code.function(closure.at);
    function
        .params
        .iter()
        .map(|param| {
            let name = param.decorators.iter().find_map(|decorator| match decorator {
                Expr::Call(call) => match &call.callee {
                    Expr::Name(name, _) => Some(name.to_string()),
                    _ => None,
                },
                _ => None,
            });
            match name.as_deref() {
                Some("Body") => part_of_body(&param.decorators),
                Some("UploadedFile" | "UploadedFiles" | "Args") => Value::from(From::Input(Input::Body)),
                Some("Param") => Value::from(From::Input(Input::Params)),
                Some("Query") => Value::from(From::Input(Input::Query)),
                Some("Headers") => Value::from(From::Input(Input::Headers)),
                Some("Ip") => Value::from(From::Input(Input::Address)),
                Some("Req" | "Request") => head("express-request"),
                Some("Res" | "Response") => head("express-response"),
                // What a decorator of the project gives is made when the request is there: see `makers`.
                _ => Value::Unknown,
            }
        })
        .collect()
}

/// `@Body()` is all of it, `@Body("email")` a part.
fn part_of_body<'c>(decorators: &[Expr]) -> Value<'c> {
    let key = decorators.iter().find_map(|decorator| match decorator {
        Expr::Call(call) => match call.args.first() {
            Some(Expr::Text(key)) => Some(key.clone()),
            _ => None,
        },
        _ => None,
    });
    match (Value::from(From::Input(Input::Body)), key) {
        (Value::Symbol(body), Some(key)) => Flow::member_of(&body, key),
        (body, _) => body,
    }
}

/// The functions of the project's own decorators (`createParamDecorator`) that make parameters of a method, and which.
fn makers<'c>(flow: &mut Flow<'c>, runs: &Value<'c>) -> Vec<(usize, Value<'c>)> {
    let Value::Function(closure) = runs else { return Vec::new() };
    let at = closure.at;
    let code = flow.code;
    let mut all = Vec::new();
    for (place, param) in code.function(at).params.iter().enumerate() {
        for decorator in &param.decorators {
            let Expr::Call(call) = decorator else { continue };
            let Value::Symbol(symbol) = flow.value_in(at.0, &call.callee) else { continue };
            if let Some(function @ Value::Function(_)) = symbol.given.last().and_then(|given| given.first()) {
                all.push((place, function.clone()));
            }
        }
    }
    all
}

/// What the decorators of a method and its class leave for guards.
fn decorated<'c>(flow: &mut Flow<'c>, at: FunctionAt) {
    let code = flow.code;
    let mut all: Vec<&'c Expr> = code.function(at).decorators.iter().collect();
    if let Some(class) = code.class_of(at) {
        all.extend(&code.module(at.0).classes[class.0 as usize].decorators);
    }
    for decorator in all {
        let value = flow.value_in(at.0, decorator);
        flow.decorate(&value);
    }
}
