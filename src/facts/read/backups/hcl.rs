//! As much of Terraform's language as its attributes need: blocks with their labels, and attributes with a literal
//! value. Tolerant and linear; what is computed stays unknown.

/// One attribute with its block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attribute {
    /// Type and name of the resource.
    pub(super) resource: (String, String),
    /// Line of the resource.
    pub(super) resource_line: u32,
    /// The path inside the resource, dotted: `settings.backup_configuration.enabled`.
    pub(super) path: String,
    /// As written, without quotes.
    pub(super) value: String,
    /// The line.
    pub(super) line: u32,
}

/// Every attribute of every resource. A resource also has an attribute with an empty path, so that one without any
/// is seen too.
pub(super) fn attributes(text: &str) -> Vec<Attribute> {
    let mut out = Vec::new();
    let mut resource: Option<((String, String), u32)> = None;
    let mut path: Vec<String> = Vec::new();
    let mut depth = 0_usize;
    let mut comment = false;
    let mut heredoc: Option<String> = None;
    for (number, line) in (1_u32..).zip(text.lines()) {
        if let Some(mark) = &heredoc {
            if line.trim() == mark {
                heredoc = None;
            }
            continue;
        }
        let line = clean(line, &mut comment);
        let trimmed = line.trim();
        if trimmed.is_empty() {
            continue;
        }
        let opens = braces(trimmed, '{');
        let closes = braces(trimmed, '}');
        if resource.is_none() && trimmed.starts_with("resource") {
            let mut labels = trimmed.split('"').skip(1).step_by(2);
            if let (Some(kind), Some(name)) = (labels.next(), labels.next()) {
                let label = (kind.to_owned(), name.to_owned());
                out.push(Attribute {
                    resource: label.clone(),
                    resource_line: number,
                    path: String::new(),
                    value: String::new(),
                    line: number,
                });
                resource = Some((label, number));
                path.clear();
                depth = 0;
            }
        } else if let Some((label, resource_line)) = &resource {
            if let Some((key, value)) = attribute(trimmed) {
                if let Some(at) = value.find("<<") {
                    let mark = value[at + 2..].trim_start_matches(['-', '~']).trim().to_owned();
                    heredoc = Some(mark).filter(|m| !m.is_empty());
                }
                let mut full = path.clone();
                full.push(key.to_owned());
                out.push(Attribute {
                    resource: label.clone(),
                    resource_line: *resource_line,
                    path: full.join("."),
                    value: value.trim().trim_matches('"').to_owned(),
                    line: number,
                });
            } else if opens > closes && path.len() < 20 {
                let name = trimmed.split(['{', ' ', '"']).next().unwrap_or_default();
                path.push(name.to_owned());
            }
        }
        // `key = {` opens a level as well, without a name.
        if attribute(trimmed).is_some() && opens > closes && path.len() < 20 {
            path.push(attribute(trimmed).map_or_else(String::new, |(key, _)| key.to_owned()));
        }
        depth += opens;
        let before = depth;
        depth = depth.saturating_sub(closes);
        if closes > opens {
            for _ in 0..(before - depth).min(path.len()) {
                path.pop();
            }
        }
        if depth == 0 && closes > 0 {
            resource = None;
            path.clear();
        }
    }
    out
}

fn attribute(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once('=')?;
    let key = key.trim();
    let name = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    (name && !value.starts_with('=')).then_some((key, value))
}

/// Brackets outside of strings.
fn braces(line: &str, bracket: char) -> usize {
    line.split('"').step_by(2).map(|part| part.matches(bracket).count()).sum()
}

fn clean(line: &str, comment: &mut bool) -> String {
    let mut rest = line;
    let mut out = String::new();
    let mut quoted = false;
    while let Some(c) = rest.chars().next() {
        if *comment {
            match rest.find("*/") {
                Some(at) => {
                    *comment = false;
                    rest = &rest[at + 2..];
                    continue;
                }
                None => return out,
            }
        }
        if !quoted && (rest.starts_with('#') || rest.starts_with("//")) {
            return out;
        }
        if !quoted && rest.starts_with("/*") {
            *comment = true;
            rest = &rest[2..];
            continue;
        }
        if c == '"' {
            quoted = !quoted;
        }
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_blocks() {
        let text = "resource \"google_sql_database_instance\" \"main\" {\n  settings {\n    backup_configuration {\n      enabled = true # yes\n    }\n    tier = \"db\"\n  }\n  deletion_protection = false\n}\n# resource \"x\" \"y\" {\nlocals {\n  a = 1\n}\n";
        let found: Vec<(String, String, u32)> =
            attributes(text).into_iter().map(|a| (a.path, a.value, a.line)).collect();
        let expected = [
            ("", "", 1),
            ("settings.backup_configuration.enabled", "true", 4),
            ("settings.tier", "db", 6),
            ("deletion_protection", "false", 8),
        ];
        assert_eq!(found, expected.map(|(p, v, l)| (p.to_owned(), v.to_owned(), l)));
    }
}
