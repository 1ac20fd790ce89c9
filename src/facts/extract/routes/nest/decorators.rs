//! Decorators: what they are after composites are taken apart.

use super::super::interpret::Is;
use super::super::interpret::{LibraryStep, Run, Source, Value};
use super::super::{Layer, Style};
use crate::code::{Expr, FunctionAt, ModuleId};
use crate::facts::extract::routes::handlers::line_of;

/// A decorator of a library: `@Get("x")`, or one of those that a composite of the repository puts together.
#[derive(Debug, Clone)]
pub(super) struct Decorator<'c> {
    /// Its package.
    pub(super) package: String,
    /// Its name there.
    pub(super) name: String,
    /// What it is given.
    pub(super) args: Vec<Value<'c>>,
    /// Where it is written.
    pub(super) from: Source<'c>,
    /// The line of what is written before the method or class, also for a composite.
    pub(super) line: Option<u32>,
}

impl Decorator<'_> {
    /// Whether it is this one.
    pub(super) fn is(&self, package: &str, name: &str) -> bool {
        self.package == package && self.name == name
    }

    /// Its name, if it is of this package.
    pub(super) fn named(&self, package: &str) -> Option<&str> {
        (self.package == package).then_some(self.name.as_str())
    }
}

/// The decorators in a list of such. `@Auth("admin")` of the repository is what it returns: one decorator, or the list
/// of `applyDecorators(…)`.
pub(super) fn decorators<'c>(run: &mut Run<'c>, module: ModuleId, written: &'c [Expr]) -> Vec<Decorator<'c>> {
    let mut out = Vec::new();
    for expr in written {
        let value = run.value_in(module, expr).or_from((module, expr));
        let line = line_of(run, module, expr);
        for part in run.flat(&value) {
            let Is::Library(id) = part.is else { continue };
            let library = run.library(id);
            let (name, args) = match library.steps.as_slice() {
                [LibraryStep::Member(name)] => (name, Vec::new()),
                [LibraryStep::Member(name), LibraryStep::Call(args)] => (name, args.clone()),
                _ => continue,
            };
            out.push(Decorator {
                package: library.package.to_string(),
                name: name.to_string(),
                args,
                from: part.from.unwrap_or((module, expr)),
                line,
            });
        }
    }
    out
}

/// What `@UseGuards(a, b)` and the like put before a route.
pub(super) fn uses<'c>(
    run: &Run<'c>,
    decorators: &[Decorator<'c>],
    name: &str,
    style: Style,
) -> Vec<Layer<'c>> {
    let mut out = Vec::new();
    // Those nearest to the method are put on last: https://docs.nestjs.com/guards#binding-guards says nothing else of
    // order, and for what they let pass together it makes no difference.
    for decorator in decorators.iter().filter(|d| d.is("@nestjs/common", name)) {
        for arg in decorator.args.iter().flat_map(|arg| run.flat(arg)) {
            let (module, runs) = arg.from.unwrap_or(decorator.from);
            let line = line_of(run, decorator.from.0, decorator.from.1);
            let line = if module == decorator.from.0 { line } else { line_of(run, module, runs) };
            out.push(Layer { module, line: line.or(decorator.line).unwrap_or(1), runs, style, only: None });
        }
    }
    out
}

/// `@Version("2")`.
pub(super) fn versions<'c>(run: &Run<'c>, decorators: &[Decorator<'c>]) -> Option<Vec<String>> {
    let version = decorators.iter().find(|d| d.is("@nestjs/common", "Version"))?;
    let texts = super::texts(run, version.args.first()?);
    (!texts.is_empty()).then_some(texts)
}

/// Pipes that are given to parameters: `@Body(new ZodValidationPipe(schema))`, `@Param("id", ParseIntPipe)`.
pub(super) fn pipes_of_params<'c>(run: &mut Run<'c>, module: ModuleId, at: FunctionAt) -> Vec<Layer<'c>> {
    let function = run.function(at);
    let mut out = Vec::new();
    for param in &function.params {
        for decorator in decorators(run, module, &param.decorators) {
            if decorator.package != "@nestjs/common" {
                continue;
            }
            for arg in &decorator.args {
                if matches!(arg.is, Is::Class(..) | Is::Object(_) | Is::Library(_) | Is::Unknown)
                    && let Some((module, runs @ (Expr::Name(..) | Expr::Call(_) | Expr::Member(_)))) =
                        arg.from
                {
                    let line = decorator.line.unwrap_or(function.line);
                    out.push(Layer { module, line, runs, style: Style::NestOther, only: None });
                }
            }
        }
    }
    out
}
