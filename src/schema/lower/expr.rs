//! Expressions.

use squawk_syntax::SyntaxKind;
use squawk_syntax::ast::{self, AstNode, BinOp, LitKind, PostfixOp, PrefixOp};

use super::{names, query, types};
use crate::schema::sql::{Call, Expr, IsTest, QName, Quantified, Query, QueryBody};

/// An expression.
pub fn expr(node: &ast::Expr) -> Option<Expr> {
    let found = single(node)?;
    // Behind a cast, the parser leaves `between …` without its left side.
    if matches!(node, ast::Expr::CastExpr(_))
        && let Some(next) = node.syntax().next_sibling()
        && let Some(between) = ast::BetweenExpr::cast(next)
        && orphan(&between)
    {
        return self::between(found, &between);
    }
    Some(found)
}

fn orphan(between: &ast::BetweenExpr) -> bool {
    let first = between.syntax().first_token().map(|t| t.kind());
    matches!(first, Some(SyntaxKind::BETWEEN_KW | SyntaxKind::NOT_KW))
}

/// `x between low and high`: what binds less than `between` and ended up in `high` is taken out of it.
fn between(target: Expr, node: &ast::BetweenExpr) -> Option<Expr> {
    let mut bounds = node.syntax().children().filter_map(ast::Expr::cast).skip(usize::from(!orphan(node)));
    let (low, high) = (bounds.next()?, bounds.next()?);
    let build = |high: Expr| Expr::Between {
        expr: Box::new(target),
        negated: node.not_token().is_some(),
        low: expr(&low).map(Box::new).unwrap_or_else(|| Box::new(Expr::Null)),
        high: Box::new(high),
    };
    Some(leftmost(expr(&high)?, matches!(high, ast::Expr::ParenExpr(_)), build))
}

/// Applies `build` to the leftmost part of what binds less than it.
fn leftmost(e: Expr, closed: bool, build: impl FnOnce(Expr) -> Expr) -> Expr {
    match e {
        Expr::Binary(op, left, right)
            if !closed && matches!(op.as_str(), "and" | "or" | "=" | "<>" | "<" | ">" | "<=" | ">=") =>
        {
            Expr::Binary(op, Box::new(leftmost(*left, false, build)), right)
        }
        e => build(e),
    }
}

/// An operator that binds more than `between`, whose right side begins with the left side of one.
fn attach(op: String, left: Expr, right: Expr, closed: bool) -> Expr {
    if closed {
        return Expr::Binary(op, Box::new(left), Box::new(right));
    }
    match right {
        Expr::Between { expr, negated, low, high } => {
            Expr::Between { expr: Box::new(Expr::Binary(op, Box::new(left), expr)), negated, low, high }
        }
        Expr::Binary(low, a, b) if low == "and" || low == "or" => {
            Expr::Binary(low, Box::new(attach(op, left, *a, false)), b)
        }
        right => Expr::Binary(op, Box::new(left), Box::new(right)),
    }
}

