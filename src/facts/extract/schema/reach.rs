//! Which roles of the public get at what: privileges, and at the simplest, policies.

use crate::facts::replayed::Replayed;
use crate::schema::catalogue::{Acl, Policy, Relation, Rights};
use crate::schema::sql::{Expr, PolicyCommand};

/// Roles of the public that hold a privilege, on all columns or on some.
pub(super) fn holders(database: &Replayed, schema: &str, acl: &Acl, right: Rights) -> Vec<String> {
    let roles = database.public_roles();
    roles
        .into_iter()
        .filter(|role| may_use(database, schema, role) && acl.held_somewhere(role, right))
        .collect()
}

/// Whether a role may use the objects of a schema at all.
fn may_use(database: &Replayed, schema: &str, role: &str) -> bool {
    database
        .catalogue
        .schemas
        .get(schema)
        .is_some_and(|s| s.owner == role || s.acl.held(role).has(Rights::USAGE))
}

/// Roles of the public that may do something with rows of a table: they hold the privilege, and row-level security does
/// not keep all rows from them.
pub(super) fn reaching(
    database: &Replayed,
    table: &Relation,
    wanted: &[(Rights, PolicyCommand)],
) -> Vec<String> {
    let mut found = Vec::new();
    for role in database.public_roles() {
        let reaches = wanted.iter().any(|(right, command)| {
            may_use(database, &table.schema, &role)
                && table.acl.held_somewhere(&role, *right)
                && (table.rls.on != Some(true)
                    || table.policies_unknown.is_some()
                    || table.policies.values().any(|policy| lets_through(database, policy, &role, *command)))
        });
        if reaches {
            found.push(role);
        }
    }
    found
}

fn lets_through(database: &Replayed, policy: &Policy, role: &str, command: PolicyCommand) -> bool {
    let member = |of: &str| {
        of == "public"
            || of == role
            || database.catalogue.roles.get(role).is_some_and(|r| r.member_of.iter().any(|m| m == of))
    };
    let never = |e: Option<&Expr>| matches!(e, Some(Expr::Bool(false)));
    policy.permissive
        && (policy.command == command || policy.command == PolicyCommand::All)
        && policy.roles.iter().any(|of| member(of))
        && !never(policy.using.as_deref())
        && !(command == PolicyCommand::Insert && never(policy.check.as_deref()))
}
