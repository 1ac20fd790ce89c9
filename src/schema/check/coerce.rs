//! Which types become which (`parse_coerce.c`).

use super::{Checked, Checker, Fault, Value};
use crate::schema::builtin::{self, Cast};
use crate::schema::catalogue::{Catalogue, Ty, UserTypeKind};

/// How willing a conversion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Context {
    /// In an expression.
    Implicit,
    /// When a value is stored.
    Assignment,
    /// Asked for.
    Explicit,
}

impl Catalogue {
    /// The category of a type, and whether it is preferred in it.
    pub(in crate::schema) fn category(&self, ty: Ty) -> (char, bool) {
        if ty.array {
            return ('A', false);
        }
        let ty = self.base(ty);
        match self.types.get(&ty.id).map(|t| &t.kind) {
            Some(UserTypeKind::Enum(_)) => ('E', false),
            Some(UserTypeKind::Composite(_)) => ('C', false),
            Some(UserTypeKind::Range) => ('R', false),
            Some(UserTypeKind::Base) if self.types.get(&ty.id).is_some_and(|t| t.name == "citext") => {
                ('S', false)
            }
            Some(_) => ('U', false),
            None if self.relations.contains(&ty.id) => ('C', false),
            None => builtin::types().category(ty.id),
        }
    }

    /// A type of an extension, of whose casts we know nothing.
    fn foreign(&self, ty: Ty) -> bool {
        matches!(self.types.get(&ty.id).map(|t| &t.kind), Some(UserTypeKind::Base))
    }

    /// Whether one type becomes another.
    pub(in crate::schema) fn coercible(&self, from: Ty, to: Ty, context: Context) -> bool {
        if from == to || from.is_any() || to.is_any() || from == Ty::UNKNOWN || to == Ty::ANY_PSEUDO {
            return true;
        }
        if to.is_polymorphic() {
            return self.fits_polymorphic(from, to);
        }
        let (from, target) = (self.base(from), self.base(to));
        if from == target || self.foreign(from) || self.foreign(target) {
            return true;
        }
        if from.array && target.array {
            return self.coercible(from.element(), target.element(), context);
        }
        if !from.array
            && !target.array
            && let Some((cast, _)) = builtin::cast(from, target)
        {
            let needed = match cast {
                Cast::Implicit => Context::Implicit,
                Cast::Assignment => Context::Assignment,
                Cast::Explicit => Context::Explicit,
            };
            if context >= needed {
                return true;
            }
        }
        let row = |ty: Ty| ty == Ty::RECORD || self.is_row(ty);
        if row(from) && row(target) {
            return target == Ty::RECORD || from == Ty::RECORD && context >= Context::Implicit;
        }
        // Anything can be written as text when it is stored, and read from text when that is asked for.
        let text = |ty: Ty| self.category(ty).0 == 'S';
        context >= Context::Assignment && text(target) && from != Ty::VOID
            || context >= Context::Explicit && text(from)
    }

    fn fits_polymorphic(&self, from: Ty, to: Ty) -> bool {
        let from = self.base(from);
        match to {
            Ty::ANYARRAY | Ty::ANYCOMPATIBLEARRAY => from.array || from.id == Ty::ANYARRAY.id,
            Ty::ANYNONARRAY | Ty::ANYCOMPATIBLENONARRAY => !from.array,
            Ty::ANYENUM => self.enum_values(from).is_some(),
            Ty::ANYRANGE | Ty::ANYCOMPATIBLERANGE => !from.array && self.category(from).0 == 'R',
            Ty::ANYMULTIRANGE | Ty::ANYCOMPATIBLEMULTIRANGE => !from.array && self.category(from).0 == 'R',
            _ => true,
        }
    }

    /// Whether turning one type into another always gives the same result.
    fn immutable_cast(&self, from: Ty, to: Ty) -> bool {
        let (from, to) = (self.base(from), self.base(to));
        if from == to || from == Ty::UNKNOWN {
            return true;
        }
        if let Some((_, immutable)) = builtin::cast(from, to)
            && !from.array
            && !to.array
        {
            return immutable;
        }
        let text = |ty: Ty| self.category(ty).0 == 'S';
        if text(to) {
            return !from.array
                && !self.types.contains(&from.id)
                && builtin::types().immutable_text(from.id).1;
        }
        if text(from) {
            return !to.array && !self.types.contains(&to.id) && builtin::types().immutable_text(to.id).0;
        }
        true
    }
}

impl Checker<'_> {
    /// That a value becomes a type, and that a literal can be read as it.
    pub fn require(&mut self, value: &Value, to: Ty, context: Context) -> Checked<()> {
        if value.ty == Ty::UNKNOWN {
            return match &value.literal {
                Some(literal) => self.read_literal(literal, to),
                None => Ok(()),
            };
        }
        if !self.cat.coercible(value.ty, to, context) {
            let (from, to) = (self.cat.type_text(value.ty), self.cat.type_text(to));
            return Err(Fault::new("42846", format!("cannot cast type {from} to {to}")));
        }
        self.mutable |= !to.is_polymorphic() && !self.cat.immutable_cast(value.ty, to);
        Ok(())
    }

    /// The type that several values have together (`select_common_type`).
    pub(super) fn common(&mut self, values: &[Value], what: &str) -> Checked<Ty> {
        let Some(ty) = self.common_type(values.iter().map(|v| v.ty), what)? else { return Ok(Ty::ANY) };
        for value in values {
            self.require(value, ty, Context::Implicit)?;
        }
        Ok(ty)
    }

    pub(super) fn common_type(
        &self,
        types: impl Iterator<Item = Ty> + Clone,
        what: &str,
    ) -> Checked<Option<Ty>> {
        if types.clone().any(Ty::is_any) {
            return Ok(None);
        }
        let mut all = types.clone();
        if let Some(first) = all.next()
            && first != Ty::UNKNOWN
            && all.all(|ty| ty == first)
        {
            return Ok(Some(first));
        }
        let mut found = Ty::UNKNOWN;
        for ty in types {
            let ty = self.cat.base(ty);
            if ty == Ty::UNKNOWN || ty == found {
                continue;
            }
            if found == Ty::UNKNOWN {
                found = ty;
                continue;
            }
            let (category, preferred) = self.cat.category(found);
            if self.cat.category(ty).0 != category {
                let (a, b) = (self.cat.type_text(found), self.cat.type_text(ty));
                return Err(Fault::new("42804", format!("{what} types {a} and {b} cannot be matched")));
            }
            if !preferred
                && self.cat.coercible(found, ty, Context::Implicit)
                && !self.cat.coercible(ty, found, Context::Implicit)
            {
                found = ty;
            }
        }
        Ok(Some(if found == Ty::UNKNOWN { Ty::TEXT } else { found }))
    }
}