fn single(node: &ast::Expr) -> Option<Expr> {
    Some(match node {
        ast::Expr::Literal(literal) => self::literal(literal)?,
        ast::Expr::NameRef(name) => name_ref(name),
        ast::Expr::FieldExpr(field) => self::field(field)?,
        ast::Expr::ParenExpr(paren) => self::paren(paren)?,
        ast::Expr::BinExpr(binary) => self::binary(binary)?,
        ast::Expr::PrefixExpr(prefix) => {
            let op = match prefix.op()? {
                PrefixOp::Not(_) => "not".to_owned(),
                PrefixOp::Minus(_) => "-".to_owned(),
                PrefixOp::Plus(_) => "+".to_owned(),
                PrefixOp::CustomOp(op) => compact(&op),
                PrefixOp::OperatorCall(op) => operator_call(&op),
            };
            Expr::Unary(op, boxed(prefix.expr())?)
        }
        ast::Expr::PostfixExpr(postfix) => {
            let (negated, test) = match postfix.op()? {
                PostfixOp::IsNull(_) => (false, IsTest::Null),
                PostfixOp::NotNull(_) => (true, IsTest::Null),
                _ => (false, IsTest::Other),
            };
            Expr::Is { expr: boxed(postfix.expr())?, negated, test }
        }
        ast::Expr::BetweenExpr(between) => self::between(expr(&between.target()?)?, between)?,
        ast::Expr::CaseExpr(case) => self::case(case)?,
        ast::Expr::CastExpr(cast) => {
            let inner = match cast.expr() {
                Some(inner) => expr(&inner)?,
                None => literal(&cast.literal()?)?,
            };
            Expr::Cast(Box::new(inner), types::type_name(&cast.ty()?)?)
        }
        ast::Expr::Collate(collate) => Expr::Collate(boxed(collate.expr())?),
        ast::Expr::ArrayExpr(array) => match array.select_variant() {
            Some(select) => Expr::ArrayQuery(Box::new(query(&select)?)),
            None => Expr::Array(list(array.exprs())?),
        },
        ast::Expr::IndexExpr(index) => Expr::Index(boxed(index.base())?, false, vec![expr(&index.index()?)?]),
        ast::Expr::SliceExpr(slice) => {
            let bounds = [slice.start(), slice.end()].into_iter().flatten();
            Expr::Index(boxed(slice.base())?, true, bounds.map(|e| expr(&e)).collect::<Option<_>>()?)
        }
        ast::Expr::TupleExpr(tuple) => {
            let items: Vec<ast::Expr> = tuple.syntax().children().filter_map(ast::Expr::cast).collect();
            Expr::Row(items.iter().map(expr).collect::<Option<_>>()?)
        }
        ast::Expr::CallExpr(call) => self::call(call)?,
    })
}

/// An optional expression, boxed.
pub fn boxed(node: Option<ast::Expr>) -> Option<Box<Expr>> {
    expr(&node?).map(Box::new)
}

/// Some expressions.
pub fn list(nodes: impl Iterator<Item = ast::Expr>) -> Option<Vec<Expr>> {
    nodes.map(|e| expr(&e)).collect()
}

/// A literal.
pub fn literal(literal: &ast::Literal) -> Option<Expr> {
    Some(match literal.kind()? {
        LitKind::Null(_) => Expr::Null,
        LitKind::True(_) => Expr::Bool(true),
        LitKind::False(_) => Expr::Bool(false),
        LitKind::On(token) | LitKind::Off(token) => Expr::Text(token.text().to_ascii_lowercase()),
        LitKind::Default(_) => Expr::Default,
        LitKind::IntNumber(token) | LitKind::NumericNumber(token) => Expr::Number(token.text().to_owned()),
        LitKind::PositionalParam(token) => Expr::Param(token.text().trim_start_matches('$').parse().ok()?),
        _ => Expr::Text(literal.string_value()?),
    })
}

fn name_ref(node: &ast::NameRef) -> Expr {
    let token = node.syntax().first_token();
    let keyword = matches!(
        token.as_ref().map(|t| t.kind()),
        Some(
            SyntaxKind::CURRENT_CATALOG_KW
                | SyntaxKind::CURRENT_DATE_KW
                | SyntaxKind::CURRENT_ROLE_KW
                | SyntaxKind::CURRENT_SCHEMA_KW
                | SyntaxKind::CURRENT_TIME_KW
                | SyntaxKind::CURRENT_TIMESTAMP_KW
                | SyntaxKind::CURRENT_USER_KW
                | SyntaxKind::LOCALTIME_KW
                | SyntaxKind::LOCALTIMESTAMP_KW
                | SyntaxKind::SESSION_USER_KW
                | SyntaxKind::USER_KW
        )
    );
    let name = names::name(node);
    if keyword { Expr::Keyword(name) } else { Expr::Column(vec![name]) }
}

fn field(field: &ast::FieldExpr) -> Option<Expr> {
    let base = expr(&field.base()?)?;
    let star = field.star_token().is_some();
    Some(match (base, star) {
        (Expr::Column(parts), true) => Expr::Star(parts),
        (Expr::Column(mut parts), false) => {
            parts.push(names::name(&field.field()?));
            Expr::Column(parts)
        }
        (base, true) => Expr::FieldStar(Box::new(base)),
        (base, false) => Expr::Field(Box::new(base), names::name(&field.field()?)),
    })
}

