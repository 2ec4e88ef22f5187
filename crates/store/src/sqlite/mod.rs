//! The SQLite backend: one writer, a few readers, one file per kind of row.

mod alert;
mod commit;
mod connect;
mod decode;
mod dialect;
mod filter;
mod insert;
mod list;
mod retention;
mod rollup;
mod schema;
mod source;
mod system;

use std::collections::HashSet;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use bartizan_model::{
    Activity, Alert, AlertStatus, Clock, RollupLevel, Span, StoredRequest, ThreatDetail, ThreatRecord,
    Timestamp, TrafficRecord,
};
use sqlx::SqlitePool;
use tokio::sync::{Mutex, MutexGuard};

use crate::unique_time::UniqueTimes;
use crate::{
    AlertFilter, Bucket, CommitBatch, Committed, Dimension, DimensionCount, Expired, Filter, Page, Paged,
    RetentionCutoffs, SourceRow, Store, StoreError, SystemSample,
};
use dialect::Connection;

/// A database file that this process owns.
#[derive(Debug)]
pub(crate) struct SqliteStore {
    writer: Mutex<Writer>,
    readers: SqlitePool,
    clock: Arc<dyn Clock>,
    /// Held as long as the store lives; the operating system releases it with the file.
    _lock: File,
}

/// The only connection that writes, and what it remembers between transactions.
#[derive(Debug)]
struct Writer {
    connection: Connection,
    times: UniqueTimes,
    hosts: HashSet<String>,
}

impl SqliteStore {
    pub(crate) async fn open(url: &str, path: &Path, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let connect::Opened { mut writer, readers, lock } =
            connect::open(url, path, clock.now().micros()).await?;
        let hosts = rollup::hosts(&mut writer).await?;
        let writer = Writer { connection: writer, times: UniqueTimes::default(), hosts };
        Ok(Self { writer: Mutex::new(writer), readers, clock, _lock: lock })
    }

    async fn write(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().await
    }
}

/// A driver's error, with what was being done.
fn failed(doing: &'static str) -> impl FnOnce(sqlx::Error) -> StoreError {
    move |source| StoreError::Query { doing, source: Box::new(source) }
}

#[async_trait]
impl Store for SqliteStore {
    async fn commit(&self, batch: CommitBatch) -> Result<Committed, StoreError> {
        let mut writer = self.write().await;
        let result = commit::commit(&mut writer, &batch).await;
        if result.is_err() {
            // What was given out in a transaction that did not commit must be asked for again.
            writer.times.forget();
            if let Ok(hosts) = rollup::hosts(&mut writer.connection).await {
                writer.hosts = hosts;
            }
        }
        writer.times.trim();
        result
    }

    async fn source(&self, name: &str) -> Result<Option<SourceRow>, StoreError> {
        source::read(&self.readers, name).await
    }

    async fn traffic(&self, filter: &Filter, page: &Page) -> Result<Paged<TrafficRecord>, StoreError> {
        list::traffic(&self.readers, filter, page).await
    }

    async fn traffic_by_id(&self, id: i64) -> Result<Option<(TrafficRecord, StoredRequest)>, StoreError> {
        list::traffic_by_id(&self.readers, id).await
    }

    async fn threats(&self, filter: &Filter, page: &Page) -> Result<Paged<ThreatRecord>, StoreError> {
        list::threats(&self.readers, filter, page).await
    }

    async fn threat_by_id(
        &self,
        id: i64,
    ) -> Result<Option<(ThreatRecord, StoredRequest, ThreatDetail, Timestamp)>, StoreError> {
        list::threat_by_id(&self.readers, id).await
    }

    async fn activities(&self, filter: &Filter, page: &Page) -> Result<Paged<Activity>, StoreError> {
        list::activities(&self.readers, filter, page).await
    }

    async fn buckets(
        &self,
        level: RollupLevel,
        span: Span,
        host: Option<&str>,
    ) -> Result<Vec<(Timestamp, Bucket)>, StoreError> {
        rollup::buckets(&self.readers, level, span, host).await
    }

    async fn dimension(
        &self,
        dimension: Dimension,
        span: Span,
        limit: u32,
    ) -> Result<Vec<DimensionCount>, StoreError> {
        rollup::dimension(&self.readers, dimension, span, limit).await
    }

    async fn unique_clients(&self, span: Span) -> Result<u64, StoreError> {
        rollup::unique_clients(&self.readers, span).await
    }

    async fn knows_host(&self, host: &str) -> Result<bool, StoreError> {
        rollup::knows_host(&self.readers, host).await
    }

    async fn record_system(&self, at: Timestamp, sample: SystemSample) -> Result<(), StoreError> {
        system::record(&mut self.write().await.connection, at, sample).await
    }

    async fn system_minutes(&self, span: Span) -> Result<Vec<(Timestamp, SystemSample)>, StoreError> {
        system::minutes(&self.readers, span).await
    }

    async fn insert_alert(&self, alert: &Alert) -> Result<i64, StoreError> {
        let now = self.clock.now();
        alert::insert(&mut self.write().await.connection, alert, now).await
    }

    async fn update_alert(&self, alert: &Alert) -> Result<(), StoreError> {
        let now = self.clock.now();
        alert::update(&mut self.write().await.connection, alert, now).await
    }

    async fn alert(&self, id: i64) -> Result<Option<Alert>, StoreError> {
        alert::by_id(&self.readers, id).await
    }

    async fn alerts(&self, filter: &AlertFilter, page: &Page) -> Result<Paged<Alert>, StoreError> {
        alert::list(&self.readers, filter, page).await
    }

    async fn alerts_of_threat(&self, threat_id: i64) -> Result<Vec<i64>, StoreError> {
        alert::of_threat(&self.readers, threat_id).await
    }

    async fn link_threats(&self, alert_id: i64, threat_ids: &[i64]) -> Result<(), StoreError> {
        alert::link(&mut self.write().await.connection, alert_id, threat_ids).await
    }

    async fn set_alert_status(
        &self,
        id: i64,
        status: AlertStatus,
        by: &str,
        at: Timestamp,
    ) -> Result<Option<Alert>, StoreError> {
        alert::set_status(&mut self.write().await.connection, id, status, by, at).await
    }

    async fn extent(&self) -> Result<Option<(Timestamp, Timestamp)>, StoreError> {
        list::extent(&self.readers).await
    }

    async fn expire(&self, cutoffs: RetentionCutoffs) -> Result<Expired, StoreError> {
        let now = self.clock.now();
        let mut expired = Expired::default();
        // The writer is let go after every step, so that commits are not held up.
        while retention::step(&mut self.write().await.connection, cutoffs, now, &mut expired).await? {}
        if expired != Expired::default() {
            retention::give_back(&mut self.write().await.connection).await?;
        }
        Ok(expired)
    }

    async fn probe(&self) -> Result<(), StoreError> {
        let now = self.clock.now().micros();
        system::write_probe(&mut self.write().await.connection, now).await?;
        system::read_probe(&self.readers, now).await
    }

    async fn close(&self) {
        let mut writer = self.write().await;
        if let Err(error) = system::checkpoint(&mut writer.connection).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "the write-ahead log was not folded in");
        }
        self.readers.close().await;
    }
}
