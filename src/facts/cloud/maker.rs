//! Makes one fact: asks a resource for its attributes, and keeps evidence and reasons.

use super::environment;
use super::resolve::{Known, resolve};
use super::stack::{At, Module, Resource, Stacks};
use crate::facts::config::{Entry, Value};
use crate::facts::kinds::{Answer, CloudCategory, CloudResource, Environment, Evidence, Unknown};

/// What a resource says of one attribute.
pub(super) enum Said<'a> {
    /// This.
    Known(Known<'a>),
    /// Nothing, so the provider's default holds.
    Nothing,
    /// Something that can't be told, because …
    Unknown(String),
}

/// One resource and what is told of it so far.
pub(super) struct Maker<'a> {
    pub(super) stacks: &'a Stacks<'a>,
    pub(super) module: &'a Module<'a>,
    pub(super) body: At<'a>,
    pub(super) fact: CloudResource,
}

/// What to say when an attribute is on, off, or left out.
pub(super) struct Words {
    pub(super) yes: &'static str,
    pub(super) no: &'static str,
    pub(super) silent: &'static str,
}

impl<'a> Maker<'a> {
    pub(super) fn new(
        stacks: &'a Stacks<'a>,
        module: &'a Module<'a>,
        resource: &Resource<'a>,
        provider: &str,
        category: CloudCategory,
    ) -> Self {
        let environment = match module.environment {
            Environment::Unknown => environment::of_name(resource.name),
            told => told,
        };
        let na = Answer::Na;
        let fact = CloudResource {
            tool: module.tool.to_owned(),
            provider: provider.to_owned(),
            type_name: resource.type_name.to_owned(),
            name: resource.name.to_owned(),
            category,
            environment,
            file: resource.at.file.to_owned(),
            line: resource.at.node.line,
            publicly_reachable: na,
            deletion_protected: na,
            backed_up: na,
            point_in_time: na,
            skips_final_snapshot: na,
            multi_zone: na,
            encrypted: na,
            versioned: na,
            wildcard: na,
            remote: na,
            ..CloudResource::default()
        };
        Maker { stacks, module, body: resource.at, fact }
    }

