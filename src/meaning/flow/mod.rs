//! What functions establish and do, in order: code is gone through as it would run, with values that are only partly known.
//!
//! Both ways of every branch are taken. Where ways come together, what holds is what holds on both; a value that differs
//! keeps what holds with each of its alternatives, so that `if (!user) return` after a `try` still tells. Functions of
//! the repository are entered where they are called. What libraries do says [`super::symbols`].
//!
//! What isn't known establishes nothing. All of it is bounded: in depth, in steps, in alternatives.

mod call;
mod callers;
mod chain;
mod client;
mod combine;
mod compare;
mod context;
mod cors;
pub mod document;
mod effect;
mod end;
mod expression;
mod facts;
mod guard;
mod instance;
mod layer;
mod library;
mod look;
mod matcher;
mod member;
mod message;
mod method;
mod nest;
mod origin;
mod parents;
mod place;
mod print;
mod proxy;
mod refine;
mod remember;
mod response;
mod rest;
mod results;
mod roles;
mod rows;
mod secret;
mod state;
mod statement;
mod tells;
mod text;
mod trace;
mod value;
mod vars;
mod wrapper;

pub use chain::{Link, Pass};
pub use facts::{Fact, Facts, GuardId};
pub use origin::Origin;
pub use state::State;
pub use trace::{Cause, EffectUse, End, GuardUse, Loss, Trace};
pub use value::{Closure, From, Object, Response, Symbol, Value};

use std::collections::HashMap;
use std::rc::Rc;

use crate::code::{Code, Expr, FunctionAt, FunctionId, ModuleId, Name, SymbolId};
use crate::hash::Keyed;
use crate::meaning::symbols::{Proof, What};
use callers::Callers;
use remember::Memory;
use vars::Vars;

/// How many functions may be entered from each other.
const DEEPEST: usize = 14;
/// How deep expressions and statements may be in each other, over all functions that were entered.
const DEEPEST_SYNTAX: u32 = 400;
/// How many expressions and statements are gone through for one route, where there are few.
const MOST_STEPS: u32 = 60_000;
/// For all routes together, as long as each has [`MOST_STEPS_APART`]: what the largest app takes ten times.
const MOST_STEPS_OF_ALL: usize = 60_000_000;
/// For the value of a name that is the same for all.
const MOST_STEPS_APART: u32 = 10_000;

/// Goes through code.
pub struct Flow<'c> {
    /// The code.
    pub code: &'c Code,
    /// What the project puts on instances of a library, by name: in which module, and what.
    pub decorations: Vec<(Name, ModuleId, &'c Expr)>,
    /// The methods that schemas give their documents.
    pub documents: Vec<(Name, FunctionAt)>,
    /// Whether [`Flow::try_layer`] saw somebody turned away.
    pub turned_away: bool,
    /// What was found on the way.
    pub trace: Trace<'c>,
    /// What is known where it is now. `None`: no way leads there.
    pub state: Option<State<'c>>,
    /// What names of modules have as values: by module and symbol.
    globals: Vec<Vec<Global<'c>>>,
    /// Every guard that was met in any request. The place is its [`GuardUse::id`].
    guards: Vec<GuardUse>,
    guard_ids: HashMap<(ModuleId, u32, What, Proof, String), usize, Keyed>,
    /// What held where functions were called that are gone through now, since the one that is noted down.
    base: Facts,
    /// What held where that was called.
    beyond: Facts,
    /// The names that functions use which are written inside of others.
    names: HashMap<FunctionAt, Vec<SymbolId>, Keyed>,
    /// What functions came to.
    memory: Memory<'c>,
    /// Who imports and who calls.
    callers: Callers<'c>,
    /// The parameters that are looked for at those who call now.
    handing: Vec<(FunctionAt, u32)>,
    /// The functions that were entered, the outermost first.
    stack: Vec<Frame<'c>>,
    /// What the request goes through.
    links: Vec<Link<'c>>,
    /// For each of them, what is known where requests go on behind it.
    passed: Vec<Option<State<'c>>>,
    steps: u32,
    /// How many there may be.
    most_steps: u32,
    deep: u32,
    /// How deep it is in what happens at another time.
    apart: u32,
    /// Something could not be followed because of where it was asked.
    is_shallow: bool,
    /// What is called now is awaited.
    awaits: bool,
    /// A layer before could not be read: it may have left anything.
    has_unread: bool,
    /// An answer that is sent ends the function: so it is in hooks of Fastify.
    ends_by_sending: bool,
    /// What was asked for is worth what holds now.
    hangs_on_state: bool,
    /// How many more parts of a value are looked at to tell where it comes from.
    fuel: u32,
    /// Where it is now.
    line: u32,
    /// What the questions were about since this was set to nothing.
    touched: Origin,
    /// The environment variable that the questions were about.
    touched_environment: Option<Name>,
    /// The question that ends a choice between all that there is to choose from.
    last_choice: Option<*const Expr>,
    /// What decorators left for guards to read.
    metadata: Vec<(Name, Value<'c>)>,
}

/// What is known of the value of a name of a module.
#[derive(Debug, Clone, Default)]
enum Global<'c> {
    /// Nobody asked yet.
    #[default]
    Unasked,
    /// It is looked for now.
    Asked,
    /// This.
    Known(Value<'c>),
}

/// A function that was entered.
#[derive(Debug)]
struct Frame<'c> {
    at: FunctionAt,
    this: Value<'c>,
    exits: Vec<Exit<'c>>,
    /// Where `break` leads: one for every loop and switch around.
    breaks: Vec<Option<State<'c>>>,
}

