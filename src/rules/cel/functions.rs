//! Operators and functions: which there are, and what they take. Everything not listed here is refused, also what the
//! evaluator would accept.

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue};

use super::check::{Checker, unify};
use super::guards;
use super::types::Type;
use super::{MATCHES, Mistake, Pattern, closest};

/// Every function and method, as a rule's author calls it.
static FUNCTIONS: &[(&str, &str)] = &[
    ("size", "size(list) or list.size()"),
    ("has", "has(fact.field)"),
    ("exists", "list.exists(x, condition)"),
    ("all", "list.all(x, condition)"),
    ("exists_one", "list.exists_one(x, condition)"),
    ("filter", "list.filter(x, condition)"),
    ("map", "list.map(x, value)"),
    ("contains", "text.contains(\"part\")"),
    ("startsWith", "text.startsWith(\"start\")"),
    ("endsWith", "text.endsWith(\"end\")"),
    ("matches", "text.matches('pattern')"),
    ("lowerAscii", "text.lowerAscii()"),
    ("double", "double(number)"),
    ("int", "int(number)"),
];

static MACROS: &[&str] = &["has", "exists", "all", "exists_one", "filter", "map"];

impl Checker<'_> {
    pub(super) fn call(&mut self, expr: &mut IdedExpr) -> Type {
        let Expr::Call(CallExpr { func_name, target, args }) = &mut expr.expr else { return Type::Any };
        let name = func_name.clone();
        match (name.as_str(), target.is_some(), args.as_mut_slice()) {
            ("_&&_" | "_||_", false, [left, right]) => {
                self.condition(left);
                let before = self.guards.len();
                let learnt = if name == "_&&_" { guards::when_true(left) } else { guards::when_false(left) };
                self.guards.learn(learnt);
                self.condition(right);
                self.guards.forget_after(before);
                Type::Bool
            }
            ("!_", false, [inner]) => {
                self.condition(inner);
                Type::Bool
            }
            ("_?_:_", false, [condition, yes, no]) => {
                self.condition(condition);
                let before = self.guards.len();
                self.guards.learn(guards::when_true(condition));
                let yes = self.check(yes);
                self.guards.forget_after(before);
                self.guards.learn(guards::when_false(condition));
                let no = self.check(no);
                self.guards.forget_after(before);
                match unify(&yes, &no) {
                    Some(ty) => ty,
                    None => {
                        let mistake =
                            Mistake::new(self.spans.extent(expr), "the two branches must have one type")
                                .label(format!("{yes} or {no}"));
                        self.mistake(mistake)
                    }
                }
            }
            ("_==_" | "_!=_", false, [_, _]) => self.equality(expr),
            ("_<_" | "_<=_" | "_>_" | "_>=_", false, [left, right]) => {
                let (a, b) = (self.check(left), self.check(right));
                self.order(&a, &b, expr)
            }
            ("@in", false, [item, list]) => {
                let (a, b) = (self.check(item), self.check(list));
                self.membership(&a, &b, expr)
            }
            ("_+_" | "_-_" | "_*_" | "_/_" | "_%_", false, [left, right]) => {
                let (a, b) = (self.check(left), self.check(right));
                self.arithmetic(&name, &a, &b, expr)
            }
            ("-_", false, [inner]) => {
                let ty = self.check(inner);
                if ty.is_number() || ty == Type::Any { ty } else { self.clash("-", &[&ty], expr) }
            }
            ("_[_]", false, [list, index]) => {
                self.check(list);
                self.check(index);
                let mistake = Mistake::new(self.spans.extent(expr), "an item may not be there")
                    .label("no access by number")
                    .help("ask the items: `list.exists(x, …)`");
                self.mistake(mistake)
            }
            _ => self.function(&name, expr),
        }
    }

    fn function(&mut self, name: &str, expr: &mut IdedExpr) -> Type {
        let open = self.spans.token(expr).start;
        let Expr::Call(CallExpr { target, args, func_name }) = &mut expr.expr else { return Type::Any };
        let receiver = target.as_mut().map(|target| self.check(target));
        let is_pattern = |arg: &IdedExpr| match &arg.expr {
            Expr::Literal(LiteralValue::String(text)) => Some(text.inner().to_owned()),
            _ => None,
        };
        if let ("matches", Some(text), [arg]) = (name, &receiver, args.as_mut_slice()) {
            let text = text.clone();
            let compile = |pattern: String| match self.is_tested {
                true => Ok(Pattern::of_tested(pattern)),
                false => Pattern::new(pattern),
            };
            match is_pattern(arg).map(compile) {
                Some(Ok(regex)) => {
                    // The evaluator gets the number of the compiled pattern: it would compile it at every call.
                    MATCHES.clone_into(func_name);
                    arg.expr = Expr::Literal(LiteralValue::Int(
                        i64::try_from(self.regexes.len()).unwrap_or(-1).into(),
                    ));
                    self.regexes.push(regex);
                }
                Some(Err(error)) => {
                    let mistake = Mistake::new(self.spans.token(arg), "the pattern does not compile")
                        .label(regex_error(&error))
                        .help(
                            "look-around and back-references are not supported: patterns run in linear time",
                        );
                    self.mistake(mistake);
                }
                None => {
                    let mistake = Mistake::new(self.spans.extent(arg), "a pattern must be written out")
                        .label("not a string in quotes")
                        .help("it is compiled once, when the pack is loaded");
                    self.mistake(mistake);
                }
            }
            return if text.is_text() || text == Type::Any {
                Type::Bool
            } else {
                self.receiver(name, &text, expr)
            };
        }
        // Arguments of a macro called wrongly name variables that nothing declares.
        let known = || FUNCTIONS.iter().map(|(known, _)| *known);
        let meant = known().find(|known| *known == name).or_else(|| closest(name, known()));
        let types: Vec<Type> = match meant.is_some_and(|meant| MACROS.contains(&meant)) {
            true => vec![Type::Any; args.len()],
            false => args.iter_mut().map(|arg| self.check(arg)).collect(),
        };
        match (name, &receiver, types.as_slice()) {
            ("size", Some(of), []) | ("size", None, [of]) => match of {
                Type::List(_) | Type::Any => Type::Int,
                of if of.is_text() => Type::Int,
                of => {
                    let mistake = Mistake::new(self.spans.extent(expr), format!("{of} has no size"))
                        .label("only lists and strings have a size");
                    self.mistake(mistake)
                }
            },
            ("contains" | "startsWith" | "endsWith", Some(text), [part]) => {
                if !(text.is_text() || *text == Type::Any) {
                    return self.receiver(name, text, expr);
                }
                if !(part.is_text() || *part == Type::Any) {
                    let mistake = Mistake::new(self.argument(expr), format!("`{name}` takes a string"))
                        .label(part.to_string());
                    return self.mistake(mistake);
                }
                Type::Bool
            }
            ("lowerAscii", Some(text), []) => {
                if text.is_text() || *text == Type::Any {
                    Type::String
                } else {
                    self.receiver(name, text, expr)
                }
            }
            ("double" | "int", None, [number]) => {
                if !(number.is_number() || *number == Type::Any) {
                    let mistake = Mistake::new(self.argument(expr), format!("`{name}` takes a number"))
                        .label(number.to_string());
                    return self.mistake(mistake);
                }
                if name == "int" { Type::Int } else { Type::Double }
            }
            _ => {
                let help = match FUNCTIONS.iter().find(|(known, _)| *known == name) {
                    Some((_, usage)) => format!("write `{usage}`"),
                    None => match meant {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => {
                            let names: Vec<&str> = FUNCTIONS.iter().map(|(name, _)| *name).collect();
                            format!("there are {}", names.join(", "))
                        }
                    },
                };
                let known = FUNCTIONS.iter().any(|(known, _)| *known == name);
                let message = match known {
                    true => format!("`{name}` is not called like this"),
                    false => format!("there is no function `{name}`"),
                };
                let label = if known { "wrong call" } else { "unknown function" };
                self.mistake(Mistake::new(self.spans.call_name(open), message).label(label).help(help))
            }
        }
    }

    /// `==` and `!=`; a comparison with null becomes `has`, because facts leave null fields out.
    fn equality(&mut self, expr: &mut IdedExpr) -> Type {
        let Expr::Call(CallExpr { args, func_name, .. }) = &mut expr.expr else { return Type::Any };
        let equal = func_name == "_==_";
        let [left, right] = args.as_mut_slice() else { return Type::Any };
        if guards::is_null(left) || guards::is_null(right) {
            let field = if guards::is_null(left) { right } else { left };
            if matches!(field.expr, Expr::Select(_)) {
                let before = self.mistakes.len();
                self.check_null_test(field);
                if self.mistakes.len() == before {
                    let tested = std::mem::take(field);
                    let id = tested.id;
                    *expr = if equal { not(tested, id) } else { tested };
                }
            } else {
                let mistake =
                    Mistake::new(self.spans.extent(field), "this is never null").label("not a field");
                self.mistake(mistake);
            }
            return Type::Bool;
        }
        let (a, b) = (self.check(left), self.check(right));
        let (left_path, right_path) = (guards::path(left), guards::path(right));
        match (&a, &b) {
            (Type::Enum(one), Type::Enum(other)) if !one.iter().any(|variant| other.contains(variant)) => {
                return self.clash("==", &[&a, &b], expr);
            }
            (Type::Enum(variants), _) => self.variants(&variants.clone(), right, left_path.as_deref()),
            (_, Type::Enum(variants)) => self.variants(&variants.clone(), left, right_path.as_deref()),
            (Type::List(one), Type::List(other)) => match (one.as_ref(), other.as_ref()) {
                (Type::Enum(variants), _) => self.variants(&variants.clone(), right, left_path.as_deref()),
                (_, Type::Enum(variants)) => self.variants(&variants.clone(), left, right_path.as_deref()),
                _ => {}
            },
            _ => {}
        }
        if comparable(&a, &b) {
            Type::Bool
        } else {
            self.clash(if equal { "==" } else { "!=" }, &[&a, &b], expr)
        }
    }

    /// Checks `x.f` of `x.f == null` as the optional field that it must be.
    fn check_null_test(&mut self, field: &mut IdedExpr) {
        let path = guards::path(field);
        let before = self.guards.len();
        self.guards.learn(path.clone().into_iter().collect());
        let mistakes = self.mistakes.len();
        self.check(field);
        self.guards.forget_after(before);
        if self.mistakes.len() > mistakes {
            return;
        }
        if !self.optional(field) {
            let message = format!("`{}` is never null", path.unwrap_or_default());
            let mistake = Mistake::new(self.spans.extent(field), message)
                .label("always there")
                .help("none is \"\", 0 or []");
            self.mistake(mistake);
        } else if let Expr::Select(select) = &mut field.expr {
            select.test = true;
        }
    }

    /// Whether a well-typed selection selects an optional field.
    fn optional(&mut self, field: &mut IdedExpr) -> bool {
        let Expr::Select(select) = &mut field.expr else { return false };
        match self.check(&mut select.operand) {
            Type::Struct(name) => self
                .types
                .fields(&name)
                .and_then(|fields| fields.get(&select.field))
                .is_some_and(|f| f.optional),
            _ => true,
        }
    }

    fn order(&mut self, a: &Type, b: &Type, expr: &IdedExpr) -> Type {
        let Expr::Call(call) = &expr.expr else { return Type::Any };
        let sign = call.func_name.trim_matches('_').to_owned();
        let fits = |ty: &Type| ty.is_number() || matches!(ty, Type::String | Type::Any);
        match (a, b) {
            _ if !fits(a) || !fits(b) => self.clash(&sign, &[a, b], expr),
            (Type::Any, _) | (_, Type::Any) => Type::Bool,
            _ if a.is_number() == b.is_number() => Type::Bool,
            _ => self.clash(&sign, &[a, b], expr),
        }
    }

    fn membership(&mut self, item: &Type, list: &Type, expr: &IdedExpr) -> Type {
        let Expr::Call(call) = &expr.expr else { return Type::Any };
        let [left, right] = call.args.as_slice() else { return Type::Any };
        match list {
            Type::Any => Type::Bool,
            Type::List(of) => {
                if let Type::Enum(variants) = item {
                    self.variants(variants, right, guards::path(left).as_deref());
                } else if let Type::Enum(variants) = of.as_ref() {
                    self.variants(variants, left, guards::path(right).as_deref());
                }
                if comparable(item, of) { Type::Bool } else { self.clash("in", &[item, list], expr) }
            }
            other => {
                let mistake = Mistake::new(
                    self.spans.extent(right),
                    format!("`in` looks in a list, and this is {other}"),
                )
                .label("must be a list");
                let mistake = match other.is_text() {
                    true => mistake.help("to look inside a string write `text.contains(\"part\")`"),
                    false => mistake,
                };
                self.mistake(mistake)
            }
        }
    }

    fn arithmetic(&mut self, name: &str, a: &Type, b: &Type, expr: &IdedExpr) -> Type {
        let sign = name.trim_matches('_').to_owned();
        match (a, b) {
            (Type::Any, other) | (other, Type::Any) => other.clone(),
            (Type::Int, Type::Int) => Type::Int,
            (Type::Double, Type::Double) if sign != "%" => Type::Double,
            _ if sign == "+" && a.is_text() && b.is_text() => Type::String,
            (Type::List(_), Type::List(_)) if sign == "+" => match unify(a, b) {
                Some(ty) => ty,
                None => self.clash(&sign, &[a, b], expr),
            },
            _ => self.clash(&sign, &[a, b], expr),
        }
    }

    /// An operator with operands that it doesn't take.
    fn clash(&mut self, sign: &str, operands: &[&Type], expr: &IdedExpr) -> Type {
        let message = match (sign, operands) {
            ("==" | "!=" | "<" | "<=" | ">" | ">=", [a, b]) => format!("can't compare {a} with {b}"),
            ("in", [item, list]) => format!("can't look for {item} in {list}"),
            (_, [a, b]) => format!("can't apply `{sign}` to {a} and {b}"),
            _ => format!(
                "can't apply `{sign}` to {}",
                operands.first().map_or("this".to_owned(), |ty| ty.to_string())
            ),
        };
        let mistake = Mistake::new(self.spans.extent(expr), message).label("types clash");
        let mistake = match clash_help(sign, operands) {
            Some(help) => mistake.help(help),
            None => mistake,
        };
        self.mistake(mistake)
    }

    /// A method called on something that doesn't have it.
    fn receiver(&mut self, name: &str, ty: &Type, expr: &IdedExpr) -> Type {
        let open = self.spans.token(expr).start;
        let mistake = Mistake::new(self.spans.call_name(open), format!("{ty} has no `{name}`"))
            .label("only strings have this");
        let mistake = match (name, ty) {
            ("contains", Type::List(_)) => mistake.help("to look in a list write `item in list`"),
            (_, Type::List(_)) => mistake.help(format!("ask its items: `list.exists(x, x.{name}(…))`")),
            _ => mistake,
        };
        self.mistake(mistake)
    }

    /// The place of a call's first argument.
    fn argument(&self, expr: &IdedExpr) -> std::ops::Range<usize> {
        match &expr.expr {
            Expr::Call(call) => {
                call.args.first().map_or_else(|| self.spans.extent(expr), |arg| self.spans.extent(arg))
            }
            _ => self.spans.extent(expr),
        }
    }
}

