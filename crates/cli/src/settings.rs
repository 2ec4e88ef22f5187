//! Settings: embedded default, then the file, then the environment, then flags.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use bartizan_api::{InlineSettings, LiveSettings, OnFailure, RateLimit, TrustedProxies};
use bartizan_detect::BehaviourConfig;
use bartizan_engine::{AlertSettings, HashedNames, MaskedNames, Masking, MaskingKey, MaskingSettings};
use bartizan_ingest::LineOptions;
use bartizan_model::Mode;
use figment::providers::{Env, Format, Yaml};
use figment::{Figment, Metadata};
use serde::{Deserialize, Serialize};

use crate::database_url::DatabaseUrl;
use crate::notifications::Notifications;
use crate::secret_text::SecretText;
use crate::settings_names::Renamed;
use crate::settings_sources;
use crate::telemetry::Telemetry;

/// The commented file that is also the default.
pub(crate) const DEFAULT_YAML: &str = include_str!("default.yaml");

/// All settings of `serve`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) server: Server,
    pub(crate) websocket: Websocket,
    pub(crate) auth: Auth,
    pub(crate) rate_limit: Rate,
    pub(crate) store: Store,
    pub(crate) sources: Vec<Source>,
    pub(crate) ingestion: Ingestion,
    pub(crate) detection: Detection,
    pub(crate) inline: Inline,
    pub(crate) privacy: Privacy,
    pub(crate) alerts: AlertSettings,
    pub(crate) notifications: Notifications,
    pub(crate) retention: Retention,
    pub(crate) telemetry: Telemetry,
}

/// How the server is reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Server {
    pub(crate) listen: SocketAddr,
    pub(crate) allow_unauthenticated: bool,
    pub(crate) trusted_proxies: Vec<String>,
    pub(crate) allowed_origins: Vec<String>,
    pub(crate) allowed_hosts: Vec<String>,
    pub(crate) workers: Option<NonZeroUsize>,
    pub(crate) grace_s: u64,
}

impl Server {
    fn is_local(&self) -> bool {
        self.listen.ip().to_canonical().is_loopback()
    }

    /// Whose word about clients is believed.
    pub(crate) fn proxies(&self) -> anyhow::Result<TrustedProxies> {
        let proxies = TrustedProxies::parse(self.trusted_proxies.iter().map(String::as_str));
        proxies.map_err(anyhow::Error::msg).context("server.trusted_proxies")
    }
}

/// Live updates of the dashboard and of others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Websocket {
    pub(crate) enabled: bool,
    /// In seconds.
    pub(crate) ping_interval: u64,
    /// In seconds.
    pub(crate) metrics_interval: u64,
    pub(crate) max_sockets: usize,
}

impl Websocket {
    /// The same for the edge.
    pub(crate) fn settings(&self) -> LiveSettings {
        LiveSettings {
            enabled: self.enabled,
            ping_interval: Duration::from_secs(self.ping_interval),
            metrics_interval: Duration::from_secs(self.metrics_interval),
            max_sockets: self.max_sockets,
            ..LiveSettings::default()
        }
    }
}

/// Who may ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Auth {
    pub(crate) mode: Switch,
}

/// How often one caller may ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rate {
    pub(crate) mode: Switch,
    pub(crate) per_minute: NonZeroU32,
    pub(crate) burst: NonZeroU32,
}

/// What protects a server that others reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Switch {
    /// Off on loopback, on elsewhere.
    Auto,
    On,
    Off,
}

/// Where rows are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Store {
    pub(crate) url: DatabaseUrl,
}

/// Where log lines come from: one of path and syslog.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    /// A file, a pattern of files, or `-` for standard input.
    #[serde(default)]
    pub(crate) path: Option<PathBuf>,
    /// An address to receive syslog at.
    #[serde(default)]
    pub(crate) syslog: Option<String>,
    #[serde(default)]
    pub(crate) name: Option<String>,
    /// The format of its lines; found in them when left out.
    #[serde(default)]
    pub(crate) format: Option<String>,
    /// The zone of times that name none.
    #[serde(default)]
    pub(crate) time_zone: Option<String>,
}

impl Source {
    /// How its lines are to be read.
    pub(crate) fn lines(&self) -> anyhow::Result<LineOptions> {
        let format = self.format.as_deref().map(str::parse).transpose().context("format")?;
        let time_zone = self.time_zone.as_deref().map(str::parse).transpose().context("time_zone")?;
        Ok(LineOptions { format, time_zone: time_zone.unwrap_or_default() })
    }
}

/// How lines come in, beside the sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ingestion {
    /// Whether sources may be added while the server runs.
    pub(crate) add_from_dashboard: bool,
}

