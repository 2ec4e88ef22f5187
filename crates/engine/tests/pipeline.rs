//! From a log file to rows, alerts and live updates, on a real store.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bartizan_detect::{BehaviourConfig, Detector};
use bartizan_engine::live::LiveObject;
use bartizan_engine::{
    AlertFilter, AlertSettings, Engine, EngineError, EngineParts, EngineSettings, Filter, Masking,
    MaskingSettings, Page, PolicyChange, PolicySettings, RangeQuery, Recording,
};
use bartizan_ingest::{LineOptions, SourceConfig};
use bartizan_model::{
    Action, AlertStatus, Clock, HttpRequest, Mode, SourceKind, SystemClock, ThreatClass, Timestamp, Via,
};

const ATTACK: &str = "/products?id=9%27%20UNION%20SELECT%20username,password%20FROM%20users--%20-";

struct Site {
    folder: tempfile::TempDir,
    log: PathBuf,
}

impl Site {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let log = folder.path().join("access.log");
        std::fs::write(&log, "").expect("written");
        Self { folder, log }
    }

    /// Appends lines that happened now, one second apart in the past.
    fn append(&self, targets: &[&str]) {
        let now = SystemClock.now();
        let mut file = std::fs::OpenOptions::new().append(true).open(&self.log).expect("opened");
        for target in targets {
            writeln!(file, "{}", line("203.0.113.9", now, target)).expect("written");
        }
    }

    async fn start(&self) -> Engine {
        self.try_start(self.log.clone()).await.expect("started")
    }

    async fn try_start(&self, log: PathBuf) -> Result<Engine, EngineError> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let url = format!("sqlite://{}", self.folder.path().join("rows.db").display());
        let detector = Detector::embedded().expect("the model in the binary is sound");
        Engine::start(EngineParts {
            store: bartizan_store::open(&url, Arc::clone(&clock)).await.expect("opened"),
            detector,
            model_folder: None,
            policy: PolicySettings { mode: Mode::Monitor, flag_threshold: None, threshold: None },
            behaviour: BehaviourConfig::default(),
            alerts: AlertSettings::default(),
            channels: Vec::new(),
            data_folder: None,
            masking: Masking::new(&MaskingSettings::default(), None).expect("the default is sound"),
            clock,
            settings: EngineSettings {
                poll: Duration::from_millis(20),
                flush_every: Duration::from_millis(50),
                ..EngineSettings::default()
            },
            sources: vec![SourceConfig {
                name: "site".to_owned(),
                path: log,
                kind: SourceKind::File,
                follow: true,
                lines: LineOptions::default(),
            }],
        })
        .await
    }
}

