//! Which statement it is.

use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};

use super::query::{ctes, from, query, targets, with_text};
use super::{alter, create, expr, function, grant, names};
use crate::schema::sql::{
    DataKind, DataStatement, Drop, DropKind, FunctionSignature, OnConflict, QName, SetValue, Statement,
    TransactionStatement,
};

/// A statement. `None` where its syntax is beyond us.
pub fn statement(node: &ast::Stmt) -> Option<Statement> {
    use ast::Stmt as S;
    if let Some(select) = ast::SelectVariant::cast(node.syntax().clone()) {
        return Some(Statement::Query(query(&select)?));
    }
    match node {
        S::CreateTable(it) => create::table(it),
        S::CreateTableAs(it) => create::table_as(it),
        S::CreateForeignTable(it) => create::foreign_table(it),
        S::CreateIndex(it) => create::index(it),
        S::CreatePolicy(it) => create::policy(it),
        S::CreateView(it) => create::view(it),
        S::CreateMaterializedView(it) => create::materialized_view(it),
        S::CreateFunction(it) => function::function(it),
        S::CreateProcedure(it) => function::procedure(it),
        S::CreateTrigger(it) => create::trigger(it),
        S::CreateType(it) => create::type_(it),
        S::CreateDomain(it) => create::domain(it),
        S::CreateSchema(it) => create::schema(it),
        S::CreateSequence(it) => Some(Statement::CreateSequence {
            name: names::given(it.sequence()?.path())?,
            if_not_exists: it.if_not_exists().is_some(),
            temporary: matches!(it.persistence(), Some(ast::Persistence::Temp(_))),
        }),
        S::CreateExtension(it) => Some(Statement::CreateExtension {
            name: names::name(&it.extension()?),
            schema: it.extension_schema().and_then(|s| s.schema_ref()).map(|s| names::name(&s)),
            if_not_exists: it.if_not_exists().is_some(),
        }),
        S::CreateRole(it) => Some(Statement::CreateRole { name: names::name(&it.role()?) }),
        S::CreateUser(it) => Some(Statement::CreateRole { name: names::name(&it.role()?) }),
        S::CreateGroup(it) => Some(Statement::CreateRole { name: names::name(&it.role()?) }),
        S::CreatePublication(it) => create::publication(it),
        S::CreateEventTrigger(it) => create::event_trigger(it),
        S::CreateServer(it) => Some(Statement::CreateServer {
            name: names::name(&it.server()?),
            if_not_exists: it.if_not_exists().is_some(),
        }),
        S::CreateForeignDataWrapper(it) => {
            Some(Statement::CreateForeignDataWrapper { name: names::name(&it.foreign_data_wrapper()?) })
        }
        S::AlterTable(it) => alter::table(it),
        S::AlterView(it) => alter::view(it),
        S::AlterMaterializedView(it) => alter::materialized_view(it),
        S::AlterIndex(it) => alter::index(it),
        S::AlterSequence(it) => alter::sequence(it),
        S::AlterPolicy(it) => alter::policy(it),
        S::AlterFunction(it) => function::alter(it, false),
        S::AlterProcedure(it) => function::alter(it, true),
        S::AlterRoutine(it) => function::alter(it, false),
        S::AlterType(it) => alter::type_(it),
        S::AlterDomain(it) => alter::domain(it),
        S::AlterSchema(it) => alter::schema(it),
        S::AlterPublication(it) => alter::publication(it),
        S::AlterDefaultPrivileges(it) => grant::default_privileges(it),
        S::AlterTrigger(it) => match it.action()? {
            ast::AlterTriggerAction::TriggerRenameTo(rename) => Some(Statement::RenameTrigger {
                table: names::referred(it.on_relation()?.relation_name_ref()?.path_ref())?,
                name: names::name(&it.trigger_ref()?),
                new_name: names::name(&rename.trigger()?),
            }),
            _ => Some(Statement::Nothing),
        },
        S::AlterEventTrigger(it) => Some(Statement::AlterEventTrigger {
            name: names::name(&it.event_trigger_ref()?),
            enabled: !matches!(it.action()?, ast::AlterEventTriggerAction::Disable(_)),
        }),
        S::AlterExtension(it) => Some(Statement::AlterExtension {
            name: names::name(&it.extension_ref()?),
            schema: it
                .syntax()
                .children()
                .find_map(ast::SetSchema::cast)
                .and_then(|s| Some(names::name(&s.schema_ref()?))),
        }),
        S::AlterRole(it) => Some(role(it.syntax())),
        S::AlterUser(it) => Some(role(it.syntax())),
        S::AlterDatabase(_) => Some(Statement::Nothing),
        S::Grant(it) => grant::grant(it),
        S::Revoke(it) => grant::revoke(it),
        S::Do(it) => Some(Statement::Do {
            body: it.body()?.string_value()?,
            language: it.do_language().and_then(|l| l.language_name()).map(|l| l.name.to_ascii_lowercase()),
        }),
        S::Call(it) => {
            let name = names::referred(it.procedure_name_ref()?.path_ref())?;
            let args = it.arg_list()?.args().map(|arg| expr(&arg.expr()?)).collect::<Option<_>>()?;
            Some(Statement::Call { name, args })
        }
        S::Set(it) => set(it),
        S::Reset(it) => Some(match it.reset_target() {
            Some(ast::ResetTarget::ConfigParameterRef(name)) => Statement::Set {
                name: names::path_ref(&name.path_ref()?).join("."),
                value: SetValue::Default,
                local: false,
            },
            Some(ast::ResetTarget::All(_)) => {
                Statement::Set { name: "search_path".to_owned(), value: SetValue::Default, local: false }
            }
            _ => Statement::Nothing,
        }),
        S::SetRole(it) => Some(Statement::SetRole(match it.set_role_target()? {
            ast::SetRoleTarget::RoleRef(role) => Some(names::role(&role)),
            ast::SetRoleTarget::Literal(literal) => literal.string_value(),
            ast::SetRoleTarget::SetRoleNone(_) => None,
        })),
        S::ResetRole(_) => Some(Statement::SetRole(None)),
        S::Begin(_) => Some(Statement::Transaction(TransactionStatement::Begin)),
        S::Commit(_) => Some(Statement::Transaction(TransactionStatement::Commit)),
        S::Rollback(it) => Some(Statement::Transaction(match it {
            ast::Rollback::RollbackToSavepoint(to) => {
                TransactionStatement::RollbackTo(names::name(&to.savepoint_ref()?))
            }
            _ => TransactionStatement::Rollback,
        })),
        S::SavepointCreate(it) => {
            Some(Statement::Transaction(TransactionStatement::Savepoint(names::name(&it.savepoint()?))))
        }
        S::ReleaseSavepoint(it) => {
            Some(Statement::Transaction(TransactionStatement::Release(names::name(&it.savepoint_ref()?))))
        }
        S::Insert(_) | S::Update(_) | S::Delete(_) | S::Merge(_) => {
            Some(Statement::Data(Box::new(data(node.syntax())?)))
        }
        S::Refresh(it) => Some(Statement::RefreshView { name: names::referred(it.view_ref()?.path_ref())? }),
        S::Truncate(it) => Some(Statement::Truncate {
            tables: it
                .table_list()?
                .table_relation_names()
                .map(|t| names::referred(t.table_name_ref()?.path_ref()))
                .collect::<Option<_>>()?,
        }),
        S::CommentOn(it) => comment(it),
        S::CreateAggregate(it) => {
            let params = function::params(it.param_list())?.unwrap_or_default();
            Some(Statement::CreateAggregate {
                name: names::given(it.aggregate_name()?.path())?,
                args: params.into_iter().map(|p| p.ty).collect(),
                or_replace: it.or_replace().is_some(),
            })
        }
        S::CreateRule(it) => Some(Statement::CreateRule {
            name: names::name(&it.rule()?),
            table: it
                .syntax()
                .descendants()
                .find_map(ast::TableNameRef::cast)
                .and_then(|t| names::referred(t.path_ref()))
                .or_else(|| {
                    let relation = it.syntax().descendants().find_map(ast::RelationNameRef::cast)?;
                    names::referred(relation.path_ref())
                })?,
        }),
        S::CreateOperator(_) => Some(Statement::CreateOperator { name: QName::bare("") }),
        S::CreateStatistics(it) => {
            Some(Statement::CreateStatistics { name: None, if_not_exists: it.if_not_exists().is_some() })
        }
        S::EmptyStmt(_)
        | S::Analyze(_)
        | S::Vacuum(_)
        | S::Explain(_)
        | S::Show(_)
        | S::Listen(_)
        | S::Notify(_)
        | S::Unlisten(_)
        | S::Lock(_)
        | S::Discard(_)
        | S::SetConstraints(_)
        | S::SetTransaction(_)
        | S::SetSessionAuth(_)
        | S::ResetSessionAuth(_)
        | S::Reindex(_)
        | S::Checkpoint(_)
        | S::Cluster(_)
        | S::CreateDatabase(_)
        | S::AlterSystem(_) => Some(Statement::Nothing),
        other => dropped(other).or(Some(Statement::Other("a kind of statement that is not replayed"))),
    }
}

