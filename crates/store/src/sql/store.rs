//! The [`Store`] of one database; each method hands a connection to the file that holds its queries.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bartizan_model::{
    Activity, Alert, Clock, Delivery, DeliveryState, RollupLevel, Silence, Span, StoredRequest, ThreatDetail,
    ThreatRecord, Timestamp, TrafficRecord,
};
use sqlx::{Pool, Transaction};
use tokio::sync::{Mutex, MutexGuard, Semaphore, SemaphorePermit};

use super::days::Days;
use super::dialect::{BEGIN_READ, Db, limit_time};
use super::in_doubt::InDoubt;
use super::instants::Instants;
use super::names::Names;
use super::sums::RecentSums;
use super::writer::Writer;
use super::{
    alert_steps, alerts, commit, deliveries, expire, lists, rollups, settings, silences, size, sketches,
    sources, system, what_if,
};
use crate::prepared::Prepared;
use crate::{
    AlertFilter, AlertStep, Bucket, Changes, CheckChange, CommitBatch, Committed, Dimension, DimensionCount,
    Expired, Filter, PUSH_PREFIX, Page, Paged, RetentionCutoffs, SourceRow, Store, StoreError, StoreSize,
    StoredGroup, SystemSample, WhatIf,
};

/// A store in one database.
#[derive(Debug)]
pub(crate) struct SqlStore {
    writing: Mutex<Option<Writing>>,
    readers: Pool<Db>,
    searches: Semaphore,
    sums: RecentSums,
    clock: Arc<dyn Clock>,
}

/// Longest time that one read may take; the caller has long gone by then, and the reader is wanted by others.
const READ_LIMIT: Duration = Duration::from_secs(10);

/// Searches for words at a time: they read row after row, and must not keep every reader from the dashboard.
const SEARCHES: usize = 2;

/// The connection that writes, with what it remembers between commits so that it need not ask.
#[derive(Debug)]
struct Writing {
    writer: Writer,
    memory: Memory,
}

/// What the writer remembers. All of it is rebuilt after a restart: it saves queries, or is about a batch that a source will
/// read again in any case.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) days: Days,
    pub(super) in_doubt: InDoubt,
    pub(super) instants: Instants,
    pub(super) names: Names,
    /// The name after which the next search for unused ones begins.
    pub(super) swept: i64,
    /// Seconds whose allowed line of the feed is written, the newest ones.
    pub(super) fed_seconds: BTreeSet<i64>,
    /// Hosts with figures of their own: all of them, at most [`crate::delta::MAX_HOSTS`].
    pub(super) hosts: HashSet<String>,
}

impl SqlStore {
    /// A store over connections to a database of the newest version.
    pub(crate) async fn new(
        mut writer: Writer,
        readers: Pool<Db>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        let memory = Memory { hosts: rollups::hosts(writer.connection()).await?, ..Memory::default() };
        let writing = Mutex::new(Some(Writing { writer, memory }));
        Ok(Self { writing, readers, searches: Semaphore::new(SEARCHES), sums: RecentSums::default(), clock })
    }

    /// A snapshot to read from.
    pub(super) async fn snapshot(&self) -> Result<Transaction<'static, Db>, StoreError> {
        let mut transaction =
            self.readers.begin_with(BEGIN_READ).await.map_err(failed("waiting for a reader"))?;
        limit_time(&mut transaction, READ_LIMIT).await.map_err(failed("waiting for a reader"))?;
        Ok(transaction)
    }

    /// A place among the few searches for words that may run at a time.
    async fn search(&self, words: &[String]) -> Result<Option<SemaphorePermit<'_>>, StoreError> {
        if words.is_empty() {
            return Ok(None);
        }
        self.long_read().await.map(Some)
    }

    /// A place among the few reads of many rows that may run at a time.
    async fn long_read(&self) -> Result<SemaphorePermit<'_>, StoreError> {
        let permit = self.searches.acquire().await;
        permit.map_err(|source| StoreError::Query { doing: "searching", source: Box::new(source) })
    }

    /// The writer, once it is free.
    pub(crate) async fn writer(&self) -> WriterGuard<'_> {
        WriterGuard(self.writing.lock().await)
    }
}

/// The writer while nobody else has it.
pub(crate) struct WriterGuard<'s>(MutexGuard<'s, Option<Writing>>);

impl WriterGuard<'_> {
    /// Begins a transaction that writes; dropped without a commit it leaves nothing behind.
    pub(super) async fn begin(&mut self) -> Result<(Transaction<'_, Db>, &mut Memory), StoreError> {
        let Writing { writer, memory } = self.0.as_mut().ok_or_else(closed)?;
        Ok((writer.begin().await?, memory))
    }

    /// The writer itself, for statements that no transaction may hold.
    pub(crate) fn outside(&mut self) -> Result<&mut Writer, StoreError> {
        Ok(&mut self.0.as_mut().ok_or_else(closed)?.writer)
    }
}

fn closed() -> StoreError {
    StoreError::Query { doing: "writing after it was closed", source: Box::new(sqlx::Error::PoolClosed) }
}

