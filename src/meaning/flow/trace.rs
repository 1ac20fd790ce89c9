//! What was found when code was gone through.

use super::facts::{Facts, GuardId};
use super::origin::Origin;
use crate::code::{Call, ModuleId, Name};
use crate::meaning::symbols::{Acts, EffectKind, Log, Proof, What};

/// Everything that was found.
#[derive(Debug, Default)]
pub struct Trace<'c> {
    /// Guards that were met, whether or not they hold anyone.
    pub guards: Vec<GuardUse>,
    /// What is done.
    pub effects: Vec<EffectUse<'c>>,
    /// How requests end.
    pub ends: Vec<End>,
    /// What is written to logs, with the line.
    pub logs: Vec<(Log, ModuleId, u32)>,
    /// What could not be followed and may matter: what it is, with the line.
    pub unknown: Vec<(String, ModuleId, u32)>,
    /// Layers that can't be read, and may turn callers away.
    pub unread: Vec<(ModuleId, u32)>,
    /// Where callers are turned away, and what decides that can't be told.
    pub undecided: Vec<(ModuleId, u32)>,
    /// What libraries serve by themselves: `auth`, `rpc`.
    pub serves: Vec<(String, ModuleId, u32)>,
    /// Where it was known who is calling on one way, and on another that joins it not.
    pub losses: Vec<Loss>,
    /// Answers that turn somebody away, and that are made and dropped.
    pub dropped: Vec<(ModuleId, u32)>,
    /// Layers that look at who is calling and let everybody pass.
    pub passing: Vec<(ModuleId, u32)>,
    /// Guards of libraries that are told to let everybody pass.
    pub optional: Vec<(ModuleId, u32)>,
    /// A layer is how people sign in.
    pub signs_in: bool,
    /// Layers behind which it is known who is calling: which of the links.
    pub protectors: Vec<usize>,
    /// Comparisons of a role that the caller names.
    pub claims: Vec<(ModuleId, u32)>,
    /// Where it was asked whether the caller has one of these roles or permissions.
    pub roles: Vec<(Vec<Name>, ModuleId, u32)>,
    /// Comparisons with people who are listed in the code.
    pub listed: Vec<(ModuleId, u32)>,
    /// Comparisons with a text into which a secret is put that may not be set.
    pub unset: Vec<(Name, ModuleId, u32)>,
    /// Where an answer allows the site that asks, whichever it is.
    pub reflects: Option<(ModuleId, u32)>,
    /// Where whoever has no cookie or header is turned away.
    pub checked: Option<(ModuleId, u32)>,
    /// Where a cookie or header is compared with a text that stands in the code.
    pub compared: Option<(ModuleId, u32)>,
    /// A function of the project tells by what it gives who is calling.
    pub has_helper: bool,
    /// It allows that cookies are sent along.
    pub credentials: bool,
    /// It took too long.
    pub is_cut: bool,
}

/// See [`Trace::losses`].
#[derive(Debug, Clone, PartialEq)]
pub struct Loss {
    /// What the ways come from.
    pub cause: Cause,
    /// What was asked there.
    pub about: Origin,
    /// The environment variable that was asked.
    pub environment: Option<Name>,
    /// An answer was sent on the way where it isn't known.
    pub sent: bool,
    /// Where.
    pub module: ModuleId,
    /// Line.
    pub line: u32,
}

/// See [`Loss::cause`].
#[derive(Debug, Clone, PartialEq)]
pub enum Cause {
    /// `if`, `&&`, `?:`.
    Branch,
    /// What was caught.
    Caught,
    /// A layer that runs only sometimes, and when.
    Layer(String),
}

