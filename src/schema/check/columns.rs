//! The name that a column of a select list gets (`FigureColname`).

use crate::schema::sql::{Expr, Query, QueryBody};

/// The name of an expression in a select list.
pub fn column_name(expr: &Expr) -> String {
    figure(expr).map_or_else(|| "?column?".to_owned(), |(name, _)| name)
}

/// The name, and whether it is a strong one.
fn figure(expr: &Expr) -> Option<(String, bool)> {
    let strong = |name: &str| Some((name.to_owned(), true));
    match expr {
        Expr::Column(parts) => Some((parts.last()?.clone(), true)),
        Expr::Field(_, name) => strong(name),
        Expr::Keyword(name) => strong(name),
        Expr::Call(call) => strong(&call.name.name),
        Expr::Row(items) => match items.as_slice() {
            [only @ Expr::Column(_)] => figure(only),
            _ => strong("row"),
        },
        Expr::Array(_) | Expr::ArrayQuery(_) => strong("array"),
        Expr::Exists(_) => strong("exists"),
        Expr::Subquery(query) => first(query),
        Expr::Collate(inner) => figure(inner),
        Expr::Index(inner, ..) => figure(inner),
        Expr::Bool(_) => Some(("bool".to_owned(), false)),
        Expr::Cast(inner, ty) => match figure(inner) {
            Some((name, true)) => Some((name, true)),
            _ => Some((ty.name.name.clone(), false)),
        },
        Expr::Case { otherwise, .. } => match otherwise.as_deref().and_then(figure) {
            Some((name, true)) => Some((name, true)),
            _ => Some(("case".to_owned(), false)),
        },
        _ => None,
    }
}

fn first(query: &Query) -> Option<(String, bool)> {
    match &query.body {
        QueryBody::Select(select) => {
            let target = select.targets.first()?;
            match &target.alias {
                Some(alias) => Some((alias.clone(), true)),
                None => figure(&target.expr),
            }
        }
        QueryBody::Nested(inner) => first(inner),
        _ => None,
    }
}
