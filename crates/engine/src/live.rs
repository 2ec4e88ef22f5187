//! Numbered live updates: what sockets are sent, in which order, and what is kept for those that come back.
//!
//! Each object takes the next number, whoever receives it (API.md 7.4). Alerts and threats leave at once, requests
//! and feed lines are gathered and flushed every two seconds, and where there are more than a screen can show, an even
//! stride of them is sent and the rest is counted.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock};

use bartizan_bus::{Event, LocalBus};
use bartizan_model::{Activity, Alert, Clock, ThreatRecord, Timestamp, TrafficRecord};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::{SecurityCheck, SeriesPoint};

/// Event objects kept for sockets that resume.
const RING_EVENTS: usize = 10_000;
/// How long they are kept, in seconds.
const RING_SECONDS: f64 = 600.0;
/// Frames that one socket may be behind.
const QUEUE_FRAMES: usize = 1_024;
/// Objects of each kind per flush.
const FLUSH_OBJECTS: usize = 50;
/// Threats per second that leave singly.
const THREATS_PER_SECOND: usize = 50;
/// Gathered objects beyond which every other one is dropped, and of those to come as many.
const GATHERED_MAX: usize = 1_024;

/// What a live update carries.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "named for the frame types of API.md 7.2")]
pub enum LiveObject {
    Alert(Arc<Alert>),
    AlertUpdate(Arc<Alert>),
    Threat(Arc<ThreatRecord>),
    Traffic(Arc<TrafficRecord>),
    Activity(Arc<Activity>),
    TrafficBatch(Vec<Arc<TrafficRecord>>),
    ActivityBatch(Vec<Arc<Activity>>),
    ThreatBatch(Vec<Arc<ThreatRecord>>),
    Chart(Arc<SeriesPoint>),
    Check(Arc<SecurityCheck>),
}

/// One numbered update.
#[derive(Debug)]
pub struct LiveEvent {
    /// Ascending; a batch bears the number of its last object.
    pub seq: u64,
    /// When it was published.
    pub at: Timestamp,
    /// What it carries.
    pub object: LiveObject,
    /// Objects left out before this one, on the frames that say so.
    pub sampled: Option<u64>,
    /// The wire form, made by the first socket that sends it.
    pub wire: OnceLock<Arc<str>>,
}

/// What a socket missed.
#[derive(Debug, Clone)]
pub struct Replay {
    /// The kept objects after the number asked for, in order; never batches.
    pub events: Vec<Arc<LiveEvent>>,
    /// 0 when nothing was missed, else an upper bound of what has left the ring; `None` when it cannot be known.
    pub lost: Option<u64>,
}

/// Numbers updates and hands them to the sockets.
#[derive(Debug)]
pub struct Broadcaster {
    epoch: String,
    first_seq: u64,
    sender: broadcast::Sender<Arc<LiveEvent>>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    next_seq: u64,
    ring: VecDeque<Arc<LiveEvent>>,
    traffic: Gathered<TrafficRecord>,
    activities: Gathered<Activity>,
    threats: Gathered<ThreatRecord>,
    flushed_at: Option<std::time::Instant>,
    pace: Pace,
    /// Threats left out since the last batch of them.
    left_out_of_batch: u64,
}

/// How many threats come, so that an even stride of them leaves when there are too many to show.
#[derive(Debug, Default)]
struct Pace {
    second: i64,
    seen: usize,
    sent: usize,
    /// Every so many leave: as many as came in the second before would fill the limit.
    stride: usize,
}

impl Pace {
    /// Whether the next threat leaves.
    fn takes(&mut self, second: i64) -> bool {
        if self.second != second {
            let before = if self.second + 1 == second { self.seen } else { 0 };
            *self = Self { second, seen: 0, sent: 0, stride: before.div_ceil(THREATS_PER_SECOND).max(1) };
        }
        self.seen += 1;
        let takes = (self.seen - 1).is_multiple_of(self.stride.max(1)) && self.sent < THREATS_PER_SECOND;
        self.sent += usize::from(takes);
        takes
    }
}

