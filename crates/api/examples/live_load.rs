//! A load on the live socket, and what it feels like to be part of it: `cargo run --release -p bartizan-api --example
//! live_load -- ADDRESS LOG PHASE …`. Writes the log that the server at ADDRESS follows, reads the sockets, and prints
//! figures as `NAME VALUE`. Phases:
//!
//! * `latency SECONDS`: from writing an attack to its `threat` frame, ten attacks a second, one socket.
//! * `idle SOCKETS`: opens sockets, prints `open N`, and holds them until standard input ends.
//! * `crowd SOCKETS SECONDS THREATS LINES`: so many sockets while LINES lines a second are written, THREATS of them attacks.
//! * `away SECONDS`: a socket that is gone for so long, beside one that stays, at a hundred frames a second.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bartizan_model::{Clock as _, SystemClock};
use futures_util::StreamExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

type Failure = Box<dyn Error + Send + Sync>;
type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Sockets that are opened at the same time.
const OPENED_AT_ONCE: usize = 64;
/// How long frames are waited for after the last line was written.
const AFTERWARDS: Duration = Duration::from_secs(3);
/// Attacks of one run at most: so many instants are remembered.
const MOST_ATTACKS: usize = 65_536;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, log, phase, numbers @ ..] = arguments.as_slice() else {
        return Err("give ADDRESS LOG PHASE".into());
    };
    let numbers = numbers.iter().map(|text| text.parse()).collect::<Result<Vec<u64>, _>>()?;
    let log = Log::open(log)?;
    match (phase.as_str(), numbers.as_slice()) {
        ("latency", [seconds]) => latency(address, log, *seconds).await,
        ("idle", [sockets]) => idle(address, usize::try_from(*sockets)?).await,
        ("crowd", [sockets, seconds, threats, lines]) => {
            crowd(address, log, usize::try_from(*sockets)?, *seconds, *threats, *lines).await
        }
        ("away", [seconds]) => away(address, log, *seconds).await,
        _ => Err(format!("no phase {phase} with {} numbers", numbers.len()).into()),
    }
}

async fn latency(address: &str, log: Log, seconds: u64) -> Result<(), Failure> {
    let attacks = log.attacks();
    let socket = open(address, "?types=threat").await?;
    let over = Arc::new(AtomicBool::new(false));
    let reading = tokio::spawn(read(socket, Arc::clone(&attacks), Arc::clone(&over)));
    tokio::task::spawn_blocking(move || log.write_for(seconds, 10, 10)).await??;
    tokio::time::sleep(AFTERWARDS).await;
    over.store(true, Ordering::Relaxed);
    let seen = reading.await?;
    say("attacks", attacks.written() as f64);
    say("frames", seen.delays_ms.len() as f64);
    percentiles(seen.delays_ms);
    Ok(())
}

async fn idle(address: &str, count: usize) -> Result<(), Failure> {
    let sockets = open_many(address, "", count).await?;
    let mut reading = JoinSet::new();
    for mut socket in sockets {
        reading.spawn(async move { while let Some(Ok(_)) = socket.next().await {} });
    }
    say("open", count as f64);
    tokio::task::spawn_blocking(|| std::io::stdin().read(&mut [0])).await??;
    Ok(())
}

async fn crowd(
    address: &str,
    log: Log,
    count: usize,
    seconds: u64,
    threats: u64,
    lines: u64,
) -> Result<(), Failure> {
    let attacks = log.attacks();
    let over = Arc::new(AtomicBool::new(false));
    let mut reading = JoinSet::new();
    for socket in open_many(address, "", count).await? {
        reading.spawn(read(socket, Arc::clone(&attacks), Arc::clone(&over)));
    }
    say("open", count as f64);
    let written = tokio::task::spawn_blocking(move || log.write_for(seconds, threats, lines)).await??;
    say("written", written as f64);
    tokio::time::sleep(AFTERWARDS).await;
    over.store(true, Ordering::Relaxed);
    let (mut delays_ms, mut ended, mut lagged) = (Vec::new(), 0_u64, 0_u64);
    while let Some(seen) = reading.join_next().await {
        let seen = seen?;
        delays_ms.extend(seen.delays_ms);
        ended += u64::from(seen.ended);
        lagged += seen.lagged;
    }
    say("attacks", attacks.written() as f64);
    say("frames", delays_ms.len() as f64);
    say("disconnected", ended as f64);
    say("lagged", lagged as f64);
    percentiles(delays_ms);
    Ok(())
}

