//! The configuration under `examples/` in the real servers of Debian: real requests, the server's own log, and what
//! Bartizan makes of it.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::server::{PATIENCE, Place, Server, read};

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// Targets of attacks and the class that each is of.
const ATTACKS: [(&str, &str); 4] = [
    ("/?id=1%27%20UNION%20SELECT%20username,password%20FROM%20users--%20", "sql_injection"),
    ("/?q=%3Cscript%3Ealert(document.cookie)%3C/script%3E", "xss"),
    ("/?file=../../../../etc/passwd", "path_traversal"),
    ("/?host=127.0.0.1;cat%20/etc/passwd", "command_injection"),
];

/// Harmless requests that are sent.
const HARMLESS: usize = 20;

/// A web server under test, on a port of its own; killed when dropped.
struct WebServer {
    child: Child,
    address: SocketAddr,
    messages: PathBuf,
}

impl WebServer {
    /// Starts it as one process in the foreground and waits until it takes connections.
    fn start(mut command: Command, address: SocketAddr, messages: PathBuf) -> Self {
        let errors = std::fs::File::create(&messages).expect("a file for the messages");
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(errors).spawn();
        let child = child.unwrap_or_else(|error| {
            panic!("{command:?}: {error}; `cargo xtask test` installs the web servers, or install nginx-light, apache2, haproxy")
        });
        let mut server = Self { child, address, messages };
        let started = Instant::now();
        while TcpStream::connect(address).is_err() {
            let ended = server.child.try_wait().expect("it was ours");
            assert!(ended.is_none() && started.elapsed() < PATIENCE, "{ended:?}: {}", read(&server.messages));
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// Sends what people and attackers send; returns the number of requests.
    fn visit(&self) -> usize {
        let harmless = (0..HARMLESS).map(|number| format!("/?page={number}"));
        let targets: Vec<String> = harmless.chain(ATTACKS.map(|(target, _)| target.to_owned())).collect();
        for target in &targets {
            self.send("GET", target, "Cookie: theme=dark\r\n", "");
        }
        targets.len()
    }

    fn send(&self, method: &str, target: &str, headers: &str, body: &str) {
        let length = body.len();
        let request = format!(
            "{method} {target} HTTP/1.1\r\nHost: shop.example.com\r\nUser-Agent: {BROWSER}\r\nAccept: text/html\r\n\
             Connection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        );
        let mut answer = Vec::new();
        let exchanged = TcpStream::connect(self.address).and_then(|mut stream| {
            stream.set_read_timeout(Some(PATIENCE))?;
            stream.write_all(request.as_bytes())?;
            stream.take(1 << 16).read_to_end(&mut answer)
        });
        exchanged.unwrap_or_else(|error| panic!("{target}: {error}; {}", read(&self.messages)));
        let answer = String::from_utf8_lossy(&answer);
        let status = answer.split(' ').nth(1);
        assert_eq!(status, Some("200"), "{target}: {}", read(&self.messages));
    }
}

impl Drop for WebServer {
    fn drop(&mut self) {
        if self.child.kill().is_ok() {
            // It is gone either way, and a panic may be under way already.
            let _ended = self.child.wait();
        }
    }
}

fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("bound")
}

/// A file of `examples/` with the places of this machine in it instead of its own.
fn example(path: &str, places: &[(&str, &str)]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut text = read(&root.join(path));
    for (from, to) in places {
        assert!(text.contains(from), "{path} no longer says {from}");
        text = text.replace(from, to);
    }
    text
}

/// Programs of the administrator lie outside the search path of others.
fn program(name: &str) -> Command {
    let path = Path::new("/usr/sbin").join(name);
    Command::new(if path.is_file() { path.as_os_str().to_owned() } else { name.into() })
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}

/// Checks that Bartizan's numbers are those of the requests that were sent.
fn assert_numbers(server: &Server, requests: usize) {
    server.wait_for_lines(requests as u64);
    let source = server.source();
    assert_eq!((&source["lines"], &source["failed"]), (&requests.into(), &0.into()), "{source}");
    let summary = server.json("/api/v1/analytics/summary?range=24h");
    assert_eq!(summary["data"]["total_requests"], requests, "{summary}");

    let traffic = server.json("/api/v1/traffic?range=24h&limit=100");
    let rows = traffic["data"].as_array().expect("a list");
    assert_eq!(rows.len(), requests);
    for row in rows {
        let endpoint = row["endpoint"].as_str().expect("a target");
        let class = ATTACKS.iter().find(|(target, _)| *target == endpoint).map(|(_, class)| *class);
        if endpoint.starts_with("/?page=") {
            assert_eq!(row["action"], "allow", "{row}");
        } else if let Some(class) = class {
            assert_ne!(row["action"], "allow", "{row}");
            assert_eq!(row["class"], class, "{row}");
        }
        assert_eq!((&row["ip"], &row["status"]), (&"127.0.0.1".into(), &200.into()), "{row}");
        assert_eq!(
            (&row["host"], &row["user_agent"]),
            (&"shop.example.com".into(), &BROWSER.into()),
            "{row}"
        );
        assert!(row["response_time"].is_number() || row["response_time_ms"].is_number(), "{row}");
    }
    let missing: Vec<&str> = ATTACKS
        .iter()
        .map(|(target, _)| *target)
        .filter(|target| !rows.iter().any(|row| row["endpoint"] == *target))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn what_nginx_logs_as_its_example_says_is_read_and_judged() {
    let place = Place::new();
    let log = place.path("access.log");
    let address = free_address();
    let example = example("nginx/bartizan-log.conf", &[("/var/log/nginx/bartizan.json", text(&log))]);
    std::fs::write(place.path("bartizan-log.conf"), example).expect("written");
    let mut conf = String::from("daemon off;\nmaster_process off;\npid nginx.pid;\nevents {}\nhttp {\n");
    for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"] {
        writeln!(conf, "  {kind}_temp_path {kind};").expect("a String takes everything");
    }
    write!(
        conf,
        "  include bartizan-log.conf;\n  server {{ listen {address}; location / {{ return 200 'ok'; }} }}\n}}\n"
    )
    .expect("a String takes everything");
    std::fs::write(place.path("nginx.conf"), conf).expect("written");
    let mut nginx = program("nginx");
    nginx.arg("-p").arg(place.path("")).args(["-c", "nginx.conf", "-e", "stderr"]);

    let web = WebServer::start(nginx, address, place.path("nginx-messages"));
    let requests = web.visit();
    assert_numbers(&place.serve(), requests);
}

#[test]
fn what_apache_logs_as_its_example_says_is_read_and_judged() {
    let place = Place::new();
    let log = place.path("access.log");
    let address = free_address();
    let example = example("apache/bartizan-log.conf", &[("/var/log/apache2/bartizan.json", text(&log))]);
    std::fs::write(place.path("bartizan-log.conf"), example).expect("written");
    let folder = place.path("");
    let folder = text(&folder).trim_end_matches('/');
    let modules = "/usr/lib/apache2/modules";
    // Started by root it gives its rights up, and its user has to find the page.
    let site = tempfile::tempdir().expect("a temporary folder");
    let everyone: std::fs::Permissions = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(site.path(), everyone).expect("ours");
    std::fs::write(site.path().join("index.html"), "ok").expect("written");
    std::fs::write(
        place.path("apache.conf"),
        format!(
            "ServerRoot {folder}\nServerName localhost\nListen {address}\nPidFile {folder}/apache.pid\n\
             DefaultRuntimeDir {folder}\nErrorLog {folder}/apache-errors\n\
             LoadModule mpm_event_module {modules}/mod_mpm_event.so\n\
             LoadModule authz_core_module {modules}/mod_authz_core.so\n\
             LoadModule dir_module {modules}/mod_dir.so\n\
             User www-data\nGroup www-data\nDocumentRoot {site}\nDirectoryIndex index.html\nInclude bartizan-log.conf\n",
            site = text(site.path())
        ),
    )
    .expect("written");
    let mut apache = program("apache2");
    apache.args(["-X", "-d", folder, "-f", "apache.conf"]);

    let web = WebServer::start(apache, address, place.path("apache-messages"));
    let requests = web.visit();
    assert_numbers(&place.serve(), requests);
}

#[test]
fn what_haproxy_sends_as_its_example_says_is_read_and_judged_with_bodies() {
    let place = Place::new();
    let (address, syslog) = (free_address(), free_address());
    let application = application();
    let example = example(
        "haproxy/bartizan.cfg",
        &[
            ("127.0.0.1:8080", &address.to_string()),
            ("127.0.0.1:8000", &application.to_string()),
            ("127.0.0.1:5514", &syslog.to_string()),
        ],
    );
    std::fs::write(place.path("haproxy.cfg"), example).expect("written");
    std::fs::write(
        place.path("bartizan.yaml"),
        format!("sources: [{{name: haproxy, syslog: 'tcp://{syslog}'}}]"),
    )
    .expect("written");
    let settings = place.path("bartizan.yaml");
    let server = Server::start(&mut place.command([Path::new("--config"), &settings]), &place.path("stderr"));
    let mut haproxy = program("haproxy");
    haproxy.arg("-db").arg("-f").arg(place.path("haproxy.cfg"));
    let web = WebServer::start(haproxy, address, place.path("haproxy-messages"));

    let requests = web.visit();
    web.send(
        "POST",
        "/search",
        "Content-Type: application/json\r\n",
        r#"{"name": "x' OR 1=1; DROP TABLE users--"}"#,
    );
    assert_numbers(&server, requests + 1);
    let traffic = server.json("/api/v1/traffic?range=24h&limit=100");
    let rows = traffic["data"].as_array().expect("a list");
    let in_body: Vec<&Value> = rows.iter().filter(|row| row["endpoint"] == "/search").collect();
    assert_eq!(in_body.len(), 1);
    assert_eq!(in_body[0]["class"], "sql_injection", "{}", in_body[0]);
}

/// An application that answers every request with `ok`, as long as the test runs.
fn application() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = [0; 8_192];
            let _read = stream.read(&mut head);
            let _written =
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        }
    });
    address
}
