use super::{add, own};
use crate::facts::config::{Node, toml};
use crate::facts::kinds::Answer;
use crate::facts::notes::FileNotes;
use crate::source::File;

const ONE_VERSION: &[(&str, &str)] = &[
    (".nvmrc", "node"),
    (".node-version", "node"),
    (".python-version", "python"),
    (".ruby-version", "ruby"),
    (".php-version", "php"),
    (".go-version", "go"),
    (".java-version", "java"),
    (".bun-version", "bun"),
    (".dvmrc", "deno"),
];

pub(super) fn wants(file: &File) -> bool {
    let name = file.name();
    own(file)
        && (ONE_VERSION.iter().any(|(n, _)| *n == name)
            || matches!(name, ".tool-versions" | "mise.toml" | ".mise.toml" | "runtime.txt"))
}

/// Which platform takes these files, the repository may not say: a join does, where it does.
pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let name = file.name();
    if let Some((_, language)) = ONE_VERSION.iter().find(|(n, _)| *n == name) {
        let first =
            text.lines().zip(1_u32..).find(|(l, _)| !l.trim().is_empty() && !l.trim().starts_with('#'));
        if let Some((line, number)) = first {
            let version = line.trim().trim_start_matches("ruby-");
            add(notes, file, (language, version), number, "version-file", Answer::Unknown);
        }
    } else if name == ".tool-versions" {
        for (line, number) in text.lines().zip(1_u32..).take(200) {
            let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
            if let (Some(tool), Some(version)) = (words.next(), words.next()) {
                add(notes, file, (tool_language(tool), version), number, "version-file", Answer::Unknown);
            }
        }
    } else if name == "runtime.txt" {
        // Heroku's and Streamlit's; both run what it says.
        if let Some((language, version)) = text.trim().split_once('-') {
            add(notes, file, (language, version), 1, "platform", Answer::Yes);
        }
    } else if let Ok(root) = toml(text) {
        for entry in root.get("tools").map(Node::entries).unwrap_or_default() {
            let node = &entry.node;
            let version = node
                .get("version")
                .map(Node::scalar)
                .or_else(|| node.texts().into_iter().next().map(|(t, _)| t))
                .unwrap_or_default();
            let language = tool_language(&entry.key);
            add(notes, file, (language, &version), node.line, "version-file", Answer::Unknown);
        }
    }
}

/// What asdf and mise call the tool.
fn tool_language(tool: &str) -> &str {
    match tool {
        "nodejs" => "node",
        "golang" => "go",
        other => other,
    }
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
    fn files_of_version_managers() {
        assert_eq!(found(".nvmrc", "\nv18.19.0\n"), ["2 node 18"]);
        assert_eq!(found("api/.python-version", "3.9\n"), ["1 python 3.9"]);
        assert_eq!(found(".tool-versions", "# x\nnodejs 20.1.0\nterraform 1.5\n"), ["2 node 20"]);
        assert_eq!(
            found("mise.toml", "[tools]\nnode = \"22\"\npython = [\"3.12\", \"3.9\"]\n"),
            ["2 node 22", "3 python 3.12"]
        );
        assert_eq!(found("runtime.txt", "python-3.9.18\n"), ["1 python 3.9"]);
        assert_eq!(found(".nvmrc", "lts/*"), ["1 node "], "a version that names no line");
        assert!(found(".nvmrc", "").is_empty());
    }
}
