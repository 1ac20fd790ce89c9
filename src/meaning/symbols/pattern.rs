//! How the vocabulary writes a symbol: `stripe default() .webhooks.{constructEvent|constructEventAsync}`.

/// A symbol as the vocabulary writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern<'t> {
    pub from: From<'t>,
    pub parts: Vec<Part<'t>>,
}

/// What its path begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From<'t> {
    /// A package.
    Package(&'t str),
    /// A package and everything below it.
    Below(&'t str),
    /// A name that nothing binds.
    Global(&'t str),
    /// What another entry says that it `is`.
    Head(&'t str),
}

/// One step of its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'t> {
    /// A member, or the name of an export.
    Member(&'t str),
    /// A call, or `new`.
    Call,
    /// Any one member.
    One,
    /// Any steps, also none.
    Any,
}

/// Reads one symbol. With `{a|b}` it stands for several.
pub(super) fn parse(text: &str) -> Result<Vec<Pattern<'_>>, String> {
    let wrong = |what: &str| format!("`{text}`: {what}");
    let (roots, steps) = if let Some(rest) = text.strip_prefix('<') {
        let (head, steps) = rest.split_once('>').ok_or_else(|| wrong("`<` without `>`"))?;
        (vec![From::Head(head)], steps)
    } else if let Some((names, steps)) = text.strip_prefix("global {").and_then(|rest| rest.split_once('}')) {
        (names.split('|').map(From::Global).collect(), steps)
    } else if let Some(rest) = text.strip_prefix("global ") {
        let end = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
        (vec![From::Global(&rest[..end])], &rest[end..])
    } else {
        let (package, steps) = text.split_once(' ').unwrap_or((text, ""));
        let package = plain_package(package);
        (vec![package.strip_suffix("/*").map_or(From::Package(package), From::Below)], steps)
    };
    let mut all = Vec::new();
    expand(steps, &mut Vec::new(), &mut all).map_err(|what| wrong(&what))?;
    let mut patterns = Vec::new();
    for from in roots {
        let (From::Package(name) | From::Below(name) | From::Global(name) | From::Head(name)) = from;
        if name.is_empty() {
            return Err(wrong("begins with nothing"));
        }
        patterns.extend(all.iter().map(|parts| Pattern { from, parts: without_default(parts) }));
    }
    Ok(patterns)
}

/// Every way to read the steps.
fn expand<'t>(text: &'t str, done: &mut Vec<Part<'t>>, all: &mut Vec<Vec<Part<'t>>>) -> Result<(), String> {
    let text = text.trim_start();
    if text.is_empty() {
        all.push(done.clone());
        return Ok(());
    }
    let mut with = |part: Part<'t>, rest: &'t str| {
        done.push(part);
        let result = expand(rest, done, all);
        done.pop();
        result
    };
    if let Some(rest) = text.strip_prefix("()") {
        return with(Part::Call, rest);
    }
    let text = text.strip_prefix('.').unwrap_or(text);
    if let Some(rest) = text.strip_prefix("**") {
        return with(Part::Any, rest);
    }
    if let Some(rest) = text.strip_prefix('*') {
        return with(Part::One, rest);
    }
    if let Some(rest) = text.strip_prefix('{') {
        let (names, rest) = rest.split_once('}').ok_or("`{` without `}`")?;
        for name in names.split('|').map(str::trim) {
            if name.is_empty() || !name.chars().all(is_name) {
                return Err(format!("`{name}` is no name"));
            }
            with(Part::Member(name), rest)?;
        }
        return Ok(());
    }
    let end = text.find(|c: char| !is_name(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if name.is_empty() {
        return Err(format!("`{text}` is no step"));
    }
    with(Part::Member(name), rest)
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '-')
}

/// `import x from`, `import * as x from` and `require` mix for many packages, so `default` says nothing.
fn without_default<'t>(parts: &[Part<'t>]) -> Vec<Part<'t>> {
    parts.strip_prefix(&[Part::Member("default")]).unwrap_or(parts).to_vec()
}

/// A package without what the ways to name it add: `node:`, the ending of a file, `index`.
pub(super) fn plain_package(name: &str) -> &str {
    if !name.contains(['/', ':']) {
        return name;
    }
    let name = ["node:", "npm:", "jsr:", "https://", "http://"]
        .iter()
        .find_map(|before| name.strip_prefix(before))
        .unwrap_or(name);
    // The name of a package may end like a file (`lemonsqueezy.js`); modules at this address have no other name.
    let own = if name.starts_with('@') { 2 } else { 1 };
    if name.starts_with("deno.land/x/") || name.split('/').count() <= own {
        return name;
    }
    let plain =
        [".js", ".mjs", ".cjs", ".ts"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
    plain.strip_suffix("/index").unwrap_or(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let part = |p: &Part| match p {
            Part::Member(name) => (*name).to_owned(),
            Part::Call => "()".to_owned(),
            Part::One => "*".to_owned(),
            Part::Any => "**".to_owned(),
        };
        let all = parse(text).expect("a symbol");
        all.iter().map(|p| p.parts.iter().map(part).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn a_symbol_is_read_step_by_step() {
        assert_eq!(shown("stripe default() .webhooks.constructEvent"), ["() webhooks constructEvent"]);
        assert_eq!(shown("@clerk/nextjs/server auth"), ["auth"]);
        assert_eq!(shown("global Deno.serve"), ["serve"]);
        assert_eq!(shown("<knex>() .**.{del|delete}"), ["() ** del", "() ** delete"]);
        assert_eq!(shown("<prisma> .*.create"), ["* create"]);
        let package = plain_package;
        assert_eq!(package("node:fs/promises"), "fs/promises");
        assert_eq!(package("@modelcontextprotocol/sdk/client/index.js"), "@modelcontextprotocol/sdk/client");
        assert_eq!(package("@lemonsqueezy/lemonsqueezy.js"), "@lemonsqueezy/lemonsqueezy.js");
        assert_eq!(package("deno.land/x/djwt/mod.ts"), "deno.land/x/djwt/mod.ts");
    }

    #[test]
    fn what_is_no_symbol_is_refused() {
        for text in ["", "<x .a", "pkg a..b", "pkg {a|}", "pkg a(b)", "pkg .{a", "global "] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
