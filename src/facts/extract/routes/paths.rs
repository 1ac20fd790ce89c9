//! Paths of routes and of what runs before them: putting them together, and whether one is met by another.

/// How a path of a layer meets the paths of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meets {
    /// Every request to the route.
    Always,
    /// Some requests to it.
    Sometimes,
    /// None.
    Never,
}

/// A path after its prefix: `/api` and `/users/` make `/api/users`. A path is never empty and ends in `/` only alone.
pub fn join(prefix: &str, path: &str) -> String {
    let mut out = String::with_capacity(prefix.len() + path.len() + 1);
    for part in prefix.split('/').chain(path.split('/')).filter(|part| !part.is_empty()) {
        out.push('/');
        out.push_str(part);
    }
    if out.is_empty() {
        out.push('/');
    }
    out
}

/// Whether what is put at `layer` runs for requests to `route`. With `prefix` it also runs for what is below it.
pub fn meets(layer: &str, prefix: bool, route: &str) -> Meets {
    let mut of_layer = layer.split('/').filter(|part| !part.is_empty()).peekable();
    let mut of_route = route.split('/').filter(|part| !part.is_empty());
    let mut out = Meets::Always;
    while let Some(expected) = of_layer.next() {
        // `/api/*` meets `/api` in Hono (https://hono.dev/docs/api/routing) and all below it everywhere.
        if is_rest(expected) && of_layer.peek().is_none() {
            return out;
        }
        let Some(part) = of_route.next() else {
            return if is_optional(expected) { out } else { Meets::Never };
        };
        match segment(expected, part) {
            Meets::Never => return Meets::Never,
            Meets::Sometimes => out = Meets::Sometimes,
            Meets::Always => {}
        }
        if is_rest(part) {
            // The route takes whatever comes: some of it is what the layer wants.
            return if is_rest(expected) { out } else { Meets::Sometimes };
        }
    }
    match of_route.next() {
        None => out,
        Some(_) if prefix => out,
        Some(part) if is_rest(part) || is_optional(part) => Meets::Sometimes,
        Some(_) => Meets::Never,
    }
}

/// `*`, `**`, `(.*)`, `*name`, `{*name}`, `:name*`: all that follows.
fn is_rest(part: &str) -> bool {
    part.starts_with('*')
        || part.starts_with("{*")
        || part.starts_with("(.*)")
        || part.starts_with("(*")
        || part.starts_with(':') && (part.ends_with('*') || part.ends_with('+'))
}

fn is_optional(part: &str) -> bool {
    part.ends_with('?')
}

/// A part that any text meets: `:id`, `{id}`.
fn is_any(part: &str) -> bool {
    is_rest(part)
        || part
            .strip_prefix(':')
            .is_some_and(|name| name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '?'))
        || part.starts_with('{') && part.ends_with('}') && part != "{?}"
}

/// A part that only some texts meet, or that can't be told.
fn is_pattern(part: &str) -> bool {
    part.contains(['*', '(', '+', '{', ':', '?', '['])
}

fn segment(expected: &str, part: &str) -> Meets {
    if is_any(expected) || expected.eq_ignore_ascii_case(part) {
        Meets::Always
    } else if is_pattern(expected) {
        match expected.split_once('*') {
            // `/api*`
            Some((start, "")) if !is_pattern(start) && !is_pattern(part) => {
                if part.starts_with(start) {
                    Meets::Always
                } else {
                    Meets::Never
                }
            }
            _ => Meets::Sometimes,
        }
    } else if is_any(part) || is_pattern(part) {
        Meets::Sometimes
    } else {
        Meets::Never
    }
}

#[cfg(test)]
mod tests {
    use super::{Meets, join, meets};

    #[test]
    fn paths_are_put_together() {
        assert_eq!(join("/api/", "users/"), "/api/users");
        assert_eq!(join("", "/"), "/");
        assert_eq!(join("/v1", "/"), "/v1");
    }

    #[test]
    fn a_prefix_meets_what_is_below_it_and_not_what_only_begins_alike() {
        assert_eq!(meets("/api", true, "/api/users/:id"), Meets::Always);
        assert_eq!(meets("/api", true, "/apis"), Meets::Never);
        assert_eq!(meets("/api", false, "/api/users"), Meets::Never);
        assert_eq!(meets("/", true, "/anything"), Meets::Always);
    }

    #[test]
    fn patterns() {
        assert_eq!(meets("/api/*", false, "/api"), Meets::Always);
        assert_eq!(meets("/api/*", false, "/api/a/b"), Meets::Always);
        assert_eq!(meets("/wild/*/card", false, "/wild/x/card"), Meets::Always);
        assert_eq!(meets("/:tenant", true, "/acme/users"), Meets::Always);
        assert_eq!(meets("/users/admin", false, "/users/:id"), Meets::Sometimes);
        assert_eq!(meets("/users/:id(\\d+)", false, "/users/me"), Meets::Sometimes);
        assert_eq!(meets("/api", true, "/*"), Meets::Sometimes);
        assert_eq!(meets("{?}", true, "/api"), Meets::Sometimes);
    }
}
