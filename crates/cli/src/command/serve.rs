//! `bartizan serve`: composes store, engine and server, and takes them down in order.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, bail};
use bartizan_api::{ApiSettings, ApiState, LiveSettings};
use bartizan_engine::{Engine, EngineParts, EngineSettings, PolicySettings, Surroundings};
use bartizan_ingest::{LineOptions, SourceConfig};
use bartizan_model::{Clock, SourceKind, SystemClock};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::args::{Installation, Serve};
use crate::open_files::OpenFiles;
use crate::settings::{Detection, Settings};
use crate::stop_signals::StopSignals;
use crate::{output, settings_sources, telemetry};

/// Where the demo writes its log and keeps its rows, apart from real ones.
const DEMO_FOLDER: &str = "data/demo";

pub(crate) fn run(args: &Serve) -> anyhow::Result<()> {
    let demo = args.demo;
    let has_database = args.installation.db.is_some();
    let mut settings = args.installation.settings()?;
    telemetry::start(&settings.telemetry);
    if demo {
        settings.sources.clear();
        if !has_database {
            settings.store.url = format!("sqlite://{DEMO_FOLDER}/bartizan.db").into();
        }
    }
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    if let Some(workers) = settings.server.workers {
        runtime.worker_threads(workers.get());
    }
    let runtime = runtime.enable_all().build().context("the operating system gave no threads")?;
    let result = runtime.block_on(serve(settings, args.installation.clone(), demo));
    // Reader threads have ended with the engine; whatever still blocks must not hold the exit.
    runtime.shutdown_timeout(Duration::from_secs(1));
    result
}

async fn serve(settings: Settings, installation: Installation, demo: bool) -> anyhow::Result<()> {
    let mut signals = StopSignals::listen().context("signals cannot be received")?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let files = OpenFiles::raise();
    let detector = super::detector(settings.detection.model.as_deref())?;
    let listener = listen(settings.server.listen).await?;
    let address = listener.local_addr().context("the listener has no address")?;
    let store = bartizan_store::open(settings.store.url.reveal(), Arc::clone(&clock)).await?;

    let masking = settings.privacy.open(settings.store.url.reveal())?;

    let demo_traffic = if demo { Some(DemoWriter::start(Arc::clone(&clock))?) } else { None };
    let engine = Engine::start(EngineParts {
        store,
        detector,
        model_folder: settings.detection.model.clone(),
        policy: policy(&settings.detection),
        behaviour: settings.detection.behaviour.clone(),
        masking,
        clock,
        settings: EngineSettings { retention: settings.retention.kept(), ..EngineSettings::default() },
        sources: sources(&settings, demo)?,
        alerts: settings.alerts.clone(),
        channels: settings.notifications.channels()?,
        data_folder: bartizan_store::folder(settings.store.url.reveal()).ok(),
    })
    .await?;

    engine.allow_adding_sources(settings.ingestion.add_from_dashboard);
    super::reload::follow(&engine, installation, demo)?;

    engine.describe(Surroundings {
        data_folder: bartizan_store::folder(settings.store.url.reveal()).ok(),
        listen: address.to_string(),
        loopback: address.ip().is_loopback(),
        authenticated: settings.authenticates(),
        allowed_origins: settings.server.allowed_origins.clone(),
    });

    let first_admin = if settings.authenticates() {
        engine.access().first_admin().await.context("the first administrator cannot be made")?
    } else {
        None
    };

    let stop = CancellationToken::new();
    let state = ApiState::new(
        engine.clone(),
        ApiSettings {
            allowed_origins: settings.server.allowed_origins.clone(),
            allowed_hosts: settings.server.allowed_hosts.clone(),
            loopback: address.ip().is_loopback(),
            authenticate: settings.authenticates(),
            trusted_proxies: settings.server.proxies()?,
            rate_limit: settings.rate_limit(),
            inline: settings.inline.settings()?,
            max_connections: files.connections(),
            live: LiveSettings {
                max_sockets: files.sockets(settings.websocket.max_sockets),
                ..settings.websocket.settings()
            },
            ..ApiSettings::default()
        },
    );
    let mut server = tokio::spawn(bartizan_api::serve(listener, state, stop.clone()));
    output::line(format_args!("bartizan {} · dashboard at http://{address}", env!("CARGO_PKG_VERSION")));
    if let Some((user, password)) = first_admin {
        let name = user.username;
        output::line(format_args!(
            "There is no user yet, so an administrator was made. Log in as {name} with the password {password}\n\
             It is shown this once and has to be replaced at the first login; `bartizan user passwd {name}` makes a new one."
        ));
    }

    let ended = tokio::select! {
        () = signals.next() => None,
        result = &mut server => Some(result),
    };
    tracing::info!("stopping: what was read is committed first");
    stop.cancel();
    if let Some(writer) = demo_traffic {
        writer.stop();
    }
    let grace = Duration::from_secs(settings.server.grace_s);
    let drained = tokio::time::timeout(grace, async {
        engine.stop().await;
        if ended.is_none() {
            let _ = (&mut server).await;
        }
    });
    let in_time = tokio::select! {
        result = drained => result.is_ok(),
        () = signals.next() => false,
    };
    match ended {
        None if in_time => Ok(()),
        None => bail!(
            "stopped before everything was committed (server.grace_s is {} s); the next start reads the rest again",
            grace.as_secs()
        ),
        Some(Ok(Ok(()))) => bail!("the server ended by itself"),
        Some(Ok(Err(error))) => Err(error).context("the server failed"),
        Some(Err(error)) => Err(error).context("the server ended by a defect"),
    }
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}; stop the program that uses it, or choose another with --listen")
    })
}

