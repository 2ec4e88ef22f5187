//! A request that is rendered as a server would write it is read back as it was.

use std::fmt::Write as _;
use std::net::IpAddr;

use bartizan_ingest::{FormatChoice, LineOptions, LineParser, LogFormat, LogZone};
use bartizan_model::{HttpRequest, Timestamp};
use proptest::prelude::*;

/// What every format can tell.
#[derive(Debug, Clone)]
struct Sent {
    time: jiff::Timestamp,
    client: IpAddr,
    method: String,
    target: Vec<u8>,
    agent: Vec<u8>,
    status: u16,
    ms: u32,
}

prop_compose! {
    fn sent(target: BoxedStrategy<Vec<u8>>, agent: BoxedStrategy<Vec<u8>>)(
        seconds in 0..4_000_000_000_i64,
        client in any::<IpAddr>(),
        method in "[A-Z]{1,10}",
        target in target,
        agent in agent,
        status in 100..=599_u16,
        ms in 0..100_000_u32,
    ) -> Sent {
        let target = [b"/".as_slice(), &target].concat();
        Sent { time: jiff::Timestamp::from_second(seconds).expect("in range"), client: client.to_canonical(), method, target, agent, status, ms }
    }
}

/// For servers that escape: any bytes.
fn any_sent() -> impl Strategy<Value = Sent> {
    sent(
        prop::collection::vec(any::<u8>(), 0..40).boxed(),
        prop::collection::vec(any::<u8>(), 1..40).prop_filter("absent", |agent| agent != b"-").boxed(),
    )
}

/// For servers that do not, and for JSON: what can be told apart.
fn plain_sent(target: &'static str, agent: &'static str) -> impl Strategy<Value = Sent> {
    let bytes = |pattern: &'static str| {
        pattern.prop_map(|text: String| text.into_bytes()).prop_filter("absent", |text| text != b"-").boxed()
    };
    sent(bytes(target), bytes(agent))
}

fn escaped(bytes: &[u8], special: &[u8], prefix: &str) -> String {
    let mut text = String::new();
    for &byte in bytes {
        if (byte.is_ascii_graphic() || byte == b' ') && !special.contains(&byte) {
            text.push(char::from(byte));
        } else {
            write!(text, "{prefix}{byte:02X}").expect("writes");
        }
    }
    text
}

fn nginx(bytes: &[u8]) -> String {
    escaped(bytes, b"\"\\", "\\x")
}

fn utf8(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("text")
}

fn parse(format: Option<&str>, lines: &[&str]) -> (HttpRequest, LogFormat) {
    let format = format.map(|text| text.parse::<FormatChoice>().expect("a format"));
    let mut parser = LineParser::new(&LineOptions { format, time_zone: LogZone::UTC });
    let mut read = None;
    for line in lines {
        read = parser
            .parse(line.as_bytes(), Timestamp::default())
            .unwrap_or_else(|error| panic!("{error}: {line}"));
    }
    (read.expect("a request"), parser.format().expect("a format"))
}

/// Compares what all formats tell; the agent where this one does, the time to the second.
fn assert_same(read: &HttpRequest, sent: &Sent, has_agent: bool) -> Result<(), TestCaseError> {
    prop_assert_eq!(read.time.secs(), sent.time.as_second());
    prop_assert_eq!(&read.client, &sent.client.to_string());
    prop_assert_eq!((&read.method, &read.target), (&sent.method, &sent.target));
    prop_assert_eq!(read.status, sent.status);
    if has_agent {
        prop_assert_eq!(read.header("user-agent"), Some(sent.agent.as_slice()));
    }
    let ms = read.response_time_ms.expect("a response time");
    prop_assert!((ms - f64::from(sent.ms)).abs() < 1e-6, "{} for {}", ms, sent.ms);
    Ok(())
}

