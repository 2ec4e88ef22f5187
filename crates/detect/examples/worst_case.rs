//! What hostile requests of a megabyte cost, slowest first:
//! `cargo run --release -p bartizan-detect --example worst_case`
//!
//! Each input is made to stress one pass. It is assessed several times and its fastest time counts: what the machine
//! does beside it is not ours. One line an input: name and milliseconds, divided by a tab.

use std::time::Instant;

use bartizan_detect::Detector;
use bartizan_model::{HttpRequest, Timestamp, Via};

/// As in the product.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Assessments of one input, of which the fastest counts.
const ROUNDS: usize = 5;
/// Bytes of an input.
const MEGABYTE: usize = 1 << 20;

#[expect(clippy::print_stdout, reason = "the measurement is what this program is for")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let detector = Detector::embedded()?;
    // ONLY=word measures the inputs whose name holds the word: for a profiler.
    let only = std::env::var("ONLY").unwrap_or_default();
    let mut measured: Vec<(f64, String)> = Vec::new();
    for (name, request) in inputs() {
        if name.contains(&only) {
            measured.push((fastest_ms(&detector, &request), name));
        }
    }
    measured.sort_by(|left, right| right.0.total_cmp(&left.0));
    for (ms, name) in measured {
        println!("{name}\t{ms:.1}");
    }
    Ok(())
}

fn fastest_ms(detector: &Detector, request: &HttpRequest) -> f64 {
    let mut fastest = f64::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        std::hint::black_box(detector.assess(std::hint::black_box(request)));
        fastest = fastest.min(start.elapsed().as_secs_f64() * 1e3);
    }
    fastest
}

/// Types of body under which every kind of bytes is sent.
const TYPES: [&str; 5] = [
    "text/plain",
    "application/json",
    "application/x-www-form-urlencoded",
    "text/xml",
    "multipart/form-data; boundary=-",
];

/// What is sent over and over, each to stress one pass.
const REPEATED: [(&str, &[u8]); 73] = [
    ("percent in entities in percent", b"&#37;26#37;26#37;26#37;26#37;26#37;26#37;26#37;26#37;27 "),
    ("percent", b"%25"),
    ("percent signs", b"%"),
    ("percent u", b"%u0025"),
    ("ampersand entities", b"&amp;"),
    ("ampersands", b"&"),
    ("open entities", b"&am"),
    ("numeric entities", b"&#38;"),
    ("long numeric entities", b"&#000000"),
    ("escaped backslashes", b"\\u005c"),
    ("backslashes", b"\\"),
    ("braced escapes", b"\\u{5c}"),
    ("single quotes", b"'"),
    ("double quotes", b"\""),
    ("joined strings", b"a'+'"),
    ("empty strings in words", b"a''"),
    ("UTF-7 units", b"+ADw-"),
    ("UTF-7 beginnings", b"+A"),
    ("words of base64", b"PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg== "),
    ("hex", b"3c7363726970743e616c6572742831293c2f7363726970743e"),
    ("words of hex", b"3c7363726970743e616c6572742831293c2f7363726970743e "),
    ("open braces", b"{"),
    ("open brackets", b"["),
    ("closed brackets", b"]"),
    ("empty objects", b"{}"),
    ("nested objects", b"{\"a\":"),
    ("objects of strings", b"{\"a\":\"' or 1=1 -- \"},"),
    ("JSON in JSON", b"{\"a\":\"{\\\"b\\\":\\\"<script>\\\"}\"},"),
    ("document types", b"<!doctype"),
    ("closed document types", b"<!doctype>"),
    ("entities of XML", b"<!entity a \"b\">"),
    ("instructions", b"<?"),
    ("comments of XML", b"<!--"),
    ("sections of XML", b"<![CDATA["),
    ("less-than signs", b"<"),
    ("open tags", b"<a b="),
    ("closed tags", b"<a>"),
    ("attributes", b"<a b='c'>"),
    ("boundaries", b"--boundary\r\n"),
    ("dashes", b"-"),
    ("parts", b"---\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\n' or 1=1\r\n"),
    ("empty pairs", b"=&"),
    ("pairs", b"a=1&"),
    ("suspicious pairs", b"a='+or+1=1&"),
    ("equals signs", b"="),
    ("semicolons", b";"),
    ("script tags", b"<script>alert(1)</script>"),
    ("SQL words", b"drop or and select "),
    ("short comments", b"/**/"),
    ("long comments", b"/* a comment that is not short at all */or 1=1 "),
    ("lines of comments", b"# a comment that is not short at all\nor 1=1 "),
    ("control characters between words", b"or\x011\x02"),
    ("comment openings", b"/*"),
    ("shell variables", b"$IFS"),
    ("broken words", b"w\\h^o"),
    ("random tokens", b"a1b2c3d4 "),
    ("long numbers", b"a00001"),
    ("overlong UTF-8", b"\xc0\xaf"),
    ("full-width forms", b"\xef\xbc\x9c"),
    ("invisible characters", b"a\xe2\x80\x8b"),
    ("words of two alphabets", "adm\u{456}n ".as_bytes()),
    ("a word of lookalikes", "\u{430}\u{43e}\u{440}".as_bytes()),
    ("words that are no disguise", "web\u{441}\u{432} ".as_bytes()),
    ("marks", "e\u{301}".as_bytes()),
    ("stacks of marks", "\u{301}".as_bytes()),
    ("almost stacks of marks", "a\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}".as_bytes()),
    ("tags", "\u{e0061}".as_bytes()),
    ("flags of regions", "\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}".as_bytes()),
    ("comments in words", b"a/**/"),
    ("commands to a terminal", b"\x1b["),
    ("blanks", b" \t"),
    ("line breaks", b"\n"),
    ("dots and slashes", b"../"),
];

