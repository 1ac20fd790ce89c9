//! Roles and permissions that schemas and types declare, and tables of teams. Code's own enums and lists are read from the
//! code model.

use std::sync::LazyLock;

use regex::Regex;

use super::Reader;
use crate::facts::FileNotes;
use crate::facts::notes::{RoleNote, RoleSetNote};
use crate::facts::role_names::{is_of_model, is_role_set, keeps_members, keeps_teams};
use crate::source::{File, Role};
use crate::words::may_hold;

/// The readers.
pub static READERS: &[Reader] = &[
    Reader { name: "roles of schemas", wants: wants_schema, read: read_schema },
    Reader { name: "roles of types", wants: wants_types, read: read_types },
];

/// Longer texts are not names.
const LONGEST_NAME: usize = 60;
/// Sets with more members are no sets of roles.
const MOST_NAMES: usize = 80;

fn wants_schema(file: &File) -> bool {
    let of_schema = matches!(&*file.extension(), "sql" | "prisma");
    of_schema && matches!(file.role, Role::Product | Role::Generated)
}

fn wants_types(file: &File) -> bool {
    matches!(&*file.extension(), "ts" | "mts" | "cts" | "tsx") && file.role == Role::Product
}

fn regex(pattern: &str) -> Option<Regex> {
    Regex::new(pattern).ok()
}

