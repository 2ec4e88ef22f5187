use super::*;
use bartizan_model::{Timestamp, Via};

/// A request line, and headers below it.
fn read(lines: &[&str]) -> HttpRequest {
    let (method, target) = lines[0].split_once(' ').expect("a method and a target");
    let mut request = HttpRequest::new(Timestamp::default(), method, target.as_bytes(), Via::Log);
    request.host = Some("shop.example.com".to_owned());
    for line in &lines[1..] {
        let (name, value) = line.split_once(": ").expect("a name and a value");
        request.headers.push((name.to_owned(), value.as_bytes().to_vec()));
    }
    request
}

fn found(request: &HttpRequest) -> Vec<Finding> {
    let mut found = Vec::new();
    search(request, &mut found);
    found
}

fn assert_alone(request: &HttpRequest) {
    let found = found(request);
    assert!(found.is_empty(), "{request}: {:?}: {found:?}", request.headers);
}

const MET: &[(Abuse, &[&str])] = &[
    (Abuse::Method, &["TRACE /"]),
    (Abuse::Method, &["TRACK /"]),
    (Abuse::Method, &["DEBUG /x.aspx"]),
    (Abuse::Method, &["CONNECT example.com:443"]),
    (Abuse::MethodName, &["GE(T /"]),
    (Abuse::ForeignTarget, &["GET http://example.com/"]),
    (Abuse::ForeignTarget, &["GET HTTP://user@192.0.2.1:8080?x"]),
    (Abuse::HeaderName, &["GET /", "transfer-encoding : chunked"]),
    (Abuse::HeaderName, &["GET /", "x\u{0}y: 1"]),
    (Abuse::HeaderBytes, &["GET /", "x-forwarded-for: 1.1.1.1\r\nset-cookie: a=b"]),
    (Abuse::HeaderBytes, &["GET /", "x-note: folded\r\n over two lines"]),
    (Abuse::HeaderBytes, &["GET /", "x-note: a\0b"]),
    (Abuse::Host, &["GET /", "host: ' *; id; '"]),
    (Abuse::Host, &["GET /", "host: shop.example.com/../admin"]),
    (Abuse::Hosts, &["GET /", "host: shop.example.com", "host: admin.internal"]),
    (Abuse::Length, &["POST /", "content-length: -1"]),
    (Abuse::Length, &["POST /", "content-length: +5"]),
    (Abuse::Length, &["POST /", "content-length: 0x10"]),
    (Abuse::Lengths, &["POST /", "content-length: 5", "content-length: 6"]),
    (Abuse::Lengths, &["POST /", "content-length: 5, 6"]),
    (Abuse::Coding, &["POST /", "transfer-encoding: xchunked"]),
    (Abuse::Coding, &["POST /", "transfer-encoding: \u{b}chunked"]),
    (Abuse::Coding, &["POST /", "transfer-encoding: \u{c}chunked"]),
    (Abuse::Coding, &["POST /", "transfer-encoding: chunked\u{0}"]),
    (Abuse::Coding, &["POST /", "transfer-encoding: chunked, identity"]),
    (Abuse::Coding, &["POST /", "transfer-encoding: chunked", "transfer-encoding: x"]),
    (Abuse::Coding, &["POST /", "transfer-encoding: \"chunked\""]),
    (Abuse::Framing, &["POST /", "content-length: 4", "transfer-encoding: chunked"]),
    (Abuse::MethodOverride, &["POST /", "x-http-method-override: TRACE"]),
    (Abuse::MethodOverride, &["POST /", "x-method-override: GET /admin"]),
    (Abuse::TargetOverride, &["GET /", "x-original-url: /admin/delete?user=1"]),
    (Abuse::TargetOverride, &["GET /login", "x-rewrite-url: /admin"]),
    (Abuse::SocketVersion, &["GET /ws", "sec-websocket-version: 777"]),
];

