//! NestJS: controllers are classes whose methods are decorated, modules say which belong to an app, and guards are put on
//! methods, classes, or all of an app (https://docs.nestjs.com/guards#binding-guards).

mod apps;
mod decorators;
mod metadata;
mod middleware;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::handlers::texts;
use super::interpret::{Closure, Framework, Is, Library, LibraryStep, Run, Site, Value};
use super::tree::{Node, NodeId, settled};
use super::{Declared, Gate, Handler, Layer, Style};
use crate::code::{ClassId, Code, Method, ModuleId};
use apps::App;
use decorators::{Decorator, decorators};

type ClassAt = (ModuleId, ClassId);

/// So many routes are told of.
const ROUTES: usize = 20_000;
/// https://docs.nestjs.com/controllers#routing
const METHODS: &[(&str, &str)] = &[
    ("Get", "GET"),
    ("Post", "POST"),
    ("Put", "PUT"),
    ("Patch", "PATCH"),
    ("Delete", "DELETE"),
    ("Head", "HEAD"),
    ("Options", "OPTIONS"),
    ("All", "ANY"),
    ("Search", "SEARCH"),
    ("Sse", "GET"),
    ("QueryMethod", "QUERY"),
];

struct Nest;

/// Routes and resolvers of NestJS.
pub fn find(code: &Code) -> Vec<Declared<'_>> {
    let mut run = Run::over(code, &Nest);
    if !run.is_used() {
        return Vec::new();
    }
    let apps = apps::apps(&mut run);
    let mut out = Vec::new();
    for at in 0..code.modules.len() {
        let module = ModuleId(at as u32);
        if !run.is_relevant(module) {
            continue;
        }
        for class in 0..code.module(module).classes.len() {
            if out.len() < ROUTES {
                of_class(&mut run, &apps, (module, ClassId(class as u32)), &mut out);
            }
        }
    }
    settled(out)
}

impl Framework for Nest {
    fn packages(&self) -> &'static [&'static str] {
        &["@nestjs/common", "@nestjs/core", "@nestjs/graphql"]
    }

    fn runs_left_over(&self) -> bool {
        false
    }

    fn made<'c>(&self, run: &mut Run<'c>, library: &Library<'c>, _: Site<'c>) -> Option<Is> {
        let (members, args) = library.made_by()?;
        match (library.package.as_ref(), members.as_slice()) {
            ("@nestjs/core", ["NestFactory", "create"]) => {
                let mut names = BTreeMap::new();
                names.insert("module".to_owned(), args.first()?.clone());
                Some(Is::Node(run.node(Node { kind: "app", names, ..Node::default() })))
            }
            ("@nestjs/common", ["applyDecorators"]) => Some(run.list(args.to_vec())),
            ("@nestjs/common", ["forwardRef"]) => match args.first()?.is {
                Is::Function(closure) => Some(run.call_function(closure, &[]).is),
                _ => None,
            },
            _ => None,
        }
    }

    fn method<'c>(
        &self,
        run: &mut Run<'c>,
        node: NodeId,
        name: &str,
        args: &[Value<'c>],
        site: Site<'c>,
    ) -> Option<Is> {
        apps::method(run, node, name, args, site)
    }
}

/// What stands on a class, and what of it is on each of its routes.
struct OfClass<'a, 'c> {
    app: &'a App<'c>,
    paths: Vec<String>,
    versions: Vec<String>,
    own: Vec<Decorator<'c>>,
    is_resolver: bool,
}

fn of_class<'c>(run: &mut Run<'c>, apps: &[App<'c>], class: ClassAt, out: &mut Vec<Declared<'c>>) {
    let of = run.class(class);
    if of.decorators.is_empty() {
        return;
    }
    let own = decorators(run, class.0, &of.decorators);
    let controller = own.iter().find(|d| d.is("@nestjs/common", "Controller"));
    let is_resolver = own.iter().any(|d| d.is("@nestjs/graphql", "Resolver"));
    if controller.is_none() && !is_resolver {
        return;
    }
    let (paths, versions) = controller.map(|c| prefix_of(run, c)).unwrap_or_default();
    let nobody = App::unseen();
    let mine: Vec<&App<'c>> = apps.iter().filter(|app| app.classes.contains(&class)).collect();
    // What no module is seen to name may be loaded in ways that can't be seen. Of one app it is then a part.
    let mine = match (mine.as_slice(), apps) {
        ([], [only]) => vec![only],
        ([], _) => vec![&nobody],
        _ => mine,
    };
    for app in mine {
        let of_class =
            OfClass { app, paths: paths.clone(), versions: versions.clone(), own: own.clone(), is_resolver };
        for (at, method) in methods(run, class) {
            one(run, &of_class, class, at, method, out);
        }
    }
}

/// `@Controller("users")`, `@Controller(["a", "b"])`, `@Controller({ path, version })`.
fn prefix_of<'c>(run: &Run<'c>, decorator: &Decorator<'c>) -> (Vec<String>, Vec<String>) {
    let Some(first) = decorator.args.first() else { return (vec![String::new()], Vec::new()) };
    let path = match first.is {
        Is::Object(_) => run.field(first, "path"),
        _ => Some(first.clone()),
    };
    let versions = run.field(first, "version").map(|v| texts(run, &v)).unwrap_or_default();
    let paths = match path {
        None => vec![String::new()],
        Some(path) => {
            let texts = texts(run, &path);
            if texts.is_empty() { vec!["{?}".to_owned()] } else { texts }
        }
    };
    (paths, versions)
}

