//! Evaluation: facts as CEL values, and an expression over one fact and the lists.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use cel::common::types::{CelBool, CelDouble, CelInt, CelList, CelNull, CelString, STRING_TYPE};
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use cel::extractors::This;
use cel::{Context, Env, ExecutionError, Value as CelValue};
use serde_json::Value;

use super::{Expression, MATCHES, TODAY};

/// Standard operators and functions, and ours.
static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| {
    let mut env = Env::stdlib();
    // Can't clash: the standard library has no such function, and a test calls it.
    let _ = env.add_member_overload("lowerAscii", "string_lower_ascii", STRING_TYPE, Vec::new(), lower_ascii);
    Arc::new(env)
});

fn lower_ascii<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    let text =
        args.first().and_then(|arg| arg.downcast_ref::<CelString<'_>>()).map(|text| text.inner().to_owned());
    match text {
        Some(text) => Ok(CowVal::owned(CelString::from(text.to_ascii_lowercase()))),
        None => Err(ExecutionError::missing_argument_or_target()),
    }
}

/// The facts of the kinds that rules use, as CEL values.
#[derive(Debug, Default)]
pub(crate) struct Values {
    /// By the list's name: a list, or the one `project`; and the day of the audit.
    lists: BTreeMap<String, Box<dyn Val>>,
}

impl Values {
    /// No facts yet; `today` is `date`, `YYYY-MM-DD`.
    pub(crate) fn of_day(date: &str) -> Values {
        let today: Box<dyn Val> = Box::new(CelString::from(date.to_owned()));
        Values { lists: BTreeMap::from([(TODAY.to_owned(), today)]) }
    }

    /// Adds the facts of a list.
    pub(crate) fn add_list(&mut self, name: &str, facts: &[Value]) {
        let items: Vec<Box<dyn Val>> = facts.iter().map(value).collect();
        self.lists.insert(name.to_owned(), Box::new(CelList::from(items)));
    }

    /// Adds the one fact of a kind that has no list.
    pub(crate) fn add_single(&mut self, name: &str, fact: &Value) {
        self.lists.insert(name.to_owned(), value(fact));
    }

    /// One fact of a list, to be judged under the name `name`.
    pub(crate) fn fact<'a>(&'a self, list: &str, index: usize, name: &'a str) -> Option<Bindings<'a>> {
        let list = self.lists.get(list)?;
        let fact = match list.downcast_ref::<CelList<'_>>() {
            Some(items) => items.inner().get(index)?.as_ref(),
            None => list.as_ref(),
        };
        Some(Bindings { values: self, name, fact })
    }
}

/// What the names of an expression mean: the fact under judgement, and the lists.
pub(crate) struct Bindings<'a> {
    values: &'a Values,
    name: &'a str,
    fact: &'a dyn Val,
}

impl VariableResolver for Bindings<'_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        if variable == self.name {
            return Some(CowVal::Borrowed(self.fact));
        }
        self.values.lists.get(variable).map(|list| CowVal::Borrowed(list.as_ref()))
    }
}

impl Expression {
    /// Whether it holds.
    ///
    /// # Errors
    /// What the evaluator says; a checked expression fails only by arithmetic (a division by zero, an overflow).
    pub(crate) fn holds(&self, bindings: &Bindings<'_>) -> Result<bool, String> {
        let mut context = Context::with_env(Arc::clone(&ENVIRONMENT));
        context.set_variable_resolver(bindings);
        if !self.regexes.is_empty() {
            let regexes = Arc::clone(&self.regexes);
            let matches = move |This(text): This<Arc<String>>, number: i64| -> bool {
                let regex = usize::try_from(number).ok().and_then(|number| regexes.get(number));
                regex.is_some_and(|regex| regex.is_match(&text))
            };
            context.add_function(MATCHES, matches).map_err(|error| error.to_string())?;
        }
        let result = CelValue::resolve_val(&self.expr, &context).map_err(|error| error.to_string())?;
        match result.downcast_ref::<CelBool>() {
            Some(holds) => Ok(*holds.inner()),
            None => Err("the expression is neither true nor false".to_owned()),
        }
    }
}

/// A JSON value as a CEL value. Whole numbers are signed, so that they mix in arithmetic; a null field is left out, so
/// that `has` tells.
fn value(json: &Value) -> Box<dyn Val> {
    match json {
        Value::Null => Box::new(CelNull),
        Value::Bool(flag) => Box::new(CelBool::from(*flag)),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Box::new(CelInt::from(whole)),
            None if number.is_u64() => Box::new(CelInt::from(i64::MAX)),
            None => Box::new(CelDouble::from(number.as_f64().unwrap_or_default())),
        },
        Value::String(text) => Box::new(CelString::from(text.clone())),
        Value::Array(items) => Box::new(CelList::from(items.iter().map(value).collect::<Vec<_>>())),
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(_, field)| !field.is_null());
            Box::new(super::record::Record::new(
                fields.map(|(name, field)| (name.clone(), value(field))).collect(),
            ))
        }
    }
}
