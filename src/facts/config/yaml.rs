use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::{Broken, Entry, MAX_BYTES, Node, Value, yaml_lines};

/// More nodes than any configuration has; stops aliases that multiply.
const MAX_NODES: u32 = 200_000;
/// Open brackets at once; nested flow collections make libyaml quadratic.
const MAX_BRACKETS: i64 = 400;

/// Parses the first document of a YAML file.
///
/// # Errors
/// Where it does not parse, or is too large once its aliases are written out.
pub fn yaml(text: &str) -> Result<Node, Broken> {
    if text.len() > MAX_BYTES {
        return Err(Broken::new(0, 0, "it is too large"));
    }
    let mut open = 0_i64;
    for byte in text.bytes() {
        open += match byte {
            b'[' | b'{' => 1,
            b']' | b'}' => -1,
            _ => 0,
        };
        if open > MAX_BRACKETS {
            return Err(Broken::new(0, 0, "it is nested too deeply"));
        }
    }
    let Some(document) = serde_yaml_ng::Deserializer::from_str(text).next() else {
        return Ok(Node::default());
    };
    let left = Cell::new(MAX_NODES);
    let value = Build { left: &left }.deserialize(document).map_err(|error| match error.location() {
        Some(at) => Broken::new(at.line(), at.column(), "it is not valid YAML"),
        None => Broken::new(0, 0, "it is not valid YAML, or too large once its aliases are written out"),
    })?;
    let mut node = Node { line: 1, text_line: 1, value };
    yaml_lines::assign(&mut node, text);
    Ok(node)
}

/// More documents than any file of manifests has.
const MAX_DOCUMENTS: usize = 2_000;

/// Parses every document of a YAML file. A document that does not parse does not keep the others from being read.
pub fn yaml_documents(text: &str) -> Vec<Result<Node, Broken>> {
    if text.len() > MAX_BYTES {
        return vec![Err(Broken::new(0, 0, "it is too large"))];
    }
    let mut parts: Vec<(u32, usize, usize)> = Vec::new();
    let (mut first, mut start, mut at) = (0, 0, 0);
    for (number, line) in (0_u32..).zip(text.split_inclusive('\n')) {
        let mark = line.strip_prefix("---");
        if mark.is_some_and(|rest| rest.trim().is_empty() || rest.starts_with([' ', '\t'])) {
            parts.push((first, start, at));
            (first, start) = (number + 1, at + line.len());
        }
        at += line.len();
    }
    parts.push((first, start, at));
    parts.truncate(MAX_DOCUMENTS);
    let mut documents = Vec::new();
    // All documents together have as many nodes as one may have, and a file that is wrong all over is wrong once.
    let (mut left, mut wrong) = (MAX_NODES, 0);
    for (first, start, end) in parts {
        let Some(part) = text.get(start..end).filter(|part| !part.trim().is_empty()) else { continue };
        match yaml(part) {
            Ok(mut node) => {
                left = left.saturating_sub(shift(&mut node, first));
                documents.push(Ok(node));
            }
            Err(broken) => {
                wrong += 1;
                let line = if broken.line > 0 { broken.line + first } else { 0 };
                documents.push(Err(Broken { line, ..broken }));
            }
        }
        if left == 0 || wrong > 10 {
            break;
        }
    }
    documents
}

/// Moves a node down by some lines, and counts the nodes.
fn shift(node: &mut Node, lines: u32) -> u32 {
    node.line += lines;
    node.text_line += lines;
    1 + match &mut node.value {
        Value::List(items) => items.iter_mut().map(|item| shift(item, lines)).sum(),
        Value::Map(entries) => entries.iter_mut().map(|entry| shift(&mut entry.node, lines)).sum(),
        _ => 0,
    }
}

/// Builds a [`Value`] and counts its nodes.
#[derive(Clone, Copy)]
struct Build<'a> {
    left: &'a Cell<u32>,
}

