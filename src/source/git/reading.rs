//! Reading objects through libgit2.

use std::sync::Arc;

use git2::{Error, Odb, OdbObject, Oid, Repository};

use crate::source::store::Chains;

/// The objects of a repository. One whose deltas are made of each other is as good as damaged: libgit2 would follow them
/// for ever.
pub(in crate::source) struct Objects<'r> {
    odb: Odb<'r>,
    chains: Arc<Chains>,
}

impl<'r> Objects<'r> {
    /// Of an opened repository.
    pub(in crate::source) fn of(repository: &'r Repository) -> Result<Objects<'r>, Error> {
        Objects::along(repository, Arc::new(Chains::of(repository.commondir())))
    }

    /// Of a repository opened again: `chains` are known.
    pub(in crate::source) fn along(
        repository: &'r Repository,
        chains: Arc<Chains>,
    ) -> Result<Objects<'r>, Error> {
        Ok(Objects { odb: repository.odb()?, chains })
    }

    /// What [`Objects::along`] needs.
    pub(in crate::source) fn chains(&self) -> Arc<Chains> {
        self.chains.clone()
    }

    /// An object; `None` where it is missing or damaged.
    pub(in crate::source) fn read(&self, id: Oid) -> Option<OdbObject<'_>> {
        if self.chains.end(id.as_bytes()) { self.odb.read(id).ok() } else { None }
    }

    /// How many bytes an object has, without reading all of it.
    pub(in crate::source) fn size(&self, id: Oid) -> Option<usize> {
        if !self.chains.end(id.as_bytes()) {
            return None;
        }
        self.odb.read_header(id).ok().map(|(size, _)| size)
    }
}
