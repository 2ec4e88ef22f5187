//! Whether every judged request is kept.

use std::sync::PoisonError;

use super::{Outcome, Probe};

pub(super) const PROBE: Probe = Probe {
    id: 8,
    key: "recording",
    name: "Judged requests are recorded",
    why: "A request that was judged and not kept is missing among the threats, whatever the verdict was.",
    weight: 1,
    measure: |shared| {
        Box::pin(async move {
            let now = shared.behind.unrecorded();
            let mut seen = shared.checks.unrecorded.lock().unwrap_or_else(PoisonError::into_inner);
            judge(std::mem::replace(&mut *seen, now), now)
        })
    },
};

fn judge(before: u64, now: u64) -> Outcome {
    let value = format!("{now} not kept since the start");
    if now > before {
        return Outcome::warning(
            value,
            format!("{} judged requests could not be kept since the last look", now - before),
            "requests come faster than the database takes them: give it a faster disk, or ask with record=false",
        );
    }
    Outcome::pass(value, "every judged request of late was kept")
}

#[cfg(test)]
mod tests {
    use bartizan_model::CheckStatus;

    use super::*;

    #[test]
    fn only_fresh_losses_are_told() {
        assert_eq!(judge(0, 0).status, CheckStatus::Pass);
        assert_eq!(judge(0, 5).status, CheckStatus::Warning);
        assert_eq!(judge(5, 5).status, CheckStatus::Pass);
    }
}
