//! No secret survives, whatever it is spelled like and wherever it stands.

use bartizan_model::{
    Action, AnomalyScore, AssessedField, Assessment, Evidence, HttpRequest, Location, MASKED, MAX_MARK,
    ThreatClass, Timestamp, Verdict, Via,
};
use proptest::prelude::*;

use super::*;
use crate::masking::ranges::MAX_PATCHES;

fn masking() -> Masking {
    Masking::new(&MaskingSettings::default(), None).expect("the default is sound")
}

fn hashing() -> Masking {
    let mut settings = MaskingSettings::default();
    for names in [&mut settings.hash.parameters, &mut settings.hash.fields, &mut settings.hash.cookies] {
        *names = vec!["session_id".to_owned(), "token".to_owned()];
    }
    let key = MaskingKey::from_hex(&"1f".repeat(32)).expect("a key");
    Masking::new(&settings, Some(key)).expect("sound")
}

fn judged(request: HttpRequest) -> Judged {
    Judged { request, assessment: Assessment::default(), verdict: Verdict::allow(None), judged_us: 1 }
}

fn request(target: &[u8]) -> HttpRequest {
    HttpRequest::new(Timestamp::default(), "GET", target, Via::Check)
}

fn hidden(masking: &Masking, request: HttpRequest) -> HttpRequest {
    let mut judged = judged(request);
    masking.hide(&mut judged);
    judged.request
}

fn target(text: &str) -> String {
    String::from_utf8_lossy(&hidden(&masking(), request(text.as_bytes())).target).into_owned()
}

fn header(name: &str, value: &str) -> String {
    let mut request = request(b"/");
    request.headers = vec![(name.to_owned(), value.into())];
    String::from_utf8_lossy(&hidden(&masking(), request).headers[0].1).into_owned()
}

fn body(content_type: &str, body: &str) -> String {
    let mut request = request(b"/");
    request.headers = vec![("content-type".to_owned(), content_type.into())];
    request.body = Some(body.into());
    String::from_utf8_lossy(&hidden(&masking(), request).body.unwrap_or_default()).into_owned()
}

