//! Authors by e-mail address.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io::Read as _;
use std::path::Path;

use git2::{Mailmap, Signature, Time};

use super::Author;

/// Names and addresses as commits spell them, each pair once.
#[derive(Debug, Default)]
pub(super) struct Spellings {
    seen: HashMap<(Vec<u8>, Vec<u8>), usize>,
    list: Vec<(String, String)>,
}

impl Spellings {
    /// The number of this spelling.
    pub(super) fn number(&mut self, name: &[u8], email: &[u8]) -> usize {
        if let Some(number) = self.seen.get(&(name.to_vec(), email.to_vec())) {
            return *number;
        }
        let number = self.list.len();
        self.seen.insert((name.to_vec(), email.to_vec()), number);
        self.list.push((text(name), text(email)));
        number
    }

    /// One author for each address, sorted by address; and for each spelling, its author.
    ///
    /// `newest_first`: the spellings in the order in which they may name an author.
    pub(super) fn authors(
        &self,
        mailmap: Option<&Mailmap>,
        newest_first: impl Iterator<Item = usize>,
    ) -> (Vec<Author>, Vec<usize>) {
        let mapped: Vec<(String, String)> =
            self.list.iter().map(|(name, email)| resolve(mailmap, name, email)).collect();
        let mut names: BTreeMap<&str, (Option<&str>, BTreeSet<&str>)> = BTreeMap::new();
        for number in newest_first {
            let Some((name, email)) = mapped.get(number) else { continue };
            let entry = names.entry(email).or_default();
            entry.0.get_or_insert(name);
            entry.1.insert(name);
        }
        let numbers: HashMap<&str, usize> = names.keys().enumerate().map(|(i, email)| (*email, i)).collect();
        let of_spelling =
            mapped.iter().map(|(_, email)| numbers.get(email.as_str()).copied().unwrap_or(0)).collect();
        let authors = names
            .iter()
            .map(|(email, (newest, all))| Author {
                name: newest.unwrap_or_default().to_owned(),
                email: (*email).to_owned(),
                names: all.iter().map(|name| (*name).to_owned()).collect(),
            })
            .collect();
        (authors, of_spelling)
    }
}

/// `.mailmap` at the top of the work tree, if it is a regular file of sane size.
///
/// Not through libgit2: it would also follow the machine's `mailmap.file`.
pub(super) fn mailmap(top: &Path) -> Option<Mailmap> {
    const CAP: u64 = 1 << 20;
    let path = top.join(".mailmap");
    let about = fs::symlink_metadata(&path).ok()?;
    if !about.is_file() || about.len() > CAP {
        return None;
    }
    let mut text = String::new();
    fs::File::open(path).ok()?.take(CAP).read_to_string(&mut text).ok()?;
    Mailmap::from_buffer(&text).ok()
}

fn resolve(mailmap: Option<&Mailmap>, name: &str, email: &str) -> (String, String) {
    let mapped = mailmap.and_then(|map| {
        // Refused for an empty name or address: such an identity stays as it is.
        let given = Signature::new(name, email, &Time::new(0, 0)).ok()?;
        let real = map.resolve_signature(&given).ok()?;
        Some((text(real.name_bytes()), text(real.email_bytes())))
    });
    let (name, email) = mapped.unwrap_or_else(|| (name.to_owned(), email.to_owned()));
    (name, email.to_lowercase())
}

/// Identities are short; one of megabytes is no identity.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.get(..300).unwrap_or(bytes)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_author_for_each_address_named_by_the_newest_commit() {
        let mut spellings = Spellings::default();
        let old = spellings.number(b"ana", b"Ana@Example.com");
        let new = spellings.number(b"Ana Lima", b"ana@example.com");
        let bob = spellings.number(b"Bob", b"BOB@example.com");
        assert_eq!(spellings.number(b"ana", b"Ana@Example.com"), old);
        let (authors, of) = spellings.authors(None, [new, bob, old].into_iter());
        assert_eq!(
            authors,
            [
                Author {
                    name: "Ana Lima".into(),
                    email: "ana@example.com".into(),
                    names: vec!["Ana Lima".into(), "ana".into()]
                },
                Author { name: "Bob".into(), email: "bob@example.com".into(), names: vec!["Bob".into()] },
            ]
        );
        assert_eq!((of[old], of[new], of[bob]), (0, 0, 1));
    }

    #[test]
    fn a_mailmap_joins_addresses() {
        let map = Mailmap::from_buffer("Ana Lima <ana@work.example> <ana@home.example>\n").unwrap();
        let mut spellings = Spellings::default();
        let home = spellings.number(b"al", b"ana@home.example");
        let work = spellings.number(b"Ana Lima", b"ana@work.example");
        let empty = spellings.number(b"", b"");
        let (authors, of) = spellings.authors(Some(&map), [home, work, empty].into_iter());
        assert_eq!(authors.len(), 2);
        assert_eq!(of[home], of[work]);
        assert_eq!(authors[of[home]].names, ["Ana Lima"]);
    }
}
