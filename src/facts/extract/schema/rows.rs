//! Which rows of a table strangers and users get at, and whose they are.

use crate::facts::kinds::{Evidence, Table, Unknown};
use crate::facts::replayed::Replayed;
use crate::meaning::policies::{
    Access, Caller, Rows, accesses, keeps, owner_key, personal, promotable, takes_in, tenant_key,
};
use crate::schema::catalogue::Relation;
use crate::secrets::{Excerpt, excerpt};

/// Fills the fields that policies decide. A database that browsers don't talk to has none to tell of.
pub(super) fn fill(database: &Replayed, relation: &Relation, table: &mut Table) {
    let catalogue = &database.catalogue;
    let list = |names: Vec<&str>| -> Vec<Excerpt> { names.into_iter().map(excerpt).collect() };
    table.owner_key = excerpt(&owner_key(catalogue, relation));
    table.tenant_key = excerpt(&tenant_key(catalogue, relation));
    table.personal = list(personal(relation));
    table.keeps = keeps(relation).to_owned();
    table.takes_in = takes_in(relation);
    if !catalogue.supabase {
        return;
    }
    let strangers = accesses(catalogue, relation, Caller::Anonymous);
    let users = accesses(catalogue, relation, Caller::SignedIn);
    let word = |access: &Access| access.rows.word().to_owned();
    let [read, add, change, remove] = &strangers;
    (table.anonymous_read, table.anonymous_add) = (word(read), word(add));
    (table.anonymous_change, table.anonymous_remove) = (word(change), word(remove));
    let [read, add, change, remove] = &users;
    (table.signed_in_read, table.signed_in_add) = (word(read), word(add));
    (table.signed_in_change, table.signed_in_remove) = (word(change), word(remove));
    table.moves = change.moves;
    table.promotable = list(promotable(catalogue, relation));
    let named = ["anonymous", "signed_in"].into_iter().zip([&strangers, &users]);
    for (who, accesses) in named {
        for (what, access) in ["read", "add", "change", "remove"].into_iter().zip(accesses) {
            tell(database, relation, &format!("{who}_{what}"), access, table);
        }
    }
}

/// Which policies it rests on, or why it can't be told.
fn tell(database: &Replayed, relation: &Relation, field: &str, access: &Access, table: &mut Table) {
    if access.rows == Rows::Unknown {
        let reason = match access.by.first() {
            Some(policy) => {
                format!("the policy \"{}\" asks for something that can't be followed", excerpt(policy))
            }
            None => {
                "row-level security, or a policy, depends on data that is not in the repository".to_owned()
            }
        };
        table.unknowns.push(Unknown::new(field, &reason));
        return;
    }
    if !matches!(access.rows, Rows::All | Rows::Member) {
        return;
    }
    for policy in access.by.iter().filter_map(|name| relation.policies.get(name)) {
        let (file, line) = database.place(policy.place);
        let says = format!("the policy \"{}\" lets them", excerpt(&policy.name));
        table.evidence.push(Evidence::new(field, &file, line, &says));
    }
}
