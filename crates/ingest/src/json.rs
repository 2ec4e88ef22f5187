//! JSON lines, as nginx (`escape=json`, common key names), Caddy v2, Traefik and Envoy write them, audit records of
//! ModSecurity, and lines of CloudFront, whose members are named like W3C columns.

use bartizan_model::{HttpRequest, MISSING, Timestamp, Via};
use serde_json::{Map, Value};

use crate::client::{canonical_client, canonical_host};
use crate::duration_names::DurationName;
use crate::json_repair::{repaired, restored};
use crate::log_time::{text_time_in, unix_time};
use crate::quantity::{duration_ms, plausible_ms, status, sum_ms, whole};
use crate::request_line::{is_method, read_request_line};
use crate::trailing::{MAX_HEADER_BYTES, MAX_HEADERS, MAX_NAME_BYTES};
use crate::w3c::Columns;
use crate::zone::LogZone;
use crate::{LineError, LogFormat, modsecurity};

const TIME: [&str; 12] = [
    "StartUTC",
    "start_time",
    "msec",
    "ts",
    "time_iso8601",
    "time_local",
    "@timestamp",
    "timestamp",
    "time",
    "datetime",
    "date",
    "StartLocal",
];
const CLIENT: [&str; 12] = [
    "client_ip",
    "remote_addr",
    "remote_ip",
    "ClientHost",
    "ClientAddr",
    "clientip",
    "client",
    "remote_host",
    "remoteAddr",
    "ip",
    "downstream_remote_address",
    "downstream_direct_remote_address",
];
const METHOD: [&str; 4] = ["request_method", "method", "RequestMethod", "verb"];
const TARGET: [&str; 6] = ["request_uri", "uri", "RequestPath", "url", "path", "target"];
const QUERY: [&str; 3] = ["args", "query_string", "query"];
const PROTOCOL: [&str; 4] = ["server_protocol", "proto", "RequestProtocol", "protocol"];
const HOST: [&str; 8] =
    ["host", "http_host", "RequestHost", "RequestAddr", "authority", ":authority", "vhost", "server_name"];
const STATUS: [&str; 6] = ["status", "DownstreamStatus", "status_code", "response_code", "response", "code"];
const SIZE: [&str; 6] =
    ["body_bytes_sent", "DownstreamContentSize", "size", "bytes_sent", "bytes", "response_size"];
const SECONDS: [&str; 3] = ["request_time", "duration", "response_time"];
const MILLISECONDS: [&str; 3] = ["duration_ms", "response_time_ms", "latency_ms"];
const NANOSECONDS: [&str; 1] = ["Duration"];
/// nginx writes one time for each server that it tried.
const UPSTREAM_SECONDS: [&str; 1] = ["upstream_response_time"];
/// What only Envoy writes; its `duration` is in milliseconds, Caddy's in seconds.
const ENVOY: [&str; 2] = ["response_code", "response_flags"];
const ENVOY_MILLISECONDS: [&str; 2] = ["upstream_service_time", "duration"];
const BODY: [&str; 2] = ["request_body", "body"];
const HEADERS: [&str; 2] = ["headers", "request_headers"];

/// Headers with a key of their own; whatever is called `http_<name>` or `request_<Name>` is one too.
const NAMED_HEADERS: [(&str, &[&str]); 3] = [
    ("user-agent", &["user_agent", "userAgent", "useragent", "agent"]),
    ("referer", &["referer", "referrer", "http_referrer"]),
    ("x-forwarded-for", &["x_forwarded_for", "xff"]),
];

/// Reads one object; `read_at` is the time of lines that carry none, and `zone` that of times without one.
pub(crate) fn parse(
    line: &[u8],
    read_at: Timestamp,
    zone: &LogZone,
) -> Result<(HttpRequest, LogFormat), LineError> {
    let object = Object::read(line)?;
    if let Some(request) = object.by_columns(read_at) {
        return Ok((request?, LogFormat::Json));
    }
    let time = object.time(read_at, zone)?;
    let mut request = HttpRequest::new(time, MISSING, b"", Via::Log);
    object.fill_request_line(&mut request)?;
    let client = object.bytes(&CLIENT);
    let status_word = object.bytes(&STATUS);
    if client.is_none() && status_word.is_none() {
        return Err(LineError::JsonWithoutRequest);
    }
    if let Some(client) = client {
        request.client = canonical_client(&client);
    }
    request.status = status_word.and_then(|word| status(&word)).unwrap_or(0);
    request.host = HOST.iter().find_map(|key| canonical_host(&object.bytes(&[*key])?));
    request.response_bytes = object.bytes(&SIZE).and_then(|size| whole(&size));
    request.response_time_ms = object.response_time_ms();
    request.body = object.bytes(&BODY);
    object.fill_headers(&mut request.headers);
    Ok((request, if object.is_audit { LogFormat::ModSecurity } else { LogFormat::Json }))
}

