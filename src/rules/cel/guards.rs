//! Which optional fields are known to be there, at a place in an expression.

use cel::common::ast::{Expr, IdedExpr, LiteralValue};

/// Paths of fields that are there, innermost knowledge last.
#[derive(Debug, Default)]
pub(super) struct Guards(Vec<String>);

impl Guards {
    pub(super) fn holds(&self, path: &str) -> bool {
        self.0.iter().any(|known| known == path)
    }

    pub(super) fn learn(&mut self, paths: Vec<String>) {
        self.0.extend(paths);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn forget_after(&mut self, len: usize) {
        self.0.truncate(len);
    }
}

/// `a.b.c` for a name and the fields selected on it.
pub(super) fn path(expr: &IdedExpr) -> Option<String> {
    match &expr.expr {
        Expr::Ident(name) => Some(name.clone()),
        Expr::Select(select) => path(&select.operand).map(|operand| format!("{operand}.{}", select.field)),
        _ => None,
    }
}

/// What must be there where `expr` is true.
pub(super) fn when_true(expr: &IdedExpr) -> Vec<String> {
    known(expr, true)
}

/// What must be there where `expr` is false.
pub(super) fn when_false(expr: &IdedExpr) -> Vec<String> {
    known(expr, false)
}

fn known(expr: &IdedExpr, outcome: bool) -> Vec<String> {
    match &expr.expr {
        Expr::Select(select) if select.test && outcome => path(expr).into_iter().collect(),
        Expr::Call(call) => match (call.func_name.as_str(), call.args.as_slice()) {
            ("!_", [inner]) => known(inner, !outcome),
            ("_&&_", [a, b]) if outcome => both(a, b, outcome),
            ("_||_", [a, b]) if !outcome => both(a, b, outcome),
            ("_&&_" | "_||_", [a, b]) => {
                let right = known(b, outcome);
                known(a, outcome).into_iter().filter(|path| right.contains(path)).collect()
            }
            ("_!=_", [a, b]) if outcome => compared_with_null(a, b),
            ("_==_", [a, b]) if !outcome => compared_with_null(a, b),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn both(a: &IdedExpr, b: &IdedExpr, outcome: bool) -> Vec<String> {
    let mut all = known(a, outcome);
    all.extend(known(b, outcome));
    all
}

fn compared_with_null(a: &IdedExpr, b: &IdedExpr) -> Vec<String> {
    let of = |field: &IdedExpr, null: &IdedExpr| if is_null(null) { path(field) } else { None };
    of(a, b).or_else(|| of(b, a)).into_iter().collect()
}

/// Whether this is the literal `null`.
pub(super) fn is_null(expr: &IdedExpr) -> bool {
    matches!(expr.expr, Expr::Literal(LiteralValue::Null))
}
