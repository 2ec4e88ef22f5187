//! The one detection path: whatever way a request came, it is judged here.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use arc_swap::ArcSwap;
use bartizan_detect::{Behaviour, BehaviourConfig, Detector};
use bartizan_model::{Assessment, Clock, DecidedBy, HttpRequest, Verdict};
use bartizan_store::Judged;

use crate::EngineError;
use crate::judging::Judging;
use crate::masking::Masking;
use crate::model::{ModelInForce, PolicySettings};

/// Requests below which a batch is judged on one thread: starting another costs as much as judging a few.
const PARALLEL_FROM: usize = 64;
/// Threads that judge one batch at most; the others read, commit and serve.
const MAX_THREADS: usize = 4;

/// Detector with its policy, and counters over many requests.
#[derive(Debug)]
pub(crate) struct Judge {
    in_force: ArcSwap<ModelInForce>,
    /// Held while it is replaced, so that of a new model and a new policy neither undoes the other.
    replacing: Mutex<()>,
    behaviour: Mutex<Behaviour>,
    judging: Judging,
    masking: ArcSwap<Masking>,
    clock: Arc<dyn Clock>,
    threads: usize,
}

impl Judge {
    pub(crate) fn new(
        model: ModelInForce,
        behaviour: BehaviourConfig,
        masking: Masking,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS);
        Self {
            in_force: ArcSwap::from_pointee(model),
            replacing: Mutex::default(),
            behaviour: Mutex::new(Behaviour::new(behaviour)),
            judging: Judging::default(),
            masking: ArcSwap::from_pointee(masking),
            clock,
            threads,
        }
    }

    /// The model and policy of this moment.
    pub(crate) fn in_force(&self) -> Arc<ModelInForce> {
        self.in_force.load_full()
    }

    /// Puts another model in force, with what the operator set, and returns the one before. Batches under way end with
    /// theirs.
    ///
    /// # Errors
    /// [`EngineError::Thresholds`] when a threshold that was set contradicts one of the model.
    pub(crate) fn set_detector(&self, detector: Detector) -> Result<Arc<ModelInForce>, EngineError> {
        let _replacing = self.replacing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let model = ModelInForce::new(detector, self.in_force().settings)?;
        Ok(self.in_force.swap(Arc::new(model)))
    }

    /// Puts another policy in force, for the next request.
    ///
    /// # Errors
    /// As [`Judge::set_detector`].
    pub(crate) fn set_policy(&self, settings: PolicySettings) -> Result<(), EngineError> {
        let _replacing = self.replacing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let detector = Arc::clone(&self.in_force().detector);
        self.in_force.store(Arc::new(ModelInForce::new(detector, settings)?));
        Ok(())
    }

    pub(crate) fn judging(&self) -> &Judging {
        &self.judging
    }

    /// What hides secrets, for what never becomes a request.
    pub(crate) fn masking(&self) -> Arc<Masking> {
        self.masking.load_full()
    }

    /// Hides other names from the next batch on.
    pub(crate) fn set_masking(&self, masking: Masking) {
        self.masking.store(Arc::new(masking));
    }

    /// Judges requests in order of arrival, all of them by the model and policy of this moment. No secret leaves.
    pub(crate) fn judge(&self, requests: Vec<HttpRequest>) -> Vec<Judged> {
        self.judge_by(&self.in_force(), requests, true)
    }

    /// Judges requests in order of arrival. The model looks at each alone and so works on all threads; the counters
    /// depend on the order and follow it, unless the requests do not count. Once all is decided, secrets are hidden.
    pub(crate) fn judge_by(
        &self,
        model: &ModelInForce,
        requests: Vec<HttpRequest>,
        counted: bool,
    ) -> Vec<Judged> {
        let detector = &model.detector;
        let mut judged = if requests.len() < PARALLEL_FROM {
            requests.into_iter().map(|request| assess(detector, request)).collect()
        } else {
            self.assess_in_parallel(detector, requests)
        };
        if counted {
            // A panic while counting would leave counters, not broken invariants: go on with them.
            let mut behaviour = self.behaviour.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            for one in &mut judged {
                one.assessment.findings.extend(behaviour.observe(&one.request));
            }
        }
        for one in judged.iter_mut().filter(|one| one.verdict.decided_by != DecidedBy::Failure) {
            one.verdict = model.policy.decide(&one.assessment);
        }
        self.judging.record(
            self.clock.now(),
            judged.iter().map(|one| (f64::from(one.judged_us) / 1e3, one.verdict.action)),
        );
        let masking = self.masking();
        for one in &mut judged {
            masking.hide(one);
        }
        judged
    }

    fn assess_in_parallel(&self, detector: &Detector, mut requests: Vec<HttpRequest>) -> Vec<Judged> {
        let chunk = requests.len().div_ceil(self.threads);
        let mut chunks = Vec::with_capacity(self.threads);
        while requests.len() > chunk {
            chunks.push(requests.split_off(requests.len() - chunk));
        }
        chunks.push(requests);
        std::thread::scope(|scope| {
            let workers: Vec<_> = chunks
                .into_iter()
                .rev()
                .map(|chunk| {
                    scope
                        .spawn(move || chunk.into_iter().map(|one| assess(detector, one)).collect::<Vec<_>>())
                })
                .collect();
            workers
                .into_iter()
                .flat_map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        })
    }
}

fn assess(detector: &Detector, request: HttpRequest) -> Judged {
    judged_with(request, |request| detector.assess(request))
}

/// A defect of the detector concerns one request and lets it pass: it stops neither a log nor a site.
fn judged_with(request: HttpRequest, assess: impl Fn(&HttpRequest) -> Assessment) -> Judged {
    let begun = Instant::now();
    let assessed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| assess(&request)));
    let judged_us = u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX);
    let Ok(assessment) = assessed else {
        tracing::error!("judging a request ended by a defect, and it was let pass");
        let verdict = Verdict { decided_by: DecidedBy::Failure, ..Verdict::allow(None) };
        return Judged { request, assessment: Assessment::default(), verdict, judged_us };
    };
    let verdict = Verdict::allow(assessment.score);
    Judged { request, assessment, verdict, judged_us }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bartizan_model::{Action, Timestamp, Via};

    #[test]
    fn a_defect_of_the_detector_lets_one_request_pass() {
        let request = HttpRequest::new(Timestamp::from_secs(1), "GET", b"/", Via::Check);
        let judged = judged_with(request.clone(), |_| panic!("a defect"));
        assert_eq!((judged.verdict.action, judged.verdict.decided_by), (Action::Allow, DecidedBy::Failure));
        assert_eq!(judged.verdict.score, None);
        let judged = judged_with(request, |_| Assessment::default());
        assert_eq!(judged.verdict.decided_by, DecidedBy::Model);
    }
}
