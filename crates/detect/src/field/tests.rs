use super::*;
use bartizan_model::{Timestamp, Via};
use proptest::prelude::*;

fn request(target: &str, headers: &[(&str, &str)], body: &str) -> HttpRequest {
    let mut request = HttpRequest::new(Timestamp::default(), "POST", target.as_bytes(), Via::Check);
    request.headers =
        headers.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect();
    request.body = (!body.is_empty()).then(|| body.as_bytes().to_vec());
    request
}

fn has(request: &HttpRequest, location: Location, name: Option<&str>, value: &str) -> bool {
    fields(request).iter().any(|field| {
        field.location == location && field.name_text().as_deref() == name && field.value == value.as_bytes()
    })
}

#[test]
fn a_payload_is_reached_wherever_it_stands() {
    let payload = "<svg onload=x>";
    for (request, location, name) in [
        (request("/a/<svg onload=x>", &[], ""), Location::Path, None),
        (request("/?q=<svg onload=x>&b=1", &[], ""), Location::Query, Some("q")),
        (request("/?<svg onload=x>", &[], ""), Location::Query, None),
        (request("/", &[("user-agent", payload)], ""), Location::Header, Some("user-agent")),
        (request("/", &[("x-any", payload)], ""), Location::Header, Some("x-any")),
        (
            request("/", &[("referer", "https://a.example/p?q=<svg onload=x>")], ""),
            Location::Header,
            Some("referer?q"),
        ),
        (request("/", &[("cookie", "a=1; b=<svg onload=x>")], ""), Location::Cookie, Some("b")),
        (
            request("/", &[("content-type", "application/x-www-form-urlencoded")], "a=1&b=<svg onload=x>"),
            Location::Form,
            Some("b"),
        ),
        (request("/", &[], r#"{"a":{"b":[1,"<svg onload=x>"]}}"#), Location::Json, Some("/a/b/1")),
        (request("/", &[], r#"{"<svg onload=x>":1}"#), Location::Json, Some("/<svg onload=x>")),
        (
            request(
                "/",
                &[("content-type", "text/xml")],
                "<a><b>1</b><c d='2'>&lt;</c><![CDATA[<svg onload=x>]]></a>",
            ),
            Location::Xml,
            Some("/c"),
        ),
        (
            request(
                "/",
                &[("content-type", "multipart/form-data; boundary=XX")],
                "--XX\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n<svg onload=x>\r\n--XX--\r\n",
            ),
            Location::Multipart,
            Some("f"),
        ),
        (request("/", &[("content-type", "text/plain")], "x <svg onload=x>"), Location::Body, None),
    ] {
        let found = fields(&request);
        let reached = found.iter().any(|field| {
            field.location == location
                && (name.is_none() || field.name_text().as_deref() == name || location == Location::Xml)
                && memchr::memmem::find(field.value, payload.as_bytes()).is_some()
        });
        assert!(reached, "{location} {name:?}: {found:?}");
    }
}

#[test]
fn hosts_and_ordinary_headers_are_not_fields() {
    let request = request(
        "/",
        &[
            ("host", "evil'--.example"),
            ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:129.0) Gecko/20100101 Firefox/129.0"),
            ("accept", "text/html,application/xhtml+xml,*/*;q=0.8"),
            ("sec-ch-ua", "\"Chromium\";v=\"128\", \"Not;A=Brand\";v=\"24\""),
        ],
        "",
    );
    assert_eq!(fields(&request).len(), 1, "{:?}", fields(&request));
}

#[test]
fn a_name_that_is_more_than_a_name_is_judged_too() {
    assert!(has(&request("/?user[$ne]=1", &[], ""), Location::Query, Some("user[$ne]"), "user[$ne]=1"));
    assert!(has(&request("/?a%5B0%5D=1", &[], ""), Location::Query, Some("a%5B0%5D"), "1"));
}

#[test]
fn a_wrong_boundary_hides_nothing() {
    let body = "--YY\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.php\"\r\n\r\npay\r\n--YY--";
    let request = request("/", &[("content-type", "multipart/form-data; boundary=XX")], body);
    assert!(has(&request, Location::Multipart, Some("f"), "pay"));
    assert!(has(&request, Location::Multipart, Some("f.filename"), "a.php"));
}

#[test]
fn what_lies_beyond_the_cap_is_one_field() {
    let target = format!("/?{}z=payload", "a=1&".repeat(MAX_FIELDS + 100));
    let request = request(&target, &[], "");
    let found = fields(&request);
    let last = found.last().expect("fields");
    assert!(found.len() <= MAX_FIELDS + 1 && last.value.ends_with(b"payload"));
}

proptest! {
    #[test]
    fn any_bytes_give_fields_without_panic(
        target in proptest::collection::vec(any::<u8>(), 0..100),
        kind in "(multipart/form-data; boundary=a|application/json|text/xml|application/x-www-form-urlencoded|)",
        body in proptest::collection::vec(any::<u8>(), 0..300),
        head in r#"(\{"|<a |--a\r\n|a=|\[)?"#,
    ) {
        let mut request = HttpRequest::new(Timestamp::default(), "POST", &target, Via::Check);
        request.headers = vec![("content-type".to_owned(), kind.into_bytes()), ("referer".to_owned(), body.clone())];
        request.body = Some([head.into_bytes(), body].concat());
        for field in fields(&request) {
            prop_assert!(field.name_text().is_none_or(|name| name.chars().count() <= 200));
        }
    }
}
