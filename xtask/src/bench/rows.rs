//! The API over a database of ten million requests, asked by sixteen clients at once through `wrk`.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::Value;

use super::figure::{Figure, Target, figure};
use crate::probe::Server;
use crate::shell;

/// Requests in the database, unless `BENCH_ROWS` says otherwise.
const ROWS: u64 = 10_000_000;

/// Days over which they are spread.
const DAYS: u64 = 30;

/// Clients that ask at the same time.
const CLIENTS: &str = "16";

/// How long each address is asked, in seconds.
const SECONDS: &str = "3";

/// Lines per second that are written while the lists are read.
const WRITTEN_PER_SECOND: u64 = 5_000;

const RANGES: [&str; 4] = ["1h", "24h", "7d", "30d"];

/// What sums and sketches answer; `{}` is the range.
const CHARTS: [&str; 12] = [
    "/api/v1/metrics/historical?range={}",
    "/api/v1/charts/requests?range={}",
    "/api/v1/charts/threats?range={}",
    "/api/v1/charts/performance?range={}",
    "/api/v1/analytics/overview?range={}",
    "/api/v1/analytics/summary?range={}",
    "/api/v1/analytics/trends/requests?range={}",
    "/api/v1/analytics/trends/latency?range={}",
    "/api/v1/analytics/top/path?range={}",
    "/api/v1/analytics/top/ip?range={}",
    "/api/v1/analytics/scores?range={}",
    "/api/v1/threats/stats?range={}",
];

/// Filters of the lists, each alone; the values are those that the generator invents.
const FILTERS: [&str; 17] = [
    "",
    "ip=198.51.100.7",
    "ip=203.0.113.0/24",
    "method=GET",
    "status=404",
    "status=5xx",
    "host=shop.example.com",
    "endpoint=/product/77",
    "class=xss",
    "severity=critical",
    "action=block",
    "min_score=0.5",
    "q=admin",
    "q=nowhere",
    "endpoint=/admin/*",
    "enforced=true",
    "min_score=0.99",
];

/// Fills the database and asks.
pub(super) fn measure(binary: &Path, folder: &Path) -> anyhow::Result<Vec<Figure>> {
    if shell::find("wrk").is_none() {
        bail!("`wrk` asks the server in this measurement; install it (Debian: apt-get install wrk)");
    }
    let rows = match std::env::var("BENCH_ROWS") {
        Ok(rows) => rows.parse().with_context(|| format!("BENCH_ROWS is no number: {rows}"))?,
        Err(_) => ROWS,
    };
    let database = match std::env::var("BENCH_DATABASE") {
        Ok(filled) if filled.starts_with("postgres") => filled,
        Ok(filled) => format!("sqlite://{}", std::path::absolute(&filled)?.display()),
        Err(_) => {
            println!("      fill {rows} rows over {DAYS} days");
            let database = format!("sqlite://{}", folder.join("bench.db").display());
            fill(&database, rows)?;
            database
        }
    };
    println!("      ask {}; some rows are added", database.split('@').next_back().unwrap_or_default());
    let log = folder.join("access.log");
    std::fs::write(&log, "")?;
    // What is asked for must not be expired meanwhile.
    let kept = (2 * DAYS).to_string();
    let settings = [
        ("BARTIZAN__RETENTION__TRAFFIC_DAYS", kept.clone()),
        ("BARTIZAN__RETENTION__METRICS_DAYS", kept.clone()),
        ("BARTIZAN__RETENTION__ALERTS_DAYS", kept),
    ];
    let server = Server::start_on(&database, binary, folder, &log, &settings)?;
    let bytes = storage(&server, "used_bytes")?;
    let mut figures = vec![
        figure("bytes per stored request", bytes / rows as f64, "bytes", Target::Below(350.0))
            .aiming_at(150.0),
    ];
    let charts = slowest(&server, &charts())?;
    figures
        .push(figure("charts and metrics, slowest p99", charts, "ms", Target::Below(100.0)).aiming_at(15.0));
    let lists = lists(&server, rows)?;
    let slowest_list = slowest(&server, &lists)?;
    figures.push(figure("lists, slowest p99", slowest_list, "ms", Target::Below(200.0)).aiming_at(30.0));
    let before = server.lines_read()?;
    let begun = Instant::now();
    let writer = Writer::start(log);
    let while_written = slowest(&server, &lists)?;
    let read = (server.lines_read()? - before) as f64 / begun.elapsed().as_secs_f64();
    let written = writer.stop()?;
    figures.push(
        figure("lists while rows are written", while_written, "ms", Target::Below(200.0)).aiming_at(50.0),
    );
    figures.push(figure("lines written meanwhile", written, "lines/s", Target::None));
    figures.push(figure("lines stored meanwhile", read, "lines/s", Target::None));
    figures.push(
        figure("memory of the server, peak", server.memory_mb("VmHWM")?, "MB", Target::Below(250.0))
            .aiming_at(120.0),
    );
    figures.push(checks(&server, folder)?);
    let left = storage(&server, "traffic_rows")?;
    if left < rows as f64 {
        bail!("of {rows} rows only {left} are left: the others expired while they were asked for");
    }
    Ok(figures)
}

