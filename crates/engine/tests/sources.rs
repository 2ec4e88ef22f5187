//! Sources begin and end while the engine runs, and no line is lost or read twice by it.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bartizan_detect::{BehaviourConfig, Detector};
use bartizan_engine::{
    AlertSettings, Engine, EngineError, EngineParts, EngineSettings, Filter, Masking, MaskingSettings,
    NewSource, Page, PolicySettings,
};
use bartizan_ingest::{LineOptions, SourceConfig, resolved};
use bartizan_model::{Clock, Mode, SourceKind, SourceOrigin, SourceState, SourceStatus, SystemClock};

/// A folder with logs and a database.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        resolved(&self.0.path().join(name)).expect("a path")
    }

    /// Appends requests for these targets to a log.
    fn append(&self, log: &str, targets: &[&str]) {
        for target in targets {
            let line = r#"203.0.113.9 - - [04/Mar/2026:05:06:07 +0000] "GET TARGET HTTP/1.1" 200 5 "-" "x""#;
            self.write(log, &format!("{}\n", line.replace("TARGET", target)));
        }
    }

    fn write(&self, name: &str, text: &str) {
        let mut file = OpenOptions::new().create(true).append(true).open(self.path(name)).expect("opened");
        file.write_all(text.as_bytes()).expect("written");
    }

    fn source(&self, name: &str, log: &str) -> SourceConfig {
        SourceConfig {
            name: name.to_owned(),
            path: self.path(log),
            kind: SourceKind::File,
            follow: true,
            lines: LineOptions::default(),
        }
    }

    async fn start(&self, sources: Vec<SourceConfig>) -> Engine {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let url = format!("sqlite://{}", self.path("rows.db").display());
        let engine = Engine::start(EngineParts {
            store: bartizan_store::open(&url, Arc::clone(&clock)).await.expect("opened"),
            detector: Detector::embedded().expect("the model in the binary is sound"),
            model_folder: None,
            policy: PolicySettings { mode: Mode::Monitor, flag_threshold: None, threshold: None },
            behaviour: BehaviourConfig::default(),
            alerts: AlertSettings::default(),
            channels: Vec::new(),
            data_folder: None,
            masking: Masking::new(&MaskingSettings::default(), None).expect("the default is sound"),
            clock,
            settings: EngineSettings { poll: Duration::from_millis(20), ..EngineSettings::default() },
            sources,
        })
        .await
        .expect("started");
        engine.allow_adding_sources(true);
        engine
    }
}

fn new(path: &Path) -> NewSource {
    NewSource { path: path.display().to_string(), ..NewSource::default() }
}

fn named(name: &str, path: &Path) -> NewSource {
    NewSource { name: Some(name.to_owned()), ..new(path) }
}

fn status(engine: &Engine, name: &str) -> Option<SourceStatus> {
    engine.sources().into_iter().find(|source| source.name == name)
}

/// The targets of all rows, sorted.
async fn targets(engine: &Engine) -> Vec<String> {
    let rows = engine.traffic(&Filter::default(), &Page::newest(1_000)).await.expect("listed").rows;
    let mut targets: Vec<_> = rows.into_iter().map(|row| row.endpoint).collect();
    targets.sort();
    targets
}

