//! Looks at the model's folder, regularly and when asked to.

use std::sync::Arc;
use std::time::Duration;

use bartizan_model::Timestamp;

use super::{Task, TaskError, Trigger};
use crate::engine::Shared;
use crate::model_folder::ModelFolder;

pub(crate) struct FollowModel {
    folder: Arc<ModelFolder>,
    every: Duration,
    shared: Arc<Shared>,
}

impl FollowModel {
    pub(super) fn new(folder: Arc<ModelFolder>, every: Duration, shared: Arc<Shared>) -> Self {
        Self { folder, every, shared }
    }
}

impl Task for FollowModel {
    const NAME: &'static str = "model";
    const ABOUT: &'static str = "Looks at the model's folder and takes in a sound model that changed";
    const EVERY: Duration = Duration::from_secs(2);

    fn pause(&self, _now: Timestamp) -> Duration {
        self.every
    }

    async fn run(&self, trigger: Trigger) -> Result<(), TaskError> {
        let folder = Arc::clone(&self.folder);
        // Reading, hashing and taking in a megabyte of weights keeps a thread busy for a while.
        let looked = tokio::task::spawn_blocking(move || folder.look(trigger == Trigger::Manual)).await;
        match looked {
            Ok(replaced) => {
                if let Some(replaced) = replaced {
                    self.shared.access.note_new_model(&replaced.before, &replaced.now).await;
                }
                Ok(())
            }
            // A panic of the look is one of this task; the supervisor contains it, and the model stays.
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(TaskError::new("the look was cut off")),
            },
        }
    }
}
