//! A hostile walk over the OpenAPI document: whatever is sent to whichever operation, the answer is one that the document
//! names, in the envelope of API.md, and a success is what its schema says.

use axum::body::Body;
use axum::http::{Method, Uri};
use bartizan_api::openapi;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::{Value, json};

use crate::schema::problem;
use crate::site::{Answer, Site};

/// Requests that are sent.
const CASES: u32 = 2_500;

/// Texts that servers have stumbled over.
const NASTY: &[&str] = &[
    "",
    " ",
    "0",
    "-1",
    "1",
    "1e309",
    "NaN",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "99999999999999999999999999999999999999",
    "0x10",
    "1.5",
    "true",
    "null",
    "undefined",
    "[]",
    "{}",
    "\0",
    "a\0b",
    "\r\nSet-Cookie: a=b",
    "\u{202e}\u{feff}\u{1F4A9}",
    "' OR '1'='1' --",
    "\"; DROP TABLE traffic; --",
    "%_\\",
    "../../../../etc/passwd",
    "<script>alert(1)</script>",
    "${jndi:ldap://127.0.0.1/a}",
    "{{7*7}}",
    "*",
    "?",
    "a,b,,c,",
    "::/0",
    "0.0.0.0/0",
    "999.1.1.1",
    "24h",
    "0h",
    "400d",
    "99999999999d",
    "2026-03-04T05:06:07Z",
    "0000-00-00T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "2026-03-04",
    "4xx",
    "xss",
    "SQL Injection",
    "high",
    "block",
    "asc",
    "csv",
    "json",
    "requests",
    "ip",
    "path",
    "shop.example.com",
    "/login",
    "previous",
    "GET",
];

/// Parameters of some operation, for those that do not take them.
const STRANGE_NAMES: &[&str] =
    &["offset", "_", "range", "limit", "cursor", "q", "a[]", "host", "%00", "__proto__"];

struct Operation {
    method: Method,
    path: String,
    path_names: Vec<String>,
    query_names: Vec<String>,
    body: Option<Value>,
    responses: Value,
}

fn operations(document: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            let names = |place: &str| -> Vec<String> {
                let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
                let of_place = parameters.iter().filter(|parameter| parameter["in"] == place);
                of_place.map(|parameter| parameter["name"].as_str().expect("a name").to_owned()).collect()
            };
            operations.push(Operation {
                method,
                path: path.clone(),
                path_names: names("path"),
                query_names: names("query"),
                body: operation["requestBody"]["content"].as_object().map(|content| {
                    let first = content.values().next().expect("a media type");
                    first["schema"].clone()
                }),
                responses: operation["responses"].clone(),
            });
        }
    }
    assert!(operations.len() > 60, "{}", operations.len());
    operations
}

