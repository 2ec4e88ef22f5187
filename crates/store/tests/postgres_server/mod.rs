//! A private PostgreSQL server for tests: in a folder of its own, reached through a socket there, and gone with the process
//! that started it, however that ends.

use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

/// How long the server may take to start; far more than needed, since the machine may be busy.
const PATIENCE: Duration = Duration::from_mins(2);

/// Runs the server until a line or the end of its input comes; only `keep` lets the folder stay.
const KEEPER: &str = r#"
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c max_connections=300 >>"$2/log" 2>&1 &
server=$!
read -r wish
# Again and again, because a server that is only just starting does not hear it yet.
while kill -s "${wish:-INT}" "$server"; do sleep 0.2; done 2>/dev/null &
wait "$server"
[ -n "$wish" ] || rm -rf "$2"
"#;

/// A server; stopped and removed when dropped, or when this process ends.
pub(crate) struct Server {
    programs: PathBuf,
    folder: PathBuf,
    keeper: Option<(Child, ChildStdin)>,
}

impl Server {
    /// Makes one and waits until it answers.
    pub(crate) fn start() -> Self {
        let folder =
            tempfile::Builder::new().prefix("bartizan-pg").tempdir().expect("a temporary folder").keep();
        if is_root() {
            run(Command::new("chown").arg("postgres:").arg(&folder));
        }
        let mut server = Self { programs: programs(), folder, keeper: None };
        run(as_owner(&server.programs.join("initdb"))
            .args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"])
            .arg(server.folder.join("data")));
        server.resume();
        server
    }

    /// The URL of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.folder().display())
    }

    /// Where its data and the socket that it listens on lie.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes an empty database.
    pub(crate) fn create(&self, database: &str) {
        run(Command::new(self.programs.join("createdb"))
            .args(["-U", "postgres", "-h"])
            .arg(&self.folder)
            .arg(database));
    }

    /// Cuts every connection and stops, as after a failure: what was not committed is gone.
    pub(crate) fn crash(&mut self) {
        self.end(b"QUIT\n");
    }

    /// Starts again after a crash.
    pub(crate) fn resume(&mut self) {
        let mut keeper = as_owner(Path::new("sh"));
        std::os::unix::process::CommandExt::process_group(&mut keeper, 0);
        let keeper = keeper.args(["-c", KEEPER, "sh"]).arg(&self.programs).arg(&self.folder);
        let mut keeper = keeper.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("sh starts");
        let stdin = keeper.stdin.take().expect("piped");
        self.keeper = Some((keeper, stdin));
        let begun = Instant::now();
        let mut ready = Command::new(self.programs.join("pg_isready"));
        ready.args(["-q", "-h"]).arg(&self.folder);
        while !ready.status().expect("pg_isready starts").success() {
            assert!(
                begun.elapsed() < PATIENCE,
                "the server does not answer, see {}/log",
                self.folder.display()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn end(&mut self, wish: &[u8]) {
        if let Some((mut keeper, mut stdin)) = self.keeper.take() {
            std::io::Write::write_all(&mut stdin, wish).expect("the keeper listens");
            drop(stdin);
            keeper.wait().expect("it was ours");
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end(b"");
    }
}

fn run(command: &mut Command) {
    let output = command.output().expect("the program starts");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A program run by the user that the server belongs to: PostgreSQL refuses to run as root.
fn as_owner(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--"])
        .arg(program)
        .current_dir("/");
    command
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// The folder of the server's programs, the newest version: Debian keeps them outside the search path.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = versions.map(|version| version.path().join("bin"));
    let search = std::env::var_os("PATH").unwrap_or_default();
    let mut found: Vec<PathBuf> = debian
        .chain(std::env::split_paths(&search))
        .filter(|folder| folder.join("pg_isready").is_file())
        .collect();
    found.sort();
    found.pop().expect("PostgreSQL is installed: `cargo xtask test` does that, or apt-get install postgresql")
}
