//! The engine: one handle through which everything above asks and acts.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bartizan_bus::LocalBus;
use bartizan_detect::{BehaviourConfig, Detector};
use bartizan_ingest::SourceConfig;
use bartizan_model::{
    Activity, Alert, AlertStatus, Clock, Delivery, Silence, SourceOrigin, SourceState, SourceStatus, Span,
    SystemEvent, ThreatRecord, Timestamp, TrafficRecord,
};
use bartizan_store::{AlertFilter, Dimension, DimensionCount, Filter, Page, Paged, Store, SystemEventFilter};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::alert::{AlertEngine, AlertSettings, Bulk};
use crate::analytics::Analytics;
use crate::checks::Checks;
use crate::detail::{RequestDetail, ThreatDetailed, TrafficDetail, inspect_again, unseen};
use crate::inline::Behind;
use crate::intake::Intake;
use crate::judge::Judge;
use crate::live::Broadcaster;
use crate::metrics::ProcessFigures;
use crate::model_folder::ModelFolder;
use crate::notify::{Channel, ChannelStatus, Outbox};
use crate::recorder::Recorder;
use crate::sources::{self, Beginning, Entry, Sources};
use crate::task::Supervisor;
use crate::watch::Troubles;
use crate::{
    Access, Actor, AuditEvent, EngineError, JudgingTotals, MachineLoad, Masking, Metrics, ModelInForce,
    ModelRefusal, PolicySettings, RangeQuery, Retention, SeriesPoint, SeriesWindow, Summary, TaskStatus,
    task,
};

/// What can be set about the engine.
#[derive(Debug, Clone, Copy)]
pub struct EngineSettings {
    /// How long rows are kept.
    pub retention: Retention,
    /// Lines per commit at most.
    pub batch_lines: usize,
    /// Pause between looks at a file that has nothing new.
    pub poll: Duration,
    /// Pause between flushes of live requests and feed lines.
    pub flush_every: Duration,
    /// Pause between looks at the folder of the model.
    pub look_at_model_every: Duration,
}

impl Default for EngineSettings {
    fn default() -> Self {
        Self {
            retention: Retention::default(),
            batch_lines: 3_000,
            poll: Duration::from_millis(100),
            flush_every: Duration::from_secs(2),
            look_at_model_every: Duration::from_secs(2),
        }
    }
}

/// What an engine is made of.
#[derive(Debug)]
pub struct EngineParts {
    /// Where rows are kept.
    pub store: Arc<dyn Store>,
    /// What scores requests, until another is found in `model_folder`.
    pub detector: Detector,
    /// The folder that `detector` came from and that is followed; `None`: it is never replaced.
    pub model_folder: Option<PathBuf>,
    /// What the operator set about verdicts.
    pub policy: PolicySettings,
    /// Limits of the counters over many requests.
    pub behaviour: BehaviourConfig,
    /// What hides secrets before anything is stored, sent or logged.
    pub masking: Masking,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Settings.
    pub settings: EngineSettings,
    /// Log sources to read.
    pub sources: Vec<SourceConfig>,
    /// When alerts are raised.
    pub alerts: AlertSettings,
    /// Whom they are sent to.
    pub channels: Vec<Channel>,
    /// The folder of the database, whose disk is watched; `None`: it lies elsewhere.
    pub data_folder: Option<PathBuf>,
}

/// Longest wait for a task that was asked for; shorter than callers of the API are made to wait.
const TASK_PATIENCE: Duration = Duration::from_secs(10);

/// The running product. Cheap to clone; all clones are the same engine.
#[derive(Debug, Clone)]
pub struct Engine {
    pub(crate) shared: Arc<Shared>,
}

