//! From the data folder to a model on disk.

use std::path::{Path, PathBuf};
use std::thread;

use bartizan_detect::{
    Calibration, Detector, FORMAT, Flags, Heads, Linear, ModelManifest, Network, Thresholds, Weights, fields,
    sha256_hex, shape,
};
use bartizan_model::{Clock as _, Location, SystemClock};

use crate::calibrate::{Opinion, calibrate, opinions};
use crate::corpus::{Corpus, Whole, jsonl_files, more_benign};
use crate::example::{Example, FOLDS, Truth};
use crate::model::{
    CLASSES, LeftOut, LinearTrainer, MEMBERS, Member, NetworkTrainer, class_row, mean, train_heads,
};
use crate::rng::Rng;
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
    /// Examples that were trained on.
    pub examples: u64,
    /// Size of the weights file in bytes.
    pub weights_bytes: u64,
}

/// A value that [`train`] learns from.
#[derive(Debug, Clone)]
pub struct LabelledValue {
    /// The canonical texts that it holds, with what decoding erased; a value is as bad as its worst text.
    pub texts: Vec<(Box<[u8]>, Flags)>,
    /// Whether it is an attack.
    pub is_attack: bool,
}

/// Passes over the examples, and how many of the last ones are averaged.
#[derive(Clone, Copy)]
struct Passes {
    linear: u64,
    network: u64,
    averaged: u64,
}

/// Of the first models, which choose examples, and of those that judge.
const FIRST: Passes = Passes { linear: 3, network: 3, averaged: 1 };
const FULL: Passes = Passes { linear: 6, network: 7, averaged: 3 };
/// A list's attack that the first model finds this benign is taken for a mislabelled word.
const HOPELESS_LOGIT: f32 = -4.0;
/// A field of a whole-request attack below this is taken for an ordinary one.
const ORDINARY_LOGIT: f32 = -1.0;
/// Ordinary values of each kind among which hard ones are looked for, and how many of a kind are taken.
const SEARCHED_PER_KIND: usize = 4_000;
const MAX_HARD_PER_KIND: usize = 400;
/// A benign value above this is hard for the first model.
const HARD_LOGIT: f32 = -2.0;

/// Both models, trained on the same examples.
struct Pair {
    linear: Linear,
    network: Network,
}

/// The values that [`train`] learns from with the same options, for studies of other models on the same data.
/// `out` is not looked at.
///
/// # Errors
/// As [`train`], as far as it reads.
pub fn labelled_values(
    options: &TrainOptions,
    progress: &dyn Fn(&str, u64, u64),
) -> Result<Vec<LabelledValue>, TrainError> {
    let mut corpus = Corpus::read(&options.data, options.seed, progress)?;
    choose_examples(&mut corpus, options.seed, &mut Rng::new(options.seed), progress);
    let values = corpus.examples.into_iter().map(|example| LabelledValue {
        is_attack: example.truth.is_attack(),
        texts: example.pieces.into_iter().map(|piece| (piece.bytes, piece.flags)).collect(),
    });
    Ok(values.collect())
}

