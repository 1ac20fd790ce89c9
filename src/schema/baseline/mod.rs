//! What is there before the first migration: an empty PostgreSQL, or a Supabase project.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::catalogue::{Catalogue, Role, Schema};
use super::check::Checked;
use super::replay::Session;
use super::sql::{Privilege, PrivilegeName};

/// An extension that can be made.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// The schema that it insists on.
    pub schema: Option<&'static str>,
    /// Whether it does so outside of Supabase too.
    pub always: bool,
    /// What it brings.
    pub sql: &'static str,
}

/// An extension by name.
pub fn extension(name: &str) -> Option<Known> {
    static KNOWN: OnceLock<HashMap<&'static str, Known>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| {
        let sections = include_str!("extensions.sql.txt").split("--! ").skip(1);
        sections
            .map(|section| {
                let (head, sql) = section.split_once('\n').unwrap_or((section, ""));
                let mut words = head.split(' ');
                let name = words.next().unwrap_or_default();
                let schema = words.next().and_then(|_| words.next());
                (name, Known { schema, always: head.ends_with(" always"), sql })
            })
            .collect()
    });
    known.get(name).copied()
}

/// An empty database: one schema, one role.
pub fn postgres() -> Session {
    let mut cat = Catalogue::default();
    let owner = "postgres".to_owned();
    let mut public = Schema { owner: owner.clone(), ..Schema::default() };
    let usage = Privilege { name: PrivilegeName::Usage, columns: Vec::new() };
    public.acl.apply(false, &[usage], "public");
    cat.schemas.insert("public".to_owned(), public);
    cat.roles.insert(owner, Role::default());
    Session::new(cat, vec!["public".to_owned()])
}

/// A Supabase project. With `exposed`, new tables and functions in `public` may be used by the public roles, as it
/// was for long; the setting `auto_expose_new_tables` is about that.
pub fn supabase(exposed: bool) -> Session {
    static PROJECTS: [OnceLock<Catalogue>; 2] = [const { OnceLock::new() }; 2];
    let [hidden, open] = &PROJECTS;
    let slot = if exposed { open } else { hidden };
    let path = vec!["public".to_owned(), "extensions".to_owned()];
    let cat = slot.get_or_init(|| {
        let mut session = postgres();
        session.cat.supabase = true;
        session.default_path.clone_from(&path);
        session.path.clone_from(&path);
        // A baseline that can't be run would be seen by every test.
        let _ = session.run_baseline(include_str!("supabase.sql.txt"));
        if exposed {
            let _ = session.run_baseline(
                "alter default privileges in schema public, storage grant all on tables to anon, authenticated, service_role;
                 alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
                 alter default privileges in schema public, storage grant all on functions to anon, authenticated, service_role;",
            );
        }
        session.cat.commit();
        session.cat
    });
    Session::new(cat.clone(), path)
}

impl Session {
    /// Runs statements of a baseline, which may do what migrations may not.
    pub(in crate::schema) fn run_baseline(&mut self, script: &str) -> Checked<()> {
        let before = std::mem::replace(&mut self.baseline, true);
        let mut result = Ok(());
        for piece in super::split::split(script) {
            result = super::parse::statements(piece.text)
                .and_then(|all| all.iter().try_for_each(|statement| self.run(statement)));
            if result.is_err() {
                break;
            }
        }
        self.baseline = before;
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_baselines_run() {
        let mut session = postgres();
        session.cat.supabase = true;
        session.path.push("extensions".to_owned());
        session.run_baseline(include_str!("supabase.sql.txt")).unwrap();
        let all = include_str!("extensions.sql.txt").split("--! ").skip(1);
        for name in all.filter_map(|section| section.split([' ', '\n']).next()) {
            let made = session.run_baseline(&format!("create extension if not exists \"{name}\""));
            assert_eq!(made, Ok(()), "{name}");
        }
    }
}
