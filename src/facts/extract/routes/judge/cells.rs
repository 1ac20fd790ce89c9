//! The other cells of the matrix.

use super::super::judged::{Authenticated, Cell, Effect, Evidence, Named, TELLS_INSIDE};
use super::super::{Declared, Gate};
use super::authenticated::{is_strong, knows};
use super::holes::only_in_development;
use super::project::Project;
use crate::code::ModuleId;
use crate::meaning::flow::{EffectUse, Fact, Facts, Origin, Trace};
use crate::meaning::symbols::{Acts, EffectKind, Log, Proof, What};

/// One link of a chain of evidence.
pub fn says(cell: &'static str, module: Option<ModuleId>, line: u32, says: &str) -> Evidence {
    Evidence { cell, module, line, says: says.to_owned() }
}

/// What guards the route, in the order in which it was met.
pub fn guards(trace: &Trace<'_>) -> Vec<Named> {
    let mut all: Vec<Named> = Vec::new();
    for guard in &trace.guards {
        let counts =
            matches!(guard.what, What::Identity | What::Role | What::Equal | What::Signature | What::Owner)
                && guard.proof == Proof::Verified
                && guard.is_checked;
        let named = Named { name: guard.name.clone(), module: guard.module, line: guard.line };
        if counts && !all.contains(&named) {
            all.push(named);
        }
    }
    all
}

/// What it does.
pub fn effects(trace: &Trace<'_>, route: &Declared<'_>) -> Vec<Effect> {
    let behind_gate = matches!(route.gate, Gate::Token { .. });
    let one = |effect: &EffectUse<'_>| Effect {
        kind: kind(effect.kind),
        target: if effect.target.is_empty() { effect.provider.clone() } else { effect.target.clone() },
        client: match (effect.acts, is_database(effect.kind)) {
            (Some(Acts::Service), _) => "service",
            (Some(Acts::User), _) => "user",
            (Some(Acts::Anonymous), _) => "anonymous",
            (Some(Acts::Key), _) => "unknown",
            (None, true) => "unknown",
            (None, false) => "",
        },
        module: effect.module,
        line: effect.line,
        guarded: knows(&effect.facts, behind_gate),
        which: which(effect),
        action: "",
        resource: String::new(),
        callers: "unknown",
        bound: false,
        has_mark: effect.has_mark,
        is_approved: effect.is_approved,
        follows: effect.filter.has(Origin::ROW),
        roles: Vec::new(),
    };
    trace.effects.iter().map(one).collect()
}

/// Which rows it touches, or which address it asks: those of who is calling, those that the request names, or new ones.
fn which(effect: &EffectUse<'_>) -> &'static str {
    let (mine, chosen) = (Origin::MINE, Origin::REQUEST.with(Origin::ROW));
    if effect.kind == EffectKind::Request {
        // What the environment or anything unknown has a part in may name the host.
        let other = Origin::ENVIRONMENT.with(Origin::OPAQUE).with(Origin::OWN_URL);
        let is_chosen = effect.url.any(Origin::REQUEST) && !effect.url.any(other);
        let is_chosen = is_chosen && !effect.facts.has(&Fact::Host);
        return if is_chosen { "chosen" } else { "" };
    }
    let adds = effect.filter.is_none() && effect.kind == EffectKind::DbWrite;
    if effect.filter.any(mine) || adds && effect.values.any(mine) {
        "own"
    } else if effect.filter.any(chosen) && !is_copy(effect) {
        "chosen"
    } else if adds {
        "new"
    } else {
        ""
    }
}

/// Whether what a payment service says of a row is written to it, and nothing of the request: whoever asks for that changes
/// nothing that would not be so.
fn is_copy(effect: &EffectUse<'_>) -> bool {
    effect.kind == EffectKind::DbWrite
        && effect.values.has(Origin::TOLD)
        && !effect.values.any(Origin::REQUEST.with(Origin::OWN_URL))
}

fn is_database(kind: EffectKind) -> bool {
    matches!(kind, EffectKind::DbRead | EffectKind::DbWrite | EffectKind::DbDelete | EffectKind::DbSql)
}

/// The word for what is done.
pub fn kind(kind: EffectKind) -> &'static str {
    use EffectKind::*;
    match kind {
        DbRead | PaymentRead | StorageRead | FileRead | UserRead => "read",
        DbWrite | DbSql => "write",
        DbDelete => "delete",
        Llm => "llm",
        Payment => "payment",
        Email => "email",
        Sms => "sms",
        Push => "push",
        Storage => "storage",
        File => "file",
        Process | Eval => "process",
        Request => "request",
        UserAdmin => "users",
        SignIn => "sign-in",
        SecretRead => "secret",
        Job => "job",
    }
}