fn storage(server: &Server, member: &str) -> anyhow::Result<f64> {
    let storage = server.json("/api/v1/system/storage")?;
    let value = storage.pointer("/data").and_then(|data| data.get(member)).and_then(Value::as_f64);
    value.with_context(|| format!("/api/v1/system/storage has no {member}"))
}

fn fill(database: &str, rows: u64) -> anyhow::Result<()> {
    let mut fill = shell::cargo();
    fill.args(["run", "--release", "--package", "bartizan-store", "--example", "fill", "--"]);
    fill.args([database, &rows.to_string(), &DAYS.to_string(), "keep"]);
    shell::run(&mut fill)
}

fn charts() -> Vec<String> {
    CHARTS.iter().flat_map(|route| RANGES.map(|range| route.replace("{}", range))).collect()
}

/// First pages of both lists under each filter, and the page that begins after half of the rows.
fn lists(server: &Server, rows: u64) -> anyhow::Result<Vec<String>> {
    let mut routes = Vec::new();
    for list in ["traffic", "threats"] {
        for filter in FILTERS {
            routes.push(format!("/api/v1/{list}?range=30d&limit=50&{filter}"));
        }
        routes.push(format!("/api/v1/{list}?range=30d&limit=50&cursor={}", deep_cursor(server, list)?));
    }
    println!("      {} lists over {rows} rows", routes.len());
    Ok(routes)
}

