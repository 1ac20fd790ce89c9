//! Whether it is known who is calling before anything happens.

use super::super::judged::{Authenticated, Evidence, TELLS_DATA};
use super::super::{Declared, Gate};
use super::cells::{kind, says};
use super::holes::only_in_development;
use super::public::{is_public, may_be_link};
use crate::code::ModuleId;
use crate::meaning::flow::{EffectUse, End, Fact, Facts, Origin, Trace};
use crate::meaning::symbols::{EffectKind, Proof, What};

/// What has to be guarded: what is done, and what is told.
struct Stakes<'t, 'c> {
    effects: Vec<&'t EffectUse<'c>>,
    ends: Vec<&'t End>,
    /// Nothing is done, and nothing is told that isn't written in the code.
    is_nothing: bool,
}

/// The verdict, with what it rests on.
pub fn of(trace: &Trace<'_>, route: &Declared<'_>, evidence: &mut Vec<Evidence>) -> Authenticated {
    let behind_gate = matches!(route.gate, Gate::Token { .. });
    let knows = |facts: &Facts| knows(facts, behind_gate);
    let good = answers(trace);
    if let Some((serves, module, line)) = trace.serves.iter().find(|(serves, ..)| !serves.is_empty()) {
        return served(serves, *module, *line, &good, evidence);
    }
    let stakes = stakes(trace, route, &good, behind_gate);
    let considered: Vec<&Facts> = stakes
        .effects
        .iter()
        .map(|effect| &effect.facts)
        .chain(stakes.ends.iter().map(|end| &end.facts))
        .collect();
    let guarded = considered.iter().filter(|facts| knows(facts)).count();
    if !considered.is_empty() && guarded == considered.len() {
        let signed = considered.iter().all(|facts| {
            facts.verified(What::Signature) && !facts.verified(What::Identity) && !facts.verified(What::Equal)
        });
        guard_evidence(trace, &considered, evidence);
        // What does nothing but let Passport ask who it is signs people in.
        let asks = trace.guards.iter().filter(|guard| guard.what == What::Identity);
        if stakes.is_nothing
            && asks.clone().count() > 0
            && asks.clone().all(|guard| guard.name == "authenticate")
        {
            return Authenticated::Public;
        }
        let lets_in = signed || trace.signs_in || is_step(trace, route);
        return if lets_in { Authenticated::Public } else { Authenticated::Yes };
    }
    if trace.is_cut {
        evidence.push(says("authenticated", None, 0, "the code was too long to follow to its end"));
        return Authenticated::Unknown;
    }
    if is_public(trace, route, &stakes.effects) {
        let text = "what it does is meant for anyone";
        evidence.push(says("authenticated", Some(route.module), route.line, text));
        return Authenticated::Public;
    }
    if signs_in(trace) && !behind_gate {
        evidence.push(says("authenticated", Some(route.module), route.line, "it signs people in or out"));
        return Authenticated::Public;
    }
    let open: Vec<&&Facts> = considered.iter().filter(|facts| !knows(facts)).collect();
    if !open.is_empty() && open.iter().all(|facts| facts.has(&Fact::Decided)) {
        undecided(trace, evidence);
        return Authenticated::Unknown;
    }
    let linked = |facts: &&&Facts| facts.has(&Fact::Link);
    let shows_linked = stakes
        .ends
        .iter()
        .all(|end| knows(&end.facts) || end.facts.has(&Fact::Link) || end.body.has(Origin::BY_LINK));
    if !open.is_empty() && (open.iter().all(linked) || stakes.effects.is_empty() && shows_linked) {
        evidence.push(says(
            "authenticated",
            Some(route.module),
            route.line,
            "only who has the secret of a link finds anything",
        ));
        return Authenticated::Public;
    }
    if guarded == 0 && !behind_gate && may_be_link(trace, route) {
        let text = "only who was sent a link may know what it names: that can't be told";
        evidence.push(says("authenticated", Some(route.module), route.line, text));
        return Authenticated::Unknown;
    }
    // What is done before anybody asks is done for anyone.
    let late = !stakes.effects.is_empty() && stakes.effects.iter().all(|effect| !knows(&effect.facts));
    // What a library computed may be anything.
    let unsure = Origin::OPAQUE.with(Origin::ENVIRONMENT);
    let tells_nothing = stakes.ends.iter().filter(|end| !knows(&end.facts)).all(|end| !end.body.any(unsure));
    let is_nothing = stakes.is_nothing && !behind_gate && (tells_nothing || is_health(route));
    if guarded > 0 && !late && !is_nothing {
        guard_evidence(trace, &considered, evidence);
        open_evidence(&stakes, behind_gate, evidence);
        return Authenticated::Partial;
    }
    if guarded == 0 && only_in_development(trace) {
        let text = "it is guarded, and not in every environment";
        evidence.push(says("authenticated", Some(route.module), route.line, text));
        return Authenticated::Partial;
    }
    if !trace.unknown.is_empty() && stakes.effects.is_empty() || trace.ends.is_empty() {
        for (name, module, line) in trace.unknown.iter().take(3) {
            evidence.push(says("authenticated", Some(*module), *line, &format!("{name} can't be followed")));
        }
        return Authenticated::Unknown;
    }
    if is_nothing {
        let text = "it does nothing and tells nothing that has to be guarded";
        evidence.push(says("authenticated", None, 0, text));
        return Authenticated::Public;
    }
    open_evidence(&stakes, behind_gate, evidence);
    if let Gate::Token { file, line } = &route.gate {
        let default = if *line == 0 { "by default " } else { "" };
        let text = format!("only the platform checks a token {default}({file}), which the public key passes");
        evidence.push(says("authenticated", None, *line, &text));
        return Authenticated::Gateway;
    }
    Authenticated::No
}

