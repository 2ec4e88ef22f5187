//! Reads one log, wherever rotation has put it.
//!
//! Positions are kept per file content, not per name (see [`crate::fingerprint`]). A renamed file is read to its end
//! through the handle that is already open; a truncated one is looked for beside its old place (`copytruncate`
//! leaves a copy) and finished there; one that was compressed meanwhile is found by how it begins when unpacked, and
//! finished there; then come the files that were rotated in between, then the new one.
//!
//! The position moves into a file only when enough of it is known to find it again: until then it stays at the end of
//! the file before.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use bartizan_model::{Checkpoint, Clock, Fingerprint, Timestamp};

use crate::batch::Intake;
use crate::fingerprint::{Identity, Likeness};
use crate::framing::LineFramer;
use crate::log_file::{LogFile, Piece};
use crate::rotation::{self, Place, Sequence};
use crate::siblings::KnownFile;
use crate::sniff::{SNIFF_BYTES, Sniffed, sniff};
use crate::{Detection, LineOptions, LineParser, LogFormat, ReadBatch, ReadState, SourceConfig, SourceError};

/// Most bytes read for one batch: keeps batches of very long lines, and of none, short.
const MAX_BATCH_BYTES: usize = 8 * 1024 * 1024;

/// About the length of a line, in bytes: shorter than most, so that a batch is rarely moved while it fills.
const USUAL_LINE_BYTES: usize = 128;

/// How long a renamed file must have been quiet before the new one is begun, in seconds: servers write to the old one
/// until all their workers have reopened their logs.
const ROTATION_GRACE_S: f64 = 2.0;

/// How long a compressed file that breaks off may stay as it is before its rest is given up, in seconds: a compressor
/// that is at work writes more often.
const UNPACKING_PATIENCE_S: f64 = 30.0;

/// Reads one log file in batches and follows it through rotation.
#[derive(Debug)]
pub struct FileReader {
    config: SourceConfig,
    options: LineOptions,
    clock: Arc<dyn Clock>,
    /// What the next batch starts from: the `to` of the last one.
    from: Option<Checkpoint>,
    /// Where reading stands.
    position: Checkpoint,
    parser: LineParser,
    /// Why the format is what it is, once it was looked for.
    reason: Option<String>,
    /// Lines that did not parse while the format was unknown.
    strange_lines: usize,
    current: Option<OpenLog>,
    /// Files to read from their start after the current one.
    pending: Sequence,
    /// The file that was read to its end last, until the next one is begun.
    finished: Option<KnownFile>,
    /// When the folder had last changed when no next file had begun.
    idle_since: Option<SystemTime>,
    /// What was lost and not told yet.
    loss: Option<String>,
}

/// The file being read.
#[derive(Debug)]
struct OpenLog {
    known: KnownFile,
    framer: LineFramer,
    place: Place,
    /// Since when it is known to be renamed and has not grown.
    quiet_since: Option<Timestamp>,
    /// Where unpacking it failed.
    broken: Option<Break>,
}

/// Where a compressed file breaks off.
#[derive(Debug)]
struct Break {
    /// Its length then: unpacking is tried again when it grew.
    raw_len: u64,
    since: Timestamp,
    problem: String,
}

