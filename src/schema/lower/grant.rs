//! `grant`, `revoke`, `alter default privileges`

use squawk_syntax::ast::{self, AstNode};

use super::{function, names, query};
use crate::schema::sql::{GrantObjects, GrantStatement, Privilege, PrivilegeName, Statement};

/// `grant`
pub fn grant(node: &ast::Grant) -> Option<Statement> {
    let roles = names::roles(node.role_ref_list());
    statement(false, node.privileges(), node.on_privilege_objects_clause(), roles)
}

/// `revoke`
pub fn revoke(node: &ast::Revoke) -> Option<Statement> {
    // `revoke grant option for` leaves the privilege itself.
    if node.revoke_option_for().is_some() {
        return Some(Statement::Nothing);
    }
    let roles = names::roles(node.role_ref_list());
    statement(true, node.privileges(), node.on_privilege_objects_clause(), roles)
}

fn statement(
    revoke: bool,
    privileges: Option<ast::Privileges>,
    on: Option<ast::OnPrivilegeObjectsClause>,
    roles: Vec<String>,
) -> Option<Statement> {
    let Some(on) = on else {
        let Some(ast::Privileges::RevokeCommandList(list)) = privileges else {
            return Some(Statement::Nothing);
        };
        let granted =
            list.revoke_commands().map(|c| c.role_ref().map(|r| names::role(&r)).unwrap_or_default());
        return Some(Statement::GrantRole { roles: granted.collect(), to: roles, revoke });
    };
    Some(Statement::Grant(Box::new(GrantStatement {
        revoke,
        privileges: self::privileges(privileges)?,
        objects: objects(&on.privilege_objects()?)?,
        roles,
    })))
}

fn privileges(node: Option<ast::Privileges>) -> Option<Vec<Privilege>> {
    Some(match node? {
        ast::Privileges::AllPrivileges(all) => {
            vec![Privilege { name: PrivilegeName::All, columns: names::columns(all.column_ref_list()) }]
        }
        ast::Privileges::RevokeCommandList(list) => list
            .revoke_commands()
            .map(|command| {
                let word =
                    command.syntax().first_token().map(|t| t.text().to_ascii_lowercase()).unwrap_or_default();
                let name = match word.as_str() {
                    "select" => PrivilegeName::Select,
                    "insert" => PrivilegeName::Insert,
                    "update" => PrivilegeName::Update,
                    "delete" => PrivilegeName::Delete,
                    "truncate" => PrivilegeName::Truncate,
                    "references" => PrivilegeName::References,
                    "trigger" => PrivilegeName::Trigger,
                    "execute" => PrivilegeName::Execute,
                    "usage" => PrivilegeName::Usage,
                    "create" => PrivilegeName::Create,
                    "all" => PrivilegeName::All,
                    _ => PrivilegeName::Other,
                };
                Privilege { name, columns: names::columns(command.column_ref_list()) }
            })
            .collect(),
    })
}

fn objects(node: &ast::PrivilegeObjects) -> Option<GrantObjects> {
    use ast::PrivilegeObjects as O;
    Some(match node {
        O::PrivilegeDefault(it) => GrantObjects::Tables(
            it.relation_name_refs().map(|r| query::relation(Some(r))).collect::<Option<_>>()?,
        ),
        O::PrivilegeTable(it) => GrantObjects::Tables(
            it.relation_name_refs().map(|r| query::relation(Some(r))).collect::<Option<_>>()?,
        ),
        O::PrivilegeAllTablesInSchema(it) => GrantObjects::AllTables(names::schemas(it.schema_refs())),
        O::PrivilegeSequence(it) => GrantObjects::Sequences(
            it.sequence_refs().map(|r| names::referred(r.path_ref())).collect::<Option<_>>()?,
        ),
        O::PrivilegeAllSequencesInSchema(it) => GrantObjects::AllSequences(names::schemas(it.schema_refs())),
        O::PrivilegeFunction(it) => GrantObjects::Functions(function::signatures(it.function_sig_list())?),
        O::PrivilegeProcedure(it) => {
            let list = it.procedure_sig_list()?;
            let signatures = list
                .procedure_sigs()
                .map(|s| function::signature(s.procedure_name_ref()?.path_ref(), s.param_list()))
                .collect::<Option<_>>()?;
            GrantObjects::Functions(signatures)
        }
        O::PrivilegeRoutine(it) => {
            let list = it.routine_sig_list()?;
            let signatures = list
                .routine_sigs()
                .map(|s| function::signature(s.routine_name_ref()?.path_ref(), s.param_list()))
                .collect::<Option<_>>()?;
            GrantObjects::Functions(signatures)
        }
        O::PrivilegeAllFunctionsInSchema(it) => GrantObjects::AllFunctions(names::schemas(it.schema_refs())),
        O::PrivilegeAllProceduresInSchema(it) => GrantObjects::AllFunctions(names::schemas(it.schema_refs())),
        O::PrivilegeAllRoutinesInSchema(it) => GrantObjects::AllFunctions(names::schemas(it.schema_refs())),
        O::PrivilegeSchema(it) => GrantObjects::Schemas(names::schemas(it.schema_refs())),
        O::PrivilegeType(it) => GrantObjects::Types(
            it.type_name_refs().map(|r| names::referred(r.path_ref())).collect::<Option<_>>()?,
        ),
        _ => GrantObjects::Other,
    })
}

/// `alter default privileges`
pub fn default_privileges(node: &ast::AlterDefaultPrivileges) -> Option<Statement> {
    let target = |target: Option<ast::PrivilegeTarget>| {
        Some(match target? {
            ast::PrivilegeTarget::PrivilegeTargetTables(_) => GrantObjects::NewTables,
            ast::PrivilegeTarget::PrivilegeTargetFunctions(_)
            | ast::PrivilegeTarget::PrivilegeTargetRoutines(_) => GrantObjects::NewFunctions,
            ast::PrivilegeTarget::PrivilegeTargetSequences(_) => GrantObjects::NewSequences,
            _ => GrantObjects::Other,
        })
    };
    let grant = match node.action()? {
        ast::AlterDefaultPrivilegesAction::GrantDefaultPrivileges(it) => GrantStatement {
            revoke: false,
            privileges: privileges(it.privileges())?,
            objects: target(it.privilege_target())?,
            roles: names::roles(it.role_ref_list()),
        },
        ast::AlterDefaultPrivilegesAction::RevokeDefaultPrivileges(it) => GrantStatement {
            revoke: it.grant_option_for().is_none(),
            privileges: privileges(it.privileges())?,
            objects: if it.grant_option_for().is_some() {
                GrantObjects::Other
            } else {
                target(it.privilege_target())?
            },
            roles: names::roles(it.role_ref_list()),
        },
    };
    Some(Statement::AlterDefaultPrivileges {
        roles: names::roles(node.for_roles().and_then(|r| r.role_ref_list())),
        schemas: node.in_schemas().map(|s| names::schemas(s.schema_refs())).unwrap_or_default(),
        grant: Box::new(grant),
    })
}