/// How it ends for who gets what it is there for. What browsers ask before (`OPTIONS`) is nothing of that, if there is more.
fn answers<'t>(trace: &'t Trace<'_>) -> Vec<&'t End> {
    let good = trace.ends.iter().filter(|end| !end.denies && !end.fails);
    let asked: Vec<&End> = good.clone().filter(|end| !end.facts.has(&Fact::Preflight)).collect();
    if asked.is_empty() { good.collect() } else { asked }
}

/// Whether what holds tells who is calling.
pub fn knows(facts: &Facts, behind_gate: bool) -> bool {
    facts.has(&Fact::Known) || behind_gate && facts.has(&Fact::Is(What::Identity, Proof::Unverified))
}

/// What is known wherever there is something to guard.
pub fn at_stake<'t>(trace: &'t Trace<'_>, route: &Declared<'_>, behind_gate: bool) -> Vec<&'t Facts> {
    let good = answers(trace);
    let stakes = stakes(trace, route, &good, behind_gate);
    let effects = stakes.effects.iter().map(|effect| &effect.facts);
    effects.chain(stakes.ends.iter().map(|end| &end.facts)).collect()
}

/// What there is to guard: what is done and what is told, if there is such; else whatever happens; else that it answers.
fn stakes<'t, 'c>(
    trace: &'t Trace<'c>,
    route: &Declared<'_>,
    good: &[&'t End],
    behind_gate: bool,
) -> Stakes<'t, 'c> {
    let told = Origin::STORED.with(Origin::ROW).with(Origin::BOUND).with(Origin::PRINCIPAL);
    let strong = trace.effects.iter().filter(|effect| is_strong(effect));
    // That a layer notes when a caller was last seen says nothing of an answer that everybody gets.
    let mut strangers = good.iter().filter(|end| !knows(&end.facts, behind_gate)).peekable();
    let all_pass = strangers.peek().is_some() && strangers.all(|end| end.is_read && end.body.is_none());
    let is_upkeep = |effect: &&EffectUse<'_>| {
        effect.kind == EffectKind::DbWrite
            && effect.module != route.module
            && effect.filter.any(Origin::MINE.with(Origin::BY_TOKEN))
            && knows(&effect.facts, behind_gate)
    };
    let is_aside = all_pass && strong.clone().all(|effect| is_upkeep(&effect));
    let effects: Vec<_> = strong.filter(|_| !is_aside).collect();
    let ends: Vec<_> = good.iter().copied().filter(|end| end.body.any(told)).collect();
    if !effects.is_empty() || !ends.is_empty() {
        return Stakes { effects, ends, is_nothing: false };
    }
    // A file of the app itself that is sent to everyone is meant to be.
    let is_own_file =
        |effect: &&EffectUse<'_>| effect.kind == EffectKind::FileRead && effect.filter.is_none();
    // `SELECT 1` asks whether the database is there, and a request to oneself is judged where it arrives.
    let is_ping = |effect: &&EffectUse<'_>| {
        effect.kind == EffectKind::DbRead
            && effect.target.is_empty()
            && effect.filter.except(Origin::OPAQUE).is_none()
            || effect.kind == EffectKind::Request && effect.url.has(Origin::OWN_URL)
    };
    // To look for the session that belongs to a token is how it is asked who is calling.
    let is_lookup =
        |effect: &&EffectUse<'_>| effect.kind == EffectKind::DbRead && effect.filter.has(Origin::BY_TOKEN);
    let counts = |effect: &&EffectUse<'_>| !is_own_file(effect) && !is_ping(effect) && !is_lookup(effect);
    let effects: Vec<_> = trace.effects.iter().filter(counts).collect();
    let ends: Vec<_> = good.iter().copied().filter(|end| !end.body.is_none()).collect();
    // A session that is looked up for those who have one says nothing of an answer that everybody gets.
    let is_aside = effects.iter().all(|effect| knows(&effect.facts, behind_gate))
        && good.iter().any(|end| !knows(&end.facts, behind_gate));
    // `{ available: !taken }`: what was looked up is not told.
    let open = good.iter().filter(|end| !knows(&end.facts, behind_gate));
    let tells_nothing = effects.iter().all(|effect| effect.kind == EffectKind::DbRead)
        && open.clone().count() > 0
        && open.clone().all(|end| end.is_read && end.body.is_none());
    if !effects.is_empty() && !is_aside && !tells_nothing {
        return Stakes { effects, ends: Vec::new(), is_nothing: false };
    }
    match ends.is_empty() {
        false => Stakes { effects, ends, is_nothing: true },
        true => Stakes { effects, ends: good.to_vec(), is_nothing: true },
    }
}

