//! What a pattern promises of everything that it matches. The build script reads this file, and asks it of every format:
//! reading 771 patterns took longer than auditing a small repository.

use regex_syntax::hir::{Class, Hir, HirKind};

use super::runs::{RUN, is_token};

/// Promises of a pattern, told from its syntax alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// The longest run of token characters that every match has at the least, or all but certainly has.
    pub run: usize,
    /// The same, where it is certain.
    pub sure_run: usize,
    /// The shortest match in bytes.
    pub shortest: usize,
    /// The longest match in bytes; `None`: without a limit.
    pub longest: Option<usize>,
    /// Whether there may be any number of spaces or quotes in a match.
    pub stretches: bool,
}

/// The shape of a pattern.
pub(super) fn shape(hir: &Hir) -> Shape {
    Shape {
        run: runs(hir, true).best(),
        sure_run: runs(hir, false).best(),
        shortest: hir.properties().minimum_len().unwrap_or(0),
        longest: hir.properties().maximum_len(),
        stretches: stretches(hir),
    }
}

/// The least runs of token characters.
#[derive(Debug, Clone, Copy)]
enum Runs {
    /// A match has token characters only, at least so many.
    All(usize),
    /// At the beginning, at the end, and anywhere.
    Parts { first: usize, last: usize, best: usize },
}

impl Runs {
    const NONE: Runs = Runs::Parts { first: 0, last: 0, best: 0 };

    fn best(self) -> usize {
        match self {
            Runs::All(all) => all,
            Runs::Parts { first, last, best } => best.max(first).max(last),
        }
    }

    fn then(self, next: Runs) -> Runs {
        match (self, next) {
            (Runs::All(a), Runs::All(b)) => Runs::All(a + b),
            (Runs::All(a), Runs::Parts { first, last, best }) => Runs::Parts { first: a + first, last, best },
            (Runs::Parts { first, last, best }, Runs::All(b)) => Runs::Parts { first, last: last + b, best },
            (Runs::Parts { first, last, best }, Runs::Parts { first: f, last: l, best: b }) => {
                Runs::Parts { first, last: l, best: best.max(b).max(last + f) }
            }
        }
    }

    fn or(self, other: Runs) -> Runs {
        let parts = |runs: Runs| match runs {
            Runs::All(all) => (all, all, all),
            Runs::Parts { first, last, .. } => (first, last, runs.best()),
        };
        if let (Runs::All(a), Runs::All(b)) = (self, other) {
            return Runs::All(a.min(b));
        }
        let ((first, last, best), (f, l, b)) = (parts(self), parts(other));
        Runs::Parts { first: first.min(f), last: last.min(l), best: best.min(b) }
    }
}

/// With `likely`, what is all but certain counts.
fn runs(hir: &Hir, likely: bool) -> Runs {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Runs::All(0),
        HirKind::Literal(literal) => literal
            .0
            .iter()
            .map(|byte| if is_token(*byte) { Runs::All(1) } else { Runs::NONE })
            .fold(Runs::All(0), Runs::then),
        HirKind::Class(class) => {
            if bytes(class).all(is_token) {
                Runs::All(1)
            } else {
                Runs::NONE
            }
        }
        HirKind::Capture(capture) => runs(&capture.sub, likely),
        HirKind::Concat(parts) => parts.iter().map(|part| runs(part, likely)).fold(Runs::All(0), Runs::then),
        HirKind::Alternation(parts) => {
            parts.iter().map(|part| runs(part, likely)).reduce(Runs::or).unwrap_or(Runs::NONE)
        }
        HirKind::Repetition(repetition) => {
            let min = usize::try_from(repetition.min).unwrap_or(usize::MAX);
            match runs(&repetition.sub, likely) {
                Runs::All(all) => Runs::All(all.saturating_mul(min).min(1 << 20)),
                _ if likely && min >= LONG_BASE64 && is_base64(&repetition.sub) => {
                    Runs::Parts { first: 0, last: 0, best: RUN }
                }
                Runs::Parts { .. } if min == 0 => Runs::NONE,
                once if min == 1 => once,
                once => once.then(once),
            }
        }
    }
}

