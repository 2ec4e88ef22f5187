use super::*;
use proptest::prelude::*;

const NGINX: &str = r#"$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time "$upstream_response_time" $host "$http_x_forwarded_for""#;
const APACHE: &str = r#"%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\" %I %D"#;

fn read(template: &Template, line: &str) -> HttpRequest {
    template
        .parse(line.as_bytes(), Timestamp::default(), &LogZone::UTC)
        .unwrap_or_else(|error| panic!("{error}: {line}"))
}

#[test]
fn a_line_of_nginx_is_read_by_its_format() {
    let template = Template::nginx(NGINX).expect("compiles");
    let line = r#"2001:db8::1 - - [04/Mar/2026:05:06:07 +0100] "GET /a?q=\x22 HTTP/1.1" 200 512 "-" "curl \x22x\x22" 0.012 "0.001, 0.002 : 0.003" Shop.example.com "203.0.113.9, 192.0.2.1""#;
    for prefix in ["", "<190>Mar  4 05:06:07 web1 nginx: "] {
        let request = read(&template, &format!("{prefix}{line}"));
        assert_eq!(request.time.to_rfc3339_seconds(), "2026-03-04T04:06:07Z");
        assert_eq!(
            (request.client.as_str(), request.target.as_slice()),
            ("2001:db8::1", b"/a?q=\"".as_slice())
        );
        assert_eq!((request.status, request.response_bytes), (200, Some(512)));
        assert_eq!(request.response_time_ms, Some(12.0));
        assert_eq!(request.user_agent().as_deref(), Some("curl \"x\""));
        assert_eq!(request.header("referer"), None);
        assert_eq!(request.host.as_deref(), Some("shop.example.com"));
    }
}

