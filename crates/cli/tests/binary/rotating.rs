//! A log that is written, rotated, truncated and compressed all the time, by a writer that never waits for the reader.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::access_log::{append, lines};
use crate::random::SplitMix;

/// Rotated files that may be there at the end; well below what is looked at.
const MAX_ROTATIONS: u64 = 45;

/// The writer, and how often it did what.
#[derive(Debug, Default)]
pub(crate) struct RotatingLog {
    log: PathBuf,
    pub(crate) renamed: u64,
    pub(crate) truncated: u64,
    pub(crate) compressed: u64,
}

impl RotatingLog {
    pub(crate) fn new(log: &Path) -> Self {
        Self { log: log.to_owned(), ..Self::default() }
    }

    /// Writes lines `from..to` in pieces, with pauses of up to `max_pause`, and rotates in between.
    pub(crate) fn write(&mut self, from: u64, to: u64, max_pause: Duration, random: &mut SplitMix) {
        let mut next = from;
        while next < to {
            let end = (next + 1 + random.below(150)).min(to);
            let text = lines(next..end);
            // Now and then a line is written in two pieces, and the file grows under the reader in between.
            let (first, second) = text.split_at(if random.below(4) == 0 { text.len() / 2 } else { 0 });
            append(&self.log, first);
            if !first.is_empty() {
                std::thread::sleep(Duration::from_millis(random.below(5)));
            }
            append(&self.log, second);
            next = end;
            let pause = u64::try_from(max_pause.as_micros()).expect("short");
            std::thread::sleep(Duration::from_micros(random.below(pause)));
            if random.below(8) == 0 && self.renamed + self.truncated < MAX_ROTATIONS {
                self.rotate(random);
            }
        }
    }

    /// What logrotate does: the rotated files move on by one, the log becomes `.1` by one way or the other, and is
    /// compressed, at once or a rotation later.
    fn rotate(&mut self, random: &mut SplitMix) {
        for generation in (1..=MAX_ROTATIONS + 1).rev() {
            for ending in ["", ".gz", ".zst"] {
                let from = self.rotated(generation, ending);
                if from.exists() {
                    std::fs::rename(&from, self.rotated(generation + 1, ending)).expect("our own file");
                }
            }
        }
        let newest = self.rotated(1, "");
        if random.below(2) == 0 {
            std::fs::rename(&self.log, &newest).expect("our own file");
            append(&self.log, "");
            self.renamed += 1;
        } else {
            std::fs::copy(&self.log, &newest).expect("our own file");
            std::fs::File::options()
                .write(true)
                .open(&self.log)
                .and_then(|log| log.set_len(0))
                .expect("truncated");
            self.truncated += 1;
        }
        if random.below(2) == 0 {
            self.compress(&newest, random);
        }
        let before = self.rotated(2, "");
        if before.exists() {
            self.compress(&before, random);
        }
    }

    fn compress(&mut self, file: &Path, random: &mut SplitMix) {
        let mut zstd = Command::new("zstd");
        zstd.args(["-q", "--rm"]);
        let mut gzip = Command::new("gzip");
        // Where zstd is not installed, gzip does it.
        let done = random.below(2) == 0 && zstd.arg(file).status().is_ok_and(|status| status.success());
        if !done {
            let status = gzip.arg(file).status().expect("gzip is there");
            assert!(status.success(), "gzip failed");
        }
        self.compressed += 1;
    }

    fn rotated(&self, generation: u64, ending: &str) -> PathBuf {
        PathBuf::from(format!("{}.{generation}{ending}", self.log.display()))
    }
}
