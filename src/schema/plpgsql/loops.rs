//! Branches and loops.

use super::parse::Step;
use super::query::Rows;
use super::run::{Flow, Frame, TURNS};
use super::value::Value;
use crate::schema::catalogue::Ty;
use crate::schema::check::{Checked, Fault};
use crate::schema::replay::Session;

impl Session {
    pub(super) fn branches(
        &mut self,
        branches: &[(String, Vec<Step>)],
        otherwise: &[Step],
        frame: &mut Frame,
    ) -> Checked<Flow> {
        for (i, (condition, steps)) in branches.iter().enumerate() {
            match self.value_of(condition, frame)?.truth() {
                Ok(Some(true)) => return self.steps(steps, frame),
                Ok(_) => {}
                Err(()) => {
                    let mut all: Vec<Step> = Vec::new();
                    for (_, steps) in branches.get(i..).unwrap_or_default() {
                        all.extend(steps.iter().cloned());
                    }
                    all.extend(otherwise.iter().cloned());
                    self.doubt("a condition that depends on data", &all, frame);
                    return Ok(Flow::Next);
                }
            }
        }
        self.steps(otherwise, frame)
    }

    pub(super) fn case(
        &mut self,
        subject: Option<&str>,
        branches: &[(String, Vec<Step>)],
        otherwise: Option<&[Step]>,
        frame: &mut Frame,
    ) -> Checked<Flow> {
        for (condition, steps) in branches {
            let text = match subject {
                Some(subject) => format!("({subject}) in ({condition})"),
                None => condition.clone(),
            };
            match self.value_of(&text, frame)?.truth() {
                Ok(Some(true)) => return self.steps(steps, frame),
                Ok(_) => {}
                Err(()) => {
                    let all: Vec<Step> = branches.iter().flat_map(|(_, s)| s.iter().cloned()).collect();
                    self.doubt("a choice that depends on data", &all, frame);
                    return Ok(Flow::Next);
                }
            }
        }
        match otherwise {
            Some(steps) => self.steps(steps, frame),
            None => Err(Fault::new("20000", "case not found")),
        }
    }

    /// What a loop does with how its body ended: `Err` leaves the loop.
    pub(super) fn turned(flow: Flow, label: Option<&String>) -> Result<(), Flow> {
        let ours = |name: &Option<String>| name.is_none() || name.as_ref() == label;
        match flow {
            Flow::Next => Ok(()),
            Flow::Resume(name) if ours(&name) => Ok(()),
            Flow::Exit(name) if ours(&name) => Err(Flow::Next),
            other => Err(other),
        }
    }

    pub(super) fn turns(
        &mut self,
        label: Option<&String>,
        condition: Option<&String>,
        body: &[Step],
        frame: &mut Frame,
    ) -> Checked<Flow> {
        for _ in 0..TURNS {
            if let Some(condition) = condition {
                match self.value_of(condition, frame)?.truth() {
                    Ok(Some(true)) => {}
                    Ok(_) => return Ok(Flow::Next),
                    Err(()) => {
                        self.doubt("a loop that depends on data", body, frame);
                        return Ok(Flow::Next);
                    }
                }
            }
            self.spend(10)?;
            if let Err(flow) = Self::turned(self.steps(body, frame)?, label) {
                return Ok(flow);
            }
            // A loop whose way out depends on data would turn for ever.
            if condition.is_none() && self.budget < 1_000_000 {
                break;
            }
        }
        self.undecided("a loop whose end can't be told".to_owned(), Vec::new());
        Ok(Flow::Next)
    }

    pub(super) fn each(
        &mut self,
        label: Option<&String>,
        names: &[String],
        values: Vec<Value>,
        body: &[Step],
        frame: &mut Frame,
    ) -> Checked<Flow> {
        for value in values {
            let depth = frame.variables.len();
            let known = names.first().is_some_and(|name| frame.variables.iter().any(|(n, ..)| n == name));
            if let Some(name) = names.first() {
                if known {
                    self.assign(name, value, frame);
                } else {
                    frame.variables.push((name.clone(), value, Ty::ANY));
                }
            }
            let flow = self.steps(body, frame);
            frame.variables.truncate(depth);
            if let Err(flow) = Self::turned(flow?, label) {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    pub(super) fn over_rows(
        &mut self,
        label: Option<&String>,
        names: &[String],
        rows: Rows,
        body: &[Step],
        frame: &mut Frame,
    ) -> Checked<Flow> {
        if rows.open {
            self.doubt("a loop over rows of data", body, frame);
            return Ok(Flow::Next);
        }
        self.found(&rows, frame);
        for row in rows.rows {
            match names {
                [only] => {
                    let record = frame
                        .variables
                        .iter()
                        .any(|(n, v, ty)| n == only && (ty.is_any() || matches!(v, Value::Row(_))));
                    let scalar = frame.variables.iter().any(|(n, _, ty)| n == only && !ty.is_any());
                    let value = match row.as_slice() {
                        [(_, value)] if scalar && !record => value.clone(),
                        _ => Value::Row(row),
                    };
                    self.assign(only, value, frame);
                }
                names => {
                    for (name, (_, value)) in names.iter().zip(row) {
                        self.assign(name, value, frame);
                    }
                }
            }
            if let Err(flow) = Self::turned(self.steps(body, frame)?, label) {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }
}
