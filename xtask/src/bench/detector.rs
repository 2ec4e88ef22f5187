//! Figures of the detector: what the example assess_speed of its crate prints, and the size of the model.

use std::collections::BTreeMap;

use anyhow::{Context, bail};

use super::figure::{Figure, Target, figure};
use crate::shell;

/// Varied requests of real browsers.
const BROWSER_TRAFFIC: &str = "crates/train/suites/browser_benign.jsonl";

/// Builds and runs the example. Each request counts with its fastest assessment, so that the machine's other work
/// stays out of the figures.
pub(super) fn measure() -> anyhow::Result<Vec<Figure>> {
    let mut example = shell::cargo();
    example.args(["run", "--release", "--package", "bartizan-detect", "--example", "assess_speed", "--"]);
    example.arg(BROWSER_TRAFFIC).env_remove("ONLY");
    let mut printed = Printed::default();
    if !shell::watch(&mut example, |line| printed.take(line))? {
        bail!("`{}` failed", shell::shown(&example));
    }
    figures(&printed, model_mb()?)
}

/// Name to the numbers that stand behind it.
#[derive(Default)]
struct Printed(BTreeMap<String, Vec<f64>>);

impl Printed {
    fn take(&mut self, line: &str) {
        let mut words = line.split('\t');
        let name = words.next().unwrap_or_default().to_owned();
        let numbers: Vec<f64> = words.filter_map(|word| word.parse().ok()).collect();
        if !numbers.is_empty() {
            self.0.insert(name, numbers);
        }
    }

    fn number(&self, name: &str, column: usize) -> anyhow::Result<f64> {
        let numbers = self.0.get(name).with_context(|| format!("assess_speed printed no line '{name}'"))?;
        numbers.get(column).copied().with_context(|| format!("the line '{name}' has no column {column}"))
    }
}

/// Targets of the detection design: what must hold, and what is aimed at.
fn figures(printed: &Printed, model_mb: f64) -> anyhow::Result<Vec<Figure>> {
    const P50: usize = 0;
    const P99: usize = 1;
    const MEAN: usize = 2;
    let get = "GET with 11 browser headers";
    let json = "2 KB JSON with 100 values";
    let megabyte_ms = printed.number("1 MB text", P50)? / 1e3;
    let memory = printed.number("memory of the detector", 0)?;
    let below = |name, value, unit, must, aim| figure(name, value, unit, Target::Below(must)).aiming_at(aim);
    Ok(vec![
        below("GET with 11 browser headers, p50", printed.number(get, P50)?, "us", 30.0, 5.0),
        below("GET with 11 browser headers, p99", printed.number(get, P99)?, "us", 150.0, 30.0),
        below("2 KB JSON with 100 values, p50", printed.number(json, P50)?, "us", 150.0, 30.0),
        below("1 MB text body, p50", megabyte_ms, "ms", 50.0, 10.0),
        below("browser traffic, mean", printed.number("browser_benign.jsonl", MEAN)?, "us", 60.0, 15.0),
        below("model file", model_mb, "MB", 16.0, 4.0),
        below("memory of the detector", memory, "MB", 64.0, 16.0),
    ])
}

/// The largest model that lies in the repository.
fn model_mb() -> anyhow::Result<f64> {
    let folder = shell::root().join("models");
    let models =
        std::fs::read_dir(&folder).with_context(|| format!("failed to read {}", folder.display()))?;
    let sizes = models.filter_map(|model| {
        let file = model.ok()?.path().join("weights.safetensors");
        file.metadata().ok().map(|metadata| metadata.len())
    });
    let bytes = sizes.max().with_context(|| format!("no weights below {}", folder.display()))?;
    Ok(bytes as f64 / f64::from(1 << 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_comes_from_its_column_of_the_example() {
        let mut printed = Printed::default();
        for line in [
            "memory of the detector\t7.5",
            "GET with 11 browser headers\t31.0\t140.0\t40.0",
            "2 KB JSON with 100 values\t20.0\t300.0\t400.0",
            "1 MB text\t20000.0\t90000.0\t90000.0",
            "browser_benign.jsonl\t90.0\t90.0\t10.0",
        ] {
            printed.take(line);
        }
        let figures = figures(&printed, 0.8).expect("every line is there");
        let table = super::super::figure::table(&figures);
        let ends: Vec<&str> =
            table.lines().skip(1).filter_map(|line| line.split_whitespace().last()).collect();
        assert_eq!(ends, ["NO", "yes", "aim", "yes", "aim", "aim", "aim"], "{table}");
    }

    #[test]
    fn a_line_that_is_missing_is_named() {
        let error = figures(&Printed::default(), 0.8).err().expect("nothing was printed").to_string();
        assert!(error.contains("1 MB text"), "{error}");
    }
}
