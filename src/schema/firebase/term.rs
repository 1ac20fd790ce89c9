//! What the values that conditions speak of are.

use super::expression::{Expr, Kind, Op};
use super::rules::{Operation, Service};
use super::who::Part;

/// What a condition is read for.
#[derive(Clone, Copy)]
pub(super) struct Context<'c> {
    pub service: Service,
    pub operation: Operation,
    /// Names of what the path holds.
    pub variables: &'c [String],
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Term {
    /// Who asks, or nobody.
    Auth,
    /// Their id, or something that only they have: their address.
    Uid,
    /// Something that every account has or can get: a name, a verified address.
    Account,
    /// Something that the server wrote into their token.
    Claim,
    /// A name from the path.
    Variable(String),
    /// What is there, and a field of it.
    OldDoc,
    Old(String),
    /// What is there, looked up by who asks: `resource.data.members[uid]`.
    OldOfUid,
    /// What is being written, and a field of it.
    NewDoc,
    New(String),
    /// A field of another row.
    Doc(Vec<Part>, String),
    /// Another row, looked up by who asks below its path.
    DocOfUid,
    /// The time of the request.
    Now,
    /// Something else of the request: its path, its query.
    Request,
    Literal(String),
    Null,
    Other,
}

/// What a chain of names begins with.
enum Root {
    Name(String),
    Doc(Vec<Part>),
}

/// A step of a chain.
enum Step {
    Field(String),
    Uid,
    Other,
}

/// What `expr` is.
pub(super) fn term(expr: &Expr, context: Context<'_>) -> Term {
    match &expr.kind {
        Kind::Null => return Term::Null,
        Kind::Bool(value) => return Term::Literal(value.to_string()),
        Kind::Number(value) | Kind::Text(value) => return Term::Literal(value.clone()),
        Kind::Call(called, arguments) => {
            if let Kind::Member(of, method) = &called.kind
                && arguments.is_empty()
                && matches!(
                    method.as_str(),
                    "lower" | "upper" | "trim" | "toLowerCase" | "toUpperCase" | "toString"
                )
            {
                return term(of, context);
            }
            if let (Kind::Name(name), [argument]) = (&called.kind, arguments.as_slice())
                && matches!(name.as_str(), "string" | "debug" | "int" | "path")
            {
                return term(argument, context);
            }
        }
        _ => {}
    }
    let Some((root, steps)) = chain(expr, context) else { return Term::Other };
    let by_uid = steps.iter().any(|step| matches!(step, Step::Uid));
    let names: Vec<&str> = steps
        .iter()
        .map(|step| match step {
            Step::Field(name) => name.as_str(),
            Step::Uid => "(uid)",
            Step::Other => "(…)",
        })
        .collect();
    match root {
        Root::Doc(mut path) if context.service == Service::Realtime => {
            let more = steps.into_iter().map(|step| match step {
                Step::Field(name) => Part::Text(name),
                Step::Uid => Part::Uid,
                Step::Other => Part::Other,
            });
            path.extend(more);
            Term::Doc(path, String::new())
        }
        Root::Doc(_) if by_uid => Term::DocOfUid,
        Root::Doc(path) => {
            let field = names.strip_prefix(&["data"]).unwrap_or(&names).join(".");
            Term::Doc(path, field)
        }
        Root::Name(name) => named(&name, &names, by_uid, context),
    }
}

