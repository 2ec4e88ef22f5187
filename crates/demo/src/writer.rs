//! Writing demo traffic into a log file, as a server would.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bartizan_model::{Clock, Timestamp};

use crate::DemoTraffic;

/// How much past a new file is given, in microseconds.
const PAST_MICROS: i64 = 6 * 3_600 * Timestamp::SECOND_MICROS;

/// From this size on the file is renamed and a new one begun, in bytes.
const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// Pause between looks at what has happened.
const PAUSE: Duration = Duration::from_millis(100);

/// What was missed for longer, because the machine slept, is not made up for, in microseconds.
const MAX_GAP_MICROS: i64 = 60 * Timestamp::SECOND_MICROS;

/// Appends demo traffic to the file until `stop` is set; returns within a fraction of a second then.
///
/// A new or empty file is first given the last six hours, at a thin pace. A file of more than 64 MiB is renamed to
/// `<name>.1`, and a new one is begun.
///
/// # Errors
/// What the operating system refuses while the file is opened or written.
pub fn run(path: &Path, clock: &dyn Clock, stop: &AtomicBool) -> io::Result<()> {
    let mut log = LogWriter::open(path)?;
    let start = clock.now();
    let first = if log.is_empty()? { start.plus_micros(-PAST_MICROS) } else { start };
    // Another run shall not repeat this one; the same clock does.
    let seed = start.micros().unsigned_abs();
    let mut traffic = DemoTraffic::with_quiet_past(seed, first, start);
    log.write(&mut traffic, first, start)?;
    let mut written_until = start;
    while !stop.load(Ordering::Relaxed) {
        std::thread::sleep(PAUSE);
        let now = clock.now();
        let from = written_until.max(now.plus_micros(-MAX_GAP_MICROS));
        log.write(&mut traffic, from, now)?;
        written_until = written_until.max(now);
    }
    Ok(())
}

/// The file under its name.
struct LogWriter {
    path: PathBuf,
    file: BufWriter<File>,
}

impl LogWriter {
    fn open(path: &Path) -> io::Result<Self> {
        let mut file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
        let is_cut = match file.seek(SeekFrom::End(-1)) {
            Ok(_) => {
                let mut last = [0];
                file.read_exact(&mut last)?;
                last != *b"\n"
            }
            // Nothing is in it.
            Err(_) => false,
        };
        if is_cut {
            file.write_all(b"\n")?;
        }
        Ok(Self { path: path.to_owned(), file: BufWriter::new(file) })
    }

    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.file.get_ref().metadata()?.len() == 0)
    }

    /// Writes what happened up to `now`, without what happened before `from`.
    fn write(&mut self, traffic: &mut DemoTraffic, from: Timestamp, now: Timestamp) -> io::Result<()> {
        let lines = traffic.lines_until(now);
        let mut new = lines.iter().filter(|line| line.time >= from).peekable();
        if new.peek().is_none() {
            return Ok(());
        }
        self.keep_file()?;
        for line in new {
            writeln!(self.file, "{}", line.text)?;
        }
        self.file.flush()
    }

    /// Begins a new file when this one is large, or was removed by somebody.
    fn keep_file(&mut self) -> io::Result<()> {
        if self.file.get_ref().metadata()?.len() > MAX_FILE_BYTES {
            let mut rotated = self.path.clone().into_os_string();
            rotated.push(".1");
            std::fs::rename(&self.path, rotated)?;
        } else if self.path.try_exists()? {
            return Ok(());
        }
        *self = Self::open(&self.path)?;
        Ok(())
    }
}
