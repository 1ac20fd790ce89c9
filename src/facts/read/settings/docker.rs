use super::{Seen, add, development_path};
use crate::facts::notes::FileNotes;
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    let name = file.name();
    name.starts_with("Dockerfile") || name.ends_with(".Dockerfile") || name == "Containerfile"
}

/// `ENV NODE_ENV=development` and the like in an image.
pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    for (number, line) in (1_u32..).zip(text.lines()) {
        let Some(rest) = line.trim_start().strip_prefix("ENV ") else { continue };
        for (key, bad) in [
            ("NODE_ENV", "development"),
            ("FLASK_DEBUG", "1"),
            ("FLASK_ENV", "development"),
            ("DJANGO_DEBUG", "True"),
            ("NODE_TLS_REJECT_UNAUTHORIZED", "0"),
        ] {
            let spaced = format!("{key} {bad}");
            let joined = format!("{key}={bad}");
            let set = rest.trim() == spaced
                || rest.split_whitespace().any(|word| word.replace(['"', '\''], "") == joined);
            if set {
                let production = !development_path(&file.path);
                let says = "the image runs with a development setting";
                add(file, notes, &Seen { tool: "docker", key, value: bad, production, line: number, says });
            }
        }
    }
}
