//! The server itself and its log sources (API.md 4.7, SystemInfo and Source).

use bartizan_engine::{Engine, Retention};
use bartizan_model::{SourceStatus, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::name::{ModeName, Named, SourceKindName, SourceOriginName, SourceStateName};
use super::number::{fraction, tenth};

/// What runs here, and what it holds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SystemInfo {
    version: &'static str,
    mode: ModeName,
    /// `off` or `on`.
    auth: &'static str,
    model: Option<String>,
    threshold: f64,
    flag_threshold: f64,
    #[schema(format = DateTime)]
    started_at: String,
    /// Oldest event kept.
    #[schema(format = DateTime)]
    data_from: Option<String>,
    /// Newest event kept.
    #[schema(format = DateTime)]
    data_to: Option<String>,
    retention: RetentionDays,
    /// Groups of routes that are present; `sources` while log sources may be added.
    features: Vec<&'static str>,
}

impl SystemInfo {
    /// What is known of a running engine and the extent of its data.
    pub(crate) fn new(engine: &Engine, authenticates: bool, extent: Option<(Timestamp, Timestamp)>) -> Self {
        let in_force = engine.model();
        let policy = in_force.policy;
        Self {
            version: env!("CARGO_PKG_VERSION"),
            mode: Named(policy.mode),
            auth: if authenticates { "on" } else { "off" },
            model: Some(in_force.version().to_owned()),
            threshold: fraction(policy.thresholds.block),
            flag_threshold: fraction(policy.thresholds.flag),
            started_at: engine.started_at().to_string(),
            data_from: extent.map(|(from, _)| from.to_string()),
            data_to: extent.map(|(_, to)| to.to_string()),
            retention: engine.retention().into(),
            features: features(engine.may_add_sources()),
        }
    }
}

fn features(may_add_sources: bool) -> Vec<&'static str> {
    let sources = may_add_sources.then_some("sources");
    ["users", "tokens", "audit"].into_iter().chain(sources).collect()
}

/// How long rows are kept, in days.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names of the contract")]
pub(crate) struct RetentionDays {
    traffic_days: u32,
    threats_days: u32,
    alerts_days: u32,
    metrics_days: u32,
}

impl From<Retention> for RetentionDays {
    fn from(retention: Retention) -> Self {
        Self {
            traffic_days: retention.traffic_days,
            threats_days: retention.threats_days,
            alerts_days: retention.alerts_days,
            metrics_days: retention.metrics_days,
        }
    }
}

/// One log source.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Source {
    name: String,
    kind: SourceKindName,
    /// `configuration`; `added`: by somebody, who can remove it; `server`: demo traffic, and lines that are sent to the API.
    origin: SourceOriginName,
    /// The name that it was set up under: its own, or that of the pattern that brought the file.
    belongs_to: String,
    state: SourceStateName,
    lines: u64,
    parsed: u64,
    /// Lines that did not parse.
    failed: u64,
    /// Bytes read since the server started.
    bytes: u64,
    /// Lines dropped since the server started, because they came faster than they may or can be read.
    dropped: u64,
    lines_per_second: f64,
    /// Age in seconds of the newest line when it was judged.
    lag_s: Option<f64>,
    /// Bytes that are there and were not read yet, where that is known.
    lag_bytes: Option<u64>,
    /// Lines in those bytes, by the mean length of those read.
    lag_lines: Option<u64>,
    /// Where reading stands: bytes of the file, or of all that was sent.
    position: Option<u64>,
    /// The file that is being read, which after a rotation is another than the named one.
    file: Option<String>,
    #[schema(format = DateTime)]
    last_line_at: Option<String>,
    /// Why it failed or waits, or what was lost.
    last_error: Option<String>,
    /// At most ten lines that did not parse, newest first.
    samples: Vec<LineSample>,
}

/// A line that did not parse, and why.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LineSample {
    line: String,
    problem: String,
}

impl From<bartizan_model::LineSample> for LineSample {
    fn from(sample: bartizan_model::LineSample) -> Self {
        Self { line: sample.line, problem: sample.problem }
    }
}

impl From<SourceStatus> for Source {
    fn from(source: SourceStatus) -> Self {
        Self {
            name: source.name,
            kind: Named(source.kind),
            origin: Named(source.origin),
            belongs_to: source.belongs_to,
            state: Named(source.state),
            lines: source.lines,
            parsed: source.parsed,
            failed: source.failed,
            bytes: source.bytes,
            dropped: source.dropped,
            lines_per_second: tenth(source.lines_per_second),
            lag_s: source.lag_s.map(tenth),
            lag_bytes: source.lag_bytes,
            lag_lines: source.lag_lines,
            position: source.position,
            file: source.file,
            last_line_at: source.last_line_at.map(|at| at.to_string()),
            last_error: source.last_error,
            samples: source.samples.into_iter().map(LineSample::from).collect(),
        }
    }
}
