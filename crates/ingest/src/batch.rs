//! What a source is, and what one look at it brings.

use std::path::{Path, PathBuf};

use bartizan_model::{Checkpoint, HttpRequest, LineSample, SourceKind, Timestamp};

use crate::framing::Frame;
use crate::line::is_blank;
use crate::sample::{MAX_SAMPLES, escaped, sample};
use crate::sniff::MAX_SNIFFED_LINES;
use crate::{LineError, LineOptions, LineParser, SourceError};

/// One source to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceConfig {
    /// Name, unique among the sources.
    pub name: String,
    /// The file; the place where the server writes, not a rotated copy of it. For syslog the address to listen on, as
    /// in `udp://127.0.0.1:5514`.
    pub path: PathBuf,
    /// Who writes it.
    pub kind: SourceKind,
    /// Whether to wait for more lines at the end, through rotation and truncation. Otherwise the end is the end, and
    /// a last line without a line end counts as complete.
    pub follow: bool,
    /// How its lines are to be read.
    pub lines: LineOptions,
}

/// The lines of one look at a source.
///
/// `lines` is the number of requests plus `failed`; empty lines count as nothing. A batch that moved must be committed,
/// even without lines: the next batch starts at its `to`.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadBatch {
    /// The requests, in the order of the file.
    pub requests: Vec<HttpRequest>,
    /// The checkpoint that the batch starts at; `None` when the source was never read.
    pub from: Option<Checkpoint>,
    /// The checkpoint after the batch, to be committed together with its rows.
    pub to: Checkpoint,
    /// Lines read, parsed or not.
    pub lines: u64,
    /// Of these, lines that did not parse.
    pub failed: u64,
    /// At most ten of those, oldest first.
    pub samples: Vec<LineSample>,
    /// Newest event time among the requests of this batch.
    pub last_line_at: Option<Timestamp>,
    /// Bytes of the lines read.
    pub bytes: u64,
    /// Bytes that are there and were not read yet, as far as that is known.
    pub lag_bytes: Option<u64>,
    /// Lines that were dropped since the batch before, because they came faster than they may or can be read.
    pub dropped: u64,
    /// The file that reading stands in.
    pub file: Option<PathBuf>,
    /// What was lost on the way, for people: it cannot be read, and reading went on behind it.
    pub loss: Option<String>,
    /// What to do next.
    pub state: ReadState,
}

impl ReadBatch {
    /// A batch without lines, between these checkpoints.
    pub(crate) fn empty(from: Option<Checkpoint>, to: Checkpoint) -> Self {
        Self {
            requests: Vec::new(),
            from,
            to,
            lines: 0,
            failed: 0,
            samples: Vec::new(),
            last_line_at: None,
            bytes: 0,
            lag_bytes: None,
            dropped: 0,
            file: None,
            loss: None,
            state: ReadState::More,
        }
    }

    /// Counts a line and keeps its request, or a sample of what did not parse; empty lines and directives count as
    /// nothing. Returns whether it did not parse.
    pub(crate) fn take_line(
        &mut self,
        parser: &mut LineParser,
        line: &[u8],
        is_cut: bool,
        read_at: Timestamp,
    ) -> bool {
        let parsed = match line {
            _ if is_cut => Err(LineError::TooLong),
            line if is_blank(line) => return false,
            line => parser.parse(line, read_at),
        };
        match parsed {
            Ok(None) => false,
            Ok(Some(request)) => {
                self.lines += 1;
                self.last_line_at = self.last_line_at.max(Some(request.time));
                self.requests.push(request);
                false
            }
            Err(error) => {
                self.lines += 1;
                self.failed += 1;
                if self.samples.len() < MAX_SAMPLES {
                    self.samples.push(sample(line, error));
                }
                true
            }
        }
    }

    /// Whether there is something to commit: lines, or a position that moved without them (empty lines, another
    /// file). A short file that was rewritten with the same lines brings lines and ends where it began.
    pub fn has_moved(&self) -> bool {
        self.lines > 0 || self.from.as_ref() != Some(&self.to)
    }
}

/// How a look at a source ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadState {
    /// There is more: look again at once.
    More,
    /// Everything written so far was read.
    CaughtUp,
    /// Everything was read and nothing will follow.
    Ended,
    /// The file is gone or cannot be opened for now; looking again later finds it when it is back.
    Waiting {
        /// Why, for people.
        reason: String,
    },
}

/// Puts the lines of a file into a batch.
pub(crate) struct Intake<'a> {
    pub(crate) batch: &'a mut ReadBatch,
    pub(crate) read_at: Timestamp,
    pub(crate) parser: &'a mut LineParser,
    /// Lines of the file that did not parse so far.
    pub(crate) strange_lines: &'a mut usize,
}

impl Intake<'_> {
    /// Counts a line, and gives up on a file in which none was readable so far.
    ///
    /// # Errors
    /// [`SourceError::UnknownFormat`].
    pub(crate) fn take(&mut self, frame: &Frame<'_>, path: &Path) -> Result<(), SourceError> {
        self.count(frame);
        if self.parser.format().is_none() && *self.strange_lines >= MAX_SNIFFED_LINES {
            let (Frame::Line(line) | Frame::TooLong(line)) = frame;
            let first_line =
                self.batch.samples.first().map_or_else(|| escaped(line), |sample| sample.line.clone());
            return Err(SourceError::UnknownFormat {
                path: path.to_owned(),
                lines: *self.strange_lines,
                first_line,
            });
        }
        Ok(())
    }

    pub(crate) fn count(&mut self, frame: &Frame<'_>) {
        let (line, is_cut) = match frame {
            Frame::Line(line) => (line, false),
            Frame::TooLong(line) => (line, true),
        };
        if self.batch.take_line(self.parser, line, is_cut, self.read_at) {
            *self.strange_lines = self.strange_lines.saturating_add(1);
        }
    }
}