/// The members of a line, and those of its `request` object where there is one (Caddy).
struct Object {
    outer: Map<String, Value>,
    inner: Map<String, Value>,
    /// Whether strings hold carried bytes.
    is_repaired: bool,
    /// Whether it was an audit record of ModSecurity.
    is_audit: bool,
}

impl Object {
    fn read(line: &[u8]) -> Result<Self, LineError> {
        let (value, is_repaired) = match serde_json::from_slice(line) {
            Ok(value) => (value, false),
            Err(_) => (serde_json::from_str(&repaired(line)).map_err(|_| LineError::BrokenJson)?, true),
        };
        let Value::Object(mut outer) = value else {
            return Err(LineError::BrokenJson);
        };
        if let Some(named) = modsecurity::normalised(&mut outer) {
            return Ok(Self { outer: named, inner: Map::new(), is_repaired, is_audit: true });
        }
        let inner = match outer.get_mut("request") {
            Some(Value::Object(inner)) => std::mem::take(inner),
            _ => Map::new(),
        };
        Ok(Self { outer, inner, is_repaired, is_audit: false })
    }

    /// The request of an object whose members are named like the columns of a W3C log: CloudFront's JSON.
    fn by_columns(&self, read_at: Timestamp) -> Option<Result<HttpRequest, LineError>> {
        if !self.outer.contains_key("cs-method") {
            return None;
        }
        let (names, fields): (Vec<&str>, Vec<Vec<u8>>) = self
            .outer
            .iter()
            .filter(|(name, _)| !name.is_empty() && !name.contains(|c: char| c.is_ascii_whitespace()))
            .map(|(name, value)| (name.as_str(), self.value_bytes(value).unwrap_or_else(|| b"-".to_vec())))
            .unzip();
        let columns = Columns::of_names(&names.join(" "))?;
        Some(columns.read(fields.iter().map(Vec::as_slice), read_at))
    }

