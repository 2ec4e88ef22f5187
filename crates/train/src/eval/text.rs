//! The figures of a measurement, as tables for people.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use super::{Breakdown, EvalReport, SetReport};

impl EvalReport {
    /// The report as tables.
    pub fn to_text(&self) -> String {
        let mut text = format!("model {}, threshold {:.3}\n", self.model, self.threshold);
        let _ = writeln!(
            text,
            "{:<34} {:>7} {:>7} {:>8} {:>8} {:>8} {:>8} {:>7} {:>7} {:>7}",
            "set", "attack", "benign", "tpr", "fpr", "tpr@flag", "fpr@flag", "auc", "p50 us", "p99 us"
        );
        let pooled = (self.sets.len() > 1).then_some(&self.pooled);
        for set in self.sets.iter().chain(pooled) {
            line(&mut text, set);
        }
        for set in self.sets.iter().chain(pooled) {
            notes(&mut text, set);
        }
        table(&mut text, "class", &self.pooled.classes);
        table(&mut text, "location", &self.pooled.locations);
        if self.pooled.sources.len() > 1 {
            table(&mut text, "source", &self.pooled.sources);
        }
        for set in &self.sets {
            for mistake in &set.errors {
                let shown = mistake.text.escape_debug();
                let _ = writeln!(text, "{} {} {:.4} {shown}", set.file, mistake.label, mistake.score);
            }
        }
        text
    }
}

fn line(text: &mut String, set: &SetReport) {
    let micros = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.1}"));
    let _ = writeln!(
        text,
        "{:<34} {:>7} {:>7} {:>8} {:>8} {:>8} {:>8} {:>7} {:>7} {:>7}",
        set.file,
        set.attack,
        set.benign,
        percent(set.tpr),
        percent(set.fpr),
        percent(set.flagged.0),
        percent(set.flagged.1),
        set.auc.map_or_else(|| "-".to_owned(), |auc| format!("{auc:.4}")),
        micros(set.latency_us.p50),
        micros(set.latency_us.p99),
    );
}

/// What does not fit into the line.
fn notes(text: &mut String, set: &SetReport) {
    let interval = |range: Option<(f64, f64)>| {
        range.map_or_else(
            || "-".to_owned(),
            |(low, high)| format!("{:.2} to {:.2} %", low * 100.0, high * 100.0),
        )
    };
    let _ = writeln!(
        text,
        "{}: 95 % intervals tpr {}, fpr {}; model alone tpr {}, fpr {}",
        set.file,
        interval(set.tpr_interval),
        interval(set.fpr_interval),
        percent(set.by_model.tpr),
        percent(set.by_model.fpr),
    );
    if let Some(accuracy) = set.balanced_accuracy {
        let at: Vec<String> =
            set.tpr_at_fpr.iter().map(|(rate, tpr)| format!("{} at {rate}", percent(*tpr))).collect();
        let _ = writeln!(
            text,
            "{}: balanced accuracy {:.2} %, tpr {}",
            set.file,
            accuracy * 100.0,
            at.join(", ")
        );
    }
    if set.signals.0.is_some_and(|share| share > 0.0) || set.signals.1.is_some_and(|share| share > 0.0) {
        let _ = writeln!(
            text,
            "{}: only signals or counters see {} of the attacks and {} of the benign rows",
            set.file,
            percent(set.signals.0),
            percent(set.signals.1),
        );
    }
    if set.unlabelled > 0 || set.unreadable > 0 {
        let _ = writeln!(
            text,
            "{}: {} rows without a label ({} flagged), {} unreadable",
            set.file,
            set.unlabelled,
            percent(set.flagged_unlabelled),
            set.unreadable,
        );
    }
}

fn table(text: &mut String, title: &str, counts: &BTreeMap<String, Breakdown>) {
    if counts.values().all(|count| count.attack.total + count.benign.total == 0) {
        return;
    }
    let _ = writeln!(text, "\n{title:<24} {:>16} {:>16}", "attacks caught", "benign blocked");
    for (name, count) in counts {
        let of = |share: super::Share| format!("{}/{}", share.caught, share.total);
        let _ = writeln!(text, "{name:<24} {:>16} {:>16}", of(count.attack), of(count.benign));
    }
}

impl fmt::Display for EvalReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

fn percent(rate: Option<f64>) -> String {
    rate.map_or_else(|| "-".to_owned(), |rate| format!("{:.2} %", rate * 100.0))
}
