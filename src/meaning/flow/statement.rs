//! Statements.

use std::rc::Rc;

use super::facts::Fact;
use super::origin::Origin;
use super::state::{State, join};
use super::trace::{Cause, note};
use super::value::{Test, Value};
use super::{DEEPEST_SYNTAX, Flow};
use crate::code::{BinaryOp, Expr, Pattern, Property, Stmt, ValueId};
use crate::meaning::symbols::What;

impl<'c> Flow<'c> {
    /// Runs statements, one after the other.
    pub(super) fn run(&mut self, body: &'c [Stmt]) {
        if self.deep >= DEEPEST_SYNTAX {
            self.is_shallow = true;
            return;
        }
        self.deep += 1;
        self.note_depth();
        for stmt in body {
            if self.state.is_none() || !self.pay() {
                break;
            }
            self.statement(stmt);
        }
        self.deep -= 1;
    }

    /// Goes through a statement.
    pub(super) fn go_through(&mut self, stmt: &'c Stmt) {
        match stmt {
            Stmt::Let(pattern, value) => self.declare(pattern, *value),
            Stmt::Expr(expr) => {
                let value = self.eval(expr);
                // `NextResponse.json(…, { status: 401 });` without `return`.
                if let (Value::Response(response), Some(state)) = (&value, &self.state)
                    && state.sent.is_none()
                    && !response.passes
                    && self.denies(true, &value, state)
                {
                    self.trace.dropped.push((self.module(), self.line));
                }
            }
            Stmt::If { test, then, otherwise, line } => {
                self.line = *line;
                self.branch(test, then, otherwise);
            }
            Stmt::Return(value, line) => {
                let at = self.at();
                let value = match value {
                    Some(value) if self.code.function(at).is_async => self.eval_awaited(value),
                    // Whoever waits for this function waits for what it calls last.
                    Some(value) => self.eval_waiting(value),
                    None => Value::Undefined,
                };
                self.exit(false, value, *line);
            }
            Stmt::Throw(value, line) => {
                let value = self.eval(value);
                self.exit(true, value, *line);
            }
            Stmt::Try { body, caught, handler, finally, line } => {
                self.attempt(body, caught.as_ref(), handler.as_deref(), finally, *line);
            }
            Stmt::Loop { head, each, body } => self.repeat(head, each.as_ref(), body),
            Stmt::Switch { on, cases, .. } => self.switch(on, cases),
            Stmt::Block(body) => self.run(body),
            Stmt::Break => {
                let state = self.state.take();
                if let Some(out) = self.stack.last_mut().and_then(|frame| frame.breaks.last_mut()) {
                    *out = join(out.take(), state);
                }
            }
            // The loop goes on or ends: what comes after it is reached either way.
            Stmt::Continue => {
                let state = self.state.take();
                if let Some(out) = self.stack.last_mut().and_then(|frame| frame.breaks.last_mut()) {
                    *out = join(out.take(), state);
                }
            }
        }
    }

    fn declare(&mut self, pattern: &'c Pattern, value: Option<ValueId>) {
        let module = self.module();
        let expr = value.and_then(|value| self.code.module(module).values.get(value.0 as usize));
        let value = match expr {
            Some(expr) => self.eval(expr),
            None => Value::Undefined,
        };
        // The names of the module itself have the same value wherever they are asked for.
        self.bind(pattern, value);
    }

    fn branch(&mut self, test: &'c Expr, then: &'c [Stmt], otherwise: &'c [Stmt]) {
        let line = self.line;
        let (before, lost) = (std::mem::take(&mut self.touched), self.trace.losses.len());
        let (yes, no) = self.test(test);
        // What a question decides is no secret where a part of it was understood.
        let is_understood = self.trace.losses.len() > lost;
        let about = self.touched;
        self.touched = before.with(about);
        let mark = self.exits();
        let (yes, mut no) = self.in_environment(about, yes, no);
        let closes = self.last_choice.take() == Some(std::ptr::from_ref(test));
        self.state = yes;
        self.run(then);
        if closes && self.turned_away_since(mark) {
            no = None;
        }
        self.last_choice = ends_choice(test, otherwise).filter(|_| !about.has(Origin::REQUEST));
        let mut after = self.state.take();
        let denied = after.is_none() && self.denied_since(mark);
        let mark = self.exits();
        self.state = no;
        self.run(otherwise);
        if let Some(state) = self.state.clone().filter(|_| denied && !is_understood) {
            let end = std::mem::replace(&mut self.line, line);
            self.decide(about, state);
            self.line = end;
        }
        if !otherwise.is_empty() && self.state.is_none() && self.denied_since(mark) {
            let other = after.take();
            if let Some(other) = other {
                let (_, state) = self.aside(Some(other.clone()), |flow| flow.decide(about, other));
                after = state;
            }
        }
        let rest = self.state.take();
        self.compare(after.as_ref(), rest.as_ref(), Cause::Branch, about, line);
        self.state = join(after, rest);
    }

