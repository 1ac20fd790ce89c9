//! The type checker. CEL itself finds an unknown field only when it is reached, if ever; a rule that silently never
//! fires is the worst failure of an audit, so every expression is checked when its pack is loaded.
//!
//! A mistake is reported once: what it makes unknown has the type [`Type::Any`], which fits everywhere.

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SelectExpr};

use super::guards::{self, Guards};
use super::spans::Spans;
use super::types::{Field, KindType, Type, Types, quoted};
use super::{Mistake, Pattern, Reads, TODAY, closest};

pub(super) struct Checker<'a> {
    pub(super) types: &'a Types,
    pub(super) on: &'a KindType,
    pub(super) spans: Spans,
    /// Variables of `exists` and its like, innermost last.
    pub(super) scope: Vec<(String, Type)>,
    pub(super) guards: Guards,
    pub(super) mistakes: Vec<Mistake>,
    pub(super) reads: Reads,
    pub(super) regexes: Vec<Pattern>,
    /// Whether the tests compile its patterns: then they wait until they are asked.
    pub(super) is_tested: bool,
}

impl<'a> Checker<'a> {
    pub(super) fn new(types: &'a Types, on: &'a KindType, spans: Spans) -> Checker<'a> {
        Checker {
            types,
            on,
            spans,
            scope: Vec::new(),
            guards: Guards::default(),
            mistakes: Vec::new(),
            reads: Reads::default(),
            regexes: Vec::new(),
            is_tested: false,
        }
    }

    /// Checks a whole expression, which must be true or false.
    pub(super) fn whole(&mut self, expr: &mut IdedExpr) {
        let ty = self.check(expr);
        if !matches!(ty, Type::Bool | Type::Any) {
            self.mistake(
                Mistake::new(self.spans.all(), format!("the expression is {ty}, not true or false"))
                    .label("must be true or false")
                    .help(truth_help(&ty)),
            );
        }
    }

    pub(super) fn mistake(&mut self, mistake: Mistake) -> Type {
        self.mistakes.push(mistake);
        Type::Any
    }

    /// The type of an expression. Rewrites what the evaluator must see differently: a comparison with null becomes
    /// `has`, a pattern becomes the number of its compiled form.
    pub(super) fn check(&mut self, expr: &mut IdedExpr) -> Type {
        match &mut expr.expr {
            Expr::Literal(literal) => match literal {
                LiteralValue::Boolean(_) => Type::Bool,
                LiteralValue::Int(_) => Type::Int,
                LiteralValue::Double(_) => Type::Double,
                LiteralValue::String(_) => Type::String,
                LiteralValue::Null => Type::Null,
                LiteralValue::UInt(_) => {
                    let mistake = Mistake::new(self.spans.token(expr), "facts have no unsigned numbers")
                        .label("unsigned number")
                        .help("leave out the `u`");
                    self.mistake(mistake)
                }
                LiteralValue::Bytes(_) => {
                    let mistake = Mistake::new(self.spans.token(expr), "facts have no bytes")
                        .label("bytes")
                        .help("write a string");
                    self.mistake(mistake)
                }
            },
            Expr::Ident(name) => {
                let name = name.clone();
                self.ident(&name, expr)
            }
            Expr::Select(_) => self.select(expr),
            Expr::Call(_) => self.call(expr),
            Expr::List(list) => {
                let mut item = Type::Any;
                let mut clash = None;
                for element in &mut list.elements {
                    let ty = self.check(element);
                    match unify(&item, &ty) {
                        Some(both) => item = both,
                        None if clash.is_none() => clash = Some((self.spans.extent(element), ty)),
                        None => {}
                    }
                }
                if let Some((range, ty)) = clash {
                    self.mistake(
                        Mistake::new(range, "the items of a list must have one type")
                            .label(format!("{ty}, the others are {item}")),
                    );
                    return Type::List(Box::new(Type::Any));
                }
                Type::List(Box::new(item))
            }
            Expr::Comprehension(_) => self.comprehension(expr),
            Expr::Map(_) | Expr::Struct(_) => {
                let mistake =
                    Mistake::new(self.spans.extent(expr), "maps and messages have no use in a rule")
                        .label("not supported")
                        .help("compare fields one by one");
                self.mistake(mistake)
            }
            Expr::Unspecified => Type::Any,
        }
    }

    fn ident(&mut self, name: &str, expr: &IdedExpr) -> Type {
        if let Some((_, ty)) = self.scope.iter().rev().find(|(variable, _)| variable == name) {
            return ty.clone();
        }
        if name == self.on.name {
            return self.on.ty.clone();
        }
        if name == TODAY {
            return Type::String;
        }
        if let Some(kind) = self.types.kinds().iter().find(|kind| kind.list == name) {
            self.reads.lists.insert(kind.list.clone());
            return if kind.list == kind.name {
                kind.ty.clone()
            } else {
                Type::List(Box::new(kind.ty.clone()))
            };
        }
        let help = match self.types.kind(name) {
            Some(kind) => format!(
                "the rule is `on = \"{}\"`: the fact is `{}`, and all facts of kind {name} are in the list `{}`",
                self.on.name, self.on.name, kind.list
            ),
            None => {
                let lists = self.types.kinds().iter().map(|kind| kind.list.as_str());
                let variables = self.scope.iter().map(|(name, _)| name.as_str());
                let known: Vec<&str> =
                    variables.chain([self.on.name.as_str()]).chain(lists).chain([TODAY]).collect();
                match closest(name, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => {
                        let lists: Vec<&str> =
                            known.iter().skip(1).copied().filter(|n| *n != TODAY).collect();
                        format!("the fact is `{}`; the lists are {}", self.on.name, lists.join(", "))
                    }
                }
            }
        };
        self.mistake(
            Mistake::new(self.spans.token(expr), format!("there is nothing called `{name}`"))
                .label("unknown name")
                .help(help),
        )
    }

    fn select(&mut self, expr: &mut IdedExpr) -> Type {
        let path = guards::path(expr);
        let Expr::Select(SelectExpr { operand, field, test }) = &mut expr.expr else { return Type::Any };
        let (field, test) = (field.clone(), *test);
        if let Expr::Ident(name) = &operand.expr
            && !self.scope.iter().any(|(variable, _)| variable == name)
        {
            if *name == self.on.name {
                self.reads.fields.insert(field.clone());
            } else if name == "project" {
                self.reads.of_project.insert(field.clone());
            }
        }
        let shown = guards::path(operand);
        let name = match self.check(operand) {
            Type::Any => return if test { Type::Bool } else { Type::Any },
            Type::Struct(name) => name,
            Type::Captures => return self.capture(&field, shown.as_deref(), expr, test),
            Type::List(_) => {
                let list = shown.unwrap_or_else(|| "the list".to_owned());
                let mistake = Mistake::new(
                    self.spans.field(expr),
                    format!("`{list}` is a list and has no field `{field}`"),
                )
                .label("not a field of a list")
                .help(format!("ask its items: `{list}.exists(x, x.{field} …)`"));
                return self.mistake(mistake);
            }
            other => {
                let mistake = Mistake::new(self.spans.field(expr), format!("{other} has no field `{field}`"))
                    .label("no such field");
                return self.mistake(mistake);
            }
        };
        let fields = self.types.fields(&name);
        let Some(Field { ty, optional }) = fields.and_then(|fields| fields.get(&field)).cloned() else {
            let known: Vec<&str> = fields.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
            let mistake = Mistake::new(self.spans.field(expr), format!("`{name}` has no field `{field}`"))
                .label("unknown field")
                .help(match closest(&field, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("its fields are {}", known.join(", ")),
                });
            self.mistake(mistake);
            return if test { Type::Bool } else { Type::Any };
        };
        if test {
            if !optional {
                let mistake = Mistake::new(self.spans.extent(expr), format!("`{field}` is always there"))
                    .label("always true")
                    .help(none_help(&ty, &path.unwrap_or(field)));
                self.mistake(mistake);
            }
            return Type::Bool;
        }
        if optional && !path.as_deref().is_some_and(|path| self.guards.holds(path)) {
            let shown = path.unwrap_or_else(|| field.clone());
            let mistake = Mistake::new(self.spans.extent(expr), format!("`{field}` may be missing"))
                .label("not known to be there")
                .help(format!("ask first: `has({shown}) && …`"));
            self.mistake(mistake);
        }
        ty
    }

    /// A named part of a match.
    fn capture(&mut self, field: &str, of: Option<&str>, expr: &IdedExpr, test: bool) -> Type {
        let own = format!("{}.captures", self.on.name);
        let mistake = if of != Some(own.as_str()) {
            Mistake::new(self.spans.field(expr), "the captures of other matches are not known")
                .label("of which rule?")
                .help("a rule reads the captures of the match it judges: `match.captures.name`")
        } else {
            let Some(captures) = &self.on.captures else { return Type::Any };
            match captures.iter().any(|capture| capture == field) {
                true if test => Mistake::new(self.spans.extent(expr), format!("`{field}` is always there"))
                    .label("always true")
                    .help(none_help(&Type::String, &format!("{own}.{field}"))),
                true => return Type::String,
                false => unknown_capture(self.spans.field(expr), field, captures),
            }
        };
        self.mistake(mistake);
        if test { Type::Bool } else { Type::Any }
    }

    /// `exists`, `all`, `exists_one`, `map` and `filter`: the parser has already spelt them out as loops.
    fn comprehension(&mut self, expr: &mut IdedExpr) -> Type {
        let open = self.spans.token(expr).start;
        let name = self.spans.call_name(open);
        let Expr::Comprehension(over) = &mut expr.expr else { return Type::Any };
        let item = match self.check(&mut over.iter_range) {
            Type::Any => Type::Any,
            Type::List(item) => *item,
            other => {
                let mistake =
                    Mistake::new(self.spans.extent(&over.iter_range), format!("{other} is no list"))
                        .label("must be a list");
                self.mistake(mistake)
            }
        };
        let variable = over.iter_var.clone();
        let taken = self.scope.iter().any(|(name, _)| *name == variable)
            || self.types.kinds().iter().any(|kind| kind.list == variable)
            || self.on.name == variable
            || variable == TODAY;
        if taken {
            self.mistake(
                Mistake::new(self.spans.word(open), format!("`{variable}` already names something else"))
                    .label("choose another name"),
            );
        }
        self.scope.push((variable, item));
        let guarded = self.guards.len();
        let ty = match &mut over.loop_step.expr {
            Expr::Call(CallExpr { func_name, args, .. }) => match (func_name.as_str(), args.as_mut_slice()) {
                ("_||_" | "_&&_", [_, condition]) => {
                    self.condition(condition);
                    Type::Bool
                }
                ("_?_:_", [condition, step, _]) => {
                    self.condition(condition);
                    self.guards.learn(guards::when_true(condition));
                    match appended(step) {
                        Some(value) => Type::List(Box::new(self.check(value))),
                        None => Type::Bool,
                    }
                }
                _ => match appended(&mut over.loop_step) {
                    Some(value) => Type::List(Box::new(self.check(value))),
                    None => Type::Any,
                },
            },
            _ => Type::Any,
        };
        if ty == Type::Any {
            self.mistake(Mistake::new(name, "this loop is not understood").label("not supported"));
        }
        self.guards.forget_after(guarded);
        self.scope.pop();
        ty
    }

    /// A part that must be true or false.
    pub(super) fn condition(&mut self, expr: &mut IdedExpr) {
        let ty = self.check(expr);
        if !matches!(ty, Type::Bool | Type::Any) {
            let mistake = Mistake::new(self.spans.extent(expr), format!("this is {ty}, not true or false"))
                .label("must be true or false")
                .help(truth_help(&ty));
            self.mistake(mistake);
        }
    }

    /// Reports literals that are no value of the enum they are compared with.
    pub(super) fn variants(&mut self, variants: &[String], against: &IdedExpr, what: Option<&str>) {
        match &against.expr {
            Expr::Literal(LiteralValue::String(text)) if !variants.iter().any(|v| v == text.inner()) => {
                let what = what.map_or_else(|| "this field".to_owned(), |path| format!("`{path}`"));
                let mistake =
                    Mistake::new(self.spans.token(against), format!("{what} is never \"{}\"", text.inner()))
                        .label("no such value")
                        .help(match closest(text.inner(), variants.iter().map(String::as_str)) {
                            Some(near) => {
                                format!("did you mean \"{near}\"? It is one of {}", quoted(variants))
                            }
                            None if variants.is_empty() => {
                                "no loaded rule has a `pattern` or a `query`".to_owned()
                            }
                            None => format!("it is one of {}", quoted(variants)),
                        });
                self.mistake(mistake);
            }
            Expr::List(list) => {
                for element in &list.elements {
                    self.variants(variants, element, what);
                }
            }
            Expr::Call(call) if call.func_name == "_?_:_" => {
                for branch in call.args.iter().skip(1) {
                    self.variants(variants, branch, what);
                }
            }
            _ => {}
        }
    }
}

