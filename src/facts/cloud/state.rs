//! Where Terraform keeps what it knows of the real resources.

use super::maker::Maker;
use super::stack::{At, Module, Resource, Stacks};
use crate::facts::config::Node;
use crate::facts::kinds::{Answer, CloudCategory, CloudResource};

/// The state of a module that is applied by itself: one that nobody calls, and that sets up a provider or says where its
/// state is. Where nothing says so, the state is a file beside the code (developer.hashicorp.com/terraform, "Backend block":
/// the default is `local`).
pub(super) fn of<'a>(stacks: &'a Stacks<'a>, module: &'a Module<'a>) -> Option<CloudResource> {
    let settings = module.settings.iter();
    let backend =
        settings.clone().find_map(|s| Some((s.file, s.node.get("backend").filter(|b| b.is_map())?)));
    let cloud = settings.clone().find_map(|s| Some((s.file, s.node.get("cloud")?)));
    let creates = !module.resources.is_empty() || !module.calls.is_empty();
    let root = module.callers.is_empty() && creates && !module.providers.is_empty();
    if module.tool != "terraform" || !(root || backend.is_some() || cloud.is_some()) {
        return None;
    }
    let (at, kind) = match (backend, cloud) {
        (Some((file, node)), _) => {
            let kind = node.entries().first().map_or("", |e| e.key.as_str());
            (At { node, file }, kind)
        }
        (None, Some((file, node))) => (At { node, file }, "cloud"),
        (None, None) => (module.settings.first().or(module.providers.first()).copied()?, "local"),
    };
    let resource = Resource { type_name: "terraform_backend", name: kind, at };
    let mut m = Maker::new(stacks, module, &resource, "terraform", CloudCategory::State);
    let line = at.node.line.max(1);
    m.fact.line = line;
    // `local` is the name of a backend here, and says nothing of what the stack is for.
    m.fact.environment = module.environment;
    m.fact.remote = match (kind, backend.is_some() || cloud.is_some()) {
        ("local", false) if module.generated => {
            m.unknown("remote", "another tool writes the part that says where the state is")
        }
        ("local", _) => {
            m.evidence("remote", line, "the state is a file on the machine that runs Terraform");
            Answer::No
        }
        _ => {
            m.evidence("remote", line, &format!("the state is kept in `{kind}`"));
            Answer::Yes
        }
    };
    Some(m.fact)
}

/// The source of a module call, without its version.
pub(super) fn source(call: &Node) -> &str {
    let source = call.get("source").and_then(Node::text).unwrap_or_default();
    source.trim_start_matches("registry.terraform.io/").split(['?']).next().unwrap_or(source)
}