/// What the engine's parts share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) analytics: Analytics,
    pub(crate) access: Access,
    pub(crate) broadcaster: Arc<Broadcaster>,
    pub(crate) bus: LocalBus,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: EngineSettings,
    pub(crate) stop: CancellationToken,
    pub(crate) tasks: TaskTracker,
    pub(crate) supervisor: Arc<Supervisor>,
    pub(crate) troubles: Arc<Troubles>,
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) data_folder: Option<PathBuf>,
    pub(crate) model_folder: Option<Arc<ModelFolder>>,
    pub(crate) judge: Arc<Judge>,
    pub(crate) behind: Behind,
    pub(crate) checks: Checks,
    /// Held while the policy is changed: read, decided, kept and put in force as one.
    pub(crate) policy_change: tokio::sync::Mutex<()>,
    configured_policy: Mutex<PolicySettings>,
    pub(crate) recorder: Recorder,
    pub(crate) sources: Sources,
    pub(crate) intake: Intake,
    pub(crate) alerts: Arc<AlertEngine>,
    load: Mutex<MachineLoad>,
    started_at: Timestamp,
}

/// Whether the product can do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Model loaded, store answering, sources well.
    Healthy,
    /// A log source has failed.
    Degraded,
    /// The store does not answer.
    Unhealthy,
}

/// The machine and the latest minute, for the `performance` frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Performance {
    /// The instant of measurement.
    pub at: Timestamp,
    /// Processor and memory.
    pub load: MachineLoad,
    /// Mean response time of the last five minutes, in milliseconds.
    pub latency_ms: f64,
    /// Requests per second, over the latest complete minute.
    pub requests_per_second: f64,
}

impl Engine {
    /// Opens every source at its stored position and starts reading.
    ///
    /// # Errors
    /// [`EngineError::Source`] when a source cannot be opened, [`EngineError::Store`] when the store does not answer,
    /// [`EngineError::Thresholds`] when a threshold that was set contradicts one of the model.
    pub async fn start(parts: EngineParts) -> Result<Self, EngineError> {
        let EngineParts {
            store,
            detector,
            model_folder,
            policy,
            behaviour,
            masking,
            clock,
            settings,
            sources,
            alerts,
            channels,
            data_folder,
        } = parts;
        let model = ModelInForce::new(detector, policy)?;
        let bus = LocalBus::new();
        let started_at = clock.now();
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let supervisor = Arc::new(Supervisor::new(Arc::clone(&clock), stop.clone(), tasks.clone()));
        let troubles = Arc::new(Troubles::default());
        let alerts = Arc::new(AlertEngine::new(
            Arc::clone(&store),
            bus.clone(),
            Arc::clone(&clock),
            alerts,
            channels.iter().map(|channel| channel.rule.clone()).collect(),
        ));
        let outbox = Arc::new(Outbox::new(Arc::clone(&store), Arc::clone(&clock), Arc::new(channels)));
        let recorder = Recorder::new(
            Arc::clone(&store),
            Arc::clone(&supervisor),
            Arc::clone(&troubles),
            bus.clone(),
            Arc::clone(&clock),
        );
        let judge = Arc::new(Judge::new(model, behaviour, masking, Arc::clone(&clock)));
        let model_folder = model_folder
            .map(|folder| Arc::new(ModelFolder::new(folder, Arc::clone(&judge), Arc::clone(&clock))));
        let (behind, queue) = Behind::new();
        let checks = Checks::new(clock.as_ref());

        let shared = Arc::new(Shared {
            analytics: Analytics::new(Arc::clone(&store)),
            access: Access::new(Arc::<dyn Store>::clone(&store), Arc::clone(&clock)),
            broadcaster: Arc::new(Broadcaster::new(started_at)),
            bus,
            clock,
            settings,
            stop,
            tasks,
            supervisor,
            troubles,
            outbox,
            data_folder,
            model_folder,
            judge,
            behind,
            checks,
            policy_change: tokio::sync::Mutex::default(),
            configured_policy: Mutex::new(policy),
            alerts,
            recorder,
            sources: Sources::default(),
            intake: Intake::default(),
            load: Mutex::new(MachineLoad::default()),
            started_at,
            store,
        });
        let mut prepared = Vec::new();
        for config in sources {
            let entry = Entry::new(&shared, config, SourceOrigin::Configuration);
            let beginning = sources::prepare(&shared, &entry).await;
            prepared.push((entry, beginning));
        }
        // One log that is not there disturbs no other; when there is nothing else, it is a mistake to be told at once.
        let none_is_read = prepared.iter().all(|(_, beginning)| matches!(beginning, Beginning::Failed(_)));
        if none_is_read && let Some((_, Beginning::Failed(error))) = prepared.drain(..).next() {
            return Err(error);
        }

        let engine = Self { shared: Arc::clone(&shared) };
        engine.configure_policy(policy).await?;
        task::start_all(&shared);
        shared.tasks.spawn(crate::inline::record(Arc::clone(&shared), queue));
        for (entry, beginning) in prepared {
            sources::begin(&shared, &entry, beginning);
        }
        sources::start_added(&shared).await?;
        Ok(engine)
    }

