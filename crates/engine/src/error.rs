//! What can go wrong in the engine.

use bartizan_ingest::SourceError;
use bartizan_model::{Classify, ErrorKind};
use bartizan_store::StoreError;

/// A failure of an engine call.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The range asked for makes no sense.
    #[error("{field} {problem}")]
    InvalidRange {
        /// The parameter.
        field: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// No row with that id, or no value of that name.
    #[error("no {what} {name}")]
    NotFound {
        /// The kind of thing.
        what: &'static str,
        /// Its id or name.
        name: String,
    },
    /// The thread of a source could not be started.
    #[error("the operating system gave no thread for log source {name}")]
    Thread {
        /// The source.
        name: String,
        /// Its answer.
        #[source]
        source: std::io::Error,
    },
    /// A threshold that was set contradicts the other, which may be the model's.
    #[error(
        "the threshold for flagging ({flag}) must not exceed the one for blocking ({block}, the model's own unless set); change detection.flag_threshold or detection.threshold"
    )]
    Thresholds {
        /// Score from which requests would be flagged.
        flag: f64,
        /// Score from which requests would be blocked.
        block: f64,
    },
    /// Judging ended without a verdict: a defect.
    #[error("judging ended without a verdict")]
    Judging,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A log source could not be opened.
    #[error(transparent)]
    Source(#[from] SourceError),
}

impl Classify for EngineError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::InvalidRange { .. } | Self::Thresholds { .. } => ErrorKind::Invalid,
            Self::NotFound { .. } => ErrorKind::NotFound,
            Self::Thread { .. } => ErrorKind::Unavailable,
            Self::Judging => ErrorKind::Internal,
            Self::Store(error) => error.kind(),
            Self::Source(error) => error.kind(),
        }
    }
}