/// How requests are judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Detection {
    pub(crate) mode: Mode,
    pub(crate) model: Option<PathBuf>,
    pub(crate) flag_threshold: Option<f64>,
    pub(crate) threshold: Option<f64>,
    pub(crate) behaviour: BehaviourConfig,
}

/// Requests that a proxy holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Inline {
    pub(crate) trusted_proxies: Vec<String>,
    pub(crate) on_failure: OnFailure,
    pub(crate) timeout_ms: u64,
}

impl Inline {
    /// What the edge needs to know of it.
    pub(crate) fn settings(&self) -> anyhow::Result<InlineSettings> {
        let proxies = TrustedProxies::parse(self.trusted_proxies.iter().map(String::as_str));
        Ok(InlineSettings {
            trusted_proxies: proxies.map_err(anyhow::Error::msg).context("inline.trusted_proxies")?,
            on_failure: self.on_failure,
            deadline: Duration::from_millis(self.timeout_ms),
        })
    }
}

/// What is hidden before anything is stored, sent or logged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Privacy {
    pub(crate) mask: MaskedNames,
    pub(crate) hash: HashedNames,
    pub(crate) key: Option<SecretText>,
}

/// How long rows are kept, and how much of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Retention {
    pub(crate) traffic_days: u32,
    pub(crate) threats_days: u32,
    pub(crate) alerts_days: u32,
    pub(crate) metrics_days: u32,
    pub(crate) max_database_mb: Option<u64>,
}

impl Retention {
    /// The same for the engine.
    pub(crate) fn kept(self) -> bartizan_engine::Retention {
        bartizan_engine::Retention {
            traffic_days: self.traffic_days,
            threats_days: self.threats_days,
            alerts_days: self.alerts_days,
            metrics_days: self.metrics_days,
            max_bytes: self.max_database_mb.map(|megabytes| megabytes.saturating_mul(1_000_000)),
        }
    }
}

impl Settings {
    /// Whether callers have to say who they are.
    pub(crate) fn authenticates(&self) -> bool {
        match self.auth.mode {
            Switch::On => true,
            Switch::Off => false,
            Switch::Auto => !self.server.is_local() && !self.server.allow_unauthenticated,
        }
    }

    /// How often one caller may ask; `None`: as often as it likes.
    pub(crate) fn rate_limit(&self) -> Option<RateLimit> {
        let is_on = match self.rate_limit.mode {
            Switch::On => true,
            Switch::Off => false,
            Switch::Auto => !self.server.is_local(),
        };
        let Rate { per_minute, burst, .. } = self.rate_limit;
        is_on.then_some(RateLimit { per_minute: per_minute.get(), burst: burst.get() })
    }

    /// Reads the default, the file and the environment.
    pub(crate) fn load(file: Option<&Path>) -> anyhow::Result<Self> {
        if let Some(file) = file
            && let Err(error) = std::fs::File::open(file)
            && error.kind() == std::io::ErrorKind::PermissionDenied
        {
            bail!(
                "{} may not be read by this user; run this as root, or as the user that serves, or name another file \
                 with --config",
                file.display()
            );
        }
        let settings: Self = Self::layers(file)?.extract().context(
            "a setting cannot be read; `bartizan config default` prints all of them with their meaning",
        )?;
        settings.validate()?;
        Ok(settings)
    }

    /// Every setting as text, and where it comes from: `default`, `environment`, the file, or what `flag` says of it.
    pub(crate) fn origins(
        &self,
        file: Option<&Path>,
        flag: impl Fn(&str) -> Option<&'static str>,
    ) -> anyhow::Result<Vec<[String; 3]>> {
        let shown = serde_json::to_value(self).context("settings cannot be shown")?;
        let layers = Self::layers(file)?;
        let origin = |key: &str| match layers.find_metadata(key) {
            _ if flag(key).is_some() => format!("flag {}", flag(key).unwrap_or_default()),
            Some(metadata) if metadata.name.contains("environment") => "environment".to_owned(),
            Some(Metadata { source: Some(figment::Source::File(path)), .. }) => path.display().to_string(),
            _ => "default".to_owned(),
        };
        let mut found = Vec::new();
        flatten(String::new(), &shown, &mut |key, value| {
            let origin = origin(&key);
            found.push([key, value.to_string(), origin]);
        });
        Ok(found)
    }

    /// Every setting by the path to it.
    pub(crate) fn flat(&self) -> BTreeMap<String, serde_json::Value> {
        let mut found = BTreeMap::new();
        flatten(String::new(), &serde_json::to_value(self).unwrap_or_default(), &mut |key, value| {
            found.insert(key, value.clone());
        });
        found
    }