/// Whether it answers events of another service: it looks at a signature, or is where such events go and no session is asked.
pub fn is_webhook(trace: &Trace<'_>, route: &Declared<'_>) -> bool {
    if trace.guards.iter().any(|guard| guard.what == What::Signature) {
        return true;
    }
    let path = route.path.to_ascii_lowercase();
    let mut parts = path.split('/').skip_while(|part| !matches!(*part, "webhook" | "webhooks" | "hooks"));
    let named = parts.next().is_some() && parts.next().is_none_or(|part| !part.starts_with([':', '[', '{']))
        || path.rsplit('/').next().is_some_and(|last| last.ends_with("-webhook"));
    let session =
        trace.guards.iter().any(|guard| guard.what == What::Identity && guard.proof == Proof::Verified);
    named
        && matches!(route.kind, "http" | "edge-function")
        && matches!(route.method.as_str(), "POST" | "ANY")
        && !session
}

/// Whether a sender's signature is verified.
pub fn signature(trace: &Trace<'_>, is_webhook: bool) -> Cell {
    if !is_webhook {
        return Cell::Na;
    }
    let strong: Vec<_> = trace.effects.iter().filter(|effect| is_strong(effect)).collect();
    let ends: Vec<_> = trace.ends.iter().filter(|end| !end.fails && !end.denies).collect();
    let signed = |facts: &Facts| facts.verified(What::Signature) || facts.verified(What::Equal);
    let all = strong.iter().map(|e| &e.facts).chain(ends.iter().map(|e| &e.facts));
    let held: Vec<bool> = match strong.is_empty() {
        true => all.map(signed).collect(),
        false => strong.iter().map(|e| signed(&e.facts)).collect(),
    };
    match (held.iter().any(|h| *h), held.iter().all(|h| *h)) {
        (true, true) => Cell::Yes,
        (true, false) => Cell::Partial,
        (false, _) if trace.is_cut || held.is_empty() => Cell::Unknown,
        _ => Cell::No,
    }
}