/// A guard that was met.
#[derive(Debug, Clone, PartialEq)]
pub struct GuardUse {
    /// What it tells.
    pub what: What,
    /// What that is worth.
    pub proof: Proof,
    /// As the code calls it: `supabase.auth.getUser`, `requireUser`.
    pub name: String,
    /// Where.
    pub module: ModuleId,
    /// Line.
    pub line: u32,
    /// Its result was looked at, or it throws by itself.
    pub is_checked: bool,
    /// Whether nobody waits for it, if that was told.
    pub is_forgotten: Option<bool>,
    /// What was asked is around what tells: it is always something.
    pub is_wrapper: bool,
    /// The how-manieth of what was met.
    pub order: usize,
    /// Which it is, wherever and whenever it is met.
    pub id: GuardId,
    /// It was met before what this is the trace of.
    pub is_elsewhere: bool,
}

/// Something that is done.
#[derive(Debug, Clone)]
pub struct EffectUse<'c> {
    /// What.
    pub kind: EffectKind,
    /// Table, model, bucket; `""` where the code does not say.
    pub target: String,
    /// Whose service.
    pub provider: String,
    /// For whom the client acts.
    pub acts: Option<Acts>,
    /// Where.
    pub module: ModuleId,
    /// Line.
    pub line: u32,
    /// Which call it is.
    pub call: &'c Call,
    /// How much of the chain of calls was seen.
    pub length: usize,
    /// What holds on every way to it.
    pub facts: Facts,
    /// What tells which rows are meant.
    pub filter: Origin,
    /// What is written.
    pub values: Origin,
    /// The names by which a new row takes others from the request: `postId`. See [`super::parents`].
    pub parents: Option<std::rc::Rc<[Name]>>,
    /// The address that is asked.
    pub url: Origin,
    /// Of a message: what it says, beside to whom it goes.
    pub says: Origin,
    /// It leaves a secret that whoever calls did not choose.
    pub leaves_secret: bool,
    /// It keeps what was found, to find it faster: a cache.
    pub keeps: bool,
    /// Only rows are meant of which it is written down that everybody may see them.
    pub is_public: bool,
    /// Only rows are meant that somebody approved.
    pub is_approved: bool,
    /// Its rows are told apart by a column that says who may see them.
    pub has_mark: bool,
    /// The new row gives its owner rights over others, or those that the caller asks for: `role: body.role`.
    pub grants: bool,
    /// A failure is caught.
    pub is_tried: bool,
    /// The how-manieth of what was met.
    pub order: usize,
}

/// How a request ends.
#[derive(Debug, Clone, PartialEq)]
pub struct End {
    /// The status, if it is known.
    pub status: Option<u16>,
    /// Whoever calls is turned away: 401, 403, sent to sign in.
    pub denies: bool,
    /// It failed: a status of 400 and more, or something was thrown.
    pub fails: bool,
    /// It is thrown.
    pub throws: bool,
    /// What holds.
    pub facts: Facts,
    /// What the answer is made of.
    pub body: Origin,
    /// Whether the answer is written down: an object, a text.
    pub is_read: bool,
    /// Where.
    pub module: ModuleId,
    /// Line.
    pub line: u32,
}

impl GuardUse {
    /// A guard of which nothing more is known than that it was met.
    pub fn new(
        what: What,
        proof: Proof,
        name: String,
        (module, line): (ModuleId, u32),
        is_checked: bool,
    ) -> Self {
        Self {
            what,
            proof,
            name,
            module,
            line,
            is_checked,
            is_forgotten: None,
            is_wrapper: false,
            order: 0,
            id: 0,
            is_elsewhere: false,
        }
    }
}

impl<'c> Trace<'c> {
    /// Remembers a guard.
    pub fn guard(&mut self, mut guard: GuardUse) {
        if self.guards.iter().all(|known| known.id != guard.id) {
            guard.order = self.guards.len() + self.effects.len();
            self.guards.push(guard);
        }
    }

