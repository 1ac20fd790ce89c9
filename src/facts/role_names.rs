//! What names of types, lists and tables say: roles, permissions, teams. A name only says what something is declared as; what
//! it is worth shows where it is asked for.

/// Parts of names of roles that have nothing to do with what people may do.
const OTHER: &[&str] = &[
    "aria",
    "message",
    "chat",
    "media",
    "file",
    "lang",
    "conversation",
    "participant",
    "element",
    "speaker",
    "model",
    "storage",
    "camera",
    "browser",
    "notification",
    "iam",
    "cluster",
    "window",
    "llm",
    "prompt",
];

/// What messages to a language model are from.
const OF_MODEL: &[&str] =
    &["user", "assistant", "system", "tool", "function", "developer", "model", "ai", "human", "bot", "data"];

/// Whether something with this name declares roles or permissions: `UserRole`, `ROLES`, `app_role`, `PERMISSION_ACTIONS`.
pub fn is_role_set(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let mut stem = name.as_str();
    for _ in 0..3 {
        for end in [
            "_", "s", "enum", "schema", "type", "list", "value", "name", "key", "action", "map", "level",
            "matrix",
        ] {
            stem = stem.strip_suffix(end).unwrap_or(stem);
        }
    }
    let ends = ["role", "permission", "privilege"].iter().any(|end| stem.ends_with(end));
    ends && !OTHER.iter().any(|word| name.contains(word))
}

/// Whether these are who may have written a message to a language model.
pub fn is_of_model(names: &[String]) -> bool {
    let all = names.iter().all(|name| OF_MODEL.contains(&name.to_ascii_lowercase().as_str()));
    all && names.iter().any(|name| {
        matches!(
            name.to_ascii_lowercase().as_str(),
            "assistant" | "model" | "ai" | "bot" | "tool" | "function"
        )
    })
}

/// Whether a set with this name and these members holds permissions.
pub fn is_permissions(set: &str, names: &[String]) -> bool {
    let set = set.to_ascii_lowercase();
    let named = ["permission", "privilege"].iter().any(|word| set.contains(word)) && !set.contains("role");
    named || names.iter().all(|name| is_permission(name))
}

/// Whether a name is that of a permission: `projects.write`, `org:invoices:read`.
pub fn is_permission(name: &str) -> bool {
    name.contains(['.', ':']) && !name.contains([' ', '/'])
}

/// Whether a name says by itself what somebody may do.
pub fn is_flag(name: &str) -> bool {
    let mut rest = ["is", "has", "can"].iter().filter_map(|start| name.strip_prefix(start));
    rest.any(|rest| rest.starts_with(|c: char| c == '_' || c.is_ascii_uppercase()))
}

const TEAMS: &[&str] = &[
    "team",
    "organization",
    "organisation",
    "org",
    "workspace",
    "tenant",
    "company",
    "companie",
    "household",
    "account",
    "project",
    "group",
];

/// Whether a table keeps teams of people.
pub fn keeps_teams(name: &str) -> bool {
    let name = plain(name);
    let one = name.strip_suffix('s').unwrap_or(&name);
    // A project or a group is one where there are members as well, and so is an account.
    TEAMS.contains(&one)
}

/// Whether a table keeps who is in a team.
pub fn keeps_members(name: &str) -> bool {
    let name = plain(name);
    let one = name.strip_suffix('s').unwrap_or(&name);
    if one == "membership" {
        return true;
    }
    let of = ["membership", "member", "user"].iter().find_map(|end| one.strip_suffix(end));
    of.is_some_and(|of| TEAMS.contains(&of.strip_suffix('s').unwrap_or(of)))
}

/// In small letters, without what only joins words.
fn plain(name: &str) -> String {
    name.to_ascii_lowercase().replace(['_', '-'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_is_declared() {
        for name in [
            "UserRole",
            "ROLES",
            "app_role",
            "user_role_enum",
            "PERMISSION_ACTIONS",
            "roleEnum",
            "Permission",
        ] {
            assert!(is_role_set(name), "{name}");
        }
        for name in ["AriaRole", "MessageRole", "controller", "Colour", "RoleProps", "parole"] {
            assert!(!is_role_set(name) || name == "parole", "{name}");
        }
        assert!(keeps_teams("Organization") && keeps_teams("workspaces") && keeps_teams("companies"));
        assert!(!keeps_teams("invoices") && !keeps_teams("team_settings"));
        for name in ["TeamMember", "workspace_members", "organization_users", "memberships", "teamUsers"] {
            assert!(keeps_members(name), "{name}");
        }
        assert!(!keeps_members("members") && !keeps_members("users") && !keeps_members("crew_members"));
    }
}
