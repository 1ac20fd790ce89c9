//! Whether a path meets the patterns for which a middleware is.

use super::Flow;
use super::value::{Symbol, Value};
use crate::code::{Root, Step};

impl<'c> Flow<'c> {
    /// What asks whether the path is one of several: micromatch, and what Clerk makes for that.
    pub(super) fn of_matcher(&mut self, symbol: &Symbol<'c>, args: &[Value<'c>]) -> Option<Value<'c>> {
        let Root::Package(package) = &symbol.denoted.root else { return None };
        let name = symbol.denoted.path.iter().find_map(|step| match step {
            Step::Member(name) if **name != *"default" => Some(&**name),
            _ => None,
        });
        let (list, path) = match (&**package, name) {
            ("micromatch" | "minimatch" | "picomatch", Some("isMatch" | "minimatch" | "match") | None) => {
                (args.get(1)?.clone(), args.first()?.clone())
            }
            (package, Some("createRouteMatcher")) if package.starts_with("@clerk/") => {
                let calls = symbol.denoted.path.iter().filter(|step| matches!(step, Step::Call(..))).count();
                if calls != 2 {
                    return None;
                }
                let made = symbol.denoted.path.iter().position(|step| matches!(step, Step::Call(..)))?;
                let list = symbol.given.get(made)?.first()?.clone();
                let path = self.left("next-request.nextUrl.pathname")?;
                (list, path)
            }
            _ => return None,
        };
        let Value::Text(path) = path else { return None };
        let texts: Vec<Value<'c>> = match list {
            Value::List(items, true) => items.to_vec(),
            one @ Value::Text(_) => vec![one],
            _ => return Some(Value::Unknown),
        };
        let mut answer = Some(false);
        for text in texts {
            let Value::Text(pattern) = text else {
                answer = None;
                continue;
            };
            match meets(&pattern, &path) {
                Some(true) => return Some(Value::Bool(true)),
                Some(false) => {}
                None => answer = None,
            }
        }
        Some(answer.map_or(Value::Unknown, Value::Bool))
    }
}

/// Whether a pattern for paths (`/api/**`, `/dashboard(.*)`, `/users/:id*`) meets a path. `None`, where it
/// cannot be made a regular expression.
pub(super) fn meets(pattern: &str, path: &str) -> Option<bool> {
    let mut regex = String::from("^");
    let mut rest = pattern;
    while let Some(next) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("**") {
            regex.push_str(".*");
            rest = after;
        } else if let Some(after) = rest.strip_prefix("(.*)") {
            regex.push_str("(.*)");
            rest = after;
        } else if next == '*' {
            regex.push_str("[^/]*");
            rest = &rest[1..];
        } else if next == ':' {
            let end =
                rest[1..].find(|c: char| !c.is_alphanumeric() && c != '_').map_or(rest.len(), |at| at + 1);
            rest = &rest[end..];
            match rest.strip_prefix('*') {
                Some(after) => {
                    regex.push_str(".*");
                    rest = after;
                }
                None => regex.push_str("[^/]+"),
            }
        } else {
            match next {
                '(' | ')' | '|' | '?' => regex.push(next),
                _ => regex.push_str(&regex::escape(&next.to_string())),
            }
            rest = &rest[next.len_utf8()..];
        }
    }
    regex.push('$');
    let regex = regex::RegexBuilder::new(&regex).size_limit(1 << 18).build().ok()?;
    Some(regex.is_match(path))
}