    /// Stops reading, commits what is held, and closes the store. Returns when all of it is done.
    pub async fn stop(&self) {
        self.shared.stop.cancel();
        self.shared.tasks.close();
        self.shared.tasks.wait().await;
        self.shared.store.close().await;
    }

    /// The engine's clock.
    pub fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    /// When this process started.
    pub fn started_at(&self) -> Timestamp {
        self.shared.started_at
    }

    /// How long rows are kept.
    pub fn retention(&self) -> Retention {
        self.shared.settings.retention
    }

    /// What scores requests and decides about them, at this moment. Whoever shows several things of it asks once.
    pub fn model(&self) -> Arc<ModelInForce> {
        self.shared.judge.in_force()
    }

    /// Why the files in the model's folder are not in force; `None` when they are, or when no folder is followed.
    pub fn model_refusal(&self) -> Option<ModelRefusal> {
        self.shared.model_folder.as_ref()?.refusal()
    }

    /// Looks at the model's folder now, if one is followed; a model that changed there replaces the one in force.
    pub fn look_at_model(&self) {
        self.shared.supervisor.nudge("model");
    }

    /// Users, sessions, tokens and the audit log.
    pub fn access(&self) -> &Access {
        &self.shared.access
    }

    /// Notes in the audit log what somebody changed.
    pub async fn audit(&self, by: &Actor, event: AuditEvent) {
        self.shared.access.audit(by, event).await;
    }

    /// One page of what happened beside the requests.
    pub async fn system_events(
        &self,
        filter: &SystemEventFilter,
        page: &Page,
    ) -> Result<Paged<SystemEvent>, EngineError> {
        Ok(self.shared.access.system_events(filter, page).await?)
    }

    /// Live updates.
    pub fn live(&self) -> &Broadcaster {
        &self.shared.broadcaster
    }

    /// What was judged since the process started.
    pub fn judging(&self) -> JudgingTotals {
        self.shared.judge.judging().totals(self.now())
    }

    /// The latest measurement of the machine.
    pub fn machine_load(&self) -> MachineLoad {
        self.shared.load()
    }

    /// One page of traffic rows.
    pub async fn traffic(&self, filter: &Filter, page: &Page) -> Result<Paged<TrafficRecord>, EngineError> {
        Ok(self.shared.store.traffic(filter, page).await?)
    }

    /// One page of threats.
    pub async fn threats(&self, filter: &Filter, page: &Page) -> Result<Paged<ThreatRecord>, EngineError> {
        Ok(self.shared.store.threats(filter, page).await?)
    }

    /// One page of the feed.
    pub async fn activities(&self, filter: &Filter, page: &Page) -> Result<Paged<Activity>, EngineError> {
        Ok(self.shared.store.activities(filter, page).await?)
    }

    /// One page of alerts.
    pub async fn alerts(&self, filter: &AlertFilter, page: &Page) -> Result<Paged<Alert>, EngineError> {
        Ok(self.shared.store.alerts(filter, page).await?)
    }

    /// One traffic row in detail.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] when there is no such row, or not any more.
    pub async fn traffic_detail(&self, id: i64) -> Result<TrafficDetail, EngineError> {
        let store = &self.shared.store;
        let Some((record, request)) = store.traffic_by_id(id).await? else {
            return Err(not_found("request", id));
        };
        let (judged, alert_ids) = match record.threat_id {
            Some(threat_id) => match store.threat_by_id(threat_id).await? {
                Some((_, _, judged, _)) => (judged, store.alerts_of_threat(threat_id).await?),
                None => Default::default(),
            },
            None => (inspect_again(&self.model().detector, &record, &request), Vec::new()),
        };
        let unseen = unseen(record.via, &request);
        let more = RequestDetail { received_at: record.received_at, request, unseen, judged, alert_ids };
        Ok(TrafficDetail { record, more })
    }

