//! Reads lines that others send, as batches like those of a file.
//!
//! There is no going back to what was sent, so the position counts bytes only: it keeps the figures of the source over
//! restarts and cannot bring anything back.

use std::sync::Arc;

use bartizan_model::{Checkpoint, Clock, Fingerprint};

use crate::line_queue::{LineQueue, Received};
use crate::source::LineSource;
use crate::{LineOptions, LineParser, ReadBatch, ReadState, SourceError};

/// Bytes of one batch at most, as for files.
const MAX_BATCH_BYTES: usize = 8 * 1024 * 1024;

/// Reads what a queue holds.
#[derive(Debug)]
pub(crate) struct PushedReader {
    queue: Arc<LineQueue>,
    clock: Arc<dyn Clock>,
    from: Option<Checkpoint>,
    parser: LineParser,
    /// Takes the message out of what was received.
    unwrap: fn(&[u8]) -> &[u8],
}

impl PushedReader {
    pub(crate) fn new(
        queue: Arc<LineQueue>,
        lines: &LineOptions,
        checkpoint: Option<Checkpoint>,
        clock: Arc<dyn Clock>,
        unwrap: fn(&[u8]) -> &[u8],
    ) -> Self {
        Self { queue, clock, from: checkpoint, parser: LineParser::new(lines), unwrap }
    }
}

impl LineSource for PushedReader {
    fn read_batch(&mut self, max_lines: usize) -> Result<ReadBatch, SourceError> {
        let taken = self.queue.take(max_lines.max(1), MAX_BATCH_BYTES);
        let read_at = self.clock.now();
        let nowhere = Checkpoint {
            fingerprint: Fingerprint { device: 0, inode: 0, head_len: 0, head_hash: String::new() },
            offset: 0,
            format: None,
        };
        let to = self.from.clone().unwrap_or(nowhere);
        let mut batch = ReadBatch::empty(self.from.clone(), to);
        for Received { line, is_cut } in &taken.lines {
            batch.bytes = batch.bytes.saturating_add(u64::try_from(line.len() + 1).unwrap_or_default());
            batch.take_line(&mut self.parser, (self.unwrap)(line), *is_cut, read_at);
        }
        batch.to.offset = batch.to.offset.saturating_add(batch.bytes);
        batch.lag_bytes = Some(taken.left_bytes);
        batch.dropped = taken.dropped;
        batch.loss = taken.last_error;
        batch.state = if taken.left_bytes > 0 {
            ReadState::More
        } else if taken.has_ended {
            ReadState::Ended
        } else {
            ReadState::CaughtUp
        };
        self.from = Some(batch.to.clone());
        Ok(batch)
    }

    fn close(&mut self) -> bool {
        self.queue.close();
        true
    }
}

impl Drop for PushedReader {
    fn drop(&mut self) {
        self.queue.close();
    }
}
