//! What the names of columns say.

/// The words of a name: `isSuperAdmin`, `user_role`.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() && before.is_lowercase() {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(last) = words.last_mut()
        {
            last.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a column says what somebody may do.
pub fn is_role(name: &str) -> bool {
    let named = [
        "role",
        "roles",
        "admin",
        "superadmin",
        "superuser",
        "permission",
        "permissions",
        "privilege",
        "moderator",
        "staff",
        "level",
        "owner",
        "tier",
    ];
    words(name).iter().any(|word| named.contains(&&**word))
}
