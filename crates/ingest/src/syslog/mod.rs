//! Access logs sent as syslog: RFC 3164 and RFC 5424 over UDP, TCP and Unix sockets.
//!
//! Threads receive and cut, the reader parses. Everything is capped: the length of a message, connections, lines per
//! second, and what waits. Streams are read more slowly then; datagrams cannot wait and are dropped, counted and shown,
//! by us or by the kernel.

mod address;
pub(crate) mod cutter;
mod kernel;
mod listener;
pub(crate) mod message;
mod places;
mod rate;

use std::sync::Arc;

pub use address::SyslogAddress;

use bartizan_model::{Checkpoint, Clock};

use crate::line_queue::LineQueue;
use crate::pushed::PushedReader;
use crate::{SourceConfig, SourceError};

/// Listens on the source's address.
pub(crate) fn open(
    config: &SourceConfig,
    checkpoint: Option<Checkpoint>,
    clock: Arc<dyn Clock>,
) -> Result<PushedReader, SourceError> {
    let text = config.path.to_string_lossy();
    let address: SyslogAddress = text.parse()?;
    let queue = Arc::new(LineQueue::default());
    listener::start(&address, &queue)
        .map_err(|source| SourceError::Listen { address: text.into_owned(), source })?;
    Ok(PushedReader::new(queue, &config.lines, checkpoint, clock, message::content))
}
