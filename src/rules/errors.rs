//! What is wrong with packs: every mistake of every pack at once, each at its characters.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

use crate::secrets::masked;

/// A pack's name and text, shared by its errors.
pub type PackSource = Arc<NamedSource<String>>;

/// One mistake in a pack.
#[derive(Debug, Clone)]
pub struct PackError {
    /// What is wrong, in a sentence without a full stop.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// Where; `None` where a folder or file can't be read.
    pub place: Option<PackPlace>,
    /// A second place that the mistake is about: the other rule with the same id.
    pub other: Option<PackPlace>,
}

/// Characters of a pack.
#[derive(Debug, Clone)]
pub struct PackPlace {
    /// The pack.
    pub source: PackSource,
    /// Bytes of its text.
    pub span: Range<usize>,
    /// What stands there, in a few words.
    pub label: String,
}

impl PackPlace {
    /// The text at the place.
    pub fn text(&self) -> &str {
        self.source.inner().get(self.span.clone()).unwrap_or_default()
    }

    fn labelled(&self) -> LabeledSpan {
        LabeledSpan::new_with_span(Some(masked(&self.label)), self.span.clone())
    }

    /// `rules/packs/access.toml:17`.
    fn line(&self) -> String {
        let before = self.source.inner().get(..self.span.start).unwrap_or_default();
        format!("{}:{}", self.source.name(), before.matches('\n').count() + 1)
    }
}

impl PackError {
    /// Whether the second place is in another file, and so can't be underlined in the same picture.
    fn other_file(&self) -> Option<&PackPlace> {
        let (place, other) = (self.place.as_ref()?, self.other.as_ref()?);
        (!Arc::ptr_eq(&place.source, &other.source)).then_some(other)
    }
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&masked(&self.message))
    }
}

impl std::error::Error for PackError {}

impl Diagnostic for PackError {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let mut help = self.help.clone().unwrap_or_default();
        if let Some(other) = self.other_file() {
            if !help.is_empty() {
                help.push('\n');
            }
            help.push_str(&format!("{} at {}", other.label, other.line()));
        }
        (!help.is_empty()).then(|| Box::new(masked(&help)) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.place.as_ref().map(|place| place.source.as_ref() as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let place = self.place.as_ref()?;
        let other = self.other.as_ref().filter(|_| self.other_file().is_none());
        Some(Box::new(std::iter::once(place).chain(other).map(PackPlace::labelled)))
    }
}

/// Every mistake of every pack, in the order of the packs and their lines. At least one.
#[derive(Debug, Clone)]
pub struct PackErrors {
    /// The mistakes.
    pub errors: Vec<PackError>,
}

impl fmt::Display for PackErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.errors.len() {
            1 => f.write_str("a rule pack has a mistake"),
            n => write!(f, "the rule packs have {n} mistakes"),
        }
    }
}

impl std::error::Error for PackErrors {}

impl Diagnostic for PackErrors {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.errors.iter().map(|error| error as &dyn Diagnostic)))
    }
}
