//! Sends the point of each one-minute bucket soon after it closed.

use std::sync::Arc;
use std::time::Duration;

use bartizan_model::{Span, Timestamp};

use super::{Task, TaskError, Trigger};
use crate::SeriesWindow;
use crate::engine::Shared;

/// How long after a minute's end its point is sent: late lines of that minute have mostly arrived.
const DELAY_S: i64 = 2;

pub(super) struct CloseMinutes {
    shared: Arc<Shared>,
}

impl CloseMinutes {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }
}

impl Task for CloseMinutes {
    const NAME: &'static str = "chart_minutes";
    const ABOUT: &'static str = "Sends the figures of each minute that ended to open dashboards";
    const EVERY: Duration = Duration::from_mins(1);
    const AT_START: bool = false;

    fn pause(&self, now: Timestamp) -> Duration {
        let next = now.bucket_start(60).plus_micros((60 + DELAY_S) * Timestamp::SECOND_MICROS);
        Duration::from_secs_f64(next.seconds_since(now).max(0.1))
    }

    async fn run(&self, _trigger: Trigger) -> Result<(), TaskError> {
        let shared = &self.shared;
        if shared.broadcaster.connections() == 0 {
            return Ok(());
        }
        let end = shared.clock.now().bucket_start(60);
        let span = Span::new(end.plus_micros(-60 * Timestamp::SECOND_MICROS), end);
        for point in shared.analytics.series(&SeriesWindow { span, width_s: 60 }, None).await? {
            shared.broadcaster.chart(point, shared.clock.now());
        }
        Ok(())
    }
}
