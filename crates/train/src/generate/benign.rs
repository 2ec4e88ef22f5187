//! Kinds of benign value that programs make: tokens, cookies, telemetry, structured parameters.

use super::benign_path::path;
use super::benign_text::{name, text, word};
use super::encode::base64;
use crate::rng::Rng;

const HEX: &str = "0123456789abcdef";
const ALNUM: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const DIGITS: &str = "0123456789";

/// Number of kinds that [`value`] knows.
pub(crate) const KINDS: usize = 35;

/// A benign value of one kind.
pub(crate) fn value(kind: usize, rng: &mut Rng) -> String {
    match kind {
        0..=5 => text(rng),
        6..=8 => path(rng),
        9 => format!(
            "https://{}.example.{}{}?{}",
            word_ascii(rng),
            rng.pick(&["com", "org", "net", "de", "co.uk"]),
            path(rng),
            pairs(rng, '&')
        ),
        10 => {
            let len = rng.between(6, 80);
            rng.chars(ALNUM, len)
        }
        11 => uuid(rng),
        12 => format!("eyJ{}.eyJ{}.{}", rng.chars(ALNUM, 34), rng.chars(ALNUM, 120), rng.chars(ALNUM, 43)),
        13 => object(rng, 2),
        14 => format!(
            "isGpcEnabled=0&datestamp=Thu+Aug+{}+2024+10:1{}:07+GMT+0200+(Central+European+Summer+Time)&version=202405.1.0&browserGpcFlag=0&isIABGlobal=false&hosts=&consentId={}&interactionCount=1&groups=C0001:1,C0002:{},C0003:0,C0004:{}",
            rng.between(1, 30),
            rng.below(10),
            uuid(rng),
            rng.below(2),
            rng.below(2)
        ),
        15 => format!("GA1.{}.{}.{}", rng.below(4), rng.chars(DIGITS, 9), rng.chars(DIGITS, 10)),
        16 => pairs(rng, '&'),
        17 => pairs(rng, ';'),
        18 => css(rng),
        19 => filter(rng),
        20 => graphql(rng),
        21 => format!("{}.{}@{}.example.com", word_ascii(rng), name(rng).to_lowercase(), word_ascii(rng)),
        22 => telemetry(rng),
        23 => punctuation(rng),
        24 => format!(
            "data:image/{};base64,{}",
            rng.pick(&["png", "gif", "svg+xml", "jpeg"]),
            rng.chars(ALNUM, rng.clone().between(20, 300))
        ),
        25 => list(rng),
        26 => user_agent(rng),
        27 => base64(object(rng, 1).as_bytes()),
        28 => time(rng),
        29 => minified(rng),
        30 => format!(
            "{} ({}), {} {}",
            name(rng),
            word(rng),
            rng.between(1, 400),
            rng.pick(&[
                "Main St.",
                "rue de l'Église",
                "Hauptstraße 3b",
                "Av. São João, 5º",
                "O'Connell St",
                "5th Ave #12"
            ])
        ),
        31 => header(rng),
        32 => stack(rng),
        33 => csv(rng),
        _ => markup_like(rng),
    }
}

fn word_ascii(rng: &mut Rng) -> String {
    let word: String = word(rng).chars().filter(char::is_ascii_alphanumeric).collect();
    if word.is_empty() { "shop".to_owned() } else { word }
}

fn uuid(rng: &mut Rng) -> String {
    format!(
        "{}-{}-4{}-a{}-{}",
        rng.chars(HEX, 8),
        rng.chars(HEX, 4),
        rng.chars(HEX, 3),
        rng.chars(HEX, 3),
        rng.chars(HEX, 12)
    )
}

fn scalar(rng: &mut Rng) -> String {
    match rng.below(10) {
        0..=2 => rng.chars(DIGITS, rng.clone().between(1, 13)),
        3 => rng.pick(&["true", "false", "null", "undefined", "0", "1", "-1", "none"]).to_owned(),
        4 => uuid(rng),
        5 => format!("{}.{}", rng.below(2000), rng.below(1000)),
        6 => rng.chars(ALNUM, rng.clone().between(4, 40)),
        7 => time(rng),
        _ => word(rng).to_owned(),
    }
}

