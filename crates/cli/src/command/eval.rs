//! `bartizan eval`.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, bail};
use bartizan_detect::{ModelManifest, Thresholds};
use bartizan_model::{Clock as _, SystemClock};
use bartizan_train::{Bound, EvalOptions, EvalReport, evaluate_with, violations};
use serde_json::json;

use crate::args::Eval;
use crate::output;

/// Mistakes in the JSON unless a number is given.
const JSON_ERRORS: usize = 20;

pub(crate) fn run(args: &Eval) -> anyhow::Result<()> {
    let detector = super::detector(args.model.as_deref())?;
    let own = &detector.manifest().thresholds;
    let block = args.threshold.unwrap_or(own.block);
    let options = EvalOptions {
        thresholds: Thresholds::new(own.flag.min(block), block),
        attack: args.label.as_deref().map(|label| label == "attack"),
        latency: !args.no_latency,
        errors: args.errors.unwrap_or(if args.json { JSON_ERRORS } else { 0 }),
    };
    let report = evaluate_with(&detector, &args.files, &options).context("evaluation failed")?;
    if let Some(file) = &args.scores {
        write_scores(&report, file).with_context(|| format!("cannot write {}", file.display()))?;
    }
    if let Some(file) = &args.quality {
        write_quality(&report, detector.manifest(), file)
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    if args.json {
        output::line(serde_json::to_string_pretty(&report.to_json()).context("the report cannot be shown")?);
    } else {
        output::line(report.to_text().trim_end());
    }
    let mut failed = violations(&report, Bound::AtLeast, &args.fail_under);
    failed.extend(violations(&report, Bound::AtMost, &args.fail_over));
    if !failed.is_empty() {
        bail!("the quality is not what was asked for:\n  {}", failed.join("\n  "));
    }
    Ok(())
}

fn write_quality(report: &EvalReport, manifest: &ModelManifest, file: &Path) -> anyhow::Result<()> {
    let quality = report.quality(manifest, SystemClock.now());
    std::fs::write(file, serde_json::to_string_pretty(&quality)? + "\n")?;
    Ok(())
}

fn write_scores(report: &EvalReport, file: &Path) -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::fs::File::create(file)?);
    for set in &report.sets {
        for row in &set.rows {
            let mut line = json!(row);
            line["file"] = json!(set.file);
            writeln!(out, "{line}")?;
        }
    }
    out.flush()
}
