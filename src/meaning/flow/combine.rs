//! Layers that are made of others: `every`, `some` and `except` of Hono
//! (https://hono.dev/docs/middleware/builtin/combine).

use super::chain::{Link, apart};
use super::state::{State, join};
use super::value::{Closure, Symbol, Value};
use super::{Flow, frame};
use crate::code::{FunctionId, Step};
use crate::meaning::symbols::Combines;

/// Where it is left at which path a request came.
const PATH: &str = "hono-context.req.path";

impl<'c> Flow<'c> {
    /// Runs what a layer is made of. `false`: it is not made of others.
    pub(super) fn combined(&mut self, symbol: &Symbol<'c>, link: &Link<'c>, at: usize) -> bool {
        let Some(Step::Call(..)) = symbol.denoted.path.last() else { return false };
        let found = self.lookup(symbol);
        let combines = found.and_then(|found| found.entry().middleware.as_ref()?.combines);
        let (Some(combines), Some(given)) = (combines, symbol.given.last().cloned()) else { return false };
        match (combines, given.split_first()) {
            (Combines::Every, _) => self.every(&given, link, at),
            (Combines::Some, _) => self.some(&given, link, at),
            (Combines::Except, Some((conditions, layers))) => self.except(conditions, layers, link, at),
            (Combines::Except, None) => self.proceed(at + 1),
        }
        self.state = None;
        true
    }

    /// One after the other, each in the state behind the one before.
    fn every(&mut self, layers: &[Value<'c>], link: &Link<'c>, at: usize) {
        // What others let pass goes on as it is.
        let passed = self.passed.get_mut(at + 1).and_then(Option::take);
        for layer in layers {
            if self.state.is_none() {
                break;
            }
            let is_condition = condition(self, layer).is_some();
            let failed = self.one_of_them(layer, link, at);
            if let Some(state) = failed.filter(|_| is_condition) {
                self.end(true, Value::Unknown, state, link.module, link.line);
            }
            self.state = self.passed.get_mut(at + 1).and_then(Option::take);
        }
        let behind = self.state.take();
        let joined = self.joined(passed, behind);
        if let Some(slot) = self.passed.get_mut(at + 1) {
            *slot = joined;
        }
    }

    /// Each where the one before it failed: whoever passes one passes.
    fn some(&mut self, layers: &[Value<'c>], link: &Link<'c>, at: usize) {
        let mut state = self.state.take();
        for layer in layers {
            if state.is_none() {
                return;
            }
            self.state = state;
            state = self.one_of_them(layer, link, at);
        }
        if let Some(state) = state {
            self.end(true, Value::Unknown, state, link.module, link.line);
        }
    }

    /// What meets a condition passes; all others go through the layers.
    fn except(&mut self, conditions: &Value<'c>, layers: &[Value<'c>], link: &Link<'c>, at: usize) {
        let all = match conditions {
            Value::List(items, true) => items.to_vec(),
            one => vec![one.clone()],
        };
        let path = match self.left(PATH) {
            Some(Value::Text(path)) => Some(path),
            _ => None,
        };
        for one in all {
            let Some(state) = self.state.clone() else { return };
            let failed = match (&one, &path) {
                (Value::Text(pattern), Some(path)) => match meets(pattern, path) {
                    Some(false) => Some(state),
                    met => {
                        self.proceed(at + 1);
                        met.is_none().then_some(state)
                    }
                },
                _ if condition(self, &one).is_some() => self.one_of_them(&one, link, at),
                _ => {
                    // Which paths these are can't be told.
                    self.decided((link.module, link.line));
                    self.proceed(at + 1);
                    Some(state)
                }
            };
            self.state = failed;
        }
        if self.state.is_some() {
            self.every(layers, link, at);
        }
    }

    /// Runs one of them, and gives the state in which it failed.
    fn one_of_them(&mut self, layer: &Value<'c>, link: &Link<'c>, at: usize) -> Option<State<'c>> {
        if !self.pay() {
            return None;
        }
        if let Some(closure) = condition(self, layer) {
            return self.asked(&closure, link, at);
        }
        let before = self.state.clone();
        self.link(&Link { runs: layer.clone(), ..link.clone() }, at);
        before
    }

