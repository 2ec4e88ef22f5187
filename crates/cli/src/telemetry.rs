//! Logs of the process, on standard error; `RUST_LOG` chooses what is shown.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Starts logging. Called once, by commands that run on.
pub(crate) fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let started = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .try_init();
    // The only error is that logging runs already.
    drop(started);
}