    /// One threat in detail.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] when there is no such threat, or not any more.
    pub async fn threat_detail(&self, id: i64) -> Result<ThreatDetailed, EngineError> {
        let store = &self.shared.store;
        let Some((record, request, judged, received_at)) = store.threat_by_id(id).await? else {
            return Err(not_found("threat", id));
        };
        let alert_ids = store.alerts_of_threat(id).await?;
        let unseen = unseen(record.via, &request);
        Ok(ThreatDetailed { record, more: RequestDetail { received_at, request, unseen, judged, alert_ids } })
    }

    /// Acknowledges, dismisses or reopens alerts; repeating it is no error. What was dismissed stays quiet until it gets
    /// graver, or ends and begins anew.
    pub async fn set_alert_status(
        &self,
        ids: &[i64],
        status: AlertStatus,
        by: &str,
        note: Option<&str>,
    ) -> Result<Bulk, EngineError> {
        Ok(self.shared.alerts.set_status(ids, status, by, note).await?)
    }

    /// One alert.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] when there is no such alert.
    pub async fn alert(&self, id: i64) -> Result<Alert, EngineError> {
        self.shared.store.alert(id).await?.ok_or_else(|| not_found("alert", id))
    }

    /// Every channel of messages as it is doing.
    pub async fn channels(&self) -> Result<Vec<ChannelStatus>, EngineError> {
        Ok(self.shared.outbox.channels().await?)
    }

    /// Sends a test to a channel now; how it went stands in the delivery.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] when there is no such channel.
    pub async fn test_channel(&self, name: &str) -> Result<Delivery, EngineError> {
        self.shared.outbox.test(name).await
    }

    /// One page of the log of deliveries, of one channel or of all.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] when there is no such channel.
    pub async fn deliveries(
        &self,
        channel: Option<&str>,
        page: &Page,
    ) -> Result<Paged<Delivery>, EngineError> {
        self.shared.outbox.deliveries(channel, page).await
    }

    /// Every silence, newest first, ended ones included.
    pub async fn silences(&self) -> Result<Vec<Silence>, EngineError> {
        Ok(self.shared.alerts.silences().await?)
    }

    /// Begins a silence, and dismisses the open alerts that it matches, whose ids are returned.
    ///
    /// # Errors
    /// [`EngineError::Silence`] when it makes no sense.
    pub async fn silence(&self, silence: Silence) -> Result<(Silence, Vec<i64>), EngineError> {
        self.shared.alerts.silence(silence).await
    }

    /// Ends a silence.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] when there is none of that id.
    pub async fn unsilence(&self, id: i64) -> Result<(), EngineError> {
        if self.shared.alerts.unsilence(id).await? { Ok(()) } else { Err(not_found("silence", id)) }
    }

    /// The numbers of the present, of one host or of all.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for a host that has no figures of its own.
    pub async fn metrics(&self, host: Option<&str>) -> Result<Metrics, EngineError> {
        self.known_host(host).await?;
        self.shared.analytics.metrics(self.now(), host, self.shared.process_figures()).await
    }

    /// The machine and the latest minute.
    pub async fn performance(&self) -> Result<Performance, EngineError> {
        let metrics = self.metrics(None).await?;
        Ok(Performance {
            at: metrics.at,
            load: self.machine_load(),
            latency_ms: metrics.recent.latency_ms(),
            requests_per_second: metrics.minute.requests as f64 / 60.0,
        })
    }

    /// The points of a series.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for a host that has no figures of its own.
    pub async fn series(
        &self,
        window: &SeriesWindow,
        host: Option<&str>,
    ) -> Result<Vec<SeriesPoint>, EngineError> {
        self.known_host(host).await?;
        self.shared.analytics.series(window, host).await
    }

