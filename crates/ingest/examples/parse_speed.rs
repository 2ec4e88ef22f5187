//! Measures how fast a log is read: `cargo run --release -p bartizan-ingest --example parse_speed -- access.log`.

use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

use bartizan_ingest::{FileReader, ReadState, SourceConfig};
use bartizan_model::{SourceKind, SystemClock};

#[expect(clippy::print_stdout, reason = "the measurement is what this program is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("name the log file to read")?;
    let config =
        SourceConfig { name: "speed".to_owned(), path: path.into(), kind: SourceKind::File, follow: false };
    let mut reader = FileReader::open(&config, None, Arc::new(SystemClock))?;
    let started = Instant::now();
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
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{lines} lines, {failed} failed, {seconds:.3} s, {:.0} lines/s",
        f64::from(u32::try_from(lines)?) / seconds
    );
    Ok(())
}
