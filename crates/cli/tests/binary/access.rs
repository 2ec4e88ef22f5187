//! Who may ask a server that was told to look: first start, people, tokens, and the commands that make them.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::http;
use crate::server::{Place, Server};

/// Runs `bartizan` on the database of a place.
fn run(place: &Place, arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    command.args(arguments).arg("--db").arg(format!("sqlite://{}", place.database().display()));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    // A command that reads nothing may have ended already.
    let _unread = child.stdin.take().expect("piped").write_all(input.as_bytes());
    child.wait_with_output().expect("it ends")
}

fn succeeds(place: &Place, arguments: &[&str], input: &str) -> String {
    let output = run(place, arguments, input);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn guarded(place: &Place) -> Server {
    let mut command = place.command(["--log", "-"]);
    Server::start(command.env("BARTIZAN__AUTH__MODE", "on"), &place.path("stderr"))
}

struct Answer {
    status: u16,
    head: String,
    body: Value,
}

fn send(server: &Server, method: &str, path: &str, headers: &str, body: &str) -> Answer {
    let (status, head, body) = http::send(server.address, method, path, headers, body).expect("answered");
    Answer { status, head, body: serde_json::from_str(&body).unwrap_or_default() }
}

fn login(server: &Server, username: &str, password: &str) -> Answer {
    let body = serde_json::json!({"username": username, "password": password}).to_string();
    send(server, "POST", "/api/v1/auth/login", "", &body)
}

/// The header that a browser sends after a login.
fn cookie(answer: &Answer) -> String {
    let line = answer.head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
    let pair = line.and_then(|line| line.split(';').next()).expect("a cookie");
    format!("Cookie: {pair}\r\nSec-Fetch-Site: same-origin\r\n")
}

fn info(server: &Server, headers: &str) -> u16 {
    send(server, "GET", "/api/v1/system/info", headers, "").status
}

#[test]
fn the_first_start_makes_an_administrator_whose_password_is_told_once() {
    let place = Place::new();
    let mut server = guarded(&place);
    let told = server.next_line();
    let password = told.trim_end().rsplit_once("password ").expect("a password is told").1.to_owned();
    assert_eq!(info(&server, ""), 401);
    assert_eq!(http::get(server.address, "/health/live").expect("answered").0, 200);

    let first = login(&server, "admin", &password);
    assert_eq!(first.status, 200, "{}", first.body);
    let session = cookie(&first);
    assert_eq!(info(&server, &session), 403, "the password has to be replaced first");
    let change =
        serde_json::json!({"current_password": password, "new_password": "tide pools at dawn"}).to_string();
    assert_eq!(send(&server, "POST", "/api/v1/auth/password", &session, &change).status, 200);
    assert_eq!(info(&server, &session), 401, "every session ended with the password");
    assert_eq!(login(&server, "admin", &password).status, 401);
    let session = cookie(&login(&server, "admin", "tide pools at dawn"));
    assert_eq!(info(&server, &session), 200);
    let shown = send(&server, "GET", "/api/v1/system/info", &session, "").body;
    assert_eq!(shown["data"]["auth"], "on");
    let checks = send(&server, "GET", "/api/v1/security/checks", &session, "").body;
    let checks = checks["data"].as_array().expect("a list");
    let fits = checks.iter().find(|check| check["key"] == "authentication").expect("it is measured");
    assert!(fits["value"].as_str().expect("a text").starts_with("authentication on"), "{fits}");
    server.stop();

    let server = guarded(&place);
    assert_eq!(info(&server, &session), 200, "sessions outlive the server");
    server.stop();
    let users = succeeds(&place, &["user", "list"], "");
    assert_eq!(users.lines().count(), 2, "{users}");
    assert!(!users.contains("tide pools"), "{users}");
}

#[test]
fn users_and_tokens_are_made_and_ended_while_the_server_runs() {
    let place = Place::new();
    let server = guarded(&place);
    let told = succeeds(&place, &["token", "create", "nightly", "--days", "1"], "");
    let bearer = format!("Authorization: Bearer {}\r\n", told.trim_end());
    assert_eq!(info(&server, &bearer), 200);
    assert_eq!(send(&server, "PUT", "/api/v1/waf/config", &bearer, "{\"threshold\":0.9}").status, 403);
    assert_eq!(send(&server, "GET", "/api/v1/audit/logs", &bearer, "").status, 403);
    let listed = succeeds(&place, &["token", "list"], "");
    assert!(listed.contains("nightly") && !listed.contains(told.trim_end()), "{listed}");
    succeeds(&place, &["token", "revoke", "1"], "");
    assert_eq!(info(&server, &bearer), 401);

    let add = ["user", "add", "Ann", "--email", "ann@example.com", "--role", "admin", "--stdin"];
    succeeds(&place, &add, "tide pools at dawn\n");
    let session = cookie(&login(&server, "ann", "tide pools at dawn"));
    assert_eq!(info(&server, &session), 200);
    succeeds(&place, &["user", "disable", "ann"], "");
    assert_eq!(info(&server, &session), 401);
    assert_eq!(login(&server, "ann", "tide pools at dawn").status, 401);
    succeeds(&place, &["user", "enable", "ann"], "");
    let told = succeeds(&place, &["user", "passwd", "ann"], "");
    let password = told.trim_end().rsplit_once(": ").expect("a password is told").1;
    assert_eq!(login(&server, "ann", password).status, 200);
    succeeds(&place, &["user", "passwd", "ann", "--stdin"], "gulls over the harbour");
    let session = cookie(&login(&server, "ann", "gulls over the harbour"));

    let log = send(&server, "GET", "/api/v1/audit/logs?limit=100", &session, "").body;
    let by_command_line: Vec<&str> = log["data"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|entry| entry["username"] == "command line")
        .filter_map(|entry| entry["description"].as_str())
        .collect();
    for deed in ["token nightly made", "token nightly revoked", "user ann made", "password of ann replaced"] {
        assert!(by_command_line.contains(&deed), "{deed} in {by_command_line:?}");
    }
    let text = log.to_string();
    assert!(!text.contains("tide pools") && !text.contains(password) && !text.contains("argon2"), "{text}");
    server.stop();
}

#[test]
fn commands_refuse_what_makes_no_sense_and_say_why() {
    let place = Place::new();
    for (arguments, input, reason) in [
        (&["user", "add", "ann", "--email", "ann", "--stdin"][..], "tide pools at dawn", "email"),
        (&["user", "add", "a b", "--email", "a@b.example", "--stdin"], "tide pools at dawn", "username"),
        (&["user", "add", "ann", "--email", "a@b.example", "--stdin"], "short", "12 to 256"),
        (&["user", "add", "ann", "--email", "a@b.example", "--stdin"], "", "standard input is empty"),
        (&["user", "passwd", "nobody"], "", "no user nobody"),
        (&["user", "remove", "first"], "", "last active administrator"),
        (&["token", "revoke", "7"], "", "no token 7"),
        (&["token", "create", ""], "", "name"),
        (&["token", "create", "x", "--days", "0"], "", "0"),
    ] {
        if arguments.contains(&"first") {
            let add = ["user", "add", "first", "--email", "f@b.example", "--role", "admin"];
            succeeds(&place, &add, "");
        }
        let output = run(&place, arguments, input);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && errors.contains(reason), "{arguments:?}: {errors}");
    }
}
