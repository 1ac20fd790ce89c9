//! Infrastructure code put together: the files of a folder are one module, and modules call each other.

use std::collections::{BTreeMap, BTreeSet};

use super::environment;
use crate::facts::config::{Expression, Node, Value};
use crate::facts::kinds::Environment;
use crate::facts::notes::{FileNotes, InfraKind};

/// More resources than anybody keeps in one repository.
const MAX_RESOURCES: usize = 20_000;

/// Something and the file it stands in.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) node: &'a Node,
    pub(super) file: &'a str,
}

/// A block with a type and a name.
pub(super) struct Resource<'a> {
    pub(super) type_name: &'a str,
    pub(super) name: &'a str,
    pub(super) at: At<'a>,
}

/// The files of one folder.
#[derive(Default)]
pub(super) struct Module<'a> {
    pub(super) folder: String,
    /// `terraform` or `pulumi`.
    pub(super) tool: &'static str,
    pub(super) resources: Vec<Resource<'a>>,
    pub(super) data: Vec<Resource<'a>>,
    /// Blocks `module "name" { … }`.
    pub(super) calls: Vec<(&'a str, At<'a>)>,
    pub(super) variables: BTreeMap<&'a str, At<'a>>,
    pub(super) locals: BTreeMap<&'a str, At<'a>>,
    /// Blocks `terraform { … }`.
    pub(super) settings: Vec<At<'a>>,
    pub(super) providers: Vec<At<'a>>,
    /// Files of values: what they are for, whether they are always taken, what they set.
    pub(super) values: Vec<(Environment, bool, At<'a>)>,
    pub(super) environment: Environment,
    /// Who calls it: the folder, and the block.
    pub(super) callers: Vec<(String, At<'a>)>,
    /// Something else writes a part of it.
    pub(super) generated: bool,
    /// Which resources refer to another in an attribute of their own: by the other's `type.name`, their places in
    /// [`Module::resources`].
    referring: BTreeMap<String, Vec<usize>>,
    /// Types of resources of which one refers to no other resource of the module.
    strays: BTreeSet<&'a str>,
}

/// Every module of the repository, by folder.
#[derive(Default)]
pub(super) struct Stacks<'a> {
    pub(super) modules: BTreeMap<String, Module<'a>>,
}

impl<'a> Stacks<'a> {
    pub(super) fn of(notes: &'a [FileNotes]) -> Self {
        let mut stacks = Stacks::default();
        let mut left = MAX_RESOURCES;
        for note in notes {
            let Some(infra) = &note.infra else { continue };
            let tool = match infra.kind {
                InfraKind::Terraform => "terraform",
                InfraKind::Pulumi => "pulumi",
                _ => continue,
            };
            let folder = folder(&note.path);
            let module = stacks.modules.entry(folder.to_owned()).or_default();
            folder.clone_into(&mut module.folder);
            module.tool = tool;
            module.add(At { node: &infra.root, file: &note.path }, &mut left);
        }
        stacks.values(notes);
        stacks.calls();
        stacks
    }

    /// Values belong to the module beside them, else to the nearest one above.
    fn values(&mut self, notes: &'a [FileNotes]) {
        for note in notes {
            let Some(infra) = &note.infra else { continue };
            let own = folder(&note.path);
            match infra.kind {
                InfraKind::TerraformValues | InfraKind::PulumiStack => {}
                InfraKind::Generator => {
                    // It may call modules from anywhere.
                    self.modules.values_mut().for_each(|module| module.generated = true);
                    continue;
                }
                _ => continue,
            }
            let above = std::iter::successors(Some(own), |f| (!f.is_empty()).then(|| folder(f)));
            let Some(found) = above.into_iter().find(|f| self.modules.contains_key(*f)) else { continue };
            let found = found.to_owned();
            let Some(module) = self.modules.get_mut(&found) else { continue };
            let name = note.path.rsplit('/').next().unwrap_or(&note.path);
            let always =
                own == found && (name.starts_with("terraform.tfvars") || name.contains(".auto.tfvars"));
            let said = note.path.strip_prefix(&found).unwrap_or(&note.path);
            let environment = environment::of_name(said.trim_end_matches(".json"));
            module.values.push((environment, always, At { node: &infra.root, file: &note.path }));
        }
    }

