//! Blocks, cut into statements.

use super::reader::Reader;
use super::tokens::{Kind, tokens};
use crate::schema::check::{Checked, Fault};

/// A statement of a block, with the line of the body on which it starts, from 0.
#[derive(Clone, Debug)]
pub(in crate::schema) struct Step {
    pub(super) line: u32,
    pub(super) what: What,
}

/// What a statement does. Expressions and SQL are text until they are run.
#[derive(Clone, Debug)]
pub(super) enum What {
    Block(Block),
    Sql {
        text: String,
        into: Vec<String>,
        strict: bool,
    },
    Perform(String),
    Assign(String, String),
    If(Vec<(String, Vec<Step>)>, Vec<Step>),
    Case(Option<String>, Vec<(String, Vec<Step>)>, Option<Vec<Step>>),
    Loop(Option<String>, Vec<Step>),
    While(Option<String>, String, Vec<Step>),
    ForRange {
        label: Option<String>,
        variable: String,
        reverse: bool,
        low: String,
        high: String,
        step: Option<String>,
        body: Vec<Step>,
    },
    ForQuery {
        label: Option<String>,
        variables: Vec<String>,
        query: String,
        body: Vec<Step>,
    },
    ForExecute {
        label: Option<String>,
        variables: Vec<String>,
        query: String,
        using: Vec<String>,
        body: Vec<Step>,
    },
    ForEach {
        label: Option<String>,
        variable: String,
        array: String,
        body: Vec<Step>,
    },
    Exit {
        resume: bool,
        label: Option<String>,
        when: Option<String>,
    },
    Execute {
        text: String,
        into: Vec<String>,
        using: Vec<String>,
    },
    Raise {
        level: String,
        message: Option<String>,
        code: Option<String>,
    },
    Diagnostics(Vec<String>),
    Return,
    Nothing,
}

/// `declare … begin … exception … end`
#[derive(Clone, Debug, Default)]
pub(in crate::schema) struct Block {
    pub(super) label: Option<String>,
    pub(super) declared: Vec<Declared>,
    pub(super) steps: Vec<Step>,
    pub(super) handlers: Vec<(Vec<String>, Vec<Step>)>,
}

/// A variable.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    pub(super) name: String,
    pub(super) ty: String,
    pub(super) value: Option<String>,
}

/// How deep statements may be nested.
const DEEPEST: usize = 200;

/// Reads a block.
pub(in crate::schema) fn block(text: &str) -> Checked<Block> {
    let tokens = tokens(text);
    let mut reader = Reader { text, tokens: &tokens, at: 0, depth: 0 };
    // `#variable_conflict use_column` and its like come first.
    while reader.sign("#") {
        let start = reader.peek().map_or(0, |t| t.start);
        let end = text.get(start..).and_then(|rest| rest.find('\n')).map_or(text.len(), |n| start + n);
        while reader.peek().is_some_and(|t| t.start < end) {
            reader.at += 1;
        }
    }
    let label = reader.label()?;
    let block = reader.block(label)?;
    reader.take_sign(";");
    match reader.peek() {
        None => Ok(block),
        Some(_) => Err(reader.error()),
    }
}

