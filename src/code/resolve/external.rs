//! What is outside of the repository: one name for a package, however it is imported.

/// Modules of Node.js that need no `node:` before them. <https://nodejs.org/api/modules.html#built-in-modules>
const BUILT_IN: &[&str] = &[
    "assert",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "domain",
    "events",
    "fs",
    "http",
    "http2",
    "https",
    "inspector",
    "module",
    "net",
    "os",
    "path",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "stream",
    "string_decoder",
    "timers",
    "tls",
    "tty",
    "url",
    "util",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
    "zlib",
];

/// Sites that serve packages of npm, and what comes before the name there.
const SITES: &[(&str, &str)] = &[
    ("esm.sh", ""),
    ("esm.run", ""),
    ("unpkg.com", ""),
    ("cdn.skypack.dev", ""),
    ("cdn.jsdelivr.net", "npm/"),
    ("cdn.jsdelivr.net", ""),
    ("ga.jspm.io", "npm:"),
    ("jspm.dev", "npm:"),
    ("jspm.dev", ""),
];

/// The name of a package, without version and registry:
///
/// - `stripe` and `npm:stripe@14` and `https://esm.sh/stripe@14?target=deno` are `stripe`,
/// - `npm:@clerk/backend@1/jwt` is `@clerk/backend/jwt`, `jsr:@supabase/supabase-js@2` is `@supabase/supabase-js`,
/// - `https://deno.land/std@0.168.0/http/server.ts` is `std/http/server`, and `https://deno.land/x/djwt@v2.8/mod.ts` is
///   `deno.land/x/djwt/mod.ts`, as files there have no other name,
/// - `fs` is `node:fs`; other schemes and what frameworks make stay: `bun:sqlite`, `astro:content`, `#imports`,
/// - any other address is itself, without what comes after `?` and `#`.
pub(super) fn package(specifier: &str) -> String {
    if let Some(rest) = specifier.strip_prefix("npm:").or_else(|| specifier.strip_prefix("jsr:")) {
        return without_version(rest.trim_start_matches('/'));
    }
    if let Some(address) = specifier.strip_prefix("https://").or_else(|| specifier.strip_prefix("http://")) {
        return of_address(address, specifier);
    }
    // `#imports` is a framework's.
    if scheme(specifier).is_some() || specifier.starts_with('#') {
        return specifier.to_owned();
    }
    if is_built_in(specifier) {
        return format!("node:{specifier}");
    }
    without_version(specifier)
}

/// What comes before the `:` of `node:fs`.
pub(super) fn scheme(specifier: &str) -> Option<&str> {
    let (scheme, _) = specifier.split_once(':')?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    (scheme.len() > 1 && scheme.bytes().all(plain)).then_some(scheme)
}

/// Whether it is one of Node.js' own modules.
pub(super) fn is_built_in(specifier: &str) -> bool {
    BUILT_IN.contains(&specifier.split('/').next().unwrap_or_default())
}

fn of_address(address: &str, whole: &str) -> String {
    let path = address.split(['?', '#', '&']).next().unwrap_or_default();
    let (host, path) = path.split_once('/').unwrap_or((path, ""));
    if host == "deno.land" {
        return match path.strip_prefix("x/") {
            Some(rest) => {
                let (name, rest) = rest.split_once('/').unwrap_or((rest, "mod.ts"));
                format!("deno.land/x/{}/{rest}", name.split('@').next().unwrap_or_default())
            }
            None => without_version(path),
        };
    }
    if host == "jsr.io" || (host == "esm.sh" && path.starts_with("jsr/")) {
        return without_version(path.trim_start_matches("jsr/"));
    }
    let before = SITES.iter().find(|(site, before)| *site == host && path.starts_with(before));
    match before.and_then(|(_, before)| path.strip_prefix(before)) {
        Some(rest) if !rest.starts_with("gh/") => without_version(without_target(rest_of_esm(rest))),
        _ => whole.split(['?', '#']).next().unwrap_or_default().to_owned(),
    }
}

/// esm.sh puts its own version or channel first, and a `*` where nothing is bundled.
fn rest_of_esm(path: &str) -> &str {
    let path = match path.split_once('/') {
        Some((first, rest))
            if first == "stable"
                || first
                    .strip_prefix('v')
                    .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())) =>
        {
            rest
        }
        _ => path,
    };
    path.trim_start_matches('*')
}

