//! What can go wrong in the engine.

use std::path::PathBuf;

use bartizan_ingest::SourceError;
use bartizan_model::{Classify, ErrorKind};
use bartizan_store::StoreError;

use crate::AccessError;
use crate::alert::SilenceError;

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
    /// Opening a source ended by a panic: a defect.
    #[error("log source {name} could not be opened because of a defect")]
    Reading {
        /// The source.
        name: String,
    },
    /// A file that is to be read has no complete line yet.
    #[error("{} has no line yet; it is read as soon as it has one", .path.display())]
    Early {
        /// The file.
        path: PathBuf,
    },
    /// A source that is to be added makes no sense.
    #[error("{field} {problem}")]
    NewSource {
        /// The member that is wrong.
        field: &'static str,
        /// What is wrong with it, and the remedy.
        problem: String,
    },
    /// Another source stands against it.
    #[error("{problem}")]
    SourceTaken {
        /// Which, and the remedy.
        problem: String,
    },
    /// Sources are not to be added while the server runs.
    #[error(
        "log sources cannot be added here: ingestion.add_from_dashboard is false; name the log under sources in the \
         configuration"
    )]
    AddingOff,
    /// The sources that were added cannot be read from the store: a later version wrote them, or a defect.
    #[error("the log sources that were added cannot be read from the database")]
    AddedUnreadable,
    /// As many texts are being taken in as can be.
    #[error(
        "as many batches of lines are being taken in as the server takes; send this one again in a moment"
    )]
    Overloaded,
    /// More texts were sent in a while than are taken.
    #[error(
        "more batches of lines were sent than are taken; send larger ones, and this one again after the pause"
    )]
    RateLimited {
        /// Seconds after which one more is taken.
        retry_after_s: u64,
    },
    /// A text that was sent is larger than what is taken, perhaps only when unpacked.
    #[error("the lines are larger than {} MiB when unpacked", .limit_bytes / (1024 * 1024))]
    TooLarge {
        /// What is taken at most.
        limit_bytes: usize,
    },
    /// The database takes more room than it may, and nothing is left that may go.
    #[error(
        "the database takes {} MB, more than retention.max_database_mb allows ({} MB), though only the last hour of traffic \
         is left: allow more, or keep threats, alerts and metrics for fewer days",
        .used_bytes / 1_000_000,
        .max_bytes / 1_000_000
    )]
    DatabaseTooLarge {
        /// Bytes in use.
        used_bytes: u64,
        /// Bytes that may be used.
        max_bytes: u64,
    },
    /// A text that was sent cannot be unpacked.
    #[error("the lines cannot be unpacked; is Content-Encoding right?")]
    NotPacked,
    /// The same text is being taken in at this moment, or another was sent under its key.
    #[error("this key {problem}")]
    KeyInUse {
        /// What it is used for.
        problem: &'static str,
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
    /// What would change cannot be told: requests of scores below 0.1 are far too many to be looked at.
    #[error(
        "{threshold} is too low: what would change can be told only between thresholds of {lowest} and above; ask for a \
         higher one, or set the threshold in force to at least {lowest} first",
        lowest = bartizan_store::LOWEST_THRESHOLD
    )]
    LowThreshold {
        /// The threshold that is too low: the one asked for, or the one in force.
        threshold: f64,
    },
    /// As many judged requests wait to be recorded as can.
    #[error(
        "as many judged requests wait to be recorded as the server holds; send this one again in a moment"
    )]
    QueueFull,
    /// The engine is stopping.
    #[error("the server is stopping")]
    Stopping,
    /// Judging ended without a verdict: a defect.
    #[error("judging ended without a verdict")]
    Judging,
    /// A silence makes no sense.
    #[error("{field} {problem}")]
    Silence {
        /// The member that is wrong.
        field: &'static str,
        /// What is wrong with it.
        problem: SilenceError,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A login, a user or a token.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A log source could not be opened.
    #[error(transparent)]
    Source(#[from] SourceError),
}

impl From<SilenceError> for EngineError {
    fn from(problem: SilenceError) -> Self {
        let field = match problem {
            SilenceError::Everything => "body",
            SilenceError::Address => "ip",
            SilenceError::Past => "expires_at",
        };
        Self::Silence { field, problem }
    }
}

impl Classify for EngineError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::InvalidRange { .. }
            | Self::Silence { .. }
            | Self::Thresholds { .. }
            | Self::LowThreshold { .. }
            | Self::TooLarge { .. }
            | Self::NewSource { .. }
            | Self::NotPacked => ErrorKind::Invalid,
            Self::KeyInUse { .. } | Self::SourceTaken { .. } | Self::AddingOff => ErrorKind::Conflict,
            Self::RateLimited { .. } => ErrorKind::RateLimited,
            Self::NotFound { .. } => ErrorKind::NotFound,
            Self::Thread { .. }
            | Self::Early { .. }
            | Self::DatabaseTooLarge { .. }
            | Self::Overloaded
            | Self::QueueFull
            | Self::Stopping => ErrorKind::Unavailable,
            Self::Judging | Self::Reading { .. } | Self::AddedUnreadable => ErrorKind::Internal,
            Self::Store(error) => error.kind(),
            Self::Access(error) => error.kind(),
            Self::Source(error) => error.kind(),
        }
    }
}
