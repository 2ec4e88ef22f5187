//! Everything that lines come from, behind one trait.

use std::fmt;
use std::sync::Arc;

use bartizan_model::{Checkpoint, Clock, SourceKind};

use crate::{FileReader, ReadBatch, SourceConfig, SourceError, standard_input, syslog};

/// Something that lines are read from, batch by batch.
pub trait LineSource: fmt::Debug + Send {
    /// Reads up to `max_lines` lines and returns at once, with what there is.
    ///
    /// # Errors
    /// [`SourceError`] when the source cannot be read now; the next call tries again.
    fn read_batch(&mut self, max_lines: usize) -> Result<ReadBatch, SourceError>;

    /// Takes nothing more in. `true` when something that was taken in already may wait and is lost unless it is read.
    fn close(&mut self) -> bool {
        false
    }
}

impl LineSource for FileReader {
    fn read_batch(&mut self, max_lines: usize) -> Result<ReadBatch, SourceError> {
        Self::read_batch(self, max_lines)
    }
}

/// Opens a source of any kind where its checkpoint says.
///
/// # Errors
/// As [`FileReader::open`] for files; [`SourceError::Listen`] when an address cannot be listened on,
/// [`SourceError::Address`] when it is none.
pub fn open_source(
    config: &SourceConfig,
    checkpoint: Option<Checkpoint>,
    clock: Arc<dyn Clock>,
) -> Result<Box<dyn LineSource>, SourceError> {
    Ok(match config.kind {
        SourceKind::File | SourceKind::Demo => Box::new(FileReader::open(config, checkpoint, clock)?),
        SourceKind::StandardInput => Box::new(
            standard_input::open(std::io::stdin(), &config.lines, checkpoint, clock)
                .map_err(|error| SourceError::from_io(&config.path, "start a thread for", error))?,
        ),
        SourceKind::Syslog => Box::new(syslog::open(config, checkpoint, clock)?),
        SourceKind::Ingest => {
            return Err(SourceError::Address { address: config.path.display().to_string() });
        }
    })
}
