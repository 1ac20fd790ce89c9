//! Blocks, run statement by statement.

use super::conditions;
use super::parse::{Block, Step, What};
use super::query::{Rows, Scope};
use super::value::Value;
use crate::schema::catalogue::Ty;
use crate::schema::check::{Checked, Fault, Variable};
use crate::schema::parse;
use crate::schema::replay::Session;
use crate::schema::sql::{QName, Query, Statement};

/// How a statement ended.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Flow {
    Next,
    Exit(Option<String>),
    Resume(Option<String>),
    Return,
}

/// What a block knows: its variables, innermost last, and `found`.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame {
    pub(super) variables: Vec<(String, Value, Ty)>,
    pub(super) params: Vec<Value>,
}

/// How often a loop may turn.
pub(super) const TURNS: usize = 20_000;

impl Session {
    /// `do`
    pub(in crate::schema) fn run_block(&mut self, body: &str, language: Option<&str>) -> Checked<()> {
        match language {
            None | Some("plpgsql") => {}
            Some(other) => {
                self.undecided(format!("a block in {other}"), vec!["*".to_owned()]);
                return Ok(());
            }
        }
        let block = self.parsed(body)?;
        let mut frame = Frame::default();
        self.nested(|s| s.block(&block, &mut frame)).map(|_| ())
    }

    pub(super) fn parsed(&self, body: &str) -> Checked<Block> {
        if parse::too_deep(body) {
            return Err(Fault::new("54001", "stack depth limit exceeded"));
        }
        super::block(body)
    }

    pub(super) fn block(&mut self, block: &Block, frame: &mut Frame) -> Checked<Flow> {
        let depth = frame.variables.len();
        self.declared_types(block)?;
        for variable in &block.declared {
            let value = match &variable.value {
                Some(text) => self.value_of(text, frame)?,
                None => Value::Null,
            };
            let plain = !variable.ty.contains('%') && !variable.ty.eq_ignore_ascii_case("record");
            let ty = if plain { self.variable_type(&variable.ty).unwrap_or(Ty::ANY) } else { Ty::ANY };
            frame.variables.push((variable.name.clone(), value, ty));
        }
        let mark = self.cat.mark();
        let failures = self.cat.undecided.len();
        let result = self.steps(&block.steps, frame);
        let result = match result {
            Err(fault) => {
                let handler = block
                    .handlers
                    .iter()
                    .find(|(names, _)| names.iter().any(|name| conditions::matches(name, fault.code)));
                match handler {
                    Some((_, steps)) => {
                        // What the block had done is undone, as its subtransaction is.
                        self.cat.rollback(mark);
                        self.cat.undecided.truncate(failures);
                        frame.variables.push((
                            "sqlerrm".to_owned(),
                            Value::Text(fault.message.clone()),
                            Ty::TEXT,
                        ));
                        frame.variables.push(("sqlstate".to_owned(), Value::text(fault.code), Ty::TEXT));
                        match self.steps(steps, frame) {
                            Err(again) if again.message == RERAISE => Err(fault),
                            other => other,
                        }
                    }
                    None => Err(fault),
                }
            }
            done => done,
        };
        frame.variables.truncate(depth);
        match result? {
            Flow::Exit(Some(label)) if block.label.as_ref() == Some(&label) => Ok(Flow::Next),
            flow => Ok(flow),
        }
    }

