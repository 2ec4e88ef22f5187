//! The cookie of a session (API.md 2.1).

use axum::http::{HeaderMap, HeaderValue, header};

use super::Client;
use crate::error::ApiError;

const PLAIN: &str = "bartizan_session";
/// The prefix makes browsers refuse it from anybody but this very host over TLS (RFC 6265bis, section 4.1.3.2).
const SECURE: &str = "__Host-bartizan_session";
/// Seconds that a browser keeps it: as long as a session lasts at most.
const MAX_AGE_S: i64 = 7 * 24 * 3_600;

/// The secret in the cookie, under the one name that fits how we were reached.
pub(super) fn session<'h>(headers: &'h HeaderMap, client: &Client) -> Option<&'h str> {
    let wanted = if client.is_secure { SECURE } else { PLAIN };
    pairs(headers).find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

/// Whether a browser sent a cookie of ours, whatever is in it.
pub(crate) fn holds_session(headers: &HeaderMap) -> bool {
    pairs(headers).any(|(name, _)| name == PLAIN || name == SECURE)
}

/// The header that gives a browser its session.
pub(crate) fn opened(credential: &str, client: &Client) -> Result<HeaderValue, ApiError> {
    set(credential, MAX_AGE_S, client)
}

/// The header that takes it away.
pub(crate) fn cleared(client: &Client) -> Result<HeaderValue, ApiError> {
    set("", 0, client)
}

fn set(value: &str, max_age_s: i64, client: &Client) -> Result<HeaderValue, ApiError> {
    let (name, secure) = if client.is_secure { (SECURE, "; Secure") } else { (PLAIN, "") };
    let text = format!("{name}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::try_from(text).map_err(|_| ApiError::internal("a session is no header value"))
}

fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='))
}
