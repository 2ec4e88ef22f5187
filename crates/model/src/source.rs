//! What is shown of a log source (API.md, object Source).

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// What a source reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// A file that is read, then followed.
    File,
    /// A file that the demo generator writes: real reading of invented traffic.
    Demo,
    /// What another program writes to our standard input.
    StandardInput,
    /// Syslog messages that are sent to an address.
    Syslog,
    /// Lines that are sent to the API.
    Ingest,
}

impl SourceKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::File, Self::Demo, Self::StandardInput, Self::Syslog, Self::Ingest];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Demo => "demo",
            Self::StandardInput => "standard_input",
            Self::Syslog => "syslog",
            Self::Ingest => "ingest",
        }
    }
}

/// How a source is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum SourceState {
    Running,
    Waiting,
    Failed,
    Finished,
}

impl SourceState {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Failed => "failed",
            Self::Finished => "finished",
        }
    }
}

/// Who asked for a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceOrigin {
    /// The configuration, or a flag.
    Configuration,
    /// Somebody who added it while the server ran.
    Added,
    /// The server itself: demo traffic, and lines that are sent to the API.
    Server,
}

impl SourceOrigin {
    /// Every origin.
    pub const ALL: [Self; 3] = [Self::Configuration, Self::Added, Self::Server];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Added => "added",
            Self::Server => "server",
        }
    }
}

/// A line that did not parse, and why; what is shown of it is capped by whoever samples it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineSample {
    /// The line, escaped and cut.
    pub line: String,
    /// The reason.
    pub problem: String,
}

/// One source as the API shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceStatus {
    /// Name, unique among the sources.
    pub name: String,
    /// What it reads.
    pub kind: SourceKind,
    /// Who asked for it.
    pub origin: SourceOrigin,
    /// The name under which it was asked for: its own, or that of the pattern that brought the file.
    pub belongs_to: String,
    /// How it is doing.
    pub state: SourceState,
    /// Lines read since the database was made.
    pub lines: u64,
    /// Of these, lines that became requests.
    pub parsed: u64,
    /// Of these, lines that did not parse.
    pub failed: u64,
    /// Bytes read since the process started.
    pub bytes: u64,
    /// Lines that were dropped since the process started, because they came faster than they may or can be read.
    pub dropped: u64,
    /// Lines per second, over the last ten seconds.
    pub lines_per_second: f64,
    /// Age in seconds of the newest line when it was judged.
    pub lag_s: Option<f64>,
    /// Bytes that are there and were not read yet; null where that is not known.
    pub lag_bytes: Option<u64>,
    /// Lines in those bytes, by the mean length of those read.
    pub lag_lines: Option<u64>,
    /// Where reading stands: bytes of the file, or of all that was sent.
    pub position: Option<u64>,
    /// The file that reading stands in, which after a rotation is another than the named one.
    pub file: Option<String>,
    /// Event time of the newest line.
    pub last_line_at: Option<Timestamp>,
    /// Why it failed or waits, or what was lost.
    pub last_error: Option<String>,
    /// At most ten lines that did not parse, newest first.
    pub samples: Vec<LineSample>,
}
