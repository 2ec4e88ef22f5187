//! What each server writes is read as what was asked: every fixture, line by line, and how it was recognised.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bartizan_ingest::{Detection, FileReader, FormatChoice, LineOptions, ReadState, SourceConfig};
use bartizan_model::{Checkpoint, HttpRequest, SourceKind, SystemClock};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn config(path: PathBuf, lines: &LineOptions) -> SourceConfig {
    let name = "fixture".to_owned();
    SourceConfig { name, path, kind: SourceKind::File, follow: false, lines: lines.clone() }
}

fn options(format: Option<&str>, zone: &str) -> LineOptions {
    let format = format.map(|text| text.parse::<FormatChoice>().expect("a format"));
    LineOptions { format, time_zone: zone.parse().expect("a zone") }
}

/// All requests of a log, read so many lines at a time and opened anew after each batch, as after a restart.
fn read(name: &str, options: &LineOptions, lines: usize) -> (Vec<HttpRequest>, u64, Detection) {
    let (mut requests, mut failed) = (Vec::new(), 0);
    let mut checkpoint: Option<Checkpoint> = None;
    let mut first = None;
    loop {
        let mut reader = FileReader::open(&config(fixture(name), options), checkpoint, Arc::new(SystemClock))
            .expect("opens");
        first = first.or_else(|| reader.detection());
        let batch = reader.read_batch(lines).expect("reads");
        requests.extend(batch.requests);
        failed += batch.failed;
        checkpoint = Some(batch.to);
        if batch.state == ReadState::CaughtUp {
            return (requests, failed, first.expect("is known"));
        }
    }
}

/// One line per request: time, client, host, method, target, protocol, status, size, milliseconds, headers, body.
fn shown(request: &HttpRequest) -> String {
    let text = |bytes: &[u8]| bytes.escape_ascii().to_string();
    let headers: Vec<String> =
        request.headers.iter().map(|(name, value)| format!("{name}={}", text(value))).collect();
    format!(
        "{} {} {} {} {} {} {} {} {} [{}]{}",
        request.time,
        request.client,
        request.host.as_deref().unwrap_or("-"),
        request.method,
        text(&request.target),
        request.protocol.as_deref().unwrap_or("-"),
        request.status,
        request.response_bytes.map_or("-".to_owned(), |bytes| bytes.to_string()),
        request.response_time_ms.map_or("-".to_owned(), |ms| format!("{ms:.3}")),
        headers.join("; "),
        request.body.as_deref().map(|body| format!(" {}", text(body))).unwrap_or_default(),
    )
}

/// How the log was recognised, what could not be read of it, and its requests; the same however often reading starts
/// anew.
fn report(name: &str, format: Option<&str>, zone: &str) -> String {
    let options = options(format, zone);
    let (requests, failed, detection) = read(name, &options, 1_000);
    let (resumed, resumed_failed, _) = read(name, &options, 1);
    assert_eq!((&resumed, resumed_failed), (&requests, failed), "{name} with a restart after each line");
    let lines: Vec<String> = requests.iter().map(shown).collect();
    format!("{}: {}; {failed} failed\n{}\n", detection.format, detection.reason, lines.join("\n"))
}

const SQUID: &str = "apache:%{sec}t.%{msec_frac}t %{ms}T %a %x/%s %B %m %U%q %u %x/%x %x";

const NGINX: &str = r#"nginx:log_format timed '$remote_addr [$time_iso8601] $host "$request" $status $body_bytes_sent '
    'rt=$request_time urt="$upstream_response_time" "$http_user_agent" xff="$http_x_forwarded_for"';"#;

const APACHE: &str = r#"apache:LogFormat "%a %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\" %I %O %D %V %p \"%{X-Forwarded-For}i\"" timed"#;

/// Compares with the text beside the fixture; `UPDATE_FIXTURES=1` writes it anew, to be read before it is committed.
fn assert_as_expected(name: &str, format: Option<&str>, zone: &str) {
    let read = report(&format!("{name}.log"), format, zone);
    let path = fixture(&format!("{name}.expected"));
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        std::fs::write(&path, &read).expect("writes");
    }
    #[expect(clippy::disallowed_methods, reason = "our own fixture")]
    let want = std::fs::read_to_string(&path).expect("is there");
    assert_eq!(read, want, "{name}");
}

/// Each fixture is read as the text beside it says.
macro_rules! fixtures {
    ($($name:ident: $format:expr, $zone:literal;)*) => {$(
        #[test]
        fn $name() {
            assert_as_expected(stringify!($name), $format, $zone);
        }
    )*};
}

fixtures! {
    nginx_combined: None, "UTC";
    apache_vhost_combined: None, "UTC";
    nginx_json: None, "UTC";
    caddy: None, "UTC";
    traefik: None, "UTC";
    traefik_json: None, "UTC";
    haproxy: None, "+01:00";
    envoy: None, "UTC";
    envoy_json: None, "UTC";
    aws_alb: None, "UTC";
    aws_cloudfront: None, "UTC";
    aws_cloudfront_json: None, "UTC";
    iis: None, "UTC";
    modsecurity: None, "+01:00";
    squid: Some(SQUID), "UTC";
    nginx_custom: Some(NGINX), "UTC";
    apache_custom: Some(APACHE), "UTC";
}

#[test]
fn a_log_of_another_format_than_the_given_one_is_refused() {
    let options = options(Some("haproxy"), "UTC");
    let opened = FileReader::open(&config(fixture("iis.log"), &options), None, Arc::new(SystemClock));
    let message = opened.expect_err("is refused").to_string();
    assert!(message.contains("has the given format haproxy: no client and [time]"), "{message}");
    assert!(message.contains("first line: #Software"), "{message}");
}

#[test]
fn columns_are_found_at_the_head_of_a_file_whose_checkpoint_does_not_name_them() {
    let dir = tempfile::tempdir().expect("tempdir");
    let path = dir.path().join("iis.log");
    let text =
        "#Fields: date time c-ip cs-method cs-uri-stem sc-status\n2026-03-04 05:06:07 192.0.2.1 GET /a 200\n";
    std::fs::write(&path, text).expect("writes");
    let options = options(Some("iis"), "UTC");
    let mut reader =
        FileReader::open(&config(path.clone(), &options), None, Arc::new(SystemClock)).expect("opens");
    let mut checkpoint = reader.read_batch(1_000).expect("reads").to;
    assert_eq!(checkpoint.format.as_deref(), Some("w3c date time c-ip cs-method cs-uri-stem sc-status"));
    checkpoint.format = Some("combined".to_owned());
    std::fs::write(&path, format!("{text}2026-03-04 05:06:08 192.0.2.1 GET /b 404\n")).expect("writes");
    let mut reader =
        FileReader::open(&config(path, &options), Some(checkpoint), Arc::new(SystemClock)).expect("opens");
    let requests = reader.read_batch(1_000).expect("reads").requests;
    assert_eq!(requests.iter().map(|request| request.status).collect::<Vec<_>>(), [404]);
}
