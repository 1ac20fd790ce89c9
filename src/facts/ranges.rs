//! How far a declared version may drift, for each ecosystem.

use super::kinds::{RangeKind, SourceKind};

/// What an npm specifier says: where it comes from and how far it may drift.
pub fn npm(spec: &str) -> (SourceKind, RangeKind) {
    let spec = spec.trim();
    if spec.starts_with("workspace:") {
        return (SourceKind::Workspace, RangeKind::Exact);
    }
    let is = |prefixes: &[&str]| prefixes.iter().any(|p| spec.starts_with(p));
    if is(&["file:", "link:", "portal:", "./", "../", "/", "~/"]) {
        return (SourceKind::Path, RangeKind::Exact);
    }
    if is(&["catalog:", "patch:"]) {
        return (SourceKind::Registry, RangeKind::Range);
    }
    if let Some(alias) = spec.strip_prefix("npm:").or_else(|| spec.strip_prefix("jsr:")) {
        let version = match alias.rfind('@') {
            Some(at) if at > 0 => alias.get(at + 1..).unwrap_or(""),
            _ if alias.starts_with('@') || alias.starts_with(char::is_alphabetic) => "",
            _ => alias,
        };
        return (SourceKind::Registry, npm_range(version));
    }
    let url = is(&["http://", "https://"]);
    let path = spec.split('#').next().unwrap_or("");
    let shorthand = path.contains('/') && !path.starts_with('@') && !path.contains([' ', ':', '<', '>']);
    if is(&["git+", "git:", "git@", "ssh:", "github:", "gitlab:", "bitbucket:", "gist:"])
        || shorthand
        || (url && path.ends_with(".git"))
    {
        return (SourceKind::Git, git_reference(spec.split_once('#').map_or("", |(_, reference)| reference)));
    }
    if url {
        return (SourceKind::Url, RangeKind::Exact);
    }
    (SourceKind::Registry, npm_range(spec))
}

/// A commit is exact, a tag or branch is not: it can be moved.
pub fn git_reference(reference: &str) -> RangeKind {
    let reference = reference.strip_prefix("commit=").unwrap_or(reference);
    if reference.starts_with("semver:") {
        RangeKind::Range
    } else if (7..=40).contains(&reference.len()) && reference.bytes().all(|b| b.is_ascii_hexdigit()) {
        RangeKind::Exact
    } else {
        RangeKind::Any
    }
}

/// An npm range: `^1.2.3`, `>=1`, `1.x || 2.x`, `latest`.
pub fn npm_range(spec: &str) -> RangeKind {
    spec.split("||").map(npm_comparators).max().unwrap_or(RangeKind::Any)
}

fn npm_comparators(spec: &str) -> RangeKind {
    let spec = spec.trim();
    if spec.is_empty() || matches!(spec, "*" | "x" | "X") {
        return RangeKind::Any;
    }
    if spec.contains(" - ") {
        return RangeKind::Range;
    }
    // An operator may stand apart from its version.
    let mut kinds = Vec::new();
    let mut words = spec.split_whitespace();
    while let Some(word) = words.next() {
        let version = word.trim_start_matches(['<', '>', '=', '~', '^', 'v']);
        let version = if version.is_empty() { words.next().unwrap_or("") } else { version };
        if !version.starts_with(|c: char| c.is_ascii_digit()) {
            // `*` and every tag: what a tag names changes with each release.
            return RangeKind::Any;
        }
        kinds.push(match word.as_bytes().first() {
            Some(b'>') => RangeKind::Open,
            Some(b'<' | b'~' | b'^') => RangeKind::Range,
            _ if full_version(version) => RangeKind::Exact,
            _ => RangeKind::Range,
        });
    }
    // Comparators hold together: the tightest counts. `Exact < Range < Open`.
    kinds.into_iter().min().unwrap_or(RangeKind::Any)
}

