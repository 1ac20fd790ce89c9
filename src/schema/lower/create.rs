//! `create table`, indexes, policies, views, triggers, types and other things that are made.

use squawk_syntax::ast::{self, AstNode};

use super::query::{query, with_text};
use super::{expr, names, statement, types};
use crate::schema::sql::{
    ColumnDef, ColumnRule, Constraint, ConstraintKind, CreateIndex, CreateTable, CreateTrigger, CreateView,
    Expr, ForeignKey, IndexItem, NewType, PolicyCommand, PolicyStatement, PublicationTarget, Statement,
    TableLike, TriggerEvent,
};

fn temporary(persistence: Option<ast::Persistence>) -> bool {
    matches!(persistence, Some(ast::Persistence::Temp(_)))
}

/// `create table`
pub fn table(node: &ast::CreateTable) -> Option<Statement> {
    let mut table = CreateTable {
        name: names::given(node.table_name()?.path())?,
        if_not_exists: node.if_not_exists().is_some(),
        temporary: temporary(node.persistence()),
        ..CreateTable::default()
    };
    if let Some(parents) = node.inherits() {
        table.inherits =
            parents.table_name_refs().map(|t| names::referred(t.path_ref())).collect::<Option<_>>()?;
    }
    if let Some(parent) = node.partition_of() {
        table.partition_of = Some(names::referred(parent.table_name_ref()?.path_ref())?);
    }
    if let Some(by) = node.partition_by() {
        let items = by.partition_item_list()?;
        table.partition_by = Some(items.partition_items().map(|i| expr(&i.expr()?)).collect::<Option<_>>()?);
    }
    if let Some(args) = node.table_arg_list() {
        table_args(&mut table, &args)?;
    }
    Some(Statement::CreateTable(Box::new(table)))
}

/// `create foreign table`
pub fn foreign_table(node: &ast::CreateForeignTable) -> Option<Statement> {
    let mut table = CreateTable {
        name: names::given(node.table_name()?.path())?,
        if_not_exists: node.if_not_exists().is_some(),
        foreign: true,
        ..CreateTable::default()
    };
    table.server = node.server_clause().and_then(|c| c.server_ref()).map(|s| names::name(&s));
    if let Some(args) = node.table_arg_list() {
        table_args(&mut table, &args)?;
    }
    Some(Statement::CreateTable(Box::new(table)))
}

fn table_args(table: &mut CreateTable, args: &ast::TableArgList) -> Option<()> {
    for arg in args.args() {
        match arg {
            ast::TableArg::Column(column) => {
                let mut rules = Vec::new();
                for clause in column.clauses() {
                    if let ast::ColumnClause::ColumnConstraint(rule) = clause {
                        rules.push(column_rule(&rule)?);
                    }
                }
                let ty = match column.ty() {
                    Some(ty) => Some(types::type_name(&ty)?),
                    None => None,
                };
                table.columns.push(ColumnDef { name: names::name(&column.name()?), ty, rules });
            }
            ast::TableArg::LikeClause(like) => {
                let mut found = TableLike {
                    name: names::referred(like.relation_name_ref()?.path_ref())?,
                    defaults: false,
                    constraints: false,
                    indexes: false,
                };
                for option in like.like_options() {
                    let text = option.syntax().text().to_string().to_ascii_lowercase();
                    let on = text.starts_with("including");
                    let all = text.ends_with("all");
                    if all || text.ends_with("defaults") {
                        found.defaults = on;
                    }
                    if all || text.ends_with("constraints") {
                        found.constraints = on;
                    }
                    if all || text.ends_with("indexes") {
                        found.indexes = on;
                    }
                }
                table.likes.push(found);
            }
            ast::TableArg::TableConstraint(constraint) => {
                table.constraints.push(table_constraint(&constraint)?)
            }
        }
    }
    Some(())
}

/// A constraint of a table.
pub fn table_constraint(node: &ast::TableConstraint) -> Option<Constraint> {
    constraint(&ast::Constraint::cast(node.syntax().clone())?)
}

