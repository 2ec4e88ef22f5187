//! Why a source cannot be read, and why a line is not a request.

use std::io;
use std::path::{Path, PathBuf};

use bartizan_model::{Classify, ErrorKind};

use crate::LogFormat;

/// Why a source cannot be opened or read on; the message names the remedy.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// No such file.
    #[error(
        "log file {path} does not exist; check the path, or create it (touch {path}) if the server has not written yet"
    )]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// A directory was named.
    #[error("{path} is a directory; name the log file itself, for example {}", .path.join("access.log").display())]
    Directory {
        /// The directory.
        path: PathBuf,
    },
    /// A pipe, a socket or a device was named.
    #[error("{path} is not a regular file but a pipe, socket or device; name a log file on disk")]
    NotAFile {
        /// What was named.
        path: PathBuf,
    },
    /// The file may not be read.
    #[error(
        "no permission to read {path}: run as a user of group adm, or grant it: setfacl -m u:$USER:r {path}"
    )]
    Permission {
        /// The file.
        path: PathBuf,
    },
    /// A compressed file was named.
    #[error("{path} is compressed ({algorithm}); unpack it first, for example: {tool} {path} > access.log")]
    Compressed {
        /// The file.
        path: PathBuf,
        /// Name of the compression.
        algorithm: &'static str,
        /// The command that unpacks it to its output.
        tool: &'static str,
    },
    /// What is in the file is not text.
    #[error(
        "{path} looks like binary data, not an access log; name the text file that the web server writes"
    )]
    Binary {
        /// The file.
        path: PathBuf,
    },
    /// No line is an access-log line.
    #[error(
        "no known log format in the first {lines} lines of {path}; known are combined, common (both also with a leading \
         virtual host or syslog prefix), JSON lines as of nginx, Caddy, Traefik and Envoy, HAProxy HTTP, Envoy, AWS load \
         balancer, CloudFront, W3C extended (IIS) and ModSecurity JSON; for another, give its format \
         (nginx:<log_format> or apache:<LogFormat>); first line: {first_line}"
    )]
    UnknownFormat {
        /// The file.
        path: PathBuf,
        /// Lines that were tried.
        lines: usize,
        /// The first of them, escaped and cut.
        first_line: String,
    },
    /// No line has the given format.
    #[error(
        "none of the first {lines} lines of {path} has the given format {format}: {problem}; correct the format, or \
         leave it out to have it detected; first line: {first_line}"
    )]
    WrongFormat {
        /// The file.
        path: PathBuf,
        /// The format, as it was given.
        format: String,
        /// Lines that were tried.
        lines: usize,
        /// What is wrong with the first of them.
        problem: LineError,
        /// The first of them, escaped and cut.
        first_line: String,
    },
    /// A compressed file breaks off or is damaged.
    #[error(
        "{path} cannot be unpacked to its end ({problem}); it is still being written, cut off or damaged"
    )]
    Unpacking {
        /// The file.
        path: PathBuf,
        /// What the decoder says.
        problem: String,
    },
    /// A text that was to be read on is another than the one before.
    #[error("the text is another than the one that was sent under this key before")]
    OtherText,
    /// What should be an address to listen on is none.
    #[error(
        "{address} is no address to listen on; known are udp://127.0.0.1:5514, tcp://127.0.0.1:5514, unix:///run/log.sock \
         (datagrams) and unix-stream:///run/log.sock"
    )]
    Address {
        /// What was given.
        address: String,
    },
    /// An address cannot be listened on.
    #[error(
        "cannot listen on {address} ({source}); stop the program that uses it, or choose another address"
    )]
    Listen {
        /// The address.
        address: String,
        /// The system's answer.
        source: io::Error,
    },
    /// The operating system refused.
    #[error("failed to {action} {path}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
}

impl SourceError {
    /// The error of a system call, told apart as far as there is a remedy.
    pub(crate) fn from_io(path: &Path, action: &'static str, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound => Self::Missing { path },
            io::ErrorKind::PermissionDenied => Self::Permission { path },
            io::ErrorKind::IsADirectory => Self::Directory { path },
            _ => Self::Io { action, path, source },
        }
    }

    /// Whether waiting may cure it: the file may come back, become readable, or be written to its end.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Missing { .. }
                | Self::Permission { .. }
                | Self::Directory { .. }
                | Self::NotAFile { .. }
                | Self::Unpacking { .. }
        )
    }
}

impl Classify for SourceError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Missing { .. } => ErrorKind::NotFound,
            Self::Permission { .. } => ErrorKind::Forbidden,
            Self::Io { .. } | Self::Unpacking { .. } | Self::Listen { .. } => ErrorKind::Unavailable,
            Self::Directory { .. }
            | Self::Address { .. }
            | Self::OtherText
            | Self::NotAFile { .. }
            | Self::Compressed { .. }
            | Self::Binary { .. }
            | Self::UnknownFormat { .. }
            | Self::WrongFormat { .. } => ErrorKind::Invalid,
        }
    }
}

/// Why a line is not an access-log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// Longer than [`crate::MAX_LINE_BYTES`].
    #[error("line is longer than 1 MiB")]
    TooLong,
    /// No bracketed time followed by a quoted request.
    #[error("no [time] followed by a quoted \"request\"")]
    NoRequest,
    /// Nothing names the client before the time.
    #[error("no client before the time")]
    NoClient,
    /// No status after the request.
    #[error("no status after the request")]
    NoStatus,
    /// Looks like JSON, but is not.
    #[error("broken JSON")]
    BrokenJson,
    /// A JSON object that does not describe a request.
    #[error("JSON without a request (method and URI) and its client or status")]
    JsonWithoutRequest,
    /// A part is missing without which this is no line of the format.
    #[error("no {what}, as a line of the format {format} has")]
    Missing {
        /// The part.
        what: &'static str,
        /// The format.
        format: LogFormat,
    },
    /// A W3C line before any `#Fields` directive.
    #[error("no #Fields directive names the columns of this line")]
    NoColumns,
    /// A W3C line with other columns than its `#Fields` directive names.
    #[error("columns do not fit the #Fields directive before them")]
    WrongColumns,
    /// A line that does not follow the given template.
    #[error("does not follow the given log format: {what} not found")]
    NotTemplate {
        /// The first part that was not found.
        what: &'static str,
    },
    /// The time of a line cannot be read.
    #[error("unreadable time")]
    BadTime,
}
