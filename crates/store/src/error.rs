//! What can go wrong with durable state; driver errors are translated here, once.

use bartizan_model::{Classify, ErrorKind};

/// A failure of the store. The message names the database and the remedy; the driver's error is its source.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The URL's scheme names no database that this build knows.
    #[error(
        "unknown database scheme '{scheme}' in --db; use sqlite://FILE, for example sqlite://data/bartizan.db, or \
         postgres://USER:PASSWORD@HOST/DATABASE"
    )]
    UnknownScheme {
        /// The scheme that was given.
        scheme: String,
    },
    /// The database could not be opened.
    #[error("cannot open database {url}: {remedy}")]
    Open {
        /// The URL, without secrets.
        url: String,
        /// What to do about it.
        remedy: String,
        /// The driver's error.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// A backup could not be written or put back.
    #[error("{problem}; {remedy}")]
    Backup {
        /// What went wrong, with the file or database.
        problem: String,
        /// What to do about it.
        remedy: String,
        /// The operating system's or the driver's error.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// The database was written by a newer version.
    #[error(
        "database {url} was made by a newer version of bartizan (schema {found}, this build knows {known}); \
         run the newer version or choose another database with --db"
    )]
    Newer {
        /// The URL, without secrets.
        url: String,
        /// Schema version found.
        found: i64,
        /// Newest schema version that this build knows.
        known: i64,
    },
    /// The batch was read from a position that is no longer the stored one.
    #[error(
        "source {name} has moved on since this batch was read; it must be read again from the stored position"
    )]
    StaleCheckpoint {
        /// The source.
        name: String,
    },
    /// The alert engine's position has moved since a step was made.
    #[error("alerts were written by someone else meanwhile; they must be read again")]
    StaleAlerts,
    /// A query failed.
    #[error("the database did not answer while {doing}")]
    Query {
        /// What was being done.
        doing: &'static str,
        /// The driver's error.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A row holds what this build cannot read.
    #[error("unreadable {what} in the database")]
    Corrupt {
        /// Which column or value.
        what: String,
    },
}

impl StoreError {
    /// A database that a server of an older version has open.
    pub(crate) fn older_in_use(url: &str) -> Self {
        let remedy =
            "a bartizan of an older version is using it; start that server anew with this version first";
        Self::Open { url: url.to_owned(), remedy: remedy.to_owned(), source: None }
    }
}

impl Classify for StoreError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::UnknownScheme { .. } => ErrorKind::Invalid,
            Self::StaleCheckpoint { .. } | Self::StaleAlerts => ErrorKind::Conflict,
            Self::Open { .. } | Self::Backup { .. } | Self::Newer { .. } | Self::Query { .. } => {
                ErrorKind::Unavailable
            }
            Self::Corrupt { .. } => ErrorKind::Internal,
        }
    }
}