    /// Both ways of a question about the environment remember it.
    fn in_environment(
        &self,
        about: Origin,
        mut yes: Option<State<'c>>,
        mut no: Option<State<'c>>,
    ) -> (Option<State<'c>>, Option<State<'c>>) {
        if about.has(Origin::ENVIRONMENT)
            && !about.has(Origin::REQUEST)
            && let Some(name) = &self.touched_environment
        {
            for (state, way) in [(&mut yes, true), (&mut no, false)] {
                if let Some(state) = state {
                    state.facts.add(Fact::When(name.clone(), way), None);
                }
            }
        }
        (yes, no)
    }

    /// Whether some way that ended since then turned the caller away.
    fn turned_away_since(&self, mark: usize) -> bool {
        let Some(frame) = self.stack.last() else { return false };
        let exits = frame.exits.get(mark..).unwrap_or_default();
        exits.iter().any(|exit| self.denies(exit.throws, &exit.value, &exit.state))
    }

    /// Whoever does not pass a check is turned away. What the check was about says what that is worth.
    fn decide(&mut self, about: Origin, state: State<'c>) {
        let mut state = state;
        if about.has(Origin::BY_TOKEN) {
            self.found_by_token(&mut state);
        } else if about.has(Origin::OPAQUE) || about.has(Origin::CARRIED) && self.has_unread {
            // Who is known and turned away all the same lacks something that can't be told.
            let is_told = state.facts.verified(What::Owner) || state.facts.roles().next().is_some();
            if state.facts.verified(What::Identity) && !is_told {
                state.facts.add(Fact::role_in(Vec::new()), None);
            }
            let site = self.site();
            note(&mut self.trace.undecided, site);
            state.facts.add(Fact::Decided, None);
        } else if about.has(Origin::HEADER) {
            self.trace.checked = self.trace.checked.or(Some(self.site()));
            state.facts.add(Fact::Checked, None);
        }
        self.state = Some(state);
    }

    fn exits(&self) -> usize {
        self.stack.last().map_or(0, |frame| frame.exits.len())
    }

    /// Whether every way that ended since then turned the caller away.
    fn denied_since(&self, mark: usize) -> bool {
        let Some(frame) = self.stack.last() else { return false };
        let exits = frame.exits.get(mark..).unwrap_or_default();
        !exits.is_empty() && exits.iter().all(|exit| self.denies(exit.throws, &exit.value, &exit.state))
    }

    fn attempt(
        &mut self,
        body: &'c [Stmt],
        caught: Option<&'c Pattern>,
        handler: Option<&'c [Stmt]>,
        finally: &'c [Stmt],
        line: u32,
    ) {
        let entry = self.state.clone();
        let mark = self.exits();
        if let (Some(state), Some(_)) = (&mut self.state, handler) {
            state.tried += 1;
        }
        self.run(body);
        let mut after = self.state.take();
        if let Some(handler) = handler {
            let mut into = entry.clone();
            let exits = match self.stack.last_mut() {
                Some(frame) => frame.exits.split_off(mark.min(frame.exits.len())),
                None => Vec::new(),
            };
            for exit in exits {
                if exit.throws {
                    into = join(into, Some(exit.state));
                } else if let Some(frame) = self.stack.last_mut() {
                    frame.exits.push(exit);
                }
            }
            let tried = entry.as_ref().map_or(0, |state| state.tried);
            if let Some(state) = &mut into {
                state.tried = tried;
            }
            if let Some(state) = &mut after {
                state.tried = tried;
            }
            let was = entry.as_ref().is_some_and(|state| state.caught);
            if let Some(state) = &mut into {
                state.caught = true;
            }
            self.state = into;
            if let Some(pattern) = caught {
                self.bind(pattern, Value::Caught);
            }
            self.run(handler);
            if let Some(state) = &mut self.state {
                state.caught = was;
            }
            let caught = self.state.take();
            self.compare(after.as_ref(), caught.as_ref(), Cause::Caught, Origin::CAUGHT, line);
            after = join(after, caught);
        }
        self.state = after;
        if !finally.is_empty() {
            match self.state.is_some() {
                true => self.run(finally),
                // It runs all the same, and then what was on its way out goes on.
                false => {
                    self.aside(entry, |flow| flow.run(finally));
                }
            }
        }
    }

