//! `bartizan openapi`.

use anyhow::Context;

use crate::output;

pub(crate) fn run() -> anyhow::Result<()> {
    output::line(bartizan_api::openapi().to_pretty_json().context("the document cannot be shown")?);
    Ok(())
}
