//! Queries.

use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};

use super::expr::{boxed, expr, list};
use super::{names, statement, types};
use crate::schema::sql::{
    Cte, Expr, From, FromAlias, JoinKind, QName, Query, QueryBody, Select, SetOp, Target,
};

/// A query.
pub fn query(node: &ast::SelectVariant) -> Option<Query> {
    let syntax = node.syntax();
    let body = match node {
        ast::SelectVariant::Select(select) => QueryBody::Select(Box::new(self::select(select.syntax())?)),
        ast::SelectVariant::SelectInto(select) => {
            let mut found = self::select(select.syntax())?;
            let into = select.into_clause()?;
            let temporary = matches!(into.persistence(), Some(ast::Persistence::Temp(_)));
            found.into = Some((names::given(into.table_name()?.path())?, temporary));
            QueryBody::Select(Box::new(found))
        }
        ast::SelectVariant::Values(values) => {
            let rows = values.row_list()?.rows().map(|row| list(row.exprs())).collect::<Option<_>>()?;
            QueryBody::Values(rows)
        }
        ast::SelectVariant::Table(table) => {
            let name = names::referred(table.relation_name()?.relation_name_ref()?.path_ref())?;
            let select = Select {
                targets: vec![Target { expr: Expr::Star(Vec::new()), alias: None }],
                from: vec![From::Table(name, FromAlias::default())],
                ..Select::default()
            };
            QueryBody::Select(Box::new(select))
        }
        ast::SelectVariant::ParenSelect(paren) => QueryBody::Nested(Box::new(query(&paren.select()?)?)),
        ast::SelectVariant::CompoundSelect(compound) => {
            let op = match compound.op()? {
                ast::CompoundOp::Union(_) => SetOp::Union,
                ast::CompoundOp::Intersect(_) => SetOp::Intersect,
                ast::CompoundOp::Except(_) => SetOp::Except,
            };
            let left = operand(compound.lhs_operand()?)?;
            let right = operand(compound.rhs_operand()?)?;
            QueryBody::Set(op, Box::new(left), Box::new(right))
        }
    };
    let with = syntax.children().find_map(ast::WithClause::cast);
    let mut found = Query {
        recursive: with.as_ref().is_some_and(|w| w.recursive_token().is_some()),
        with: ctes(with)?,
        body,
        order: Vec::new(),
        limit: Vec::new(),
    };
    for child in syntax.children() {
        if let Some(clause) = ast::OrderByClause::cast(child.clone()) {
            found.order = order(&clause)?;
        } else if let Some(clause) = ast::LimitClause::cast(child.clone()) {
            if let Some(ast::LimitValue::Expr(limit)) = clause.limit_value() {
                found.limit.push(expr(&limit)?);
            }
        } else if let Some(clause) = ast::OffsetClause::cast(child) {
            found.limit.push(expr(&clause.expr()?)?);
        }
    }
    // The `with` of the first part of a compound stands in that part, and counts for all of it.
    if let QueryBody::Set(_, left, _) = &mut found.body
        && found.with.is_empty()
    {
        found.with = std::mem::take(&mut left.with);
        found.recursive = left.recursive;
    }
    Some(found)
}

fn operand(node: ast::CompoundSelectOperand) -> Option<Query> {
    match node {
        ast::CompoundSelectOperand::SelectVariant(select) => query(&select),
        ast::CompoundSelectOperand::ParenExpr(paren) => {
            query(&paren.syntax().children().find_map(ast::SelectVariant::cast)?)
        }
    }
}

/// The named queries of `with`.
pub fn ctes(with: Option<ast::WithClause>) -> Option<Vec<Cte>> {
    let Some(with) = with else { return Some(Vec::new()) };
    let mut found = Vec::new();
    for table in with.with_tables() {
        let node = table.query()?;
        let query = match ast::SelectVariant::cast(node.syntax().clone()) {
            Some(select) => query(&select)?,
            None => Query {
                with: Vec::new(),
                recursive: false,
                body: QueryBody::Data(Box::new(statement::data(node.syntax())?)),
                order: Vec::new(),
                limit: Vec::new(),
            },
        };
        found.push(Cte {
            name: names::name(&table.name()?),
            columns: names::new_columns(table.column_list()),
            query,
        });
    }
    Some(found)
}

