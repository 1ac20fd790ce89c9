//! Values while a block runs.

use crate::schema::catalogue::Oid;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::schema) enum Value {
    /// It depends on data.
    Unknown,
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    Array(Vec<Value>),
    /// A row: names and values.
    Row(Vec<(String, Value)>),
    /// `regclass`, `regprocedure` …: a number that is shown as a name.
    Object(Object, Oid),
}

/// What a number is the number of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::schema) enum Object {
    Relation,
    Procedure,
    /// `regproc`: without the arguments.
    Function,
    Type,
    Namespace,
    Role,
}

impl Value {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn is_unknown(&self) -> bool {
        match self {
            Self::Unknown => true,
            Self::Array(items) => items.iter().any(Self::is_unknown),
            _ => false,
        }
    }

    /// As a condition: true, false, null (`None`), or unknown (`Err`).
    pub(super) fn truth(&self) -> Result<Option<bool>, ()> {
        match self {
            Self::Bool(value) => Ok(Some(*value)),
            Self::Null => Ok(None),
            Self::Text(text) => match text.as_str() {
                "t" | "true" => Ok(Some(true)),
                "f" | "false" => Ok(Some(false)),
                _ => Err(()),
            },
            _ => Err(()),
        }
    }

    pub(super) fn number(&self) -> Option<i64> {
        match self {
            Self::Int(n) => Some(*n),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Object(_, oid) => Some(i64::from(*oid)),
            _ => None,
        }
    }
}

/// Whether two values are equal; `None` where that is null, `Err` where it is unknown.
pub(super) fn equal(a: &Value, b: &Value) -> Result<Option<bool>, ()> {
    if a.is_unknown() || b.is_unknown() {
        return Err(());
    }
    Ok(Some(match (a, b) {
        (Value::Null, _) | (_, Value::Null) => return Ok(None),
        (Value::Int(_) | Value::Object(..), _) | (_, Value::Int(_) | Value::Object(..)) => {
            match (a.number(), b.number()) {
                (Some(a), Some(b)) => a == b,
                _ => return Err(()),
            }
        }
        (Value::Bool(_), _) | (_, Value::Bool(_)) => match (a.truth()?, b.truth()?) {
            (Some(a), Some(b)) => a == b,
            _ => return Ok(None),
        },
        (Value::Array(_), Value::Text(text)) | (Value::Text(text), Value::Array(_)) => {
            let array = array(text);
            return if matches!(a, Value::Array(_)) { equal(a, &array) } else { equal(&array, b) };
        }
        (a, b) => a == b,
    }))
}

/// An array written as text: `{a,b}`.
pub(super) fn array(text: &str) -> Value {
    let Some(inner) = text.trim().strip_prefix('{').and_then(|t| t.strip_suffix('}')) else {
        return Value::Unknown;
    };
    if inner.is_empty() {
        return Value::Array(Vec::new());
    }
    if inner.contains(['{', '\\']) {
        return Value::Unknown;
    }
    let mut items = Vec::new();
    let (mut item, mut quoted) = (String::new(), false);
    for c in inner.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => items.push(Value::Text(std::mem::take(&mut item).trim().to_owned())),
            c => item.push(c),
        }
    }
    items.push(Value::Text(item.trim().to_owned()));
    Value::Array(items)
}

/// Whether a text is like a pattern (`%`, `_`, `\`).
pub(super) fn like(text: &str, pattern: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let mut pieces: Vec<Option<char>> = Vec::new();
    let mut many: Vec<bool> = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '%' => {
                pieces.push(None);
                many.push(true);
            }
            '_' => {
                pieces.push(None);
                many.push(false);
            }
            '\\' => {
                pieces.push(Some(chars.next().unwrap_or('\\')));
                many.push(false);
            }
            c => {
                pieces.push(Some(c));
                many.push(false);
            }
        }
    }
    // Greedy matching with one point to come back to: linear in practice, never exponential.
    let (mut i, mut j) = (0usize, 0usize);
    let mut back: Option<(usize, usize)> = None;
    while i < text.len() {
        if j < pieces.len() && many.get(j) == Some(&true) {
            back = Some((i, j));
            j += 1;
        } else if j < pieces.len()
            && (pieces.get(j) == Some(&None) || pieces.get(j).copied().flatten() == text.get(i).copied())
        {
            i += 1;
            j += 1;
        } else if let Some((from, star)) = back {
            back = Some((from + 1, star));
            i = from + 1;
            j = star + 1;
        } else {
            return false;
        }
    }
    many.get(j..).unwrap_or_default().iter().all(|m| *m)
}
