//! Limits that a measurement must keep, for continuous integration.

use std::str::FromStr;

use super::{EvalReport, SetReport};

/// Which side of the value is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// Figures below the value fail.
    AtLeast,
    /// Figures above the value fail.
    AtMost,
}

/// A figure by name and the value that it is held to.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    figure: String,
    value: f64,
}

/// The figures that a limit may name.
const FIGURES: &str = "tpr, fpr, auc, balanced_accuracy, tpr_at_fpr:0.0001, tpr_at_fpr:0.0005, tpr_at_fpr:0.001, tpr_at_fpr:0.01";

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (figure, value) = text.split_once('=').ok_or("write it as NAME=VALUE, such as tpr=0.95")?;
        if !FIGURES.split(", ").any(|known| known == figure) {
            return Err(format!("{figure} is no figure; there are {FIGURES}"));
        }
        let value = value.parse::<f64>().ok().filter(|value| (0.0..=1.0).contains(value));
        let value = value.ok_or("the value must be a fraction from 0 to 1")?;
        Ok(Self { figure: figure.to_owned(), value })
    }
}

fn figure(set: &SetReport, name: &str) -> Option<f64> {
    match name {
        "tpr" => set.tpr,
        "fpr" => set.fpr,
        "auc" => set.auc,
        "balanced_accuracy" => set.balanced_accuracy,
        _ => *set.tpr_at_fpr.get(name.strip_prefix("tpr_at_fpr:")?)?,
    }
}

/// What is on the wrong side of a limit, one sentence each: every set and all of them pooled, wherever the figure is
/// defined. A figure that is defined nowhere is a violation too: a gate that cannot fail protects nothing.
pub fn violations(report: &EvalReport, bound: Bound, limits: &[Limit]) -> Vec<String> {
    let mut found = Vec::new();
    for limit in limits {
        let mut defined = false;
        for set in report.sets.iter().chain([&report.pooled]) {
            let Some(value) = figure(set, &limit.figure) else { continue };
            defined = true;
            let (fails, wanted) = match bound {
                Bound::AtLeast => (value < limit.value, "at least"),
                Bound::AtMost => (value > limit.value, "at most"),
            };
            if fails {
                found.push(format!(
                    "{}: {} is {value:.4}, {wanted} {} is wanted",
                    set.file, limit.figure, limit.value
                ));
            }
        }
        if !defined {
            found.push(format!(
                "{} is not defined on these files: it needs attacks, benign rows or both",
                limit.figure
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_strictly() {
        assert_eq!("tpr=0.9".parse(), Ok(Limit { figure: "tpr".to_owned(), value: 0.9 }));
        assert!("tpr_at_fpr:0.001=0.9".parse::<Limit>().is_ok());
        for text in ["tpr", "speed=1", "tpr=2", "tpr=x", "tpr=-0.1"] {
            assert!(text.parse::<Limit>().is_err(), "{text}");
        }
    }
}
