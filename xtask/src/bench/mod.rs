//! `cargo xtask bench`: figures of the release binary, measured from outside while it runs, and of the detector in it.

mod detector;
mod figure;

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use self::figure::{Figure, Target, figure, table};
use crate::probe::Server;
use crate::shell;

/// Lines of the log that is read for the throughput.
const LINES: u64 = 200_000;

/// Time without any progress after which reading is given up.
const STALL: Duration = Duration::from_secs(30);

/// Measures everything and prints one table. Fails when a target is missed.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    println!("[1/5] build the release binary");
    shell::run(shell::cargo().args(["build", "--release", "--package", "bartizan-cli"]))?;
    let binary = shell::target().join("release/bartizan");
    let folder = Workplace::new()?;
    println!("[2/5] start on an empty log");
    let mut figures = idle(&binary, &folder.path)?;
    println!("[3/5] write a log of {LINES} lines");
    let log = folder.path.join("access.log");
    write_log(&log).with_context(|| format!("failed to write {}", log.display()))?;
    println!("[4/5] read, judge and store it");
    figures.extend(ingest(&binary, &folder.path, &log)?);
    println!("[5/5] assess requests");
    figures.extend(detector::measure()?);
    println!("\n{}", table(&figures));
    let all_met = figures.iter().all(|figure| !figure.is_missed());
    Ok(if all_met { ExitCode::SUCCESS } else { ExitCode::FAILURE })
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

/// Lines as a busy shop has them: many clients, paths with and without queries, one attack in five hundred.
fn write_log(path: &Path) -> std::io::Result<()> {
    let mut log = BufWriter::new(std::fs::File::create(path)?);
    for line in 0..LINES {
        let (second, client) = (line / 100, line * 7919 % 5000);
        let target = match line % 500 {
            13 => format!("/products?id={line}%27%20or%201=1%20--"),
            rest if rest % 5 == 0 => format!("/search?q=green+chair+{}&page={}", line % 997, line % 9),
            rest if rest % 5 == 1 => format!("/assets/app-{:x}.js", line % 61),
            rest if rest % 5 == 2 => format!("/api/v2/items/{}?fields=name,price&lang=en", line % 4001),
            rest => format!("/products/{}/chair-{rest}", line % 1009),
        };
        writeln!(
            log,
            "198.51.{}.{} - - [12/May/2025:{:02}:{:02}:{:02} +0000] \"GET {target} HTTP/1.1\" 200 {} \
             \"https://shop.example.com/\" \"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\"",
            client / 250,
            client % 250,
            second / 3600 % 24,
            second / 60 % 60,
            second % 60,
            200 + line % 9000,
        )?;
    }
    log.flush()
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
