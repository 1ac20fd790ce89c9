//! What it says that two values are equal.

use super::eval::{Eval, Scalar};
use super::names::is_role;
use super::truth::{Ties, Truth};

impl Eval<'_> {
    /// When both are equal.
    pub(super) fn equal(&self, one: &Scalar, other: &Scalar) -> Truth {
        use Scalar::{Bool, Claim, Column, Const, Folder, Found, Null, Setting, Uid, Unknown};
        let nested = self.is_nested();
        match (one, other) {
            (Null, _) | (_, Null) => Truth::never(),
            (Const(a), Const(b)) => Truth::of(a == b),
            (Uid, Uid) => Truth::always(),
            (Bool(truth), Const(value)) | (Const(value), Bool(truth)) => match value.as_str() {
                "true" | "t" => truth.clone(),
                "false" | "f" => truth.clone().negated(),
                _ => Truth::when(Ties::UNKNOWN),
            },
            (Uid, Column(at) | Folder(at)) | (Column(at) | Folder(at), Uid) => Truth::when(owns(at.depth)),
            (Uid, Found(rows, _)) | (Found(rows, _), Uid) => {
                rows.clone().and(&Truth::when(Ties::INNER_OWN)).exists(nested)
            }
            // Somebody whom the policy names.
            (Uid, Const(_)) | (Const(_), Uid) => Truth::when(Ties::ROLE),
            (Claim(path), Column(at) | Folder(at)) | (Column(at) | Folder(at), Claim(path)) => {
                let ties = match path.first().map(String::as_str) {
                    Some("email" | "phone") => owns(at.depth),
                    Some("user_metadata" | "raw_user_meta_data") => Ties::CLAIM,
                    _ if at.depth == 0 => Ties::TEAM,
                    _ => Ties::INNER_OWN,
                };
                Truth::when(ties)
            }
            (Claim(path), Found(rows, _)) | (Found(rows, _), Claim(path)) => {
                let ties = match path.first().map(String::as_str) {
                    Some("user_metadata" | "raw_user_meta_data") => Ties::CLAIM,
                    _ => Ties::INNER_OWN,
                };
                rows.clone().and(&Truth::when(ties)).exists(nested)
            }
            (Claim(path), Const(_)) | (Const(_), Claim(path)) => self.claim(path),
            (Column(a) | Folder(a), Column(b) | Folder(b)) => match (a.depth, b.depth) {
                _ if a == b => Truth::always(),
                (0, 0) => Truth::when(Ties::MARK),
                (0, _) | (_, 0) => Truth::when(Ties::INNER_LINK),
                // Rows of a subquery that are joined.
                _ => Truth::always(),
            },
            (Column(at) | Folder(at), Const(_)) | (Const(_), Column(at) | Folder(at)) => {
                Truth::when(self.tested(at, true))
            }
            (Column(at) | Folder(at), Found(rows, _)) | (Found(rows, _), Column(at) | Folder(at)) => {
                let link = if at.depth == 0 { Truth::when(Ties::INNER_LINK) } else { Truth::always() };
                rows.clone().and(&link).exists(nested)
            }
            (Found(rows, column), Const(_)) | (Const(_), Found(rows, column)) => {
                let ties = if is_role(column) { Ties::ROLE } else { Ties::INNER_TEST };
                rows.clone().and(&Truth::when(ties)).exists(nested)
            }
            (Found(a, _), Found(b, _)) => a.clone().and(b).exists(nested),
            (Setting, _) | (_, Setting) => Truth::when(Ties::SETTING),
            (Bool(a), Bool(b)) => a.clone().and(b),
            (Unknown | Bool(_), _) | (_, Unknown | Bool(_)) => Truth::when(Ties::UNKNOWN),
            (Claim(_), _) | (_, Claim(_)) => Truth::when(Ties::UNKNOWN),
        }
    }

    /// When they differ.
    pub(super) fn unequal(&self, one: &Scalar, other: &Scalar) -> Truth {
        match (one, other) {
            (Scalar::Null, _) | (_, Scalar::Null) => Truth::never(),
            (Scalar::Const(a), Scalar::Const(b)) => Truth::of(a != b),
            // Everybody but one.
            (Scalar::Uid, Scalar::Const(_)) | (Scalar::Const(_), Scalar::Uid) => Truth::when(Ties::MEMBER),
            _ => self.other(one, other),
        }
    }

    /// When any other comparison is true.
    pub(super) fn other(&self, one: &Scalar, other: &Scalar) -> Truth {
        match (one, other) {
            (Scalar::Null, _) | (_, Scalar::Null) => Truth::never(),
            (Scalar::Found(rows, _), Scalar::Const(_)) | (Scalar::Const(_), Scalar::Found(rows, _)) => {
                rows.clone().and(&Truth::when(Ties::INNER_TEST)).exists(self.is_nested())
            }
            // `auth.uid() = any (members)`, `members @> array[auth.uid()]`.
            (Scalar::Column(at) | Scalar::Folder(at), Scalar::Const(_) | Scalar::Column(_) | Scalar::Uid)
            | (Scalar::Const(_) | Scalar::Uid, Scalar::Column(at) | Scalar::Folder(at)) => {
                Truth::when(self.tested(at, false))
            }
            (Scalar::Setting, _) | (_, Scalar::Setting) => Truth::when(Ties::SETTING),
            (Scalar::Claim(path), Scalar::Const(_)) | (Scalar::Const(_), Scalar::Claim(path)) => {
                self.claim(path)
            }
            _ => Truth::when(Ties::UNKNOWN),
        }
    }
}

/// A column of the row, or of a row within a subquery, is who is calling.
fn owns(depth: usize) -> Ties {
    if depth == 0 { Ties::OWN } else { Ties::INNER_OWN }
}
