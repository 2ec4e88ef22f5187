//! What no single request shows: floods, guessing of passwords, scanning.
//!
//! Everything here runs on the requests' own time and on counts, so replaying a log gives the same findings.

mod config;
mod memory;
mod shape;
mod usual;
mod window;

use bartizan_model::{Action, DecidedBy, Evidence, Finding, HttpRequest, Location, ThreatClass};

pub use config::BehaviourConfig;

use memory::Memory;
use shape::Shape;
use usual::Usual;
use window::{SlidingCount, SlidingSet};

/// Sliding counters per client and per endpoint. Feed it every request in the order of the log.
#[derive(Debug)]
pub struct Behaviour {
    config: BehaviourConfig,
    clients: Memory<Client>,
    client_paths: Memory<SlidingCount>,
    endpoints: Memory<Endpoint>,
    /// Time of the first request, in microseconds.
    begun: Option<i64>,
}

/// Time from the first request on, in microseconds, in which is learnt how busy each path is. Until then nothing is said of
/// all clients together; what one client does is seen at once.
const LEARNING: i64 = 600 * 1_000_000;

/// How many times more than usual is a flood of one path.
const FLOOD_FACTOR: f64 = 4.0;

#[derive(Debug, Default)]
struct Client {
    requests: SlidingCount,
    failures: Option<Box<Failures>>,
}

/// What went wrong for a client: for most, nothing ever does, and they are many.
#[derive(Debug, Default)]
struct Failures {
    missing_paths: SlidingSet,
    logins: SlidingCount,
    refusals: SlidingCount,
}

#[derive(Debug, Default)]
struct Endpoint {
    requests: SlidingCount,
    usual: Usual,
    /// Few paths are ever asked for in this way.
    cache_busters: Option<Box<SlidingSet>>,
}

/// A counter over its limit, before it is put into words.
struct Excess {
    counter: &'static str,
    class: ThreatClass,
    count: u64,
    window_s: i64,
    what: &'static str,
}

impl Behaviour {
    /// Empty counters.
    pub fn new(config: BehaviourConfig) -> Self {
        Self {
            clients: Memory::new(config.max_clients),
            client_paths: Memory::new(config.max_clients),
            endpoints: Memory::new(config.max_endpoints),
            begun: None,
            config,
        }
    }

    /// Counts one request; the finding, if a counter that this request feeds is over its limit.
    ///
    /// The gravest counter wins: password guessing, then scanning, then floods.
    pub fn observe(&mut self, request: &HttpRequest) -> Option<Finding> {
        let shape = Shape::of(request);
        let now = request.time.micros();
        let excess = self.count_client(&shape, now);
        let flood = self.count_floods(&shape, now);
        excess.or(flood).map(|excess| excess.into_finding(&request.client))
    }

    /// Entries held at the moment, over all counters: bounded by the configuration.
    pub fn entries(&self) -> usize {
        self.clients.len() + self.client_paths.len() + self.endpoints.len()
    }

    fn count_client(&mut self, shape: &Shape, now: i64) -> Option<Excess> {
        let config = &self.config;
        let client = self.clients.entry(shape.client?);
        let mut excess = None;

        if shape.missing {
            let count = client.failures().missing_paths.add(
                now,
                config.scan_window_s,
                shape.path,
                config.missing_paths,
            );
            if count >= config.missing_paths {
                excess = Some(Excess {
                    counter: "missing_paths",
                    class: ThreatClass::Scanner,
                    count,
                    window_s: config.scan_window_s,
                    what: "different paths that do not exist",
                });
            }
        }
        if shape.refused {
            let count = client.failures().refusals.add(now, config.login_window_s);
            if count >= config.refusals {
                excess = Some(Excess {
                    counter: "refusals",
                    class: ThreatClass::BruteForce,
                    count,
                    window_s: config.login_window_s,
                    what: "requests refused for want of credentials",
                });
            }
        }
        if shape.failed_login {
            let count = client.failures().logins.add(now, config.login_window_s);
            if count >= config.login_failures {
                excess = Some(Excess {
                    counter: "login_failures",
                    class: ThreatClass::BruteForce,
                    count,
                    window_s: config.login_window_s,
                    what: "login attempts",
                });
            }
        }
        let count = client.requests.add(now, config.flood_window_s);
        if excess.is_none() && count >= config.client_requests {
            excess = Some(Excess {
                counter: "client_requests",
                class: ThreatClass::Ddos,
                count,
                window_s: config.flood_window_s,
                what: "requests",
            });
        }
        excess
    }

    fn count_floods(&mut self, shape: &Shape, now: i64) -> Option<Excess> {
        let config = &self.config;
        let begun = *self.begun.get_or_insert(now);
        let mut excess = None;
        if let Some(client) = shape.client {
            let key = client.rotate_left(17) ^ shape.path;
            let count = self.client_paths.entry(key).add(now, config.flood_window_s);
            if count >= config.client_path_requests {
                excess = Some(Excess {
                    counter: "client_path_requests",
                    class: ThreatClass::Ddos,
                    count,
                    window_s: config.flood_window_s,
                    what: "requests for one path",
                });
            }
        }
        let endpoint = self.endpoints.entry(shape.path);
        if let Some(buster) = shape.cache_buster {
            let count = endpoint.cache_busters.get_or_insert_default().add(
                now,
                config.flood_window_s,
                buster,
                config.cache_busters,
            );
            if count >= config.cache_busters {
                excess = Some(Excess {
                    counter: "cache_busters",
                    class: ThreatClass::Ddos,
                    count,
                    window_s: config.flood_window_s,
                    what: "meaningless queries that defeat caches of one path, from all clients,",
                });
            }
        }
        let count = endpoint.requests.add(now, config.flood_window_s);
        let usual = endpoint.usual.add(now, begun, config.flood_window_s);
        let is_flood = count >= config.endpoint_requests
            && count as f64 >= usual * FLOOD_FACTOR
            && now.saturating_sub(begun) >= LEARNING;
        if is_flood {
            endpoint.usual.exceed();
        }
        if excess.is_none() && is_flood {
            excess = Some(Excess {
                counter: "endpoint_requests",
                class: ThreatClass::Ddos,
                count,
                window_s: config.flood_window_s,
                what: "requests for one path, from all clients,",
            });
        }
        excess
    }
}

impl Client {
    fn failures(&mut self) -> &mut Failures {
        self.failures.get_or_insert_default()
    }
}

impl Excess {
    fn into_finding(self, client: &str) -> Finding {
        let shown: String = client.chars().take(64).collect();
        let Self { counter, class, count, window_s, what } = self;
        let details = format!("{count} {what} within {window_s} s, the latest from {shown}");
        Finding {
            by: DecidedBy::Behaviour,
            class,
            action: Action::Flag,
            evidence: vec![Evidence {
                location: Location::Behaviour,
                name: Some(counter.to_owned()),
                start: 0,
                end: 0,
                text: format!("{count} in {window_s} s"),
                weight: 1.0,
                decoded_from: None,
            }],
            details,
        }
    }
}

#[cfg(test)]
mod tests;
