//! A low limit of open files is no way to silence the server.

use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::access_log::{append, lines};
use crate::http;
use crate::server::{Place, Server};

/// The soft limit that it starts with; fewer than most shells give.
const SOFT_LIMIT: usize = 128;

/// Well below the half minute after which idle connections are closed, which would make room as well.
const QUICKLY: Duration = Duration::from_secs(8);

/// Connections took every file that could be opened, and from then on not even /health was answered.
#[test]
fn idle_connections_leave_files_for_health_and_logs() {
    let place = Place::new();
    append(&place.log(), lines(0..10));
    let mut command = place.command(["--log"]);
    command.arg(place.log());
    let server = Server::start(&mut limited(&command), &place.path("stderr"));
    server.wait_for_lines(10);
    let idle: Vec<TcpStream> = (0..3 * SOFT_LIMIT)
        .map(|_| TcpStream::connect(server.address).expect("it is listened for connections"))
        .collect();
    let asked = Instant::now();
    let (status, body) = http::get(server.address, "/health").expect("an answer");
    assert_eq!(status, 200, "{body}");
    assert!(asked.elapsed() < QUICKLY, "answered after {:?}", asked.elapsed());
    append(&place.log(), lines(10..20));
    server.wait_for_lines(20);
    drop(idle);
    server.stop();
}

/// The same command, started by a shell that lowers its soft limit.
fn limited(plain: &Command) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("ulimit -Sn {SOFT_LIMIT}; exec \"$0\" \"$@\""));
    command.arg(plain.get_program()).args(plain.get_args());
    if let Some(folder) = plain.get_current_dir() {
        command.current_dir(folder);
    }
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}