    /// Adds what was found by something that was gone through by itself, as if it had been found here, where this held.
    pub fn absorb(&mut self, other: &Trace<'c>, held: &Facts) {
        let with = |facts: &Facts| {
            let mut all = held.clone();
            all.add_all(facts);
            all
        };
        let (mut guards, mut effects) = (other.guards.iter().peekable(), other.effects.iter().peekable());
        loop {
            match (guards.peek(), effects.peek()) {
                (Some(guard), effect) if effect.is_none_or(|effect| guard.order <= effect.order) => {
                    guards.next().into_iter().for_each(|guard| self.absorb_guard(guard));
                }
                (_, Some(_)) => {
                    effects.next().into_iter().for_each(|effect| {
                        self.effect(EffectUse { facts: with(&effect.facts), ..effect.clone() });
                    });
                }
                _ => break,
            }
        }
        self.ends.extend(other.ends.iter().map(|end| End { facts: with(&end.facts), ..end.clone() }));
        self.logs.extend_from_slice(&other.logs);
        self.unknown.extend_from_slice(&other.unknown);
        other.unread.iter().for_each(|place| note(&mut self.unread, *place));
        other.undecided.iter().for_each(|place| note(&mut self.undecided, *place));
        self.serves.extend_from_slice(&other.serves);
        for loss in &other.losses {
            let environment = loss.environment.clone().or_else(|| held.environment());
            let loss = Loss { environment, ..loss.clone() };
            if !self.losses.contains(&loss) {
                self.losses.push(loss);
            }
        }
        self.dropped.extend_from_slice(&other.dropped);
        self.passing.extend_from_slice(&other.passing);
        self.optional.extend_from_slice(&other.optional);
        self.signs_in |= other.signs_in;
        self.protectors.extend_from_slice(&other.protectors);
        self.claims.extend_from_slice(&other.claims);
        self.listed.extend_from_slice(&other.listed);
        for asked in &other.roles {
            if !self.roles.contains(asked) {
                self.roles.push(asked.clone());
            }
        }
        self.unset.extend_from_slice(&other.unset);
        self.reflects = other.reflects.or(self.reflects);
        self.checked = self.checked.or(other.checked);
        self.compared = self.compared.or(other.compared);
        self.has_helper |= other.has_helper;
        self.credentials |= other.credentials;
        self.is_cut |= other.is_cut;
    }

    fn absorb_guard(&mut self, guard: &GuardUse) {
        match self.guards.iter_mut().find(|known| known.id == guard.id) {
            Some(known) => {
                known.is_checked |= guard.is_checked;
                known.is_wrapper |= guard.is_wrapper;
                known.is_forgotten = guard.is_forgotten.or(known.is_forgotten);
            }
            None => self.guard(guard.clone()),
        }
    }

    /// Remembers an effect. A longer chain of the same call says more than a shorter one.
    pub fn effect(&mut self, mut effect: EffectUse<'c>) {
        effect.order = self.guards.len() + self.effects.len();
        let known = self.effects.iter_mut().find(|known| {
            std::ptr::eq(known.call, effect.call)
                && known.kind == effect.kind
                && known.provider == effect.provider
        });
        let Some(known) = known else { return self.effects.push(effect) };
        known.facts = known.facts.both(&effect.facts);
        known.is_tried &= effect.is_tried;
        if known.acts != effect.acts {
            known.acts =
                [known.acts, effect.acts].into_iter().flatten().find(|a| *a == Acts::Service).or(known.acts);
        }
        if effect.length > known.length {
            let facts = known.facts.clone();
            *known = EffectUse { facts, is_tried: known.is_tried, order: known.order, ..effect };
        } else if effect.length == known.length {
            known.filter = known.filter.alike(effect.filter);
            known.values = known.values.alike(effect.values);
            known.says = known.says.with(effect.says);
            known.leaves_secret &= effect.leaves_secret;
            known.keeps &= effect.keeps;
            known.is_public &= effect.is_public;
            known.is_approved &= effect.is_approved;
            known.has_mark |= effect.has_mark;
            known.grants |= effect.grants;
            known.url = known.url.alike(effect.url);
        }
    }
}

/// So many places are kept of those that come to the same.
const MOST_PLACES: usize = 8;

/// Remembers a place once.
pub(super) fn note(places: &mut Vec<(ModuleId, u32)>, place: (ModuleId, u32)) {
    if places.len() < MOST_PLACES && !places.contains(&place) {
        places.push(place);
    }
}
