//! A `bartizan serve` of the tests, and the folder that it works in.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::access_log::number_of;
use crate::http;

/// How long anything may take before a test gives up; far more than needed, since the machine may be busy.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

/// Pause between two looks at something that will change.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// A folder with a log and a database, both not there yet.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.path("access.log")
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.path("x.db")
    }

    /// `bartizan serve` on a free port with the database of this place and these further arguments.
    pub(crate) fn command<I: AsRef<std::ffi::OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = I>,
    ) -> Command {
        self.command_with(&format!("sqlite://{}", self.database().display()), arguments)
    }

    /// The same with another database.
    pub(crate) fn command_with<I: AsRef<std::ffi::OsStr>>(
        &self,
        url: &str,
        arguments: impl IntoIterator<Item = I>,
    ) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
        command.current_dir(self.folder.path()).env("RUST_LOG", "warn").env_remove("RUST_BACKTRACE");
        command.args(["serve", "--listen", "127.0.0.1:0", "--db", url]).args(arguments);
        command.stdin(Stdio::null());
        command
    }

    /// Starts a server that reads the log of this place.
    pub(crate) fn serve(&self) -> Server {
        Server::start(&mut self.command([Path::new("--log"), &self.log()]), &self.path("stderr"))
    }

    /// The same with another database.
    pub(crate) fn serve_with(&self, url: &str) -> Server {
        let mut command = self.command_with(url, [Path::new("--log"), &self.log()]);
        Server::start(&mut command, &self.path("stderr-of-other"))
    }
}

/// A running server; killed when dropped.
pub(crate) struct Server {
    child: Child,
    stdout: ChildStdout,
    stderr: PathBuf,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts it and waits until it says where it listens.
    pub(crate) fn start(command: &mut Command, stderr: &Path) -> Self {
        let errors = File::create(stderr).expect("a file for the messages");
        let mut child = command.stdout(Stdio::piped()).stderr(errors).spawn().expect("the binary starts");
        let mut stdout = child.stdout.take().expect("piped");
        let line = next_line(&mut stdout);
        let address = line.trim_end().split_once("http://").and_then(|(_, address)| address.parse().ok());
        let address = address.unwrap_or_else(|| {
            let _ended = child.kill().and_then(|()| child.wait());
            panic!("no address in '{line}'; standard error: {}", read(stderr))
        });
        Self { child, stdout, stderr: stderr.to_owned(), address }
    }

    /// The next line of its standard output.
    pub(crate) fn next_line(&mut self) -> String {
        next_line(&mut self.stdout)
    }

    /// SIGKILL: no code of ours runs any more.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it was ours");
    }

    /// Sends a signal by its name, such as `INT`.
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let status = Command::new("kill").args(["-s", name, &pid]).status().expect("kill(1) is there");
        assert!(status.success(), "kill -s {name} failed");
    }

    /// Waits for its end.
    pub(crate) fn wait(mut self) -> (ExitStatus, String) {
        let status = wait(&mut self.child);
        (status, read(&self.stderr))
    }

    /// Asks it to stop and expects that it does so in peace.
    pub(crate) fn stop(self) {
        self.signal("TERM");
        let (status, messages) = self.wait();
        assert!(status.success(), "{status}: {messages}");
    }

    pub(crate) fn json(&self, path: &str) -> Value {
        http::json(self.address, path)
    }

    /// The first log source as `/system/sources` shows it.
    pub(crate) fn source(&self) -> Value {
        self.json("/api/v1/system/sources")["data"][0].clone()
    }

    /// Lines committed so far, parsed or not.
    pub(crate) fn lines_read(&self) -> u64 {
        self.source()["lines"].as_u64().expect("a count of lines")
    }

    /// Waits until the first source is in that state.
    pub(crate) fn wait_for_state(&self, state: &str) {
        let started = Instant::now();
        while self.source()["state"] != state {
            assert!(started.elapsed() < PATIENCE, "not {state}: {}", self.source());
            std::thread::sleep(LOOK_AGAIN);
        }
    }

    /// Waits until the log sources are as they should be.
    pub(crate) fn wait_for(&self, holds: impl Fn(&[Value]) -> bool) {
        let started = Instant::now();
        loop {
            let sources = self.json("/api/v1/system/sources")["data"].clone();
            if holds(sources.as_array().expect("a list")) {
                return;
            }
            assert!(started.elapsed() < PATIENCE, "not as it should be: {sources}");
            std::thread::sleep(LOOK_AGAIN);
        }
    }

    /// Waits until that many lines are committed.
    pub(crate) fn wait_for_lines(&self, lines: u64) {
        let started = Instant::now();
        let mut read = self.lines_read();
        while read < lines {
            assert!(started.elapsed() < PATIENCE, "{read} of {lines} lines were read: {}", self.source());
            std::thread::sleep(LOOK_AGAIN);
            read = self.lines_read();
        }
    }

    /// The numbers of every stored line, from every page of the traffic list.
    ///
    /// Panics when one is there twice.
    pub(crate) fn stored_lines(&self) -> BTreeSet<u64> {
        let mut numbers = BTreeSet::new();
        let mut path = "/api/v1/traffic?range=2d&limit=1000".to_owned();
        loop {
            let page = self.json(&path);
            for row in page["data"].as_array().expect("a list") {
                let endpoint = row["endpoint"].as_str().expect("a target");
                assert!(numbers.insert(number_of(endpoint)), "stored twice: {endpoint}");
            }
            match page["page"]["next"].as_str() {
                Some(next) => path = format!("/api/v1/traffic?range=2d&limit=1000&cursor={next}"),
                None => return numbers,
            }
        }
    }

    /// Checks that lines `0..count` are stored, each once, and that rollups and source say the same.
    pub(crate) fn assert_holds_each_line_once(&self, count: u64) {
        let stored = self.stored_lines();
        let missing: Vec<u64> = (0..count).filter(|number| !stored.contains(number)).take(5).collect();
        assert!(
            missing.is_empty(),
            "{} of {count} lines are stored; lost among others: {missing:?}",
            stored.len()
        );
        assert_eq!(stored.len() as u64, count, "rows in the traffic list");
        let summary = self.json("/api/v1/analytics/summary?range=2d");
        assert_eq!(summary["data"]["total_requests"], count, "requests in the rollups");
        assert_eq!(self.lines_read(), count, "lines of the source");
    }
}

fn next_line(stdout: &mut ChildStdout) -> String {
    let mut line = Vec::new();
    let mut byte = [0];
    while line.len() < 1024 && !line.ends_with(b"\n") && stdout.read(&mut byte).expect("readable") == 1 {
        line.extend(byte);
    }
    String::from_utf8_lossy(&line).into_owned()
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.child.kill().is_ok() {
            // It is gone either way, and a panic may be under way already.
            let _ended = self.child.wait();
        }
    }
}

/// Waits for the end of a process, with a limit.
pub(crate) fn wait(child: &mut Child) -> ExitStatus {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("it was ours") {
            return status;
        }
        if started.elapsed() > PATIENCE {
            let _ended = child.kill().and_then(|()| child.wait());
            panic!("it did not end within {PATIENCE:?}");
        }
        std::thread::sleep(LOOK_AGAIN);
    }
}

/// What a small file holds, as text.
pub(crate) fn read(path: &Path) -> String {
    let mut bytes = Vec::new();
    let file = File::open(path).expect("a file of ours");
    file.take(1 << 20).read_to_end(&mut bytes).expect("readable");
    String::from_utf8_lossy(&bytes).into_owned()
}
