//! Help for the tests of readers.

use crate::source::{File, Tree};

/// A file with this path, as the source layer would give it.
pub fn file(path: &str) -> File {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = folder.path().join(path);
    std::fs::create_dir_all(place.parent().expect("a parent")).expect("folders");
    std::fs::write(&place, "").expect("a file");
    let tree = Tree::working(folder.path(), &[]).expect("a tree");
    tree.get(path).expect("the file").clone()
}
