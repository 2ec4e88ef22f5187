//! Deletes what retention no longer keeps.

use std::sync::Arc;
use std::time::Duration;

use bartizan_model::Timestamp;
use bartizan_store::{Expired, RetentionCutoffs};

use super::{Task, TaskError, Trigger};
use crate::Retention;
use crate::engine::Shared;

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
        let expired = shared.store.expire(cutoffs(shared.clock.now(), shared.settings.retention)).await?;
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

fn cutoffs(now: Timestamp, retention: Retention) -> RetentionCutoffs {
    let before = |days: u32| now.plus_micros(-i64::from(days) * 86_400 * Timestamp::SECOND_MICROS);
    RetentionCutoffs {
        traffic: before(retention.traffic_days),
        threats: before(retention.threats_days),
        alerts: before(retention.alerts_days),
        metrics: before(retention.metrics_days),
    }
}