fn role(node: &SyntaxNode) -> Statement {
    let name = node.children().find_map(ast::RoleRef::cast).map(|r| names::role(&r)).unwrap_or_default();
    let new_name =
        node.descendants().find_map(ast::RoleRenameTo::cast).and_then(|r| Some(names::name(&r.role()?)));
    let mut search_path = None;
    if let Some(set) = node.children().find_map(ast::SetConfigParam::cast)
        && let Some((setting, SetValue::To(value))) = function::setting(&set)
        && setting == "search_path"
    {
        search_path = Some(value);
    }
    Statement::AlterRole { name, new_name, search_path }
}

fn set(node: &ast::Set) -> Option<Statement> {
    let local = matches!(node.set_scope(), Some(ast::SetScope::LocalScope(_)));
    Some(match node.set_target()? {
        ast::SetTarget::SetConfig(config) => Statement::Set {
            name: names::path_ref(&config.config_parameter_ref()?.path_ref()?).join("."),
            value: function::assignment(config.config_assignment()),
            local,
        },
        ast::SetTarget::SetSchemaValue(schema) => Statement::Set {
            name: "search_path".to_owned(),
            value: SetValue::To(vec![schema.literal()?.string_value()?]),
            local,
        },
        _ => Statement::Nothing,
    })
}