fn full_version(version: &str) -> bool {
    let core = version.split(['-', '+']).next().unwrap_or("");
    let mut parts = core.split('.');
    let number = |p: Option<&str>| p.is_some_and(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
    number(parts.next()) && number(parts.next()) && number(parts.next()) && parts.next().is_none()
}

/// A PEP 440 specifier set, as in `requirements.txt`: `>=1,<2`.
pub fn pep440(spec: &str) -> RangeKind {
    let mut kind = RangeKind::Any;
    for part in spec.split(',').map(str::trim).filter(|p| !p.is_empty()) {
        let one = match part {
            p if p.starts_with("===") => RangeKind::Exact,
            p if p.starts_with("==") => {
                if p.ends_with('*') {
                    RangeKind::Range
                } else {
                    RangeKind::Exact
                }
            }
            p if p.starts_with("!=") => RangeKind::Any,
            p if p.starts_with(['~', '<']) => RangeKind::Range,
            p if p.starts_with('>') => RangeKind::Open,
            _ => RangeKind::Any,
        };
        kind = kind.min(one);
    }
    kind
}

/// A Poetry constraint: PEP 440, carets and tildes, `*`; a bare version is that version.
pub fn poetry(spec: &str) -> RangeKind {
    let alternatives = spec.split("||").flat_map(|s| s.split(" | "));
    alternatives.map(|one| poetry_one(one.trim())).max().unwrap_or(RangeKind::Any)
}

fn poetry_one(spec: &str) -> RangeKind {
    match spec.as_bytes().first() {
        None | Some(b'*') => RangeKind::Any,
        Some(b'^') => RangeKind::Range,
        Some(b'~') if !spec.starts_with("~=") => RangeKind::Range,
        Some(b'0'..=b'9') => {
            if spec.contains('*') {
                RangeKind::Range
            } else {
                RangeKind::Exact
            }
        }
        _ => pep440(spec),
    }
}

/// A Cargo requirement: a bare version is a caret range.
pub fn cargo(spec: &str) -> RangeKind {
    let kinds =
        spec.split(',').map(str::trim).filter(|p| !p.is_empty()).map(|part| match part.as_bytes().first() {
            Some(b'*') => RangeKind::Any,
            Some(b'=') => {
                if full_version(part.trim_start_matches(['=', ' '])) {
                    RangeKind::Exact
                } else {
                    RangeKind::Range
                }
            }
            Some(b'>') => RangeKind::Open,
            _ => RangeKind::Range,
        });
    kinds.min().unwrap_or(RangeKind::Any)
}

/// What a specifier of Deno's import map says: `npm:zod@3`, `jsr:@std/path@^1`, an address, a file.
pub fn deno(spec: &str) -> (SourceKind, RangeKind) {
    if spec.starts_with("npm:") || spec.starts_with("jsr:") {
        // A path may follow the version.
        let rest = spec.get(4..).unwrap_or("").trim_start_matches('/');
        let start = usize::from(rest.starts_with('@'));
        let version = rest.get(start..).and_then(|r| r.split_once('@')).map_or("", |(_, v)| v);
        return (SourceKind::Registry, npm_range(version.split('/').next().unwrap_or("")));
    }
    if spec.starts_with("https://") || spec.starts_with("http://") {
        let path = spec.split_once("://").map_or("", |(_, p)| p);
        let version =
            path.split('/').filter_map(|p| p.get(1..).and_then(|p| p.split_once('@'))).map(|(_, v)| v).next();
        let kind = version.map_or(RangeKind::Any, |v| npm_range(v.split(['?', '#']).next().unwrap_or("")));
        return (SourceKind::Url, kind);
    }
    (SourceKind::Path, RangeKind::Exact)
}

#[cfg(test)]
mod tests {
    use super::*;
    use RangeKind::{Any, Exact, Open, Range};
    use SourceKind::{Git, Path, Registry, Url, Workspace};

    #[test]
    fn npm_specifiers() {
        let cases = [
            ("1.2.3", Registry, Exact),
            ("=1.2.3", Registry, Exact),
            ("v1.2.3", Registry, Exact),
            ("1.2.3-beta.1", Registry, Exact),
            ("^1.2.3", Registry, Range),
            ("~1.2", Registry, Range),
            ("1", Registry, Range),
            ("1.x", Registry, Range),
            ("1.2 - 2.3", Registry, Range),
            (">=1.2", Registry, Open),
            (">= 1.2", Registry, Open),
            (">=1 <2", Registry, Range),
            (">= 1 < 2", Registry, Range),
            ("^1 || ^2", Registry, Range),
            ("^1 || >=3", Registry, Open),
            ("*", Registry, Any),
            ("", Registry, Any),
            ("x", Registry, Any),
            ("latest", Registry, Any),
            ("next", Registry, Any),
            ("npm:other@^1.0.0", Registry, Range),
            ("npm:@scope/other@1.0.0", Registry, Exact),
            ("npm:other", Registry, Any),
            ("workspace:*", Workspace, Exact),
            ("file:../ui", Path, Exact),
            ("link:./x", Path, Exact),
            ("catalog:", Registry, Range),
            ("owner/repo", Git, Any),
            ("github:owner/repo#main", Git, Any),
            ("owner/repo#semver:^1.0.0", Git, Range),
            ("git+https://host/x.git#0123456789abcdef0123456789abcdef01234567", Git, Exact),
            ("https://host/x-1.0.0.tgz", Url, Exact),
            ("https://host/x.git", Git, Any),
        ];
        for (spec, source, range) in cases {
            assert_eq!(npm(spec), (source, range), "{spec}");
        }
    }

    #[test]
    fn python_and_cargo() {
        for (spec, kind) in [
            ("==1.0", Exact),
            ("==1.*", Range),
            (">=1", Open),
            (">=1,<2", Range),
            ("~=1.4", Range),
            ("", Any),
            ("!=1.5", Any),
            ("===1.0", Exact),
        ] {
            assert_eq!(pep440(spec), kind, "{spec}");
        }
        for (spec, kind) in [
            ("^1.0", Range),
            ("1.0.0", Exact),
            ("*", Any),
            (">=1.0", Open),
            ("~1.2", Range),
            ("1.*", Range),
            ("^1 || ^2", Range),
        ] {
            assert_eq!(poetry(spec), kind, "{spec}");
        }
        for (spec, kind) in
            [("1", Range), ("=1.2.3", Exact), ("*", Any), (">=1", Open), (">=1, <2", Range), ("=1.2", Range)]
        {
            assert_eq!(cargo(spec), kind, "{spec}");
        }
    }

    #[test]
    fn deno_specifiers() {
        for (spec, want) in [
            ("npm:zod@3.22.4", (Registry, Exact)),
            ("npm:@scope/x@^1/sub", (Registry, Range)),
            ("npm:zod", (Registry, Any)),
            ("jsr:@std/path@1", (Registry, Range)),
            ("https://deno.land/std@0.168.0/http/server.ts", (Url, Exact)),
            ("https://esm.sh/@supabase/supabase-js@2", (Url, Range)),
            ("https://esm.sh/stripe", (Url, Any)),
            ("./lib/", (Path, Exact)),
        ] {
            assert_eq!(deno(spec), want, "{spec}");
        }
    }
}