    fn calls(&mut self) {
        let mut callers: Vec<(String, String, At<'a>)> = Vec::new();
        for (folder, module) in &self.modules {
            for (_, call) in &module.calls {
                let source = call.node.get("source").and_then(Node::text).unwrap_or_default();
                if source.starts_with("./") || source.starts_with("../") {
                    callers.push((join(folder, source), folder.clone(), *call));
                }
            }
        }
        for (called, caller, at) in callers {
            if let Some(module) = self.modules.get_mut(&called).filter(|m| m.callers.len() < 20) {
                module.callers.push((caller, at));
            }
        }
        for module in self.modules.values_mut() {
            module.environment = environment::of_name(&module.folder);
            module.index();
        }
        let told: Vec<(String, Environment)> =
            self.modules.keys().map(|folder| (folder.clone(), self.environment(folder))).collect();
        for (folder, environment) in told {
            if let Some(module) = self.modules.get_mut(&folder) {
                module.environment = environment;
            }
        }
    }

    /// What a module is for: what its own path says, else what all its callers agree on.
    fn environment(&self, folder: &str) -> Environment {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut found: BTreeSet<Environment> = BTreeSet::new();
        let mut todo = vec![folder];
        while let Some(folder) = todo.pop() {
            let Some(module) = self.modules.get(folder).filter(|_| seen.insert(folder)) else { continue };
            if module.environment != Environment::Unknown || module.callers.is_empty() {
                found.insert(module.environment);
            }
            if module.environment == Environment::Unknown {
                todo.extend(module.callers.iter().map(|(caller, _)| caller.as_str()));
            }
        }
        // In the order of the enumeration: production, staging, development, unknown.
        let unknown = found.contains(&Environment::Unknown);
        match found.first() {
            Some(Environment::Production) => Environment::Production,
            Some(first) if !unknown => *first,
            _ => Environment::Unknown,
        }
    }
}

impl<'a> Module<'a> {
    /// Whether it is built as far as the repository shows. A module that is kept for others to call, and that nobody calls, is
    /// not; another tool may call it, though.
    pub(super) fn is_applied(&self) -> bool {
        let kept_for_others = self.folder.split('/').any(|part| matches!(part, "modules" | "module"));
        !kept_for_others || !self.callers.is_empty() || self.generated
    }

    fn index(&mut self) {
        let known: BTreeSet<String> =
            self.resources.iter().map(|r| format!("{}.{}", r.type_name, r.name)).collect();
        for (place, resource) in self.resources.iter().enumerate() {
            let mut named = BTreeSet::new();
            for entry in resource.at.node.entries() {
                references(&entry.node, &mut named);
            }
            if !named.iter().any(|other| known.contains(other)) {
                self.strays.insert(resource.type_name);
            }
            for other in named {
                self.referring.entry(other).or_default().push(place);
            }
        }
    }

    /// Resources of this type that refer to `resource`.
    pub(super) fn companions<'m>(
        &'m self,
        type_name: &'m str,
        resource: &Resource<'_>,
    ) -> impl Iterator<Item = &'m Resource<'a>> {
        let places = self.referring.get(&format!("{}.{}", resource.type_name, resource.name));
        let found = places.into_iter().flatten().filter_map(|place| self.resources.get(*place));
        found.filter(move |r| r.type_name == type_name)
    }

    /// Whether a resource of this type is about nothing of the module, or about something that is not told.
    pub(super) fn has_strays(&self, type_name: &str) -> bool {
        self.strays.contains(type_name)
    }

    fn add(&mut self, root: At<'a>, left: &mut usize) {
        let At { file, .. } = root;
        for entry in root.node.entries() {
            match entry.key.as_str() {
                "resource" | "data" => {
                    for (kind, named) in each(&entry.node) {
                        for (name, node) in each(named) {
                            *left = left.saturating_sub(1);
                            if *left == 0 {
                                return;
                            }
                            let into = if entry.key == "data" { &mut self.data } else { &mut self.resources };
                            into.push(Resource { type_name: kind, name, at: At { node, file } });
                        }
                    }
                }
                "module" => {
                    self.calls.extend(each(&entry.node).map(|(name, node)| (name, At { node, file })));
                }
                "variable" => {
                    self.variables.extend(each(&entry.node).map(|(name, node)| (name, At { node, file })));
                }
                "locals" => {
                    self.locals.extend(each(&entry.node).map(|(name, node)| (name, At { node, file })));
                }
                "terraform" => self.settings.push(At { node: &entry.node, file }),
                "provider" => self.providers.push(At { node: &entry.node, file }),
                _ => {}
            }
        }
    }
}

/// The entries of a map, or of every map of a list, as the JSON form writes repeated blocks.
fn each(node: &Node) -> impl Iterator<Item = (&str, &Node)> {
    let maps = std::iter::once(node).chain(node.list());
    maps.flat_map(Node::entries).map(|e| (e.key.as_str(), &e.node))
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// `../modules/db` as seen from `infra/prod`.
fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

/// What a value refers to, as `type.name`.
fn references(node: &Node, into: &mut BTreeSet<String>) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| references(item, into)),
        Value::Expression(expression) => match expression.as_ref() {
            Expression::Reference(path) => {
                let mut parts = path.splitn(3, '.');
                if let (Some(kind), Some(name)) = (parts.next(), parts.next()) {
                    into.insert(format!("{kind}.{name}"));
                }
            }
            Expression::Template(nodes) | Expression::Call { arguments: nodes, .. } => {
                nodes.iter().for_each(|node| references(node, into));
            }
            Expression::Choice { then, or, .. } => [then, or].iter().for_each(|n| references(n, into)),
            Expression::Equal { .. } | Expression::Other => {}
        },
        _ => {}
    }
}
