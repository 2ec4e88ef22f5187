//! From the data folder to a model on disk.

use std::path::{Path, PathBuf};

use bartizan_detect::{
    Calibration, Detector, FORMAT, ModelManifest, Thresholds, Weights, fields, leaves, sha256_hex, shape,
};
use bartizan_model::{Clock as _, SystemClock};

use crate::corpus::{Corpus, jsonl_files};
use crate::example::{Example, Truth};
use crate::rng::Rng;
use crate::sgd::{CLASSES, LinearTrainer, class_row, train_heads};
use crate::{EvalReport, TrainError, card, evaluate};

/// What to train on and where to put the result.
#[derive(Debug, Clone)]
pub struct TrainOptions {
    /// Folder that holds `train/`, and optionally `validate/` for the model card alone.
    pub data: PathBuf,
    /// Folder for `weights.safetensors`, `manifest.json` and `MODEL_CARD.md`; made if need be. Its name is the
    /// version of the model.
    pub out: PathBuf,
    /// Seed of every random choice; the same seed and data give the same weights.
    pub seed: u64,
}

/// What training ended with.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainReport {
    /// The manifest as written.
    pub manifest: ModelManifest,
    /// Examples that the last round trained on.
    pub examples: u64,
    /// Size of the weights file in bytes.
    pub weights_bytes: u64,
}

/// Passes over the examples before whole requests join, and after.
const FIRST_EPOCHS: u64 = 4;
const LAST_EPOCHS: u64 = 8;
/// Last passes whose weights are averaged, which steadies the tail that thresholds are set in.
const AVERAGED_EPOCHS: u64 = 4;
/// Share of held-out benign texts at or above the flag and the block threshold. A request has a handful of texts
/// that are judged, so its own share is a few times this.
const FLAG_FPR: f64 = 0.001;
const BLOCK_FPR: f64 = 0.0004;
/// A list's attack that the first model finds this benign is taken for a mislabelled word.
const HOPELESS_LOGIT: f32 = -4.0;
/// A field of a whole-request attack below this is taken for an ordinary one.
const ORDINARY_LOGIT: f32 = -1.0;

/// Trains a model and writes it. `progress` is told the step, how much of it is done, and its size.
pub fn train(options: &TrainOptions, progress: &dyn Fn(&str, u64, u64)) -> Result<TrainReport, TrainError> {
    let mut rng = Rng::new(options.seed);
    let mut corpus = Corpus::read(&options.data, options.seed, progress)?;
    let mut trainer = LinearTrainer::new();
    for epoch in 0..FIRST_EPOCHS {
        trainer.epoch(&corpus.examples, &mut rng);
        progress("first model", epoch + 1, FIRST_EPOCHS);
    }
    let first = trainer.weights;
    corpus.examples.retain(|example| {
        !example.truth.is_attack() || first.worst_window(&example.bytes, example.flags).logit > HOPELESS_LOGIT
    });
    add_whole_requests(&mut corpus, &first);

    let mut trainer = LinearTrainer::new();
    for epoch in 0..LAST_EPOCHS {
        trainer.epoch(&corpus.examples, &mut rng);
        if epoch + AVERAGED_EPOCHS >= LAST_EPOCHS {
            trainer.keep();
        }
        progress("model", epoch + 1, LAST_EPOCHS);
    }
    let mut weights = trainer.averaged();
    progress("classes", 0, 1);
    train_heads(&mut weights, &corpus.examples, &mut rng);
    let (calibration, thresholds) = calibrate(&weights, &corpus.examples);

    let bytes = weights.to_bytes().map_err(TrainError::Encode)?;
    let version =
        options.out.file_name().map_or_else(|| "wall".to_owned(), |name| name.to_string_lossy().into_owned());
    let mut manifest = ModelManifest {
        format: FORMAT,
        version,
        trained_at: SystemClock.now().to_rfc3339_seconds(),
        seed: options.seed,
        weights_sha256: sha256_hex(&bytes),
        features: shape(),
        classes: CLASSES.iter().map(|class| class.as_str().to_owned()).collect(),
        calibration,
        thresholds,
        data: corpus.sources.clone(),
        metrics: Vec::new(),
    };
    std::fs::create_dir_all(&options.out)
        .map_err(|source| TrainError::Write { path: options.out.clone(), source })?;
    write(&options.out.join("weights.safetensors"), &bytes)?;
    write_manifest(&options.out, &manifest)?;

    progress("measure", 0, 1);
    let detector = Detector::load(&options.out)?;
    let report = measure(&detector, &options.data, thresholds)?;
    manifest.metrics = report.sets.iter().map(card::metrics).collect();
    let confusion = confusion(&weights, &corpus.examples);
    write_manifest(&options.out, &manifest)?;
    write(&options.out.join("MODEL_CARD.md"), card::card(&manifest, &report, &confusion).as_bytes())?;
    progress("measure", 1, 1);
    let examples = corpus.examples.iter().filter(|example| !example.held_out).count() as u64;
    Ok(TrainReport { manifest, examples, weights_bytes: bytes.len() as u64 })
}