fn key(rng: &mut Rng) -> String {
    let base = rng.word("id name type event ts url ref page user session token lang width height props data items value count v t cid sid uid utm_source utm_medium q s p sort order limit offset filter fields category_id is_admin created_at where class style action method select from cmd exec query path file dir host src href");
    if rng.percent(20) {
        format!("{base}{}", rng.pick(&["[]", "_id", "Name", "[0]", ".x", "-v2"]))
    } else {
        base.to_owned()
    }
}

fn pairs(rng: &mut Rng, separator: char) -> String {
    let count = rng.between(1, 7);
    let pairs: Vec<String> = (0..count).map(|_| format!("{}={}", key(rng), scalar(rng))).collect();
    pairs.join(&separator.to_string())
}

fn object(rng: &mut Rng, depth: usize) -> String {
    let count = rng.between(0, 5);
    let members: Vec<String> = (0..count)
        .map(|_| {
            let value = match rng.below(6) {
                0 if depth > 0 => object(rng, depth - 1),
                1 if depth > 0 => format!("[{},{}]", object(rng, depth - 1), object(rng, depth - 1)),
                2 => rng.chars(DIGITS, rng.clone().between(1, 10)),
                3 => serde_json::to_string(&text(rng)).unwrap_or_default(),
                4 => rng.pick(&["true", "false", "null", "[]", "{}", "\"\"", "0.5", "[1,2,3]"]).to_owned(),
                _ => format!("\"{}\"", scalar(rng)),
            };
            format!("\"{}\":{}{value}", key(rng), rng.pick(&["", "", " "]))
        })
        .collect();
    format!("{{{}}}", members.join(rng.pick(&[",", ",", ", ", ",\n  "])))
}

fn css(rng: &mut Rng) -> String {
    let tag = rng.pick(&["div", "ul", "a", "button", "span", "section", "body", "html", "input", "td"]);
    match rng.below(5) {
        0 => format!("{tag}.{}-{} > li:nth-child({})", word_ascii(rng), word_ascii(rng), rng.below(20)),
        1 => format!("#{} .{}__{}--{}", word_ascii(rng), word_ascii(rng), word_ascii(rng), word_ascii(rng)),
        2 => format!("{tag}[data-{}=\"{}\"]", word_ascii(rng), word_ascii(rng)),
        3 => format!("html > body > div:eq({}) > {tag}:nth-of-type({})", rng.below(9), rng.below(9)),
        _ => format!(
            "{}:{}px; color: #{}; width: {}%",
            word_ascii(rng),
            rng.below(999),
            rng.chars(HEX, 6),
            rng.below(100)
        ),
    }
}

fn filter(rng: &mut Rng) -> String {
    let (field, other) = (key(rng), key(rng));
    let number = rng.below(5000);
    match rng.below(9) {
        0 => format!("{field}:{}", rng.pick(&["asc", "desc", "ASC", "DESC"])),
        1 => format!("-{field},{other}"),
        2 => format!("{field} eq '{}' and {other} gt {number}", word(rng)),
        3 => format!("{field}:>{number} {other}:\"{}\"", word(rng)),
        4 => format!("{field}(first,last),{other}{{id,name}}"),
        5 => format!("{field}>={number};{other}=={}", word(rng)),
        6 => format!("[{{\"field\":\"{field}\",\"op\":\"eq\",\"value\":{number}}}]"),
        7 => format!("{field} DESC, {other} ASC"),
        _ => format!("{number}..{}", number + 10),
    }
}

fn graphql(rng: &mut Rng) -> String {
    let (a, b, c) = (word_ascii(rng), word_ascii(rng), word_ascii(rng));
    match rng.below(3) {
        0 => format!(
            "query {a}($id: ID!, $first: Int = {}) {{\n  {b}(id: $id) {{\n    id\n    {c}(first: $first) {{ edges {{ node {{ id name __typename }} }} }}\n  }}\n}}",
            rng.below(50)
        ),
        1 => format!(
            "mutation {a}($input: {b}Input!) {{ {c}(input: $input) {{ ok errors {{ message path }} }} }}"
        ),
        _ => format!("{{ {a} {{ {b} ...{c}Fields }} }} fragment {c}Fields on {a} {{ id createdAt }}"),
    }
}

