//! When a condition is true: always, never, or where something ties a row to who is calling.

use std::collections::BTreeSet;

/// What holds where a condition is true: a set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ties(u16);

impl Ties {
    /// A column of the row is who is calling.
    pub const OWN: Ties = Ties(1);
    /// The row belongs to something that who is calling belongs to.
    pub const TEAM: Ties = Ties(2);
    /// Who is calling has a role or permission, or is somebody that the policy names.
    pub const ROLE: Ties = Ties(4);
    /// A column of the row has some value: it says nothing of who is calling.
    pub const MARK: Ties = Ties(8);
    /// Who is calling has a row in some table: whoever signs up may.
    pub const MEMBER: Ties = Ties(16);
    /// Who is calling says so themselves: `user_metadata`.
    pub const CLAIM: Ties = Ties(32);
    /// A setting of the connection, or a header of the request, has some value.
    pub const SETTING: Ties = Ties(64);
    /// It can't be told.
    pub const UNKNOWN: Ties = Ties(128);
    /// Within a subquery: a row of it is tied to who is calling.
    pub(super) const INNER_OWN: Ties = Ties(256);
    /// Within a subquery: a row of it is tied to the row that the policy is about.
    pub(super) const INNER_LINK: Ties = Ties(512);
    /// Within a subquery: a column of a row of it has some value.
    pub(super) const INNER_TEST: Ties = Ties(1024);

    /// Whether all of these are in it.
    pub fn has(self, other: Ties) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both.
    pub fn with(self, other: Ties) -> Ties {
        Ties(self.0 | other.0)
    }

    fn without(self, other: Ties) -> Ties {
        Ties(self.0 & !other.0)
    }
}

/// When a condition is true: one of these holds. None: never. One that asks nothing: always.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Truth(BTreeSet<Ties>);

/// More alternatives than people write.
const MOST: usize = 48;

impl Truth {
    /// Never.
    pub fn never() -> Self {
        Self::default()
    }

    /// Always.
    pub fn always() -> Self {
        Self::when(Ties::default())
    }

    /// Where this holds.
    pub fn when(ties: Ties) -> Self {
        Self(BTreeSet::from([ties]))
    }

    /// `true`, `false`.
    pub fn of(value: bool) -> Self {
        if value { Self::always() } else { Self::never() }
    }

    /// Whether it is never true.
    pub fn is_never(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it is always true.
    pub fn is_always(&self) -> bool {
        self.0.contains(&Ties::default())
    }

    /// What holds where it is true, each way by itself.
    pub fn ways(&self) -> impl Iterator<Item = Ties> {
        self.0.iter().copied()
    }

    /// `a or b`.
    pub fn or(mut self, other: Truth) -> Truth {
        self.0.extend(other.0);
        self.plain()
    }

    /// `a and b`.
    pub fn and(self, other: &Truth) -> Truth {
        let pairs = self.0.iter().flat_map(|mine| other.0.iter().map(|theirs| mine.with(*theirs)));
        Truth(pairs.collect()).plain()
    }

    /// `not a`, for a stranger: they are not who a row belongs to, have no role, and are in no team.
    pub fn negated(self) -> Truth {
        if self.is_always() {
            return Truth::never();
        }
        if self.is_never() {
            return Truth::always();
        }
        let of_row = |ties: &Ties| matches!(*ties, Ties::MARK | Ties::INNER_TEST);
        let of_others = |ties: &Ties| {
            let tied = [Ties::OWN, Ties::TEAM, Ties::ROLE, Ties::MEMBER, Ties::INNER_OWN];
            !ties.has(Ties::UNKNOWN) && tied.iter().any(|tie| ties.has(*tie))
        };
        if self.0.iter().all(of_row) {
            self
        } else if self.0.iter().all(of_others) {
            Truth::always()
        } else {
            Truth::when(Ties::UNKNOWN)
        }
    }

    /// The same, of a row of a subquery: what ties it to who is calling ties the subquery to them.
    pub(super) fn within(self) -> Truth {
        let inner = |ties: Ties| {
            let mut rest = ties.without(Ties::OWN).without(Ties::TEAM).without(Ties::MARK);
            if ties.has(Ties::OWN) || ties.has(Ties::TEAM) {
                rest = rest.with(Ties::INNER_OWN);
            }
            if ties.has(Ties::MARK) {
                rest = rest.with(Ties::INNER_TEST);
            }
            rest
        };
        Truth(self.0.into_iter().map(inner).collect()).plain()
    }

    /// Whether a row is found for which this holds: what a subquery in a policy comes to. `nested`: within another one.
    pub(super) fn exists(self, nested: bool) -> Truth {
        if nested {
            return self;
        }
        let outer = |ties: Ties| {
            let rest = ties.without(Ties::INNER_OWN).without(Ties::INNER_LINK).without(Ties::INNER_TEST);
            if rest.has(Ties::UNKNOWN) {
                return rest;
            }
            match (ties.has(Ties::INNER_OWN), ties.has(Ties::INNER_LINK)) {
                (true, true) => rest.with(Ties::TEAM),
                (true, false) if rest.has(Ties::ROLE) => rest,
                (true, false) => rest.with(Ties::MEMBER),
                // That what it refers to is there says nothing, unless there is more to be said of that.
                (false, true) if rest == Ties::default() && !ties.has(Ties::INNER_TEST) => rest,
                (false, true) => rest.with(Ties::MARK),
                // That some table has a row.
                (false, false) if rest == Ties::default() => Ties::UNKNOWN,
                (false, false) => rest,
            }
        };
        Truth(self.0.into_iter().map(outer).collect()).plain()
    }

    /// What is always true needs no other way.
    fn plain(mut self) -> Truth {
        if self.is_always() {
            return Truth::always();
        }
        if self.0.len() > MOST {
            // What is left out must not look like less than it is.
            let last = self.0.iter().nth(MOST).copied().unwrap_or_default();
            self.0.split_off(&last);
            self.0.insert(Ties::UNKNOWN);
        }
        self
    }
}
