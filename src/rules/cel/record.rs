//! A fact as a CEL value. The crate's own map is copied deeply for every item of every `exists`; this one is shared.

use std::sync::Arc;

use cel::ExecutionError;
use cel::common::traits::Indexer;
use cel::common::types::{CelString, MAP_TYPE, Type};
use cel::common::value::{CowVal, Val};

/// Fields sorted by name, shared between copies.
#[derive(Debug, Clone)]
pub(super) struct Record(Arc<[(String, Box<dyn Val>)]>);

impl Record {
    pub(super) fn new(mut fields: Vec<(String, Box<dyn Val>)>) -> Record {
        fields.sort_by(|a, b| a.0.cmp(&b.0));
        Record(fields.into())
    }

    fn field(&self, key: &dyn Val) -> Result<&(dyn Val + 'static), ExecutionError> {
        let name = key.downcast_ref::<CelString<'_>>().map_or("", |name| name.inner());
        match self.0.binary_search_by(|(field, _)| field.as_str().cmp(name)) {
            Ok(at) => self
                .0
                .get(at)
                .map(|(_, value)| value.as_ref())
                .ok_or_else(|| ExecutionError::no_such_key(name)),
            Err(_) => Err(ExecutionError::no_such_key(name)),
        }
    }
}

impl Val for Record {
    fn get_type(&self) -> &Type {
        &MAP_TYPE
    }

    fn cel_type() -> &'static Type {
        &MAP_TYPE
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn into_indexer<'v>(self: Box<Self>) -> Option<Box<dyn Indexer + 'v>>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Box::new(self.clone())
    }
}

impl Indexer for Record {
    fn get<'b, 'v>(&'b self, key: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.field(key).map(CowVal::Borrowed)
    }

    fn steal<'v>(self: Box<Self>, key: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.field(key).map(|value| value.clone_as_boxed())
    }
}
