//! A request that a caller wants a verdict on (API.md 6.1, CheckRequest).

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use bartizan_engine::Recording;
use bartizan_model::{HttpRequest, Scope, Timestamp, Via};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::ApiState;
use crate::access::By;
use crate::error::ApiError;
use crate::param::Params;
use crate::view::check::CheckResult;
use crate::view::waf::MAX_BATCH;

/// What stays as it is in a query: the unreserved characters of RFC 3986, section 2.3.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Longest method.
const MAX_METHOD: usize = 32;

/// A request to judge. Members that are not listed are ignored.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CheckRequest {
    method: String,
    /// May carry a query.
    path: String,
    /// Parameters, not encoded; values are text or lists of text.
    #[serde(default)]
    query_params: Option<BTreeMap<String, Value>>,
    /// Headers in any case; values are text or lists of text.
    #[serde(default)]
    headers: Option<BTreeMap<String, Value>>,
    #[serde(default)]
    body: Option<String>,
    /// The header `host` when absent.
    #[serde(default)]
    host: Option<String>,
    /// The peer when absent.
    #[serde(default)]
    client_ip: Option<String>,
}

/// How verdicts are asked for.
#[derive(Debug, Clone, Copy, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CheckParams {
    /// Whether the requests are kept as traffic: by default at `/check`, not under `/api`.
    record: Option<bool>,
    /// Whether the verdict is explained.
    explain: Option<bool>,
}

/// The address that the caller connects from, where it is known.
#[derive(Debug)]
pub(crate) struct Peer(Option<SocketAddr>);

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0)))
    }
}

impl CheckParams {
    /// Reads the parameters; `record` says what is done where the caller does not.
    pub(crate) fn parse(mut params: Params, record: bool) -> Result<Self, ApiError> {
        let asked = Self {
            record: params.take_bool("record")?.or(Some(record)),
            explain: params.take_bool("explain")?,
        };
        params.finish()?;
        Ok(asked)
    }

    /// These, where the caller may have requests kept.
    pub(crate) fn permitted(self, by: &By) -> Result<Self, ApiError> {
        if self.record == Some(true) {
            by.reaches(Scope::Operate)?;
        }
        Ok(self)
    }

    /// The verdict on one request.
    pub(crate) async fn judge_one(
        self,
        api: &ApiState,
        peer: &Peer,
        request: CheckRequest,
    ) -> Result<CheckResult, ApiError> {
        let mut results = self.judge(api, peer, vec![request]).await?;
        results.pop().ok_or_else(|| ApiError::internal("a request was judged without a verdict"))
    }

    /// The verdicts on several requests, in the same order.
    pub(crate) async fn judge(
        self,
        api: &ApiState,
        peer: &Peer,
        requests: Vec<CheckRequest>,
    ) -> Result<Vec<CheckResult>, ApiError> {
        if requests.len() > MAX_BATCH {
            return Err(ApiError::validation("body", format!("must hold at most {MAX_BATCH} requests")));
        }
        let now = api.now();
        let mut read = Vec::with_capacity(requests.len());
        for request in requests {
            read.push(request.into_request(now, peer)?);
        }
        let recording = if self.record.unwrap_or(false) { Recording::Kept } else { Recording::No };
        let checked = api.engine.check(read, recording).await?;
        let explain = self.explain.unwrap_or(false);
        Ok(checked.iter().map(|checked| CheckResult::new(checked, explain)).collect())
    }
}

/// Reads a CheckRequest just as `POST /check` takes it; the client is unknown unless it says.
///
/// # Errors
/// One sentence that names the member that is wrong.
pub fn read_check_request(json: &[u8], now: Timestamp) -> Result<HttpRequest, String> {
    let request: CheckRequest = serde_json::from_slice(json).map_err(|error| error.to_string())?;
    request.into_request(now, &Peer(None)).map_err(|error| error.message)
}

