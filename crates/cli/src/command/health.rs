//! `bartizan health`: what a container or a unit asks to know whether the server works.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};

use crate::args::Health;
use crate::output;
use crate::settings::Settings;
use crate::settings_place;

/// How long the server may take to connect, and to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Longest answer that is read, in bytes.
const MAX_ANSWER_BYTES: u64 = 64 * 1024;

pub(crate) fn run(args: &Health) -> ExitCode {
    let asked = address(args).and_then(|address| ask(address).map(|()| address));
    match asked {
        Ok(address) => {
            output::line(format_args!("healthy: the server at {address} answers, with model and database"));
            ExitCode::SUCCESS
        }
        Err(error) => {
            output::error(&error);
            ExitCode::FAILURE
        }
    }
}

fn address(args: &Health) -> anyhow::Result<SocketAddr> {
    // Anybody may ask a server how it is, whoever may read its settings: then its address is the usual one.
    let packaged = settings_place::or_packaged(None, args.listen.is_some());
    let file = args.config.clone().or(packaged.filter(|file| std::fs::File::open(file).is_ok()));
    let settings = Settings::load(file.as_deref())?;
    Ok(reachable(args.listen.unwrap_or(settings.server.listen)))
}

/// Where a server that listens there is reached from this machine: an unspecified address is none to connect to.
pub(super) fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

/// Asks `/health`, which answers 200 only when model and database do.
pub(super) fn ask(address: SocketAddr) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)
        .with_context(|| format!("nothing answers at {address}; start it with `bartizan serve`"))?;
    let answer = exchange(&mut stream, address)
        .with_context(|| format!("what listens at {address} does not answer as bartizan does"))?;
    match answer.split(' ').nth(1) {
        Some("200") => Ok(()),
        Some("503") => {
            bail!("the server at {address} is unhealthy; its log and /api/v1/security/checks say why")
        }
        _ => bail!("what listens at {address} does not answer as bartizan does; is --listen right?"),
    }
}

fn exchange(stream: &mut TcpStream, address: SocketAddr) -> std::io::Result<String> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(
        format!("GET /health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes(),
    )?;
    let mut answer = Vec::new();
    stream.take(MAX_ANSWER_BYTES).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_on_all_addresses_is_asked_on_loopback() {
        for (listen, asked) in [
            ("0.0.0.0:3001", "127.0.0.1:3001"),
            ("[::]:3001", "[::1]:3001"),
            ("192.0.2.7:80", "192.0.2.7:80"),
        ] {
            assert_eq!(reachable(listen.parse().expect("an address")).to_string(), asked);
        }
    }
}
