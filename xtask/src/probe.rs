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
        let address = free_address()?;
        let database = format!("sqlite://{}", folder.join("bench.db").display());
        let mut serve = Command::new(binary);
        serve.current_dir(folder).args([
            "serve",
            "--listen",
            &address.to_string(),
            "--db",
            &database,
            "--log",
        ]);
        serve.arg(log).stdout(Stdio::null()).stderr(Stdio::null());
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

    /// Lines that the first source has read, from `/api/v1/system/sources`.
    pub(crate) fn lines_read(&self) -> anyhow::Result<u64> {
        let body: Value = serde_json::from_str(&get(self.address, "/api/v1/system/sources")?)
            .context("/api/v1/system/sources did not answer JSON")?;
        body.pointer("/data/0/lines").and_then(Value::as_u64).context("no lines in /api/v1/system/sources")
    }

    /// A figure of `/proc/PID/status` in MB, such as `VmRSS` (memory now) or `VmHWM` (its peak).
    pub(crate) fn memory_mb(&self, name: &str) -> anyhow::Result<f64> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = shell::read(Path::new(&path)).context("memory is measured on Linux only")?;
        status_kb(&status, name).map(|kb| kb / 1024.0).with_context(|| format!("no {name} in {path}"))
    }

    /// Processor time used so far, in seconds.
    pub(crate) fn cpu_seconds(&self) -> anyhow::Result<f64> {
        let path = format!("/proc/{}/stat", self.child.id());
        let stat = shell::read(Path::new(&path)).context("processor time is measured on Linux only")?;
        let per_second = shell::answer(shell::command("getconf").arg("CLK_TCK"))
            .and_then(|text| text.parse::<f64>().ok())
            .context("`getconf CLK_TCK` did not say how many ticks a second has")?;
        stat_ticks(&stat).map(|ticks| ticks / per_second).with_context(|| format!("no times in {path}"))
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
