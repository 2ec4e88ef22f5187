//! Runs every task at its time or when asked, one run at a time, and outlives their panics.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use bartizan_model::{Clock, Timestamp};
use tokio::sync::{Notify, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Task, TaskError, TaskState, TaskStatus, Trigger};

/// First and longest pause before a task that panicked is tried again; it doubles in between.
const BACKOFF: (Duration, Duration) = (Duration::from_secs(1), Duration::from_mins(5));
/// Longest text of a panic that is kept, in characters.
const MAX_ERROR_CHARS: usize = 300;

/// All tasks of one engine.
#[derive(Debug)]
pub(crate) struct Supervisor {
    entries: RwLock<Vec<Arc<Entry>>>,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
    tracker: TaskTracker,
    /// The task that is asked for when another one panicked.
    on_panic: OnPanic,
}

/// The task that is asked for when another one panicked.
type OnPanic = Arc<Mutex<Option<Arc<Entry>>>>;

/// What is known of one task.
#[derive(Debug)]
struct Entry {
    status: Mutex<TaskStatus>,
    wake: Notify,
    /// Runs that ended, for those who wait for one, and the status that the last of them left.
    ended: watch::Sender<(u64, Option<TaskStatus>)>,
    /// Runs that began.
    begun: Mutex<u64>,
}

impl Supervisor {
    pub(crate) fn new(clock: Arc<dyn Clock>, stop: CancellationToken, tracker: TaskTracker) -> Self {
        Self { entries: RwLock::default(), clock, stop, tracker, on_panic: Arc::default() }
    }

    /// Takes a task in and runs it until the engine stops.
    pub(crate) fn start<T: Task>(&self, task: T) {
        let entry = Arc::new(Entry {
            status: Mutex::new(TaskStatus::new(T::NAME, T::ABOUT, task.pause(self.clock.now()))),
            wake: Notify::new(),
            ended: watch::Sender::new((0, None)),
            begun: Mutex::new(0),
        });
        self.entries.write().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&entry));
        let run = Run {
            task: Arc::new(task),
            entry,
            clock: Arc::clone(&self.clock),
            on_panic: Arc::clone(&self.on_panic),
        };
        self.tracker.spawn(run.until(self.stop.clone()));
    }

    /// Every task, in the order in which they were started.
    pub(crate) fn statuses(&self) -> Vec<TaskStatus> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries.iter().map(|entry| entry.lock().clone()).collect()
    }

    /// Asks for a run without waiting for it; `false` when there is no such task.
    pub(crate) fn nudge(&self, name: &str) -> bool {
        let entry = self.entry(name);
        if let Some(entry) = &entry {
            entry.wake.notify_one();
        }
        entry.is_some()
    }

    /// Asks for a run and waits until one that began afterwards has ended, but not longer than `patience`. `None` when
    /// there is no such task.
    pub(crate) async fn run(&self, name: &str, patience: Duration) -> Option<TaskStatus> {
        let entry = self.entry(name)?;
        let wanted = *entry.begun.lock().unwrap_or_else(PoisonError::into_inner) + 1;
        let mut ended = entry.ended.subscribe();
        entry.wake.notify_one();
        if let Ok(Ok(reached)) =
            tokio::time::timeout(patience, ended.wait_for(|(ended, _)| *ended >= wanted)).await
            && let (_, Some(status)) = &*reached
        {
            // By now the next run may have begun.
            return Some(status.clone());
        }
        // Out of patience, or stopping: the status says which.
        Some(entry.lock().clone())
    }

    /// Names the task that is asked for whenever another one panics.
    pub(crate) fn ask_on_panic(&self, name: &str) {
        *self.on_panic.lock().unwrap_or_else(PoisonError::into_inner) = self.entry(name);
    }

    fn entry(&self, name: &str) -> Option<Arc<Entry>> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries.iter().find(|entry| entry.lock().name == name).cloned()
    }
}

impl Entry {
    fn lock(&self) -> MutexGuard<'_, TaskStatus> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One task with all that its runs need.
struct Run<T> {
    task: Arc<T>,
    entry: Arc<Entry>,
    clock: Arc<dyn Clock>,
    on_panic: OnPanic,
}

impl<T: Task> Run<T> {
    async fn until(self, stop: CancellationToken) {
        let mut pause = if T::AT_START { Duration::ZERO } else { self.task.pause(self.clock.now()) };
        loop {
            self.entry.lock().next_run = Some(after(self.clock.now(), pause));
            // One that panics whenever it is asked for must not do so as often as that.
            let may_be_asked = self.entry.lock().state != TaskState::BackingOff;
            let trigger = tokio::select! {
                () = stop.cancelled() => return,
                () = self.entry.wake.notified(), if may_be_asked => Trigger::Manual,
                () = tokio::time::sleep(pause) => Trigger::Timer,
            };
            pause = self.once(trigger).await;
        }
    }

