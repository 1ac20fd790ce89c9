//! Files of rules for Firestore and Cloud Storage
//! (<https://firebase.google.com/docs/rules/rules-language>).

use super::Broken;
use super::expression::{Expr, Parser};
use super::inline;
use super::lex::{Kind as T, tokens};
use super::path::{Pattern, Segment};

/// How deep blocks may be nested.
const MAX_BLOCKS: u32 = 40;

/// What rules guard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// Documents.
    #[default]
    Firestore,
    /// Files.
    Storage,
    /// The Realtime Database.
    Realtime,
}

/// What somebody may do with a document, a file or a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// Reads one by its name.
    Get,
    /// Reads many, without knowing their names.
    List,
    /// Makes one.
    Create,
    /// Changes one.
    Update,
    /// Deletes one.
    Delete,
}

impl Operation {
    /// All of them.
    pub const ALL: [Operation; 5] =
        [Operation::Get, Operation::List, Operation::Create, Operation::Update, Operation::Delete];

    /// Whether it leaves everything as it is.
    pub fn reads(self) -> bool {
        matches!(self, Operation::Get | Operation::List)
    }
}

/// One statement that lets somebody do something.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// What it is about.
    pub path: Pattern,
    /// What it lets somebody reach: more than `path` where a rule holds for everything below.
    pub reach: Pattern,
    /// What it allows, sorted, once each.
    pub operations: Vec<Operation>,
    /// On which condition, with functions put in; `None` without one.
    pub condition: Option<Expr>,
    /// The condition as written.
    pub text: String,
    /// The line.
    pub line: u32,
}

/// A file of rules.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rules {
    /// What it guards.
    pub service: Service,
    /// In the order of the file.
    pub statements: Vec<Statement>,
    /// Names of what the Realtime Database checks of new values before they are kept (`.validate`), with their paths.
    pub validated: Vec<Pattern>,
}

/// A function of a file of rules.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Function {
    pub name: String,
    pub parameters: Vec<String>,
    pub lets: Vec<(String, Expr)>,
    pub body: Expr,
}

#[derive(Default)]
struct Block {
    path: Vec<Segment>,
    functions: Vec<Function>,
    allows: Vec<Allow>,
    blocks: Vec<Block>,
}

struct Allow {
    operations: Vec<Operation>,
    condition: Option<Expr>,
    text: String,
    line: u32,
}

/// Reads a file. One may hold the rules of several services.
///
/// # Errors
/// Where it can't be read.
pub fn parse(text: &str) -> Result<Vec<Rules>, Broken> {
    let tokens = tokens(text, false)?;
    let mut reader = Reader { parser: Parser::new(&tokens), text };
    let mut all = Vec::new();
    let mut shared: Vec<Function> = Vec::new();
    while let Some(token) = reader.parser.peek() {
        if token.names("service") {
            reader.parser.at += 1;
            let name = reader.parser.fixed();
            let service = match name.as_str() {
                "cloud.firestore" => Service::Firestore,
                "firebase.storage" => Service::Storage,
                _ => return Err(Broken { line: token.line, what: "rules of an unknown service begin" }),
            };
            reader.parser.need("{", "a service lacks its `{`")?;
            all.push((service, reader.block(Vec::new(), 0)?));
        } else if token.names("function") {
            shared.extend(reader.function()?);
        } else if token.names("rules_version") {
            reader.parser.at += 1;
            reader.parser.need("=", "the version of rules lacks its `=`")?;
            reader.parser.at += 1;
            reader.parser.take(";");
        } else {
            return Err(reader.parser.broken("rules begin with a service"));
        }
    }
    if all.is_empty() {
        return Err(Broken { line: 1, what: "there is no service" });
    }
    let made = all.into_iter().map(|(service, block)| {
        let mut statements = Vec::new();
        flatten(service, &block, &[], &mut vec![&shared], &mut statements);
        Rules { service, statements, validated: Vec::new() }
    });
    Ok(made.collect())
}

struct Reader<'t> {
    parser: Parser<'t>,
    text: &'t str,
}