proptest! {
    #[test]
    fn haproxy(sent in any_sent()) {
        let time = sent.time.strftime("%d/%b/%Y:%H:%M:%S");
        let escape = |bytes| escaped(bytes, b"\"#{|}", "#");
        for captured in [String::new(), format!("{{Mozilla/{}}} ", escape(&sent.agent))] {
            let line = format!(
                "{}:4711 [{time}.000] web~ app/one 0/0/1/{}/9 {} 17 - - ---- 1/1/1/1/0 0/0 {captured}\"{} {} HTTP/1.1\"",
                sent.client, sent.ms, sent.status, sent.method, escape(&sent.target)
            );
            let (read, format) = parse(None, &[&line]);
            prop_assert_eq!(format, LogFormat::Haproxy);
            assert_same(&read, &sent, false)?;
            if !captured.is_empty() {
                let agent = [b"Mozilla/".as_slice(), &sent.agent].concat();
                prop_assert_eq!(read.header("user-agent"), Some(agent.as_slice()));
            }
        }
    }

    #[test]
    fn envoy(sent in plain_sent("[ -~]{0,40}", "[ !#-~]{1,40}")) {
        // Its text cannot tell a path that holds a closing quote and a status.
        prop_assume!(!utf8(&sent.target).contains("\" "));
        let line = format!(
            "[{}] \"{} {} HTTP/1.1\" {} - 0 17 99 {} \"{}\" \"{}\" \"id\" \"shop.example.com\" \"10.0.0.1:80\"",
            sent.time, sent.method, utf8(&sent.target), sent.status, sent.ms, sent.client, utf8(&sent.agent)
        );
        let (read, format) = parse(None, &[&line]);
        prop_assert_eq!(format, LogFormat::Envoy);
        assert_same(&read, &sent, true)?;
    }

    #[test]
    fn aws_alb(sent in any_sent()) {
        let client = if sent.client.is_ipv6() { format!("[{}]", sent.client) } else { sent.client.to_string() };
        let line = format!(
            "https {} app/shop/1 {client}:4711 10.0.0.1:80 0.000 {}.{:03} 0.000 {} 200 1 17 \"{} https://shop.example.com:443{} HTTP/1.1\" \"{}\" - -",
            sent.time, sent.ms / 1_000, sent.ms % 1_000, sent.status, sent.method, nginx(&sent.target), nginx(&sent.agent)
        );
        let (read, format) = parse(None, &[&line]);
        prop_assert_eq!(format, LogFormat::AwsAlb);
        assert_same(&read, &sent, true)?;
    }

    #[test]
    fn iis(sent in plain_sent("[!-+\\--~]{0,40}", "[ -*,-~]{1,40}")) {
        // Path and query are columns of their own, in which nothing is written as a dash.
        let target = utf8(&sent.target);
        let (stem, query) = target.split_once('?').unwrap_or((target, "-"));
        let is_query_lost = target.contains('?') && matches!(query, "" | "-");
        prop_assume!(!is_query_lost);
        let agent = utf8(&sent.agent).replace(' ', "+");
        let line = format!(
            "{} {} {stem} {query} {} {agent} {} {}",
            sent.time.strftime("%Y-%m-%d %H:%M:%S"), sent.method, sent.client, sent.status, sent.ms
        );
        let directive = "#Fields: date time cs-method cs-uri-stem cs-uri-query c-ip cs(User-Agent) sc-status time-taken";
        let (read, format) = parse(None, &[directive, &line]);
        prop_assert_eq!(format, LogFormat::W3c);
        assert_same(&read, &sent, true)?;
    }

    #[test]
    fn cloudfront(sent in plain_sent("[!->@-~]{0,40}", "[ -~]{0,20} [ -~]{0,20}")) {
        let line = format!(
            "{}\tFRA50-C1\t{}\t{}\t{}\t{}\t{}\t-\t{}.{:03}",
            sent.time.strftime("%Y-%m-%d\t%H:%M:%S"), sent.client, sent.method, utf8(&sent.target), sent.status,
            escaped(&sent.agent, b" \"%+", "%"), sent.ms / 1_000, sent.ms % 1_000
        );
        let directive = "#Fields: date time x-edge-location c-ip cs-method cs-uri-stem sc-status cs(User-Agent) cs-uri-query time-taken";
        let (read, format) = parse(None, &[directive, &line]);
        prop_assert_eq!(format, LogFormat::CloudFront);
        assert_same(&read, &sent, true)?;
    }

    #[test]
    fn templates(sent in any_sent()) {
        let nginx_format = r#"nginx:$remote_addr [$time_local] "$request" $status $request_time "$http_user_agent""#;
        let line = format!(
            "{} [{}] \"{} {} HTTP/1.1\" {} {}.{:03} \"{}\"",
            sent.client, sent.time.strftime("%d/%b/%Y:%H:%M:%S +0000"), sent.method, nginx(&sent.target), sent.status,
            sent.ms / 1_000, sent.ms % 1_000, nginx(&sent.agent)
        );
        assert_same(&parse(Some(nginx_format), &[&line]).0, &sent, true)?;
        let apache_format = r#"apache:%h %l %u %t \"%r\" %>s %b \"%{User-Agent}i\" %{ms}T"#;
        let line = format!(
            "{} - - [{}] \"{} {} HTTP/1.1\" {} 17 \"{}\" {}",
            sent.client, sent.time.strftime("%d/%b/%Y:%H:%M:%S +0000"), sent.method, nginx(&sent.target), sent.status,
            nginx(&sent.agent), sent.ms
        );
        assert_same(&parse(Some(apache_format), &[&line]).0, &sent, true)?;
    }

    #[test]
    fn json_templates_and_objects(sent in plain_sent("\\PC{0,40}", "\\PC{1,40}")) {
        let quoted = |bytes| serde_json::Value::from(utf8(bytes)).to_string();
        let [target, agent] = [quoted(&sent.target), quoted(&sent.agent)];
        let line = format!(
            r#"{{"time":"{}","remote_addr":"{}","method":"{}","uri":{target},"status":{},"http_user_agent":{agent},"request_time":{}.{:03}}}"#,
            sent.time, sent.client, sent.method, sent.status, sent.ms / 1_000, sent.ms % 1_000
        );
        let format = r#"nginx:escape=json {"time":"$time_iso8601","remote_addr":"$remote_addr","method":"$request_method","uri":"$request_uri","status":$status,"http_user_agent":"$http_user_agent","request_time":$request_time}"#;
        for format in [Some(format), None] {
            assert_same(&parse(format, &[&line]).0, &sent, true)?;
        }
        let envoy = format!(
            r#"{{"start_time":"{}","downstream_remote_address":"{}","method":"{}","path":{target},"response_code":{},"user_agent":{agent},"duration":{}}}"#,
            sent.time, sent.client, sent.method, sent.status, sent.ms
        );
        assert_same(&parse(None, &[&envoy]).0, &sent, true)?;
    }

    #[test]
    fn modsecurity(sent in plain_sent("\\PC{0,40}", "\\PC{1,40}"), body in "\\PC{1,80}") {
        prop_assume!(body != "-");
        let record = serde_json::json!({"transaction": {
            "client_ip": sent.client.to_string(),
            "time_stamp": sent.time.strftime("%a %b %e %H:%M:%S %Y").to_string(),
            "request": {"method": sent.method, "http_version": 1.1, "uri": utf8(&sent.target), "body": body, "headers": {"User-Agent": utf8(&sent.agent)}},
            "response": {"http_code": sent.status, "headers": {}},
        }});
        let (mut read, format) = parse(None, &[&record.to_string()]);
        prop_assert_eq!(format, LogFormat::ModSecurity);
        prop_assert_eq!(read.body.as_deref(), Some(body.as_bytes()));
        // It tells no times.
        read.response_time_ms = Some(f64::from(sent.ms));
        assert_same(&read, &sent, true)?;
    }

    #[test]
    fn any_bytes_are_a_request_or_not_in_every_format(line in prop::collection::vec(any::<u8>(), 0..200)) {
        for format in LogFormat::ALL.into_iter().filter(|format| *format != LogFormat::Template) {
            let options = LineOptions { format: Some(FormatChoice::Known(format)), time_zone: LogZone::UTC };
            let mut parser = LineParser::new(&options);
            let _ = parser.parse(b"#Fields: date time c-ip cs-method cs-uri-stem", Timestamp::default());
            let _ = parser.parse(&line, Timestamp::default());
        }
    }
}
