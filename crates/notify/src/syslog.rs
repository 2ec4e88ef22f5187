//! Syslog for a SIEM: RFC 5424 lines with a message in the Common Event Format.

use std::time::Duration;

use bartizan_model::{Alert, AlertKind, Severity};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpStream, UdpSocket};

use crate::message::line;
use crate::{Message, Notice, SendError, SetupError};

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// Facility 13, log audit (RFC 5424, section 6.2.1).
const FACILITY: u8 = 13;
/// Longest datagram, in bytes: what passes IPv4 and IPv6 unfragmented nearly everywhere is less, but RFC 5426 asks
/// receivers for 2048.
const MAX_DATAGRAM: usize = 2_048;

/// How lines travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyslogTransport {
    /// One datagram per alert (RFC 5426); nobody knows whether it arrives.
    Udp,
    /// One connection per message, octet counting (RFC 6587).
    Tcp,
}

/// Where a SIEM listens.
#[derive(Debug)]
pub struct Syslog {
    transport: SyslogTransport,
    /// Host and port.
    address: String,
}

impl Syslog {
    /// Syslog to an address such as `udp://siem.example.com:514` or `tcp://192.0.2.7:601`.
    ///
    /// # Errors
    /// [`SetupError`] when it is none.
    pub fn new(address: &str) -> Result<Self, SetupError> {
        let wrong = || {
            SetupError(format!(
                "'{address}' is no address of syslog; write udp://HOST:PORT or tcp://HOST:PORT"
            ))
        };
        let (scheme, rest) = address.split_once("://").ok_or_else(wrong)?;
        let transport = match scheme {
            "udp" => SyslogTransport::Udp,
            "tcp" => SyslogTransport::Tcp,
            _ => return Err(wrong()),
        };
        let (host, port) = rest.rsplit_once(':').ok_or_else(wrong)?;
        if host.is_empty() || port.parse::<u16>().is_err() {
            return Err(wrong());
        }
        Ok(Self { transport, address: rest.to_owned() })
    }

    pub(crate) async fn send(&self, message: &Message) -> Result<(), SendError> {
        let lines: Vec<String> = message.notices.iter().map(|notice| record(message, notice)).collect();
        let unreachable = |_| SendError::passing("the syslog receiver cannot be reached");
        match self.transport {
            SyslogTransport::Udp => {
                let addresses = tokio::net::lookup_host(&self.address).await.map_err(unreachable)?;
                let target = addresses.into_iter().next();
                let target =
                    target.ok_or_else(|| SendError::passing("the syslog receiver has no address"))?;
                let any = if target.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
                let socket = UdpSocket::bind(any).await.map_err(unreachable)?;
                for text in &lines {
                    let mut end = text.len().min(MAX_DATAGRAM);
                    while !text.is_char_boundary(end) {
                        end -= 1;
                    }
                    let bytes = text.as_bytes().get(..end).unwrap_or_default();
                    socket.send_to(bytes, target).await.map_err(unreachable)?;
                }
            }
            SyslogTransport::Tcp => {
                let connecting = tokio::time::timeout(CONNECT, TcpStream::connect(&self.address)).await;
                let late = |_| SendError::passing("the syslog receiver did not answer in time");
                let mut stream = connecting.map_err(late)?.map_err(unreachable)?;
                for text in &lines {
                    let framed = format!("{} {text}", text.len());
                    stream.write_all(framed.as_bytes()).await.map_err(unreachable)?;
                }
                stream.shutdown().await.map_err(unreachable)?;
            }
        }
        Ok(())
    }
}

/// One line: header, then `CEF:0|vendor|product|version|class|title|severity|extension`.
fn record(message: &Message, notice: &Notice) -> String {
    let alert = &notice.alert;
    let (syslog_severity, cef_severity) = match (alert.kind, alert.severity) {
        (AlertKind::Critical, _) => (2, 10),
        (_, Severity::High | Severity::Critical) => (3, 8),
        (_, Severity::Medium) => (4, 5),
        (_, Severity::Low) => (5, 3),
    };
    let class = alert.class.map_or(
        if alert.source == Alert::SYSTEM { "system" } else { "many" },
        bartizan_model::ThreatClass::as_str,
    );
    let mut extension = vec![
        format!("rt={}", message.at.micros() / 1_000),
        format!("start={}", alert.first_seen.micros() / 1_000),
        format!("end={}", alert.last_seen.micros() / 1_000),
        format!("cnt={}", alert.count),
        format!("act={}", notice.occasion.as_str()),
        format!("externalId={}", alert.id),
        format!("msg={}", value(&alert.description)),
    ];
    // Only addresses belong into src; logged names go elsewhere.
    if let Some(ip) = &alert.related_ip {
        let name = if ip.parse::<std::net::IpAddr>().is_ok() { "src" } else { "shost" };
        extension.push(format!("{name}={}", value(ip)));
    }
    extension.extend(alert.host.as_deref().map(|host| format!("dhost={}", value(host))));
    extension
        .extend(alert.related_endpoint.as_deref().map(|endpoint| format!("request={}", value(endpoint))));
    format!(
        "<{}>1 {} - bartizan - alert - CEF:0|Bartizan|Bartizan|{}|{class}|{}|{cef_severity}|{}",
        FACILITY * 8 + syslog_severity,
        message.at.to_rfc3339_seconds(),
        env!("CARGO_PKG_VERSION"),
        line(&alert.title).replace('\\', "\\\\").replace('|', "\\|"),
        extension.join(" ")
    )
}

/// A value of the extension, in which `=` and the backslash have a meaning.
fn value(text: &str) -> String {
    line(text).replace('\\', "\\\\").replace('=', "\\=")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::tests::message;

    #[test]
    fn a_line_keeps_its_fields_whatever_the_title_says() {
        let hostile = message("a|b\\c\nCEF:0|x src=1.2.3.4", 1);
        let text = record(&hostile, &hostile.notices[0]);
        assert!(
            text.starts_with("<106>1 2026-03-04T04:53:20Z - bartizan - alert - CEF:0|Bartizan|"),
            "{text}"
        );
        assert!(text.contains("|system|a\\|b\\\\c CEF:0\\|x src=1.2.3.4|10|rt="), "{text}");
        assert!(!text.contains('\n'));
        assert_eq!(value("a=b\\"), "a\\=b\\\\");
    }

    #[test]
    fn addresses_that_are_none_are_refused() {
        for address in
            ["", "siem:514", "udp://", "udp://siem", "udp://:514", "tls://siem:6514", "tcp://siem:99999"]
        {
            assert!(Syslog::new(address).is_err(), "{address}");
        }
        assert!(Syslog::new("udp://[::1]:514").is_ok());
    }
}
