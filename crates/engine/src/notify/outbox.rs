//! Sends what is due, and tries again what may still arrive.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use bartizan_model::{Alert, Clock, Delivery, DeliveryState, Occasion, Severity, Timestamp};
use bartizan_notify::{Message, Notice, SendError};
use bartizan_store::{Page, Paged, Store, StoreError};
use tokio::task::JoinSet;

use super::{Channel, ChannelStatus};
use crate::EngineError;

/// Deliveries of one look.
const PER_LOOK: u32 = 500;
/// Tries before a message is given up: with the pauses below, after about an hour.
const MAX_ATTEMPTS: u32 = 8;
/// First and longest pause before another try, in seconds; it doubles in between.
const BACKOFF_S: (i64, i64) = (30, 3_600);

/// Everything that is sent.
#[derive(Debug)]
pub(crate) struct Outbox {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    channels: Arc<Vec<Channel>>,
    /// Whether what an earlier process was sending was given up already.
    tidied: AtomicBool,
    tries: Arc<Tries>,
}

/// Tries that the receiver took, and those that failed, since the process started.
#[derive(Debug, Default)]
struct Tries {
    sent: AtomicU64,
    failed: AtomicU64,
}

impl Tries {
    async fn send(&self, channel: &Channel, message: &Message) -> Result<(), SendError> {
        let sent = channel.way.send(message).await;
        let counter = if sent.is_ok() { &self.sent } else { &self.failed };
        counter.fetch_add(1, Ordering::Relaxed);
        sent
    }
}

impl Outbox {
    pub(crate) fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, channels: Arc<Vec<Channel>>) -> Self {
        Self { store, clock, channels, tidied: AtomicBool::new(false), tries: Arc::default() }
    }

    /// Messages that arrived, and tries that failed, since the process started.
    pub(crate) fn tries(&self) -> (u64, u64) {
        (self.tries.sent.load(Ordering::Relaxed), self.tries.failed.load(Ordering::Relaxed))
    }

    /// Sends what is due; each channel by itself, so that a slow one holds up no other.
    pub(crate) async fn send_due(&self) -> Result<(), EngineError> {
        if !self.tidied.load(Ordering::Acquire) {
            self.store.give_up_unknown_deliveries().await?;
            self.tidied.store(true, Ordering::Release);
        }
        let now = self.clock.now();
        let gather_s = self.channels.iter().map(|channel| channel.rule.gather_s).max().unwrap_or(0);
        let soon = now.plus_micros(i64::from(gather_s) * Timestamp::SECOND_MICROS);
        let mut by_channel: BTreeMap<String, Vec<Delivery>> = BTreeMap::new();
        for delivery in self.store.due_deliveries(soon, PER_LOOK).await? {
            by_channel.entry(delivery.channel.clone()).or_default().push(delivery);
        }
        let mut sending = JoinSet::new();
        for (name, deliveries) in by_channel {
            // One that is due takes along what waits for company; what failed waits for its own time.
            if deliveries.iter().all(|delivery| delivery.due_at > now) {
                continue;
            }
            let ready = deliveries.into_iter().filter(|one| one.due_at <= now || one.attempts == 0).collect();
            let job = Job {
                store: Arc::clone(&self.store),
                clock: Arc::clone(&self.clock),
                channels: Arc::clone(&self.channels),
                tries: Arc::clone(&self.tries),
                index: self.channels.iter().position(|channel| channel.rule.name == name),
            };
            sending.spawn(job.send(ready));
        }
        let mut result = Ok(());
        while let Some(ended) = sending.join_next().await {
            match ended {
                Ok(Ok(())) => {}
                Ok(Err(error)) => result = Err(error.into()),
                // A defect of one channel is one of this task, which the supervisor reports.
                Err(error) => match error.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    Err(_) => result = Err(EngineError::Judging),
                },
            }
        }
        result
    }

    /// Sends a test to a channel now, and keeps how it went.
    pub(crate) async fn test(&self, name: &str) -> Result<Delivery, EngineError> {
        let channel = self.channels.iter().find(|channel| channel.rule.name == name);
        let channel = channel.ok_or_else(|| unknown(name))?;
        let now = self.clock.now();
        let mut delivery = Delivery {
            id: 0,
            channel: name.to_owned(),
            cause: "test".to_owned(),
            window: now,
            alert_id: None,
            occasion: Occasion::Test,
            created_at: now,
            due_at: now,
            state: DeliveryState::Sending,
            attempts: 1,
            sent_at: None,
            last_error: None,
        };
        let title = "This is a test".to_owned();
        let description = format!("Messages of bartizan to {name} arrive");
        let alert = Alert {
            advice: "Nothing has to be done.".to_owned(),
            ..Alert::system("test".to_owned(), Severity::Low, title, description, now)
        };
        let id = format!("test-{}", now.micros());
        let notices = vec![Notice { occasion: Occasion::Test, alert }];
        match self.tries.send(channel, &Message { id, at: now, notices }).await {
            Ok(()) => (delivery.state, delivery.sent_at) = (DeliveryState::Sent, Some(self.clock.now())),
            Err(error) => (delivery.state, delivery.last_error) = (DeliveryState::Failed, Some(error.what)),
        }
        self.store.insert_delivery(&delivery).await?;
        Ok(delivery)
    }

    /// Every channel as it is doing.
    pub(crate) async fn channels(&self) -> Result<Vec<ChannelStatus>, StoreError> {
        let since = self.clock.now().plus_micros(-86_400 * Timestamp::SECOND_MICROS);
        let tally = self.store.delivery_tally(since).await?;
        let status = |channel: &Channel| {
            let name = &channel.rule.name;
            let count = |states: &[DeliveryState]| {
                let mine = tally.iter().filter(|(known, state, _)| known == name && states.contains(state));
                mine.map(|(_, _, count)| count).sum()
            };
            ChannelStatus {
                name: name.clone(),
                kind: channel.way.kind(),
                min_severity: channel.rule.min_severity,
                sent: count(&[DeliveryState::Sent]),
                failed: count(&[DeliveryState::Failed, DeliveryState::Unknown]),
                pending: count(&[DeliveryState::Pending, DeliveryState::Sending]),
            }
        };
        Ok(self.channels.iter().map(status).collect())
    }

    /// One page of the log of deliveries.
    pub(crate) async fn deliveries(
        &self,
        channel: Option<&str>,
        page: &Page,
    ) -> Result<Paged<Delivery>, EngineError> {
        if let Some(name) = channel
            && self.channels.iter().all(|channel| channel.rule.name != name)
        {
            return Err(unknown(name));
        }
        Ok(self.store.deliveries(channel, page).await?)
    }
}