#[test]
fn a_line_of_apache_is_read_by_its_format() {
    let whole = format!("LogFormat \"{APACHE}\" vhost_timed");
    for text in [APACHE, &whole] {
        let template = Template::apache(text).expect("compiles");
        let line = r#"shop.example.com:443 192.0.2.1 - frank [04/Mar/2026:05:06:07 +0000] "GET /a\"b HTTP/1.1" 404 1034 "https://a.example/?q=\"x\"" "curl/8.5" 310 12500"#;
        let request = read(&template, line);
        assert_eq!((request.client.as_str(), request.target.as_slice()), ("192.0.2.1", b"/a\"b".as_slice()));
        assert_eq!((request.status, request.response_bytes), (404, Some(1_034)));
        assert_eq!(
            (request.response_time_ms, request.host.as_deref()),
            (Some(12.5), Some("shop.example.com"))
        );
        assert_eq!(request.header("referer"), Some(br#"https://a.example/?q="x""#.as_slice()));
    }
}

#[test]
fn directives_are_understood_as_they_stand_in_the_configuration() {
    let directive = "log_format main escape=json '{\"at\":\"$time_iso8601\",\"from\":\"$remote_addr\",'\n    '\"do\":\"$request_method\",\"what\":\"$request_uri\",\"body\":\"$request_body\",\"s\":$status}';";
    let template = Template::nginx(directive).expect("compiles");
    let line = r#"{"at":"2026-03-04T05:06:07+00:00","from":"192.0.2.1","do":"POST","what":"/a\u0022b\\c","body":"x=\"1\"","s":201}"#;
    let request = read(&template, line);
    assert_eq!((request.method.as_str(), request.target.as_slice()), ("POST", b"/a\"b\\c".as_slice()));
    assert_eq!((request.body.as_deref(), request.status), (Some(b"x=\"1\"".as_slice()), 201));
}

#[test]
fn every_variable_finds_its_place() {
    let cases = [
        (r"%a %m %U%q %H %s %{ms}T %V", "192.0.2.1 GET /a?b=c HTTP/2.0 200 7 a.example"),
        (r"%{c}a %a %m %U%q %H %s %{us}T %V", "203.0.113.9 192.0.2.1 GET /a?b=c HTTP/2.0 200 7000 a.example"),
        (
            r"%h %{%Y-%m-%dT%H:%M:%S}t %m %U%q %H %>s %D %v",
            "192.0.2.1 1970-01-01T00:00:00 GET /a?b=c HTTP/2.0 200 7000 a.example",
        ),
    ];
    for (format, line) in cases {
        let request = read(&Template::apache(format).expect("compiles"), line);
        assert_eq!(
            (request.client.as_str(), request.target.as_slice()),
            ("192.0.2.1", b"/a?b=c".as_slice()),
            "{line}"
        );
        assert_eq!((request.protocol.as_deref(), request.status), (Some("HTTP/2.0"), 200), "{line}");
        assert_eq!(
            (request.response_time_ms, request.host.as_deref()),
            (Some(7.0), Some("a.example")),
            "{line}"
        );
        assert_eq!(request.time, Timestamp::default(), "{line}");
    }
    let template = Template::nginx(
        "$http_x_forwarded_for $msec $scheme://$host$request_uri $request_method $cookie_sid",
    )
    .expect("compiles");
    let request = read(&template, "192.0.2.1 1772600767.250 https://a.example/x?y GET s1");
    assert_eq!((request.client.as_str(), request.target.as_slice()), ("192.0.2.1", b"/x?y".as_slice()));
    assert_eq!(request.time.to_string(), "2026-03-04T05:06:07.250000Z");
    assert_eq!(
        (request.host.as_deref(), request.header("cookie")),
        (Some("a.example"), Some(b"sid=s1".as_slice()))
    );
    let template = Template::nginx("$remote_addr $request_method $uri$is_args$args $upstream_response_time")
        .expect("compiles");
    let request = read(&template, "192.0.2.1 GET /x?y 0.500");
    assert_eq!((request.target.as_slice(), request.response_time_ms), (b"/x?y".as_slice(), Some(500.0)));
}

#[test]
fn a_log_of_squid_is_read_by_a_template() {
    let template =
        Template::apache("%{sec}t.%{msec_frac}t %{ms}T %a %x/%s %B %m %U%q %u %x/%x %x").expect("compiles");
    let line = "1772600767.250     12 192.0.2.1 TCP_MISS/200 4321 GET http://a.example/x?y - HIER_DIRECT/198.51.100.7 text/html";
    let request = read(&template, line);
    assert_eq!(request.time.to_string(), "2026-03-04T05:06:07.250000Z");
    assert_eq!(
        (request.client.as_str(), request.target.as_slice()),
        ("192.0.2.1", b"http://a.example/x?y".as_slice())
    );
    assert_eq!(
        (request.status, request.response_bytes, request.response_time_ms),
        (200, Some(4_321), Some(12.0))
    );
}

#[test]
fn quotes_that_were_not_escaped_do_not_end_a_request_early() {
    let template = Template::nginx("escape=none $remote_addr \"$request\" $status \"$http_user_agent\"")
        .expect("compiles");
    let request = read(&template, r#"192.0.2.1 "GET /?q="x" HTTP/1.1" 404 "a"b""#);
    assert_eq!((request.target.as_slice(), request.status), (b"/?q=\"x\"".as_slice(), 404));
    let cut = read(&template, r#"192.0.2.1 "GET /cut-he"#);
    assert_eq!((cut.target.as_slice(), cut.status), (b"/cut-he".as_slice(), 0));
}

#[test]
fn formats_that_tell_too_little_are_refused_with_a_remedy() {
    let cases = [
        (Template::nginx("[$time_local] \"$request\""), "no client: add $remote_addr"),
        (Template::nginx("$remote_addr $request_uri"), "no request: add \"$request\""),
        (Template::nginx("$remote_addr $status"), "$request_method and $request_uri"),
        (Template::nginx("$remote_addr$request"), "$remote_addr and $request stand next to each other"),
        (Template::nginx("escape=xml $remote_addr"), "escape=xml is not known"),
        (Template::nginx("$remote_addr ${request"), "breaks off at ${request"),
        (Template::nginx("'$remote_addr"), "breaks off at '$remote_addr"),
        (Template::apache("%t \\\"%r\\\""), "no client: add %a"),
        (Template::apache("%h %t %>s"), "no request: add \\\"%r\\\""),
        (Template::apache("%h%r"), "%h and %r stand next"),
        (Template::apache("%h %{Referer"), "breaks off at %{Referer"),
        (Template::apache("%h %r %"), "breaks off at %"),
        (Template::nginx(&"x".repeat(20_000)), "longer than 16384 bytes"),
    ];
    for (compiled, words) in cases {
        let message = compiled.expect_err("is refused").to_string();
        assert!(message.contains(words), "{message}");
    }
}

/// Such a header came with an empty name.
#[test]
fn a_header_without_a_name_is_skipped() {
    let template = Template::apache("%h \"%r\" %{}i %{}C").expect("compiles");
    assert!(read(&template, "192.0.2.1 \"GET / HTTP/1.1\" a b").headers.is_empty());
}

#[test]
fn other_lines_are_refused_with_what_is_missing() {
    let template = Template::nginx(NGINX).expect("compiles");
    for (line, what) in [
        ("", "the client"),
        ("2026/03/04 05:06:07 [error] 7#7: no", "the client"),
        ("192.0.2.1 - - [x", "the time"),
    ] {
        let problem =
            template.parse(line.as_bytes(), Timestamp::default(), &LogZone::UTC).expect_err("is refused");
        assert!(problem.to_string().contains(what), "{problem}: {line}");
    }
    let line = r#"192.0.2.1 - - [yesterday] "GET / HTTP/1.1" 200 1 "-" "-" 0 "-" a "-""#;
    assert_eq!(template.parse(line.as_bytes(), Timestamp::default(), &LogZone::UTC), Err(LineError::BadTime));
}

proptest! {
    #[test]
    fn any_format_compiles_or_not_and_any_line_is_a_request_or_not(
        format in "(\\PC|\\$(remote_addr|request|status|http_a)|%[a-zA-Z]|%\\{[a-z]{0,3}\\}[a-z]|[ \"']){0,12}",
        line in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        for template in [Template::nginx(&format), Template::apache(&format), Template::nginx(NGINX), Template::apache(APACHE)].into_iter().flatten() {
            let _ = template.parse(&line, Timestamp::default(), &LogZone::UTC);
        }
    }
}
