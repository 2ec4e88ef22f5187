//! Shows how a log is read, one request per line: `cargo run -p bartizan-ingest --example show_log -- LOG [FORMAT] [ZONE]`.

use std::error::Error;
use std::sync::Arc;

use bartizan_ingest::{FileReader, LineOptions, ReadState, SourceConfig};
use bartizan_model::{SourceKind, SystemClock};

#[expect(clippy::print_stdout, reason = "the requests are what this program is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("name the log file to read")?;
    let format = arguments.next().filter(|text| !text.is_empty()).map(|text| text.parse()).transpose()?;
    let time_zone = arguments.next().map(|text| text.parse()).transpose()?.unwrap_or_default();
    let options = LineOptions { format, time_zone };
    let config = SourceConfig {
        name: "shown".to_owned(),
        path: path.into(),
        kind: SourceKind::File,
        follow: false,
        lines: options,
    };
    let mut reader = FileReader::open(&config, None, Arc::new(SystemClock))?;
    if let Some(found) = reader.detection() {
        println!("{}: {}", found.format, found.reason);
    }
    loop {
        let batch = reader.read_batch(1_000)?;
        for mut request in batch.requests {
            request.raw_line = None;
            println!("{request:?}");
        }
        for sample in batch.samples {
            println!("{}: {}", sample.problem, sample.line);
        }
        if batch.state != ReadState::More {
            return Ok(());
        }
    }
}
