//! Thresholds, mode and model (API.md 5, `waf/*`; 6.1, `/config`).

use bartizan_engine::{Engine, ModelInForce, ModelRefusal};
use serde::Serialize;
use utoipa::ToSchema;

use super::name::{ModeName, Named};
use super::number::fraction;

/// Requests in one batch of `/check/batch` at most.
pub(crate) const MAX_BATCH: usize = 256;

/// What decides about requests.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WafConfig {
    threshold: f64,
    flag_threshold: f64,
    mode: ModeName,
    model_available: bool,
    service_enabled: bool,
}

impl From<&Engine> for WafConfig {
    fn from(engine: &Engine) -> Self {
        let policy = engine.model().policy;
        Self {
            threshold: fraction(policy.thresholds.block),
            flag_threshold: fraction(policy.thresholds.flag),
            mode: Named(policy.mode),
            model_available: true,
            service_enabled: true,
        }
    }
}

impl WafConfig {
    /// What differs from an earlier one, in one line.
    pub(crate) fn changed_from(&self, before: &Self) -> String {
        // As they are shown: what looks the same is the same.
        let told = |config: &Self| {
            [
                ("threshold", config.threshold.to_string()),
                ("flag threshold", config.flag_threshold.to_string()),
                ("mode", config.mode.0.as_str().to_owned()),
            ]
        };
        let changes: Vec<_> = told(before)
            .into_iter()
            .zip(told(self))
            .filter(|(was, is)| was != is)
            .map(|((name, was), (_, is))| format!("{name} {was} → {is}"))
            .collect();
        if changes.is_empty() {
            "thresholds and mode set, none changed".to_owned()
        } else {
            changes.join(", ")
        }
    }
}

/// The model that scores requests.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModelInfo {
    model_loaded: bool,
    model_exists: bool,
    vocab_exists: bool,
    threshold: f64,
    version: String,
    /// Always null: paths stay private.
    model_path: Option<String>,
    /// Always null: paths stay private.
    vocab_path: Option<String>,
    card: Option<ModelCard>,
    /// The model that lies in the configured folder, when it was refused and this one stayed.
    refused: Option<RefusedModel>,
}

/// A model that was not put in force.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefusedModel {
    /// When it was looked at.
    #[schema(format = DateTime)]
    timestamp: String,
    /// What is wrong with it and what to do.
    problem: String,
}

impl From<ModelRefusal> for RefusedModel {
    fn from(refusal: ModelRefusal) -> Self {
        Self { timestamp: refusal.at.to_string(), problem: refusal.problem }
    }
}

/// Where the model comes from and how good it is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModelCard {
    #[schema(format = DateTime)]
    trained_at: String,
    /// Data sets that it was trained on.
    data: Vec<DataSet>,
    /// Quality measured when training ended, per set.
    metrics: Vec<SetQuality>,
    /// SHA-256 of the weights.
    hash: String,
    /// What these weights caught when they were measured after training; null when nobody did.
    quality: Option<MeasuredQuality>,
}

/// Quality measured after training, by `bartizan eval`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeasuredQuality {
    #[schema(format = DateTime)]
    measured_at: String,
    /// SHA-256 of the weights that were measured: those in force.
    hash: String,
    /// Score from which a request counted as caught.
    threshold: f64,
    sets: Vec<MeasuredSet>,
}

/// One set of labelled requests.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeasuredSet {
    set: String,
    /// Attacks in the set.
    attack: u64,
    /// Attacks that would be blocked.
    caught: u64,
    /// Ordinary requests in the set.
    benign: u64,
    /// Ordinary requests that would be blocked.
    false_alarms: u64,
    /// The attacks by the class of their label.
    classes: Vec<MeasuredClass>,
}

/// The attacks of one class in one set.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeasuredClass {
    /// As the set names it.
    class: String,
    attack: u64,
    caught: u64,
}

/// A data set that the model was trained on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DataSet {
    name: String,
    licence: String,
    /// Rows labelled attack.
    attack: u64,
    /// Rows labelled benign.
    benign: u64,
    /// Null for generated data.
    sha256: Option<String>,
}

/// Quality on one set at the shipped thresholds; rates are fractions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetQuality {
    set: String,
    /// Whether training or the choice of thresholds saw it.
    seen: bool,
    attack: u64,
    benign: u64,
    /// Share of attacks caught at the flag threshold.
    tpr_flag: Option<f64>,
    tpr_block: Option<f64>,
    /// Share of benign rows caught at the flag threshold.
    fpr_flag: Option<f64>,
    fpr_block: Option<f64>,
}

