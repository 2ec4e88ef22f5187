//! Where syslog is listened for.

use std::net::SocketAddr;
use std::path::PathBuf;

/// An address to listen on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Address {
    /// `udp://127.0.0.1:5514`
    Udp(SocketAddr),
    /// `tcp://127.0.0.1:5514`
    Tcp(SocketAddr),
    /// `unix:///run/bartizan.sock`: datagrams, as nginx and rsyslog send them.
    UnixDatagram(PathBuf),
    /// `unix-stream:///run/bartizan.sock`
    UnixStream(PathBuf),
}

impl Address {
    /// Reads an address in the form of a URL.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let path = || Some(PathBuf::from(rest)).filter(|path| path.is_absolute());
        match scheme {
            "udp" => rest.parse().ok().map(Self::Udp),
            "tcp" => rest.parse().ok().map(Self::Tcp),
            "unix" => path().map(Self::UnixDatagram),
            "unix-stream" => path().map(Self::UnixStream),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_others_refused() {
        assert_eq!(
            Address::parse("udp://127.0.0.1:5514"),
            Some(Address::Udp(SocketAddr::from(([127, 0, 0, 1], 5514))))
        );
        assert!(matches!(Address::parse("tcp://[::1]:601"), Some(Address::Tcp(_))));
        assert_eq!(Address::parse("unix:///run/a.sock"), Some(Address::UnixDatagram("/run/a.sock".into())));
        assert_eq!(Address::parse("unix-stream:///a"), Some(Address::UnixStream("/a".into())));
        for text in ["udp://localhost", "127.0.0.1:514", "unix://relative", "http://127.0.0.1:1", "udp:/"] {
            assert_eq!(Address::parse(text), None, "{text}");
        }
    }
}
