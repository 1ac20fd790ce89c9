//! Finding objects by name.

use super::{Catalogue, Dep, Function, Oid, Relation, RelationKind, Ty, UserType, UserTypeKind};
use crate::schema::builtin;
use crate::schema::sql::QName;

impl Catalogue {
    /// The number of a relation or index, by name and search path.
    pub fn find_name(&self, name: &QName, path: &[String]) -> Option<Oid> {
        let at = |schema: &str| self.names.get(&(schema.to_owned(), name.name.clone())).copied();
        match &name.schema {
            Some(schema) => at(schema),
            None => std::iter::once("pg_temp").chain(path.iter().map(String::as_str)).find_map(at),
        }
    }

    /// A relation, by name and search path.
    pub fn relation(&self, name: &QName, path: &[String]) -> Option<&Relation> {
        self.relations.get(&self.find_name(name, path)?)
    }

    /// A type, by name and search path: a made one, a built-in one, or the row of a relation.
    pub fn find_type(&self, name: &QName, path: &[String]) -> Option<Ty> {
        let made = |schema: &str| {
            let key = (schema.to_owned(), name.name.clone());
            if let Some(oid) = self.type_names.get(&key) {
                return Some(Ty::of(*oid));
            }
            let relation = self.relations.get(self.names.get(&key)?)?;
            (relation.kind != RelationKind::Sequence).then(|| Ty::of(relation.oid))
        };
        match name.schema.as_deref() {
            Some("pg_catalog") => builtin::types().by_name(&name.name),
            Some(schema) => made(schema),
            None => builtin::types()
                .by_name(&name.name)
                .or_else(|| std::iter::once("pg_temp").chain(path.iter().map(String::as_str)).find_map(made)),
        }
    }

    /// A made type.
    pub fn user_type(&self, ty: Ty) -> Option<&UserType> {
        self.types.get(&ty.id)
    }

    /// The type below domains.
    pub fn base(&self, ty: Ty) -> Ty {
        let mut ty = ty;
        for _ in 0..32 {
            match self.types.get(&ty.id).map(|t| &t.kind) {
                Some(UserTypeKind::Domain { base, .. }) if !ty.array => ty = *base,
                _ => break,
            }
        }
        ty
    }

    /// The fields of a row type.
    pub fn row_of(&self, ty: Ty) -> Option<&Relation> {
        if ty.array {
            return None;
        }
        match self.types.get(&ty.id).map(|t| &t.kind) {
            Some(UserTypeKind::Composite(relation)) => self.relations.get(relation),
            _ => self.relations.get(&ty.id),
        }
    }

    /// Whether a type has fields.
    pub fn is_row(&self, ty: Ty) -> bool {
        self.row_of(ty).is_some()
    }

    /// The values of an enumeration.
    pub fn enum_values(&self, ty: Ty) -> Option<&[(String, u32)]> {
        match self.types.get(&ty.id).map(|t| &t.kind) {
            Some(UserTypeKind::Enum(values)) if !ty.array => Some(values),
            _ => None,
        }
    }

    /// How a type is called in messages.
    pub fn type_text(&self, ty: Ty) -> String {
        let name = match self.types.get(&ty.id) {
            Some(made) => made.name.clone(),
            None => match self.relations.get(&ty.id) {
                Some(relation) => relation.name.clone(),
                None => builtin::types().display(ty.id).to_owned(),
            },
        };
        if ty.array { format!("{name}[]") } else { name }
    }

    /// The functions of this name, in the schema or along the path: nearest schema first.
    pub fn functions_named<'a>(&'a self, name: &'a QName, path: &'a [String]) -> Vec<&'a Function> {
        let Some(oids) = self.function_names.get(&name.name) else { return Vec::new() };
        let all = oids.iter().filter_map(|oid| self.functions.get(oid));
        match &name.schema {
            Some(schema) => all.filter(|f| f.schema == *schema).collect(),
            None => {
                let mut found: Vec<(usize, &Function)> =
                    all.filter_map(|f| Some((path.iter().position(|s| *s == f.schema)?, f))).collect();
                found.sort_by_key(|(at, f)| (*at, f.oid));
                found.into_iter().map(|(_, f)| f).collect()
            }
        }
    }

    /// The function with exactly these arguments in this schema.
    pub fn function_exact(&self, schema: &str, name: &str, args: &[Ty]) -> Option<&Function> {
        let oids = self.function_names.get(name)?;
        oids.iter().filter_map(|oid| self.functions.get(oid)).find(|f| f.schema == schema && f.args == args)
    }

    /// What a type can't do without.
    pub fn type_dep(&self, ty: Ty) -> Option<Dep> {
        if self.types.contains(&ty.id) {
            Some(Dep::Type(ty.id))
        } else if self.relations.contains(&ty.id) {
            Some(Dep::Relation(ty.id))
        } else {
            None
        }
    }

    /// The indexes of a table.
    pub fn indexes_of(&self, table: Oid) -> impl Iterator<Item = &super::Index> {
        self.indexes.values().filter(move |index| index.table == table)
    }

    /// Puts a relation in, with its name.
    pub fn add_relation(&mut self, relation: Relation) {
        self.names.insert((relation.schema.clone(), relation.name.clone()), relation.oid);
        self.relations.insert(relation.oid, relation);
    }

    /// Puts an index in, with its name.
    pub fn add_index(&mut self, index: super::Index) {
        self.names.insert((index.schema.clone(), index.name.clone()), index.oid);
        self.indexes.insert(index.oid, index);
    }

    /// Puts a function in, with its name.
    pub fn add_function(&mut self, function: Function) {
        let mut oids = self.function_names.get(&function.name).cloned().unwrap_or_default();
        if !oids.contains(&function.oid) {
            oids.push(function.oid);
            self.function_names.insert(function.name.clone(), oids);
        }
        self.functions.insert(function.oid, function);
    }

    /// Takes a function out, with its name.
    pub fn remove_function(&mut self, oid: Oid) {
        let Some(name) = self.functions.get(&oid).map(|f| f.name.clone()) else { return };
        let mut oids = self.function_names.get(&name).cloned().unwrap_or_default();
        oids.retain(|other| *other != oid);
        self.function_names.insert(name, oids);
        self.functions.remove(&oid);
    }

    /// Puts a type in, with its name.
    pub fn add_type(&mut self, made: UserType) {
        self.type_names.insert((made.schema.clone(), made.name.clone()), made.oid);
        self.types.insert(made.oid, made);
    }
}
