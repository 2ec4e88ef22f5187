//! The model in force, with the policy that goes with it.

use std::sync::Arc;

use bartizan_detect::{Detector, Policy, Thresholds};
use bartizan_model::Mode;
use serde::{Deserialize, Serialize};

use crate::EngineError;

/// A model and the policy made for it. Both are replaced together, so that no score ever meets foreign thresholds.
#[derive(Debug)]
pub struct ModelInForce {
    /// What scores requests.
    pub detector: Arc<Detector>,
    /// What decides about them.
    pub policy: Policy,
    /// What the operator set, of which the policy was made.
    pub settings: PolicySettings,
}

/// What the operator set about verdicts. What is left open comes from the model, and follows it when it is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
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
    pub(crate) fn new(
        detector: impl Into<Arc<Detector>>,
        settings: PolicySettings,
    ) -> Result<Self, EngineError> {
        let detector = detector.into();
        let own = detector.manifest().thresholds;
        let block = settings.threshold.unwrap_or(own.block);
        let flag = settings.flag_threshold.unwrap_or(own.flag.min(block));
        if flag > block {
            return Err(EngineError::Thresholds { flag, block });
        }
        let policy = Policy { thresholds: Thresholds { flag, block }, mode: settings.mode };
        Ok(Self { detector, policy, settings })
    }

    /// Name of the model, such as `wall-3`.
    pub fn version(&self) -> &str {
        &self.detector.manifest().version
    }
}