    fn repeat(&mut self, head: &'c [Expr], each: Option<&'c Pattern>, body: &'c [Stmt]) {
        let mut over = Value::Unknown;
        let mut entered = None;
        for (at, expr) in head.iter().enumerate() {
            // The condition of a loop without `of`: the body is entered only if it holds.
            if each.is_none() && at == 0 && head.len() == 1 {
                let (yes, no) = self.test(expr);
                entered = yes;
                self.state = no.or_else(|| entered.clone());
            } else {
                over = self.eval_awaited(expr);
            }
        }
        let before = self.state.clone();
        if entered.is_some() {
            self.state = entered;
        }
        if let Some(pattern) = each {
            let item = self.item(&over);
            self.bind(pattern, item);
        }
        if let Some(frame) = self.stack.last_mut() {
            frame.breaks.push(None);
        }
        self.run(body);
        let broke = self.stack.last_mut().and_then(|frame| frame.breaks.pop()).flatten();
        // What was found out in the body holds only if it ran.
        self.state = join(join(before, broke), self.state.take());
    }

    /// One of what a list has in it.
    pub(super) fn item(&mut self, list: &Value<'c>) -> Value<'c> {
        match list {
            Value::List(items, true) if !items.is_empty() => self.element(list),
            Value::Symbol(_) => self.element(list),
            Value::OneOf(all) => {
                let all = all.clone();
                Value::one_of(all.iter().map(|(v, facts)| (self.item(v), facts.clone())).collect())
            }
            _ => Value::Unknown,
        }
    }

    fn switch(&mut self, on: &'c Expr, cases: &'c [(Option<Expr>, Vec<Stmt>)]) {
        let value = self.eval(on);
        let Some(mut rest) = self.state.take() else { return };
        if let Some(frame) = self.stack.last_mut() {
            frame.breaks.push(None);
        }
        let mut falls: Option<State<'c>> = None;
        let mut default = None;
        let mut open = true;
        let mut entries = Vec::new();
        for (at, (case, _)) in cases.iter().enumerate() {
            match case {
                None => default = Some(at),
                Some(Expr::Bool(true)) => {}
                Some(case) if open => {
                    self.state = Some(rest.clone());
                    // `switch (true) { case a === b: … }` asks each in turn.
                    let (yes, no) = match &value {
                        Value::Bool(true) => self.test(case),
                        _ => {
                            let other = self.eval(case);
                            let test = Value::Test(Rc::new(Test::Equal(value.clone(), other)));
                            let state = self.state.clone().unwrap_or_default();
                            (self.narrowed(on, &test, state.clone(), true), self.refined(&test, state, false))
                        }
                    };
                    entries.push((at, yes));
                    match no {
                        Some(no) => rest = no,
                        None => open = false,
                    }
                }
                Some(_) => {}
            }
        }
        let rest = open.then_some(rest);
        for (at, (_, body)) in cases.iter().enumerate() {
            let entry = match default == Some(at) {
                true => rest.clone(),
                false => entries.iter().find(|(of, _)| *of == at).and_then(|(_, state)| state.clone()),
            };
            self.state = join(falls.take(), entry);
            self.run(body);
            falls = self.state.take();
        }
        let broke = self.stack.last_mut().and_then(|frame| frame.breaks.pop()).flatten();
        let after = join(falls, broke);
        self.state = if default.is_none() { join(after, rest) } else { after };
    }
}

/// The last question of a choice between values of one setting: of `if (mode === "jwt") … else if (mode === "database") …`
/// without `else` the second. What the setting else could be isn't asked: there is nothing else to choose.
fn ends_choice(test: &Expr, otherwise: &[Stmt]) -> Option<*const Expr> {
    let [Stmt::If { test: next, otherwise: rest, .. }] = otherwise else { return None };
    let (one, other) = (choice(test)?, choice(next)?);
    (rest.is_empty() && one == other).then_some(std::ptr::from_ref(next))
}

/// The setting that is compared with a text: its names.
fn choice(test: &Expr) -> Option<Vec<&str>> {
    let Expr::Binary(BinaryOp::Equal, sides) = test else { return None };
    let side = match &**sides {
        [Expr::Text(_), side] | [side, Expr::Text(_)] => side,
        _ => return None,
    };
    let mut names = Vec::new();
    let mut at = side;
    loop {
        match at {
            Expr::Member(member) => {
                let Property::Named(name) = &member.property else { return None };
                names.push(&**name);
                at = &member.object;
            }
            Expr::Name(name, _) => {
                names.push(&**name);
                return Some(names);
            }
            _ => return None,
        }
    }
}