/// Whether what it reads and changes is bound to who is calling.
pub fn authorized(
    trace: &Trace<'_>,
    route: &Declared<'_>,
    authenticated: Authenticated,
    evidence: &mut Vec<Evidence>,
) -> Cell {
    let behind_gate = matches!(route.gate, Gate::Token { .. });
    if authenticated == Authenticated::Unknown {
        return Cell::Unknown;
    }
    // Behind the gate a token that was only decoded was verified before.
    let decoded = if behind_gate { Origin::DECODED } else { Origin::PRINCIPAL };
    let mine = Origin::MINE.with(decoded);
    let chosen = Origin::REQUEST.with(Origin::ROW);
    let signed = signed_in_production(trace);
    let held = |facts: &Facts| facts.has(&Fact::Entitled);
    let may_see = |facts: &Facts| facts.has(&Fact::MaySee);
    let told = Origin::STORED.with(Origin::ROW).with(Origin::BOUND);
    // What was read and is shown only to who may see it does no harm.
    let shown = trace.ends.iter().filter(|end| !end.fails && !end.denies && end.body.any(told));
    let shows_nothing = shown.clone().count() == 0;
    let shows_only_to_owners = shown.clone().count() > 0 && shown.clone().all(|end| may_see(&end.facts))
        || shown.count() == 0 && trace.ends.iter().any(|end| !end.fails && !end.denies && held(&end.facts));
    let answers: Vec<_> = trace.ends.iter().filter(|end| !end.fails && !end.denies).collect();
    let ends_held = !answers.is_empty() && answers.iter().all(|end| held(&end.facts));
    // What helpers put in order before the owner is asked (a row of defaults, a counter) is not what the route is there for.
    let is_upkeep = |effect: &EffectUse<'_>| {
        ends_held
            && effect.module != route.module
            && effect.kind == EffectKind::DbWrite
            && !effect.values.any(Origin::REQUEST)
    };
    let mut bound = false;
    let mut loose: Option<&EffectUse<'_>> = None;
    for effect in &trace.effects {
        if !is_database(effect.kind) && !matches!(effect.kind, EffectKind::UserAdmin | EffectKind::Storage) {
            continue;
        }
        let facts = &effect.facts;
        // Whoever signs what is asked for has chosen the rows, and is no user who may have chosen those of others.
        if signed.is_some_and(|order| order < effect.order) {
            continue;
        }
        let delegated = matches!(effect.acts, Some(Acts::User | Acts::Anonymous));
        let reads = effect.kind == EffectKind::DbRead;
        if held(facts)
            || delegated
            || effect.filter.any(mine)
            || effect.values.any(mine) && effect.filter.is_none()
            || reads && (shows_only_to_owners || shows_nothing || may_see(facts))
        {
            let counts = !(reads && shows_nothing) || held(facts) || delegated || effect.filter.any(mine);
            bound = bound || counts && knows(facts, behind_gate);
            if delegated && knows(facts, behind_gate) {
                let text = format!("row-level security of {} decides", effect.target);
                evidence.push(says("authorized", Some(effect.module), effect.line, &text));
            }
        } else if effect.filter.any(chosen)
            && !effect.filter.has(Origin::BY_LINK)
            && !is_upkeep(effect)
            && !is_copy(effect)
        {
            loose = loose.or(Some(effect));
        }
    }
    let role = trace
        .effects
        .iter()
        .filter(|effect| is_strong(effect))
        .any(|effect| effect.facts.verified(What::Role) || effect.facts.verified(What::Owner))
        || !trace.ends.is_empty()
            && trace
                .ends
                .iter()
                .filter(|end| !end.fails && !end.denies)
                .all(|end| end.facts.verified(What::Role));
    if let (Some((module, line)), false, Authenticated::Yes | Authenticated::Partial) =
        (trace.claims.first(), role, authenticated)
    {
        let text = "the role is what whoever calls says it is";
        evidence.push(says("authorized", Some(*module), *line, text));
        return Cell::No;
    }
    // An order is the caller's own, whose line takes what it names from the stock: that is everybody's, or may be.
    let adds_own = trace.effects.iter().any(|effect| {
        effect.kind == EffectKind::DbWrite && effect.filter.is_none() && which(effect) == "own"
    });
    match (loose, authenticated) {
        (Some(effect), Authenticated::Yes | Authenticated::Partial) => {
            let text = format!("{} {} is chosen by the request alone", kind(effect.kind), effect.target);
            if adds_own && effect.kind != EffectKind::DbDelete {
                evidence.push(says("authorized", Some(effect.module), effect.line, &text));
                return Cell::Partial;
            }
            evidence.push(says("authorized", Some(effect.module), effect.line, &text));
            Cell::No
        }
        (Some(effect), Authenticated::No | Authenticated::Gateway) => {
            evidence.push(says("authorized", Some(effect.module), effect.line, "anyone chooses which row"));
            Cell::No
        }
        (None, Authenticated::No | Authenticated::Gateway) if trace.effects.iter().any(is_strong) => Cell::No,
        _ if bound || role => Cell::Yes,
        _ => Cell::Na,
    }
}

/// Where another server's signature or secret is asked, if that is all that is asked, and only development goes without.
fn signed_in_production(trace: &Trace<'_>) -> Option<usize> {
    let mut asked = trace.guards.iter().filter(|guard| guard.proof == Proof::Verified && guard.is_checked);
    if !only_in_development(trace) || asked.clone().any(|guard| guard.what == What::Identity) {
        return None;
    }
    asked.find(|guard| matches!(guard.what, What::Signature | What::Equal)).map(|guard| guard.order)
}

/// Whether its input is checked before it is used.
pub fn validated(trace: &Trace<'_>, evidence: &mut Vec<Evidence>) -> Cell {
    let uses = |effect: &&EffectUse<'_>| effect.values.with(effect.filter).any(Origin::REQUEST);
    let used: Vec<&EffectUse<'_>> = trace.effects.iter().filter(uses).collect();
    let checked = trace.guards.iter().find(|guard| {
        guard.what == What::Validated && (guard.is_checked || !guard.name.ends_with("ValidationPipe"))
    });
    if let Some(guard) = checked {
        evidence.push(says(
            "validated",
            Some(guard.module),
            guard.line,
            &format!("{} checks the input", guard.name),
        ));
        let all = used.iter().all(|effect| {
            effect.facts.has(&Fact::Is(What::Validated, Proof::Verified))
                || effect.values.with(effect.filter).has(Origin::VALIDATED)
        });
        return if guard.is_checked && all { Cell::Yes } else { Cell::Partial };
    }
    if trace.is_cut {
        return Cell::Unknown;
    }
    if used.is_empty() { Cell::Na } else { Cell::No }
}