/// The parts of `select` that stand below a node.
pub fn select(node: &SyntaxNode) -> Option<Select> {
    let mut found = Select::default();
    for child in node.children() {
        if let Some(clause) = ast::SelectClause::cast(child.clone()) {
            if let Some(ast::SelectQuantifier::DistinctClause(distinct)) = clause.select_quantifier() {
                found.distinct = Some(match distinct.distinct_on() {
                    Some(on) => list(on.exprs())?,
                    None => Vec::new(),
                });
            }
            found.targets = targets(clause.target_list())?;
        } else if let Some(clause) = ast::TargetList::cast(child.clone()) {
            found.targets = targets(Some(clause))?;
        } else if let Some(clause) = ast::FromClause::cast(child.clone()) {
            found.from = clause.items().map(|item| from(&item)).collect::<Option<_>>()?;
        } else if let Some(clause) = ast::WhereClause::cast(child.clone()) {
            found.condition = Some(expr(&clause.expr()?)?);
        } else if let Some(clause) = ast::GroupByClause::cast(child.clone()) {
            for e in clause.syntax().descendants() {
                let parent = e.parent().is_some_and(|p| ast::GroupBy::cast(p).is_some());
                if let Some(e) = ast::Expr::cast(e).filter(|_| parent) {
                    found.group.push(expr(&e)?);
                }
            }
        } else if let Some(clause) = ast::HavingClause::cast(child.clone()) {
            found.having = Some(expr(&clause.expr()?)?);
        } else if let Some(clause) = ast::WindowClause::cast(child) {
            found.windows = window_exprs(clause.syntax())?;
        }
    }
    Some(found)
}

/// What a window is made of: the expressions it is partitioned and sorted by.
pub fn window_exprs(node: &SyntaxNode) -> Option<Vec<Expr>> {
    let mut found = Vec::new();
    for child in node.descendants() {
        if let Some(partition) = ast::PartitionByClause::cast(child.clone()) {
            found.extend(list(partition.exprs())?);
        } else if let Some(clause) = ast::OrderByClause::cast(child) {
            found.extend(order(&clause)?);
        }
    }
    Some(found)
}

/// The expressions of `order by`.
pub fn order(node: &ast::OrderByClause) -> Option<Vec<Expr>> {
    node.sort_by_list()?.sort_bys().map(|by| expr(&by.expr()?)).collect()
}

/// A select list.
pub fn targets(list: Option<ast::TargetList>) -> Option<Vec<Target>> {
    let Some(list) = list else { return Some(Vec::new()) };
    list.targets()
        .map(|target| {
            let alias = target.as_name().and_then(|a| a.name()).map(|n| names::name(&n));
            match target.expr() {
                Some(e) => Some(Target { expr: expr(&e)?, alias }),
                None => Some(Target { expr: Expr::Star(Vec::new()), alias: None }),
            }
        })
        .collect()
}

fn alias(node: Option<ast::FromAlias>) -> Option<FromAlias> {
    let Some(node) = node else { return Some(FromAlias::default()) };
    let mut found = FromAlias { name: node.name().map(|n| names::name(&n)), ..FromAlias::default() };
    match node.columns() {
        Some(ast::FromAliasColumns::ColumnList(list)) => found.columns = names::new_columns(Some(list)),
        Some(ast::FromAliasColumns::ColumnDefList(list)) => {
            for (name, ty) in column_defs(&list)? {
                found.columns.push(name);
                found.types.push(ty);
            }
        }
        None => {}
    }
    Some(found)
}

fn column_defs(list: &ast::ColumnDefList) -> Option<Vec<(String, crate::schema::sql::TypeName)>> {
    list.column_defs()
        .map(|column| Some((names::name(&column.name()?), types::type_name(&column.ty()?)?)))
        .collect()
}

/// One item of a `from` list.
pub fn from(node: &ast::FromListItem) -> Option<From> {
    match node {
        ast::FromListItem::JoinExpr(join) => self::join(join, FromAlias::default()),
        ast::FromListItem::FromItem(item) => from_item(item),
    }
}

