//! Texts of a rule with placeholders: `{route.path}` of the fact, `{passed}` in `good`.

use serde_json::Value;

use super::cel::{KindType, Mistake, Type, Types, closest};

/// A text whose placeholders were checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    /// The fields to follow, from the fact; or the one count.
    Value(Vec<String>),
}

/// How many items of a list a text names.
const LISTED: usize = 5;

/// What `good` may count.
pub(crate) static COUNTS: &[&str] = &["passed", "applied", "failed"];

impl Template {
    /// Checks the placeholders of a text about a fact of the kind `on`.
    ///
    /// # Errors
    /// Every mistake that was found.
    pub(crate) fn of_fact(text: &str, on: &KindType, types: &Types) -> Result<Template, Vec<Mistake>> {
        parse(text, |path, start| check_path(path, start, on, types))
    }

    /// Checks the placeholders of `good`.
    ///
    /// # Errors
    /// Every mistake that was found.
    pub(crate) fn of_counts(text: &str) -> Result<Template, Vec<Mistake>> {
        parse(text, |path, start| match path {
            [only] if COUNTS.contains(&only.as_str()) => Ok(()),
            _ => {
                let name = path.join(".");
                let help = match closest(&name, COUNTS.iter().copied()) {
                    Some(near) => format!("did you mean `{{{near}}}`?"),
                    None => {
                        "`good` speaks of all facts at once: `{passed}`, `{applied}`, `{failed}`".to_owned()
                    }
                };
                let message = format!("`good` can't say `{{{name}}}`");
                Err(Mistake::new(start..start + name.chars().count(), message)
                    .label("unknown count")
                    .help(help))
            }
        })
    }

    /// The text with the values of a fact.
    pub(crate) fn render(&self, fact: &Value) -> String {
        self.fill(|path| {
            let (_, fields) = path.split_first()?;
            let value = fields.iter().try_fold(fact, |value, field| value.get(field))?;
            let is_share = fields.last().is_some_and(|name| name.ends_with("share"));
            Some(if is_share { percent(value) } else { shown(value) })
        })
    }

    /// The fields of the fact that it names.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Value(path) => path.get(1).map(String::as_str),
        })
    }

    /// The text with counts.
    pub(crate) fn render_counts(&self, passed: usize, applied: usize, failed: usize) -> String {
        self.fill(|path| match path.first()?.as_str() {
            "passed" => Some(passed.to_string()),
            "applied" => Some(applied.to_string()),
            "failed" => Some(failed.to_string()),
            _ => None,
        })
    }

    /// The text in general, where it is about no single fact: placeholders become `…`.
    pub(crate) fn in_general(&self) -> String {
        self.fill(|_| Some("…".to_owned()))
    }

    fn fill(&self, value: impl Fn(&[String]) -> Option<String>) -> String {
        let fill = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Value(path) => value(path).unwrap_or_default(),
        };
        self.0.iter().map(fill).collect()
    }
}

/// A value in a sentence.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => {
            let rounded = format!("{:.2}", number.as_f64().unwrap_or_default());
            rounded.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        Value::Number(number) => number.to_string(),
        Value::Array(items) => listed(&items.iter().map(shown).collect::<Vec<_>>()),
        Value::Object(_) => String::new(),
    }
}

/// A share of 0 to 1 in a sentence. Rounded down, so that "100 %" is only said of all.
fn percent(value: &Value) -> String {
    value.as_f64().map_or_else(|| shown(value), |share| format!("{:.0} %", (share * 100.0).floor()))
}

/// `a, b and c`, at most five.
fn listed(items: &[String]) -> String {
    let named = &items[..items.len().min(LISTED)];
    match (items.len() - named.len(), named) {
        (0, []) => "none".to_owned(),
        (0, [only]) => only.clone(),
        (0, [first @ .., last]) => format!("{} and {last}", first.join(", ")),
        (more, _) => format!("{} and {more} more", named.join(", ")),
    }
}

fn parse(
    text: &str,
    check: impl Fn(&[String], usize) -> Result<(), Mistake>,
) -> Result<Template, Vec<Mistake>> {
    let chars: Vec<char> = text.chars().collect();
    let mut parts = Vec::new();
    let mut mistakes = Vec::new();
    let mut plain = String::new();
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        match (c, chars.get(at + 1)) {
            ('{', Some('{')) | ('}', Some('}')) => {
                plain.push(*c);
                at += 2;
            }
            ('{', _) => {
                let Some(length) = chars.iter().skip(at).position(|c| *c == '}') else {
                    mistakes.push(
                        Mistake::new(at..at + 1, "a placeholder is not closed")
                            .label("no `}` follows")
                            .help("write `{{` for a brace"),
                    );
                    at += 1;
                    continue;
                };
                let inside: String = chars[at + 1..at + length].iter().collect();
                match path_of(&inside) {
                    Some(path) => match check(&path, at + 1) {
                        Ok(()) => {
                            parts.push(Part::Text(std::mem::take(&mut plain)));
                            parts.push(Part::Value(path));
                        }
                        Err(mistake) => mistakes.push(mistake),
                    },
                    None => mistakes.push(
                        Mistake::new(at..at + length + 1, format!("`{{{inside}}}` is no placeholder"))
                            .label("not a field")
                            .help("write `{fact.field}`, or `{{` and `}}` for braces"),
                    ),
                }
                at += length + 1;
            }
            ('}', _) => {
                mistakes.push(
                    Mistake::new(at..at + 1, "a brace closes nothing")
                        .label("no `{` before")
                        .help("write `}}` for a brace"),
                );
                at += 1;
            }
            _ => {
                plain.push(*c);
                at += 1;
            }
        }
    }
    parts.push(Part::Text(plain));
    if mistakes.is_empty() { Ok(Template(parts)) } else { Err(mistakes) }
}

