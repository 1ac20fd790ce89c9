//! Operators (`parse_oper.c`).

use super::select::Choice;
use super::{Checked, Checker, Context, Fault, Value};
use crate::schema::builtin::{self, Operator};
use crate::schema::catalogue::{Ty, UserTypeKind};

const COMPARISONS: [&str; 6] = ["=", "<>", "<", ">", "<=", ">="];

impl Checker<'_> {
    /// An operator with two sides.
    pub(super) fn binary_operator(&mut self, op: &str, left: &Value, right: &Value) -> Checked<Ty> {
        let name = if op == "!=" { "<>" } else { op };
        let unknown_side = left.ty.is_any() || right.ty.is_any();
        if unknown_side {
            return Ok(if COMPARISONS.contains(&name) || name.contains('~') || name.contains('@') {
                Ty::BOOL
            } else {
                Ty::ANY
            });
        }
        // Operators of extensions: no list of them is kept.
        if self.cat.operators.contains(name) || self.of_extension(left.ty) || self.of_extension(right.ty) {
            return Ok(if COMPARISONS.contains(&name) { Ty::BOOL } else { Ty::ANY });
        }
        // A literal takes the other side's type if there is an operator for it.
        let mut inputs = [left.ty, right.ty];
        let known = |a: Ty, b: Ty| if a == Ty::UNKNOWN { b } else { a };
        let exact = [self.cat.base(known(left.ty, right.ty)), self.cat.base(known(right.ty, left.ty))];
        let candidates: Vec<&Operator> =
            builtin::operators_named(name).iter().filter(|o| o.left.is_some()).collect();
        let types: Vec<Vec<Ty>> =
            candidates.iter().map(|o| vec![o.left.unwrap_or(Ty::ANY), o.right]).collect();
        let found = match types.iter().position(|t| t.as_slice() == exact) {
            Some(found) => Choice::One(found),
            None => {
                if self.row_comparison(name, inputs) {
                    return Ok(Ty::BOOL);
                }
                inputs = [left.ty, right.ty];
                self.cat.choose(&inputs, &types)
            }
        };
        let (l, r) = (self.cat.type_text(left.ty), self.cat.type_text(right.ty));
        match found {
            Choice::One(i) => {
                let (Some(operator), Some(wanted)) = (candidates.get(i), types.get(i)) else {
                    return Ok(Ty::ANY);
                };
                self.mutable |= !operator.immutable;
                for (value, to, other) in [(left, wanted.first(), right), (right, wanted.get(1), left)] {
                    let Some(to) = to else { continue };
                    // A literal beside an enumeration is read as one of its values.
                    let to = if to.is_polymorphic() && value.ty == Ty::UNKNOWN {
                        match *to {
                            Ty::ANYARRAY | Ty::ANYENUM | Ty::ANYELEMENT | Ty::ANYRANGE => other.ty,
                            _ => continue,
                        }
                    } else {
                        *to
                    };
                    self.require(value, to, Context::Implicit)?;
                }
                Ok(self.cat.polymorphic_result(operator.result, &inputs, wanted))
            }
            Choice::None => Err(Fault::new("42883", format!("operator does not exist: {l} {op} {r}"))),
            Choice::Several => Err(Fault::new("42725", format!("operator is not unique: {l} {op} {r}"))),
        }
    }

    /// An operator before its argument.
    pub(super) fn prefix_operator(&mut self, op: &str, value: &Value) -> Checked<Ty> {
        if value.ty.is_any() || self.of_extension(value.ty) {
            return Ok(value.ty);
        }
        let candidates: Vec<&Operator> =
            builtin::operators_named(op).iter().filter(|o| o.left.is_none()).collect();
        let types: Vec<Vec<Ty>> = candidates.iter().map(|o| vec![o.right]).collect();
        match self.cat.choose(&[self.cat.base(value.ty)], &types) {
            Choice::One(i) => Ok(candidates.get(i).map_or(Ty::ANY, |o| o.result)),
            Choice::None => {
                let ty = self.cat.type_text(value.ty);
                Err(Fault::new("42883", format!("operator does not exist: {op} {ty}")))
            }
            Choice::Several => Ok(Ty::ANY),
        }
    }

    fn of_extension(&self, ty: Ty) -> bool {
        matches!(self.cat.types.get(&self.cat.base(ty).id).map(|t| &t.kind), Some(UserTypeKind::Base))
    }

    /// Rows, and ranges that were made, compare without our knowing how.
    fn row_comparison(&self, name: &str, types: [Ty; 2]) -> bool {
        let range = |ty: Ty| matches!(self.cat.types.get(&ty.id).map(|t| &t.kind), Some(UserTypeKind::Range));
        let row = |ty: Ty| ty == Ty::RECORD || self.cat.is_row(ty) || ty == Ty::UNKNOWN;
        types.iter().any(|ty| range(*ty))
            || COMPARISONS.contains(&name) && types.iter().all(|ty| row(*ty)) && types != [Ty::UNKNOWN; 2]
    }
}

impl Checker<'_> {
    /// Whether values of two types can be equal.
    pub fn comparable(&mut self, left: Ty, right: Ty) -> Checked<()> {
        self.binary_operator("=", &left.into(), &right.into()).map(|_| ())
    }
}
