//! Judged rows to figures.

use bartizan_model::Action;

use super::judging::Judged;
use super::rates;
use super::report::{Breakdown, Mistake, ModelRates, ScoredRow, SetReport};
use super::{EvalOptions, Latency};
use crate::row::Label;

/// False positive rates at which the share of attacks caught is reported.
const RATES: [(&str, f64); 4] = [("0.0001", 0.0001), ("0.0005", 0.0005), ("0.001", 0.001), ("0.01", 0.01)];

pub(super) fn summarise(
    file: String,
    judged: &[Judged],
    unreadable: u64,
    options: &EvalOptions,
) -> SetReport {
    let of = |label: Option<Label>| judged.iter().filter(move |row| row.label == label);
    let scores = |label: Label| {
        let mut scores: Vec<f64> = of(Some(label)).map(|row| row.score).collect();
        scores.sort_by(|left, right| right.total_cmp(left));
        scores
    };
    let (attacks, benign) = (scores(Label::Attack), scores(Label::Benign));
    let share = |label: Option<Label>, is_in: &dyn Fn(&Judged) -> bool| {
        rates::share(of(label).filter(|row| is_in(row)).count(), of(label).count())
    };
    let block = options.thresholds.block;
    let blocked = |row: &Judged| row.action == Action::Block;
    let flagged = |row: &Judged| row.action != Action::Allow;
    let only_signal = |row: &Judged| row.signal && row.score < options.thresholds.flag;
    let (attack, ordinary) = (Some(Label::Attack), Some(Label::Benign));
    let (tpr, fpr) = (share(attack, &blocked), share(ordinary, &blocked));
    let mut report = SetReport {
        file,
        attack: attacks.len() as u64,
        benign: benign.len() as u64,
        unlabelled: of(None).count() as u64,
        unreadable,
        tpr,
        tpr_interval: tpr.map(|share| rates::wilson(share, attacks.len())),
        fpr,
        fpr_interval: fpr.map(|share| rates::wilson(share, benign.len())),
        balanced_accuracy: tpr.zip(fpr).map(|(tpr, fpr)| f64::midpoint(tpr, 1.0 - fpr)),
        by_model: ModelRates {
            tpr: share(attack, &|row| row.score >= block),
            fpr: share(ordinary, &|row| row.score >= block),
        },
        flagged: (share(attack, &flagged), share(ordinary, &flagged)),
        flagged_unlabelled: share(None, &flagged),
        signals: (share(attack, &only_signal), share(ordinary, &only_signal)),
        auc: rates::auc(&attacks, &benign),
        tpr_at_fpr: RATES
            .into_iter()
            .map(|(name, share)| (name.to_owned(), rates::tpr_at_fpr(&attacks, &benign, share)))
            .collect(),
        latency_us: if options.latency {
            rates::latency(judged.iter().map(|row| row.micros).collect())
        } else {
            Latency::default()
        },
        sources: std::collections::BTreeMap::new(),
        classes: std::collections::BTreeMap::new(),
        locations: std::collections::BTreeMap::new(),
        errors: errors(judged, options.errors),
        rows: judged.iter().map(scored).collect(),
    };
    for row in judged {
        count(report.sources.entry(row.source.clone()).or_default(), row);
        count(report.classes.entry(row.class.clone()).or_default(), row);
        count(report.locations.entry(row.location.to_owned()).or_default(), row);
    }
    report
}

fn count(breakdown: &mut Breakdown, row: &Judged) {
    let share = match row.label {
        Some(Label::Attack) => &mut breakdown.attack,
        Some(Label::Benign) => &mut breakdown.benign,
        None => return,
    };
    share.total += 1;
    share.caught += u64::from(row.action == Action::Block);
}

/// Benign rows flagged and attacks let pass, the worst first.
fn errors(judged: &[Judged], most: usize) -> Vec<Mistake> {
    let wrong = |row: &Judged| match row.label {
        Some(Label::Attack) if row.action == Action::Allow => Some(("missed", 1.0 - row.score)),
        Some(Label::Benign) if row.action != Action::Allow => Some(("false alarm", row.score)),
        _ => None,
    };
    let mut found: Vec<(&Judged, &str, f64)> =
        judged.iter().filter_map(|row| wrong(row).map(|(what, how)| (row, what, how))).collect();
    found.sort_by(|left, right| right.2.total_cmp(&left.2));
    let mistake = |(row, what, _): (&Judged, &str, f64)| Mistake {
        label: what.to_owned(),
        score: row.score,
        text: if row.signal { format!("[signal] {}", row.text) } else { row.text.clone() },
    };
    found.into_iter().take(most).map(mistake).collect()
}

fn scored(row: &Judged) -> ScoredRow {
    ScoredRow {
        label: row.label.map(|label| if label == Label::Attack { "attack" } else { "benign" }),
        class: row.class.clone(),
        named: row.named,
        location: row.location,
        score: row.score,
        action: row.action,
        text: row.text.clone(),
    }
}