/// Trains a model and writes it. `progress` is told the step, how much of it is done, and its size.
pub fn train(options: &TrainOptions, progress: &dyn Fn(&str, u64, u64)) -> Result<TrainReport, TrainError> {
    let mut rng = Rng::new(options.seed);
    let mut corpus = Corpus::read(&options.data, options.seed, progress)?;
    choose_examples(&mut corpus, options.seed, &mut rng, progress);

    // Each part is judged by models that have not seen its kinds; thresholds rest on those judgements alone.
    let mut judged: Vec<Opinion> = Vec::new();
    let mut confusion = vec![vec![0; CLASSES.len()]; CLASSES.len()];
    for fold in 0..FOLDS {
        progress("cross-fit", fold as u64, FOLDS as u64);
        let pair = train_pair(&corpus.examples, Some(fold), options.seed ^ (fold as u64 + 1), FULL);
        judged.extend(opinions(&pair.linear, &pair.network, &corpus.examples, fold));
        let heads = train_heads(&pair.linear, &corpus.examples, Some(fold), &mut rng);
        count_classes(&pair.linear, &heads, &corpus.examples, fold, &mut confusion);
    }
    progress("cross-fit", FOLDS as u64, FOLDS as u64);
    judged.sort_by_key(|opinion| opinion.example);
    let (calibration, thresholds) = calibrate(&judged, &corpus.examples);
    let unseen = card::unseen_kinds(&calibration, &judged, &corpus);

    progress("model", 0, 1);
    let Pair { linear, network } = train_pair(&corpus.examples, None, options.seed, FULL);
    let heads = train_heads(&linear, &corpus.examples, None, &mut rng);
    progress("model", 1, 1);
    let weights = Weights { linear, network, heads };

    let bytes = weights.to_bytes().map_err(TrainError::Encode)?;
    let mut manifest = manifest(options, &corpus, calibration, thresholds, sha256_hex(&bytes));
    std::fs::create_dir_all(&options.out)
        .map_err(|source| TrainError::Write { path: options.out.clone(), source })?;
    write(&options.out.join("weights.safetensors"), &bytes)?;
    write_manifest(&options.out, &manifest)?;

    progress("measure", 0, 1);
    let detector = Detector::load(&options.out)?;
    let report = measure(&detector, &options.data, thresholds)?;
    manifest.metrics = report.sets.iter().map(card::metrics).collect();
    write_manifest(&options.out, &manifest)?;
    write(
        &options.out.join("MODEL_CARD.md"),
        card::card(&manifest, &report, &confusion, &unseen).as_bytes(),
    )?;
    progress("measure", 1, 1);
    let examples = corpus.examples.len() as u64;
    Ok(TrainReport { manifest, examples, weights_bytes: bytes.len() as u64 })
}

fn manifest(
    options: &TrainOptions,
    corpus: &Corpus,
    calibration: Calibration,
    thresholds: Thresholds,
    weights_sha256: String,
) -> ModelManifest {
    let version =
        options.out.file_name().map_or_else(|| "wall".to_owned(), |name| name.to_string_lossy().into_owned());
    ModelManifest {
        format: FORMAT,
        version,
        trained_at: SystemClock.now().to_rfc3339_seconds(),
        seed: options.seed,
        weights_sha256,
        features: shape(),
        classes: CLASSES.iter().map(|class| class.as_str().to_owned()).collect(),
        calibration,
        thresholds,
        data: corpus.sources.clone(),
        metrics: Vec::new(),
    }
}

/// The first models: the linear one drops mislabelled words and says which field of a whole request carries its attack, both find the
/// ordinary values that are hard.
fn choose_examples(corpus: &mut Corpus, seed: u64, rng: &mut Rng, progress: &dyn Fn(&str, u64, u64)) {
    progress("first models", 0, 1);
    let Pair { linear: first, network } = train_pair(&corpus.examples, None, rng.next(), FIRST);
    progress("first models", 1, 1);
    corpus.examples.retain(|example| !example.truth.is_attack() || logit(&first, example) > HOPELESS_LOGIT);
    for whole in std::mem::take(&mut corpus.whole) {
        add_whole_request(corpus, &whole, &first);
    }
    progress("hard values", 0, 1);
    let mut counts: std::collections::HashMap<u16, usize> = std::collections::HashMap::new();
    let mut hard = Vec::new();
    more_benign(&mut corpus.kinds, seed, SEARCHED_PER_KIND, |example| {
        if logit(&first, &example).max(network_logit(&network, &example)) > HARD_LOGIT {
            let count = counts.entry(example.kind).or_default();
            *count += 1;
            if *count <= MAX_HARD_PER_KIND {
                hard.push(example);
            }
        }
    });
    progress("hard values", 1, 1);
    corpus.examples.extend(hard);
    corpus.drop_contradictions();
}

fn logit(model: &Linear, example: &Example) -> f32 {
    let logits = example
        .pieces
        .iter()
        .map(|piece| model.worst_window(&piece.bytes, piece.tokens(), piece.flags).logit);
    logits.fold(f32::NEG_INFINITY, f32::max)
}

fn network_logit(model: &Network, example: &Example) -> f32 {
    let windows = example.pieces.iter().filter_map(|piece| model.worst_window(&piece.marked));
    windows.map(|window| window.logit).fold(f32::NEG_INFINITY, f32::max)
}

