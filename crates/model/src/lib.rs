//! The vocabulary of Bartizan: what a request is, what a verdict is, and how both are kept.
//!
//! Every other crate speaks in these types and none of them does I/O. A request enters as an [`HttpRequest`],
//! is judged into an [`Assessment`] (what the detectors saw) and a [`Verdict`] (what policy decided), and is kept
//! as a [`TrafficRecord`], with a [`ThreatRecord`] beside it when the verdict was not to allow it.
//!
//! ```
//! use bartizan_model::{Action, Severity, ThreatClass};
//!
//! let class: ThreatClass = "sql_injection".parse().unwrap();
//! assert_eq!(class.display_name(), "SQL Injection");
//! assert_eq!(Severity::of(class, 0.95, Action::Block), Severity::High);
//! assert_eq!(Severity::of(class, 0.95, Action::Flag), Severity::Medium);
//! ```

mod access;
mod alert;
mod check;
mod checkpoint;
mod delivery;
mod error;
mod histogram;
mod mark;
mod record;
mod request;
mod rollup;
mod silence;
mod source;
mod span;
mod system_event;
mod threat_class;
mod time;
mod verdict;

pub use access::{AuditAction, AuditEntry, AuditResource, Role, Scope, Token, User};
pub use alert::{Alert, AlertKind, AlertStatus};
pub use check::CheckStatus;
pub use checkpoint::{Checkpoint, Fingerprint};
pub use delivery::{Delivery, DeliveryState, Occasion};
pub use error::{Classify, ErrorKind};
pub use histogram::LatencyHistogram;
pub use mark::{MASKED, MAX_MARK, hash_mark, is_mark, mark_len};
pub use record::{Activity, StoredRequest, ThreatDetail, ThreatRecord, TrafficRecord};
pub use request::{HttpRequest, MAX_TARGET_CHARS, MISSING, Part, Via, display_target};
pub use rollup::{Counts, RollupLevel};
pub use silence::{Silence, SilenceMatch};
pub use source::{LineSample, SourceKind, SourceOrigin, SourceState, SourceStatus};
pub use span::Span;
pub use system_event::{SystemEvent, SystemEventKind};
pub use threat_class::{Severity, ThreatClass, ThreatGroup};
pub use time::{Clock, SystemClock, Timestamp, TimestampError};
pub use verdict::{
    Action, AnomalyScore, AssessedField, Assessment, DecidedBy, Evidence, Finding, Location, Mode, Verdict,
};

/// The error of reading a word that is not one of an enum's names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what} '{given}'")]
pub struct UnknownName {
    /// What kind of name was expected, for the message.
    pub what: &'static str,
    /// The word that was given.
    pub given: String,
}