    /// Runs the task once; the pause until the next run.
    async fn once(&self, trigger: Trigger) -> Duration {
        {
            let mut status = self.entry.lock();
            status.state = TaskState::Running;
            status.last_run = Some(self.clock.now());
            status.next_run = None;
        }
        *self.entry.begun.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        let began = Instant::now();
        let task = Arc::clone(&self.task);
        // On a task of its own, so that a panic ends that one alone.
        let outcome = tokio::spawn(async move { task.run(trigger).await }).await;
        let now = self.clock.now();
        let mut pause = self.task.pause(now);
        let left = {
            let mut status = self.entry.lock();
            status.runs += 1;
            status.duration = Some(began.elapsed());
            status.state = TaskState::Waiting;
            match outcome {
                Ok(result) => {
                    status.panics_in_a_row = 0;
                    if let Err(error) = result {
                        status.fail(&error, now);
                        tracing::warn!(task.name = T::NAME, error = %error, "a background task did not do its work");
                    }
                }
                Err(error) => {
                    status.panics += 1;
                    status.panics_in_a_row = status.panics_in_a_row.saturating_add(1);
                    status.state = TaskState::BackingOff;
                    pause = backoff(status.panics_in_a_row);
                    let told = TaskError::new(panic_text(error));
                    status.fail(&told, now);
                    tracing::error!(
                        task.name = T::NAME,
                        error = %told,
                        retry_s = pause.as_secs(),
                        "a background task ended by a defect and is tried again"
                    );
                    let told = self.on_panic.lock().unwrap_or_else(PoisonError::into_inner).clone();
                    if let Some(other) = told.filter(|other| !Arc::ptr_eq(other, &self.entry)) {
                        other.wake.notify_one();
                    }
                }
            }
            status.next_run = Some(after(now, pause));
            status.clone()
        };
        self.entry.ended.send_modify(|(ended, status)| {
            *ended += 1;
            *status = Some(left);
        });
        pause
    }
}

impl TaskStatus {
    fn fail(&mut self, error: &TaskError, now: Timestamp) {
        self.failures += 1;
        self.last_error = Some(error.to_string());
        self.last_error_at = Some(now);
    }
}

fn backoff(panics_in_a_row: u32) -> Duration {
    let doubled = 2_u32.saturating_pow(panics_in_a_row.saturating_sub(1));
    BACKOFF.0.saturating_mul(doubled).min(BACKOFF.1)
}

fn after(now: Timestamp, pause: Duration) -> Timestamp {
    now.plus_micros(i64::try_from(pause.as_micros()).unwrap_or(i64::MAX))
}

/// What a panic said, where it said something.
fn panic_text(error: tokio::task::JoinError) -> String {
    let Ok(payload) = error.try_into_panic() else { return "the run was cut off".to_owned() };
    let text = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned());
    let text = text.unwrap_or_else(|| "without words".to_owned());
    format!("a defect: {}", text.chars().take(MAX_ERROR_CHARS).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// A clock that goes with tokio's, which the tests pause.
    #[derive(Debug)]
    struct Paused(Instant);

    impl Clock for Paused {
        fn now(&self) -> Timestamp {
            after(Timestamp::from_secs(1_000), self.0.elapsed())
        }
    }

    fn supervisor() -> Supervisor {
        Supervisor::new(Arc::new(Paused(Instant::now())), CancellationToken::new(), TaskTracker::new())
    }

    /// Counts its runs, takes as long as it is told, and fails or panics in the first ones.
    #[derive(Debug, Default, Clone)]
    struct Counting {
        begun: Arc<AtomicU32>,
        at_once: Arc<AtomicU32>,
        overlapped: Arc<AtomicU32>,
        takes: Duration,
        panics: u32,
        fails: u32,
    }

    impl Task for Counting {
        const NAME: &'static str = "counting";
        const ABOUT: &'static str = "Counts";
        const EVERY: Duration = Duration::from_mins(1);

        async fn run(&self, _trigger: Trigger) -> Result<(), TaskError> {
            let run = self.begun.fetch_add(1, Ordering::SeqCst);
            if self.at_once.fetch_add(1, Ordering::SeqCst) > 0 {
                self.overlapped.fetch_add(1, Ordering::SeqCst);
            }
            tokio::time::sleep(self.takes).await;
            self.at_once.fetch_sub(1, Ordering::SeqCst);
            assert!(run >= self.panics, "a defect of the test");
            if run < self.panics + self.fails { Err(TaskError::new("not yet")) } else { Ok(()) }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_runs_at_its_times_and_says_so() {
        let supervisor = supervisor();
        let task = Counting { takes: Duration::from_secs(2), ..Counting::default() };
        supervisor.start(task.clone());
        tokio::time::sleep(Duration::from_secs(130)).await;
        // At 0, 62 and 124 seconds.
        assert_eq!(task.begun.load(Ordering::SeqCst), 3);
        let status = supervisor.statuses().remove(0);
        assert_eq!((status.runs, status.failures, status.state), (3, 0, TaskState::Waiting));
        assert_eq!(status.duration, Some(Duration::from_secs(2)));
        assert_eq!(status.last_run, Some(Timestamp::from_secs(1_124)));
        assert_eq!(status.next_run, Some(Timestamp::from_secs(1_186)));
    }

    #[tokio::test(start_paused = true)]
    async fn asked_for_many_times_it_never_overlaps_itself() {
        let supervisor = Arc::new(supervisor());
        let task = Counting { takes: Duration::from_secs(5), ..Counting::default() };
        supervisor.start(task.clone());
        tokio::time::sleep(Duration::from_secs(1)).await;
        let asking = (0..20).map(|_| {
            let supervisor = Arc::clone(&supervisor);
            tokio::spawn(async move { supervisor.run("counting", Duration::from_mins(1)).await })
        });
        for asked in asking.collect::<Vec<_>>() {
            let status = asked.await.expect("no panic").expect("there");
            assert!(status.runs >= 2, "waited for a run that began after it was asked for: {status:?}");
        }
        assert_eq!(task.overlapped.load(Ordering::SeqCst), 0);
        assert_eq!(task.begun.load(Ordering::SeqCst), 2, "one run serves all that asked");
        assert_eq!(supervisor.run("nothing", Duration::ZERO).await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn who_asks_does_not_wait_longer_than_told() {
        let supervisor = supervisor();
        supervisor.start(Counting { takes: Duration::from_hours(1), ..Counting::default() });
        let status = supervisor.run("counting", Duration::from_secs(1)).await.expect("there");
        assert_eq!((status.state, status.runs), (TaskState::Running, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_is_contained_and_tried_again_with_growing_pauses() {
        let supervisor = supervisor();
        let task = Counting { panics: 3, ..Counting::default() };
        supervisor.start(task.clone());
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert!(supervisor.nudge("counting"), "asked for in between it waits all the same");
        tokio::time::sleep(Duration::from_millis(500)).await;
        let status = supervisor.statuses().remove(0);
        assert_eq!((status.state, status.panics, status.panics_in_a_row), (TaskState::BackingOff, 1, 1));
        assert_eq!(status.last_error.as_deref(), Some("a defect: a defect of the test"));
        // Again after 1, 2 and 4 seconds, and then it does its work.
        tokio::time::sleep(Duration::from_secs(7)).await;
        let status = supervisor.statuses().remove(0);
        assert_eq!((status.panics, status.panics_in_a_row, status.state), (3, 0, TaskState::Waiting));
        assert!(status.next_run > Some(Timestamp::from_secs(1_066)), "{status:?}");
        assert_eq!(backoff(40), BACKOFF.1);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_asks_is_told_how_his_run_ended_even_when_the_next_began_at_once() {
        let supervisor = supervisor();
        supervisor.start(Counting { takes: Duration::from_secs(5), ..Counting::default() });
        tokio::time::sleep(Duration::from_secs(1)).await;
        // The run that goes on is not the one asked for; while that goes on somebody else asks for another.
        let asked = supervisor.run("counting", Duration::from_mins(1));
        let again = async {
            tokio::time::sleep(Duration::from_secs(6)).await;
            supervisor.nudge("counting");
        };
        let (status, ()) = tokio::join!(asked, again);
        let status = status.expect("known");
        assert_eq!((status.runs, status.state), (2, TaskState::Waiting));
        assert_eq!(supervisor.statuses().remove(0).state, TaskState::Running);
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_told_and_the_next_run_comes_at_its_time() {
        let supervisor = supervisor();
        supervisor.start(Counting { fails: 1, ..Counting::default() });
        tokio::time::sleep(Duration::from_secs(1)).await;
        let status = supervisor.statuses().remove(0);
        assert_eq!((status.failures, status.panics, status.last_error.as_deref()), (1, 0, Some("not yet")));
        assert_eq!(status.next_run, Some(Timestamp::from_secs(1_060)));
        tokio::time::sleep(Duration::from_mins(1)).await;
        assert_eq!(supervisor.statuses().remove(0).runs, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn stopping_waits_for_the_run_that_is_going_on() {
        let supervisor = supervisor();
        let task = Counting { takes: Duration::from_secs(5), ..Counting::default() };
        supervisor.start(task.clone());
        tokio::time::sleep(Duration::from_secs(1)).await;
        supervisor.stop.cancel();
        supervisor.tracker.close();
        supervisor.tracker.wait().await;
        assert_eq!(supervisor.statuses().remove(0).runs, 1);
    }
}