/// A capture that the rule does not make.
pub(crate) fn unknown_capture(chars: std::ops::Range<usize>, name: &str, known: &[String]) -> Mistake {
    let help = match closest(name, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => {
            "the rule captures nothing by name: write `(?<name>…)` in a regex, `@name` in a query".to_owned()
        }
        None => format!("its captures are {}", known.join(", ")),
    };
    Mistake::new(chars, format!("the rule has no capture `{name}`")).label("unknown capture").help(help)
}

/// The value that a loop's step appends to its result.
fn appended(step: &mut IdedExpr) -> Option<&mut IdedExpr> {
    let Expr::Call(call) = &mut step.expr else { return None };
    if call.func_name != "_+_" {
        return None;
    }
    match &mut call.args.get_mut(1)?.expr {
        Expr::List(list) => list.elements.first_mut(),
        _ => None,
    }
}

/// The type of what may be either, if there is one.
pub(super) fn unify(a: &Type, b: &Type) -> Option<Type> {
    match (a, b) {
        (Type::Any, other) | (other, Type::Any) => Some(other.clone()),
        (Type::List(a), Type::List(b)) => Some(Type::List(Box::new(unify(a, b)?))),
        _ if a == b => Some(a.clone()),
        _ if a.is_text() && b.is_text() => Some(Type::String),
        _ => None,
    }
}

fn truth_help(ty: &Type) -> String {
    match ty {
        Type::Enum(variants) => match variants.first() {
            Some(first) => format!("compare it: `… == \"{first}\"`"),
            None => "compare it".to_owned(),
        },
        Type::String => "compare it: `… != \"\"`".to_owned(),
        Type::Int | Type::Double => "compare it: `… > 0`".to_owned(),
        Type::List(_) => "ask `….size() > 0`, or `….exists(x, …)`".to_owned(),
        _ => "compare one of its fields".to_owned(),
    }
}

fn none_help(ty: &Type, path: &str) -> String {
    match ty {
        Type::String => format!("none is an empty string: `{path} != \"\"`"),
        Type::List(_) => format!("none is an empty list: `{path}.size() > 0`"),
        Type::Int | Type::Double => format!("none is 0: `{path} > 0`"),
        _ => "leave it out".to_owned(),
    }
}
