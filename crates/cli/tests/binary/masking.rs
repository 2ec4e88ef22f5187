//! No secret of a request reaches the database, the log, an answer or a socket.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use bartizan_model::{Clock, SystemClock, Timestamp};
use serde_json::{Value, json};

use crate::access_log::{append, log_time};
use crate::http;
use crate::server::{PATIENCE, Place, Server, read, wait};

/// Beginning of every secret of these tests; no other text has it. Card numbers are looked for apart.
const SECRET: &str = "zq7secret";
const CARD: &str = "4111111111111111";
const CARD_IN_GROUPS: &str = "5555-5555-5555-4444";
const BASIC: &str = "dXNlcjp6cTdzZWNyZXQtYmFzaWM=";

/// Targets with a secret each, in every place that a log shows.
fn targets() -> Vec<String> {
    [
        "/marker-plain?id=7",
        "/a?password=zq7secret1&x=1",
        "/a?PASSWORD=zq7secret2",
        "/a?p%61ssword=zq7secret3",
        "/a?user%5Bpassword%5D=%7Aq7secret4",
        "/a?token=zq7secret5&token=zq7secret6",
        "/a?next=%2Flogin%3Faccess_token%3Dzq7secret7",
        "/a?password=zq7secret8'%20or%201=1--%20-",
        "/a?id=9%27%20UNION%20SELECT%20username,password%20FROM%20users--%20-&token=zq7secret9",
        "/a?u=http://user:zq7secret10@internal/",
        "/a;jsessionid=zq7secret11/b",
        "/a?q=zq7secret12&api_key=zq7secret12",
        "/pay?number=4111111111111111",
        "/pay?number=5555-5555-5555-4444",
        "/a?password=zq7secret13%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/s?sid=zq7secretA",
        "/s?sid=zq7secretA&again",
        "/s?sid=zq7secretB",
        "/../../../../etc/passwd?token=zq7secret14",
    ]
    .map(str::to_owned)
    .to_vec()
}

fn combined(now: Timestamp) -> String {
    let at = log_time(now);
    let mut text = String::new();
    for target in targets() {
        writeln!(
            text,
            "198.51.100.7 - - [{at}] \"GET {target} HTTP/1.1\" 200 5 \"https://h/?sid=zq7secretR&a=1\" \"Mozilla/5.0\""
        )
        .expect("a String takes everything");
    }
    text + "this is no request: password=zq7secretX, Cookie: a=zq7secretY\n"
}

fn json_lines(now: Timestamp) -> String {
    let line = json!({
        "ts": now.to_rfc3339_seconds(), "remote_addr": "198.51.100.8", "request_method": "POST",
        "request_uri": "/j?otp=zq7secretJ1&marker=json", "args": "otp=zq7secretJ1&marker=json",
        "status": 200, "http_authorization": format!("Basic {BASIC}"),
        "http_cookie": "lang=zq7secretJ2; sid=zq7secretA", "http_user_agent": "curl/8 token=zq7secretJ3",
        "http_x_api_key": "zq7secretJ4", "custom": {"client_secret": "zq7secretJ5"},
    });
    format!("{line}\n")
}

