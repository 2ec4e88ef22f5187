//! Every theme of the list has lines that it must meet and lines that it must not. A line is a request line without
//! the protocol, answered with 404; or `name: value` for a header; or both, one below the other.

mod agents;
mod cms;
mod devices;
mod files;
mod gateways;
mod list;
mod lookups;
mod ordinary;
mod platforms;
mod probes;

use super::*;
use bartizan_model::{DecidedBy, Location, ThreatClass, Timestamp, Via};
use proptest::prelude::*;

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:129.0) Gecko/20100101 Firefox/129.0";

/// Name of a signal, and a line that it must meet.
type Line = (&'static str, &'static str);

fn request(method: &str, target: &str, status: u16) -> HttpRequest {
    let mut request = HttpRequest::new(Timestamp::default(), method, target.as_bytes(), Via::Log);
    request.status = status;
    request.headers.push(("user-agent".to_owned(), BROWSER.as_bytes().to_vec()));
    request
}

fn read(line: &str, status: u16) -> HttpRequest {
    if let Some((line, header)) = line.split_once('\n') {
        let (name, value) = header.split_once(": ").expect("a name and a value");
        let mut request = read(line, status);
        request.headers.push((name.to_owned(), value.as_bytes().to_vec()));
        return request;
    }
    if let Some((name, value)) = line.split_once(": ") {
        let mut request = request("GET", "/", 200);
        request.headers.retain(|(header, _)| header != name);
        request.headers.push((name.to_owned(), value.as_bytes().to_vec()));
        return request;
    }
    let (method, target) = line.split_once(' ').expect("a method and a target");
    request(method, target, status)
}

/// The names of the signals that a request meets.
fn names(request: &HttpRequest) -> Vec<String> {
    let name = |finding: &Finding| {
        let (_, name) = finding.details.rsplit_once('(').expect("the name stands at the end");
        name.trim_end_matches(')').to_owned()
    };
    all(request).iter().map(name).collect()
}

fn assert_met(lines: &[Line]) {
    for (name, line) in lines {
        let met = names(&read(line, 404));
        assert!(met.iter().any(|met| met == name), "{line} should meet {name}: {met:?}");
    }
}

fn assert_left_alone(lines: &[&str], status: u16) {
    for line in lines {
        let met = names(&read(line, status));
        assert!(met.is_empty(), "{line} answered with {status}: {met:?}");
    }
}

#[test]
fn other_protocols_are_named_and_unused_connections_are_not() {
    for (line, said) in [
        ("\\x16\\x03\\x01", "TLS"),
        ("\u{16}\u{3}\u{1}", "TLS"),
        ("SSH-2.0-Go", "SSH"),
        ("\\x03\\x00\\x00/*\\xE0\\x00\\x00", "remote desktop"),
        ("t3 12.2.1", "WebLogic"),
        ("MGLNDD_192.0.2.1_443", "scanner"),
        ("\u{5}\u{1}\0", "SOCKS"),
        ("\\x80w\\x01", "Binary"),
        ("quit", "not HTTP"),
    ] {
        let found = findings(&request("-", line, 400));
        assert_eq!((found[0].class, found[0].action), (ThreatClass::Scanner, Action::Flag));
        assert!(found[0].details.contains(said), "{line}: {found:?}");
    }
    for line in ["", "-"] {
        assert!(findings(&request("-", line, 408)).is_empty());
    }
}

#[test]
fn a_finding_says_which_hole_of_which_product_it_met() {
    let found = findings(&request("PUT", "/SDK/webLanguage", 404));
    assert_eq!(found.len(), 1);
    let found = &found[0];
    assert_eq!((found.by, found.class), (DecidedBy::Rule, ThreatClass::CommandInjection));
    assert!(found.details.ends_with("Hikvision, CVE-2021-36260 (camera_command)"), "{}", found.details);
}

