//! How the vocabulary writes a symbol: `stripe default() .webhooks.{constructEvent|constructEventAsync}`.

/// A symbol as the vocabulary writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    pub from: From,
    pub parts: Vec<Part>,
}

/// What its path begins with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum From {
    /// A package, or with `/*` behind it, itself and everything below it.
    Package(String),
    /// A name that nothing binds.
    Global(String),
    /// What another entry says that it `is`.
    Head(String),
}

/// One step of its path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Part {
    /// A member, or the name of an export.
    Member(String),
    /// A call, or `new`.
    Call,
    /// Any one member.
    One,
    /// Any steps, also none.
    Any,
}

/// Reads one symbol. With `{a|b}` it stands for several.
pub(super) fn parse(text: &str) -> Result<Vec<Pattern>, String> {
    let wrong = |what: &str| format!("`{text}`: {what}");
    if let Some((names, steps)) = text.strip_prefix("global {").and_then(|rest| rest.split_once('}')) {
        let each = names.split('|').map(|name| parse(&format!("global {}{steps}", name.trim())));
        return Ok(each.collect::<Result<Vec<_>, _>>()?.concat());
    }
    let (from, steps) = if let Some(rest) = text.strip_prefix('<') {
        let (head, steps) = rest.split_once('>').ok_or_else(|| wrong("`<` without `>`"))?;
        (From::Head(head.to_owned()), steps)
    } else if let Some(rest) = text.strip_prefix("global ") {
        let end = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
        let (name, steps) = rest.split_at(end);
        (From::Global(name.to_owned()), steps)
    } else {
        let (package, steps) = text.split_once(' ').unwrap_or((text, ""));
        (From::Package(plain_package(package)), steps)
    };
    let named = match &from {
        From::Package(name) | From::Global(name) | From::Head(name) => !name.is_empty(),
    };
    if !named {
        return Err(wrong("begins with nothing"));
    }
    let all = expand(steps, Vec::new()).map_err(|what| wrong(&what))?;
    Ok(all.into_iter().map(|parts| Pattern { from: from.clone(), parts: without_default(parts) }).collect())
}

/// Every way to read the steps.
fn expand(text: &str, done: Vec<Part>) -> Result<Vec<Vec<Part>>, String> {
    let text = text.trim_start();
    if text.is_empty() {
        return Ok(vec![done]);
    }
    let with = |part: Part| [done.as_slice(), &[part]].concat();
    if let Some(rest) = text.strip_prefix("()") {
        return expand(rest, with(Part::Call));
    }
    let text = text.strip_prefix('.').unwrap_or(text);
    if let Some(rest) = text.strip_prefix("**") {
        return expand(rest, with(Part::Any));
    }
    if let Some(rest) = text.strip_prefix('*') {
        return expand(rest, with(Part::One));
    }
    if let Some(rest) = text.strip_prefix('{') {
        let (names, rest) = rest.split_once('}').ok_or("`{` without `}`")?;
        let mut all = Vec::new();
        for name in names.split('|').map(str::trim) {
            if name.is_empty() || !name.chars().all(is_name) {
                return Err(format!("`{name}` is no name"));
            }
            all.extend(expand(rest, with(Part::Member(name.to_owned())))?);
        }
        return Ok(all);
    }
    let end = text.find(|c: char| !is_name(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if name.is_empty() {
        return Err(format!("`{text}` is no step"));
    }
    expand(rest, with(Part::Member(name.to_owned())))
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '-')
}

/// `import x from`, `import * as x from` and `require` mix for many packages, so `default` says nothing.
fn without_default(mut parts: Vec<Part>) -> Vec<Part> {
    if parts.first() == Some(&Part::Member("default".to_owned())) {
        parts.remove(0);
    }
    parts
}

/// A package without what the ways to name it add: `node:`, the ending of a file, `index`.
pub(super) fn plain_package(name: &str) -> String {
    let name = ["node:", "npm:", "jsr:", "https://", "http://"].iter().find_map(|before| name.strip_prefix(before)).unwrap_or(name);
    // The name of a package may end like a file (`lemonsqueezy.js`); modules at this address have no other name.
    let own = if name.starts_with('@') { 2 } else { 1 };
    if name.starts_with("deno.land/x/") || name.split('/').count() <= own {
        return name.to_owned();
    }
    let plain = [".js", ".mjs", ".cjs", ".ts"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
    plain.strip_suffix("/index").unwrap_or(plain).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let part = |p: &Part| match p {
            Part::Member(name) => name.clone(),
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
        let package = |text: &str| plain_package(text);
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
