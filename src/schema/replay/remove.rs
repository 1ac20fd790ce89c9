//! What goes when an object goes (`dependency.c`).

use std::collections::BTreeSet;

use super::Session;
use crate::schema::catalogue::{ConstraintKind, Dep, Oid, RelationKind, UserTypeKind};
use crate::schema::check::{Checked, Fault};

/// Something that can be dropped.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thing {
    Relation(Oid),
    Column(Oid, String),
    Default(Oid, String),
    Constraint(Oid, String),
    Index(Oid),
    Policy(Oid, String),
    Trigger(Oid, String),
    Function(Oid),
    Type(Oid),
    EventTrigger(String),
}

impl Session {
    /// Drops things, with what belongs to them, and with `cascade` what depends on them.
    pub(super) fn remove(&mut self, things: Vec<Thing>, cascade: bool) -> Checked<()> {
        let roots: BTreeSet<Thing> = things.iter().cloned().collect();
        let mut all: BTreeSet<Thing> = roots.clone();
        let mut owned: BTreeSet<Thing> = roots;
        let mut needy: Vec<(Thing, Thing)> = Vec::new();
        let mut queue: Vec<Thing> = things;
        while let Some(thing) = queue.pop() {
            for (other, normal) in self.dependents(&thing) {
                if normal {
                    needy.push((thing.clone(), other.clone()));
                } else if owned.insert(other.clone()) && all.contains(&other) {
                    continue;
                }
                if all.insert(other.clone()) {
                    queue.push(other);
                }
            }
        }
        if !cascade {
            // What goes anyway, because it belongs to something that goes, stands in nobody's way.
            for (of, other) in &needy {
                if !owned.contains(other) && !self.part_of(other, &owned) {
                    let (of, other) = (self.describe(of), self.describe(other));
                    return Err(Fault::new(
                        "2BP01",
                        format!("cannot drop {of} because other objects depend on it: {other}"),
                    ));
                }
            }
        }
        for thing in &all {
            self.take_out(thing);
        }
        Ok(())
    }

    fn part_of(&self, thing: &Thing, owned: &BTreeSet<Thing>) -> bool {
        match thing {
            Thing::Column(table, _)
            | Thing::Default(table, _)
            | Thing::Constraint(table, _)
            | Thing::Policy(table, _)
            | Thing::Trigger(table, _) => owned.contains(&Thing::Relation(*table)),
            Thing::Index(index) => {
                self.cat.indexes.get(index).is_some_and(|i| owned.contains(&Thing::Relation(i.table)))
            }
            _ => false,
        }
    }

    /// What depends on a thing, and whether that keeps it from being dropped.
    fn dependents(&self, thing: &Thing) -> Vec<(Thing, bool)> {
        let mut found = Vec::new();
        match thing {
            Thing::Relation(oid) => self.needs_relation(*oid, &mut found),
            Thing::Column(oid, name) => self.needs_column(*oid, name, &mut found),
            Thing::Constraint(oid, name) => self.needs_constraint(*oid, name, &mut found),
            Thing::Index(oid) => {
                for relation in self.cat.relations.values() {
                    for constraint in &relation.constraints {
                        match &constraint.kind {
                            ConstraintKind::Primary { index, .. }
                            | ConstraintKind::Unique { index, .. }
                            | ConstraintKind::Exclude { index }
                                if index == oid =>
                            {
                                found.push((Thing::Constraint(relation.oid, constraint.name.clone()), false));
                            }
                            ConstraintKind::Foreign { index, .. } if index == oid => {
                                found.push((Thing::Constraint(relation.oid, constraint.name.clone()), true));
                            }
                            _ => {}
                        }
                    }
                }
            }
            Thing::Function(oid) => {
                self.needs(&|dep| *dep == Dep::Function(*oid), &mut found);
                for relation in self.cat.relations.values() {
                    for trigger in relation.triggers.values().filter(|t| t.function == *oid) {
                        found.push((Thing::Trigger(relation.oid, trigger.name.clone()), true));
                    }
                }
                for (name, trigger) in self.cat.event_triggers.iter() {
                    if trigger.function == *oid {
                        found.push((Thing::EventTrigger(name.clone()), true));
                    }
                }
            }
            Thing::Type(oid) => {
                self.needs(&|dep| *dep == Dep::Type(*oid), &mut found);
                self.typed(*oid, &mut found);
                if let Some(UserTypeKind::Composite(relation)) = self.cat.types.get(oid).map(|t| &t.kind) {
                    found.push((Thing::Relation(*relation), false));
                }
            }
            _ => {}
        }
        found.retain(|(other, _)| other != thing);
        found
    }