impl FileReader {
    /// Opens the log at the stored checkpoint, or at its start.
    ///
    /// A checkpoint whose file is neither at its place nor beside it is given up, which the first batch tells, and the
    /// file at the place is read from its start. The clock dates JSON lines without a time, and the pause after a rotation.
    ///
    /// # Errors
    /// Any [`SourceError`]: there is no such file, it may not be read, or it is no access log. With a checkpoint and
    /// `follow`, a file that is gone or unreadable is waited for instead.
    pub fn open(
        config: &SourceConfig,
        checkpoint: Option<Checkpoint>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, SourceError> {
        let options = &config.lines;
        let nowhere = Checkpoint {
            fingerprint: Fingerprint { device: 0, inode: 0, head_len: 0, head_hash: String::new() },
            offset: 0,
            format: None,
        };
        let mut parser = LineParser::new(options);
        if let Some(name) = checkpoint.as_ref().and_then(|point| point.format.as_deref()) {
            parser.resume(name);
        }
        let mut reader = Self {
            config: config.clone(),
            options: options.clone(),
            clock,
            position: checkpoint.clone().unwrap_or(nowhere),
            from: checkpoint,
            parser,
            reason: options.format.as_ref().map(|_| "the format is given".to_owned()),
            strange_lines: 0,
            current: None,
            pending: Sequence::new(),
            finished: None,
            idle_since: None,
            loss: None,
        };
        let was_found = reader.from.is_some() && reader.resume();
        if !was_found {
            match reader.begin_anew() {
                Err(error) if error.is_passing() && config.follow && reader.from.is_some() => {}
                opened => opened?,
            }
        }
        reader.check_format()?;
        Ok(reader)
    }

    /// Whether the file of a checkpoint is at this place or beside it, so that reading goes on there.
    pub fn can_resume(path: &Path, checkpoint: &Checkpoint) -> bool {
        rotation::find(path, checkpoint).is_some()
    }

    /// The format of the file, once it is known.
    pub fn format(&self) -> Option<LogFormat> {
        self.parser.format()
    }

    /// The format of the file and why it is taken to be that, once it is known.
    pub fn detection(&self) -> Option<Detection> {
        let reason = self.reason.as_deref().unwrap_or("lines read before the last start had this format");
        self.format().map(|format| Detection { format, reason: reason.to_owned() })
    }

    /// Reads up to `max_lines` complete lines (at least one is tried) and returns at once, with what there is.
    ///
    /// # Errors
    /// [`SourceError::Io`] when the system fails to read, [`SourceError::UnknownFormat`] when a file that was empty at
    /// first fills with something else than an access log. A file that is gone is no error but
    /// [`ReadState::Waiting`].
    pub fn read_batch(&mut self, max_lines: usize) -> Result<ReadBatch, SourceError> {
        let mut batch = ReadBatch::empty(self.from.clone(), self.position.clone());
        match self.read_into(&mut batch, max_lines.max(1)) {
            Err(error) if error.is_passing() && self.config.follow => {
                batch.state = ReadState::Waiting { reason: error.to_string() };
            }
            read => read?,
        }
        self.close_batch(&mut batch);
        Ok(batch)
    }

    fn read_into(&mut self, batch: &mut ReadBatch, max_lines: usize) -> Result<(), SourceError> {
        self.ensure_readable()?;
        let is_at_end = match self.fill(batch, max_lines) {
            Err(SourceError::Unpacking { problem, .. }) => return self.wait_or_give_up(batch, problem),
            filled => filled?,
        };
        batch.state = if is_at_end { self.state_at_end(batch) } else { ReadState::More };
        Ok(())
    }

    /// A compressed file that breaks off is waited for while it grows, looked for anew, and then left.
    fn wait_or_give_up(&mut self, batch: &mut ReadBatch, problem: String) -> Result<(), SourceError> {
        let now = self.clock.now();
        let Some(open) = &mut self.current else {
            return Ok(());
        };
        let path = open.known.path.clone();
        let raw_len = open.known.file.raw().metadata().map_or(0, |metadata| metadata.len());
        let broken =
            open.broken.get_or_insert_with(|| Break { raw_len, since: now, problem: problem.clone() });
        if broken.raw_len != raw_len {
            *broken = Break { raw_len, since: now, problem: problem.clone() };
        }
        let is_waited_for = now.seconds_since(broken.since).abs() < UNPACKING_PATIENCE_S;
        if self.config.follow && is_waited_for {
            return Err(SourceError::Unpacking { path, problem });
        }
        let left = Identity::clone(&open.known.identity);
        let was_found_elsewhere = rotation::find(&self.config.path, &self.position).is_some_and(|found| {
            found.front().is_some_and(|(known, _)| !known.identity.is_at_same_place(&left))
        });
        if was_found_elsewhere && self.resume() {
            return Ok(());
        }
        let loss = format!("the rest of {} is lost: {problem}", path.display());
        tracing::error!(source.name = %self.config.name, "{loss}");
        batch.loss = Some(loss);
        self.leave(batch);
        Ok(())
    }

    /// Ends the batch where reading stands, and lets the next one begin there.
    fn close_batch(&mut self, batch: &mut ReadBatch) {
        batch.to = self.position.clone();
        batch.loss = batch.loss.take().or_else(|| self.loss.take());
        batch.lag_bytes = self.lag_bytes();
        batch.file = self.current.as_ref().map(|open| open.known.path.clone());
        self.from = Some(self.position.clone());
    }

    /// Bytes of the current file and those after it that were not read; of a compressed file that cannot be said.
    fn lag_bytes(&self) -> Option<u64> {
        let open = self.current.as_ref()?;
        let unread = |file: &LogFile, offset: u64| match file.compression() {
            None => Some(file.raw().metadata().ok()?.len().saturating_sub(offset)),
            Some(_) => None,
        };
        self.pending
            .iter()
            .try_fold(unread(&open.known.file, open.framer.line_start())?, |sum, (known, _)| {
                Some(sum.saturating_add(unread(&known.file, 0)?))
            })
    }

    fn ensure_readable(&mut self) -> Result<(), SourceError> {
        let Some(open) = &mut self.current else {
            let has_lost_its_way = self.finished.is_none() && self.pending.is_empty();
            if !has_lost_its_way {
                return self.open_next();
            }
            return if self.resume() { Ok(()) } else { self.begin_anew() };
        };
        let error = |error| SourceError::from_io(&self.config.path, "read", error);
        let is_compressed = open.known.file.compression().is_some();
        let size = open.known.file.raw().metadata().map_err(error)?.len();
        let is_still = open.known.identity.is_still(&open.known.file).map_err(error)?;
        if is_still && (is_compressed || size >= open.framer.read_offset()) {
            return Ok(());
        }
        tracing::info!(source.name = %self.config.name, "log file was truncated or replaced, looking for the rest");
        self.current = None;
        if self.resume() { Ok(()) } else { self.open_live() }
    }

    /// Goes to where the position is now; `false` when its file is not to be found.
    fn resume(&mut self) -> bool {
        let Some(mut found) = rotation::find(&self.config.path, &self.position) else {
            return false;
        };
        let Some((known, place)) = found.pop_front() else {
            return false;
        };
        self.pending = found;
        self.begin(known, place, self.position.offset);
        true
    }

    /// Opens the file where the server writes because the one that was read is not to be found, and notes what that
    /// means.
    fn begin_anew(&mut self) -> Result<(), SourceError> {
        let read_to = self.position.offset;
        self.open_next()?;
        if read_to > 0 {
            let path = self.config.path.display();
            let loss = format!(
                "the file of {path} that was read up to byte {read_to} is not there any more, neither rotated beside it nor \
                 in a folder there: lines that were written to it after that were not read. If it was moved elsewhere \
                 (olddir of logrotate), send what is missing, unpacked: tail -c +{} FILE | curl --data-binary @- \
                 http://127.0.0.1:3001/api/v1/ingest",
                read_to.saturating_add(1)
            );
            tracing::error!(source.name = %self.config.name, "{loss}");
            self.loss = Some(loss);
        }
        Ok(())
    }

    /// Opens the file that comes after the one that was finished, from its start.
    fn open_next(&mut self) -> Result<(), SourceError> {
        // A file is begun when there is something of it to know it by: what is written to one that was empty when it
        // was opened may be copied away and truncated before the next look.
        if self.pending.front().is_some_and(is_empty_live) {
            self.pending.clear();
        }
        if self.pending.is_empty()
            && let Some(finished) = &self.finished
        {
            let changed = self.idle_change();
            if changed.is_some() && changed == self.idle_since {
                return Ok(());
            }
            self.pending = rotation::after(&self.config.path, finished);
            if self.pending.front().is_some_and(is_empty_live) {
                self.idle_since = changed;
                self.pending.clear();
                return Ok(());
            }
        }
        let Some((known, place)) = self.pending.pop_front() else {
            return self.open_live();
        };
        // A log that was copied back to its place holds what was read, and may go on behind it.
        let is_restored = place == Place::Live
            && known.identity.likeness(&self.position.fingerprint) != Likeness::Other
            && known.metadata.len() >= self.position.offset;
        let offset = if is_restored { self.position.offset } else { 0 };
        self.begin(known, place, offset);
        Ok(())
    }

    /// When the folder changed last, while the file where the server writes is empty.
    fn idle_change(&self) -> Option<SystemTime> {
        let is_empty = fs::metadata(&self.config.path).is_ok_and(|metadata| metadata.len() == 0);
        let folder = self.config.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let metadata = || fs::metadata(folder.unwrap_or(Path::new("."))).ok();
        is_empty.then(metadata).flatten()?.modified().ok()
    }

    /// Opens the file where the server writes, from its start.
    fn open_live(&mut self) -> Result<(), SourceError> {
        let path = &self.config.path;
        let known = KnownFile::open(path).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidInput if path.is_dir() => SourceError::Directory { path: path.clone() },
            io::ErrorKind::InvalidInput => SourceError::NotAFile { path: path.clone() },
            _ => SourceError::from_io(path, "open", error),
        })?;
        self.begin(known, Place::Live, 0);
        Ok(())
    }

    fn begin(&mut self, known: KnownFile, place: Place, offset: u64) {
        (self.finished, self.idle_since) = (None, None);
        self.current =
            Some(OpenLog { known, framer: LineFramer::new(offset), place, quiet_since: None, broken: None });
        self.note_position();
    }

    fn note_position(&mut self) {
        if let Some(open) = &self.current {
            let was_nowhere = self.position.fingerprint.head_hash.is_empty();
            if open.framer.line_start() == 0 && !open.known.identity.is_certain() && !was_nowhere {
                return;
            }
            self.position = Checkpoint {
                fingerprint: open.known.identity.fingerprint(),
                offset: open.framer.line_start(),
                format: self.parser.checkpoint_name(),
            };
        }
    }

    /// Finds the format in the first lines, where a checkpoint does not name it, and sees whether they have a given one.
    fn check_format(&mut self) -> Result<(), SourceError> {
        let Some(open) = &self.current else {
            return Ok(());
        };
        let is_given = self.options.format.is_some();
        let is_from_start = self.position.offset == 0;
        let needs_look = if is_given { is_from_start } else { self.format().is_none() };
        let needs_columns = self.parser.lacks_columns() && !is_from_start;
        if !needs_look && !needs_columns {
            return Ok(());
        }
        let path = self.config.path.clone();
        let beginning = open
            .known
            .file
            .beginning(SNIFF_BYTES)
            .map_err(|error| SourceError::from_io(&path, "read", error))?;
        if needs_columns {
            let read = usize::try_from(self.position.offset).unwrap_or(usize::MAX).min(beginning.len());
            self.parser.take_directives(beginning.get(..read).unwrap_or_default());
        }
        if !needs_look {
            return Ok(());
        }
        match sniff(&beginning, !self.config.follow, &LineParser::new(&self.options)) {
            Sniffed::Known(found) if is_given => self.reason = Some(format!("given; {}", found.reason)),
            Sniffed::Known(found) => {
                tracing::info!(source.name = %self.config.name, log.format = %found.format, "log format: {}", found.reason);
                self.parser.expect(found.format);
                self.reason = Some(found.reason);
            }
            Sniffed::TooEarly => {}
            Sniffed::Unknown { lines, first_line, problem } if is_given => {
                let format = self.options.format.as_ref().map(ToString::to_string).unwrap_or_default();
                return Err(SourceError::WrongFormat { path, format, lines, problem, first_line });
            }
            Sniffed::Unknown { lines, first_line, .. } => {
                return Err(SourceError::UnknownFormat { path, lines, first_line });
            }
            Sniffed::Compressed(algorithm, tool) => {
                return Err(SourceError::Compressed { path, algorithm, tool });
            }
            Sniffed::Binary => return Err(SourceError::Binary { path }),
        }
        Ok(())
    }

    /// Reads lines into the batch; `true` when the end of the file was reached.
    fn fill(&mut self, batch: &mut ReadBatch, max_lines: usize) -> Result<bool, SourceError> {
        let read_at = self.clock.now();
        let Some(open) = &mut self.current else {
            return Ok(true);
        };
        let mut intake =
            Intake { batch, read_at, parser: &mut self.parser, strange_lines: &mut self.strange_lines };
        let mut bytes = 0;
        let mut frames = 0;
        let is_at_end = loop {
            while frames < max_lines
                && let Some(frame) = open.framer.next_frame(false)
            {
                frames += 1;
                intake.take(&frame, &self.config.path)?;
            }
            if frames >= max_lines || bytes >= MAX_BATCH_BYTES {
                break false;
            }
            let offset = open.framer.read_offset();
            let known = &mut open.known;
            let is_compressed = known.file.compression().is_some();
            let raw_len = || known.file.raw().metadata().map_or(0, |metadata| metadata.len());
            if let Some(broken) = open.broken.as_ref().filter(|broken| broken.raw_len == raw_len()) {
                let problem = broken.problem.clone();
                return Err(SourceError::Unpacking { path: known.path.clone(), problem });
            }
            let space = open.framer.space();
            match known.file.read_at(space, offset) {
                Ok(Piece::End) => break true,
                // What is read of a file that was truncated and filled again is not what stood there.
                Ok(Piece::Bytes(_)) if !known.identity.is_still(&known.file).unwrap_or(false) => break false,
                Ok(Piece::Bytes(count)) => {
                    known.identity.extend(offset, space.get(..count).unwrap_or_default());
                    open.framer.filled(count);
                    if intake.batch.requests.capacity() == 0 {
                        intake.batch.requests.reserve(max_lines.min(count / USUAL_LINE_BYTES + 1));
                    }
                    (open.quiet_since, open.broken) = (None, None);
                    bytes += count;
                    intake.batch.bytes += u64::try_from(count).unwrap_or_default();
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if frames == 0 && is_compressed => {
                    let (path, problem) = (known.path.clone(), error.to_string());
                    return Err(SourceError::Unpacking { path, problem });
                }
                Err(error) if frames == 0 => {
                    return Err(SourceError::from_io(&self.config.path, "read", error));
                }
                // What was read already must not be lost: the next call meets the error again.
                Err(_) | Ok(Piece::Later) => break false,
            }
        };
        self.note_position();
        Ok(is_at_end)
    }

    /// What the end of the file means: the end of all, a pause, or that another file is next.
    fn state_at_end(&mut self, batch: &mut ReadBatch) -> ReadState {
        let Some(open) = &mut self.current else {
            return ReadState::CaughtUp;
        };
        let is_last = open.place == Place::Live && self.pending.is_empty();
        if !self.config.follow && is_last {
            self.take_rest(batch);
            return ReadState::CaughtUp;
        }
        let is_followed_by_rotated = self.pending.front().is_some_and(|(_, place)| *place != Place::Live);
        if is_followed_by_rotated || open.place == Place::Copied || !self.config.follow {
            self.leave(batch);
            return ReadState::More;
        }
        let at_path = match fs::metadata(&self.config.path) {
            Ok(metadata) => metadata,
            Err(error) => {
                let path = self.config.path.display();
                return ReadState::Waiting {
                    reason: format!(
                        "log file {path} is gone ({error}); waiting for the server to create it again"
                    ),
                };
            }
        };
        if !at_path.is_file() {
            let path = self.config.path.display();
            return ReadState::Waiting {
                reason: format!("{path} is no file any more; waiting for the server to create it again"),
            };
        }
        if open.known.identity.is_at(&at_path) {
            open.quiet_since = None;
            return ReadState::CaughtUp;
        }
        let now = self.clock.now();
        let quiet_since = *open.quiet_since.get_or_insert(now);
        if at_path.len() > 0 && now.seconds_since(quiet_since).abs() >= ROTATION_GRACE_S {
            self.leave(batch);
            return ReadState::More;
        }
        ReadState::CaughtUp
    }

    /// Ends with the current file, so that the next batch begins the one after it.
    fn leave(&mut self, batch: &mut ReadBatch) {
        self.take_rest(batch);
        self.finished = self.current.take().map(|open| open.known);
    }

    /// Takes a last line that will never get its line end.
    fn take_rest(&mut self, batch: &mut ReadBatch) {
        let read_at = self.clock.now();
        let Some(open) = &mut self.current else {
            return;
        };
        if let Some(frame) = open.framer.next_frame(true) {
            let mut intake =
                Intake { batch, read_at, parser: &mut self.parser, strange_lines: &mut self.strange_lines };
            intake.count(&frame);
        }
        self.note_position();
    }
}

fn is_empty_live((known, place): &(KnownFile, Place)) -> bool {
    *place == Place::Live && !known.identity.has_begun()
}
