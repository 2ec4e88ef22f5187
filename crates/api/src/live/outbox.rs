//! The frames that wait for one socket: bounded, and honest about what was dropped (API.md 7.5).

use std::collections::VecDeque;
use std::sync::Arc;

use bartizan_engine::live::LiveEvent;

use super::message;

/// A frame that waits.
#[derive(Debug)]
pub(crate) enum Waiting {
    /// An answer to this client; never dropped.
    Answer(String),
    /// `metrics` or `performance`: only the newest of a kind is worth sending.
    Figure(&'static str, String),
    /// A live update.
    Event(Arc<LiveEvent>),
    /// A kept update that the client asked for again; never dropped, since a resume asks once.
    Replayed(Arc<LiveEvent>),
    /// A kept update as the batch of one that this client subscribed to; never dropped.
    ReplayedBatch(Arc<LiveEvent>),
}

/// The frames that wait for one socket.
#[derive(Debug)]
pub(crate) struct Outbox {
    waiting: VecDeque<Waiting>,
    /// Frames of an event that has several, already begun.
    begun: VecDeque<Arc<str>>,
    /// How many of the waiting ones may be dropped.
    droppable: usize,
    capacity: usize,
    dropped: u64,
}

/// What is to be sent next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// This frame.
    Frame(Arc<str>),
    /// A `lagged` frame about so many dropped ones.
    Lagged(u64),
}

impl Outbox {
    /// An empty queue of at most `capacity` droppable frames.
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            waiting: VecDeque::new(),
            begun: VecDeque::new(),
            droppable: 0,
            capacity: capacity.max(1),
            dropped: 0,
        }
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.begun.is_empty()
    }

    /// Frames that wait.
    pub(crate) fn len(&self) -> usize {
        self.waiting.len() + self.begun.len()
    }

    /// Queues a frame; returns the update that was dropped for it, if one was.
    pub(crate) fn push(&mut self, frame: Waiting) -> Option<Arc<LiveEvent>> {
        if let Waiting::Figure(kind, _) = &frame {
            let at =
                self.waiting.iter().position(|old| matches!(old, Waiting::Figure(known, _) if known == kind));
            if at.and_then(|at| self.waiting.remove(at)).is_some() {
                self.droppable -= 1;
            }
        }
        let mut victim = None;
        if is_droppable(&frame) {
            if self.droppable >= self.capacity {
                victim = self.drop_oldest();
            }
            self.droppable += 1;
        }
        self.waiting.push_back(frame);
        victim
    }

    /// Notes frames that were lost before they came here.
    pub(crate) fn note_dropped(&mut self, count: u64) {
        self.dropped += count;
    }

    /// The next frame to send.
    pub(crate) fn pop(&mut self) -> Option<Next> {
        if self.is_empty() {
            return None;
        }
        if self.dropped > 0 {
            return Some(Next::Lagged(std::mem::take(&mut self.dropped)));
        }
        if let Some(frame) = self.begun.pop_front() {
            return Some(Next::Frame(frame));
        }
        let frame = self.waiting.pop_front()?;
        if is_droppable(&frame) {
            self.droppable -= 1;
        }
        match frame {
            Waiting::Answer(text) | Waiting::Figure(_, text) => Some(Next::Frame(text.into())),
            Waiting::Event(event) | Waiting::Replayed(event) => {
                self.begun.extend(message::frames(&event));
                self.begun.pop_front().map(Next::Frame)
            }
            Waiting::ReplayedBatch(event) => message::as_batch(&event).map(Next::Frame),
        }
    }

    fn drop_oldest(&mut self) -> Option<Arc<LiveEvent>> {
        let at = self.waiting.iter().position(is_droppable)?;
        let frame = self.waiting.remove(at)?;
        self.droppable -= 1;
        self.dropped += 1;
        match frame {
            Waiting::Event(event) => Some(event),
            _ => None,
        }
    }
}

fn is_droppable(frame: &Waiting) -> bool {
    matches!(frame, Waiting::Event(_) | Waiting::Figure(..))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> Waiting {
        Waiting::Answer(text.to_owned())
    }

    fn drain(outbox: &mut Outbox) -> Vec<String> {
        std::iter::from_fn(|| outbox.pop())
            .map(|next| match next {
                Next::Frame(text) => text.to_string(),
                Next::Lagged(count) => format!("lagged {count}"),
            })
            .collect()
    }

    #[test]
    fn a_figure_replaces_its_unsent_predecessor() {
        let mut outbox = Outbox::new(8);
        outbox.push(Waiting::Figure("metrics", "m1".to_owned()));
        outbox.push(Waiting::Figure("performance", "p1".to_owned()));
        outbox.push(Waiting::Figure("metrics", "m2".to_owned()));
        assert_eq!(drain(&mut outbox), ["p1", "m2"]);
    }

    #[test]
    fn what_does_not_fit_drops_the_oldest_and_is_told_before_the_next() {
        let mut outbox = Outbox::new(1);
        outbox.push(answer("a"));
        outbox.push(Waiting::Figure("metrics", "m".to_owned()));
        outbox.push(Waiting::Figure("performance", "p".to_owned()));
        outbox.push(answer("b"));
        assert_eq!(drain(&mut outbox), ["lagged 1", "a", "p", "b"]);
        assert!(outbox.is_empty());
    }
}
