//! Runs the code that declares routes, in the mind: modules from top to bottom, the functions that they call, both arms of
//! every branch, loops over what is written down. So an app that is passed on, a router that a function returns or a
//! class makes, and the order in which layers are put, come out as they would.
//!
//! Nothing of the framework is known here: what a call on a library or on one of its objects means is told by a
//! [`Framework`]. Steps, depth and sizes are bounded.

mod bound;
mod calls;
mod expressions;
mod instances;
mod modules;
mod statements;
mod value;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

pub use value::{Closure, Is, Library, LibraryStep, Object, Source, Value};

use super::tree::{Branch, Conditions, Item, Node, NodeId, Tree, What};
use crate::code::{
    Call, Class, ClassId, Code, Expr, Function, FunctionAt, FunctionId, Module, ModuleId, SymbolId,
};

/// So many expressions and statements are looked at, over all modules. A large server needs a twentieth of it.
const STEPS: u32 = 200_000;
/// Expressions in expressions and calls in calls, together. Keeps the stack small.
const DEPTH: u32 = 160;
/// Calls in calls.
const CALLS: usize = 40;
/// Entries of a list or object that are looked at one by one.
const ENTRIES: usize = 2_000;

/// What a framework's calls mean.
pub trait Framework {
    /// Its packages, and others that make its objects.
    fn packages(&self) -> &'static [&'static str];

    /// What a library's value is after it was called: an app of `express()`. `None` if it means nothing here.
    fn made<'c>(&self, run: &mut Run<'c>, library: &Library<'c>, site: Site<'c>) -> Option<Is>;

    /// What a call of a method of a node does and gives.
    fn method<'c>(
        &self,
        run: &mut Run<'c>,
        node: NodeId,
        name: &str,
        args: &[Value<'c>],
        site: Site<'c>,
    ) -> Option<Is>;

    /// Whether functions and classes that nothing is seen to call are run as well.
    fn runs_left_over(&self) -> bool {
        true
    }

    /// What a member of a node is, if it is more than a method.
    fn member<'c>(&self, _run: &mut Run<'c>, _node: NodeId, _name: &str) -> Option<Value<'c>> {
        None
    }

    /// The app or router that stands for a parameter of this type of the framework, if nobody is seen to pass one. `""` is
    /// a parameter without a type.
    fn parameter<'c>(&self, _run: &mut Run<'c>, _type_name: &str) -> Option<Is> {
        None
    }
}

/// Where something is called.
#[derive(Debug, Clone, Copy)]
pub struct Site<'c> {
    /// The module.
    pub module: ModuleId,
    /// The call.
    pub call: &'c Call,
    /// The call as an expression.
    pub expr: &'c Expr,
}

impl Site<'_> {
    /// Its line.
    pub fn line(&self) -> u32 {
        self.call.line
    }
}

/// A function that runs: its names, and what is around it.
struct Frame<'c> {
    module: ModuleId,
    function: FunctionId,
    parent: Option<usize>,
    this: Option<Is>,
    /// The class whose constructor or method this is.
    home: Option<(ModuleId, ClassId)>,
    names: HashMap<SymbolId, Value<'c>>,
}

/// How far a module has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Begun(usize),
}

/// One run over the code.
pub struct Run<'c> {
    /// The code.
    pub code: &'c Code,
    /// What was declared so far.
    pub tree: Tree<'c>,
    framework: &'static dyn Framework,
    frames: Vec<Frame<'c>>,
    objects: Vec<Object<'c>>,
    lists: Vec<Vec<Value<'c>>>,
    libraries: Vec<Library<'c>>,
    states: Vec<State>,
    /// Modules that use the framework or import such.
    relevant: Vec<bool>,
    /// Modules that name the framework themselves.
    direct: Vec<bool>,
    exported: HashMap<(ModuleId, usize), Value<'c>>,
    /// Modules that were asked for a name that they don't have themselves, in the search that is under way.
    asked: HashSet<(ModuleId, String)>,
    indices: HashMap<ModuleId, HashMap<&'c str, usize>>,
    remembered: HashMap<FunctionAt, Value<'c>>,
    /// What statements at the top of modules came to, by their address.
    run_already: HashMap<usize, Value<'c>>,
    /// What calls that were given functions were given, by the address of the call.
    given: HashMap<usize, Vec<Value<'c>>>,
    visited: HashSet<FunctionAt>,
    calls: Vec<FunctionAt>,
    returned: Vec<Option<Value<'c>>>,
    branches: Vec<Branch>,
    steps: u32,
    depth: u32,
}

/// Whether the statements after one are run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Next,
    /// Those after it in the function, or in the round of the loop, are not.
    Stop,
    /// It throws: what comes later does not start at all.
    Throw,
}

