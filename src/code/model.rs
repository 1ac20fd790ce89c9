//! The code model: what a file of code says, in terms that languages share. It is a small syntax tree with names
//! resolved, and knows no library, framework or rule.
//!
//! Front ends make it and drop their own trees. What they have no word for is [`Expr::Other`] or [`Stmt::Expr`] of its
//! parts, so that no call is lost. Lines count from 1.

use std::sync::Arc;

/// A name or a constant text. Shared within a module.
pub type Name = Arc<str>;

/// A function of a module: an index into [`Module::functions`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionId(pub u32);

/// A class of a module: an index into [`Module::classes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassId(pub u32);

/// A name that is bound in a module: an index into [`Module::symbols`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SymbolId(pub u32);

/// The value of a declaration: an index into [`Module::values`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ValueId(pub u32);

/// One file of code.
#[derive(Debug, Clone)]
pub struct Module {
    /// Relative to PATH, with `/`.
    pub path: String,
    /// `use server`, `use client`, … at its top.
    pub directives: Vec<Name>,
    /// What it imports, in the order of the file.
    pub imports: Vec<Import>,
    /// What it exports, in the order of the file.
    pub exports: Vec<Export>,
    /// Every function. The first is the module itself: its body is what runs when it is loaded.
    pub functions: Vec<Function>,
    /// Every class.
    pub classes: Vec<Class>,
    /// Every name that is bound.
    pub symbols: Vec<Symbol>,
    /// What declarations give to names: statements and symbols share them.
    pub values: Vec<Expr>,
    /// Why it could not be parsed, with line and column. Then all else is empty.
    pub broken: Option<String>,
}

impl Module {
    /// A module of which no more is known than where it is.
    pub fn at(path: &str) -> Self {
        let path = path.to_owned();
        let (directives, imports, exports) = (Vec::new(), Vec::new(), Vec::new());
        let (functions, classes, symbols, values) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { path, directives, imports, exports, functions, classes, symbols, values, broken: None }
    }
}

/// One name that comes from another module.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// As written: `./db`, `@/lib/auth`, `npm:stripe@14`.
    pub specifier: Name,
    /// `default`, `*` for all of it, a name, or `""` where the module is only run.
    pub name: Name,
    /// What it is called here. `None` where the module is only run.
    pub symbol: Option<SymbolId>,
    /// Types alone: nothing of it runs.
    pub types_only: bool,
    /// Line.
    pub line: u32,
}

/// One name that other modules may import.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    /// `default`, a name, or `*` for everything that [`ExportOf::From`] has. `module.exports = …` is `default`, and
    /// `exports.a = …` is `a`.
    pub name: Name,
    /// What it is.
    pub of: ExportOf,
    /// Types alone.
    pub types_only: bool,
    /// Line.
    pub line: u32,
}

/// What is exported.
#[derive(Debug, Clone, PartialEq)]
pub enum ExportOf {
    /// Something bound here.
    Symbol(SymbolId),
    /// A value without a name.
    Value(Expr),
    /// What another module exports under a name, or `*`.
    From {
        /// As written.
        specifier: Name,
        /// There.
        name: Name,
    },
}

/// One bound name.
#[derive(Debug, Clone, PartialEq)]
pub struct Symbol {
    /// As written.
    pub name: Name,
    /// What it is bound to.
    pub is: Binding,
    /// Whether anything assigns to it after its declaration.
    pub reassigned: bool,
    /// Line of its declaration.
    pub line: u32,
}

/// What a name is bound to.
#[derive(Debug, Clone, PartialEq)]
pub enum Binding {
    /// An index into [`Module::imports`].
    Import(u32),
    /// A function declaration.
    Function(FunctionId),
    /// A class declaration.
    Class(ClassId),
    /// A parameter: of which function, and the how-manieth. Parts of a destructured one have their path in
    /// [`Function::params`].
    Param(FunctionId, u32),
    /// `const`, `let`, `var`: in which function, and the whole initial value where it is the plain
    /// `name = value`. A part of a destructured value has [`Binding::Part`].
    Variable(FunctionId, Option<ValueId>),
    /// A part of a destructured value: `{ data: { user } }` binds `user` to the value's `data.user`. A `*` in the path
    /// stands for the rest, a number for a place in a list.
    Part(FunctionId, Vec<Name>, ValueId),
    /// What a `catch` caught.
    Caught(FunctionId),
    /// Anything else: a namespace, a loop's variable, a type. (An enum is a variable with the object that it is.)
    Other,
}

