//! What every handler holds.

use std::sync::Arc;
use std::time::Duration;

use bartizan_engine::{Caller, Engine};
use bartizan_model::{Span, Timestamp};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::access::{Limiter, RateLimit};
use crate::envelope::Window;
use crate::inline::{InlineSettings, TrustedProxies};
use crate::live::LiveFigures;
use crate::middleware::finish::RequestIds;
use crate::param::{FilterScope, ListKind};

/// What can be set about the edge.
#[derive(Debug, Clone)]
pub struct ApiSettings {
    /// Origins, such as `http://localhost:3000`, whose pages may call the API.
    pub allowed_origins: Vec<String>,
    /// Names beside the loopback ones that `Host` may hold on a loopback bind.
    pub allowed_hosts: Vec<String>,
    /// Whether every listener is bound to loopback; then `Host` has to be a loopback name or an allowed one.
    pub loopback: bool,
    /// Whether callers have to say who they are; otherwise everybody is the local administrator.
    pub authenticate: bool,
    /// Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted_proxies: TrustedProxies,
    /// How often one caller may ask; `None`: as often as it likes.
    pub rate_limit: Option<RateLimit>,
    /// Time after which the server gives up an answer.
    pub deadline: Duration,
    /// Time within which a request's body has to arrive.
    pub body_timeout: Duration,
    /// Time within which the line and the headers of a request have to arrive, and after which an idle connection is
    /// closed.
    pub header_timeout: Duration,
    /// Connections served at a time.
    pub max_connections: usize,
    /// Rows of one export at most.
    pub max_export_rows: u64,
    /// Requests that a proxy holds.
    pub inline: InlineSettings,
    /// The live socket.
    pub live: LiveSettings,
}

impl Default for ApiSettings {
    fn default() -> Self {
        let origins = ["localhost", "127.0.0.1"]
            .into_iter()
            .flat_map(|host| [3000, 3001].map(|port| format!("http://{host}:{port}")));
        Self {
            allowed_origins: origins.collect(),
            allowed_hosts: Vec::new(),
            loopback: true,
            authenticate: false,
            trusted_proxies: TrustedProxies::none(),
            rate_limit: None,
            deadline: Duration::from_secs(30),
            body_timeout: Duration::from_secs(10),
            header_timeout: Duration::from_secs(30),
            max_connections: 4_096,
            max_export_rows: 1_000_000,
            inline: InlineSettings::default(),
            live: LiveSettings::default(),
        }
    }
}

/// What can be set about the live socket (API.md chapter 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiveSettings {
    /// Whether there is one at all.
    pub enabled: bool,
    /// Pause between `metrics` frames, 1 to 5 s.
    pub metrics_interval: Duration,
    /// Pause between `performance` frames.
    pub performance_interval: Duration,
    /// Pause between protocol pings; a peer silent through two of them is cut off.
    pub ping_interval: Duration,
    /// Time after which a socket that takes nothing is closed.
    pub send_timeout: Duration,
    /// Frames that wait for one socket at most.
    pub queue_frames: usize,
    /// Open sockets at most.
    pub max_sockets: usize,
}

impl Default for LiveSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            metrics_interval: Duration::from_secs(2),
            performance_interval: Duration::from_secs(5),
            ping_interval: Duration::from_secs(30),
            send_timeout: Duration::from_mins(1),
            queue_frames: 1_024,
            max_sockets: 1_000,
        }
    }
}

/// What every handler holds. Cheap to clone; all clones are the same.
#[derive(Debug, Clone)]
pub struct ApiState {
    pub(crate) engine: Engine,
    pub(crate) settings: Arc<ApiSettings>,
    pub(crate) figures: Arc<LiveFigures>,
    /// Everybody while there is no authentication.
    pub(crate) local: Arc<Caller>,
    pub(crate) limiter: Option<Arc<Limiter>>,
    /// Cancelled when the server stops: sockets say so and close.
    pub(crate) stop: CancellationToken,
    /// Open sockets, so that the server can wait for them.
    pub(crate) sockets: TaskTracker,
    /// Places for sockets that are still free.
    pub(crate) places: Arc<Semaphore>,
    pub(crate) request_ids: Arc<RequestIds>,
}

impl ApiState {
    /// The state of one server.
    pub fn new(engine: Engine, settings: ApiSettings) -> Self {
        Self {
            local: Arc::new(Caller::local(engine.started_at())),
            limiter: settings.rate_limit.map(|limit| Arc::new(Limiter::new(limit))),
            engine,
            places: Arc::new(Semaphore::new(settings.live.max_sockets.min(Semaphore::MAX_PERMITS))),
            request_ids: Arc::default(),
            settings: Arc::new(settings),
            figures: Arc::default(),
            stop: CancellationToken::new(),
            sockets: TaskTracker::new(),
        }
    }
}

impl ApiState {
    /// The engine's clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.engine.now()
    }

    /// A list of requests or threats kept for so many days.
    pub(crate) fn list_kind(&self, name: &'static str, scope: FilterScope, default_limit: u32) -> ListKind {
        let retention = self.engine.retention();
        let days = match name {
            "threats" => retention.threats_days,
            "alerts" | "activities/events" => retention.alerts_days,
            _ => retention.traffic_days,
        };
        ListKind { name, default_limit, ranged: true, scope, retained_from: self.days_ago(days) }
    }

    /// What is told of a span of counts.
    pub(crate) fn window(&self, span: Span, bucket_s: Option<i64>) -> Window {
        Window::new(span, bucket_s, self.days_ago(self.engine.retention().metrics_days))
    }

    fn days_ago(&self, days: u32) -> Timestamp {
        self.now().plus_micros(-i64::from(days) * 86_400 * Timestamp::SECOND_MICROS)
    }
}
