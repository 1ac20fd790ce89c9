//! `alter …`

use squawk_syntax::ast::{self, AstNode};

use super::create::{column_rule, options, publication_targets, table_constraint};
use super::query::with_text;
use super::{expr, names, types};
use crate::schema::sql::{
    AlterColumn, AlterPublication, AlterTable, AlterType, ColumnDef, ColumnRule, OwnedKind, PolicyCommand,
    PolicyStatement, QName, Statement,
};

/// `alter table`
pub fn table(node: &ast::AlterTable) -> Option<Statement> {
    let Some(name) = node.table_relation_name() else {
        return Some(Statement::Other("alter table all in tablespace"));
    };
    Some(Statement::AlterTable {
        name: names::referred(name.table_name_ref()?.path_ref())?,
        if_exists: node.if_exists().is_some(),
        kind: OwnedKind::Table,
        actions: node.actions().map(|action| self::action(&action)).collect::<Option<_>>()?,
    })
}

fn cascade(behavior: Option<ast::DropBehavior>) -> bool {
    matches!(behavior, Some(ast::DropBehavior::Cascade(_)))
}

fn action(node: &ast::AlterTableAction) -> Option<AlterTable> {
    use ast::AlterTableAction as A;
    Some(match node {
        A::AddColumn(add) => {
            let mut rules = Vec::new();
            for constraint in add.constraints() {
                rules.push(match ast::ColumnConstraint::cast(constraint.syntax().clone()) {
                    Some(rule) => column_rule(&rule)?,
                    None => ColumnRule::Constraint(super::create::constraint(&constraint)?),
                });
            }
            AlterTable::AddColumn {
                column: ColumnDef {
                    name: names::name(&add.column_name()?),
                    ty: Some(types::type_name(&add.ty()?)?),
                    rules,
                },
                if_not_exists: add.if_not_exists().is_some(),
            }
        }
        A::DropColumn(drop) => AlterTable::DropColumn {
            name: names::name(&drop.column_name_ref()?),
            if_exists: drop.if_exists().is_some(),
            cascade: cascade(drop.drop_behavior()),
        },
        A::AlterColumn(alter) => AlterTable::Alter {
            name: names::name(&alter.column_name_ref()?),
            action: column(&alter.option()?)?,
        },
        A::AddConstraint(add) => AlterTable::AddConstraint(table_constraint(&ast::TableConstraint::cast(
            add.constraint()?.syntax().clone(),
        )?)?),
        A::DropConstraint(drop) => AlterTable::DropConstraint {
            name: constraint_name(drop.constraint_name_ref())?,
            if_exists: drop.if_exists().is_some(),
            cascade: cascade(drop.drop_behavior()),
        },
        A::ValidateConstraint(it) => {
            AlterTable::ValidateConstraint(constraint_name(it.constraint_name_ref())?)
        }
        A::AlterConstraint(it) => AlterTable::AlterConstraint(constraint_name(it.constraint_name_ref())?),
        A::TableRenameTo(rename) => AlterTable::RenameTo(names::given(rename.table_name()?.path())?.name),
        A::RenameColumn(rename) => AlterTable::RenameColumn {
            name: names::name(&rename.column_name_ref()?),
            new_name: names::name(&rename.column_name()?),
        },
        A::RenameConstraint(rename) => AlterTable::RenameConstraint {
            name: constraint_name(rename.constraint_name_ref())?,
            new_name: names::name(&rename.constraint_name()?),
        },
        A::SetSchema(set) => AlterTable::SetSchema(names::name(&set.schema_ref()?)),
        A::OwnerTo(owner) => AlterTable::Owner(names::role(&owner.role_ref()?)),
        A::EnableRls(_) => AlterTable::EnableRls,
        A::DisableRls(_) => AlterTable::DisableRls,
        A::ForceRls(_) => AlterTable::ForceRls,
        A::NoForceRls(_) => AlterTable::NoForceRls,
        A::EnableTrigger(it) => AlterTable::Trigger { name: trigger(it.trigger_target()), enabled: true },
        A::DisableTrigger(it) => AlterTable::Trigger { name: trigger(it.trigger_target()), enabled: false },
        A::EnableAlwaysTrigger(it) => {
            AlterTable::Trigger { name: it.trigger_ref().map(|t| names::name(&t)), enabled: true }
        }
        A::EnableReplicaTrigger(it) => {
            AlterTable::Trigger { name: it.trigger_ref().map(|t| names::name(&t)), enabled: false }
        }
        A::SetOptions(set) => AlterTable::SetOptions(options(set.attribute_list())),
        A::ResetOptions(reset) => AlterTable::ResetOptions(
            options(reset.attribute_list()).into_iter().map(|(name, _)| name).collect(),
        ),
        A::AttachPartition(it) => {
            AlterTable::AttachPartition(names::referred(it.table_name_ref()?.path_ref())?)
        }
        A::DetachPartition(it) => {
            AlterTable::DetachPartition(names::referred(it.table_name_ref()?.path_ref())?)
        }
        A::InheritTable(it) => AlterTable::Inherit(names::referred(it.table_name_ref()?.path_ref())?),
        A::NoInheritTable(it) => AlterTable::NoInherit(names::referred(it.table_name_ref()?.path_ref())?),
        A::ReplicaIdentity(it) => match it.replica_identity_option() {
            Some(ast::ReplicaIdentityOption::UsingIndexName(index)) => {
                AlterTable::ReplicaIndex(names::path_ref(&index.index_ref()?.path_ref()?).pop()?)
            }
            _ => AlterTable::Nothing,
        },
        _ => AlterTable::Nothing,
    })
}

