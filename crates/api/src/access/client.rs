//! From where somebody asks, past the proxies that we trust.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap};

use crate::ApiState;

/// From where somebody asks, and over what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client {
    /// The address; unknown only without a network.
    pub(crate) ip: Option<IpAddr>,
    /// Whether a proxy of ours says that it was reached by TLS.
    pub(crate) is_secure: bool,
}

impl Client {
    /// The client of a request.
    pub(crate) fn of(api: &ApiState, headers: &HeaderMap, extensions: &Extensions) -> Self {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
        let proxies = &api.settings.trusted_proxies;
        if !peer.is_some_and(|peer| proxies.trusts(peer)) {
            return Self { ip: peer, is_secure: false };
        }
        let texts = |name| headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        let forwarded: Vec<&str> = texts("x-forwarded-for").flat_map(|value| value.split(',')).collect();
        let client = proxies.client(forwarded.into_iter()).and_then(|client| client.parse::<IpAddr>().ok());
        let is_secure = texts("x-forwarded-proto").any(|scheme| scheme.trim().eq_ignore_ascii_case("https"));
        Self { ip: client.map(|ip| ip.to_canonical()).or(peer), is_secure }
    }
}
