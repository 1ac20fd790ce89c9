//! The type table: what the JSON schema of the facts says about every field, in the terms of expressions.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

/// The type of a value in an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    /// Anything: the element of `[]`, or what stands where a mistake was already reported.
    Any,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A number with a fraction.
    Double,
    /// Text.
    String,
    /// Text, one of these.
    Enum(Arc<Vec<String>>),
    /// A list of items of one type.
    List(Box<Type>),
    /// A fact or a part of one: a name in [`Types`].
    Struct(Arc<str>),
    /// The named parts of a match: only the rule itself knows them, see [`KindType::captures`].
    Captures,
    /// `null`.
    Null,
}

impl Type {
    /// Whether it is a number.
    pub(crate) fn is_number(&self) -> bool {
        matches!(self, Type::Int | Type::Double)
    }

    /// Whether it is text.
    pub(crate) fn is_text(&self) -> bool {
        matches!(self, Type::String | Type::Enum(_))
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Any => f.write_str("a value"),
            Type::Bool => f.write_str("true or false"),
            Type::Int => f.write_str("a whole number"),
            Type::Double => f.write_str("a fraction"),
            Type::String => f.write_str("a string"),
            Type::Enum(variants) => match variants.len() {
                0..=4 => write!(f, "one of {}", quoted(variants)),
                _ => f.write_str("one of a few strings"),
            },
            Type::List(item) => match item.as_ref() {
                Type::Any => f.write_str("a list"),
                Type::Bool => f.write_str("a list of booleans"),
                Type::Int | Type::Double => f.write_str("a list of numbers"),
                Type::String | Type::Enum(_) => f.write_str("a list of strings"),
                Type::List(_) | Type::Captures | Type::Null => f.write_str("a list of lists"),
                Type::Struct(name) => write!(f, "a list of `{name}` items"),
            },
            Type::Struct(name) => write!(f, "a whole `{name}`"),
            Type::Captures => f.write_str("all captures"),
            Type::Null => f.write_str("null"),
        }
    }
}

/// `"a", "b"`.
pub(crate) fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

/// A field of a fact or of a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    /// Its type when it is there.
    pub(crate) ty: Type,
    /// Whether it may be missing or null.
    pub(crate) optional: bool,
}

/// A kind as expressions see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KindType {
    /// What `on` says, and the name of the fact under judgement.
    pub(crate) name: String,
    /// The name of its list; `project` for the one that is no list.
    pub(crate) list: String,
    /// The type of one fact of it.
    pub(crate) ty: Type,
    /// The captures of the rule under check, for a rule about its own matches. `None`: they could not be told.
    pub(crate) captures: Option<Vec<String>>,
}

/// The type table.
#[derive(Debug, Clone)]
pub(crate) struct Types {
    structs: BTreeMap<Arc<str>, BTreeMap<String, Field>>,
    kinds: Vec<KindType>,
}

impl Types {
    /// Reads the JSON schema of a fact base; `kinds` are pairs of a kind's name and its list's.
    pub(crate) fn of<'a>(schema: &Value, kinds: impl IntoIterator<Item = (&'a str, &'a str)>) -> Types {
        let mut reader =
            Reader { definitions: schema.get("$defs").unwrap_or(&Value::Null), names: BTreeMap::new() };
        let kinds: Vec<KindType> = kinds
            .into_iter()
            .map(|(name, list)| {
                let property = schema.pointer(&format!("/properties/{list}")).unwrap_or(&Value::Null);
                let item = property.get("items").unwrap_or(property);
                if let Some(definition) = definition_name(item) {
                    reader.names.insert(definition.to_owned(), name.into());
                }
                KindType {
                    name: name.to_owned(),
                    list: list.to_owned(),
                    ty: reader.read(item).0,
                    captures: Some(Vec::new()),
                }
            })
            .collect();
        let mut structs = BTreeMap::new();
        for (definition, schema) in reader.definitions.as_object().into_iter().flatten() {
            let Some(properties) = schema.get("properties").and_then(Value::as_object) else { continue };
            let required: Vec<&str> = schema
                .get("required")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            let fields = properties
                .iter()
                .map(|(field, schema)| {
                    let (ty, nullable) = reader.read(schema);
                    (field.clone(), Field { ty, optional: nullable || !required.contains(&field.as_str()) })
                })
                .collect();
            structs.insert(reader.shown(definition), fields);
        }
        Types { structs, kinds }
    }

    /// The same, where `match.rule` is one of the rules `ids`: a slip there would never be true.
    pub(crate) fn with_rules(&self, ids: impl Iterator<Item = String>) -> Types {
        let mut ids: Vec<String> = ids.collect();
        ids.sort();
        let mut types = self.clone();
        if let Some(rule) = types.structs.get_mut("match").and_then(|fields| fields.get_mut("rule")) {
            rule.ty = Type::Enum(Arc::new(ids));
        }
        types
    }

    /// The kind that `on` names.
    pub(crate) fn kind(&self, name: &str) -> Option<&KindType> {
        self.kinds.iter().find(|kind| kind.name == name)
    }

    /// Every kind, in the order of the fact base.
    pub(crate) fn kinds(&self) -> &[KindType] {
        &self.kinds
    }

    /// The fields of a struct, sorted by name.
    pub(crate) fn fields(&self, name: &str) -> Option<&BTreeMap<String, Field>> {
        self.structs.get(name)
    }
}