fn index_columns(parameters: Option<ast::IndexParameters>) -> Vec<String> {
    parameters
        .and_then(|p| p.column_list())
        .map(|list| list.column_name_refs().map(|c| names::name(&c)).collect())
        .unwrap_or_default()
}

fn used_index(using: Option<ast::UsingIndexName>) -> Option<String> {
    let path = using?.index_ref()?.path_ref()?;
    names::path_ref(&path).pop()
}

/// A constraint of a table or a column.
pub fn constraint(node: &ast::Constraint) -> Option<Constraint> {
    let name = node.constraint_name().map(|n| names::name(&n));
    let kind = match node {
        ast::Constraint::CheckConstraint(c) => ConstraintKind::Check(expr(&c.expr()?)?),
        ast::Constraint::PrimaryKeyConstraint(c) => {
            ConstraintKind::Primary(index_columns(c.index_parameters()), used_index(c.using_index()))
        }
        ast::Constraint::UniqueConstraint(c) => {
            ConstraintKind::Unique(index_columns(c.index_parameters()), used_index(c.using_index()))
        }
        ast::Constraint::ForeignKeyConstraint(c) => {
            let columns = |list: Option<ast::ForeignKeyColumnList>| -> Vec<String> {
                list.map(|l| l.column_name_refs().map(|c| names::name(&c)).collect()).unwrap_or_default()
            };
            ConstraintKind::Foreign(ForeignKey {
                columns: columns(c.from_columns()),
                table: names::referred(c.table_name_ref()?.path_ref())?,
                target: columns(c.to_columns()),
                on_delete: on_delete(c.referential_actions()),
            })
        }
        ast::Constraint::ReferencesConstraint(c) => ConstraintKind::Foreign(ForeignKey {
            columns: Vec::new(),
            table: names::referred(c.table()?.path_ref())?,
            target: c.column().map(|c| names::name(&c)).into_iter().collect(),
            on_delete: on_delete(c.referential_actions()),
        }),
        ast::Constraint::ExcludeConstraint(c) => {
            let mut items = Vec::new();
            for item in c.constraint_exclusion_list()?.constraint_exclusions() {
                items.push(IndexItem { expr: expr(&item.expr()?)?, op_class: None, order: String::new() });
            }
            let method =
                c.constraint_index_method().and_then(|m| m.access_method_ref()).map(|m| names::name(&m));
            ConstraintKind::Exclude(items, method)
        }
        ast::Constraint::NotNullConstraint(c) => {
            ConstraintKind::NotNull(c.column_name_ref().map(|n| names::name(&n)).unwrap_or_default())
        }
        _ => return None,
    };
    Some(Constraint { name, kind })
}

fn on_delete(actions: ast::AstChildren<ast::ReferentialAction>) -> String {
    for action in actions {
        if let ast::ReferentialAction::OnDeleteAction(action) = action
            && let Some(action) = action.ref_action()
        {
            return action.syntax().text().to_string().to_ascii_lowercase();
        }
    }
    String::new()
}

/// What is said about a column.
pub fn column_rule(node: &ast::ColumnConstraint) -> Option<ColumnRule> {
    Some(match node {
        ast::ColumnConstraint::NotNullConstraint(_) => ColumnRule::NotNull,
        ast::ColumnConstraint::NullConstraint(_) => ColumnRule::Null,
        ast::ColumnConstraint::DefaultConstraint(default) => ColumnRule::Default(expr(&default.expr()?)?),
        ast::ColumnConstraint::GeneratedConstraint(generated) => match generated.generated_as()? {
            ast::GeneratedAs::GeneratedStored(stored) => ColumnRule::Generated(expr(&stored.expr()?)?),
            ast::GeneratedAs::GeneratedIdentity(identity) => ColumnRule::Identity {
                always: matches!(identity.generated_when(), Some(ast::GeneratedWhen::GeneratedAlways(_))),
            },
        },
        other => ColumnRule::Constraint(constraint(&ast::Constraint::cast(other.syntax().clone())?)?),
    })
}

