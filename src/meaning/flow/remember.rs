//! What functions came to: one that is called again with the same is not gone through again.
//!
//! It makes no difference but in time. What a run hangs on is in its key or is compared: what the function is given and
//! sees of the names around it, what holds, what it read of what earlier layers left, and how deep it went. A run that hung on anything else (it was cut, or
//! refused because of who called it) is not kept.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::facts::{Fact, Facts};
use super::origin::Origin;
use super::print::Printer;
use super::state::State;
use super::trace::Trace;
use super::value::{Closure, Value};
use super::{DEEPEST, DEEPEST_SYNTAX, Exit, Flow, MOST_STEPS};
use crate::code::{FunctionAt, Name};
use crate::hash::Keyed;

/// Functions that take fewer steps are gone through again: that is faster.
const FEWEST_STEPS: u32 = 48;
/// How many runs are kept.
const MOST_RUNS: usize = 6_000;

/// What functions came to.
#[derive(Debug, Default)]
pub(super) struct Memory<'c> {
    key: Keyed,
    runs: HashMap<u64, Vec<Rc<Run<'c>>>, Keyed>,
    count: usize,
    /// What ran once.
    once: HashSet<u64, Keyed>,
    /// How many steps functions took at most.
    steps: HashMap<FunctionAt, u32, Keyed>,
    /// How many runs are noted down now, each within the one before.
    noting: usize,
    noted: Noted,
}

/// What a run hangs on beside what it is given.
#[derive(Debug, Default, Clone)]
struct Noted {
    /// What was asked of what earlier layers left, with the print of the answer.
    reads: Vec<(String, Option<u64>)>,
    /// Whether something held before, where that was asked.
    asked: Vec<(Fact, bool)>,
    /// Which functions were entered.
    entered: Vec<FunctionAt>,
    /// Which functions were not entered because they were entered below: in which frame.
    refused: Vec<(FunctionAt, usize)>,
    /// Something was not done because it was too deep.
    is_too_deep: bool,
    /// It can't be told what it hangs on.
    is_lost: bool,
    highest: usize,
    deepest: u32,
}

/// See the module.
#[derive(Debug)]
struct Run<'c> {
    /// How it ends. Of names there are those that it changed.
    exits: Vec<Exit<'c>>,
    trace: Trace<'c>,
    steps: u32,
    touched: Origin,
    touched_environment: Option<Name>,
    reads: Vec<(String, Option<u64>)>,
    asked: Vec<(Fact, bool)>,
    entered: Vec<FunctionAt>,
    refused: Vec<FunctionAt>,
    /// From how many frames it begins, if that mattered.
    height: Option<usize>,
    /// How many frames, and how many levels of syntax, it added at most.
    high: usize,
    deep: u32,
}

