//! Expressions of rules: CEL, parsed and evaluated by the `cel` crate, type-checked here against the JSON schema
//! of the facts. This folder is the only place that names the crate: it breaks its interface every few months.

mod check;
mod eval;
mod functions;
mod guards;
mod record;
mod spans;
#[cfg(test)]
mod tests;
mod types;

use std::collections::BTreeSet;
use std::ops::Range;

use cel::common::ast::IdedExpr;
use cel::common::ast::SourceInfo;
use cel::parser::{Parser, PrattParser};
use std::sync::OnceLock;

use regex::Regex;

use check::Checker;
pub(crate) use check::unknown_capture;
pub(crate) use eval::Values;
use spans::Spans;
pub(crate) use types::{KindType, Type, Types};

/// The evaluator's own function for a compiled pattern. No expression can spell it.
const MATCHES: &str = "@matches";

/// The name of the day of the audit in expressions: the only clock that a rule has.
const TODAY: &str = "today";

/// Something wrong with an expression or a text, at characters of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// Characters of the text, not bytes.
    pub(crate) chars: Range<usize>,
    /// What is wrong, in a sentence without a full stop.
    pub(crate) message: String,
    /// What stands at the characters.
    pub(crate) label: String,
    /// What to write instead, `""` for nothing.
    pub(crate) help: String,
}

impl Mistake {
    pub(crate) fn new(chars: Range<usize>, message: impl Into<String>) -> Mistake {
        Mistake { chars, message: message.into(), label: "here".to_owned(), help: String::new() }
    }

    pub(crate) fn label(mut self, label: impl Into<String>) -> Mistake {
        self.label = label.into();
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Mistake {
        self.help = help.into();
        self
    }
}

/// What an expression looks at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reads {
    /// Fields of the fact under judgement.
    pub(crate) fields: BTreeSet<String>,
    /// Lists of facts, and `project`.
    pub(crate) lists: BTreeSet<String>,
    /// Fields of `project`, where that is not the fact under judgement.
    pub(crate) of_project: BTreeSet<String>,
}

/// A checked expression, ready to evaluate.
#[derive(Debug)]
pub(crate) struct Expression {
    expr: IdedExpr,
    regexes: std::sync::Arc<Vec<Pattern>>,
    reads: Reads,
}

/// The pattern of a `matches`.
#[derive(Debug)]
pub(crate) struct Pattern {
    text: String,
    regex: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// One that compiles, and is compiled when it is first asked.
    fn of_tested(text: String) -> Pattern {
        Pattern { text, regex: OnceLock::new() }
    }

    fn new(text: String) -> Result<Pattern, regex::Error> {
        let regex = OnceLock::from(Some(Regex::new(&text)?));
        Ok(Pattern { text, regex })
    }

    fn is_match(&self, text: &str) -> bool {
        let regex = self.regex.get_or_init(|| Regex::new(&self.text).ok());
        regex.as_ref().is_some_and(|regex| regex.is_match(text))
    }
}

impl Expression {
    /// The same as [`Expression::compile`], of an expression that the tests compile.
    ///
    /// # Errors
    /// Every mistake that was found.
    pub(crate) fn of_tested(text: &str, on: &KindType, types: &Types) -> Result<Expression, Vec<Mistake>> {
        Expression::parsed(text, on, types, true)
    }

    /// Parses and checks `text` as an expression over facts of the kind `on`.
    ///
    /// # Errors
    /// Every mistake that was found.
    pub(crate) fn compile(text: &str, on: &KindType, types: &Types) -> Result<Expression, Vec<Mistake>> {
        Expression::parsed(text, on, types, false)
    }

    fn parsed(text: &str, on: &KindType, types: &Types, is_tested: bool) -> Result<Expression, Vec<Mistake>> {
        // The hand-written parser is some ten times faster than the generated one, but keeps no places. They are
        // needed only where something is wrong: then the other parser has the word.
        if let Ok(expr) = PrattParser::new().parse(text)
            && let Ok(expression) =
                check_parsed(expr, Spans::new("", SourceInfo::default()), on, types, is_tested)
        {
            return Ok(expression);
        }
        match Parser::new().parse_with_source_info(text) {
            Ok((expr, info)) => check_parsed(expr, Spans::new(text, info), on, types, is_tested),
            Err(errors) => Err(vec![syntax_mistake(text, &errors)]),
        }
    }