pub(super) fn policy(detection: &Detection) -> PolicySettings {
    PolicySettings {
        mode: detection.mode,
        flag_threshold: detection.flag_threshold,
        threshold: detection.threshold,
    }
}

/// The sources of these settings; the demo's is one of them.
pub(super) fn sources(settings: &Settings, demo: bool) -> anyhow::Result<Vec<SourceConfig>> {
    settings_sources::check_files(&settings.sources)?;
    let mut sources: Vec<SourceConfig> = Vec::new();
    for source in &settings.sources {
        let (kind, path) = match (&source.path, &source.syslog) {
            (Some(path), _) if path == Path::new("-") => (SourceKind::StandardInput, path.clone()),
            (Some(path), _) => (
                SourceKind::File,
                bartizan_ingest::resolved(path).with_context(|| format!("{} is no path", path.display()))?,
            ),
            (None, Some(address)) => (SourceKind::Syslog, PathBuf::from(address)),
            (None, None) => bail!("a log source needs either path or syslog"),
        };
        let name = source.name.clone().unwrap_or_else(|| match kind {
            SourceKind::StandardInput => "standard input".to_owned(),
            _ => path.display().to_string(),
        });
        if sources.iter().any(|known| known.name == name) {
            bail!("log source {name} is given twice");
        }
        sources.push(SourceConfig { name, path, kind, follow: true, lines: source.lines()? });
    }
    if demo {
        let path = demo_log();
        sources.push(SourceConfig {
            name: "demo traffic".to_owned(),
            path,
            kind: SourceKind::Demo,
            follow: true,
            lines: LineOptions::default(),
        });
    }
    Ok(sources)
}

fn demo_log() -> PathBuf {
    Path::new(DEMO_FOLDER).join("access.log")
}

/// The generator of demo traffic on its own thread.
struct DemoWriter {
    stop: Arc<AtomicBool>,
}

impl DemoWriter {
    fn start(clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let path = demo_log();
        std::fs::create_dir_all(DEMO_FOLDER).with_context(|| format!("cannot create {DEMO_FOLDER}"))?;
        // The file must exist before it is tailed; the generator fills it from its own thread.
        std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .with_context(|| format!("cannot write {}", path.display()))?;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        std::thread::Builder::new()
            .name("demo".to_owned())
            .spawn(move || {
                if let Err(error) = bartizan_demo::run(&path, clock.as_ref(), &stopped) {
                    tracing::error!(error = &error as &dyn std::error::Error, "demo traffic ended");
                }
            })
            .context("the operating system gave no thread for demo traffic")?;
        Ok(Self { stop })
    }

    fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}
