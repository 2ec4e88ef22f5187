//! ModSecurity's JSON audit log, of version 3 (and Coraza) and of version 2, in the words of [`crate::json`].
//!
//! Version 3 puts everything into `transaction`, version 2 (`SecAuditLogFormat JSON` for Apache) the request, with its
//! request line and the body in pieces, beside it (ModSecurity reference manual, audit log format).

use serde_json::{Map, Value};

/// The members of an audit record under the names that other JSON logs use; `None` when this is none.
pub(crate) fn normalised(object: &mut Map<String, Value>) -> Option<Map<String, Value>> {
    let mut transaction = taken(object, "transaction")?;
    let mut request = taken(&mut transaction, "request").or_else(|| taken(object, "request"))?;
    let response =
        taken(&mut transaction, "response").or_else(|| taken(object, "response")).unwrap_or_default();
    let mut named = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            named.insert(name.to_owned(), value);
        }
    };
    let time = ["unix_timestamp", "time_stamp", "timestamp", "time"];
    put("time", time.iter().find_map(|key| transaction.remove(*key)));
    put("client_ip", transaction.remove("client_ip").or_else(|| transaction.remove("remote_address")));
    put("request", request.remove("request_line"));
    put("method", request.remove("method"));
    put("uri", request.remove("uri"));
    let protocol = request.remove("http_version").or_else(|| request.remove("protocol"));
    put("proto", protocol.map(with_name));
    put("body", request.remove("body").map(joined));
    let status = ["http_code", "status"].iter().find_map(|key| response.get(*key)).cloned();
    put("status", status);
    let headers = request.remove("headers");
    put("host", headers.as_ref().and_then(host));
    put("headers", headers);
    Some(named)
}

fn taken(object: &mut Map<String, Value>, key: &str) -> Option<Map<String, Value>> {
    match object.get_mut(key)? {
        Value::Object(inner) => Some(std::mem::take(inner)),
        _ => None,
    }
}

/// `1.1` as `HTTP/1.1`.
fn with_name(version: Value) -> Value {
    match version {
        Value::Number(number) => Value::String(format!("HTTP/{number}")),
        Value::String(text) if text.starts_with(|c: char| c.is_ascii_digit()) => {
            Value::String(format!("HTTP/{text}"))
        }
        other => other,
    }
}

/// A body in pieces as one.
fn joined(body: Value) -> Value {
    match body {
        Value::Array(pieces) => Value::String(pieces.iter().filter_map(Value::as_str).collect()),
        other => other,
    }
}

fn host(headers: &Value) -> Option<Value> {
    let (_, value) = headers.as_object()?.iter().find(|(name, _)| name.eq_ignore_ascii_case("host"))?;
    match value {
        Value::Array(values) => values.first().cloned(),
        value => Some(value.clone()),
    }
}
