//! Looks what is wrong with system and traffic, raises alerts about it, and resolves alerts whose cause has gone.

use std::sync::Arc;
use std::time::Duration;

use super::{Task, TaskError, Trigger};
use crate::engine::Shared;
use crate::watch::Watch;

pub(super) struct KeepAlerts {
    shared: Arc<Shared>,
    watch: Watch,
}

impl KeepAlerts {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, watch: Watch::default() }
    }
}

impl Task for KeepAlerts {
    const NAME: &'static str = super::ALERT_UPKEEP;
    const ABOUT: &'static str =
        "Compares figures with the thresholds for alerts, and resolves alerts whose cause has gone";
    const EVERY: Duration = Duration::from_secs(30);

    async fn run(&self, _trigger: Trigger) -> Result<(), TaskError> {
        let conditions = self.watch.look(&self.shared).await?;
        self.shared.alerts.reconcile(&conditions).await?;
        Ok(self.shared.alerts.resolve_quiet().await?)
    }
}
