//! Whether background work is done.

use super::{Outcome, Probe};
use crate::TaskStatus;

pub(super) const PROBE: Probe = Probe {
    id: 16,
    key: "tasks",
    name: "Background tasks are well",
    why: "What runs beside the requests measures, deletes and warns; where it stops, nobody notices the rest.",
    weight: 1,
    measure: |shared| Box::pin(async move { judge(&shared.supervisor.statuses()) }),
};

fn judge(tasks: &[TaskStatus]) -> Outcome {
    let ill: Vec<&TaskStatus> = tasks.iter().filter(|task| task.panics_in_a_row > 0).collect();
    let value = format!("{} of {} tasks are well", tasks.len() - ill.len(), tasks.len());
    let Some(task) = ill.first() else { return Outcome::pass(value, "every background task does its work") };
    let message = format!(
        "task {} ended by a defect {} times in a row: {}",
        task.name,
        task.panics_in_a_row,
        task.last_error.as_deref().unwrap_or("without words")
    );
    Outcome::fail(value, message, "report this with the server's log; the task is tried again by itself")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bartizan_model::CheckStatus;

    use super::*;
    use crate::TaskState;

    #[test]
    fn a_task_that_panics_is_told_by_name() {
        let task = |panics_in_a_row| TaskStatus {
            name: "measure",
            about: "",
            every: Duration::from_secs(5),
            state: TaskState::BackingOff,
            runs: 9,
            failures: 0,
            panics: 0,
            panics_in_a_row,
            last_run: None,
            duration: None,
            next_run: None,
            last_error: None,
            last_error_at: None,
        };
        assert_eq!(judge(&[task(0)]).status, CheckStatus::Pass);
        let ill = judge(&[task(0), task(2)]);
        assert_eq!(ill.status, CheckStatus::Fail);
        assert!(ill.message.contains("measure"));
    }
}