impl Reader<'_> {
    fn block(&mut self, label: Option<String>) -> Checked<Block> {
        let mut block = Block { label, ..Block::default() };
        if self.take("declare") {
            while !self.is("begin") {
                if self.peek().is_none() {
                    return Err(self.error());
                }
                if self.take("declare") {
                    continue;
                }
                self.declaration(&mut block)?;
            }
        }
        self.expect("begin")?;
        block.steps = self.steps(&["end", "exception"])?;
        if self.take("exception") {
            while self.take("when") {
                let mut conditions = Vec::new();
                loop {
                    let name = self.name()?;
                    if name == "sqlstate" {
                        let code =
                            self.peek().map(|t| t.text.trim_matches('\'').to_owned()).unwrap_or_default();
                        self.at += 1;
                        conditions.push(code);
                    } else {
                        conditions.push(name);
                    }
                    if !self.take("or") {
                        break;
                    }
                }
                self.expect("then")?;
                block.handlers.push((conditions, self.steps(&["when", "end"])?));
            }
        }
        self.expect("end")?;
        if self.peek().is_some_and(|t| matches!(t.kind, Kind::Word | Kind::Quoted)) {
            self.at += 1;
        }
        Ok(block)
    }

    fn declaration(&mut self, block: &mut Block) -> Checked<()> {
        let name = self.name()?;
        if self.is("alias") || self.is("cursor") || self.is("no") || self.is("scroll") {
            self.until(&[])?;
            block.declared.push(Declared { name, ty: "%other".to_owned(), value: None });
            return self.semicolon();
        }
        self.take("constant");
        let start = self.at;
        let mut end = start;
        while let Some(token) = self.peek() {
            if token.sign(";")
                || token.sign(":=")
                || token.sign("=")
                || token.is("default")
                || token.is("not")
                || token.is("collate")
            {
                break;
            }
            self.at += 1;
            end = self.at;
        }
        if end == start {
            return Err(self.error());
        }
        let ty = self.between(start, end);
        if self.take("collate") {
            self.at += 1;
        }
        if self.take("not") {
            self.expect("null")?;
        }
        let value = if self.take_sign(":=") || self.take_sign("=") || self.take("default") {
            Some(self.until(&[])?)
        } else {
            None
        };
        block.declared.push(Declared { name, ty, value });
        self.semicolon()
    }

    fn steps(&mut self, ends: &[&str]) -> Checked<Vec<Step>> {
        if self.depth >= DEEPEST {
            return Err(Fault::new("54001", "stack depth limit exceeded"));
        }
        self.depth += 1;
        let mut steps = Vec::new();
        while let Some(token) = self.peek() {
            if ends.iter().any(|end| token.is(end)) {
                break;
            }
            let before = self.text.get(..token.start).unwrap_or_default();
            let line = u32::try_from(memchr::memchr_iter(b'\n', before.as_bytes()).count()).unwrap_or(0);
            steps.push(Step { line, what: self.step()? });
        }
        self.depth -= 1;
        if self.peek().is_none() { Err(self.error()) } else { Ok(steps) }
    }

    fn step(&mut self) -> Checked<What> {
        let label = self.label()?;
        let Some(token) = self.peek() else { return Err(self.error()) };
        let word = if token.kind == Kind::Word { token.text.to_ascii_lowercase() } else { String::new() };
        let assigned = self.peek_at(1).is_some_and(|t| t.sign(":=") || t.sign("="));
        if assigned && !matches!(word.as_str(), "if" | "while") {
            return self.assignment();
        }
        self.at += 1;
        let what = match word.as_str() {
            "declare" | "begin" => {
                self.at -= 1;
                let block = self.block(label)?;
                self.semicolon()?;
                return Ok(What::Block(block));
            }
            "if" => return self.branches(),
            "case" => return self.case(),
            "loop" => {
                let body = self.loop_body()?;
                return Ok(What::Loop(label, body));
            }
            "while" => {
                let condition = self.until(&["loop"])?;
                self.expect("loop")?;
                let body = self.loop_body()?;
                return Ok(What::While(label, condition, body));
            }
            "for" => return self.for_loop(label),
            "foreach" => {
                let variable = self.name()?;
                if self.take("slice") {
                    self.at += 1;
                }
                self.expect("in")?;
                self.expect("array")?;
                let array = self.until(&["loop"])?;
                self.expect("loop")?;
                let body = self.loop_body()?;
                return Ok(What::ForEach { label, variable, array, body });
            }
            "exit" | "continue" => {
                let label = if self.is("when") || self.sign(";") { None } else { Some(self.name()?) };
                let when = if self.take("when") { Some(self.until(&[])?) } else { None };
                What::Exit { resume: word == "continue", label, when }
            }
            "return" => {
                let more = self.is("next") || self.is("query");
                if !self.sign(";") {
                    self.until(&[])?;
                }
                if more { What::Nothing } else { What::Return }
            }
            "raise" => self.raise()?,
            "execute" => {
                let text = self.until(&["into", "using"])?;
                let (mut into, mut using) = (Vec::new(), Vec::new());
                loop {
                    if self.take("into") {
                        into = self.targets()?.0;
                    } else if self.take("using") {
                        using = self.list(&["into"])?;
                    } else {
                        break;
                    }
                }
                What::Execute { text, into, using }
            }
            "perform" => What::Perform(self.until(&[])?),
            "get" => {
                let text = self.until(&[])?;
                let names = text.split(',').filter_map(|item| {
                    item.split([':', '=']).next()?.split_whitespace().last().map(str::to_lowercase)
                });
                What::Diagnostics(names.collect())
            }
            "null" => What::Nothing,
            "assert" | "open" | "fetch" | "move" | "close" | "commit" | "rollback" => {
                if !self.sign(";") {
                    self.until(&[])?;
                }
                What::Nothing
            }
            _ => {
                self.at -= 1;
                return self.sql();
            }
        };
        self.semicolon()?;
        Ok(what)
    }

    fn assignment(&mut self) -> Checked<What> {
        let name = self.name()?;
        self.at += 1;
        let value = self.until(&[])?;
        self.semicolon()?;
        Ok(What::Assign(name, value))
    }

    fn loop_body(&mut self) -> Checked<Vec<Step>> {
        let body = self.steps(&["end"])?;
        self.expect("end")?;
        self.expect("loop")?;
        if !self.sign(";") {
            self.name()?;
        }
        self.semicolon()?;
        Ok(body)
    }

    fn branches(&mut self) -> Checked<What> {
        let mut branches = Vec::new();
        let condition = self.until(&["then"])?;
        self.expect("then")?;
        branches.push((condition, self.steps(&["elsif", "elseif", "else", "end"])?));
        let mut otherwise = Vec::new();
        loop {
            if self.take("elsif") || self.take("elseif") {
                let condition = self.until(&["then"])?;
                self.expect("then")?;
                branches.push((condition, self.steps(&["elsif", "elseif", "else", "end"])?));
            } else if self.take("else") {
                otherwise = self.steps(&["end"])?;
            } else {
                break;
            }
        }
        self.expect("end")?;
        self.expect("if")?;
        self.semicolon()?;
        Ok(What::If(branches, otherwise))
    }

    fn case(&mut self) -> Checked<What> {
        let subject = if self.is("when") { None } else { Some(self.until(&["when"])?) };
        let mut branches = Vec::new();
        while self.take("when") {
            let condition = self.until(&["then"])?;
            self.expect("then")?;
            branches.push((condition, self.steps(&["when", "else", "end"])?));
        }
        let otherwise = if self.take("else") { Some(self.steps(&["end"])?) } else { None };
        self.expect("end")?;
        self.expect("case")?;
        self.semicolon()?;
        Ok(What::Case(subject, branches, otherwise))
    }

    fn for_loop(&mut self, label: Option<String>) -> Checked<What> {
        let mut variables = vec![self.name()?];
        while self.take_sign(",") {
            variables.push(self.name()?);
        }
        self.expect("in")?;
        if self.take("execute") {
            let query = self.until(&["loop", "using"])?;
            let using = if self.take("using") { self.list(&["loop"])? } else { Vec::new() };
            self.expect("loop")?;
            let body = self.loop_body()?;
            return Ok(What::ForExecute { label, variables, query, using, body });
        }
        let reverse = self.take("reverse");
        let first = self.until(&["loop", ".."])?;
        if self.take_sign("..") {
            let high = self.until(&["loop", "by"])?;
            let step = if self.take("by") { Some(self.until(&["loop"])?) } else { None };
            self.expect("loop")?;
            let body = self.loop_body()?;
            let variable = variables.swap_remove(0);
            return Ok(What::ForRange { label, variable, reverse, low: first, high, step, body });
        }
        self.expect("loop")?;
        let body = self.loop_body()?;
        Ok(What::ForQuery { label, variables, query: first, body })
    }

    fn raise(&mut self) -> Checked<What> {
        let mut level = "exception".to_owned();
        let levels = ["debug", "log", "info", "notice", "warning", "exception"];
        if let Some(found) = levels.iter().find(|l| self.is(l)) {
            (*found).clone_into(&mut level);
            self.at += 1;
        }
        let (mut message, mut code) = (None, None);
        match self.peek() {
            Some(token) if token.kind == Kind::Text => {
                message = Some(token.text.to_owned());
                self.at += 1;
            }
            Some(token) if token.is("sqlstate") => {
                self.at += 1;
                code = self.peek().map(|t| t.text.trim_matches('\'').to_owned());
                self.at += 1;
            }
            Some(token) if token.kind == Kind::Word && !token.is("using") => {
                code = Some(token.name());
                self.at += 1;
            }
            _ => {}
        }
        while self.take_sign(",") {
            self.until(&[",", "using"])?;
        }
        if self.take("using") {
            for option in self.list(&[])? {
                let (name, value) = option.split_once('=').unwrap_or((option.as_str(), ""));
                if name.trim().trim_end_matches(':').eq_ignore_ascii_case("errcode") {
                    code = Some(value.trim().trim_matches('\'').to_lowercase());
                }
            }
        }
        Ok(What::Raise { level, message, code })
    }
}
