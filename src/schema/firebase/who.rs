//! Who gets past a condition, and what they may write.

use std::collections::{BTreeMap, BTreeSet};

use super::rules::Operation;

/// Who gets past a condition; the later, the more people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// No statement allows it, or none that anybody passes.
    #[default]
    Nobody,
    /// People who are named in the rules.
    Person,
    /// Who has a role.
    Role,
    /// Whose it is.
    Owner,
    /// Who belongs to it: a member, somebody of the same company.
    Member,
    /// Everybody, of what is marked for that.
    Flagged,
    /// It can't be told.
    Unknown,
    /// Anybody with an account.
    SignedIn,
    /// Anybody, until a day.
    Timed,
    /// Anybody.
    Public,
}

/// A part of a path that rules look up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// A fixed name.
    Text(String),
    /// The id of who asks.
    Uid,
    /// A name from the path of what is asked for.
    Variable(String),
    /// Anything else.
    Other,
}

/// What a condition believes because it stands in the database.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Trust {
    /// Where it stands.
    pub path: Vec<Part>,
    /// The field, `""` where it is enough that it is there.
    pub field: String,
    /// The values that are believed; empty where any will do or they can't be told.
    pub values: Vec<String>,
}

/// How a row is known to be somebody's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OwnerBy {
    /// A name in its path.
    Path(String),
    /// A field of what is there.
    Old(String),
    /// A field of what is being written.
    New(String),
    /// A field of another row, its parent.
    Lookup,
}

/// What a condition asks of who asks, or of when and what they ask.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Asks {
    /// To be signed in.
    SignedIn,
    /// That it is theirs.
    Owner(OwnerBy),
    /// To belong to it.
    Member(Option<Trust>),
    /// To have a role.
    Role(Option<Trust>),
    /// To be somebody in particular.
    Person,
    /// That what is there is marked.
    State,
    /// That it is not yet that day.
    Until(String),
    /// It can't be told, because of this.
    Unclear(&'static str),
}

/// What a condition says of a field that is being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// It looks at it, in a way that can't be told.
    Checked,
    /// It takes these values only.
    OneOf(BTreeSet<String>),
    /// It stays as it is.
    Kept,
}

/// One way past a condition: all of this must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Way {
    /// What is asked.
    pub asks: BTreeSet<Asks>,
    /// What is said of fields; `"*"` speaks of all.
    pub fields: BTreeMap<String, Field>,
    /// The only fields that may be written.
    pub only: Option<BTreeSet<String>>,
}

/// Whether somebody on a way may write a field as they like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writes {
    /// They may.
    Free,
    /// They may not.
    Held,
    /// It can't be told.
    Unclear,
}

impl Way {
    /// A way that asks one thing.
    pub(super) fn asking(asks: Asks) -> Way {
        Way { asks: BTreeSet::from([asks]), ..Way::default() }
    }

    /// A way that says something of a field.
    pub(super) fn field(name: &str, field: Field) -> Way {
        Way { fields: BTreeMap::from([(name.to_owned(), field)]), ..Way::default() }
    }

    /// Both.
    pub(super) fn and(&self, other: &Way) -> Way {
        let mut both = self.clone();
        both.asks.extend(other.asks.iter().cloned());
        for (name, field) in &other.fields {
            let stronger = match (both.fields.remove(name), field) {
                (Some(Field::Kept), _) | (_, Field::Kept) => Field::Kept,
                (Some(Field::OneOf(a)), Field::OneOf(b)) => Field::OneOf(&a & b),
                (Some(Field::OneOf(a)), Field::Checked) => Field::OneOf(a),
                (_, field) => field.clone(),
            };
            both.fields.insert(name.clone(), stronger);
        }
        both.only = match (both.only.take(), &other.only) {
            (Some(a), Some(b)) => Some(&a & b),
            (a, b) => a.or_else(|| b.clone()),
        };
        both
    }

    /// What holds whichever of two ways that ask the same is taken.
    pub(super) fn either(&mut self, other: &Way) {
        let (own, its) = (self.clone(), other);
        let names: BTreeSet<&String> = own.fields.keys().chain(its.fields.keys()).collect();
        self.fields.clear();
        for name in names {
            let held = |way: &Way| {
                let listed = way.only.as_ref().is_some_and(|only| name != "*" && !only.contains(name));
                way.fields.get(name).cloned().or(listed.then_some(Field::Kept))
            };
            let weaker = match (held(&own), held(its)) {
                (Some(Field::Kept), Some(Field::Kept)) => Field::Kept,
                (Some(Field::Kept), Some(Field::OneOf(a))) | (Some(Field::OneOf(a)), Some(Field::Kept)) => {
                    Field::OneOf(a)
                }
                (Some(Field::OneOf(a)), Some(Field::OneOf(b))) => Field::OneOf(&a | &b),
                (Some(_), Some(_)) => Field::Checked,
                _ => continue,
            };
            self.fields.insert(name.clone(), weaker);
        }
        self.only = match (own.only, &its.only) {
            (Some(a), Some(b)) => Some(&a | b),
            _ => None,
        };
    }

    /// Whether who takes it may write `field`, and one of `values` into it.
    pub fn writes(&self, field: &str, values: &[String]) -> Writes {
        if self.fields.get("*") == Some(&Field::Kept) {
            return Writes::Held;
        }
        let top = field.split('.').next().unwrap_or(field);
        match self.fields.get(field).or_else(|| self.fields.get(top)) {
            Some(Field::Kept) => Writes::Held,
            Some(Field::OneOf(_)) if values.is_empty() => Writes::Unclear,
            Some(Field::OneOf(taken)) if values.iter().any(|value| taken.contains(value)) => Writes::Free,
            Some(Field::OneOf(_)) => Writes::Held,
            _ if self.only.as_ref().is_some_and(|only| !only.contains(top)) => Writes::Held,
            Some(Field::Checked) => Writes::Unclear,
            None => Writes::Free,
        }
    }

    /// Who takes it, to do `operation`.
    pub fn who(&self, operation: Operation) -> Who {
        let narrowest = self.asks.iter().map(|asks| match asks {
            Asks::Person => Who::Person,
            Asks::Role(_) => Who::Role,
            // Who writes their own id into somebody else's row makes it theirs.
            Asks::Owner(OwnerBy::New(field)) if operation == Operation::Update && !self.keeps(field) => {
                Who::SignedIn
            }
            Asks::Owner(_) => Who::Owner,
            Asks::Member(_) => Who::Member,
            Asks::State if operation.reads() => Who::Flagged,
            // Of what is there, somebody may change what is in that state.
            Asks::State => Who::Public,
            Asks::Unclear(_) => Who::Unknown,
            Asks::SignedIn => Who::SignedIn,
            Asks::Until(_) => Who::Timed,
        });
        narrowest.min().unwrap_or(Who::Public)
    }

    /// Whether a field stays as it is.
    pub(super) fn keeps(&self, field: &str) -> bool {
        self.writes(field, &[]) == Writes::Held
    }
}
