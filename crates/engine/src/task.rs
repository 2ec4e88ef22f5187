//! What runs beside the requests: measurements, retention, lag, live figures, the model's folder. One list of all.

use std::sync::Arc;
use std::time::Duration;

use bartizan_model::{Span, Timestamp};
use bartizan_store::{RetentionCutoffs, SystemSample};
use tokio::time::{MissedTickBehavior, interval};

use crate::engine::Shared;
use crate::machine::Machine;
use crate::model_folder::ModelFolder;
use crate::{Retention, SeriesWindow};

/// How often the machine is measured.
const MEASURE_EVERY: Duration = Duration::from_secs(5);
/// How often expired rows are deleted.
const EXPIRE_EVERY: Duration = Duration::from_mins(10);
/// How long after a minute's end its point is sent: late lines of that minute have mostly arrived.
const CHART_DELAY_S: i64 = 2;

/// Starts every task; each ends when the engine stops.
pub(crate) fn start_all(shared: &Arc<Shared>) {
    shared.tasks.spawn(measure(Arc::clone(shared)));
    shared.tasks.spawn(expire(Arc::clone(shared)));
    shared.tasks.spawn(close_minutes(Arc::clone(shared)));
    shared.tasks.spawn(crate::lag::watch(Arc::clone(shared)));
    if let Some(folder) = &shared.model_folder {
        shared.tasks.spawn(follow_model(Arc::clone(shared), Arc::clone(folder)));
    }
    shared.tasks.spawn(crate::live::run(
        Arc::clone(&shared.broadcaster),
        shared.bus.clone(),
        Arc::clone(&shared.clock),
        shared.settings.flush_every,
        shared.stop.clone(),
    ));
}

/// Measures the machine and keeps it per minute.
async fn measure(shared: Arc<Shared>) {
    let mut machine = match Machine::new() {
        Ok(machine) => machine,
        Err(error) => {
            tracing::warn!(error = %error, "the load of the machine cannot be measured and will be missing");
            return;
        }
    };
    let mut ticks = interval(MEASURE_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    // The first tick is immediate, and processor time is a difference that needs a moment to form.
    ticks.tick().await;
    loop {
        tokio::select! {
            () = shared.stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let load = machine.measure();
        shared.set_load(load);
        let now = shared.clock.now();
        let process = shared.process_figures();
        let sample = SystemSample {
            cpu_percent: load.cpu_percent,
            memory_percent: load.memory_percent,
            connections: process.connections,
            uptime_s: process.uptime_s,
            judge_p99_ms: process.judging.p99_ms,
            judge_mean_ms: process.judging.mean_ms,
            ingest_lag_s: process.ingest_lag_s,
        };
        if let Err(error) = shared.store.record_system(now, sample).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "a measurement of the machine was not kept"
            );
        }
    }
}

/// Deletes what retention no longer keeps.
async fn expire(shared: Arc<Shared>) {
    let mut ticks = interval(EXPIRE_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shared.stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let cutoffs = cutoffs(shared.clock.now(), shared.settings.retention);
        match shared.store.expire(cutoffs).await {
            Ok(expired) if expired != bartizan_store::Expired::default() => {
                tracing::info!(
                    traffic = expired.traffic,
                    threats = expired.threats,
                    activities = expired.activities,
                    alerts = expired.alerts,
                    "expired rows were deleted"
                );
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "expired rows were not deleted");
            }
        }
    }
}

fn cutoffs(now: Timestamp, retention: Retention) -> RetentionCutoffs {
    let before = |days: u32| now.plus_micros(-i64::from(days) * 86_400 * Timestamp::SECOND_MICROS);
    RetentionCutoffs {
        traffic: before(retention.traffic_days),
        threats: before(retention.threats_days),
        alerts: before(retention.alerts_days),
        metrics: before(retention.metrics_days),
    }
}

/// Looks at the model's folder, regularly and when asked to.
async fn follow_model(shared: Arc<Shared>, folder: Arc<ModelFolder>) {
    let mut ticks = interval(shared.settings.look_at_model_every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let at_once = tokio::select! {
            () = shared.stop.cancelled() => return,
            _ = ticks.tick() => false,
            () = folder.nudged() => true,
        };
        let looking = Arc::clone(&folder);
        // Reading, hashing and taking in a megabyte of weights keeps a thread busy for a while.
        if let Err(error) = tokio::task::spawn_blocking(move || looking.look(at_once)).await {
            tracing::error!(error = %error, "looking at the model's folder ended by a defect, the model stays");
        }
    }
}

/// Sends the point of each one-minute bucket soon after it closed.
async fn close_minutes(shared: Arc<Shared>) {
    loop {
        let now = shared.clock.now();
        let next = now.bucket_start(60).plus_micros((60 + CHART_DELAY_S) * Timestamp::SECOND_MICROS);
        let wait = Duration::from_secs_f64(next.seconds_since(now).max(0.1));
        tokio::select! {
            () = shared.stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
        if shared.broadcaster.connections() == 0 {
            continue;
        }
        let end = shared.clock.now().bucket_start(60);
        let span = Span::new(end.plus_micros(-60 * Timestamp::SECOND_MICROS), end);
        match shared.analytics.series(&SeriesWindow { span, width_s: 60 }, None).await {
            Ok(points) => {
                for point in points {
                    shared.broadcaster.chart(point, shared.clock.now());
                }
            }
            Err(error) => tracing::warn!(error = %error, "the point of a closed minute was not sent"),
        }
    }
}
