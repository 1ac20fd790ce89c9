//! The syntaxes that queries can ask about: their names, their grammars, and the parts of files that are written in
//! them.

use tree_sitter::Language;

use crate::facts::kinds::Syntax;
use crate::source::File;

/// The syntaxes by the names that `languages` may say.
pub static SYNTAXES: &[(&str, Syntax)] = &[
    ("typescript", Syntax::Typescript),
    ("tsx", Syntax::Tsx),
    ("javascript", Syntax::Javascript),
    ("python", Syntax::Python),
];

/// The extensions of files that are written in a syntax as a whole.
static EXTENSIONS: &[(&str, Syntax)] = &[
    ("ts", Syntax::Typescript),
    ("mts", Syntax::Typescript),
    ("cts", Syntax::Typescript),
    ("tsx", Syntax::Tsx),
    ("js", Syntax::Javascript),
    ("jsx", Syntax::Javascript),
    ("mjs", Syntax::Javascript),
    ("cjs", Syntax::Javascript),
    ("py", Syntax::Python),
];

/// Files that hold scripts among other things.
static HOSTS: &[&str] = &["vue", "svelte", "astro"];

/// What a script in a host may be written in.
static HOSTED: &[Syntax] = &[Syntax::Typescript, Syntax::Tsx, Syntax::Javascript];

/// The grammar of a syntax.
pub(in crate::facts) fn grammar(syntax: Syntax) -> Option<Language> {
    match syntax {
        Syntax::Typescript => Some(tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into()),
        Syntax::Tsx => Some(tree_sitter_typescript::LANGUAGE_TSX.into()),
        Syntax::Javascript => Some(tree_sitter_javascript::LANGUAGE.into()),
        Syntax::Python => Some(tree_sitter_python::LANGUAGE.into()),
        Syntax::Other => None,
    }
}

/// Names of a grammar, for suggestions: the kinds of nodes, or the fields.
pub fn names(syntax: Syntax, fields: bool) -> Vec<String> {
    let Some(language) = grammar(syntax) else { return Vec::new() };
    let mut names: Vec<String> = if fields {
        let ids = 1..=u16::try_from(language.field_count()).unwrap_or(u16::MAX);
        ids.filter_map(|id| language.field_name_for_id(id).map(str::to_owned)).collect()
    } else {
        let ids = 0..u16::try_from(language.node_kind_count()).unwrap_or(u16::MAX);
        let known = ids.filter(|id| {
            language.node_kind_is_named(*id)
                && (language.node_kind_is_visible(*id) || language.node_kind_is_supertype(*id))
        });
        known.filter_map(|id| language.node_kind_for_id(id).map(str::to_owned)).collect()
    };
    names.sort();
    names.dedup();
    names
}

/// What the file as a whole is written in.
pub(super) fn of_text(file: &File) -> Syntax {
    let extension = file.extension();
    EXTENSIONS.iter().find(|(known, _)| *known == extension).map_or(Syntax::Other, |(_, syntax)| *syntax)
}

/// What parts of the file may be written in, told from its name.
pub(super) fn of_file(file: &File) -> Vec<Syntax> {
    if HOSTS.contains(&&*file.extension()) {
        return HOSTED.to_vec();
    }
    match of_text(file) {
        Syntax::Other => Vec::new(),
        syntax => vec![syntax],
    }
}

/// The bytes of a file that are written in a syntax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::facts) struct Part {
    /// The syntax.
    pub(in crate::facts) syntax: Syntax,
    /// Its first byte.
    pub(in crate::facts) start: usize,
    /// The byte behind its last.
    pub(in crate::facts) end: usize,
}

/// At most this many scripts of one file are looked at.
const MOST_SCRIPTS: usize = 16;

/// The parts of a file that can be parsed.
pub(in crate::facts) fn parts(file: &File, text: &str) -> Vec<Part> {
    let extension = file.extension();
    if !HOSTS.contains(&&*extension) {
        let whole = |syntax| Part { syntax, start: 0, end: text.len() };
        return of_file(file).into_iter().map(whole).collect();
    }
    let mut parts = Vec::new();
    let mut from = 0;
    if extension == "astro"
        && let Some(part) = frontmatter(text)
    {
        from = part.end;
        parts.push(part);
    }
    while parts.len() < MOST_SCRIPTS
        && let Some(part) = script(text, from)
    {
        from = part.end;
        parts.push(part);
    }
    parts
}

/// What stands between two lines `---` at the top of an Astro component, always TypeScript:
/// <https://docs.astro.build/en/basics/astro-components/#the-component-script>.
fn frontmatter(text: &str) -> Option<Part> {
    let start = text.len() - text.trim_start().strip_prefix("---")?.len();
    let end = start + text.get(start..)?.find("\n---")? + 1;
    Some(Part { syntax: Syntax::Typescript, start, end })
}

/// The first script after `from`.
fn script(text: &str, from: usize) -> Option<Part> {
    let open = from + find(text.get(from..)?, "<script")?;
    let start = open + text.get(open..)?.find('>')? + 1;
    let attributes: String =
        text.get(open..start)?.chars().filter(|c| !c.is_whitespace() && !"\"'".contains(*c)).collect();
    let end = start + find(text.get(start..)?, "</script").unwrap_or(text.len() - start);
    let syntax = match attributes {
        _ if attributes.contains("lang=tsx") => Syntax::Tsx,
        _ if attributes.contains("lang=ts") || attributes.contains("lang=typescript") => Syntax::Typescript,
        _ => Syntax::Javascript,
    };
    Some(Part { syntax, start, end })
}

/// The first place of an ASCII word, in upper or lower case.
fn find(text: &str, word: &str) -> Option<usize> {
    let first = word.as_bytes().first().copied()?;
    memchr::memchr_iter(first, text.as_bytes()).find(|at| {
        text.as_bytes()
            .get(*at..at + word.len())
            .is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    })
}