    /// A function that says yes or no.
    fn asked(&mut self, closure: &Closure<'c>, link: &Link<'c>, at: usize) -> Option<State<'c>> {
        let before = self.state.clone();
        let Some(exits) = self.invoke(closure, link.args.clone()) else {
            self.state.clone_from(&before);
            self.decided((link.module, link.line));
            self.proceed(at + 1);
            return before;
        };
        let (mut yes, mut no) = (None, None);
        for exit in exits.into_iter().flat_map(apart) {
            if exit.throws {
                no = join(no, Some(exit.state));
                continue;
            }
            let value = exit.value.awaited();
            // What is carried is worth what holds where it is asked.
            self.state = Some(exit.state.clone());
            self.line = exit.line;
            self.stack.push(frame((closure.at.0, FunctionId(0)), Value::Undefined));
            let passed = self.refined(&value, exit.state.clone(), true);
            let failed = self.refined(&value, exit.state, false);
            self.stack.pop();
            yes = self.joined(yes, passed);
            no = join(no, failed);
        }
        self.state = yes;
        if self.state.is_some() {
            self.proceed(at + 1);
        }
        no
    }
}

/// The function that says yes or no: it is not given what it would go on with.
fn condition<'c>(flow: &Flow<'c>, layer: &Value<'c>) -> Option<Closure<'c>> {
    let Value::Function(closure) = layer else { return None };
    let params = &flow.code.function(closure.at).params;
    (params.len() < 2 && !params.iter().any(|param| param.is_rest)).then(|| (**closure).clone())
}

/// Whether a pattern of Hono's router meets the path of a route, which has parts that differ from request to request.
/// `None`, if only some do.
fn meets(pattern: &str, path: &str) -> Option<bool> {
    let parts = |text: &str| -> Vec<String> {
        text.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let (pattern, path) = (parts(pattern), parts(path));
    let is_open = |part: &str| part.starts_with([':', '[']) || part.contains(['*', '{']);
    let mut sure = true;
    for (at, part) in pattern.iter().enumerate() {
        if part == "*" && at + 1 == pattern.len() {
            return sure.then_some(true);
        }
        let Some(here) = path.get(at) else {
            // `/posts/:id?`.
            return if part.ends_with('?') { None } else { Some(false) };
        };
        if here.contains('*') {
            return None;
        }
        match part.strip_prefix(':') {
            Some(name) => sure &= !name.contains(['{', '?']),
            None if part == "*" || part == here => {}
            None if is_open(here) => sure = false,
            None => return Some(false),
        }
    }
    match path.get(pattern.len()) {
        Some(here) if here.contains('*') => None,
        Some(_) => Some(false),
        None => sure.then_some(true),
    }
}

#[cfg(test)]
mod tests {
    use super::meets;

    #[test]
    fn paths_that_are_left_out_are_those_of_the_pattern_alone() {
        assert_eq!(meets("/login", "/login"), Some(true));
        assert_eq!(meets("/login", "/login/now"), Some(false));
        assert_eq!(meets("/login", "/"), Some(false));
        assert_eq!(meets("/public/*", "/public/a/b"), Some(true));
        assert_eq!(meets("/public/*", "/public"), Some(true));
        assert_eq!(meets("/public/*", "/publicity"), Some(false));
        assert_eq!(meets("*", "/a"), Some(true));
        assert_eq!(meets("/a/*/c", "/a/b/c"), Some(true));
        assert_eq!(meets("/posts/:id", "/posts/:slug"), Some(true));
    }

    #[test]
    fn where_only_some_requests_are_meant_it_is_not_told() {
        assert_eq!(meets("/posts/new", "/posts/:slug"), None);
        assert_eq!(meets("/posts/:id{[0-9]+}", "/posts/:slug"), None);
        assert_eq!(meets("/posts/:id?", "/posts"), None);
        assert_eq!(meets("/posts/new", "/posts/*"), None);
    }
}