/// The methods of a class and of those that it extends, nearest first, each name once.
fn methods<'c>(run: &mut Run<'c>, class: ClassAt) -> Vec<(ClassAt, &'c Method)> {
    let mut out: Vec<(ClassAt, &'c Method)> = Vec::new();
    let mut names = std::collections::HashSet::new();
    for at in run.ancestors(class) {
        for method in &run.class(at).methods {
            if names.insert(method.name.clone()) {
                out.push((at, method));
            }
        }
    }
    out
}

fn one<'c>(
    run: &mut Run<'c>,
    class: &OfClass<'_, 'c>,
    at: ClassAt,
    on: ClassAt,
    method: &'c Method,
    out: &mut Vec<Declared<'c>>,
) {
    let function = run.function((on.0, method.function));
    if function.decorators.is_empty() {
        return;
    }
    let own = decorators(run, on.0, &function.decorators);
    let closure = Closure { at: (on.0, method.function), frame: 0, this: None };
    for decorator in &own {
        let (verb, kind, paths) = match declares(run, decorator, class.is_resolver, &method.name) {
            Some(found) => found,
            None => continue,
        };
        let versions = decorators::versions(run, &own).unwrap_or_else(|| class.versions.clone());
        let full =
            if kind == "http" { class.app.paths(&class.paths, &versions, &paths, verb) } else { paths };
        for path in full {
            let layers = layers(run, class, &own, on, &closure, verb, &path, at);
            out.push(Declared {
                framework: "nestjs",
                kind,
                method: verb.to_owned(),
                path,
                module: on.0,
                line: decorator.line.unwrap_or(function.line),
                layers,
                handler: Handler::Function((on.0, method.function)),
                gate: Gate::None,
            });
        }
    }
}

/// The verb, the kind and the paths that a decorator of a method declares.
fn declares<'c>(
    run: &Run<'c>,
    decorator: &Decorator<'c>,
    is_resolver: bool,
    name: &str,
) -> Option<(&'static str, &'static str, Vec<String>)> {
    if is_resolver {
        let verb = match decorator.named("@nestjs/graphql")? {
            "Query" => "QUERY",
            "Mutation" => "MUTATION",
            "Subscription" => "SUBSCRIPTION",
            _ => return None,
        };
        // `@Query("name")`, `@Query(() => Type, { name })`.
        let given = decorator.args.iter().find_map(|arg| match arg.is {
            Is::Text(_) => arg.text().map(|t| t.to_string()),
            Is::Object(_) => run.field(arg, "name").and_then(|n| n.text().map(|n| n.to_string())),
            _ => None,
        });
        return Some((verb, "procedure", vec![given.unwrap_or_else(|| name.to_owned())]));
    }
    let named = decorator.named("@nestjs/common")?;
    let (_, verb) = METHODS.iter().find(|(decorator, _)| *decorator == named)?;
    let paths = match decorator.args.first() {
        None => vec![String::new()],
        Some(path) => {
            let texts = texts(run, path);
            if texts.is_empty() { vec!["{?}".to_owned()] } else { texts }
        }
    };
    Some((verb, "http", paths))
}

/// Middleware, then guards, then pipes and the like; each of the app, then of the class, then of the method
/// (https://docs.nestjs.com/faq/request-lifecycle).
#[expect(clippy::too_many_arguments, reason = "one route is looked at from many sides")]
fn layers<'c>(
    run: &mut Run<'c>,
    class: &OfClass<'_, 'c>,
    own: &[Decorator<'c>],
    on: ClassAt,
    closure: &Closure,
    verb: &str,
    path: &str,
    at: ClassAt,
) -> Vec<Layer<'c>> {
    let marks = metadata::marks(run, &class.own, own);
    let mut out = middleware::covering(class.app, at, verb, path);
    let guards = class
        .app
        .guards
        .iter()
        .cloned()
        .chain(decorators::uses(run, &class.own, "UseGuards", Style::NestGuard))
        .chain(decorators::uses(run, own, "UseGuards", Style::NestGuard));
    for guard in guards.collect::<Vec<_>>() {
        out.push(metadata::marked(run, guard, &marks));
    }
    out.extend(class.app.others.iter().cloned());
    for name in ["UseInterceptors", "UsePipes", "UseFilters"] {
        out.extend(decorators::uses(run, &class.own, name, Style::NestOther));
        out.extend(decorators::uses(run, own, name, Style::NestOther));
    }
    out.extend(decorators::pipes_of_params(run, on.0, closure.at));
    out
}

/// The name of a library's value that is not called: `APP_GUARD`.
fn named<'a>(run: &'a Run<'_>, value: &Value<'_>) -> Option<(&'a str, &'a str)> {
    let Is::Library(id) = value.is else { return None };
    let library = run.library(id);
    match library.steps.as_slice() {
        [LibraryStep::Member(name)] => Some((library.package.as_ref(), name.as_ref())),
        _ => None,
    }
}