/// Translates a driver's error, naming what was being done.
pub(crate) fn failed(doing: &'static str) -> impl FnOnce(sqlx::Error) -> StoreError {
    move |source| StoreError::Query { doing, source: Box::new(source) }
}

#[async_trait]
impl Store for SqlStore {
    async fn commit(&self, batch: CommitBatch) -> Result<Committed, StoreError> {
        let CommitBatch { judged, source, received_at } = batch;
        // Of a pushed text the rows name the way it came, not its key.
        let shown = |name: &str| {
            let prefix = PUSH_PREFIX.trim_end_matches('\u{1f}');
            if name.starts_with(PUSH_PREFIX) { prefix.to_owned() } else { name.to_owned() }
        };
        let name = source.as_ref().map(|progress| shown(&progress.name));
        // Shaping a thousand rows takes milliseconds, which is too long for a thread of the runtime.
        let shaped: Result<Vec<Prepared>, StoreError> = tokio::task::spawn_blocking(move || {
            judged.iter().map(|judged| Prepared::new(judged, received_at, name.as_deref())).collect()
        })
        .await
        .map_err(|source| StoreError::Query { doing: "shaping a batch", source: Box::new(source) })?;
        let rows = shaped?;
        let mut writer = self.writer().await;
        let (transaction, memory) = writer.begin().await?;
        let committed = commit::commit(transaction, memory, rows, source, received_at).await;
        // Even a failure may have been committed.
        self.sums.forget();
        committed
    }

    async fn source(&self, name: &str) -> Result<Option<SourceRow>, StoreError> {
        sources::source(&mut *self.snapshot().await?, name).await
    }

    async fn traffic(&self, filter: &Filter, page: &Page) -> Result<Paged<TrafficRecord>, StoreError> {
        let _place = self.search(&filter.words).await?;
        lists::traffic(&mut *self.snapshot().await?, filter, page).await
    }

    async fn traffic_by_id(&self, id: i64) -> Result<Option<(TrafficRecord, StoredRequest)>, StoreError> {
        lists::traffic_by_id(&mut *self.snapshot().await?, id).await
    }

    async fn threats(&self, filter: &Filter, page: &Page) -> Result<Paged<ThreatRecord>, StoreError> {
        let _place = self.search(&filter.words).await?;
        lists::threats(&mut *self.snapshot().await?, filter, page).await
    }

    async fn threat_by_id(
        &self,
        id: i64,
    ) -> Result<Option<(ThreatRecord, StoredRequest, ThreatDetail, Timestamp)>, StoreError> {
        lists::threat_by_id(&mut *self.snapshot().await?, id).await
    }

    async fn activities(&self, filter: &Filter, page: &Page) -> Result<Paged<Activity>, StoreError> {
        let _place = self.search(&filter.words).await?;
        lists::activities(&mut *self.snapshot().await?, filter, page).await
    }

    async fn buckets(
        &self,
        level: RollupLevel,
        span: Span,
        host: Option<&str>,
    ) -> Result<Arc<[(Timestamp, Bucket)]>, StoreError> {
        let read = async || rollups::buckets(&mut *self.snapshot().await?, level, span, host).await;
        self.sums.get((level, span, host.map(str::to_owned)), read).await
    }

    async fn dimension(
        &self,
        dimension: Dimension,
        span: Span,
        limit: u32,
    ) -> Result<Vec<DimensionCount>, StoreError> {
        rollups::dimension(&mut *self.snapshot().await?, dimension, span, limit).await
    }

    async fn score_histogram(&self, span: Span) -> Result<Vec<u64>, StoreError> {
        rollups::score_histogram(&mut *self.snapshot().await?, span).await
    }

    async fn changes(&self, asked: &WhatIf) -> Result<Changes, StoreError> {
        // As a search, it reads many rows.
        let _place = self.long_read().await?;
        what_if::changes(&mut *self.snapshot().await?, asked).await
    }

    async fn unique_clients(&self, span: Span) -> Result<u64, StoreError> {
        sketches::unique_clients(&mut *self.snapshot().await?, span).await
    }

    async fn knows_host(&self, host: &str) -> Result<bool, StoreError> {
        rollups::knows_host(&mut *self.snapshot().await?, host).await
    }

    async fn record_system(&self, at: Timestamp, sample: SystemSample) -> Result<(), StoreError> {
        let mut writer = self.writer().await;
        system::record(writer.begin().await?.0, at, sample).await
    }

    async fn system_minutes(&self, span: Span) -> Result<Vec<(Timestamp, SystemSample)>, StoreError> {
        system::minutes(&mut *self.snapshot().await?, span).await
    }

    async fn alert_position(&self) -> Result<i64, StoreError> {
        alert_steps::position(&mut *self.snapshot().await?).await
    }

    async fn alert_groups(&self, limit: u32) -> Result<Vec<StoredGroup>, StoreError> {
        alert_steps::groups(&mut *self.snapshot().await?, limit).await
    }

    async fn threats_after(&self, id: i64, limit: u32) -> Result<Vec<ThreatRecord>, StoreError> {
        alert_steps::threats_after(&mut *self.snapshot().await?, id, limit).await
    }