async fn away(address: &str, log: Log, seconds: u64) -> Result<(), Failure> {
    let (mut witness, mut socket) = (open(address, "").await?, open(address, "").await?);
    let whole = seconds + 15;
    let writing = tokio::task::spawn_blocking(move || log.write_for(whole, 50, 100));
    let end = Instant::now() + Duration::from_secs(whole) + AFTERWARDS;
    let staying = tokio::spawn(async move {
        let mut numbers = BTreeSet::new();
        while let Some(text) = text_until(&mut witness, end).await {
            numbers.extend(number_of_event(&text));
        }
        numbers
    });
    let mut numbers = BTreeSet::new();
    let (mut since, mut epoch) = (0, String::new());
    let leaves = Instant::now() + Duration::from_secs(5);
    while let Some(text) = text_until(&mut socket, leaves).await {
        if let Some(found) = member(&text, "\"epoch\":\"") {
            found.clone_into(&mut epoch);
        }
        if let Some(number) = number_of_event(&text) {
            since = number;
            numbers.insert(number);
        }
    }
    drop(socket);
    let first = numbers.first().copied().ok_or("nothing came before it left")?;
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let mut socket = open(address, &format!("?since={since}&epoch={epoch}")).await?;
    let (mut twice, mut lost) = (0_u64, f64::NAN);
    while let Some(text) = text_until(&mut socket, end).await {
        if text.starts_with("{\"type\":\"resumed\"") {
            lost = member(&text, "\"lost\":").and_then(|text| text.parse().ok()).unwrap_or(f64::NAN);
        }
        if let Some(number) = number_of_event(&text) {
            twice += u64::from(!numbers.insert(number));
        }
    }
    writing.await??;
    let stayed = staying.await?;
    let last = numbers.last().copied().unwrap_or_default().min(stayed.last().copied().unwrap_or_default());
    let missing = stayed.range(first..=last).filter(|number| !numbers.contains(number)).count();
    say("frames", stayed.range(first..=last).count() as f64);
    say("missing", missing as f64);
    say("twice", twice as f64);
    say("lost", lost);
    Ok(())
}

/// What one socket saw.
#[derive(Debug, Default)]
struct Seen {
    delays_ms: Vec<f32>,
    lagged: u64,
    /// Whether it ended before it was over.
    ended: bool,
}

async fn read(mut socket: Socket, attacks: Arc<Attacks>, over: Arc<AtomicBool>) -> Seen {
    let mut seen = Seen::default();
    while !over.load(Ordering::Relaxed) {
        let Ok(message) = tokio::time::timeout(Duration::from_millis(500), socket.next()).await else {
            continue;
        };
        match message {
            Some(Ok(Message::Text(text))) => {
                if text.starts_with("{\"type\":\"threat\"") {
                    seen.delays_ms.extend(attacks.delay_ms(text.as_str()));
                } else if text.starts_with("{\"type\":\"lagged\"") {
                    seen.lagged += 1;
                }
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => {
                seen.ended = true;
                return seen;
            }
            Some(Ok(_)) => {}
        }
    }
    seen
}

async fn open(address: &str, query: &str) -> Result<Socket, Failure> {
    Ok(connect_async(format!("ws://{address}/ws{query}")).await?.0)
}

async fn open_many(address: &str, query: &'static str, count: usize) -> Result<Vec<Socket>, Failure> {
    let mut sockets = Vec::with_capacity(count);
    let mut left = count;
    while left > 0 {
        let mut opening = JoinSet::new();
        for _ in 0..left.min(OPENED_AT_ONCE) {
            let address = address.to_owned();
            opening.spawn(async move { open(&address, query).await });
        }
        left -= opening.len();
        while let Some(socket) = opening.join_next().await {
            sockets.push(socket??);
        }
    }
    Ok(sockets)
}

/// The next text, until that instant or the end of the socket.
async fn text_until(socket: &mut Socket, end: Instant) -> Option<String> {
    loop {
        let left = end.saturating_duration_since(Instant::now());
        match tokio::time::timeout(left, socket.next()).await.ok()?? {
            Ok(Message::Text(text)) => return Some(text.as_str().to_owned()),
            Ok(_) => {}
            Err(_) => return None,
        }
    }
}

/// The number of a frame that carries an object of its own.
fn number_of_event(text: &str) -> Option<u64> {
    let kinds = ["alert", "threat", "traffic", "activity"];
    let kind = member(text, "{\"type\":\"")?;
    let (_, number) = text.rsplit_once("\"seq\":")?;
    let digits = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    kinds.contains(&kind).then(|| number[..digits].parse().ok())?
}

/// What follows that text, up to the end of the member.
fn member<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(name)?;
    rest.split(['"', ',', '}']).next()
}