/// Objects waiting for the flush: all of them, or every so many when there are more than fit.
#[derive(Debug)]
struct Gathered<T> {
    objects: Vec<Arc<T>>,
    /// Of so many one is kept.
    stride: usize,
    /// How many came since the last flush.
    seen: usize,
    left_out: u64,
}

impl<T> Gathered<T> {
    const EMPTY: Self = Self { objects: Vec::new(), stride: 1, seen: 0, left_out: 0 };

    /// Keeps a copy, or only counts it.
    fn push(&mut self, object: &T)
    where
        T: Clone,
    {
        let is_kept = self.seen.is_multiple_of(self.stride);
        self.seen += 1;
        if !is_kept {
            self.left_out += 1;
            return;
        }
        self.objects.push(Arc::new(object.clone()));
        if self.objects.len() > GATHERED_MAX {
            let before = self.objects.len();
            let mut keep = false;
            self.objects.retain(|_| {
                keep = !keep;
                keep
            });
            self.left_out += (before - self.objects.len()) as u64;
            self.stride *= 2;
        }
    }

    /// An even stride of at most `max` objects in order, and how many are left out.
    fn take(&mut self, max: usize) -> (Vec<Arc<T>>, u64) {
        let objects = std::mem::take(&mut self.objects);
        let mut left_out = std::mem::take(&mut self.left_out);
        (self.stride, self.seen) = (1, 0);
        let count = objects.len();
        if count <= max {
            return (objects, left_out);
        }
        left_out += (count - max) as u64;
        let chosen = objects
            .into_iter()
            .enumerate()
            .filter(|(n, _)| (n + 1) * max / count > n * max / count)
            .map(|(_, object)| object)
            .collect();
        (chosen, left_out)
    }
}

impl Broadcaster {
    pub(crate) fn new(started_at: Timestamp) -> Self {
        // Numbering begins at the start time, so that it grows across restarts.
        let first_seq = u64::try_from(started_at.micros()).unwrap_or(1);
        Self {
            epoch: format!("n1-{}", started_at.micros()),
            first_seq,
            sender: broadcast::Sender::new(QUEUE_FRAMES),
            state: Mutex::new(State {
                next_seq: first_seq,
                ring: VecDeque::new(),
                traffic: Gathered::EMPTY,
                activities: Gathered::EMPTY,
                threats: Gathered::EMPTY,
                flushed_at: None,
                pace: Pace::default(),
                left_out_of_batch: 0,
            }),
        }
    }

    /// Names this run of this node.
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// A queue of the updates to come, and the newest number given so far.
    pub fn subscribe(&self) -> (u64, broadcast::Receiver<Arc<LiveEvent>>) {
        // Under the lock, so that no update falls between the number and the queue.
        let state = self.lock();
        (state.next_seq - 1, self.sender.subscribe())
    }

    /// Open sockets.
    pub fn connections(&self) -> usize {
        self.sender.receiver_count()
    }

    /// The newest number given so far.
    pub fn newest_seq(&self) -> u64 {
        self.lock().next_seq - 1
    }

    /// The kept objects after `since`.
    pub fn replay(&self, since: u64, epoch: Option<&str>) -> Replay {
        let state = self.lock();
        let newest = state.next_seq - 1;
        if epoch.is_some_and(|epoch| epoch != self.epoch) || since + 1 < self.first_seq || since > newest {
            return Replay { events: Vec::new(), lost: None };
        }
        let oldest_kept = state.ring.front().map_or(state.next_seq, |event| event.seq);
        let events = state.ring.iter().filter(|event| event.seq > since).cloned().collect();
        Replay { events, lost: Some(oldest_kept.saturating_sub(since + 1)) }
    }

    /// Takes in what the bus brought.
    pub(crate) fn take(&self, event: &Event, now: Timestamp) {
        let mut state = self.lock();
        match event {
            Event::AlertRaised(alert) => {
                self.publish(&mut state, LiveObject::Alert(Arc::clone(alert)), now, None);
            }
            Event::AlertUpdated(alert) => {
                self.publish(&mut state, LiveObject::AlertUpdate(Arc::clone(alert)), now, None);
            }
            Event::Recorded(recorded) => {
                for record in &recorded.traffic {
                    state.traffic.push(record);
                }
                for activity in &recorded.activities {
                    state.activities.push(activity);
                }
                for threat in &recorded.threats {
                    self.take_threat(&mut state, threat, now);
                }
            }
        }
    }

