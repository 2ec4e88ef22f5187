//! A map of bounded size that forgets what was not seen for longest.

use std::collections::HashMap;

/// Two generations of entries: when the young one is full, the old one is dropped. An entry that is asked for
/// moves to the young generation, so at least the last `capacity` different keys are always remembered and
/// never more than twice as many are held. Which keys those are depends on the order of calls alone.
#[derive(Debug)]
pub(super) struct Memory<T> {
    capacity: usize,
    young: HashMap<u64, T>,
    old: HashMap<u64, T>,
}

impl<T: Default> Memory<T> {
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), young: HashMap::new(), old: HashMap::new() }
    }

    pub(super) fn entry(&mut self, key: u64) -> &mut T {
        if !self.young.contains_key(&key) && self.young.len() >= self.capacity {
            self.old = std::mem::take(&mut self.young);
        }
        let old = &mut self.old;
        self.young.entry(key).or_insert_with(|| old.remove(&key).unwrap_or_default())
    }

    pub(super) fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }
}