    fn values<'a>(&'a self, keys: &'a [&str]) -> impl Iterator<Item = &'a Value> + 'a {
        keys.iter().flat_map(|key| [self.inner.get(*key), self.outer.get(*key)]).flatten()
    }

    /// The first of these members that says something.
    fn bytes(&self, keys: &[&str]) -> Option<Vec<u8>> {
        self.values(keys).find_map(|value| self.value_bytes(value))
    }

    /// A string, or a number as it is written; `-` and nothing count as absent.
    fn value_bytes(&self, value: &Value) -> Option<Vec<u8>> {
        let bytes = match value {
            Value::String(text) if self.is_repaired => restored(text),
            Value::String(text) => text.clone().into_bytes(),
            Value::Number(number) => number.to_string().into_bytes(),
            _ => return None,
        };
        (!bytes.is_empty() && bytes != b"-").then_some(bytes)
    }

    fn time(&self, read_at: Timestamp, zone: &LogZone) -> Result<Timestamp, LineError> {
        let mut is_given = false;
        for value in self.values(&TIME) {
            is_given |= value.is_string() || value.is_number();
            let time = match value {
                Value::Number(number) => number.as_f64().and_then(unix_time),
                Value::String(text) => text_time_in(text.as_bytes(), zone)
                    .or_else(|| text.parse::<f64>().ok().and_then(unix_time)),
                _ => None,
            };
            if let Some(time) = time {
                return Ok(time);
            }
        }
        if is_given { Err(LineError::BadTime) } else { Ok(read_at) }
    }

    fn fill_request_line(&self, request: &mut HttpRequest) -> Result<(), LineError> {
        let method = self.bytes(&METHOD);
        let target = self.bytes(&TARGET).map(|target| self.with_query(target));
        match (method, target) {
            (Some(method), Some(target)) if is_method(&method) => {
                request.method = String::from_utf8_lossy(&method).into_owned();
                request.target = target;
                request.protocol = self.bytes(&PROTOCOL).and_then(|name| String::from_utf8(name).ok());
                request.protocol =
                    request.protocol.take().filter(|name| name.starts_with("HTTP/") && name.len() <= 16);
            }
            (method, target) => {
                // Empty and `-` are what servers log for a request line that they could not read.
                let line = match self.outer.get("request") {
                    Some(Value::String(line)) if self.is_repaired => restored(line),
                    Some(Value::String(line)) => line.clone().into_bytes(),
                    _ => [method, target].into_iter().flatten().collect::<Vec<_>>().join(&b' '),
                };
                // Envoy has null where a request could not be read so far.
                let is_told = |value: &Value| value.is_string() || value.is_null();
                let is_described = self.values(&["request"]).any(Value::is_string)
                    || [&METHOD[..], &TARGET[..]].into_iter().all(|keys| self.values(keys).any(is_told));
                if !is_described {
                    return Err(LineError::JsonWithoutRequest);
                }
                read_request_line(&line, request);
            }
        }
        Ok(())
    }

    /// nginx's `$uri` comes without the query, which is then in `$args`.
    fn with_query(&self, mut target: Vec<u8>) -> Vec<u8> {
        if !target.contains(&b'?')
            && let Some(query) = self.bytes(&QUERY)
        {
            target.push(b'?');
            target.extend_from_slice(query.strip_prefix(b"?").unwrap_or(&query));
        }
        target
    }

    fn response_time_ms(&self) -> Option<f64> {
        if self.values(&ENVOY).next().is_some()
            && let Some(ms) = self.duration_ms(&ENVOY_MILLISECONDS, 1.0)
        {
            return Some(ms);
        }
        let units: [(&[&str], f64); 3] = [(&SECONDS, 1e3), (&MILLISECONDS, 1.0), (&NANOSECONDS, 1e-6)];
        units
            .into_iter()
            .find_map(|(keys, unit_ms)| self.duration_ms(keys, unit_ms))
            .or_else(|| self.upstream_ms(&UPSTREAM_SECONDS, 1e3))
            .or_else(|| self.named_duration_ms())
    }

    fn upstream_ms(&self, keys: &[&str], unit_ms: f64) -> Option<f64> {
        self.values(keys).find_map(|value| match value {
            Value::Number(number) => plausible_ms(number.as_f64()? * unit_ms),
            Value::String(text) => sum_ms(text, unit_ms),
            _ => None,
        })
    }

    /// The time under a name that tells its unit, or with its unit in the value.
    fn named_duration_ms(&self) -> Option<f64> {
        let members = self.inner.iter().chain(&self.outer);
        let known = members.filter_map(|(key, value)| {
            let name = DurationName::of(key)?;
            let ms = match (value, name.unit_ms) {
                (Value::Number(number), Some(unit_ms)) => plausible_ms(number.as_f64()? * unit_ms),
                // Without a unit anywhere it is not to be said; times a thousand it would raise an alert.
                (Value::String(text), unit_ms) => sum_ms(text, unit_ms.unwrap_or(f64::NAN)),
                _ => None,
            };
            Some((name.rank, ms?))
        });
        known.min_by_key(|(rank, _)| *rank).map(|(_, ms)| ms)
    }

    fn duration_ms(&self, keys: &[&str], unit_ms: f64) -> Option<f64> {
        self.values(keys).find_map(|value| match value {
            Value::Number(number) => plausible_ms(number.as_f64()? * unit_ms),
            Value::String(text) => duration_ms(text, unit_ms),
            _ => None,
        })
    }

    fn fill_headers(&self, headers: &mut Vec<(String, Vec<u8>)>) {
        for (name, value) in self.values(&HEADERS).filter_map(Value::as_object).flatten() {
            match value {
                Value::Array(values) => {
                    for value in values {
                        self.push_header(name, value, headers);
                    }
                }
                value => self.push_header(name, value, headers),
            }
        }
        for (key, value) in &self.outer {
            if let Some(name) = header_name(key) {
                self.push_header(&name, value, headers);
            }
        }
        for (name, keys) in NAMED_HEADERS {
            if !headers.iter().any(|(known, _)| known == name)
                && let Some(value) = self.values(keys).next()
            {
                self.push_header(name, value, headers);
            }
        }
    }

    fn push_header(&self, name: &str, value: &Value, headers: &mut Vec<(String, Vec<u8>)>) {
        if headers.len() >= MAX_HEADERS || name.is_empty() || name.len() > MAX_NAME_BYTES {
            return;
        }
        if let Some(mut bytes) = self.value_bytes(value) {
            bytes.truncate(MAX_HEADER_BYTES);
            headers.push((name.to_ascii_lowercase(), bytes));
        }
    }
}

