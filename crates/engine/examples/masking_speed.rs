//! What masking one log line costs: `cargo run --release -p bartizan-engine --example masking_speed`.

use std::hint::black_box;
use std::time::Instant;

use bartizan_engine::{Judged, Masking, MaskingSettings};
use bartizan_model::{Assessment, HttpRequest, Timestamp, Verdict, Via};

/// The quickest of so many batches counts: others have to do with other work of the machine.
const BATCHES: u32 = 50;
const BATCH: u32 = 1_000;

const AGENT: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";

const ORDINARY: [(&str, &str); 8] = [
    ("/products?id=17&sort=price&page=2", "https://shop.example.com/products"),
    ("/search?q=red%20shoes&lang=de", "https://www.google.com/"),
    ("/assets/app.3f2a91c0.js?v=1700000000000", "https://shop.example.com/"),
    ("/", "-"),
    (
        "/api/v1/orders?from=2026-01-01&to=2026-02-01&status=shipped",
        "https://shop.example.com/account/orders",
    ),
    ("/images/hero.webp?w=1200&h=600", "https://shop.example.com/"),
    ("/feed?utm_source=newsletter&utm_medium=email&utm_campaign=spring%20sale", "-"),
    ("/wp-content/uploads/2026/03/photo.jpg?resize=300%2C200", "https://blog.example.com/2026/03/a-walk"),
];

const SECRET: [(&str, &str); 2] = [
    ("/login?user=a&password=hunter2", "https://shop.example.com/login?token=abcdef0123456789"),
    ("/cb?access_token=abcdef0123456789&state=x", "-"),
];

fn judged((target, referer): (&str, &str)) -> Judged {
    let mut request = HttpRequest::new(Timestamp::from_secs(1), "GET", target.as_bytes(), Via::Log);
    request.headers = vec![("user-agent".to_owned(), AGENT.into())];
    if referer != "-" {
        request.headers.push(("referer".to_owned(), referer.into()));
    }
    request.raw_line = Some(format!(
        "198.51.100.7 - - [04/Mar/2026:05:06:07 +0000] \"GET {target} HTTP/1.1\" 200 5120 \"{referer}\" \"{AGENT}\""
    ));
    Judged { request, assessment: Assessment::default(), verdict: Verdict::allow(None), judged_us: 0 }
}

fn main() {
    let masking = Masking::new(&MaskingSettings::default(), None).expect("the default is sound");
    for (what, requests) in [("ordinary line", ORDINARY.as_slice()), ("line with secrets", &SECRET)] {
        let lines: Vec<Judged> = requests.iter().copied().map(judged).collect();
        let costs: Vec<f64> = lines.iter().map(|line| cost(&masking, line)).collect();
        let mean = costs.iter().sum::<f64>() / costs.len() as f64;
        let worst = costs.iter().copied().fold(0.0, f64::max);
        #[expect(clippy::print_stdout, reason = "this is what it is for")]
        {
            println!("{what}: mean {mean:.0} ns, worst {worst:.0} ns");
        }
    }
}

/// Nanoseconds that hiding takes, that of copying the line apart.
fn cost(masking: &Masking, line: &Judged) -> f64 {
    let quickest = |work: &dyn Fn(&mut Judged)| {
        let batch = || {
            let begun = Instant::now();
            for _ in 0..BATCH {
                let mut copy = line.clone();
                work(black_box(&mut copy));
            }
            begun.elapsed().as_secs_f64() * 1e9 / f64::from(BATCH)
        };
        (0..BATCHES).map(|_| batch()).fold(f64::INFINITY, f64::min)
    };
    quickest(&|copy| masking.hide(copy)) - quickest(&|_| ())
}
