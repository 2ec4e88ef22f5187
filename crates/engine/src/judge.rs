//! The one detection path: whatever way a request came, it is judged here.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use arc_swap::ArcSwap;
use bartizan_detect::{Behaviour, BehaviourConfig, Detector};
use bartizan_model::{Clock, HttpRequest};
use bartizan_store::Judged;

use crate::judging::Judging;
use crate::masking::Masking;
use crate::model::ModelInForce;

/// Requests below which a batch is judged on one thread: starting another costs as much as judging a few.
const PARALLEL_FROM: usize = 64;
/// Threads that judge one batch at most; the others read, commit and serve.
const MAX_THREADS: usize = 4;

/// Detector with its policy, and counters over many requests.
#[derive(Debug)]
pub(crate) struct Judge {
    in_force: ArcSwap<ModelInForce>,
    behaviour: Mutex<Behaviour>,
    judging: Judging,
    masking: Arc<Masking>,
    clock: Arc<dyn Clock>,
    threads: usize,
}

impl Judge {
    pub(crate) fn new(
        model: ModelInForce,
        behaviour: BehaviourConfig,
        masking: Arc<Masking>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS);
        Self {
            in_force: ArcSwap::from_pointee(model),
            behaviour: Mutex::new(Behaviour::new(behaviour)),
            judging: Judging::default(),
            masking,
            clock,
            threads,
        }
    }

    /// The model and policy of this moment.
    pub(crate) fn in_force(&self) -> Arc<ModelInForce> {
        self.in_force.load_full()
    }

    /// Puts another model and its policy in force and returns the one before. Batches under way end with theirs.
    pub(crate) fn replace(&self, model: ModelInForce) -> Arc<ModelInForce> {
        self.in_force.swap(Arc::new(model))
    }

    pub(crate) fn judging(&self) -> &Judging {
        &self.judging
    }

    /// What hides secrets, for what never becomes a request.
    pub(crate) fn masking(&self) -> &Masking {
        &self.masking
    }

    /// Judges requests in order of arrival, all of them by the model and policy of this moment. No secret leaves.
    pub(crate) fn judge(&self, requests: Vec<HttpRequest>) -> Vec<Judged> {
        self.judge_by(&self.in_force(), requests)
    }

    /// Judges requests in order of arrival. The model looks at each alone and so works on all threads; the counters
    /// depend on the order and follow it. Once all is decided, secrets are hidden.
    pub(crate) fn judge_by(&self, model: &ModelInForce, requests: Vec<HttpRequest>) -> Vec<Judged> {
        let detector = &model.detector;
        let mut judged = if requests.len() < PARALLEL_FROM {
            requests.into_iter().map(|request| assess(detector, request)).collect()
        } else {
            self.assess_in_parallel(detector, requests)
        };
        {
            // A panic while counting would leave counters, not broken invariants: go on with them.
            let mut behaviour = self.behaviour.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            for one in &mut judged {
                one.assessment.findings.extend(behaviour.observe(&one.request));
            }
        }
        for one in &mut judged {
            one.verdict = model.policy.decide(&one.assessment);
        }
        self.judging.record(
            self.clock.now(),
            judged.iter().map(|one| {
                (f64::from(one.judged_us) / 1e3, one.verdict.action != bartizan_model::Action::Allow)
            }),
        );
        for one in &mut judged {
            self.masking.hide(one);
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
    let begun = Instant::now();
    let assessment = detector.assess(&request);
    let judged_us = u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX);
    let verdict = bartizan_model::Verdict::allow(assessment.score);
    Judged { request, assessment, verdict, judged_us }
}
