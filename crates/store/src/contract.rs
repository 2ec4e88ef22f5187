//! The contract that every backend keeps; one test suite runs against all of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use bartizan_model::{
    Activity, Alert, Assessment, CheckStatus, Checkpoint, Counts, Delivery, DeliveryState, HttpRequest,
    LatencyHistogram, LineSample, RollupLevel, Silence, Span, StoredRequest, ThreatClass, ThreatDetail,
    ThreatRecord, Timestamp, TrafficRecord, Verdict,
};

use crate::{AlertFilter, Changes, Filter, Page, Paged, StoreError, WhatIf};

/// A request with everything that was found out about it, ready to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The request as seen.
    pub request: HttpRequest,
    /// What the detectors saw.
    pub assessment: Assessment,
    /// What policy decided.
    pub verdict: Verdict,
    /// Time that judging took, in microseconds; never the application's response time.
    pub judged_us: u32,
}

/// How the name of what was pushed under a key begins; the day as six digits since 1970, another separator and the key
/// follow. Rows show what stands before the separator. Such names are deleted when their day is before yesterday.
pub const PUSH_PREFIX: &str = "ingest\u{1f}";

/// What one read of a source adds to what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceProgress {
    /// The source's name.
    pub name: String,
    /// The checkpoint that this batch was read from; `None` when the source was never read. A commit whose `from`
    /// is not what is stored is refused with [`StoreError::StaleCheckpoint`], so a replay cannot duplicate rows.
    pub from: Option<Checkpoint>,
    /// The checkpoint after the batch.
    pub to: Checkpoint,
    /// Lines read, parsed or not.
    pub lines: u64,
    /// Lines that did not parse.
    pub failed: u64,
    /// Some of those, newest last; the store keeps the newest ten per source.
    pub samples: Vec<LineSample>,
    /// Event time of the newest line.
    pub last_line_at: Option<Timestamp>,
}

/// What is committed in one transaction: requests, threats, activities, rollups and the source's position.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CommitBatch {
    /// In order of arrival; shared, so that a commit can be tried again without a copy.
    pub judged: Arc<[Judged]>,
    /// The source that they came from, when it has a position.
    pub source: Option<SourceProgress>,
    /// When the batch arrived.
    pub received_at: Timestamp,
}

/// The rows that a commit made, as they will be read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Committed {
    /// One per judged request, in the same order.
    pub traffic: Vec<TrafficRecord>,
    /// One per request whose action is not allow, in the same order.
    pub threats: Vec<ThreatRecord>,
    /// Every request that was not allowed, and at most one allowed request per second of event time.
    pub activities: Vec<Activity>,
}

/// One step of the alert engine, written in one transaction.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AlertStep {
    /// The position that the step was made from; a step whose `from` is not what is stored is refused.
    pub from: i64,
    /// The newest threat that it takes in; `from` when it takes in none.
    pub to: i64,
    /// When it was made.
    pub at: Timestamp,
    /// Alerts to insert (id 0) or to write anew.
    pub alerts: Vec<AlertWrite>,
    /// What is remembered of the groups that it touched.
    pub groups: Vec<StoredGroup>,
    /// Silences with the events that each held back.
    pub silenced: Vec<(i64, u64)>,
}

/// An alert with what goes along with it.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertWrite {
    /// As it is now.
    pub alert: Alert,
    /// Threats that it now holds.
    pub threat_ids: Vec<i64>,
    /// Alerts whose threats it now holds as well.
    pub takes_over: Vec<i64>,
    /// Messages about it, for the outbox.
    pub deliveries: Vec<Delivery>,
}

impl AlertWrite {
    /// An alert that nothing goes along with.
    pub fn of(alert: Alert) -> Self {
        Self { alert, threat_ids: Vec::new(), takes_over: Vec::new(), deliveries: Vec::new() }
    }
}

/// What the alert engine remembers of a group of threats, in a form of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredGroup {
    /// Names the group.
    pub key: String,
    /// `None`: forget it.
    pub state: Option<String>,
}

/// What is stored of a source.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceRow {
    /// The source's name.
    pub name: String,
    /// How far it was read.
    pub checkpoint: Option<Checkpoint>,
    /// Lines read since the database was made.
    pub lines: u64,
    /// Lines that did not parse.
    pub failed: u64,
    /// The newest lines that did not parse, newest first, at most ten.
    pub samples: Vec<LineSample>,
    /// Event time of the newest line.
    pub last_line_at: Option<Timestamp>,
}

/// One bucket of the rollups.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bucket {
    /// Its counts.
    pub counts: Counts,
    /// Threats by class, without zeros.
    pub classes: BTreeMap<ThreatClass, u64>,
    /// Response times.
    pub latency: LatencyHistogram,
}