#[test]
fn queries_keep_their_names() {
    for (sent, kept) in [
        ("/a?x=1&password=hunter2xyz&y=2", "/a?x=1&password=[masked]&y=2"),
        ("/a?PASSWORD=hunter2xyz", "/a?PASSWORD=[masked]"),
        ("/a?p%61ssword=hunter2xyz", "/a?p%61ssword=[masked]"),
        ("/a?p%2561ssword=hunter2xyz", "/a?p%2561ssword=[masked]"),
        ("/a?password=h%75nter2xyz&b=1", "/a?password=[masked]&b=1"),
        ("/a?password=a&password=hunter2xyz", "/a?password=[masked]&password=[masked]"),
        ("/a?password=' or 1=1--&b=1", "/a?password=[masked]&b=1"),
        ("/a?password=%27%20or%201=1--", "/a?password=[masked]"),
        ("/a?user%5Bpassword%5D=x&q=password", "/a?user%5Bpassword%5D=[masked]&q=password"),
        ("/a?next=/login?token=hunter2xyz&b=1", "/a?next=/login?token=[masked]&b=1"),
        ("/a?next=%2Flogin%3Ftoken%3Dhunter2xyz%26b%3D1", "/a?next=%2Flogin%3Ftoken%3D[masked]%26b%3D1"),
        ("/a?j=%7B%22pin%22%3A%221234%22%7D", "/a?j=%7B%22pin%22%3A%22[masked]%22%7D"),
        (
            "/hunter2xyz?token=hunter2xyz&q=hunter2xyz&r=abc&pin=abc",
            "/[masked]?token=[masked]&q=[masked]&r=abc&pin=[masked]",
        ),
        ("/a;jsessionid=hunter2xyz/b?x=1", "/a;jsessionid=[masked]/b?x=1"),
        ("/pay?n=4111%201111%201111%201111", "/pay?n=[masked]"),
        ("/a?url=http://u:hunter2xyz@h/", "/a?url=http://u:[masked]@h/"),
        ("/a?url=http%3A%2F%2Fu%3Ahunter2xyz%40h%2F", "/a?url=http%3A%2F%2Fu%3A[masked]%40h%2F"),
        ("/cb?code=SplxlOBeZQQYbYS6&state=xyz", "/cb?code=[masked]&state=xyz"),
        (
            "/cb?scope=a&iss=https%3A%2F%2Fa&code=SplxlOBeZQQYbYS6",
            "/cb?scope=a&iss=https%3A%2F%2Fa&code=[masked]",
        ),
        ("/shop?code=PROMO&lang=de", "/shop?code=PROMO&lang=de"),
        ("/SplxlOBeZQQYbYS6?code=SplxlOBeZQQYbYS6&state=xyz", "/[masked]?code=[masked]&state=xyz"),
        (
            "/o?X-Amz-Date=2026&X-Amz-Signature=fe5f80&X-Amz-Security-Token=IQoJ&X-Amz-Expires=60",
            "/o?X-Amz-Date=2026&X-Amz-Signature=[masked]&X-Amz-Security-Token=[masked]&X-Amz-Expires=60",
        ),
        (
            "/o?X-Goog-Signature=247a2a&sv=2024&sig=J5Y%2B",
            "/o?X-Goog-Signature=[masked]&sv=2024&sig=[masked]",
        ),
        ("/t?client_assertion=a.b.c&design=1&assign=2", "/t?client_assertion=[masked]&design=1&assign=2"),
        ("/saml?SAMLResponse=PHNhbWw%2B&RelayState=x", "/saml?SAMLResponse=[masked]&RelayState=x"),
        ("/a?id=1&sort=asc&q=shipping%20account", "/a?id=1&sort=asc&q=shipping%20account"),
        ("/auth/login?password=", "/auth/login?password="),
        ("/a?auth=dXNlcjpodW50ZXIyeHl6&b=1", "/a?auth=[masked]&b=1"),
    ] {
        assert_eq!(target(sent), kept, "{sent}");
    }
}