async fn until_rows(engine: &Engine, wanted: &[&str]) {
    let begun = Instant::now();
    loop {
        let found = targets(engine).await;
        if found == wanted {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{found:?} instead of {wanted:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn until_state(engine: &Engine, name: &str, state: SourceState) {
    let begun = Instant::now();
    while status(engine, name).map(|source| source.state) != Some(state) {
        assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", engine.sources());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn refusal<T: std::fmt::Debug>(answer: Result<T, EngineError>) -> String {
    answer.expect_err("is refused").to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_is_added_removed_and_added_again_where_it_stood() {
    let place = Place::new();
    place.append("shop.log", &["/1", "/2"]);
    let engine = place.start(Vec::new()).await;
    let added = engine.add_source(named("shop", &place.path("shop.log"))).await.expect("added");
    assert_eq!((added.name.as_str(), &added.path), ("shop", &place.path("shop.log")));
    let shown = status(&engine, "shop").expect("shown at once");
    assert_eq!((shown.origin, shown.belongs_to.as_str()), (SourceOrigin::Added, "shop"));
    until_rows(&engine, &["/1", "/2"]).await;
    place.append("shop.log", &["/3"]);
    until_rows(&engine, &["/1", "/2", "/3"]).await;

    engine.remove_source("shop").await.expect("removed");
    assert!(engine.sources().is_empty());
    place.append("shop.log", &["/4"]);
    assert!(matches!(engine.remove_source("shop").await, Err(EngineError::NotFound { .. })));
    let preview = engine.preview_source(named("shop", &place.path("shop.log"))).await.expect("shown");
    assert!(preview.resumes_at.is_some_and(|offset| offset > 0), "{preview:?}");
    assert_eq!(targets(&engine).await.len(), 3, "nothing is read of what was removed");

    engine.add_source(named("shop", &place.path("shop.log"))).await.expect("added again");
    until_rows(&engine, &["/1", "/2", "/3", "/4"]).await;
    engine.stop().await;

    // It is read again at the next start, with what came meanwhile, and removal lasts.
    place.append("shop.log", &["/5"]);
    let engine = place.start(Vec::new()).await;
    until_rows(&engine, &["/1", "/2", "/3", "/4", "/5"]).await;
    engine.remove_source("shop").await.expect("removed");
    engine.stop().await;
    let engine = place.start(Vec::new()).await;
    assert!(engine.sources().is_empty());
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_source_that_ends_and_begins_loses_no_line_and_repeats_none() {
    let place = Place::new();
    let all: Vec<String> = (0..900).map(|number| format!("/{number:04}")).collect();
    let engine = place.start(Vec::new()).await;
    for part in all.chunks(100) {
        place.append("shop.log", &part.iter().map(String::as_str).collect::<Vec<_>>());
        engine.add_source(named("shop", &place.path("shop.log"))).await.expect("added");
        if status(&engine, "shop").is_some_and(|source| source.lines % 200 == 0) {
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
        engine.remove_source("shop").await.expect("removed");
    }
    engine.add_source(named("shop", &place.path("shop.log"))).await.expect("added");
    until_rows(&engine, &all.iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert_eq!(status(&engine, "shop").map(|source| source.lines), Some(900));
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_log_cannot_be_read_through_a_source() {
    let place = Place::new();
    let secret = "root:$y$j9T$hunter2$0123456789:19000:0:99999:7:::\n";
    place.write("shadow", &secret.repeat(300));
    let engine = place.start(Vec::new()).await;
    let mut told = Vec::new();
    for format in [None, Some("nginx:$remote_addr:$request"), Some("combined"), Some("json")] {
        let asked = NewSource { format: format.map(str::to_owned), ..new(&place.path("shadow")) };
        let preview = refusal(engine.preview_source(asked.clone()).await);
        assert_eq!(refusal(engine.add_source(asked).await), preview);
        told.push(preview);
    }
    assert!(told[0].contains("names no access log: of the first 200 lines"), "{told:?}");
    assert!(told[1].contains("does not have the given format"), "{told:?}");

    // A pattern brings the log and not the others; nothing is told of what is in them.
    place.append("shop.log", &["/1"]);
    let pattern = place.path("s*");
    let preview = engine.preview_source(named("all", &pattern)).await.expect("shown");
    assert_eq!((preview.file_count, preview.parsed, preview.lines), (2, 1, 1));
    assert!(preview.is_pattern && preview.files.iter().any(|file| file.problem.is_some()));
    told.push(format!("{preview:?}"));
    engine.add_source(named("all", &pattern)).await.expect("added");
    until_rows(&engine, &["/1"]).await;
    until_state(&engine, "all/shadow", SourceState::Failed).await;

    // Nor of what is written into a file that was empty.
    place.write("empty", "");
    let preview = engine.preview_source(named("empty", &place.path("empty"))).await.expect("an empty file");
    assert_eq!((preview.lines, preview.format), (0, None));
    engine.add_source(named("empty", &place.path("empty"))).await.expect("added");
    assert_eq!(status(&engine, "empty").map(|source| source.state), Some(SourceState::Waiting));
    place.write("empty", secret);
    until_state(&engine, "empty", SourceState::Failed).await;
    told.push(format!("{:?}", engine.sources()));
    engine.remove_source("empty").await.expect("removed");
    assert!(!format!("{told:?}").contains("hunter2"), "{told:?}");
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_file_is_read_from_its_first_line() {
    let place = Place::new();
    place.write("late.log", "");
    let engine = place.start(Vec::new()).await;
    engine.add_source(named("late", &place.path("late.log"))).await.expect("added");
    place.append("late.log", &["/1"]);
    until_rows(&engine, &["/1"]).await;
    until_state(&engine, "late", SourceState::Running).await;
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn senseless_and_doubled_sources_are_refused_with_the_remedy() {
    let place = Place::new();
    for log in ["shop.log", "shop.log.1", "other.log"] {
        place.append(log, &["/1"]);
    }
    place.write("packed.log", "\u{1f}\u{8b}");
    std::fs::write(place.path("packed.log"), b"\x1f\x8b\x08\0").expect("written");
    std::fs::write(place.path("binary.log"), b"\0\0\0\n").expect("written");
    std::fs::create_dir(place.path("folder")).expect("made");
    std::os::unix::fs::symlink(place.path("shop.log"), place.path("link.log")).expect("linked");
    let engine = place.start(vec![place.source("shop", "shop.log")]).await;
    let long = "x".repeat(2_000);
    for (asked, says) in [
        (new(Path::new("")), "path is empty"),
        (new(Path::new("access.log")), "path must be absolute"),
        (new(Path::new(&format!("/{long}"))), "path must have at most 1024 characters"),
        (new(Path::new("/var/log/\u{7}.log")), "path must not hold control characters"),
        (named(&long, &place.path("other.log")), "name must have at most 128 characters"),
        (named("a\nb", &place.path("other.log")), "name must not hold control characters"),
        (named(" ", &place.path("other.log")), "name is empty"),
        (named("ingest", &place.path("other.log")), "name is used by the server itself"),
        (
            NewSource { format: Some("squid".to_owned()), ..new(&place.path("other.log")) },
            "format cannot be used",
        ),
        (
            NewSource { time_zone: Some("Nowhere".to_owned()), ..new(&place.path("other.log")) },
            "time_zone cannot be",
        ),
        (new(&place.path("none.log")), "path names a file that does not exist"),
        (new(&place.path("folder")), "path names a folder"),
        (new(&place.path("packed.log")), "path cannot be read"),
        (new(&place.path("binary.log")), "path cannot be read"),
        (new(Path::new("/dev/null")), "path cannot be read"),
        (new(Path::new("/proc/self/status")), "path cannot be read"),
        (named("shop", &place.path("other.log")), "there is a log source shop already"),
        (named("again", &place.path("shop.log")), "is read already by the source shop"),
        (named("again", &place.path("link.log")), "is read already by the source shop"),
        (named("again", &place.path("shop.*")), "is read already by the source shop"),
        (named("again", &place.path("shop.log.1")), "was rotated from"),
    ] {
        let preview = refusal(engine.preview_source(asked.clone()).await);
        assert!(preview.contains(says), "{asked:?}: {preview}");
        assert_eq!(refusal(engine.add_source(asked).await), preview);
    }
    assert_eq!(engine.sources().len(), 1);
    assert!(refusal(engine.remove_source("shop").await).contains("stands in the configuration"));
    engine.allow_adding_sources(false);
    assert!(matches!(engine.add_source(new(&place.path("other.log"))).await, Err(EngineError::AddingOff)));
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secrets_of_shown_requests_are_hidden() {
    let place = Place::new();
    place.append("shop.log", &["/login?password=hunter2&a=1"]);
    let engine = place.start(Vec::new()).await;
    let preview = engine.preview_source(new(&place.path("shop.log"))).await.expect("shown");
    let request = preview.requests.first().expect("a request");
    assert!(String::from_utf8_lossy(&request.target).starts_with("/login?password="), "{request:?}");
    assert!(!format!("{preview:?}").contains("hunter2"), "{preview:?}");
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_that_was_read_again_begins_ends_and_changes_sources() {
    let place = Place::new();
    for (log, target) in [("a.log", "/a1"), ("b.log", "/b1"), ("c.log", "/c1")] {
        place.append(log, &[target]);
    }
    let (a, b) = (place.source("a", "a.log"), place.source("b", "b.log"));
    let engine = place.start(vec![a.clone(), b]).await;
    until_rows(&engine, &["/a1", "/b1"]).await;

    let late = place.source("late", "late.log");
    let changes = engine
        .configure_sources(vec![a.clone(), place.source("c", "c.log"), late.clone()])
        .await
        .expect("taken over");
    assert_eq!(
        (changes.started.as_slice(), changes.stopped.as_slice()),
        (&["c".to_owned(), "late".to_owned()][..], &["b".to_owned()][..])
    );
    assert_eq!(changes.failed.len(), 1);
    assert!(changes.failed[0].1.contains("late.log does not exist"), "{changes:?}");
    until_rows(&engine, &["/a1", "/b1", "/c1"]).await;
    assert!(status(&engine, "b").is_none());
    assert_eq!(status(&engine, "late").map(|source| source.state), Some(SourceState::Failed));

    // Another format is read from where reading stands.
    let format = Some("combined".parse().expect("a format"));
    let changed = SourceConfig { lines: LineOptions { format, ..LineOptions::default() }, ..a.clone() };
    let changes = engine.configure_sources(vec![changed]).await.expect("taken over");
    assert_eq!(changes.restarted, ["a"]);
    assert_eq!(changes.stopped, ["c", "late"]);
    place.append("a.log", &["/a2"]);
    until_rows(&engine, &["/a1", "/a2", "/b1", "/c1"]).await;
    assert_eq!(engine.sources().len(), 1);
    assert_eq!(engine.configure_sources(Vec::new()).await.expect("taken over").stopped, ["a"]);
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_added_and_is_configured_then_is_read_on() {
    let place = Place::new();
    place.append("shop.log", &["/1"]);
    let engine = place.start(Vec::new()).await;
    engine.add_source(named("shop", &place.path("shop.log"))).await.expect("added");
    until_rows(&engine, &["/1"]).await;
    let told = refusal(engine.configure_sources(vec![place.source("other", "shop.log")]).await);
    assert!(told.contains("is read already by the source shop, which was added"), "{told}");
    assert_eq!(status(&engine, "shop").map(|source| source.origin), Some(SourceOrigin::Added));

    let changes = engine.configure_sources(vec![place.source("shop", "shop.log")]).await.expect("taken over");
    assert_eq!(changes.restarted, ["shop"]);
    assert_eq!(status(&engine, "shop").map(|source| source.origin), Some(SourceOrigin::Configuration));
    place.append("shop.log", &["/2"]);
    until_rows(&engine, &["/1", "/2"]).await;
    engine.stop().await;
    let engine = place.start(Vec::new()).await;
    assert!(engine.sources().is_empty(), "it is the configuration's alone");
    engine.stop().await;
}
