//! A running server, looked at from outside: over HTTP and through `/proc`.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::Value;

use crate::shell;

/// Longest answer that is read.
const MAX_ANSWER_BYTES: u64 = 4 << 20;

/// How long a server may take to come up before the measurement is given up.
const PATIENCE: Duration = Duration::from_secs(20);

/// A `bartizan serve` of ours, ended when dropped.
pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
    /// From the start of the process until `/health` answered.
    pub(crate) startup: Duration,
}

impl Server {
    /// Starts the binary on a free loopback port, with its database in `folder`, and waits until it answers.
    pub(crate) fn start(binary: &Path, folder: &Path, log: &Path) -> anyhow::Result<Self> {
        Self::start_with(binary, folder, log, &[])
    }

    /// The same with more settings, as environment variables.
    pub(crate) fn start_with(
        binary: &Path,
        folder: &Path,
        log: &Path,
        settings: &[(&str, String)],
    ) -> anyhow::Result<Self> {
        let database = format!("sqlite://{}", folder.join("bench.db").display());
        Self::start_on(&database, binary, folder, log, settings)
    }

    /// The same over another database.
    pub(crate) fn start_on(
        database: &str,
        binary: &Path,
        folder: &Path,
        log: &Path,
        settings: &[(&str, String)],
    ) -> anyhow::Result<Self> {
        let address = free_address()?;
        let mut serve = Command::new(binary);
        serve.current_dir(folder).args([
            "serve",
            "--listen",
            &address.to_string(),
            "--db",
            database,
            "--log",
        ]);
        serve.arg(log).stdout(Stdio::null()).stderr(Stdio::null());
        serve.envs(settings.iter().map(|(name, value)| (name, value)));
        let started = Instant::now();
        let child = serve.spawn().with_context(|| format!("failed to start {}", binary.display()))?;
        let mut server = Self { child, address, startup: Duration::ZERO };
        while get(address, "/health").is_err() {
            if let Some(status) = server.child.try_wait()? {
                bail!("`{}` ended at once ({status})", shell::shown(&serve));
            }
            if started.elapsed() > PATIENCE {
                bail!("`{}` did not answer on /health within {PATIENCE:?}", shell::shown(&serve));
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        server.startup = started.elapsed();
        Ok(server)
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What a route answers.
    pub(crate) fn json(&self, route: &str) -> anyhow::Result<Value> {
        serde_json::from_str(&get(self.address, route)?)
            .with_context(|| format!("{route} did not answer JSON"))
    }

    /// Lines that the first source has read, from `/api/v1/system/sources`.
    pub(crate) fn lines_read(&self) -> anyhow::Result<u64> {
        let body = self.json("/api/v1/system/sources")?;
        body.pointer("/data/0/lines").and_then(Value::as_u64).context("no lines in /api/v1/system/sources")
    }

    /// A figure of `/proc/PID/status` in MB, such as `VmRSS` (memory now) or `VmHWM` (its peak).
    pub(crate) fn memory_mb(&self, name: &str) -> anyhow::Result<f64> {
        status_mb(&self.child, name)
    }

    /// Processor time used so far, in seconds.
    pub(crate) fn cpu_seconds(&self) -> anyhow::Result<f64> {
        let stat = stat(&self.child)?;
        let ticks = stat_ticks(&stat).with_context(|| format!("no times in {stat}"))?;
        Ok(ticks / ticks_per_second()?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.child.kill().is_ok() {
            // An error would mean that it is gone already, which is what is wanted.
            let _gone = self.child.wait();
        }
    }
}

/// What a program took that ran to its end.
pub(crate) struct Finished {
    pub(crate) wall_s: f64,
    pub(crate) cpu_s: f64,
    /// Most memory it had, as seen every few milliseconds.
    pub(crate) peak_mb: f64,
}

/// Runs a program to its end, without its output.
///
/// # Errors
/// When it cannot be started or fails, and where there is no `/proc`.
pub(crate) fn finish(command: &mut Command) -> anyhow::Result<Finished> {
    let text = shell::shown(command);
    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .with_context(|| format!("failed to start `{text}`"))?;
    let mut peak_mb = 0.0;
    // Its times can be read until it is waited for, when it has ended already: its state is then Z.
    let last = loop {
        let stat = stat(&child)?;
        if has_ended(&stat) {
            break stat;
        }
        peak_mb = status_mb(&child, "VmHWM").unwrap_or(peak_mb);
        std::thread::sleep(Duration::from_millis(5));
    };
    let wall_s = started.elapsed().as_secs_f64();
    let status = child.wait()?;
    if !status.success() {
        bail!("`{text}` failed ({status})");
    }
    let ticks = stat_ticks(&last).with_context(|| format!("no times of `{text}` in {last}"))?;
    Ok(Finished { wall_s, cpu_s: ticks / ticks_per_second()?, peak_mb })
}

fn stat(child: &Child) -> anyhow::Result<String> {
    let path = format!("/proc/{}/stat", child.id());
    shell::read(Path::new(&path)).context("processor time is measured on Linux only")
}

fn status_mb(child: &Child, name: &str) -> anyhow::Result<f64> {
    let path = format!("/proc/{}/status", child.id());
    let status = shell::read(Path::new(&path)).context("memory is measured on Linux only")?;
    status_kb(&status, name).map(|kb| kb / 1024.0).with_context(|| format!("no {name} in {path}"))
}

fn ticks_per_second() -> anyhow::Result<f64> {
    shell::answer(shell::command("getconf").arg("CLK_TCK"))
        .and_then(|text| text.parse().ok())
        .context("`getconf CLK_TCK` did not say how many ticks a second has")
}

/// The body of a GET, or an error unless the status is 200.
fn get(address: SocketAddr, path: &str) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    // One write, so that the whole request is there when the server first reads.
    stream.write_all(format!("GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n").as_bytes())?;
    let mut answer = Vec::new();
    stream.take(MAX_ANSWER_BYTES).read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").context("no HTTP answer")?;
    if head.split(' ').nth(1) != Some("200") {
        bail!("GET {path} answered {}", head.lines().next().unwrap_or_default());
    }
    Ok(body.to_owned())
}

/// A loopback address that was free a moment ago.
fn free_address() -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?)
}

fn status_kb(status: &str, name: &str) -> Option<f64> {
    let value = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    value.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// Whether the state, the field behind the name, is that of a process that is gone but for its figures.
fn has_ended(stat: &str) -> bool {
    stat.rsplit_once(')').is_some_and(|(_, after)| after.trim_start().starts_with('Z'))
}

/// User and system time, fields 14 and 15 of proc(5); the name in field 2 may hold spaces and brackets.
fn stat_ticks(stat: &str) -> Option<f64> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    Some(fields.next()?.parse::<f64>().ok()? + fields.next()?.parse::<f64>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_proc_are_read() {
        let status = "Name:\tbartizan\nVmPeak:\t  999 kB\nVmHWM:\t  70000 kB\nVmRSS:\t   61440 kB\n";
        assert_eq!(status_kb(status, "VmRSS"), Some(61440.0));
        assert_eq!(status_kb(status, "VmHWM"), Some(70000.0));
        assert_eq!(status_kb(status, "VmR"), None);
        let stat = "42 (a ) name) S 1 42 42 0 -1 4194560 1 0 0 0 150 25 0 0 20 0 9 0 1 2 3";
        assert_eq!(stat_ticks(stat), Some(175.0));
        assert_eq!(stat_ticks("42 (short) S 1"), None);
        assert!(!has_ended(stat) && has_ended("42 (a) Z) Z 1 42") && !has_ended("42 (Z"));
    }

    #[test]
    fn a_program_is_measured_to_its_end() {
        let counting = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; sleep 0.2";
        let run = finish(Command::new("sh").args(["-c", counting])).expect("it succeeds");
        assert!(run.wall_s >= 0.2 && run.cpu_s > 0.0 && run.peak_mb > 0.0, "{} {}", run.cpu_s, run.peak_mb);
        assert!(run.cpu_s <= run.wall_s + 0.1, "one thread cannot work for longer than it runs");
        let error = finish(Command::new("sh").args(["-c", "exit 3"])).err().expect("it fails").to_string();
        assert!(error.contains("exit 3"), "{error}");
    }

    #[test]
    fn a_get_gives_the_body_and_only_of_a_success() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback");
        let address = listener.local_addr().expect("bound");
        let answers =
            ["HTTP/1.1 200 OK\r\n\r\nbody", "HTTP/1.1 503 Service Unavailable\r\n\r\nbody", "nonsense"];
        let server = std::thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().expect("a client");
                let mut request = [0; 512];
                let _read = stream.read(&mut request).expect("a request");
                stream.write_all(answer.as_bytes()).expect("the client listens");
            }
        });
        assert_eq!(get(address, "/x").expect("200"), "body");
        assert!(get(address, "/x").expect_err("503").to_string().contains("503"));
        assert!(get(address, "/x").is_err());
        server.join().expect("no panic");
        assert!(get(address, "/x").is_err(), "nobody listens any more");
    }
}