fn telemetry(rng: &mut Rng) -> String {
    match rng.below(5) {
        0 => format!("{}x{}|24|{}|{}", rng.below(3000), rng.below(2000), rng.below(10), time(rng)),
        1 => format!(
            "ev:{};t:{};p:{}~{}*{}",
            word(rng),
            rng.chars(DIGITS, 13),
            rng.below(100),
            rng.below(9),
            rng.below(9)
        ),
        2 => format!("fb.1.{}.{}", rng.chars(DIGITS, 13), rng.chars(DIGITS, 10)),
        3 => format!("!{}!{}!~{}", rng.chars(ALNUM, 9), rng.chars(ALNUM, 5), rng.chars(ALNUM, 12)),
        _ => format!("1~{}~{}~{}", rng.chars(DIGITS, 5), word(rng), scalar(rng)),
    }
}

fn punctuation(rng: &mut Rng) -> String {
    let whole = [
        "[]",
        "{}",
        "\"\"",
        "''",
        "--",
        "-",
        "...",
        "?",
        "!",
        "*",
        "%",
        "&",
        "#",
        "/",
        "//",
        ".",
        "()",
        "[object Object]",
        "n/a",
        "N/A",
        ":)",
        "<3",
        ";-)",
        "->",
        "=>",
        "<>",
        "::",
        "||",
        "&&",
        "@",
        "~",
        "^",
        "+",
        "{\"\":\"\"}",
        "[[]]",
        "null,null",
        "0|0",
        "0,0",
        "\"",
        "'",
        "`",
        "$",
        "$0.00",
        "€5",
        "100%",
        "#1",
        "1/2",
        "a/b",
        "|",
        "_",
        "__",
        "=",
        "==",
        ";",
        ",",
        "< 5",
        "> 10",
        "<=",
        ">= 3",
    ];
    if rng.percent(50) {
        return whole[rng.below(whole.len())].to_owned();
    }
    let len = rng.between(1, 3);
    format!("{}{}", word(rng), rng.chars("!?.,:;-+*/&()#'\" ", len))
}

fn list(rng: &mut Rng) -> String {
    let count = rng.between(2, 12);
    let separator = rng.pick(&[",", ", ", "|", ";", "~", " ", ":", "/", "!", "."]);
    let items: Vec<String> = (0..count).map(|_| scalar(rng)).collect();
    let joined = items.join(separator);
    match rng.below(4) {
        0 => format!("[{joined}]"),
        1 => format!("({joined})"),
        _ => joined,
    }
}

fn user_agent(rng: &mut Rng) -> String {
    let version = rng.between(20, 140);
    match rng.below(7) {
        0 => format!(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version}.0.0.0 Safari/537.36"
        ),
        1 => format!(
            "Mozilla/5.0 (compatible; {}bot/2.{}; +http://www.{}.example/bot.html)",
            word_ascii(rng),
            rng.below(9),
            word_ascii(rng)
        ),
        2 => format!(
            "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; .NET CLR 2.0.50727; {{{}}})",
            uuid(rng).to_uppercase()
        ),
        3 => format!("Tiny Tiny RSS/1.{} (http://tt-rss.org/)", rng.below(20)),
        4 => format!(
            "\"Chromium\";v=\"{version}\", \"Not;A=Brand\";v=\"24\", \"Google Chrome\";v=\"{version}\""
        ),
        5 => format!(
            "{}/{}.{} ({}; U; <{}@example.com>) 'desktop'",
            word_ascii(rng),
            rng.below(9),
            rng.below(99),
            word_ascii(rng),
            word_ascii(rng)
        ),
        _ => format!(
            "Opera/9.80 (X11; Linux x86_64; U; en) Presto/2.{}.{} Version/12.{} [{}]",
            rng.below(20),
            rng.below(999),
            rng.below(20),
            word(rng)
        ),
    }
}

