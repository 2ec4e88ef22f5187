//! Deletes what retention no longer keeps.

use std::sync::Arc;
use std::time::Duration;

use bartizan_store::Expired;

use super::{Task, TaskError, Trigger};
use crate::engine::Shared;
use crate::retention;

pub(super) struct Expire {
    shared: Arc<Shared>,
}

impl Expire {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }
}

impl Task for Expire {
    const NAME: &'static str = "retention";
    const ABOUT: &'static str = "Deletes rows that are older than the days they are kept for";
    const EVERY: Duration = Duration::from_mins(10);

    async fn run(&self, _trigger: Trigger) -> Result<(), TaskError> {
        let shared = &self.shared;
        let expired = retention::prune(&*shared.store, shared.clock.now(), shared.settings.retention).await?;
        if expired != Expired::default() {
            tracing::info!(
                traffic = expired.traffic,
                threats = expired.threats,
                activities = expired.activities,
                alerts = expired.alerts,
                "expired rows were deleted"
            );
        }
        Ok(())
    }
}
