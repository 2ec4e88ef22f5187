//! Events from the writers to the listeners of one node.
//!
//! What is durable is committed before it is published, so a listener that falls behind loses freshness, never data:
//! it reads the rows from the store.

use std::sync::Arc;

use bartizan_model::{Activity, Alert, ThreatRecord, TrafficRecord};
use tokio::sync::broadcast;

/// Events that a slow listener may be behind before it is told that it lagged.
const CAPACITY: usize = 256;

/// Something that happened and is already durable.
#[derive(Debug, Clone)]
pub enum Event {
    /// A batch of requests was committed.
    Recorded(Arc<Recorded>),
    /// A new alert was raised.
    AlertRaised(Arc<Alert>),
    /// Status, count or severity of a known alert changed.
    AlertUpdated(Arc<Alert>),
}

/// The rows of one commit.
#[derive(Debug, Default)]
pub struct Recorded {
    /// Every judged request.
    pub traffic: Vec<TrafficRecord>,
    /// Those that were not allowed.
    pub threats: Vec<ThreatRecord>,
    /// The lines for the feed.
    pub activities: Vec<Activity>,
}

/// The bus of a single node: every listener sees every event that is published after it subscribed.
#[derive(Debug, Clone)]
pub struct LocalBus {
    sender: broadcast::Sender<Event>,
}

impl LocalBus {
    /// A bus without listeners.
    pub fn new() -> Self {
        Self { sender: broadcast::Sender::new(CAPACITY) }
    }

    /// Hands an event to all listeners; returns at once, also when there are none.
    pub fn publish(&self, event: Event) {
        // The only error is that nobody listens, which is no failure here.
        let _ = self.sender.send(event);
    }

    /// A new listener.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.sender.subscribe()
    }
}

impl Default for LocalBus {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_listener_sees_what_is_published_after_it_came() {
        let bus = LocalBus::new();
        bus.publish(Event::Recorded(Arc::default()));
        let mut first = bus.subscribe();
        let mut second = bus.subscribe();
        bus.publish(Event::Recorded(Arc::default()));
        assert!(matches!(first.recv().await, Ok(Event::Recorded(_))));
        assert!(matches!(second.recv().await, Ok(Event::Recorded(_))));
        assert!(first.try_recv().is_err());
    }
}