/// How a function ends.
#[derive(Debug)]
struct Exit<'c> {
    throws: bool,
    value: Value<'c>,
    state: State<'c>,
    line: u32,
}

impl<'c> Exit<'c> {
    /// The same with another state.
    fn with(&self, state: State<'c>) -> Self {
        Self { throws: self.throws, value: self.value.clone(), state, line: self.line }
    }
}

impl<'c> Flow<'c> {
    /// Nothing gone through yet.
    pub fn new(code: &'c Code) -> Self {
        Self {
            code,
            decorations: Vec::new(),
            documents: Vec::new(),
            turned_away: false,
            trace: Trace::default(),
            state: None,
            globals: vec![Vec::new(); code.modules.len()],
            guards: Vec::new(),
            guard_ids: HashMap::default(),
            base: Facts::default(),
            beyond: Facts::default(),
            names: HashMap::default(),
            memory: Memory::default(),
            callers: Callers::default(),
            handing: Vec::new(),
            stack: Vec::new(),
            links: Vec::new(),
            passed: Vec::new(),
            steps: 0,
            most_steps: MOST_STEPS,
            deep: 0,
            apart: 0,
            is_shallow: false,
            awaits: false,
            has_unread: false,
            ends_by_sending: false,
            hangs_on_state: false,
            fuel: 0,
            line: 0,
            touched: Origin::default(),
            touched_environment: None,
            last_choice: None,
            metadata: Vec::new(),
        }
    }

    /// The same for so many routes: all of them together are gone through in bounded time.
    pub fn for_routes(code: &'c Code, count: usize) -> Self {
        let share = u32::try_from(MOST_STEPS_OF_ALL / count.max(1)).unwrap_or(u32::MAX);
        Self { most_steps: share.clamp(MOST_STEPS_APART, MOST_STEPS), ..Self::new(code) }
    }

    /// Begins anew, with what modules have as values kept.
    pub fn begin(&mut self) {
        self.trace = Trace::default();
        self.state = Some(State::default());
        self.stack = vec![frame((ModuleId(0), FunctionId(0)), Value::Undefined)];
        self.links = Vec::new();
        self.steps = 0;
        self.deep = 0;
        self.awaits = false;
        self.metadata = Vec::new();
        self.has_unread = false;
        self.is_shallow = false;
        self.base = Facts::default();
        self.beyond = Facts::default();
    }

    /// Counts a step. `false`, if it is one too many.
    fn pay(&mut self) -> bool {
        self.steps += 1;
        if self.steps > self.most_steps {
            self.trace.is_cut = true;
        }
        self.steps <= self.most_steps
    }

    fn at(&self) -> FunctionAt {
        self.stack.last().map_or((ModuleId(0), FunctionId(0)), |frame| frame.at)
    }

    fn module(&self) -> ModuleId {
        self.at().0
    }

    /// Goes through something in a state, and gives the state back that there was.
    fn aside<T>(
        &mut self,
        state: Option<State<'c>>,
        run: impl FnOnce(&mut Self) -> T,
    ) -> (T, Option<State<'c>>) {
        let before = std::mem::replace(&mut self.state, state);
        let result = run(self);
        (result, std::mem::replace(&mut self.state, before))
    }