/// `create index`
pub fn index(node: &ast::CreateIndex) -> Option<Statement> {
    let mut items = Vec::new();
    for item in node.partition_item_list()?.partition_items() {
        let order = [
            item.sort_order().map(|o| o.syntax().text().to_string()),
            item.nulls_order().map(|o| o.syntax().text().to_string()),
        ];
        items.push(IndexItem {
            expr: expr(&item.expr()?)?,
            op_class: item.op_class_ref().and_then(|o| names::referred(o.path_ref())),
            order: order.into_iter().flatten().collect::<Vec<_>>().join(" ").to_ascii_lowercase(),
        });
    }
    let include = match node.index_include_clause().and_then(|c| c.partition_item_list()) {
        Some(list) => list.partition_items().map(|i| expr(&i.expr()?)).collect::<Option<_>>()?,
        None => Vec::new(),
    };
    let (condition, condition_text) = with_text(node.where_clause().and_then(|w| w.expr()))?;
    Some(Statement::CreateIndex(Box::new(CreateIndex {
        name: match node.index() {
            Some(index) => names::given(index.path()),
            None => None,
        },
        table: names::referred(node.table_relation_name()?.table_name_ref()?.path_ref())?,
        unique: node.unique_token().is_some(),
        concurrently: node.concurrently_token().is_some(),
        if_not_exists: node.if_not_exists().is_some(),
        method: node.using_method().and_then(|m| m.access_method_ref()).map(|m| names::name(&m)),
        items,
        include,
        condition,
        condition_text,
    })))
}

/// `create policy`
pub fn policy(node: &ast::CreatePolicy) -> Option<Statement> {
    let (using, using_text) = with_text(node.using_expr_clause().and_then(|c| c.expr()))?;
    let (check, check_text) = with_text(node.with_check_expr_clause().and_then(|c| c.expr()))?;
    let restrictive = node
        .as_policy_type()
        .and_then(|t| t.ident_token())
        .is_some_and(|t| t.text().eq_ignore_ascii_case("restrictive"));
    let command = match node.policy_command().and_then(|c| c.command()) {
        None | Some(ast::PolicyCommandKind::PolicyCommandAll(_)) => PolicyCommand::All,
        Some(ast::PolicyCommandKind::PolicyCommandSelect(_)) => PolicyCommand::Select,
        Some(ast::PolicyCommandKind::PolicyCommandInsert(_)) => PolicyCommand::Insert,
        Some(ast::PolicyCommandKind::PolicyCommandUpdate(_)) => PolicyCommand::Update,
        Some(ast::PolicyCommandKind::PolicyCommandDelete(_)) => PolicyCommand::Delete,
    };
    Some(Statement::CreatePolicy(Box::new(PolicyStatement {
        name: names::name(&node.policy()?),
        table: names::referred(node.on_table()?.table_name_ref()?.path_ref())?,
        permissive: !restrictive,
        command,
        roles: names::roles(node.policy_roles().and_then(|r| r.role_ref_list())),
        using,
        using_text,
        check,
        check_text,
    })))
}

/// Options in parentheses: `(security_invoker = on)`.
pub fn options(list: Option<ast::AttributeList>) -> Vec<(String, Option<String>)> {
    let Some(list) = list else { return Vec::new() };
    list.attribute_options()
        .filter_map(|option| {
            let name = names::name(&option.name()?);
            let value = option
                .attribute_value()
                .map(|v| v.syntax().text().to_string().trim().trim_matches('\'').to_ascii_lowercase());
            Some((name, value))
        })
        .collect()
}

