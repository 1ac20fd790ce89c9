use super::{add, own};
use crate::facts::config::{Node, json, toml};
use crate::facts::kinds::Answer;
use crate::facts::notes::FileNotes;
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    own(file) && matches!(file.name(), "package.json" | "pyproject.toml")
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    if file.name() == "package.json" {
        // Nearly every manifest has no engines: not worth a parse.
        if !text.contains("\"engines\"") {
            return;
        }
        let Ok(root) = json(text) else { return };
        for language in ["node", "bun"] {
            if let Some(version) = root.at(&["engines", language]) {
                let pair = (language, version.scalar());
                add(notes, file, (pair.0, &pair.1), version.line, "manifest", Answer::Unknown);
            }
        }
        return;
    }
    let Ok(root) = toml(text) else { return };
    let asked = root
        .at(&["project", "requires-python"])
        .or_else(|| root.at(&["tool", "poetry", "dependencies", "python"]))
        .filter(|node| node.text().is_some());
    if let Some(version) = asked {
        let text: String = Node::scalar(version);
        add(notes, file, ("python", &text), version.line, "manifest", Answer::Unknown);
    }
}
