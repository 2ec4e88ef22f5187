//! Figures of reading and scanning, beside those of GoAccess.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use super::figure::{Figure, Target, figure};
use crate::probe::{Finished, finish};
use crate::shell;

/// Runs of which the quickest counts: others have to do with other work of the machine.
const RUNS: usize = 3;

/// Targets: 500,000 lines per second of processor time, 1,500,000 aimed at.
pub(super) fn parsing(log: &Path) -> anyhow::Result<Figure> {
    let reader = parse_speed()?;
    let mut quickest = 0.0_f64;
    for _ in 0..RUNS {
        quickest = quickest.max(read_speed(&mut only_reading(&reader, log))?);
    }
    Ok(figure("parse only, per CPU second", quickest, "lines/s", Target::Above(500_000.0))
        .aiming_at(1_500_000.0))
}

/// Builds the example of `bartizan-ingest` that reads a log.
pub(super) fn parse_speed() -> anyhow::Result<PathBuf> {
    let example = ["--package", "bartizan-ingest", "--example", "parse_speed"];
    shell::run(shell::cargo().args(["build", "--release"]).args(example))?;
    Ok(shell::target().join("release/examples/parse_speed"))
}

/// Through the reader that `serve` has, kept nowhere.
pub(super) fn only_reading(parse_speed: &Path, log: &Path) -> Command {
    let mut example = shell::command(parse_speed);
    example.arg(log).env("ONLY", "read").env_remove("SHOW");
    example
}

/// Lines per second of processor time through a `FileReader`.
fn read_speed(example: &mut Command) -> anyhow::Result<f64> {
    let mut speed = None;
    let is_done = shell::watch(example, |line| speed = speed.or_else(|| speed_in(line)))?;
    if !is_done {
        bail!("`{}` failed", shell::shown(example));
    }
    speed.context("parse_speed printed no line 'read: ... lines/CPU s'")
}

fn speed_in(line: &str) -> Option<f64> {
    let (_, last) = line.strip_prefix("read: ")?.strip_suffix(" lines/CPU s")?.rsplit_once(' ')?;
    last.parse().ok()
}

/// Targets: 40,000 lines per second of processor time, 100,000 aimed at; reading, judging and counting on one thread.
pub(super) fn judging(binary: &Path, log: &Path, lines: u64) -> anyhow::Result<Figure> {
    let one_thread = || scan(binary, log, &["--threads", "1"]);
    let cpu_s = quickest(one_thread, |run| run.cpu_s)?;
    Ok(figure("parse and detect, per CPU second", lines as f64 / cpu_s, "lines/s", Target::Above(40_000.0))
        .aiming_at(100_000.0))
}

/// Target: not slower than GoAccess by the clock, four times as fast aimed at. Both as they are when nothing is set:
/// ours with detection, on all cores.
pub(super) fn against_goaccess(binary: &Path, folder: &Path, log: &Path) -> anyhow::Result<Vec<Figure>> {
    let ours = quickest(|| scan(binary, log, &[]), |run| run.wall_s)?;
    let mut figures = vec![figure("scan of a million lines", ours, "s", Target::None)];
    if shell::find("goaccess").is_none() {
        println!("      goaccess is not installed: no comparison");
        return Ok(figures);
    }
    let theirs = quickest(|| goaccess(folder, log), |run| run.wall_s)?;
    figures.push(figure("the same with GoAccess", theirs, "s", Target::None));
    figures.push(
        figure("scan, times as fast as GoAccess", theirs / ours, "times", Target::Above(1.0)).aiming_at(4.0),
    );
    Ok(figures)
}

/// Scans into a report of JSON that nobody reads.
pub(super) fn scan(binary: &Path, log: &Path, flags: &[&str]) -> Command {
    let mut scan = shell::command(binary);
    scan.args(["scan", "--quiet", "--format", "json"]).args(flags).arg(log);
    scan
}

fn goaccess(folder: &Path, log: &Path) -> Command {
    let mut goaccess = shell::command("goaccess");
    goaccess.arg(log).args(["--log-format=COMBINED", "--no-global-config", "--no-progress", "--output"]);
    goaccess.arg(folder.join("goaccess.json"));
    goaccess
}

fn quickest(command: impl Fn() -> Command, figure: impl Fn(&Finished) -> f64) -> anyhow::Result<f64> {
    let mut quickest = f64::INFINITY;
    for _ in 0..RUNS {
        quickest = quickest.min(figure(&finish(&mut command())?));
    }
    Ok(quickest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_speed_of_reading_is_found_and_nothing_else() {
        let line = "read: 1000 lines, 0 failed, 0.300 s, 0.250 CPU s, 4000 lines/CPU s";
        assert_eq!(speed_in(line), Some(4000.0));
        assert_eq!(speed_in(&line.replace("read", "parse")), None);
        assert_eq!(speed_in("read: nothing"), None);
    }
}
