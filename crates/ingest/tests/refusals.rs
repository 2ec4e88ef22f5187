//! What cannot be read is refused with a message that names the thing and the remedy.

use std::path::Path;
use std::sync::Arc;

use bartizan_ingest::{FileReader, LineOptions, SourceConfig, SourceError};
use bartizan_model::{Classify, ErrorKind, SourceKind, SystemClock};

fn open(path: &Path) -> SourceError {
    let config = SourceConfig {
        name: "test".to_owned(),
        path: path.to_owned(),
        kind: SourceKind::File,
        follow: true,
        lines: LineOptions::default(),
    };
    FileReader::open(&config, None, Arc::new(SystemClock)).expect_err("is refused")
}

#[test]
fn each_refusal_says_what_to_do() {
    let dir = tempfile::tempdir().expect("tempdir");
    let write = |name: &str, content: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, content).expect("writes");
        path
    };
    let cases = [
        (
            dir.path().join("none.log"),
            ErrorKind::NotFound,
            "does not exist; check the path, or create it (touch ",
        ),
        (dir.path().to_owned(), ErrorKind::Invalid, "is a directory; name the log file itself"),
        ("/dev/null".into(), ErrorKind::Invalid, "is not a regular file"),
        (write("binary", &[0; 10_000]), ErrorKind::Invalid, "looks like binary data, not an access log"),
        (write("gz", b"\x1f\x8b\x08\0\0"), ErrorKind::Invalid, "is compressed (gzip); unpack it first"),
        (
            write("error.log", b"[error] 1#1: \x1b[2J boom\n[error] 1#1: again\n"),
            ErrorKind::Invalid,
            "first line: [error] 1#1: \\x1b[2J boom",
        ),
    ];
    for (path, kind, words) in cases {
        let error = open(&path);
        let message = error.to_string();
        assert!(message.contains(words), "{message}");
        assert!(message.contains(&path.display().to_string()), "{message}");
        assert_eq!(error.kind(), kind, "{message}");
    }
}

#[test]
fn a_file_that_may_not_be_read_says_who_may() {
    let message = SourceError::Permission { path: "/var/log/nginx/access.log".into() }.to_string();
    assert!(
        message.contains("run as a user of group adm")
            && message.contains("setfacl -m u:$USER:r /var/log/nginx")
    );
}

#[test]
fn an_empty_file_that_fills_with_something_else_is_refused_later() {
    let dir = tempfile::tempdir().expect("tempdir");
    let path = dir.path().join("access.log");
    std::fs::write(&path, b"").expect("writes");
    let config = SourceConfig {
        name: "test".to_owned(),
        path: path.clone(),
        kind: SourceKind::File,
        follow: true,
        lines: LineOptions::default(),
    };
    let mut reader = FileReader::open(&config, None, Arc::new(SystemClock)).expect("may fill yet");
    std::fs::write(&path, "nothing to see\n".repeat(500)).expect("writes");
    let error = reader.read_batch(1_000).expect_err("is refused");
    assert!(matches!(error, SourceError::UnknownFormat { lines: 200, .. }), "{error}");
}