/// When each attack was written, in microseconds since the beginning.
#[derive(Debug)]
struct Attacks {
    begun: Instant,
    written_us: Vec<AtomicU64>,
    next: AtomicU64,
    /// Tells the attacks of this run from those of another on the same log.
    run: u64,
}

impl Attacks {
    fn written(&self) -> u64 {
        self.next.load(Ordering::Relaxed)
    }

    fn delay_ms(&self, frame: &str) -> Option<f32> {
        let (_, rest) = frame.split_once("/item/m")?;
        let (run, rest) = rest.split_once('x')?;
        let (number, _) = rest.split_once('x')?;
        if run.parse::<u64>().ok()? != self.run {
            return None;
        }
        let written = self.written_us.get(number.parse::<usize>().ok()?)?.load(Ordering::Relaxed);
        let now = u64::try_from(self.begun.elapsed().as_micros()).ok()?;
        Some(now.checked_sub(written)? as f32 / 1_000.0)
    }
}

/// The log that the server follows.
struct Log {
    file: File,
    attacks: Arc<Attacks>,
}

impl Log {
    fn open(path: &str) -> std::io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        let written_us = (0..MOST_ATTACKS).map(|_| AtomicU64::new(0)).collect();
        let run = SystemClock.now().micros().unsigned_abs() % 1_000_000_000;
        let attacks = Attacks { begun: Instant::now(), written_us, next: AtomicU64::new(0), run };
        Ok(Self { file, attacks: Arc::new(attacks) })
    }

    fn attacks(&self) -> Arc<Attacks> {
        Arc::clone(&self.attacks)
    }

    /// Writes so many lines a second, attacks among them evenly; returns how many lines it wrote. In steps of a
    /// hundredth of a second, as far as there are so many lines.
    fn write_for(mut self, seconds: u64, threats: u64, lines: u64) -> Result<u64, Failure> {
        let steps = lines.clamp(1, 100);
        let begun = Instant::now();
        let (mut written, mut attacked) = (0, 0);
        for step in 0..seconds * steps {
            let due = Duration::from_micros(step * 1_000_000 / steps);
            std::thread::sleep(due.saturating_sub(begun.elapsed()));
            let time = log_time();
            let mut text = String::new();
            while written * steps < (step + 1) * lines {
                let is_attack = attacked * lines < (written + 1) * threats;
                if is_attack {
                    let number = self.attacks.next.fetch_add(1, Ordering::Relaxed);
                    let now = u64::try_from(self.attacks.begun.elapsed().as_micros())?;
                    let slot = self.attacks.written_us.get(usize::try_from(number)?);
                    slot.ok_or("too many attacks")?.store(now, Ordering::Relaxed);
                    attacked += 1;
                    writeln!(
                        text,
                        "203.0.113.{} - - [{time}] \"GET /item/m{}x{number}x?id=1%20UNION%20ALL%20SELECT%20NULL,\
                         password%20FROM%20users--%20- HTTP/1.1\" 404 512 \"-\" \"Mozilla/5.0 (compatible)\"",
                        number % 50,
                        self.attacks.run
                    )?;
                } else {
                    writeln!(
                        text,
                        "198.51.100.{} - - [{time}] \"GET /products/{} HTTP/1.1\" 200 5120 \"-\" \"Mozilla/5.0 (X11; \
                         Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\"",
                        written % 250,
                        written % 997
                    )?;
                }
                written += 1;
            }
            self.file.write_all(text.as_bytes())?;
        }
        Ok(written)
    }
}

/// The present second as logs have it.
fn log_time() -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = SystemClock.now().to_rfc3339_seconds();
    let (date, clock) = text.trim_end_matches('Z').split_once('T').unwrap_or_default();
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let month = month
        .and_then(|month| month.parse::<usize>().ok())
        .and_then(|month| MONTHS.get(month.wrapping_sub(1)));
    format!("{}/{}/{}:{clock} +0000", day.unwrap_or_default(), month.unwrap_or(&""), year.unwrap_or_default())
}

fn percentiles(mut delays_ms: Vec<f32>) {
    delays_ms.sort_by(f32::total_cmp);
    for (name, share) in [("p50_ms", 50), ("p99_ms", 99), ("max_ms", 100)] {
        let at = (delays_ms.len() * share / 100).saturating_sub(1);
        say(name, delays_ms.get(at).copied().map_or(0.0, f64::from));
    }
}

/// One figure; whoever started this reads it as it comes.
fn say(name: &str, value: f64) {
    let mut out = std::io::stdout();
    // Nobody listens any more: then nobody misses it.
    let _ = writeln!(out, "{name} {value}").and_then(|()| out.flush());
}
