//! Whether the thresholds are such that the model was measured with.

use bartizan_detect::Thresholds;

use super::{Outcome, Probe};

pub(super) const PROBE: Probe = Probe {
    id: 3,
    key: "thresholds",
    name: "Thresholds lie in the calibrated band",
    why: "Scores are calibrated probabilities: far below the model's own thresholds most of what is stopped is innocent, far above them attacks pass.",
    weight: 2,
    measure: |shared| {
        Box::pin(async move {
            let model = shared.judge.in_force();
            let own = model.detector.manifest().thresholds;
            judge(model.policy.thresholds, own)
        })
    },
};

fn judge(now: Thresholds, own: Thresholds) -> Outcome {
    let value = format!(
        "block from {:.4}, flag from {:.4}; the model's own: {:.4} and {:.4}",
        now.block, now.flag, own.block, own.flag
    );
    let remedy = format!(
        "set threshold near {:.4} and flag_threshold near {:.4}; the score histogram shows what either would change",
        own.block, own.flag
    );
    // Half way from the model's own to where everything, or nothing, would be stopped.
    let band = own.flag.min(own.block) / 2.0..=f64::midpoint(own.block, 1.0);
    if now.flag <= 0.0 || now.block <= 0.0 {
        return Outcome::fail(value, "every request counts as an attack", remedy);
    }
    if now.block >= 1.0 {
        return Outcome::fail(
            value,
            "no score reaches the threshold: nothing is judged worth stopping",
            remedy,
        );
    }
    if !band.contains(&now.block) || !band.contains(&now.flag) {
        return Outcome::warning(
            value,
            "a threshold lies outside the band that the model was measured in",
            remedy,
        );
    }
    Outcome::pass(value, "both thresholds lie in the band that the model was measured in")
}

#[cfg(test)]
mod tests {
    use bartizan_model::CheckStatus;

    use super::*;

    #[test]
    fn only_thresholds_near_the_models_own_pass() {
        let own = Thresholds { flag: 0.45, block: 0.5 };
        for (flag, block, status) in [
            (0.45, 0.5, CheckStatus::Pass),
            (0.3, 0.7, CheckStatus::Pass),
            (0.1, 0.5, CheckStatus::Warning),
            (0.45, 0.9, CheckStatus::Warning),
            (0.0, 0.5, CheckStatus::Fail),
            (0.5, 1.0, CheckStatus::Fail),
        ] {
            assert_eq!(judge(Thresholds { flag, block }, own).status, status, "{flag} {block}");
        }
    }
}