fn comparable(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Any, _) | (_, Type::Any) => true,
        (Type::Struct(_) | Type::Captures, _) | (_, Type::Struct(_) | Type::Captures) => false,
        (Type::List(a), Type::List(b)) => comparable(a, b),
        _ => a == b || (a.is_number() && b.is_number()) || (a.is_text() && b.is_text()),
    }
}

fn clash_help(sign: &str, operands: &[&Type]) -> Option<String> {
    let any = |wanted: fn(&Type) -> bool| operands.iter().any(|ty| wanted(ty));
    let number = any(Type::is_number);
    Some(match sign {
        "+" | "-" | "*" | "/" if operands.iter().all(|ty| ty.is_number()) => {
            "write `double(…)` around the whole number".to_owned()
        }
        "%" if operands.iter().all(|ty| ty.is_number()) => "`%` takes whole numbers".to_owned(),
        "<" | "<=" | ">" | ">=" if any(|ty| matches!(ty, Type::Enum(_))) => {
            "these strings have no order: use `==` or `in [\"…\", \"…\"]`".to_owned()
        }
        "<" | "<=" | ">" | ">=" if any(|ty| matches!(ty, Type::List(_))) => {
            "compare its size: `list.size()`".to_owned()
        }
        "==" | "!=" if any(|ty| matches!(ty, Type::Struct(_) | Type::Captures)) => {
            "compare one of its fields".to_owned()
        }
        "==" | "!=" if any(|ty| matches!(ty, Type::List(_))) && any(Type::is_text) => {
            "to look in a list write `item in list`".to_owned()
        }
        "==" | "!=" if any(|ty| matches!(ty, Type::List(_))) && number => {
            "compare its size: `list.size()`".to_owned()
        }
        "==" | "!=" if any(|ty| *ty == Type::Bool) && any(|ty| matches!(ty, Type::Enum(_))) => {
            "what is inferred is \"yes\", \"no\", … in quotes".to_owned()
        }
        "==" | "!=" if any(|ty| *ty == Type::Bool) && any(Type::is_text) => {
            "a boolean is `true` or `false`, without quotes".to_owned()
        }
        "in" => match operands {
            [item, Type::List(of)] if item.is_number() && of.is_text() => {
                "write the number in quotes".to_owned()
            }
            [item, Type::List(of)] if item.is_text() && of.is_number() => {
                "write the number without quotes".to_owned()
            }
            _ => return None,
        },
        _ if number && any(Type::is_text) => "write the number without quotes".to_owned(),
        _ => return None,
    })
}

fn not(inner: IdedExpr, id: u64) -> IdedExpr {
    IdedExpr {
        id,
        expr: Expr::Call(CallExpr { func_name: "!_".to_owned(), target: None, args: vec![inner] }),
    }
}

/// The last line of a regex error says what is wrong.
fn regex_error(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default().trim();
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}