impl Reader<'_> {
    /// What stands in a block, up to its `}`.
    fn block(&mut self, path: Vec<Segment>, depth: u32) -> Result<Block, Broken> {
        if depth > MAX_BLOCKS {
            return Err(self.parser.broken("blocks are nested too deeply"));
        }
        let mut block = Block { path, ..Block::default() };
        loop {
            if self.parser.take("}") {
                return Ok(block);
            }
            if self.parser.take(";") {
                continue;
            }
            let Some(token) = self.parser.peek() else {
                return Err(self.parser.broken("a block does not close"));
            };
            match &token.kind {
                T::Name(name) if name == "match" => {
                    self.parser.at += 1;
                    let path = self.pattern()?;
                    self.parser.need("{", "a match lacks its `{`")?;
                    block.blocks.push(self.block(path, depth + 1)?);
                }
                T::Name(name) if name == "allow" => block.allows.push(self.allow()?),
                T::Name(name) if name == "function" => block.functions.extend(self.function()?),
                _ => return Err(self.parser.broken("a block holds something that is no rule")),
            }
        }
    }

    /// `/users/{userId}/{rest=**}`, with or without the first slash.
    fn pattern(&mut self) -> Result<Vec<Segment>, Broken> {
        let mut segments = Vec::new();
        let mut is_first = true;
        while self.parser.take("/") || is_first {
            is_first = false;
            if self.parser.take("{") {
                let name = self.parser.name().ok_or_else(|| self.parser.broken("a path lacks a name"))?;
                let mut stars = 0;
                if self.parser.take("=") {
                    while self.parser.take("*") {
                        stars += 1;
                    }
                }
                self.parser.need("}", "a name in a path does not close")?;
                segments.push(if stars > 1 { Segment::Many(name) } else { Segment::One(name) });
            } else {
                let fixed = self.parser.fixed();
                if fixed.is_empty() && segments.is_empty() && self.parser.is("{") {
                    break;
                }
                if fixed.is_empty() {
                    return Err(self.parser.broken("a path lacks a part"));
                }
                segments.push(Segment::Text(fixed));
            }
        }
        Ok(segments)
    }

    fn allow(&mut self) -> Result<Allow, Broken> {
        let line = self.parser.line();
        self.parser.at += 1;
        let mut operations = Vec::new();
        loop {
            let name = self.parser.name().ok_or_else(|| self.parser.broken("`allow` lacks an operation"))?;
            operations.extend_from_slice(match name.as_str() {
                "read" => &[Operation::Get, Operation::List],
                "write" => &[Operation::Create, Operation::Update, Operation::Delete],
                "get" => &[Operation::Get],
                "list" => &[Operation::List],
                "create" => &[Operation::Create],
                "update" => &[Operation::Update],
                "delete" => &[Operation::Delete],
                _ => return Err(self.parser.broken("`allow` names an unknown operation")),
            });
            if !self.parser.take(",") {
                break;
            }
        }
        operations.sort();
        operations.dedup();
        self.parser.take(":");
        let mut allow = Allow { operations, condition: None, text: String::new(), line };
        if self.parser.names("if") {
            self.parser.at += 1;
            let first = self.parser.at;
            allow.condition = Some(self.parser.expression()?);
            let of = |at: usize| self.parser.tokens.get(at);
            let start = of(first).map_or(0, |token| token.start);
            let end = of(self.parser.at.saturating_sub(1)).map_or(start, |token| token.end);
            self.text.get(start..end).unwrap_or_default().clone_into(&mut allow.text);
        }
        self.parser.take(";");
        Ok(allow)
    }

    /// `function isOwner(id) { let a = …; return …; }`; one without a body says nothing.
    fn function(&mut self) -> Result<Option<Function>, Broken> {
        self.parser.at += 1;
        let name = self.parser.name().ok_or_else(|| self.parser.broken("a function lacks a name"))?;
        self.parser.need("(", "a function lacks its brackets")?;
        let mut parameters = Vec::new();
        while !self.parser.take(")") {
            parameters
                .push(self.parser.name().ok_or_else(|| self.parser.broken("a parameter lacks a name"))?);
            self.parser.take(",");
        }
        self.parser.need("{", "a function lacks its `{`")?;
        let mut lets = Vec::new();
        while self.parser.names("let") {
            self.parser.at += 1;
            let name = self.parser.name().ok_or_else(|| self.parser.broken("`let` lacks a name"))?;
            self.parser.need("=", "`let` lacks its `=`")?;
            lets.push((name, self.parser.expression()?));
            self.parser.take(";");
        }
        let body = if self.parser.names("return") {
            self.parser.at += 1;
            Some(self.parser.expression()?)
        } else {
            None
        };
        while self.parser.take(";") {}
        self.parser.need("}", "a function does not close")?;
        Ok(body.map(|body| Function { name, parameters, lets, body }))
    }
}

fn flatten<'b>(
    service: Service,
    block: &'b Block,
    above: &[Segment],
    scope: &mut Vec<&'b [Function]>,
    statements: &mut Vec<Statement>,
) {
    let mut path = above.to_vec();
    path.extend(block.path.iter().cloned());
    scope.push(&block.functions);
    for allow in &block.allows {
        let path = Pattern(within(service, &path).to_vec());
        let condition = allow.condition.as_ref().map(|condition| inline::inlined(condition, scope));
        statements.push(Statement {
            reach: path.clone(),
            path,
            operations: allow.operations.clone(),
            condition,
            text: allow.text.clone(),
            line: allow.line,
        });
    }
    for inner in &block.blocks {
        flatten(service, inner, &path, scope, statements);
    }
    scope.pop();
}

/// The path without what every path of the service begins with.
fn within(service: Service, path: &[Segment]) -> &[Segment] {
    let text = |at: usize, name: &str| matches!(path.get(at), Some(Segment::Text(text)) if text == name);
    let begins = match service {
        Service::Firestore => text(0, "databases") && text(2, "documents"),
        Service::Storage => text(0, "b") && text(2, "o"),
        Service::Realtime => false,
    };
    if begins { path.get(3..).unwrap_or_default() } else { path }
}
