//! The whole reader: against git2 on repositories that git makes, and on packs that are made to break it.

mod differential;
mod hostile;
mod mutations;
mod packs;
mod repositories;
#[allow(clippy::single_range_in_vec_init, reason = "one window is a list of one range")]
mod windows;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use git2::{ObjectType, Oid, Repository};

use super::{Kind, Store};

/// Larger blobs than any test has.
const MAX: u64 = 32 << 20;

/// What a reader sees of a repository: the kind of each object, by its id.
type Seen = BTreeMap<String, Kind>;

/// What the store shows, every object at most once, its content proven by its id.
fn seen(store: &Store) -> Seen {
    let seen = Mutex::new(Seen::new());
    let add = |number: u32, kind: Kind, content: &[u8]| {
        let id = Oid::from_bytes(&store.id(number)).unwrap();
        assert_eq!(store.kind(number), Some(kind));
        assert_eq!(Oid::hash_object(git_kind(kind), content).unwrap(), id, "{kind:?}");
        assert_eq!(seen.lock().unwrap().insert(id.to_string(), kind), None, "{id} is shown once");
    };
    store.structure(&|number, kind, content| add(number, kind, content));
    store.blobs(&|_| Some(0), MAX, &|number, content, _| {
        add(number, Kind::Blob, content);
        false
    });
    seen.into_inner().unwrap()
}

/// What git2 reads.
fn expected(repository: &Repository) -> Seen {
    let odb = repository.odb().unwrap();
    let mut ids = Vec::new();
    odb.foreach(|id| {
        ids.push(*id);
        true
    })
    .unwrap();
    ids.into_iter().map(|id| (id.to_string(), kind(odb.read(id).unwrap().kind()))).collect()
}

fn kind(kind: ObjectType) -> Kind {
    match kind {
        ObjectType::Commit => Kind::Commit,
        ObjectType::Tree => Kind::Tree,
        ObjectType::Tag => Kind::Tag,
        _ => Kind::Blob,
    }
}

fn git_kind(kind: Kind) -> ObjectType {
    match kind {
        Kind::Commit => ObjectType::Commit,
        Kind::Tree => ObjectType::Tree,
        Kind::Blob => ObjectType::Blob,
        Kind::Tag => ObjectType::Tag,
    }
}

fn open(path: &Path) -> (Store, Vec<String>) {
    Store::open(&Repository::open(path).unwrap())
}

/// Wanted objects that were not shown: of structure, and blobs.
fn missing(store: &Store) -> (usize, usize) {
    let structure = store.structure(&|_, _, _| {});
    let blobs = store.blobs(&|_| Some(0), MAX, &|_, _, _| true);
    assert!(blobs.too_large.is_empty());
    (structure.len(), blobs.missing.len())
}