/// What changes something, costs something or reaches somebody.
pub fn is_strong(effect: &EffectUse<'_>) -> bool {
    use EffectKind::*;
    match effect.kind {
        DbWrite | DbDelete | DbSql | Llm | Payment | Email | Sms | Push | Storage | File | Process | Eval
        | UserAdmin | SecretRead | Job => true,
        // A request to a place that the caller chooses.
        Request => {
            effect.url.any(Origin::REQUEST.with(Origin::ROW))
                && !effect.url.has(Origin::OWN_URL)
                && !effect.facts.has(&Fact::Host)
        }
        DbRead | PaymentRead | StorageRead | FileRead | UserRead | SignIn => false,
    }
}

/// Whether it signs people in: with a password that is checked, by a service for that, or as somebody new.
fn signs_in(trace: &Trace<'_>) -> bool {
    // Whoever may sign up as an administrator is kept out of nothing.
    if trace.effects.iter().any(|effect| effect.grants) {
        return false;
    }
    let own =
        |provider: &str| matches!(provider, "jwt" | "lucia" | "iron-session" | "session" | "oauth" | "");
    let signs: Vec<_> = trace.effects.iter().filter(|effect| effect.kind == EffectKind::SignIn).collect();
    let is_new = trace.effects.iter().any(|effect| {
        effect.kind == EffectKind::DbWrite && effect.filter.is_none() && effect.values.has(Origin::REQUEST)
    });
    // It begins, and what is remembered for the way back is a new row with what was made for it.
    let begins = signs.iter().any(|effect| effect.provider == "oauth")
        && trace.effects.iter().filter(|effect| is_strong(effect)).all(|effect| {
            effect.kind == EffectKind::DbWrite && effect.filter.is_none() && effect.values.has(Origin::OPAQUE)
        });
    begins
        || trace.guards.iter().any(|guard| guard.what == What::Password && guard.is_checked)
        || signs.iter().any(|effect| !own(&effect.provider))
        || !signs.is_empty() && is_new
}

