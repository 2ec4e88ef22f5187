//! What one assessment costs, as percentiles over varied requests:
//! `cargo run --release -p bartizan-detect --example assess_speed -- [FILE.jsonl]...`
//!
//! Each request is assessed several times and its fastest time counts: what the machine does beside it is not ours.
//! Files hold labelled requests; each gives one more line of figures. One line a kind: name, p50, p99 and mean in
//! microseconds, divided by tabs.

use std::fmt::Write as _;
use std::io::Read as _;
use std::time::Instant;

use bartizan_detect::Detector;
use bartizan_model::{HttpRequest, Timestamp, Via};
use serde_json::Value;

/// Assessments of one request, of which the fastest counts.
const ROUNDS: usize = 7;
/// Bytes of a file that are read.
const MAX_FILE: u64 = 64 << 20;
/// Bytes of a large body.
const MEGABYTE: usize = 1 << 20;

type Failure = Box<dyn std::error::Error>;

#[expect(clippy::print_stdout, reason = "the measurement is what this program is for")]
fn main() -> Result<(), Failure> {
    let detector = Detector::embedded()?;
    // ONLY=word measures the kinds whose name holds the word: for a profiler.
    let only = std::env::var("ONLY").unwrap_or_default();
    for (name, requests) in [
        ("GET with 11 browser headers", (0..400).map(page_load).collect()),
        ("2 KB JSON with 100 values", (0..100).map(json_values).collect::<Vec<_>>()),
        ("1 MB text", vec![body("text/plain", &filled(TEXT, MEGABYTE))]),
        ("1 MB JSON", vec![body("application/json", &json_text(MEGABYTE))]),
        (
            "1 MB form",
            vec![body("application/x-www-form-urlencoded", &filled("name=O%27Neil+%26+sons&", MEGABYTE))],
        ),
        ("1 MB of attacks", vec![body("application/x-www-form-urlencoded", &filled("a=%27or&", MEGABYTE))]),
        ("1 MB binary upload", vec![body("application/octet-stream", &noise(MEGABYTE))]),
    ] {
        if name.contains(&only) {
            println!("{}", figures(name, &detector, &requests));
        }
    }
    for file in std::env::args().skip(1) {
        let mut text = String::new();
        std::fs::File::open(&file)?.take(MAX_FILE).read_to_string(&mut text)?;
        let requests = text.lines().map(recorded).collect::<Result<Vec<_>, _>>()?;
        let name = file.rsplit('/').next().unwrap_or(&file);
        println!("{}", figures(name, &detector, &requests));
    }
    Ok(())
}

fn figures(name: &str, detector: &Detector, requests: &[HttpRequest]) -> String {
    let mut best = vec![f64::MAX; requests.len()];
    // Round by round, so that one request's tables are not all warm from the last time it was seen.
    for _ in 0..ROUNDS {
        for (request, best) in requests.iter().zip(&mut best) {
            let start = Instant::now();
            std::hint::black_box(detector.assess(std::hint::black_box(request)));
            *best = best.min(start.elapsed().as_secs_f64() * 1e6);
        }
    }
    best.sort_by(f64::total_cmp);
    let at = |hundredth: usize| {
        best.get(best.len() * hundredth / 100).or(best.last()).copied().unwrap_or_default()
    };
    let mean = best.iter().sum::<f64>() / best.len().max(1) as f64;
    format!("{name}\t{:.1}\t{:.1}\t{mean:.1}", at(50), at(99))
}

fn request(method: &str, target: &str, headers: &[(&str, &str)], body: Option<Vec<u8>>) -> HttpRequest {
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

fn recorded(line: &str) -> Result<HttpRequest, Failure> {
    let row: Value = serde_json::from_str(line)?;
    let text = |name: &str| row[name].as_str().unwrap_or_default();
    let query = text("query");
    let target = if query.is_empty() { text("path").to_owned() } else { format!("{}?{query}", text("path")) };
    let headers: Vec<(String, &str)> = row["headers"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.as_str().unwrap_or_default()))
        .collect();
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let body = Some(text("body").as_bytes().to_vec()).filter(|body| !body.is_empty());
    Ok(request(text("method"), &target, &headers, body))
}