/// The cursor of the thousandth page of 50, reached in steps of a thousand rows.
fn deep_cursor(server: &Server, list: &str) -> anyhow::Result<String> {
    let mut cursor = String::new();
    for _ in 0..50 {
        let route = if cursor.is_empty() {
            format!("/api/v1/{list}?range=30d&limit=1000")
        } else {
            format!("/api/v1/{list}?range=30d&limit=1000&cursor={cursor}")
        };
        match server.json(&route)?.pointer("/page/next").and_then(Value::as_str) {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    Ok(cursor)
}

/// The largest p99 of some routes in milliseconds; each is printed.
fn slowest(server: &Server, routes: &[String]) -> anyhow::Result<f64> {
    let mut slowest: f64 = 0.0;
    for route in routes {
        let p99 = ask(&mut wrk(server, route))?.p99_ms;
        println!("      {p99:>8.1} ms  {route}");
        slowest = slowest.max(p99);
    }
    Ok(slowest)
}

fn wrk(server: &Server, route: &str) -> Command {
    let mut wrk = Command::new("wrk");
    wrk.args([
        "--threads",
        "1",
        "--connections",
        CLIENTS,
        "--duration",
        SECONDS,
        "--timeout",
        "30",
        "--latency",
    ]);
    wrk.arg(format!("http://{}{route}", server.address()));
    wrk
}

/// Targets: 10,000 checks per second on two cores with the load beside them, 25,000 aimed at.
fn checks(server: &Server, folder: &Path) -> anyhow::Result<Figure> {
    let script = folder.join("check.lua");
    std::fs::write(
        &script,
        "wrk.method = 'POST'\nwrk.headers['Content-Type'] = 'application/json'\n\
         wrk.body = '{\"method\":\"GET\",\"path\":\"/search?q=green+chair&page=3\",\"ip\":\"198.51.100.7\",\
         \"headers\":{\"user-agent\":\"Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0\"}}'\n",
    )?;
    let mut wrk = wrk(server, "/check");
    wrk.arg("--script").arg(script);
    let rate = ask(&mut wrk)?.per_second;
    Ok(figure("POST /check, 16 clients", rate, "1/s", Target::Above(10_000.0)).aiming_at(25_000.0))
}

#[derive(Debug, PartialEq)]
struct Answered {
    per_second: f64,
    p99_ms: f64,
}

/// Runs `wrk` and reads its report; an answer that is no success fails the measurement.
fn ask(wrk: &mut Command) -> anyhow::Result<Answered> {
    let text = shell::shown(wrk);
    let output = wrk.output().with_context(|| format!("failed to run `{text}`"))?;
    let report = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        bail!("`{text}` failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    answered(&report).with_context(|| format!("`{text}` reported:\n{report}"))
}

fn answered(report: &str) -> anyhow::Result<Answered> {
    if let Some(line) = report.lines().find(|line| line.contains("Non-2xx") || line.contains("Socket errors"))
    {
        bail!("not every request was answered: {}", line.trim());
    }
    let value = |name: &str| {
        let line = report.lines().find_map(|line| line.trim().strip_prefix(name));
        line.map(str::trim).with_context(|| format!("no line '{name}'"))
    };
    Ok(Answered { per_second: value("Requests/sec:")?.parse()?, p99_ms: milliseconds(value("99%")?)? })
}

/// A time as `wrk` writes it: `87.00us`, `1.52ms`, `2.01s`.
fn milliseconds(text: &str) -> anyhow::Result<f64> {
    for (unit, factor) in [("us", 1e-3), ("ms", 1.0), ("s", 1e3), ("m", 6e4)] {
        if let Some(number) = text.strip_suffix(unit)
            && let Ok(number) = number.parse::<f64>()
        {
            return Ok(number * factor);
        }
    }
    bail!("no time: {text}")
}

/// A thread that appends lines to the log which the server follows.
struct Writer {
    stopped: Arc<AtomicBool>,
    thread: JoinHandle<anyhow::Result<f64>>,
}

impl Writer {
    fn start(log: PathBuf) -> Self {
        let stopped = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&stopped);
        Self { stopped, thread: std::thread::spawn(move || write(&log, &stop)) }
    }

    /// Ends the thread; returns how many lines a second it wrote.
    fn stop(self) -> anyhow::Result<f64> {
        self.stopped.store(true, Ordering::Relaxed);
        match self.thread.join() {
            Ok(rate) => rate.context("failed to write the log"),
            Err(_) => bail!("the thread that writes the log panicked"),
        }
    }
}

fn write(log: &Path, stop: &AtomicBool) -> anyhow::Result<f64> {
    const STEPS: u64 = 20;
    let mut file = OpenOptions::new().append(true).open(log)?;
    let (begun, mut lines) = (Instant::now(), 0);
    while !stop.load(Ordering::Relaxed) {
        let mut text = Vec::new();
        let now = shell::answer(shell::command("date").args(["-u", "+%d/%b/%Y:%H:%M:%S +0000"]));
        let now = now.context("`date` did not say the time")?;
        for _ in 0..WRITTEN_PER_SECOND / STEPS {
            super::log::write_line(&mut text, lines, &now)?;
            lines += 1;
        }
        file.write_all(&text)?;
        // What was late is caught up, so that the rate holds.
        let due = Duration::from_secs_f64(lines as f64 / WRITTEN_PER_SECOND as f64);
        std::thread::sleep(due.saturating_sub(begun.elapsed()));
    }
    Ok(lines as f64 / begun.elapsed().as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_is_read_and_refusals_fail() {
        let report = "Running 3s test @ http://127.0.0.1:1/x\n  Latency Distribution\n     50%    1.10ms\n     \
                      99%    2.50ms\n  1000 requests in 3.00s\nRequests/sec:    333.50\nTransfer/sec:  1MB\n";
        assert_eq!(answered(report).expect("read"), Answered { per_second: 333.5, p99_ms: 2.5 });
        assert!(answered(&format!("{report}  Non-2xx or 3xx responses: 3\n")).is_err());
        assert!(answered("nothing").is_err());
    }

    #[test]
    fn times_have_units() {
        for (text, ms) in [("500.00us", 0.5), ("1.52ms", 1.52), ("2.01s", 2010.0), ("1.00m", 60_000.0)] {
            assert!((milliseconds(text).expect(text) - ms).abs() < 1e-9, "{text}");
        }
        assert!(milliseconds("5").is_err());
    }
}
