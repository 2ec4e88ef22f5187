//! Who reaches the server, and whether one runs.

use std::net::TcpListener;

use bartizan_engine::{Outcome, Surroundings, examine_exposure};

use super::super::health::{ask, reachable};
use super::finding::Finding;
use crate::settings::Settings;

pub(super) fn examine(settings: &Settings) -> Finding {
    let listen = settings.server.listen;
    let around = Surroundings {
        listen: listen.to_string(),
        loopback: listen.ip().to_canonical().is_loopback(),
        authenticated: settings.authenticates(),
        ..Surroundings::default()
    };
    Finding::new("exposure", examine_exposure(&around))
}

pub(super) fn server(settings: &Settings) -> Finding {
    let listen = settings.server.listen;
    let outcome = match TcpListener::bind(listen) {
        Ok(_) => Outcome::pass("not running", format!("{listen} is free for `bartizan serve`")),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => match ask(reachable(listen)) {
            Ok(()) => {
                Outcome::pass("running", format!("the server at {listen} answers, with model and database"))
            }
            Err(error) => Outcome::fail(
                format!("{listen} is in use"),
                format!("{error:#}"),
                "stop the program that uses the address, or choose another with server.listen",
            ),
        },
        Err(error) => Outcome::fail(
            format!("cannot listen on {listen}"),
            error.to_string(),
            "choose an address of this machine, and a port above 1023 or the right to use a lower one",
        ),
    };
    Finding::new("server", outcome)
}