fn path_of(inside: &str) -> Option<Vec<String>> {
    let path: Vec<String> = inside.split('.').map(str::to_owned).collect();
    let is_name = |name: &String| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    path.iter().all(is_name).then_some(path)
}

/// Checks that a path leads from the fact to something that can stand in a sentence. `start` is its first character.
fn check_path(path: &[String], start: usize, on: &KindType, types: &Types) -> Result<(), Mistake> {
    let place = |index: usize| {
        let before: usize = path.iter().take(index).map(|name| name.chars().count() + 1).sum();
        let length = path.get(index).map_or(0, |name| name.chars().count());
        start + before..start + before + length
    };
    let whole = start..place(path.len() - 1).end;
    let mut ty = on.ty.clone();
    for (index, name) in path.iter().enumerate() {
        if index == 0 {
            if *name != on.name {
                return Err(Mistake::new(place(0), format!("there is no `{name}` to fill in"))
                    .label("unknown name")
                    .help(format!("the fact is `{}`: write `{{{}.field}}`", on.name, on.name)));
            }
            continue;
        }
        if ty == Type::Captures {
            match &on.captures {
                Some(known) if !known.contains(name) => {
                    return Err(super::cel::unknown_capture(place(index), name, known));
                }
                _ => ty = Type::String,
            }
            continue;
        }
        let Type::Struct(of) = &ty else {
            return Err(
                Mistake::new(place(index), format!("{ty} has no field `{name}`")).label("no such field")
            );
        };
        let fields = types.fields(of);
        let Some(field) = fields.and_then(|fields| fields.get(name)) else {
            let known: Vec<&str> = fields.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
            return Err(Mistake::new(place(index), format!("`{of}` has no field `{name}`"))
                .label("unknown field")
                .help(match closest(name, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("its fields are {}", known.join(", ")),
                }));
        };
        if field.optional {
            return Err(
                Mistake::new(place(index), format!("`{name}` may be missing")).label("can't be filled in")
            );
        }
        ty = field.ty.clone();
    }
    match &ty {
        Type::Struct(_) | Type::Captures => {
            let help = format!("name a field of it: `{{{}.…}}`", path.join("."));
            Err(Mistake::new(whole, format!("{ty} can't stand in a sentence"))
                .label("not a text or number")
                .help(help))
        }
        Type::List(item)
            if !matches!(item.as_ref(), Type::String | Type::Enum(_) | Type::Int | Type::Double) =>
        {
            Err(Mistake::new(whole, format!("{ty} can't stand in a sentence"))
                .label("not a text or number")
                .help("only lists of strings and numbers can be filled in"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rendered(text: &str, fact: &Value) -> String {
        parse(text, |_, _| Ok(())).unwrap().render(fact)
    }

    #[test]
    fn values_read_as_words() {
        let fact =
            json!({"name": "web", "n": 3, "share": 0.875, "whole": 1.0, "ok": true, "part": {"name": "x"}});
        assert_eq!(rendered("{app.name}: {app.n} of {app.part.name}", &fact), "web: 3 of x");
        assert_eq!(rendered("{app.share} {app.whole} {app.ok}", &fact), "87 % 1 yes");
    }

    #[test]
    fn lists_name_five_at_most() {
        let of =
            |n: usize| rendered("{a.l}", &json!({"l": (0..n).map(|i| format!("f{i}")).collect::<Vec<_>>()}));
        assert_eq!(of(0), "none");
        assert_eq!(of(1), "f0");
        assert_eq!(of(3), "f0, f1 and f2");
        assert_eq!(of(5), "f0, f1, f2, f3 and f4");
        assert_eq!(of(8), "f0, f1, f2, f3, f4 and 3 more");
    }

    #[test]
    fn doubled_braces_are_braces() {
        assert_eq!(rendered("if (x) {{ y }} {a.n}", &json!({"n": 1})), "if (x) { y } 1");
    }

    #[test]
    fn counts() {
        let good = Template::of_counts("{passed} of {applied}.").unwrap();
        assert_eq!(good.render_counts(4, 5, 1), "4 of 5.");
        assert_eq!(good.in_general(), "… of ….");
    }
}