    pub(super) fn steps(&mut self, steps: &[Step], frame: &mut Frame) -> Checked<Flow> {
        let line = self.place.line;
        for step in steps {
            self.place.line = self.body_line + step.line;
            let flow = stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.step(&step.what, frame));
            match flow {
                Ok(Flow::Next) => {}
                other => {
                    self.place.line = line;
                    return other;
                }
            }
        }
        self.place.line = line;
        Ok(Flow::Next)
    }

    fn step(&mut self, what: &What, frame: &mut Frame) -> Checked<Flow> {
        self.spend(20)?;
        match what {
            What::Block(block) => return self.nested(|s| s.block(block, frame)),
            What::Sql { text, into, strict } => self.sql(text, into, *strict, frame)?,
            What::Perform(text) => {
                let query = self.query_of(&format!("select {text}"))?;
                self.checked(&query, frame)?;
                let rows = self.rows_of(&query, frame)?;
                self.found(&rows, frame);
            }
            What::Assign(name, text) => {
                let value = self.value_of(text, frame)?;
                self.assign(name, value, frame);
            }
            What::If(branches, otherwise) => return self.branches(branches, otherwise, frame),
            What::Case(subject, branches, otherwise) => {
                return self.case(subject.as_deref(), branches, otherwise.as_deref(), frame);
            }
            What::Loop(label, body) => return self.turns(label.as_ref(), None, body, frame),
            What::While(label, condition, body) => {
                return self.turns(label.as_ref(), Some(condition), body, frame);
            }
            What::ForRange { label, variable, reverse, low, high, step, body } => {
                let low = self.value_of(low, frame)?.number();
                let high = self.value_of(high, frame)?.number();
                let step = match step {
                    Some(step) => self.value_of(step, frame)?.number().unwrap_or(1).max(1),
                    None => 1,
                };
                let (Some(low), Some(high)) = (low, high) else {
                    self.doubt("a loop whose bounds depend on data", body, frame);
                    return Ok(Flow::Next);
                };
                let mut values = Vec::new();
                let mut at = low;
                while values.len() < TURNS && if *reverse { at >= high } else { at <= high } {
                    values.push(Value::Int(at));
                    at = if *reverse { at - step } else { at + step };
                }
                return self.each(label.as_ref(), std::slice::from_ref(variable), values, body, frame);
            }
            What::ForQuery { label, variables, query, body } => {
                let query = self.query_of(query)?;
                self.checked(&query, frame)?;
                let rows = self.rows_of(&query, frame)?;
                return self.over_rows(label.as_ref(), variables, rows, body, frame);
            }
            What::ForExecute { label, variables, query, using, body } => {
                let text = self.value_of(query, frame)?;
                let Value::Text(text) = text else {
                    self.doubt("a loop over a query that is put together from data", body, frame);
                    return Ok(Flow::Next);
                };
                let query = self.query_of(&text)?;
                let mut inner = Frame { variables: Vec::new(), params: self.values(using, frame)? };
                self.checked(&query, &inner)?;
                let rows = self.rows_of(&query, &mut inner)?;
                return self.over_rows(label.as_ref(), variables, rows, body, frame);
            }
            What::ForEach { label, variable, array, body } => {
                let items = match self.value_of(array, frame)? {
                    Value::Array(items) => items,
                    Value::Text(text) => match super::value::array(&text) {
                        Value::Array(items) => items,
                        _ => Vec::new(),
                    },
                    Value::Null => return Err(Fault::new("22004", "FOREACH expression must not be null")),
                    _ => {
                        self.doubt("a loop over an array that depends on data", body, frame);
                        return Ok(Flow::Next);
                    }
                };
                return self.each(label.as_ref(), std::slice::from_ref(variable), items, body, frame);
            }
            What::Exit { resume, label, when } => {
                if let Some(when) = when
                    && self.value_of(when, frame)?.truth() != Ok(Some(true))
                {
                    return Ok(Flow::Next);
                }
                return Ok(if *resume { Flow::Resume(label.clone()) } else { Flow::Exit(label.clone()) });
            }
            What::Execute { text, into, using } => self.execute_text(text, into, using, frame)?,
            What::Raise { level, message, code } => {
                if level == "exception" {
                    if message.is_none() && code.is_none() {
                        return Err(Fault::new("P0001", RERAISE));
                    }
                    let shown = message.clone().unwrap_or_default();
                    let code = code.as_deref().map_or("P0001", conditions::known_code);
                    return Err(Fault::new(code, shown.trim_matches('\'').to_owned()));
                }
            }
            What::Diagnostics(names) => {
                for name in names {
                    self.assign(name, Value::Unknown, frame);
                }
            }
            What::Return => return Ok(Flow::Return),
            What::Nothing => {}
        }
        Ok(Flow::Next)
    }

    pub(super) fn found(&mut self, rows: &Rows, frame: &mut Frame) {
        let value = if rows.rows.is_empty() {
            if rows.open { Value::Unknown } else { Value::Bool(false) }
        } else {
            Value::Bool(true)
        };
        self.assign("found", value, frame);
    }

    pub(super) fn assign(&mut self, name: &str, value: Value, frame: &mut Frame) {
        if let Some((record, field)) = name.split_once('.')
            && let Some((_, Value::Row(fields), _)) =
                frame.variables.iter_mut().rev().find(|(n, ..)| n == record)
        {
            match fields.iter_mut().find(|(f, _)| f == field) {
                Some(slot) => slot.1 = value,
                None => fields.push((field.to_owned(), value)),
            }
            return;
        }
        // An element of an array: what the array is then is not followed.
        let (name, value) = match name.split_once('[') {
            Some((name, _)) => (name, Value::Unknown),
            None => (name, value),
        };
        match frame.variables.iter_mut().rev().find(|(n, ..)| n == name) {
            Some(slot) => slot.1 = value,
            None => frame.variables.push((name.to_owned(), value, Ty::ANY)),
        }
    }

    pub(super) fn query_of(&self, text: &str) -> Checked<Query> {
        match parse::statements(text)?.into_iter().next() {
            Some(Statement::Query(query)) => Ok(query),
            _ => Err(Fault::new("42601", "a query is expected")),
        }
    }

    /// That what a query names is there.
    pub(super) fn checked(&self, query: &Query, frame: &Frame) -> Checked<()> {
        let mut checker = self.checker();
        checker.lenient = true;
        checker.variables = variables(frame);
        checker.query(query).map(|_| ())
    }

    pub(super) fn rows_of(&mut self, query: &Query, frame: &mut Frame) -> Checked<Rows> {
        let variables = frame.variables.clone();
        let scope = Scope { variables: &variables, params: &frame.params, ..Scope::default() };
        self.rows(query, &scope)
    }

    /// The value of an expression that is text.
    pub(super) fn value_of(&mut self, text: &str, frame: &mut Frame) -> Checked<Value> {
        let query = self.query_of(&format!("select {text}"))?;
        self.checked(&query, frame)?;
        let rows = self.rows_of(&query, frame)?;
        Ok(match rows.rows.first() {
            Some(row) if !rows.open => row.first().map_or(Value::Null, |(_, v)| v.clone()),
            None if !rows.open => Value::Null,
            _ => Value::Unknown,
        })
    }

    pub(super) fn values(&mut self, texts: &[String], frame: &mut Frame) -> Checked<Vec<Value>> {
        texts.iter().map(|text| self.value_of(text, frame)).collect()
    }

    pub(super) fn store(&mut self, into: &[String], rows: &Rows, frame: &mut Frame) {
        let first = rows.rows.first().filter(|_| !rows.open);
        match into {
            [] => {}
            [only] => {
                let value = match (first, rows.open) {
                    (_, true) => Value::Unknown,
                    (Some(row), _) => {
                        let scalar = frame.variables.iter().any(|(n, _, ty)| n == only && !ty.is_any());
                        match row.as_slice() {
                            [(_, value)] if scalar => value.clone(),
                            row => Value::Row(row.to_vec()),
                        }
                    }
                    (None, _) => Value::Null,
                };
                self.assign(only, value, frame);
            }
            many => {
                for (i, name) in many.iter().enumerate() {
                    let value = match (first.and_then(|row| row.get(i)), rows.open) {
                        (_, true) => Value::Unknown,
                        (Some((_, value)), _) => value.clone(),
                        (None, _) => Value::Null,
                    };
                    self.assign(name, value, frame);
                }
            }
        }
    }

    /// A statement of SQL, written out.
    fn sql(&mut self, text: &str, into: &[String], strict: bool, frame: &mut Frame) -> Checked<()> {
        for statement in parse::statements(text)? {
            match &statement {
                Statement::Query(query) => {
                    self.checked(query, frame)?;
                    let rows = self.rows_of(query, frame)?;
                    if strict && rows.rows.is_empty() && !rows.open {
                        return Err(Fault::new("P0002", "query returned no rows"));
                    }
                    self.found(&rows, frame);
                    self.store(into, &rows, frame);
                }
                Statement::Data(data) => {
                    let mut checker = self.checker();
                    checker.lenient = true;
                    checker.variables = variables(frame);
                    checker.data(data)?;
                    for name in into.iter().map(String::as_str).chain(["found"]) {
                        self.assign(name, Value::Unknown, frame);
                    }
                    let plain = QName { schema: Some("storage".to_owned()), name: "buckets".to_owned() };
                    if data.table == plain {
                        self.nested(|s| s.run(&statement))?;
                    }
                }
                _ => self.nested(|s| s.run(&statement))?,
            }
        }
        Ok(())
    }

    /// `execute`
    fn execute_text(
        &mut self,
        text: &str,
        into: &[String],
        using: &[String],
        frame: &mut Frame,
    ) -> Checked<()> {
        let value = self.value_of(text, frame)?;
        let params = self.values(using, frame)?;
        match value {
            Value::Text(sql) => {
                let mut inner = Frame { variables: Vec::new(), params };
                for piece in crate::schema::split::split(&sql) {
                    self.executed(piece.text, into, &mut inner, frame)?;
                }
                Ok(())
            }
            Value::Null => Err(Fault::new("22004", "query string argument of EXECUTE is null")),
            _ => {
                self.doubt_text(text);
                for name in into {
                    self.assign(name, Value::Unknown, frame);
                }
                Ok(())
            }
        }
    }

    fn executed(&mut self, text: &str, into: &[String], inner: &mut Frame, frame: &mut Frame) -> Checked<()> {
        for statement in parse::statements(text)? {
            match &statement {
                Statement::Query(query) => {
                    self.checked(query, inner)?;
                    let rows = self.rows_of(query, inner)?;
                    self.store(into, &rows, frame);
                }
                Statement::Data(data) => {
                    let mut checker = self.checker();
                    checker.lenient = true;
                    checker.data(data)?;
                }
                _ => self.nested(|s| s.run(&statement))?,
            }
        }
        Ok(())
    }
}

/// What `raise;` says: the error that is being handled goes on.
const RERAISE: &str = "%reraise";

fn variables(frame: &Frame) -> Vec<Variable> {
    frame.variables.iter().rev().map(|(name, _, ty)| Variable { name: name.clone(), ty: *ty }).collect()
}
