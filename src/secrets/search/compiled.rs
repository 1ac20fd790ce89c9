//! Formats, made ready for searching: once in the life of the program.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, OnceLock};

use crate::secrets::formats::{FORMATS, Format};
use regex::bytes::{Regex, RegexBuilder};

use super::keywords::{Keyword, Keywords};
use super::near::NearWords;
use super::runs::RUN;
use super::shape::Shape;

include!(concat!(env!("OUT_DIR"), "/shapes.rs"));

/// So far before a keyword a match may begin.
const BACK: usize = 256;

/// So far behind a keyword a match may end.
const FORWARD: usize = 4_096;

/// The fewest characters of a keyword that can be nothing else.
const DISTINCTIVE: usize = 4;

/// The shortest value that can be nothing else for its length, if its keyword is no word.
const LONG: usize = 35;

/// Where a format is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::secrets) enum Asked {
    /// Around keywords that stand around runs of token characters, for every match has such a run; or in an address.
    Anchored,
    /// Around its keywords, wherever they stand.
    Loose,
    /// Around runs that look random, where one of its words stands near.
    Near,
}

/// A format, ready.
pub(in crate::secrets) struct Compiled {
    pub format: &'static Format,
    #[cfg(test)]
    pub asked: Asked,
    /// So many bytes before a keyword may belong to a match.
    pub back: usize,
    /// So many bytes from the beginning of a keyword on may belong to a match.
    pub forward: usize,
    /// So many token characters in a row are in every match.
    pub run: usize,
    /// Whether its values can be nothing else, whatever stands around them.
    pub distinctive: bool,
    /// Compiled when it is asked for the first time: most never are. Formats with the same pattern share it, such as those
    /// of JSON web tokens, of which each takes longer to compile than most files to read.
    regex: Arc<OnceLock<Option<Regex>>>,
}

impl Compiled {
    /// Its pattern; `None` for one that does not compile, which a unit test rules out for every shipped one.
    pub fn regex(&self) -> Option<&Regex> {
        let build = || RegexBuilder::new(self.format.regex).unicode(false).build().ok();
        self.regex.get_or_init(build).as_ref()
    }
}

/// All of them.
pub(in crate::secrets) struct Formats {
    pub all: Vec<Compiled>,
    /// Keywords of formats whose matches always have a run of token characters in them.
    pub anchored: Keywords,
    /// Keywords of the others.
    pub loose: Keywords,
    /// Words that stand near values of formats that have no keywords.
    pub near: NearWords,
}

/// Every shipped format.
pub(in crate::secrets) fn compiled() -> &'static Formats {
    static COMPILED: LazyLock<Formats> = LazyLock::new(compile);
    &COMPILED
}

/// Makes the formats ready. [`SHAPES`] has one for each, in the same order.
fn compile() -> Formats {
    let mut all = Vec::new();
    let mut regexes: HashMap<&str, Arc<OnceLock<Option<Regex>>>> = HashMap::new();
    let (mut anchored, mut loose, mut near) = (Vec::new(), Vec::new(), Vec::new());
    for (format, shape) in FORMATS.iter().zip(SHAPES) {
        let Some(shape) = *shape else { continue };
        let index = all.len();
        let asked = asked(format, shape);
        let keywords = format.keywords.iter().map(|text| Keyword {
            text,
            ignore_case: format.ignore_case,
            format: index,
        });
        match asked {
            Asked::Near => near.extend(format.near.iter().map(|word| (*word, index))),
            Asked::Anchored => anchored.extend(keywords),
            Asked::Loose => loose.extend(keywords),
        }
        let shortest = format.keywords.iter().map(|keyword| keyword.len()).min().unwrap_or(0);
        let limit = shape.longest.unwrap_or(usize::MAX);
        all.push(Compiled {
            format,
            #[cfg(test)]
            asked,
            back: limit.saturating_sub(shortest).min(BACK),
            forward: limit.min(FORWARD),
            run: shape.sure_run,
            distinctive: is_distinctive(format, shape),
            regex: Arc::clone(regexes.entry(format.regex).or_default()),
        });
    }
    Formats {
        all,
        anchored: Keywords::many(&anchored),
        loose: Keywords::rare(&loose),
        near: NearWords::new(&near),
    }
}

fn asked(format: &Format, shape: Shape) -> Asked {
    if format.keywords.is_empty() {
        Asked::Near
    } else if shape.run >= RUN && !shape.stretches || is_address(format.regex) {
        Asked::Anchored
    } else {
        Asked::Loose
    }
}

/// Whether values can be nothing else, whatever stands around them: by their keyword, their length, or what they decode to.
fn is_distinctive(format: &Format, shape: Shape) -> bool {
    let is_marked = |keyword: &&str| {
        keyword.len() >= DISTINCTIVE
            || shape.shortest >= LONG
                && keyword.len() + 1 >= DISTINCTIVE
                && !keyword.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    let decodes = format.checks.iter().any(|check| matches!(*check, "jwt" | "base58check"));
    format.near.is_empty() && (decodes || format.keywords.iter().all(is_marked))
}

/// Whether every match is an address with a user in it: such are looked for by their `://`.
fn is_address(regex: &str) -> bool {
    regex.split_once("://").is_some_and(|(_, rest)| rest.contains(")@") || rest.contains("}@"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_pattern_compiles() {
        for format in FORMATS.iter().filter(|format| !format.regex.is_empty()) {
            let built = RegexBuilder::new(format.regex).unicode(false).build();
            assert!(built.is_ok(), "{}: {built:?}", format.id);
            assert!(
                !format.keywords.is_empty() || !format.near.is_empty(),
                "{} is asked for nowhere",
                format.id
            );
        }
    }

    #[test]
    fn formats_that_whole_texts_are_searched_for_are_few() {
        // Each of their keywords costs time on every byte of every text.
        let loose: Vec<&str> = compiled()
            .all
            .iter()
            .filter(|compiled| compiled.asked == Asked::Loose)
            .map(|compiled| compiled.format.id)
            .collect();
        assert!(loose.len() <= 32, "{loose:?}");
        let short = |format: &&Compiled| format.format.keywords.iter().any(|keyword| keyword.len() < 3);
        let slow = compiled().all.iter().filter(|format| format.asked == Asked::Loose).find(short);
        assert!(slow.is_none(), "{:?} is searched for by two characters", slow.map(|slow| slow.format.id));
    }
}
