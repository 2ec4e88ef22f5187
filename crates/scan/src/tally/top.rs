//! Counting the most frequent of arbitrarily many keys in bounded memory.

use std::collections::HashMap;

/// Counts by key: exactly up to a number of different keys, beyond it the frequent ones with a known error.
///
/// This is lossy counting (Manku and Motwani, 2002) with pruning by size: when there is no room for another key, the
/// rarer half is forgotten, and the highest count that was forgotten is the most that any key not held can have. So a
/// held key's true count lies between `count` and `count + missed`. Which keys are held depends on the order of calls
/// alone.
#[derive(Debug)]
pub(crate) struct Top<V> {
    capacity: usize,
    held: HashMap<Box<str>, Counted<V>>,
    /// The most that a key which is not held can have.
    forgotten: u64,
}

/// What is known of one key.
#[derive(Debug, Default)]
pub(crate) struct Counted<V> {
    /// Times that it was counted since it is held.
    pub(crate) count: u64,
    /// The most that it may have been counted before.
    pub(crate) missed: u64,
    /// Whatever else is kept of it.
    pub(crate) value: V,
}

impl<V: Default> Top<V> {
    /// Holds at most `capacity` keys.
    pub(crate) fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(2), held: HashMap::new(), forgotten: 0 }
    }

    /// Counts a key `times` times and hands out what is kept of it.
    pub(crate) fn count(&mut self, key: &str, times: u64) -> &mut V {
        if !self.held.contains_key(key) {
            if self.held.len() >= self.capacity {
                self.forget_half();
            }
            let fresh = Counted { count: 0, missed: self.forgotten, value: V::default() };
            self.held.insert(key.into(), fresh);
        }
        let counted = self.held.entry(key.into()).or_default();
        counted.count = counted.count.saturating_add(times);
        &mut counted.value
    }

    /// Different keys that are held: all there were unless [`Top::is_exact`] denies it.
    pub(crate) fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether no key was ever forgotten.
    pub(crate) fn is_exact(&self) -> bool {
        self.forgotten == 0
    }

    /// How many keys fit.
    pub(crate) fn capacity(&self) -> usize {
        self.capacity
    }

    /// The key with the count, if it is held.
    pub(crate) fn get(&self, key: &str) -> Option<&Counted<V>> {
        self.held.get(key)
    }

    /// The first `limit` keys in the order of `rank`, highest first; of equals, the first by name.
    pub(crate) fn ranked<R: Ord>(
        &self,
        limit: usize,
        rank: impl Fn(&Counted<V>) -> R,
    ) -> Vec<(&str, &Counted<V>)> {
        let mut all: Vec<(&str, &Counted<V>)> =
            self.held.iter().map(|(key, counted)| (key.as_ref(), counted)).collect();
        all.sort_by(|(left_key, left), (right_key, right)| {
            rank(right).cmp(&rank(left)).then_with(|| left_key.cmp(right_key))
        });
        all.truncate(limit);
        all
    }

    fn forget_half(&mut self) {
        let mut counts: Vec<u64> =
            self.held.values().map(|counted| counted.count.saturating_add(counted.missed)).collect();
        let middle = counts.len() / 2;
        let (_, median, _) = counts.select_nth_unstable(middle);
        self.forgotten = self.forgotten.max(*median);
        let forgotten = self.forgotten;
        self.held.retain(|_, counted| counted.count.saturating_add(counted.missed) > forgotten);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn counts_are_exact_below_the_capacity() {
        let mut top: Top<()> = Top::new(3);
        for key in ["b", "a", "b", "c"] {
            top.count(key, 1);
        }
        assert!(top.is_exact());
        let ranked: Vec<(&str, u64)> =
            top.ranked(2, |counted| counted.count).into_iter().map(|(key, c)| (key, c.count)).collect();
        assert_eq!(ranked, [("b", 2), ("a", 1)]);
    }

    proptest! {
        #[test]
        fn the_true_count_lies_within_the_stated_error(keys in prop::collection::vec(0..40_u8, 0..600)) {
            let mut top: Top<()> = Top::new(8);
            let mut truth = HashMap::new();
            for key in &keys {
                top.count(&key.to_string(), 1);
                *truth.entry(key.to_string()).or_insert(0_u64) += 1;
                prop_assert!(top.len() <= 8);
            }
            for (key, true_count) in &truth {
                match top.get(key) {
                    Some(counted) => prop_assert!(
                        counted.count <= *true_count && *true_count <= counted.count + counted.missed
                    ),
                    None => prop_assert!(*true_count <= top.forgotten),
                }
            }
        }
    }
}
