//! Reading: every file once, in parallel. A reader is a pure function from a file's text to notes.

pub mod backups;
pub mod code;
mod comments;
pub mod deploy;
pub mod documents;
pub mod env;
pub mod firebase;
mod gitignore;
mod imports;
mod infra;
pub mod json;
pub mod lockfile;
pub mod manifest;
mod models;
pub mod notable;
mod roles;
pub mod runtime;
mod scanning;
pub mod schema;
mod secrets;
mod services;
pub mod settings;
mod sql;
pub mod suppressions;
pub mod test_files;
#[cfg(test)]
pub mod testing;
pub mod workflow;

use std::collections::BTreeMap;

use rayon::prelude::*;

use code::Parsed;

use super::search::Found;
use super::{Extent, FileNotes, Reading, Search};
use crate::caught::{caught, survivors};
use crate::secrets::Class;
use crate::source::{File, Skip, SkipReason, Tree};

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
    firebase::READERS,
    services::READERS,
    sql::READERS,
    documents::READERS,
    gitignore::READERS,
    scanning::READERS,
    notable::READERS,
    test_files::READERS,
    workflow::READERS,
    deploy::READERS,
    backups::READERS,
    infra::READERS,
    env::READERS,
    settings::READERS,
    runtime::READERS,
    code::READERS,
];

/// What is read only where routes are asked for.
static ROUTE_READERS: &[&[Reader]] = &[roles::READERS, models::READERS];

/// Runs every reader over every file that one of them wants.
pub fn all(readers: &[&[Reader]], tree: &Tree, search: &Search) -> (Vec<FileNotes>, Reading) {
    each(readers, &[tree], search, (Parsed::All, Extent::Whole)).pop().unwrap_or_default()
}

/// The same for several trees of one repository. A file of the first tree that another one has as well is read once:
/// files that are equal hold the same bytes. `parsed`: what of the code is parsed, where something in it may answer
/// requests. `extent`: readers that have nothing to say to what is asked for don't read.
pub fn each(
    readers: &[&[Reader]],
    trees: &[&Tree],
    search: &Search,
    (parsed, extent): (Parsed, Extent),
) -> Vec<(Vec<FileNotes>, Reading)> {
    let of_routes = (parsed == Parsed::All).then_some(ROUTE_READERS);
    let readers = readers.iter().chain(of_routes.into_iter().flatten()).copied().flatten();
    let readers: Vec<(&Reader, bool)> = readers.map(|reader| (reader, extent.reads(reader))).collect();
    let possible = parsed != Parsed::Nothing && caught(|| code::possible(trees)).unwrap_or(true);
    let at_once = possible && parsed == Parsed::All;
    let first = trees.first().copied();
    let known = |tree: usize, file: &File| {
        let twin = first.filter(|_| tree > 0)?.position(&file.path)?;
        (first?.files().get(twin) == Some(file)).then_some(twin)
    };
    // Where the outcome of each file of each tree comes from: its own reading, or that of the first tree.
    let twins: Vec<Vec<Option<usize>>> = trees
        .iter()
        .enumerate()
        .map(|(i, tree)| tree.files().iter().map(|file| known(i, file)).collect())
        .collect();
    let wanted: Vec<(&Tree, &File)> = trees
        .iter()
        .zip(&twins)
        .flat_map(|(tree, twins)| tree.files().iter().zip(twins).map(move |(file, twin)| (tree, file, twin)))
        .filter(|(_, _, twin)| twin.is_none())
        .map(|(tree, file, _)| (*tree, file))
        .collect();
    let mut of_first: Vec<Option<Outcome>> =
        wanted.par_iter().map(|(tree, file)| one(&readers, tree, file, search, (parsed, at_once))).collect();
    let mut own = of_first.split_off(first.map_or(0, |tree| tree.files().len())).into_iter();
    let mut of_others: Vec<(Vec<FileNotes>, Reading)> = Vec::new();
    for twins in twins.iter().skip(1) {
        of_others.push(gather(
            search,
            twins.iter().map(|twin| match twin {
                Some(twin) => of_first.get(*twin).cloned().flatten(),
                None => own.next().flatten(),
            }),
        ));
    }
    let mut all: Vec<(Vec<FileNotes>, Reading)> =
        first.map(|_| gather(search, of_first.into_iter())).into_iter().chain(of_others).collect();
    if parsed != Parsed::Nothing && !at_once {
        for (tree, (notes, reading)) in trees.iter().zip(&mut all) {
            code::read_later(tree, notes, reading, parsed, possible);
        }
    }
    all
}