/// What one request is made of; numbers choose among what the operation has.
#[derive(Debug, Clone)]
struct Plan {
    operation: prop::sample::Index,
    in_path: Vec<String>,
    in_query: Vec<(prop::sample::Index, String)>,
    strange: Option<(&'static str, String)>,
    body: Sent,
    content_type: Option<&'static str>,
    accept: Option<&'static str>,
    other_method: Option<&'static str>,
}

#[derive(Debug, Clone)]
enum Sent {
    Nothing,
    Text(String),
    /// Over every limit.
    Huge,
    /// One value for each member that the schema names, and perhaps one that it does not.
    Members(Vec<Value>, bool),
    Any(Value),
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(NASTY).prop_map(str::to_owned),
        2 => "\\PC{0,30}",
        1 => (1_usize..5_000).prop_map(|length| "A".repeat(length)),
    ]
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-3_i64..4).prop_map(Value::from),
        (0.0..1.0_f64).prop_map(Value::from),
        prop::sample::select(vec![1e308, -1e308, 1e-320, 0.5]).prop_map(Value::from),
        texts().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{0,8}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn plans() -> impl Strategy<Value = Plan> {
    let body = prop_oneof![
        2 => Just(Sent::Nothing),
        2 => texts().prop_map(Sent::Text),
        1 => Just(Sent::Huge),
        6 => (prop::collection::vec(values(), 8), any::<bool>()).prop_map(|(values, more)| Sent::Members(values, more)),
        2 => values().prop_map(Sent::Any),
    ];
    let types =
        vec![None, Some("text/plain"), Some("application/xml"), Some("\u{80}"), Some("multipart/form-data")];
    let content_type = prop_oneof![5 => Just(Some("application/json")), 1 => prop::sample::select(types)];
    let accepts = vec!["text/csv", "application/xml", "*/*", "a;q=9,,;", "application/json;q=0"];
    let accept = prop_oneof![4 => Just(None), 1 => prop::sample::select(accepts).prop_map(Some)];
    let methods = vec!["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "X"];
    let other_method = prop_oneof![9 => Just(None), 1 => prop::sample::select(methods).prop_map(Some)];
    let strange = prop::option::weighted(0.1, (prop::sample::select(STRANGE_NAMES), texts()));
    let in_query = prop::collection::vec((any::<prop::sample::Index>(), texts()), 0..3);
    (
        any::<prop::sample::Index>(),
        prop::collection::vec(texts(), 2),
        in_query,
        strange,
        body,
        content_type,
        accept,
        other_method,
    )
        .prop_map(|(operation, in_path, in_query, strange, body, content_type, accept, other_method)| {
            Plan { operation, in_path, in_query, strange, body, content_type, accept, other_method }
        })
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

impl Plan {
    fn target(&self, operation: &Operation) -> String {
        let mut path = operation.path.clone();
        for (name, value) in operation.path_names.iter().zip(&self.in_path) {
            // Nothing at all in this place is another address, that of the list.
            let value = if value.is_empty() { "-" } else { value };
            path = path.replace(&format!("{{{name}}}"), &encoded(value));
        }
        let known = self.in_query.iter().filter(|_| !operation.query_names.is_empty());
        let mut pairs: Vec<String> = known
            .map(|(name, value)| format!("{}={}", name.get(&operation.query_names), encoded(value)))
            .collect();
        pairs.extend(self.strange.iter().map(|(name, value)| format!("{name}={}", encoded(value))));
        if pairs.is_empty() { path } else { format!("{path}?{}", pairs.join("&")) }
    }

    fn body(&self, operation: &Operation, document: &Value) -> Vec<u8> {
        match &self.body {
            Sent::Nothing => Vec::new(),
            Sent::Text(text) => text.clone().into_bytes(),
            Sent::Huge => vec![b'['; (32 << 20) + 1],
            Sent::Any(value) => value.to_string().into_bytes(),
            Sent::Members(values, more) => {
                let schema =
                    operation.body.as_ref().map_or(&Value::Null, |schema| resolved(schema, document));
                let names = schema["properties"].as_object().map(serde_json::Map::keys);
                let mut members: serde_json::Map<String, Value> =
                    names.into_iter().flatten().cloned().zip(values.iter().cloned()).collect();
                if *more {
                    members.insert("more".to_owned(), json!(1));
                }
                Value::Object(members).to_string().into_bytes()
            }
        }
    }
}

fn resolved<'d>(schema: &'d Value, document: &'d Value) -> &'d Value {
    let reference = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    reference.and_then(|pointer| document.pointer(pointer)).unwrap_or(schema)
}

/// What is wrong with an answer; `None` for the method that the document names.
fn wrong(operation: &Operation, is_ours: bool, answer: &Answer, document: &Value) -> Option<String> {
    let status = answer.status.as_u16();
    if status >= 500 {
        return Some("a defect".to_owned());
    }
    let text = String::from_utf8_lossy(&answer.body);
    if [".rs:", "panicked", "SELECT ", "sqlx", "/tmp/"].iter().any(|leak| text.contains(leak))
        && status >= 400
    {
        return Some("it tells what is inside".to_owned());
    }
    if !is_ours {
        let is_refusal = status == 405 && answer.header("allow").is_some();
        let is_other = status != 405;
        return (!is_refusal && !is_other).then(|| "405 without Allow".to_owned());
    }
    let named = &operation.responses[status.to_string()];
    if named.is_null() {
        return Some("a status that the document does not name".to_owned());
    }
    let media_type =
        answer.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default().to_owned();
    let content = &named["content"][&media_type];
    if content.is_null() {
        let names_none = named["content"].is_null();
        return (!names_none).then(|| format!("a media type that the document does not name: {media_type}"));
    }
    if media_type != "application/json" {
        return None;
    }
    let Ok(body) = serde_json::from_slice::<Value>(&answer.body) else { return Some("no JSON".to_owned()) };
    if !content["schema"].is_null()
        && let Some(problem) = problem(document, &content["schema"], &body, "")
    {
        return Some(format!("not as its schema says: {problem}"));
    }
    let is_enveloped = operation.path.starts_with("/api/") && operation.path != "/api/v1/openapi.json";
    if is_enveloped && body["success"] != Value::Bool(status < 300) {
        return Some("success does not say whether it is one".to_owned());
    }
    let error = &body["error"];
    if status >= 400 && error["request_id"].as_str() != answer.header("x-request-id") {
        return Some("another request id in the body".to_owned());
    }
    None
}

#[test]
fn whatever_is_sent_to_whichever_operation_is_answered_as_the_document_says() {
    let document: Value = serde_json::from_str(&openapi().to_json().expect("a document")).expect("JSON");
    let operations = operations(&document);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let site = runtime.block_on(Site::new());
    let succeeded = std::cell::Cell::new(0);
    let mut runner = TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() });
    let result = runner.run(&plans(), |plan| {
        let operation = plan.operation.get(&operations);
        let target = plan.target(operation);
        if target.parse::<Uri>().is_err() {
            return Ok(());
        }
        let method =
            plan.other_method.map_or(operation.method.clone(), |name| name.parse().expect("a method"));
        let mut headers = Vec::new();
        headers.extend(plan.content_type.map(|value| ("content-type", value)));
        headers.extend(plan.accept.map(|value| ("accept", value)));
        let is_ours = method == operation.method;
        let has_body = operation.body.is_some() || !is_ours;
        let body = if has_body { plan.body(operation, &document) } else { Vec::new() };
        let answer = runtime.block_on(site.ask_with(method.clone(), &target, &headers, Body::from(body)));
        succeeded.set(succeeded.get() + usize::from(is_ours && answer.status.is_success()));
        match wrong(operation, is_ours, &answer, &document) {
            None => Ok(()),
            Some(problem) => Err(TestCaseError::fail(format!(
                "{method} {target}: {problem}: {} {}",
                answer.status,
                String::from_utf8_lossy(&answer.body).chars().take(600).collect::<String>()
            ))),
        }
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    assert!(succeeded.get() > 200, "what is always refused shows little: {}", succeeded.get());
}

/// Every operation that only reads, asked as it likes to be asked.
#[tokio::test]
async fn every_reading_operation_answers_as_its_schema_says() {
    let document: Value = serde_json::from_str(&openapi().to_json().expect("a document")).expect("JSON");
    let site = Site::new().await;
    let known = [
        ("metric", "requests"),
        ("dimension", "path"),
        ("type", "xss"),
        ("endpoint", "%2Flogin"),
        ("id", "1"),
    ];
    for operation in operations(&document).iter().filter(|operation| operation.method == Method::GET) {
        let mut path = operation.path.clone();
        for (name, value) in known {
            path = path.replace(&format!("{{{name}}}"), value);
        }
        let answer = site.get(&path).await;
        if let Some(problem) = wrong(operation, true, &answer, &document) {
            panic!("{path}: {problem}: {}", String::from_utf8_lossy(&answer.body));
        }
    }
}
