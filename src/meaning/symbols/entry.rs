//! What one entry of `rules/vocabulary/symbols/` says. `rules/vocabulary/symbols/README.md` explains it to those who
//! write entries.

use serde::Deserialize;

use super::place::{Condition, Failure, Part, Place};

/// What some symbols mean. An entry says one or several things.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The symbols, as the vocabulary writes them.
    pub symbols: Vec<String>,
    /// What the symbol's value is called in other entries (`<supabase>`), `""` for nothing.
    #[serde(default)]
    pub is: String,
    /// Calling it tells something about the request or the caller.
    pub guard: Option<Guard>,
    /// It is given a handler, and makes a guarded one of it.
    pub wrapper: Option<Wrapper>,
    /// It stands before handlers.
    pub middleware: Option<Middleware>,
    /// Calling it does something.
    pub effect: Option<Effect>,
    /// Calling it makes a client of a database or service.
    pub client: Option<Client>,
    /// It makes or sends a response.
    pub response: Option<Response>,
    /// It writes to a log.
    pub log: Option<Log>,
    /// It is, or gives, something that the caller chose.
    pub input: Option<Input>,
    /// It is the value of an environment variable, whose name is here.
    pub env: Option<Place>,
    /// It makes a whole handler.
    pub handler: Option<Handler>,
    /// It makes a keyed digest; the key is here.
    pub digest: Option<Place>,
    /// It makes a digest without a key. With a secret in it, it is as good as one with.
    #[serde(default)]
    pub hash: bool,
    /// It is what is here: a function that is remembered (`cache(fn)`), delayed or wrapped, and does what it does.
    pub passes: Option<Place>,
    /// It calls functions that it is given.
    #[serde(default)]
    pub callback: Vec<Callback>,
}

/// What a guard, wrapper or middleware establishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Who is calling.
    Identity,
    /// That the caller has a role or permission.
    Role,
    /// That something belongs to the caller.
    Owner,
    /// That whoever has the secret signed the request.
    Signature,
    /// That the input has a form.
    Validated,
    /// That the caller has not called too often.
    Rate,
    /// That two secrets are the same: of a comparison without telling by time how far; of a middleware that the request has
    /// a secret that only those have who may call.
    Equal,
    /// That a password or one-time code is right.
    Password,
    /// That a person, not a program, is calling.
    Human,
    /// That the product's own app is calling, whoever uses it.
    App,
}

/// How a guard shows that it is not so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// By its result, which must be looked at.
    #[default]
    Result,
    /// By throwing, or ending the request in another way.
    Throws,
}

/// What a guard's success is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// It was verified.
    #[default]
    Verified,
    /// Only that there is a cookie, a header, a token.
    Presence,
    /// A token that was decoded and not verified, or a session that came from the caller as it is.
    Unverified,
    /// It is for the browser; on a server it proves nothing.
    Client,
    /// It is what an earlier layer left: worth what that layer is worth.
    Carried,
}

/// See [`Entry::guard`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guard {
    /// What it tells.
    pub what: What,
    /// How it shows failure.
    #[serde(default)]
    pub how: How,
    /// Of its result: each of these alone shows failure. With [`How::Throws`] as well, where it does both.
    #[serde(default)]
    pub fails: Vec<Failure>,
    /// Where in the result what it established is: the identity, the parsed input. `""` is the result itself.
    #[serde(default)]
    pub yields: Vec<Part>,
    /// What it is worth.
    #[serde(default)]
    pub proof: Proof,
    /// With any of these it is verified, whatever [`Guard::proof`] says.
    #[serde(default)]
    pub verified_if: Vec<Condition>,
    /// What it looks at: the token, the input, whose calls are counted.
    pub of: Option<Place>,
    /// The secret that it verifies with.
    pub key: Option<Place>,
    /// With any of these it throws, whatever [`Guard::how`] says.
    #[serde(default)]
    pub throws_if: Vec<Condition>,
    /// With any of these it shows failure by its result, whatever [`Guard::how`] says.
    #[serde(default)]
    pub result_if: Vec<Condition>,
    /// With any of these it establishes nothing.
    #[serde(default)]
    pub off: Vec<Condition>,
    /// With any of these it establishes a role as well.
    #[serde(default)]
    pub role_if: Vec<Condition>,
    /// The function that is told the outcome, if one is given: then nothing is thrown.
    pub answer: Option<Answer>,
    /// It gives a promise in all versions: without `await` it tells nothing.
    #[serde(default)]
    pub promise: bool,
}

