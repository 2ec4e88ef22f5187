//! Damaged lines of every fixture, and damaged formats, stay within bounds: a fuzz target that runs with the tests.
//!
//! `PROPTEST_CASES=100000 cargo test -p bartizan-ingest --test mutations` runs it for longer.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use bartizan_ingest::{Detection, FormatChoice, LineOptions, LineParser, LogFormat, LogZone};
use bartizan_model::{HttpRequest, Timestamp};
use proptest::prelude::*;
use proptest::sample::Index;

const LOGS: [&str; 17] = [
    "apache_custom",
    "apache_vhost_combined",
    "aws_alb",
    "aws_cloudfront",
    "aws_cloudfront_json",
    "caddy",
    "envoy",
    "envoy_json",
    "haproxy",
    "iis",
    "modsecurity",
    "nginx_combined",
    "nginx_custom",
    "nginx_json",
    "squid",
    "traefik",
    "traefik_json",
];

const TEMPLATES: [&str; 4] = [
    "apache:%{sec}t.%{msec_frac}t %{ms}T %a %x/%s %B %m %U%q %u %x/%x %x",
    r#"nginx:$remote_addr [$time_iso8601] $host "$request" $status $body_bytes_sent rt=$request_time urt="$upstream_response_time" "$http_user_agent" xff="$http_x_forwarded_for""#,
    r#"apache:%a %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %I %O %D %V %p "%{X-Forwarded-For}i""#,
    r#"nginx:escape=json {"time":"$time_iso8601","from":"$remote_addr","request":"$request","s":$status}"#,
];

fn log(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/{name}.log"));
    let mut bytes = Vec::new();
    File::open(path).expect("opens").take(1 << 20).read_to_end(&mut bytes).expect("reads");
    bytes
}

/// One way to damage bytes.
#[derive(Debug, Clone)]
enum Damage {
    Replace(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    /// Copies a piece from one place to another.
    Splice(Index, Index, usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 1..6),
        prop::sample::select(vec![
            "\"",
            " ",
            "\\",
            "[",
            "]",
            "{",
            "}",
            "\" \"",
            "\t",
            "-",
            "%",
            "$request",
            "%r",
            "#Fields: ",
            "\n",
            "|",
            ":"
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Replace(at, byte)),
        (any::<Index>(), piece).prop_map(|(at, piece)| Damage::Insert(at, piece)),
        (any::<Index>(), 1..30_usize).prop_map(|(at, len)| Damage::Remove(at, len)),
        (any::<Index>(), any::<Index>(), 1..40_usize)
            .prop_map(|(from, to, len)| Damage::Splice(from, to, len)),
    ]
}

fn damaged(mut bytes: Vec<u8>, damages: &[Damage]) -> Vec<u8> {
    for damage in damages {
        if bytes.is_empty() {
            break;
        }
        let len = bytes.len();
        match damage {
            Damage::Replace(at, byte) => bytes[at.index(len)] = *byte,
            Damage::Insert(at, piece) => {
                let at = at.index(len);
                bytes.splice(at..at, piece.iter().copied());
            }
            Damage::Remove(at, count) => {
                let at = at.index(len);
                bytes.drain(at..(at + count).min(len));
            }
            Damage::Splice(from, to, count) => {
                let from = from.index(len);
                let piece = bytes[from..(from + count).min(len)].to_vec();
                let to = to.index(len);
                bytes.splice(to..to, piece);
            }
        }
    }
    bytes
}

fn assert_bounded(request: &HttpRequest, line: &[u8]) -> Result<(), TestCaseError> {
    prop_assert!((1..=255).contains(&request.client.chars().count()), "client {:?}", request.client);
    prop_assert!(request.host.as_ref().is_none_or(|host| !host.is_empty()));
    prop_assert!(request.headers.len() <= 256);
    prop_assert!(request.headers.iter().all(|(name, value)| !name.is_empty() && value.len() <= 16 * 1024));
    prop_assert!(request.response_time_ms.is_none_or(|ms| (0.0..=1e9).contains(&ms)));
    prop_assert!(request.status <= 999);
    // Joined pieces may stretch it a little; more would be invented.
    prop_assert!(request.target.len() <= 2 * line.len() + 2);
    Ok(())
}

fn read(format: Option<FormatChoice>, lines: &[u8]) -> Result<(), TestCaseError> {
    let mut parser = LineParser::new(&LineOptions { format, time_zone: LogZone::UTC });
    for line in lines.split(|byte| *byte == b'\n') {
        if let Ok(Some(request)) = parser.parse(line, Timestamp::default()) {
            assert_bounded(&request, line)?;
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn damaged_logs_stay_within_bounds(
        name in prop::sample::select(LOGS.to_vec()),
        damages in prop::collection::vec(damage(), 1..12),
        format in prop::sample::select(LogFormat::ALL.to_vec()),
        template in prop::sample::select(TEMPLATES.to_vec()),
    ) {
        let lines = damaged(log(name), &damages);
        read(None, &lines)?;
        read(Some(FormatChoice::Known(format)), &lines)?;
        read(Some(template.parse().expect("a template")), &lines)?;
        let _ = Detection::of(&lines);
    }

    #[test]
    fn damaged_formats_compile_or_say_why(
        template in prop::sample::select(TEMPLATES.to_vec()),
        damages in prop::collection::vec(damage(), 1..8),
        name in prop::sample::select(LOGS.to_vec()),
    ) {
        let format = String::from_utf8_lossy(&damaged(template.as_bytes().to_vec(), &damages)).into_owned();
        if let Ok(choice) = format.parse::<FormatChoice>() {
            // What it is shown as is the same format again.
            let again: Result<FormatChoice, _> = choice.to_string().parse();
            prop_assert_eq!(again.as_ref(), Ok(&choice));
            read(Some(choice), &log(name))?;
        }
    }
}