/// One function, method, arrow function or the module itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// Its own name, or that of the variable or property that it is the value of. `""` without one.
    pub name: Name,
    /// What it is given.
    pub params: Vec<Param>,
    /// What it does. `x => value` is one [`Stmt::Return`].
    pub body: Vec<Stmt>,
    /// `async`.
    pub is_async: bool,
    /// `use server` and the like at its top.
    pub directives: Vec<Name>,
    /// `@Get("x")` before a method.
    pub decorators: Vec<Expr>,
    /// The function around it. `None` for the module.
    pub within: Option<FunctionId>,
    /// First line.
    pub line: u32,
    /// Last line.
    pub end: u32,
}

/// One parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// What it binds.
    pub pattern: Pattern,
    /// Its default.
    pub default: Option<Expr>,
    /// `...rest`.
    pub is_rest: bool,
    /// `@Body()` before it.
    pub decorators: Vec<Expr>,
    /// The name of its type, if it is a plain one: `CreateUserDto`, `NextRequest`, `typeof User`; `""` else.
    pub type_name: Name,
}

/// What a declaration, a parameter or an assignment binds.
#[derive(Debug, Clone, PartialEq)]
pub enum Pattern {
    /// A name.
    Name(SymbolId),
    /// `{ key: pattern = default, ...rest }`; a computed key is `""`, the rest `*`.
    Object(Vec<(Name, Pattern, Option<Expr>)>),
    /// `[a, , b]`; holes are `None`.
    List(Vec<Option<Pattern>>),
    /// `a.b = …`: no name.
    Place(Box<Expr>),
    /// Nothing that is understood.
    Other,
}

/// One class.
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// `""` without one.
    pub name: Name,
    /// What it extends.
    pub extends: Option<Expr>,
    /// Names of the interfaces that it implements.
    pub implements: Vec<Name>,
    /// `@Controller("x")` before it.
    pub decorators: Vec<Expr>,
    /// Methods, with the constructor.
    pub methods: Vec<Method>,
    /// Fields: name, value, decorators, name of the type.
    pub fields: Vec<Field>,
    /// Line.
    pub line: u32,
}

/// One method.
#[derive(Debug, Clone, PartialEq)]
pub struct Method {
    /// Its name, `constructor` for that; `""` for a computed one.
    pub name: Name,
    /// What it does, with its decorators.
    pub function: FunctionId,
    /// `static`.
    pub is_static: bool,
}

/// One field.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name; `""` for a computed one.
    pub name: Name,
    /// Its initial value.
    pub value: Option<Expr>,
    /// Before it.
    pub decorators: Vec<Expr>,
    /// The name of its type, or `""`. A constructor's `private users: Users` is a field as well.
    pub type_name: Name,
    /// Line.
    pub line: u32,
}

/// One statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Stmt {
    /// A declaration. Without a value, `None`.
    Let(Pattern, Option<ValueId>),
    /// An expression that is run. A function or class declaration is nothing to run, and no statement.
    Expr(Expr),
    /// `if`.
    If {
        /// What it asks.
        test: Expr,
        /// If so.
        then: Vec<Stmt>,
        /// If not.
        otherwise: Vec<Stmt>,
        /// Line.
        line: u32,
    },
    /// `return`.
    Return(Option<Expr>, u32),
    /// `throw`.
    Throw(Expr, u32),
    /// `try`.
    Try {
        /// What is tried.
        body: Vec<Stmt>,
        /// The name of what is caught.
        caught: Option<Pattern>,
        /// `catch`. `None` without one; an empty one is there and empty.
        handler: Option<Vec<Stmt>>,
        /// `finally`.
        finally: Vec<Stmt>,
        /// Line of the `catch`, or of the `try` without one.
        line: u32,
    },
    /// Any loop. The body may never run.
    Loop {
        /// What is gone through or asked: run at least once.
        head: Vec<Expr>,
        /// What a `for … of` binds.
        each: Option<Pattern>,
        /// Its body.
        body: Vec<Stmt>,
    },
    /// `switch`.
    Switch {
        /// What is compared.
        on: Expr,
        /// Cases in order: what is compared with (`None` for the default), what is done, and whether it falls through.
        cases: Vec<(Option<Expr>, Vec<Stmt>)>,
        /// Line.
        line: u32,
    },
    /// `{ … }`, and what else only groups.
    Block(Vec<Stmt>),
    /// `break` of the loop or switch around it.
    Break,
    /// `continue`.
    Continue,
}

