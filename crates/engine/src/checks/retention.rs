//! Whether old rows are deleted.

use std::time::Duration;

use bartizan_model::Timestamp;

use super::{Outcome, Probe};
use crate::TaskStatus;

pub(super) const PROBE: Probe = Probe {
    id: 7,
    key: "retention",
    name: "Retention is running",
    why: "Rows that are kept for longer than promised fill the disk, and may break the law.",
    weight: 2,
    measure: |shared| {
        Box::pin(async move {
            let statuses = shared.supervisor.statuses();
            let task = statuses.iter().find(|task| task.name == "retention");
            judge(task, shared.clock.now())
        })
    },
};

fn judge(task: Option<&TaskStatus>, now: Timestamp) -> Outcome {
    let remedy = "see the server's log; run the task by hand with POST /system/tasks/retention/run";
    let Some(task) = task else {
        return Outcome::fail("not there", "nothing deletes old rows", "report this: it is a defect");
    };
    let Some(last) = task.last_run else {
        return Outcome::warning(
            "never ran",
            "old rows were not looked for yet",
            "wait a moment and run this again",
        );
    };
    let ago = now.seconds_since(last).max(0.0);
    let value = format!("ran {ago:.0} s ago, {} of {} runs failed", task.failures, task.runs);
    // An error that is as young as the latest run is the error of that run.
    let failed = task.last_error_at.is_some_and(|at| at >= last);
    if failed {
        let why = task.last_error.as_deref().unwrap_or("without words");
        return Outcome::fail(value, format!("the latest run failed: {why}"), remedy);
    }
    if ago > late(task.every).as_secs_f64() {
        return Outcome::fail(value, "the run that was due did not come", remedy);
    }
    Outcome::pass(value, "old rows are deleted regularly")
}

/// Age of the latest run from which on the next one is overdue.
fn late(every: Duration) -> Duration {
    every * 3
}

#[cfg(test)]
mod tests {
    use bartizan_model::CheckStatus;

    use super::*;
    use crate::TaskState;

    fn task(last_run: i64, last_error_at: Option<i64>) -> TaskStatus {
        TaskStatus {
            name: "retention",
            about: "",
            every: Duration::from_mins(10),
            state: TaskState::Waiting,
            runs: 3,
            failures: 1,
            panics: 0,
            panics_in_a_row: 0,
            last_run: Some(Timestamp::from_secs(last_run)),
            duration: None,
            next_run: None,
            last_error: last_error_at.map(|_| "disk full".to_owned()),
            last_error_at: last_error_at.map(Timestamp::from_secs),
        }
    }

    #[test]
    fn a_run_that_failed_or_did_not_come_is_told() {
        let now = Timestamp::from_secs(10_000);
        assert_eq!(judge(Some(&task(9_900, None)), now).status, CheckStatus::Pass);
        assert_eq!(judge(Some(&task(9_900, Some(500))), now).status, CheckStatus::Pass, "it recovered");
        assert_eq!(judge(Some(&task(9_900, Some(9_901))), now).status, CheckStatus::Fail);
        assert_eq!(judge(Some(&task(1_000, None)), now).status, CheckStatus::Fail);
        assert_eq!(judge(None, now).status, CheckStatus::Fail);
    }
}