    fn needs_relation(&self, oid: Oid, found: &mut Vec<(Thing, bool)>) {
        self.needs(&|dep| matches!(dep, Dep::Relation(r) | Dep::Column(r, _) if *r == oid), found);
        self.typed(oid, found);
        for relation in self.cat.relations.values() {
            if relation.parents.contains(&oid) {
                found.push((Thing::Relation(relation.oid), !relation.partition));
            }
            if relation.kind == RelationKind::Sequence
                && relation.deps.iter().any(|d| matches!(d, Dep::Column(r, _) if *r == oid))
            {
                found.push((Thing::Relation(relation.oid), false));
            }
            for constraint in &relation.constraints {
                if relation.oid != oid
                    && matches!(constraint.kind, ConstraintKind::Foreign { table, .. } if table == oid)
                {
                    found.push((Thing::Constraint(relation.oid, constraint.name.clone()), true));
                }
            }
        }
        for index in self.cat.indexes_of(oid) {
            found.push((Thing::Index(index.oid), false));
        }
        if let Some(relation) = self.cat.relations.get(&oid) {
            if relation.kind == RelationKind::Sequence {
                let name = &relation.name;
                for table in self.cat.relations.values() {
                    for column in &table.columns {
                        let uses = column
                            .default
                            .as_ref()
                            .is_some_and(|d| format!("{d:?}").contains(&format!("{name}'")))
                            || column.deps.contains(&Dep::Relation(oid));
                        if uses {
                            found.push((Thing::Default(table.oid, column.name.clone()), true));
                        }
                    }
                }
            }
            for policy in relation.policies.keys() {
                found.push((Thing::Policy(oid, policy.clone()), false));
            }
            for trigger in relation.triggers.keys() {
                found.push((Thing::Trigger(oid, trigger.clone()), false));
            }
        }
    }

    fn needs_column(&self, oid: Oid, name: &str, found: &mut Vec<(Thing, bool)>) {
        let me = Dep::Column(oid, name.to_owned());
        self.needs(&|dep| *dep == me, found);
        for entry in found.iter_mut() {
            // Checks and indexes of the table itself go with their columns.
            let own = match &entry.0 {
                Thing::Constraint(table, _) => *table == oid,
                Thing::Index(index) => self.cat.indexes.get(index).is_some_and(|i| i.table == oid),
                _ => false,
            };
            if own {
                entry.1 = false;
            }
        }
        for index in self.cat.indexes_of(oid) {
            let used = index.keys.iter().any(|k| k.column.as_deref() == Some(name))
                || index.include.iter().any(|c| c == name);
            if used {
                found.push((Thing::Index(index.oid), false));
            }
        }
        for relation in self.cat.relations.values() {
            if relation.kind == RelationKind::Sequence && relation.deps.contains(&me) {
                found.push((Thing::Relation(relation.oid), false));
            }
            for constraint in &relation.constraints {
                match &constraint.kind {
                    ConstraintKind::Primary { columns, .. }
                    | ConstraintKind::Unique { columns, .. }
                    | ConstraintKind::Foreign { columns, .. }
                        if relation.oid == oid && columns.iter().any(|c| c == name) =>
                    {
                        found.push((Thing::Constraint(oid, constraint.name.clone()), false));
                    }
                    ConstraintKind::Foreign { table, target, .. }
                        if *table == oid && target.iter().any(|c| c == name) =>
                    {
                        found.push((
                            Thing::Constraint(relation.oid, constraint.name.clone()),
                            relation.oid != oid,
                        ));
                    }
                    _ => {}
                }
            }
            if relation.parents.contains(&oid) && relation.column(name).is_some_and(|c| c.inherited) {
                found.push((Thing::Column(relation.oid, name.to_owned()), false));
            }
        }
    }

    fn needs_constraint(&self, oid: Oid, name: &str, found: &mut Vec<(Thing, bool)>) {
        let constraint =
            self.cat.relations.get(&oid).and_then(|r| r.constraints.iter().find(|c| c.name == name));
        if let Some(
            ConstraintKind::Primary { index, .. }
            | ConstraintKind::Unique { index, .. }
            | ConstraintKind::Exclude { index },
        ) = constraint.map(|c| &c.kind)
        {
            found.push((Thing::Index(*index), false));
        }
    }

    /// Everything with an expression, a query or a body that needs something.
    fn needs(&self, is: &dyn Fn(&Dep) -> bool, found: &mut Vec<(Thing, bool)>) {
        let any = |deps: &[Dep]| deps.iter().any(is);
        for relation in self.cat.relations.values() {
            if relation.is_view() && any(&relation.deps) {
                found.push((Thing::Relation(relation.oid), true));
            }
            for column in &relation.columns {
                if any(&column.deps) {
                    let thing = if column.generated {
                        Thing::Column(relation.oid, column.name.clone())
                    } else {
                        Thing::Default(relation.oid, column.name.clone())
                    };
                    found.push((thing, true));
                }
            }
            for policy in relation.policies.values().filter(|p| any(&p.deps)) {
                found.push((Thing::Policy(relation.oid, policy.name.clone()), true));
            }
            for constraint in relation.constraints.iter().filter(|c| any(&c.deps)) {
                found.push((Thing::Constraint(relation.oid, constraint.name.clone()), true));
            }
            for trigger in relation.triggers.values().filter(|t| any(&t.deps)) {
                found.push((Thing::Trigger(relation.oid, trigger.name.clone()), true));
            }
        }
        for index in self.cat.indexes.values().filter(|i| any(&i.deps)) {
            found.push((Thing::Index(index.oid), true));
        }
        for function in self.cat.functions.values().filter(|f| any(&f.deps)) {
            found.push((Thing::Function(function.oid), true));
        }
        for made in self.cat.types.values().filter(|t| any(&t.deps)) {
            found.push((Thing::Type(made.oid), true));
        }
    }

