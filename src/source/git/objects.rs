//! Commits and trees as git stores them: parsed in place, without a copy.

use git2::Oid;

/// The mode of a folder in a tree.
pub(in crate::source) const FOLDER: u32 = 0o040_000;
/// The kind of a file in a tree or in the index.
pub(in crate::source) const FILE: u32 = 0o100_000;
/// The mode of a submodule in a tree or in the index.
pub(in crate::source) const SUBMODULE: u32 = 0o160_000;
/// The mode of a symbolic link in a tree or in the index.
pub(in crate::source) const LINK: u32 = 0o120_000;
/// The part of a mode that tells the kind.
pub(in crate::source) const KIND: u32 = 0o170_000;

/// One entry of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::source) struct Entry<'a> {
    pub(in crate::source) mode: u32,
    pub(in crate::source) name: &'a [u8],
    pub(in crate::source) id: Oid,
}

impl Entry<'_> {
    pub(in crate::source) fn is_folder(&self) -> bool {
        self.mode & KIND == FOLDER
    }
}

/// The entries of a tree object; ends at the first that is malformed.
pub(in crate::source) fn entries(tree: &[u8]) -> Entries<'_> {
    Entries { rest: tree }
}

/// See [`entries`].
pub(in crate::source) struct Entries<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        let space = memchr::memchr(b' ', self.rest)?;
        let (mode, rest) = self.rest.split_at(space);
        let rest = rest.get(1..)?;
        let end = memchr::memchr(0, rest)?;
        let (name, rest) = rest.split_at(end);
        let id = Oid::from_bytes(rest.get(1..21)?).ok()?;
        let mode = mode.iter().try_fold(0u32, |sum, digit| match digit {
            b'0'..=b'7' if sum < 0o1_000_000 => Some(sum * 8 + u32::from(digit - b'0')),
            _ => None,
        })?;
        self.rest = rest.get(21..)?;
        Some(Entry { mode, name, id })
    }
}

/// What is needed of a commit.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::source) struct RawCommit<'a> {
    pub(in crate::source) tree: Oid,
    pub(in crate::source) parents: Vec<Oid>,
    /// See [`signature`].
    pub(in crate::source) author: &'a [u8],
    /// Committer date, seconds since 1970.
    pub(in crate::source) committed: i64,
    pub(in crate::source) message: &'a [u8],
}

/// A name, an address and a time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::source) struct Signature<'a> {
    pub(in crate::source) name: &'a [u8],
    pub(in crate::source) email: &'a [u8],
    pub(in crate::source) time: i64,
    /// Minutes east of UTC, as the author's clock was set.
    pub(in crate::source) offset: i64,
}

/// Parses a commit object. `None` without a tree.
pub(in crate::source) fn commit(data: &[u8]) -> Option<RawCommit<'_>> {
    let (head, message) = parts(data);
    let mut tree = None;
    let mut parents = Vec::new();
    let mut author = &[][..];
    let mut committed = 0;
    for line in head.split(|byte| *byte == b'\n') {
        if let Some(id) = line.strip_prefix(b"tree ") {
            tree = tree.or_else(|| hex(id));
        } else if let Some(id) = line.strip_prefix(b"parent ") {
            parents.push(hex(id)?);
        } else if let Some(text) = line.strip_prefix(b"author ") {
            author = text;
        } else if let Some(text) = line.strip_prefix(b"committer ") {
            committed = signature(text).time;
        }
    }
    Some(RawCommit { tree: tree?, parents, author, committed, message })
}

/// What an annotated tag names, and its message. `None` if it names nothing.
pub(in crate::source) fn tag(data: &[u8]) -> Option<(Oid, &[u8])> {
    let (head, message) = parts(data);
    let target = head.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(b"object "))?;
    Some((hex(target)?, message))
}

/// The lines at the head of a commit or a tag, and its message.
fn parts(data: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memmem::find(data, b"\n\n") {
        Some(end) => (data.get(..end).unwrap_or_default(), data.get(end + 2..).unwrap_or_default()),
        None => (data, &[]),
    }
}

fn hex(id: &[u8]) -> Option<Oid> {
    Oid::from_str(std::str::from_utf8(id.get(..40)?).ok()?).ok()
}

/// `+0530` in minutes; 0 for anything that is no offset of a clock on earth.
fn offset(text: &[u8]) -> i64 {
    let text = std::str::from_utf8(text).unwrap_or_default();
    let (sign, digits) = match text.split_at_checked(1) {
        Some(("+", digits)) => (1, digits),
        Some(("-", digits)) => (-1, digits),
        _ => return 0,
    };
    match digits.parse::<i64>() {
        Ok(clock) if digits.len() == 4 && clock <= 1_400 => sign * (clock / 100 * 60 + clock % 100),
        _ => 0,
    }
}

/// `Name <address> 1700000000 +0100`, also without the time, as in a `Co-authored-by:` trailer.
pub(in crate::source) fn signature(text: &[u8]) -> Signature<'_> {
    let Some(close) = memchr::memrchr(b'>', text) else {
        return Signature { name: text.trim_ascii(), ..Signature::default() };
    };
    let open = memchr::memchr(b'<', &text[..close]).unwrap_or(close);
    let mut clock = text[close + 1..].trim_ascii().split(|byte| *byte == b' ');
    let time = clock.next().unwrap_or_default();
    let offset = clock.next().map_or(0, offset);
    Signature {
        name: text[..open].trim_ascii(),
        email: text.get(open + 1..close).unwrap_or_default().trim_ascii(),
        time: std::str::from_utf8(time).ok().and_then(|digits| digits.parse().ok()).unwrap_or(0),
        offset,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_parsed() {
        let id = "a".repeat(40);
        let text = format!(
            "tree {id}\nparent {id}\nparent {id}\nauthor A B <a@b.c> 1700000000 +0100\n\
             committer C <c@d.e> 1700000009 +0000\ngpgsig x\n y\n\nSubject\n\nBody"
        );
        let commit = commit(text.as_bytes()).unwrap();
        assert_eq!(commit.parents.len(), 2);
        assert_eq!(
            signature(commit.author),
            Signature { name: b"A B", email: b"a@b.c", time: 1_700_000_000, offset: 60 }
        );
        assert_eq!(commit.committed, 1_700_000_009);
        assert_eq!(commit.message, b"Subject\n\nBody");
    }

    #[test]
    fn malformed_objects_are_no_panic() {
        assert_eq!(commit(b""), None);
        assert_eq!(commit(b"tree abc"), None);
        assert_eq!(entries(b"100644 a\0short").count(), 0);
        assert_eq!(entries(b"9 a\0aaaaaaaaaaaaaaaaaaaa").count(), 0);
        assert_eq!(signature(b"no address").name, b"no address");
        assert_eq!(signature(b">").email, b"");
        assert_eq!(signature(b"x <").name, b"x <");
    }

    #[test]
    fn a_tree_is_parsed() {
        let mut tree = b"40000 src\0".to_vec();
        tree.extend([1u8; 20]);
        tree.extend(b"100644 a.ts\0");
        tree.extend([2u8; 20]);
        let found: Vec<(u32, &[u8])> = entries(&tree).map(|e| (e.mode, e.name)).collect();
        assert_eq!(found, [(FOLDER, &b"src"[..]), (0o100_644, b"a.ts")]);
    }
}
