//! `drop …`

use super::Session;
use super::remove::Thing;
use crate::schema::catalogue::{FunctionKind, Oid, RelationKind, Ty};
use crate::schema::check::{Checked, Fault};
use crate::schema::sql::{Drop, DropKind, FunctionSignature, ParamMode, QName};

impl Session {
    /// `drop …`
    pub(super) fn drop(&mut self, it: &Drop) -> Checked<()> {
        match it.kind {
            DropKind::Table
            | DropKind::View
            | DropKind::MaterializedView
            | DropKind::ForeignTable
            | DropKind::Sequence
            | DropKind::Index => self.drop_relations(it),
            DropKind::Function | DropKind::Procedure | DropKind::Routine | DropKind::Aggregate => {
                self.drop_functions(it)
            }
            DropKind::Type | DropKind::Domain => self.drop_types(it),
            DropKind::Schema => self.drop_schemas(it),
            DropKind::Policy | DropKind::Trigger | DropKind::Rule => self.drop_part(it),
            DropKind::Extension => self.drop_extensions(it),
            DropKind::Role | DropKind::Publication | DropKind::EventTrigger => self.drop_named(it),
            DropKind::Column | DropKind::Constraint | DropKind::Other => Ok(()),
        }
    }

    fn drop_relations(&mut self, it: &Drop) -> Checked<()> {
        let (what, kinds): (&str, &[RelationKind]) = match it.kind {
            DropKind::Table => ("table", &[RelationKind::Table, RelationKind::Partitioned]),
            DropKind::View => ("view", &[RelationKind::View]),
            DropKind::MaterializedView => ("materialized view", &[RelationKind::MaterializedView]),
            DropKind::ForeignTable => ("foreign table", &[RelationKind::Foreign]),
            DropKind::Sequence => ("sequence", &[RelationKind::Sequence]),
            _ => ("index", &[]),
        };
        let mut things = Vec::new();
        for name in &it.names {
            let Some(oid) = self.cat.find_name(name, &self.path) else {
                if it.if_exists {
                    continue;
                }
                if let Some(schema) = &name.schema
                    && !self.cat.schemas.contains(schema)
                {
                    return Err(Fault::new("3F000", format!("schema \"{schema}\" does not exist")));
                }
                let code = if it.kind == DropKind::Index { "42704" } else { "42P01" };
                return Err(Fault::new(code, format!("{what} \"{name}\" does not exist")));
            };
            if let Some(index) = self.cat.indexes.get(&oid) {
                if it.kind != DropKind::Index {
                    return Err(Fault::new("42809", format!("\"{}\" is not a {what}", name.name)));
                }
                if index.constraint {
                    return Err(Fault::new(
                        "2BP01",
                        format!(
                            "cannot drop index {} because constraint on its table requires it",
                            index.name
                        ),
                    ));
                }
                things.push(Thing::Index(oid));
                continue;
            }
            let kind = self.cat.relations.get(&oid).map(|r| r.kind);
            if !kind.is_some_and(|kind| kinds.contains(&kind)) {
                return Err(Fault::new("42809", format!("\"{}\" is not a {what}", name.name)));
            }
            things.push(Thing::Relation(oid));
        }
        self.remove(things, it.cascade)
    }

    fn drop_functions(&mut self, it: &Drop) -> Checked<()> {
        let mut things = Vec::new();
        for signature in &it.signatures {
            match self.find_function(signature, it.kind) {
                Ok(oid) => things.push(Thing::Function(oid)),
                Err(fault) if it.if_exists && matches!(fault.code, "42883" | "3F000" | "42704") => {}
                Err(fault) => return Err(fault),
            }
        }
        self.remove(things, it.cascade)
    }