fn line(client: &str, at: Timestamp, target: &str) -> String {
    let text = at.to_rfc3339_seconds();
    let (date, clock) = text.trim_end_matches('Z').split_once('T').expect("an instant");
    let mut parts = date.split('-');
    let (year, month, day) =
        (parts.next().unwrap_or(""), parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = names[month.parse::<usize>().expect("a month") - 1];
    format!(
        r#"{client} - - [{day}/{month}/{year}:{clock} +0000] "GET {target} HTTP/1.1" 200 512 "-" "Mozilla/5.0""#
    )
}

async fn rows(engine: &Engine) -> usize {
    engine.traffic(&Filter::default(), &Page::newest(1_000)).await.expect("listed").rows.len()
}

/// Waits for an event instead of sleeping for a guess; the bound only ends a test that would fail anyway.
async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < Duration::from_secs(30), "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_appended_is_read_once_across_restarts() {
    let site = Site::new();
    site.append(&["/", "/a.css", "/products?id=7"]);
    let engine = site.start().await;
    until("three rows are there", || async { rows(&engine).await == 3 }).await;
    site.append(&["/cart"]);
    until("the appended row is there", || async { rows(&engine).await == 4 }).await;
    engine.stop().await;

    site.append(&["/while-we-were-away"]);
    let engine = site.start().await;
    until("the missed row is there", || async { rows(&engine).await == 5 }).await;
    let summary = engine.summary(&RangeQuery::DEFAULT, None, true).await.expect("summed");
    assert_eq!(summary.total.counts.requests, 5);
    assert_eq!(summary.unique_ips, 1);
    assert_eq!(summary.previous.map(|before| before.counts.requests), Some(0));
    assert_eq!(engine.sources()[0].lines, 5);
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attack_becomes_a_threat_an_alert_and_live_updates() {
    let site = Site::new();
    let engine = site.start().await;
    let (_, mut live) = engine.live().subscribe();
    site.append(&["/", ATTACK]);
    until("both rows are there", || async { rows(&engine).await == 2 }).await;

    let threats = engine.threats(&Filter::default(), &Page::newest(10)).await.expect("listed").rows;
    assert_eq!(threats.len(), 1);
    assert_eq!((threats[0].class, threats[0].action), (ThreatClass::SqlInjection, Action::Block));
    let detail = engine.threat_detail(threats[0].id).await.expect("found");
    assert!(!detail.more.judged.explanation.is_empty());
    let traffic = engine.traffic_detail(detail.record.traffic_id).await.expect("found");
    assert_eq!(traffic.more.judged, detail.more.judged);

    let (mut threat, mut alert, mut batch) = (false, false, false);
    while !(threat && alert && batch) {
        let event =
            tokio::time::timeout(Duration::from_secs(30), live.recv()).await.expect("in time").expect("open");
        match &event.object {
            LiveObject::Threat(sent) => threat |= sent.id == threats[0].id,
            LiveObject::Alert(sent) => alert |= sent.class == Some(ThreatClass::SqlInjection),
            LiveObject::TrafficBatch(sent) => batch |= !sent.is_empty(),
            _ => {}
        }
    }
    let active = AlertFilter { active_only: true, ..AlertFilter::default() };
    let alerts = engine.alerts(&active, &Page::newest(10)).await.expect("listed").rows;
    assert_eq!(alerts.len(), 1);
    for _ in 0..2 {
        let id = alerts[0].id;
        let bulk =
            engine.set_alert_status(&[id], AlertStatus::Dismissed, "local", None).await.expect("dismissed");
        assert_eq!((bulk.alerts.len(), bulk.unknown.len()), (1, 0));
    }
    assert!(engine.alerts(&active, &Page::newest(10)).await.expect("listed").rows.is_empty());
    let bulk =
        engine.set_alert_status(&[999], AlertStatus::Dismissed, "local", None).await.expect("answered");
    assert_eq!(bulk.unknown, [999]);
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_is_recorded_only_when_asked() {
    let site = Site::new();
    let engine = site.start().await;
    let request = HttpRequest::new(engine.now(), "GET", ATTACK.as_bytes(), Via::Check);
    let answer = engine.check(vec![request.clone()], Recording::No).await.expect("judged");
    assert_eq!(answer[0].judged.verdict.action, Action::Block);
    assert!(!answer[0].judged.verdict.enforced, "nothing is refused while only monitoring");
    let change = PolicyChange { mode: Some(Mode::Block), ..PolicyChange::default() };
    engine.set_policy(change).await.expect("set");
    let answer = engine.check(vec![request.clone()], Recording::Kept).await.expect("judged");
    assert!(answer[0].judged.verdict.enforced);
    engine.check(vec![request], Recording::IfRoom).await.expect("judged");
    // What waits for its commit is committed by a stop.
    engine.stop().await;
    let engine = site.start().await;
    let rows = engine.traffic(&Filter::default(), &Page::newest(10)).await.expect("read").rows;
    assert_eq!(rows.iter().map(|row| (row.via, row.enforced)).collect::<Vec<_>>(), [(Via::Check, true); 2]);
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_was_set_survives_a_restart() {
    let site = Site::new();
    let engine = site.start().await;
    let own = engine.model().policy.thresholds;
    let low = own.flag / 2.0;
    let change = PolicyChange { threshold: Some(low), ..PolicyChange::default() };
    engine.set_policy(change).await.expect("set");
    let thresholds = engine.model().policy.thresholds;
    assert_eq!((thresholds.block, thresholds.flag), (low, low), "flagging follows a lower threshold");
    for senseless in [1.5, -0.1, f64::NAN] {
        let change = PolicyChange { threshold: Some(senseless), ..PolicyChange::default() };
        assert!(engine.set_policy(change).await.is_err(), "{senseless}");
    }
    let contradiction =
        PolicyChange { threshold: Some(0.2), flag_threshold: Some(0.9), ..PolicyChange::default() };
    assert!(engine.set_policy(contradiction).await.is_err());
    engine.stop().await;
    let engine = site.start().await;
    assert_eq!(engine.model().policy.thresholds, thresholds);
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_cannot_be_read_is_refused_at_the_start() {
    let site = Site::new();
    for path in [site.folder.path().to_path_buf(), Path::new("/nonexistent/access.log").to_path_buf()] {
        let shown = path.display().to_string();
        let error = site.try_start(path).await.expect_err("must be refused");
        assert!(error.to_string().contains(&shown), "{error}");
    }
}