#[test]
fn the_gravest_findings_are_kept() {
    let mut request = request("TRACE", "/.git/.env/.ssh/.aws/.idea/x.sql/eval-stdin.php", 404);
    request.headers.push(("user-agent".to_owned(), b"nikto".to_vec()));
    let found = findings(&request);
    assert_eq!(found.len(), MAX_FINDINGS);
    assert_eq!((found[0].class, found[0].action), (ThreatClass::CodeInjection, Action::Block));
}

#[test]
fn the_evidence_points_at_the_raw_bytes() {
    let found = findings(&request("GET", "/caf\u{e9}/%2eENV", 404));
    let evidence = &found[0].evidence[0];
    assert_eq!((evidence.location, evidence.start, evidence.end), (Location::Path, 6, 12));
    assert_eq!((evidence.text.as_str(), evidence.decoded_from.as_deref()), (".ENV", Some("%2eENV")));

    let found = findings(&request("GET", "/shop/?x=1&AUTH=YWRtaW46MTEK&y", 200));
    let evidence = &found[0].evidence[0];
    assert_eq!((evidence.location, evidence.start, evidence.end), (Location::Query, 4, 21));
    assert_eq!((evidence.text.as_str(), evidence.decoded_from.as_deref()), ("AUTH=YWRtaW46MTEK", None));

    let mut plain = request("GET", "/", 200);
    plain.headers[0].1 = "Mozilla \u{e9} Nikto/2.5".into();
    let evidence = &findings(&plain)[0].evidence[0];
    assert_eq!((evidence.location, evidence.name.as_deref()), (Location::Header, Some("user-agent")));
    assert_eq!((evidence.start, evidence.end, evidence.text.as_str()), (10, 15, "Nikto"));
}

#[test]
fn slashes_and_hosts_before_a_path_change_nothing() {
    for target in ["/HNAP1/", "//HNAP1/", "///hnap1", "http://192.0.2.1/HNAP1/", "http://192.0.2.1:80//HNAP1"]
    {
        assert!(names(&request("GET", target, 404)).contains(&"router_probe".to_owned()), "{target}");
    }
    assert_left_alone(&["GET /docs/hnap1", "GET /?next=/hnap1"], 200);
}

#[test]
fn a_guess_counts_only_when_there_is_no_such_thing() {
    for status in [403, 404, 410] {
        assert!(!names(&request("GET", "/phpmyadmin/index.php", status)).is_empty(), "{status}");
    }
    for status in [0, 200, 301, 302, 401, 500] {
        assert!(names(&request("GET", "/phpmyadmin/index.php", status)).is_empty(), "{status}");
    }
}

proptest! {
    #[test]
    fn no_bytes_bring_it_down(
        method in "(GET|-|TRACE|PUT|[ -~]{1,8})",
        target in proptest::collection::vec(any::<u8>(), 0..200),
        headers in proptest::collection::vec(
            (
                "(host|user-agent|cookie|content-length|transfer-encoding|range|x-original-url|sec-websocket-version|.{0,9})",
                proptest::collection::vec(any::<u8>(), 0..80),
            ),
            0..6,
        ),
    ) {
        let mut request = HttpRequest::new(Timestamp::default(), &method, &target, Via::Log);
        request.headers = headers;
        prop_assert!(findings(&request).len() <= MAX_FINDINGS);
    }

    #[test]
    fn known_pieces_in_any_order_do_not_bring_it_down(
        pieces in proptest::collection::vec(
            "(/|\\.\\.|\\?|&|%2f|%2e|%00|\\\\|;|\\.env|\\.git|\\.sql|http://|author=1|/-/|wp-config\\.php|%|\u{e9})",
            0..30,
        ),
    ) {
        let request = request("GET", &pieces.concat(), 404);
        for finding in findings(&request) {
            for evidence in finding.evidence {
                prop_assert!(evidence.start <= evidence.end);
            }
        }
    }
}
