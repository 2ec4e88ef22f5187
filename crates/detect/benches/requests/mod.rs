//! Requests whose cost is measured, by the benches and by the example assess_speed.

use std::fmt::Write as _;

use bartizan_model::{HttpRequest, Timestamp, Via};

/// Bytes of a large body.
const MEGABYTE: usize = 1 << 20;

/// Every kind of request with its name; those of one kind differ from each other as visitors do.
pub(crate) fn kinds() -> Vec<(&'static str, Vec<HttpRequest>)> {
    let form = |text| body("application/x-www-form-urlencoded", &filled(text, MEGABYTE));
    vec![
        ("GET with 11 browser headers", (0..400).map(page_load).collect()),
        ("2 KB JSON with 100 values", (0..100).map(json_values).collect()),
        ("1 MB text", vec![body("text/plain", &filled(TEXT, MEGABYTE))]),
        ("1 MB JSON", vec![body("application/json", &json_text(MEGABYTE))]),
        ("1 MB form", vec![form("name=O%27Neil+%26+sons&")]),
        ("1 MB of attacks", vec![form("a=%27or&")]),
        ("1 MB binary upload", vec![body("application/octet-stream", &noise(MEGABYTE))]),
    ]
}

/// A request to check, as the headers and the body say.
pub(crate) fn request(
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: Option<Vec<u8>>,
) -> HttpRequest {
    let mut request = HttpRequest::new(Timestamp::default(), method, target.as_bytes(), Via::Check);
    request.headers =
        headers.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect();
    request.body = body;
    request
}

/// A page load as Chrome sends it; every part that differs between visitors does.
fn page_load(at: usize) -> HttpRequest {
    let version = 118 + at % 20;
    let agent = format!(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version}.0.0.0 Safari/537.36"
    );
    let brands =
        format!("\"Chromium\";v=\"{version}\", \"Google Chrome\";v=\"{version}\", \"Not_A Brand\";v=\"24\"");
    let cookie = format!(
        "_ga=GA1.2.{}.17180{:05}; sessionid={:032x}; theme=dark; cart=%7B%22items%22%3A{}%7D",
        at * 7919,
        at,
        at as u128 * 0x1234_5678_9abc_def1,
        at % 9
    );
    let referer = format!("https://shop.example.com/category/chairs-{}?page={}", at % 40, at % 7);
    let target = match at % 4 {
        0 => format!("/products/{}/oak-chair-{}", at * 31, at % 17),
        1 => format!("/search?q=green+chair+{at}&sort=price%3Aasc"),
        2 => format!("/assets/js/app.{:08x}.js", at * 0x9e37),
        _ => "/".to_owned(),
    };
    let headers = [
        ("host", "shop.example.com"),
        ("user-agent", agent.as_str()),
        ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"),
        ("accept-language", "en-GB,en;q=0.9,de;q=0.8"),
        ("accept-encoding", "gzip, deflate, br, zstd"),
        ("sec-ch-ua", brands.as_str()),
        ("sec-ch-ua-platform", "\"Windows\""),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-site", "same-origin"),
        ("referer", referer.as_str()),
        ("cookie", cookie.as_str()),
    ];
    request("GET", &target, &headers, None)
}

fn json_values(at: usize) -> HttpRequest {
    let mut text = String::from("{");
    for value in 0..100 {
        let _ = match value % 5 {
            0 => write!(text, "\"id{value}\":{},", value * at),
            1 => write!(text, "\"name{value}\":\"Anna O'Neil {at}\","),
            2 => write!(text, "\"key{value}\":\"{:x}\",", value * 7919 + at),
            3 => write!(text, "\"on{value}\":true,"),
            _ => write!(text, "\"text{value}\":\"a green chair\","),
        };
    }
    text.push_str("\"end\":null}");
    body("application/json", text.as_bytes())
}

fn body(kind: &str, bytes: &[u8]) -> HttpRequest {
    request("POST", "/api/items", &[("content-type", kind)], Some(bytes.to_vec()))
}

const TEXT: &str = "The quick brown fox, which isn't lazy, jumps over 12 dogs (and a cat); nobody minds. ";

fn filled(text: &str, len: usize) -> Vec<u8> {
    text.bytes().cycle().take(len).collect()
}

fn json_text(len: usize) -> Vec<u8> {
    let mut text = String::from("[");
    let mut at = 0;
    while text.len() < len {
        let _ = write!(
            text,
            "{{\"id\":{at},\"title\":\"Chair no. {at}: oak & ash\",\"tags\":[\"new\",\"in stock\"]}},"
        );
        at += 1;
    }
    text.push_str("{}]");
    text.into_bytes()
}

/// Bytes of a linear congruential generator (Knuth, MMIX).
fn noise(len: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let step = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56).to_le_bytes()[0]
    };
    (0..len).map(step).collect()
}
