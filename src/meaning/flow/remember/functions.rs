//! What functions came to.

use super::{FEWEST_STEPS, again};
use crate::code::FunctionAt;
use crate::meaning::flow::facts::Facts;
use crate::meaning::flow::print::Printer;
use crate::meaning::flow::value::{Closure, Value};
use crate::meaning::flow::{Exit, Flow};

impl<'c> Flow<'c> {
    /// Goes through a function, or remembers what it came to. `held`: what held where it is called; what it gives doesn't
    /// have it.
    pub(in crate::meaning::flow) fn recall(
        &mut self,
        closure: &Closure<'c>,
        args: Vec<Value<'c>>,
        held: &Facts,
    ) -> Option<Vec<Exit<'c>>> {
        let Some(key) = self.key_of_call(closure, &args) else {
            return self.only_gone_through(closure, args, held);
        };
        if let Some(run) = self.remembered(key, held) {
            let here = self.state.take().unwrap_or_default();
            self.replay(&run, held);
            return Some(run.exits.iter().map(|exit| exit.with(again(&exit.state, &here))).collect());
        }
        // Most of what runs once never does so again.
        if self.memory.once.insert(key) {
            return self.only_gone_through(closure, args, held);
        }
        let steps = self.steps;
        let exits = self.note_down(
            key,
            held,
            |flow| flow.gone_through(closure, args),
            |before, then| before.changes(&closure.around, then),
        );
        self.took(closure.at, steps);
        exits
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
    fn took(&mut self, at: FunctionAt, before: u32) {
        let most = self.memory.steps.entry(at).or_default();
        *most = self.steps.saturating_sub(before).max(*most);
    }

    /// What a run hangs on, as a number. `None`, if nothing is to be remembered of it.
    fn key_of_call(&self, closure: &Closure<'c>, args: &[Value<'c>]) -> Option<u64> {
        let is_small = self.memory.steps.get(&closure.at).is_some_and(|steps| *steps < FEWEST_STEPS);
        if is_small || !self.is_repeatable() {
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
}