#[test]
fn paths_keep_all_but_tokens() {
    for (sent, kept) in [
        ("/reset/9f86d081884c7d659a2feaa0c55ad015", "/reset/[masked]"),
        ("/account/password-reset/Zm9vYmFyYmF6cXV4MTIz?x=1", "/account/password-reset/[masked]?x=1"),
        ("/api/token/c56a4180-65aa-42ec-a945-5fd21dec0538/renew", "/api/token/[masked]/renew"),
        ("/token/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "/token/[masked]"),
        ("/a/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl/b", "/a/[masked]/b"),
        ("/a?q=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "/a?q=[masked]"),
        ("/token/refresh", "/token/refresh"),
        ("/session/42", "/session/42"),
        ("/reset/how-to-reset-your-password-2024", "/reset/how-to-reset-your-password-2024"),
        ("/files/9f86d081884c7d659a2feaa0c55ad015", "/files/9f86d081884c7d659a2feaa0c55ad015"),
    ] {
        assert_eq!(target(sent), kept, "{sent}");
    }
}

#[test]
fn headers_keep_schemes_and_names() {
    for (name, sent, kept) in [
        ("authorization", "Bearer hunter2xyz", "Bearer [masked]"),
        ("authorization", "Basic dXNlcjpodW50ZXI=", "Basic [masked]"),
        ("authorization", "Digest username=\"a\", response=\"b\"", "Digest [masked]"),
        ("authorization", "hunter2xyz", "[masked]"),
        ("cookie", "a=hunter2xyz; b=\"x y\"; c", "a=[masked]; b=[masked]; [masked]"),
        ("set-cookie", "a=hunter2xyz; Path=/", "a=[masked]; Path=[masked]"),
        ("x-api-key", "hunter2xyz", "[masked]"),
        (
            "referer",
            "https://h/a?token=hunter2xyz&b=1#access_token=hunter2xyz",
            "https://h/a?token=[masked]&b=1#access_token=[masked]",
        ),
        ("referer", "https://h/cb?code=hunter2xyz&state=1", "https://h/cb?code=[masked]&state=1"),
        ("referer", "https://u:hunter2xyz@h/", "https://u:[masked]@h/"),
        ("referer", "https://h/reset/9f86d081884c7d659a2feaa0c55ad015?x=1", "https://h/reset/[masked]?x=1"),
        ("x-forwarded-authorization", "Bearer hunter2xyz", "Bearer [masked]"),
        ("user-agent", "Mozilla/5.0 (X11; Linux)", "Mozilla/5.0 (X11; Linux)"),
    ] {
        assert_eq!(header(name, sent), kept, "{name}: {sent}");
    }
}

#[test]
fn bodies_keep_their_shape() {
    let multipart = "--B\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nhunter2xyz\r\n--B\r\n\
                     Content-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--B--\r\n";
    for (kind, sent, kept) in [
        ("application/x-www-form-urlencoded", "a=1&password=hunter2xyz", "a=1&password=[masked]".to_owned()),
        ("", "pwd=hunter2xyz&x=y", "pwd=[masked]&x=y".to_owned()),
        (
            "application/x-www-form-urlencoded",
            "grant_type=authorization_code&code=hunter2xyz&client_id=1",
            "grant_type=authorization_code&code=[masked]&client_id=1".to_owned(),
        ),
        (
            "application/json",
            r#"{"a":{"pin":1234,"Password":"h\"x"}}"#,
            r#"{"a":{"pin":"[masked]","Password":"[masked]"}}"#.to_owned(),
        ),
        (
            "application/json",
            r#"{"a":"{\"password\":\"hunter2xyz\",\"b\":1}"}"#,
            r#"{"a":"{\"password\":\"[masked]\",\"b\":1}"}"#.to_owned(),
        ),
        (
            "application/json",
            r#"{"grant_type":"authorization_code","code":"hunter2xyz"}"#,
            r#"{"grant_type":"authorization_code","code":"[masked]"}"#.to_owned(),
        ),
        ("multipart/form-data; boundary=B", multipart, multipart.replace("hunter2xyz", "[masked]")),
        (
            "application/xml",
            "<a><Password t='1'>hunter2xyz</Password><b>c</b></a>",
            "<a><Password [masked]>[masked]</Password><b>c</b></a>".to_owned(),
        ),
        ("text/xml", "<s:password>hunter2xyz</s:password>", "<s:password>[masked]</s:password>".to_owned()),
        (
            "text/xml",
            "<member><name>password</name><value><string>hunter2xyz</string></value></member>",
            "<member><name>password</name><value><string>[masked]</string></value></member>".to_owned(),
        ),
        (
            "application/json",
            r#"{"query":"mutation{login(password:\"hunter2xyz\",a:1){id}}"}"#,
            r#"{"query":"mutation{login(password:\"[masked]\",a:1){id}}"}"#.to_owned(),
        ),
        (
            "text/plain",
            "a:1:{s:8:\"password\";s:10:\"hunter2xyz\";}",
            "a:1:{s:8:\"password\";s:10:\"[masked]\";}".to_owned(),
        ),
    ] {
        assert_eq!(body(kind, sent), kept, "{sent}");
    }
}

#[test]
fn log_lines_are_masked_in_the_spelling_of_the_server() {
    for (line_target, target) in [
        (r"/a?password=hunter\x222xyz&b=1", "/a?password=hunter\"2xyz&b=1"),
        (r#"/a?password=hunter\"2xyz&b=1"#, "/a?password=hunter\"2xyz&b=1"),
        ("/a?password=hunter 2xyz&b=1", "/a?password=hunter 2xyz&b=1"),
    ] {
        let mut request = request(target.as_bytes());
        request.via = Via::Log;
        request.headers = vec![("referer".to_owned(), b"http://h/?sid=hunter2xyz".to_vec())];
        request.raw_line = Some(format!(
            r#"192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] "GET {line_target} HTTP/1.1" 200 5 "http://h/?sid=hunter2xyz" "x""#
        ));
        let line = hidden(&masking(), request).raw_line.unwrap_or_default();
        assert_eq!(
            line,
            r#"192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] "GET /a?password=[masked]&b=1 HTTP/1.1" 200 5 "http://h/?sid=[masked]" "x""#
        );
    }
    let mut elsewhere = request(b"/a?password=hunter2xyz");
    elsewhere.raw_line = Some("something else".to_owned());
    assert_eq!(
        hidden(&masking(), elsewhere).raw_line.as_deref(),
        Some(MASKED),
        "better no line than a secret"
    );
}

#[test]
fn free_texts_are_masked() {
    for (text, kept) in [
        ("Cookie: a=hunter2xyz; b=2", "Cookie: [masked]"),
        ("Authorization: Basic hunter2xyz\nX: y", "Authorization: Basic [masked]\nX: y"),
        (r#"{"headers":{"Cookie":["a=b"],"X":"y"}}"#, r#"{"headers":{"Cookie":[masked],"X":"y"}}"#),
        ("got Bearer hunter2xyz here", "got Bearer [masked] here"),
        ("a bearer of news", "a bearer of news"),
        ("[auth_basic:error] [pid 7] user x", "[auth_basic:error] [pid 7] user x"),
        ("[password:hunter2xyz]", "[password:[masked]"),
        ("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl here", "got [masked] here"),
        ("the password is wrong", "the password is wrong"),
        ("SELECT username,password FROM users", "SELECT username,password FROM users"),
    ] {
        assert_eq!(masking().text(text), kept);
    }
}

/// A threat whose evidence shows the value of a field.
fn threat(location: Location, name: &str, value: &str, span: (usize, usize)) -> Judged {
    let mut judged = judged(request(b"/a"));
    let text: Vec<u16> = value.encode_utf16().skip(span.0).take(span.1 - span.0).collect();
    let text = String::from_utf16_lossy(&text);
    let name = Some(name.to_owned());
    judged.assessment = Assessment {
        score: Some(AnomalyScore::new(0.99)),
        class: Some(ThreatClass::SqlInjection),
        fields: vec![AssessedField {
            location,
            name: name.clone(),
            value: value.to_owned(),
            truncated: false,
            score: AnomalyScore::new(0.99),
            class: Some(ThreatClass::SqlInjection),
        }],
        explanation: vec![Evidence {
            location,
            name,
            start: span.0,
            end: span.1,
            text,
            weight: 1.0,
            decoded_from: None,
        }],
        payload: Some(value.to_owned()),
        details: Some("SQL syntax".to_owned()),
        ..Assessment::default()
    };
    judged.verdict = Verdict {
        action: Action::Block,
        class: Some(ThreatClass::SqlInjection),
        payload: Some(value.to_owned()),
        details: Some("SQL syntax".to_owned()),
        ..Verdict::allow(Some(AnomalyScore::new(0.99)))
    };
    judged
}

#[test]
fn an_attack_inside_a_secret_keeps_its_class_and_place_but_not_its_value() {
    let mut judged = threat(Location::Query, "password", "x' or 1=1--", (1, 11));
    judged.request.target = b"/a?password=x' or 1=1--".to_vec();
    masking().hide(&mut judged);
    assert_eq!(judged.request.target, b"/a?password=[masked]");
    let span = &judged.assessment.explanation[0];
    assert_eq!((span.text.as_str(), span.start, span.end), (MASKED, 0, MASKED.len()));
    assert_eq!(judged.assessment.fields[0].value, MASKED);
    assert_eq!(judged.verdict.payload.as_deref(), Some(MASKED));
    assert_eq!(judged.verdict.details.as_deref(), Some("SQL syntax; the value is masked"));
    assert_eq!(judged.verdict.class, Some(ThreatClass::SqlInjection));
    assert_eq!(span.name.as_deref(), Some("password"));
}

#[test]
fn spans_beside_a_secret_move_with_it() {
    let value = "é😀 token=hunter2xyz ' or 1=1";
    let mut judged = threat(Location::Body, "raw", value, (21, 29));
    masking().hide(&mut judged);
    let field = &judged.assessment.fields[0];
    assert_eq!(field.value, "é😀 token=[masked] ' or 1=1");
    let span = &judged.assessment.explanation[0];
    let units: Vec<u16> = field.value.encode_utf16().collect();
    assert_eq!(String::from_utf16_lossy(&units[span.start..span.end]), "' or 1=1");
    assert_eq!(span.text, "' or 1=1");
}

#[test]
fn equal_values_have_equal_hashes_wherever_they_stand() {
    let mut sent = request(b"/a?token=a%2Bb%20c");
    sent.headers = vec![("cookie".to_owned(), b"session_id=s1; token=a%2bb%20c".to_vec())];
    sent.body = Some(br#"{"token":"a+b c","other_token":"\u0061+b c","session_id":"s2"}"#.to_vec());
    let hidden = hidden(&hashing(), sent);
    let all = format!(
        "{} {} {}",
        String::from_utf8_lossy(&hidden.target),
        String::from_utf8_lossy(&hidden.headers[0].1),
        String::from_utf8_lossy(&hidden.body.unwrap_or_default())
    );
    let hash = &all[all.find("[hash:").expect("hashed")..][..MAX_MARK];
    assert_eq!(all.matches(hash).count(), 4, "{all}");
    assert_eq!(all.matches("[hash:").count(), 6, "{all}");
    assert!(Masking::new(&MaskingSettings::default(), None).is_ok());
    let mut settings = MaskingSettings::default();
    settings.hash.cookies = vec!["sid".to_owned()];
    assert!(matches!(Masking::new(&settings, None), Err(MaskingError::NoKey)));
}

#[test]
fn a_text_grows_by_a_fixed_length_at_most() {
    let many = format!("/a?{}", "cc=1&".repeat(100_000));
    let masked = target(&many);
    assert!(masked.len() <= many.len() + MAX_PATCHES * MAX_MARK);
    assert!(masked.ends_with(MASKED));
}

/// Spellings of a name that all mean the same.
fn spelled(name: &str, how: u8) -> String {
    match how % 5 {
        0 => name.to_owned(),
        1 => name.to_uppercase(),
        2 => percent(name).to_lowercase(),
        3 => format!("user[{name}]"),
        _ => percent(name).replace('%', "%25"),
    }
}

fn percent(text: &str) -> String {
    text.bytes().flat_map(|byte| format!("%{byte:02X}").chars().collect::<Vec<_>>()).collect()
}

/// Everything that is kept of a request, as text.
fn kept(judged: &Judged) -> String {
    let Judged { request, assessment, verdict, .. } = judged;
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers: String = request
        .headers
        .iter()
        .flat_map(|(name, value)| [name.clone(), lossy(value), "\n".to_owned()])
        .collect();
    let body = request.body.as_deref().map(lossy);
    format!(
        "{}\n{headers}{body:?}{:?}{:?}{assessment:?}{verdict:?}",
        lossy(&request.target),
        request.raw_line,
        request.host
    )
    .to_lowercase()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_spelling_of_a_secret_survives(
        name in prop::sample::select(vec!["password", "token", "api_key", "accessToken", "sid", "x-csrf-token"]),
        how in any::<u8>(), place in 0_u8..9, before in "[a-z0-9=&/ ]{0,12}", secret in "[A-Za-z0-9]{9,14}",
        tail in "['\" <>%;(){}-]{0,3}", encode in any::<bool>(),
    ) {
        let name = spelled(name, how);
        let plain_name = if how % 5 == 2 || how % 5 == 4 { "Password".to_owned() } else { name.clone() };
        let secret = format!("{secret}Zq");
        let value = if encode { percent(&format!("{secret}{tail}")) } else { format!("{secret}{}", tail.replace(['"', '<', ';', '%', '{'], "")) };
        let mut sent = request(b"/a");
        let json = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
        match place {
            0 => sent.target = format!("/a?b={before}&{name}={value}&c=1").into_bytes(),
            1 => sent.headers.push(("referer".to_owned(), format!("https://h/p?b=1&{name}={value}&c=2").into_bytes())),
            2 => sent.headers.push(("cookie".to_owned(), format!("b={secret}; {name}={value}").into_bytes())),
            3 => sent.body = Some(format!("b={before}&{name}={value}").into_bytes()),
            4 => sent.body = Some(format!(r#"{{"a":[{{"{plain_name}":"{}"}}],"b":1}}"#, json(&value)).into_bytes()),
            5 => sent.body = Some(format!("--Q\r\nContent-Disposition: form-data; name=\"{plain_name}\"\r\n\r\n{value}\r\n--Q--").into_bytes()),
            6 => sent.body = Some(format!("<a><{plain_name}>{value}</{plain_name}></a>").replace("user[", "").replace("]>", ">").into_bytes()),
            7 => sent.headers.push(("authorization".to_owned(), format!("Bearer {value}").into_bytes())),
            _ => sent.target = format!("/a?u=http://user:{secret}@h/").into_bytes(),
        }
        let log = sent.body.is_none();
        if log {
            sent.via = Via::Log;
            let referer = sent.header("referer").map(|value| String::from_utf8_lossy(value).into_owned()).unwrap_or_default();
            let others: Vec<String> = sent.headers.iter().filter(|(name, _)| name != "referer").map(|(_, value)| format!("\"{}\"", String::from_utf8_lossy(value).replace('"', "\\x22"))).collect();
            let shown = String::from_utf8_lossy(&sent.target).replace('"', "\\x22");
            sent.raw_line = Some(format!("192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] \"GET {shown} HTTP/1.1\" 200 5 \"{}\" \"-\" {}", referer.replace('"', "\\x22"), others.join(" ")));
        }
        let mut judged = judged(sent);
        masking().hide(&mut judged);
        let all = kept(&judged);
        prop_assert!(!all.contains(&secret.to_lowercase()), "{all}");
        prop_assert!(!all.contains(&percent(&secret).to_lowercase()), "{all}");
        let once = judged.clone();
        masking().hide(&mut judged);
        prop_assert_eq!(once, judged);
    }

    #[test]
    fn any_bytes_are_masked_without_panic_once_and_for_all(
        text in "([a-z=&?/;:\"'<>{}%\\\\ ]|password|token|cookie|\\[masked\\]|://|@|4111111111111111 |%3D|%22|é){0,40}",
        bytes in proptest::collection::vec(any::<u8>(), 0..60), span in (0usize..80, 0usize..80),
        place in prop::sample::select(vec![Location::Query, Location::Body, Location::Path, Location::Json]),
    ) {
        let mut threat = threat(place, "x", &text, (span.0.min(span.1).min(text.encode_utf16().count()), span.0.max(span.1).min(text.encode_utf16().count())));
        let mixed = [text.as_bytes(), &bytes].concat();
        threat.request.target.clone_from(&mixed);
        threat.request.body = Some(mixed.clone());
        threat.request.headers = vec![("cookie".to_owned(), mixed.clone()), ("x".to_owned(), mixed.clone()), ("authorization".to_owned(), mixed)];
        threat.request.raw_line = Some(text.clone());
        masking().hide(&mut threat);
        let value = &threat.assessment.fields[0].value;
        prop_assert!(value.len() <= text.len() + MAX_PATCHES * MAX_MARK);
        for span in &threat.assessment.explanation {
            prop_assert!(span.start <= span.end && span.end <= value.encode_utf16().count(), "{span:?} in {value}");
        }
        let once = masking().text(&text).into_owned();
        prop_assert_eq!(masking().text(&once), once.as_str());
        prop_assert!(!kept(&threat).contains("4111111111111111"), "{:?}", threat);
    }
}
