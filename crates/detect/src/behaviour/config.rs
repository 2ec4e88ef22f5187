//! Limits of the behaviour counters.

use serde::{Deserialize, Serialize};

/// Windows in seconds, limits in events within one window, sizes in entries.
///
/// The defaults leave people, crawlers and pages with hundreds of assets alone: a browser that loads 200 assets
/// over HTTP/2 in a second is far below `client_requests`, and asks for each path once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BehaviourConfig {
    /// Clients remembered; beyond it the longest unseen ones are forgotten.
    pub max_clients: usize,
    /// Paths remembered.
    pub max_endpoints: usize,
    /// Window of `missing_paths`.
    pub scan_window_s: i64,
    /// Different paths answered with 400, 404, 405 or 410 to one client that make it a scanner.
    pub missing_paths: u64,
    /// Window of `login_failures` and `refusals`.
    pub login_window_s: i64,
    /// Login attempts of one client, successful ones with a redirect excepted, that count as guessing.
    pub login_failures: u64,
    /// Answers 401 to one client outside login pages that count as guessing.
    pub refusals: u64,
    /// Window of the limits below.
    pub flood_window_s: i64,
    /// Requests of one client.
    pub client_requests: u64,
    /// Requests of one client for one path.
    pub client_path_requests: u64,
    /// Different queries of digits without a name or value (`/?80424358`) on one path, from all clients.
    pub cache_busters: u64,
    /// Requests for one path, from all clients, that are a flood when they are four times the path's usual ones as well.
    pub endpoint_requests: u64,
}

impl Default for BehaviourConfig {
    fn default() -> Self {
        Self {
            max_clients: 50_000,
            max_endpoints: 20_000,
            scan_window_s: 60,
            missing_paths: 15,
            login_window_s: 60,
            login_failures: 6,
            refusals: 20,
            flood_window_s: 10,
            client_requests: 1_000,
            client_path_requests: 100,
            cache_busters: 20,
            endpoint_requests: 5_000,
        }
    }
}