impl<'c> Flow<'c> {
    /// What an earlier layer left at a place.
    pub(super) fn left(&mut self, place: &str) -> Option<Value<'c>> {
        self.hangs_on_state = true;
        let value = self.state.as_ref().and_then(|state| state.left.get(place)).cloned();
        if self.is_noting() {
            let print = match &value {
                None => Some(None),
                Some(value) => {
                    let mut printer = Printer::new(self.memory.key);
                    printer.value(value).map(|()| Some(printer.print()))
                }
            };
            match print {
                Some(print) => self.memory.noted.reads.push((place.to_owned(), print)),
                None => self.memory.noted.is_lost = true,
            }
        }
        value
    }

    /// Whether a run is noted down. What happens at another time is none of it.
    fn is_noting(&self) -> bool {
        self.memory.noting > 0 && self.apart == 0
    }

    /// A function was not entered, because it was entered in a frame below.
    pub(super) fn note_circle(&mut self, at: FunctionAt, frame: usize) {
        if self.is_noting() {
            self.memory.noted.refused.push((at, frame));
        }
    }

    /// A function was not entered, because it is too deep.
    pub(super) fn note_too_deep(&mut self) {
        self.memory.noted.is_too_deep |= self.is_noting();
    }

    /// How deep it is in syntax is noted.
    pub(super) fn note_depth(&mut self) {
        self.memory.noted.deepest = self.memory.noted.deepest.max(self.deep);
    }

    /// What held where this was called as well, as far as what is gone through by itself goes.
    pub(super) fn with_base(&self, facts: &Facts) -> Facts {
        let mut all = self.base.clone();
        all.add_all(facts);
        all
    }

    /// Whether something holds, here or where this was called.
    pub(super) fn held(&mut self, facts: &Facts, fact: &Fact) -> bool {
        if facts.has(fact) || self.base.has(fact) {
            return true;
        }
        let is_held = self.beyond.has(fact);
        if self.is_noting() {
            self.memory.noted.asked.push((fact.clone(), is_held));
        }
        is_held
    }

    /// A function is entered.
    pub(super) fn note_entry(&mut self, at: FunctionAt) {
        if self.is_noting() {
            self.memory.noted.entered.push(at);
            self.memory.noted.highest = self.memory.noted.highest.max(self.stack.len());
        }
    }

    /// Goes through a function, or remembers what it came to. `held`: what held where it is called; what it gives doesn't
    /// have it.
    pub(super) fn recall(
        &mut self,
        closure: &Closure<'c>,
        args: Vec<Value<'c>>,
        held: &Facts,
    ) -> Option<Vec<Exit<'c>>> {
        let Some(key) = self.key(closure, &args) else { return self.only_gone_through(closure, args, held) };
        let runs = self.memory.runs.get(&key);
        if let Some(run) = runs.and_then(|runs| runs.iter().find(|run| self.fits(run, held))).cloned() {
            return Some(self.replay(&run, held));
        }
        // Most of what runs once never does so again.
        match self.memory.once.insert(key) {
            true => self.only_gone_through(closure, args, held),
            false => self.noted_down(key, closure, args, held),
        }
    }

    fn only_gone_through(
        &mut self,
        closure: &Closure<'c>,
        args: Vec<Value<'c>>,
        held: &Facts,
    ) -> Option<Vec<Exit<'c>>> {
        let inner = self.with_base(held);
        let base = std::mem::replace(&mut self.base, inner);
        let steps = self.steps;
        let exits = self.gone_through(closure, args);
        self.took(closure.at, steps);
        self.base = base;
        exits
    }

    /// Notes how many steps a function took that began with this many.
    fn took(&mut self, at: FunctionAt, before: u32) -> u32 {
        let taken = self.steps.saturating_sub(before);
        let most = self.memory.steps.entry(at).or_default();
        *most = taken.max(*most);
        taken
    }

    /// What a run hangs on, as a number. `None`, if nothing is to be remembered of it.
    fn key(&self, closure: &Closure<'c>, args: &[Value<'c>]) -> Option<u64> {
        let is_small = self.memory.steps.get(&closure.at).is_some_and(|steps| *steps < FEWEST_STEPS);
        if is_small || self.apart > 0 || self.ends_by_sending || !self.metadata.is_empty() {
            return None;
        }
        let state = self.state.as_ref()?;
        let mut printer = Printer::new(self.memory.key);
        printer.called(closure)?;
        printer.values(args)?;
        // The names around it have the values that they have where it is called, if they have one there.
        for (name, made_with) in closure.around.all() {
            let here = state.vars.get(name);
            printer.plain((name, here.is_some()));
            printer.value(here.unwrap_or(made_with))?;
        }
        printer.plain((state.sent, state.status, state.caught, state.tried, self.has_unread));
        Some(printer.print())
    }

    /// Whether a run would go the same way from here.
    fn fits(&self, run: &Run<'c>, held: &Facts) -> bool {
        let Some(state) = &self.state else { return false };
        let alike = |(place, print): &(String, Option<u64>)| match (state.left.get(place), print) {
            (None, None) => true,
            (Some(value), Some(print)) => {
                let mut printer = Printer::new(self.memory.key);
                printer.value(value).is_some() && printer.print() == *print
            }
            _ => false,
        };
        let on_stack = |at: &FunctionAt| self.stack.iter().any(|frame| frame.at == *at);
        run.height.is_none_or(|height| height == self.stack.len())
            && self.stack.len() + run.high < DEEPEST
            && self.deep + run.deep < DEEPEST_SYNTAX
            && self.steps.saturating_add(run.steps) < MOST_STEPS
            && self.stack.iter().all(|frame| run.entered.binary_search(&frame.at).is_err())
            && run.refused.iter().all(on_stack)
            && run.asked.iter().all(|(fact, is_held)| {
                (held.has(fact) || self.base.has(fact) || self.beyond.has(fact)) == *is_held
            })
            && run.reads.iter().all(alike)
    }

    fn replay(&mut self, run: &Run<'c>, held: &Facts) -> Vec<Exit<'c>> {
        let state = self.state.take().unwrap_or_default();
        self.steps += run.steps;
        let held = self.with_base(held);
        self.trace.absorb(&run.trace, &held);
        self.touched = run.touched;
        self.touched_environment.clone_from(&run.touched_environment);
        if self.memory.noting > 0 {
            let (high, deep) = (self.stack.len() + run.high, self.deep + run.deep);
            let noted = &mut self.memory.noted;
            noted.reads.extend_from_slice(&run.reads);
            noted.entered.extend_from_slice(&run.entered);
            for at in &run.refused {
                let frame = self.stack.iter().position(|frame| frame.at == *at).unwrap_or_default();
                noted.refused.push((*at, frame));
            }
            noted.asked.extend(run.asked.iter().filter(|(fact, _)| !held.has(fact)).cloned());
            noted.is_too_deep |= run.height.is_some();
            noted.highest = noted.highest.max(high);
            noted.deepest = noted.deepest.max(deep);
        }
        let again = |exit: &Exit<'c>| Exit {
            throws: exit.throws,
            value: exit.value.clone(),
            line: exit.line,
            state: State {
                vars: state.vars.with(&exit.state.vars),
                left: state.left.clone(),
                ..exit.state.clone()
            },
        };
        run.exits.iter().map(again).collect()
    }

    /// Goes through a function, and remembers what it came to.
    fn noted_down(
        &mut self,
        key: u64,
        closure: &Closure<'c>,
        args: Vec<Value<'c>>,
        held: &Facts,
    ) -> Option<Vec<Exit<'c>>> {
        let (height, deep, steps) = (self.stack.len(), self.deep, self.steps);
        let (left, vars) =
            self.state.as_ref().map(|state| (state.left.clone(), state.vars.clone())).unwrap_or_default();
        let held_here = self.with_base(held);
        let base = std::mem::take(&mut self.base);
        let mut beyond = self.beyond.clone();
        beyond.add_all(&held_here);
        let beyond = std::mem::replace(&mut self.beyond, beyond);
        let trace = std::mem::take(&mut self.trace);
        let outer = std::mem::take(&mut self.memory.noted);
        let was_shallow = std::mem::take(&mut self.is_shallow);
        self.memory.noting += 1;
        let exits = self.gone_through(closure, args);
        self.memory.noting -= 1;
        self.base = base;
        self.beyond = beyond;
        let is_shallow = std::mem::replace(&mut self.is_shallow, was_shallow);
        self.is_shallow |= is_shallow;
        let mut noted = std::mem::replace(&mut self.memory.noted, outer);
        let trace = std::mem::replace(&mut self.trace, trace);
        self.trace.absorb(&trace, &held_here);
        let taken = self.took(closure.at, steps);
        noted.reads.sort_unstable();
        noted.reads.dedup();
        noted.asked.sort_unstable();
        noted.asked.dedup();
        noted.entered.sort_unstable();
        noted.entered.dedup();
        // What was refused because of itself is so wherever it begins.
        noted.refused.retain(|(_, frame)| *frame < height);
        noted.refused.sort_unstable();
        noted.refused.dedup();
        if let Some(exits) = &exits
            && taken >= FEWEST_STEPS
            && self.memory.count < MOST_RUNS
            && !is_shallow
            && !trace.is_cut
            && !noted.is_lost
            && exits.iter().all(|exit| Rc::ptr_eq(&exit.state.left, &left))
        {
            let kept = |exit: &Exit<'c>| Exit {
                throws: exit.throws,
                value: exit.value.clone(),
                line: exit.line,
                state: State {
                    vars: vars.changes(&closure.around, &exit.state.vars),
                    left: Rc::default(),
                    ..exit.state.clone()
                },
            };
            let run = Run {
                exits: exits.iter().map(kept).collect(),
                trace,
                steps: taken,
                touched: self.touched,
                touched_environment: self.touched_environment.clone(),
                reads: noted.reads.clone(),
                asked: noted.asked.clone(),
                entered: noted.entered.clone(),
                refused: noted.refused.iter().map(|(at, _)| *at).collect(),
                height: noted.is_too_deep.then_some(height),
                high: noted.highest.saturating_sub(height),
                deep: noted.deepest.saturating_sub(deep),
            };
            self.memory.runs.entry(key).or_default().push(Rc::new(run));
            self.memory.count += 1;
        }
        if self.memory.noting > 0 {
            let outer = &mut self.memory.noted;
            outer.reads.append(&mut noted.reads);
            outer.asked.extend(noted.asked.drain(..).filter(|(fact, _)| !held_here.has(fact)));
            outer.entered.append(&mut noted.entered);
            outer.refused.append(&mut noted.refused);
            outer.is_too_deep |= noted.is_too_deep;
            outer.is_lost |= noted.is_lost;
            outer.highest = outer.highest.max(noted.highest);
            outer.deepest = outer.deepest.max(noted.deepest);
        }
        exits
    }
}