    /// The attribute at `path`, through blocks.
    pub(super) fn says(&self, path: &[&str]) -> Said<'a> {
        said(self.stacks, self.module, self.body, path)
    }

    /// Its text, `None` where it says nothing that can be told.
    pub(super) fn text(&self, path: &[&str]) -> Option<String> {
        match self.says(path) {
            Said::Known(known) => Some(known.node.scalar()).filter(|t| !t.is_empty()),
            _ => None,
        }
    }

    /// The line of the attribute, else that of the resource.
    pub(super) fn line(&self, path: &[&str]) -> u32 {
        let mut node = self.body.node;
        for key in path {
            match node.get(key) {
                Some(inside) => node = inside,
                None => break,
            }
        }
        node.line.max(1)
    }

    /// The truth at `path`; `default` is what the provider does where nothing is said.
    pub(super) fn truth(
        &mut self,
        cell: &str,
        path: &[&str],
        default: Option<bool>,
        words: &Words,
    ) -> Answer {
        let line = self.line(path);
        match self.says(path) {
            Said::Known(known) => match known.node.truth() {
                Some(truth) => {
                    let says = if truth { words.yes } else { words.no };
                    self.evidence(cell, line, &format!("{says}{}", self.from(known, line)));
                    answer(truth)
                }
                None => self.unknown(cell, "its value is no plain yes or no"),
            },
            Said::Nothing => match default {
                Some(truth) => {
                    self.evidence(cell, self.fact.line, words.silent);
                    answer(truth)
                }
                None => self.unknown(cell, "the file does not say"),
            },
            Said::Unknown(reason) => self.unknown(cell, &reason),
        }
    }

    /// The days that backups are kept: fills `backed_up`, `backup_days` and `point_in_time` (which goes with them where
    /// `moments`).
    pub(super) fn retention(&mut self, path: &[&str], default: u32, moments: bool) {
        let line = self.line(path);
        let (days, line, says) = match self.says(path) {
            Said::Known(known) => match known.node.number() {
                Some(days) => (days.clamp(0.0, 100_000.0) as u32, line, self.from(known, line)),
                None => return self.backups_unknown("its value is no number"),
            },
            Said::Nothing => (default, self.fact.line, " unless the file says otherwise".to_owned()),
            Said::Unknown(reason) => return self.backups_unknown(&reason),
        };
        self.fact.backup_days = days;
        self.fact.backed_up = answer(days > 0);
        self.fact.point_in_time = if moments { answer(days > 0) } else { Answer::Na };
        let says = match days {
            0 => format!("no automatic backups are kept{says}"),
            1 => format!("automatic backups are kept for one day{says}"),
            days => format!("automatic backups are kept for {days} days{says}"),
        };
        for cell in ["backed_up", "backup_days"] {
            self.evidence(cell, line, &says);
        }
        if moments {
            self.evidence("point_in_time", line, &says);
        }
    }

    pub(super) fn backups_unknown(&mut self, reason: &str) {
        self.fact.backed_up = self.unknown("backed_up", reason);
        self.unknown("backup_days", reason);
        self.fact.point_in_time = self.unknown("point_in_time", reason);
    }

    /// `lifecycle { prevent_destroy = true }` refuses to delete, whatever the resource itself says.
    pub(super) fn prevent_destroy(&mut self) {
        let path = ["lifecycle", "prevent_destroy"];
        let on = matches!(self.says(&path), Said::Known(known) if known.node.truth() == Some(true));
        if on {
            self.fact.evidence.retain(|e| e.cell != "deletion_protected");
            self.fact.unknowns.retain(|u| u.cell != "deletion_protected");
            let line = self.line(&path);
            self.evidence("deletion_protected", line, "the tool refuses to destroy it");
            self.fact.deletion_protected = Answer::Yes;
        }
    }

    pub(super) fn evidence(&mut self, cell: &str, line: u32, says: &str) {
        let file = self.fact.file.clone();
        self.fact.evidence.push(Evidence::new(cell, &file, line, says));
    }

    pub(super) fn unknown(&mut self, cell: &str, reason: &str) -> Answer {
        self.fact.unknowns.push(Unknown::new(cell, reason));
        Answer::Unknown
    }

    /// Where a value comes from that does not stand at `line` itself.
    fn from(&self, known: Known<'a>, line: u32) -> String {
        if known.node.line == 0 || (known.file == self.fact.file && known.node.line == line) {
            return String::new();
        }
        format!(" (as {} line {} says)", known.file, known.node.line)
    }
}

pub(super) fn answer(truth: bool) -> Answer {
    if truth { Answer::Yes } else { Answer::No }
}

/// The value at `path` below `at`.
pub(super) fn said<'a>(
    stacks: &'a Stacks<'a>,
    module: &'a Module<'a>,
    at: At<'a>,
    path: &[&str],
) -> Said<'a> {
    let mut known = match resolve(stacks, module, at) {
        Ok(known) => known,
        Err(reason) => return Said::Unknown(reason),
    };
    for key in path {
        let holder = known.node.list().first().unwrap_or(known.node);
        let Some(node) = holder.get(key) else {
            let dynamic = |e: &Entry| e.key == "dynamic" && e.node.get(key).is_some();
            let computed = holder.entries().iter().any(dynamic);
            return if computed { Said::Unknown(format!("`{key}` is computed")) } else { Said::Nothing };
        };
        known = match resolve(stacks, known.module, At { node, file: known.file }) {
            Ok(known) => known,
            Err(reason) => return Said::Unknown(reason),
        };
    }
    match known.node.value {
        Value::Null => Said::Nothing,
        _ => Said::Known(known),
    }
}

/// Every block of this name directly in `at`, one for each repetition; of a computed one its content.
pub(super) fn blocks<'a>(at: At<'a>, name: &str) -> Vec<At<'a>> {
    let mut found = Vec::new();
    for entry in at.node.entries() {
        let node = &entry.node;
        if entry.key == name {
            let list = node.list();
            if list.is_empty() {
                found.push(node);
            } else {
                found.extend(list);
            }
        } else if entry.key == "dynamic" {
            found.extend(node.at(&[name, "content"]));
        }
    }
    found.into_iter().map(|node| At { node, file: at.file }).collect()
}
