//! What an effect comes to as an action on something, and what whoever calls needs to get that far.

use super::super::judged::{Authenticated, Effect, RoleAsk};
use super::super::{Declared, Gate, Handler};
use super::cells::kind;
use crate::code::walk::{Inner, each_expr, each_part};
use crate::code::{Call, Code, Entry, Expr, ModuleId, Property};
use crate::meaning::flow::{EffectUse, End, Fact, Facts, Origin, Trace};
use crate::meaning::symbols::{Acts, EffectKind, Proof, What};

/// Words of a state that somebody has to decide.
const DECIDED: &[&str] =
    &["approved", "rejected", "declined", "denied", "published", "authorized", "authorised", "signed_off"];

/// Fills in what each effect of a route comes to.
pub fn fill(code: &Code, trace: &Trace<'_>, route: &Declared<'_>, told: Authenticated, all: &mut [Effect]) {
    let shown = shown(trace);
    let signs_in = trace.effects.iter().any(|effect| effect.kind == EffectKind::SignIn);
    let changes = trace.effects.iter().any(|effect| !matches!(action(code, effect), "view" | ""));
    let is_lookup = signs_in || changes && route.method != "GET" || shown.is_none();
    let others =
        trace.effects.iter().zip(all.iter()).any(|(effect, one)| !is_read(effect) || one.which != "own");
    let (is_export, is_named) = looks(code, route);
    let is_export = is_export && !is_lookup;
    for (effect, one) in trace.effects.iter().zip(all.iter_mut()) {
        let mut facts = effect.facts.clone();
        one.action = action(code, effect);
        one.resource = resource(effect);
        // What is asked of another server only to show it is no more than that.
        if effect.kind == EffectKind::Request && matches!(route.method.as_str(), "GET" | "QUERY") {
            one.action = "";
        }
        if one.action == "view" {
            // What was read to tell who is calling is shown to nobody where something else is.
            if is_lookup || others && one.which == "own" {
                one.action = "";
                continue;
            }
            if let Some(shown) = &shown {
                facts.add_all(shown);
            }
            if is_export {
                one.action = "export";
            }
        }
        one.bound = facts.verified(What::Owner) || one.which == "own" || effect.filter.any(Origin::MINE);
        one.roles = asks(&facts);
        one.callers = callers(effect, &facts, route, told);
        // Something that is named like a check of rights stands on the way, and what it asks for was not understood.
        if is_named
            && matches!(one.callers, "signed-in" | "policies")
            && !one.roles.iter().any(|ask| !ask.refused)
        {
            one.callers = "role";
            one.roles.push(RoleAsk { names: Vec::new(), refused: false });
        }
    }
}

/// What holds wherever an answer tells what is stored. `None`, if none does.
fn shown(trace: &Trace<'_>) -> Option<Facts> {
    let told = Origin::STORED.with(Origin::ROW).with(Origin::BOUND);
    let tells = |end: &&End| !end.fails && !end.denies && end.body.any(told);
    trace.ends.iter().filter(tells).map(|end| end.facts.clone()).reduce(|all, one| all.both(&one))
}

/// Who gets there at least.
fn callers(effect: &EffectUse<'_>, facts: &Facts, route: &Declared<'_>, told: Authenticated) -> &'static str {
    let behind_gate = matches!(route.gate, Gate::Token { .. });
    if facts.roles().any(|fact| matches!(fact, Fact::RoleIn(_))) {
        return "role";
    }
    let decides = matches!(effect.acts, Some(Acts::User | Acts::Anonymous));
    let is_user = facts.verified(What::Identity)
        || behind_gate && facts.has(&Fact::Is(What::Identity, Proof::Unverified));
    if is_user {
        return if decides { "policies" } else { "signed-in" };
    }
    if facts.verified(What::Equal) || facts.verified(What::Signature) {
        return "secret";
    }
    if facts.has(&Fact::Link) {
        return "link";
    }
    match told {
        _ if facts.has(&Fact::Known) => "unknown",
        _ if decides => "policies",
        Authenticated::No | Authenticated::Gateway | Authenticated::Public => "anyone",
        // On some of its ways it is guarded; which of them lead here can't be told.
        Authenticated::Partial | Authenticated::Yes | Authenticated::Unknown => "unknown",
    }
}

/// On what: a table, or what is set in motion. `""` where the code does not say.
fn resource(effect: &EffectUse<'_>) -> String {
    use EffectKind::*;
    let of = |what: &str| match effect.target.is_empty() {
        true => what.to_owned(),
        false => format!("{what} in {}", effect.target),
    };
    match effect.kind {
        Storage | StorageRead => of("files"),
        UserAdmin | UserRead => "accounts".to_owned(),
        Payment | PaymentRead => "payments".to_owned(),
        Llm => "AI model".to_owned(),
        Email => "e-mail".to_owned(),
        Sms => "text messages".to_owned(),
        Push => "notifications".to_owned(),
        Request => "other servers".to_owned(),
        Process | Eval => "programs".to_owned(),
        Job => "jobs".to_owned(),
        _ => effect.target.clone(),
    }
}

