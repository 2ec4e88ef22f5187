//! Thresholds and mode that are set while the server runs: in force for the next request, kept in the store, and set
//! aside when the configuration is changed after them. The latest word wins, whichever way it came.

use bartizan_model::Mode;
use serde::{Deserialize, Serialize};

use crate::model::{ModelInForce, PolicySettings};
use crate::{AlertSettings, Engine, EngineError, Masking};

/// Name of the setting in the store.
const SETTING: &str = "policy";

/// What is to be set; what is left out stays.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PolicyChange {
    /// Score from which a request is judged worth blocking, 0 to 1.
    pub threshold: Option<f64>,
    /// Score from which a request is flagged, 0 to 1. Without it, a threshold below it takes it along.
    pub flag_threshold: Option<f64>,
    /// Whether verdicts are carried out.
    pub mode: Option<Mode>,
}

/// What was set while the server ran, with the configuration that it was set against.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
struct Stored {
    set: Set,
    configured: PolicySettings,
}

/// The members that were set.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
struct Set {
    #[serde(default)]
    threshold: Option<f64>,
    #[serde(default)]
    flag_threshold: Option<f64>,
    #[serde(default)]
    mode: Option<Mode>,
}

impl Stored {
    /// What is in force when this was set and the configuration now says that: a member whose configuration was
    /// changed since then follows the configuration.
    fn over(self, configured: PolicySettings) -> Self {
        let Self { mut set, configured: before } = self;
        if before.threshold != configured.threshold {
            set.threshold = None;
        }
        if before.flag_threshold != configured.flag_threshold {
            set.flag_threshold = None;
        }
        if before.mode != configured.mode {
            set.mode = None;
        }
        Self { set, configured }
    }

    fn settings(self) -> PolicySettings {
        PolicySettings {
            mode: self.set.mode.unwrap_or(self.configured.mode),
            threshold: self.set.threshold.or(self.configured.threshold),
            flag_threshold: self.set.flag_threshold.or(self.configured.flag_threshold),
        }
    }

    /// This with a change to what is in force now.
    fn with(self, change: PolicyChange, now: &ModelInForce) -> Self {
        let mut set = self.set;
        set.mode = change.mode.or(set.mode);
        set.threshold = change.threshold.or(set.threshold);
        set.flag_threshold = change.flag_threshold.or(set.flag_threshold);
        let block = change.threshold.unwrap_or(now.policy.thresholds.block);
        if change.flag_threshold.is_none() && now.policy.thresholds.flag > block {
            set.flag_threshold = Some(block);
        }
        Self { set, ..self }
    }
}

impl Engine {
    /// Sets thresholds and mode: in force for the next request, kept for the next start.
    ///
    /// # Errors
    /// [`EngineError::Thresholds`] when the thresholds contradict each other or are none, [`EngineError::Store`] when
    /// they cannot be kept; then nothing changes.
    pub async fn set_policy(&self, change: PolicyChange) -> Result<PolicySettings, EngineError> {
        let _one_at_a_time = self.shared.policy_change.lock().await;
        let now = self.model();
        for threshold in [change.threshold, change.flag_threshold].into_iter().flatten() {
            if !(0.0..=1.0).contains(&threshold) {
                let thresholds = now.policy.thresholds;
                return Err(EngineError::Thresholds {
                    flag: change.flag_threshold.unwrap_or(thresholds.flag),
                    block: change.threshold.unwrap_or(thresholds.block),
                });
            }
        }
        let configured = self.shared.configured_policy();
        let stored = self.stored_policy().await?.unwrap_or_default().over(configured).with(change, &now);
        // Tried before it is kept, so that nothing is kept that cannot be put in force.
        ModelInForce::new(std::sync::Arc::clone(&now.detector), stored.settings())?;
        self.keep(stored).await?;
        self.shared.judge.set_policy(stored.settings())?;
        let thresholds = self.model().policy.thresholds;
        tracing::info!(
            model.threshold = thresholds.block,
            model.flag_threshold = thresholds.flag,
            mode = stored.settings().mode.as_str(),
            "the policy was changed"
        );
        Ok(stored.settings())
    }

    /// Takes over a configuration that was read again. What was set while the server ran stays where the configuration
    /// was not changed since.
    ///
    /// # Errors
    /// As [`Engine::set_policy`].
    pub async fn configure_policy(&self, configured: PolicySettings) -> Result<PolicySettings, EngineError> {
        let _one_at_a_time = self.shared.policy_change.lock().await;
        let known = self.stored_policy().await?;
        let stored = known.unwrap_or(Stored { configured, ..Stored::default() }).over(configured);
        let stored = match self.shared.judge.set_policy(stored.settings()) {
            Ok(()) => stored,
            Err(error) if stored.set != Set::default() => {
                tracing::error!(%error, "what was set while the server ran cannot be in force any more and is left aside");
                let stored = Stored { configured, ..Stored::default() };
                self.shared.judge.set_policy(stored.settings())?;
                stored
            }
            Err(error) => return Err(error),
        };
        self.shared.set_configured_policy(configured);
        if known.is_some_and(|known| known != stored) {
            self.keep(stored).await?;
        }
        if stored.set != Set::default() {
            tracing::info!(
                "thresholds or mode that were set while the server ran go before the configuration; \
                 change the configuration to return to it"
            );
        }
        Ok(stored.settings())
    }

    /// Raises alerts by the thresholds of a configuration that was read again.
    pub fn configure_alerts(&self, settings: AlertSettings) {
        self.shared.alerts.configure(settings);
    }

    /// Hides the secrets that a configuration which was read again names, from the next request on.
    pub fn configure_masking(&self, masking: Masking) {
        self.shared.judge.set_masking(masking);
    }

    async fn stored_policy(&self) -> Result<Option<Stored>, EngineError> {
        let Some(text) = self.shared.store.setting(SETTING).await? else { return Ok(None) };
        match serde_json::from_str(&text) {
            Ok(stored) => Ok(Some(stored)),
            Err(error) => {
                tracing::error!(%error, "the kept policy cannot be read and is left aside");
                Ok(None)
            }
        }
    }

    async fn keep(&self, stored: Stored) -> Result<(), EngineError> {
        let text = serde_json::to_string(&stored).map_err(|_| EngineError::Judging)?;
        Ok(self.shared.store.set_setting(SETTING, &text, self.now()).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIGURED: PolicySettings =
        PolicySettings { mode: Mode::Monitor, flag_threshold: Some(0.3), threshold: Some(0.5) };

    #[test]
    fn what_was_set_lasts_until_the_configuration_is_changed() {
        let set = Set { threshold: Some(0.7), flag_threshold: None, mode: Some(Mode::Block) };
        let stored = Stored { set, configured: CONFIGURED };
        let same = stored.over(CONFIGURED).settings();
        assert_eq!((same.threshold, same.flag_threshold, same.mode), (Some(0.7), Some(0.3), Mode::Block));
        let changed = stored.over(PolicySettings { threshold: Some(0.6), ..CONFIGURED }).settings();
        assert_eq!((changed.threshold, changed.mode), (Some(0.6), Mode::Block));
        let other = stored.over(PolicySettings { flag_threshold: None, ..CONFIGURED }).settings();
        assert_eq!((other.threshold, other.flag_threshold), (Some(0.7), None));
    }
}
