//! The numbers of the present (API.md 4.1).

use bartizan_model::{Counts, Span, Timestamp};

use crate::analytics::Analytics;
use crate::{EngineError, JudgingTotals, RangeQuery};

/// Seconds that the short figures look back.
const RECENT_S: i64 = 300;

/// What is going on now: 24 hours for counts, five minutes for rates and times, the latest complete minute.
#[derive(Debug, Clone, PartialEq)]
pub struct Metrics {
    /// The instant of measurement.
    pub at: Timestamp,
    /// The last 24 hours, in whole minutes.
    pub day: Counts,
    /// The last five minutes.
    pub recent: Counts,
    /// The latest complete minute.
    pub minute: Counts,
    /// Age of the server process in seconds.
    pub uptime_s: u64,
    /// Open WebSockets.
    pub connections: u64,
    /// 99th percentile of judging one request in the last five minutes, in milliseconds.
    pub judge_p99_ms: f64,
    /// Age in seconds of the newest log line when it was judged; `None` without log sources.
    pub ingest_lag_s: Option<f64>,
}

impl Metrics {
    /// Threats of the last five minutes, per minute.
    pub fn threats_per_minute(&self) -> f64 {
        self.recent.threats() as f64 / (RECENT_S as f64 / 60.0)
    }
}

/// What of the metrics does not come from the store.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ProcessFigures {
    pub(crate) uptime_s: u64,
    pub(crate) connections: u64,
    pub(crate) judging: JudgingTotals,
    pub(crate) ingest_lag_s: Option<f64>,
}

impl Analytics {
    pub(crate) async fn metrics(
        &self,
        now: Timestamp,
        host: Option<&str>,
        process: ProcessFigures,
    ) -> Result<Metrics, EngineError> {
        let day = self.total(RangeQuery::DEFAULT.whole_minutes(now)?, host).await?;
        let this_minute = now.bucket_start(60);
        let recent_span = RangeQuery::Last { seconds: RECENT_S, to: None }.whole_minutes(now)?;
        let last_minute = Span::new(this_minute.plus_micros(-60 * Timestamp::SECOND_MICROS), this_minute);
        Ok(Metrics {
            at: now,
            day: day.counts,
            recent: self.total(recent_span, host).await?.counts,
            minute: self.total(last_minute, host).await?.counts,
            uptime_s: process.uptime_s,
            connections: process.connections,
            judge_p99_ms: process.judging.p99_ms,
            ingest_lag_s: process.ingest_lag_s,
        })
    }
}
