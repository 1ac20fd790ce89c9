//! What the policies of a database come to: which rows a stranger and a signed-in user get at.
//!
//! A condition is worth what it ties a row to: to who is calling, to a team that they belong to, to a role, to the row
//! itself. What can't be told stays so, with the reason.

mod access;
mod compare;
mod eval;
mod helper;
mod keys;
mod names;
mod query;
mod scope;
mod text;
mod truth;

pub use access::{Access, Operation, Rows, access, accesses};
pub use eval::Caller;
pub use keys::{keeps, owner_key, personal, promotable, takes_in, tenant_key};
pub use names::is_role;
pub use truth::{Ties, Truth};

#[cfg(test)]
mod tests;
