//! Lines on their way from whoever sends them to the reader, in bounded memory.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Bytes that wait at most, over all lines of a source.
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// What a line takes beside its bytes, roughly.
const LINE_OVERHEAD: usize = 64;

/// How long a sender sleeps before it looks whether the queue was closed.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// A line as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) line: Vec<u8>,
    /// Whether this is only the beginning of a line that was too long.
    pub(crate) is_cut: bool,
}

/// The queue; shared by the senders' threads and the reader.
#[derive(Debug, Default)]
pub(crate) struct LineQueue {
    state: Mutex<State>,
    has_room: Condvar,
}

#[derive(Debug, Default)]
struct State {
    lines: VecDeque<Received>,
    bytes: usize,
    dropped: u64,
    last_error: Option<String>,
    is_closed: bool,
    has_ended: bool,
}

/// What waits and what was lost.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub(crate) lines: Vec<Received>,
    /// Bytes that still wait.
    pub(crate) left_bytes: u64,
    /// Lines that were dropped since the last call.
    pub(crate) dropped: u64,
    /// What went wrong since the last call.
    pub(crate) last_error: Option<String>,
    /// Whether nothing will follow.
    pub(crate) has_ended: bool,
}

impl LineQueue {
    /// Hands a line over and waits while there is no room; `false` when the queue is closed.
    pub(crate) fn push(&self, received: Received) -> bool {
        let mut state = self.lock();
        while state.bytes >= MAX_BYTES && !state.is_closed {
            state = self
                .has_room
                .wait_timeout(state, LOOK_AGAIN)
                .map_or_else(|poisoned| poisoned.into_inner().0, |(state, _)| state);
        }
        if state.is_closed {
            return false;
        }
        state.add(received);
        true
    }

    /// Hands a line over, or drops and counts it when there is no room.
    pub(crate) fn offer(&self, received: Received) {
        let mut state = self.lock();
        if state.bytes >= MAX_BYTES || state.is_closed {
            state.dropped += 1;
        } else {
            state.add(received);
        }
    }

    /// Counts lines that were dropped before they came here.
    pub(crate) fn count_dropped(&self, lines: u64) {
        let mut state = self.lock();
        state.dropped = state.dropped.saturating_add(lines);
    }

    /// Notes what went wrong, to be shown.
    pub(crate) fn report(&self, error: String) {
        self.lock().last_error = Some(error);
    }

    /// Takes up to `max_lines` lines of about `max_bytes` at most, and does not wait.
    pub(crate) fn take(&self, max_lines: usize, max_bytes: usize) -> Taken {
        let mut state = self.lock();
        let mut taken = Taken {
            dropped: std::mem::take(&mut state.dropped),
            last_error: state.last_error.take(),
            ..Taken::default()
        };
        let mut bytes = 0;
        while taken.lines.len() < max_lines
            && bytes < max_bytes
            && let Some(received) = state.lines.pop_front()
        {
            bytes += received.line.len();
            state.bytes = state.bytes.saturating_sub(received.line.len() + LINE_OVERHEAD);
            taken.lines.push(received);
        }
        taken.left_bytes = u64::try_from(state.bytes).unwrap_or(u64::MAX);
        taken.has_ended = state.has_ended && state.lines.is_empty();
        drop(state);
        self.has_room.notify_all();
        taken
    }

    /// Takes in nothing more; what waits can still be taken.
    pub(crate) fn close(&self) {
        self.lock().is_closed = true;
        self.has_room.notify_all();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.lock().is_closed
    }

    /// Says that the only sender has nothing more.
    pub(crate) fn end(&self) {
        self.lock().has_ended = true;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Each change is complete in itself, so a panic elsewhere leaves a sound queue.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add(&mut self, received: Received) {
        self.bytes += received.line.len() + LINE_OVERHEAD;
        self.lines.push_back(received);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn line(len: usize) -> Received {
        Received { line: vec![b'x'; len], is_cut: false }
    }

    #[test]
    fn what_does_not_fit_is_dropped_and_counted_or_waits() {
        let queue = Arc::new(LineQueue::default());
        for _ in 0..10 {
            queue.offer(line(1024 * 1024));
        }
        let waiting = Arc::clone(&queue);
        let sender = std::thread::spawn(move || waiting.push(line(1)));
        let taken = queue.take(100, usize::MAX);
        assert_eq!((taken.lines.len(), taken.dropped), (8, 2));
        assert!(sender.join().expect("sent"));
        assert_eq!(queue.take(100, usize::MAX).lines.len(), 1);
        queue.close();
        assert!(!queue.push(line(1)));
        queue.end();
        assert!(queue.take(1, 1).has_ended);
    }
}
