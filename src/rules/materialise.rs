//! From a fixture's folder to a real repository in a temporary folder: files under their real names, generated
//! secrets in place of their placeholders, and the git history that `history.toml` asks for.
//!
//! The same folder gives the same commits, byte for byte: nothing depends on the clock or the machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::history::{self, History};
use crate::secrets::formats::{FORMATS, fill_in};

/// The file that describes the history; no part of the repository.
pub const HISTORY: &str = "history.toml";

/// A repository in a temporary folder, removed when this is dropped.
#[derive(Debug)]
pub struct Materialised {
    folder: tempfile::TempDir,
    path: PathBuf,
}

impl Materialised {
    /// The repository, what `vibecheck audit` would be given.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps the folder after this is dropped, for a person to look at.
    pub fn keep(self) -> PathBuf {
        let _ = self.folder.keep();
        self.path
    }
}

/// Why a fixture can't be made into a repository.
#[derive(Debug, thiserror::Error)]
pub enum FixtureError {
    /// A file or folder can't be read or written.
    #[error("{0}: {1}")]
    Io(String, std::io::Error),
    /// `history.toml` does not parse, or asks for what can't be done.
    #[error("history.toml: {0}")]
    History(String),
    /// git refuses.
    #[error("git: {0}")]
    Git(#[from] git2::Error),
    /// A `{{secret:…}}` names no known format.
    #[error("{0}: there is no secret format `{1}`; the nearest is `{2}`, and docs/secrets.md lists all")]
    Secret(String, String, String),
}

/// Builds the repository of the fixture in `folder`.
///
/// # Errors
/// When the folder can't be read or its `history.toml` is wrong.
pub fn materialise(folder: &Path) -> Result<Materialised, FixtureError> {
    let files = read_files(folder)?;
    let history = match fs::read_to_string(folder.join(HISTORY)) {
        Ok(text) => History::parse(&filled(HISTORY, &text)?)?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => History::usual(),
        Err(error) => return Err(FixtureError::Io(HISTORY.to_owned(), error)),
    };
    let temporary = tempfile::Builder::new()
        .prefix("vibecheck-fixture-")
        .tempdir()
        .map_err(|error| FixtureError::Io("the temporary folder".to_owned(), error))?;
    // The last name of the path is the project's name where no remote tells it.
    let path = temporary.path().join("app");
    fs::create_dir(&path).map_err(|error| FixtureError::Io("the temporary folder".to_owned(), error))?;
    for (name, bytes) in &files {
        write(&path, name, bytes)?;
    }
    if history.history {
        history::build(&path, &files, &history)?;
    }
    Ok(Materialised { folder: temporary, path })
}

/// Writes a file, with the folders above it.
pub(super) fn write(top: &Path, name: &str, bytes: &[u8]) -> Result<(), FixtureError> {
    let path = top.join(name);
    let io = |error| FixtureError::Io(name.to_owned(), error);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(io)?;
    }
    fs::write(&path, bytes).map_err(io)
}

/// Every file under its real name, with its secrets filled in.
fn read_files(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, FixtureError> {
    let mut files = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(folder).display().to_string();
            FixtureError::Io(
                path,
                error.into_io_error().unwrap_or_else(|| std::io::Error::other("a loop of links")),
            )
        })?;
        let relative = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        if !entry.file_type().is_file() || relative == Path::new(HISTORY) {
            continue;
        }
        let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
        let name = real_path(&parts.join("/"));
        let bytes = fs::read(entry.path()).map_err(|error| FixtureError::Io(name.clone(), error))?;
        let bytes = match String::from_utf8(bytes) {
            Ok(text) => filled(&name, &text)?.into_bytes(),
            Err(error) => error.into_bytes(),
        };
        files.insert(name, bytes);
    }
    Ok(files)
}

/// The text with its secrets filled in.
fn filled(name: &str, text: &str) -> Result<String, FixtureError> {
    fill_in(text).map_err(|unknown| {
        let likeness = |id: &str| strsim::jaro_winkler(id, &unknown);
        let nearest = FORMATS.iter().max_by(|a, b| likeness(a.id).total_cmp(&likeness(b.id)));
        let nearest = nearest.map_or_else(String::new, |format| format.id.to_owned());
        FixtureError::Secret(name.to_owned(), unknown, nearest)
    })
}

/// The path in the repository of what stands at `path` in the folder.
pub(super) fn real_path(path: &str) -> String {
    path.split('/').map(real_name).collect::<Vec<_>>().join("/")
}

/// Names that would act on the repository that holds the fixtures stand there with `_` for the dot.
fn real_name(name: &str) -> String {
    let acts =
        ["_gitignore", "_gitattributes", "_gitmodules", "_env"].contains(&name) || name.starts_with("_env.");
    match name.strip_prefix('_') {
        Some(rest) if acts => format!(".{rest}"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_get_their_real_names_and_secrets() {
        let fixture = tempfile::tempdir().unwrap();
        write(fixture.path(), "_env", b"KEY={{secret:github-personal-token}}\n").unwrap();
        write(fixture.path(), "web/_env.local", b"A=1\n").unwrap();
        write(fixture.path(), "_gitignore", b".env\n").unwrap();
        write(fixture.path(), "_envoy/x.txt", b"\xff\x00").unwrap();
        let made = materialise(fixture.path()).unwrap();
        let env = fs::read_to_string(made.path().join(".env")).unwrap();
        assert!(env.starts_with(concat!("KEY=gh", "p_")) && env.len() == 4 + 40 + 1, "{env}");
        assert!(made.path().join("web/.env.local").is_file());
        assert_eq!(fs::read(made.path().join("_envoy/x.txt")).unwrap(), b"\xff\x00");
    }

    #[test]
    fn an_unknown_secret_is_an_error_with_the_nearest_format() {
        let fixture = tempfile::tempdir().unwrap();
        write(fixture.path(), "a.txt", b"{{secret:stripe-live-key}}").unwrap();
        let error = materialise(fixture.path()).unwrap_err().to_string();
        let said = "a.txt: there is no secret format `stripe-live-key`; the nearest is `stripe-live-secret-key`, and";
        assert!(error.starts_with(said), "{error}");
    }
}
