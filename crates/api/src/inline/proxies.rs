//! Which peers may speak for others.

use std::net::IpAddr;

use ipnet::IpNet;

/// Addresses and networks of proxies whose `X-Forwarded-*` headers are believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Reads addresses (`10.0.0.7`) and networks (`10.0.0.0/8`).
    ///
    /// # Errors
    /// One sentence that names the one that cannot be read.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut networks = Vec::new();
        for text in texts {
            let text = text.trim();
            let network = match text.parse::<IpAddr>() {
                Ok(address) => Some(IpNet::from(address.to_canonical())),
                Err(_) => text.parse::<IpNet>().ok(),
            };
            networks.push(
                network.ok_or_else(|| {
                    format!("'{text}' is no address or network; write 10.0.0.7 or 10.0.0.0/8")
                })?,
            );
        }
        Ok(Self(networks))
    }

    /// Nobody.
    pub fn none() -> Self {
        Self(Vec::new())
    }

    /// Every loopback address.
    pub fn loopback() -> Self {
        Self::parse(["127.0.0.0/8", "::1"]).unwrap_or_else(|_| Self(Vec::new()))
    }

    /// Whether that peer is one of them.
    pub(crate) fn trusts(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.0.iter().any(|network| network.contains(&peer))
    }

    /// The client of a request that came through these proxies: the last of `X-Forwarded-For` that is none of them,
    /// since whatever stands before it the client may have written itself.
    pub(crate) fn client<'a>(
        &self,
        forwarded_for: impl DoubleEndedIterator<Item = &'a str>,
    ) -> Option<&'a str> {
        let mut first = None;
        for entry in forwarded_for.rev().map(str::trim).filter(|entry| !entry.is_empty()) {
            first = Some(entry);
            if !address(entry).is_some_and(|address| self.trusts(address)) {
                return Some(entry);
            }
        }
        first
    }
}

/// An entry of `X-Forwarded-For`, which some write with a port.
fn address(entry: &str) -> Option<IpAddr> {
    let bare = entry.trim_start_matches('[').split(']').next().unwrap_or_default();
    let without_port = || entry.rsplit_once(':').and_then(|(address, _)| address.parse().ok());
    entry.parse().ok().or_else(|| bare.parse().ok()).or_else(without_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_networks_are_read_and_nothing_else() {
        let proxies = TrustedProxies::parse(["10.0.0.0/8", " 192.0.2.7 ", "2001:db8::/32"]).expect("sound");
        for (peer, trusted) in [
            ("10.255.0.1", true),
            ("192.0.2.7", true),
            ("192.0.2.8", false),
            ("::ffff:10.1.1.1", true),
            ("2001:db8::9", true),
            ("::1", false),
        ] {
            assert_eq!(proxies.trusts(peer.parse().expect("an address")), trusted, "{peer}");
        }
        assert!(TrustedProxies::loopback().trusts("127.0.0.1".parse().expect("an address")));
        assert!(TrustedProxies::loopback().trusts("::1".parse().expect("an address")));
        for text in ["", "localhost", "10.0.0.0/33", "10.0.0.0-10.0.0.9"] {
            assert!(TrustedProxies::parse([text]).is_err(), "{text}");
        }
    }

    #[test]
    fn the_client_is_the_last_one_that_no_proxy_of_ours_is() {
        let proxies = TrustedProxies::parse(["10.0.0.0/8"]).expect("sound");
        let client = |text: &'static str| proxies.client(text.split(','));
        assert_eq!(client("203.0.113.9"), Some("203.0.113.9"));
        assert_eq!(client("1.2.3.4, 203.0.113.9, 10.0.0.2"), Some("203.0.113.9"), "the first is a claim");
        assert_eq!(client("10.0.0.3, 10.0.0.2:443"), Some("10.0.0.3"));
        assert_eq!(client("[2001:db8::1]:99, 10.0.0.2"), Some("[2001:db8::1]:99"));
        assert_eq!(client(" , "), None);
    }
}