/// `insert`, `update`, `delete`, `merge`
pub fn data(node: &SyntaxNode) -> Option<DataStatement> {
    let mut found = DataStatement {
        kind: DataKind::Merge,
        table: QName::bare(""),
        alias: None,
        with: ctes(node.children().find_map(ast::WithClause::cast))?,
        columns: Vec::new(),
        source: None,
        set: Vec::new(),
        from: Vec::new(),
        condition: None,
        on_conflict: None,
        returning: Vec::new(),
    };
    if let Some(it) = ast::Insert::cast(node.clone()) {
        found.kind = DataKind::Insert;
        found.table = names::referred(it.relation_name_ref()?.path_ref())?;
        found.alias = it.alias().and_then(|a| a.name()).map(|n| names::name(&n));
        if let Some(list) = it.column_target_list() {
            found.columns =
                list.column_targets().map(|t| Some(names::name(&t.name()?))).collect::<Option<_>>()?;
        }
        if let Some(ast::InsertSource::SelectVariant(select)) = it.insert_source() {
            found.source = Some(query(&select)?);
        }
        if let Some(conflict) = it.on_conflict_clause() {
            found.on_conflict = Some(on_conflict(&conflict)?);
        }
        found.returning = targets(it.returning_clause().and_then(|r| r.target_list()))?;
    } else if let Some(it) = ast::Update::cast(node.clone()) {
        found.kind = DataKind::Update;
        found.table = names::referred(it.relation_name()?.relation_name_ref()?.path_ref())?;
        found.alias = it.alias().and_then(|a| a.name()).map(|n| names::name(&n));
        found.set = set_clause(it.set_clause())?;
        if let Some(clause) = it.from_clause() {
            found.from = clause.items().map(|item| from(&item)).collect::<Option<_>>()?;
        }
        found.condition = condition(it.where_clause_or_current_of())?;
        found.returning = targets(it.returning_clause().and_then(|r| r.target_list()))?;
    } else if let Some(it) = ast::Delete::cast(node.clone()) {
        found.kind = DataKind::Delete;
        found.table = names::referred(it.relation_name()?.relation_name_ref()?.path_ref())?;
        found.alias = it.alias().and_then(|a| a.name()).map(|n| names::name(&n));
        if let Some(clause) = it.using_clause() {
            found.from = clause.items().map(|item| from(&item)).collect::<Option<_>>()?;
        }
        found.condition = condition(it.where_clause_or_current_of())?;
        found.returning = targets(it.returning_clause().and_then(|r| r.target_list()))?;
    }
    Some(found)
}

fn condition(node: Option<ast::WhereClauseOrCurrentOf>) -> Option<Option<crate::schema::sql::Expr>> {
    match node {
        Some(ast::WhereClauseOrCurrentOf::WhereClause(clause)) => Some(with_text(clause.expr())?.0),
        _ => Some(None),
    }
}

