//! Whether the model is the one that was trained, and not too old.

use bartizan_model::Timestamp;

use super::{Outcome, Probe};

pub(super) const PROBE: Probe = Probe {
    id: 2,
    key: "model",
    name: "Model is whole and fresh",
    why: "Weights that were changed judge as whoever changed them likes; attacks that came up after the training may look harmless.",
    weight: 3,
    measure: |shared| {
        Box::pin(async move {
            let model = shared.judge.in_force();
            let refusal = shared.model_folder.as_ref().and_then(|folder| folder.refusal());
            let manifest = model.detector.manifest();
            judge(
                &manifest.version,
                &manifest.weights_sha256,
                manifest.trained_at.parse().ok(),
                shared.clock.now(),
                refusal.map(|refusal| refusal.problem),
            )
        })
    },
};

/// Judges the model that a manifest describes and whose weights were compared with it.
pub fn examine(manifest: &bartizan_detect::ModelManifest, now: Timestamp) -> Outcome {
    judge(&manifest.version, &manifest.weights_sha256, manifest.trained_at.parse().ok(), now, None)
}

/// Days after which a model is old.
const OLD_DAYS: f64 = 365.0;

fn judge(
    version: &str,
    hash: &str,
    trained_at: Option<Timestamp>,
    now: Timestamp,
    refused: Option<String>,
) -> Outcome {
    // The hash was compared when the weights were read, and what is in memory nobody can exchange.
    let short = hash.get(..12).unwrap_or(hash);
    if let Some(problem) = refused {
        return Outcome::warning(
            format!("{version}, hash {short}…"),
            format!("the model that lies in the folder was refused: {problem}"),
            "put a sound model into the folder, or take the changed files out",
        );
    }
    let Some(trained_at) = trained_at else {
        return Outcome::warning(
            format!("{version}, hash {short}…"),
            "the model does not say when it was trained",
            "load a model with trained_at in its manifest",
        );
    };
    let days = now.seconds_since(trained_at) / 86_400.0;
    let value = format!("{version}, hash {short}…, {:.0} days old", days.max(0.0));
    if days > OLD_DAYS {
        let message = "the model is older than a year";
        return Outcome::warning(value, message, "train it anew with `bartizan train`, or update bartizan");
    }
    Outcome::pass(value, "the weights are those of the manifest, and the training is recent")
}

#[cfg(test)]
mod tests {
    use bartizan_model::CheckStatus;

    use super::*;

    #[test]
    fn an_old_a_refused_and_an_undated_model_are_told() {
        let day = |days: i64| Timestamp::from_secs(days * 86_400);
        let status = |trained, refused: Option<&str>| {
            judge("wall-3", "0123456789abcdef", trained, day(1_000), refused.map(str::to_owned)).status
        };
        assert_eq!(status(Some(day(900)), None), CheckStatus::Pass);
        assert_eq!(status(Some(day(600)), None), CheckStatus::Warning);
        assert_eq!(status(None, None), CheckStatus::Warning);
        assert_eq!(status(Some(day(900)), Some("hash differs")), CheckStatus::Warning);
    }
}
