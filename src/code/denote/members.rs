//! Members of objects, lists, modules and classes.

use std::sync::LazyLock;

use super::super::link::MemberAt;
use super::super::{
    Call, Class, ClassId, Entry, Expr, Field, ModuleId, Name, Pattern, Property, SymbolId, walk,
};
use super::choose::one_of;
use super::follow::{Follow, Found, MOST_ENTRIES, This};
use super::{Denoted, Root, Step};

/// How many statements and expressions of a class are looked at for what is assigned to a field.
const MOST: usize = 5000;

/// The `new` that isn't written down: of `this`, and of what a framework hands to a constructor.
static MADE: LazyLock<Call> =
    LazyLock::new(|| Call { callee: Expr::Undefined, args: Vec::new(), is_new: true, line: 0 });

/// An instance of a class.
pub(super) fn instance<'c>(module: ModuleId, class: ClassId) -> Denoted<'c> {
    Denoted::of(Root::Class(module, class)).then(Step::Call(module, &MADE))
}

impl<'c> Follow<'c> {
    pub(super) fn member(&mut self, found: Found<'c>, name: &'c Name) -> Found<'c> {
        match found {
            Found::Module(module) => {
                self.deeper(|follow| follow.export(module, name)).unwrap_or(Root::Unknown.into())
            }
            Found::Is(denoted) => self.member_of(denoted, name.clone()),
        }
    }

    /// With a name that is made here: of a module it is found if the module has it itself.
    pub(super) fn member_named(&mut self, found: Found<'c>, name: Name) -> Found<'c> {
        match found {
            Found::Module(module) => {
                let code = self.code;
                let name = code.own_export(module, &name).map(|export| &export.name);
                name.and_then(|name| self.deeper(|follow| follow.export(module, name)))
                    .unwrap_or(Root::Unknown.into())
            }
            Found::Is(denoted) => self.member_of(denoted, name),
        }
    }

    fn member_of(&mut self, denoted: Denoted<'c>, name: Name) -> Found<'c> {
        let found = match (&denoted.root, &denoted.path[..]) {
            (Root::Value(module, Expr::Object(entries)), []) => self.entry(*module, entries, &name),
            (Root::Value(module, Expr::List(items)), []) => self.item(*module, items, &name),
            (Root::Global(global), [Step::Member(all), Step::Call(module, call)])
                if &**global == "Promise" && &**all == "all" =>
            {
                match call.args.first() {
                    Some(Expr::List(items)) => self.item(*module, items, &name),
                    _ => None,
                }
            }
            (Root::Class(module, class), []) => self.class_member(*module, *class, &name, true),
            (Root::Class(module, class), [Step::Call(_, call)]) if call.is_new => {
                self.class_member(*module, *class, &name, false)
            }
            _ => None,
        };
        found.unwrap_or_else(|| denoted.then(Step::Member(name)).into())
    }

    /// `{ name: … }`: the last that has the name counts. Behind something that can't be looked into, it can't be told
    /// what has it.
    fn entry(&mut self, module: ModuleId, entries: &'c [Entry], name: &Name) -> Option<Found<'c>> {
        if entries.len() > MOST_ENTRIES {
            return None;
        }
        self.pay(entries.len());
        for entry in entries.iter().rev() {
            match entry {
                Entry::Pair(key, value) if key == name => return Some(self.expr(module, None, value)),
                Entry::Pair(key, _) if key.is_empty() => return Some(Root::Unknown.into()),
                Entry::Pair(..) => {}
                Entry::Spread(value) => match self.expr(module, None, value) {
                    Found::Module(of) => {
                        let found = self.member_named(Found::Module(of), name.clone());
                        if found != Root::Unknown.into() {
                            return Some(found);
                        }
                    }
                    Found::Is(spread) => {
                        let known =
                            matches!(spread.root, Root::Value(_, Expr::Object(_))) && spread.path.is_empty();
                        let found = self.member_of(spread, name.clone());
                        let missing = matches!(&found, Found::Is(Denoted { root: Root::Value(_, Expr::Object(_)), path }) if !path.is_empty());
                        if !(known && missing) {
                            return Some(if known { found } else { Root::Unknown.into() });
                        }
                    }
                },
            }
        }
        None
    }

    /// `[a, b][1]`.
    fn item(&mut self, module: ModuleId, items: &'c [Expr], name: &str) -> Option<Found<'c>> {
        let at: usize = name.parse().ok()?;
        if items.iter().take(at + 1).any(|item| matches!(item, Expr::Spread(_))) {
            return None;
        }
        Some(self.expr(module, None, items.get(at)?))
    }

    /// What `super` is in a class.
    pub(super) fn above_this(&mut self, this: Option<This>) -> Found<'c> {
        let above = this.and_then(|this| {
            let extends = self.class(this.module, this.class)?.extends.as_ref()?;
            let above = self.denote(this.module, None, extends);
            Some(if this.is_static { above } else { above.then(Step::Call(this.module, &MADE)) })
        });
        above.unwrap_or(Denoted::unknown()).into()
    }

    fn class(&self, module: ModuleId, class: ClassId) -> Option<&'c Class> {
        self.of_module(module)?.classes.get(class.0 as usize)
    }

    /// A member of a class (`is_static`) or of an instance of it. `None`: it has none that is known.
    fn class_member(
        &mut self,
        module: ModuleId,
        id: ClassId,
        name: &Name,
        is_static: bool,
    ) -> Option<Found<'c>> {
        self.deeper(|follow| {
            let class = follow.class(module, id)?;
            let code = follow.code;
            let members = code.index(module)?.members.get(id.0 as usize)?;
            for member in members.get(name).into_iter().flatten().take(16) {
                match member {
                    MemberAt::Method(at) => {
                        let method = class.methods.get(*at)?;
                        if method.is_static == is_static && &**name != "constructor" {
                            return Some(Root::Function((module, method.function)).into());
                        }
                    }
                    MemberAt::Field(at) => {
                        return follow.field(module, id, name, class.fields.get(*at));
                    }
                }
            }
            let assigned = follow.field(module, id, name, None);
            if assigned.is_some() {
                return assigned;
            }
            let above = follow.denote(module, None, class.extends.as_ref()?);
            Some(match above.root {
                Root::Class(module, id) if above.path.is_empty() => {
                    return follow.class_member(module, id, name, is_static);
                }
                _ if is_static => above.then(Step::Member(name.clone())).into(),
                _ => above.then(Step::Call(module, &MADE)).then(Step::Member(name.clone())).into(),
            })
        })
    }

    /// What a field holds: what it begins with and what methods assign to it, or an instance of its type.
    fn field(
        &mut self,
        module: ModuleId,
        id: ClassId,
        name: &Name,
        field: Option<&'c Field>,
    ) -> Option<Found<'c>> {
        let class = self.class(module, id)?;
        let this = Some(This { module, class: id, is_static: false });
        let mut sides = Vec::new();
        if let Some(value) = field.and_then(|field| field.value.as_ref()) {
            sides.push(self.denote(module, this, value));
        }
        for value in self.assigned_to_field(module, class, name)? {
            let side = self.denote(module, this, value);
            let side = self.by_type_of_param(&side).unwrap_or(side);
            sides.push(side);
            if sides.len() > 16 {
                return Some(Root::Unknown.into());
            }
        }
        match sides.len() {
            0 => Some(self.by_type(module, &field?.type_name)?.into()),
            1 => sides.pop().map(Found::from),
            _ => Some(one_of(sides).into()),
        }
    }

    /// The values of `this.name = …` in the methods of a class. `None`: it is too large to be sure.
    fn assigned_to_field(&mut self, module: ModuleId, class: &'c Class, name: &str) -> Option<Vec<&'c Expr>> {
        let of = self.of_module(module)?;
        let mut values = Vec::new();
        let mut left = MOST;
        for method in class.methods.iter().filter(|method| !method.is_static) {
            let body = &of.functions.get(method.function.0 as usize)?.body;
            let mut visited = 0;
            let whole = walk::at_most(
                of,
                body,
                left,
                &mut |expr| {
                    visited += 1;
                    if let Expr::Assign(assign) = expr
                        && is_field_of_this(&assign.target, name)
                    {
                        values.push(&assign.value);
                    }
                },
                &mut |_| {},
            );
            self.pay(visited);
            if !whole {
                return None;
            }
            left = left.saturating_sub(visited).max(1);
        }
        Some(values)
    }

    /// An instance of the class that is the type of a parameter.
    fn by_type_of_param(&mut self, denoted: &Denoted<'c>) -> Option<Denoted<'c>> {
        let Root::Param(module, function, at) = denoted.root else { return None };
        let param = self.of_module(module)?.functions.get(function.0 as usize)?.params.get(at as usize)?;
        if denoted.path.is_empty() { self.by_type(module, &param.type_name) } else { None }
    }

    /// An instance of the class that a type names.
    fn by_type(&mut self, module: ModuleId, type_name: &str) -> Option<Denoted<'c>> {
        // `Prisma.User` is a member.
        let mut names = type_name.split('.');
        let symbol: SymbolId = self.code.type_symbol(module, names.next()?)?;
        let mut found = self.symbol(module, symbol)?;
        for name in names.take(4) {
            found = self.member_named(found, name.into());
        }
        let class = self.settle(found);
        matches!(class.root, Root::Class(..) | Root::Package(_))
            .then(|| class.then(Step::Call(module, &MADE)))
    }
}

fn is_field_of_this(target: &Pattern, name: &str) -> bool {
    let Pattern::Place(place) = target else { return false };
    let Expr::Member(member) = &**place else { return false };
    matches!(member.object, Expr::This) && matches!(&member.property, Property::Named(of) if &**of == name)
}