    fn take_threat(&self, state: &mut State, threat: &ThreatRecord, now: Timestamp) {
        if !state.pace.takes(now.secs()) {
            state.threats.left_out += 1;
            state.left_out_of_batch += 1;
            return;
        }
        let sampled = Some(std::mem::take(&mut state.threats.left_out)).filter(|left_out| *left_out > 0);
        let threat = Arc::new(threat.clone());
        state.threats.objects.push(Arc::clone(&threat));
        self.publish(state, LiveObject::Threat(threat), now, sampled);
    }

    /// Sends the gathered requests and feed lines: each object alone, then each kind as one batch.
    pub(crate) fn flush(&self, now: Timestamp) {
        let mut state = self.lock();
        state.flushed_at = Some(std::time::Instant::now());
        let (traffic, left_out) = state.traffic.take(FLUSH_OBJECTS);
        self.publish_each(&mut state, &traffic, LiveObject::Traffic, left_out, now);
        self.publish_batch(&mut state, traffic, LiveObject::TrafficBatch, left_out, now);
        let (activities, left_out) = state.activities.take(FLUSH_OBJECTS);
        self.publish_each(&mut state, &activities, LiveObject::Activity, left_out, now);
        self.publish_batch(&mut state, activities, LiveObject::ActivityBatch, left_out, now);
    }

    /// Sends the threats of the last quarter second as one batch.
    pub(crate) fn flush_threats(&self, now: Timestamp) {
        let mut state = self.lock();
        let threats = std::mem::take(&mut state.threats.objects);
        if threats.is_empty() {
            return;
        }
        let left_out = std::mem::take(&mut state.left_out_of_batch);
        self.publish_batch(&mut state, threats, LiveObject::ThreatBatch, left_out, now);
    }

    /// Time since the last flush; `None` before the first.
    pub(crate) fn since_flush(&self) -> Option<std::time::Duration> {
        self.lock().flushed_at.map(|at| at.elapsed())
    }

    /// Sends the result of a security check that changed.
    pub(crate) fn check(&self, check: SecurityCheck, now: Timestamp) {
        let mut state = self.lock();
        self.publish(&mut state, LiveObject::Check(Arc::new(check)), now, None);
    }

    /// Sends the point of a one-minute bucket that closed.
    pub(crate) fn chart(&self, point: SeriesPoint, now: Timestamp) {
        let mut state = self.lock();
        self.publish(&mut state, LiveObject::Chart(Arc::new(point)), now, None);
    }

    fn publish_each<T>(
        &self,
        state: &mut State,
        objects: &[Arc<T>],
        wrap: fn(Arc<T>) -> LiveObject,
        left_out: u64,
        now: Timestamp,
    ) {
        for (n, object) in objects.iter().enumerate() {
            let last = n + 1 == objects.len();
            let sampled = Some(left_out).filter(|left_out| last && *left_out > 0);
            self.publish(state, wrap(Arc::clone(object)), now, sampled);
        }
    }

    fn publish_batch<T>(
        &self,
        state: &mut State,
        objects: Vec<Arc<T>>,
        wrap: fn(Vec<Arc<T>>) -> LiveObject,
        left_out: u64,
        now: Timestamp,
    ) {
        if objects.is_empty() {
            return;
        }
        // A batch repeats objects that have their numbers already, so it takes none and is not kept in the ring.
        let event = LiveEvent {
            seq: state.next_seq - 1,
            at: now,
            object: wrap(objects),
            sampled: Some(left_out).filter(|left_out| *left_out > 0),
            wire: OnceLock::new(),
        };
        let _ = self.sender.send(Arc::new(event));
    }

