//! What a database consists of after its migrations: the catalogue, as typed objects with the places they came from.
//!
//! Objects have numbers, as in PostgreSQL, so that renaming and moving one leaves what refers to it alone.

mod acl;
mod lookup;
mod object;
mod store;
mod ty;

pub use acl::{Acl, Rights};
pub use object::{
    Bucket, Column, Constraint, ConstraintKind, CronJob, Dep, EventTrigger, Extension, Function,
    FunctionKind, Index, IndexKey, Param, Place, Policy, Publication, Relation, RelationKind, Role, Schema,
    Switch, Trigger, UserType, UserTypeKind,
};
pub use store::Store;
pub use ty::Ty;

use std::collections::BTreeMap;

/// The number of an object.
pub type Oid = u32;

/// Numbers below are those of built-in types.
pub const FIRST_OID: Oid = 100_000;

/// The tables, policies, functions and all else.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// Paths of the files that were replayed; places count into it.
    pub files: Vec<String>,
    /// Whether this is a Supabase project: whether its roles, schemas and functions were there from the start.
    pub supabase: bool,
    /// Schemas.
    pub schemas: Store<String, Schema>,
    /// Tables, views, sequences and what else has columns.
    pub relations: Store<Oid, Relation>,
    /// Indexes.
    pub indexes: Store<Oid, Index>,
    /// Functions, procedures and aggregates.
    pub functions: Store<Oid, Function>,
    /// Types that were made.
    pub types: Store<Oid, UserType>,
    /// Relations and indexes by schema and name.
    pub names: Store<(String, String), Oid>,
    /// Functions by name, in whichever schema.
    pub function_names: Store<String, Vec<Oid>>,
    /// Types by schema and name.
    pub type_names: Store<(String, String), Oid>,
    /// Roles.
    pub roles: Store<String, Role>,
    /// Extensions.
    pub extensions: Store<String, Extension>,
    /// Publications.
    pub publications: Store<String, Publication>,
    /// Event triggers.
    pub event_triggers: Store<String, EventTrigger>,
    /// Buckets of Supabase's storage.
    pub buckets: Store<String, Bucket>,
    /// Jobs of `pg_cron`, by name.
    pub cron_jobs: Store<String, CronJob>,
    /// Foreign servers and data wrappers.
    pub servers: Store<String, ()>,
    /// What new objects get: by role, schema (empty: all) and kind of object.
    pub default_privileges: Store<(String, String, char), Acl>,
    /// Operators that migrations or extensions made.
    pub operators: Store<String, ()>,
    /// Tables that statements named and no migration makes, with the first place.
    pub missing: BTreeMap<String, Place>,
    /// Statements that the server would refuse.
    pub failures: Vec<Failure>,
    /// What could not be decided.
    pub undecided: Vec<Undecided>,
    /// The first failure of a strict replay, in which a file is a transaction.
    pub strict: Option<Failure>,
    next: Oid,
}

/// A statement that the server would refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Where it stands.
    pub place: Place,
    /// PostgreSQL's code: `42P01`.
    pub code: &'static str,
    /// Why, in PostgreSQL's words as far as they are known.
    pub why: String,
    /// The statement's first words.
    pub statement: String,
    /// The relation or function it is about, `schema.name`.
    pub subject: Option<String>,
}

/// Something that can't be told without the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// Where it stands.
    pub place: Place,
    /// Why.
    pub why: String,
    /// What it may change: `schema.table`. Empty: nothing that matters; `*`: anything.
    pub touches: Vec<String>,
}

/// How far back each store can go.
#[derive(Clone, Copy, Debug)]
pub struct Mark([usize; 17]);

impl Catalogue {
    /// A number for a new object.
    pub fn new_oid(&mut self) -> Oid {
        self.next = self.next.max(FIRST_OID) + 1;
        self.next
    }

    /// A point to go back to.
    pub fn mark(&self) -> Mark {
        Mark([
            self.schemas.mark(),
            self.relations.mark(),
            self.indexes.mark(),
            self.functions.mark(),
            self.types.mark(),
            self.names.mark(),
            self.function_names.mark(),
            self.type_names.mark(),
            self.roles.mark(),
            self.extensions.mark(),
            self.publications.mark(),
            self.event_triggers.mark(),
            self.buckets.mark(),
            self.cron_jobs.mark(),
            self.servers.mark(),
            self.default_privileges.mark(),
            self.operators.mark(),
        ])
    }

    /// Undoes what happened since `mark`.
    pub fn rollback(&mut self, mark: Mark) {
        let Mark([a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q]) = mark;
        self.schemas.rollback(a);
        self.relations.rollback(b);
        self.indexes.rollback(c);
        self.functions.rollback(d);
        self.types.rollback(e);
        self.names.rollback(f);
        self.function_names.rollback(g);
        self.type_names.rollback(h);
        self.roles.rollback(i);
        self.extensions.rollback(j);
        self.publications.rollback(k);
        self.event_triggers.rollback(l);
        self.buckets.rollback(m);
        self.cron_jobs.rollback(n);
        self.servers.rollback(o);
        self.default_privileges.rollback(p);
        self.operators.rollback(q);
    }

    /// Makes what happened final.
    pub fn commit(&mut self) {
        self.schemas.commit();
        self.relations.commit();
        self.indexes.commit();
        self.functions.commit();
        self.types.commit();
        self.names.commit();
        self.function_names.commit();
        self.type_names.commit();
        self.roles.commit();
        self.extensions.commit();
        self.publications.commit();
        self.event_triggers.commit();
        self.buckets.commit();
        self.cron_jobs.commit();
        self.servers.commit();
        self.default_privileges.commit();
        self.operators.commit();
    }
}