fn paren(paren: &ast::ParenExpr) -> Option<Expr> {
    if let Some(inner) = paren.expr() {
        let inner = expr(&inner)?;
        // `(t).f` is a field of a row, `t.f` a column: a row in parentheses is kept apart.
        return Some(match inner {
            Expr::Column(_) if followed_by_dot(paren) => Expr::Row(vec![inner]),
            inner => inner,
        });
    }
    let select = paren.syntax().children().find_map(ast::SelectVariant::cast)?;
    Some(Expr::Subquery(Box::new(query(&select)?)))
}

fn followed_by_dot(paren: &ast::ParenExpr) -> bool {
    paren.syntax().parent().is_some_and(|parent| parent.kind() == SyntaxKind::FIELD_EXPR)
}

fn compact(node: &impl AstNode) -> String {
    node.syntax().text().to_string().split_whitespace().collect()
}

/// `operator(pg_catalog.=)`
fn operator_call(node: &ast::OperatorCall) -> String {
    let text = compact(node);
    let inner = text.split_once('(').map_or(text.as_str(), |(_, rest)| rest.trim_end_matches(')'));
    inner.rsplit('.').next().unwrap_or(inner).to_owned()
}

/// The parser takes operators like `->` and `||` to bind to the right; for PostgreSQL all operators without a rank of
/// their own are one rank, and bind to the left.
fn chain(node: &ast::BinExpr) -> Option<Expr> {
    let mut left = expr(&node.lhs()?)?;
    let mut op = node.op()?;
    let mut rest = node.rhs()?;
    loop {
        let BinOp::CustomOp(sign) = &op else { return None };
        let sign = compact(sign);
        let next = match &rest {
            ast::Expr::BinExpr(next) => {
                next.op().filter(|op| matches!(op, BinOp::CustomOp(_))).map(|op| (next.clone(), op))
            }
            _ => None,
        };
        let Some((next, next_op)) = next else {
            if let Some((all, right)) = quantifier(&rest) {
                return Some(Expr::Quantified(Box::new(Quantified { left, op: sign, all, right: right? })));
            }
            return Some(attach(sign, left, expr(&rest)?, matches!(rest, ast::Expr::ParenExpr(_))));
        };
        left = Expr::Binary(sign, Box::new(left), Box::new(expr(&next.lhs()?)?));
        rest = next.rhs()?;
        op = next_op;
    }
}

fn binary(node: &ast::BinExpr) -> Option<Expr> {
    if matches!(node.op()?, BinOp::CustomOp(_)) {
        return chain(node);
    }
    let left = expr(&node.lhs()?)?;
    let op = node.op()?;
    let negated = matches!(op, BinOp::IsNot(_) | BinOp::IsNotDistinctFrom(_) | BinOp::NotIn(_));
    let name = match op {
        BinOp::Escape(_) => return Some(left),
        BinOp::In(_) | BinOp::NotIn(_) => return contained(left, negated, &node.rhs()?),
        BinOp::Is(_) | BinOp::IsNot(_) => {
            let test = match expr(&node.rhs()?)? {
                Expr::Null => IsTest::Null,
                Expr::Bool(value) => IsTest::Bool(Some(value)),
                _ => IsTest::Bool(None),
            };
            return Some(Expr::Is { expr: Box::new(left), negated, test });
        }
        BinOp::IsDistinctFrom(_) | BinOp::IsNotDistinctFrom(_) => {
            let test = IsTest::DistinctFrom(boxed(node.rhs())?);
            return Some(Expr::Is { expr: Box::new(left), negated, test });
        }
        BinOp::AtTimeZone(_) => {
            let args = vec![(None, expr(&node.rhs()?)?), (None, left)];
            return Some(plain_call("timezone", args));
        }
        BinOp::Overlaps(_) => "overlaps".to_owned(),
        BinOp::And(_) => "and".to_owned(),
        BinOp::Or(_) => "or".to_owned(),
        BinOp::Like(_) => "~~".to_owned(),
        BinOp::NotLike(_) => "!~~".to_owned(),
        BinOp::Ilike(_) => "~~*".to_owned(),
        BinOp::NotIlike(_) => "!~~*".to_owned(),
        BinOp::SimilarTo(_) => "~".to_owned(),
        BinOp::NotSimilarTo(_) => "!~".to_owned(),
        BinOp::Neq(_) | BinOp::Neqb(_) => "<>".to_owned(),
        BinOp::CustomOp(op) => compact(&op),
        BinOp::OperatorCall(op) => operator_call(&op),
        BinOp::ColonColon(_) => return None,
        BinOp::Caret(t)
        | BinOp::ColonEq(t)
        | BinOp::Eq(t)
        | BinOp::FatArrow(t)
        | BinOp::Gteq(t)
        | BinOp::LAngle(t)
        | BinOp::Lteq(t)
        | BinOp::Minus(t)
        | BinOp::Percent(t)
        | BinOp::Plus(t)
        | BinOp::RAngle(t)
        | BinOp::Slash(t)
        | BinOp::Star(t) => t.text().to_owned(),
    };
    let right = node.rhs()?;
    if let Some((all, right)) = quantifier(&right) {
        return Some(Expr::Quantified(Box::new(Quantified { left, op: name, all, right: right? })));
    }
    let closed = matches!(right, ast::Expr::ParenExpr(_))
        || !matches!(name.as_str(), "+" | "-" | "*" | "/" | "%" | "^");
    Some(attach(name, left, expr(&right)?, closed))
}