fn inputs() -> Vec<(String, HttpRequest)> {
    let mut inputs = Vec::new();
    for (name, unit) in REPEATED {
        let text = filled(unit, MEGABYTE);
        for kind in TYPES {
            inputs.push((format!("{name}, {kind}"), body(kind, text.clone())));
        }
        inputs.push((format!("{name}, as a target"), target(&[b"/", text.as_slice()].concat())));
    }
    // Bytes that a text is not made of; one attack behind them asks for an explanation far inside.
    for byte in (0..32).chain(127..=255).step_by(3) {
        let text = [filled(&[byte], MEGABYTE), PAYLOAD.to_vec()].concat();
        inputs.push((format!("byte {byte:02x} and an attack"), body("text/plain", text)));
    }
    // Nothing that was seen before helps with these.
    for (name, alphabet) in VARIED {
        let text = varied(alphabet, MEGABYTE);
        for kind in TYPES {
            inputs.push((format!("{name} in no order, {kind}"), body(kind, text.clone())));
        }
        inputs.push((format!("{name} in no order, as a target"), target(&[b"/", text.as_slice()].concat())));
    }
    inputs.extend(nested());
    inputs.extend(many_fields());
    inputs
}

/// What is sent in an order that never comes back.
const VARIED: [(&str, &[&[u8]]); 4] = [
    (
        "signs",
        &[b"'", b"\"", b"<", b">", b"(", b")", b"=", b";", b"|", b"$", b"{", b"}", b"/", b".", b"%", b"&"],
    ),
    ("letters and signs", &[b"a", b"'", b"b", b"=", b"1", b"(", b"z ", b"<", b"0", b",", b"x", b";"]),
    (
        "short words of attacks",
        &[b"or ", b"and ", b"id ", b"cat ", b"ls ", b"sh ", b"if ", b"eval ", b"src ", b"as "],
    ),
    (
        "encodings",
        &[b"%27", b"%", b"&lt;", b"&", b"\\x3c", b"\\", b"%2527", b"%u0027", b"+ADw-", b"\xc0\xaf", b"25"],
    ),
];

/// Pieces in the order of a linear congruential generator (Numerical Recipes): the same each time.
fn varied(pieces: &[&[u8]], len: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut text = Vec::with_capacity(len);
    while text.len() < len {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        text.extend_from_slice(pieces[(state >> 16) as usize % pieces.len()]);
    }
    text.truncate(len);
    text
}

const PAYLOAD: &[u8] = b"' union select password from users -- <script>alert(1)</script>";

