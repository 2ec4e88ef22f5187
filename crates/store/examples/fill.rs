//! Fills a database with invented traffic and measures it: `cargo run --release -p bartizan-store --example fill --
//! FILE [ROWS [DAYS [keep]]]`. Prints how long commits of 1,000 rows take and how long the lists and charts of the
//! dashboard do, and expires the rows; with `keep` it only fills.

use std::future::Future;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Instant;

use bartizan_model::{
    Action, AnomalyScore, Assessment, Clock, DecidedBy, HttpRequest, RollupLevel, Severity, Span,
    SystemClock, ThreatClass, Timestamp, Verdict, Via,
};
use bartizan_store::{
    CommitBatch, Dimension, EndpointFilter, Filter, Judged, Page, RetentionCutoffs, Store, open,
};

/// Rows per commit, as the product commits them while it reads a log.
const BATCH: u64 = 1_000;

/// Days over which the rows are spread when no others are asked for.
const DAYS: i64 = 1;

/// Calls behind every latency that is printed.
const CALLS: usize = 20;

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("usage: fill FILE [ROWS [DAYS [keep]]]")?;
    let rows: u64 = arguments.next().map_or(Ok(1_000_000), |rows| rows.parse())?;
    let days: i64 = arguments.next().map_or(Ok(DAYS), |days| days.parse())?;
    let keep = arguments.next().is_some_and(|word| word == "keep");
    let store = open(&file, Arc::new(SystemClock)).await?;
    let now = SystemClock.now();
    let span = Span::new(now.plus_micros(-days * 86_400 * Timestamp::SECOND_MICROS), now);
    fill(&store, span, rows).await?;
    if !keep {
        read(&store, span).await?;
        expire(&store).await?;
    }
    store.close().await;
    Ok(())
}

async fn fill(store: &Arc<dyn Store>, span: Span, rows: u64) -> Result<(), Failure> {
    let length_s = u64::try_from(span.to.secs() - span.from.secs())?;
    let mut random = Random(42);
    let mut batches = Vec::new();
    let begun = Instant::now();
    let mut made = 0;
    while made < rows {
        let judged: Result<Vec<Judged>, _> =
            (made..made + BATCH).map(|n| invent(&mut random, span.from, n * length_s / rows)).collect();
        made += BATCH;
        // As they would have come, so that PostgreSQL has a partition for each day.
        let elapsed = i64::try_from(made * length_s / rows)? + 1;
        let received_at = span.from.plus_micros(elapsed * Timestamp::SECOND_MICROS);
        let batch = CommitBatch { judged: judged?.into(), source: None, received_at };
        let committing = Instant::now();
        store.commit(batch).await?;
        batches.push(committing.elapsed().as_secs_f64() * 1e3);
    }
    let rate = rows as f64 / begun.elapsed().as_secs_f64();
    batches.sort_by(f64::total_cmp);
    let at = |share: usize| batches.get(batches.len() * share / 100).copied().unwrap_or_default();
    print(&format!(
        "commit of {BATCH} rows: median {:.1} ms, p95 {:.1} ms, {rate:.0} rows/s over {rows} rows",
        at(50),
        at(95)
    ))
}

async fn read(store: &Arc<dyn Store>, span: Span) -> Result<(), Failure> {
    let page = Page::newest(50);
    let day = Some(Span::new(span.to.plus_micros(-86_400 * Timestamp::SECOND_MICROS), span.to));
    let second = store.traffic(&Filter::default(), &page).await?;
    let deep = Page { after: second.next, ..page.clone() };
    let counted = Page { count: true, ..page.clone() };
    let lists = [
        ("newest 50", Filter::default(), &page),
        ("next 50", Filter::default(), &deep),
        ("newest 50 and total", Filter::default(), &counted),
        ("newest 1000", Filter::default(), &Page::newest(1_000)),
        ("one address", Filter { ip: vec!["198.51.100.7".to_owned()], ..Filter::default() }, &page),
        ("block /24", Filter { ip: vec!["203.0.113.0/24".to_owned()], ..Filter::default() }, &page),
        ("rare block", Filter { ip: vec!["192.0.2.0/30".to_owned()], ..Filter::default() }, &page),
        ("status 4xx", Filter { status: vec![(400, 499)], ..Filter::default() }, &page),
        ("status 503", Filter { status: vec![(503, 503)], ..Filter::default() }, &page),
        ("class xss", Filter { class: vec![ThreatClass::Xss], ..Filter::default() }, &page),
        ("blocked, 24 h", Filter { action: vec![Action::Block], span: day, ..Filter::default() }, &page),
        ("enforced", Filter { enforced: Some(true), ..Filter::default() }, &page),
        ("one path", path(EndpointFilter::Path("/product/77".to_owned())), &page),
        ("prefix /", path(EndpointFilter::Prefix("/".to_owned())), &page),
        ("prefix of few", path(EndpointFilter::Prefix("/admin/".to_owned())), &page),
        ("word in many", Filter { words: vec!["firefox".to_owned()], ..Filter::default() }, &page),
        ("word in none", Filter { words: vec!["absent".to_owned()], ..Filter::default() }, &page),
    ];
    for (what, filter, page) in &lists {
        time(what, || store.traffic(filter, page)).await?;
    }
    let any = Filter::default();
    time("feed", || store.activities(&any, &page)).await?;
    time("threats", || store.threats(&any, &page)).await?;
    time("row by id", || store.traffic_by_id(777)).await?;
    let last_hours = Span::new(span.to.plus_micros(-86_400 * Timestamp::SECOND_MICROS), span.to);
    time("minutes of 24 h", || store.buckets(RollupLevel::Minute, last_hours, None)).await?;
    time("hours of everything", || store.buckets(RollupLevel::Hour, span, None)).await?;
    time("top statuses", || store.dimension(Dimension::Status, span, 10)).await?;
    time("top hosts", || store.dimension(Dimension::Host, span, 10)).await?;
    time("distinct clients, 24 h", || store.unique_clients(last_hours)).await?;
    time("extent", || store.extent()).await
}

