//! Where in a use of a symbol something is: `(1).status`, `from(0)`, `*`; conditions on that; and how a result shows
//! failure.

use serde::Deserialize;

use crate::code::{Code, Denoted, Entry as Pair, Expr, ModuleId, Name, Root, Step};

use super::Found;

/// Where in a use of a symbol something is.
///
/// `(0)` is the first argument of the call of the symbol itself, `(last)` the last, `()` any of them; `from(0)` the first
/// argument of each call of `from` before or after it in the chain; `(1).status` the value of a key of an argument that
/// is an object; `*` is the name that stands for the `*` of the symbol.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Place {
    /// The name that stands for the `*`.
    Wild,
    /// An argument.
    Argument {
        /// Of the calls of this member; `""` for the call of the symbol itself.
        of: String,
        /// The how-manieth.
        which: Which,
        /// The keys that lead into it.
        keys: Vec<String>,
    },
}

/// Which argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The how-manieth.
    Nth(usize),
    /// The last.
    Last,
    /// Each.
    All,
}

/// What is at a place.
#[derive(Debug, Clone, PartialEq)]
pub enum There<'c> {
    /// A name.
    Name(Name),
    /// A value. The keys that are left lead into it: it isn't an object that is written down.
    Value(ModuleId, &'c Expr, Vec<&'static str>),
}

impl Place {
    /// Everything at this place in a use of the symbol. Nothing, where the call or the argument is not there; the
    /// entry's key may be missing in an object that is written down, then it is nothing as well. Objects are looked
    /// into where they are written in the call: see [`Place::all_in`].
    pub fn all<'c>(&'static self, path: &[Step<'c>], found: &Found) -> Vec<There<'c>> {
        self.gather(None, path, found)
    }

    /// The same, with names followed to the objects that they stand for.
    pub fn all_in<'c>(&'static self, code: &'c Code, path: &[Step<'c>], found: &Found) -> Vec<There<'c>> {
        self.gather(Some(code), path, found)
    }

    fn gather<'c>(&'static self, code: Option<&'c Code>, path: &[Step<'c>], found: &Found) -> Vec<There<'c>> {
        match self {
            Place::Wild => match found.wild.and_then(|at| path.get(at)) {
                Some(Step::Member(name)) => vec![There::Name(name.clone())],
                _ => Vec::new(),
            },
            Place::Argument { of, which, keys } => {
                let mut all = Vec::new();
                for at in calls(path, of, found.used) {
                    let Some(Step::Call(module, call)) = path.get(at) else { continue };
                    let args: &'c [Expr] = &call.args;
                    let chosen = match which {
                        Which::Nth(n) => args.get(*n..=*n),
                        Which::Last => args.last().map(std::slice::from_ref),
                        Which::All => Some(args),
                    };
                    let chosen = chosen.unwrap_or_default().iter();
                    all.extend(chosen.filter_map(|arg| within(code, *module, arg, keys)));
                }
                all
            }
        }
    }

    /// The first of [`Place::all`].
    pub fn first<'c>(&'static self, path: &[Step<'c>], found: &Found) -> Option<There<'c>> {
        self.all(path, found).into_iter().next()
    }
}

/// Where in a path the calls are: of a member, or that of the symbol itself, which is its own last step, or the one
/// behind it.
pub fn calls(path: &[Step], of: &str, used: usize) -> Vec<usize> {
    if of.is_empty() {
        let ends = used.checked_sub(1).filter(|last| matches!(path.get(*last), Some(Step::Call(..))));
        return vec![ends.unwrap_or(used)];
    }
    let named = |pair: &[Step]| matches!(pair, [Step::Member(name), Step::Call(..)] if **name == *of);
    // `require("x")(…)` calls the default export without naming it.
    if of == "default" && matches!(path.first(), Some(Step::Call(..))) {
        return vec![0];
    }
    path.windows(2).enumerate().filter(|(_, pair)| named(pair)).map(|(at, _)| at + 1).collect()
}