/// Lets the first model say which field of a whole request carries the attack; the plainly ordinary others
/// become benign examples.
fn add_whole_requests(corpus: &mut Corpus, first: &Weights) {
    for (request, class) in std::mem::take(&mut corpus.whole) {
        let all = fields(&request);
        let mut scored: Vec<(f32, usize)> = Vec::new();
        for (at, field) in all.iter().enumerate().filter(|(_, field)| !field.is_plain()) {
            let logit = leaves(field.value, field.wrapping)
                .iter()
                .map(|leaf| first.worst_window(leaf.text.bytes(), leaf.flags).logit)
                .fold(f32::NEG_INFINITY, f32::max);
            scored.push((logit, at));
        }
        scored.sort_by(|left, right| right.0.total_cmp(&left.0));
        for (rank, (logit, at)) in scored.into_iter().enumerate() {
            let Some(field) = all.get(at) else { continue };
            if rank == 0 && logit > ORDINARY_LOGIT {
                corpus.examples.extend(Example::of_value(
                    field.value,
                    field.wrapping,
                    Truth::Attack(class),
                    1.5,
                ));
            } else if logit < ORDINARY_LOGIT {
                corpus.examples.extend(Example::of_value(field.value, field.wrapping, Truth::Benign, 0.5));
            }
        }
    }
}

/// The origin is where held-out benign texts meet the block threshold's share, so that a score of one half is
/// the block threshold; the slope is fitted to the held-out attacks and benign texts beyond it.
fn calibrate(weights: &Weights, examples: &[Example]) -> (Calibration, Thresholds) {
    let mut benign = Vec::new();
    let mut attacks = Vec::new();
    for example in examples.iter().filter(|example| example.held_out) {
        let logit = f64::from(weights.worst_window(&example.bytes, example.flags).logit);
        if example.truth.is_attack() { attacks.push(logit) } else { benign.push(logit) }
    }
    benign.sort_by(|left, right| right.total_cmp(left));
    let origin = exceeded_by(&benign, BLOCK_FPR);
    let flag_logit = exceeded_by(&benign, FLAG_FPR).min(origin);
    let slope = fit_slope(&benign, &attacks, origin);
    let calibration = Calibration { slope, origin };
    (calibration, Thresholds::new(calibration.score(flag_logit), 0.5))
}

/// The value that a share of the values, sorted downwards, exceeds.
fn exceeded_by(sorted: &[f64], share: f64) -> f64 {
    let wanted = share * sorted.len() as f64;
    let count = (0..sorted.len()).take_while(|at| (*at as f64) < wanted).count();
    sorted.get(count).or(sorted.last()).copied().unwrap_or_default()
}

/// The slope of least log loss for a fixed origin, both labels weighing the same, by golden-section search.
fn fit_slope(benign: &[f64], attacks: &[f64], origin: f64) -> f64 {
    let mean = |values: &[f64], slope: f64, sign: f64| {
        let total: f64 =
            values.iter().map(|value| (1.0 + (-sign * slope * (value - origin)).exp()).ln()).sum();
        total / values.len().max(1) as f64
    };
    let loss = |slope: f64| mean(benign, slope, -1.0) + mean(attacks, slope, 1.0);
    let ratio = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (0.05, 5.0);
    for _ in 0..40 {
        let left = high - ratio * (high - low);
        let right = low + ratio * (high - low);
        if loss(left) < loss(right) { high = right } else { low = left }
    }
    f64::midpoint(low, high)
}

/// How often held-out attacks of each class (rows) are given each class (columns).
fn confusion(weights: &Weights, examples: &[Example]) -> Vec<Vec<u64>> {
    let mut table = vec![vec![0; CLASSES.len()]; CLASSES.len()];
    for example in examples.iter().filter(|example| example.held_out) {
        let Some(truth) = class_row(example) else { continue };
        let window = weights.worst_window(&example.bytes, example.flags);
        let shares = weights.classes(&example.bytes, window);
        let given =
            (0..shares.len()).max_by(|left, right| shares[*left].total_cmp(&shares[*right])).unwrap_or(0);
        table[truth][given] += 1;
    }
    table
}

fn measure(detector: &Detector, data: &Path, thresholds: Thresholds) -> Result<EvalReport, TrainError> {
    let mut files = jsonl_files(&data.join("validate"));
    files.extend(jsonl_files(&data.join("train")));
    evaluate(detector, &files, thresholds).map_err(|error| match error {
        crate::EvalError::Data(error) => TrainError::Data(error),
    })
}

fn write_manifest(out: &Path, manifest: &ModelManifest) -> Result<(), TrainError> {
    let mut text =
        serde_json::to_string_pretty(manifest).map_err(|error| TrainError::Encode(error.to_string()))?;
    text.push('\n');
    write(&out.join("manifest.json"), text.as_bytes())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), TrainError> {
    std::fs::write(path, bytes).map_err(|source| TrainError::Write { path: path.to_owned(), source })
}