/// A function that is called with what failed and what is.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The function.
    pub function: Place,
    /// Which of its parameters is something when it failed.
    pub error: u32,
    /// Which of its parameters is what was established.
    pub value: u32,
}

/// See [`Entry::wrapper`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wrapper {
    /// The handler.
    pub handler: Place,
    /// What the handler can count on; nothing, if it has to look itself.
    #[serde(default)]
    pub establishes: Vec<What>,
    /// With any of these it establishes nothing.
    #[serde(default)]
    pub off: Vec<Condition>,
    /// Without all of these it establishes nothing.
    #[serde(default)]
    pub only: Vec<Condition>,
    /// With any of these it establishes a role as well.
    #[serde(default)]
    pub role_if: Vec<Condition>,
    /// Where the handler finds the identity: the number of a parameter, and a part of it (`0.auth`).
    #[serde(default)]
    pub carries: Vec<Part>,
    /// Whether what it carries may be nothing, and the handler must look.
    #[serde(default)]
    pub optional: bool,
}

/// What kind of function a middleware is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// `(req, res, next)`.
    Express,
    /// `(c, next)`.
    Hono,
    /// `(ctx, next)`.
    Koa,
    /// A hook `(request, reply)`.
    Fastify,
    /// What `register` is given. Its places are in the call of `register`.
    FastifyPlugin,
    /// The middleware file of Next.js.
    Next,
    /// A class with `canActivate`, or a function that makes one.
    NestGuard,
    /// A pipe, interceptor or filter of NestJS, or a module.
    NestOther,
}

/// How a layer is made of others. A function that is no layer, but says yes or no, is one of them as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Combines {
    /// All run, one after the other.
    Every,
    /// The next runs where the one before it failed.
    Some,
    /// The first is what lets a request pass: paths, or functions that say yes. For others all the rest run.
    Except,
}

/// See [`Entry::middleware`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Middleware {
    /// What kind of function it is.
    pub style: Style,
    /// The symbol makes the middleware when it is called; else it is it.
    #[serde(default)]
    pub factory: bool,
    /// It is made of the layers that its call is given.
    pub combines: Option<Combines>,
    /// What the request has, once it passed. Nothing, for one that is known to stop nobody.
    #[serde(default)]
    pub establishes: Vec<What>,
    /// What that is worth.
    #[serde(default)]
    pub proof: Proof,
    /// With any of these it establishes nothing.
    #[serde(default)]
    pub off: Vec<Condition>,
    /// With any of these it is how people sign in, and no guard of something else.
    #[serde(default)]
    pub signs_in: Vec<Condition>,
    /// Without all of these it establishes nothing.
    #[serde(default)]
    pub only: Vec<Condition>,
    /// With any of these it establishes a role as well.
    #[serde(default)]
    pub role_if: Vec<Condition>,
    /// Where it leaves the identity or the input on the request: `user`, `auth`.
    #[serde(default)]
    pub leaves: Vec<Part>,
    /// Whether it logs each request.
    #[serde(default)]
    pub logs: bool,
    /// Whether it lets any site call from the browser (CORS); the conditions of that are the framework's.
    #[serde(default)]
    pub cors: bool,
}

/// What kind of effect a call has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EffectKind {
    /// Reads from a database.
    DbRead,
    /// Creates or changes in a database.
    DbWrite,
    /// Deletes from a database.
    DbDelete,
    /// What a text in SQL says: see [`Effect::sql`]. Where that can't be told, anything.
    DbSql,
    /// Lets a language or image model work, for money.
    Llm,
    /// Moves money, or changes what will.
    Payment,
    /// Reads from a provider of payments.
    PaymentRead,
    /// Sends e-mail.
    Email,
    /// Sends a text message, or calls.
    Sms,
    /// Sends a notification or a message to a chat.
    Push,
    /// Writes to, or deletes from, a storage of files; makes an address with which others can.
    Storage,
    /// Reads from a storage of files.
    StorageRead,
    /// Writes to the file system.
    File,
    /// Reads from the file system.
    FileRead,
    /// Runs a program.
    Process,
    /// Runs a text as code.
    Eval,
    /// Sends a request: see [`Effect::url`].
    Request,
    /// Creates, changes or deletes users, whoever calls.
    UserAdmin,
    /// Reads users, whoever calls.
    UserRead,
    /// Signs somebody in, up or out; makes or changes credentials.
    SignIn,
    /// Reads a secret from where secrets are kept.
    SecretRead,
    /// Makes something else work later.
    Job,
}