    fn layers(file: Option<&Path>) -> anyhow::Result<Figment> {
        let mut figment = Figment::from(Yaml::string(DEFAULT_YAML));
        if let Some(file) = file {
            if !file.is_file() {
                bail!("configuration file {} does not exist; check --config", file.display());
            }
            figment = figment.merge(Renamed(Yaml::file_exact(file)));
        }
        Ok(figment.merge(Renamed(Env::prefixed("BARTIZAN__").split("__"))))
    }

    /// What types cannot say.
    pub(crate) fn validate(&self) -> anyhow::Result<()> {
        let detection = &self.detection;
        for (name, value) in [
            ("detection.flag_threshold", detection.flag_threshold),
            ("detection.threshold", detection.threshold),
        ] {
            if value.is_some_and(|value| !(0.0..=1.0).contains(&value)) {
                bail!("{name} must lie between 0 and 1");
            }
        }
        if self.server.workers.is_some_and(|workers| workers.get() > MOST_WORKERS) {
            bail!("server.workers must be at most {MOST_WORKERS}, or null for one per core");
        }
        if !(1..=3_600).contains(&self.websocket.ping_interval) {
            bail!("websocket.ping_interval must lie between 1 and 3600 seconds");
        }
        if !(1..=5).contains(&self.websocket.metrics_interval) {
            bail!("websocket.metrics_interval must lie between 1 and 5 seconds");
        }
        if !(1..=100_000).contains(&self.websocket.max_sockets) {
            bail!("websocket.max_sockets must lie between 1 and 100000");
        }
        settings_sources::check(&self.sources)?;
        self.inline.settings()?;
        self.notifications.channels()?;
        self.alerts.check().map_err(|problem| anyhow::anyhow!("alerts.{problem}"))?;
        self.privacy.masking().validate()?;
        self.privacy.given_key()?;
        self.server.proxies()?;
        if !self.server.is_local() && !self.authenticates() && !self.server.allow_unauthenticated {
            bail!(
                "refusing to listen on {} with auth.mode: off: anyone who reaches it could read all traffic. Set auth.mode \
                 to auto or on, listen on a loopback address (127.0.0.1:{}) behind a reverse proxy that authenticates, \
                 or set server.allow_unauthenticated: true",
                self.server.listen,
                self.server.listen.port()
            );
        }
        for (name, days) in [
            ("traffic_days", self.retention.traffic_days),
            ("threats_days", self.retention.threats_days),
            ("alerts_days", self.retention.alerts_days),
            ("metrics_days", self.retention.metrics_days),
        ] {
            if !(1..=3_660).contains(&days) {
                bail!("retention.{name} must lie between 1 and 3660 days");
            }
        }
        if self.retention.max_database_mb.is_some_and(|megabytes| megabytes < LEAST_DATABASE_MB) {
            bail!("retention.max_database_mb must be at least {LEAST_DATABASE_MB}, or null for no limit");
        }
        Ok(())
    }
}

/// Names every setting by the path to it; lists are one setting.
fn flatten(key: String, value: &serde_json::Value, tell: &mut impl FnMut(String, &serde_json::Value)) {
    match value {
        serde_json::Value::Object(members) => {
            for (name, member) in members {
                let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                flatten(key, member, tell);
            }
        }
        value => tell(key, value),
    }
}

/// Most threads that answer. More than there are cores gain nothing, and each takes memory.
const MOST_WORKERS: usize = 256;

/// Smallest limit of the database's size: what figures of a year and names take is below it.
const LEAST_DATABASE_MB: u64 = 50;

/// The file of the key that hashes secrets, beside the database.
const KEY_FILE: &str = "masking.key";

impl Privacy {
    /// What hides secrets. Its key is the one that was given, or the one in a file beside the database; the file is
    /// made when something is to be hashed.
    pub(crate) fn open(&self, database: &str) -> anyhow::Result<Masking> {
        let settings = self.masking();
        let key = match self.given_key()? {
            None if settings.needs_key() => {
                Some(MaskingKey::load_or_make(&bartizan_store::folder(database)?.join(KEY_FILE))?)
            }
            given => given,
        };
        Ok(Masking::new(&settings, key)?)
    }

    /// The file of the key, when hashing uses one.
    pub(crate) fn key_file(&self, database: &str) -> Option<PathBuf> {
        let file = bartizan_store::folder(database).ok()?.join(KEY_FILE);
        (self.key.is_none() && self.masking().needs_key() && file.is_file()).then_some(file)
    }

    fn masking(&self) -> MaskingSettings {
        MaskingSettings { mask: self.mask.clone(), hash: self.hash.clone() }
    }