    /// The function that a signature names.
    pub(in crate::schema) fn find_function(
        &self,
        signature: &FunctionSignature,
        kind: DropKind,
    ) -> Checked<Oid> {
        let name = &signature.name;
        let fits = |is: FunctionKind| match kind {
            DropKind::Function => is == FunctionKind::Function,
            DropKind::Procedure => is == FunctionKind::Procedure,
            DropKind::Aggregate => is == FunctionKind::Aggregate,
            _ => true,
        };
        if let Some(schema) = &name.schema
            && !self.cat.schemas.contains(schema)
            && schema != "pg_catalog"
        {
            return Err(Fault::new("3F000", format!("schema \"{schema}\" does not exist")));
        }
        let named = self.cat.functions_named(name, &self.path);
        let Some(params) = &signature.params else {
            let first = named.first().map(|f| f.schema.clone());
            let same: Vec<_> =
                named.iter().filter(|f| Some(&f.schema) == first.as_ref() && fits(f.kind)).collect();
            return match same.as_slice() {
                [] => Err(Fault::new("42883", format!("could not find a function named \"{name}\""))),
                [only] => Ok(only.oid),
                _ => Err(Fault::new("42725", format!("function name \"{name}\" is not unique"))),
            };
        };
        let mut args: Vec<Ty> = Vec::new();
        let mut all: Vec<Ty> = Vec::new();
        let mut checker = self.checker();
        for param in params {
            let mut ty = checker.type_of(&param.ty)?;
            if param.mode == ParamMode::Variadic && !ty.array && !ty.is_polymorphic() && ty != Ty::ANY_PSEUDO
            {
                ty = ty.array_of();
            }
            all.push(ty);
            if !matches!(param.mode, ParamMode::Out | ParamMode::Table) {
                args.push(ty);
            }
        }
        let text: Vec<String> = args.iter().map(|ty| self.cat.type_text(*ty)).collect();
        let found = named.iter().find(|f| f.args == args).or_else(|| {
            named.iter().find(|f| {
                f.kind == FunctionKind::Procedure && f.params.iter().map(|p| p.ty).eq(all.iter().copied())
            })
        });
        match found {
            Some(found) if fits(found.kind) => Ok(found.oid),
            Some(_) => Err(Fault::new("42809", format!("{name}({}) is not of that kind", text.join(", ")))),
            None => Err(Fault::new("42883", format!("function {name}({}) does not exist", text.join(", ")))),
        }
    }

    fn drop_types(&mut self, it: &Drop) -> Checked<()> {
        let mut things = Vec::new();
        for name in &it.names {
            let ty = self.cat.find_type(name, &self.path);
            match ty {
                Some(ty) if self.cat.types.contains(&ty.id) => things.push(Thing::Type(ty.id)),
                Some(ty) if self.cat.relations.contains(&ty.id) => {
                    return Err(Fault::new(
                        "2BP01",
                        format!("cannot drop type {name} because table requires it"),
                    ));
                }
                Some(_) => return Err(Fault::new("2BP01", format!("cannot drop type {name}"))),
                None if it.if_exists => {}
                None => return Err(Fault::new("42704", format!("type \"{name}\" does not exist"))),
            }
        }
        self.remove(things, it.cascade)
    }

