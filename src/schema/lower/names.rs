//! Names, folded and cut as PostgreSQL does it.

use squawk_syntax::ast::{self, AstNode, normalize_name_node};

use crate::schema::sql::QName;

/// How many bytes of a name PostgreSQL keeps (`NAMEDATALEN - 1`).
const LONGEST: usize = 63;

/// The name that a node holds.
pub fn name(node: &impl AstNode) -> String {
    cut(normalize_name_node(node.syntax()))
}

/// As much of a name as PostgreSQL keeps, never half a character.
pub fn cut(mut name: String) -> String {
    if name.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|end| name.is_char_boundary(*end)).unwrap_or(0);
        name.truncate(end);
    }
    name
}

/// A name given as text in SQL (`'Public.T'::regclass`): parts are folded unless they are quoted.
pub fn fold(text: &str) -> QName {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    let mut chars = text.trim().chars().peekable();
    while let Some(c) = chars.next() {
        let Some(last) = parts.last_mut() else { break };
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                last.push('"');
            }
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            c if quoted => last.push(c),
            c => last.push(c.to_ascii_lowercase()),
        }
    }
    QName::from_parts(parts.into_iter().map(cut).collect())
}

/// The parts of a dotted name.
pub fn path_ref(path: &ast::PathRef) -> Vec<String> {
    let mut parts = path.qualifier().map(|q| path_ref(&q)).unwrap_or_default();
    parts.extend(path.segment().map(|segment| name(&segment)));
    parts
}

fn path(path: &ast::Path) -> Vec<String> {
    let mut parts = path.qualifier().map(|q| path_ref(&q)).unwrap_or_default();
    parts.extend(path.segment().map(|segment| name(&segment)));
    parts
}

/// A dotted name that is being given.
pub fn given(node: Option<ast::Path>) -> Option<QName> {
    Some(QName::from_parts(path(&node?)))
}

/// A dotted name that refers to something.
pub fn referred(node: Option<ast::PathRef>) -> Option<QName> {
    Some(QName::from_parts(path_ref(&node?)))
}

/// The role that a reference names; `public` is everyone.
pub fn role(role: &ast::RoleRef) -> String {
    match role.role_ref_value() {
        Some(ast::RoleRefValue::RoleNameRef(role)) => name(&role),
        Some(_) => "current_user".to_owned(),
        None => name(role),
    }
}

/// The roles of a list.
pub fn roles(list: Option<ast::RoleRefList>) -> Vec<String> {
    list.map(|list| list.role_refs().map(|r| role(&r)).collect()).unwrap_or_default()
}

/// Schemas by name.
pub fn schemas(list: ast::AstChildren<ast::SchemaRef>) -> Vec<String> {
    list.map(|schema| name(&schema)).collect()
}

/// The columns of a list in parentheses.
pub fn columns(list: Option<ast::ColumnRefList>) -> Vec<String> {
    list.map(|list| list.column_name_refs().map(|c| name(&c)).collect()).unwrap_or_default()
}

/// New names for columns, in parentheses.
pub fn new_columns(list: Option<ast::ColumnList>) -> Vec<String> {
    list.map(|list| list.column_names().map(|c| name(&c)).collect()).unwrap_or_default()
}