fn constraint_name(node: Option<ast::ConstraintNameRef>) -> Option<String> {
    names::path_ref(&node?.path_ref()?).pop()
}

fn trigger(target: Option<ast::TriggerTarget>) -> Option<String> {
    match target? {
        ast::TriggerTarget::TriggerRef(trigger) => Some(names::name(&trigger)),
        _ => None,
    }
}

fn column(option: &ast::AlterColumnOption) -> Option<AlterColumn> {
    use ast::AlterColumnOption as O;
    Some(match option {
        O::SetType(set) => AlterColumn::Type {
            ty: types::type_name(&set.ty()?)?,
            using: with_text(set.using_expr().and_then(|u| u.expr()))?.0,
        },
        O::SetDefault(set) => AlterColumn::SetDefault(expr(&set.expr()?)?),
        O::DropDefault(_) => AlterColumn::DropDefault,
        O::SetNotNull(_) => AlterColumn::SetNotNull,
        O::DropNotNull(_) => AlterColumn::DropNotNull,
        O::AddGenerated(_) => AlterColumn::AddIdentity,
        O::DropIdentity(drop) => AlterColumn::DropIdentity { if_exists: drop.if_exists().is_some() },
        O::DropExpression(_) => AlterColumn::DropExpression,
        _ => AlterColumn::Nothing,
    })
}

fn altered(name: QName, if_exists: bool, kind: OwnedKind, actions: Vec<AlterTable>) -> Option<Statement> {
    Some(Statement::AlterTable { name, if_exists, kind, actions })
}