fn contained(left: Expr, negated: bool, right: &ast::Expr) -> Option<Expr> {
    let left = Box::new(left);
    Some(match expr(right)? {
        Expr::Subquery(query) => Expr::InQuery { expr: left, negated, query },
        Expr::Row(list) => Expr::In { expr: left, negated, list },
        single => Expr::In { expr: left, negated, list: vec![single] },
    })
}

/// `any (…)`, `some (…)`, `all (…)`
fn quantifier(node: &ast::Expr) -> Option<(bool, Option<Expr>)> {
    let ast::Expr::CallExpr(call) = node else { return None };
    let of = |inner: Option<ast::Expr>, select: Option<ast::SelectVariant>| match (inner, select) {
        (Some(inner), _) => expr(&inner),
        (None, Some(select)) => Some(Expr::Subquery(Box::new(query(&select)?))),
        (None, None) => None,
    };
    if let Some(any) = call.any_fn() {
        return Some((false, of(any.expr(), any.select_variant())));
    }
    if let Some(some) = call.some_fn() {
        return Some((false, of(some.expr(), some.select_variant())));
    }
    let all = call.all_fn()?;
    Some((true, of(all.expr(), all.select_variant())))
}

fn case(case: &ast::CaseExpr) -> Option<Expr> {
    let mut whens = Vec::new();
    for when in case.when_clause_list()?.syntax().children().filter_map(ast::WhenClause::cast) {
        whens.push((expr(&when.condition()?)?, expr(&when.then()?)?));
    }
    Some(Expr::Case {
        subject: match case.expr() {
            Some(subject) => Some(Box::new(expr(&subject)?)),
            None => None,
        },
        whens,
        otherwise: match case.else_clause().and_then(|e| e.expr()) {
            Some(other) => Some(Box::new(expr(&other)?)),
            None => None,
        },
    })
}

fn plain_call(name: &str, args: Vec<(Option<String>, Expr)>) -> Expr {
    Expr::Call(Box::new(Call {
        name: QName::bare(name),
        args,
        star: false,
        distinct: false,
        variadic: false,
        order: Vec::new(),
        within_group: false,
        filter: None,
        over: None,
    }))
}

fn positional(args: Vec<Expr>) -> Vec<(Option<String>, Expr)> {
    args.into_iter().map(|e| (None, e)).collect()
}

