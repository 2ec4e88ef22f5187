//! Requests that a proxy holds until we have judged them (API.md 6.2).

mod original;
mod proxies;

use std::time::Duration;

pub(crate) use original::Original;
pub use proxies::TrustedProxies;

/// What can be set about requests that a proxy holds.
#[derive(Debug, Clone)]
pub struct InlineSettings {
    /// Peers that may ask, and whose headers tell of the original request.
    pub trusted_proxies: TrustedProxies,
    /// What happens to a request that cannot be judged.
    pub on_failure: OnFailure,
    /// Time after which judging is late.
    pub deadline: Duration,
}

/// What happens to a request that cannot be judged, or not in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnFailure {
    /// It passes: the site stays up.
    #[default]
    Open,
    /// It is refused: nothing unjudged reaches the site.
    Closed,
}

impl Default for InlineSettings {
    fn default() -> Self {
        Self {
            trusted_proxies: TrustedProxies::loopback(),
            on_failure: OnFailure::Open,
            deadline: Duration::from_millis(500),
        }
    }
}
