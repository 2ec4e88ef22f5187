//! What cannot work ends at once, with one message that names the thing and says what to do.

use std::ffi::OsString;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::access_log::{append, lines};
use crate::server::{Place, read, wait};

/// A start that cannot work must say so while the operator still looks.
const QUICKLY: Duration = Duration::from_secs(10);

/// Runs a command that must fail, and checks that its message holds all of `expected`.
fn assert_refused(mut command: Command, stderr: &Path, expected: &[&str]) {
    let errors = std::fs::File::create(stderr).expect("a file for the messages");
    let started = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(errors).spawn().expect("the program starts");
    let status = wait(&mut child);
    let messages = read(stderr);
    assert!(!status.success(), "{command:?} succeeded: {messages}");
    assert!(status.code().is_some(), "{command:?} was ended by a signal: {messages}");
    assert!(started.elapsed() < QUICKLY, "{command:?} took {:?}: {messages}", started.elapsed());
    assert!(!messages.contains("panicked"), "{command:?}: {messages}");
    assert_eq!(messages.matches("bartizan: ").count(), 1, "one message, please: {messages}");
    for part in expected {
        assert!(messages.contains(part), "'{part}' is missing in: {messages}");
    }
}

fn refused(place: &Place, arguments: &[&str], expected: &[&str]) {
    assert_refused(place.command(arguments), &place.path("stderr"), expected);
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}

#[test]
fn a_log_that_is_not_there_is_named() {
    let place = Place::new();
    let log = place.path("nowhere/access.log");
    refused(&place, &["--log", text(&log)], &[text(&log), "does not exist", "check the path"]);
}

#[test]
fn a_folder_is_no_log() {
    let place = Place::new();
    let folder = place.path("nginx");
    std::fs::create_dir(&folder).expect("a temporary folder");
    refused(&place, &["--log", text(&folder)], &[text(&folder), "is a directory", "name the log file"]);
}

#[test]
fn a_binary_file_is_no_log() {
    let place = Place::new();
    let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    append(&place.log(), bytes);
    refused(&place, &["--log", text(&place.log())], &[text(&place.log()), "binary", "name the text file"]);
}

#[test]
fn a_text_that_is_no_log_is_quoted_and_the_known_formats_are_named() {
    let place = Place::new();
    append(&place.log(), "Dear diary,\ntoday nothing happened.\n".repeat(50));
    refused(&place, &["--log", text(&place.log())], &[text(&place.log()), "Dear diary", "combined"]);
}

#[test]
fn a_log_that_may_not_be_read_names_the_permission() {
    let place = Place::new();
    let log = place.log();
    append(&log, lines(0..10));
    let mut nobody_may = std::fs::metadata(&log).expect("our own file").permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut nobody_may, 0o000);
    std::fs::set_permissions(&log, nobody_may).expect("our own file");
    let plain = place.command(["--log", text(&log)]);
    let command = if std::fs::File::open(&log).is_ok() { without_root_powers(&plain) } else { plain };
    assert_refused(command, &place.path("stderr"), &[text(&log), "no permission", "setfacl"]);
}

/// The same command as root without the powers to read what modes forbid; setpriv(1) is part of every Debian.
fn without_root_powers(plain: &Command) -> Command {
    let mut command = Command::new("setpriv");
    command.args([
        "--bounding-set",
        "-dac_override,-dac_read_search",
        "--inh-caps",
        "-dac_override,-dac_read_search",
    ]);
    command.arg(plain.get_program()).args(plain.get_args());
    if let Some(folder) = plain.get_current_dir() {
        command.current_dir(folder);
    }
    command
}

#[test]
fn a_database_that_cannot_be_used_is_named_with_what_to_do() {
    let place = Place::new();
    append(&place.log(), lines(0..10));
    let no_database = place.path("letter.txt");
    append(&no_database, "This is a letter and no database. ".repeat(100));
    let folder = place.path("folder");
    std::fs::create_dir(&folder).expect("a temporary folder");
    let below_a_file = no_database.join("x.db");
    let cases: [(&str, &[&str]); 5] = [
        ("mysql://user:hunter2@localhost/x", &["unknown database scheme 'mysql'", "sqlite://"]),
        (text(&no_database), &[text(&no_database), "no SQLite database", "--db"]),
        (text(&folder), &[text(&folder), "folder", "name a file"]),
        (text(&below_a_file), &[text(&below_a_file), "--db"]),
        ("sqlite://", &["name a file"]),
    ];
    for (url, expected) in cases {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
        command.current_dir(place.path(".")).args(["serve", "--listen", "127.0.0.1:0", "--db", url, "--log"]);
        command.arg(place.log());
        assert_refused(command, &place.path("stderr"), expected);
        assert!(!read(&place.path("stderr")).contains("hunter2"), "{url}: the password is repeated");
    }
    assert!(read(&no_database).starts_with("This is a letter"), "the file was written to");
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    let place = Place::new();
    append(&place.log(), lines(0..10));
    let server = place.serve();
    server.wait_for_lines(10);
    server.stop();
    raise_schema_version(&place.database());
    let expected = [text(&place.database()).to_owned(), "newer version".to_owned(), "--db".to_owned()];
    refused(&place, &["--log", text(&place.log())], &expected.each_ref().map(String::as_str));
}

