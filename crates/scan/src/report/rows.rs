//! The parts of a report.

use bartizan_model::{Action, Severity, ThreatClass, Timestamp};
use serde::Serialize;

/// How was judged.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScanFacts {
    /// Version of this shape; a change that breaks readers raises it.
    pub format: u32,
    /// Version of the program.
    pub version: String,
    /// Name of the model.
    pub model: String,
    /// Scores from here on are suspicious.
    pub flag_threshold: f64,
    /// Scores from here on are attacks.
    pub block_threshold: f64,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Input {
    /// Files read, some of them perhaps in part.
    pub files_read: u64,
    /// Of these, files that are damaged or cut off, so that only what stands before that was read.
    pub files_broken_off: u64,
    /// Bytes read from disk, packed where files are.
    pub bytes: u64,
    /// The files with the most requests, at most 100, in the order in which they were read.
    pub files: Vec<FileRow>,
    /// How many things could not be read, or not to their end.
    pub problems_total: u64,
    /// The first 100 of them.
    pub problems: Vec<Problem>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct FileRow {
    pub path: String,
    pub bytes: u64,
    pub requests: u64,
    pub unreadable: u64,
}

/// Something that was not read, or not to its end.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Problem {
    pub path: String,
    pub reason: String,
}

/// The sums.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Totals {
    /// Lines that were not blank.
    pub lines: u64,
    /// Lines that are requests.
    pub requests: u64,
    /// Lines that are not.
    pub unreadable: u64,
    /// Different clients; at least so many when `limits` says so.
    pub clients: u64,
    /// Clients with attacks or suspicious requests; at least so many when `limits` says so.
    pub attackers: u64,
    /// Requests judged worth blocking.
    pub attacks: u64,
    /// Requests judged worth a look.
    pub suspicious: u64,
    /// Attacks answered with a status of 200 to 299.
    pub attacks_answered: u64,
    /// Bytes of all answers.
    pub response_bytes: u64,
}

/// From the first to the last.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct TimeRange {
    pub first: Timestamp,
    pub last: Timestamp,
}

/// Counts by the class of the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Answers {
    pub success: u64,
    pub redirect: u64,
    pub client_error: u64,
    pub server_error: u64,
    /// No status in the log, or one below 200 or above 599.
    pub other: u64,
}

impl Answers {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.success + self.redirect + self.client_error + self.server_error + self.other
    }
}

/// One request that shows what happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Example {
    pub file: String,
    /// Counted from 1.
    pub line: u64,
    pub time: Timestamp,
    pub client: String,
    pub method: String,
    /// Percent-encoded wherever it is not printable ASCII, and cut.
    pub target: String,
    /// 0 when it is not in the log.
    pub status: u16,
    pub response_bytes: Option<u64>,
    pub class: ThreatClass,
    pub severity: Severity,
    pub action: Action,
    /// The model's score; null when a sign or a counter decided alone.
    pub score: Option<f64>,
    /// One sentence on what was seen.
    pub details: String,
    /// The text that decided, decoded.
    pub payload: Option<String>,
}

/// One class of attack.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassRow {
    /// Its stable name.
    pub class: ThreatClass,
    /// Its name for people.
    pub name: &'static str,
    /// How grave a sure attack of it is.
    pub severity: Severity,
    /// Requests judged worth blocking.
    pub attacks: u64,
    /// Requests judged worth a look.
    pub suspicious: u64,
    /// Attacks answered with success.
    pub answered: u64,
    /// The surest one.
    pub example: Option<Example>,
}

/// Attacks of one class on one endpoint that were answered with success.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SuccessRow {
    /// The class.
    pub class: ThreatClass,
    /// Host where the log shows it, and path, with numbers and hashes as `{id}`.
    pub endpoint: String,
    /// How often; at least so often when `missed` is not 0.
    pub count: u64,
    /// How many more there may have been.
    pub missed: u64,
    /// The surest one.
    pub example: Example,
}

/// Threats of one client.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AttackerRow {
    /// Address, or name where the log holds one.
    pub client: String,
    /// What it first called itself.
    pub agent: Option<String>,
    /// Requests judged worth blocking.
    pub attacks: u64,
    /// Requests judged worth a look.
    pub suspicious: u64,
    /// How many more threats there may have been before this client was counted.
    pub missed: u64,
    /// All its requests; null when it is no longer known.
    pub requests: Option<u64>,
    /// Attacks answered with success.
    pub answered: u64,
    /// Times of its first and its last threat.
    pub time: TimeRange,
    /// Threats by class, most first.
    pub classes: Vec<(ThreatClass, u64)>,
    /// What it tried: the first request of up to three classes.
    pub examples: Vec<Example>,
}

/// Threats to one endpoint.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TargetRow {
    /// Host where the log shows it, and path, with numbers and hashes as `{id}`.
    pub endpoint: String,
    /// Requests judged worth blocking.
    pub attacks: u64,
    /// Requests judged worth a look.
    pub suspicious: u64,
    /// How many more threats there may have been before this endpoint was counted.
    pub missed: u64,
    /// Attacks answered with success.
    pub answered: u64,
    /// Threats by class, most first.
    pub classes: Vec<(ThreatClass, u64)>,
}

/// Requests over time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Timeline {
    /// Width of a bucket in seconds.
    pub bucket_s: i64,
    /// Every bucket from the first to the last, empty ones too.
    pub buckets: Vec<BucketRow>,
    /// Requests whose time is so far from all others that they are not shown.
    pub outside: u64,
}

/// Counts of one bucket.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct BucketRow {
    pub start: Timestamp,
    pub requests: u64,
    pub attacks: u64,
    pub suspicious: u64,
}

/// How long one endpoint took to answer, in milliseconds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct SlowRow {
    pub endpoint: String,
    pub requests: u64,
    /// How many more requests there may have been before this endpoint was counted.
    pub missed: u64,
    pub server_errors: u64,
    /// Read from a histogram: up to 9 % too high.
    pub p50_ms: f64,
    /// Read from a histogram: up to 9 % too high.
    pub p95_ms: f64,
    pub max_ms: f64,
}

/// Lines that are no requests.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unreadable {
    /// How many.
    pub total: u64,
    /// Why, most frequent first.
    pub reasons: Vec<ReasonRow>,
    /// At most ten of them.
    pub samples: Vec<SampleRow>,
}

/// Lines that were not read for one reason.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct ReasonRow {
    pub reason: String,
    pub lines: u64,
}

/// A line that could not be read.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct SampleRow {
    pub file: String,
    /// Counted from 1.
    pub line: u64,
    pub reason: String,
    /// The line itself in plain text, cut.
    pub text: String,
}
