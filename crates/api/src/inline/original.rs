//! The request that a proxy asks about, put together from what it forwards.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use bartizan_model::{HttpRequest, Via};

use crate::ApiState;
use crate::check::{canonical_client, host_name};
use crate::error::ApiError;

/// Headers that the proxy adds for us, or that belong to its own connection: no part of the original request.
const OURS: &[&str] = &[
    "x-forwarded-method",
    "x-forwarded-uri",
    "x-forwarded-host",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-forwarded-port",
    "x-forwarded-server",
    "x-original-method",
    "x-original-uri",
    "connection",
    "transfer-encoding",
];

/// The original request of a trusted proxy.
#[derive(Debug)]
pub(crate) struct Original(pub(crate) HttpRequest);

impl FromRequestParts<ApiState> for Original {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, api: &ApiState) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let proxies = &api.settings.inline.trusted_proxies;
        if !peer.is_some_and(|peer| proxies.trusts(peer)) {
            let message = "only proxies listed in inline.trusted_proxies may ask here";
            return Err(ApiError::new(StatusCode::FORBIDDEN, "forbidden", message));
        }
        let headers = &parts.headers;
        let target = first(headers, ["x-forwarded-uri", "x-original-uri"]).ok_or_else(|| {
            ApiError::malformed_request(
                "the proxy did not say which request it holds; make it send X-Forwarded-Uri or X-Original-URI",
            )
        })?;
        let method = first(headers, ["x-forwarded-method", "x-original-method"])
            .unwrap_or(parts.method.as_str().as_bytes());
        let method = String::from_utf8_lossy(method).to_uppercase();
        let mut request = HttpRequest::new(api.now(), &method, target, Via::ForwardAuth);
        let host = first(headers, ["x-forwarded-host", "host"]);
        request.host = host.and_then(|host| host_name(&String::from_utf8_lossy(host)));
        let forwarded_for: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        let client = proxies.client(forwarded_for.into_iter()).map(str::to_owned);
        if let Some(client) = client.or_else(|| peer.map(|peer| peer.to_canonical().to_string())) {
            request.client = canonical_client(&client);
        }
        request.headers = headers
            .iter()
            .filter(|(name, _)| !OURS.contains(&name.as_str()) && **name != header::HOST)
            .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_owned()))
            .collect();
        if let Some(host) = host {
            request.headers.push(("host".to_owned(), host.to_owned()));
        }
        Ok(Self(request))
    }
}

/// The first of these headers that says anything.
fn first<'h, const N: usize>(headers: &'h HeaderMap, names: [&str; N]) -> Option<&'h [u8]> {
    names
        .into_iter()
        .filter_map(|name| headers.get(name))
        .map(axum::http::HeaderValue::as_bytes)
        .find(|value| !value.is_empty())
}
