//! Types, as numbers.

use super::Oid;

/// A type: a built-in one, one that was made, or the row of a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ty {
    /// Its number.
    pub id: Oid,
    /// Whether it is an array of that.
    pub array: bool,
}

/// Numbers of the built-in types that the replay speaks of: their lines in `builtin/types.txt`. A test holds that.
impl Ty {
    /// What we don't know. It goes with everything.
    pub const ANY: Self = Self::builtin(0);
    /// A string literal whose type is still open.
    pub const UNKNOWN: Self = Self::builtin(1);
    /// `bool`
    pub const BOOL: Self = Self::builtin(2);
    /// `int4`
    pub const INT4: Self = Self::builtin(3);
    /// `int8`
    pub const INT8: Self = Self::builtin(4);
    /// `numeric`
    pub const NUMERIC: Self = Self::builtin(5);
    /// `text`
    pub const TEXT: Self = Self::builtin(6);
    /// `varchar`
    pub const VARCHAR: Self = Self::builtin(7);
    /// `bpchar`
    pub const BPCHAR: Self = Self::builtin(8);
    /// `name`
    pub const NAME: Self = Self::builtin(9);
    /// `uuid`
    pub const UUID: Self = Self::builtin(10);
    /// `record`
    pub const RECORD: Self = Self::builtin(11);
    /// `void`
    pub const VOID: Self = Self::builtin(12);
    /// `trigger`
    pub const TRIGGER: Self = Self::builtin(13);
    /// `event_trigger`
    pub const EVENT_TRIGGER: Self = Self::builtin(14);
    /// `date`
    pub const DATE: Self = Self::builtin(15);
    /// `timestamp`
    pub const TIMESTAMP: Self = Self::builtin(16);
    /// `timestamptz`
    pub const TIMESTAMPTZ: Self = Self::builtin(17);
    /// `time`
    pub const TIME: Self = Self::builtin(18);
    /// `timetz`
    pub const TIMETZ: Self = Self::builtin(19);
    /// `oid`
    pub const OID: Self = Self::builtin(20);
    /// `regclass`
    pub const REGCLASS: Self = Self::builtin(21);
    /// `int2`
    pub const INT2: Self = Self::builtin(22);
    /// `float8`
    pub const FLOAT8: Self = Self::builtin(23);
    /// `jsonb`
    pub const JSONB: Self = Self::builtin(24);
    /// `json`
    pub const JSON: Self = Self::builtin(25);
    /// `anyelement`
    pub const ANYELEMENT: Self = Self::builtin(26);
    /// `anyarray`
    pub const ANYARRAY: Self = Self::builtin(27);
    /// `anynonarray`
    pub const ANYNONARRAY: Self = Self::builtin(28);
    /// `anyenum`
    pub const ANYENUM: Self = Self::builtin(29);
    /// `anyrange`
    pub const ANYRANGE: Self = Self::builtin(30);
    /// `anymultirange`
    pub const ANYMULTIRANGE: Self = Self::builtin(31);
    /// `anycompatible`
    pub const ANYCOMPATIBLE: Self = Self::builtin(32);
    /// `anycompatiblearray`
    pub const ANYCOMPATIBLEARRAY: Self = Self::builtin(33);
    /// `anycompatiblenonarray`
    pub const ANYCOMPATIBLENONARRAY: Self = Self::builtin(34);
    /// `anycompatiblerange`
    pub const ANYCOMPATIBLERANGE: Self = Self::builtin(35);
    /// `anycompatiblemultirange`
    pub const ANYCOMPATIBLEMULTIRANGE: Self = Self::builtin(36);
    /// `any`, quoted: takes anything.
    pub const ANY_PSEUDO: Self = Self::builtin(37);
    /// `interval`
    pub const INTERVAL: Self = Self::builtin(38);

    /// A built-in type.
    pub const fn builtin(id: Oid) -> Self {
        Self { id, array: false }
    }

    /// A type with this number.
    pub const fn of(id: Oid) -> Self {
        Self { id, array: false }
    }

    /// The array of this type.
    pub const fn array_of(self) -> Self {
        Self { id: self.id, array: true }
    }

    /// What the array is made of.
    pub const fn element(self) -> Self {
        Self { id: self.id, array: false }
    }

    /// Whether nothing is known of it.
    pub fn is_any(self) -> bool {
        self.id == Self::ANY.id
    }

    /// Whether it stands for several types.
    pub fn is_polymorphic(self) -> bool {
        (Self::ANYELEMENT.id..=Self::ANYCOMPATIBLEMULTIRANGE.id).contains(&self.id)
    }
}
