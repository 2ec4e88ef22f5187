//! Bytes to requests: log files, framing, parsing, and the place from which to go on after a restart.
//!
//! [`open_source`] opens any [`LineSource`]: files, standard input, syslog. A [`FileReader`] reads one access log: it finds
//! the format in the first lines, follows the file through rotation, truncation and compression, and hands out
//! [`ReadBatch`]es of [`bartizan_model::HttpRequest`]s, each with the [`Checkpoint`]s
//! that it lies between. Whoever commits a batch commits its `to` in the same transaction; a reader opened at the
//! committed checkpoint then repeats nothing and loses nothing. What does not parse is counted and sampled, never fatal.
//!
//! The format is detected, with a reason for people ([`Detection`]), or given as a [`FormatChoice`]: a name, or the text
//! of an nginx `log_format` or an Apache `LogFormat`. [`LineOptions`] hold it beside the [`LogZone`] of times that have
//! none. Lines that come from elsewhere than a file are read by a [`LineParser`]. docs/formats.md describes each format.
//!
//! [`Checkpoint`]: bartizan_model::Checkpoint
//!
//! ```
//! use bartizan_ingest::parse_line;
//! use bartizan_model::Timestamp;
//!
//! let line = br#"192.0.2.7 - - [04/Mar/2026:05:06:07 +0000] "GET /cart?id=1 HTTP/1.1" 200 512 "-" "curl/8.5""#;
//! let request = parse_line(line, Timestamp::default()).unwrap();
//! assert_eq!(request.client, "192.0.2.7");
//! assert_eq!(request.query(), Some(b"id=1".as_slice()));
//! ```
#![cfg_attr(
    not(test),
    warn(clippy::indexing_slicing, clippy::string_slice, clippy::as_conversions, clippy::expect_used)
)]

mod alb;
mod batch;
mod beginning;
mod choice;
mod client;
mod combined;
mod compression;
mod duration_names;
mod envoy;
mod error;
mod escape;
mod fingerprint;
mod first_lines;
mod format;
mod framing;
#[cfg(fuzzing)]
pub mod fuzzing;
mod glob;
mod haproxy;
mod json;
mod json_array;
mod json_repair;
mod line;
mod line_queue;
mod log_file;
mod log_time;
mod modsecurity;
mod parser;
mod place;
mod pushed;
mod quantity;
mod reader;
mod request_line;
mod rotation;
mod sample;
mod siblings;
mod sniff;
mod source;
mod standard_input;
mod syslog;
mod syslog_prefix;
mod template;
mod text;
mod trailing;
mod unpacked;
mod w3c;
mod zone;
mod zstd;

pub use batch::{ReadBatch, ReadState, SourceConfig};
pub use choice::{FormatChoice, FormatError, LineOptions};
pub use compression::{Compression, MAGIC_BYTES, UnreadCompression};
pub use error::{LineError, SourceError};
pub use first_lines::FirstLines;
pub use format::LogFormat;
pub use framing::MAX_LINE_BYTES;
pub use glob::{Glob, MAX_GLOB_FILES};
pub use json_array::split_json_array;
pub use line::parse_line;
pub use parser::LineParser;
pub use place::resolved;
pub use reader::FileReader;
pub use siblings::is_rotated_from;
pub use sniff::Detection;
pub use source::{LineSource, open_source};
pub use syslog::SyslogAddress;
pub use template::{Template, TemplateError};
pub use text::{TextReader, text_hash};
pub use unpacked::{Unpacked, unpack};
pub use zone::{LogZone, ZoneError};
