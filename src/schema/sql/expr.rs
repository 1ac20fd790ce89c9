//! Expressions and queries.

use super::QName;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// `a`, `t.a`, `s.t.a`: which part is what is found out by whoever knows the tables.
    Column(Vec<String>),
    /// `*`, `t.*`
    Star(Vec<String>),
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// A string, unescaped.
    Text(String),
    /// `$1` is 1.
    Param(usize),
    /// `default`
    Default,
    /// `current_user`, `current_date` …: functions that are called without parentheses.
    Keyword(String),
    /// `f(…)`
    Call(Box<Call>),
    /// `not x`, `-x`
    Unary(String, Box<Expr>),
    /// `a = b`; `and` and `or` too. `like` is `~~`, as in PostgreSQL; the negated forms are `!~~` …
    Binary(String, Box<Expr>, Box<Expr>),
    /// `a is [not] null`, `a is [not] distinct from b` …
    Is {
        /// What is asked about.
        expr: Box<Expr>,
        /// Whether it is `is not`.
        negated: bool,
        /// What is asked.
        test: IsTest,
    },
    /// `a [not] in (1, 2)`
    In {
        /// The left side.
        expr: Box<Expr>,
        /// Whether it is `not in`.
        negated: bool,
        /// The alternatives.
        list: Vec<Expr>,
    },
    /// `a [not] in (select …)`
    InQuery {
        /// The left side.
        expr: Box<Expr>,
        /// Whether it is `not in`.
        negated: bool,
        /// The query.
        query: Box<Query>,
    },
    /// `a = any (…)`, `a <> all (…)`
    Quantified(Box<Quantified>),
    /// `a [not] between b and c`
    Between {
        /// What is asked about.
        expr: Box<Expr>,
        /// Whether it is `not between`.
        negated: bool,
        /// The lower bound.
        low: Box<Expr>,
        /// The upper bound.
        high: Box<Expr>,
    },
    /// `case … end`
    Case {
        /// What is compared, in `case x when …`.
        subject: Option<Box<Expr>>,
        /// Conditions and results.
        whens: Vec<(Expr, Expr)>,
        /// `else`
        otherwise: Option<Box<Expr>>,
    },
    /// `x::t`, `cast(x as t)`, `t 'x'`
    Cast(Box<Expr>, TypeName),
    /// `x collate "c"`
    Collate(Box<Expr>),
    /// `array[…]`
    Array(Vec<Expr>),
    /// `array(select …)`
    ArrayQuery(Box<Query>),
    /// `(select …)`
    Subquery(Box<Query>),
    /// `exists (select …)`
    Exists(Box<Query>),
    /// `(a, b)`, `row(a, b)`
    Row(Vec<Expr>),
    /// `(x).f`
    Field(Box<Expr>, String),
    /// `(x).*`
    FieldStar(Box<Expr>),
    /// `x[1]`, `x[1:2]`: the second is whether it is a slice.
    Index(Box<Expr>, bool, Vec<Expr>),
}

/// What `is` asks.
#[derive(Clone, Debug, PartialEq)]
pub enum IsTest {
    /// `is null`
    Null,
    /// `is true`, `is false`; `is unknown` is `None`.
    Bool(Option<bool>),
    /// `is distinct from x`
    DistinctFrom(Box<Expr>),
    /// `is json`, `is normalized` …
    Other,
}

/// A call of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Its name.
    pub name: QName,
    /// The arguments, by position or by name.
    pub args: Vec<(Option<String>, Expr)>,
    /// `f(*)`
    pub star: bool,
    /// `f(distinct …)`
    pub distinct: bool,
    /// `f(variadic …)`
    pub variadic: bool,
    /// What an aggregate is sorted by, inside the parentheses or in `within group`.
    pub order: Vec<Expr>,
    /// Whether it says `within group`.
    pub within_group: bool,
    /// `filter (where …)`
    pub filter: Option<Expr>,
    /// The expressions of `over (…)`.
    pub over: Option<Vec<Expr>>,
}