impl<'c> Run<'c> {
    /// Runs every module that has to do with the framework, and then what nobody was seen to call.
    pub fn over(code: &'c Code, framework: &'static dyn Framework) -> Run<'c> {
        let mut run = Run::new(code, framework);
        if !run.is_used() {
            return run;
        }
        let order = run.order();
        for module in &order {
            run.begin(*module);
        }
        if framework.runs_left_over() {
            for module in order {
                if run.direct[module.0 as usize] {
                    run.left_over(module);
                }
            }
            run.loaded_somehow();
        }
        run
    }

    fn new(code: &'c Code, framework: &'static dyn Framework) -> Run<'c> {
        let (direct, relevant) = modules::relevant(code, framework.packages());
        Run {
            code,
            tree: Tree::default(),
            framework,
            frames: Vec::new(),
            objects: Vec::new(),
            lists: Vec::new(),
            libraries: Vec::new(),
            states: vec![State::New; code.modules.len()],
            relevant,
            direct,
            exported: HashMap::new(),
            asked: HashSet::new(),
            indices: HashMap::new(),
            remembered: HashMap::new(),
            run_already: HashMap::new(),
            given: HashMap::new(),
            visited: HashSet::new(),
            calls: Vec::new(),
            returned: Vec::new(),
            branches: Vec::new(),
            steps: STEPS,
            depth: 0,
        }
    }

    /// Whether anything names the framework.
    pub fn is_used(&self) -> bool {
        self.direct.contains(&true)
    }

    /// Whether a module names the framework, or imports one that does.
    pub fn is_relevant(&self, module: ModuleId) -> bool {
        self.relevant[module.0 as usize]
    }

    /// A class and those of the repository that it extends.
    pub fn ancestors(&mut self, class: (ModuleId, ClassId)) -> Vec<(ModuleId, ClassId)> {
        self.lineage(class).0
    }

    /// The class of an instance.
    pub fn class_of_object(&self, object: usize) -> Option<(ModuleId, ClassId)> {
        self.objects.get(object).and_then(|object| object.class)
    }

    fn tick(&mut self, steps: usize) -> bool {
        self.steps = self.steps.saturating_sub(u32::try_from(steps).unwrap_or(u32::MAX));
        self.steps > 0
    }

    fn module(&self, id: ModuleId) -> &'c Module {
        let code: &'c Code = self.code;
        code.module(id)
    }

    /// A function.
    pub fn function(&self, at: FunctionAt) -> &'c Function {
        let code: &'c Code = self.code;
        code.function(at)
    }

    /// A class.
    pub fn class(&self, at: (ModuleId, ClassId)) -> &'c Class {
        &self.module(at.0).classes[at.1.0 as usize]
    }

    /// What a library's value is.
    pub fn library(&self, id: usize) -> &Library<'c> {
        &self.libraries[id]
    }

    /// A value, or what the lists in it have, in order.
    pub fn flat(&self, value: &Value<'c>) -> Vec<Value<'c>> {
        let mut out = Vec::new();
        let mut waiting = vec![value.clone()];
        while let Some(next) = waiting.pop() {
            if out.len() + waiting.len() > ENTRIES {
                break;
            }
            match next.is {
                Is::List(id) => waiting.extend(self.lists[id].iter().rev().take(ENTRIES).cloned()),
                _ => out.push(next),
            }
        }
        out
    }

    /// A field of an object literal or instance.
    pub fn field(&self, value: &Value<'c>, name: &str) -> Option<Value<'c>> {
        match value.is {
            Is::Object(id) => self.own_field(id, name),
            _ => None,
        }
    }

    /// Every field of an object literal or instance, in order.
    pub fn fields(&self, value: &Value<'c>) -> &[(crate::code::Name, Value<'c>)] {
        match value.is {
            Is::Object(id) => &self.objects[id].fields,
            _ => &[],
        }
    }

    fn own_field(&self, id: usize, name: &str) -> Option<Value<'c>> {
        self.objects[id].fields.iter().rev().find(|(n, _)| n.as_ref() == name).map(|(_, v)| v.clone())
    }

    /// A new list.
    pub fn list(&mut self, items: Vec<Value<'c>>) -> Is {
        self.lists.push(items);
        Is::List(self.lists.len() - 1)
    }

    /// A new node of the tree.
    pub fn node(&mut self, node: Node<'c>) -> NodeId {
        self.tree.add(node)
    }

    /// Puts something at the end of a node, under the conditions that hold here.
    pub fn put(&mut self, node: NodeId, what: What<'c>) {
        let conditions: Conditions = Rc::from(self.branches.as_slice());
        self.tree.put(node, Item { conditions, what });
    }

    /// What a call was given, if functions were among it.
    pub fn given(&self, call: &Call) -> Option<&[Value<'c>]> {
        self.given.get(&(std::ptr::from_ref(call) as usize)).map(Vec::as_slice)
    }

    /// What a module is as a value: what it exports as `default`.
    pub fn export_default(&mut self, module: ModuleId) -> Value<'c> {
        self.export(module, "default")
    }

    /// The text that a module exports under a name.
    pub fn exported_text(&mut self, module: ModuleId, name: &str) -> Option<String> {
        self.export(module, name).text().map(|text| text.to_string())
    }

    /// Hangs something on an object literal that no code can name.
    pub fn hide(&mut self, object: &Value<'c>, name: &str, value: Value<'c>) {
        if let Is::Object(id) = object.is {
            self.objects[id].fields.push((name.into(), value));
        }
    }

    /// The value of an expression at the top of a module: of a decorator, say.
    pub fn value_in(&mut self, module: ModuleId, expr: &'c Expr) -> Value<'c> {
        let frame = self.begin(module);
        self.eval(frame, expr)
    }
}
