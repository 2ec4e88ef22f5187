//! Scans the logs that are named and prints lines per second: `cargo run --release -p bartizan-scan --example scan_speed
//! THREADS FILE…`. The text report follows.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool for people")]

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Instant;

use bartizan_detect::{BehaviourConfig, Detector, Policy};
use bartizan_model::{Clock, Mode, SystemClock};
use bartizan_scan::{Progress, ScanOptions, scan};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let threads: NonZeroUsize = arguments.next().ok_or("name the number of threads")?.parse()?;
    let files: Vec<PathBuf> = arguments.map(PathBuf::from).collect();
    let detector = Detector::embedded()?;
    let options = ScanOptions {
        lines: bartizan_ingest::LineOptions::default(),
        policy: Policy { thresholds: detector.manifest().thresholds, mode: Mode::Monitor },
        behaviour: BehaviourConfig::default(),
        model: detector.manifest().version.clone(),
        threads,
        top: 10,
        now: SystemClock.now(),
    };
    let begun = Instant::now();
    let progress = Progress::default();
    let report = scan(&files, &detector, &options, &progress);
    let seconds = begun.elapsed().as_secs_f64();
    eprintln!(
        "{} lines in {seconds:.2} s, {:.0} lines/s",
        progress.lines(),
        progress.lines() as f64 / seconds
    );
    println!("{}", report.to_text());
    Ok(())
}