    /// The totals of a range, and of the one before when `compare` is set.
    ///
    /// # Errors
    /// [`EngineError::InvalidRange`], [`EngineError::NotFound`] for a host without figures.
    pub async fn summary(
        &self,
        query: &RangeQuery,
        host: Option<&str>,
        compare: bool,
    ) -> Result<Summary, EngineError> {
        self.known_host(host).await?;
        self.shared.analytics.summary(query, self.now(), host, compare).await
    }

    /// The counts of the values of a dimension, most requests first.
    pub async fn top(
        &self,
        dimension: Dimension,
        span: Span,
        limit: u32,
    ) -> Result<Vec<DimensionCount>, EngineError> {
        self.shared.analytics.top(dimension, span, limit).await
    }

    /// How the scores of a range are spread, in whole hours.
    ///
    /// # Errors
    /// [`EngineError::InvalidRange`].
    pub async fn scores(&self, query: &RangeQuery) -> Result<crate::Scores, EngineError> {
        self.shared.analytics.scores(query, self.now()).await
    }

    /// Which requests of a range another threshold for blocking would have judged otherwise than the one in force.
    ///
    /// # Errors
    /// [`EngineError::InvalidRange`]; [`EngineError::LowThreshold`] when either threshold is below 0.1.
    pub async fn what_if(
        &self,
        query: &RangeQuery,
        threshold: f64,
    ) -> Result<crate::WhatIfAnswer, EngineError> {
        let in_force = self.model().policy.thresholds.block;
        self.shared.analytics.what_if(query, self.now(), in_force, threshold).await
    }

    /// Every log source as it is doing.
    pub fn sources(&self) -> Vec<SourceStatus> {
        self.shared.sources.statuses()
    }

    /// Every background task as it is doing.
    pub fn tasks(&self) -> Vec<TaskStatus> {
        self.shared.supervisor.statuses()
    }

    /// Runs a background task now and waits for it, but not longer than ten seconds; its state tells whether it
    /// has ended.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] when there is no task of that name.
    pub async fn run_task(&self, name: &str) -> Result<TaskStatus, EngineError> {
        let ran = self.shared.supervisor.run(name, TASK_PATIENCE).await;
        ran.ok_or_else(|| EngineError::NotFound {
            what: "background task",
            name: name.chars().take(64).collect(),
        })
    }

    /// Oldest and newest event kept.
    pub async fn extent(&self) -> Result<Option<(Timestamp, Timestamp)>, EngineError> {
        Ok(self.shared.store.extent().await?)
    }

    /// How much room the database takes, and is going to take.
    pub async fn storage(&self) -> Result<crate::Storage, EngineError> {
        crate::storage::look(&self.shared).await
    }

    /// Whether the product can do its work.
    pub async fn health(&self) -> Health {
        if self.shared.store.probe().await.is_err() {
            return Health::Unhealthy;
        }
        let failed = self.sources().iter().any(|source| source.state == SourceState::Failed);
        if failed { Health::Degraded } else { Health::Healthy }
    }

    async fn known_host(&self, host: Option<&str>) -> Result<(), EngineError> {
        match host {
            Some(host) if !self.shared.store.knows_host(host).await? => {
                Err(EngineError::NotFound { what: "host", name: host.to_owned() })
            }
            _ => Ok(()),
        }
    }
}

impl Shared {
    pub(crate) fn process_figures(&self) -> ProcessFigures {
        let now = self.clock.now();
        let lag = self.sources.statuses().iter().filter_map(|source| source.lag_s).reduce(f64::max);
        ProcessFigures {
            uptime_s: u64::try_from(now.secs() - self.started_at.secs()).unwrap_or(0),
            connections: self.broadcaster.connections() as u64,
            judging: self.judge.judging().totals(now),
            ingest_lag_s: lag,
        }
    }

    pub(crate) fn configured_policy(&self) -> PolicySettings {
        *self.configured_policy.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub(crate) fn set_configured_policy(&self, configured: PolicySettings) {
        *self.configured_policy.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = configured;
    }

    pub(crate) fn set_load(&self, load: MachineLoad) {
        *self.load.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = load;
    }

    fn load(&self) -> MachineLoad {
        *self.load.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn not_found(what: &'static str, id: i64) -> EngineError {
    EngineError::NotFound { what, name: id.to_string() }
}