/// The roles that are asked for, by name, and none where it can't be told which: all of these hold.
fn asks(facts: &Facts) -> Vec<RoleAsk> {
    facts
        .roles()
        .filter_map(|fact| match fact {
            Fact::RoleIn(names) => {
                Some(RoleAsk { names: names.iter().map(ToString::to_string).collect(), refused: false })
            }
            Fact::RoleNot(name) => Some(RoleAsk { names: vec![name.to_string()], refused: true }),
            _ => None,
        })
        .collect()
}

fn is_read(effect: &EffectUse<'_>) -> bool {
    kind(effect.kind) == "read"
}

/// What it is as an action: by what is done, never by a name of a route. `""` for what is none.
fn action(code: &Code, effect: &EffectUse<'_>) -> &'static str {
    use EffectKind::*;
    match effect.kind {
        DbRead | PaymentRead | StorageRead | UserRead => "view",
        DbDelete => "delete",
        DbWrite if decides(code, effect) => "approve",
        DbWrite | DbSql | Storage | UserAdmin => written(effect),
        Llm | Payment | Email | Sms | Push | Process | Eval | Job => "trigger",
        Request if !effect.url.has(Origin::OWN_URL) => "trigger",
        FileRead | File | Request | SignIn | SecretRead => "",
    }
}

/// What an effect is as an action, and on what.
pub fn action_of(code: &Code, effect: &EffectUse<'_>) -> (&'static str, String) {
    (action(code, effect), resource(effect))
}

/// Whether rows are added, changed or removed, as the names of the methods say. What does not tell changes something.
fn written(effect: &EffectUse<'_>) -> &'static str {
    let names = methods(effect.call);
    let any = |words: &[&str]| {
        names.iter().any(|name| words.iter().any(|word| name.to_ascii_lowercase().starts_with(word)))
    };
    if any(&["upsert", "save", "bulk", "merge"]) {
        "update"
    } else if any(&["delete", "remove", "destroy"]) {
        "delete"
    } else if any(&["update", "set", "patch", "findoneandupdate", "findbyidandupdate", "increment"]) {
        "update"
    } else if any(&["insert", "create", "add", "upload", "invite"]) {
        "create"
    } else {
        "update"
    }
}

/// The members of a chain of calls, the last first: `db.insert(rows).values(x)`.
fn methods(call: &Call) -> Vec<&str> {
    let mut names = Vec::new();
    let mut inner = &call.callee;
    while names.len() < 12 {
        match inner {
            Expr::Member(member) => {
                if let Property::Named(name) = &member.property {
                    names.push(&**name);
                }
                inner = &member.object;
            }
            Expr::Call(call) => inner = &call.callee,
            Expr::Await(value) => inner = value,
            _ => break,
        }
    }
    names
}

/// Whether what is written says that somebody decided: `{ status: "approved" }`, `{ approvedAt: new Date() }`.
fn decides(code: &Code, effect: &EffectUse<'_>) -> bool {
    let id = effect.module;
    let module = code.module(id);
    let mut found = false;
    let mut calls = vec![effect.call];
    let mut inner = &effect.call.callee;
    while let (Expr::Member(member), true) = (inner, calls.len() < 8) {
        let Expr::Call(call) = &member.object else { break };
        calls.push(call);
        inner = &call.callee;
    }
    // `db.update(orders).set({ … })`: what is written stands in a later call.
    if written(effect) == "update"
        && !calls.iter().any(|call| call.args.iter().any(|arg| matches!(arg, Expr::Object(_))))
    {
        calls.extend(later(code, effect));
    }
    for arg in calls.iter().flat_map(|call| &call.args) {
        each_part(module, arg, Inner::Skip, &mut |expr| {
            let Expr::Object(entries) = expr else { return };
            found |= entries.iter().any(|entry| match entry {
                Entry::Pair(name, value) => is_decision(code, id, name, value),
                Entry::Spread(_) => false,
            });
        });
    }
    found && written(effect) != "create"
}

/// The calls that go on with what a call gave, in the function around it.
fn later<'c>(code: &'c Code, effect: &EffectUse<'_>) -> Vec<&'c Call> {
    let module = code.module(effect.module);
    let around = module.functions.iter().filter(|of| of.line <= effect.line && effect.line <= of.end);
    let Some(function) = around.max_by_key(|of| of.line) else { return Vec::new() };
    let mut found = Vec::new();
    each_expr(module, &function.body, Inner::Skip, &mut |expr| {
        let Expr::Call(call) = expr else { return };
        let mut inner = &call.callee;
        for _ in 0..8 {
            match inner {
                Expr::Member(member) => inner = &member.object,
                Expr::Call(one)
                    if std::ptr::addr_eq(std::ptr::from_ref(&**one), std::ptr::from_ref(effect.call)) =>
                {
                    return found.push(&**call);
                }
                Expr::Call(one) => inner = &one.callee,
                _ => return,
            }
        }
    });
    found
}

fn is_decision(code: &Code, module: ModuleId, name: &str, value: &Expr) -> bool {
    let name = name.to_ascii_lowercase();
    if matches!(&*name, "status" | "state" | "decision" | "approval" | "approvalstatus" | "approval_status") {
        let told = match value {
            Expr::Text(_) | Expr::Member(_) | Expr::Name(..) => code.constant(module, value),
            _ => None,
        };
        return told.is_some_and(|told| DECIDED.contains(&&*told.to_ascii_lowercase()));
    }
    let is_set = !matches!(value, Expr::Bool(false) | Expr::Null | Expr::Undefined | Expr::Object(_));
    let stem = name.trim_end_matches("at").trim_end_matches("by").trim_end_matches("_");
    let stem = stem.trim_start_matches("is").trim_start_matches('_');
    is_set && matches!(stem, "approved" | "rejected" | "published" | "declined")
}

/// Whether the handler answers with a file to keep (`Content-Disposition: attachment`, a table of values), and whether anything
/// in it or before it is named like a check of what somebody may do.
fn looks(code: &Code, route: &Declared<'_>) -> (bool, bool) {
    let (mut exports, mut checks) = (false, false);
    let mut look = |expr: &Expr| match expr {
        Expr::Object(entries) => {
            for entry in entries {
                let Entry::Pair(name, value) = entry else { continue };
                exports |= is_file(name, value);
                checks |= asks_by_option(name, value);
            }
        }
        Expr::Call(call) => {
            let name = match &call.callee {
                Expr::Name(name, _) => &**name,
                Expr::Member(member) => match &member.property {
                    Property::Named(name) => &**name,
                    Property::Computed(_) => "",
                },
                _ => "",
            };
            exports |= name == "attachment" && call.args.len() < 2
                || matches!(call.args.as_slice(), [Expr::Text(name), value] if is_file(name, value));
            checks |= is_check(name);
        }
        _ => {}
    };
    for layer in &route.layers {
        each_part(code.module(layer.module), layer.runs, Inner::Skip, &mut look);
    }
    match &route.handler {
        Handler::Function((module, function)) => {
            let module = code.module(*module);
            if let Some(function) = module.functions.get(function.0 as usize) {
                each_expr(module, &function.body, Inner::Enter, &mut look);
                for decorator in &function.decorators {
                    each_part(module, decorator, Inner::Skip, &mut look);
                }
            }
        }
        Handler::Value(module, value) => each_part(code.module(*module), value, Inner::Enter, &mut look),
    }
    (exports, checks)
}

/// `{ requiredPermissions: ["links.write"] }`.
fn asks_by_option(name: &str, value: &Expr) -> bool {
    let name = name.to_ascii_lowercase();
    let lists = matches!(value, Expr::List(items) if !items.is_empty());
    name.starts_with("required") && (name.contains("role") || name.contains("permission")) && lists
        || matches!(&*name, "permission" | "permissions" | "roles")
            && (lists || matches!(value, Expr::Text(_)))
}

/// Whether something with this name asks what somebody may do.
fn is_check(name: &str) -> bool {
    let of = |start: &str| {
        name.strip_prefix(start).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
    };
    if of("set")
        || of("get")
        || of("use")
        || of("create")
        || of("update")
        || of("delete")
        || of("list")
        || of("find")
    {
        return false;
    }
    let small = name.to_ascii_lowercase();
    let named = ["permission", "permitted", "privilege", "isallowed", "notallowed", "policies"];
    named.iter().any(|word| small.contains(word))
        || small.contains("role")
            && ["check", "require", "has", "ensure", "assert", "with"]
                .iter()
                .any(|start| small.starts_with(start))
        || matches!(&*small, "authorize" | "authorise" | "can" | "cannot" | "ability" | "roles")
        || small.contains("access")
            && ["check", "verify", "assert", "require", "ensure", "throw", "has", "validate"]
                .iter()
                .any(|start| small.starts_with(start))
        || of("can")
}

fn is_file(name: &str, value: &Expr) -> bool {
    let is_disposition = name.eq_ignore_ascii_case("content-disposition");
    if !is_disposition && !name.eq_ignore_ascii_case("content-type") {
        return false;
    }
    let text = match value {
        Expr::Text(text) => &**text,
        Expr::Template(texts, _) => texts.first().map_or("", |text| &**text),
        _ => return false,
    };
    let text = text.trim_start().to_ascii_lowercase();
    match is_disposition {
        true => text.starts_with("attachment"),
        false => ["text/csv", "application/vnd.openxml", "application/vnd.ms-excel"]
            .iter()
            .any(|t| text.starts_with(t)),
    }
}