fn time(rng: &mut Rng) -> String {
    let (year, month, day) = (rng.between(1999, 2030), rng.between(1, 12), rng.between(1, 28));
    let (hour, minute) = (rng.below(24), rng.below(60));
    match rng.below(5) {
        0 => format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:07.{:03}Z", rng.below(1000)),
        1 => format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:00+01:00"),
        2 => format!("{day:02}/{month:02}/{year}"),
        3 => format!("Thu, {day:02} Aug {year} {hour:02}:{minute:02}:11 GMT"),
        _ => rng.pick(&["Europe/Berlin", "America/New_York", "GMT+0200 (CEST)", "Asia/Tokyo"]).to_owned(),
    }
}

fn minified(rng: &mut Rng) -> String {
    match rng.below(4) {
        0 => format!("_{}.{}.{}", rng.chars(ALNUM, 2), rng.chars(ALNUM, 1), rng.chars(ALNUM, 2)),
        1 => format!("{}:{}${}", rng.chars(ALNUM, 3), rng.chars(ALNUM, 2), rng.chars(ALNUM, 4)),
        2 => format!("${}", word_ascii(rng)),
        _ => format!("webpack:///./src/{}/{}.tsx?{}", word_ascii(rng), word_ascii(rng), rng.chars(HEX, 4)),
    }
}

fn header(rng: &mut Rng) -> String {
    match rng.below(6) {
        0 => format!("W/\"{}-{}\"", rng.chars(HEX, 4), rng.chars(ALNUM, 20)),
        1 => format!("00-{}-{}-01", rng.chars(HEX, 32), rng.chars(HEX, 16)),
        2 => format!(
            "{}.{}.{}.{}, 10.0.0.{}",
            rng.below(256),
            rng.below(256),
            rng.below(256),
            rng.below(256),
            rng.below(256)
        ),
        3 => format!(
            "for={}.{}.{}.{};proto=https;by=203.0.113.{}",
            rng.below(256),
            rng.below(256),
            rng.below(256),
            rng.below(256),
            rng.below(256)
        ),
        4 => format!("v=1;k={};e={},r={}", rng.chars(ALNUM, 8), word(rng), rng.below(99)),
        _ => "default-src 'self'; script-src 'self' https://cdn.example.com; img-src * data:".to_owned(),
    }
}

fn stack(rng: &mut Rng) -> String {
    let mut lines = vec![format!(
        "{}: {} '{}' {}",
        rng.pick(&["Error", "TypeError", "SyntaxError", "RangeError", "NetworkError"]),
        text(rng),
        word(rng),
        word(rng)
    )];
    for _ in 0..rng.between(1, 5) {
        lines.push(format!(
            "    at {}.{} (https://{}.example.com/js/{}.{}.js:{}:{})",
            word_ascii(rng),
            word_ascii(rng),
            word_ascii(rng),
            word_ascii(rng),
            rng.chars(HEX, 8),
            rng.below(99),
            rng.below(99_999)
        ));
    }
    lines.join("\n")
}

fn csv(rng: &mut Rng) -> String {
    let mut lines = Vec::new();
    for _ in 0..rng.between(1, 5) {
        lines.push(format!(
            "{},\"{}\",{},{}",
            rng.below(9999),
            text(rng).replace('"', "\"\""),
            time(rng),
            scalar(rng)
        ));
    }
    lines.join("\r\n")
}

fn markup_like(rng: &mut Rng) -> String {
    match rng.below(6) {
        0 => format!("<{}>", word(rng)),
        1 => format!("<b>{}</b>", text(rng)),
        2 => format!("{} <{}@example.com>", name(rng), word_ascii(rng)),
        3 => format!("<div class=\"{}\"><p>{}</p></div>", word_ascii(rng), text(rng)),
        4 => format!("<a href=\"https://example.com{}\">{}</a>", path(rng), word(rng)),
        _ => format!("&nbsp;{}&amp;{}&hellip;", word(rng), word(rng)),
    }
}