/// What is longer than a line of a table.
fn long() -> Vec<(Abuse, HttpRequest)> {
    let name = format!("{}: 1", "x".repeat(300));
    let host = format!("host: {}", "a".repeat(24_000));
    let ranges = format!("range: bytes=0-{}", ",5-1".repeat(30));
    vec![
        (Abuse::LongHeaderName, read(&["GET /", &name])),
        (Abuse::Host, read(&["GET /oauth/idp/.well-known/x", &host])),
        (Abuse::Ranges, read(&["GET /", &ranges])),
    ]
}

#[test]
fn abuse_is_met_and_named() {
    let lines = MET.iter().map(|(abuse, lines)| (*abuse, read(lines)));
    let mut met = Vec::new();
    for (abuse, request) in lines.chain(long()) {
        let details = abuse.details();
        let found = found(&request);
        assert!(found.iter().any(|finding| finding.details == details), "{request}: {found:?}");
        met.push(abuse);
    }
    for abuse in Abuse::ALL {
        assert!(met.contains(&abuse), "{abuse:?} is not tested");
    }
}

#[test]
fn smuggling_is_blocked_and_shown() {
    let found = found(&read(&["POST /", "content-length: 4", "content-length: 60"]));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].action, Action::Block);
    let shown: Vec<_> = found[0].evidence.iter().map(|evidence| evidence.text.as_str()).collect();
    assert_eq!(shown, ["4", "60"]);
}

#[test]
fn evidence_is_cut() {
    for (_, request) in long() {
        for evidence in found(&request).iter().flat_map(|finding| &finding.evidence) {
            assert!(
                evidence.text.len() <= 256 && evidence.name.as_ref().is_none_or(|name| name.len() <= 200)
            );
        }
    }
}

#[test]
fn honest_requests_are_left_alone() {
    for lines in [
        ["GET /", "host: shop.example.com"].as_slice(),
        &["GET /", "host: [2001:db8::1]:8443"],
        &["GET /", "host: b\u{fc}cher.example"],
        &["GET /", "host: a_b.example.com", "host: A_B.example.com"],
        &["GET /", "host: "],
        &["POST /", "content-length: 5"],
        &["POST /", "content-length: 5", "content-length: 5"],
        &["POST /", "content-length: "],
        &["POST /", "transfer-encoding: chunked"],
        &["POST /", "transfer-encoding: gzip, Chunked"],
        &["POST /", "transfer-encoding: chunked\r\n"],
        &["POST /", "transfer-encoding: identity", "content-length: 5"],
        &["POST /", "transfer-encoding: chunked", "content-length: "],
        &["GET /", "x-note: value\r\n"],
        &["GET /", ":authority: shop.example.com", ":path: /"],
        &["GET /", "x_under_score: 1"],
        &["GET /", ":version: HTTP/1.1"],
        &["GET /", "get /collect?u=http: //shop.example.com/ HTTP/1.1"],
        &["GET /", "range: bytes=0-99,200-299,400-499"],
        &["POST /", "x-http-method-override: PATCH"],
        &["POST /", "x-http-method: MERGE"],
        &["GET /cart", "x-original-url: /cart"],
        &["GET /cart?x=1", "x-original-url: /cart"],
        &["GET /cart", "x-original-url: /shop/cart"],
        &["GET /auth", "x-original-url: https://shop.example.com/cart"],
        &["GET /ws", "upgrade: websocket", "sec-websocket-version: 13"],
        &["GET /ws", "sec-websocket-version: 13, 8, 7"],
        &[
            "GET /",
            "connection: Upgrade, HTTP2-Settings",
            "upgrade: h2c",
            "http2-settings: AAMAAABkAARAAAAAAAIAAAAA",
        ],
        &["GET http://shop.example.com/cart"],
        &["GET https://www.shop.example.com:443/cart"],
        &["GET /redirect?to=http://example.com/"],
        &["CONNECT /socket"],
        &["OPTIONS *"],
        &["M-SEARCH *"],
        &["PROPFIND /dav/"],
    ] {
        assert_alone(&read(lines));
    }
}

#[test]
fn an_absolute_target_without_a_known_host_counts_in_logs_alone() {
    let mut request = read(&["GET http://example.com/"]);
    request.host = None;
    assert_eq!(found(&request).len(), 1);
    request.via = Via::Check;
    assert_alone(&request);
}
