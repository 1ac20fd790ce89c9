//! Policies of AWS: as text, as a map that is encoded, or as a document that Terraform writes.

use super::maker::{Said, blocks, said};
use super::resolve::resolve;
use super::stack::{At, Module, Stacks};
use crate::facts::config::{Expression, Node, Value, json};

/// One statement.
#[derive(Default)]
pub(super) struct Statement {
    pub(super) allows: bool,
    pub(super) actions: Vec<String>,
    pub(super) resources: Vec<String>,
    /// Whether it speaks of everybody.
    pub(super) everybody: bool,
    pub(super) conditional: bool,
    pub(super) line: u32,
    pub(super) file: String,
}

/// The statements of a policy, or why they can't be told.
pub(super) fn statements<'a>(
    stacks: &'a Stacks<'a>,
    module: &'a Module<'a>,
    at: At<'a>,
) -> Result<Vec<Statement>, String> {
    if let Some(name) = document(at.node) {
        let data = module.data.iter().find(|d| d.type_name == "aws_iam_policy_document" && d.name == name);
        let data = data.ok_or_else(|| format!("the policy document `{name}` is not in the repository"))?;
        let blocks = blocks(data.at, "statement");
        return Ok(blocks.into_iter().take(200).map(|b| written(stacks, module, b)).collect());
    }
    if let Some(text) = put_together(at.node) {
        let node = json(text.trim()).map_err(|_| "its policy is computed".to_owned())?;
        return Ok(encoded(stacks, module, &node, at.file, at.node.line, true));
    }
    let known = resolve(stacks, module, at)?;
    match &known.node.value {
        Value::Text(text) => {
            let node = json(text.trim()).map_err(|_| "its policy is no JSON".to_owned())?;
            Ok(encoded(stacks, known.module, &node, known.file, known.node.line, true))
        }
        Value::Map(_) => Ok(encoded(stacks, known.module, known.node, known.file, known.node.line, false)),
        _ => Err("its policy is computed".to_owned()),
    }
}

/// A text with what is computed left out: a part that is computed is never the whole of an action.
fn put_together(node: &Node) -> Option<String> {
    let Value::Expression(expression) = &node.value else { return None };
    let Expression::Template(parts) = expression.as_ref() else { return None };
    let part = |node: &Node| match &node.value {
        Value::Text(text) => text.clone(),
        _ => "computed".to_owned(),
    };
    Some(parts.iter().map(part).collect())
}

/// The name in `data.aws_iam_policy_document.NAME.json`.
fn document(node: &Node) -> Option<&str> {
    let Value::Expression(expression) = &node.value else { return None };
    let Expression::Reference(path) = expression.as_ref() else { return None };
    path.strip_prefix("data.aws_iam_policy_document.")?.split('.').next()
}

fn written<'a>(stacks: &'a Stacks<'a>, module: &'a Module<'a>, block: At<'a>) -> Statement {
    let texts = |path: &[&str]| match said(stacks, module, block, path) {
        Said::Known(known) => known.node.texts().into_iter().map(|(text, _)| text).collect(),
        _ => Vec::new(),
    };
    let principals = blocks(block, "principals");
    let everybody = principals.iter().any(|p| match said(stacks, module, *p, &["identifiers"]) {
        Said::Known(known) => known.node.texts().iter().any(|(text, _)| text == "*"),
        _ => false,
    });
    Statement {
        allows: !texts(&["effect"]).iter().any(|e: &String| e == "Deny"),
        actions: texts(&["actions"]),
        resources: texts(&["resources"]),
        everybody,
        conditional: !blocks(block, "condition").is_empty(),
        line: block.node.line,
        file: block.file.to_owned(),
    }
}

/// Statements of the JSON form; `flat` where lines of the text are not lines of the file.
fn encoded(
    stacks: &Stacks<'_>,
    module: &Module<'_>,
    policy: &Node,
    file: &str,
    line: u32,
    flat: bool,
) -> Vec<Statement> {
    let all = policy.get("Statement");
    let list: Vec<&Node> = match all {
        Some(node) if node.is_map() => vec![node],
        Some(node) => node.list().iter().collect(),
        None => Vec::new(),
    };
    // What is computed is no `*`: references only are looked up.
    let texts = |node: Option<&Node>| -> Vec<String> {
        let Some(node) = node else { return Vec::new() };
        match resolve(stacks, module, At { node, file }) {
            Ok(known) => known.node.texts().into_iter().map(|(text, _)| text).collect(),
            Err(_) => Vec::new(),
        }
    };
    list.into_iter()
        .take(200)
        .map(|s| {
            let principal = s.get("Principal");
            let parts = principal.map(Node::entries).unwrap_or_default();
            let everybody = principal.and_then(Node::text) == Some("*")
                || parts.iter().any(|e| e.node.texts().iter().any(|(text, _)| text == "*"));
            Statement {
                allows: s.get("Effect").map(Node::scalar).as_deref() != Some("Deny"),
                actions: texts(s.get("Action")),
                resources: texts(s.get("Resource")),
                everybody,
                conditional: s.get("Condition").is_some(),
                line: if flat { line } else { s.line },
                file: file.to_owned(),
            }
        })
        .collect()
}