/// Whether somebody who calls too often is stopped.
pub fn rate_limited(trace: &Trace<'_>, evidence: &mut Vec<Evidence>) -> Cell {
    let Some(guard) = trace.guards.iter().find(|guard| guard.what == What::Rate && guard.is_checked) else {
        return if trace.is_cut { Cell::Unknown } else { Cell::No };
    };
    evidence.push(says("rate_limited", Some(guard.module), guard.line, &guard.name));
    let strong: Vec<_> = trace.effects.iter().filter(|effect| is_strong(effect)).collect();
    let held = |facts: &Facts| facts.verified(What::Rate);
    let all = match strong.is_empty() {
        true => trace.ends.iter().filter(|end| !end.fails && !end.denies).all(|end| held(&end.facts)),
        false => strong.iter().all(|effect| held(&effect.facts)),
    };
    if all { Cell::Yes } else { Cell::Partial }
}

/// Whether what happens is written down.
pub fn logged(
    trace: &Trace<'_>,
    route: &Declared<'_>,
    project: Project,
    evidence: &mut Vec<Evidence>,
) -> Cell {
    if route.framework == "fastify" && project.fastify_logs {
        return Cell::Yes;
    }
    let log = trace.logs.iter().find(|(log, ..)| !matches!(log, Log::Analytics | Log::Debug));
    match log {
        Some((_, module, line)) => {
            evidence.push(says("logged", Some(*module), *line, "it writes to a log"));
            Cell::Yes
        }
        None if trace.is_cut => Cell::Unknown,
        None => Cell::No,
    }
}

/// Whether a failure gives a clear answer.
pub fn handles_failure(
    trace: &Trace<'_>,
    route: &Declared<'_>,
    project: Project,
    evidence: &mut Vec<Evidence>,
) -> Cell {
    if trace.is_cut || trace.effects.is_empty() && !trace.unknown.is_empty() {
        return Cell::Unknown;
    }
    let leaks = trace.ends.iter().find(|end| !end.throws && end.body.has(Origin::CAUGHT));
    if let Some(end) = leaks {
        evidence.push(says("handles_failure", Some(end.module), end.line, TELLS_INSIDE));
        return Cell::Partial;
    }
    let handled = match route.framework {
        "trpc" | "nestjs" => true,
        "express" => project.express_errors,
        "hono" => project.hono_errors,
        "fastify" => project.fastify_errors,
        _ => false,
    };
    if handled {
        return Cell::Yes;
    }
    match (trace.effects.is_empty(), trace.effects.iter().all(|effect| effect.is_tried)) {
        (true, _) => Cell::Na,
        (false, true) => Cell::Yes,
        (false, false) if trace.effects.iter().any(|effect| effect.is_tried) => Cell::Partial,
        // What nobody catches is answered by the framework, without what went wrong inside.
        (false, false) if matches!(route.framework, "next" | "hono" | "fastify") => Cell::Partial,
        _ => Cell::No,
    }
}

/// The roles that it asks for.
pub fn roles(trace: &Trace<'_>) -> Vec<String> {
    let mut all: Vec<String> = trace
        .effects
        .iter()
        .map(|effect| &effect.facts)
        .chain(trace.ends.iter().map(|end| &end.facts))
        .flat_map(Facts::roles)
        .flat_map(|fact| match fact {
            Fact::RoleIn(names) => names.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        })
        .collect();
    all.sort();
    all.dedup();
    all
}

/// Where it asks for them.
pub fn asks(trace: &Trace<'_>) -> Vec<(Vec<String>, ModuleId, u32)> {
    let mut all: Vec<_> = trace
        .roles
        .iter()
        .map(|(names, module, line)| (names.iter().map(ToString::to_string).collect(), *module, *line))
        .collect();
    all.sort();
    all.dedup();
    all
}
