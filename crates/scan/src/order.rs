//! Work in any order, results in one: threads take blocks as they come, and the tally gets them in sequence.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::judge::JudgedBlock;

/// Puts judged blocks back into their sequence.
///
/// There is no thread of its own for it: whoever brings the block that is next counts it, and all that wait behind it.
/// A thread that is too far ahead waits, so that not more than a stated number of blocks is ever held.
#[derive(Debug)]
pub(crate) struct Order<T> {
    state: Mutex<State<T>>,
    moved: Condvar,
    max_ahead: u64,
}

#[derive(Debug)]
struct State<T> {
    next: u64,
    waiting: BTreeMap<u64, JudgedBlock>,
    /// Gone while a thread is counting with it.
    tally: Option<T>,
    is_given_up: bool,
}

impl<T> Order<T> {
    /// Counts with `tally`; at most `max_ahead` blocks wait.
    pub(crate) fn new(tally: T, max_ahead: u64) -> Self {
        let state = State { next: 0, waiting: BTreeMap::new(), tally: Some(tally), is_given_up: false };
        Self { state: Mutex::new(state), moved: Condvar::new(), max_ahead }
    }

    /// Hands a block in. Returns `false` when another thread has died and the work is given up.
    pub(crate) fn hand_in(&self, block: JudgedBlock, count: impl Fn(&mut T, JudgedBlock)) -> bool {
        let mut state = self.lock();
        while block.sequence > state.next.saturating_add(self.max_ahead) && !state.is_given_up {
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.is_given_up {
            return false;
        }
        state.waiting.insert(block.sequence, block);
        // Whoever holds the tally looks again before putting it back.
        let Some(mut tally) = state.tally.take() else { return true };
        loop {
            let next = state.next;
            let Some(block) = state.waiting.remove(&next) else { break };
            drop(state);
            count(&mut tally, block);
            state = self.lock();
            state.next += 1;
            self.moved.notify_all();
        }
        state.tally = Some(tally);
        true
    }

    /// Lets all threads end: a block will never come.
    pub(crate) fn give_up(&self) {
        self.lock().is_given_up = true;
        self.moved.notify_all();
    }

    /// The tally after all blocks; `None` when the thread that counted has died.
    pub(crate) fn into_tally(self) -> Option<T> {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner).tally
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20))]
        #[test]
        fn blocks_are_counted_in_sequence_whatever_thread_brings_them(threads in 1..6_u64, blocks in 0..200_u64) {
            let order = Order::new(Vec::new(), 4);
            let next = Mutex::new(0..blocks);
            std::thread::scope(|scope| {
                for _ in 0..threads {
                    scope.spawn(|| {
                        loop {
                            let Some(sequence) = next.lock().expect("sound").next() else { break };
                            let block = JudgedBlock { sequence, ..JudgedBlock::default() };
                            assert!(order.hand_in(block, |seen, block| seen.push(block.sequence)));
                        }
                    });
                }
            });
            prop_assert_eq!(order.into_tally(), Some((0..blocks).collect::<Vec<_>>()));
        }
    }

    #[test]
    fn nobody_waits_for_a_block_that_never_comes() {
        let order = Order::new((), 1);
        std::thread::scope(|scope| {
            let ahead = scope
                .spawn(|| order.hand_in(JudgedBlock { sequence: 9, ..JudgedBlock::default() }, |(), _| {}));
            order.give_up();
            assert!(!ahead.join().expect("ends"));
        });
    }
}