/// See [`Entry::effect`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    /// What kind.
    pub kind: EffectKind,
    /// Whose service, where the symbol tells: `openai`, `stripe`.
    #[serde(default)]
    pub provider: String,
    /// What it is done to: table, model, collection, bucket, path, function.
    #[serde(default)]
    pub target: Vec<Place>,
    /// What says which rows are meant.
    #[serde(default)]
    pub filter: Vec<Place>,
    /// What lists the relations that are read along, by name, each with a `where` of its own.
    #[serde(default)]
    pub relations: Vec<Place>,
    /// What is written.
    #[serde(default)]
    pub values: Vec<Place>,
    /// The text in SQL.
    pub sql: Option<Place>,
    /// The address that is asked.
    pub url: Option<Place>,
    /// The method of the request.
    pub method: Option<Place>,
}

/// For whom a database takes a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Acts {
    /// The product itself: no policy of the database holds the caller.
    Service,
    /// Who is calling: policies hold them.
    User,
    /// Anybody: policies hold them.
    Anonymous,
    /// The key tells, and what [`Client::user`] says.
    Key,
}

/// See [`Entry::client`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// For whom it acts.
    pub acts: Acts,
    /// The key, whose name tells more: see [`super::key`].
    pub key: Option<Place>,
    /// With any of these it acts for who is calling, whatever the key is.
    #[serde(default)]
    pub user: Vec<Place>,
    /// Where it is, if the call says so.
    pub url: Option<Place>,
}

/// How a response takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Takes {
    /// It has to be returned.
    Returned,
    /// It has to be thrown.
    Thrown,
    /// The call throws by itself.
    Throws,
    /// It is sent by the call, and the function goes on.
    Sent,
    /// Its status is set by the call; nothing is sent yet, and the function goes on.
    Set,
    /// It is none: returned, it lets the request pass.
    Passes,
}

/// See [`Entry::response`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// How it takes effect.
    pub takes: Takes,
    /// Its status, if that is always the same, or where none of [`Response::status`] is there.
    pub fixed: Option<u16>,
    /// Where its status is: a number, or a name of [`Response::codes`].
    #[serde(default)]
    pub status: Vec<Place>,
    /// The names that stand for a status, `""` for numbers: see [`super::code`].
    #[serde(default)]
    pub codes: String,
    /// Its body or message.
    #[serde(default)]
    pub body: Vec<Place>,
    /// Where it sends the browser.
    pub location: Option<Place>,
}

/// See [`Entry::log`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Log {
    /// `debug`, `trace`.
    Debug,
    /// `log`, `info`, or any.
    Info,
    /// `warn`.
    Warn,
    /// `error`, `fatal`.
    Error,
    /// A tracker of errors.
    Tracker,
    /// Analytics: what users do, for the product's makers.
    Analytics,
}

/// See [`Entry::input`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Input {
    /// The body, in any form.
    Body,
    /// What stands behind `?`.
    Query,
    /// Parts of the path.
    Params,
    /// Headers.
    Headers,
    /// Cookies.
    Cookies,
    /// Cookies that only the server can have written.
    SignedCookies,
    /// The address as a whole.
    Url,
    /// Where the request came from: `x-forwarded-for` and the like.
    Address,
}

/// See [`Entry::handler`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handler {
    /// What it serves: `auth` (signing in), `rpc`, `graphql`, `jobs`, `upload`, `app` (another app as a whole), `static`,
    /// `docs`, `mcp`, `webhook`, `payment`, `cms`.
    pub serves: String,
    /// What it establishes before anything happens.
    #[serde(default)]
    pub establishes: Vec<What>,
    /// Without all of these it establishes nothing.
    #[serde(default)]
    pub only: Vec<Condition>,
    /// What it is made of: the app, the router, the functions.
    pub of: Option<Place>,
}

/// See [`Entry::callback`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Callback {
    /// The function.
    pub function: Place,
    /// What its parameters are, as other entries call it (`supabase`), `""` for nothing known.
    pub gives: Vec<String>,
}