impl From<&Engine> for ModelInfo {
    fn from(engine: &Engine) -> Self {
        let in_force = engine.model();
        let manifest = in_force.detector.manifest();
        let data = manifest.data.iter().map(|source| DataSet {
            name: source.name.clone(),
            licence: source.licence.clone(),
            attack: source.attack,
            benign: source.benign,
            sha256: source.sha256.clone(),
        });
        let metrics = manifest.metrics.iter().map(|measured| SetQuality {
            set: measured.set.clone(),
            seen: measured.seen,
            attack: measured.attack,
            benign: measured.benign,
            tpr_flag: measured.tpr_flag.map(fraction),
            tpr_block: measured.tpr_block.map(fraction),
            fpr_flag: measured.fpr_flag.map(fraction),
            fpr_block: measured.fpr_block.map(fraction),
        });
        let quality = in_force.detector.quality().map(|quality| {
            let sets = quality.sets.iter().map(|each| {
                let classes = each.classes.iter().map(|(class, count)| MeasuredClass {
                    class: class.clone(),
                    attack: count.total,
                    caught: count.caught,
                });
                MeasuredSet {
                    set: each.set.clone(),
                    attack: each.attack.total,
                    caught: each.attack.caught,
                    benign: each.benign.total,
                    false_alarms: each.benign.caught,
                    classes: classes.collect(),
                }
            });
            MeasuredQuality {
                measured_at: quality.measured_at.clone(),
                hash: quality.weights_sha256.clone(),
                threshold: fraction(quality.threshold),
                sets: sets.collect(),
            }
        });
        Self {
            model_loaded: true,
            model_exists: true,
            vocab_exists: true,
            threshold: fraction(in_force.policy.thresholds.block),
            version: manifest.version.clone(),
            model_path: None,
            vocab_path: None,
            card: Some(ModelCard {
                trained_at: manifest.trained_at.clone(),
                data: data.collect(),
                metrics: metrics.collect(),
                hash: manifest.weights_sha256.clone(),
                quality,
            }),
            refused: engine.model_refusal().map(RefusedModel::from),
        }
    }
}

/// What the WAF service answers at `/config`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServiceConfig {
    threshold: f64,
    flag_threshold: f64,
    mode: ModeName,
    model: Option<String>,
    device: &'static str,
    max_batch_size: usize,
    /// Seconds.
    timeout: f64,
    vocab_size: u64,
}

impl ServiceConfig {
    /// The configuration in force, with the server's own deadline in seconds.
    pub(crate) fn new(engine: &Engine, deadline: std::time::Duration) -> Self {
        let in_force = engine.model();
        let policy = in_force.policy;
        Self {
            threshold: fraction(policy.thresholds.block),
            flag_threshold: fraction(policy.thresholds.flag),
            mode: Named(policy.mode),
            model: Some(in_force.version().to_owned()),
            device: "cpu",
            max_batch_size: MAX_BATCH,
            timeout: deadline.as_secs_f64(),
            vocab_size: vocab_size(&in_force),
        }
    }
}

/// Buckets of the model's hashed tables: what a vocabulary is to it.
pub(crate) fn vocab_size(model: &ModelInForce) -> u64 {
    let shape = model.detector.manifest().features;
    [shape.gram_bits, shape.token_bits].iter().map(|bits| 1_u64.checked_shl(*bits).unwrap_or(0)).sum()
}

/// The answer to a new threshold.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewThreshold {
    /// Always `success`.
    status: &'static str,
    new_threshold: f64,
}

impl NewThreshold {
    /// The threshold that is in force now.
    pub(crate) fn of(engine: &Engine) -> Self {
        Self { status: "success", new_threshold: fraction(engine.model().policy.thresholds.block) }
    }
}

#[cfg(test)]
mod tests {
    use bartizan_model::Mode;

    use super::*;

    #[test]
    fn a_change_names_what_differs_alone() {
        let config = |threshold, flag_threshold, mode| WafConfig {
            threshold,
            flag_threshold,
            mode: Named(mode),
            model_available: true,
            service_enabled: true,
        };
        let before = config(0.5, 0.4, Mode::Monitor);
        assert_eq!(config(0.6, 0.4, Mode::Monitor).changed_from(&before), "threshold 0.5 → 0.6");
        assert_eq!(
            config(0.5, 0.3, Mode::Block).changed_from(&before),
            "flag threshold 0.4 → 0.3, mode monitor → block"
        );
        assert_eq!(before.changed_from(&before), "thresholds and mode set, none changed");
    }
}