/// `alter view`
pub fn view(node: &ast::AlterView) -> Option<Statement> {
    use ast::AlterViewAction as A;
    let action = match node.action()? {
        A::OwnerTo(owner) => AlterTable::Owner(names::role(&owner.role_ref()?)),
        A::RenameColumn(rename) => AlterTable::RenameColumn {
            name: names::name(&rename.column_name_ref()?),
            new_name: names::name(&rename.column_name()?),
        },
        A::ViewRenameTo(rename) => AlterTable::RenameTo(names::given(rename.view()?.path())?.name),
        A::SetSchema(set) => AlterTable::SetSchema(names::name(&set.schema_ref()?)),
        A::SetOptions(set) => AlterTable::SetOptions(options(set.attribute_list())),
        A::ResetOptions(reset) => AlterTable::ResetOptions(
            options(reset.attribute_list()).into_iter().map(|(name, _)| name).collect(),
        ),
        A::AlterViewColumn(_) => AlterTable::Nothing,
    };
    altered(
        names::referred(node.view_ref()?.path_ref())?,
        node.if_exists().is_some(),
        OwnedKind::View,
        vec![action],
    )
}

/// `alter materialized view`
pub fn materialized_view(node: &ast::AlterMaterializedView) -> Option<Statement> {
    use ast::AlterMaterializedViewAction as A;
    let mut actions = Vec::new();
    for one in node.action() {
        actions.push(match one {
            A::RenameColumn(rename) => AlterTable::RenameColumn {
                name: names::name(&rename.column_name_ref()?),
                new_name: names::name(&rename.column_name()?),
            },
            A::SetSchema(set) => AlterTable::SetSchema(names::name(&set.schema_ref()?)),
            A::ViewRenameTo(rename) => AlterTable::RenameTo(names::given(rename.view()?.path())?.name),
            A::AlterTableAction(one) => action(&one)?,
            _ => AlterTable::Nothing,
        });
    }
    let name = names::referred(node.view_ref()?.path_ref())?;
    altered(name, node.if_exists().is_some(), OwnedKind::MaterializedView, actions)
}

/// `alter index`
pub fn index(node: &ast::AlterIndex) -> Option<Statement> {
    let action = match node.action() {
        Some(ast::AlterIndexAction::IndexRenameTo(rename)) => {
            AlterTable::RenameTo(names::given(rename.index()?.path())?.name)
        }
        _ => AlterTable::Nothing,
    };
    altered(
        names::referred(node.index_ref()?.path_ref())?,
        node.if_exists().is_some(),
        OwnedKind::Index,
        vec![action],
    )
}

/// `alter sequence`
pub fn sequence(node: &ast::AlterSequence) -> Option<Statement> {
    use ast::AlterSequenceAction as A;
    let mut actions = Vec::new();
    for action in node.actions() {
        actions.push(match action {
            A::OwnerTo(owner) => AlterTable::Owner(names::role(&owner.role_ref()?)),
            A::SequenceRenameTo(rename) => {
                AlterTable::RenameTo(names::given(rename.sequence()?.path())?.name)
            }
            A::SetSchema(set) => AlterTable::SetSchema(names::name(&set.schema_ref()?)),
            _ => AlterTable::Nothing,
        });
    }
    let name = names::referred(node.sequence_ref()?.path_ref())?;
    altered(name, node.if_exists().is_some(), OwnedKind::Sequence, actions)
}

/// `alter policy`
pub fn policy(node: &ast::AlterPolicy) -> Option<Statement> {
    let name = names::name(&node.policy_ref()?);
    let table = names::referred(node.on_table()?.table_name_ref()?.path_ref())?;
    Some(match node.action()? {
        ast::AlterPolicyAction::PolicyRenameTo(rename) => {
            Statement::RenamePolicy { table, name, new_name: names::name(&rename.policy()?) }
        }
        ast::AlterPolicyAction::AlterPolicyTo(to) => {
            let (using, using_text) = with_text(to.using_expr_clause().and_then(|c| c.expr()))?;
            let (check, check_text) = with_text(to.with_check_expr_clause().and_then(|c| c.expr()))?;
            Statement::AlterPolicy(Box::new(PolicyStatement {
                name,
                table,
                permissive: true,
                command: PolicyCommand::All,
                roles: names::roles(to.policy_roles().and_then(|r| r.role_ref_list())),
                using,
                using_text,
                check,
                check_text,
            }))
        }
    })
}