impl CheckRequest {
    fn into_request(self, now: Timestamp, peer: &Peer) -> Result<HttpRequest, ApiError> {
        let method = self.method.trim().to_uppercase();
        if method.is_empty()
            || method.len() > MAX_METHOD
            || !method.bytes().all(|byte| byte.is_ascii_graphic())
        {
            return Err(ApiError::validation("method", "must be a method such as GET"));
        }
        if self.path.is_empty() {
            return Err(ApiError::validation("path", "must not be empty"));
        }
        let mut target = self.path;
        for (name, value) in self.query_params.unwrap_or_default() {
            for value in texts(&value, &format!("query_params.{name}"))? {
                target.push(if target.contains('?') { '&' } else { '?' });
                target.extend(utf8_percent_encode(&name, QUERY));
                target.push('=');
                target.extend(utf8_percent_encode(&value, QUERY));
            }
        }
        let mut headers = Vec::new();
        for (name, value) in self.headers.unwrap_or_default() {
            for value in texts(&value, &format!("headers.{name}"))? {
                headers.push((name.to_lowercase(), value.into_bytes()));
            }
        }
        let mut request = HttpRequest::new(now, &method, target.as_bytes(), Via::Check);
        request.headers = headers;
        request.body = self.body.map(String::into_bytes);
        let host = self
            .host
            .or_else(|| request.header("host").map(|host| String::from_utf8_lossy(host).into_owned()));
        request.host = host.as_deref().and_then(host_name);
        let client =
            self.client_ip.map(|client| client.trim().to_owned()).filter(|client| !client.is_empty());
        let client = client.or_else(|| peer.0.map(|peer| peer.ip().to_canonical().to_string()));
        if let Some(client) = client {
            request.client = canonical_client(&client);
        }
        Ok(request)
    }
}

/// A value as its texts: a list gives several, other scalars are taken as their text.
fn texts(value: &Value, field: &str) -> Result<Vec<String>, ApiError> {
    match value {
        Value::Array(values) => {
            let nested = values.iter().map(|value| texts(value, field)).collect::<Result<Vec<_>, _>>()?;
            if values.iter().any(Value::is_array) {
                return Err(ApiError::validation(field, "must be text or a list of text"));
            }
            Ok(nested.into_iter().flatten().collect())
        }
        Value::String(text) => Ok(vec![text.clone()]),
        Value::Null => Ok(vec![String::new()]),
        Value::Bool(_) | Value::Number(_) => Ok(vec![value.to_string()]),
        Value::Object(_) => Err(ApiError::validation(field, "must be text or a list of text")),
    }
}

/// Lower case, without port.
pub(crate) fn host_name(host: &str) -> Option<String> {
    let host = host.trim().to_lowercase();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !name.ends_with(':') => name,
        _ => host.as_str(),
    };
    (!name.is_empty()).then(|| name.chars().take(255).collect())
}

/// The client's address in canonical text; what is no address stays as it is, cut.
pub(crate) fn canonical_client(client: &str) -> String {
    client
        .parse::<std::net::IpAddr>()
        .map_or_else(|_| client.chars().take(255).collect(), |address| address.to_canonical().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<HttpRequest, ApiError> {
        let request: CheckRequest = serde_json::from_str(json).expect("a CheckRequest");
        request.into_request(Timestamp::from_secs(1), &Peer(Some(([127, 0, 0, 1], 9).into())))
    }

    #[test]
    fn a_check_request_becomes_the_request_it_describes() {
        let request = read(
            r#"{"method":"get","path":"/a?x=1","query_params":{"id":"9' or 1","n":[1,true]},
                "headers":{"Host":"Shop.example.com:8080","User-Agent":"curl"},"body":"b","other":1}"#,
        )
        .expect("valid");
        assert_eq!(String::from_utf8_lossy(&request.target), "/a?x=1&id=9%27%20or%201&n=1&n=true");
        assert_eq!((request.method.as_str(), request.client.as_str()), ("GET", "127.0.0.1"));
        assert_eq!(request.host.as_deref(), Some("shop.example.com"));
        assert_eq!(request.header("user-agent"), Some(b"curl".as_slice()));
        assert_eq!(request.body.as_deref(), Some(b"b".as_slice()));
        assert_eq!(
            read(r#"{"method":"GET","path":"/","client_ip":"::ffff:192.0.2.1"}"#).expect("valid").client,
            "192.0.2.1"
        );
    }

    #[test]
    fn senseless_check_requests_are_refused_by_field() {
        for (json, field) in [
            (r#"{"method":"","path":"/"}"#, "method"),
            (r#"{"method":"GET","path":""}"#, "path"),
            (r#"{"method":"GET","path":"/","query_params":{"a":{}}}"#, "query_params.a"),
            (r#"{"method":"GET","path":"/","headers":{"a":[[1]]}}"#, "headers.a"),
        ] {
            assert_eq!(read(json).expect_err(json).details.problems()[0].field, field);
        }
    }
}