fn named(name: &str, steps: &[&str], by_uid: bool, context: Context<'_>) -> Term {
    if context.variables.iter().any(|known| known == name) {
        return Term::Variable(name.to_owned());
    }
    let realtime = context.service == Service::Realtime;
    match (name, steps) {
        ("request", ["auth", rest @ ..]) if !realtime => auth(rest),
        ("auth", rest) if realtime => auth(rest),
        ("request", ["time", ..]) if !realtime => Term::Now,
        ("now", []) if realtime => Term::Now,
        ("request", ["resource", rest @ ..]) if !realtime => of_row(rest, by_uid, Term::NewDoc, Term::New),
        ("request", ["writeFields", ..]) => Term::NewDoc,
        ("request", _) if !realtime => Term::Request,
        ("resource", rest) if !realtime => of_row(rest, by_uid, Term::OldDoc, Term::Old),
        ("newData", rest) if realtime => of_row(rest, by_uid, Term::NewDoc, Term::New),
        ("data", rest) if realtime => of_row(rest, by_uid, Term::OldDoc, Term::Old),
        ("query", _) if realtime => Term::Request,
        _ => Term::Other,
    }
}

fn of_row(steps: &[&str], by_uid: bool, whole: Term, field: fn(String) -> Term) -> Term {
    if by_uid && whole == Term::OldDoc {
        return Term::OldOfUid;
    }
    match steps {
        [] | ["data"] => whole,
        ["id" | "__name__", ..] => Term::Variable("id".to_owned()),
        ["data", rest @ ..] => field(rest.join(".")),
        rest => field(rest.join(".")),
    }
}

fn auth(steps: &[&str]) -> Term {
    match steps {
        [] | ["token"] => Term::Auth,
        ["uid"] | ["token", "sub" | "user_id" | "uid" | "email"] => Term::Uid,
        ["provider"]
        | [
            "token",
            "email_verified" | "phone_number" | "name" | "picture" | "firebase" | "auth_time" | "iat" | "exp",
            ..,
        ] => Term::Account,
        ["token", ..] => Term::Claim,
        _ => Term::Other,
    }
}

/// `a.b['c'].get('d', 1)` as what it begins with and its steps.
fn chain(expr: &Expr, context: Context<'_>) -> Option<(Root, Vec<Step>)> {
    let realtime = context.service == Service::Realtime;
    match &expr.kind {
        Kind::Name(name) if realtime && name == "root" => Some((Root::Doc(Vec::new()), Vec::new())),
        Kind::Name(name) => Some((Root::Name(name.clone()), Vec::new())),
        Kind::Member(of, name) => {
            let (root, mut steps) = chain(of, context)?;
            steps.push(Step::Field(name.clone()));
            Some((root, steps))
        }
        Kind::Index(of, at) => {
            let (root, mut steps) = chain(of, context)?;
            steps.extend(steps_of(at, context));
            Some((root, steps))
        }
        Kind::Call(called, arguments) => match (&called.kind, arguments.as_slice()) {
            (Kind::Name(name), [path]) if matches!(name.as_str(), "get" | "getAfter") => {
                Some((Root::Doc(parts(path, context)), Vec::new()))
            }
            (Kind::Member(of, name), [path])
                if matches!(name.as_str(), "get" | "getAfter") && is_name(of, "firestore") =>
            {
                Some((Root::Doc(parts(path, context)), Vec::new()))
            }
            (Kind::Member(of, method), [key] | [key, _]) if !realtime && method == "get" => {
                let (root, mut steps) = chain(of, context)?;
                steps.extend(steps_of(key, context));
                Some((root, steps))
            }
            (Kind::Member(of, method), [key]) if realtime && method == "child" => {
                let (root, mut steps) = chain(of, context)?;
                steps.extend(steps_of(key, context));
                Some((root, steps))
            }
            (Kind::Member(of, method), []) if realtime && method == "val" => chain(of, context),
            (Kind::Member(of, method), []) if realtime && method == "parent" => {
                let (root, mut steps) = chain(of, context)?;
                if steps.pop().is_none() {
                    steps.push(Step::Field("parent".to_owned()));
                }
                Some((root, steps))
            }
            _ => None,
        },
        _ => None,
    }
}

pub(super) fn is_name(expr: &Expr, name: &str) -> bool {
    matches!(&expr.kind, Kind::Name(own) if own == name)
}

