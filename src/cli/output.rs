//! Where results and errors go. Results on stdout, all else on stderr; a reader that went away is no error. Whatever goes
//! there passes the last gate of `secrets`.

use std::fs;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::Path;

use crate::report::terminal::Style;
use crate::secrets::silent;

/// Columns where no terminal says.
const PIPE_WIDTH: usize = 80;

/// How to set a page for the standard output: honours `NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE` and `TERM`.
pub fn stdout_style() -> Style {
    let width = match terminal_size::terminal_size_of(io::stdout()) {
        Some((terminal_size::Width(columns), _)) => usize::from(columns),
        None => PIPE_WIDTH,
    };
    let color = anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never;
    Style { width, color }
}

/// How to set a page for a file.
pub fn file_style() -> Style {
    Style { width: PIPE_WIDTH, color: false }
}

/// Prints a result. A closed pipe (`vibecheck audit . | head`) is success.
///
/// # Errors
/// When the standard output can't be written for any other reason.
pub fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(silent(text).as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Writes a result to a file, whole or not at all.
///
/// # Errors
/// When the folder can't be written.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    let text = silent(text);
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if fs::metadata(path).is_ok_and(|m| !m.is_file()) {
        // A device or a pipe that the user named (`/dev/stdout`): can't be replaced, only written to.
        return fs::OpenOptions::new().write(true).open(path)?.write_all(text.as_bytes());
    }
    let mut file = tempfile::Builder::new().prefix(".vibecheck-").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Temporary files are private; a report is an ordinary file.
        file.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    file.persist(path).map(|_| ()).map_err(|error| error.error)
}

/// Adds to the end of a file, which need not be there yet.
///
/// # Errors
/// When the file can't be written.
pub fn append(path: &Path, text: &str) -> io::Result<()> {
    fs::OpenOptions::new().append(true).create(true).open(path)?.write_all(silent(text).as_bytes())
}

/// Says something on the standard error.
pub fn say(text: &str) {
    // Nobody is left to tell when the standard error is gone.
    let _ = writeln!(io::stderr().lock(), "{}", silent(text));
}

/// Whether a person watches the standard error.
pub fn watched() -> bool {
    io::stderr().is_terminal()
}