/// One measurement of the process and its machine, taken every few seconds, kept per minute.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SystemSample {
    /// Share of the machine's (or container's) processor time in use, in percent.
    pub cpu_percent: f64,
    /// Share of its memory in use, in percent.
    pub memory_percent: f64,
    /// Open WebSockets.
    pub connections: u64,
    /// Age of the server process in seconds.
    pub uptime_s: u64,
    /// 99th percentile of judging one request in the last five minutes, in milliseconds.
    pub judge_p99_ms: f64,
    /// Mean time of judging one request, in milliseconds.
    pub judge_mean_ms: f64,
    /// Age in seconds of the newest log line when it was judged.
    pub ingest_lag_s: Option<f64>,
}

/// A dimension whose values are counted in the rollups.
///
/// Statuses, methods and classes are counted exactly, hosts too for the first 1,000, all over whole minutes. Of
/// addresses, paths and user agents, which know no end, every hour and every day keeps 200: exactly while there are no
/// more, and beyond those with most requests or threats, which may be counted too low where they were rare at times.
/// Their spans are widened to whole hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Dimension {
    Status,
    Method,
    Host,
    Class,
    Address,
    Path,
    UserAgent,
}

/// Counts of one value of a [`Dimension`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DimensionCount {
    /// The value as text.
    pub value: String,
    /// Judged requests.
    pub requests: u64,
    /// Of these, blocked.
    pub blocked: u64,
    /// Of these, blocked or flagged.
    pub threats: u64,
}

/// Instants before which rows are deleted, counted from the later of event time and arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "one cutoff per kind of row, named for it")]
pub struct RetentionCutoffs {
    pub traffic: Timestamp,
    pub threats: Timestamp,
    pub alerts: Timestamp,
    pub metrics: Timestamp,
}

/// Rows that a run of retention deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "one count per kind of row, named for it")]
pub struct Expired {
    pub traffic: u64,
    pub threats: u64,
    pub activities: u64,
    pub alerts: u64,
    pub rollups: u64,
}

/// How much room a database takes, and what most of it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreSize {
    /// Bytes in use, without those that deleted rows left free for others.
    pub used_bytes: u64,
    /// Rows of traffic; ids are consecutive, so this is a difference, not a count.
    pub traffic_rows: u64,
    /// When the oldest row of traffic arrived.
    pub oldest_traffic: Option<Timestamp>,
}

/// A result of a security check that differs from the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckChange {
    /// The stable name of the check.
    pub key: String,
    /// When it was run.
    pub at: Timestamp,
    /// How it went.
    pub status: CheckStatus,
    /// What was measured, one sentence.
    pub message: String,
}

/// Durable state. Every method is one transaction or one snapshot; none blocks the async runtime.
#[async_trait]
pub trait Store: crate::AccessStore + Send + Sync + std::fmt::Debug {
    /// Keeps a batch: rows with fresh ids and unique timestamps, rollup deltas, and the source's new position.
    ///
    /// # Errors
    /// [`StoreError::StaleCheckpoint`] when the source has moved on since the batch was read; nothing is written.
    async fn commit(&self, batch: CommitBatch) -> Result<Committed, StoreError>;

    /// What is stored of one source.
    async fn source(&self, name: &str) -> Result<Option<SourceRow>, StoreError>;

    /// One page of traffic rows.
    async fn traffic(&self, filter: &Filter, page: &Page) -> Result<Paged<TrafficRecord>, StoreError>;

    /// One traffic row with its request.
    async fn traffic_by_id(&self, id: i64) -> Result<Option<(TrafficRecord, StoredRequest)>, StoreError>;

    /// One page of threats.
    async fn threats(&self, filter: &Filter, page: &Page) -> Result<Paged<ThreatRecord>, StoreError>;

    /// One threat with its request, why it is one, and when it was received.
    async fn threat_by_id(
        &self,
        id: i64,
    ) -> Result<Option<(ThreatRecord, StoredRequest, ThreatDetail, Timestamp)>, StoreError>;

    /// One page of the feed.
    async fn activities(&self, filter: &Filter, page: &Page) -> Result<Paged<Activity>, StoreError>;

    /// The buckets of a level that start inside the span, ascending; empty ones are left out. `host` restricts to
    /// one host. The same answer is read once, until something is written.
    async fn buckets(
        &self,
        level: RollupLevel,
        span: Span,
        host: Option<&str>,
    ) -> Result<Arc<[(Timestamp, Bucket)]>, StoreError>;

    /// The counts of the values of a dimension, as [`Dimension`] says; most requests first.
    async fn dimension(
        &self,
        dimension: Dimension,
        span: Span,
        limit: u32,
    ) -> Result<Vec<DimensionCount>, StoreError>;

    /// Requests by score, in [`SCORE_BINS`](crate::SCORE_BINS) bins of equal width from 0 to 1, over the whole hours
    /// that the span touches. Requests that no model scored are left out.
    async fn score_histogram(&self, span: Span) -> Result<Vec<u64>, StoreError>;

    /// Which stored requests one threshold for blocking would block and the other not.
    async fn changes(&self, asked: &WhatIf) -> Result<Changes, StoreError>;

