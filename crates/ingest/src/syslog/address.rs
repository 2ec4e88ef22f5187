//! Where syslog is listened for.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use crate::SourceError;

/// An address to listen on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyslogAddress {
    /// `udp://127.0.0.1:5514`
    Udp(SocketAddr),
    /// `tcp://127.0.0.1:5514`
    Tcp(SocketAddr),
    /// `unix:///run/bartizan.sock`: datagrams, as nginx and rsyslog send them.
    UnixDatagram(PathBuf),
    /// `unix-stream:///run/bartizan.sock`
    UnixStream(PathBuf),
}

impl SyslogAddress {
    /// The port, where there are ports.
    pub fn port(&self) -> Option<u16> {
        match self {
            Self::Udp(address) | Self::Tcp(address) => Some(address.port()),
            Self::UnixDatagram(_) | Self::UnixStream(_) => None,
        }
    }

    /// Whether nobody can listen on both.
    pub fn clashes_with(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Udp(one), Self::Udp(other)) | (Self::Tcp(one), Self::Tcp(other)) => {
                let is_any = one.ip().is_unspecified() || other.ip().is_unspecified();
                one.port() == other.port() && (is_any || one.ip() == other.ip())
            }
            (
                Self::UnixDatagram(one) | Self::UnixStream(one),
                Self::UnixDatagram(other) | Self::UnixStream(other),
            ) => one == other,
            _ => false,
        }
    }
}

impl FromStr for SyslogAddress {
    type Err = SourceError;

    /// Reads an address in the form of a URL.
    fn from_str(text: &str) -> Result<Self, SourceError> {
        let path = |rest: &str| Some(PathBuf::from(rest)).filter(|path| path.is_absolute());
        let address = text.split_once("://").and_then(|(scheme, rest)| match scheme {
            "udp" => rest.parse().ok().map(Self::Udp),
            "tcp" => rest.parse().ok().map(Self::Tcp),
            "unix" => path(rest).map(Self::UnixDatagram),
            "unix-stream" => path(rest).map(Self::UnixStream),
            _ => None,
        });
        address.ok_or_else(|| SourceError::Address { address: text.to_owned() })
    }
}

impl fmt::Display for SyslogAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Udp(address) => write!(f, "udp://{address}"),
            Self::Tcp(address) => write!(f, "tcp://{address}"),
            Self::UnixDatagram(path) => write!(f, "unix://{}", path.display()),
            Self::UnixStream(path) => write!(f, "unix-stream://{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_others_refused() {
        for text in ["udp://127.0.0.1:5514", "tcp://[::1]:601", "unix:///run/a.sock", "unix-stream:///a"] {
            let address: SyslogAddress = text.parse().expect(text);
            assert_eq!(address.to_string(), text);
        }
        for text in [
            "udp://localhost",
            "127.0.0.1:514",
            "unix://relative",
            "http://127.0.0.1:1",
            "udp:/",
            "udp://127.0.0.1:65536",
            "tcp://127.0.0.1:-1",
        ] {
            let error = text.parse::<SyslogAddress>().expect_err(text).to_string();
            assert!(error.contains(text) && error.contains("udp://127.0.0.1:5514"), "{error}");
        }
    }
}
