use toml::de::{DeTable, DeValue};

use super::{Broken, Entry, LineStarts, MAX_BYTES, Node, Value};

/// Parses TOML.
///
/// # Errors
/// Where it does not parse, or is too large.
pub fn toml(text: &str) -> Result<Node, Broken> {
    if text.len() > MAX_BYTES {
        return Err(Broken::new(0, 0, "it is too large"));
    }
    let lines = LineStarts::of(text);
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        Broken::new(lines.line(at) as usize, lines.column(at), "it is not valid TOML")
    })?;
    Ok(Node { line: 1, text_line: 1, value: map(table.get_ref(), &lines) })
}

fn map(table: &DeTable<'_>, lines: &LineStarts) -> Value {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| {
            let line = lines.line(key.span().start);
            let value_line = lines.line(value.span().start);
            Entry {
                key: key.get_ref().to_string(),
                node: Node { line, text_line: value_line, value: convert(value.get_ref(), lines) },
            }
        })
        .collect();
    entries.sort_by_key(|entry| entry.node.line);
    Value::Map(entries)
}

fn convert(value: &DeValue<'_>, lines: &LineStarts) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => Value::Number(number.as_str().to_owned()),
        DeValue::Float(number) => Value::Number(number.as_str().to_owned()),
        DeValue::Boolean(b) => Value::Bool(*b),
        DeValue::Datetime(date) => Value::Text(date.to_string()),
        DeValue::Array(items) => Value::List(
            items
                .iter()
                .map(|item| {
                    let line = lines.line(item.span().start);
                    Node { line, text_line: line, value: convert(item.get_ref(), lines) }
                })
                .collect(),
        ),
        DeValue::Table(table) => map(table, lines),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_know_their_lines() {
        let node = toml("app = \"shop\"\n\n[[mounts]]\n  source = \"data\"\n[http]\nmin = 2\n").unwrap();
        assert_eq!(node.at(&["http", "min"]).map(|n| (n.line, n.number())), Some((6, Some(2.0))));
        let mount = &node.get("mounts").unwrap().list()[0];
        assert_eq!(mount.get("source").map(|n| (n.line, n.scalar())), Some((4, "data".to_owned())));
        let broken = toml("a = 1\nb = = 2\n").unwrap_err();
        assert_eq!((broken.line, broken.column), (2, 5));
    }
}
