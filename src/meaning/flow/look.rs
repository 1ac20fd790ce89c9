//! From names to values.

use std::rc::Rc;

use super::facts::Facts;
use super::state::State;
use super::value::{Closure, Value, constant};
use super::vars::Vars;
use super::{Flow, Global, MOST_STEPS_APART, frame};
use crate::code::walk::{Inner, each_expr};
use crate::code::{
    Binding, Definition, Denoted, Expr, FunctionAt, FunctionId, ModuleId, Name, Pattern, Root, Step,
    SymbolId, names_used,
};

/// How often something that happens at another time may lead to something else that does.
const MOST_APART: u32 = 40;
/// So many values that a name of a module is given are looked at.
const MOST_ASSIGNED: usize = 4;

impl<'c> Flow<'c> {
    /// What a name stands for.
    pub(super) fn name(&mut self, name: &Name, symbol: Option<SymbolId>) -> Value<'c> {
        let Some(symbol) = symbol else { return Value::root(Root::Global(name.clone())) };
        let module = self.module();
        if let Some(known) = self.state.as_ref().and_then(|state| state.vars.get(&(module, symbol))) {
            return known.clone();
        }
        self.bound(module, symbol)
    }

    /// What is bound in a module, or somewhere around the function in which it is now.
    pub(super) fn bound(&mut self, module: ModuleId, symbol: SymbolId) -> Value<'c> {
        let code = self.code;
        let of = code.module(module);
        let Some(known) = of.symbols.get(symbol.0 as usize) else { return Value::Unknown };
        match &known.is {
            Binding::Function(function) if !known.reassigned => self.closure((module, *function)),
            Binding::Class(class) => Value::Class(module, *class),
            // A variable of a function that was not entered; a parameter of one that nobody was seen calling.
            Binding::Variable(FunctionId(0), Some(value)) if !known.reassigned => {
                let Some(expr) = of.values.get(value.0 as usize) else { return Value::Unknown };
                self.global(module, symbol, expr, &[])
            }
            Binding::Part(FunctionId(0), path, value) if !known.reassigned => {
                let Some(expr) = of.values.get(value.0 as usize) else { return Value::Unknown };
                self.global(module, symbol, expr, path)
            }
            Binding::Variable(FunctionId(0), _) if known.reassigned => {
                self.once(module, symbol, |flow| flow.assigned(module, symbol))
            }
            Binding::Import(_) | Binding::Variable(FunctionId(0), _) | Binding::Part(FunctionId(0), ..) => {
                self.once(module, symbol, |flow| {
                    let denoted = code.denote_symbol(module, symbol);
                    match (&denoted.root, code.of_symbol(module, symbol)) {
                        // One of several: `export const User = models.User || model("User", schema)`.
                        (Root::Unknown, Definition::Symbol(of, at)) if (of, at) != (module, symbol) => {
                            flow.bound(of, at)
                        }
                        (Root::Unknown, Definition::Value(of, expr)) => {
                            flow.elsewhere((of, FunctionId(0)), expr)
                        }
                        _ => flow.of_denoted(denoted),
                    }
                })
            }
            Binding::Param(..) if !known.reassigned => self.once(module, symbol, |flow| {
                let denoted = code.denote_symbol(module, symbol);
                match denoted.root {
                    Root::Param(of, function, at) => flow.of_param(of, function, at, &denoted.path),
                    _ => Value::Unknown,
                }
            }),
            Binding::Param(..) | Binding::Caught(_) | Binding::Other | Binding::Function(_) => Value::Unknown,
            Binding::Variable(function, value) => match value.and_then(|v| of.values.get(v.0 as usize)) {
                // `const limit = 5` in the function around one that is entered by itself.
                Some(expr) if !known.reassigned => self.elsewhere((module, *function), expr),
                _ => Value::Unknown,
            },
            Binding::Part(function, path, value) if !known.reassigned => {
                let Some(expr) = of.values.get(value.0 as usize) else { return Value::Unknown };
                let value = self.elsewhere((module, *function), expr);
                self.part(value, path)
            }
            Binding::Part(..) => Value::Unknown,
        }
    }

    /// The value of a name of a module, which is looked for once.
    fn global(&mut self, module: ModuleId, symbol: SymbolId, expr: &'c Expr, path: &'c [Name]) -> Value<'c> {
        self.once(module, symbol, |flow| {
            let value = flow.elsewhere((module, FunctionId(0)), expr);
            flow.part(value, path)
        })
    }

    /// The value of a name of a module that is given one in a single place, later: `let db; … db = connect()`. What is not
    /// there yet counts as if it were: whoever asks for it waits, or makes it.
    fn assigned(&mut self, module: ModuleId, symbol: SymbolId) -> Value<'c> {
        let of = self.code.module(module);
        let mut found: Vec<(FunctionId, &'c Expr)> = Vec::new();
        for (at, function) in (0..).map(FunctionId).zip(&of.functions) {
            each_expr(of, &function.body, Inner::Skip, &mut |expr| {
                if let Expr::Assign(assign) = expr
                    && matches!(&assign.target, Pattern::Name(target) if *target == symbol)
                    && !matches!(assign.value, Expr::Null | Expr::Undefined)
                {
                    found.push((at, &assign.value));
                }
            });
        }
        match found.as_slice() {
            [] => Value::Unknown,
            [(function, expr)] => self.elsewhere((module, *function), expr),
            // `if (isPostgres) db = drizzlePostgres(…); else db = drizzleSqlite(…);`
            all if all.len() <= MOST_ASSIGNED => {
                let each = all
                    .iter()
                    .map(|(function, expr)| (self.elsewhere((module, *function), expr), Facts::default()));
                Value::one_of(each.collect())
            }
            _ => Value::Unknown,
        }
    }

    /// Looks for the value of a name of a module once.
    fn once(
        &mut self,
        module: ModuleId,
        symbol: SymbolId,
        look: impl FnOnce(&mut Self) -> Value<'c>,
    ) -> Value<'c> {
        match self.global_slot(module, symbol) {
            Some(Global::Known(value)) => return value.clone(),
            Some(slot @ Global::Unasked) => *slot = Global::Asked,
            Some(Global::Asked) | None => {
                self.is_shallow = true;
                return Value::Unknown;
            }
        }
        let before = std::mem::take(&mut self.is_shallow);
        let value = look(self);
        // What hangs on where it was asked is not kept.
        let known = if self.is_shallow { Global::Unasked } else { Global::Known(value.clone()) };
        if let Some(slot) = self.global_slot(module, symbol) {
            *slot = known;
        }
        self.is_shallow |= before;
        value
    }

    fn global_slot(&mut self, module: ModuleId, symbol: SymbolId) -> Option<&mut Global<'c>> {
        let count = self.code.module(module).symbols.len();
        let of_module = self.globals.get_mut(module.0 as usize)?;
        if of_module.is_empty() {
            of_module.resize(count, Global::Unasked);
        }
        of_module.get_mut(symbol.0 as usize)
    }

    /// An expression that runs at another time: what it does is not done here.
    pub(super) fn elsewhere(&mut self, at: FunctionAt, expr: &'c Expr) -> Value<'c> {
        if let Some(value) = constant(expr) {
            return value;
        }
        self.apart(at, |flow| flow.eval(expr))
    }

    /// Runs something that happens at another time: nothing of it is seen here, also not how it fails. It has steps of its
    /// own, so that what it gives doesn't hang on who asks first.
    pub(super) fn apart(&mut self, at: FunctionAt, run: impl FnOnce(&mut Self) -> Value<'c>) -> Value<'c> {
        if self.apart >= MOST_APART {
            self.is_shallow = true;
            return Value::Unknown;
        }
        let this = self.this_of(at);
        let stack = std::mem::replace(&mut self.stack, vec![frame(at, this)]);
        let trace = std::mem::take(&mut self.trace);
        let links = std::mem::take(&mut self.links);
        let passed = std::mem::take(&mut self.passed);
        let base = std::mem::take(&mut self.base);
        let beyond = std::mem::take(&mut self.beyond);
        let steps = std::mem::replace(&mut self.steps, self.most_steps - MOST_STEPS_APART);
        let was_shallow = std::mem::take(&mut self.is_shallow);
        let touched = std::mem::take(&mut self.touched);
        let environment = self.touched_environment.take();
        let choice = self.last_choice.take();
        let (line, awaits) = (self.line, std::mem::take(&mut self.awaits));
        self.apart += 1;
        let (value, _) = self.aside(Some(State::default()), run);
        self.apart -= 1;
        // What could not be followed from here may be followed from elsewhere, and is asked again: that counts.
        let again = if self.is_shallow { self.steps - (self.most_steps - MOST_STEPS_APART) } else { 0 };
        self.steps = steps.saturating_add(again);
        self.is_shallow |= was_shallow;
        self.touched = touched;
        self.touched_environment = environment;
        self.last_choice = choice;
        (self.line, self.awaits) = (line, awaits);
        self.stack = stack;
        self.trace = trace;
        self.links = links;
        self.passed = passed;
        self.base = base;
        self.beyond = beyond;
        value
    }

    pub(super) fn part(&mut self, mut value: Value<'c>, path: &[Name]) -> Value<'c> {
        for name in path {
            value = match &**name {
                "*" => value,
                "" => Value::Unknown,
                name => self.member(&value.awaited(), &Name::from(name)),
            };
        }
        value
    }

    /// A function as a value, with what is known of the names around it.
    pub(super) fn closure(&mut self, at: FunctionAt) -> Value<'c> {
        let mut around = Vars::default();
        let functions = &self.code.module(at.0).functions;
        let inner = functions
            .get(at.1.0 as usize)
            .is_some_and(|function| function.within.is_some_and(|outer| outer != FunctionId(0)));
        // What a function of the module itself uses of other functions is nothing.
        if inner && let Some(state) = &self.state {
            let code = self.code;
            let used = self.names.entry(at).or_insert_with(|| names_used(code.module(at.0), at.1));
            around = state.vars.only(at.0, used);
        }
        let this = self.stack.last().map_or(Value::Undefined, |frame| frame.this.clone());
        let this = match this {
            Value::Undefined => self.this_of(at),
            this => this,
        };
        Value::Function(Rc::new(Closure { at, around, this, bound: Vec::new() }))
    }

    /// What `this` is in a function: an instance of the class around it.
    pub(super) fn this_of(&self, at: FunctionAt) -> Value<'c> {
        self.code.class_of(at).map_or(Value::Undefined, |class| Value::Instance(at.0, class))
    }

    /// What was found by looking at declarations alone.
    pub(super) fn of_denoted(&mut self, denoted: Denoted<'c>) -> Value<'c> {
        let mut path = denoted.path.as_slice();
        let mut value = match &denoted.root {
            Root::Function(at) => {
                let this = self.this_of(*at);
                Value::Function(Rc::new(Closure {
                    at: *at,
                    around: Vars::default(),
                    this,
                    bound: Vec::new(),
                }))
            }
            Root::Class(module, class) => match path {
                [Step::Call(_, call), rest @ ..] if call.is_new => {
                    path = rest;
                    Value::Instance(*module, *class)
                }
                _ => Value::Class(*module, *class),
            },
            Root::Value(module, expr) => self.elsewhere((*module, FunctionId(0)), expr),
            Root::Package(_) | Root::Global(_) => {
                return self.of_steps(Value::root(denoted.root.clone()), path);
            }
            Root::Param(module, function, at) => return self.of_param(*module, *function, *at, path),
            Root::Caught => Value::Caught,
            Root::This | Root::Unknown => return Value::Unknown,
        };
        value = self.of_steps(value, path);
        value
    }

    /// The same, of something whose beginning was gone through and gave nothing: to call its functions again would give no
    /// more.
    pub(super) fn of_unknown_base(&mut self, denoted: Denoted<'c>) -> Value<'c> {
        let calls = denoted.path.iter().any(|step| matches!(step, Step::Call(..)));
        match denoted.root {
            Root::Function(_) if calls => Value::Unknown,
            // What was caught is known to be something else by now.
            Root::Caught => Value::Unknown,
            _ => self.of_denoted(denoted),
        }
    }

    pub(super) fn of_steps(&mut self, mut value: Value<'c>, path: &[Step<'c>]) -> Value<'c> {
        for step in path {
            value = match step {
                Step::Member(name) => self.member(&value, name),
                Step::Element => self.element(&value),
                Step::Call(module, call) => {
                    let args: Vec<Value<'c>> =
                        call.args.iter().map(|arg| self.elsewhere((*module, FunctionId(0)), arg)).collect();
                    let at = (*module, FunctionId(0));
                    self.apart(at, |flow| flow.apply(&value, args, call, *module).awaited())
                }
            };
        }
        value
    }
}

/// The name by which the vocabulary knows what has a type of this name.
pub(super) fn head_of_type(name: &str) -> Option<&'static str> {
    Some(match name {
        "NextRequest" => "next-request",
        "Request" => "request",
        "NextApiRequest" => "express-request",
        "NextApiResponse" => "express-response",
        "FastifyRequest" => "fastify-request",
        "FastifyReply" => "fastify-reply",
        "SupabaseClient" => "supabase",
        "PrismaClient" => "prisma",
        // https://orm.drizzle.team/docs/get-started
        "NodePgDatabase"
        | "PostgresJsDatabase"
        | "NeonHttpDatabase"
        | "NeonDatabase"
        | "VercelPgDatabase"
        | "MySql2Database"
        | "PlanetScaleDatabase"
        | "BetterSQLite3Database"
        | "LibSQLDatabase"
        | "BunSQLiteDatabase"
        | "DrizzleD1Database" => "drizzle",
        _ => return None,
    })
}
