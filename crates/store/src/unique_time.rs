//! Timestamps that no other row has: colliding instants move forward by microseconds, in order of arrival (API.md 1.4).
//!
//! Logs count in whole seconds, so a busy second holds thousands of rows with the same instant. What is taken in a
//! second is remembered once it was read or made; a second later than every row is known to be empty without a look.

use std::collections::{HashMap, HashSet, VecDeque};

use bartizan_model::Timestamp;

/// Taken instants that are remembered at most; the seconds remembered longest go first.
const MAX_REMEMBERED: usize = 200_000;

/// What is taken in one second.
#[derive(Debug, Default)]
pub(crate) struct Second {
    taken: HashSet<i64>,
    /// For an instant that collided: the first one after it that may be free.
    next: HashMap<i64, i64>,
    /// Whether the feed shows an allowed request of this second already.
    shown: bool,
}

/// Gives out instants. Forget it with [`UniqueTimes::forget`] when a transaction that used it did not commit.
#[derive(Debug, Default)]
pub(crate) struct UniqueTimes {
    seconds: HashMap<i64, Second>,
    order: VecDeque<i64>,
    remembered: usize,
    newest: Option<i64>,
}

impl UniqueTimes {
    /// Whether a second must be read from the table before instants in it are given out; `newest` is the newest
    /// instant of the table as it was read at the start.
    pub(crate) fn is_unknown(&self, second: i64) -> bool {
        let later = self.newest.is_none_or(|newest| second > newest.div_euclid(Timestamp::SECOND_MICROS));
        !later && !self.seconds.contains_key(&second)
    }

    /// Notes the newest instant of the table.
    pub(crate) fn set_newest(&mut self, newest: Option<i64>) {
        self.newest = self.newest.max(newest);
    }

    /// Notes what the table holds in a second: instants, and whether one of them is an allowed line of the feed.
    pub(crate) fn learn(&mut self, second: i64, taken: impl Iterator<Item = (i64, bool)>) {
        let known = self.second(second);
        let before = known.taken.len();
        for (instant, shown) in taken {
            known.taken.insert(instant);
            known.shown |= shown;
        }
        let grown = known.taken.len() - before;
        self.remembered += grown;
    }

    /// The first free instant at or after `wanted`, or the second that must be learnt first.
    pub(crate) fn take(&mut self, wanted: i64) -> Result<i64, i64> {
        let mut candidate = wanted;
        loop {
            let second = candidate.div_euclid(Timestamp::SECOND_MICROS);
            if self.is_unknown(second) {
                return Err(second);
            }
            let end = (second + 1) * Timestamp::SECOND_MICROS;
            let known = self.second(second);
            let began = candidate;
            candidate = known.next.get(&candidate).copied().unwrap_or(candidate);
            while candidate < end && known.taken.contains(&candidate) {
                candidate += 1;
            }
            if began != candidate {
                known.next.insert(began, candidate);
            }
            if candidate < end {
                known.taken.insert(candidate);
                known.next.insert(candidate, candidate + 1);
                self.remembered += 1;
                self.newest = self.newest.max(Some(candidate));
                return Ok(candidate);
            }
        }
    }

    /// Whether this allowed request is the first of its second in the feed; asked once per request.
    pub(crate) fn show(&mut self, instant: i64) -> bool {
        let second = self.second(instant.div_euclid(Timestamp::SECOND_MICROS));
        !std::mem::replace(&mut second.shown, true)
    }

    /// Drops the oldest memories beyond the cap; called between transactions.
    pub(crate) fn trim(&mut self) {
        while self.remembered > MAX_REMEMBERED && self.order.len() > 1 {
            let Some(second) = self.order.pop_front() else { return };
            if let Some(dropped) = self.seconds.remove(&second) {
                self.remembered -= dropped.taken.len();
            }
        }
    }

    /// Forgets everything: the table must be asked again.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }

    fn second(&mut self, second: i64) -> &mut Second {
        self.seconds.entry(second).or_insert_with(|| {
            self.order.push_back(second);
            Second::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colliding_instants_move_forward_in_order() {
        let mut times = UniqueTimes::default();
        times.set_newest(Some(5_000_000));
        assert_eq!(times.take(5_000_000), Err(5));
        times.learn(5, [(5_000_000, true), (5_000_001, false)].into_iter());
        assert_eq!(
            [times.take(5_000_000), times.take(5_000_000), times.take(5_000_002)],
            [Ok(5_000_002), Ok(5_000_003), Ok(5_000_004)]
        );
        assert!(!times.show(5_000_004));
        assert!(times.show(6_000_000));
        assert!(!times.show(6_000_001));
    }

    #[test]
    fn a_full_second_spills_into_the_next() {
        let mut times = UniqueTimes::default();
        assert_eq!(times.take(999_999), Ok(999_999));
        assert_eq!(times.take(999_999), Ok(1_000_000));
        assert_eq!(times.take(1_000_000), Ok(1_000_001));
    }

    #[test]
    fn a_busy_second_stays_fast_and_the_memory_is_bounded() {
        let mut times = UniqueTimes::default();
        let mut given = HashSet::new();
        for _ in 0..300_000 {
            assert!(given.insert(times.take(7_000_000).expect("known")));
        }
        for second in 8..20 {
            times.take(second * 1_000_000).expect("later than every row");
        }
        times.trim();
        assert!(times.remembered <= MAX_REMEMBERED);
        assert_eq!(times.take(7_000_000), Err(7), "what was forgotten is asked for again");
    }
}