    /// Two ways come together: remembers where it is known on one of them who is calling.
    fn compare(
        &mut self,
        one: Option<&State<'c>>,
        other: Option<&State<'c>>,
        cause: Cause,
        about: Origin,
        line: u32,
    ) {
        self.compare_at(one, other, cause, about, (self.module(), line));
    }

    /// The same, where that is to be mended at another place.
    fn compare_at(
        &mut self,
        one: Option<&State<'c>>,
        other: Option<&State<'c>>,
        cause: Cause,
        about: Origin,
        (module, line): (ModuleId, u32),
    ) {
        let (Some(one), Some(other)) = (one, other) else { return };
        let (a, b) = (one.facts.has(&Fact::Known), other.facts.has(&Fact::Known));
        if a == b || self.held(&Facts::default(), &Fact::Known) {
            return;
        }
        let sent = if a { other.sent } else { one.sent }.is_some();
        let (kept, lost) = if a { (one, other) } else { (other, one) };
        // A setting that was asked for before the ways parted is not why.
        let when = lost.facts.without(&kept.facts).environment().or_else(|| self.base.environment());
        let environment =
            self.touched_environment.clone().filter(|_| about.has(Origin::ENVIRONMENT)).or(when);
        let loss = Loss { cause, about, environment, sent, module, line };
        if !self.trace.losses.contains(&loss) {
            self.trace.losses.push(loss);
        }
    }

    /// Two ways come together.
    fn joined(&mut self, one: Option<State<'c>>, other: Option<State<'c>>) -> Option<State<'c>> {
        let line = self.line;
        self.compare(one.as_ref(), other.as_ref(), Cause::Branch, Origin::default(), line);
        state::join(one, other)
    }

    /// Ends the function in which it is now.
    fn exit(&mut self, throws: bool, value: Value<'c>, line: u32) {
        if let (Some(state), Some(frame)) = (self.state.take(), self.stack.last_mut()) {
            frame.exits.push(Exit { throws, value, state, line });
        }
    }

    /// What an expression of a module is, wherever it stands. What it does is not done.
    pub fn value_in(&mut self, module: ModuleId, expr: &'c Expr) -> Value<'c> {
        let at = (module, FunctionId(0));
        self.elsewhere(at, expr)
    }

    /// What a name of a module is.
    pub fn symbol_in(&mut self, module: ModuleId, symbol: SymbolId) -> Value<'c> {
        self.bound(module, symbol)
    }

    /// Runs a function as if a request came to it, and nothing behind it.
    pub fn try_layer(&mut self, value: &Value<'c>, args: Vec<Value<'c>>) {
        self.turned_away = false;
        let function = match value {
            Value::Symbol(symbol) => {
                symbol.given.iter().flat_map(|given| given.iter()).find(|v| matches!(v, Value::Function(_)))
            }
            value => Some(value),
        };
        let function = function.cloned();
        let args = match value {
            // `clerkMiddleware((auth, request) => …)`.
            Value::Symbol(_) => {
                vec![Value::from(From::Head("clerk-auth")), Value::from(From::Head("next-request"))]
            }
            _ => args,
        };
        let Some(Value::Function(closure)) = function else { return };
        let Some(exits) = self.invoke(&closure, args) else { return };
        self.turned_away = exits.iter().any(|exit| self.denies(exit.throws, &exit.value, &exit.state));
    }

    /// A function as a value.
    pub fn function(&mut self, at: FunctionAt) -> Value<'c> {
        let this = self.this_of(at);
        Value::Function(Rc::new(Closure { at, around: Vars::default(), this, bound: Vec::new() }))
    }

    /// What a function gives. What it does is done.
    pub fn result_of(&mut self, function: &Value<'c>, args: Vec<Value<'c>>) -> Value<'c> {
        match function {
            Value::Function(closure) => {
                let closure = closure.clone();
                self.enter(&closure, args, true)
            }
            _ => Value::Unknown,
        }
    }

    /// Puts a value on something that comes from elsewhere.
    pub fn leave(&mut self, place: &str, value: Value<'c>) {
        if let Some(state) = &mut self.state {
            state.leave(place.to_owned(), value);
        }
    }
}

fn frame<'c>(at: FunctionAt, this: Value<'c>) -> Frame<'c> {
    Frame { at, this, exits: Vec::new(), breaks: Vec::new() }
}
