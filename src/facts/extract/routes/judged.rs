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
    /// Where it asks for roles and permissions: any of these, in which module, at which line.
    pub asks: Vec<(Vec<String>, ModuleId, u32)>,
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
    /// What it is as an action: `view`, `create`, `update`, `approve`, `delete`, `export`, `trigger`; `""` for what is none:
    /// a look that nobody is told of.
    pub action: &'static str,
    /// What it is done to, in the words of the code: a table; else what is set in motion (`e-mail`, `AI model`). `""` where
    /// the code does not say.
    pub resource: String,
    /// Who gets there at least: `anyone`, `signed-in`, `role` (who has a role or permission), `secret` (who has a shared
    /// secret, or signed the request), `link` (who was sent a link that nobody else has), `policies` (row-level security decides), `unknown`.
    pub callers: &'static str,
    /// It touches only what belongs to who is calling, or to what they belong to.
    pub bound: bool,
    /// Its rows are told apart by a column that says who may see them.
    pub has_mark: bool,
    /// Only rows are meant that somebody approved.
    pub is_approved: bool,
    /// Its rows are told by a row that was found before.
    pub follows: bool,
    /// The roles and permissions that were asked for on every way to it; all of these hold.
    pub roles: Vec<RoleAsk>,
}

/// A question about the role of who is calling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleAsk {
    /// One of these, sorted.
    pub names: Vec<String>,
    /// Who has it is turned away; who has it not passes.
    pub refused: bool,
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
