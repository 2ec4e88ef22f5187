//! Request bodies: JSON, capped in size and in time (API.md 1.1).

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::ApiState;
use crate::error::ApiError;

/// Largest body, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// A body that has to be there.
#[derive(Debug)]
pub(crate) struct JsonBody<T>(pub(crate) T);

/// A body that may be left out.
#[derive(Debug)]
pub(crate) struct OptionalJson<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<ApiState> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, api: &ApiState) -> Result<Self, Self::Rejection> {
        let (parts, body) = request.into_parts();
        let bytes = read(body, api, MAX_BYTES).await?;
        if bytes.is_empty() {
            return Err(malformed("the request has no body; send JSON"));
        }
        parse(&parts.headers, &bytes).map(Self)
    }
}

impl<T: DeserializeOwned + Default> FromRequest<ApiState> for OptionalJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, api: &ApiState) -> Result<Self, Self::Rejection> {
        let (parts, body) = request.into_parts();
        let bytes = read(body, api, MAX_BYTES).await?;
        if bytes.is_empty() { Ok(Self(T::default())) } else { parse(&parts.headers, &bytes).map(Self) }
    }
}

/// Reads a body of at most `max_bytes`, within the time that a body may take.
pub(crate) async fn read(body: Body, api: &ApiState, max_bytes: usize) -> Result<Vec<u8>, ApiError> {
    let collect = async {
        let mut bytes = Vec::new();
        let mut chunks = body.into_data_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| ApiError::malformed_request("the body ended early"))?;
            if bytes.len() + chunk.len() > max_bytes {
                let message = format!("the body is larger than {} MiB", max_bytes >> 20);
                return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", message));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    tokio::time::timeout(api.settings.body_timeout, collect).await.unwrap_or_else(|_| {
        Err(ApiError::new(StatusCode::REQUEST_TIMEOUT, "request_timeout", "the body did not arrive in time"))
    })
}

fn parse<T: DeserializeOwned>(headers: &HeaderMap, bytes: &[u8]) -> Result<T, ApiError> {
    if !is_json(headers) {
        let message = "the body must be JSON: send it with Content-Type: application/json";
        return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", message));
    }
    serde_json::from_slice(bytes).map_err(|error| match error.classify() {
        Category::Data => ApiError::validation(field(&error.to_string()), problem(&error.to_string())),
        _ => malformed(format!("the body is no JSON: {error}")),
    })
}

fn malformed(message: impl Into<String>) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, "malformed_json", message)
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = value.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/json")
}

/// The field that a deserialisation error names, else the whole body.
fn field(message: &str) -> &str {
    let names_field = message.starts_with("unknown field") || message.starts_with("missing field");
    names_field.then(|| message.split('`').nth(1)).flatten().unwrap_or("body")
}

/// What is wrong, without the place in the text, which means nothing to a program.
fn problem(message: &str) -> String {
    let end = message.rfind(" at line ").unwrap_or(message.len());
    message[..end].chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Note {
        #[serde(rename = "note")]
        _note: String,
    }

    fn json() -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("Application/JSON; charset=utf-8"));
        headers
    }

    #[test]
    fn wrong_bodies_are_told_apart() {
        for (body, code, field) in [
            ("{", "malformed_json", None),
            ("{\"note\":1}", "validation_failed", Some("body")),
            ("{}", "validation_failed", Some("note")),
            ("{\"note\":\"\",\"nite\":1}", "validation_failed", Some("nite")),
        ] {
            let error = parse::<Note>(&json(), body.as_bytes()).expect_err(body);
            assert_eq!(error.code, code, "{body}");
            assert_eq!(
                error.details.problems().first().map(|problem| problem.field.as_str()),
                field,
                "{body}"
            );
        }
        assert!(parse::<Note>(&json(), b"{\"note\":\"x\"}").is_ok());
        let error = parse::<Note>(&HeaderMap::new(), b"{}").expect_err("no type");
        assert_eq!(error.code, "unsupported_media_type");
    }
}
