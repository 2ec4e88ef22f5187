//! What the product does, in one handle.
//!
//! [`Engine::start`] opens the log sources at their stored positions and reads them: each batch is judged (model,
//! counters, policy), committed together with the source's position, grouped into alerts, and sent to the live sockets.
//! Everything above asks through [`Engine`]: lists ([`Filter`], [`Page`]), details, and figures for a [`RangeQuery`],
//! all of them read from rows and rollups of the store.

mod access;
mod alert;
mod analytics;
mod checks;
mod detail;
mod engine;
mod error;
mod inline;
mod intake;
mod judge;
mod judging;
pub mod live;
mod lookout;
mod machine;
mod masking;
mod metrics;
mod model;
mod model_folder;
mod notify;
mod policy;
mod process;
mod range;
mod recorder;
mod retention;
mod source;
mod sources;
mod storage;
mod task;
mod tracker;
mod watch;

pub use access::{
    Access, AccessError, Actor, AuditEvent, Caller, CallerKind, Credentials, NewToken, NewUser, TokenChange,
    UserChange,
};
pub use alert::{
    AlertSettings, AttackRate, Bulk, ChannelRule, DiskSpace, Drift, ErrorRate, Lag, Latency, ParseFailures,
    QuietHours, SilenceError, Switch, TrafficLevel, time_zone,
};
pub use analytics::{Scores, SeriesPoint, Summary, WhatIfAnswer, group_count};
pub use bartizan_ingest::{Compression, LogFormat};
pub use bartizan_notify::{
    Mail, MailSecurity, SetupError, Syslog, SyslogTransport, Way, Webhook, WebhookFormat,
};
pub use bartizan_store::{
    AlertFilter, AuditFilter, Bucket, ChangeGroup, Changes, CheckChange, Cursor, Dimension, DimensionCount,
    EndpointFilter, Filter, Judged, Page, Paged, StoreSize, SystemEventFilter, SystemSample,
};
pub use checks::{Outcome, SecurityCheck, Surroundings, examine_disk, examine_exposure, examine_model};
pub use detail::{RequestDetail, ThreatDetailed, TrafficDetail};
pub use engine::{Engine, EngineParts, EngineSettings, Health, Performance};
pub use error::EngineError;
pub use inline::{Checked, Recording};
pub use intake::{Admission, Ingested, Push};
pub use judging::JudgingTotals;
pub use machine::MachineLoad;
pub use masking::{
    HashedNames, MaskedNames, Masking, MaskingError, MaskingKey, MaskingKeyError, MaskingSettings,
};
pub use metrics::Metrics;
pub use model::{ModelInForce, PolicySettings};
pub use model_folder::ModelRefusal;
pub use notify::{Channel, ChannelStatus};
pub use policy::PolicyChange;
pub use process::ProcessReport;
pub use range::{MAX_SPAN_S, RangeQuery, SeriesWindow};
pub use retention::{Retention, prune};
pub use sources::{AddedSource, FilePreview, NewSource, SourceChanges, SourcePreview};
pub use storage::{ENOUGH_ROWS, Storage};
pub use task::{TaskState, TaskStatus};
