//! A server with known rows, and a way to ask it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use bartizan_api::{ApiSettings, ApiState, router};
use bartizan_detect::{BehaviourConfig, Detector};
use bartizan_engine::{
    AlertSettings, Engine, EngineParts, EngineSettings, Masking, MaskingSettings, PolicySettings,
};
use bartizan_model::{
    Action, Alert, AlertKind, AlertStatus, AnomalyScore, AssessedField, Assessment, Clock, DecidedBy,
    Evidence, HttpRequest, Location, Mode, Severity, ThreatClass, Timestamp, Verdict, Via,
};
use bartizan_store::{AlertStep, AlertWrite, CommitBatch, Judged, Store};
use serde_json::Value;
use tower::ServiceExt as _;

/// What time it is in every test, unless the test moves it.
pub(crate) const NOW: &str = "2026-03-04T05:06:07.120000Z";

/// A clock that stands until it is moved.
#[derive(Debug)]
pub(crate) struct FakeClock(AtomicI64);

impl FakeClock {
    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * Timestamp::SECOND_MICROS, Ordering::SeqCst);
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// A server, its engine and what it was made from.
pub(crate) struct Site {
    pub(crate) router: Router,
    pub(crate) state: ApiState,
    pub(crate) engine: Engine,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<FakeClock>,
    _folder: tempfile::TempDir,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub(crate) fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_else(|| panic!("no code: {self:?}")).to_owned()
    }
}

impl Site {
    pub(crate) async fn new() -> Self {
        Self::with(ApiSettings::default()).await
    }

