//! Sends what the outbox holds.

use std::sync::Arc;
use std::time::Duration;

use super::{Task, TaskError, Trigger};
use crate::notify::Outbox;

pub(super) struct SendMessages {
    outbox: Arc<Outbox>,
}

impl SendMessages {
    pub(super) fn new(outbox: Arc<Outbox>) -> Self {
        Self { outbox }
    }
}

impl Task for SendMessages {
    const NAME: &'static str = "notifications";
    const ABOUT: &'static str = "Sends messages about alerts, and tries again those that did not arrive";
    const EVERY: Duration = Duration::from_secs(2);

    async fn run(&self, _trigger: Trigger) -> Result<(), TaskError> {
        Ok(self.outbox.send_due().await?)
    }
}
