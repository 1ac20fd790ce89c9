//! Policies.

use std::sync::Arc;

use super::Session;
use crate::schema::catalogue::{Dep, Oid, Policy, RelationKind};
use crate::schema::check::{Checked, Fault, Item};
use crate::schema::sql::{Expr, PolicyCommand, PolicyStatement, QName};

impl Session {
    /// `create policy`
    pub(super) fn create_policy(&mut self, it: &PolicyStatement) -> Checked<()> {
        // These are refused before the table is looked for.
        match it.command {
            PolicyCommand::Select | PolicyCommand::Delete if it.check.is_some() => {
                return Err(Fault::new("42601", "WITH CHECK cannot be applied to SELECT or DELETE"));
            }
            PolicyCommand::Insert if it.using.is_some() => {
                return Err(Fault::new("42601", "only WITH CHECK expression allowed for INSERT"));
            }
            _ => {}
        }
        let roles = self.policy_roles(&it.roles)?;
        let relation = self.existing(&it.table)?;
        if !matches!(relation.kind, RelationKind::Table | RelationKind::Partitioned) {
            return Err(Fault::new("42809", format!("\"{}\" is not a table", relation.name)));
        }
        let oid = relation.oid;
        let mut deps = Vec::new();
        for e in [&it.using, &it.check].into_iter().flatten() {
            deps.extend(self.policy_expr(oid, e)?);
        }
        if relation.policies.contains_key(&it.name) {
            let table = &relation.name;
            return Err(Fault::new(
                "42710",
                format!("policy \"{}\" for table \"{table}\" already exists", it.name),
            ));
        }
        let policy = Policy {
            name: it.name.clone(),
            command: it.command,
            permissive: it.permissive,
            roles,
            using: it.using.clone().map(Arc::new),
            using_text: it.using_text.clone(),
            check: it.check.clone().map(Arc::new),
            check_text: it.check_text.clone(),
            deps,
            place: self.place,
        };
        if let Some(relation) = self.cat.relations.get_mut(&oid) {
            relation.policies.insert(it.name.clone(), policy);
        }
        Ok(())
    }

    fn policy_roles(&self, roles: &[String]) -> Checked<Vec<String>> {
        if roles.is_empty() || roles.iter().any(|r| r == "public") {
            return Ok(vec!["public".to_owned()]);
        }
        for role in roles {
            self.role_exists(role)?;
        }
        Ok(roles.iter().map(|role| self.role_name(role)).collect())
    }

    fn policy_expr(&self, oid: Oid, e: &Expr) -> Checked<Vec<Dep>> {
        let mut checker = self.checker();
        if let Some(relation) = self.cat.relations.get(&oid) {
            checker.see(Item::relation(relation));
        }
        checker.condition(e)?;
        if checker.aggregate {
            return Err(Fault::new("42803", "aggregate functions are not allowed in policy expressions"));
        }
        if checker.set {
            return Err(Fault::new("0A000", "set-returning functions are not allowed in policy expressions"));
        }
        Ok(checker.deps.into_iter().collect())
    }

    /// `alter policy`
    pub(super) fn alter_policy(&mut self, it: &PolicyStatement) -> Checked<()> {
        let roles = if it.roles.is_empty() { None } else { Some(self.policy_roles(&it.roles)?) };
        let relation = self.existing(&it.table)?;
        let oid = relation.oid;
        let policy = relation.policies.get(&it.name).cloned();
        let mut deps = Vec::new();
        for e in [&it.using, &it.check].into_iter().flatten() {
            deps.extend(self.policy_expr(oid, e)?);
        }
        let Some(mut policy) = policy else {
            let table = &relation.name;
            return Err(Fault::new(
                "42704",
                format!("policy \"{}\" for table \"{table}\" does not exist", it.name),
            ));
        };
        match policy.command {
            PolicyCommand::Select | PolicyCommand::Delete if it.check.is_some() => {
                return Err(Fault::new("42601", "only USING expression allowed for SELECT, DELETE"));
            }
            PolicyCommand::Insert if it.using.is_some() => {
                return Err(Fault::new("42601", "only WITH CHECK expression allowed for INSERT"));
            }
            _ => {}
        }
        if let Some(roles) = roles {
            policy.roles = roles;
        }
        // What the part that stays needs is looked up again.
        let kept = [(&policy.using, &it.using), (&policy.check, &it.check)];
        for (old, new) in kept {
            if let (Some(old), None) = (old, new) {
                deps.extend(self.policy_expr(oid, old).unwrap_or_default());
            }
        }
        if it.using.is_some() {
            policy.using = it.using.clone().map(Arc::new);
            policy.using_text.clone_from(&it.using_text);
        }
        if it.check.is_some() {
            policy.check = it.check.clone().map(Arc::new);
            policy.check_text.clone_from(&it.check_text);
        }
        policy.deps = deps;
        policy.place = self.place;
        if let Some(relation) = self.cat.relations.get_mut(&oid) {
            relation.policies.insert(it.name.clone(), policy);
        }
        Ok(())
    }

    /// `alter policy … rename to`
    pub(super) fn rename_policy(&mut self, table: &QName, name: &str, new_name: &str) -> Checked<()> {
        let relation = self.existing(table)?;
        let (oid, shown) = (relation.oid, relation.name.clone());
        if relation.policies.contains_key(new_name) {
            return Err(Fault::new(
                "42710",
                format!("policy \"{new_name}\" for table \"{shown}\" already exists"),
            ));
        }
        let Some(relation) = self.cat.relations.get_mut(&oid) else { return Ok(()) };
        let Some(mut policy) = relation.policies.remove(name) else {
            return Err(Fault::new(
                "42704",
                format!("policy \"{name}\" for table \"{shown}\" does not exist"),
            ));
        };
        policy.name = new_name.to_owned();
        relation.policies.insert(new_name.to_owned(), policy);
        Ok(())
    }
}
