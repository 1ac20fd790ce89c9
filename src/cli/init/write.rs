//! Writing a new file: whole or not at all, never over another one, never through a symbolic link.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

/// Writes `text` to `path` (with `/` between names) below `root`, making the folders between. In the error is why not,
/// as the end of a sentence.
pub(super) fn new_file(root: &Path, path: &str, text: &str, executable: bool) -> Result<(), String> {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let mut folder = root.to_path_buf();
    for part in folders.split('/').filter(|part| !part.is_empty()) {
        folder.push(part);
        match fs::create_dir(&folder) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let about = fs::symlink_metadata(&folder).map_err(|error| error.to_string())?;
                if about.is_symlink() {
                    return Err(format!("{part} is a symbolic link, which may lead anywhere"));
                }
                if !about.is_dir() {
                    return Err(format!("{part} is not a folder"));
                }
            }
            Err(error) => return Err(error.to_string()),
        }
    }
    let mut file = tempfile::Builder::new()
        .prefix(".vibecheck-")
        .tempfile_in(&folder)
        // Not its own words: they name the temporary file.
        .map_err(|error| error.kind().to_string())?;
    file.write_all(text.as_bytes())
        .and_then(|()| set_mode(file.as_file(), executable))
        .and_then(|()| file.as_file().sync_all())
        .map_err(|error| error.to_string())?;
    match file.persist_noclobber(folder.join(name)) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {
            Err("something of that name is there already".to_owned())
        }
        Err(error) => Err(error.error.to_string()),
    }
}

/// Temporary files are private; these are ordinary files of a repository.
#[cfg(unix)]
fn set_mode(file: &fs::File, executable: bool) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(if executable { 0o755 } else { 0o644 }))
}

/// Without Unix permissions there is nothing to set.
#[cfg(not(unix))]
fn set_mode(_: &fs::File, _: bool) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_overwritten() {
        let folder = tempfile::tempdir().expect("a folder");
        new_file(folder.path(), "a/b/c.txt", "one", false).expect("written");
        let why = new_file(folder.path(), "a/b/c.txt", "two", false).expect_err("not twice");
        assert_eq!(why, "something of that name is there already");
        assert_eq!(fs::read_to_string(folder.path().join("a/b/c.txt")).expect("text"), "one");
        assert_eq!(
            fs::read_dir(folder.path().join("a/b")).expect("entries").count(),
            1,
            "no temporary file is left"
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let (folder, other) =
            (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        std::os::unix::fs::symlink(other.path(), folder.path().join(".github")).expect("a link");
        let why = new_file(folder.path(), ".github/workflows/x.yml", "x", false).expect_err("refused");
        assert_eq!(why, ".github is a symbolic link, which may lead anywhere");
        // A link in place of the file itself, to something that does not exist yet.
        std::os::unix::fs::symlink(other.path().join("new"), folder.path().join("x.toml")).expect("a link");
        assert!(new_file(folder.path(), "x.toml", "x", false).is_err());
        assert_eq!(fs::read_dir(other.path()).expect("entries").count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_hook_can_be_run() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        new_file(folder.path(), "pre-commit", "#!/bin/sh\n", true).expect("written");
        let mode = fs::metadata(folder.path().join("pre-commit")).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o755);
    }
}
