//! What one assessment costs, as percentiles over varied requests:
//! `cargo run --release -p bartizan-detect --example assess_speed -- [FILE.jsonl]...`
//!
//! Each request is assessed several times and its fastest time counts: what the machine does beside it is not ours.
//! Files hold labelled requests; each gives one more line of figures. One line a kind: name, p50, p99 and mean in
//! microseconds, divided by tabs. Before them, on Linux, a line with the megabytes that loading the detector took.

use std::fs::File;
use std::io::Read as _;
use std::time::Instant;

use bartizan_detect::Detector;
use bartizan_model::HttpRequest;
use serde_json::Value;

#[path = "../benches/requests/mod.rs"]
mod requests;

/// Assessments of one request, of which the fastest counts.
const ROUNDS: usize = 7;
/// Bytes of a file that are read.
const MAX_FILE: u64 = 64 << 20;

type Failure = Box<dyn std::error::Error>;

#[expect(clippy::print_stdout, reason = "the measurement is what this program is for")]
fn main() -> Result<(), Failure> {
    let before = resident_mb();
    let detector = Detector::embedded()?;
    if let (Some(before), Some(after)) = (before, resident_mb()) {
        println!("memory of the detector\t{:.1}", after - before);
    }
    // ONLY=word measures the kinds whose name holds the word: for a profiler.
    let only = std::env::var("ONLY").unwrap_or_default();
    for (name, requests) in requests::kinds() {
        if name.contains(&only) {
            println!("{}", figures(name, &detector, &requests));
        }
    }
    for file in std::env::args().skip(1) {
        let text = read(&file)?;
        let requests = text.lines().map(recorded).collect::<Result<Vec<_>, _>>()?;
        let name = file.rsplit('/').next().unwrap_or(&file);
        println!("{}", figures(name, &detector, &requests));
    }
    Ok(())
}

/// Resident memory of this process in megabytes; `None` where there is no `/proc`. The lines of `status` come in
/// kilobytes, where `statm` counts pages of a size that only C says.
fn resident_mb() -> Option<f64> {
    let status = read("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes / 1_024.0)
}

fn read(path: &str) -> std::io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(MAX_FILE).read_to_string(&mut text)?;
    Ok(text)
}

fn figures(name: &str, detector: &Detector, requests: &[HttpRequest]) -> String {
    let mut best = vec![f64::MAX; requests.len()];
    // Round by round, so that one request's tables are not all warm from the last time it was seen.
    for _ in 0..ROUNDS {
        for (request, best) in requests.iter().zip(&mut best) {
            let start = Instant::now();
            std::hint::black_box(detector.assess(std::hint::black_box(request)));
            *best = best.min(start.elapsed().as_secs_f64() * 1e6);
        }
    }
    best.sort_by(f64::total_cmp);
    let at = |hundredth: usize| {
        best.get(best.len() * hundredth / 100).or(best.last()).copied().unwrap_or_default()
    };
    let mean = best.iter().sum::<f64>() / best.len().max(1) as f64;
    format!("{name}\t{:.1}\t{:.1}\t{mean:.1}", at(50), at(99))
}

fn recorded(line: &str) -> Result<HttpRequest, Failure> {
    let row: Value = serde_json::from_str(line)?;
    let text = |name: &str| row[name].as_str().unwrap_or_default();
    let query = text("query");
    let target = if query.is_empty() { text("path").to_owned() } else { format!("{}?{query}", text("path")) };
    let headers: Vec<(String, &str)> = row["headers"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.as_str().unwrap_or_default()))
        .collect();
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let body = Some(text("body").as_bytes().to_vec()).filter(|body| !body.is_empty());
    Ok(requests::request(text("method"), &target, &headers, body))
}