/// One expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A name. Without a symbol it is bound nowhere in the module: a global.
    Name(Name, Option<SymbolId>),
    /// `this`.
    This,
    /// `super`.
    Super,
    /// `object.property`.
    Member(Box<Member>),
    /// A call, `new`, or a tagged template (its one argument is the template).
    Call(Box<Call>),
    /// `await`.
    Await(Box<Expr>),
    /// A function as a value.
    Function(FunctionId),
    /// A class as a value.
    Class(ClassId),
    /// `{ … }`.
    Object(Vec<Entry>),
    /// `[ … ]`.
    List(Vec<Expr>),
    /// `...x`.
    Spread(Box<Expr>),
    /// A constant text.
    Text(Name),
    /// A text with values in it: texts and values in turn, beginning and ending with a text.
    Template(Vec<Name>, Vec<Expr>),
    /// A number.
    Number(f64),
    /// `true`, `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// `undefined`.
    Undefined,
    /// A regular expression, as written between the slashes.
    Regex(Name),
    /// `a === b` and the like.
    Binary(BinaryOp, Box<[Expr; 2]>),
    /// `a && b`, `a || b`, `a ?? b`.
    Logical(LogicalOp, Box<[Expr; 2]>),
    /// `!a`.
    Not(Box<Expr>),
    /// `typeof a`.
    TypeOf(Box<Expr>),
    /// `test ? then : otherwise`.
    Conditional(Box<[Expr; 3]>),
    /// `target = value`; `+=` and the like have an operator.
    Assign(Box<Assign>),
    /// `<Name attribute={value}>children</Name>`.
    Markup(Box<Markup>),
    /// `import("x")`, `require("x")` of a constant. Of anything else they are calls of globals.
    Import(Name),
    /// Anything else: its parts, in the order in which they run.
    Other(Vec<Expr>),
}

/// See [`Expr::Member`].
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Of what.
    pub object: Expr,
    /// Which: a constant index counts as its text.
    pub property: Property,
    /// `?.`.
    pub optional: bool,
    /// Line of the property.
    pub line: u32,
    /// Line at which the object begins.
    pub begins: u32,
}

/// Which member.
#[derive(Debug, Clone, PartialEq)]
pub enum Property {
    /// By a constant name.
    Named(Name),
    /// By a value.
    Computed(Expr),
}

/// See [`Expr::Call`].
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// What is called.
    pub callee: Expr,
    /// With what.
    pub args: Vec<Expr>,
    /// `new`.
    pub is_new: bool,
    /// Line: that of the last name of what is called.
    pub line: u32,
}

/// One entry of an object.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// `key: value`, a method, or the short form. A computed key is `""`.
    Pair(Name, Expr),
    /// `...value`.
    Spread(Expr),
}

/// Comparisons and what else has two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    /// `==`, `===`.
    Equal,
    /// `!=`, `!==`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    AtMost,
    /// `>`.
    More,
    /// `>=`.
    AtLeast,
    /// `+`.
    Add,
    /// `in`.
    In,
    /// `instanceof`.
    InstanceOf,
    /// Any other.
    Other,
}

/// What decides whether the right side is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogicalOp {
    /// `&&`.
    And,
    /// `||`.
    Or,
    /// `??`.
    Coalesce,
}

/// See [`Expr::Assign`].
#[derive(Debug, Clone, PartialEq)]
pub struct Assign {
    /// To what.
    pub target: Pattern,
    /// What.
    pub value: Expr,
    /// Whether the old value takes part (`+=`, `||=`).
    pub adds: bool,
    /// Line.
    pub line: u32,
}

/// See [`Expr::Markup`].
#[derive(Debug, Clone, PartialEq)]
pub struct Markup {
    /// `div`, `Form`, `Dialog.Root`; `""` for a fragment.
    pub name: Name,
    /// What the name is bound to.
    pub symbol: Option<SymbolId>,
    /// Attributes; a spread has the name `""`. Those that only say how it looks (`className`, `d`) are left out.
    pub attributes: Vec<(Name, Expr)>,
    /// What is inside, without plain text.
    pub children: Vec<Expr>,
    /// Line.
    pub line: u32,
}
