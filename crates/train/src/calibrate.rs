//! From logits of models that have not seen an example to a score and to thresholds.

use bartizan_detect::{Calibration, Linear, Network, Tail, Thresholds};

use crate::example::Example;

/// Quantiles of the benign logits that become 0 and 1 (DETECTION study: calibration that worked).
const LOW: f64 = 0.1;
const HIGH: f64 = 0.0005;
/// Most of its own values that one kind may add to a share.
const MAX_KIND_SHARE: f64 = 0.003;
/// Share of benign values, every kind weighing the same, at or above the block and the flag threshold.
pub(crate) const BLOCK_FPR: f64 = 0.0009;
pub(crate) const FLAG_FPR: f64 = 0.000_92;
/// How many times likelier a value of a query is an attack than the same value in a body, a cookie or a header. What was gained
/// and lost by it stands in docs/detection.md.
const QUERY_ODDS: f64 = 1.7;
/// The same besides, when the value has several lines.
const QUERY_LINES_ODDS: f64 = 2.0;

/// What both models say about one value that neither was trained on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opinion {
    /// Which example of the corpus.
    pub(crate) example: usize,
    pub(crate) linear: f64,
    pub(crate) network: f64,
}

/// The opinions of two models on the examples of one part; of several texts the one that both together find worst
/// is only known once they are calibrated, so each text of an example is an opinion of its own.
pub(crate) fn opinions(
    linear: &Linear,
    network: &Network,
    examples: &[Example],
    fold: usize,
) -> Vec<Opinion> {
    let mut found = Vec::new();
    for (at, example) in examples.iter().enumerate().filter(|(_, example)| example.fold == fold) {
        for piece in &example.pieces {
            let first = linear.worst_window(&piece.bytes, piece.tokens(), piece.flags).logit;
            let second = network.worst_window(&piece.marked).map_or(f32::NEG_INFINITY, |window| window.logit);
            found.push(Opinion { example: at, linear: f64::from(first), network: f64::from(second) });
        }
    }
    found
}

/// Scales, slope and thresholds from opinions on values that the models have not seen.
///
/// The origin is the evidence that the block threshold's share of benign values exceeds, so a score of one half is the
/// block threshold; the slope is fitted to attacks and benign values alike.
pub(crate) fn calibrate(opinions: &[Opinion], examples: &[Example]) -> (Calibration, Thresholds) {
    let tail = |logit: &dyn Fn(&Opinion) -> f64| {
        let logits = opinions.iter().map(|opinion| (opinion.example, logit(opinion)));
        let benign = Benign::new(logits, examples);
        Tail { low: benign.exceeded_by(LOW, 1.0), high: benign.exceeded_by(HIGH, MAX_KIND_SHARE) }
    };
    let mut calibration = Calibration {
        linear: tail(&|opinion| opinion.linear),
        network: tail(&|opinion| opinion.network.max(-1e3)),
        slope: 1.0,
        origin: 0.0,
        query: 0.0,
        query_lines: 0.0,
    };
    let evidence = worst_evidence(&calibration, opinions);
    let benign = Benign::new(evidence.iter().copied(), examples);
    let attacks: Vec<f64> = evidence
        .iter()
        .filter(|(at, _)| examples[*at].truth.is_attack())
        .map(|(_, evidence)| *evidence)
        .collect();
    calibration.origin = benign.exceeded_by(BLOCK_FPR, MAX_KIND_SHARE);
    let flag = benign.exceeded_by(FLAG_FPR, MAX_KIND_SHARE).min(calibration.origin);
    calibration.slope = fit_slope(&benign, &attacks, calibration.origin);
    calibration.query = QUERY_ODDS.ln() / calibration.slope;
    calibration.query_lines = QUERY_LINES_ODDS.ln() / calibration.slope;
    (calibration, Thresholds::new(calibration.score(flag), 0.5))
}

/// The example and the evidence of its worst text; opinions come in the order of their examples.
pub(crate) fn worst_evidence(calibration: &Calibration, opinions: &[Opinion]) -> Vec<(usize, f64)> {
    let mut found: Vec<(usize, f64)> = Vec::new();
    for opinion in opinions {
        let evidence = calibration.evidence(opinion.linear, opinion.network);
        match found.last_mut() {
            Some(last) if last.0 == opinion.example => last.1 = last.1.max(evidence),
            _ => found.push((opinion.example, evidence)),
        }
    }
    found
}

/// Values of ordinary examples by kind, the largest first.
struct Benign {
    kinds: Vec<Vec<f64>>,
}

impl Benign {
    fn new(values: impl Iterator<Item = (usize, f64)>, examples: &[Example]) -> Self {
        let mut kinds: std::collections::BTreeMap<u16, Vec<f64>> = std::collections::BTreeMap::new();
        for (at, value) in values.filter(|(at, _)| !examples[*at].truth.is_attack()) {
            kinds.entry(examples[at].kind).or_default().push(value);
        }
        let mut kinds: Vec<Vec<f64>> = kinds.into_values().collect();
        for values in &mut kinds {
            values.sort_by(|left, right| right.total_cmp(left));
        }
        Self { kinds }
    }

    /// How much a kind counts: a large corpus knows more than a small one, but is one kind.
    fn weight(values: &[f64]) -> f64 {
        (values.len() as f64).sqrt()
    }

    /// The share of ordinary values above a limit; no kind adds more than `cap` of its own weight, for a kind that
    /// nothing else resembles would set the threshold alone, and the finished model has seen it.
    fn share_above(&self, limit: f64, cap: f64) -> f64 {
        let mut sum = 0.0;
        let mut total = 0.0;
        for values in &self.kinds {
            let above = values.partition_point(|value| *value > limit);
            let weight = Self::weight(values);
            sum += weight * (above as f64 / values.len() as f64).min(cap);
            total += weight;
        }
        sum / total.max(1e-9)
    }

    /// The smallest value that at most this share exceeds, by bisection.
    fn exceeded_by(&self, share: f64, cap: f64) -> f64 {
        let ends = self.kinds.iter().filter_map(|values| Some((*values.last()?, *values.first()?)));
        let (mut low, mut high) =
            ends.fold((f64::MAX, f64::MIN), |(low, high), (least, most)| (low.min(least), high.max(most)));
        if low > high {
            return 0.0;
        }
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if self.share_above(middle, cap) > share { low = middle } else { high = middle }
        }
        high
    }
}

/// The slope of least log loss for a fixed origin, both labels weighing the same, by golden-section search.
fn fit_slope(benign: &Benign, attacks: &[f64], origin: f64) -> f64 {
    let loss = |slope: f64| {
        let cost = |sign: f64, value: f64| (1.0 + (-sign * slope * (value - origin)).exp()).ln();
        let mean = |values: &[f64], sign: f64| {
            values.iter().map(|value| cost(sign, *value)).sum::<f64>() / values.len().max(1) as f64
        };
        let total: f64 = benign.kinds.iter().map(|values| Benign::weight(values)).sum();
        let innocent: f64 =
            benign.kinds.iter().map(|values| Benign::weight(values) * mean(values, -1.0)).sum();
        innocent / total.max(1e-9) + mean(attacks, 1.0)
    };
    let ratio = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (0.05, 50.0);
    for _ in 0..40 {
        let left = high - ratio * (high - low);
        let right = low + ratio * (high - low);
        if loss(left) < loss(right) { high = right } else { low = left }
    }
    f64::midpoint(low, high)
}
