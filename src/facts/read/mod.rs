//! Reading: every file once, in parallel. A reader is a pure function from a file's text to notes.

pub mod backups;
pub mod deploy;
mod documents;
pub mod env;
mod gitignore;
mod imports;
mod infra;
pub mod json;
pub mod lockfile;
pub mod manifest;
pub mod notable;
mod schema;
mod services;
pub mod settings;
pub mod test_files;
#[cfg(test)]
pub mod testing;
pub mod workflow;

use rayon::prelude::*;

use super::{FileNotes, Reading, Search};
use crate::source::{File, Skip, Tree};

/// One reader: which files it wants, and what it says of them.
pub struct Reader {
    /// Its name, for docs and errors.
    pub name: &'static str,
    /// Whether it wants the text of this file.
    pub wants: fn(&File) -> bool,
    /// Says what it sees.
    pub read: fn(&File, &str, &mut FileNotes),
}

/// Every reader. The order does not matter: no reader looks at another's notes.
pub static READERS: &[&[Reader]] = &[
    manifest::READERS,
    lockfile::READERS,
    imports::READERS,
    schema::READERS,
    services::READERS,
    documents::READERS,
    gitignore::READERS,
    notable::READERS,
    test_files::READERS,
    workflow::READERS,
    deploy::READERS,
    backups::READERS,
    infra::READERS,
    env::READERS,
    settings::READERS,
];

/// Runs every reader over every file that one of them wants.
pub fn all(tree: &Tree, _search: &Search) -> (Vec<FileNotes>, Reading) {
    let mut reading = Reading::default();
    let outcomes: Vec<Option<Outcome>> = tree.files().par_iter().map(|file| one(tree, file)).collect();
    let mut notes = Vec::new();
    for outcome in outcomes {
        match outcome {
            None => reading.unwanted += 1,
            Some(Outcome::Skipped(skip)) => reading.skipped.push(skip),
            Some(Outcome::Read { notes: said, bytes, lossy }) => {
                reading.read += 1;
                reading.bytes += bytes;
                if lossy {
                    reading.lossy.push(said.path.clone());
                }
                if let Some(problem) = &said.broken {
                    reading.broken.push((said.path.clone(), problem.clone()));
                }
                notes.push(*said);
            }
        }
    }
    (notes, reading)
}

enum Outcome {
    Skipped(Skip),
    Read { notes: Box<FileNotes>, bytes: u64, lossy: bool },
}

fn one(tree: &Tree, file: &File) -> Option<Outcome> {
    let readers: Vec<&Reader> =
        READERS.iter().copied().flatten().filter(|reader| (reader.wants)(file)).collect();
    if readers.is_empty() {
        return None;
    }
    let text = match tree.read(file) {
        Ok(text) => text,
        Err(reason) => return Some(Outcome::Skipped(Skip { path: file.path.clone(), reason })),
    };
    let mut notes = Box::new(FileNotes { path: file.path.clone(), ..FileNotes::default() });
    for reader in readers {
        (reader.read)(file, &text.text, &mut notes);
    }
    Some(Outcome::Read { notes, bytes: text.text.len() as u64, lossy: text.lossy })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// One name for each reader; what the file holds is up to chance.
    const NAMES: [&str; 29] = [
        "package.json",
        "pnpm-workspace.yaml",
        "deno.jsonc",
        "pyproject.toml",
        "Pipfile",
        "requirements.txt",
        "Cargo.toml",
        "Gemfile",
        "package-lock.json",
        "pnpm-lock.yaml",
        "yarn.lock",
        "bun.lock",
        "uv.lock",
        "Pipfile.lock",
        "deno.lock",
        "a.ts",
        "a.vue",
        "a.py",
        "a.sql",
        "README.md",
        ".env",
        "tatus",
        "a.tf",
        "a.tf.json",
        "a.tfvars",
        "Pulumi.yaml",
        "k8s.yaml",
        "kustomization.yaml",
        "Chart.yaml",
    ];

    /// Pieces that formats are made of, so that chance reaches deeper than the first character.
    fn text() -> impl Strategy<Value = String> {
        let pieces = prop::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            "\"",
            "'",
            "`",
            "${",
            ":",
            ",",
            "\n",
            "  ",
            "=",
            "@",
            "/",
            "//",
            "/*",
            "*/",
            "#",
            "\\",
            "é",
            "dependencies",
            "packages",
            "importers",
            "[project]",
            "[[package]]",
            "name",
            "version",
            "import ",
            "from ",
            "require(",
            "\"\"\"",
            "<script>",
            "---",
            "COPY x FROM stdin;",
            "INSERT INTO",
            "lockfileVersion",
            "^1.2.3",
            "npm:",
            "\0",
            "<<<<<<<",
            "resource \"aws_db_instance\" \"a\" {\n",
            "apiVersion: v1\nkind: ",
            "Deployment\n",
            "spec:\n",
            "runtime: yaml\n",
            "resources:\n",
            "<<EOT\n",
            " ? ",
        ]);
        prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

        #[test]
        fn no_text_makes_a_reader_panic(text in text()) {
            let folder = tempfile::tempdir().expect("a temporary folder");
            for name in NAMES {
                std::fs::write(folder.path().join(name), &text).expect("a file");
            }
            let tree = Tree::working(folder.path(), &[]).expect("a tree");
            all(&tree, &Search::default());
        }
    }
}
