//! Security checks: each measures one thing that must hold for the product to do its work, and says how to mend it.
//!
//! All of them stand in one list. They run on a schedule and on demand; a status that changes is kept and told live.

mod clock;
mod cors;
mod detector;
mod disk;
mod exposure;
mod lag;
mod live;
mod mode;
mod model;
mod outcome;
mod parsing;
mod recording;
mod retention;
mod run;
mod sources;
mod store;
mod surroundings;
mod tasks;
mod thresholds;

use std::pin::Pin;
use std::sync::Arc;

pub(crate) use disk::disk_free;
pub use disk::examine as examine_disk;
pub use exposure::examine as examine_exposure;
pub use model::examine as examine_model;
pub use outcome::{Outcome, SecurityCheck};
pub(crate) use run::{Checks, RunChecks};
pub use surroundings::Surroundings;

use crate::engine::Shared;

/// One check: what it is, and how it is measured.
pub(crate) struct Probe {
    /// Its number, which never changes.
    id: i64,
    /// Its stable name.
    key: &'static str,
    /// Its name for people.
    name: &'static str,
    /// Why it matters.
    why: &'static str,
    /// How much it counts in the weighted score: 3 where attacks would go unseen, 1 where it is a matter of care.
    weight: u32,
    measure: fn(Arc<Shared>) -> Measuring,
}

/// A measurement under way.
type Measuring = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// Every check there is.
const ALL: [Probe; 16] = [
    detector::PROBE,
    model::PROBE,
    thresholds::PROBE,
    mode::PROBE,
    store::PROBE,
    disk::PROBE,
    retention::PROBE,
    recording::PROBE,
    sources::PROBE,
    parsing::PROBE,
    lag::PROBE,
    live::PROBE,
    exposure::PROBE,
    cors::PROBE,
    clock::PROBE,
    tasks::PROBE,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn numbers_and_names_of_checks_are_their_own() {
        assert_eq!(ALL.iter().map(|probe| probe.id).collect::<BTreeSet<_>>().len(), ALL.len());
        assert_eq!(ALL.iter().map(|probe| probe.key).collect::<BTreeSet<_>>().len(), ALL.len());
        assert!(ALL.iter().all(|probe| probe.id >= 1 && (1..=3).contains(&probe.weight)));
    }
}
