//! The model is replaced while requests are judged; what cannot be used is refused and the one in force stays.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bartizan_detect::{BehaviourConfig, Detector, Thresholds};
use bartizan_engine::{
    AlertSettings, Engine, EngineError, EngineParts, EngineSettings, Masking, MaskingSettings, ModelRefusal,
    PolicySettings, Recording,
};
use bartizan_model::{Clock, HttpRequest, Mode, SystemClock, Via};

const MANIFEST: &str = include_str!("../../../models/wall-3/manifest.json");
const WEIGHTS: &[u8] = include_bytes!("../../../models/wall-3/weights.safetensors");

/// What the shipped model says of itself.
static OF_SHIPPED: std::sync::LazyLock<Thresholds> =
    std::sync::LazyLock::new(|| Detector::embedded().expect("the shipped model loads").manifest().thresholds);
const OF_NEXT: Thresholds = Thresholds { flag: 0.625, block: 0.75 };

const OPEN: PolicySettings = PolicySettings { mode: Mode::Monitor, flag_threshold: None, threshold: None };

/// Enough for several threads.
const BATCH: usize = 80;

/// The weights of wall-3 under another name and with other thresholds: the hash covers the weights alone.
fn next_model() -> String {
    let mut manifest: serde_json::Value =
        serde_json::from_str(MANIFEST).expect("the shipped manifest is JSON");
    manifest["version"] = "wall-next".into();
    manifest["thresholds"] = serde_json::json!({ "flag": OF_NEXT.flag, "block": OF_NEXT.block });
    manifest.to_string()
}

/// Other weights that a manifest can describe: safetensors allows any metadata, so their bytes differ and they load.
fn other_weights() -> Vec<u8> {
    let (length, rest) = WEIGHTS.split_first_chunk::<8>().expect("a header length");
    let length = usize::try_from(u64::from_le_bytes(*length)).expect("it fits");
    let (header, tensors) = rest.split_at(length);
    let mut header = header.to_vec();
    header.extend([b' '; 8]);
    [&(header.len() as u64).to_le_bytes()[..], &header, tensors].concat()
}

struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    fn new() -> Self {
        let site = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        std::fs::create_dir(site.model()).expect("made");
        site.write("manifest.json", MANIFEST.as_bytes());
        site.write("weights.safetensors", WEIGHTS);
        site
    }

    fn model(&self) -> PathBuf {
        self.folder.path().join("model")
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.model().join(name), bytes).expect("written");
    }

    async fn start(&self, policy: PolicySettings) -> Result<Engine, EngineError> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let url = format!("sqlite://{}", self.folder.path().join("rows.db").display());
        Engine::start(EngineParts {
            store: bartizan_store::open(&url, Arc::clone(&clock)).await.expect("opened"),
            detector: Detector::load(&self.model()).expect("the shipped model is sound"),
            model_folder: Some(self.model()),
            policy,
            behaviour: BehaviourConfig::default(),
            masking: Masking::new(&MaskingSettings::default(), None).expect("the default is sound"),
            clock,
            settings: EngineSettings {
                look_at_model_every: Duration::from_millis(50),
                ..EngineSettings::default()
            },
            sources: Vec::new(),
            alerts: AlertSettings::default(),
            channels: Vec::new(),
            data_folder: None,
        })
        .await
    }
}

/// Waits for an event instead of sleeping for a guess; the bound only ends a test that would fail anyway.
async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_mins(1), "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn refused(engine: &Engine, said: &str) -> ModelRefusal {
    let holds = || engine.model_refusal().is_some_and(|refusal| refusal.problem.contains(said));
    until(&format!("the model is refused for {said}"), holds).await;
    engine.model_refusal().expect("just seen")
}

async fn in_force(engine: &Engine, version: &str) {
    let holds = || engine.model().version() == version && engine.model_refusal().is_none();
    until(&format!("{version} is in force and nothing is refused"), holds).await;
}

