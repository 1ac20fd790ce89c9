//! Fingerprints of weak values: by their place, and by a number where a place has several.
//!
//! The digest of a likely password would give it away, so a weak value is told by its format, its name and its file. Those
//! are the same for every password of one `INSERT`; the first of them has the fingerprint of the place, each other one that
//! of the place and of its number. What holds:
//!
//! - One value has one number, however often the file has it; with one value, a place needs none.
//! - The numbers follow the history: the value that the oldest commit has comes first, values of one commit in the order of
//!   their lines, and what is not committed last. So a number stays when values are added, moved or removed, and who accepts
//!   one accepts no value that comes later.
//! - Where the history is not read, or ends (a shallow clone), the order is that of the file: a value that is put before
//!   another takes its number, and the other has a new one. As many stay accepted as were, and one more is reported.
//! - A merge may bring commits that are older than those that are there, and a rewritten history has other commits: then the
//!   numbers are drawn again, with the same bound.

use std::collections::BTreeMap;
use std::fmt;

use sha2::{Digest, Sha256};

use super::model::Found;

/// What tells a weak value from the others of its place, as long as the program runs. Never for output.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weak {
    /// The fingerprint of the place.
    pub(super) place: String,
    /// A part of the digest of the value.
    pub(super) value: u64,
}

impl Weak {
    pub(super) fn of(place: &str, value: &[u8]) -> Weak {
        let digest = Sha256::digest(value);
        let value = digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte));
        Weak { place: place.to_owned(), value }
    }
}

impl fmt::Debug for Weak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Half a digest is enough to try passwords against.
        f.debug_struct("Weak").field("place", &self.place).finish_non_exhaustive()
    }
}

/// The weak values that each place has, with their numbers, from 0.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Numbers(BTreeMap<String, BTreeMap<u64, usize>>);

impl Numbers {
    /// The fingerprint of a value. A weak one that its place did not have gets the next number.
    pub fn fingerprint(&mut self, found: &Found) -> String {
        let Some(weak) = &found.weak_value else { return found.fingerprint.clone() };
        let place = self.0.entry(weak.place.clone()).or_default();
        let next = place.len();
        match *place.entry(weak.value).or_insert(next) {
            0 => weak.place.clone(),
            number => numbered(&weak.place, number),
        }
    }
}

fn numbered(place: &str, number: usize) -> String {
    let mut hasher = Sha256::new();
    hasher.update(b"vibecheck another secret of a place\0");
    hasher.update(format!("{place} {number}"));
    hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Class, Searched, find};

    /// The fingerprints of the passwords of an `INSERT`.
    fn of(passwords: &[&str]) -> Vec<String> {
        let rows: Vec<String> =
            passwords.iter().map(|word| format!("('a@acme.io', '{word}{}')", "-Tree4!")).collect();
        let text = format!("INSERT INTO users (email, password) VALUES\n{};\n", rows.join(",\n"));
        let searched =
            Searched { path: "db/seed.sql", bytes: text.as_bytes(), class: Class::Whole, windows: None };
        find(&searched).into_iter().map(|found| found.fingerprint).collect()
    }

    #[test]
    fn each_of_several_passwords_has_its_own_fingerprint() {
        let several = of(&["Maple", "Birch", "Maple", "Cedar"]);
        assert_eq!(several.len(), 4);
        assert_eq!(several[0], several[2]);
        assert!(several[0] != several[1] && several[0] != several[3] && several[1] != several[3]);
        // The first is what a place with one value has, whatever the value.
        assert_eq!(of(&["Birch"]), [several[0].clone()]);
        assert_eq!(of(&["Birch", "Maple"]), several[..2]);
    }
}