impl Build<'_> {
    fn count<E: serde::de::Error>(self) -> Result<(), E> {
        match self.left.get().checked_sub(1) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(E::custom("too many nodes")),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Build<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.count()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Build<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("YAML")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, b: bool) -> Result<Value, E> {
        Ok(Value::Bool(b))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = items.next_element_seed(self)? {
            list.push(Node { value, ..Node::default() });
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key_seed(self)? {
            let key = Node { value: key, ..Node::default() }.scalar();
            let value = map.next_value_seed(self)?;
            entries.push(Entry { key, node: Node { value, ..Node::default() } });
        }
        Ok(Value::Map(entries))
    }

    // A tagged value (`!reference [a, b]`): the tag is dropped.
    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Value, A::Error> {
        let (_tag, contents) = data.variant::<String>()?;
        contents.newtype_variant_seed(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_know_their_lines() {
        let text = "\
# a comment
name: ci
on: [push]
jobs:
  test:
    steps:
    - uses: actions/checkout@v4
    - name: \"test: all\"
      run: |
        npm ci
        npm test # key: value
    - { run: \"echo a\" }
  'deploy':
    needs: test
";
        let node = yaml(text).unwrap();
        let steps = node.at(&["jobs", "test", "steps"]).unwrap().list();
        assert_eq!(steps.iter().map(|s| s.line).collect::<Vec<_>>(), [7, 8, 12]);
        let run = steps[1].get("run").unwrap();
        assert_eq!((run.line, run.text_line), (9, 10));
        assert_eq!(run.text(), Some("npm ci\nnpm test # key: value\n"));
        assert_eq!(steps[2].get("run").unwrap().line, 12);
        assert_eq!(node.at(&["jobs", "deploy", "needs"]).unwrap().line, 14);
        assert_eq!(node.get("on").unwrap().texts(), [("push".to_owned(), 3)]);
    }

    #[test]
    fn merge_keys_and_tags_are_followed() {
        let text = "x: &base\n  image: a\njob:\n  <<: *base\n  script: !reference [a, b]\n";
        let node = yaml(text).unwrap();
        assert_eq!(node.at(&["job", "image"]).and_then(Node::text), Some("a"));
        assert_eq!(node.at(&["job", "script"]).unwrap().list().len(), 2);
    }

    #[test]
    fn every_document_is_read_and_knows_its_lines() {
        let text = "# first\na: 1\n---\nb:\n  c: 2\n--- \nd: [\n---\ne: |\n  text\n";
        let documents = yaml_documents(text);
        let lines = |key: &str| documents.iter().flatten().find_map(|d| d.get(key)).map(|n| n.line);
        assert_eq!((lines("a"), lines("b"), lines("e")), (Some(2), Some(4), Some(9)));
        assert_eq!(documents.iter().filter(|d| d.is_err()).count(), 1);
    }

    #[test]
    fn many_hostile_documents_are_cut_short() {
        let mut bomb = "a0: &a0 [x]\n".to_owned();
        for i in 1..6 {
            bomb.push_str(&format!("a{i}: &a{i} [{}]\n", format!("*a{},", i - 1).repeat(9)));
        }
        let documents = yaml_documents(&format!("{bomb}---\n").repeat(1_000));
        assert!(documents.len() < 12, "{}", documents.len());
        assert_eq!(yaml_documents(&"a: [\n---\n".repeat(1_000)).len(), 11);
    }

    #[test]
    fn hostile_files_are_errors() {
        let mut bomb = "a0: &a0 [x]\n".to_owned();
        for i in 1..30 {
            bomb.push_str(&format!("a{i}: &a{i} [{}]\n", format!("*a{},", i - 1).repeat(9)));
        }
        assert!(yaml(&bomb).is_err());
        assert!(yaml(&"[".repeat(500_000)).is_err());
        assert!(yaml(&"- ".repeat(200_000)).is_err());
        let broken = yaml("a: b\n  c: d\n").unwrap_err();
        assert_eq!(broken.line, 2);
        assert_eq!(yaml("").unwrap(), Node { line: 1, text_line: 1, value: Value::Null });
    }
}
