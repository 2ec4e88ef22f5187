//! Reading the configuration again while serving: on SIGHUP, and when the file has changed.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use bartizan_engine::{Actor, AuditEvent, Engine, SourceChanges};
use bartizan_ingest::SourceConfig;
use bartizan_model::{AuditAction, AuditResource};
use serde_json::Value;
use tokio::sync::mpsc;

use super::serve::{policy, sources};
use crate::args::Installation;
use crate::settings::Settings;
use crate::settings_file::problems;

/// Pause between two looks at the file.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What takes effect while serving; whatever else is changed waits for a restart.
const AT_ONCE: [&str; 8] = [
    "sources",
    "ingestion.add_from_dashboard",
    "detection.mode",
    "detection.threshold",
    "detection.flag_threshold",
    "alerts",
    "privacy.mask",
    "privacy.hash",
];

/// Who is named in the audit log.
const BY: &str = "configuration";

/// Follows the file of an installation for as long as the process lives, and on SIGHUP looks at the folder of the model as
/// well. Without either, SIGHUP ends the process, as is usual.
pub(super) fn follow(engine: &Engine, installation: Installation, demo: bool) -> anyhow::Result<()> {
    let settings = installation.settings()?;
    let (has_file, has_model) = (installation.config.is_some(), settings.detection.model.is_some());
    if !has_file && !has_model {
        return Ok(());
    }
    let hangups = hangups().context("signals cannot be received")?;
    let follower = Follower { engine: engine.clone(), installation, demo, settings };
    tokio::spawn(follower.run(hangups));
    Ok(())
}

struct Follower {
    engine: Engine,
    installation: Installation,
    /// Whether the only source is the demo's.
    demo: bool,
    /// What is in force, or waits for a restart.
    settings: Settings,
}

impl Follower {
    async fn run(mut self, mut hangups: mpsc::Receiver<()>) {
        let file = self.installation.config.clone();
        let mut seen = file.as_deref().and_then(stamp);
        let mut looks = tokio::time::interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let asked = tokio::select! {
                asked = hangups.recv() => asked.is_some(),
                _ = looks.tick() => false,
            };
            if asked {
                self.engine.look_at_model();
            }
            let Some(file) = &file else { continue };
            let now = stamp(file);
            // A file that is gone for a moment is being replaced.
            if asked || (now.is_some() && now != seen) {
                seen = now;
                self.read(file.clone()).await;
            }
        }
    }

    async fn read(&mut self, file: PathBuf) {
        match read(&file, &self.installation) {
            Ok(settings) => self.take_over(&file, settings).await,
            Err(mistakes) => {
                for mistake in &mistakes {
                    tracing::error!("the configuration stays as it was: {mistake}");
                }
                self.audit(event(&file).failed(mistakes.join("; "))).await;
            }
        }
    }

    async fn take_over(&mut self, file: &Path, settings: Settings) {
        let changed = differences(&self.settings, &settings);
        if changed.is_empty() {
            return;
        }
        let mut waits: Vec<&str> =
            changed.iter().map(|(key, ..)| key.as_str()).filter(|key| !is_at_once(key)).collect();
        let wanted = match self.wanted_sources(&settings).await {
            Ok(wanted) => wanted,
            Err(error) => return self.refuse(file, &error).await,
        };
        let masking = match settings.privacy.open(self.settings.store.url.reveal()) {
            Ok(masking) => masking,
            Err(error) => return self.refuse(file, &error).await,
        };
        if let Err(error) = self.engine.configure_policy(policy(&settings.detection)).await {
            return self.refuse(file, &error.into()).await;
        }
        self.engine.configure_alerts(settings.alerts.clone());
        self.engine.configure_masking(masking);
        self.engine.allow_adding_sources(settings.ingestion.add_from_dashboard);
        let sources = match self.engine.configure_sources(wanted).await {
            Ok(changes) => changes,
            Err(error) => return self.refuse(file, &error.into()).await,
        };
        if sources.waits {
            waits.push("sources (standard input)");
        }
        if waits.is_empty() {
            tracing::info!("the configuration was read again from {}", file.display());
        } else {
            tracing::warn!(
                "the configuration was read again from {}; a restart is needed for {}",
                file.display(),
                waits.join(", ")
            );
        }
        let of = |side: fn(&(String, Value, Value)) -> &Value| -> serde_json::Map<String, Value> {
            changed.iter().map(|change| (change.0.clone(), side(change).clone())).collect()
        };
        self.audit(event(file).before(of(|change| &change.1)).after(of(|change| &change.2))).await;
        self.tell(file, &sources).await;
        self.settings = settings;
    }

    /// The sources of settings, when all of them make sense together and beside those that were added.
    async fn wanted_sources(&self, settings: &Settings) -> anyhow::Result<Vec<SourceConfig>> {
        let mut settings = settings.clone();
        if self.demo {
            settings.sources.clear();
        }
        let wanted = sources(&settings, self.demo)?;
        self.engine.check_sources(&wanted).await?;
        Ok(wanted)
    }

    /// Says what became of the sources. One that cannot be read yet is tried again and stands in the audit log.
    async fn tell(&self, file: &Path, sources: &SourceChanges) {
        for (what, names) in [
            ("started", &sources.started),
            ("stopped", &sources.stopped),
            ("read anew from where they stood", &sources.restarted),
        ] {
            if !names.is_empty() {
                tracing::info!("log sources {what}: {}", names.join(", "));
            }
        }
        for (name, why) in &sources.failed {
            tracing::error!("log source {name} cannot be read yet and is tried again: {why}");
            self.audit(event(file).of(name).failed(format!("log source {name} cannot be read yet: {why}")))
                .await;
        }
    }

    async fn refuse(&self, file: &Path, error: &anyhow::Error) {
        tracing::error!("the configuration stays as it was: {}: {error:#}", file.display());
        self.audit(event(file).failed(format!("{error:#}"))).await;
    }

    async fn audit(&self, event: AuditEvent) {
        let by = Actor { username: Some(BY.to_owned()), ..Actor::default() };
        self.engine.audit(&by, event).await;
    }
}

