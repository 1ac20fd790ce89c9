//! Extraction: from notes and history to facts. Extractors don't see each other's facts.

use super::{Facts, Input};

/// One extractor: fills one list of the fact base.
pub struct Extractor {
    /// The list it fills.
    pub list: &'static str,
    /// Fills it.
    pub run: fn(&Input<'_>, &mut Facts),
}

/// Every extractor.
pub static EXTRACTORS: &[Extractor] = &[];