/// Puts the outcomes of a tree's files together, in the order of the tree.
fn gather(search: &Search, outcomes: impl Iterator<Item = Option<Outcome>>) -> (Vec<FileNotes>, Reading) {
    let mut reading = Reading::default();
    let mut notes = Vec::new();
    let mut failures = Failures::new();
    for outcome in outcomes {
        match outcome {
            None => reading.unwanted += 1,
            Some(Outcome::Skipped(skip)) => reading.skipped.push(skip),
            Some(Outcome::Searched { notes: said, skipped, failed }) => {
                match skipped {
                    Some(skip) => reading.skipped.push(skip),
                    None => reading.unwanted += 1,
                }
                for (reader, at) in failed {
                    failures.entry((reader, at)).or_default().push(said.path.clone());
                }
                notes.push(*said);
            }
            Some(Outcome::Read { notes: said, bytes, lossy, looked, cut, failed }) => {
                for (body, near) in looked {
                    let searched = reading.searched.entry(search.rule(body).to_owned()).or_default();
                    searched.files += 1;
                    searched.near += u32::from(near);
                }
                reading.unsearched.extend(cut);
                reading.read += 1;
                for (reader, at) in failed {
                    failures.entry((reader, at)).or_default().push(said.path.clone());
                }
                reading.bytes += bytes;
                if lossy {
                    reading.lossy.push(said.path.clone());
                }
                if let Some(problem) = &said.broken {
                    reading.broken.push((said.path.clone(), problem.clone()));
                }
                reading.suppressions.extend(said.suppressions.iter().cloned());
                notes.push(*said);
            }
        }
    }
    reading.failures = failures.iter().map(|((reader, at), files)| failure(reader, at, files)).collect();
    (notes, reading)
}

