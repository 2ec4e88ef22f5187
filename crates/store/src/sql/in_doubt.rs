//! Commits of which nobody knows whether they happened, because the connection was lost before the answer came.
//!
//! A source brings such a batch again. The writer is the only one that moves a source, so the batch is there exactly when
//! the source stands where the batch ends; then what was committed is answered a second time instead of written.

use std::collections::HashMap;

use super::dialect::Connection;
use super::sources;
use crate::{Committed, SourceProgress, StoreError};

/// What the batches in doubt would have committed, by source: each source has one batch under way at a time.
#[derive(Debug, Default)]
pub(super) struct InDoubt(HashMap<String, (SourceProgress, Committed)>);

impl InDoubt {
    /// Keeps what will be committed if the commit that just failed happened all the same.
    pub(super) fn keep(&mut self, progress: SourceProgress, committed: Committed) {
        self.0.insert(progress.name.clone(), (progress, committed));
    }

    /// What was committed of this batch when it was tried before; `None` when it is to be written.
    pub(super) async fn resolve(
        &mut self,
        connection: &mut Connection,
        progress: &SourceProgress,
    ) -> Result<Option<Committed>, StoreError> {
        if !self.0.contains_key(&progress.name) {
            return Ok(None);
        }
        let stored = sources::source(connection, &progress.name).await?.and_then(|row| row.checkpoint);
        let tried = self.0.remove(&progress.name);
        let happened = |(tried, _): &(SourceProgress, Committed)| {
            tried == progress && progress.from != stored && stored.as_ref() == Some(&progress.to)
        };
        Ok(tried.filter(happened).map(|(_, committed)| committed))
    }
}
