//! `cargo xtask bench`: figures of the release binary, measured from outside while it runs, and of the detector in it.

mod detector;
mod figure;
mod large;
mod live;
mod log;
mod rows;
mod scan;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use self::figure::{Figure, Target, figure, table};
use crate::probe::Server;
use crate::shell;

/// Lines of the log that is read into the database.
const LINES: u64 = 200_000;

/// Lines of the log that is only read or scanned.
const MANY_LINES: u64 = 1_000_000;

/// Time without any progress after which reading is given up.
const STALL: Duration = Duration::from_secs(30);

/// Measures everything and prints one table. Fails when a target is missed.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    println!("[1/7] build the release binary");
    let binary = release_binary()?;
    let folder = Workplace::new()?;
    println!("[2/7] start on an empty log");
    let mut figures = idle(&binary, &folder.path)?;
    println!("[3/7] read, judge and store a log of {LINES} lines");
    let log = written_log(&folder.path, LINES)?;
    figures.extend(ingest(&binary, &folder.path, &log)?);
    println!("[4/7] read a log of {MANY_LINES} lines");
    let log = written_log(&folder.path, MANY_LINES)?;
    figures.push(scan::parsing(&log)?);
    println!("[5/7] scan it");
    figures.push(scan::judging(&binary, &log, MANY_LINES)?);
    println!("[6/7] scan it against GoAccess, where that is installed");
    figures.extend(scan::against_goaccess(&binary, &folder.path, &log)?);
    println!("[7/7] assess requests");
    figures.extend(detector::measure()?);
    Ok(shown(&figures))
}

/// Measures the memory that a log of 10 GB takes, which needs as much room on the disk and some minutes.
pub(crate) fn run_large() -> anyhow::Result<ExitCode> {
    println!("[1/5] build the release binary");
    let binary = release_binary()?;
    let folder = Workplace::new()?;
    println!("[2/5] write a log of 10 GB");
    let part = written_log(&folder.path, LINES)?;
    let large = large::Log::write(&part, LINES, &folder.path)?;
    println!("[3/5] only read it");
    let mut figures = vec![large.reading()?];
    println!("[4/5] scan it");
    figures.extend(large.scanning(&binary)?);
    println!("[5/5] serve it for {:?}", large::SERVED_FOR);
    figures.extend(large.serving(&binary, &subfolder(&folder.path, "serve")?)?);
    Ok(shown(&figures))
}

/// Measures the API over ten million stored requests; filling them takes a quarter of an hour and three gigabytes.
pub(crate) fn run_rows() -> anyhow::Result<ExitCode> {
    println!("[1/2] build the release binary");
    let binary = release_binary()?;
    let folder = Workplace::new()?;
    println!("[2/2] fill a database and ask");
    Ok(shown(&rows::measure(&binary, &folder.path)?))
}

/// Measures the live socket; takes some minutes.
pub(crate) fn run_live() -> anyhow::Result<ExitCode> {
    println!("[1/2] build the release binary");
    let binary = release_binary()?;
    let folder = Workplace::new()?;
    println!("[2/2] load its live socket");
    Ok(shown(&live::measure(&binary, &folder.path)?))
}

fn shown(figures: &[Figure]) -> ExitCode {
    println!("\n{}", table(figures));
    let all_met = figures.iter().all(|figure| !figure.is_missed());
    if all_met { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn release_binary() -> anyhow::Result<PathBuf> {
    shell::run(shell::cargo().args(["build", "--release", "--package", "bartizan-cli"]))?;
    Ok(shell::target().join("release/bartizan"))
}

fn written_log(folder: &Path, lines: u64) -> anyhow::Result<PathBuf> {
    let path = folder.join("access.log");
    log::write(&path, lines).with_context(|| format!("failed to write {}", path.display()))?;
    Ok(path)
}

/// Targets: at most one second to start and 100 MB when idle, as the README promises.
fn idle(binary: &Path, folder: &Path) -> anyhow::Result<Vec<Figure>> {
    let place = subfolder(folder, "idle")?;
    let log = place.join("empty.log");
    std::fs::write(&log, "").with_context(|| format!("failed to write {}", log.display()))?;
    let first = Server::start(binary, &place, &log)?;
    let fresh = first.startup;
    std::thread::sleep(Duration::from_secs(2));
    let memory = first.memory_mb("VmRSS")?;
    drop(first);
    let again = Server::start(binary, &place, &log)?.startup;
    Ok(vec![
        figure("start, new database", fresh.as_secs_f64(), "s", Target::Below(1.0)),
        figure("start, existing database", again.as_secs_f64(), "s", Target::Below(1.0)),
        figure("memory, idle", memory, "MB", Target::Below(100.0)),
    ])
}

/// Targets: 20,000 lines per second and core from the log into SQLite, and at most 150 MB.
fn ingest(binary: &Path, folder: &Path, log: &Path) -> anyhow::Result<Vec<Figure>> {
    let place = subfolder(folder, "ingest")?;
    let started = Instant::now();
    let server = Server::start(binary, &place, log)?;
    let (mut read, mut last_progress) = (0, Instant::now());
    while read < LINES {
        std::thread::sleep(Duration::from_millis(50));
        let now_read = server.lines_read()?;
        if now_read > read {
            (read, last_progress) = (now_read, Instant::now());
        } else if last_progress.elapsed() > STALL {
            bail!("no line was read for {STALL:?} after {read} of {LINES}");
        }
    }
    let wall = started.elapsed().as_secs_f64();
    let cpu = server.cpu_seconds()?;
    let lines = LINES as f64;
    Ok(vec![
        figure("log to SQLite, by the clock", lines / wall, "lines/s", Target::None),
        figure("log to SQLite, per CPU second", lines / cpu, "lines/s", Target::Above(20_000.0)),
        figure("memory, peak while reading", server.memory_mb("VmHWM")?, "MB", Target::Below(150.0)),
    ])
}

fn subfolder(folder: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let path = folder.join(name);
    std::fs::create_dir_all(&path).with_context(|| format!("failed to make {}", path.display()))?;
    Ok(path)
}

/// A folder inside the target folder, removed afterwards.
struct Workplace {
    path: PathBuf,
}

impl Workplace {
    fn new() -> anyhow::Result<Self> {
        let path = subfolder(&shell::target(), &format!("xtask/bench-{}", std::process::id()))?;
        Ok(Self { path })
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.path) {
            println!("could not remove {}: {error}", self.path.display());
        }
    }
}