    /// What it looks at.
    pub(crate) fn reads(&self) -> &Reads {
        &self.reads
    }
}

fn check_parsed(
    mut expr: IdedExpr,
    spans: Spans,
    on: &KindType,
    types: &Types,
    is_tested: bool,
) -> Result<Expression, Vec<Mistake>> {
    let mut checker = Checker::new(types, on, spans);
    checker.is_tested = is_tested;
    checker.whole(&mut expr);
    let mut mistakes = checker.mistakes;
    if mistakes.is_empty() {
        return Ok(Expression { expr, regexes: checker.regexes.into(), reads: checker.reads });
    }
    mistakes.sort_by_key(|mistake| (mistake.chars.start, mistake.chars.end));
    Err(mistakes)
}

/// The parser's own texts list its grammar's tokens; the first place is all that helps.
fn syntax_mistake(text: &str, errors: &cel::ParseErrors) -> Mistake {
    let length = text.chars().count();
    let first = errors.errors.iter().find(|error| error.pos.0 > 0).or(errors.errors.first());
    let (line, column) = first.map_or((1, 1), |error| error.pos);
    let line = usize::try_from(line).unwrap_or(1).max(1) - 1;
    let column = usize::try_from(column).unwrap_or(1).saturating_sub(1);
    let before: usize = text.split_inclusive('\n').take(line).map(|line| line.chars().count()).sum();
    let at = (before + column).min(length);
    let said = first.map_or("", |error| error.msg.as_str());
    let rest: Vec<char> = text.chars().skip(at).collect();
    let mistake = match said {
        _ if said.contains("has() macro") => Mistake::new(at..word_end(&rest, at), "`has` takes a field")
            .label("not a field")
            .help("write `has(fact.field)`"),
        _ if said.contains("must be a simple name") => {
            Mistake::new(at..word_end(&rest, at), "the first argument names a variable")
                .label("not a name")
                .help("write `list.exists(x, condition about x)`")
        }
        _ if text.trim().is_empty() => {
            Mistake::new(0..length, "the expression is empty").label("write a condition")
        }
        _ if rest.iter().all(|c| c.is_whitespace()) => {
            Mistake::new(last_word(text), "the expression ends too early").label("something must follow")
        }
        _ if matches!(rest.first(), Some('"' | '\'')) && said.contains("token recognition") => {
            Mistake::new(at..length, "a string does not end").label("no closing quote")
        }
        _ => Mistake::new(at..word_end(&rest, at), "the expression does not parse here")
            .label("not expected here"),
    };
    if mistake.help.is_empty() { with_operator_help(mistake, &rest) } else { mistake }
}

/// What people write who come from other languages.
fn with_operator_help(mistake: Mistake, rest: &[char]) -> Mistake {
    let rest: String = rest.iter().take(4).collect();
    let help = match rest.as_str() {
        text if text.starts_with("===") || text.starts_with("= ") || text.starts_with('=') => {
            "equality is `==`"
        }
        text if text.starts_with("and") => "write `&&`",
        text if text.starts_with("or") => "write `||`",
        text if text.starts_with("not") => "write `!`",
        text if text.starts_with('&') => "write `&&`",
        text if text.starts_with('|') => "write `||`",
        _ => return mistake,
    };
    mistake.help(help)
}

fn word_end(rest: &[char], at: usize) -> usize {
    let word = rest.iter().take_while(|c| c.is_alphanumeric() || **c == '_').count();
    at + word.max(1)
}

/// The characters of the last word or sign.
fn last_word(text: &str) -> Range<usize> {
    let chars: Vec<char> = text.chars().collect();
    let end = chars.iter().rposition(|c| !c.is_whitespace()).map_or(0, |at| at + 1);
    let start = chars.iter().take(end).rposition(|c| c.is_whitespace()).map_or(0, |at| at + 1);
    start..end
}

/// The name nearest to a misspelt one, if any is near.
pub(crate) fn closest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    known
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| {
            *distance <= 1 + candidate.chars().count().min(name.chars().count()) / 4
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
