//! The figures of a measurement as they stand beside a model.

use bartizan_detect::{Caught, ModelManifest, ModelQuality, QualityOfSet};
use bartizan_model::Timestamp;

use super::{EvalReport, Share};

impl EvalReport {
    /// What `quality.json` holds: the model that was measured, when, and how much of each set it would block.
    pub fn quality(&self, manifest: &ModelManifest, measured_at: Timestamp) -> ModelQuality {
        let sets = self.sets.iter().map(|set| {
            let attacks = set.classes.iter().map(|(class, count)| (class.clone(), caught(count.attack)));
            QualityOfSet {
                set: set.file.clone(),
                attack: sum(set.classes.values().map(|count| count.attack)),
                benign: sum(set.classes.values().map(|count| count.benign)),
                classes: attacks.filter(|(_, count)| count.total > 0).collect(),
            }
        });
        ModelQuality {
            weights_sha256: manifest.weights_sha256.clone(),
            measured_at: measured_at.to_string(),
            threshold: self.threshold,
            sets: sets.collect(),
        }
    }
}

fn caught(share: Share) -> Caught {
    Caught { caught: share.caught, total: share.total }
}

fn sum(shares: impl Iterator<Item = Share>) -> Caught {
    shares.fold(Caught { caught: 0, total: 0 }, |sum, share| Caught {
        caught: sum.caught + share.caught,
        total: sum.total + share.total,
    })
}
