//! Logs of the process, on standard error; `RUST_LOG` chooses what is shown, the settings how.

use std::io::IsTerminal;

use serde::{Deserialize, Serialize};
use tracing_subscriber::EnvFilter;

/// How the process tells of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Telemetry {
    pub(crate) format: LogFormat,
}

/// How one event of the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// A line for people.
    Text,
    /// A JSON object a line, for what gathers logs: `timestamp`, `level`, `message` and the event's own members.
    Json,
}

/// Starts logging. Called once, by commands that run on.
pub(crate) fn start(telemetry: &Telemetry) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let logging =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let started = match telemetry.format {
        LogFormat::Text => logging.with_ansi(std::io::stderr().is_terminal()).try_init(),
        LogFormat::Json => logging.json().flatten_event(true).with_current_span(false).try_init(),
    };
    // The only error is that logging runs already.
    drop(started);
}
