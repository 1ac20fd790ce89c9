//! Values that only name where a credential is, or stand for one that is to be filled in.

/// How references start, in the languages that people write configuration and code in.
const SOURCES: &[&str] = &[
    "process.env.",
    "process.env[",
    "import.meta.env.",
    "Deno.env.get(",
    "Bun.env.",
    "os.environ",
    "os.getenv(",
    "env.",
    "env(",
    "ENV[",
    "ENV.",
    "secrets.",
    "vars.",
    "inputs.",
    "config.",
    "settings.",
    "options.",
    "props.",
];

/// How placeholders start.
const PLACEHOLDERS: &[&str] = &[
    "your",
    "my-",
    "my_",
    "replace",
    "change",
    "insert",
    "enter",
    "add-",
    "add_",
    "put-",
    "put_",
    "todo",
    "example",
    "placeholder",
    "dummy",
    "some-",
    "some_",
    "the-",
    "the_",
    "xxx",
];

/// Words of types and of nothing.
const WORDS: &[&str] = &[
    "any",
    "async",
    "await",
    "bool",
    "boolean",
    "bytes",
    "false",
    "function",
    "int",
    "integer",
    "never",
    "new",
    "nil",
    "no",
    "none",
    "not",
    "null",
    "number",
    "object",
    "off",
    "on",
    "optional",
    "required",
    "self",
    "str",
    "string",
    "text",
    "this",
    "true",
    "undefined",
    "unknown",
    "uuid",
    "varchar",
    "void",
    "write",
    "read",
    "yes",
    "z",
    "import",
    "export",
    "return",
    "const",
    "let",
    "var",
    "if",
    "else",
    "typeof",
    "is",
    "in",
    "and",
    "or",
];

/// Parts of names for things that hold a credential.
const STEMS: &[&str] =
    &["auth", "cred", "env", "hash", "jwt", "key", "pass", "pwd", "secret", "session", "token", "value"];

/// Whether a value only refers to a credential.
pub(super) fn is_reference(value: &str) -> bool {
    let value = value.trim();
    value.is_empty() || is_variable(value) || is_placeholder(value) || is_lookup(value)
}

/// Whether code that is no literal can't be a credential: a type, a call, a name such as `accessToken`.
pub(super) fn is_expression(value: &str) -> bool {
    let bare = value.trim_end_matches(['?', '!', '.', ':', '|', '=']);
    let is_name = |c: char| c.is_ascii_alphabetic() || "_.?!$[]".contains(c);
    let lower = bare.to_ascii_lowercase();
    let operand = value.trim_start_matches(['(', '[', '{', '|', '&', '=', '!', '`']);
    let callee = value.split_once(['(', '[']).map(|(callee, _)| callee);
    WORDS.contains(&lower.as_str())
        || operand.len() < value.len() && operand.chars().all(is_name)
        || callee.is_some_and(|callee| callee.chars().all(|c| is_name(c) || c.is_ascii_digit()))
        || bare.chars().all(is_name) && (bare.contains('.') || STEMS.iter().any(|stem| lower.contains(stem)))
}

/// `${X}`, `${{ secrets.X }}`, `$X`, `{{ x }}`, `<x>`, `%X%`. A default (`${X:-…}`) would be a value.
fn is_variable(value: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || "_. []".contains(c);
    let between = |open: &str, close: &str| {
        let inner = value.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        inner.is_some_and(|inner| inner.chars().all(is_inner))
    };
    let is_shouted = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
            && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    };
    let dollar = value.strip_prefix('$').is_some_and(|name| {
        let lower = name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        is_shouted(name) || lower && STEMS.iter().any(|stem| name.contains(stem))
    });
    let percent = value.strip_prefix('%').and_then(|rest| rest.strip_suffix('%')).is_some_and(is_shouted);
    ["${{", "${", "{{", "$(", "{", "%s", "%v", "?"].contains(&value)
        || between("${{", "}}")
        || between("${", "}")
        || between("{{", "}}")
        || between("{", "}")
        || dollar
        || percent
}

fn is_placeholder(value: &str) -> bool {
    let is_filler = |c: char| matches!(c, 'x' | 'X' | '*' | '.' | '•' | '-' | '_' | '…' | '#');
    let is_prose = |c: char| c.is_ascii_alphabetic() || "_- .!:".contains(c);
    let inner = value.trim_start_matches(['<', '[']).trim_end_matches(['>', ']']);
    let lower = inner.to_ascii_lowercase();
    let bracketed = inner.len() < value.len() && inner.len() <= 40 && inner.chars().all(is_prose);
    let starts = PLACEHOLDERS.iter().any(|start| lower.starts_with(start)) || lower.ends_with("here");
    value.chars().all(is_filler)
        || value.ends_with("•••")
        || bracketed
        || starts && inner.chars().all(is_prose)
}

fn is_lookup(value: &str) -> bool {
    let rest = SOURCES.iter().find_map(|start| value.strip_prefix(start));
    rest.is_some_and(|rest| rest.chars().all(|c| c.is_ascii_alphanumeric() || "_.!?[]()\"'".contains(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_and_placeholders() {
        for value in [
            "",
            "$TOKEN",
            "${TOKEN}",
            "${{ secrets.TOKEN }}",
            "{{ token }}",
            "$password",
            "%PASSWORD%",
            "<your key>",
            "process.env.TOKEN",
            "process.env.TOKEN!",
            "os.environ[\"TOKEN\"]",
            "secrets.TOKEN",
            "your-api-key",
            "changeme",
            "xxxxxxxx",
            "****",
            "[YOUR-PASSWORD]",
            "sk_live_•••",
        ] {
            assert!(is_reference(value), "{value}");
        }
        for value in ["hunter2", "$ecret123", "${TOKEN:-hunter2}", "$2b$10$abc", "your1password", "password"]
        {
            assert!(!is_reference(value), "{value}");
        }
    }

    #[test]
    fn expressions() {
        for value in [
            "string",
            "getToken(",
            "accessToken",
            "req.body.pw",
            "await",
            "dict[str",
            "{",
            "None",
            "hashedPassword!",
        ] {
            assert!(is_expression(value), "{value}");
        }
        for value in ["hunter", "hunter2", "abc123token"] {
            assert!(!is_expression(value), "{value}");
        }
    }
}