/// `create view`
pub fn view(node: &ast::CreateView) -> Option<Statement> {
    let select = node.query()?;
    Some(Statement::CreateView(Box::new(CreateView {
        name: names::given(node.view()?.path())?,
        or_replace: node.or_replace().is_some(),
        materialized: false,
        temporary: temporary(node.persistence()),
        if_not_exists: false,
        recursive: node.recursive_token().is_some(),
        columns: names::new_columns(node.column_list()),
        options: options(node.with_params().and_then(|p| p.attribute_list())),
        query: query(&select)?,
        text: select.syntax().text().to_string(),
    })))
}

/// `create materialized view`
pub fn materialized_view(node: &ast::CreateMaterializedView) -> Option<Statement> {
    let select = node.query()?;
    Some(Statement::CreateView(Box::new(CreateView {
        name: names::given(node.view()?.path())?,
        or_replace: false,
        materialized: true,
        temporary: false,
        if_not_exists: node.if_not_exists().is_some(),
        recursive: false,
        columns: names::new_columns(node.column_list()),
        options: Vec::new(),
        query: query(&select)?,
        text: select.syntax().text().to_string(),
    })))
}

/// `create table … as`
pub fn table_as(node: &ast::CreateTableAs) -> Option<Statement> {
    let ast::CreateTableAsQuery::SelectVariant(select) = node.query()? else { return None };
    let mut columns = Vec::new();
    for arg in node.table_arg_list().into_iter().flat_map(|list| list.args().collect::<Vec<_>>()) {
        if let ast::TableArg::Column(column) = arg {
            columns.push(names::name(&column.name()?));
        }
    }
    Some(Statement::CreateTableAs {
        name: names::given(node.table_name()?.path())?,
        columns,
        query: query(&select)?,
        if_not_exists: node.if_not_exists().is_some(),
        temporary: temporary(node.persistence()),
    })
}

/// `create trigger`
pub fn trigger(node: &ast::CreateTrigger) -> Option<Statement> {
    let call = expr(&ast::Expr::CallExpr(node.call_expr()?))?;
    let Expr::Call(call) = call else { return None };
    let mut events = Vec::new();
    for event in node.trigger_event_list()?.trigger_events() {
        events.push(match event {
            ast::TriggerEvent::TriggerEventInsert(_) => TriggerEvent::Insert,
            ast::TriggerEvent::TriggerEventDelete(_) => TriggerEvent::Delete,
            ast::TriggerEvent::TriggerEventTruncate(_) => TriggerEvent::Truncate,
            ast::TriggerEvent::TriggerEventUpdate(update) => {
                TriggerEvent::Update(update.column_name_refs().map(|c| names::name(&c)).collect())
            }
        });
    }
    Some(Statement::CreateTrigger(Box::new(CreateTrigger {
        name: names::name(&node.trigger()?),
        or_replace: node.or_replace().is_some(),
        constraint: node.constraint_token().is_some(),
        table: names::referred(node.on_relation()?.relation_name_ref()?.path_ref())?,
        before: matches!(node.timing(), Some(ast::Timing::TimingBefore(_))),
        instead: matches!(node.timing(), Some(ast::Timing::TimingInsteadOf(_))),
        each_row: matches!(node.trigger_level(), Some(ast::TriggerLevel::ForEachRow(_))),
        events,
        when: with_text(node.when_condition().and_then(|w| w.expr()))?.0,
        function: call.name,
        transition_tables: node.referencing().is_some(),
    })))
}

/// `create type`
pub fn type_(node: &ast::CreateType) -> Option<Statement> {
    let kind = match node.kind() {
        Some(ast::CreateTypeKind::EnumType(list)) => {
            let mut values = Vec::new();
            for variant in list.variant_list()?.variants() {
                values.push(variant.literal()?.string_value()?);
            }
            NewType::Enum(values)
        }
        Some(ast::CreateTypeKind::CompositeType(composite)) => {
            let mut fields = Vec::new();
            for field in composite.composite_field_list()?.composite_field_defs() {
                fields.push((names::name(&field.name()?), types::type_name(&field.ty()?)?));
            }
            NewType::Composite(fields)
        }
        Some(ast::CreateTypeKind::RangeType(_)) => NewType::Range,
        Some(ast::CreateTypeKind::BaseType(_)) | None => NewType::Base,
    };
    Some(Statement::CreateType { name: names::given(node.type_name()?.path())?, kind })
}

