//! What statements came to. A wrapper does the same for every route until it calls the handler: as a whole it never runs
//! twice with the same, and what it begins with does so each time.

use std::rc::Rc;

use super::{FEWEST_STEPS, again};
use crate::code::{Stmt, SymbolId, names_used_by};
use crate::meaning::flow::facts::Facts;
use crate::meaning::flow::print::Printer;
use crate::meaning::flow::{Exit, Flow};

/// A statement is looked at more closely when it was met this often: most are met once or twice.
const OFTEN: u32 = 4;
/// And no longer, if of so many times it was met nothing was remembered.
const ENOUGH: u32 = 16;

/// A statement that took many steps.
#[derive(Debug, Default)]
pub(super) struct Large {
    /// How often it was met, and how often it was remembered then.
    met: u32,
    remembered: u32,
    /// The names that it uses and sets.
    names: Option<Rc<[SymbolId]>>,
}

impl<'c> Flow<'c> {
    /// Goes through a statement, or remembers what it came to.
    pub(in crate::meaning::flow) fn statement(&mut self, stmt: &'c Stmt) {
        let Some((key, names)) = self.key_of_statement(stmt) else {
            let steps = self.steps;
            self.go_through(stmt);
            if self.steps.saturating_sub(steps) >= FEWEST_STEPS {
                self.memory.large.entry(stmt).or_default();
            }
            return;
        };
        // What holds is in the key.
        let held = Facts::default();
        let exits = if let Some(run) = self.remembered(key, &held) {
            if let Some(large) = self.memory.large.get_mut(&std::ptr::from_ref(stmt)) {
                large.remembered += 1;
            }
            let here = self.state.take().unwrap_or_default();
            self.replay(&run, &held);
            self.state = run.goes_on.as_ref().map(|state| again(state, &here));
            run.exits.iter().map(|exit| exit.with(again(&exit.state, &here))).collect()
        } else if self.memory.once.insert(key) {
            return self.go_through(stmt);
        } else {
            let module = self.module();
            let exits = self.note_down(
                key,
                &held,
                |flow| Some(flow.exits_of(stmt)),
                |before, then| before.changes_of(module, &names, then),
            );
            exits.unwrap_or_default()
        };
        if let Some(frame) = self.stack.last_mut() {
            frame.exits.extend(exits);
        }
    }

    /// Goes through a statement, and takes the ends that it leads to.
    fn exits_of(&mut self, stmt: &'c Stmt) -> Vec<Exit<'c>> {
        let before = self.stack.last_mut().map(|frame| std::mem::take(&mut frame.exits));
        self.go_through(stmt);
        let frame = self.stack.last_mut();
        frame.zip(before).map_or_else(Vec::new, |(frame, before)| std::mem::replace(&mut frame.exits, before))
    }

    /// What a statement hangs on, as a number, and the names that it uses. `None`, if nothing is to be remembered of it.
    fn key_of_statement(&mut self, stmt: &'c Stmt) -> Option<(u64, Rc<[SymbolId]>)> {
        let large = self.memory.large.get_mut(&std::ptr::from_ref(stmt))?;
        large.met += 1;
        if large.met < OFTEN || large.met > ENOUGH && large.remembered * 4 < large.met {
            return None;
        }
        let (state, frame) = (self.state.as_ref()?, self.stack.last()?);
        let names =
            large.names.get_or_insert_with(|| Rc::from(names_used_by(self.code.module(frame.at.0), stmt)));
        let names = names.clone();
        // Out of a loop it can lead anywhere.
        if !self.is_repeatable() || !frame.breaks.is_empty() || self.last_choice.is_some() {
            return None;
        }
        let mut printer = Printer::at(self.memory.key, &state.vars);
        printer.plain(std::ptr::from_ref(stmt));
        printer.value(&frame.this)?;
        for (name, value) in state.vars.all() {
            if name.0 == frame.at.0 && names.binary_search(&name.1).is_ok() {
                printer.plain(name);
                printer.value(value)?;
            }
        }
        printer.facts(&state.facts);
        printer.plain((state.sent, state.status, state.caught, state.tried, self.has_unread));
        printer.plain((self.touched, &self.touched_environment, self.awaits));
        Some((printer.print(), names))
    }
}