fn set_clause(node: Option<ast::SetClause>) -> Option<Vec<(String, crate::schema::sql::Expr)>> {
    use crate::schema::sql::Expr;
    let mut found = Vec::new();
    for column in node?.set_column_list()?.set_columns() {
        match column {
            ast::SetColumn::SetSingleColumn(single) => {
                let name = names::name(&single.column_target()?.name()?);
                let value = match single.set_expr()?.expr() {
                    Some(e) => expr(&e)?,
                    None => Expr::Default,
                };
                found.push((name, value));
            }
            ast::SetColumn::SetMultipleColumns(multiple) => {
                let value = match multiple.paren_select() {
                    Some(select) => {
                        Expr::Subquery(Box::new(query(&ast::SelectVariant::ParenSelect(select))?))
                    }
                    None => Expr::Default,
                };
                for (i, target) in multiple.column_target_list()?.column_targets().enumerate() {
                    let value = if i == 0 { value.clone() } else { Expr::Default };
                    found.push((names::name(&target.name()?), value));
                }
            }
        }
    }
    Some(found)
}

fn on_conflict(node: &ast::OnConflictClause) -> Option<OnConflict> {
    let mut found = OnConflict { target: Vec::new(), constraint: None, update: Vec::new() };
    match node.conflict_target() {
        Some(ast::ConflictTarget::ConflictOnConstraint(on)) => {
            found.constraint = names::path_ref(&on.constraint_name_ref()?.path_ref()?).pop();
        }
        Some(ast::ConflictTarget::ConflictOnIndex(on)) => {
            for item in on.conflict_index_item_list()?.conflict_index_items() {
                found.target.push(expr(&item.expr()?)?);
            }
        }
        None => {}
    }
    if let Some(ast::ConflictAction::ConflictDoUpdateSet(update)) = node.conflict_action() {
        found.update = set_clause(update.set_clause())?;
    }
    Some(found)
}

fn dropped(node: &ast::Stmt) -> Option<Statement> {
    use ast::Stmt as S;
    let paths = |node: &SyntaxNode| -> Vec<QName> {
        node.children().filter_map(|c| names::referred(c.children().find_map(ast::PathRef::cast))).collect()
    };
    let single = |node: &SyntaxNode, skip: usize| -> Vec<QName> {
        let named = node.children().filter(|c| c.children().next().is_none() && c.first_token().is_some());
        named
            .filter(|c| {
                ast::IfExists::cast(c.clone()).is_none() && ast::DropBehavior::cast(c.clone()).is_none()
            })
            .skip(skip)
            .map(|c| QName::bare(names::cut(ast::normalize_name_node(&c))))
            .collect()
    };
    let mut on = None;
    let mut signatures: Vec<FunctionSignature> = Vec::new();
    let syntax = node.syntax();
    let (kind, found) = match node {
        S::DropTable(_) => (DropKind::Table, paths(syntax)),
        S::DropView(_) => (DropKind::View, paths(syntax)),
        S::DropMaterializedView(_) => (DropKind::MaterializedView, paths(syntax)),
        S::DropForeignTable(_) => (DropKind::ForeignTable, paths(syntax)),
        S::DropIndex(_) => (DropKind::Index, paths(syntax)),
        S::DropSequence(_) => (DropKind::Sequence, paths(syntax)),
        S::DropType(_) => (DropKind::Type, paths(syntax)),
        S::DropDomain(_) => (DropKind::Domain, paths(syntax)),
        S::DropSchema(it) => {
            (DropKind::Schema, it.schema_refs().map(|s| QName::bare(names::name(&s))).collect())
        }
        S::DropExtension(it) => {
            (DropKind::Extension, it.extension_refs().map(|s| QName::bare(names::name(&s))).collect())
        }
        S::DropPublication(it) => {
            (DropKind::Publication, it.publication_refs().map(|s| QName::bare(names::name(&s))).collect())
        }
        S::DropEventTrigger(it) => (
            DropKind::EventTrigger,
            it.event_trigger_ref().map(|s| QName::bare(names::name(&s))).into_iter().collect(),
        ),
        S::DropRole(it) => (DropKind::Role, it.role_refs().map(|r| QName::bare(names::role(&r))).collect()),
        S::DropUser(it) => (DropKind::Role, it.role_refs().map(|r| QName::bare(names::role(&r))).collect()),
        S::DropGroup(it) => (DropKind::Role, it.role_refs().map(|r| QName::bare(names::role(&r))).collect()),
        S::DropPolicy(it) => {
            on = names::referred(it.on_table()?.table_name_ref()?.path_ref());
            (DropKind::Policy, vec![QName::bare(names::name(&it.policy_ref()?))])
        }
        S::DropTrigger(it) => {
            on = names::referred(it.on_relation()?.relation_name_ref()?.path_ref());
            (DropKind::Trigger, vec![QName::bare(names::name(&it.trigger_ref()?))])
        }
        S::DropRule(it) => {
            on =
                it.syntax().descendants().find_map(ast::PathRef::cast).and_then(|p| names::referred(Some(p)));
            (DropKind::Rule, vec![QName::bare(names::name(&it.rule_ref()?))])
        }
        S::DropFunction(it) => {
            signatures = function::signatures(it.function_sig_list())?;
            (DropKind::Function, Vec::new())
        }
        S::DropProcedure(it) => {
            for s in it.procedure_sig_list()?.procedure_sigs() {
                signatures.push(function::signature(s.procedure_name_ref()?.path_ref(), s.param_list())?);
            }
            (DropKind::Procedure, Vec::new())
        }
        S::DropRoutine(it) => {
            for s in it.routine_sig_list()?.routine_sigs() {
                signatures.push(function::signature(s.routine_name_ref()?.path_ref(), s.param_list())?);
            }
            (DropKind::Routine, Vec::new())
        }
        S::DropAggregate(it) => {
            for a in it.aggregates() {
                signatures.push(function::signature(a.path_ref(), a.param_list())?);
            }
            (DropKind::Aggregate, Vec::new())
        }
        _ if syntax.first_token().is_some_and(|t| t.text().eq_ignore_ascii_case("drop")) => {
            (DropKind::Other, single(syntax, 0))
        }
        _ => return None,
    };
    Some(Statement::Drop(Drop {
        kind,
        names: found,
        signatures,
        on,
        if_exists: syntax.children().any(|c| ast::IfExists::cast(c).is_some()),
        cascade: syntax.children().any(|c| ast::Cascade::cast(c).is_some()),
    }))
}

