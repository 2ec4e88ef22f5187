//! Which numbers a socket was already sent, so that a resume repeats none of them.

use std::collections::BTreeMap;

/// Runs kept at most: the ring that a resume reads from holds 10,000 objects, and older numbers are never asked for.
const MAX_RUNS: usize = 10_000;

/// A set of numbers as runs: sockets that take everything need a single one.
#[derive(Debug, Default)]
pub(crate) struct SentNumbers {
    /// First number of a run to its last.
    runs: BTreeMap<u64, u64>,
}

impl SentNumbers {
    /// Whether the number is in the set.
    pub(crate) fn contains(&self, number: u64) -> bool {
        self.run_of(number).is_some()
    }

    /// Adds a number.
    pub(crate) fn insert(&mut self, number: u64) {
        if self.contains(number) {
            return;
        }
        let before = number.checked_sub(1).and_then(|before| self.run_of(before)).map(|(start, _)| start);
        let last = self.runs.remove(&(number.saturating_add(1))).unwrap_or(number);
        self.runs.insert(before.unwrap_or(number), last);
        if self.runs.len() > MAX_RUNS {
            self.runs.pop_first();
        }
    }

    /// Takes a number out: its frame was dropped before it was sent.
    pub(crate) fn remove(&mut self, number: u64) {
        let Some((start, last)) = self.run_of(number) else { return };
        self.runs.remove(&start);
        if start < number {
            self.runs.insert(start, number - 1);
        }
        if number < last {
            self.runs.insert(number + 1, last);
        }
    }

    fn run_of(&self, number: u64) -> Option<(u64, u64)> {
        let (start, last) = self.runs.range(..=number).next_back()?;
        (number <= *last).then_some((*start, *last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn runs_hold_exactly_what_a_set_would(steps in prop::collection::vec((any::<bool>(), 0_u64..40), 0..200)) {
            let (mut runs, mut set) = (SentNumbers::default(), BTreeSet::new());
            for (add, number) in steps {
                if add {
                    runs.insert(number);
                    set.insert(number);
                } else {
                    runs.remove(number);
                    set.remove(&number);
                }
                for probe in 0..41 {
                    prop_assert_eq!(runs.contains(probe), set.contains(&probe), "{}", probe);
                }
            }
        }
    }

    #[test]
    fn adjacent_numbers_share_one_run() {
        let mut sent = SentNumbers::default();
        for number in (0..1_000).rev().chain(1_000..2_000) {
            sent.insert(number);
        }
        assert_eq!(sent.runs.len(), 1);
    }
}