static PRISMA_ENUM: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r"(?m)^[ \t]*(enum|model)[ \t]+(\w+)[ \t]*\{([^}]*)\}"));
static PRISMA_ROLE: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r"(?m)^[ \t]*(role|user_?role|is_?admin|permissions)[ \t]+\w"));
static SQL_ENUM: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r#"(?i)\bcreate\s+type\s+([\w."]+)\s+as\s+enum\s*\(([^)]*)\)"#));
static SQL_CHECK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(r#"(?i)\bcheck\s*\(\s*\(?\s*"?(\w+)"?\s*(?:in\s*\(|=\s*any\s*\(\s*array\s*\[)([^)\]]*)[)\]]"#)
});
static SQL_TABLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(r#"(?i)\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?(?:[\w"`]+\.)?["`]?(\w+)["`]?\s*\("#)
});
static SQL_ROLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r#"(?im)^\s*["`]?(role|user_role|is_admin|permissions)["`]?\s+(?:text|varchar|character|[\w."]*role|boolean|jsonb)"#,
    )
});
static SQL_POLICY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"(?is)\bcreate\s+policy\b[^;]*?\b(?:has_role|is_admin|user_roles?|has_permission|\brole'?\s*\)?\s*(?:=|in\b))",
    )
});
static TYPE_UNION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r#"(?m)^[ \t]*(?:export[ \t]+)?type[ \t]+(\w+)[ \t]*=((?:\s*\|?\s*(?:'[^'\n]*'|"[^"\n]*"))+)[ \t]*(?:;|$)"#,
    )
});
static QUOTED: LazyLock<Option<Regex>> = LazyLock::new(|| regex(r#"'([^'\n]*)'|"([^"\n]*)""#));

/// The text without `-- comments` and `// comments`; lines stay where they are.
fn without_comments(text: &str, mark: &str) -> String {
    let code = |line: &str| line.find(mark).map_or(line, |at| line.get(..at).unwrap_or(line)).to_owned();
    text.lines().map(code).collect::<Vec<_>>().join("\n")
}

fn line_of(text: &str, at: usize) -> u32 {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    u32::try_from(memchr::memchr_iter(b'\n', before).count() + 1).unwrap_or(u32::MAX)
}

fn quoted(text: &str) -> Vec<String> {
    let Some(pattern) = QUOTED.as_ref() else { return Vec::new() };
    pattern
        .captures_iter(text)
        .filter_map(|found| found.get(1).or(found.get(2)))
        .map(|name| name.as_str().to_owned())
        .filter(|name| !name.is_empty() && name.len() <= LONGEST_NAME)
        .take(MOST_NAMES)
        .collect()
}

fn read_schema(file: &File, text: &str, notes: &mut FileNotes) {
    let mut note = RoleNote::default();
    match &*file.extension() {
        "prisma" => read_prisma(&without_comments(text, "//"), &mut note),
        _ if may_hold(text, &["create", "role"]) => read_sql(&without_comments(text, "--"), &mut note),
        _ => {}
    }
    if note != RoleNote::default() {
        notes.roles = note;
    }
}

fn read_prisma(text: &str, note: &mut RoleNote) {
    let Some(pattern) = PRISMA_ENUM.as_ref() else { return };
    for found in pattern.captures_iter(text) {
        let (Some(whole), Some(kind), Some(name), Some(body)) =
            (found.get(0), found.get(1), found.get(2), found.get(3))
        else {
            continue;
        };
        let (name, line) = (name.as_str(), line_of(text, name.start()));
        if kind.as_str() == "model" {
            tables(name, line, note);
            if let Some(column) = PRISMA_ROLE.as_ref().and_then(|pattern| pattern.find(whole.as_str())) {
                note.columns.push(line_of(text, whole.start() + column.end()));
            }
        } else if is_role_set(name) {
            let member = |line: &str| line.split_whitespace().next().map(str::to_owned);
            let names: Vec<String> =
                body.as_str().lines().filter_map(member).filter(|name| !name.starts_with('@')).collect();
            push(note, name, names, line);
        }
    }
}

fn read_sql(text: &str, note: &mut RoleNote) {
    for pattern in [&SQL_ENUM, &SQL_CHECK].into_iter().filter_map(|pattern| pattern.as_ref()) {
        for found in pattern.captures_iter(text) {
            let (Some(name), Some(body)) = (found.get(1), found.get(2)) else { continue };
            let plain = name.as_str().rsplit('.').next().unwrap_or_default().trim_matches('"');
            if is_role_set(plain) {
                push(note, plain, quoted(body.as_str()), line_of(text, name.start()));
            }
        }
    }
    if let Some(pattern) = SQL_TABLE.as_ref() {
        for found in pattern.captures_iter(text) {
            if let Some(name) = found.get(1) {
                tables(name.as_str(), line_of(text, name.start()), note);
            }
        }
    }
    if let Some(column) = SQL_ROLE.as_ref().and_then(|pattern| pattern.captures(text)).and_then(|c| c.get(1))
    {
        note.columns.push(line_of(text, column.start()));
    }
    if let Some(policy) = SQL_POLICY.as_ref().and_then(|pattern| pattern.find(text)) {
        note.policies.push(line_of(text, policy.start()));
    }
}

fn read_types(_: &File, text: &str, notes: &mut FileNotes) {
    let note = types(text);
    if note != RoleNote::default() {
        notes.roles = note;
    }
}

fn types(text: &str) -> RoleNote {
    let mut note = RoleNote::default();
    if !may_hold(text, &["role", "permission"]) || memchr::memmem::find(text.as_bytes(), b"type ").is_none() {
        return note;
    }
    let Some(pattern) = TYPE_UNION.as_ref() else { return note };
    for found in pattern.captures_iter(text) {
        if let (Some(name), Some(body)) = (found.get(1), found.get(2))
            && is_role_set(name.as_str())
        {
            push(&mut note, name.as_str(), quoted(body.as_str()), line_of(text, name.start()));
        }
    }
    note
}

fn tables(name: &str, line: u32, note: &mut RoleNote) {
    if keeps_members(name) {
        note.members.push((name.to_owned(), line));
    } else if keeps_teams(name) {
        note.teams.push((name.to_owned(), line));
    }
}

fn push(note: &mut RoleNote, set: &str, names: Vec<String>, line: u32) {
    if !names.is_empty() && names.len() <= MOST_NAMES && !is_of_model(&names) {
        note.sets.push(RoleSetNote { set: set.to_owned(), names, line });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str, text: &str) -> RoleNote {
        let mut note = RoleNote::default();
        match path.rsplit('.').next() {
            Some("prisma") => read_prisma(&without_comments(text, "//"), &mut note),
            Some("sql") => read_sql(&without_comments(text, "--"), &mut note),
            _ => note = types(text),
        }
        note
    }

    fn sets(note: &RoleNote) -> Vec<String> {
        note.sets.iter().map(|set| format!("{}:{} {}", set.set, set.line, set.names.join(" "))).collect()
    }

    #[test]
    fn schemas_declare_roles_and_teams() {
        let note = read(
            "schema.prisma",
            "enum Role {\n  OWNER // may all\n  MEMBER @map(\"member\")\n  @@map(\"roles\")\n}\nenum Colour { RED }\n\
             model Team {\n  id Int\n}\nmodel TeamMember {\n  role Role\n}\n",
        );
        assert_eq!(sets(&note), ["Role:1 OWNER MEMBER"]);
        assert_eq!((note.teams.len(), note.members.len(), note.columns.as_slice()), (1, 1, &[11][..]));
        let note = read(
            "a.sql",
            "-- create type old_role as enum ('x');\nCREATE TYPE public.app_role AS ENUM ('admin', 'user');\n\
             create table public.workspaces (\n  id uuid\n);\ncreate table workspace_members (\n  role text not null check (role in ('owner', 'guest'))\n);\n\
             create policy p on notes using (public.has_role(auth.uid(), 'admin'));\n",
        );
        assert_eq!(sets(&note), ["app_role:2 admin user", "role:7 owner guest"]);
        assert_eq!((note.teams.len(), note.members.len()), (1, 1));
        assert_eq!((note.columns.as_slice(), note.policies.as_slice()), (&[7][..], &[9][..]));
    }

    #[test]
    fn types_declare_roles_and_messages_to_a_model_do_not() {
        let note = read(
            "a.ts",
            "export type UserRole = 'admin' | \"editor\";\ntype Permission =\n  | 'a.read'\n  | 'a.write'\n\
             type ChatRole = 'user' | 'assistant'\n// type OldRole = 'x'\ntype Named = Role | 'b'\n",
        );
        assert_eq!(sets(&note), ["UserRole:1 admin editor", "Permission:2 a.read a.write"]);
    }
}
