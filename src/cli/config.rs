//! `vibecheck.toml`: what a project says about its own audits. Every mistake is reported at its characters.

mod gate;
mod ignore;
mod read;

use std::fmt;
use std::io::ErrorKind;
use std::io::Read as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

use crate::findings::{Attestation, Ignore};
use crate::report::Threshold;
use crate::rules::Stage;
use crate::secrets::{excerpt, masked};

/// The name of the file that is looked for in PATH.
pub const FILE_NAME: &str = "vibecheck.toml";

/// The largest file that is read.
const MOST_BYTES: u64 = 1 << 20;

/// Which configuration to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigChoice {
    /// `vibecheck.toml` in this folder, if there is one.
    Default(PathBuf),
    /// This file, which must be there (`--config FILE`).
    File(PathBuf),
    /// None at all (`--config none`): an audited repository can't speak for itself.
    None,
}

/// What `vibecheck.toml` says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// `[gate] fail-on`.
    pub fail_on: Option<Threshold>,
    /// `[gate] stage`.
    pub stage: Option<Stage>,
    /// `[gate.apps."…"]`, in the order of the file.
    pub app_limits: Vec<AppLimit>,
    /// `[paths] exclude`.
    pub exclude: Vec<String>,
    /// `[[attest]]`.
    pub attestations: Vec<Attestation>,
    /// `[[ignore]]`.
    pub ignores: Vec<Ignore>,
    /// Whether comments in the code that accept a finding count for nothing: with `--config none`, an audited
    /// repository can't silence its own audit.
    pub without_comments: bool,
}

/// The gate of one app. What it leaves out is what `[gate]` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppLimit {
    /// The app's folder, as the fact base names it: `apps/web`, `.` for PATH itself.
    pub app: String,
    /// `fail-on`.
    pub fail_on: Option<Threshold>,
    /// `stage`.
    pub stage: Option<Stage>,
}

impl Config {
    /// Reads the configuration.
    ///
    /// # Errors
    /// When the file can't be read, or with every mistake that it has.
    pub fn load(choice: &ConfigChoice) -> Result<Config, ConfigErrors> {
        let (path, required) = match choice {
            ConfigChoice::None => return Ok(Config { without_comments: true, ..Config::default() }),
            ConfigChoice::File(path) => (path.clone(), true),
            ConfigChoice::Default(folder) => (folder.join(FILE_NAME), false),
        };
        match read_text(&path) {
            Ok(None) if !required => Ok(Config::default()),
            Ok(None) => Err(ConfigErrors::unreadable(&path, "there is no such file")),
            Ok(Some(text)) => Config::parse(&path.display().to_string(), &text),
            Err(why) => Err(ConfigErrors::unreadable(&path, &why)),
        }
    }

    /// Reads the text of a configuration. `name` is shown in errors.
    ///
    /// # Errors
    /// Every mistake of the text.
    pub fn parse(name: &str, text: &str) -> Result<Config, ConfigErrors> {
        let (mut config, problems) = read::read(text);
        if problems.is_empty() {
            // Without its folders, so that the report is the same wherever the repository stands.
            let file = Path::new(name).file_name().map_or(name.into(), |file| file.to_string_lossy());
            config.ignores.iter_mut().for_each(|ignore| ignore.file = file.clone().into_owned());
            return Ok(config);
        }
        let source = Arc::new(NamedSource::new(name, harmless(text)));
        let mut errors: Vec<ConfigError> = problems
            .into_iter()
            .map(|problem| ConfigError {
                message: masked(&problem.message),
                help: masked(&problem.help),
                place: Some((Arc::clone(&source), problem.span, masked(&problem.label))),
            })
            .collect();
        errors.sort_by_key(|error| error.place.as_ref().map_or(0, |(_, span, _)| span.start));
        Err(ConfigErrors { errors })
    }
}

/// The text of a file, `None` if there is no file. What is no plain file is not opened: it might never end.
fn read_text(path: &Path) -> Result<Option<String>, String> {
    let about = match std::fs::metadata(path) {
        Ok(about) => about,
        // PATH itself may be missing or a file, which is for the audit to say.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(error.to_string()),
    };
    if !about.is_file() {
        return Err("it is not a file".to_owned());
    }
    if about.len() > MOST_BYTES {
        return Err("it is larger than 1 MB".to_owned());
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    file.take(MOST_BYTES).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map(Some).map_err(|_| "it is not UTF-8".to_owned())
}

/// The text as errors show it, byte for byte as long: the file may belong to a stranger. What a terminal would act on
/// becomes `?`, and a line that looks like it holds a credential is blanked.
fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let secret = !line.contains("•••") && excerpt(line).as_str().contains("•••");
        // The break that ends the line stays; a carriage return anywhere else moves the cursor back.
        let body = line.strip_suffix("\r\n").or(line.strip_suffix('\n')).unwrap_or(line);
        for c in body.chars() {
            let hidden = c != '\t' && crate::report::escape::is_hidden(c);
            if hidden || (secret && !c.is_whitespace() && !"=[]\"'".contains(c)) {
                let blank = if secret { "*" } else { "?" };
                out.push_str(&blank.repeat(c.len_utf8()));
            } else {
                out.push(c);
            }
        }
        out.push_str(&line[body.len()..]);
    }
    out
}

/// One mistake in a configuration.
#[derive(Debug, Clone)]
pub struct ConfigError {
    message: String,
    help: String,
    /// The file, the bytes of it, and what stands there; `None` when it can't be read.
    place: Option<(Arc<NamedSource<String>>, Range<usize>, String)>,
}

impl ConfigError {
    /// The bytes that are wrong, `None` where the file could not be read.
    pub fn span(&self) -> Option<Range<usize>> {
        self.place.as_ref().map(|(_, span, _)| span.clone())
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConfigError {}

impl Diagnostic for ConfigError {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.help.is_empty()).then(|| Box::new(&self.help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.place.as_ref().map(|(source, ..)| source.as_ref() as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (_, span, label) = self.place.as_ref()?;
        Some(Box::new(std::iter::once(LabeledSpan::new_with_span(Some(label.clone()), span.clone()))))
    }
}

/// Every mistake of a configuration, in the order of its lines. At least one.
#[derive(Debug, Clone)]
pub struct ConfigErrors {
    /// The mistakes.
    pub errors: Vec<ConfigError>,
}

impl ConfigErrors {
    fn unreadable(path: &Path, why: &str) -> Self {
        let message = format!("can't read {}: {why}", path.display());
        Self { errors: vec![ConfigError { message, help: String::new(), place: None }] }
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.errors.len() {
            1 => f.write_str("the configuration has a mistake"),
            n => write!(f, "the configuration has {n} mistakes"),
        }
    }
}

impl std::error::Error for ConfigErrors {}

impl Diagnostic for ConfigErrors {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.errors.iter().map(|error| error as &dyn Diagnostic)))
    }
}

#[cfg(test)]
mod tests;