    pub(crate) async fn with(settings: ApiSettings) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clock = Arc::new(FakeClock(AtomicI64::new(at(NOW).micros())));
        let url = format!("sqlite://{}", folder.path().join("rows.db").display());
        let store = bartizan_store::open(&url, Arc::clone(&clock) as Arc<dyn Clock>).await.expect("opened");
        seed(store.as_ref()).await;
        let engine = Engine::start(EngineParts {
            store: Arc::clone(&store),
            detector: Detector::embedded().expect("the model in the binary is sound"),
            model_folder: None,
            policy: PolicySettings { mode: Mode::Monitor, flag_threshold: Some(0.3), threshold: Some(0.5) },
            behaviour: BehaviourConfig::default(),
            masking: Masking::new(&MaskingSettings::default(), None).expect("the default is sound"),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            settings: EngineSettings {
                flush_every: std::time::Duration::from_millis(40),
                ..EngineSettings::default()
            },
            sources: Vec::new(),
            alerts: AlertSettings::default(),
            channels: Vec::new(),
            data_folder: None,
        })
        .await
        .expect("started");
        let state = ApiState::new(engine.clone(), settings);
        Self { router: router(state.clone()), state, engine, store, clock, _folder: folder }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[], "").await
    }

    /// The `data` of a GET that has to succeed.
    pub(crate) async fn data(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&answer.body));
        answer.json()["data"].clone()
    }

    /// Waits until a list has so many rows: what is checked is recorded behind the answer.
    pub(crate) async fn rows(&self, path: &str, count: usize) {
        let begun = std::time::Instant::now();
        loop {
            let rows = self.data(path).await.as_array().map_or(0, Vec::len);
            if rows == count {
                return;
            }
            assert!(rows < count && begun.elapsed().as_secs() < 30, "{path} has {rows} rows");
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        self.ask(Method::POST, path, &[("content-type", "application/json")], body).await
    }

    pub(crate) async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        self.ask_with(method, path, headers, Body::from(body.to_owned())).await
    }

    pub(crate) async fn ask_with(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", "127.0.0.1:3001");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 8 << 20).await.expect("a body").to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

/// A request as a log shows it.
pub(crate) fn logged(time: &str, client: &str, method: &str, target: &str, status: u16) -> HttpRequest {
    let mut request = HttpRequest::new(at(time), method, target.as_bytes(), Via::Log);
    client.clone_into(&mut request.client);
    request.host = Some("shop.example.com".to_owned());
    request.headers = vec![("user-agent".to_owned(), b"curl/8.5.0".to_vec())];
    request.status = status;
    request.response_bytes = Some(1_536);
    request.response_time_ms = Some(12.54);
    request.raw_line = Some(format!("{client} - - [x] \"{method} {target} HTTP/1.1\" {status} 1536"));
    request
}

pub(crate) fn allowed(request: HttpRequest) -> Judged {
    let score = Some(AnomalyScore::new(0.002_14));
    let assessment = Assessment { score, model: Some("wall-test".into()), ..Assessment::default() };
    Judged { request, assessment, verdict: Verdict::allow(score), judged_us: 120 }
}

pub(crate) fn attack(request: HttpRequest, class: ThreatClass, action: Action, score: Option<f64>) -> Judged {
    let score = score.map(AnomalyScore::new);
    let value = score.map_or(1.0, AnomalyScore::value);
    let assessment = Assessment {
        score,
        class: Some(class),
        scores: vec![(class, value)],
        fields: vec![AssessedField {
            location: Location::Query,
            name: Some("id".to_owned()),
            value: "9%27".to_owned(),
            truncated: false,
            score: AnomalyScore::new(value),
            class: Some(class),
        }],
        explanation: vec![Evidence {
            location: Location::Query,
            name: Some("id".to_owned()),
            start: 1,
            end: 4,
            text: "'".to_owned(),
            weight: 0.833_33,
            decoded_from: Some("%27".to_owned()),
        }],
        payload: Some("9' or 1=1 --".to_owned()),
        details: Some("SQL syntax in query parameter id".to_owned()),
        findings: Vec::new(),
        model: score.map(|_| "wall-test".into()),
    };
    let verdict = Verdict {
        action,
        enforced: false,
        class: Some(class),
        severity: Some(Severity::of(class, value, action)),
        score,
        decided_by: if score.is_some() { DecidedBy::Model } else { DecidedBy::Behaviour },
        payload: assessment.payload.clone(),
        details: assessment.details.clone(),
    };
    Judged { request, assessment, verdict, judged_us: 300 }
}

/// Five requests of the last minutes: two allowed, two blocked, one flagged; and one alert about the first attack.
async fn seed(store: &dyn Store) {
    let mut mobile = logged("2026-03-04T05:05:30.5Z", "2001:db8::7", "GET", "/login", 200);
    mobile.host = Some("app.example.com".to_owned());
    mobile.response_time_ms = None;
    let judged = vec![
        allowed(logged("2026-03-04T05:00:00Z", "203.0.113.40", "GET", "/", 200)),
        attack(
            logged("2026-03-04T05:01:00.123456Z", "198.51.100.7", "GET", "/products?id=9%27", 200),
            ThreatClass::SqlInjection,
            Action::Block,
            Some(0.987_149),
        ),
        attack(
            logged("2026-03-04T05:02:00Z", "203.0.113.40", "POST", "/login", 401),
            ThreatClass::BruteForce,
            Action::Flag,
            None,
        ),
        attack(
            logged("2026-03-04T05:03:00Z", "198.51.100.8", "GET", "/search?q=%3Cscript%3E", 404),
            ThreatClass::Xss,
            Action::Block,
            Some(0.8),
        ),
        allowed(mobile),
    ];
    let batch = CommitBatch { judged: judged.into(), source: None, received_at: at("2026-03-04T05:05:31Z") };
    let committed = store.commit(batch).await.expect("committed");
    assert_eq!((committed.traffic.len(), committed.threats.len()), (5, 3));
    let write = AlertWrite { threat_ids: vec![committed.threats[0].id], ..AlertWrite::of(alert()) };
    let step = AlertStep { from: 0, to: 3, at: at(NOW), alerts: vec![write], ..AlertStep::default() };
    store.write_alerts(&step).await.expect("written");
}

pub(crate) fn alert() -> Alert {
    Alert {
        id: 0,
        key: "sql_injection|198.51.100.7".to_owned(),
        kind: AlertKind::Critical,
        severity: Severity::High,
        title: "SQL injection attempts".to_owned(),
        description: "9 hits in 60 s from 198.51.100.7".to_owned(),
        raised_at: at("2026-03-04T05:01:01.25Z"),
        first_seen: at("2026-03-04T05:01:00.123456Z"),
        last_seen: at("2026-03-04T05:01:00.123456Z"),
        count: 9,
        source: "detector".to_owned(),
        status: AlertStatus::Open,
        handled_by: None,
        handled_at: None,
        class: Some(ThreatClass::SqlInjection),
        related_ip: Some("198.51.100.7".to_owned()),
        related_endpoint: Some("/products".to_owned()),
        related_threat_id: Some(1),
        host: Some("shop.example.com".to_owned()),
        clients: 1,
        targets: 2,
        classes: vec![(ThreatClass::SqlInjection, 9)],
        part_of: None,
        advice: "Look at the samples.".to_owned(),
        note: None,
    }
}
