//! Measures how fast a log is read: `cargo run --release -p bartizan-ingest --example parse_speed -- access.log [FORMAT]`.
//!
//! Twice, in lines per second of processor time: through a [`FileReader`], which keeps whole batches, and line by line
//! through a [`LineParser`] alone, from memory, each request dropped at once. `ONLY=read` measures the first alone.

use std::error::Error;
use std::fs::File;
use std::io::Read;
use std::sync::Arc;
use std::time::Instant;

use bartizan_ingest::{FileReader, LineOptions, LineParser, ReadState, SourceConfig};
use bartizan_model::{SourceKind, SystemClock, Timestamp};

/// Most of a log that is held in memory for the second measurement, in bytes.
const MAX_HELD_BYTES: u64 = 256 * 1024 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("name the log file to read")?;
    let format = arguments.next().map(|text| text.parse()).transpose()?;
    let options = LineOptions { format, ..LineOptions::default() };
    read(&path, &options)?;
    if std::env::var_os("ONLY").is_some_and(|only| only == "read") {
        return Ok(());
    }
    parse(&path, &options)
}

#[expect(clippy::print_stdout, reason = "the samples are asked for")]
fn read(path: &str, options: &LineOptions) -> Result<(), Box<dyn Error>> {
    let config = SourceConfig {
        name: "speed".to_owned(),
        path: path.into(),
        kind: SourceKind::File,
        follow: false,
        lines: options.clone(),
    };
    let mut reader = FileReader::open(&config, None, Arc::new(SystemClock))?;
    let started = Stopwatch::start();
    let (mut lines, mut failed) = (0, 0);
    loop {
        let batch = reader.read_batch(1_000)?;
        lines += batch.lines;
        failed += batch.failed;
        for sample in batch.samples.iter().filter(|_| std::env::var_os("SHOW").is_some()) {
            println!("{}: {}", sample.problem, sample.line);
        }
        if batch.state != ReadState::More {
            break;
        }
    }
    started.report("read", lines, failed)
}

fn parse(path: &str, options: &LineOptions) -> Result<(), Box<dyn Error>> {
    let mut held = Vec::new();
    File::open(path)?.take(MAX_HELD_BYTES).read_to_end(&mut held)?;
    let cut: Vec<&[u8]> = held.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    let mut parser = LineParser::new(options);
    let started = Stopwatch::start();
    let (mut lines, mut failed) = (0, 0);
    for line in cut {
        lines += 1;
        failed += u64::from(parser.parse(line, Timestamp::default()).is_err());
    }
    started.report("parse", lines, failed)
}

/// What went by since the start, on the wall and on the processor.
struct Stopwatch {
    wall: Instant,
    cpu_ns: Option<u64>,
}

impl Stopwatch {
    fn start() -> Self {
        Self { wall: Instant::now(), cpu_ns: cpu_ns() }
    }

    #[expect(clippy::print_stdout, reason = "the measurement is what this program is for")]
    fn report(&self, what: &str, lines: u64, failed: u64) -> Result<(), Box<dyn Error>> {
        let wall_s = self.wall.elapsed().as_secs_f64();
        let on_cpu = self.cpu_ns.zip(cpu_ns()).map(|(from, to)| (to - from) as f64 / 1e9);
        let cpu_s = on_cpu.unwrap_or(wall_s);
        let per_second = f64::from(u32::try_from(lines)?) / cpu_s;
        println!(
            "{what}: {lines} lines, {failed} failed, {wall_s:.3} s, {cpu_s:.3} CPU s, {per_second:.0} lines/CPU s"
        );
        Ok(())
    }
}

/// Time that this thread spent on a processor, where Linux tells it (proc_pid_schedstat).
fn cpu_ns() -> Option<u64> {
    let mut text = String::new();
    File::open("/proc/thread-self/schedstat").ok()?.take(256).read_to_string(&mut text).ok()?;
    text.split_ascii_whitespace().next()?.parse().ok()
}
