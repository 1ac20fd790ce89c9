//! What a value comes to, as far as the repository tells: literals, variables with one known value, locals, and choices
//! whose condition or outcome is known.

use std::cell::Cell;

use super::environment;
use super::stack::{At, Module, Stacks};
use crate::facts::config::{Expression, Node, Value};
use crate::facts::kinds::Environment;

/// Steps for one value; nobody's chain of variables is longer, and nothing can make it run for ever.
const MAX_STEPS: u32 = 400;

/// Functions that hand on what they are given, as far as the questions here go.
const SAME: &[&str] = &[
    "tostring",
    "tonumber",
    "tobool",
    "toset",
    "tolist",
    "tomap",
    "sensitive",
    "nonsensitive",
    "lower",
    "trimspace",
    "jsonencode",
    "distinct",
    "compact",
    "flatten",
];

const YES: &Node = &Node { line: 0, text_line: 0, value: Value::Bool(true) };
const NO: &Node = &Node { line: 0, text_line: 0, value: Value::Bool(false) };
/// What a variable without a value of its own and with the default `null` comes to.
const NOTHING: &Node = &Node { line: 0, text_line: 0, value: Value::Null };

/// A value that is known, and where it stands. `module` is where its own parts are looked up.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) node: &'a Node,
    pub(super) file: &'a str,
    pub(super) module: &'a Module<'a>,
}

/// Resolves one value.
pub(super) fn resolve<'a>(
    stacks: &'a Stacks<'a>,
    module: &'a Module<'a>,
    at: At<'a>,
) -> Result<Known<'a>, String> {
    Resolver { stacks, left: Cell::new(MAX_STEPS) }.value(module, at)
}

struct Resolver<'a> {
    stacks: &'a Stacks<'a>,
    left: Cell<u32>,
}

