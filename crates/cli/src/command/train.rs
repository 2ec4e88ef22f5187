//! `bartizan train`.

use anyhow::Context;
use bartizan_train::TrainOptions;

use crate::args::Train;
use crate::output;

pub(crate) fn run(args: Train) -> anyhow::Result<()> {
    let out = args.out.clone();
    let options = TrainOptions { data: args.data, out: args.out, seed: args.seed };
    let report = bartizan_train::train(&options, &|step, done, total| {
        output::progress(format_args!("[{done}/{total}] {step}"));
    })
    .context("training failed")?;
    output::line(format_args!(
        "model {} from {} examples, {} bytes of weights, written to {}",
        report.manifest.version,
        report.examples,
        report.weights_bytes,
        out.display()
    ));
    Ok(())
}
