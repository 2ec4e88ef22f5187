//! The model in force, with the policy that goes with it.

use bartizan_detect::{Detector, Policy, Thresholds};
use bartizan_model::Mode;

use crate::EngineError;

/// A model and the policy made for it. Both are replaced together, so that no score ever meets foreign thresholds.
#[derive(Debug)]
pub struct ModelInForce {
    /// What scores requests.
    pub detector: Detector,
    /// What decides about them.
    pub policy: Policy,
}

/// What the operator set about verdicts. What is left open comes from the model, and follows it when it is replaced.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PolicySettings {
    /// Whether verdicts are carried out.
    pub mode: Mode,
    /// Score from which a request is flagged, 0 to 1.
    pub flag_threshold: Option<f64>,
    /// Score from which a request is judged worth blocking, 0 to 1.
    pub threshold: Option<f64>,
}

impl ModelInForce {
    /// The model with what the operator set about verdicts.
    ///
    /// # Errors
    /// [`EngineError::Thresholds`] when a threshold that was set contradicts one of the model.
    pub(crate) fn new(detector: Detector, settings: PolicySettings) -> Result<Self, EngineError> {
        let own = detector.manifest().thresholds;
        let block = settings.threshold.unwrap_or(own.block);
        let flag = settings.flag_threshold.unwrap_or(own.flag.min(block));
        if flag > block {
            return Err(EngineError::Thresholds { flag, block });
        }
        Ok(Self { detector, policy: Policy { thresholds: Thresholds { flag, block }, mode: settings.mode } })
    }

    /// Name of the model, such as `wall-2`.
    pub fn version(&self) -> &str {
        &self.detector.manifest().version
    }
}
