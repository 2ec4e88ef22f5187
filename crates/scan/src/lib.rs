//! Log files to one report: what people run first, offline, on the logs that they have.
//!
//! [`scan`] reads files, folders and standard input, compressed ones too, judges every request on all cores and counts
//! in bounded memory. It gives a [`Report`], which is shown as text ([`Report::to_text`]), as JSON
//! ([`Report::to_json`]) or as a self-contained page ([`Report::to_html`]), and which a [`Gate`] can be asked about.
//! The same input gives the same report, whatever the number of threads: lines are judged in any order, but counted in
//! the order in which they stand. What cannot be read is named and counted, and the rest goes on.
//!
//! ```
//! use std::num::NonZeroUsize;
//! use bartizan_detect::BehaviourConfig;
//! use bartizan_model::{Assessment, HttpRequest, Timestamp};
//! use bartizan_scan::{Assess, Progress, ScanOptions, scan};
//! # use bartizan_detect::{Policy, Thresholds};
//! # use bartizan_model::Mode;
//!
//! struct Calm;
//! impl Assess for Calm {
//!     fn assess(&self, _request: &HttpRequest) -> Assessment {
//!         Assessment::default()
//!     }
//! }
//!
//! # let folder = tempfile::tempdir()?;
//! let log = folder.path().join("access.log");
//! std::fs::write(&log, "192.0.2.7 - - [04/Mar/2026:05:06:07 +0000] \"GET /cart HTTP/1.1\" 200 512\n")?;
//! let options = ScanOptions {
//!     lines: bartizan_ingest::LineOptions::default(),
//!     policy: Policy { thresholds: Thresholds::new(0.3, 0.5), mode: Mode::Monitor },
//!     behaviour: BehaviourConfig::default(),
//!     model: "none".to_owned(),
//!     threads: NonZeroUsize::MIN,
//!     top: 10,
//!     now: Timestamp::default(),
//! };
//! let report = scan(&[log], &Calm, &options, &Progress::default());
//! assert_eq!((report.totals.requests, report.totals.attacks), (1, 0));
//! # Ok::<(), std::io::Error>(())
//! ```
#![cfg_attr(
    not(test),
    warn(clippy::indexing_slicing, clippy::string_slice, clippy::as_conversions, clippy::expect_used)
)]

mod gate;
mod html;
mod input;
mod judge;
mod number;
mod order;
mod parse;
mod plain;
mod progress;
mod remembered;
mod report;
mod scan;
mod tally;
mod text;

pub use gate::{Gate, UnknownGate};
pub use judge::Assess;
pub use progress::Progress;
pub use report::{
    Answers, AttackerRow, BucketRow, ClassRow, Example, FileRow, Input, Problem, ReasonRow, Report,
    SampleRow, ScanFacts, SlowRow, SuccessRow, TargetRow, TimeRange, Timeline, Totals, Unreadable,
};
pub use scan::{ScanOptions, scan};
