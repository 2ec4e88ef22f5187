//! What sent lines brought.

use serde::Serialize;
use utoipa::ToSchema;

use super::system::LineSample;

/// What a batch of lines brought; for a batch that was sent again, all of it together.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ingested {
    /// Lines in the batch, without empty ones.
    lines: u64,
    parsed: u64,
    /// Lines that did not parse.
    failed: u64,
    /// At most ten lines that did not parse, newest first.
    samples: Vec<LineSample>,
    /// Whether the batch had been taken in before.
    duplicate: bool,
}

impl From<bartizan_engine::Ingested> for Ingested {
    fn from(ingested: bartizan_engine::Ingested) -> Self {
        Self {
            lines: ingested.lines,
            parsed: ingested.parsed,
            failed: ingested.failed,
            samples: ingested.samples.into_iter().map(LineSample::from).collect(),
            duplicate: ingested.is_duplicate,
        }
    }
}