/// `alter type`
pub fn type_(node: &ast::AlterType) -> Option<Statement> {
    use ast::AlterTypeAction as A;
    let action = match node.action()? {
        A::AddValue(add) => AlterType::AddValue {
            value: add.literal()?.string_value()?,
            if_not_exists: add.if_not_exists().is_some(),
        },
        A::RenameValue(rename) => {
            let mut values = rename.syntax().children().filter_map(ast::Literal::cast);
            AlterType::RenameValue {
                value: values.next()?.string_value()?,
                new_value: values.next()?.string_value()?,
            }
        }
        A::TypeRenameTo(rename) => AlterType::RenameTo(names::given(rename.type_name()?.path())?.name),
        A::SetSchema(set) => AlterType::SetSchema(names::name(&set.schema_ref()?)),
        A::OwnerTo(owner) => AlterType::Owner(names::role(&owner.role_ref()?)),
        A::RenameAttribute(rename) => AlterType::RenameAttribute(
            names::name(&rename.composite_field_ref()?),
            names::name(&rename.composite_field()?),
        ),
        A::AlterTypeAttributeActionList(list) => match list.actions().next()? {
            ast::AlterTypeAttributeAction::AddAttribute(add) => {
                AlterType::AddAttribute(names::name(&add.composite_field()?), types::type_name(&add.ty()?)?)
            }
            ast::AlterTypeAttributeAction::DropAttribute(drop) => AlterType::DropAttribute {
                name: names::name(&drop.composite_field_ref()?),
                if_exists: drop.if_exists().is_some(),
            },
            ast::AlterTypeAttributeAction::AlterAttribute(_) => AlterType::Nothing,
        },
        A::SetOptions(_) => AlterType::Nothing,
    };
    Some(Statement::AlterType {
        name: names::referred(node.type_name_ref()?.path_ref())?,
        domain: false,
        action,
    })
}

/// `alter domain`
pub fn domain(node: &ast::AlterDomain) -> Option<Statement> {
    use ast::AlterDomainAction as A;
    let action = match node.action()? {
        A::DomainRenameTo(rename) => AlterType::RenameTo(names::given(rename.domain()?.path())?.name),
        A::SetSchema(set) => AlterType::SetSchema(names::name(&set.schema_ref()?)),
        A::OwnerTo(owner) => AlterType::Owner(names::role(&owner.role_ref()?)),
        A::DropConstraint(drop) => AlterType::DropConstraint {
            name: constraint_name(drop.constraint_name_ref())?,
            if_exists: drop.if_exists().is_some(),
        },
        _ => AlterType::Nothing,
    };
    Some(Statement::AlterType { name: names::referred(node.domain_ref()?.path_ref())?, domain: true, action })
}

/// `alter schema`
pub fn schema(node: &ast::AlterSchema) -> Option<Statement> {
    let action = match node.action()? {
        ast::AlterSchemaAction::OwnerTo(owner) => AlterType::Owner(names::role(&owner.role_ref()?)),
        ast::AlterSchemaAction::SchemaRenameTo(rename) => AlterType::RenameTo(names::name(&rename.schema()?)),
    };
    Some(Statement::AlterSchema { name: names::name(&node.schema_ref()?), action })
}

/// `alter publication`
pub fn publication(node: &ast::AlterPublication) -> Option<Statement> {
    use ast::AlterPublicationAction as A;
    let action = match node.action()? {
        A::AddPublicationObjects(it) => AlterPublication::Add(publication_targets(it.publication_objects())?),
        A::DropPublicationObjects(it) => {
            AlterPublication::Drop(publication_targets(it.publication_objects())?)
        }
        A::SetPublicationObjects(it) => AlterPublication::Set(publication_targets(it.publication_objects())?),
        _ => AlterPublication::Nothing,
    };
    Some(Statement::AlterPublication { name: names::name(&node.publication_ref()?), action })
}