    fn given_key(&self) -> anyhow::Result<Option<MaskingKey>> {
        let key = self.key.as_ref().map(|key| MaskingKey::from_hex(key.reveal())).transpose();
        key.context("privacy.key cannot be used")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(yaml: &str) -> anyhow::Result<Settings> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("bartizan.yaml");
        std::fs::write(&file, yaml).expect("written");
        Settings::load(Some(&file))
    }

    #[test]
    fn the_embedded_default_is_complete_and_valid() {
        let settings = Settings::load(None).expect("valid");
        assert_eq!(settings.server.listen.to_string(), "127.0.0.1:3001");
        assert_eq!(settings.detection.mode, Mode::Monitor);
    }

    #[test]
    fn a_file_overrides_what_it_names() {
        let settings = load("server: {listen: '127.0.0.1:8080'}\nsources: [{path: /a}]").expect("valid");
        assert_eq!(settings.server.listen.port(), 8080);
        assert_eq!(settings.server.grace_s, 10);
        assert_eq!(settings.sources.len(), 1);
    }

    #[test]
    fn whoever_listens_beyond_loopback_asks_who_is_there() {
        for (yaml, asks, limits) in [
            ("{}", false, false),
            ("server: {listen: '[::1]:3001'}", false, false),
            ("server: {listen: '0.0.0.0:3001'}", true, true),
            ("server: {listen: '0.0.0.0:3001', allow_unauthenticated: true}", false, true),
            ("{server: {listen: '0.0.0.0:3001', allow_unauthenticated: true}, auth: {mode: on}}", true, true),
            ("{auth: {mode: on}, rate_limit: {mode: on}}", true, true),
            ("{server: {listen: '0.0.0.0:3001'}, rate_limit: {mode: off}}", true, false),
        ] {
            let settings = load(yaml).expect(yaml);
            let found = (settings.authenticates(), settings.rate_limit().is_some());
            assert_eq!(found, (asks, limits), "{yaml}");
        }
    }

    #[test]
    fn misspelt_and_senseless_settings_are_refused() {
        for yaml in [
            "server: {lisen: '127.0.0.1:8080'}",
            "server: {listen: nowhere}",
            "{server: {listen: '0.0.0.0:3001'}, auth: {mode: off}}",
            "server: {trusted_proxies: [proxy]}",
            "auth: {mode: maybe}",
            "rate_limit: {per_minute: 0}",
            "sources: [{name: shop}]",
            "sources: [{path: /a, syslog: 'udp://127.0.0.1:5514'}]",
            "sources: [{syslog: 'udp://127.0.0.1:99999'}]",
            "detection: {threshold: 2}",
            "detection: {mode: off}",
            "retention: {traffic_days: 0}",
            "inline: {trusted_proxies: [localhost]}",
            "inline: {on_failure: ajar}",
            "websocket: {metrics_interval: 6}",
            "websocket: {max_sockets: 0}",
            "alerts: {attack_rate: {percent: 0}}",
            "alerts: {attack_rate: {percnt: 5}}",
            "alerts: {latency: {above_ms: .nan}}",
            "alerts: {group_s: 5}",
            "privacy: {mask: {fields: ['?']}}",
            "privacy: {mask: {feilds: [a]}}",
            "privacy: {key: hunter2}",
            "privacy: {key: 7}",
            "[",
        ] {
            assert!(load(yaml).is_err(), "{yaml}");
        }
    }

    #[test]
    fn the_embedded_default_has_the_sockets_of_the_edge() {
        let settings = Settings::load(None).expect("valid");
        assert_eq!(settings.websocket.settings(), LiveSettings::default());
    }

    #[test]
    fn the_embedded_default_masks_what_the_engine_masks_by_default() {
        let settings = Settings::load(None).expect("valid");
        assert_eq!(settings.privacy.masking(), MaskingSettings::default());
        assert_eq!(settings.privacy.key, None);
    }

    #[test]
    fn the_embedded_default_alerts_as_the_engine_does_by_default() {
        assert_eq!(Settings::load(None).expect("valid").alerts, AlertSettings::default());
    }

    #[test]
    fn a_key_is_never_repeated() {
        for yaml in ["privacy: {key: hunter2}", "privacy: {key: 123456789}", "privacy: {key: [hunter2]}"] {
            let message = format!("{:#}", load(yaml).expect_err(yaml));
            assert!(!message.contains("hunter2") && !message.contains("123456789"), "{message}");
            assert!(
                message.contains("privacy.key") && message.contains("64 hexadecimal digits"),
                "{message}"
            );
        }
        let key = "4f".repeat(32);
        let settings = load(&format!("privacy: {{key: '{key}'}}")).expect("a key");
        assert!(!format!("{settings:?}").contains(&key));
        assert!(!serde_json::to_string(&settings).expect("shown").contains(&key));
    }
}