/// Judges batch after batch, and checks that each was judged by one model with its own thresholds.
async fn judge_all_the_time(engine: Engine, stop: Arc<AtomicBool>) -> Vec<String> {
    let mut versions: Vec<String> = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let request = HttpRequest::new(engine.now(), "GET", b"/items?id=9%27%20or%201=1%20--%20", Via::Check);
        let checked = engine.check(vec![request; BATCH], Recording::No).await.expect("judged");
        assert_eq!(checked.len(), BATCH);
        let version = checked[0].judged.assessment.model.as_deref().expect("scored").to_owned();
        for one in &checked {
            assert_eq!(
                one.judged.assessment.model.as_deref(),
                Some(version.as_str()),
                "one batch, two models"
            );
            let thresholds = if version == "wall-3" { *OF_SHIPPED } else { OF_NEXT };
            assert_eq!(one.policy.thresholds, thresholds, "{version} with foreign thresholds");
        }
        if versions.last() != Some(&version) {
            versions.push(version);
        }
    }
    versions
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_is_replaced_and_bad_ones_are_refused_while_requests_are_judged() {
    let site = Site::new();
    let engine = site.start(OPEN).await.expect("started");
    let stop = Arc::new(AtomicBool::new(false));
    let judging = tokio::spawn(judge_all_the_time(engine.clone(), Arc::clone(&stop)));
    let judged = engine.judging().requests;
    until("judging goes on", || engine.judging().requests > judged).await;

    site.write("manifest.json", next_model().as_bytes());
    in_force(&engine, "wall-next").await;
    assert_eq!(engine.model().policy.thresholds, OF_NEXT);
    // One batch may have begun before.
    let judged = engine.judging().requests;
    until("judging goes on", || engine.judging().requests > judged + 2 * BATCH as u64).await;

    let mut damaged = WEIGHTS.to_vec();
    *damaged.last_mut().expect("bytes") ^= 1;
    site.write("weights.safetensors", &damaged);
    let refusal = refused(&engine, "SHA-256").await;
    assert!(refusal.problem.contains("restore it"), "no remedy: {refusal:?}");
    assert!(!refusal.problem.contains('/'), "clients learn where files lie: {refusal:?}");
    site.write("weights.safetensors", WEIGHTS);
    in_force(&engine, "wall-next").await;

    site.write("manifest.json", MANIFEST.replacen("\"format\": 2", "\"format\": 3", 1).as_bytes());
    refused(&engine, "format 3").await;
    std::fs::remove_file(site.model().join("manifest.json")).expect("removed");
    refused(&engine, "cannot read the model file manifest.json").await;
    site.write("manifest.json", b"{\"format\": 2, ");
    refused(&engine, "cannot be understood").await;
    assert_eq!(engine.model().version(), "wall-next");

    let judged = engine.judging().requests;
    until("judging went on", || engine.judging().requests > judged).await;
    site.write("manifest.json", MANIFEST.as_bytes());
    in_force(&engine, "wall-3").await;
    let judged = engine.judging().requests;
    until("judging goes on", || engine.judging().requests > judged + 2 * BATCH as u64).await;
    stop.store(true, Ordering::Relaxed);
    assert_eq!(judging.await.expect("no batch was mixed"), ["wall-3", "wall-next", "wall-3"]);
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_half_written_model_is_refused_by_hash_and_taken_once_it_is_whole() {
    let site = Site::new();
    let engine = site.start(OPEN).await.expect("started");
    let weights = other_weights();
    site.write("weights.safetensors", &weights);
    refused(&engine, "SHA-256").await;
    assert_eq!(engine.model().version(), "wall-3");
    let hash = |bytes| bartizan_detect::sha256_hex(bytes);
    site.write("manifest.json", next_model().replacen(&hash(WEIGHTS), &hash(&weights), 1).as_bytes());
    in_force(&engine, "wall-next").await;
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn thresholds_that_the_operator_set_stay_and_a_model_that_contradicts_them_is_refused() {
    let site = Site::new();
    let engine = site.start(PolicySettings { threshold: Some(0.625), ..OPEN }).await.expect("started");
    assert_eq!(engine.model().policy.thresholds, Thresholds { flag: OF_SHIPPED.flag, block: 0.625 });
    site.write("manifest.json", next_model().as_bytes());
    in_force(&engine, "wall-next").await;
    assert_eq!(engine.model().policy.thresholds, Thresholds { flag: 0.625, block: 0.625 });
    engine.stop().await;

    let engine = site.start(PolicySettings { flag_threshold: Some(0.7), ..OPEN }).await.expect("started");
    site.write("manifest.json", MANIFEST.as_bytes());
    refused(&engine, "detection.flag_threshold").await;
    assert_eq!(engine.model().version(), "wall-next");
    engine.stop().await;

    let refused = site.start(PolicySettings { flag_threshold: Some(0.7), ..OPEN }).await;
    assert!(matches!(refused, Err(EngineError::Thresholds { .. })), "{refused:?}");
}
