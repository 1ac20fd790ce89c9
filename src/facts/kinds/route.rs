use schemars::JsonSchema;
use serde::Serialize;

use super::{Answer, Evidence, Fact, Unknown};
use crate::secrets::Excerpt;

/// What sort of address it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RouteKind {
    /// An address of HTTP.
    #[default]
    Http,
    /// A server action: a function that the browser calls.
    Action,
    /// A procedure of an RPC library.
    Procedure,
    /// A function that a platform runs.
    EdgeFunction,
    /// It answers events of another service.
    Webhook,
    /// A page.
    Page,
}

/// Whether it is known who is calling.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
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
    #[default]
    Unknown,
}

/// What guards a route.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct RouteGuard {
    /// As the code calls it.
    pub name: Excerpt,
    /// Relative to PATH.
    pub file: String,
    /// The line.
    pub line: u32,
}

/// Something that a route does.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct RouteEffect {
    /// What sort of thing.
    #[schemars(extend("enum" = EFFECTS))]
    pub kind: String,
    /// Table, model, bucket, provider; `""` where the code does not say.
    pub target: Excerpt,
    /// For whom the client of the database acts; `""` where there is none.
    #[schemars(extend("enum" = CLIENTS))]
    pub client: String,
    /// Relative to PATH.
    pub file: String,
    /// The line.
    pub line: u32,
    /// Whether who is calling was established on every path to it.
    pub guarded: bool,
    /// Which rows it touches, or which address it asks: `own`, those of who is calling; `chosen`, those that the request
    /// names; `new`, it only adds some; `""`, others, or it can't be told.
    #[schemars(extend("enum" = WHICH))]
    pub which: String,
    /// What it is as an action: `approve` sets a state that somebody decides, `export` answers with a file; `""` for what is
    /// none, a look that nobody is told of.
    #[schemars(extend("enum" = ROUTE_ACTIONS))]
    pub action: String,
    /// What it is done to, in the words of the code: a table; else what is set in motion. `""` where the code does not say.
    pub resource: Excerpt,
    /// Who gets there at least: anyone, who is signed in, who has a role or a permission, who has a shared secret or signed the
    /// request, who was sent a link that nobody else has; `policies`: row-level security decides.
    #[schemars(extend("enum" = CALLERS))]
    pub callers: String,
    /// Whether it touches only what belongs to who is calling, or to what they belong to.
    pub bound: bool,
    /// The roles and permissions that are asked for on every way to it. All of these hold.
    pub roles: Vec<RoleAsk>,
}

/// A question about the role of who is calling.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct RoleAsk {
    /// One of these roles or permissions; none where it can't be told which.
    pub names: Vec<Excerpt>,
    /// Whether who has it is turned away, and everybody else passes.
    pub refused: bool,
}

/// Who gets to an effect.
pub const CALLERS: &[&str] = &["anyone", "signed-in", "role", "secret", "link", "policies", "unknown"];

/// What an effect is as an action.
pub const ROUTE_ACTIONS: &[&str] =
    &["view", "create", "update", "approve", "delete", "export", "trigger", ""];

/// A guard that is there and lets requests pass.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct RouteHole {
    /// In which way.
    #[schemars(extend("enum" = HOLES))]
    pub pattern: String,
    /// Relative to PATH.
    pub file: String,
    /// The line.
    pub line: u32,
    /// In words.
    pub says: Excerpt,
}

/// The kinds of effects.
pub const EFFECTS: &[&str] = &[
    "read", "write", "delete", "llm", "payment", "email", "sms", "push", "storage", "file", "process",
    "request", "users", "sign-in", "secret", "job", "other",
];

/// For whom a client of a database acts.
pub const CLIENTS: &[&str] = &["service", "user", "anonymous", "unknown", ""];

/// Which rows or addresses.
pub const WHICH: &[&str] = &["own", "chosen", "new", ""];

/// In which ways guards let requests pass.
pub const HOLES: &[&str] = &[
    "result-ignored",
    "wrapper-truthiness",
    "missing-await",
    "catch-continues",
    "unset-secret",
    "development-bypass",
    "no-return",
    "after-effect",
    "some-methods",
    "layer-order",
    "decoded-only",
    "session-from-cookie",
    "role-from-client",
    "matcher-gap",
    "client-only",
    "layout-only",
    "optional-identity",
    "always-next",
    "any-origin-with-cookies",
    "cookie-presence",
    "listed-in-code",
    "undefined-bearer",
    "other",
];

/// Something that answers requests: who may call it, and what it does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Route {
    /// The app it belongs to.
    pub app: String,
    /// Relative to PATH.
    pub file: String,
    /// The line at which it is declared.
    pub line: u32,
    /// `GET`, `POST`, …; `ANY` for all of them, `CRUD` for a resource, `ACTION` for a server action, `QUERY`, `MUTATION`
    /// and `SUBSCRIPTION` for procedures.
    pub method: String,
    /// From the root of the app, with parameters as the framework writes them. A procedure is `users.create`, an action the
    /// name of its function.
    pub path: Excerpt,
    /// What people call it: method and path, the path alone where all methods are meant, the name of an action.
    pub name: Excerpt,
    /// `next`, `express`, `hono`, `fastify`, `trpc`, `nestjs`, `supabase`.
    pub framework: String,
    /// What sort of address it is.
    pub kind: RouteKind,
    /// Whether anything that is deployed answers there. Unknown where its file does not parse.
    pub reachable: Answer,
    /// What guards it, in the order in which requests meet them.
    pub guards: Vec<RouteGuard>,
    /// The roles and permissions that it asks for, as the code writes them, sorted.
    pub roles: Vec<Excerpt>,
    /// Whether it is known who is calling before anything happens.
    pub authenticated: Authenticated,
    /// Whether what it reads and changes is bound to who is calling.
    pub authorized: Answer,
    /// Whether its input is checked before it is used.
    pub validated: Answer,
    /// Whether somebody who calls too often is stopped.
    pub rate_limited: Answer,
    /// Whether what it does, or that it failed, is written down.
    pub logged: Answer,
    /// Whether a failure gives a clear answer that tells nothing of the inside.
    pub handles_failure: Answer,
    /// Whether it asks an address that the request names.
    pub fetches_any: bool,
    /// Whether it was seen to answer with data where nothing tells who gets it.
    pub tells_data: bool,
    /// Whether it was seen to answer a failure with what went wrong inside.
    pub tells_inside: bool,
    /// Whether the sender's signature is verified. `na` for what is no webhook.
    pub signature_verified: Answer,
    /// What it does, in the order of the code.
    pub effects: Vec<RouteEffect>,
    /// Guards that are there and let requests pass.
    pub holes: Vec<RouteHole>,
    /// Whether its file parses. Of one that does not, only the routes are listed that can be told all the same.
    pub parsed: bool,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
    /// Of routes with the same method, path and file, the how-manieth; 0 for the first.
    #[serde(skip)]
    pub twin: u32,
}

impl Fact for Route {
    fn subject(&self) -> String {
        let Self { method, path, file, twin, .. } = self;
        match twin {
            0 => format!("{method} {path} in {file}"),
            _ => format!("{method} {path} in {file} ({})", twin + 1),
        }
    }
    fn app(&self) -> &str {
        &self.app
    }
    fn place(&self) -> (&str, u32) {
        (&self.file, self.line)
    }
    fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }
    fn unknowns(&self) -> &[Unknown] {
        &self.unknowns
    }
}
