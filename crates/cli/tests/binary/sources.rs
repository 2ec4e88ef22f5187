//! Sources other than one file.

use std::fs::File;
use std::net::UdpSocket;

use crate::access_log::{append, lines};
use crate::server::{Place, Server};

#[test]
fn standard_input_is_read_to_its_end() {
    let place = Place::new();
    append(&place.log(), lines(0..1_500));
    let mut command = place.command(["--log", "-"]);
    command.stdin(File::open(place.log()).expect("our own file"));
    let server = Server::start(&mut command, &place.path("stderr"));
    server.wait_for_lines(1_500);
    server.wait_for_state("finished");
    server.assert_holds_each_line_once(1_500);
    server.stop();
}

#[test]
fn a_pattern_brings_each_file_as_a_source_of_its_own() {
    let place = Place::new();
    append(&place.path("a.access.log"), lines(0..100));
    append(&place.path("a.access.log.1"), lines(5_000..5_001));
    let pattern = place.path("*.access.log");
    let arguments = [std::ffi::OsStr::new("--log"), pattern.as_os_str()];
    let server = Server::start(&mut place.command(arguments), &place.path("stderr"));
    server.wait_for(|sources| sources.len() == 1 && sources[0]["lines"] == 100);
    append(&place.path("b.access.log"), lines(100..150));
    append(&place.path("c.access.log"), "not an access log\n".repeat(300));
    server.wait_for(|sources| {
        sources.len() == 3
            && sources.iter().any(|source| source["lines"] == 50 && source["state"] == "running")
            && sources.iter().any(|source| {
                source["state"] == "failed"
                    && source["last_error"].as_str().is_some_and(|why| why.contains("c.access.log"))
            })
    });
    assert_eq!(server.stored_lines(), (0..150).collect());
    server.stop();
    append(&place.path("a.access.log"), lines(150..160));
    let server = Server::start(&mut place.command(arguments), &place.path("stderr"));
    server.wait_for(|sources| sources.iter().any(|source| source["lines"] == 110));
    assert_eq!(server.stored_lines(), (0..160).collect());
}

#[test]
fn files_of_a_pattern_that_are_not_followed_are_told() {
    let place = Place::new();
    for number in 0..258_u64 {
        append(&place.path(&format!("{number:03}.access.log")), lines(number..number + 1));
    }
    let pattern = place.path("*.access.log");
    let arguments = [std::ffi::OsStr::new("--log"), pattern.as_os_str()];
    let server = Server::start(&mut place.command(arguments), &place.path("stderr"));
    server.wait_for(|sources| {
        sources.len() == 257
            && sources.iter().any(|source| {
                source["last_error"].as_str().is_some_and(|why| why.starts_with("2 more files match"))
            })
    });
    server.stop();
}

#[test]
fn a_log_that_is_not_there_disturbs_no_other() {
    let place = Place::new();
    append(&place.log(), lines(0..20));
    let late = place.path("late.log");
    let arguments = ["--log".as_ref(), place.log().as_os_str(), "--log".as_ref(), late.as_os_str()]
        .map(std::ffi::OsStr::to_owned);
    let server = Server::start(&mut place.command(arguments), &place.path("stderr"));
    server.wait_for(|sources| {
        sources.len() == 2
            && sources.iter().any(|source| source["lines"] == 20)
            && sources.iter().any(|source| {
                source["state"] == "failed"
                    && source["last_error"].as_str().is_some_and(|why| why.contains("does not exist"))
            })
    });
    append(&late, lines(20..30));
    server.wait_for(|sources| sources.len() == 2 && sources.iter().any(|source| source["lines"] == 10));
    assert_eq!(server.stored_lines(), (0..30).collect());
    server.stop();
}

#[test]
fn several_sources_of_a_configuration_are_shown_by_their_names() {
    let place = Place::new();
    append(&place.log(), lines(0..20));
    let port = UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port").port();
    let config = format!(
        "sources:\n  - {{name: shop, path: '{}'}}\n  - {{name: edge, syslog: 'udp://127.0.0.1:{port}'}}\n",
        place.log().display()
    );
    append(&place.path("bartizan.yaml"), config);
    let server = Server::start(&mut place.command(["--config", "bartizan.yaml"]), &place.path("stderr"));
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    for line in lines(20..30).lines() {
        let message = format!("<190>Mar  4 05:06:07 web1 nginx: {line}");
        socket.send_to(message.as_bytes(), ("127.0.0.1", port)).expect("sent");
    }
    server.wait_for(|sources| {
        let is = |name: &str, kind: &str, lines: u64| {
            sources
                .iter()
                .any(|source| source["name"] == name && source["kind"] == kind && source["lines"] == lines)
        };
        is("shop", "file", 20) && is("edge", "syslog", 10)
    });
    let shop = server.source();
    let size = std::fs::metadata(place.log()).expect("our own file").len();
    assert_eq!((shop["position"].as_u64(), shop["bytes"].as_u64()), (Some(size), Some(size)), "{shop}");
    assert_eq!((shop["lag_bytes"].as_u64(), shop["lag_lines"].as_u64()), (Some(0), Some(0)), "{shop}");
    assert_eq!(shop["file"].as_str(), place.log().canonicalize().expect("there").to_str(), "{shop}");
    assert_eq!(server.stored_lines(), (0..30).collect());
    server.stop();
}
