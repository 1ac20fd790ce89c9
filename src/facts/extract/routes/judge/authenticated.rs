//! Whether it is known who is calling before anything happens.

use super::super::judged::{Authenticated, Evidence};
use super::super::{Declared, Gate};
use super::cells::says;
use crate::code::ModuleId;
use crate::meaning::flow::{EffectUse, End, Fact, Facts, Origin, Trace};
use crate::meaning::symbols::{EffectKind, Proof, What};

/// What has to be guarded: what is done, and what is told.
struct Stakes<'t, 'c> {
    effects: Vec<&'t EffectUse<'c>>,
    ends: Vec<&'t End>,
}

/// The verdict, with what it rests on.
pub fn of(trace: &Trace<'_>, route: &Declared<'_>, evidence: &mut Vec<Evidence>) -> Authenticated {
    let behind_gate = matches!(route.gate, Gate::Token { .. });
    let knows = |facts: &Facts| knows(facts, behind_gate);
    let stakes = stakes(trace);
    let all: Vec<&Facts> = stakes
        .effects
        .iter()
        .map(|effect| &effect.facts)
        .chain(stakes.ends.iter().map(|end| &end.facts))
        .collect();
    let good: Vec<&End> = trace.ends.iter().filter(|end| !end.denies && !end.fails).collect();
    if let Some((serves, module, line)) = trace.serves.iter().find(|(serves, ..)| !serves.is_empty()) {
        return served(serves, *module, *line, &good, evidence);
    }
    // With nothing at stake, the ends themselves tell.
    let considered: Vec<&Facts> =
        if all.is_empty() { good.iter().map(|end| &end.facts).collect() } else { all.clone() };
    let guarded = considered.iter().filter(|facts| knows(facts)).count();
    if !considered.is_empty() && guarded == considered.len() {
        let signed = considered.iter().all(|facts| {
            facts.verified(What::Signature) && !facts.verified(What::Identity) && !facts.verified(What::Equal)
        });
        guard_evidence(trace, &considered, evidence);
        return if signed { Authenticated::Public } else { Authenticated::Yes };
    }
    if all.is_empty() && guarded == 0 && trace.unknown.is_empty() && !trace.is_cut && !route_is_gated(route) {
        // Nothing is done and nothing is told that isn't written in the code.
        let decided = good.iter().any(|end| end.facts.has(&Fact::Decided));
        if !decided && !good.is_empty() {
            evidence.push(says(
                "authenticated",
                None,
                0,
                "it does nothing and tells nothing that has to be guarded",
            ));
            return Authenticated::Public;
        }
    }
    if guarded > 0 {
        let open = considered.iter().find(|facts| !knows(facts));
        if let Some(open) = open
            && !open.has(&Fact::Decided)
        {
            guard_evidence(trace, &considered, evidence);
            open_evidence(&stakes, behind_gate, evidence);
            if signs_in(trace) {
                return Authenticated::Public;
            }
            return Authenticated::Partial;
        }
    }
    if trace.is_cut {
        evidence.push(says("authenticated", None, 0, "the code was too long to follow to its end"));
        return Authenticated::Unknown;
    }
    if signs_in(trace) && !matches!(route.gate, Gate::Token { .. }) {
        evidence.push(says("authenticated", Some(route.module), route.line, "it signs people in or out"));
        return Authenticated::Public;
    }
    if considered.iter().any(|facts| facts.has(&Fact::Decided) && !knows(facts))
        && considered.iter().all(|facts| facts.has(&Fact::Decided) || knows(facts))
    {
        evidence.push(says(
            "authenticated",
            None,
            0,
            "callers are turned away, and what decides that can't be read",
        ));
        return Authenticated::Unknown;
    }
    if !trace.unknown.is_empty() && stakes.effects.is_empty() {
        for (name, module, line) in trace.unknown.iter().take(3) {
            evidence.push(says("authenticated", Some(*module), *line, &format!("{name} can't be followed")));
        }
        return Authenticated::Unknown;
    }
    open_evidence(&stakes, behind_gate, evidence);
    if let Gate::Token { file, line } = &route.gate {
        let default = if *line == 0 { "by default " } else { "" };
        let text = format!("only the platform checks a token {default}({file}), which the public key passes");
        evidence.push(says("authenticated", None, *line, &text));
        return Authenticated::Gateway;
    }
    if all.is_empty() && good.is_empty() && trace.ends.is_empty() {
        return Authenticated::Unknown;
    }
    Authenticated::No
}

fn route_is_gated(route: &Declared<'_>) -> bool {
    matches!(route.gate, Gate::Token { .. })
}

/// Whether what holds tells who is calling.
pub fn knows(facts: &Facts, behind_gate: bool) -> bool {
    facts.verified(What::Identity)
        || facts.verified(What::Equal)
        || facts.verified(What::Signature)
        || behind_gate && facts.has(&Fact::Is(What::Identity, Proof::Unverified))
}

fn stakes<'t, 'c>(trace: &'t Trace<'c>) -> Stakes<'t, 'c> {
    let effects = trace.effects.iter().filter(|effect| is_strong(effect)).collect();
    let told = Origin::STORED.with(Origin::ROW).with(Origin::BOUND).with(Origin::PRINCIPAL);
    let ends = trace.ends.iter().filter(|end| !end.denies && !end.fails && end.body.any(told)).collect();
    Stakes { effects, ends }
}

/// What changes something, costs something or reaches somebody.
pub fn is_strong(effect: &EffectUse<'_>) -> bool {
    use EffectKind::*;
    match effect.kind {
        DbWrite | DbDelete | DbSql | Llm | Payment | Email | Sms | Push | Storage | File | Process | Eval
        | UserAdmin | SecretRead | Job => true,
        // A request to a place that the caller chooses.
        Request => effect.url.any(Origin::REQUEST.with(Origin::ROW)),
        DbRead | PaymentRead | StorageRead | FileRead | UserRead | SignIn => false,
    }
}

fn signs_in(trace: &Trace<'_>) -> bool {
    trace.effects.iter().any(|effect| effect.kind == EffectKind::SignIn)
        || trace.guards.iter().any(|guard| guard.what == What::Password && guard.is_checked)
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
    match serves {
        "auth" | "static" | "docs" => {
            evidence.push(says(
                "authenticated",
                Some(module),
                line,
                &format!("a library serves {serves} here"),
            ));
            Authenticated::Public
        }
        _ => {
            evidence.push(says(
                "authenticated",
                Some(module),
                line,
                &format!("a library serves {serves} here"),
            ));
            Authenticated::Unknown
        }
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
            let Some(guard) = by.and_then(|by| trace.guards.get(by as usize)) else { continue };
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

fn open_evidence(stakes: &Stakes<'_, '_>, behind_gate: bool, evidence: &mut Vec<Evidence>) {
    for effect in stakes.effects.iter().filter(|effect| !knows(&effect.facts, behind_gate)).take(3) {
        let what = super::cells::kind(effect.kind);
        evidence.push(says(
            "authenticated",
            Some(effect.module),
            effect.line,
            &format!("{what} {}: nothing tells who is calling", effect.target),
        ));
    }
    for end in stakes.ends.iter().filter(|end| !knows(&end.facts, behind_gate)).take(2) {
        evidence.push(says("authenticated", Some(end.module), end.line, "it answers with data to anyone"));
    }
}
