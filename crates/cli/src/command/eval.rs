//! `bartizan eval`.

use anyhow::Context;
use bartizan_detect::Thresholds;

use crate::args::Eval;
use crate::output;

pub(crate) fn run(args: &Eval) -> anyhow::Result<()> {
    let detector = super::detector(args.model.as_deref())?;
    let own = &detector.manifest().thresholds;
    let block = args.threshold.unwrap_or(own.block);
    let thresholds = Thresholds { flag: own.flag.min(block), block };
    let report = bartizan_train::evaluate(&detector, &args.files, thresholds).context("evaluation failed")?;
    if args.json {
        output::line(serde_json::to_string_pretty(&report.to_json()).context("the report cannot be shown")?);
    } else {
        output::line(report.to_text().trim_end());
    }
    Ok(())
}
