//! What functions and statements came to: one that is met again with the same is not gone through again.
//!
//! It makes no difference but in time. What a run hangs on is in its key or is compared: what the function is given and
//! sees of the names around it, what holds, what it read of what earlier layers left, and how deep it went. A run that
//! hung on anything else (it was cut, or refused because of who called it) is not kept.

mod functions;
mod statements;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use self::statements::Large;
use super::facts::{Fact, Facts};
use super::origin::Origin;
use super::print::Printer;
use super::state::State;
use super::trace::Trace;
use super::value::Value;
use super::vars::Vars;
use super::{DEEPEST, DEEPEST_SYNTAX, Exit, Flow};
use crate::code::{FunctionAt, Name, Stmt};
use crate::hash::Keyed;

/// What takes fewer steps is gone through again: that is faster.
const FEWEST_STEPS: u32 = 48;
/// How many runs are kept.
const MOST_RUNS: usize = 6_000;

/// What functions and statements came to.
#[derive(Debug, Default)]
pub(super) struct Memory<'c> {
    key: Keyed,
    runs: HashMap<u64, Vec<Rc<Run<'c>>>, Keyed>,
    count: usize,
    /// What ran once.
    once: HashSet<u64, Keyed>,
    /// How many steps functions took at most.
    steps: HashMap<FunctionAt, u32, Keyed>,
    /// The statements that took many steps.
    large: HashMap<*const Stmt, Large, Keyed>,
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
    /// What is known behind it, where it is a statement that lets the next one run. Names likewise.
    goes_on: Option<State<'c>>,
    line: u32,
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

    /// Whether what is met now could be met again: nothing else is left than what a key can have.
    fn is_repeatable(&self) -> bool {
        self.apart == 0 && !self.ends_by_sending && self.metadata.is_empty()
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

    /// What is remembered under a key and fits.
    fn remembered(&self, key: u64, held: &Facts) -> Option<Rc<Run<'c>>> {
        self.memory.runs.get(&key)?.iter().find(|run| self.fits(run, held)).cloned()
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
            && self.steps.saturating_add(run.steps) < self.most_steps
            && self.stack.iter().all(|frame| run.entered.binary_search(&frame.at).is_err())
            && run.refused.iter().all(on_stack)
            && run.asked.iter().all(|(fact, is_held)| {
                (held.has(fact) || self.base.has(fact) || self.beyond.has(fact)) == *is_held
            })
            && run.reads.iter().all(alike)
    }

    /// Does what a run did, but for its ends and what is known behind it.
    fn replay(&mut self, run: &Run<'c>, held: &Facts) {
        self.steps += run.steps;
        let held = self.with_base(held);
        self.trace.absorb(&run.trace, &held);
        self.touched = run.touched;
        self.touched_environment.clone_from(&run.touched_environment);
        self.line = run.line;
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
    }

    /// Goes through something by itself, and notes what that hangs on. `run` says how it ended, and what is known behind it
    /// if it goes on; `changes` takes the names that changed out of what they have as values then. What it came to is kept if
    /// nothing was in the way. `held`: what held before, and is not in the state.
    fn note_down(
        &mut self,
        key: u64,
        held: &Facts,
        run: impl FnOnce(&mut Self) -> Option<Vec<Exit<'c>>>,
        changes: impl Fn(&Vars<'c>, &Vars<'c>) -> Vars<'c>,
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
        let exits = run(self);
        self.memory.noting -= 1;
        self.base = base;
        self.beyond = beyond;
        let is_shallow = std::mem::replace(&mut self.is_shallow, was_shallow);
        self.is_shallow |= is_shallow;
        let mut noted = std::mem::replace(&mut self.memory.noted, outer);
        let trace = std::mem::replace(&mut self.trace, trace);
        self.trace.absorb(&trace, &held_here);
        let taken = self.steps.saturating_sub(steps);
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
        // Behind a function the state is none: it is made of its ends.
        let is_left = |state: &State<'c>| Rc::ptr_eq(&state.left, &left);
        if let Some(exits) = &exits
            && taken >= FEWEST_STEPS
            && self.memory.count < MOST_RUNS
            && !is_shallow
            && !trace.is_cut
            && !noted.is_lost
            && exits.iter().all(|exit| is_left(&exit.state))
            && self.state.iter().all(is_left)
        {
            let kept = |state: &State<'c>| State {
                vars: changes(&vars, &state.vars),
                left: Rc::default(),
                ..state.clone()
            };
            let run = Run {
                exits: exits.iter().map(|exit| exit.with(kept(&exit.state))).collect(),
                goes_on: self.state.as_ref().map(kept),
                line: self.line,
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

/// A state that a run came to, from where it is met again.
fn again<'c>(state: &State<'c>, here: &State<'c>) -> State<'c> {
    State { vars: here.vars.with(&state.vars), left: here.left.clone(), ..state.clone() }
}
