//! Takes committed threats into alerts; asked for after every commit that holds some.

use std::sync::Arc;
use std::time::Duration;

use super::{Task, TaskError, Trigger};
use crate::alert::AlertEngine;

pub(super) struct RaiseAlerts {
    alerts: Arc<AlertEngine>,
}

impl RaiseAlerts {
    pub(super) fn new(alerts: Arc<AlertEngine>) -> Self {
        Self { alerts }
    }
}

impl Task for RaiseAlerts {
    const NAME: &'static str = super::ALERTS;
    const ABOUT: &'static str = "Groups threats into alerts, as soon as they are committed";
    const EVERY: Duration = Duration::from_secs(15);

    async fn run(&self, _trigger: Trigger) -> Result<(), TaskError> {
        Ok(self.alerts.catch_up().await?)
    }
}