    /// Distinct client addresses inside the span, widened to whole hours: exact up to 1,024 addresses, then estimated with
    /// a standard error of 0.8 %. Read from sketches that the commit keeps, never from raw rows.
    async fn unique_clients(&self, span: Span) -> Result<u64, StoreError>;

    /// Whether that host has figures of its own.
    async fn knows_host(&self, host: &str) -> Result<bool, StoreError>;

    /// Adds a measurement to its minute: averages over the minute, latest values for connections and uptime.
    async fn record_system(&self, at: Timestamp, sample: SystemSample) -> Result<(), StoreError>;

    /// The measurements per minute inside the span, ascending.
    async fn system_minutes(&self, span: Span) -> Result<Vec<(Timestamp, SystemSample)>, StoreError>;

    /// The newest threat that was taken into alerts; 0 before the first.
    async fn alert_position(&self) -> Result<i64, StoreError>;

    /// The groups of threats that were touched last.
    async fn alert_groups(&self, limit: u32) -> Result<Vec<StoredGroup>, StoreError>;

    /// Threats with higher ids, lowest first, which is the order of their commits.
    async fn threats_after(&self, id: i64, limit: u32) -> Result<Vec<ThreatRecord>, StoreError>;

    /// Writes a step of the alert engine; returns the ids of its alerts, in their order.
    ///
    /// # Errors
    /// [`StoreError::StaleAlerts`] when the position has moved since the step was made; nothing is written.
    async fn write_alerts(&self, step: &AlertStep) -> Result<Vec<i64>, StoreError>;

    /// Active alerts that were not written since that instant, longest ago first.
    async fn quiet_alerts(&self, since: Timestamp, limit: u32) -> Result<Vec<i64>, StoreError>;

    /// One alert.
    async fn alert(&self, id: i64) -> Result<Option<Alert>, StoreError>;

    /// One page of alerts, newest first.
    async fn alerts(&self, filter: &AlertFilter, page: &Page) -> Result<Paged<Alert>, StoreError>;

    /// The alerts that hold a threat.
    async fn alerts_of_threat(&self, threat_id: i64) -> Result<Vec<i64>, StoreError>;

    /// Keeps a silence and returns its id.
    async fn insert_silence(&self, silence: &Silence) -> Result<i64, StoreError>;

    /// The newest thousand silences, newest first, ended ones included.
    async fn silences(&self) -> Result<Vec<Silence>, StoreError>;

    /// Deletes a silence; `false` when there is none of that id.
    async fn delete_silence(&self, id: i64) -> Result<bool, StoreError>;

    /// Puts a message into the outbox; `false` when its channel tells of its cause in that window already.
    async fn insert_delivery(&self, delivery: &Delivery) -> Result<bool, StoreError>;

    /// Pending deliveries that are due, oldest first.
    async fn due_deliveries(&self, now: Timestamp, limit: u32) -> Result<Vec<Delivery>, StoreError>;

    /// Writes state, tries and times of known deliveries.
    async fn update_deliveries(&self, deliveries: &[Delivery]) -> Result<(), StoreError>;

    /// Gives up what was being sent when the process ended, since it may have arrived; how much it was.
    async fn give_up_unknown_deliveries(&self) -> Result<u64, StoreError>;

    /// One page of deliveries, newest first, of one channel or of all.
    async fn deliveries(&self, channel: Option<&str>, page: &Page) -> Result<Paged<Delivery>, StoreError>;

    /// How many deliveries of each channel since that instant are in which state.
    async fn delivery_tally(&self, since: Timestamp)
    -> Result<Vec<(String, DeliveryState, u64)>, StoreError>;

    /// Oldest and newest event kept, from the rollups' days and the rows; `None` when the database is empty.
    async fn extent(&self) -> Result<Option<(Timestamp, Timestamp)>, StoreError>;

    /// How much room the database takes, in constant time.
    async fn size(&self) -> Result<StoreSize, StoreError>;

    /// Deletes what is older than the cutoffs, in steps small enough that commits are not held up.
    async fn expire(&self, cutoffs: RetentionCutoffs) -> Result<Expired, StoreError>;

    /// The value of a setting that was made while the server runs; `None` when it never was.
    async fn setting(&self, name: &str) -> Result<Option<String>, StoreError>;

    /// Writes a setting.
    async fn set_setting(&self, name: &str, value: &str, at: Timestamp) -> Result<(), StoreError>;

    /// Notes that the result of a check changed, and forgets changes before `oldest`; the newest of each check stays.
    async fn record_check(&self, change: &CheckChange, oldest: Timestamp) -> Result<(), StoreError>;

    /// Changes of the results of checks, newest first.
    async fn check_history(&self, limit: u32) -> Result<Vec<CheckChange>, StoreError>;

    /// Writes and reads back a row: whether the store really answers.
    async fn probe(&self) -> Result<(), StoreError>;

    /// Waits for the writer, flushes, and closes.
    async fn close(&self);
}