/// Encodings in encodings.
fn nested() -> Vec<(String, HttpRequest)> {
    let percent = |depth: usize| [b"%".as_slice(), &b"25".repeat(depth)].concat();
    let mut thousandfold = Vec::new();
    while thousandfold.len() < MEGABYTE {
        thousandfold.extend_from_slice(&percent(1_000));
        thousandfold.extend_from_slice(b"27 or 1=1");
    }
    let mut base64 = PAYLOAD.repeat(MEGABYTE / PAYLOAD.len() / 3);
    let mut ladder = Vec::new();
    for layer in 0..3 {
        base64 = base64_of(&base64);
        // Runs that are still opened, and what they hold is opened again.
        ladder.push((format!("base64 {} deep", layer + 1), body("text/plain", base64.clone())));
    }
    let mut run = PAYLOAD.repeat(16 * 1024 / PAYLOAD.len());
    for _ in 0..3 {
        run = base64_of(&run);
    }
    ladder.push((
        "runs of base64 3 deep".to_owned(),
        body("text/plain", filled(&[&run[..], b" "].concat(), MEGABYTE)),
    ));
    // A zero byte that appears whenever ten rounds of decoding are over asks for ten more.
    let mut clock = Vec::new();
    for at in 1..=100 {
        clock.extend_from_slice(&percent(at - 1));
        clock.extend_from_slice(b"00a");
    }
    let bulk = [clock.as_slice(), &percent(MEGABYTE / 2)].concat();
    let shower = filled(&clock, MEGABYTE);
    let mixed = filled(b"%2525252525252525252526amp;amp;amp;#x5c;u005cx5cu0027'%00'/%002a*/", MEGABYTE);
    let billion = [
        b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a0 'lol'>".to_vec(),
        (1..64)
            .flat_map(|at| {
                format!("<!ENTITY a{at} '{}'>", format!("&a{};", at - 1).repeat(3_000)).into_bytes()
            })
            .collect(),
        b"]><a>&a63;</a>".to_vec(),
    ]
    .concat();
    let deep = [b"{\"a\":".repeat(100_000), PAYLOAD.to_vec(), b"}".repeat(100_000)].concat();
    let deep_strings = filled(b"{\"a\":[\"' or 1=1 -- \",", MEGABYTE);
    ladder.extend([
        ("percent 1,000 deep".to_owned(), body("text/plain", thousandfold.clone())),
        (
            "percent 1,000 deep in a form".to_owned(),
            body("application/x-www-form-urlencoded", [b"a=".to_vec(), thousandfold].concat()),
        ),
        ("ten rounds ten times, one nest".to_owned(), body("text/plain", bulk.clone())),
        (
            "ten rounds ten times, one nest with UTF-7".to_owned(),
            body("text/plain", [b"+ADw- a\\b ".to_vec(), bulk].concat()),
        ),
        ("ten rounds ten times, all over".to_owned(), body("text/plain", shower)),
        ("all encodings in turn".to_owned(), body("text/plain", mixed)),
        ("billion laughs".to_owned(), body("text/xml", billion)),
        ("JSON 100,000 deep".to_owned(), body("application/json", deep)),
        ("JSON deep with attacks".to_owned(), body("application/json", deep_strings)),
    ]);
    ladder
}

/// Many fields, each of which asks for an explanation.
fn many_fields() -> Vec<(String, HttpRequest)> {
    let share = MEGABYTE / 1_024;
    let attack =
        |len: usize| filled(b"' or 1=1 union select <script>alert(1)</script> ;cat /etc/passwd ", len);
    let form: Vec<u8> =
        (0..1_024).flat_map(|at| [format!("p{at}=").as_bytes(), &attack(share - 8), b"&"].concat()).collect();
    let strings: Vec<u8> = (0..1_024)
        .flat_map(|at| [format!("\"p{at}\":\"").as_bytes(), &attack(share - 16), b"\","].concat())
        .collect();
    let calm = filled(b"{\"a\":1},", MEGABYTE - 40 * 100);
    let late = [
        b"[".to_vec(),
        calm,
        b"\"' or 1=1 union select <script>alert(1)</script> -- \",".repeat(70),
        b"1]".to_vec(),
    ]
    .concat();
    let large: Vec<u8> = (0..20)
        .flat_map(|at| [format!("p{at}=").as_bytes(), &attack(MEGABYTE / 20 - 8), b"&"].concat())
        .collect();
    let mut headers = request(b"/", Vec::new());
    headers.headers = (0..200).map(|at| (format!("x-{at}"), attack(5 * 1_024))).collect();
    let mut referrers = request(b"/", Vec::new());
    referrers.headers = (0..200).map(|_| ("cookie".to_owned(), filled(b"a=' or 1=1;", 5 * 1_024))).collect();
    vec![
        ("1,024 suspicious parameters".to_owned(), body("application/x-www-form-urlencoded", form)),
        (
            "1,024 suspicious JSON values".to_owned(),
            body("application/json", [b"{".to_vec(), strings, b"\"z\":1}".to_vec()].concat()),
        ),
        ("JSON with its attacks at the end".to_owned(), body("application/json", late)),
        ("20 large suspicious parameters".to_owned(), body("application/x-www-form-urlencoded", large)),
        ("200 headers of 5 KB".to_owned(), headers),
        ("200 cookies of 5 KB".to_owned(), referrers),
    ]
}

fn request(target: &[u8], headers: Vec<(String, Vec<u8>)>) -> HttpRequest {
    let mut request = HttpRequest::new(Timestamp::default(), "POST", target, Via::Check);
    request.headers = headers;
    request
}

fn body(kind: &str, bytes: Vec<u8>) -> HttpRequest {
    let mut request = request(b"/api", vec![("content-type".to_owned(), kind.as_bytes().to_vec())]);
    request.body = Some(bytes);
    request
}

fn target(bytes: &[u8]) -> HttpRequest {
    request(bytes, Vec::new())
}

fn filled(unit: &[u8], len: usize) -> Vec<u8> {
    unit.iter().copied().cycle().take(len).collect()
}

/// RFC 4648 without padding; no crate of this one's is visible from here.
fn base64_of(bytes: &[u8]) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = Vec::with_capacity(bytes.len() / 3 * 4 + 4);
    for group in bytes.chunks(3) {
        let all =
            group.iter().fold(0_usize, |all, byte| all << 8 | usize::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..=group.len() {
            out.push(ALPHABET[all >> (18 - 6 * place) & 63]);
        }
    }
    out
}
