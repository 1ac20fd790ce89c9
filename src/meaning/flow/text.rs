//! Texts that are put together.

use std::rc::Rc;

use super::value::Value;
use crate::code::Name;

/// A text with values in it; a plain one if they are known.
pub(super) fn template<'c>(texts: &[Name], values: Vec<Value<'c>>) -> Value<'c> {
    if values.iter().all(|value| matches!(value, Value::Text(_) | Value::Number(_))) {
        let mut all = String::new();
        for (at, text) in texts.iter().enumerate() {
            all.push_str(text);
            match values.get(at) {
                Some(Value::Text(text)) => all.push_str(text),
                Some(Value::Number(number)) => all.push_str(&number.to_string()),
                _ => {}
            }
        }
        return Value::Text(all.into());
    }
    // What begins with a constant (`${API}/orders/${id}`) begins with its text.
    match values.first() {
        Some(Value::Text(first)) => {
            let mut all = texts.get(1..).unwrap_or_default().to_vec();
            if let (Some(before), Some(behind)) = (texts.first(), all.first_mut()) {
                *behind = format!("{before}{first}{behind}").into();
            }
            Value::Template(Rc::new((all, values[1..].to_vec())))
        }
        _ => Value::Template(Rc::new((texts.to_vec(), values))),
    }
}

/// `a + b` of texts.
pub(super) fn sum<'c>(a: Value<'c>, b: Value<'c>) -> Value<'c> {
    let part = |value: Value<'c>, texts: &mut Vec<Name>, values: &mut Vec<Value<'c>>| match value {
        Value::Text(text) => {
            let last = texts.pop().unwrap_or_else(|| "".into());
            texts.push(format!("{last}{text}").into());
        }
        Value::Template(parts) if values.len() < 40 => {
            let last = texts.pop().unwrap_or_else(|| "".into());
            for (at, text) in parts.0.iter().enumerate() {
                texts.push(if at == 0 { format!("{last}{text}").into() } else { text.clone() });
            }
            values.extend(parts.1.iter().cloned());
        }
        value => {
            values.push(value);
            texts.push("".into());
        }
    };
    let (mut texts, mut values) = (vec![Name::from("")], Vec::new());
    part(a, &mut texts, &mut values);
    part(b, &mut texts, &mut values);
    template(&texts, values)
}
