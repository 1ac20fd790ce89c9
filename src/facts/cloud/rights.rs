//! Rights that are granted on everything.

use super::maker::{Maker, Said, blocks, said};
use super::policy::statements;
use super::stack::At;
use crate::facts::kinds::Answer;

/// `aws_iam_policy`, `aws_iam_role_policy`, `aws_iam_user_policy`, and the blocks `inline_policy` of a role.
pub(super) fn policy(m: &mut Maker<'_>) {
    let inline = blocks(m.body, "inline_policy").into_iter().filter_map(|b| b.node.get("policy"));
    let all: Vec<_> = m.body.node.get("policy").into_iter().chain(inline).collect();
    let mut wildcard = Answer::No;
    let file = m.body.file;
    for node in all {
        match statements(m.stacks, m.module, At { node, file }) {
            Ok(statements) => {
                for s in statements.iter().filter(|s| s.allows && s.resources.iter().any(|r| r == "*")) {
                    let every = s.actions.iter().any(|a| a == "*" || a == "*:*");
                    let service = s.actions.iter().any(|a| a.ends_with(":*"));
                    let (is, says) = match (every, s.conditional) {
                        (true, false) => (Answer::Yes, "it allows every action on every resource"),
                        (true, true) => (Answer::Partial, "it allows every action, under a condition"),
                        (false, _) if service => (Answer::Partial, "it allows every action of a service"),
                        _ => continue,
                    };
                    let place = crate::facts::Evidence::new("wildcard", &s.file, s.line.max(1), says);
                    m.fact.evidence.push(place);
                    wildcard = if wildcard == Answer::Yes { wildcard } else { is };
                }
            }
            Err(reason) if wildcard == Answer::No => wildcard = m.unknown("wildcard", &reason),
            Err(_) => {}
        }
    }
    if wildcard == Answer::Yes {
        m.fact.unknowns.retain(|u| u.cell != "wildcard");
    }
    m.fact.wildcard = wildcard;
}

/// `aws_iam_role_policy_attachment` and the list of a role. A group of people, or a role that is named for
/// administrators, has such rights on purpose.
pub(super) fn attachment(m: &mut Maker<'_>) {
    m.fact.wildcard = Answer::No;
    let on_purpose = m.fact.type_name.contains("group") || m.fact.name.to_ascii_lowercase().contains("admin");
    for key in ["policy_arn", "managed_policy_arns"] {
        let arns = match said(m.stacks, m.module, m.body, &[key]) {
            Said::Known(known) => known.node.texts(),
            _ => continue,
        };
        if arns.iter().any(|(arn, _)| arn.ends_with(":policy/AdministratorAccess")) {
            m.fact.wildcard = if on_purpose { Answer::Partial } else { Answer::Yes };
            m.evidence("wildcard", m.line(&[key]), "it may do everything (`AdministratorAccess`)");
        }
    }
}

/// `google_project_iam_member`, `google_project_iam_binding`: a program with the rights of an owner or editor.
pub(super) fn google(m: &mut Maker<'_>) {
    let members: Vec<String> =
        ["member", "members"].iter().filter_map(|key| m.body.node.get(key)).flat_map(texts).collect();
    let program = members.iter().any(|member| member.starts_with("serviceAccount:"));
    let role = m.text(&["role"]).unwrap_or_default();
    m.fact.wildcard = match role.as_str() {
        "roles/owner" if program => Answer::Yes,
        "roles/editor" if program => Answer::Partial,
        _ => Answer::No,
    };
    if m.fact.wildcard != Answer::No {
        m.evidence("wildcard", m.line(&["role"]), &format!("a program has the rights of `{role}`"));
    }
}

/// The texts of a value; of one that is put together, its first part.
fn texts(node: &crate::facts::config::Node) -> Vec<String> {
    use crate::facts::config::{Expression, Value};
    match &node.value {
        Value::List(items) => items.iter().flat_map(texts).collect(),
        Value::Expression(e) => match e.as_ref() {
            Expression::Template(parts) => parts.first().map(texts).unwrap_or_default(),
            Expression::Call { arguments, .. } => arguments.first().map(texts).unwrap_or_default(),
            _ => Vec::new(),
        },
        _ => vec![node.scalar()],
    }
}