/// The steps that a key stands for: `'users/' + auth.uid + '/role'` are three.
fn steps_of(key: &Expr, context: Context<'_>) -> Vec<Step> {
    match &key.kind {
        Kind::Text(text) if context.service == Service::Realtime => {
            text.split('/').filter(|part| !part.is_empty()).map(|part| Step::Field(part.to_owned())).collect()
        }
        Kind::Text(text) => vec![Step::Field(text.clone())],
        Kind::List(keys) => keys.iter().flat_map(|key| steps_of(key, context)).collect(),
        Kind::Binary(Op::Compute, left, right) => {
            let mut steps = steps_of(left, context);
            steps.extend(steps_of(right, context));
            steps
        }
        _ => match term(key, context) {
            Term::Uid => vec![Step::Uid],
            _ => vec![Step::Other],
        },
    }
}

/// The parts of a path that is looked up, without what every path of Firestore begins with.
pub(super) fn parts(path: &Expr, context: Context<'_>) -> Vec<Part> {
    let Kind::Path(parts) = &path.kind else { return vec![Part::Other] };
    let mut made: Vec<Part> = parts
        .iter()
        .map(|part| match &part.kind {
            Kind::Text(text) => Part::Text(text.clone()),
            _ => match term(part, context) {
                Term::Uid => Part::Uid,
                Term::Variable(name) => Part::Variable(name),
                Term::Literal(text) => Part::Text(text),
                _ => Part::Other,
            },
        })
        .collect();
    let text = |at: usize, name: &str| matches!(made.get(at), Some(Part::Text(text)) if text == name);
    if text(0, "databases") && text(2, "documents") {
        made.drain(..3);
    }
    made
}

/// What the parts of an expression speak of, however deep.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Mentions {
    pub auth: bool,
    pub uid: bool,
    pub variable: bool,
    pub old: bool,
    pub new: Vec<String>,
    pub doc: bool,
    pub unclear: Option<&'static str>,
}

impl Mentions {
    pub(super) fn of(expr: &Expr, context: Context<'_>) -> Mentions {
        let mut found = Mentions::default();
        found.look(expr, context);
        found
    }

    fn look(&mut self, expr: &Expr, context: Context<'_>) {
        match term(expr, context) {
            Term::Auth | Term::Account | Term::Claim => self.auth = true,
            Term::Uid => {
                self.uid = true;
                self.auth = true;
            }
            Term::Variable(_) => self.variable = true,
            Term::OldDoc | Term::Old(_) => self.old = true,
            Term::OldOfUid => {
                self.old = true;
                self.uid = true;
                self.auth = true;
            }
            Term::NewDoc => self.new.push(String::new()),
            Term::New(field) => self.new.push(field),
            Term::Doc(path, _) => {
                self.doc = true;
                self.uid |= path.contains(&Part::Uid);
                self.auth |= path.contains(&Part::Uid);
            }
            Term::DocOfUid => {
                self.doc = true;
                self.uid = true;
                self.auth = true;
            }
            Term::Now | Term::Request | Term::Literal(_) | Term::Null => {}
            Term::Other => {
                if let Kind::Unclear(why) = expr.kind {
                    self.unclear = Some(why);
                }
                if let Kind::Call(called, _) = &expr.kind
                    && let Kind::Name(name) = &called.kind
                {
                    if !KNOWN.contains(&name.as_str()) {
                        self.unclear = Some("it calls a function that is not in the file");
                    }
                    expr.parts().skip(1).for_each(|part| self.look(part, context));
                    return;
                }
                expr.parts().for_each(|part| self.look(part, context));
            }
        }
    }
}

/// Functions that rules know by themselves.
const KNOWN: &[&str] = &[
    "get",
    "exists",
    "getAfter",
    "existsAfter",
    "debug",
    "int",
    "float",
    "string",
    "bool",
    "path",
    "list",
    "map",
    "set",
    "number",
];