/// Requests for a verdict, with a secret in every kind of body.
fn checks() -> Vec<Value> {
    let multipart =
        "--B\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nzq7secretC1' or '1'='1\r\n--B--\r\n";
    [
        ("application/x-www-form-urlencoded", "user=a&password=zq7secretC2%27+or+1%3D1--+-"),
        ("application/json", r#"{"a":{"b":[{"Password":"zq7secretC3' or 1=1 -- -"}]},"sid":"zq7secretA"}"#),
        ("application/json", r#"{"p\u0061ssword":"zq7secretC4\" <script>alert(1)</script>"}"#),
        ("multipart/form-data; boundary=B", multipart),
        ("application/xml", "<a><password>zq7secretC5</password><b>' or 1=1-- -</b></a>"),
        ("text/plain", "password: zq7secretC6 and 4111 1111 1111 1111"),
    ]
    .map(|(content_type, body)| {
        json!({
            "method": "POST", "path": "/c?secret=zq7secretC7", "query_params": {"pin": "zq7secretC8' or 1=1--"},
            "client_ip": "198.51.100.9", "body": body,
            "headers": {
                "Content-Type": content_type, "Authorization": "Bearer zq7secretC9",
                "Cookie": "sid=zq7secretA; other=zq7secretC10' or 1=1--", "X-Auth-Token": "zq7secretC11",
                "Referer": "https://user:zq7secretC12@h/?session=zq7secretC13",
            },
        })
    })
    .to_vec()
}

/// A socket of which everything is kept as it comes; frames of servers are not scrambled (RFC 6455, section 5.1).
struct Socket(TcpStream);

impl Socket {
    fn open(address: SocketAddr) -> Self {
        let mut stream = TcpStream::connect(address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_millis(200))).expect("a timeout");
        let request = format!(
            "GET /ws HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).expect("written");
        Self(stream)
    }

    /// Everything up to the first look after which all of these texts have come.
    fn read_until(&mut self, expected: &[&str]) -> String {
        let (started, mut bytes, mut buffer) = (Instant::now(), Vec::new(), [0; 16_384]);
        loop {
            if let Ok(len) = self.0.read(&mut buffer) {
                bytes.extend_from_slice(&buffer[..len]);
            }
            let text = String::from_utf8_lossy(&bytes);
            if expected.iter().all(|part| text.contains(part)) {
                return text.into_owned();
            }
            assert!(started.elapsed() < PATIENCE, "not all of {expected:?} came: {text}");
        }
    }
}

fn assert_clean(what: &str, text: &str) {
    let lower = text.to_lowercase();
    for secret in [SECRET, CARD, CARD_IN_GROUPS, "4111 1111", BASIC, "%7aq7secret", "dxnlcjp6"] {
        if let Some(at) = lower.find(&secret.to_lowercase()) {
            let from = lower.char_indices().map(|(at, _)| at).rfind(|start| *start + 200 <= at).unwrap_or(0);
            let shown: String = lower[from..].chars().take(400).collect();
            panic!("{what} holds {secret}: …{shown}…");
        }
    }
}

fn bytes_of(path: &Path) -> String {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    file.take(256 << 20).read_to_end(&mut bytes).expect("readable");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Every list, and the detail of every row.
fn answers(server: &Server) -> String {
    let mut all = String::new();
    for list in ["traffic", "threats", "activities", "alerts/history", "analytics/top/host"] {
        let page = server.json(&format!("/api/v1/{list}?limit=100"));
        for row in page["data"].as_array().expect("a list") {
            if matches!(list, "traffic" | "threats") {
                let detail = server.json(&format!("/api/v1/{list}/{}", row["id"]));
                all.push_str(&detail.to_string());
            }
        }
        all.push_str(&page.to_string());
    }
    for path in [
        "/api/v1/system/sources",
        "/api/v1/alerts/active",
        "/api/v1/threats/recent",
        "/api/v1/traffic/recent",
    ] {
        all.push_str(&server.json(path).to_string());
    }
    all
}

#[test]
fn secrets_reach_neither_database_nor_log_nor_answers_nor_sockets() {
    let place = Place::new();
    let json_log = place.path("json.log");
    let config = place.path("bartizan.yaml");
    append(&config, "privacy:\n  hash:\n    parameters: [sid]\n    cookies: [sid]\n    fields: [sid]\n");
    let now = SystemClock.now();
    append(&place.log(), "");
    append(&json_log, "");
    let log = place.log();
    let arguments = [Path::new("--config"), &config, Path::new("--log"), &log, Path::new("--log"), &json_log];
    let mut command = place.command(arguments);
    let server = Server::start(command.env("RUST_LOG", "debug"), &place.path("stderr"));
    let mut socket = Socket::open(server.address);
    append(&place.log(), combined(now));
    append(&json_log, json_lines(now));
    let lines = targets().len() as u64 + 1;
    let started = Instant::now();
    while server.json("/api/v1/traffic?limit=500")["data"].as_array().map_or(0, Vec::len)
        < targets().len() + 1
    {
        assert!(started.elapsed() < PATIENCE, "not all lines became rows: {}", read(&place.path("stderr")));
        std::thread::sleep(Duration::from_millis(20));
    }
    server.wait_for_lines(lines);

    let mut verdicts = String::new();
    for check in checks() {
        for record in [true, false] {
            let path = format!("/check?record={record}&explain=true");
            let (status, body) = http::post(server.address, &path, &check.to_string()).expect("answered");
            assert_eq!(status, 200, "{body}");
            verdicts.push_str(&body);
        }
    }
    assert!(verdicts.contains("[masked]"), "{verdicts}");
    assert_clean("the verdicts", &verdicts);
    assert_clean("the socket", &socket.read_until(&["marker-plain", "[masked]", "marker=json", "\"alert\""]));

    let answers = answers(&server);
    for expected in
        ["marker-plain", "[masked]", "[hash:", "the value is masked", "Bearer [masked]", "Basic [masked]"]
    {
        assert!(answers.contains(expected), "{expected} is missing: {answers}");
    }
    assert_clean("an answer", &answers);
    assert_same_session_looks_the_same(&answers);

    // While it runs, the newest rows lie in the write-ahead log.
    let database = place.database();
    for suffix in ["", "-wal", "-shm"] {
        let mut path = database.clone().into_os_string();
        path.push(suffix);
        if suffix != "-shm" || Path::new(&path).exists() {
            assert_clean(&format!("{}", Path::new(&path).display()), &bytes_of(Path::new(&path)));
        }
    }
    server.stop();
    let stored = bytes_of(&database);
    assert!(stored.contains("marker-plain") && stored.contains("[masked]"), "the rows are there");
    assert_clean("the database", &stored);

    let messages = read(&place.path("stderr"));
    assert_clean("the log", &messages);
    let key = read(&place.path("masking.key"));
    assert_eq!(key.trim().len(), 64);
    assert!(!messages.contains(key.trim()) && !stored.contains(key.trim()), "the key is told");
    let mode = std::fs::metadata(place.path("masking.key")).expect("there").permissions();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777, 0o600);
}

/// The session A stands in two queries, in cookies and in a body; B in one query.
fn assert_same_session_looks_the_same(answers: &str) {
    let again = answers.find("&again").unwrap_or_else(|| panic!("no marker: {answers}"));
    let session = &answers[again - "[hash:0123456789ab]".len()..again];
    assert!(session.starts_with("[hash:") && session.ends_with(']'), "{session}");
    let elsewhere = [
        format!("\"endpoint\":\"/s?sid={session}\""),
        format!("lang=[masked]; sid={session}"),
        format!("\\\"sid\\\":\\\"{session}\\\""),
    ];
    for expected in elsewhere {
        assert!(answers.contains(&expected), "{expected} is missing: {answers}");
    }
    let queries = answers.split("\"endpoint\":\"/s?sid=").skip(1);
    assert!(queries.into_iter().any(|query| !query.starts_with(session)), "another session looks the same");
}

#[test]
fn the_quoted_line_of_an_unknown_log_is_masked() {
    let place = Place::new();
    append(&place.log(), "hello password=zq7secretQ Bearer zq7secretP\n".repeat(50));
    let log = place.log();
    let mut command = place.command([Path::new("--log"), &log]);
    let errors = std::fs::File::create(place.path("stderr")).expect("a file for the messages");
    let status =
        wait(&mut command.stderr(errors).stdout(std::process::Stdio::null()).spawn().expect("starts"));
    let messages = read(&place.path("stderr"));
    assert!(!status.success() && messages.contains("hello password=[masked]"), "{messages}");
    assert_clean("the refusal", &messages);
}

#[test]
fn a_line_that_was_pushed_and_cannot_be_read_is_masked_in_the_answer_and_in_the_sources() {
    let place = Place::new();
    let server = Server::start(&mut place.command::<&str>([]), &place.path("stderr"));
    let line = "this is no request: password=zq7secretP and more\n";
    let (status, answer) = http::post(server.address, "/api/v1/ingest", line).expect("an answer");
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains("this is no request"), "the line is not shown: {answer}");
    assert_clean("the answer", &answer);
    let sources = server.json("/api/v1/system/sources").to_string();
    assert!(sources.contains("this is no request"), "the line is not shown: {sources}");
    assert_clean("the sources", &sources);
}

#[test]
fn settings_of_privacy_that_make_no_sense_are_named() {
    for (yaml, expected) in [
        ("privacy: {mask: {cookies: ['%%']}}", "privacy.mask.cookies"),
        ("privacy: {key: zq7secretK}", "privacy.key"),
        ("privacy: {mask: {fields: password}}", "privacy.mask.fields"),
    ] {
        let place = Place::new();
        let config = place.path("bartizan.yaml");
        append(&config, yaml);
        let mut command = place.command([Path::new("--config"), &config]);
        let errors = std::fs::File::create(place.path("stderr")).expect("a file for the messages");
        let status = wait(&mut command.stderr(errors).spawn().expect("starts"));
        let messages = read(&place.path("stderr"));
        assert!(!status.success() && messages.contains(expected), "{expected}: {messages}");
        assert_clean("the refusal", &messages);
    }
}
