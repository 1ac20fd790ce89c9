//! TypeScript and JavaScript. The only folder that names `oxc`.

mod components;
mod depth;
mod effort;
mod lines;
mod lower;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]
mod tests;

use std::borrow::Cow;
use std::cell::Cell;

use oxc::allocator::Allocator;
use oxc::parser::{ParseOptions, Parser, ParserReturn};
use oxc::semantic::SemanticBuilder;
use oxc::span::SourceType;

use self::depth::Count;
use self::lines::Lines;
use super::Module;

/// Why a file is not parsed that would take too long, or too much memory.
const TOO_MUCH: &str = "it is nested too deeply, or too large";

/// Bytes for a tree that are kept for the next one.
const LARGEST_ARENA: usize = 4 << 20;

/// How files of an extension are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    /// As a whole.
    Script(SourceType),
    /// The scripts in it.
    Component(components::Kind),
}

/// Whether [`parse`] knows files with such a name.
pub(super) fn handles(path: &str) -> bool {
    language(path).is_some()
}

fn language(path: &str) -> Option<Language> {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let (_, extension) = name.rsplit_once('.')?;
    Some(match extension {
        "vue" => Language::Component(components::Kind::Vue),
        "svelte" => Language::Component(components::Kind::Svelte),
        "astro" => Language::Component(components::Kind::Astro),
        // Bundlers take JSX and both kinds of modules in any of them.
        "js" | "jsx" => Language::Script(SourceType::unambiguous().with_jsx(true)),
        "mjs" => Language::Script(SourceType::mjs().with_jsx(true)),
        "cjs" => Language::Script(SourceType::cjs().with_jsx(true)),
        "ts" | "tsx" | "mts" | "cts" => Language::Script(SourceType::from_path(name).ok()?),
        _ => return None,
    })
}

/// Lowers a file.
pub(super) fn parse(path: &str, text: &str) -> Module {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (text, source) = match language(path) {
        None => return empty(path, Some("this is no file of code".to_owned())),
        Some(Language::Script(source)) => (Cow::Borrowed(text), source),
        Some(Language::Component(kind)) => {
            let (scripts, source) = components::scripts(kind, text);
            (Cow::Owned(scripts), source)
        }
    };
    let count = Count::of(&text);
    // The parser recurses, so what could be nested deeply is read where there is room for it.
    match count.stack() {
        Some(needed) => stacker::maybe_grow(needed, needed, || whole(path, &text, source, count.levels)),
        None => empty(path, Some(TOO_MUCH.to_owned())),
    }
}

thread_local! {
    /// Memory for the next tree: each thread parses thousands, and memory that is new costs more than all else that is done
    /// with it.
    static ARENA: Cell<Option<Allocator>> = const { Cell::new(None) };
}

fn whole(path: &str, text: &str, source: SourceType, levels: usize) -> Module {
    if !effort::is_bearable(text, source) {
        return empty(path, Some(TOO_MUCH.to_owned()));
    }
    let mut allocator = ARENA.take().unwrap_or_default();
    let module = in_arena(&allocator, path, text, source, levels);
    allocator.reset();
    if allocator.capacity() <= LARGEST_ARENA {
        ARENA.set(Some(allocator));
    }
    module
}

fn in_arena(allocator: &Allocator, path: &str, text: &str, source: SourceType, levels: usize) -> Module {
    let mut parsed = parsed(allocator, text, source);
    if parsed.panicked && source.is_javascript() && effort::is_bearable(text, SourceType::tsx()) {
        // Types in JavaScript: Flow, or what a bundler takes.
        let typed = self::parsed(allocator, text, SourceType::tsx());
        if !typed.panicked {
            parsed = typed;
        }
    }
    if parsed.panicked {
        return empty(path, Some(reason(text, &parsed)));
    }
    if levels >= effort::MANY_LEVELS && !effort::is_resolvable(&parsed.program) {
        return empty(path, Some(TOO_MUCH.to_owned()));
    }
    let scopes = SemanticBuilder::new().build(&parsed.program);
    lower::module(path, &parsed.program, scopes.semantic.scoping())
}

fn parsed<'a>(allocator: &'a Allocator, text: &'a str, source: SourceType) -> ParserReturn<'a> {
    let options = ParseOptions {
        allow_return_outside_function: true,
        preserve_parens: false,
        ..ParseOptions::default()
    };
    Parser::new(allocator, text, source).with_options(options).parse()
}

/// What is wrong, and where. What is quoted from the file is cut.
fn reason(text: &str, parsed: &ParserReturn<'_>) -> String {
    let Some(first) = parsed.diagnostics.first() else { return "it can't be parsed".to_owned() };
    let message = plain(&first.message);
    match first.labels.first() {
        None => message,
        Some(label) => {
            let lines = Lines::of(text);
            let offset = label.offset().min(u32::try_from(text.len()).unwrap_or(u32::MAX));
            format!("{message}, line {}, column {}", lines.line(offset), lines.column(text, offset))
        }
    }
}

/// A message without what it quotes, unless that is short: a quoted text of the file could be a secret.
fn plain(message: &str) -> String {
    let mut shown = String::new();
    for (place, part) in message.split(['`', '\'', '"']).enumerate() {
        let is_quoted = place % 2 == 1;
        if is_quoted {
            shown.push('`');
        }
        if part.len() > if is_quoted { 16 } else { 120 } {
            shown.push('…');
        } else {
            shown.extend(part.chars().filter(|c| !c.is_control()));
        }
        if is_quoted {
            shown.push('`');
        }
    }
    shown
}

/// A module of which nothing is known but why.
fn empty(path: &str, broken: Option<String>) -> Module {
    Module {
        path: path.to_owned(),
        directives: Vec::new(),
        imports: Vec::new(),
        exports: Vec::new(),
        functions: Vec::new(),
        classes: Vec::new(),
        symbols: Vec::new(),
        values: Vec::new(),
        broken,
    }
}
