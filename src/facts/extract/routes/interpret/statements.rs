//! What statements do. Both arms of a branch are run, each under its condition.

use super::{DEPTH, ENTRIES, Flow, Is, Run, Value};
use crate::code::{BinaryOp, Expr, Member, Property, Stmt};
use crate::facts::extract::routes::tree::Branch;

impl<'c> Run<'c> {
    pub(super) fn statements(&mut self, frame: usize, body: &'c [Stmt]) -> Flow {
        if self.depth >= DEPTH {
            return Flow::Stop;
        }
        self.depth += 1;
        let mut flow = Flow::Next;
        let outside = self.branches.len();
        for statement in body {
            if !self.tick(1) {
                flow = Flow::Stop;
                break;
            }
            flow = self.statement(frame, statement);
            if flow != Flow::Next {
                break;
            }
        }
        self.branches.truncate(outside);
        self.depth -= 1;
        flow
    }

    fn statement(&mut self, frame: usize, statement: &'c Stmt) -> Flow {
        let module = self.frames[frame].module;
        match statement {
            Stmt::Let(pattern, value) => {
                let value = match value.and_then(|id| self.module(module).values.get(id.0 as usize)) {
                    Some(expr) => self.eval(frame, expr).or_from((module, expr)),
                    None => Value::unknown(),
                };
                self.bind(frame, pattern, value, true);
            }
            Stmt::Expr(expr) => {
                let value = self.eval(frame, expr).or_from((module, expr));
                if self.frames[frame].parent.is_none() && matches!(expr, Expr::Call(_) | Expr::Assign(_)) {
                    self.run_already.insert(std::ptr::from_ref(expr) as usize, value);
                }
            }
            Stmt::If { test, then, otherwise, .. } => {
                self.eval(frame, test);
                let one = self.under(test, 0, |run| run.statements(frame, then));
                let other = self.under(test, 1, |run| run.statements(frame, otherwise));
                match (one, other) {
                    (Flow::Next, Flow::Next) => {}
                    (Flow::Next, other) => self.goes_on(test, 0, other),
                    (one, Flow::Next) => self.goes_on(test, 1, one),
                    (Flow::Throw, other) => return other,
                    (one, _) => return one,
                }
            }
            Stmt::Return(value, _) => {
                let value = match value {
                    Some(expr) => self.eval(frame, expr).or_from((module, expr)),
                    None => Value::unknown(),
                };
                if let Some(slot) = self.returned.last_mut()
                    && slot.as_ref().is_none_or(|v| matches!(v.is, Is::Unknown))
                {
                    *slot = Some(value);
                }
                return Flow::Stop;
            }
            Stmt::Throw(expr, _) => {
                self.eval(frame, expr);
                return Flow::Throw;
            }
            Stmt::Try { body, caught, handler, finally, .. } => {
                let flow = self.statements(frame, body);
                if let Some(caught) = caught {
                    self.bind(frame, caught, Value::unknown(), true);
                }
                if let Some(handler) = handler {
                    self.statements(frame, handler);
                }
                if self.statements(frame, finally) == Flow::Stop {
                    return Flow::Stop;
                }
                return if flow == Flow::Throw { Flow::Next } else { flow };
            }
            Stmt::Loop { head, each, body } => self.goes_round(frame, head, each.as_ref(), body),
            Stmt::Switch { on, cases, .. } => {
                self.eval(frame, on);
                for (at, (test, body)) in cases.iter().enumerate() {
                    if let Some(test) = test {
                        self.eval(frame, test);
                    }
                    // Arms exclude each other unless they fall through, which routing code does not.
                    let arm = u32::try_from(at).unwrap_or(u32::MAX);
                    self.under(on, arm, |run| run.statements(frame, body));
                }
            }
            Stmt::Block(body) => return self.statements(frame, body),
            Stmt::Break | Stmt::Continue => return Flow::Stop,
        }
        Flow::Next
    }

    fn goes_round(
        &mut self,
        frame: usize,
        head: &'c [Expr],
        each: Option<&'c crate::code::Pattern>,
        body: &'c [Stmt],
    ) {
        let mut over = Value::unknown();
        for expr in head {
            over = self.eval(frame, expr);
        }
        let items = match (each, &over.is) {
            (Some(_), Is::List(id)) => self.lists[*id].iter().take(ENTRIES).cloned().collect(),
            _ => vec![Value::unknown()],
        };
        if !self.tick(items.len()) {
            return;
        }
        for item in items {
            if let Some(each) = each {
                self.bind(frame, each, item, true);
            }
            self.statements(frame, body);
        }
    }

    /// What comes after a branch whose other arm leaves is in this arm, up to the end of the block. An arm that throws
    /// is none: then nothing is served.
    fn goes_on(&mut self, test: &'c Expr, arm: u32, other: Flow) {
        if other == Flow::Stop && self.branches.len() < 64 {
            let says = describe(test, arm == 0);
            self.branches.push(Branch { id: std::ptr::from_ref(test) as usize, arm, says });
        }
    }

    /// Runs something that only happens if `test` goes one way.
    pub(super) fn under<T>(&mut self, test: &'c Expr, arm: u32, run: impl FnOnce(&mut Self) -> T) -> T {
        let says = describe(test, arm == 0);
        self.branches.push(Branch { id: std::ptr::from_ref(test) as usize, arm, says });
        let out = run(self);
        self.branches.pop();
        out
    }
}

/// A condition in words.
fn describe(test: &Expr, holds: bool) -> std::rc::Rc<str> {
    let (name, value, same) = match test {
        Expr::Not(inner) => return describe_once(inner, !holds),
        Expr::Binary(op @ (BinaryOp::Equal | BinaryOp::NotEqual), sides) => match (&sides[0], &sides[1]) {
            (place, Expr::Text(text)) | (Expr::Text(text), place) => {
                (environment(place), Some(text), *op == BinaryOp::Equal)
            }
            _ => (None, None, true),
        },
        place => (environment(place), None, true),
    };
    let is = if same == holds { "is" } else { "is not" };
    match (name, value) {
        (Some(name), Some(value)) => format!("only if {name} {is} {value}").into(),
        (Some(name), None) => format!("only if {name} {is} set").into(),
        _ => "only under a condition".into(),
    }
}

fn describe_once(test: &Expr, holds: bool) -> std::rc::Rc<str> {
    match test {
        Expr::Not(_) => "only under a condition".into(),
        _ => describe(test, holds),
    }
}

/// `NAME` of `process.env.NAME` and of what is spelled like it.
fn environment(expr: &Expr) -> Option<&str> {
    let Expr::Member(member) = expr else { return None };
    let Member { object: Expr::Member(env), property: Property::Named(name), .. } = member.as_ref() else {
        return None;
    };
    (env.property == Property::Named("env".into())).then_some(name.as_ref())
}