async fn expire(store: &Arc<dyn Store>) -> Result<(), Failure> {
    let (from, to) = store.extent().await?.ok_or("an empty database")?;
    let cutoffs = RetentionCutoffs { traffic: to, threats: from, alerts: from, metrics: from };
    let begun = Instant::now();
    let expired = store.expire(cutoffs).await?;
    print(&format!("retention: {} rows in {:.1} s", expired.traffic, begun.elapsed().as_secs_f64()))
}

/// Prints the median and the slowest of some calls.
async fn time<T, E, F>(what: &str, call: impl Fn() -> F) -> Result<(), Failure>
where
    E: std::error::Error + 'static,
    F: Future<Output = Result<T, E>>,
{
    let mut took = Vec::with_capacity(CALLS);
    for _ in 0..CALLS {
        let begun = Instant::now();
        call().await?;
        took.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    took.sort_by(f64::total_cmp);
    let median = took.get(CALLS / 2).copied().unwrap_or_default();
    let slowest = took.last().copied().unwrap_or_default();
    print(&format!("{what:<24} median {median:8.2} ms   slowest {slowest:8.2} ms"))
}

fn path(endpoint: EndpointFilter) -> Filter {
    Filter { endpoint: Some(endpoint), ..Filter::default() }
}

fn print(line: &str) -> Result<(), Failure> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}

/// A linear congruential generator (Knuth's MMIX constants): the same traffic on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The request in the combined log format.
fn line(request: &HttpRequest, target: &str, agent: &str) -> String {
    let time = request.time.to_rfc3339_seconds();
    let part = |from: usize, to: usize| time.get(from..to).unwrap_or_default();
    let month = part(5, 7).parse().ok().and_then(|month: usize| MONTHS.get(month.checked_sub(1)?));
    format!(
        "{} - - [{}/{}/{}:{} +0000] \"GET {target} HTTP/1.1\" {} {} \"-\" \"{agent}\"",
        request.client,
        part(8, 10),
        month.unwrap_or(&"-"),
        part(0, 4),
        part(11, 19),
        request.status,
        request.response_bytes.unwrap_or_default(),
    )
}

/// A request of that second: two hosts, many clients, one attack in fifty.
fn invent(random: &mut Random, start: Timestamp, second: u64) -> Result<Judged, Failure> {
    let time = Timestamp::from_secs(start.secs() + i64::try_from(second)?);
    let target = match random.below(1_000) {
        0 => format!("/admin/{}", random.below(50)),
        1..=600 => format!("/product/{}", random.below(5_000)),
        601..=800 => format!("/search?q=item+{}&page={}", random.below(100_000), random.below(9)),
        _ => format!("/static/app-{}.js", random.below(20)),
    };
    let mut request = HttpRequest::new(time, "GET", target.as_bytes(), Via::Log);
    request.client = match random.below(10_000) {
        0 => format!("192.0.2.{}", random.below(4)),
        1..=4_000 => format!("198.51.100.{}", random.below(250)),
        _ => format!("203.0.{}.{}", random.below(250), random.below(250)),
    };
    request.host = Some(if random.below(4) == 0 { "api.example.com" } else { "shop.example.com" }.to_owned());
    request.status = match random.below(1_000) {
        0 => 503,
        1..=40 => 404,
        41..=90 => 302,
        _ => 200,
    };
    request.response_bytes = Some(random.below(50_000));
    request.response_time_ms = Some(random.below(4_000) as f64 / 10.0);
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0";
    request.headers = vec![("user-agent".to_owned(), agent.as_bytes().to_vec())];
    request.raw_line = Some(line(&request, &target, agent));
    let score = AnomalyScore::new(random.below(100) as f64 / 1_000.0);
    let mut verdict = Verdict::allow(Some(score));
    if random.below(50) == 0 {
        let class = *ThreatClass::ALL.get(usize::try_from(random.below(6))?).ok_or("six classes")?;
        verdict = Verdict {
            action: Action::Block,
            enforced: false,
            class: Some(class),
            severity: Some(Severity::of(class, 0.97, Action::Block)),
            score: Some(AnomalyScore::new(0.97)),
            decided_by: DecidedBy::Model,
            payload: Some("' or 1=1 --".to_owned()),
            details: Some("SQL syntax in query parameter q".to_owned()),
        };
    }
    let assessment =
        Assessment { score: verdict.score, model: Some(Arc::from("wall-2")), ..Assessment::default() };
    Ok(Judged { request, assessment, verdict, judged_us: 20 })
}
