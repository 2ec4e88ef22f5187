//! A body of log lines: admitted before it is read, capped in size and in time.

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use bartizan_engine::{Admission, Compression, Push};

use crate::ApiState;
use crate::body;
use crate::error::ApiError;

/// Largest body as it is sent, in bytes; the engine has a cap of its own for what it unpacks to.
const MAX_BYTES: usize = 8 << 20;

/// Longest key, in characters: a UUID or a hash with a prefix.
const MAX_KEY_CHARS: usize = 200;

/// Lines to take in, and the place that they were given.
#[derive(Debug)]
pub(crate) struct Lines {
    pub(crate) admission: Admission,
    pub(crate) push: Push,
}

impl FromRequest<ApiState> for Lines {
    type Rejection = ApiError;

    async fn from_request(request: Request, api: &ApiState) -> Result<Self, Self::Rejection> {
        let (parts, body) = request.into_parts();
        let compression = compression(&parts.headers)?;
        let key = key(&parts.headers)?;
        let admission = api.engine.admit()?;
        let body = body::read(body, api, MAX_BYTES).await?;
        Ok(Self { admission, push: Push { body, compression, key } })
    }
}

fn compression(headers: &HeaderMap) -> Result<Option<Compression>, ApiError> {
    let Some(value) = headers.get(header::CONTENT_ENCODING) else {
        return Ok(None);
    };
    match value.to_str().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(None),
        "gzip" | "x-gzip" => Ok(Some(Compression::Gzip)),
        "zstd" => Ok(Some(Compression::Zstd)),
        _ => {
            let message = "this Content-Encoding is not known; send gzip, zstd or none";
            Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", message))
        }
    }
}

fn key(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let is_sound = |key: &&str| {
        (1..=MAX_KEY_CHARS).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
    };
    let key = value.to_str().ok().filter(is_sound);
    key.map(|key| Some(key.to_owned()))
        .ok_or_else(|| ApiError::validation("Idempotency-Key", "must be 1 to 200 visible ASCII characters"))
}