/// Files on which a reader panicked, by the reader and by where in the source code.
type Failures = BTreeMap<(&'static str, String), Vec<String>>;

/// One sentence for each bug, not one for each file: a bug may hit thousands.
fn failure(reader: &str, at: &str, files: &[String]) -> String {
    let named = files.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    let more = if files.len() > 3 { format!(" and {}", more(files.len() - 3)) } else { String::new() };
    format!(
        "The reader \u{201c}{reader}\u{201d} failed on {named}{more}{at}, which is a bug in vibecheck. What it would \
         say is missing, and whatever seems to be absent may be there."
    )
}

fn more(n: usize) -> String {
    if n == 1 { "1 more file".to_owned() } else { format!("{n} more files") }
}

#[derive(Clone)]
enum Outcome {
    Skipped(Skip),
    Read {
        notes: Box<FileNotes>,
        bytes: u64,
        lossy: bool,
        failed: Vec<(&'static str, String)>,
        looked: Vec<(usize, bool)>,
        cut: Vec<String>,
    },
    /// Not read as text, and searched for secrets all the same: a bundle, a key store. What is noted are secrets; what
    /// was wanted beside them was skipped.
    Searched {
        notes: Box<FileNotes>,
        skipped: Option<Skip>,
        failed: Vec<(&'static str, String)>,
    },
}

fn one<'r>(
    readers: &[(&'r Reader, bool)],
    tree: &Tree,
    file: &File,
    search: &Search,
    (parsed, at_once): (Parsed, bool),
) -> Option<Outcome> {
    // A reader that can't even say whether it wants the file is asked again below, and its failure noted there.
    let wants = |(reader, reads): &(&'r Reader, bool)| match caught(|| (reader.wants)(file)) {
        Ok(wants) => wants.then_some((*reader, *reads, true)),
        Err(_) => Some((*reader, true, false)),
    };
    let mut readers: Vec<(&Reader, bool, bool)> = readers.iter().filter_map(wants).collect();
    let scope = search.scope(file);
    let sought = Class::told(&file.path, || file.role);
    let is_code = code::wants(file);
    let is_read = !readers.is_empty();
    readers.retain(|(_, reads, _)| *reads);
    let wanted = is_read || !scope.is_empty() || (parsed != Parsed::Nothing && is_code);
    if !wanted && sought.is_none() {
        return None;
    }
    let left_out = |reason: SkipReason| {
        // Neither a rule that looks at every file nor who looks for secrets wants pictures.
        let tells = is_read || matches!(reason, SkipReason::TooLarge | SkipReason::Unreadable);
        tells.then(|| Skip { path: file.path.clone(), reason })
    };
    let refused = tree.refuses(file);
    if let (Some(reason), None) = (refused, sought) {
        return left_out(reason).map(Outcome::Skipped);
    }
    let cap = if refused.is_some() { secrets::CAP } else { tree.cap(file) };
    let bytes = match tree.bytes(file, cap) {
        Ok(bytes) => bytes,
        Err(reason) => return left_out(reason).map(Outcome::Skipped),
    };
    let mut notes = Box::new(FileNotes { path: file.path.clone(), ..FileNotes::default() });
    let mut failed: Vec<(&'static str, String)> = Vec::new();
    if let Some(class) = sought {
        match caught(|| secrets::read(file, &bytes, class)) {
            Ok((found, directive)) => (notes.secrets, notes.directive) = (found, directive),
            Err(at) => failed.push(("secrets", at)),
        }
    }
    let text = refused.map_or_else(|| tree.decode(file, bytes), Err);
    let text = match text {
        Ok(text) => text,
        Err(reason) if notes.secrets.is_empty() && failed.is_empty() => {
            return left_out(reason).filter(|_| wanted).map(Outcome::Skipped);
        }
        Err(reason) => {
            let skipped = left_out(reason).filter(|_| wanted);
            return Some(Outcome::Searched { notes, skipped, failed });
        }
    };
    if wanted {
        let found = std::mem::take(&mut notes);
        let fresh = || found.clone();
        let (read, broken) = survivors(&readers, fresh, |(reader, _, is_sure), notes| {
            if *is_sure || (reader.wants)(file) {
                (reader.read)(file, &text.text, notes);
            }
        });
        notes = read;
        failed.extend(broken.into_iter().map(|(i, at)| (readers[i].0.name, at)));
        if at_once && is_code {
            failed.extend(code::read(file, &text.text, &mut notes).err().map(|at| (code::NAME, at)));
        } else if is_code {
            code::look(file, &text.text, &mut notes, parsed);
        }
    }
    if wanted || !notes.secrets.is_empty() {
        match caught(|| suppressions::read(file, &text.text)) {
            Ok(said) => notes.suppressions = said,
            Err(at) => failed.push(("comments that accept a finding", at)),
        }
    }
    let mut found = Found::default();
    if !scope.is_empty() {
        match caught(|| search.run(file, &text.text, &scope)) {
            Ok(all) => found = all,
            Err(at) => failed.push(("what rules look for", at)),
        }
    }
    notes.matches = found.matches;
    let bytes = text.text.len() as u64;
    Some(Outcome::Read { notes, bytes, lossy: text.lossy, failed, looked: found.looked, cut: found.cut })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// One name for each reader; what the file holds is up to chance.
    const NAMES: [&str; 32] = [
        "firestore.rules",
        "database.rules.json",
        "firebase.json",
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
            "service cloud.firestore {\n",
            "match /a/{b=**} {\n",
            "allow read, write: if ",
            "request.auth != null && (",
            "\"rules\": {\".read\": \"",
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
            all(READERS, &tree, &Search::default());
        }
    }
}
