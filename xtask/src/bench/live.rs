//! The live socket under load: latency, a crowd, memory, and coming back after a pause.

use std::collections::BTreeMap;
use std::io::{BufReader, Read as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::figure::{Figure, Target, figure};
use crate::probe::Server;
use crate::shell;

/// Sockets of the crowd; the server is told to take them.
const CROWD: u64 = 2_000;
/// Sockets over which the memory of one is averaged.
const IDLE: u64 = 1_000;
/// Descriptors that server and load each need.
const OPEN_FILES: u64 = 4_096;
/// Seconds, attacks a second, and lines a second, that the crowd watches.
const WATCHED: [u64; 3] = [20, 200, 3_000];
/// Longest line that the load prints.
const MAX_LINE: usize = 256;

/// Measures everything; the server and its load share this machine.
pub(super) fn measure(binary: &Path, folder: &Path) -> anyhow::Result<Vec<Figure>> {
    enough_files()?;
    shell::run(shell::cargo().args([
        "build",
        "--release",
        "--package",
        "bartizan-api",
        "--example",
        "live_load",
    ]))?;
    let log = folder.join("access.log");
    std::fs::write(&log, "")?;
    let more = [("BARTIZAN__WEBSOCKET__MAX_SOCKETS", (CROWD + 100).to_string())];
    let server = Server::start_with(binary, folder, &log, &more)?;
    let load = |phase: &[String]| Load::start(&server, &log, phase);
    let mut figures = Vec::new();

    println!("      ten attacks a second, one socket");
    let found = load(&words("latency", &[30]))?.finish()?;
    if get(&found, "attacks")? > get(&found, "frames")? {
        bail!("{} attacks gave {} frames", get(&found, "attacks")?, get(&found, "frames")?);
    }
    let p99 = get(&found, "p99_ms")?;
    figures.push(figure("line written to frame, p99", p99, "ms", Target::Below(500.0)).aiming_at(150.0));

    println!("      {IDLE} idle sockets");
    let before = server.memory_mb("VmRSS")?;
    let mut idle = load(&words("idle", &[IDLE]))?;
    idle.wait_for("open")?;
    // Figures go out every two seconds and five; what that takes is part of an idle socket.
    std::thread::sleep(Duration::from_secs(8));
    let each_kb = (server.memory_mb("VmRSS")? - before) * 1_024.0 / IDLE as f64;
    idle.finish()?;
    figures.push(figure("memory of an idle socket", each_kb, "KB", Target::Below(40.0)).aiming_at(15.0));

    println!(
        "      {} lines a second, {} of them attacks, without and with {CROWD} sockets",
        WATCHED[2], WATCHED[1]
    );
    let (alone, _) = watched(&server, &log, 0)?;
    let (rate, found) = watched(&server, &log, CROWD)?;
    let p99 = get(&found, "p99_ms")?;
    figures.extend([
        figure("2,000 sockets, delivery p99", p99, "ms", Target::Below(1_000.0)).aiming_at(250.0),
        figure("of them disconnected", get(&found, "disconnected")?, "", Target::Below(0.0)),
        figure("frames of threats delivered", get(&found, "frames")?, "", Target::None),
        figure("lagged notices", get(&found, "lagged")?, "", Target::None),
        figure("lines stored, without sockets", alone, "lines/s", Target::None),
        figure("lines stored, with them", rate, "lines/s", Target::Above(alone * 0.9)),
    ]);

    println!("      away for 30 s at a hundred frames a second");
    let found = load(&words("away", &[30]))?.finish()?;
    let missing = get(&found, "missing")? + get(&found, "twice")? + get(&found, "lost")?;
    figures.push(figure("frames meanwhile and around", get(&found, "frames")?, "", Target::Above(3_000.0)));
    figures.push(figure("of them lost or doubled", missing, "", Target::Below(0.0)));
    Ok(figures)
}

/// Lines a second that were stored until the last was written, and what the sockets saw.
fn watched(server: &Server, log: &Path, sockets: u64) -> anyhow::Result<(f64, BTreeMap<String, f64>)> {
    let [seconds, threats, lines] = WATCHED;
    let mut load = Load::start(server, log, &words("crowd", &[sockets, seconds, threats, lines]))?;
    load.wait_for("open")?;
    let (before, begun) = (server.lines_read()?, Instant::now());
    load.wait_for("written")?;
    let rate = (server.lines_read()? - before) as f64 / begun.elapsed().as_secs_f64();
    Ok((rate, load.finish()?))
}

fn words(phase: &str, numbers: &[u64]) -> Vec<String> {
    std::iter::once(phase.to_owned()).chain(numbers.iter().map(u64::to_string)).collect()
}

fn get(found: &BTreeMap<String, f64>, name: &str) -> anyhow::Result<f64> {
    found.get(name).copied().with_context(|| format!("the load told no {name}"))
}

fn enough_files() -> anyhow::Result<()> {
    let limits = shell::read(Path::new("/proc/self/limits"))?;
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap_or_default();
    let soft = line.split_whitespace().nth(3).and_then(|soft| soft.parse().ok()).unwrap_or(u64::MAX);
    if soft < OPEN_FILES {
        bail!(
            "{CROWD} sockets need {OPEN_FILES} open files, {soft} are allowed; run `ulimit -n {OPEN_FILES}` first"
        );
    }
    Ok(())
}

/// The program that loads the sockets.
struct Load {
    child: Child,
    out: BufReader<ChildStdout>,
    found: BTreeMap<String, f64>,
}

impl Load {
    fn start(server: &Server, log: &Path, phase: &[String]) -> anyhow::Result<Self> {
        let mut command = Command::new(shell::target().join("release/examples/live_load"));
        command.arg(server.address().to_string()).arg(log).args(phase);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child =
            command.spawn().with_context(|| format!("failed to run `{}`", shell::shown(&command)))?;
        let out = child.stdout.take().context("its output is piped")?;
        Ok(Self { child, out: BufReader::new(out), found: BTreeMap::new() })
    }

    /// Reads until that figure is told.
    fn wait_for(&mut self, name: &str) -> anyhow::Result<()> {
        while !self.found.contains_key(name) {
            if !self.read()? {
                bail!("the load ended before it told {name}");
            }
        }
        Ok(())
    }

    /// Reads to the end, and gives everything that was told.
    fn finish(mut self) -> anyhow::Result<BTreeMap<String, f64>> {
        drop(self.child.stdin.take());
        while self.read()? {}
        let status = self.child.wait()?;
        if !status.success() {
            bail!("the load failed ({status})");
        }
        Ok(std::mem::take(&mut self.found))
    }

    fn read(&mut self) -> anyhow::Result<bool> {
        let mut line = Vec::new();
        let mut byte = [0];
        while line.len() < MAX_LINE && self.out.read(&mut byte)? == 1 && byte != *b"\n" {
            line.extend(byte);
        }
        let line = String::from_utf8_lossy(&line);
        if line.is_empty() {
            return Ok(false);
        }
        println!("      {line}");
        let (name, value) = line.split_once(' ').with_context(|| format!("the load told '{line}'"))?;
        self.found.insert(name.to_owned(), value.parse().with_context(|| format!("no number: '{line}'"))?);
        Ok(true)
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        if self.child.kill().is_ok() {
            // An error would mean that it is gone already, which is what is wanted.
            let _gone = self.child.wait();
        }
    }
}
