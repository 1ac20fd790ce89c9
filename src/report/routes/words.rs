//! The words of the matrix: few and plain, the same in every format.

use super::matrix::{RouteCounts, RouteMatrix, RouteRow};
use crate::facts::Answer;
use crate::facts::kinds::Authenticated;

/// The columns: a short heading, and what it asks.
pub const COLUMNS: [(&str, &str); 7] = [
    ("caller", "who is calling is known before anything happens"),
    ("rights", "what it reads and changes is bound to who is calling"),
    ("input", "what it is sent is checked before it is used"),
    ("limit", "whoever calls too often is stopped"),
    ("log", "what it does, or that it failed, is written down"),
    ("fail", "a failure gives a clear answer that tells nothing of the inside"),
    ("sign", "the sender's signature is verified, for what other services call"),
];

/// What the words mean that are not plain.
pub const LEGEND: [(&str, &str); 5] = [
    ("part", "only for some methods, or some of what it does"),
    ("gate", "only the platform looks at a token, and the public key passes as well"),
    ("open", "for everybody on purpose, as what it does shows"),
    ("?", "can't be told from the code"),
    ("\u{2013}", "the question does not arise"),
];

/// So many guards are named.
const MOST_GUARDS: usize = 8;

fn answer(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "yes",
        Answer::No => "no",
        Answer::Partial => "part",
        Answer::Unknown => "?",
        Answer::Na => "\u{2013}",
    }
}

fn caller(told: Authenticated) -> &'static str {
    match told {
        Authenticated::Yes => "yes",
        Authenticated::No => "no",
        Authenticated::Partial => "part",
        Authenticated::Gateway => "gate",
        Authenticated::Public => "open",
        Authenticated::Unknown => "?",
    }
}

/// The cells of a row, in the order of [`COLUMNS`].
pub fn cells(row: &RouteRow) -> [&'static str; 7] {
    [
        caller(row.authenticated),
        answer(row.authorized),
        answer(row.validated),
        answer(row.rate_limited),
        answer(row.logged),
        answer(row.handles_failure),
        answer(row.signature_verified),
    ]
}

/// What a route does, in plain words: `changes users, sends e-mail`.
pub fn effects(row: &RouteRow) -> String {
    let words = |kind: &str| match kind {
        "read" => "reads",
        "write" => "changes",
        "delete" => "deletes from",
        "llm" => "asks an AI model",
        "payment" => "moves money",
        "email" => "sends e-mail",
        "sms" => "sends text messages",
        "push" => "sends notifications",
        "storage" => "stores files",
        "file" => "uses the server's disk",
        "process" => "starts programs",
        "request" => "calls other servers",
        "users" => "manages accounts",
        "sign-in" => "signs people in",
        "secret" => "reads secrets",
        "job" => "starts jobs",
        _ => "",
    };
    let said: Vec<String> = row
        .effects
        .iter()
        .filter(|(kind, _)| !words(kind).is_empty())
        .map(|(kind, targets)| match (kind.as_str(), targets.is_empty()) {
            ("read" | "write" | "delete", false) => format!("{} {}", words(kind), targets.join(" and ")),
            ("read" | "write", true) => format!("{} data", words(kind)),
            ("delete", true) => "deletes data".to_owned(),
            _ => words(kind).to_owned(),
        })
        .collect();
    said.join(", ")
}

/// What a row says of a route, in words: who may call it, and what it does.
pub fn said(row: &RouteRow) -> String {
    let caller = match row.authenticated {
        Authenticated::No => "anyone can call it",
        Authenticated::Gateway => "only the platform's gate stands before it, which the public key passes",
        Authenticated::Partial => "only some of it checks who is calling",
        Authenticated::Unknown => "whether it checks who is calling can't be told",
        Authenticated::Yes => "it checks who is calling",
        Authenticated::Public => "it is open on purpose",
    };
    match effects(row) {
        does if does.is_empty() => caller.to_owned(),
        does => format!("{caller}; it {does}"),
    }
}

/// "Guards in use: requireUser (12 routes), …"; `""` without any.
pub fn guards(matrix: &RouteMatrix) -> String {
    let n = |n: u32| if n == 1 { "1 route".to_owned() } else { format!("{n} routes") };
    let shown: Vec<String> = matrix
        .guards
        .iter()
        .take(MOST_GUARDS)
        .map(|one| format!("{} ({})", one.name, n(one.routes)))
        .collect();
    match matrix.guards.len().saturating_sub(MOST_GUARDS) {
        _ if shown.is_empty() => String::new(),
        0 => format!("Guards in use: {}.", shown.join(", ")),
        more => format!("Guards in use: {} and {more} more.", shown.join(", ")),
    }
}

/// "36 routes: 5 check who is calling, 27 only have the platform's gate, 3 are open to anyone …".
pub fn counted(counts: &RouteCounts) -> String {
    let n = |n: u32, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let mut parts = Vec::new();
    let mut add = |count: u32, one: &str, many: &str| {
        if count > 0 {
            parts.push(n(count, one, many));
        }
    };
    add(counts.yes, "checks who is calling", "check who is calling");
    add(counts.no, "can be called by anyone", "can be called by anyone");
    add(counts.gateway, "has only the platform's gate", "have only the platform's gate");
    add(counts.partial, "checks only some of it", "check only some of it");
    add(counts.public, "is open on purpose", "are open on purpose");
    add(counts.unknown, "can't be told", "can't be told");
    let all = n(counts.routes, "route", "routes");
    if parts.is_empty() { all } else { format!("{all}: {}", parts.join(", ")) }
}