/// Whether it is a later step of signing in: what an earlier step gave is checked, and something better is given for it. The
/// address says that this is what it means to be; that it is shows what it does.
fn is_step(trace: &Trace<'_>, route: &Declared<'_>) -> bool {
    let path = route.path.to_ascii_lowercase();
    let named = ["refresh", "2fa", "mfa", "otp", "totp", "two-factor", "verify", "challenge"];
    named.iter().any(|word| path.contains(word))
        && trace.effects.iter().any(|effect| effect.kind == EffectKind::SignIn)
}

/// Whether its address is one at which watchers ask whether the app lives.
fn is_health(route: &Declared<'_>) -> bool {
    let last = route.path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    matches!(
        last.as_str(),
        "health"
            | "healthz"
            | "healthcheck"
            | "health-check"
            | "ping"
            | "status"
            | "version"
            | "ready"
            | "readyz"
            | "live"
            | "livez"
    )
}

fn served(
    serves: &str,
    module: ModuleId,
    line: u32,
    good: &[&End],
    evidence: &mut Vec<Evidence>,
) -> Authenticated {
    if !good.is_empty() && good.iter().all(|end| knows(&end.facts, false)) {
        evidence.push(says("authenticated", Some(module), line, "a library checks who is calling"));
        let signed = good.iter().all(|end| end.facts.verified(What::Signature));
        return if signed { Authenticated::Public } else { Authenticated::Yes };
    }
    evidence.push(says("authenticated", Some(module), line, &format!("a library serves {serves} here")));
    match serves {
        "auth" | "static" | "docs" => Authenticated::Public,
        _ => Authenticated::Unknown,
    }
}

fn guard_evidence(trace: &Trace<'_>, considered: &[&Facts], evidence: &mut Vec<Evidence>) {
    let mut seen = Vec::new();
    for facts in considered {
        for (fact, by) in facts.each() {
            let Fact::Is(What::Identity | What::Equal | What::Signature, proof) = fact else { continue };
            if *proof != Proof::Verified {
                continue;
            }
            let Some(guard) = by.and_then(|by| trace.guards.iter().find(|guard| guard.id == by)) else {
                continue;
            };
            if !seen.contains(&by) {
                seen.push(by);
                evidence.push(says(
                    "authenticated",
                    Some(guard.module),
                    guard.line,
                    &format!("{} is checked before anything happens", guard.name),
                ));
            }
        }
    }
}

/// Why it can't be told: a layer that can't be read, or a check of which can't be told what it asks.
fn undecided(trace: &Trace<'_>, evidence: &mut Vec<Evidence>) {
    let unread = "what runs here before the route can't be read, and may turn callers away";
    let turned = "callers are turned away here, and what decides that can't be read";
    let places = trace.unread.iter().map(|place| (place, unread));
    for ((module, line), text) in places.chain(trace.undecided.iter().map(|place| (place, turned))).take(3) {
        evidence.push(says("authenticated", Some(*module), *line, text));
    }
}

fn open_evidence(stakes: &Stakes<'_, '_>, behind_gate: bool, evidence: &mut Vec<Evidence>) {
    for effect in stakes.effects.iter().filter(|effect| !knows(&effect.facts, behind_gate)).take(3) {
        let what = kind(effect.kind);
        evidence.push(says(
            "authenticated",
            Some(effect.module),
            effect.line,
            &format!("{what} {}: nothing tells who is calling", effect.target),
        ));
    }
    for end in stakes.ends.iter().filter(|end| !knows(&end.facts, behind_gate)).take(2) {
        evidence.push(says("authenticated", Some(end.module), end.line, TELLS_DATA));
    }
}
