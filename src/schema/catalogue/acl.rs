//! Who may do what with an object.

use std::collections::BTreeMap;

use crate::schema::sql::{Privilege, PrivilegeName};

/// A set of privileges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Rights(u16);

impl Rights {
    /// No privilege.
    pub const NONE: Self = Self(0);
    /// `select`
    pub const SELECT: Self = Self(1);
    /// `insert`
    pub const INSERT: Self = Self(2);
    /// `update`
    pub const UPDATE: Self = Self(4);
    /// `delete`
    pub const DELETE: Self = Self(8);
    /// `truncate`
    pub const TRUNCATE: Self = Self(16);
    /// `references`
    pub const REFERENCES: Self = Self(32);
    /// `trigger`
    pub const TRIGGER: Self = Self(64);
    /// `execute`
    pub const EXECUTE: Self = Self(128);
    /// `usage`
    pub const USAGE: Self = Self(256);
    /// `create`
    pub const CREATE: Self = Self(512);
    /// All of them.
    pub const ALL: Self = Self(1023);

    /// Whether all of `other` are among these.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both.
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// These, but not `other`.
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What a privilege's name means.
    pub fn of(name: PrivilegeName) -> Self {
        match name {
            PrivilegeName::All => Self::ALL,
            PrivilegeName::Select => Self::SELECT,
            PrivilegeName::Insert => Self::INSERT,
            PrivilegeName::Update => Self::UPDATE,
            PrivilegeName::Delete => Self::DELETE,
            PrivilegeName::Truncate => Self::TRUNCATE,
            PrivilegeName::References => Self::REFERENCES,
            PrivilegeName::Trigger => Self::TRIGGER,
            PrivilegeName::Execute => Self::EXECUTE,
            PrivilegeName::Usage => Self::USAGE,
            PrivilegeName::Create => Self::CREATE,
            PrivilegeName::Other => Self::NONE,
        }
    }
}

/// What has been granted on an object. Its owner may do everything besides.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Acl {
    /// By role; `public` is everyone.
    pub roles: BTreeMap<String, Rights>,
    /// On single columns: by role and column.
    pub columns: BTreeMap<(String, String), Rights>,
}

impl Acl {
    /// Grants or revokes.
    pub fn apply(&mut self, revoke: bool, privileges: &[Privilege], role: &str) {
        for privilege in privileges {
            let rights = Rights::of(privilege.name);
            if privilege.columns.is_empty() {
                let held = self.roles.entry(role.to_owned()).or_default();
                *held = if revoke { held.without(rights) } else { held.with(rights) };
                if revoke {
                    // Taking a privilege on the table takes it on its columns too.
                    for ((who, _), held) in &mut self.columns {
                        if who == role {
                            *held = held.without(rights);
                        }
                    }
                }
            }
            for column in &privilege.columns {
                let held = self.columns.entry((role.to_owned(), column.clone())).or_default();
                *held = if revoke { held.without(rights) } else { held.with(rights) };
            }
        }
        self.roles.retain(|_, held| !held.is_empty());
        self.columns.retain(|_, held| !held.is_empty());
    }

    /// What a role holds by itself or as one of everyone, on all columns.
    pub fn held(&self, role: &str) -> Rights {
        let of = |name: &str| self.roles.get(name).copied().unwrap_or_default();
        of(role).with(of("public"))
    }

    /// Whether a role holds the privilege on at least one column.
    pub fn held_somewhere(&self, role: &str, right: Rights) -> bool {
        self.held(role).has(right)
            || self.columns.iter().any(|((who, _), held)| (who == role || who == "public") && held.has(right))
    }
}