fn join(node: &ast::JoinExpr, alias: FromAlias) -> Option<From> {
    let left = from(&node.from_list_item()?)?;
    let join = node.join()?;
    let right = from(&join.from_list_item()?)?;
    let kind = match join.join_type()? {
        ast::JoinType::JoinLeft(_) => JoinKind::Left,
        ast::JoinType::JoinRight(_) => JoinKind::Right,
        ast::JoinType::JoinFull(_) => JoinKind::Full,
        _ => JoinKind::Inner,
    };
    let (on, using) = match join.join_condition() {
        Some(ast::JoinCondition::OnClause(on)) => (Some(expr(&on.expr()?)?), Vec::new()),
        Some(ast::JoinCondition::JoinUsingClause(using)) => (None, names::columns(using.column_ref_list())),
        None => (None, Vec::new()),
    };
    Some(From::Join {
        left: Box::new(left),
        right: Box::new(right),
        kind,
        natural: join.natural_token().is_some(),
        on,
        using,
        alias,
    })
}

fn from_item(item: &ast::FromItem) -> Option<From> {
    Some(match item {
        ast::FromItem::RelationFromItem(table) => {
            From::Table(names::referred(table.relation_name_ref()?.path_ref())?, alias(table.alias())?)
        }
        ast::FromItem::FunctionFromItem(function) => {
            let call = expr(&ast::Expr::CallExpr(function.call_expr()?))?;
            From::Functions(
                vec![(call, Vec::new())],
                alias(function.alias())?,
                function.with_ordinality().is_some(),
            )
        }
        ast::FromItem::ExprFromItem(item) => {
            let inner = match (item.call_expr(), item.cast_expr()) {
                (Some(call), _) => ast::Expr::CallExpr(call),
                (None, Some(cast)) => ast::Expr::CastExpr(cast),
                (None, None) => return bare_keyword(item),
            };
            From::Functions(vec![(expr(&inner)?, Vec::new())], alias(item.alias())?, false)
        }
        ast::FromItem::RowsFromItem(rows) => {
            let mut functions = Vec::new();
            for arg in rows.rows_from_args() {
                let columns = match arg.column_def_list() {
                    Some(list) => column_defs(&list)?,
                    None => Vec::new(),
                };
                functions.push((expr(&ast::Expr::CallExpr(arg.call_expr()?))?, columns));
            }
            From::Functions(functions, alias(rows.alias())?, rows.with_ordinality().is_some())
        }
        ast::FromItem::ParenFromItem(paren) => {
            let alias = alias(paren.alias())?;
            let lateral = paren.lateral_token().is_some();
            if let Some(select) = paren.paren_select() {
                return Some(From::Query(
                    Box::new(query(&ast::SelectVariant::ParenSelect(select))?),
                    alias,
                    lateral,
                ));
            }
            let inner = paren.paren_expr()?;
            if let Some(select) = inner.syntax().children().find_map(ast::SelectVariant::cast) {
                return Some(From::Query(Box::new(query(&select)?), alias, lateral));
            }
            nested(&inner, alias)?
        }
        ast::FromItem::GraphTableFromItem(_)
        | ast::FromItem::JsonTableFromItem(_)
        | ast::FromItem::XmlTableFromItem(_) => From::Opaque(FromAlias {
            name: item
                .syntax()
                .children()
                .find_map(ast::FromAlias::cast)
                .and_then(|a| Some(names::name(&a.name()?))),
            ..FromAlias::default()
        }),
    })
}

/// `(a join b) as c`, however many parentheses.
fn nested(paren: &ast::ParenExpr, alias: FromAlias) -> Option<From> {
    if let Some(item) = paren.from_list_item() {
        return match &item {
            ast::FromListItem::JoinExpr(node) => join(node, alias),
            item => from(item),
        };
    }
    match paren.expr()? {
        ast::Expr::ParenExpr(inner) => {
            if let Some(select) = inner.syntax().children().find_map(ast::SelectVariant::cast) {
                return Some(From::Query(Box::new(query(&select)?), alias, false));
            }
            nested(&inner, alias)
        }
        _ => None,
    }
}

/// `from current_date`: a function without parentheses.
fn bare_keyword(item: &ast::ExprFromItem) -> Option<From> {
    let name = item.syntax().first_token()?.text().to_ascii_lowercase();
    Some(From::Functions(vec![(Expr::Keyword(name), Vec::new())], alias(item.alias())?, false))
}

/// The name of a relation.
pub fn relation(node: Option<ast::RelationNameRef>) -> Option<QName> {
    names::referred(node?.path_ref())
}

/// What an expression clause says, with its text.
pub fn with_text(node: Option<ast::Expr>) -> Option<(Option<Expr>, String)> {
    let Some(node) = node else { return Some((None, String::new())) };
    let text = node.syntax().text().to_string();
    Some((Some(*boxed(Some(node))?), text))
}
