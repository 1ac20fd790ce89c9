use super::add;
use crate::facts::notes::FileNotes;
use crate::source::File;

/// `.env`, `.env.local`, `.env.example`, `env.example`, `example.env`, `.dev.vars`.
pub(super) fn wants(file: &File) -> bool {
    let name = file.name();
    let env = name == ".env"
        || name.starts_with(".env.")
        || name.ends_with(".env")
        || name.starts_with(".dev.vars")
        || ["env.example", "env.sample", "env.template", "dotenv.example"].contains(&name);
    env && file.size < 200_000
}

pub(super) fn read(_file: &File, text: &str, notes: &mut FileNotes) {
    for (number, line) in (1_u32..).zip(text.lines()) {
        // A variable that is commented out is declared all the same: `# SENTRY_DSN=`.
        let line = line.trim().trim_start_matches(['#', ' ']);
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((name, _)) = line.split_once('=') else { continue };
        add(notes, name.trim(), number, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_without_values() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".env"), "x").unwrap();
        let tree = crate::source::Tree::working(folder.path(), &[]).unwrap();
        let mut notes = FileNotes::default();
        read(
            &tree.files()[0],
            "A_KEY=x=y\n# B_KEY=\nexport C_KEY = 1\n# see a = b c\nnot a line\n",
            &mut notes,
        );
        let names: Vec<(&str, u32)> = notes.env.iter().map(|e| (e.name.as_str(), e.line)).collect();
        assert_eq!(names, [("A_KEY", 1), ("B_KEY", 2), ("C_KEY", 3)]);
    }
}