fn unknown(name: &str) -> EngineError {
    EngineError::NotFound { what: "channel", name: name.chars().take(64).collect() }
}

/// What is due of one channel, on its way.
struct Job {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    channels: Arc<Vec<Channel>>,
    tries: Arc<Tries>,
    index: Option<usize>,
}

impl Job {
    async fn send(self, deliveries: Vec<Delivery>) -> Result<(), StoreError> {
        let now = self.clock.now();
        let Some(channel) = self.index.and_then(|index| self.channels.get(index)) else {
            let gone = SendError { what: "there is no such channel any more".to_owned(), is_lasting: true };
            return self.store.update_deliveries(&ended(deliveries, &Err(gone), now)).await;
        };
        let mut held = Vec::new();
        let mut notices = Vec::new();
        let mut leaving = Vec::new();
        for mut delivery in deliveries {
            let alert = match delivery.alert_id {
                Some(id) => self.store.alert(id).await?,
                None => None,
            };
            let quiet_until = channel.rule.quiet.as_ref().and_then(|quiet| quiet.end(alert.as_ref(), now));
            if let Some(end) = quiet_until {
                delivery.due_at = end;
                held.push(delivery);
                continue;
            }
            delivery.attempts += 1;
            let Some(alert) = alert else {
                delivery.state = DeliveryState::Failed;
                delivery.last_error = Some("the alert was deleted before this could be sent".to_owned());
                held.push(delivery);
                continue;
            };
            delivery.state = DeliveryState::Sending;
            notices.push(Notice { occasion: delivery.occasion, alert });
            leaving.push(delivery);
        }
        held.extend(leaving.iter().cloned());
        // Before anything leaves: from here on this process alone knows whether it did.
        self.store.update_deliveries(&held).await?;
        let Some(first) = leaving.first() else { return Ok(()) };
        let id = format!("d{}", first.id);
        notices.sort_by_key(|notice| std::cmp::Reverse(notice.alert.weight()));
        let sent = self.tries.send(channel, &Message { id, at: now, notices }).await;
        if let Err(error) = &sent {
            tracing::warn!(channel.name = channel.rule.name, error = %error, "a message was not delivered");
        }
        self.store.update_deliveries(&ended(leaving, &sent, self.clock.now())).await
    }
}

/// Deliveries after a try.
fn ended(mut deliveries: Vec<Delivery>, sent: &Result<(), SendError>, now: Timestamp) -> Vec<Delivery> {
    for delivery in &mut deliveries {
        match sent {
            Ok(()) => {
                (delivery.state, delivery.sent_at, delivery.last_error) =
                    (DeliveryState::Sent, Some(now), None);
            }
            Err(error) => {
                delivery.last_error = Some(error.what.clone());
                let is_over = error.is_lasting || delivery.attempts >= MAX_ATTEMPTS;
                delivery.state = if is_over { DeliveryState::Failed } else { DeliveryState::Pending };
                delivery.due_at = now.plus_micros(pause_s(delivery.attempts) * Timestamp::SECOND_MICROS);
            }
        }
    }
    deliveries
}

fn pause_s(attempts: u32) -> i64 {
    let doubled = 2_i64.saturating_pow(attempts.saturating_sub(1));
    BACKOFF_S.0.saturating_mul(doubled).min(BACKOFF_S.1)
}
