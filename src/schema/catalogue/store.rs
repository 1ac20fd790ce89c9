//! A map that can go back to how it was, which is what a failing statement asks for.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Objects by key, with a journal of what was there before each change.
#[derive(Clone, Debug)]
pub struct Store<K, V> {
    map: BTreeMap<K, Arc<V>>,
    journal: Vec<(K, Option<Arc<V>>)>,
}

impl<K, V> Default for Store<K, V> {
    fn default() -> Self {
        Self { map: BTreeMap::new(), journal: Vec::new() }
    }
}

impl<K: Ord + Clone, V: Clone> Store<K, V> {
    /// The object with this key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.map.get(key).map(Arc::as_ref)
    }

    /// The object with this key, to be changed.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let slot = self.map.get_mut(key)?;
        self.journal.push((key.clone(), Some(Arc::clone(slot))));
        Some(Arc::make_mut(slot))
    }

    /// Whether there is such an object.
    pub fn contains<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.map.contains_key(key)
    }

    /// Puts an object in.
    pub fn insert(&mut self, key: K, value: V) {
        let before = self.map.insert(key.clone(), Arc::new(value));
        self.journal.push((key, before));
    }

    /// Takes an object out.
    pub fn remove(&mut self, key: &K) -> bool {
        let before = self.map.remove(key);
        let found = before.is_some();
        if found {
            self.journal.push((key.clone(), before));
        }
        found
    }

    /// All objects, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.map.iter().map(|(key, value)| (key, value.as_ref()))
    }

    /// All objects.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.map.values().map(Arc::as_ref)
    }

    /// All keys.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.map.keys()
    }

    /// The keys from `from` on.
    pub fn from(&self, from: &K) -> impl Iterator<Item = (&K, &V)> {
        self.map.range(from..).map(|(key, value)| (key, value.as_ref()))
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// A point to go back to.
    pub fn mark(&self) -> usize {
        self.journal.len()
    }

    /// Undoes what happened since `mark`.
    pub fn rollback(&mut self, mark: usize) {
        while self.journal.len() > mark {
            match self.journal.pop() {
                Some((key, Some(value))) => {
                    self.map.insert(key, value);
                }
                Some((key, None)) => {
                    self.map.remove(&key);
                }
                None => break,
            }
        }
    }

    /// Forgets the journal: nobody goes back any more.
    pub fn commit(&mut self) {
        self.journal.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::Store;

    #[test]
    fn going_back_undoes_in_order() {
        let mut store: Store<u32, String> = Store::default();
        store.insert(1, "a".to_owned());
        let outer = store.mark();
        store.get_mut(&1).unwrap().push('b');
        store.insert(2, "x".to_owned());
        let inner = store.mark();
        store.remove(&1);
        store.insert(2, "y".to_owned());
        store.rollback(inner);
        assert_eq!(store.get(&1).unwrap(), "ab");
        assert_eq!(store.get(&2).unwrap(), "x");
        store.rollback(outer);
        assert_eq!(store.get(&1).unwrap(), "a");
        assert!(!store.contains(&2));
    }
}
