//! Privileges and roles.

use super::Session;
use crate::schema::catalogue::{Acl, Oid, RelationKind, Role};
use crate::schema::check::{Checked, Fault};
use crate::schema::sql::{DropKind, GrantObjects, GrantStatement, PrivilegeName};

/// Names that stand for whoever runs the statement.
const SELF: [&str; 3] = ["current_user", "session_user", "current_role"];

impl Session {
    /// That a role is there.
    pub(super) fn role_exists(&self, role: &str) -> Checked<()> {
        if role == "public"
            || SELF.contains(&role)
            || self.cat.roles.contains(role)
            || role.starts_with("pg_")
        {
            return Ok(());
        }
        Err(Fault::new("42704", format!("role \"{role}\" does not exist")))
    }

    /// The role that is meant.
    pub(super) fn role_name(&self, role: &str) -> String {
        if SELF.contains(&role) { self.role.clone() } else { role.to_owned() }
    }

    /// `grant … on`, `revoke … on`
    pub(super) fn grant(&mut self, it: &GrantStatement) -> Checked<()> {
        let roles = it.roles.iter().map(|role| self.role_exists(role).map(|()| self.role_name(role)));
        let roles = roles.collect::<Checked<Vec<_>>>()?;
        let schemas = match &it.objects {
            GrantObjects::AllTables(schemas)
            | GrantObjects::AllSequences(schemas)
            | GrantObjects::AllFunctions(schemas)
            | GrantObjects::Schemas(schemas) => schemas.clone(),
            _ => Vec::new(),
        };
        for schema in &schemas {
            if !self.cat.schemas.contains(schema) {
                return Err(Fault::new("3F000", format!("schema \"{schema}\" does not exist")));
            }
        }
        let wrong =
            |what: &str, ok: &dyn Fn(PrivilegeName) -> bool| match it.privileges.iter().find(|p| !ok(p.name))
            {
                Some(_) => Err(Fault::new("0LP01", format!("invalid privilege type for {what}"))),
                None => Ok(()),
            };
        match &it.objects {
            GrantObjects::Tables(_) | GrantObjects::AllTables(_) => {
                wrong("relation", &|p| !matches!(p, PrivilegeName::Execute | PrivilegeName::Create))?
            }
            GrantObjects::Functions(_) | GrantObjects::AllFunctions(_) => {
                wrong("function", &|p| matches!(p, PrivilegeName::All | PrivilegeName::Execute))?;
            }
            GrantObjects::Schemas(_) => wrong("schema", &|p| {
                matches!(p, PrivilegeName::All | PrivilegeName::Usage | PrivilegeName::Create)
            })?,
            _ => {}
        }
        match &it.objects {
            GrantObjects::Tables(names) | GrantObjects::Sequences(names) => {
                let mut oids = Vec::new();
                for name in names {
                    let relation = self.existing(name)?;
                    for column in it.privileges.iter().flat_map(|p| &p.columns) {
                        if relation.column(column).is_none() {
                            let table = &relation.name;
                            return Err(Fault::new(
                                "42703",
                                format!("column \"{column}\" of relation \"{table}\" does not exist"),
                            ));
                        }
                    }
                    oids.push(relation.oid);
                }
                self.grant_relations(&oids, it, &roles);
            }
            GrantObjects::AllTables(_) | GrantObjects::AllSequences(_) => {
                let sequences = matches!(it.objects, GrantObjects::AllSequences(_));
                let oids: Vec<Oid> = self
                    .cat
                    .relations
                    .values()
                    .filter(|r| {
                        schemas.contains(&r.schema)
                            && r.kind != RelationKind::Composite
                            && (r.kind == RelationKind::Sequence) == sequences
                    })
                    .map(|r| r.oid)
                    .collect();
                self.grant_relations(&oids, it, &roles);
            }
            GrantObjects::Functions(signatures) => {
                for signature in signatures {
                    let oid = self.find_function(signature, DropKind::Routine)?;
                    self.grant_function(oid, it, &roles);
                }
            }
            GrantObjects::AllFunctions(_) => {
                let oids: Vec<Oid> = self
                    .cat
                    .functions
                    .values()
                    .filter(|f| schemas.contains(&f.schema))
                    .map(|f| f.oid)
                    .collect();
                for oid in oids {
                    self.grant_function(oid, it, &roles);
                }
            }
            GrantObjects::Schemas(names) => {
                for name in names {
                    if let Some(schema) = self.cat.schemas.get_mut(name) {
                        roles.iter().for_each(|role| schema.acl.apply(it.revoke, &it.privileges, role));
                    }
                }
            }
            GrantObjects::Types(names) => {
                for name in names {
                    if self.cat.find_type(name, &self.path).is_none() {
                        return Err(Fault::new("42704", format!("type \"{name}\" does not exist")));
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn grant_relations(&mut self, oids: &[Oid], it: &GrantStatement, roles: &[String]) {
        for oid in oids {
            if let Some(relation) = self.cat.relations.get_mut(oid) {
                roles.iter().for_each(|role| relation.acl.apply(it.revoke, &it.privileges, role));
            }
        }
    }

    fn grant_function(&mut self, oid: Oid, it: &GrantStatement, roles: &[String]) {
        if let Some(function) = self.cat.functions.get_mut(&oid) {
            roles.iter().for_each(|role| function.acl.apply(it.revoke, &it.privileges, role));
        }
    }

    /// `grant role to role`
    pub(super) fn grant_role(&mut self, roles: &[String], to: &[String], revoke: bool) -> Checked<()> {
        for role in roles.iter().chain(to) {
            self.role_exists(role)?;
        }
        for member in to {
            let member = self.role_name(member);
            if let Some(member) = self.cat.roles.get_mut(&member) {
                if revoke {
                    member.member_of.retain(|r| !roles.contains(r));
                } else {
                    member.member_of.extend(roles.iter().cloned());
                }
            }
        }
        Ok(())
    }

    /// `alter default privileges`
    pub(super) fn default_privileges(
        &mut self,
        owners: &[String],
        schemas: &[String],
        it: &GrantStatement,
    ) -> Checked<()> {
        for role in owners.iter().chain(&it.roles) {
            self.role_exists(role)?;
        }
        for schema in schemas {
            if !self.cat.schemas.contains(schema) {
                return Err(Fault::new("3F000", format!("schema \"{schema}\" does not exist")));
            }
        }
        let sort = match it.objects {
            GrantObjects::NewTables => 'r',
            GrantObjects::NewFunctions => 'f',
            GrantObjects::NewSequences => 'S',
            _ => return Ok(()),
        };
        let owners = if owners.is_empty() {
            vec![self.role.clone()]
        } else {
            owners.iter().map(|o| self.role_name(o)).collect()
        };
        let everywhere = vec![String::new()];
        for owner in &owners {
            for schema in if schemas.is_empty() { &everywhere } else { schemas } {
                let key = (owner.clone(), schema.clone(), sort);
                let mut acl = self.cat.default_privileges.get(&key).cloned().unwrap_or_else(|| {
                    let mut acl = Acl::default();
                    if sort == 'f' && schema.is_empty() {
                        acl.roles.insert("public".to_owned(), crate::schema::catalogue::Rights::EXECUTE);
                    }
                    acl
                });
                for role in &it.roles {
                    acl.apply(it.revoke, &it.privileges, &self.role_name(role));
                }
                self.cat.default_privileges.insert(key, acl);
            }
        }
        Ok(())
    }

    /// `create role`
    pub(super) fn create_role(&mut self, name: &str) -> Checked<()> {
        if self.cat.roles.contains(name) {
            return Err(Fault::new("42710", format!("role \"{name}\" already exists")));
        }
        self.cat.roles.insert(name.to_owned(), Role { place: self.place, member_of: Vec::new() });
        Ok(())
    }

    /// `alter role`
    pub(super) fn alter_role(&mut self, name: &str, new_name: Option<&str>) -> Checked<()> {
        self.role_exists(name)?;
        if let (Some(new_name), Some(role)) = (new_name, self.cat.roles.get(name).cloned()) {
            self.cat.roles.remove(&name.to_owned());
            self.cat.roles.insert(new_name.to_owned(), role);
        }
        Ok(())
    }
}