    fn drop_schemas(&mut self, it: &Drop) -> Checked<()> {
        for QName { name, .. } in &it.names {
            if !self.cat.schemas.contains(name) {
                if it.if_exists {
                    continue;
                }
                return Err(Fault::new("3F000", format!("schema \"{name}\" does not exist")));
            }
            let mut things: Vec<Thing> = Vec::new();
            let composite =
                |oid: &Oid| self.cat.relations.get(oid).is_some_and(|r| r.kind == RelationKind::Composite);
            things.extend(
                self.cat
                    .relations
                    .values()
                    .filter(|r| r.schema == *name && !composite(&r.oid))
                    .map(|r| Thing::Relation(r.oid)),
            );
            things.extend(
                self.cat.functions.values().filter(|f| f.schema == *name).map(|f| Thing::Function(f.oid)),
            );
            things.extend(self.cat.types.values().filter(|t| t.schema == *name).map(|t| Thing::Type(t.oid)));
            if !things.is_empty() && !it.cascade {
                return Err(Fault::new(
                    "2BP01",
                    format!("cannot drop schema {name} because other objects depend on it"),
                ));
            }
            self.remove(things, true)?;
            let lost: Vec<String> = self
                .cat
                .extensions
                .iter()
                .filter(|(_, e)| e.schema == *name)
                .map(|(n, _)| n.clone())
                .collect();
            for extension in lost {
                self.cat.extensions.remove(&extension);
            }
            let defaults: Vec<_> =
                self.cat.default_privileges.keys().filter(|(_, schema, _)| schema == name).cloned().collect();
            for key in defaults {
                self.cat.default_privileges.remove(&key);
            }
            self.cat.schemas.remove(name);
        }
        Ok(())
    }

    fn drop_part(&mut self, it: &Drop) -> Checked<()> {
        let (Some(table), Some(part)) = (&it.on, it.names.first()) else { return Ok(()) };
        let relation = match self.existing(table) {
            Ok(relation) => relation,
            Err(_) if it.if_exists => return Ok(()),
            Err(fault) => return Err(fault),
        };
        let (oid, name) = (relation.oid, part.name.clone());
        let (what, found) = match it.kind {
            DropKind::Policy => ("policy", relation.policies.contains_key(&name)),
            DropKind::Trigger => ("trigger", relation.triggers.contains_key(&name)),
            _ => ("rule", relation.rules.contains(&name)),
        };
        if !found {
            if it.if_exists {
                return Ok(());
            }
            return Err(Fault::new(
                "42704",
                format!("{what} \"{name}\" for table \"{}\" does not exist", relation.name),
            ));
        }
        if let Some(relation) = self.cat.relations.get_mut(&oid) {
            match it.kind {
                DropKind::Policy => {
                    relation.policies.remove(&name);
                }
                DropKind::Trigger => {
                    relation.triggers.remove(&name);
                }
                _ => relation.rules.retain(|rule| *rule != name),
            }
        }
        Ok(())
    }

    fn drop_extensions(&mut self, it: &Drop) -> Checked<()> {
        for QName { name, .. } in &it.names {
            if !self.cat.extensions.contains(name) {
                if it.if_exists {
                    continue;
                }
                return Err(Fault::new("42704", format!("extension \"{name}\" does not exist")));
            }
            let of = |extension: &Option<String>| extension.as_deref() == Some(name.as_str());
            let mut things: Vec<Thing> = Vec::new();
            things.extend(
                self.cat.relations.values().filter(|r| of(&r.extension)).map(|r| Thing::Relation(r.oid)),
            );
            things.extend(
                self.cat.functions.values().filter(|f| of(&f.extension)).map(|f| Thing::Function(f.oid)),
            );
            things.extend(self.cat.types.values().filter(|t| of(&t.extension)).map(|t| Thing::Type(t.oid)));
            self.remove(things, it.cascade)?;
            self.cat.extensions.remove(name);
            let schemas: Vec<String> =
                self.cat.schemas.iter().filter(|(_, s)| of(&s.extension)).map(|(n, _)| n.clone()).collect();
            for schema in schemas {
                self.cat.schemas.remove(&schema);
            }
        }
        Ok(())
    }

    fn drop_named(&mut self, it: &Drop) -> Checked<()> {
        for QName { name, .. } in &it.names {
            let (what, gone) = match it.kind {
                DropKind::Role => ("role", self.cat.roles.remove(name)),
                DropKind::Publication => ("publication", self.cat.publications.remove(name)),
                _ => ("event trigger", self.cat.event_triggers.remove(name)),
            };
            if !gone && !it.if_exists {
                return Err(Fault::new("42704", format!("{what} \"{name}\" does not exist")));
            }
        }
        Ok(())
    }
}