/// The header behind nginx's `http_<name>` or Traefik's `request_<Name>`, whose capital tells it from nginx's
/// `request_<something>` variables.
fn header_name(key: &str) -> Option<String> {
    if let Some(name) = key.strip_prefix("http_") {
        return (name != "referrer").then(|| name.replace('_', "-"));
    }
    let name = key.strip_prefix("request_")?;
    name.starts_with(|c: char| c.is_ascii_uppercase()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const READ_AT: i64 = 1_772_600_000;

    fn parsed(line: &str) -> Result<HttpRequest, LineError> {
        parse(line.as_bytes(), Timestamp::from_secs(READ_AT), &LogZone::UTC).map(|(request, _)| request)
    }

    #[test]
    fn an_nginx_line_is_read() {
        let line = r#"{"time_iso8601":"2026-03-04T05:06:07+00:00","remote_addr":"192.0.2.1","request":"POST /a?b=1 HTTP/1.1",
            "status":"201","body_bytes_sent":"12","request_time":"0.250","http_user_agent":"curl\u002f8","http_referer":"-",
            "host":"Shop.example.com:443","http_x_forwarded_for":"198.51.100.1","request_body":"q=1","request_id":"x"}"#;
        let request = parsed(line).expect("parses");
        assert_eq!(request.time.to_rfc3339_seconds(), "2026-03-04T05:06:07Z");
        assert_eq!((request.method.as_str(), request.target.as_slice()), ("POST", b"/a?b=1".as_slice()));
        assert_eq!((request.status, request.response_bytes), (201, Some(12)));
        assert_eq!(request.response_time_ms, Some(250.0));
        assert_eq!(request.host.as_deref(), Some("shop.example.com"));
        assert_eq!(request.header("user-agent"), Some(b"curl/8".as_slice()));
        assert_eq!(request.header("referer"), None);
        assert_eq!(request.header("x-forwarded-for"), Some(b"198.51.100.1".as_slice()));
        assert_eq!(request.body.as_deref(), Some(b"q=1".as_slice()));
        assert_eq!(request.headers.len(), 2);
    }

    #[test]
    fn a_caddy_line_is_read() {
        let line = r#"{"level":"info","ts":1772600767.25,"logger":"http.log.access","msg":"handled request","request":{
            "remote_ip":"192.0.2.9","client_ip":"192.0.2.1","proto":"HTTP/2.0","method":"GET","host":"shop.example.com","uri":"/x?y=1",
            "headers":{"User-Agent":["Mozilla/5.0"],"X-Two":["a","b"]}},"bytes_read":0,"duration":0.0125,"size":34,"status":404}"#;
        let request = parsed(line).expect("parses");
        assert_eq!(request.time.to_string(), "2026-03-04T05:06:07.250000Z");
        assert_eq!((request.client.as_str(), request.protocol.as_deref()), ("192.0.2.1", Some("HTTP/2.0")));
        assert_eq!((request.method.as_str(), request.target.as_slice()), ("GET", b"/x?y=1".as_slice()));
        assert_eq!((request.status, request.response_bytes), (404, Some(34)));
        assert_eq!(request.response_time_ms, Some(12.5));
        assert_eq!(request.user_agent().as_deref(), Some("Mozilla/5.0"));
        assert_eq!(request.headers.iter().filter(|(name, _)| name == "x-two").count(), 2);
    }

    #[test]
    fn a_traefik_line_is_read() {
        let line = r#"{"ClientAddr":"192.0.2.1:4711","ClientHost":"192.0.2.1","Duration":12500000,"DownstreamContentSize":7,
            "DownstreamStatus":200,"RequestHost":"shop.example.com","RequestMethod":"GET","RequestPath":"/a?b","RequestProtocol":"HTTP/1.1",
            "StartUTC":"2026-03-04T05:06:07.123456789Z","time":"2026-03-04T05:06:08Z","request_User-Agent":"curl","level":"info"}"#;
        let request = parsed(line).expect("parses");
        assert_eq!(request.time.to_string(), "2026-03-04T05:06:07.123456Z");
        assert_eq!((request.client.as_str(), request.target.as_slice()), ("192.0.2.1", b"/a?b".as_slice()));
        assert_eq!(
            (request.status, request.response_bytes, request.response_time_ms),
            (200, Some(7), Some(12.5))
        );
        assert_eq!(request.headers, [("user-agent".to_owned(), b"curl".to_vec())]);
    }

    #[test]
    fn a_line_of_envoy_is_read() {
        let line = r#"{"start_time":"2026-03-04T05:06:07.310Z","method":"GET","path":"/a?b","protocol":"HTTP/2","response_code":200,
            "response_flags":"-","bytes_received":0,"bytes_sent":9,"duration":12,"upstream_service_time":null,"user_agent":"curl",
            "x_forwarded_for":"-","authority":"shop.example.com:443","downstream_remote_address":"192.0.2.1:4711"}"#;
        let request = parsed(line).expect("parses");
        assert_eq!(
            (request.client.as_str(), request.host.as_deref()),
            ("192.0.2.1", Some("shop.example.com"))
        );
        assert_eq!(
            (request.status, request.response_bytes, request.response_time_ms),
            (200, Some(9), Some(12.0))
        );
    }

    #[test]
    fn audit_records_bring_headers_and_body() {
        let third = r#"{"transaction":{"client_ip":"192.0.2.1","time_stamp":"Wed Mar  4 05:06:07 2026","unique_id":"1","request":
            {"method":"POST","http_version":1.1,"uri":"/login?x=1","body":"user=a%27--","headers":{"Host":"shop.example.com","Cookie":"a=b"}},
            "response":{"body":"no","http_code":403,"headers":{"Server":"nginx"}},"producer":{},"messages":[]}}"#;
        let second = r#"{"transaction":{"time":"04/Mar/2026:05:06:07 +0000","transaction_id":"1","remote_address":"192.0.2.1"},
            "request":{"request_line":"POST /login?x=1 HTTP/1.1","headers":{"Host":"shop.example.com","Cookie":"a=b"},"body":["user=a","%27--"]},
            "response":{"protocol":"HTTP/1.1","status":403,"headers":{}},"audit_data":{}}"#;
        for line in [third, second] {
            let (request, format) =
                parse(line.as_bytes(), Timestamp::default(), &LogZone::UTC).expect("parses");
            assert_eq!(format, LogFormat::ModSecurity);
            assert_eq!(request.time.to_rfc3339_seconds(), "2026-03-04T05:06:07Z");
            assert_eq!(
                (request.client.as_str(), request.host.as_deref()),
                ("192.0.2.1", Some("shop.example.com"))
            );
            assert_eq!(
                (request.method.as_str(), request.target.as_slice()),
                ("POST", b"/login?x=1".as_slice())
            );
            assert_eq!((request.protocol.as_deref(), request.status), (Some("HTTP/1.1"), 403));
            assert_eq!(request.header("cookie"), Some(b"a=b".as_slice()));
            assert_eq!(request.body.as_deref(), Some(b"user=a%27--".as_slice()));
        }
    }

    #[test]
    fn upstream_times_are_added_up() {
        let line = r#"{"remote_addr":"192.0.2.1","request":"GET / HTTP/1.1","upstream_response_time":"0.001, 0.002 : 0.003"}"#;
        let ms = parsed(line).expect("parses").response_time_ms.expect("a time");
        assert!((ms - 6.0).abs() < 1e-9, "{ms}");
    }

    #[test]
    fn times_of_response_are_read_in_the_unit_of_their_name_or_value() {
        for (member, want) in [
            (r#""latency_us":12500"#, Some(12.5)),
            (r#""duration_ns":"12500000""#, Some(12.5)),
            (r#""response_time_seconds":0.0125"#, Some(12.5)),
            (r#""durationMicros":12500"#, Some(12.5)),
            (r#""request_duration_s":"0.0125""#, Some(12.5)),
            (r#""latency":"12.5ms""#, Some(12.5)),
            (r#""elapsed":"12500µs""#, Some(12.5)),
            (r#""duration":"1m2.5s""#, Some(62_500.0)),
            (r#""Duration":"12.5ms""#, Some(12.5)),
            (r#""upstream_response_time_ms":"4.5, 8""#, Some(12.5)),
            (r#""latency_ms":12.5,"latency_us":9"#, Some(12.5)),
            (r#""response_code":200,"duration":null,"latency_us":12500"#, Some(12.5)),
            (r#""latency":12.5"#, None),
            (r#""elapsed":"12.5""#, None),
            (r#""latency_us":-1"#, None),
            (r#""latency_us":null"#, None),
        ] {
            let line = format!(r#"{{"remote_addr":"192.0.2.1","request":"GET / HTTP/1.1",{member}}}"#);
            let read = parsed(&line).expect("parses").response_time_ms;
            let is_close = match (read, want) {
                (Some(read), Some(want)) => (read - want).abs() < 1e-6,
                (read, want) => read == want,
            };
            assert!(is_close, "{member}: {read:?}");
        }
    }

    #[test]
    fn odd_objects_are_requests_or_refused_with_a_reason() {
        type Read<'a> = Result<(&'a str, &'a [u8]), LineError>;
        let cases: [(&str, Read<'_>); 14] = [
            (
                r#"{"method":null,"path":null,"protocol":null,"authority":null,"response_code":400,"response_flags":"DPE",
                "downstream_remote_address":"192.0.2.1:4711","user_agent":null,"start_time":"2026-03-04T05:06:07.310Z"}"#,
                Ok(("-", b"")),
            ),
            (r#"{"method":"GET","path":null,"response_code":400}"#, Ok(("-", b"GET"))),
            (r#"{"msg":"started","path":null,"method":null}"#, Err(LineError::JsonWithoutRequest)),
            (r#"{"remote_addr":"192.0.2.1","request":""}"#, Ok(("-", b""))),
            (r#"{"remote_addr":"192.0.2.1","request":"-","status":400}"#, Ok(("-", b"-"))),
            (r#"{"remote_addr":"192.0.2.1","request":"\u0016\u0003","status":400}"#, Ok(("-", b"\x16\x03"))),
            (r#"{"remote_addr":"192.0.2.1","request":"GET /\x22\xff HTTP/1.1"}"#, Ok(("GET", b"/\"\xff"))),
            (
                r#"{"remote_addr":"192.0.2.1","request_method":"GET","uri":"/a","args":"b=1"}"#,
                Ok(("GET", b"/a?b=1")),
            ),
            (r#"{"remote_addr":"192.0.2.1","method":"get","path":"/a"}"#, Ok(("-", b"get /a"))),
            (
                r#"{"level":"info","msg":"started","path":"/a","method":"GET"}"#,
                Err(LineError::JsonWithoutRequest),
            ),
            (r#"{"status":200,"remote_addr":"192.0.2.1"}"#, Err(LineError::JsonWithoutRequest)),
            (r#"{"request":"GET / HTTP/1.1","status":200,"time":"soon"}"#, Err(LineError::BadTime)),
            (r#"{"request":"GET / HT"#, Err(LineError::BrokenJson)),
            ("[1]", Err(LineError::BrokenJson)),
        ];
        for (line, want) in cases {
            let read = parsed(line);
            let shown = read.as_ref().map(|request| (request.method.as_str(), request.target.as_slice()));
            assert_eq!(shown, want.as_ref().map(|pair| *pair), "{line}");
        }
    }

    #[test]
    fn a_line_without_a_time_counts_as_of_when_it_was_read() {
        let request = parsed(r#"{"remote_addr":"192.0.2.1","request":"GET / HTTP/1.1"}"#).expect("parses");
        assert_eq!(request.time, Timestamp::from_secs(READ_AT));
    }

    #[test]
    fn hostile_objects_are_capped() {
        let many: Vec<String> = (0..1_000).map(|n| format!(r#""h{n}":"{}""#, "v".repeat(20_000))).collect();
        let line =
            format!(r#"{{"ip":"192.0.2.1","request":"GET / HTTP/1.1","headers":{{{}}}}}"#, many.join(","));
        let request = parsed(&line).expect("parses");
        assert_eq!(request.headers.len(), MAX_HEADERS);
        assert!(request.headers.iter().all(|(_, value)| value.len() <= MAX_HEADER_BYTES));
        assert_eq!(parsed(&"{\"a\":".repeat(100_000)), Err(LineError::BrokenJson));
    }

    proptest! {
        #[test]
        fn any_values_under_known_keys_are_a_request_or_not(
            entries in prop::collection::vec((0..14_usize, "\\PC{0,12}|-?[0-9]{1,30}(\\.[0-9]{1,5})?|null|\\[\\]|\\{\\}|\"-\""), 0..12)
        ) {
            let keys = ["ts", "time", "client_ip", "request", "method", "uri", "status", "size", "duration", "Duration", "headers", "http_a", "host", "args"];
            let members: Vec<String> = entries.iter().map(|(key, value)| {
                let value: Value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.clone()));
                format!("{:?}:{value}", keys[*key])
            }).collect();
            let _ = parsed(&format!("{{{}}}", members.join(",")));
        }
    }
}