fn within<'c>(
    code: Option<&'c Code>,
    module: ModuleId,
    value: &'c Expr,
    keys: &'static [String],
) -> Option<There<'c>> {
    let (mut module, mut value) = (module, value);
    for (at, key) in keys.iter().enumerate() {
        (module, value) = written(code, module, value);
        let left = || Some(There::Value(module, value, keys[at..].iter().map(String::as_str).collect()));
        let Expr::Object(entries) = value else {
            return left();
        };
        let known = entries.iter().rev().find_map(|e| match e {
            Pair::Pair(name, value) if **name == **key => Some(Some(value)),
            Pair::Pair(..) => None,
            Pair::Spread(_) => Some(None),
        });
        match known {
            Some(Some(next)) => value = next,
            // What is spread may have the key or not.
            Some(None) => return left(),
            None => return None,
        }
    }
    Some(There::Value(module, value, Vec::new()))
}

/// The value that is written down where a name leads, if it leads to one.
fn written<'c>(code: Option<&'c Code>, module: ModuleId, value: &'c Expr) -> (ModuleId, &'c Expr) {
    let name = matches!(value, Expr::Name(..) | Expr::Member(_));
    match code.filter(|_| name).map(|code| code.denote(module, value)) {
        Some(Denoted { root: Root::Value(module, value), path }) if path.is_empty() => (module, value),
        _ => (module, value),
    }
}

impl TryFrom<String> for Place {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text == "*" {
            return Ok(Place::Wild);
        }
        let wrong = || format!("`{text}` is no place");
        let (of, rest) = text.split_once('(').ok_or_else(wrong)?;
        let (which, keys) = rest.split_once(')').ok_or_else(wrong)?;
        let which = match which {
            "" => Which::All,
            "last" => Which::Last,
            n => Which::Nth(n.parse().map_err(|_| wrong())?),
        };
        let keys = match keys.strip_prefix('.') {
            Some(keys) => keys.split('.').map(str::to_owned).collect(),
            None if keys.is_empty() => Vec::new(),
            None => return Err(wrong()),
        };
        if keys.iter().any(String::is_empty) {
            return Err(wrong());
        }
        Ok(Place::Argument { of: of.to_owned(), which, keys })
    }
}

/// Something that a use of a symbol says or doesn't: `(0).auth = 'none'`, `(0).optional = true`, `(1)`, `!(1)`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Condition {
    /// Where.
    pub place: Place,
    /// What must be there.
    pub is: Is,
}

/// What a [`Condition`] asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Is {
    /// Anything.
    There,
    /// Nothing.
    Missing,
    /// A text; with a `*` at its end, one that starts so.
    Text(String),
    /// `true`, `false`.
    Bool(bool),
    /// A function that is written down.
    Function,
}

impl TryFrom<String> for Condition {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if let Some(place) = text.strip_prefix('!') {
            return Ok(Condition { place: Place::try_from(place.to_owned())?, is: Is::Missing });
        }
        let (place, is) = match text.split_once(" = ") {
            None => (text.as_str(), Is::There),
            Some((place, "true")) => (place, Is::Bool(true)),
            Some((place, "false")) => (place, Is::Bool(false)),
            Some((place, "function")) => (place, Is::Function),
            Some((place, value)) => {
                let value = value.strip_prefix('\'').and_then(|v| v.strip_suffix('\''));
                (place, Is::Text(value.ok_or_else(|| format!("`{text}`: a text stands in ''"))?.to_owned()))
            }
        };
        Ok(Condition { place: Place::try_from(place.to_owned())?, is })
    }
}

impl Condition {
    /// Whether a use says so. `None` where it can't be told from what is written in the call.
    pub fn holds(&'static self, path: &[Step], found: &Found) -> Option<bool> {
        self.ask(None, path, found)
    }

