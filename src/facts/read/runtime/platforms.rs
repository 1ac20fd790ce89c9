use super::{add, of_cloud, own};
use crate::facts::config::{Node, json, toml, yaml};
use crate::facts::kinds::Answer;
use crate::facts::notes::FileNotes;
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    let name = file.name();
    own(file)
        && (matches!(
            name,
            "netlify.toml"
                | "firebase.json"
                | "render.yaml"
                | "render.yml"
                | "app.yaml"
                | "app.yml"
                | "serverless.yml"
                | "serverless.yaml"
                | "template.yaml"
                | "template.yml"
        ))
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    match file.name() {
        "netlify.toml" => {
            let Ok(root) = toml(text) else { return };
            variables(file, root.at(&["build", "environment"]), notes);
        }
        "firebase.json" => {
            let Ok(root) = json(text) else { return };
            let Some(functions) = root.get("functions") else { return };
            let several = functions.list().iter();
            for runtime in several.chain([functions]).filter_map(|f| f.get("runtime")) {
                cloud(file, runtime, notes);
            }
        }
        "render.yaml" | "render.yml" => {
            let Ok(root) = yaml(text) else { return };
            for service in root.get("services").map(Node::list).unwrap_or_default() {
                for variable in service.get("envVars").map(Node::list).unwrap_or_default() {
                    let key = variable.get("key").map(Node::scalar).unwrap_or_default();
                    if let Some(value) = variable.get("value") {
                        version(file, &key, value, notes);
                    }
                }
            }
        }
        _ => {
            // Other tools have files of these names: only a function or a runtime of a cloud counts.
            let Ok(root) = yaml(text) else { return };
            let functions = root.get("functions").map(Node::entries).unwrap_or_default();
            let resources = root.get("Resources").map(Node::entries).unwrap_or_default();
            let own = functions.iter().filter_map(|f| f.node.get("runtime"));
            let lambdas = resources.iter().filter_map(|r| r.node.at(&["Properties", "Runtime"]));
            let whole = [
                root.get("runtime"),
                root.at(&["provider", "runtime"]),
                root.at(&["Globals", "Function", "Runtime"]),
            ];
            for runtime in whole.into_iter().flatten().chain(own).chain(lambdas) {
                cloud(file, runtime, notes);
            }
        }
    }
}

fn cloud(file: &File, runtime: &Node, notes: &mut FileNotes) {
    if let Some((language, version)) = of_cloud(&runtime.scalar()) {
        add(notes, file, (language, &version), runtime.line, "platform", Answer::Yes);
    }
}

fn variables(file: &File, environment: Option<&Node>, notes: &mut FileNotes) {
    for entry in environment.map(Node::entries).unwrap_or_default() {
        version(file, &entry.key, &entry.node, notes);
    }
}

/// `NODE_VERSION` and `PYTHON_VERSION` of Netlify and Render.
fn version(file: &File, key: &str, value: &Node, notes: &mut FileNotes) {
    let language = match key {
        "NODE_VERSION" => "node",
        "PYTHON_VERSION" => "python",
        "RUBY_VERSION" => "ruby",
        "GO_VERSION" => "go",
        _ => return,
    };
    add(notes, file, (language, &value.scalar()), value.line, "platform", Answer::Yes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::read::testing::file;

    fn found(path: &str, text: &str) -> Vec<String> {
        let mut notes = FileNotes::default();
        read(&file(path), text, &mut notes);
        notes.runtimes.iter().map(|r| format!("{} {} {}", r.line, r.language, r.cycle)).collect()
    }

    #[test]
    fn platforms_that_name_a_runtime() {
        assert_eq!(found("netlify.toml", "[build.environment]\nNODE_VERSION = \"18\"\n"), ["2 node 18"]);
        assert_eq!(found("firebase.json", r#"{"functions": [{"runtime": "nodejs18"}]}"#), ["1 node 18"]);
        assert_eq!(found("app.yaml", "runtime: python39\n"), ["1 python 3.9"]);
        assert_eq!(found("app.yaml", "runtime: custom\n"), Vec::<String>::new());
        let lambda = "Resources:\n  A:\n    Properties:\n      Runtime: nodejs16.x\n";
        assert_eq!(found("template.yaml", lambda), ["4 node 16"]);
        let framework = "provider:\n  runtime: python3.12\nfunctions:\n  a:\n    handler: x\n";
        assert_eq!(found("serverless.yml", framework), ["2 python 3.12"]);
        let render = "services:\n- envVars:\n  - key: PYTHON_VERSION\n    value: 3.11.4\n";
        assert_eq!(found("render.yaml", render), ["4 python 3.11"]);
    }
}