    async fn write_alerts(&self, step: &AlertStep) -> Result<Vec<i64>, StoreError> {
        let mut writer = self.writer().await;
        alert_steps::write(writer.begin().await?.0, step).await
    }

    async fn quiet_alerts(&self, since: Timestamp, limit: u32) -> Result<Vec<i64>, StoreError> {
        alert_steps::quiet_since(&mut *self.snapshot().await?, since, limit).await
    }

    async fn alert(&self, id: i64) -> Result<Option<Alert>, StoreError> {
        alerts::alert(&mut *self.snapshot().await?, id).await
    }

    async fn alerts(&self, filter: &AlertFilter, page: &Page) -> Result<Paged<Alert>, StoreError> {
        alerts::alerts(&mut *self.snapshot().await?, filter, page).await
    }

    async fn alerts_of_threat(&self, threat_id: i64) -> Result<Vec<i64>, StoreError> {
        alerts::of_threat(&mut *self.snapshot().await?, threat_id).await
    }

    async fn insert_silence(&self, silence: &Silence) -> Result<i64, StoreError> {
        let mut writer = self.writer().await;
        silences::insert(writer.begin().await?.0, silence).await
    }

    async fn silences(&self) -> Result<Vec<Silence>, StoreError> {
        silences::all(&mut *self.snapshot().await?).await
    }

    async fn delete_silence(&self, id: i64) -> Result<bool, StoreError> {
        let mut writer = self.writer().await;
        silences::delete(writer.begin().await?.0, id).await
    }

    async fn insert_delivery(&self, delivery: &Delivery) -> Result<bool, StoreError> {
        let mut writer = self.writer().await;
        let (mut transaction, _) = writer.begin().await?;
        let inserted = deliveries::insert(&mut transaction, delivery, delivery.alert_id).await?;
        transaction.commit().await.map_err(failed("writing a delivery"))?;
        Ok(inserted)
    }

    async fn due_deliveries(&self, now: Timestamp, limit: u32) -> Result<Vec<Delivery>, StoreError> {
        deliveries::due(&mut *self.snapshot().await?, now, limit).await
    }

    async fn update_deliveries(&self, changed: &[Delivery]) -> Result<(), StoreError> {
        let mut writer = self.writer().await;
        deliveries::update(writer.begin().await?.0, changed).await
    }

    async fn give_up_unknown_deliveries(&self) -> Result<u64, StoreError> {
        let mut writer = self.writer().await;
        deliveries::give_up_unknown(writer.begin().await?.0).await
    }

    async fn deliveries(&self, channel: Option<&str>, page: &Page) -> Result<Paged<Delivery>, StoreError> {
        deliveries::page(&mut *self.snapshot().await?, channel, page).await
    }

    async fn delivery_tally(
        &self,
        since: Timestamp,
    ) -> Result<Vec<(String, DeliveryState, u64)>, StoreError> {
        deliveries::tally(&mut *self.snapshot().await?, since).await
    }

    async fn extent(&self) -> Result<Option<(Timestamp, Timestamp)>, StoreError> {
        rollups::extent(&mut *self.snapshot().await?).await
    }

    async fn size(&self) -> Result<StoreSize, StoreError> {
        size::measure(&mut *self.snapshot().await?).await
    }

    async fn expire(&self, cutoffs: RetentionCutoffs) -> Result<Expired, StoreError> {
        let mut expired = Expired::default();
        for kind in expire::Kind::all(&cutoffs, self.clock.now()) {
            loop {
                // The writer is given back after every step, and its queue is fair: a waiting commit comes first.
                let mut writer = self.writer().await;
                let (transaction, memory) = writer.begin().await?;
                let step = expire::step(transaction, memory, kind).await;
                self.sums.forget();
                let step = step?;
                step.add_to(&mut expired);
                if step.rows > 0 {
                    writer.outside()?.give_back().await?;
                }
                if !step.more {
                    break;
                }
            }
        }
        Ok(expired)
    }

    async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        settings::setting(&mut *self.snapshot().await?, name).await
    }

    async fn set_setting(&self, name: &str, value: &str, at: Timestamp) -> Result<(), StoreError> {
        let mut writer = self.writer().await;
        settings::set(writer.begin().await?.0, name, value, at).await
    }

    async fn record_check(&self, change: &CheckChange, oldest: Timestamp) -> Result<(), StoreError> {
        let mut writer = self.writer().await;
        settings::record_check(writer.begin().await?.0, change, oldest).await
    }

    async fn check_history(&self, limit: u32) -> Result<Vec<CheckChange>, StoreError> {
        settings::check_history(&mut *self.snapshot().await?, limit).await
    }

    async fn probe(&self) -> Result<(), StoreError> {
        let mut writer = self.writer().await;
        system::probe(writer.begin().await?.0, self.clock.now()).await
    }

    async fn close(&self) {
        let writing = self.writing.lock().await.take();
        // Readers first: SQLite's log can be emptied only when no snapshot needs it.
        self.readers.close().await;
        if let Some(Writing { writer, .. }) = writing {
            writer.close().await;
        }
    }
}
