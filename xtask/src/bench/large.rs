//! Memory while a log of 10 GB is read.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;

use super::figure::{Figure, Target, figure};
use super::{log, scan};
use crate::probe::{Server, finish};

/// Size of the log.
const BYTES: u64 = 10_000_000_000;

/// How long the log is served: into a database it would take the better part of an hour.
pub(super) const SERVED_FOR: Duration = Duration::from_mins(2);

/// The log, repeated from a shorter one: its clients and paths come again, its bytes and times are read anew.
pub(super) struct Log {
    path: PathBuf,
    lines: u64,
}

impl Log {
    pub(super) fn write(part: &Path, lines: u64, folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join("large.log");
        let times = log::repeat(part, BYTES, &path)
            .with_context(|| format!("failed to write 10 GB to {}", path.display()))?;
        Ok(Self { path, lines: lines * times })
    }

    /// Through the reader that `serve` has, kept nowhere.
    pub(super) fn reading(&self) -> anyhow::Result<Figure> {
        let run = finish(&mut scan::only_reading(&scan::parse_speed()?, &self.path))?;
        Ok(peak("memory, peak, 10 GB only read", run.peak_mb))
    }

    /// To the end, with all threads.
    pub(super) fn scanning(&self, binary: &Path) -> anyhow::Result<Vec<Figure>> {
        let run = finish(&mut scan::scan(binary, &self.path, &[]))?;
        let speed = self.lines as f64 / run.wall_s;
        Ok(vec![
            peak("memory, peak, scan of 10 GB", run.peak_mb),
            figure("scan of 10 GB, by the clock", speed, "lines/s", Target::None),
        ])
    }

    /// The first part only, into the database.
    pub(super) fn serving(&self, binary: &Path, folder: &Path) -> anyhow::Result<Vec<Figure>> {
        let server = Server::start(binary, folder, &self.path)?;
        let started = Instant::now();
        while started.elapsed() < SERVED_FOR && server.lines_read()? < self.lines {
            std::thread::sleep(Duration::from_secs(1));
        }
        let millions = server.lines_read()? as f64 / 1e6;
        Ok(vec![
            peak("memory, peak, 10 GB being served", server.memory_mb("VmHWM")?),
            figure("lines of it that were stored", millions, "million", Target::None),
        ])
    }
}

/// Targets: at most 150 MB, 80 MB aimed at.
fn peak(name: &'static str, megabytes: f64) -> Figure {
    figure(name, megabytes, "MB", Target::Below(150.0)).aiming_at(80.0)
}