fn call(node: &ast::CallExpr) -> Option<Expr> {
    if let Some(exists) = node.exists_fn() {
        return Some(Expr::Exists(Box::new(query(&exists.select_variant()?)?)));
    }
    if let Some(extract) = node.extract_fn() {
        let field = match extract.extract_field()? {
            ast::ExtractField::ExtractFieldLiteral(field) => literal(&field.literal()?)?,
            ast::ExtractField::ExtractFieldName(field) => Expr::Text(compact(&field)),
        };
        return Some(plain_call("extract", vec![(None, field), (None, expr(&extract.expr()?)?)]));
    }
    let Some(list) = node.arg_list() else { return special(node) };
    let (ast::Expr::NameRef(_) | ast::Expr::FieldExpr(_)) = node.expr()? else { return None };
    let name = match expr(&node.expr()?)? {
        Expr::Column(parts) => QName::from_parts(parts),
        Expr::Keyword(name) => QName::bare(name),
        _ => return None,
    };
    let mut call = Call {
        name,
        args: Vec::new(),
        star: list.star_token().is_some(),
        distinct: list.syntax().children().any(|c| c.kind() == SyntaxKind::DISTINCT),
        variadic: false,
        order: Vec::new(),
        within_group: false,
        filter: None,
        over: None,
    };
    for arg in list.args() {
        call.variadic |= arg.variadic_token().is_some();
        match arg.func_arg_expr()? {
            ast::FuncArgExpr::Expr(e) => call.args.push((None, expr(&e)?)),
            ast::FuncArgExpr::NamedArg(named) => {
                call.args.push((named.name().map(|n| names::name(&n)), expr(&named.expr()?)?));
            }
        }
        if let Some(order) = arg.order_by_clause() {
            call.order.extend(query::order(&order)?);
        }
    }
    if let Some(order) = list.syntax().children().find_map(ast::OrderByClause::cast) {
        call.order.extend(query::order(&order)?);
    }
    if let Some(within) = node.within_clause() {
        call.within_group = true;
        call.order.extend(query::order(&within.order_by_clause()?)?);
    }
    if let Some(filter) = node.filter_clause() {
        call.filter = Some(expr(&filter.expr()?)?);
    }
    if let Some(over) = node.over_clause() {
        call.over = Some(query::window_exprs(over.syntax())?);
    }
    Some(Expr::Call(Box::new(call)))
}

/// Functions with a syntax of their own. Their name is that of the function that PostgreSQL makes of them.
fn special(node: &ast::CallExpr) -> Option<Expr> {
    let inner = node.syntax().children().next()?;
    let args: Vec<Expr> = list(inner.children().filter_map(ast::Expr::cast)).unwrap_or_default();
    let deep = || -> Option<Vec<Expr>> {
        let mut found = Vec::new();
        for child in inner.children() {
            match ast::Expr::cast(child.clone()) {
                Some(e) => found.push(expr(&e)?),
                None => outermost(&child, &mut found)?,
            }
        }
        Some(found)
    };
    Some(match inner.kind() {
        SyntaxKind::POSITION_FN => {
            let mut args = args;
            args.reverse();
            plain_call("position", positional(args))
        }
        SyntaxKind::SUBSTRING_FN => plain_call("substring", positional(deep()?)),
        SyntaxKind::OVERLAY_FN => plain_call("overlay", positional(deep()?)),
        SyntaxKind::TRIM_FN => {
            let text = inner.text().to_string().to_ascii_lowercase();
            let mut args = deep()?;
            if text.split_whitespace().any(|w| w == "from") {
                args.reverse();
            }
            let name = if text.contains("leading ") {
                "ltrim"
            } else if text.contains("trailing ") {
                "rtrim"
            } else {
                "btrim"
            };
            plain_call(name, positional(args))
        }
        _ => plain_call("%special", positional(deep().unwrap_or_default())),
    })
}

/// The expressions below a node that are not part of another one.
fn outermost(node: &squawk_syntax::SyntaxNode, found: &mut Vec<Expr>) -> Option<()> {
    for child in node.children() {
        match ast::Expr::cast(child.clone()) {
            Some(e) => found.push(expr(&e)?),
            None => outermost(&child, found)?,
        }
    }
    Some(())
}

/// A query that selects one expression: how PL/pgSQL evaluates one.
pub fn as_query(expr: Expr) -> Query {
    let select = crate::schema::sql::Select {
        targets: vec![crate::schema::sql::Target { expr, alias: None }],
        ..Default::default()
    };
    Query {
        with: Vec::new(),
        recursive: false,
        body: QueryBody::Select(Box::new(select)),
        order: Vec::new(),
        limit: Vec::new(),
    }
}