/// What a site has built for one target is the package all the same: `zod@3/deno/zod.mjs`, `stripe@14/+esm`. A module
/// that the package itself calls so (`hono/deno`) is no built file.
fn without_target(path: &str) -> &str {
    let plain = path.split(['?', '#']).next().unwrap_or_default();
    if let Some(package) = plain.strip_suffix("/+esm") {
        return package;
    }
    if !plain.ends_with(".mjs") && !plain.ends_with(".js") {
        return path;
    }
    let mut end = 0;
    for part in plain.split('/') {
        if end > 0 && is_target(part) {
            return &plain[..end - 1];
        }
        end += part.len() + 1;
    }
    path
}

/// `@scope/name@1/part.js` is `@scope/name/part`.
fn without_version(text: &str) -> String {
    let text = text.split(['?', '#']).next().unwrap_or_default();
    let names = if text.starts_with('@') { 2 } else { 1 };
    let mut out = String::with_capacity(text.len());
    let mut parts = text.split('/').filter(|part| !part.is_empty());
    for (i, part) in parts.by_ref().take(names).enumerate() {
        let skip = usize::from(part.starts_with('@'));
        let end = part[skip..].find('@').map_or(part.len(), |at| at + skip);
        out.push_str(if i == 0 { "" } else { "/" });
        out.push_str(&part[..end]);
    }
    let mut sub: Vec<&str> = parts.collect();
    if let Some(last) = sub.last_mut() {
        *last = without_ending(last);
    }
    if sub.last().is_some_and(|last| matches!(*last, "index" | "mod")) {
        sub.pop();
    }
    for part in sub {
        out.push('/');
        out.push_str(part);
    }
    out
}

fn is_target(part: &str) -> bool {
    matches!(part, "deno" | "denonext" | "esnext")
        || part
            .strip_prefix("es20")
            .is_some_and(|year| year.len() == 2 && year.bytes().all(|b| b.is_ascii_digit()))
}

fn without_ending(part: &str) -> &str {
    [".ts", ".tsx", ".mts", ".js", ".mjs", ".cjs"]
        .iter()
        .find_map(|ending| part.strip_suffix(ending))
        .unwrap_or(part)
}

#[cfg(test)]
mod tests {
    use super::package;

    #[test]
    fn a_package_has_one_name_however_it_is_imported() {
        for (specifier, name) in [
            ("stripe", "stripe"),
            ("@clerk/nextjs/server", "@clerk/nextjs/server"),
            ("next/server.js", "next/server"),
            ("socket.io", "socket.io"),
            ("chart.js", "chart.js"),
            ("fs", "node:fs"),
            ("fs/promises", "node:fs/promises"),
            ("node:crypto", "node:crypto"),
            ("bun:sqlite", "bun:sqlite"),
            ("npm:stripe@14", "stripe"),
            ("npm:/stripe@^14.1.0", "stripe"),
            ("npm:@clerk/backend@1.2/jwt", "@clerk/backend/jwt"),
            ("jsr:@supabase/supabase-js@2", "@supabase/supabase-js"),
            ("https://esm.sh/stripe@14.21.0?target=deno", "stripe"),
            ("https://esm.sh/stripe@14.21.0&no-check", "stripe"),
            ("https://esm.sh/v135/@supabase/supabase-js@2.39.3", "@supabase/supabase-js"),
            ("https://esm.sh/*zod@3/deno/zod.mjs", "zod"),
            ("https://cdn.skypack.dev/zod", "zod"),
            ("https://cdn.jsdelivr.net/npm/@scope/a@1/+esm", "@scope/a"),
            ("https://esm.sh/@scope/a@1/es2022/a.mjs", "@scope/a"),
            ("hono/deno", "hono/deno"),
            ("npm:hono@4/deno", "hono/deno"),
            ("https://esm.sh/hono@4/deno", "hono/deno"),
            ("https://deno.land/std@0.168.0/http/server.ts", "std/http/server"),
            ("https://deno.land/x/djwt@v2.8/mod.ts", "deno.land/x/djwt/mod.ts"),
            ("https://example.org/a@1/b.ts?x#y", "https://example.org/a@1/b.ts"),
            ("https://esm.sh/gh/someone/thing@1", "https://esm.sh/gh/someone/thing@1"),
            ("", ""),
            ("@", "@"),
        ] {
            assert_eq!(package(specifier), name, "{specifier}");
        }
    }
}