    fn publish(&self, state: &mut State, object: LiveObject, now: Timestamp, sampled: Option<u64>) {
        let keep = !matches!(object, LiveObject::Chart(_));
        let event =
            Arc::new(LiveEvent { seq: state.next_seq, at: now, object, sampled, wire: OnceLock::new() });
        state.next_seq += 1;
        if keep {
            state.ring.push_back(Arc::clone(&event));
        }
        while state.ring.len() > RING_EVENTS
            || state.ring.front().is_some_and(|oldest| now.seconds_since(oldest.at) > RING_SECONDS)
        {
            state.ring.pop_front();
        }
        // The only error is that no socket is open.
        let _ = self.sender.send(event);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Carries events from the bus to the broadcaster, and flushes, until the token is cancelled.
pub(crate) async fn run(
    broadcaster: Arc<Broadcaster>,
    bus: LocalBus,
    clock: Arc<dyn Clock>,
    flush_every: std::time::Duration,
    stop: CancellationToken,
) {
    let mut events = bus.subscribe();
    let mut flush = tokio::time::interval(flush_every);
    let mut threats = tokio::time::interval(flush_every / 8);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            event = events.recv() => match event {
                Ok(event) => broadcaster.take(&event, clock.now()),
                Err(broadcast::error::RecvError::Lagged(missed)) => {
                    tracing::debug!(missed, "live updates skipped commits; the rows are in the store");
                }
                Err(broadcast::error::RecvError::Closed) => return,
            },
            _ = flush.tick() => broadcaster.flush(clock.now()),
            _ = threats.tick() => broadcaster.flush_threats(clock.now()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(count: usize) -> Gathered<usize> {
        let mut gathered = Gathered::EMPTY;
        for n in 0..count {
            gathered.push(&n);
        }
        gathered
    }

    #[test]
    fn a_full_flush_takes_an_even_stride_and_counts_the_rest() {
        let (chosen, left_out) = gathered(1_000).take(50);
        assert_eq!((chosen.len(), left_out), (50, 950));
        assert!(chosen.windows(2).all(|pair| *pair[1] - *pair[0] == 20));
        let (all, none) = gathered(50).take(50);
        assert_eq!((all.len(), none), (50, 0));
    }

    #[test]
    fn gathering_is_bounded_and_nothing_goes_uncounted() {
        let (chosen, left_out) = gathered(100_000).take(50);
        assert_eq!(chosen.len() as u64 + left_out, 100_000);
        let apart: Vec<usize> = chosen.windows(2).map(|pair| *pair[1] - *pair[0]).collect();
        assert!(apart.iter().all(|apart| (1_500..=2_500).contains(apart)), "not an even stride: {apart:?}");
    }

    #[test]
    fn of_many_threats_an_even_stride_leaves_from_the_second_second_on() {
        let mut pace = Pace::default();
        let mut taken = |second: i64| (0..200).filter(|_| pace.takes(second)).collect::<Vec<usize>>();
        assert_eq!(taken(7), (0..50).collect::<Vec<_>>(), "nobody knows yet how many come");
        assert_eq!(taken(8), (0..50).map(|n| n * 4).collect::<Vec<_>>());
        assert_eq!(taken(10), (0..50).collect::<Vec<_>>(), "after a pause");
    }

    #[test]
    fn a_replay_tells_what_was_missed() {
        let start = Timestamp::from_secs(1_000);
        let broadcaster = Broadcaster::new(start);
        let (before, _queue) = broadcaster.subscribe();
        let alert = Arc::new(crate::alert::sample());
        broadcaster.take(&Event::AlertRaised(Arc::clone(&alert)), start);
        broadcaster.take(&Event::AlertUpdated(alert), start);
        let replay = broadcaster.replay(before, Some(broadcaster.epoch()));
        assert_eq!((replay.events.len(), replay.lost), (2, Some(0)));
        assert_eq!(broadcaster.replay(before + 1, None).events.len(), 1);
        assert_eq!(broadcaster.replay(before, Some("another")).lost, None);
        assert_eq!(broadcaster.replay(before + 99, None).lost, None);
        let later = start.plus_micros(700 * Timestamp::SECOND_MICROS);
        broadcaster.take(&Event::AlertRaised(Arc::new(crate::alert::sample())), later);
        assert_eq!(broadcaster.replay(before, None).lost, Some(2));
    }
}
