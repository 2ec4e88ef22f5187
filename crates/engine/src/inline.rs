//! Requests that someone waits for: judged at once, recorded behind the answer.
//!
//! What is to be recorded goes into a queue of bounded size; one task commits whatever lies in it, so that rows share
//! transactions exactly when there are many of them. What was answered shortly before a crash may therefore be missing
//! among the rows; a stop commits it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bartizan_detect::Policy;
use bartizan_model::{Action, HttpRequest, Mode};
use bartizan_store::{CommitBatch, Judged};
use tokio::sync::mpsc::error::SendError;
use tokio::sync::mpsc::{Permit, PermitIterator, Receiver, Sender, channel};

use crate::engine::Shared;
use crate::{Engine, EngineError};

/// Judged requests that wait for their commit: at the size of ordinary ones, some ten megabytes.
const QUEUE: usize = 8_192;
/// Rows per commit at most.
const BATCH: usize = 1_000;
/// How long an answer waits for room in the queue before it is refused.
const PATIENCE: Duration = Duration::from_secs(1);
/// Pause before a failed commit is tried again.
const RETRY: Duration = Duration::from_millis(500);
/// Bytes of requests up to which judging them takes less time than handing them to another thread would be worth.
const SHORT_BYTES: usize = 8 << 10;

/// What becomes of a request that was judged while someone waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recording {
    /// Nothing: it is not counted anywhere.
    No,
    /// It is kept; while the queue is full, the answer waits, and is refused in the end.
    Kept,
    /// It is kept if there is room; the answer never waits.
    IfRoom,
}

/// The verdict on a request that someone waits for.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The request, what was seen in it, and what was decided.
    pub judged: Judged,
    /// The policy that decided.
    pub policy: Policy,
}

/// The queue of what is to be recorded.
#[derive(Debug)]
pub(crate) struct Behind {
    sender: Sender<Judged>,
    unrecorded: AtomicU64,
}

impl Behind {
    pub(crate) fn new() -> (Self, Receiver<Judged>) {
        let (sender, receiver) = channel(QUEUE);
        (Self { sender, unrecorded: AtomicU64::new(0) }, receiver)
    }

    /// Requests that were judged and could not be kept since the process started.
    pub(crate) fn unrecorded(&self) -> u64 {
        self.unrecorded.load(Ordering::Relaxed)
    }

    /// Requests that wait to be recorded.
    pub(crate) fn waiting(&self) -> usize {
        self.sender.max_capacity().saturating_sub(self.sender.capacity())
    }

    /// Room for so many.
    async fn room(&self, count: usize) -> Result<PermitIterator<'_, Judged>, EngineError> {
        let room = tokio::time::timeout(PATIENCE, self.sender.reserve_many(count)).await;
        room.map_err(|_| EngineError::QueueFull)?.map_err(|SendError(())| EngineError::Stopping)
    }

    fn room_now(&self) -> Option<Permit<'_, Judged>> {
        self.sender.try_reserve().ok()
    }

    fn note_unrecorded(&self, count: u64) {
        if self.unrecorded.fetch_add(count, Ordering::Relaxed) == 0 {
            tracing::warn!(
                "requests are judged faster than they can be recorded; those without room are counted only"
            );
        }
    }
}

impl Engine {
    /// Judges requests that did not come from a log.
    ///
    /// # Errors
    /// [`EngineError::QueueFull`] and [`EngineError::Stopping`] when they should be recorded and cannot be.
    pub async fn check(
        &self,
        requests: Vec<HttpRequest>,
        recording: Recording,
    ) -> Result<Vec<Checked>, EngineError> {
        let behind = &self.shared.behind;
        let room = match recording {
            // Before judging, so that a server with too much to do does not do more of it.
            Recording::Kept => Some(behind.room(requests.len()).await?),
            Recording::No | Recording::IfRoom => None,
        };
        let (policy, judged) = self.judge_now(requests, recording != Recording::No).await?;
        if let Some(room) = room {
            for (place, one) in room.zip(&judged) {
                place.send(one.clone());
            }
        } else if recording == Recording::IfRoom {
            for one in &judged {
                match behind.room_now() {
                    Some(place) => place.send(one.clone()),
                    None => behind.note_unrecorded(1),
                }
            }
        }
        Ok(judged.into_iter().map(|judged| Checked { judged, policy }).collect())
    }

    /// Judges with the policy of this moment. `counted` says whether the counters over many requests learn of them.
    async fn judge_now(
        &self,
        requests: Vec<HttpRequest>,
        counted: bool,
    ) -> Result<(Policy, Vec<Judged>), EngineError> {
        let judge = Arc::clone(&self.shared.judge);
        let model = judge.in_force();
        let policy = model.policy;
        let bytes: usize = requests.iter().map(size).sum();
        let mut judged = if bytes <= SHORT_BYTES {
            judge.judge_by(&model, requests, counted)
        } else {
            let judging = tokio::task::spawn_blocking(move || judge.judge_by(&model, requests, counted));
            judging.await.map_err(|_| EngineError::Judging)?
        };
        for one in &mut judged {
            one.verdict.enforced = policy.mode == Mode::Block && one.verdict.action == Action::Block;
        }
        Ok((policy, judged))
    }
}

/// Bytes of a request that judging reads.
fn size(request: &HttpRequest) -> usize {
    let headers: usize = request.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    request.target.len() + headers + request.body.as_ref().map_or(0, Vec::len)
}

/// Commits what lies in the queue, until the engine stops and the queue is empty.
pub(crate) async fn record(shared: Arc<Shared>, mut queue: Receiver<Judged>) {
    let mut waiting = Vec::with_capacity(BATCH);
    loop {
        tokio::select! {
            biased;
            () = shared.stop.cancelled(), if !queue.is_closed() => queue.close(),
            count = queue.recv_many(&mut waiting, BATCH) => {
                if count == 0 {
                    return;
                }
                commit(&shared, std::mem::take(&mut waiting)).await;
            }
        }
    }
}

/// Commits one batch. A store that fails is asked again, while the queue fills up and callers are told.
async fn commit(shared: &Shared, judged: Vec<Judged>) {
    let count = judged.len() as u64;
    let batch = CommitBatch { judged: judged.into(), source: None, received_at: shared.clock.now() };
    loop {
        let Err(error) = shared.recorder.record(batch.clone()).await else { return };
        if shared.stop.is_cancelled() {
            shared.behind.note_unrecorded(count);
            tracing::error!(
                error = &error as &dyn std::error::Error,
                rows = count,
                "judged requests were not recorded"
            );
            return;
        }
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            rows = count,
            "judged requests wait to be recorded"
        );
        tokio::select! {
            () = shared.stop.cancelled() => {}
            () = tokio::time::sleep(RETRY) => {}
        }
    }
}