fn event(file: &Path) -> AuditEvent {
    let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    AuditEvent::new(AuditAction::ConfigChange, AuditResource::Config, format!("read {name} again"))
}

/// The settings of the file, or what is wrong in which line.
fn read(file: &Path, installation: &Installation) -> Result<Settings, Vec<String>> {
    let mistakes = match problems(file) {
        Ok(mistakes) => mistakes.iter().map(|mistake| mistake.shown(file).to_string()).collect(),
        Err(error) => vec![format!("{error:#}")],
    };
    if mistakes.is_empty() {
        installation.settings().map_err(|error| vec![format!("{error:#}")])
    } else {
        Err(mistakes)
    }
}

/// When a file was last changed, and how long it is.
fn stamp(file: &Path) -> Option<(SystemTime, u64)> {
    let metadata = file.metadata().ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// Every setting that differs, with what it was and is. Secrets are shown as the settings show them.
fn differences(before: &Settings, after: &Settings) -> Vec<(String, Value, Value)> {
    let before = before.flat();
    let after = after.flat();
    let differs = |(key, value): (String, Value)| {
        let old = before.get(&key).cloned().unwrap_or_default();
        (old != value).then_some((key, old, value))
    };
    after.into_iter().filter_map(differs).collect()
}

fn is_at_once(key: &str) -> bool {
    AT_ONCE
        .iter()
        .any(|part| key == *part || key.strip_prefix(part).is_some_and(|rest| rest.starts_with('.')))
}

/// Tells of every SIGHUP; elsewhere than on Unix there is none.
fn hangups() -> std::io::Result<mpsc::Receiver<()>> {
    let (tell, told) = mpsc::channel(1);
    #[cfg(unix)]
    {
        let mut signals = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup())?;
        tokio::spawn(async move { while signals.recv().await.is_some() && tell.send(()).await.is_ok() {} });
    }
    #[cfg(not(unix))]
    tokio::spawn(async move { tell.closed().await });
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_told_by_its_name_and_only_some_of_it_waits() {
        let before = Settings::load(None).expect("valid");
        let mut after = before.clone();
        after.detection.threshold = Some(0.7);
        after.server.grace_s = 3;
        let changed = differences(&before, &after);
        let keys: Vec<&str> = changed.iter().map(|(key, ..)| key.as_str()).collect();
        assert_eq!(keys, ["detection.threshold", "server.grace_s"]);
        assert_eq!(changed[0].2, 0.7);
        assert!(is_at_once("alerts.disk.enabled") && is_at_once("detection.mode") && is_at_once("sources"));
        assert!(!is_at_once("detection.model") && !is_at_once("server.grace_s"));
    }
}