    /// The same, with names followed to what they stand for.
    pub fn holds_in<'c>(&'static self, code: &'c Code, path: &[Step<'c>], found: &Found) -> Option<bool> {
        self.ask(Some(code), path, found)
    }

    fn ask<'c>(&'static self, code: Option<&'c Code>, path: &[Step<'c>], found: &Found) -> Option<bool> {
        let there = self.place.gather(code, path, found);
        if there.is_empty() {
            return Some(self.is == Is::Missing);
        }
        any(there.iter().map(|there| match there {
            There::Name(name) => {
                Some(matches!(&self.is, Is::Text(text) if **text == **name) || self.is == Is::There)
            }
            There::Value(module, value, keys) if keys.is_empty() => {
                self.is.holds(written(code, *module, value).1)
            }
            There::Value(..) => None,
        }))
    }
}

/// Whether one of them is so; `None` if that can't be told.
fn any(each: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(false);
    for one in each {
        match one {
            Some(true) => return Some(true),
            None => all = None,
            Some(false) => {}
        }
    }
    all
}

impl Is {
    fn holds(&self, value: &Expr) -> Option<bool> {
        let nothing = matches!(value, Expr::Undefined | Expr::Null);
        let written = matches!(value, Expr::Text(_) | Expr::Bool(_) | Expr::Number(_) | Expr::Function(_))
            || matches!(value, Expr::Object(_) | Expr::Null | Expr::Undefined);
        match (self, value) {
            (Is::There, _) => Some(!nothing),
            (Is::Missing, _) => Some(nothing),
            (Is::Text(text), Expr::Text(value)) => Some(match text.strip_suffix('*') {
                Some(start) => value.starts_with(start),
                None => **text == **value,
            }),
            // `auth: ["user", "none"]`: each of them is allowed.
            (Is::Text(_), Expr::List(items)) => any(items.iter().map(|item| self.holds(item))),
            (Is::Bool(want), Expr::Bool(value)) => Some(want == value),
            (Is::Function, Expr::Function(_)) => Some(true),
            _ if written => Some(false),
            _ => None,
        }
    }
}

/// How a result shows that what was asked for is not so: `!` (it is itself nothing or false), `=` (it is something),
/// `!data.user` (a part is nothing), `error` (a part is something), `!isEmpty()` (a member gives nothing or false).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Failure {
    /// Whether the part is something when it fails.
    pub when: bool,
    /// The part; `()` stands for a call.
    pub part: Part,
}

/// A part of a result: names of members, `*` for any one, `()` for a call.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Part(pub Vec<String>);

impl TryFrom<String> for Part {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut steps = Vec::new();
        for name in text.split('.').filter(|_| !text.is_empty()) {
            let plain = name.trim_end_matches("()");
            if plain.is_empty() {
                return Err(format!("`{text}` is no part of a result"));
            }
            steps.push(plain.to_owned());
            steps.extend((0..(name.len() - plain.len()) / 2).map(|_| "()".to_owned()));
        }
        Ok(Part(steps))
    }
}

impl TryFrom<String> for Failure {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text == "=" {
            return Ok(Failure { when: true, part: Part(Vec::new()) });
        }
        let (when, part) = text.strip_prefix('!').map_or((true, text.as_str()), |part| (false, part));
        if when && part.is_empty() {
            return Err("a failure says what shows it".to_owned());
        }
        Ok(Failure { when, part: Part::try_from(part.to_owned())? })
    }
}

impl Part {
    /// What is left of `rest` behind this part, if it begins with it.
    pub fn before<'p, 'c>(&self, rest: &'p [Step<'c>]) -> Option<&'p [Step<'c>]> {
        let (first, left) = rest.split_at_checked(self.0.len())?;
        let same = first.iter().zip(&self.0).all(|(step, name)| match step {
            Step::Member(member) => **member == **name || name == "*",
            Step::Call(..) => name == "()",
            Step::Element => name == "*",
        });
        same.then_some(left)
    }
}

impl Failure {
    /// Whether asking if `rest` of the result is something (or nothing) tells failure apart. What is within a part that
    /// is nothing when it fails is nothing as well (`!session?.user.id`).
    pub fn shown_by(&self, rest: &[Step]) -> bool {
        self.part.before(rest).is_some_and(|left| left.is_empty() || !self.when)
    }
}