/// The worst field of a whole request is the attack; the plainly ordinary others become benign examples. A path of names
/// alone is no attack: what is wrong with `/administrator/index.php` is what else was sent, or that it was asked for,
/// which the signals tell.
fn add_whole_request(corpus: &mut Corpus, whole: &Whole, first: &Linear) {
    let truth = Truth::Attack(whole.class);
    let mut scored: Vec<(bool, f32, Example)> = Vec::new();
    for field in fields(&whole.request).iter().filter(|field| !field.is_plain()) {
        if let Some(example) = Example::of_value(field.value, field.wrapping, truth, 1.5) {
            let may_carry = field.location != Location::Path || !is_names(field.value);
            scored.push((may_carry, logit(first, &example), example.belonging(whole.kind, whole.fold)));
        }
    }
    scored.sort_by(|left, right| right.0.cmp(&left.0).then(right.1.total_cmp(&left.1)));
    for (rank, (may_carry, logit, mut example)) in scored.into_iter().enumerate() {
        if rank == 0 && may_carry && logit > ORDINARY_LOGIT {
            corpus.examples.push(example);
        } else if logit < ORDINARY_LOGIT {
            example.truth = Truth::Benign;
            example.weight = 0.5;
            corpus.examples.push(example);
        }
    }
}

/// Whether a path is made of names: letters, digits, `-`, `_`, `~` and single dots between slashes.
fn is_names(path: &[u8]) -> bool {
    path.iter().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.~".contains(byte))
        && !path.windows(2).any(|pair| pair == b"..")
}

/// Both models, each the mean of a committee whose members start elsewhere and see the examples in other orders. The first
/// member does not learn the broad kinds of attack: they resemble what people write, and so pull half as hard.
fn train_pair(examples: &[Example], left_out: Option<usize>, seed: u64, passes: Passes) -> Pair {
    let members: Vec<(Linear, Member)> = (0..MEMBERS)
        .map(|member| {
            let left_out = LeftOut { fold: left_out, broad: member == 0 };
            train_member(examples, left_out, seed.wrapping_add((member as u64) << 32), passes)
        })
        .collect();
    let (linears, networks): (Vec<Linear>, Vec<Member>) = members.into_iter().unzip();
    let Ok(networks) = <[Member; MEMBERS]>::try_from(networks) else { unreachable!("as many as there are") };
    Pair { linear: mean(&linears), network: Member::committee(&networks) }
}

/// One of each model at once, one a thread.
fn train_member(examples: &[Example], left_out: LeftOut, seed: u64, passes: Passes) -> (Linear, Member) {
    thread::scope(|scope| {
        let network = scope.spawn(|| {
            let mut rng = Rng::new(seed ^ 0x006e_6574);
            let mut trainer = NetworkTrainer::new(&mut rng);
            for epoch in 0..passes.network {
                trainer.epoch(examples, left_out, &mut rng);
                if epoch + passes.averaged >= passes.network {
                    trainer.keep();
                }
            }
            trainer.averaged()
        });
        let mut rng = Rng::new(seed ^ 0x006c_696e);
        let mut trainer = LinearTrainer::new();
        for epoch in 0..passes.linear {
            trainer.epoch(examples, left_out, &mut rng);
            if epoch + passes.averaged >= passes.linear {
                trainer.keep();
            }
        }
        let linear = trainer.averaged();
        match network.join() {
            Ok(network) => (linear, network),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// How often attacks of each class (rows) in a part that was left out are given each class (columns).
fn count_classes(linear: &Linear, heads: &Heads, examples: &[Example], fold: usize, table: &mut [Vec<u64>]) {
    for example in examples.iter().filter(|example| example.fold == fold) {
        let Some(truth) = class_row(example) else { continue };
        let windows = example
            .pieces
            .iter()
            .map(|piece| (piece, linear.worst_window(&piece.bytes, piece.tokens(), piece.flags)));
        let Some((piece, window)) = windows.max_by(|left, right| left.1.logit.total_cmp(&right.1.logit))
        else {
            continue;
        };
        let shares = heads.classes(&piece.bytes, linear.core(&piece.bytes, window));
        let given =
            (0..shares.len()).max_by(|left, right| shares[*left].total_cmp(&shares[*right])).unwrap_or(0);
        table[truth][given] += 1;
    }
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
