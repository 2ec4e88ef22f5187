//! The disk, and the model with the clock.

use bartizan_engine::{Outcome, examine_disk, examine_model};
use bartizan_model::{Clock as _, SystemClock, Timestamp};

use super::finding::Finding;
use crate::settings::Settings;

pub(super) fn disk(settings: &Settings) -> Finding {
    let outcome = match bartizan_store::folder(settings.store.url.reveal()) {
        Ok(folder) if !settings.store.url.reveal().starts_with("postgres") => {
            // Where the folder is not made yet, its disk is that of the nearest one that is.
            let folder = std::path::absolute(&folder).unwrap_or(folder);
            let existing = folder.ancestors().find(|folder| folder.exists()).unwrap_or(&folder);
            examine_disk(existing)
        }
        _ => Outcome::pass("not on this machine", "rows are not kept on a disk of this machine"),
    };
    Finding::new("disk", outcome)
}

pub(super) fn model(settings: &Settings) -> Vec<Finding> {
    let detector = match super::super::detector(settings.detection.model.as_deref()) {
        Ok(detector) => detector,
        Err(error) => {
            let outcome = Outcome::fail(
                "cannot be loaded",
                format!("{error:#}"),
                "put a sound model into detection.model, or leave the setting out to use the one in the binary",
            );
            return vec![Finding::new("model", outcome)];
        }
    };
    let manifest = detector.manifest();
    let now = SystemClock.now();
    vec![
        Finding::new("clock", clock(manifest.trained_at.parse().ok(), now)),
        Finding::new("model", examine_model(manifest, now)),
    ]
}

/// A model cannot have been trained in the future.
fn clock(trained_at: Option<Timestamp>, now: Timestamp) -> Outcome {
    let value = now.to_string();
    match trained_at {
        Some(trained_at) if now < trained_at => Outcome::fail(
            value,
            format!("the clock stands before the training of the model ({trained_at})"),
            "set the clock, and let a time daemon (chrony, systemd-timesyncd) keep it",
        ),
        _ => Outcome::pass(value, "the clock is plausible"),
    }
}

#[cfg(test)]
mod tests {
    use bartizan_model::CheckStatus;

    use super::*;

    #[test]
    fn a_clock_before_the_training_of_the_model_is_wrong() {
        let at = |seconds| Timestamp::from_secs(seconds);
        assert_eq!(clock(Some(at(100)), at(99)).status, CheckStatus::Fail);
        assert_eq!(clock(Some(at(100)), at(101)).status, CheckStatus::Pass);
        assert_eq!(clock(None, at(0)).status, CheckStatus::Pass);
    }
}