impl<'a> Resolver<'a> {
    fn value(&self, module: &'a Module<'a>, at: At<'a>) -> Result<Known<'a>, String> {
        let Value::Expression(expression) = &at.node.value else {
            return Ok(Known { node: at.node, file: at.file, module });
        };
        let left = self.left.get().checked_sub(1).ok_or("it is computed from too much else")?;
        self.left.set(left);
        let part = |node: &'a Node| At { node, file: at.file };
        match expression.as_ref() {
            Expression::Reference(path) => self.follow(module, path),
            Expression::Choice { condition, then, or } => match self.holds(module, part(condition)) {
                Some(true) => self.value(module, part(then)),
                Some(false) => self.value(module, part(or)),
                None => {
                    let (then, or) = (self.value(module, part(then))?, self.value(module, part(or))?);
                    if same(then.node, or.node) {
                        Ok(then)
                    } else {
                        Err("a condition decides that can't be told".to_owned())
                    }
                }
            },
            Expression::Equal { .. } => match self.holds(module, at) {
                Some(truth) => Ok(Known { node: if truth { YES } else { NO }, file: at.file, module }),
                None => Err("a condition decides that can't be told".to_owned()),
            },
            Expression::Call { name, arguments } if SAME.contains(&name.as_str()) => {
                match arguments.as_slice() {
                    [only] => self.value(module, part(only)),
                    _ => Err("it is computed".to_owned()),
                }
            }
            Expression::Call { name, arguments } if matches!(name.as_str(), "try" | "coalesce") => arguments
                .iter()
                .find_map(|a| self.value(module, part(a)).ok().filter(|k| k.node.value != Value::Null))
                .ok_or_else(|| "it is computed".to_owned()),
            _ => Err("it is computed".to_owned()),
        }
    }

    fn follow(&self, module: &'a Module<'a>, path: &str) -> Result<Known<'a>, String> {
        let mut parts = path.split('.');
        let (what, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let mut known = match what {
            "var" => self.variable(module, name)?,
            "local" => {
                let at = module
                    .locals
                    .get(name)
                    .ok_or_else(|| format!("`local.{name}` is not in the repository"))?;
                self.value(module, *at)?
            }
            "each" | "count" | "self" => {
                return Err("it differs from one copy of the resource to the next".to_owned());
            }
            _ => return Err(format!("`{path}` is known only when it is applied")),
        };
        for part in parts {
            let node = match &known.node.value {
                Value::List(items) => part.parse::<usize>().ok().and_then(|i| items.get(i)),
                _ => known.node.get(part),
            };
            let node = node.ok_or_else(|| format!("`{path}` has no value in the repository"))?;
            known = self.value(known.module, At { node, file: known.file })?;
        }
        Ok(known)
    }

    fn variable(&self, module: &'a Module<'a>, name: &str) -> Result<Known<'a>, String> {
        let missing = || format!("`var.{name}` has no value in the repository");
        let default = || {
            let at = module.variables.get(name)?;
            let node = at.node.get("default")?;
            Some(Known { node, file: at.file, module })
        };
        if !module.callers.is_empty() {
            return self.given(module, name, default().ok_or_else(missing));
        }
        let set = |wanted: &dyn Fn(Environment, bool) -> bool| -> Vec<Known<'a>> {
            let values = module.values.iter().filter(|(e, always, _)| wanted(*e, *always));
            values
                .filter_map(|(_, _, at)| at.node.get(name).map(|node| Known { node, file: at.file, module }))
                .collect()
        };
        for found in [set(&|e, _| e == Environment::Production), set(&|_, always| always)] {
            if let Some(last) = found.last() {
                return if found.iter().all(|k| same(k.node, last.node)) {
                    Ok(*last)
                } else {
                    Err(format!("several files give `var.{name}` different values"))
                };
            }
        }
        // A file of values that nothing names may be the one that is used.
        let mut others = set(&|e, always| e == Environment::Unknown && !always);
        others.extend(default());
        match others.split_first() {
            None => Err(missing()),
            Some((first, rest)) if rest.iter().all(|k| same(k.node, first.node)) => Ok(*first),
            Some(_) => Err(format!("several files give `var.{name}` different values")),
        }
    }

    /// What the callers of a module give it: what those that build production give, else what all agree on.
    fn given(
        &self,
        module: &'a Module<'a>,
        name: &str,
        default: Result<Known<'a>, String>,
    ) -> Result<Known<'a>, String> {
        let mut told: Vec<(Environment, Result<Known<'a>, String>)> = Vec::new();
        for (folder, call) in &module.callers {
            let Some(caller) = self.stacks.modules.get(folder) else { continue };
            let said = match call.node.get(name) {
                Some(node) => self.value(caller, At { node, file: call.file }),
                None => default.clone(),
            };
            told.push((caller.environment, said));
        }
        let serious = |e: &Environment| !matches!(e, Environment::Development | Environment::Staging);
        for wanted in
            [Environment::Production, Environment::Unknown, Environment::Staging, Environment::Development]
        {
            let chosen: Vec<_> = told
                .iter()
                .filter(|(e, _)| if wanted == Environment::Unknown { serious(e) } else { *e == wanted })
                .collect();
            let Some((_, first)) = chosen.first() else { continue };
            let first = first.clone()?;
            for (_, other) in &chosen {
                if !same(other.clone()?.node, first.node) {
                    return Err(format!("the callers of the module give `{name}` different values"));
                }
            }
            // A variable that is `null` takes its default only where it says so; here: nothing is set.
            return Ok(first);
        }
        default.or(Ok(Known { node: NOTHING, file: "", module }))
    }

    /// Whether a condition holds. What asks for the environment is answered for production, unless the stack is for
    /// something else: the default of such a variable is what developers use.
    fn holds(&self, module: &'a Module<'a>, at: At<'a>) -> Option<bool> {
        let left = self.left.get().checked_sub(1)?;
        self.left.set(left);
        if let Some(truth) = at.node.truth() {
            return Some(truth);
        }
        let Value::Expression(expression) = &at.node.value else { return None };
        let production = !matches!(module.environment, Environment::Development | Environment::Staging);
        match expression.as_ref() {
            Expression::Equal { left, right, same: asks } => {
                for (one, other) in [(left, right), (right, left)] {
                    let word = one.text().map(environment::of_word).unwrap_or_default();
                    let asked = reference(other).is_some_and(environment::is_variable);
                    if asked && word != Environment::Unknown {
                        let is = if production { Environment::Production } else { module.environment };
                        return Some((word == is) == *asks);
                    }
                }
                let part = |node: &'a Node| At { node, file: at.file };
                // A condition inside of the condition: `!(a == b)`.
                if let (Some(wanted), Value::Expression(_)) = (right.truth(), &left.value) {
                    return self.holds(module, part(left)).map(|truth| (truth == wanted) == *asks);
                }
                let (left, right) =
                    (self.value(module, part(left)).ok()?, self.value(module, part(right)).ok()?);
                Some(same(left.node, right.node) == *asks)
            }
            Expression::Reference(path) => match self.follow(module, path) {
                Ok(known) => known.node.truth(),
                Err(_) if environment::asks_for_production(path) => Some(production),
                Err(_) => None,
            },
            _ => self.value(module, at).ok().and_then(|known| known.node.truth()),
        }
    }
}

/// The path of a reference, also below a function that changes nothing of it.
fn reference(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Expression(expression) => match expression.as_ref() {
            Expression::Reference(path) => Some(path),
            Expression::Call { name, arguments } if SAME.contains(&name.as_str()) => {
                match arguments.as_slice() {
                    [Node { value: Value::Expression(inside), .. }] => match inside.as_ref() {
                        Expression::Reference(path) => Some(path),
                        _ => None,
                    },
                    _ => None,
                }
            }
            _ => None,
        },
        _ => None,
    }
}

/// Whether two values are the same, wherever they stand.
fn same(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.key == b.key && same(&a.node, &b.node))
        }
        (Value::Null, Value::Null) => true,
        (Value::Expression(_), _) | (_, Value::Expression(_)) => false,
        (Value::List(_) | Value::Map(_) | Value::Null, _)
        | (_, Value::List(_) | Value::Map(_) | Value::Null) => false,
        _ => a.scalar() == b.scalar(),
    }
}