    /// Columns, functions and types made of a type.
    fn typed(&self, oid: Oid, found: &mut Vec<(Thing, bool)>) {
        for relation in self.cat.relations.values() {
            for column in relation.columns.iter().filter(|c| c.ty.id == oid) {
                if !relation.is_view() {
                    found.push((Thing::Column(relation.oid, column.name.clone()), true));
                }
            }
        }
        for function in self.cat.functions.values() {
            if function.returns.id == oid || function.params.iter().any(|p| p.ty.id == oid) {
                found.push((Thing::Function(function.oid), true));
            }
        }
        for made in self.cat.types.values() {
            if matches!(made.kind, UserTypeKind::Domain { base, .. } if base.id == oid) {
                found.push((Thing::Type(made.oid), true));
            }
        }
    }

    fn describe(&self, thing: &Thing) -> String {
        let table = |oid: &Oid| self.cat.relations.get(oid).map(|r| r.name.clone()).unwrap_or_default();
        match thing {
            Thing::Relation(oid) => format!("relation {}", table(oid)),
            Thing::Column(oid, name) => format!("column {name} of table {}", table(oid)),
            Thing::Default(oid, name) => format!("default value for column {name} of table {}", table(oid)),
            Thing::Constraint(oid, name) => format!("constraint {name} on table {}", table(oid)),
            Thing::Index(oid) => {
                format!("index {}", self.cat.indexes.get(oid).map(|i| i.name.clone()).unwrap_or_default())
            }
            Thing::Policy(oid, name) => format!("policy {name} on table {}", table(oid)),
            Thing::Trigger(oid, name) => format!("trigger {name} on table {}", table(oid)),
            Thing::Function(oid) => {
                format!(
                    "function {}",
                    self.cat.functions.get(oid).map(|f| f.name.clone()).unwrap_or_default()
                )
            }
            Thing::Type(oid) => {
                format!("type {}", self.cat.types.get(oid).map(|t| t.name.clone()).unwrap_or_default())
            }
            Thing::EventTrigger(name) => format!("event trigger {name}"),
        }
    }

    fn take_out(&mut self, thing: &Thing) {
        match thing {
            Thing::Relation(oid) => {
                let Some(relation) = self.cat.relations.get(oid) else { return };
                let key = (relation.schema.clone(), relation.name.clone());
                if relation.kind != RelationKind::Composite {
                    self.cat.names.remove(&key);
                }
                self.cat.relations.remove(oid);
                let names: Vec<String> = self.cat.publications.keys().cloned().collect();
                for name in names {
                    if self.cat.publications.get(&name).is_some_and(|p| p.tables.contains(oid))
                        && let Some(publication) = self.cat.publications.get_mut(&name)
                    {
                        publication.tables.retain(|t| t != oid);
                    }
                }
            }
            Thing::Column(oid, name) => {
                if let Some(relation) = self.cat.relations.get_mut(oid) {
                    relation.columns.retain(|c| c.name != *name);
                    relation.acl.columns.retain(|(_, column), _| column != name);
                }
            }
            Thing::Default(oid, name) => {
                if let Some(relation) = self.cat.relations.get_mut(oid)
                    && let Some(column) = relation.columns.iter_mut().find(|c| c.name == *name)
                {
                    column.default = None;
                    column.deps.clear();
                }
            }
            Thing::Constraint(oid, name) => {
                if let Some(relation) = self.cat.relations.get_mut(oid) {
                    relation.constraints.retain(|c| c.name != *name);
                }
            }
            Thing::Index(oid) => {
                let Some(index) = self.cat.indexes.get(oid) else { return };
                let key = (index.schema.clone(), index.name.clone());
                self.cat.names.remove(&key);
                self.cat.indexes.remove(oid);
            }
            Thing::Policy(oid, name) => {
                if let Some(relation) = self.cat.relations.get_mut(oid) {
                    relation.policies.remove(name);
                }
            }
            Thing::Trigger(oid, name) => {
                if let Some(relation) = self.cat.relations.get_mut(oid) {
                    relation.triggers.remove(name);
                }
            }
            Thing::Function(oid) => self.cat.remove_function(*oid),
            Thing::Type(oid) => {
                let Some(made) = self.cat.types.get(oid) else { return };
                let key = (made.schema.clone(), made.name.clone());
                self.cat.type_names.remove(&key);
                self.cat.types.remove(oid);
            }
            Thing::EventTrigger(name) => {
                self.cat.event_triggers.remove(name);
            }
        }
    }

    pub(super) fn drop_column(&mut self, oid: Oid, name: &str, cascade: bool) -> Checked<()> {
        self.remove(vec![Thing::Column(oid, name.to_owned())], cascade)
    }

    pub(super) fn drop_constraint(&mut self, oid: Oid, name: &str, cascade: bool) -> Checked<()> {
        self.remove(vec![Thing::Constraint(oid, name.to_owned())], cascade)
    }
}