/// Gives the newest row of `bartizan_schema` the version 126, in the file: only the store speaks SQL here.
///
/// The version is the row's key, which the SQLite file format (section 2.3) keeps right before the record: payload of
/// 11 bytes, key, header of 3 bytes, a NULL in place of the key, and a time as an integer of 8 bytes.
fn raise_schema_version(database: &Path) {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(database).expect("our own file");
    std::io::Read::read_to_end(&mut std::io::Read::take(file, 64 << 20), &mut bytes).expect("readable");
    let is_row = |at: &usize| matches!(bytes[*at..], [0x0B, 1..=99, 0x03, 0x00, 0x06, ..]);
    let rows: Vec<usize> = (0..bytes.len() - 13).filter(is_row).collect();
    let newest = *rows.iter().max_by_key(|at| bytes[**at + 1]).expect("a row of bartizan_schema");
    bytes[newest + 1] = 126;
    std::fs::write(database, bytes).expect("our own file");
}

#[test]
fn a_database_that_another_bartizan_uses_is_not_shared() {
    let place = Place::new();
    append(&place.log(), lines(0..10));
    let first = place.serve();
    let database = place.database();
    assert_refused(
        place.command([Path::new("--log"), &place.log()]),
        &place.path("stderr-of-the-second"),
        &[text(&database), "another bartizan", "--db"],
    );
    first.wait_for_lines(10);
}

#[test]
fn a_port_in_use_is_named() {
    let place = Place::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let address = taken.local_addr().expect("bound").to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    command.current_dir(place.path(".")).args(["serve", "--listen", &address, "--db"]).arg(place.database());
    assert_refused(command, &place.path("stderr"), &[&address, "cannot listen", "--listen"]);
}

#[test]
fn listening_beyond_loopback_is_refused_unless_it_is_wanted() {
    let place = Place::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    command
        .current_dir(place.path("."))
        .env("BARTIZAN__AUTH__MODE", "off")
        .args(["serve", "--listen", "0.0.0.0:0", "--db"])
        .arg(place.database());
    assert_refused(command, &place.path("stderr"), &["0.0.0.0", "allow_unauthenticated"]);
}

#[test]
fn a_model_that_is_damaged_or_missing_is_not_used() {
    let place = Place::new();
    let shipped = shipped_model();
    let nowhere = place.path("no-model");
    refused(&place, &["--model", text(&nowhere)], &[text(&nowhere)]);
    let damages: [(&str, Damage); 4] = [
        ("weights.safetensors", |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x01;
        }),
        ("weights.safetensors", |bytes| bytes.truncate(bytes.len() / 2)),
        ("weights.safetensors", Vec::clear),
        ("manifest.json", |bytes| bytes.truncate(bytes.len() / 2)),
    ];
    for (number, (name, damage)) in damages.into_iter().enumerate() {
        let copy = place.path(&format!("model-{number}"));
        std::fs::create_dir(&copy).expect("a temporary folder");
        for file in ["manifest.json", "weights.safetensors"] {
            std::fs::copy(shipped.join(file), copy.join(file)).expect("the shipped model");
        }
        let mut bytes = Vec::new();
        let file = std::fs::File::open(copy.join(name)).expect("our own file");
        std::io::Read::read_to_end(&mut std::io::Read::take(file, 64 << 20), &mut bytes).expect("readable");
        damage(&mut bytes);
        std::fs::write(copy.join(name), bytes).expect("our own file");
        refused(&place, &["--model", text(&copy)], &[text(&copy), name]);
    }
}

/// What happens to the bytes of a file.
type Damage = fn(&mut Vec<u8>);

fn shipped_model() -> PathBuf {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    let folders = std::fs::read_dir(models).expect("the models of the repository");
    let mut folders = folders.map(|entry| entry.expect("readable").path());
    folders.find(|folder| folder.join("manifest.json").is_file()).expect("a shipped model")
}

#[test]
fn misspelt_settings_and_missing_files_of_settings_are_named() {
    let place = Place::new();
    let config = place.path("bartizan.yaml");
    refused(&place, &["--config", text(&config)], &[text(&config), "does not exist", "--config"]);
    append(&config, "server:\n  lisen: 127.0.0.1:0\n");
    refused(&place, &["--config", text(&config)], &["lisen", "bartizan config default"]);
}

#[test]
fn the_same_log_twice_is_one_too_many() {
    let place = Place::new();
    append(&place.log(), lines(0..10));
    let log: OsString = place.log().into();
    let command = place.command([OsString::from("--log"), log.clone(), OsString::from("--log"), log]);
    assert_refused(command, &place.path("stderr"), &[text(&place.log()), "twice"]);
}