/// Base64 has other characters in it than those of runs, but so few that one of this length has a run all the same: all but
/// certainly, and always if it is what a run is looked for in.
const LONG_BASE64: usize = 40;

fn is_base64(hir: &Hir) -> bool {
    let HirKind::Class(class) = hir.kind() else { return false };
    let tokens = bytes(class).filter(|byte| is_token(*byte)).count();
    tokens >= 60 && bytes(class).all(|byte| is_token(byte) || b"+/=.".contains(&byte))
}

/// The bytes of a class; one that is not ASCII stands for all those.
fn bytes(class: &Class) -> impl Iterator<Item = u8> {
    let mut is = [false; 256];
    let mut set = |from: u32, to: u32| {
        for at in from..=to.min(255) {
            if let Some(is) = is.get_mut(at as usize) {
                *is = true;
            }
        }
    };
    match class {
        Class::Bytes(class) => {
            class.ranges().iter().for_each(|range| set(range.start().into(), range.end().into()));
        }
        Class::Unicode(class) => {
            class
                .ranges()
                .iter()
                .for_each(|range| set(range.start().into(), u32::from(range.end()).min(255)));
        }
    }
    (0..=255u8).filter(move |byte| is.get(usize::from(*byte)).copied().unwrap_or(false))
}

fn stretches(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) | HirKind::Literal(_) | HirKind::Class(_) => false,
        HirKind::Capture(capture) => stretches(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(stretches),
        HirKind::Repetition(repetition) => {
            let long = repetition.max.is_none_or(|max| max > 8);
            stretches(&repetition.sub) || long && has_space(&repetition.sub)
        }
    }
}

fn has_space(hir: &Hir) -> bool {
    let is_space = |byte: u8| matches!(byte, b' ' | b'\n' | b'\t' | b'"' | b'\'');
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => false,
        HirKind::Literal(literal) => literal.0.iter().any(|byte| is_space(*byte)),
        HirKind::Class(class) => bytes(class).any(is_space),
        HirKind::Capture(capture) => has_space(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(has_space),
        HirKind::Repetition(repetition) => has_space(&repetition.sub),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pattern: &str) -> Shape {
        let mut parser = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build();
        shape(&parser.parse(pattern).unwrap())
    }

    #[test]
    fn the_least_run_of_a_pattern() {
        assert_eq!(of(r"\bsk_live_[0-9A-Za-z]{10,247}\b").run, 18);
        assert_eq!(of(r"\bSG\.[\w-]{22}\.[\w-]{43}\b").run, 43);
        assert_eq!(of(r"[A-Za-z0-9+/]{86}==").run, 16);
        assert_eq!(of(r"[A-Za-z0-9+/]{30}").run, 0);
        assert_eq!(of(r"(?:abc|abcdef)_x{4}").run, 8);
        assert_eq!(of(r"(?:ab\.cdefgh|[a-z]{10})[0-9]{7}").run, 13);
        assert_eq!(of(r"[0-9]{8,10}:[\w-]{35}").run, 35);
        assert_eq!(of(r"-----BEGIN [A-Z ]*PRIVATE KEY-----").run, 10);
        assert_eq!(of(r"fm2_[A-Za-z0-9+/]{60,1500}={0,2}").run, 16);
        assert_eq!(of(r"(?:[a-z]{5}\.[a-z]{6}){2}").run, 11);
    }

    #[test]
    fn the_longest_match() {
        assert_eq!(of(r"\bsk_live_[0-9A-Za-z]{10,247}\b").longest, Some(255));
        assert_eq!(of(r"eyJ[\w-]+").longest, None);
        assert!(of("key\\s*=\\s*[a-z]{20}").stretches);
        assert!(!of("FlyV1 fm2_[a-z]{20}").stretches);
    }
}
