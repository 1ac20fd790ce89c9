use super::add;
use crate::facts::config::{Node, json, toml, yaml};
use crate::facts::notes::FileNotes;
use crate::source::{File, Role};

/// Deployment and CI files that set or name variables.
pub(super) fn wants(file: &File) -> bool {
    let name = file.name();
    let yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    matches!(file.role, Role::Product | Role::Test)
        && file.size < 500_000
        && (is_compose(name)
            || (yaml && file.folder().ends_with(".github/workflows"))
            || matches!(
                name,
                "render.yaml" | "apphosting.yaml" | "app.yaml" | "fly.toml" | "netlify.toml" | "app.json"
            )
            || matches!(
                name,
                "wrangler.toml" | "wrangler.json" | "wrangler.jsonc" | "vercel.json" | "turbo.json"
            ))
}

fn is_compose(name: &str) -> bool {
    (name.contains("compose")) && (name.ends_with(".yml") || name.ends_with(".yaml"))
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let parsed = match &*file.extension() {
        "toml" => toml(text),
        "json" | "jsonc" => json(text),
        _ => yaml(text),
    };
    if let Ok(root) = parsed {
        walk(&root, notes, 0);
    }
    // `${{ secrets.X }}` and `${X}` in the values of a workflow or compose file.
    if file.extension().starts_with('y') {
        for (number, line) in (1_u32..).zip(text.lines()) {
            references(line, number, notes);
        }
    }
}

/// Every map or list below a key that holds variables.
fn walk(node: &Node, notes: &mut FileNotes, depth: u32) {
    if depth > 20 {
        return;
    }
    for entry in node.entries() {
        let holds = matches!(
            entry.key.as_str(),
            "environment"
                | "env"
                | "envVars"
                | "env_variables"
                | "vars"
                | "build_args"
                | "globalEnv"
                | "passThroughEnv"
        );
        if holds {
            variables(&entry.node, notes);
        }
        walk(&entry.node, notes, depth + 1);
    }
    for item in node.list() {
        walk(item, notes, depth + 1);
    }
}

fn variables(node: &Node, notes: &mut FileNotes) {
    for entry in node.entries() {
        add(notes, &entry.key, entry.node.line, false);
    }
    for item in node.list() {
        // `- NAME=value`, `- NAME`, `- key: NAME`, `- variable: NAME`.
        let named = ["key", "variable", "name"].iter().find_map(|key| item.get(key)).map(Node::scalar);
        let text = named.unwrap_or_else(|| item.scalar());
        add(notes, text.split(['=', ':']).next().unwrap_or_default().trim(), item.line, false);
    }
}

fn references(line: &str, number: u32, notes: &mut FileNotes) {
    for mark in ["secrets.", "vars.", "${"] {
        let mut rest = line;
        while let Some(at) = rest.find(mark) {
            rest = &rest[at + mark.len()..];
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            let name = &rest[..end];
            if name.len() > 2 && name == name.to_ascii_uppercase() {
                add(notes, name, number, false);
            }
        }
    }
}

pub(super) fn wants_docker(file: &File) -> bool {
    let name = file.name();
    (name.starts_with("Dockerfile") || name.ends_with(".Dockerfile") || name == "Containerfile")
        && file.size < 200_000
}

pub(super) fn read_docker(_file: &File, text: &str, notes: &mut FileNotes) {
    for (number, line) in (1_u32..).zip(text.lines()) {
        let mut words = line.split_whitespace();
        let Some(word) = words.next() else { continue };
        if word.eq_ignore_ascii_case("ENV") || word.eq_ignore_ascii_case("ARG") {
            for word in words {
                let name = word.split('=').next().unwrap_or_default();
                if name == name.to_ascii_uppercase() {
                    add(notes, name, number, false);
                }
                // `ENV NAME value` has one name only.
                if !word.contains('=') {
                    break;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compose_and_render() {
        let mut notes = FileNotes::default();
        let text = "services:\n  a:\n    environment:\n      - A_KEY=1\n      - B_KEY\n  b:\n    environment:\n      C_KEY: ${D_KEY:-x}\n";
        walk(&yaml(text).unwrap(), &mut notes, 0);
        (1..).zip(text.lines()).for_each(|(n, l)| references(l, n, &mut notes));
        let names: Vec<(&str, u32)> = notes.env.iter().map(|e| (e.name.as_str(), e.line)).collect();
        assert_eq!(names, [("A_KEY", 4), ("B_KEY", 5), ("C_KEY", 8), ("D_KEY", 8)]);
        let mut notes = FileNotes::default();
        walk(&yaml("services:\n- envVars:\n  - key: E_KEY\n    sync: false\n").unwrap(), &mut notes, 0);
        assert_eq!(notes.env[0].name, "E_KEY");
    }
}
