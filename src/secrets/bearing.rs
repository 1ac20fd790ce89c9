//! What a path has to do with what is found in its file.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::classify::place::{is_local, is_pipeline, place};
use super::generic::syntax::syntax;
use crate::source::{Role, role};

/// A number that is the same for paths of which the same text is judged alike: for the place (tests say less than what
/// ships), the syntax, and the names that tell a format. 31 bits.
pub(super) fn bearing(path: &str) -> u32 {
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut hasher = DefaultHasher::new();
    (place(path), is_local(path), is_pipeline(path), syntax(path)).hash(&mut hasher);
    // Code of one language is read alike whatever its file is called; a file without such an end may be known by name.
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && !["key", "json"].contains(&extension) => extension,
        _ => name,
    }
    .hash(&mut hasher);
    // Build output and somebody else's code are one place, and not one to private keys.
    (role(path) == Role::Vendored).hash(&mut hasher);
    path.contains("credentials/").hash(&mut hasher);
    u32::try_from(hasher.finish() >> 33).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_for_versions_of_a_module_and_another_for_its_test() {
        assert_eq!(bearing("src/a.ts"), bearing("lib/deep/b.ts"));
        for other in ["tests/a.ts", "docs/a.ts", "src/a.py", "examples/a.ts", "src/.env", "src/a.json"] {
            assert_ne!(bearing("src/a.ts"), bearing(other), "{other}");
        }
        assert_ne!(bearing("dist/a.js"), bearing("node_modules/a.js"));
        assert_ne!(bearing("home/logins.json"), bearing("home/users.json"));
        assert_ne!(bearing(".pgpass"), bearing(".profile"));
        assert!(bearing("src/a.ts") < 1 << 31);
    }
}
