use super::*;
use bartizan_model::{Timestamp, Via};
use proptest::prelude::*;

fn request(method: &str, target: &str, status: u16, agent: &str) -> HttpRequest {
    let mut request = HttpRequest::new(Timestamp::default(), method, target.as_bytes(), Via::Log);
    request.status = status;
    request.headers.push(("user-agent".to_owned(), agent.as_bytes().to_vec()));
    request
}

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:129.0) Gecko/20100101 Firefox/129.0";

#[test]
fn the_shipped_list_is_readable_and_names_are_unique() {
    let catalogue = CATALOGUE.as_ref().expect("signals.json parses");
    let mut names: Vec<&str> = catalogue.signals.iter().map(|signal| signal.name.as_str()).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn what_is_on_the_list_is_found() {
    for (method, target, status, agent, class, action) in [
        ("GET", "/.env", 404, BROWSER, ThreatClass::Scanner, Action::Flag),
        ("GET", "/shop/.git/config", 200, BROWSER, ThreatClass::Scanner, Action::Flag),
        ("GET", "/%2eenv", 404, BROWSER, ThreatClass::Scanner, Action::Flag),
        ("GET", "/wp-config.php.bak", 404, BROWSER, ThreatClass::Scanner, Action::Flag),
        ("GET", "/phpmyadmin/index.php", 404, BROWSER, ThreatClass::Scanner, Action::Flag),
        ("GET", "/", 200, "sqlmap/1.7#stable (https://sqlmap.org)", ThreatClass::Scanner, Action::Flag),
        ("GET", "/?author=3", 200, BROWSER, ThreatClass::Scanner, Action::Flag),
        (
            "POST",
            "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php",
            404,
            BROWSER,
            ThreatClass::CodeInjection,
            Action::Block,
        ),
        (
            "GET",
            "/?class.module.classLoader.URLs%5B0%5D=0",
            200,
            BROWSER,
            ThreatClass::CodeInjection,
            Action::Block,
        ),
        (
            "GET",
            "/?s=index/%5Cthink%5Capp/invokefunction&function=x",
            200,
            BROWSER,
            ThreatClass::CodeInjection,
            Action::Block,
        ),
        (
            "GET",
            "/tmui/login.jsp/%2E%2E;/tmui/x.jsp",
            200,
            BROWSER,
            ThreatClass::PathTraversal,
            Action::Block,
        ),
        ("-", "\\x16\\x03\\x01", 400, "-", ThreatClass::Scanner, Action::Flag),
        ("-", "SSH-2.0-Go", 400, "-", ThreatClass::Scanner, Action::Flag),
        ("CONNECT", "example.com:443", 400, "-", ThreatClass::Scanner, Action::Flag),
    ] {
        let found = findings(&request(method, target, status, agent));
        assert!(
            found.iter().any(|finding| finding.class == class && finding.action == action),
            "{target} {agent}: {found:?}"
        );
        assert!(found.iter().all(|finding| finding.by == DecidedBy::Rule));
    }
}

#[test]
fn ordinary_requests_are_left_alone() {
    for (method, target, status) in [
        ("GET", "/", 200),
        ("GET", "/blog/environment.html", 200),
        ("GET", "/docs/.env.md/guide", 200),
        ("GET", "/articles/git/", 404),
        ("GET", "/digit.gitignore-guide", 404),
        ("POST", "/wp-login.php", 302),
        ("GET", "/phpmyadmin/index.php", 200),
        ("GET", "/books?author=tolkien", 200),
        ("GET", "/books?author=12&page=2", 200),
        ("GET", "/.well-known/acme-challenge/x", 404),
        ("GET", "/cgi-bin/weather.cgi", 200),
        ("GET", "/?q=how+to+protect+.env", 200),
        ("-", "", 408),
        ("-", "-", 400),
    ] {
        let found = findings(&request(method, target, status, BROWSER));
        assert!(found.is_empty(), "{target}: {found:?}");
    }
}

#[test]
fn the_evidence_points_at_the_raw_bytes() {
    let found = findings(&request("GET", "/caf\u{e9}/%2eenv", 404, BROWSER));
    let evidence = &found[0].evidence[0];
    assert_eq!((evidence.location, evidence.start, evidence.end), (Location::Path, 6, 12));
    assert_eq!((evidence.text.as_str(), evidence.decoded_from.as_deref()), (".env", Some("%2eenv")));
}

proptest! {
    #[test]
    fn no_bytes_bring_it_down(
        method in "(GET|-|TRACE)",
        target in proptest::collection::vec(any::<u8>(), 0..200),
        agent in proptest::collection::vec(any::<u8>(), 0..80),
    ) {
        let mut request = HttpRequest::new(Timestamp::default(), &method, &target, Via::Log);
        request.headers.push(("user-agent".to_owned(), agent));
        prop_assert!(findings(&request).len() <= MAX_FINDINGS);
    }
}
