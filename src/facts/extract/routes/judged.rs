//! What is known of a route once its layers and its handler were read.

use crate::code::ModuleId;

/// The answers for one route: a cell of the matrix each, with the chain of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Whether it is known who is calling before anything happens.
    pub authenticated: Authenticated,
    /// Whether what it reads and changes is bound to who is calling.
    pub authorized: Cell,
    /// Whether its input is checked before it is used.
    pub validated: Cell,
    /// Whether somebody who calls too often is stopped.
    pub rate_limited: Cell,
    /// Whether what it does, or that it failed, is written down.
    pub logged: Cell,
    /// Whether a failure gives a clear answer that tells nothing of the inside.
    pub handles_failure: Cell,
    /// Whether the sender's signature is verified. [`Cell::Na`] for what is no webhook.
    pub signature_verified: Cell,
    /// It answers events of another service.
    pub is_webhook: bool,
    /// The roles and permissions that it asks for, as the code writes them, sorted.
    pub roles: Vec<String>,
    /// What guards it, in the order in which requests meet them.
    pub guards: Vec<Named>,
    /// What it does, in the order of the code.
    pub effects: Vec<Effect>,
    /// What each verdict rests on.
    pub evidence: Vec<Evidence>,
    /// Guards that are there and let requests pass.
    pub holes: Vec<Hole>,
}

/// A column of the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// It is so.
    Yes,
    /// It is not so.
    No,
    /// Only for some methods, or some of what it does.
    Partial,
    /// It can't be told.
    Unknown,
    /// The question makes no sense for this route.
    Na,
}

/// The first column has two answers more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Authenticated {
    /// The caller is known, or the request ends.
    Yes,
    /// Anyone can call it.
    No,
    /// Only some methods, or only writes, are guarded.
    Partial,
    /// Only a platform looks at a token, which the public key passes as well.
    Gateway,
    /// Open on purpose, as what it does shows.
    Public,
    /// It can't be told.
    Unknown,
}

/// Something with a name and a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// As the code calls it: `requireUser`, `supabase.auth.getUser`.
    pub name: String,
    /// Where.
    pub module: ModuleId,
    /// Line.
    pub line: u32,
}

/// Something that a route does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// `read`, `write`, `delete`, `llm`, `payment`, `email`, `sms`, `push`, `storage`, `file`, `process`, `request`,
    /// `users`, `sign-in`, `secret`, `job`.
    pub kind: &'static str,
    /// Table, model, bucket, provider; `""` where the code does not say.
    pub target: String,
    /// `service`, `user`, `anonymous`, `unknown`; `""` where there is no such thing.
    pub client: &'static str,
    /// Where.
    pub module: ModuleId,
    /// Line.
    pub line: u32,
    /// Whether who is calling was established on every path to it.
    pub guarded: bool,
    /// Which rows, or which address: `own`, `chosen`, `new`, `""`.
    pub which: &'static str,
}

/// What evidence of `handles_failure` says where an answer tells what went wrong inside.
pub const TELLS_INSIDE: &str = "the answer tells what went wrong inside";
/// What evidence of `authenticated` says where an answer holds data, and nothing tells who gets it.
pub const TELLS_DATA: &str = "it answers with data to anyone";

/// One link of a chain of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The cell that it speaks for: `authenticated`, `authorized`, …
    pub cell: &'static str,
    /// Where.
    pub module: Option<ModuleId>,
    /// Line; 0 without one.
    pub line: u32,
    /// In words: `supabase.auth.getUser() is checked, 401 without a user`.
    pub says: String,
}

/// A guard that lets requests pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hole {
    /// Which pattern: `result-ignored`, `wrapper-truthiness`, `missing-await`, `catch-continues`, `unset-secret`,
    /// `development-bypass`, `no-return`, `after-effect`, `some-methods`, `layer-order`, `decoded-only`,
    /// `session-from-cookie`, `role-from-client`, `matcher-gap`, `client-only`, `layout-only`, `optional-identity`,
    /// `always-next`, `any-origin-with-cookies`, `cookie-presence`, `listed-in-code`, `undefined-bearer`.
    pub pattern: &'static str,
    /// Where.
    pub module: ModuleId,
    /// Line.
    pub line: u32,
    /// In words.
    pub says: String,
}