/// `create domain`
pub fn domain(node: &ast::CreateDomain) -> Option<Statement> {
    let mut constraints = Vec::new();
    for qualifier in node.domain_qualifiers() {
        if let ast::DomainQualifier::Constraint(rule @ ast::Constraint::CheckConstraint(_)) = qualifier {
            constraints.push(constraint(&rule)?);
        }
    }
    let base = types::type_name(&node.ty()?)?;
    Some(Statement::CreateType {
        name: names::given(node.domain()?.path())?,
        kind: NewType::Domain { base, constraints },
    })
}

/// `create schema`
pub fn schema(node: &ast::CreateSchema) -> Option<Statement> {
    let name = match node.create_schema_target()? {
        ast::CreateSchemaTarget::NamedSchema(named) => names::name(&named.schema()?),
        ast::CreateSchemaTarget::AuthorizationSchema(authorization) => names::name(&authorization.role()?),
    };
    let mut elements = Vec::new();
    for element in node.schema_elements() {
        elements.push(statement(&ast::Stmt::cast(element.syntax().clone())?)?);
    }
    Some(Statement::CreateSchema { name, if_not_exists: node.if_not_exists().is_some(), elements })
}

/// What a publication is made of.
pub fn publication_targets(
    objects: ast::AstChildren<ast::PublicationObject>,
) -> Option<Vec<PublicationTarget>> {
    let mut found: Vec<PublicationTarget> = Vec::new();
    let mut in_schemas = false;
    for object in objects {
        match object {
            ast::PublicationObject::PublicationObjectTable(table) => {
                let name = names::referred(table.table_name_ref()?.path_ref())?;
                // In `tables in schema a, b` the second looks like a table.
                if in_schemas && table.table_token().is_none() && name.schema.is_none() {
                    found.push(PublicationTarget::Schema(name.name));
                } else {
                    in_schemas = false;
                    found.push(PublicationTarget::Table(name));
                }
            }
            ast::PublicationObject::PublicationObjectTablesInSchema(schema) => {
                in_schemas = true;
                found.push(PublicationTarget::Schema(match schema.schema_ref() {
                    Some(schema) => names::name(&schema),
                    None => "public".to_owned(),
                }));
            }
            ast::PublicationObject::PublicationObjectCurrentSchema(_) => {
                found.push(PublicationTarget::Schema("public".to_owned()));
            }
        }
    }
    Some(found)
}

/// `create publication`
pub fn publication(node: &ast::CreatePublication) -> Option<Statement> {
    let mut targets = Vec::new();
    let mut all_tables = false;
    match node.publication_for_clause() {
        Some(ast::PublicationForClause::ForPublicationObjects(objects)) => {
            targets = publication_targets(objects.publication_objects())?;
        }
        Some(ast::PublicationForClause::ForAllPublicationObjects(_)) => all_tables = true,
        None => {}
    }
    Some(Statement::CreatePublication { name: names::name(&node.publication()?), targets, all_tables })
}

/// `create event trigger`
pub fn event_trigger(node: &ast::CreateEventTrigger) -> Option<Statement> {
    let Expr::Call(call) = expr(&ast::Expr::CallExpr(node.call_expr()?))? else { return None };
    let mut tags = Vec::new();
    for literal in node
        .syntax()
        .descendants()
        .filter_map(ast::EventTriggerWhen::cast)
        .flat_map(|w| w.literals().collect::<Vec<_>>())
    {
        tags.push(literal.string_value()?.to_ascii_uppercase());
    }
    Some(Statement::CreateEventTrigger {
        name: names::name(&node.event_trigger()?),
        event: names::name(&node.event()?),
        function: call.name,
        tags,
    })
}
