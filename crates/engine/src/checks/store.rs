//! Whether rows can be written and read.

use std::time::{Duration, Instant};

use bartizan_store::StoreError;

use super::{Outcome, Probe};

pub(super) const PROBE: Probe = Probe {
    id: 5,
    key: "store",
    name: "Database",
    why: "What cannot be written is lost for the lists, the charts and the alerts, and log sources stand still.",
    weight: 3,
    measure: |shared| {
        Box::pin(async move {
            let begun = Instant::now();
            let probed = shared.store.probe().await;
            judge(probed, begun.elapsed())
        })
    },
};

/// Longest time that writing and reading back one row takes on a healthy machine.
const SLOW: Duration = Duration::from_secs(1);

fn judge(probed: Result<(), StoreError>, took: Duration) -> Outcome {
    let value = format!("{:.1} ms", took.as_secs_f64() * 1e3);
    match probed {
        Err(error) => {
            // The cause names files and belongs into the log.
            tracing::warn!(error = &error as &dyn std::error::Error, "the database does not answer");
            Outcome::fail(
                value,
                "a row could not be written and read back",
                "see the server's log for the cause; mostly the disk is full or the file cannot be written",
            )
        }
        Ok(()) if took > SLOW => Outcome::warning(
            value,
            "writing and reading back a row took long",
            "see whether the disk is slow or another program holds the database",
        ),
        Ok(()) => Outcome::pass(value, "wrote and read a row; the schema is the one of this version"),
    }
}

#[cfg(test)]
mod tests {
    use bartizan_model::CheckStatus;

    use super::*;

    #[test]
    fn a_store_that_fails_or_is_slow_is_told() {
        assert_eq!(judge(Ok(()), Duration::from_millis(3)).status, CheckStatus::Pass);
        assert_eq!(judge(Ok(()), Duration::from_secs(2)).status, CheckStatus::Warning);
        let broken = Err(StoreError::Corrupt { what: "a row".to_owned() });
        assert_eq!(judge(broken, Duration::from_millis(3)).status, CheckStatus::Fail);
    }
}
