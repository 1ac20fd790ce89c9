use crate::facts::config::{Node, Value, hcl, hcl_json};
use crate::facts::notes::{FileNotes, InfraKind, InfraNote};
use crate::source::{File, Role};

/// Blocks that say something about what is created.
const BLOCKS: &[&str] = &["resource", "data", "module", "variable", "locals", "terraform", "provider"];

pub(super) fn wants(file: &File) -> bool {
    file.role == Role::Product && kind(file.name()).is_some()
}

fn kind(name: &str) -> Option<InfraKind> {
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    if name == "terragrunt.hcl" || name == "root.hcl" || name.ends_with(".tm.hcl") {
        Some(InfraKind::Generator)
    } else if ends(&[".tfvars", ".tfvars.json"]) {
        Some(InfraKind::TerraformValues)
    } else if ends(&[".tf", ".tofu", ".tf.json", ".tofu.json"]) {
        Some(InfraKind::Terraform)
    } else {
        None
    }
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let Some(kind) = kind(file.name()) else { return };
    if kind == InfraKind::Generator {
        notes.infra = Some(InfraNote { kind, root: Node::default() });
        return;
    }
    let parsed = if file.name().ends_with(".json") { hcl_json(text) } else { hcl(text) };
    match parsed {
        Ok(mut root) => {
            if let (InfraKind::Terraform, Value::Map(entries)) = (kind, &mut root.value) {
                entries.retain(|entry| BLOCKS.contains(&entry.key.as_str()));
            }
            notes.infra = Some(InfraNote { kind, root });
        }
        Err(problem) => notes.broken = Some(problem.to_string()),
    }
}
