//! The one detection path: whatever way a request came, it is judged here.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use bartizan_detect::{Behaviour, BehaviourConfig, Detector, Policy};
use bartizan_model::{Clock, HttpRequest};
use bartizan_store::Judged;

use crate::judging::Judging;

/// Requests below which a batch is judged on one thread: starting another costs as much as judging a few.
const PARALLEL_FROM: usize = 64;
/// Threads that judge one batch at most; the others read, commit and serve.
const MAX_THREADS: usize = 4;

/// Detector, counters over many requests, and policy.
#[derive(Debug)]
pub(crate) struct Judge {
    detector: Arc<Detector>,
    policy: Policy,
    behaviour: Mutex<Behaviour>,
    judging: Judging,
    clock: Arc<dyn Clock>,
    threads: usize,
}

impl Judge {
    pub(crate) fn new(
        detector: Arc<Detector>,
        policy: Policy,
        behaviour: BehaviourConfig,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS);
        Self {
            detector,
            policy,
            behaviour: Mutex::new(Behaviour::new(behaviour)),
            judging: Judging::default(),
            clock,
            threads,
        }
    }

    pub(crate) fn detector(&self) -> &Arc<Detector> {
        &self.detector
    }

    pub(crate) fn policy(&self) -> &Policy {
        &self.policy
    }

    pub(crate) fn judging(&self) -> &Judging {
        &self.judging
    }

    /// Judges requests in order of arrival. The model looks at each alone and so works on all threads; the counters
    /// depend on the order and follow it.
    pub(crate) fn judge(&self, requests: Vec<HttpRequest>) -> Vec<Judged> {
        let mut judged = if requests.len() < PARALLEL_FROM {
            requests.into_iter().map(|request| self.assess(request)).collect()
        } else {
            self.assess_in_parallel(requests)
        };
        {
            // A panic while counting would leave counters, not broken invariants: go on with them.
            let mut behaviour = self.behaviour.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            for one in &mut judged {
                one.assessment.findings.extend(behaviour.observe(&one.request));
            }
        }
        for one in &mut judged {
            one.verdict = self.policy.decide(&one.assessment);
        }
        self.judging.record(
            self.clock.now(),
            judged.iter().map(|one| {
                (f64::from(one.judged_us) / 1e3, one.verdict.action != bartizan_model::Action::Allow)
            }),
        );
        judged
    }

    fn assess_in_parallel(&self, mut requests: Vec<HttpRequest>) -> Vec<Judged> {
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
                    scope.spawn(move || chunk.into_iter().map(|one| self.assess(one)).collect::<Vec<_>>())
                })
                .collect();
            workers
                .into_iter()
                .flat_map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        })
    }

    fn assess(&self, request: HttpRequest) -> Judged {
        let begun = Instant::now();
        let assessment = self.detector.assess(&request);
        let judged_us = u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX);
        let verdict = bartizan_model::Verdict::allow(assessment.score);
        Judged { request, assessment, verdict, judged_us }
    }
}