struct Reader<'a> {
    definitions: &'a Value,
    /// How a definition that is a kind is called in messages: `App` is `app`.
    names: BTreeMap<String, Arc<str>>,
}

impl Reader<'_> {
    fn shown(&self, definition: &str) -> Arc<str> {
        self.names.get(definition).cloned().unwrap_or_else(|| definition.into())
    }

    /// The type of a schema, and whether it may be null.
    fn read(&self, schema: &Value) -> (Type, bool) {
        if let Some(name) = definition_name(schema) {
            let Some(definition) = self.definitions.get(name) else { return (Type::Any, false) };
            return match definition.get("properties") {
                Some(_) => (Type::Struct(self.shown(name)), false),
                None => self.read(definition),
            };
        }
        if let Some(choices) =
            ["oneOf", "anyOf"].iter().find_map(|key| schema.get(key)).and_then(Value::as_array)
        {
            return self.read_choices(choices);
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return (Type::Enum(Arc::new(strings(values.iter()))), values.contains(&Value::Null));
        }
        if let Some(constant) = schema.get("const").and_then(Value::as_str) {
            return (Type::Enum(Arc::new(vec![constant.to_owned()])), false);
        }
        let (name, nullable) = match schema.get("type") {
            Some(Value::String(name)) => (name.as_str(), false),
            Some(Value::Array(names)) => {
                let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
                let name = names.iter().find(|name| **name != "null").copied().unwrap_or("null");
                (name, names.contains(&"null"))
            }
            _ => ("", false),
        };
        let ty = match name {
            "boolean" => Type::Bool,
            "integer" => Type::Int,
            "number" => Type::Double,
            "string" => Type::String,
            "array" => {
                Type::List(Box::new(schema.get("items").map_or(Type::Any, |items| self.read(items).0)))
            }
            "null" => Type::Null,
            "object" if schema.get("additionalProperties").is_some_and(Value::is_object) => Type::Captures,
            _ => Type::Any,
        };
        (ty, nullable)
    }

    /// An `Option<T>` or an enum whose variants have their own descriptions.
    fn read_choices(&self, choices: &[Value]) -> (Type, bool) {
        let mut variants = Vec::new();
        let mut other = None;
        let mut nullable = false;
        for choice in choices {
            match self.read(choice) {
                (Type::Null, _) => nullable = true,
                (Type::Enum(more), null) => {
                    variants.extend(more.iter().cloned());
                    nullable |= null;
                }
                (ty, null) => {
                    other = Some(ty);
                    nullable |= null;
                }
            }
        }
        match other {
            Some(ty) if variants.is_empty() => (ty, nullable),
            Some(_) => (Type::Any, nullable),
            None => (Type::Enum(Arc::new(variants)), nullable),
        }
    }
}

fn definition_name(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix("#/$defs/")
}

fn strings<'a>(values: impl Iterator<Item = &'a Value>) -> Vec<String> {
    values.filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts;

    fn facts_types() -> Types {
        Types::of(&facts::schema(), facts::KINDS.iter().map(|kind| (kind.name, kind.list)))
    }

    fn field(types: &Types, of: &str, name: &str) -> Field {
        types.fields(of).unwrap()[name].clone()
    }

    #[test]
    fn every_kind_is_a_struct_and_every_field_has_a_type() {
        let types = facts_types();
        assert_eq!(types.kinds().len(), facts::KINDS.len());
        for kind in types.kinds() {
            assert_eq!(kind.ty, Type::Struct(kind.name.as_str().into()));
            for (name, field) in types.fields(&kind.name).unwrap() {
                assert_ne!(field.ty, Type::Any, "{}.{name}", kind.name);
            }
        }
    }

    #[test]
    fn the_types_of_real_fields() {
        let types = facts_types();
        assert_eq!(field(&types, "project", "commits").ty, Type::Int);
        assert_eq!(field(&types, "project", "bot_share").ty, Type::Double);
        assert_eq!(field(&types, "project", "branch").ty, Type::String);
        assert_eq!(field(&types, "project", "git").ty, Type::Bool);
        assert_eq!(field(&types, "app", "frameworks").ty, Type::List(Box::new(Type::Struct("Part".into()))));
        let Type::Enum(answers) = field(&types, "app", "has_server").ty else { panic!() };
        assert_eq!(answers.join(" "), "yes no partial unknown na");
        assert!(!field(&types, "app", "has_server").optional);
    }

    #[test]
    fn optional_fields_in_every_spelling() {
        let schema = serde_json::json!({
            "properties": {"things": {"type": "array", "items": {"$ref": "#/$defs/Thing"}}},
            "$defs": {
                "Thing": {
                    "properties": {
                        "a": {"type": ["string", "null"]},
                        "b": {"anyOf": [{"$ref": "#/$defs/Level"}, {"type": "null"}]},
                        "c": {"type": "integer"},
                        "d": {"type": "boolean"}
                    },
                    "required": ["a", "b", "d"]
                },
                "Level": {"type": "string", "enum": ["low", "high"]}
            }
        });
        let types = Types::of(&schema, [("thing", "things")]);
        let shown = |name: &str| {
            let field = field(&types, "thing", name);
            format!("{} {}", field.ty, field.optional)
        };
        assert_eq!(shown("a"), "a string true");
        assert_eq!(shown("b"), "one of \"low\", \"high\" true");
        assert_eq!(shown("c"), "a whole number true");
        assert_eq!(shown("d"), "true or false false");
    }
}
