//! One socket's side of the conversation, without the socket: what it wants, what it was sent, what waits for it.

use std::collections::BTreeSet;
use std::sync::Arc;

use bartizan_engine::live::{Broadcaster, LiveEvent};
use bartizan_model::Timestamp;

use super::message::{batch_kind, is_by_name, is_numbered, kind, text};
use super::outbox::{Next, Outbox, Waiting};
use super::sent::SentNumbers;
use crate::view::live::{ClientMessage, Lagged, LiveMessage, Resumed, Subscriptions};
use crate::view::metrics::{Metrics, Performance};

/// Names in one socket's set at most; more are not taken in.
const MAX_NAMES: usize = 64;
/// Longest name that is taken in, in bytes.
const MAX_NAME: usize = 64;

/// One socket's side of the conversation.
#[derive(Debug)]
pub(crate) struct Session {
    wanted: BTreeSet<String>,
    sent: SentNumbers,
    outbox: Outbox,
    /// The newest number queued to this socket.
    newest: u64,
}

impl Session {
    /// A session of a socket that was opened when `newest` was the newest number.
    pub(crate) fn new(newest: u64, queue_frames: usize) -> Self {
        Self {
            wanted: BTreeSet::new(),
            sent: SentNumbers::default(),
            outbox: Outbox::new(queue_frames),
            newest,
        }
    }

    /// Greets.
    pub(crate) fn connect(&mut self, epoch: &str, now: Timestamp) {
        self.answer(&LiveMessage::Connection {
            data: "connected",
            status: "connected",
            epoch: epoch.to_owned(),
            timestamp: now.to_rfc3339_millis(),
            seq: self.newest,
        });
    }

    /// Offers a live update.
    pub(crate) fn offer(&mut self, event: Arc<LiveEvent>) {
        let kind = kind(&event.object);
        let numbered = is_numbered(&event.object);
        if numbered && self.sent.contains(event.seq) {
            return;
        }
        if !self.wants(kind) {
            // It comes with its batch, which bears no numbers but the last.
            if numbered && self.wants_batch_of(kind) {
                self.sent.insert(event.seq);
            }
            return;
        }
        self.newest = self.newest.max(event.seq);
        if numbered {
            self.sent.insert(event.seq);
        }
        if let Some(dropped) = self.outbox.push(Waiting::Event(event)) {
            // A resume may bring it back.
            self.sent.remove(dropped.seq);
        }
    }

    /// Notes updates that were lost before they were offered.
    pub(crate) fn note_dropped(&mut self, count: u64) {
        self.outbox.note_dropped(count);
    }

    /// Whether a figure of that type would be sent.
    pub(crate) fn wants(&self, kind: &str) -> bool {
        if self.wanted.is_empty() { !is_by_name(kind) } else { self.wanted.contains(kind) }
    }

    /// Queues the metrics.
    pub(crate) fn metrics(&mut self, metrics: &Metrics, now: Timestamp) {
        let data = Box::new(metrics.clone());
        let message = LiveMessage::Metrics { data, timestamp: now.to_rfc3339_millis(), seq: self.newest };
        self.outbox.push(Waiting::Figure("metrics", text(&message)));
    }

    /// Queues the load of the machine.
    pub(crate) fn performance(&mut self, performance: &Performance, now: Timestamp) {
        let data = performance.clone();
        let message = LiveMessage::Performance { data, timestamp: now.to_rfc3339_millis(), seq: self.newest };
        self.outbox.push(Waiting::Figure("performance", text(&message)));
    }

    /// Takes in what the client sent; what is unreadable or unknown is ignored.
    pub(crate) fn receive(&mut self, frame: &str, broadcaster: &Broadcaster, now: Timestamp) {
        let Ok(message) = serde_json::from_str::<ClientMessage>(frame) else { return };
        let (timestamp, seq) = (now.to_rfc3339_millis(), self.newest);
        match message {
            ClientMessage::Subscribe { message_types } => self.subscribe(message_types, now),
            ClientMessage::Unsubscribe { message_types } => {
                for name in &message_types {
                    self.wanted.remove(name);
                }
                let (data, message_types) = self.subscriptions();
                self.answer(&LiveMessage::Unsubscribed { data, message_types, timestamp, seq });
            }
            ClientMessage::GetSubscriptions => {
                let (Subscriptions { message_types: data }, message_types) = self.subscriptions();
                self.answer(&LiveMessage::Subscriptions { data, message_types, timestamp, seq });
            }
            ClientMessage::Ping => self.answer(&LiveMessage::Pong { data: None, timestamp, seq }),
            ClientMessage::Resume { since, epoch } => self.resume(since, epoch.as_deref(), broadcaster, now),
        }
    }

    /// Adds to the socket's set.
    pub(crate) fn subscribe(&mut self, names: Vec<String>, now: Timestamp) {
        for name in names {
            if name.len() <= MAX_NAME && self.wanted.len() < MAX_NAMES {
                self.wanted.insert(name);
            }
        }
        let (data, message_types) = self.subscriptions();
        let (timestamp, seq) = (now.to_rfc3339_millis(), self.newest);
        self.answer(&LiveMessage::Subscribed { data, message_types, timestamp, seq });
    }

    /// Queues what was missed since a number, then the answer.
    pub(crate) fn resume(
        &mut self,
        since: u64,
        epoch: Option<&str>,
        broadcaster: &Broadcaster,
        now: Timestamp,
    ) {
        let replay = broadcaster.replay(since, epoch);
        let mut replayed = 0;
        for event in replay.events {
            let kind = kind(&event.object);
            if self.sent.contains(event.seq) || !(self.wants(kind) || self.wants_batch_of(kind)) {
                continue;
            }
            self.sent.insert(event.seq);
            self.newest = self.newest.max(event.seq);
            replayed += 1;
            let waiting =
                if self.wants(kind) { Waiting::Replayed(event) } else { Waiting::ReplayedBatch(event) };
            self.outbox.push(waiting);
        }
        let data = Resumed { replayed, lost: replay.lost };
        let (timestamp, seq) = (now.to_rfc3339_millis(), self.newest);
        self.answer(&LiveMessage::Resumed { data, timestamp, seq });
    }

    /// Whether frames wait.
    pub(crate) fn has_frames(&self) -> bool {
        !self.outbox.is_empty()
    }

    /// Frames that wait.
    pub(crate) fn waiting(&self) -> usize {
        self.outbox.len()
    }

    /// The next frame to send.
    pub(crate) fn next_frame(&mut self, now: Timestamp) -> Option<Arc<str>> {
        Some(match self.outbox.pop()? {
            Next::Frame(frame) => frame,
            Next::Lagged(dropped) => {
                let data = Lagged { dropped };
                let (timestamp, seq) = (now.to_rfc3339_millis(), self.newest);
                text(&LiveMessage::Lagged { data, timestamp, seq }).into()
            }
        })
    }

    fn wants_batch_of(&self, kind: &str) -> bool {
        batch_kind(kind).is_some_and(|batch| self.wanted.contains(batch))
    }

    fn subscriptions(&self) -> (Subscriptions, Vec<String>) {
        let names: Vec<String> = self.wanted.iter().cloned().collect();
        (Subscriptions { message_types: names.clone() }, names)
    }

    fn answer(&mut self, message: &LiveMessage) {
        self.outbox.push(Waiting::Answer(text(message)));
    }
}
