//! `bartizan scan` as an operator and a pipeline call it.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::access_log::append;
use crate::server::Place;

const ATTACK: &str = "203.0.113.9 - - [12/May/2025:10:00:00 +0000] \"GET \
                      /items?id=1%27%20union%20select%20name,password%20from%20users%20--%20 HTTP/1.1\" 200 5 \"-\" \
                      \"curl/8.5.0\"\n";

fn bartizan(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    command.args(arguments).stdin(Stdio::null()).env_remove("RUST_BACKTRACE");
    command.output().expect("the program starts")
}

fn scan(arguments: &[&str]) -> Output {
    bartizan(&[&["scan"], arguments].concat())
}

fn report(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// 2,000 benign lines, and one attack among them.
fn log() -> String {
    let calm: Vec<String> = (0..2_000).map(benign).collect();
    let (before, after) = calm.split_at(1_000);
    [before.concat(), ATTACK.to_owned(), after.concat()].concat()
}

fn benign(number: u32) -> String {
    format!(
        "198.51.100.{} - - [12/May/2025:{:02}:{:02}:{:02} +0000] \"GET /items/{number} HTTP/1.1\" 200 512 \"-\" \
         \"Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0\"\n",
        number % 250,
        number / 200 + 5,
        number / 4 % 60,
        number % 60
    )
}

fn name(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}

#[test]
fn plain_and_packed_files_folders_and_standard_input_give_the_same_counts() {
    let place = Place::new();
    let folder = place.path("logs");
    std::fs::create_dir(&folder).expect("made");
    append(&folder.join("access.log"), log());
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(log().as_bytes()).expect("memory");
    append(&folder.join("access.log.2.gz"), packer.finish().expect("memory"));
    let level = ruzstd::encoding::CompressionLevel::Fastest;
    append(&folder.join("access.log.3.zst"), ruzstd::encoding::compress_to_vec(log().as_bytes(), level));

    for file in ["access.log", "access.log.2.gz", "access.log.3.zst"] {
        let report = report(&scan(&["--format", "json", name(&folder.join(file))]));
        let totals = &report["totals"];
        assert_eq!((&totals["requests"], &totals["attacks"]), (&2_001.into(), &1.into()), "{file}: {totals}");
        let example = &report["successes"][0]["example"];
        assert_eq!((&example["line"], &example["class"]), (&1_001.into(), &"sql_injection".into()), "{file}");
    }
    let whole = report(&scan(&["--format", "json", name(&folder)]));
    assert_eq!((&whole["totals"]["requests"], &whole["totals"]["attacks"]), (&6_003.into(), &3.into()));
    assert_eq!(whole["input"]["files_read"], 3);

    let mut child = Command::new(env!("CARGO_BIN_EXE_bartizan"))
        .args(["scan", "--format", "json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("piped").write_all(log().as_bytes()).expect("it reads");
    let piped = child.wait_with_output().expect("it ends");
    assert_eq!(report(&piped)["totals"]["requests"], 2_001);
}

#[test]
fn the_same_input_gives_the_same_bytes_with_one_thread_and_with_two() {
    let place = Place::new();
    let file = place.log();
    append(&file, log().repeat(5));
    for format in ["json", "text", "html"] {
        let [one, two] =
            ["1", "2"].map(|threads| scan(&["--threads", threads, "--format", format, name(&file)]).stdout);
        assert!(!one.is_empty() && one == two, "{format}");
    }
}

#[test]
fn the_text_and_the_page_tell_the_attack() {
    let place = Place::new();
    let (file, page) = (place.log(), place.path("report.html"));
    append(&file, log());
    append(&file, "oops \u{1b}[2J<b>\n");
    let output = scan(&[name(&file)]);
    let said = text(&output.stdout);
    for word in
        ["2,001 requests", "SQL Injection", "203.0.113.9", "/items", "answered with success", "UNREADABLE"]
    {
        assert!(said.contains(word), "{word} in {said}");
    }
    assert!(!said.contains('\u{1b}') && output.stderr.is_empty(), "{}", text(&output.stderr));

    let output = scan(&["--format", "html", "--output", name(&page), name(&file)]);
    assert!(output.status.success() && output.stdout.is_empty());
    let html = std::fs::File::open(&page)
        .and_then(|file| std::io::read_to_string(std::io::Read::take(file, 1 << 24)))
        .expect("written");
    assert!(html.starts_with("<!doctype html>") && html.contains("203.0.113.9") && !html.contains("2J<b>"));
}

#[test]
fn exit_codes_are_those_of_the_manual() {
    let place = Place::new();
    let (calm, attacked, junk) = (place.path("calm.log"), place.path("attacked.log"), place.path("junk.log"));
    append(&calm, benign(1));
    append(&attacked, ATTACK);
    append(&junk, "2026/03/04 [error] 7#7: oops\n");
    let [calm, attacked, junk] = [&calm, &attacked, &junk].map(|path| name(path));
    let cases: [(&[&str], i32, &str); 10] = [
        (&[attacked], 0, ""),
        (&[calm, "--fail-on", "suspicious", "--fail-on", "success"], 0, ""),
        (&[attacked, "--fail-on", "attack"], 1, "1 attacks"),
        (&[attacked, "--fail-on", "success"], 1, "answered with success"),
        (&[attacked, "--fail-on", "class=sql_injection"], 1, "sql_injection"),
        (&[attacked, "--fail-on", "class=xss"], 0, ""),
        (&[attacked, "--fail-on", "class=beauty"], 2, "sql_injection"),
        (&[junk], 2, "junk.log"),
        (&["/nonexistent/access.log", "--format", "json"], 2, "/nonexistent/access.log"),
        (&[calm, "--output", "/nonexistent/report.txt"], 2, "report.txt"),
    ];
    for (arguments, code, word) in cases {
        let output = scan(arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(word) && !said.contains("panicked"), "{arguments:?}: {said}");
    }
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_reported() {
    let place = Place::new();
    let folder = place.path("logs");
    std::fs::create_dir(&folder).expect("made");
    append(&folder.join("a.log"), log());
    append(&folder.join("b.log.gz"), b"\x1f\x8b\x08\0broken beyond repair");
    append(&folder.join("c.bin"), b"\x7fELF\0\x01\x02");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&folder, folder.join("loop")).expect("linked");
    let output = scan(&["--format", "json", name(&folder)]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let report = report(&output);
    assert_eq!(report["totals"]["requests"], 2_001);
    let problems = report["input"]["problems"].to_string();
    for file in ["b.log.gz", "c.bin", "loop"] {
        assert!(problems.contains(file) && text(&output.stderr).contains(file), "{file} in {problems}");
    }
}

/// A report of half a log ended with 0, as if it were one of all.
#[test]
fn a_log_that_is_cut_off_is_reported_as_far_as_it_goes() {
    let place = Place::new();
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(log().as_bytes()).expect("memory");
    let packed = packer.finish().expect("memory");
    let cut = place.path("cut.log.gz");
    append(&cut, &packed[..packed.len() / 2]);
    let whole = place.path("whole.log");
    append(&whole, ATTACK);
    let [cut, whole] = [&cut, &whole].map(|path| name(path));
    for format in ["text", "json", "html"] {
        let output = scan(&["--quiet", "--format", format, cut, whole]);
        let (shown, said) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(3), "{format}: {said}");
        assert!(shown.contains("cut.log.gz") && shown.contains("requests before that were read"), "{shown}");
        assert!(said.contains("not read to the end"), "{said}");
    }
    let output = scan(&["--quiet", "--format", "json", cut, whole]);
    let report = report(&output);
    assert_eq!(report["input"]["files_broken_off"], 1);
    let requests = report["totals"]["requests"].as_u64().expect("a count");
    assert!((10..2_001).contains(&requests), "{requests} requests");
    let output = scan(&["--quiet", "--fail-on", "attack", cut, whole]);
    assert_eq!(output.status.code(), Some(1), "a condition says more");
}

/// Behind the name is a socket where a program started us, which cannot be opened.
#[test]
fn standard_input_by_its_path_is_standard_input() {
    let (mut ours, theirs) = std::os::unix::net::UnixStream::pair().expect("sockets");
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    command.args(["scan", "--quiet", "--format", "json", "/dev/stdin"]);
    command.stdin(std::os::fd::OwnedFd::from(theirs)).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().expect("the program starts");
    drop(command);
    ours.write_all(ATTACK.repeat(3).as_bytes()).expect("taken");
    drop(ours);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(report(&output)["totals"]["requests"], 3);
}

#[test]
fn a_report_holds_no_secret_and_takes_the_place_of_no_log() {
    let place = Place::new();
    let attack = "203.0.113.9 - - [12/May/2025:10:00:00 +0000] \"GET \
                  /login?id=1%27%20OR%201=1--&password=hunter2secret HTTP/1.1\" 200 5 \"-\" \"curl/8.5.0\"\n";
    let unreadable = "garbage GET /login?password=hunter2secret\n";
    append(&place.log(), [&log(), attack, unreadable].concat());
    let file = place.log();
    let file = file.to_str().expect("plain names");
    for format in ["text", "json", "html"] {
        let output = scan(&["--quiet", "--format", format, file]);
        let shown = text(&output.stdout);
        assert!(shown.contains("/login") && shown.contains("[masked]"), "{format}: {shown}");
        assert!(!shown.contains("hunter2secret"), "{format}: {shown}");
    }
    let before = crate::server::read(&place.log());
    let output = scan(&["--quiet", "--output", file, file]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("one of the logs"), "{}", text(&output.stderr));
    assert_eq!(crate::server::read(&place.log()), before);
}
