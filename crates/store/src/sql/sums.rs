//! Sums that were read lately, until something is written: a dashboard on every desk asks for the same charts.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bartizan_model::{RollupLevel, Span, Timestamp};
use tokio::sync::OnceCell;

use crate::{Bucket, StoreError};

/// Answers that are kept: every range of a few charts, two megabytes each at most.
const KEPT: usize = 32;

/// What was asked for.
type Key = (RollupLevel, Span, Option<String>);

/// The answer.
pub(super) type Sums = Arc<[(Timestamp, Bucket)]>;

/// Answers to [`super::rollups::buckets`], each read once by whoever asks first.
#[derive(Debug, Default)]
pub(super) struct RecentSums {
    /// How often something was written.
    written: AtomicU64,
    kept: Mutex<VecDeque<Kept>>,
}

#[derive(Debug)]
struct Kept {
    key: Key,
    written: u64,
    sums: Arc<OnceCell<Sums>>,
}

impl RecentSums {
    /// Forgets all, for rows were written or deleted; to be called before whoever did so goes on.
    pub(super) fn forget(&self) {
        self.written.fetch_add(1, Ordering::AcqRel);
    }

    /// The answer that is known, or the one that `read` finds. What is asked meanwhile waits for it.
    pub(super) async fn get<R>(&self, key: Key, read: impl FnOnce() -> R) -> Result<Sums, StoreError>
    where
        R: Future<Output = Result<Vec<(Timestamp, Bucket)>, StoreError>>,
    {
        let sums = self.slot(key);
        sums.get_or_try_init(|| async { read().await.map(Sums::from) }).await.cloned()
    }

    /// Where the answer is or will be. It is found after the count of writes was read, so it is never older than that.
    fn slot(&self, key: Key) -> Arc<OnceCell<Sums>> {
        let written = self.written.load(Ordering::Acquire);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|answer| answer.written == written);
        if let Some(answer) = kept.iter().find(|answer| answer.key == key) {
            return Arc::clone(&answer.sums);
        }
        if kept.len() >= KEPT {
            kept.pop_front();
        }
        let sums = Arc::default();
        kept.push_back(Kept { key, written, sums: Arc::clone(&sums) });
        sums
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn key(hour: i64) -> Key {
        let start = Timestamp::from_secs(hour * 3_600);
        (RollupLevel::Minute, Span::new(start, start.plus_micros(1)), None)
    }

    fn failure() -> StoreError {
        StoreError::Corrupt { what: "nothing".to_owned() }
    }

    #[tokio::test]
    async fn an_answer_is_read_once_until_something_is_written() {
        let sums = RecentSums::default();
        let reads = Cell::new(0);
        let ask = async |hour| {
            let read = async || {
                reads.set(reads.get() + 1);
                Ok(vec![(Timestamp::from_secs(hour), Bucket::default())])
            };
            sums.get(key(hour), read).await
        };
        for _ in 0..3 {
            assert_eq!(ask(1).await.expect("read")[0].0, Timestamp::from_secs(1));
        }
        assert_eq!(ask(2).await.expect("read")[0].0, Timestamp::from_secs(2));
        assert_eq!(reads.get(), 2);
        sums.forget();
        assert_eq!(ask(1).await.expect("read").len(), 1);
        assert_eq!(reads.get(), 3);
    }

    #[tokio::test]
    async fn a_failure_is_not_kept_and_memory_is_bounded() {
        let sums = RecentSums::default();
        assert!(sums.get(key(1), || async { Err(failure()) }).await.is_err());
        assert!(sums.get(key(1), || async { Ok(Vec::new()) }).await.is_ok());
        for hour in 0..100 {
            assert!(sums.get(key(hour), || async { Ok(Vec::new()) }).await.is_ok());
        }
        assert_eq!(sums.kept.lock().expect("not poisoned").len(), KEPT);
    }
}
