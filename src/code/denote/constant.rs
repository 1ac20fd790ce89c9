//! Texts that are always the same.

use super::super::{BinaryOp, Expr, ModuleId};
use super::follow::{Follow, Found};
use super::{Denoted, Root};

/// Names can double a text with every step: what is longer is no path, no header and no table.
const LONGEST: usize = 16 * 1024;

impl<'c> Follow<'c> {
    /// A constant, however its expression came about: literals of other modules are found by name.
    pub(super) fn constant(&mut self, module: ModuleId, expr: &'c Expr) -> Option<String> {
        self.text(module, expr)
    }

    pub(super) fn text(&mut self, module: ModuleId, expr: &'c Expr) -> Option<String> {
        self.deeper(|follow| match expr {
            Expr::Text(text) => Some(text.to_string()),
            Expr::Number(number) => Some(number.to_string()),
            Expr::Bool(value) => Some(value.to_string()),
            Expr::Template(texts, values) => {
                let mut out = texts.first()?.to_string();
                for (value, text) in values.iter().zip(texts.iter().skip(1)) {
                    out.push_str(&follow.text(module, value)?);
                    out.push_str(text);
                    if out.len() > LONGEST {
                        return None;
                    }
                }
                Some(out)
            }
            Expr::Binary(BinaryOp::Add, sides) => {
                // Two numbers are added, and not put together.
                if sides.iter().all(|side| matches!(side, Expr::Number(_))) {
                    return None;
                }
                let out = follow.text(module, &sides[0])? + &follow.text(module, &sides[1])?;
                (out.len() <= LONGEST).then_some(out)
            }
            Expr::Name(..) | Expr::Member(_) => {
                let Found::Is(Denoted { root: Root::Value(at, value), path }) =
                    follow.expr(module, None, expr)
                else {
                    return None;
                };
                // A name that leads to itself would go on.
                (path.is_empty() && !std::ptr::eq(value, expr)).then(|| follow.text(at, value))?
            }
            _ => None,
        })
    }
}