/// `left op any|all (right)`
#[derive(Clone, Debug, PartialEq)]
pub struct Quantified {
    /// The left side.
    pub left: Expr,
    /// The operator.
    pub op: String,
    /// `all`, not `any`.
    pub all: bool,
    /// An array, or [`Expr::Subquery`].
    pub right: Expr,
}

/// A type as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeName {
    /// Its name in PostgreSQL's catalogue: `int4` for `integer`.
    pub name: QName,
    /// Whether it is an array.
    pub array: bool,
    /// `setof`
    pub set: bool,
    /// `t.c%type`: the name is that of a column.
    pub percent: Option<Vec<String>>,
    /// What stands in parentheses behind it, as written: `10,2`.
    pub modifier: Option<String>,
}

/// A query.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// `with`
    pub with: Vec<Cte>,
    /// `with recursive`
    pub recursive: bool,
    /// What it is made of.
    pub body: QueryBody,
    /// `order by`
    pub order: Vec<Expr>,
    /// `limit`, `offset`
    pub limit: Vec<Expr>,
}

/// A named query of `with`.
#[derive(Clone, Debug, PartialEq)]
pub struct Cte {
    /// Its name.
    pub name: String,
    /// Names for its columns.
    pub columns: Vec<String>,
    /// The query; a data-changing statement is [`QueryBody::Data`].
    pub query: Query,
}

/// What a query is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum QueryBody {
    /// `select …`
    Select(Box<Select>),
    /// `values …`
    Values(Vec<Vec<Expr>>),
    /// `a union b` …
    Set(SetOp, Box<Query>, Box<Query>),
    /// `(query)`
    Nested(Box<Query>),
    /// `insert … returning` inside `with`.
    Data(Box<super::DataStatement>),
}

/// How two queries are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetOp {
    /// `union`
    Union,
    /// `intersect`
    Intersect,
    /// `except`
    Except,
}

/// `select …`
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Select {
    /// `distinct`, `distinct on (…)`
    pub distinct: Option<Vec<Expr>>,
    /// What is selected.
    pub targets: Vec<Target>,
    /// `from`
    pub from: Vec<From>,
    /// `where`
    pub condition: Option<Expr>,
    /// `group by`
    pub group: Vec<Expr>,
    /// `having`
    pub having: Option<Expr>,
    /// The expressions of `window`.
    pub windows: Vec<Expr>,
    /// `select … into t`
    pub into: Option<(QName, bool)>,
}

/// One column of a select list.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// What it is.
    pub expr: Expr,
    /// `as name`
    pub alias: Option<String>,
}

/// `as a (b, c)`
#[derive(Clone, Debug, PartialEq, Default)]
pub struct FromAlias {
    /// The name.
    pub name: Option<String>,
    /// Names of columns.
    pub columns: Vec<String>,
    /// Types of columns, of a function that returns records.
    pub types: Vec<TypeName>,
}

/// Something to select from.
#[derive(Clone, Debug, PartialEq)]
pub enum From {
    /// A table, a view or a named query.
    Table(QName, FromAlias),
    /// `(select …) a`
    Query(Box<Query>, FromAlias, bool),
    /// `f(…) a`: each function, whether `with ordinality`.
    Functions(Vec<(Expr, Vec<(String, TypeName)>)>, FromAlias, bool),
    /// `a join b`
    Join {
        /// The left side.
        left: Box<From>,
        /// The right side.
        right: Box<From>,
        /// Which join.
        kind: JoinKind,
        /// `natural`
        natural: bool,
        /// `on`
        on: Option<Expr>,
        /// `using (…)`
        using: Vec<String>,
        /// An alias of the join in parentheses.
        alias: FromAlias,
    },
    /// `xmltable`, `json_table`: columns unknown.
    Opaque(FromAlias),
}

/// Which join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    /// `join`, `cross join`
    Inner,
    /// `left join`
    Left,
    /// `right join`
    Right,
    /// `full join`
    Full,
}