fn comment(node: &ast::CommentOn) -> Option<Statement> {
    use ast::CommentObject as O;
    let mut part = None;
    let mut signature = None;
    let (kind, name) = match node.comment_object()? {
        O::ObjectTable(it) => (DropKind::Table, names::referred(it.table_name_ref()?.path_ref())?),
        O::ObjectView(it) => (DropKind::View, names::referred(it.view_ref()?.path_ref())?),
        O::ObjectMaterializedView(it) => {
            (DropKind::MaterializedView, names::referred(it.view_ref()?.path_ref())?)
        }
        O::ObjectIndex(it) => (DropKind::Index, names::referred(it.index_ref()?.path_ref())?),
        O::ObjectSequence(it) => (DropKind::Sequence, names::referred(it.sequence_ref()?.path_ref())?),
        O::ObjectType(it) => (DropKind::Type, names::referred(it.type_name_ref()?.path_ref())?),
        O::ObjectSchema(it) => (DropKind::Schema, QName::bare(names::name(&it.schema_ref()?))),
        O::ObjectExtension(it) => (DropKind::Extension, QName::bare(names::name(&it.extension_ref()?))),
        O::ObjectFunction(it) => {
            let sig = it.function_sig()?;
            signature = function::signature(sig.function_name_ref()?.path_ref(), sig.param_list());
            (DropKind::Function, signature.as_ref()?.name.clone())
        }
        O::ObjectPolicy(it) => {
            part = Some(names::name(&it.policy_ref()?));
            (DropKind::Policy, names::referred(it.table_name_ref()?.path_ref())?)
        }
        O::ObjectTrigger(it) => {
            part = Some(names::name(&it.trigger_ref()?));
            (DropKind::Trigger, names::referred(it.relation_name_ref()?.path_ref())?)
        }
        O::ObjectConstraint(it) => {
            part = names::path_ref(&it.constraint_name_ref()?.path_ref()?).pop();
            match it.table_name_ref() {
                Some(table) => (DropKind::Constraint, names::referred(table.path_ref())?),
                None => return Some(Statement::Nothing),
            }
        }
        O::ObjectColumn(it) => {
            let path = it.name()?.syntax().descendants().find_map(ast::PathRef::cast)?;
            let mut parts = names::path_ref(&path);
            part = parts.pop();
            (DropKind::Column, QName::from_parts(parts))
        }
        _ => return Some(Statement::Nothing),
    };
    Some(Statement::Comment { kind, name, part, signature })
}
