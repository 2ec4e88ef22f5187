//! Addresses as sortable keys, so that a CIDR block is one range of an index.

use std::net::{IpAddr, Ipv6Addr};

/// An address in 16 bytes, IPv4 as IPv4-mapped IPv6 (RFC 4291 section 2.5.5.2): sorts like the number it is.
pub(crate) type AddressKey = [u8; 16];

/// Bits of the prefix that marks a mapped IPv4 address.
const MAPPED_PREFIX_BITS: u32 = 96;

/// What one value of the `ip` filter asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AddressPattern {
    /// One address.
    One(AddressKey),
    /// The first and the last address of a block.
    Block(AddressKey, AddressKey),
    /// No address: what the log holds in its place, literally.
    Literal(String),
}

/// The key of an address in text; `None` when it is none.
pub(crate) fn address_key(text: &str) -> Option<AddressKey> {
    text.trim().parse::<IpAddr>().ok().map(key)
}

/// The address in the one text that lists show and filters find; anything else as it is.
pub(crate) fn canonical(text: &str) -> Option<String> {
    text.trim().parse::<IpAddr>().ok().map(|address| address.to_canonical().to_string())
}

impl AddressPattern {
    /// Reads an address, a CIDR block (bits beyond its prefix are ignored) or anything else.
    pub(crate) fn parse(text: &str) -> Self {
        let text = text.trim();
        if let Some(one) = address_key(text) {
            return Self::One(one);
        }
        block(text).unwrap_or_else(|| Self::Literal(text.to_owned()))
    }
}

fn block(text: &str) -> Option<AddressPattern> {
    let (address, prefix) = text.split_once('/')?;
    let address: IpAddr = address.parse().ok()?;
    let given: u32 = prefix.parse().ok()?;
    let prefix = match address {
        IpAddr::V4(_) if given <= 32 => given + MAPPED_PREFIX_BITS,
        IpAddr::V6(_) if given <= 128 => given,
        _ => return None,
    };
    let host_bits = u128::MAX.checked_shr(prefix).unwrap_or(0);
    let number = u128::from_be_bytes(key(address));
    Some(AddressPattern::Block((number & !host_bits).to_be_bytes(), (number | host_bits).to_be_bytes()))
}

/// The text of the address of a key.
pub(crate) fn address_of(key: &AddressKey) -> String {
    IpAddr::V6(Ipv6Addr::from(*key)).to_canonical().to_string()
}

fn key(address: IpAddr) -> AddressKey {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) => Ipv6Addr::octets(&v6),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_block_spans_its_addresses() {
        for (text, inside, outside) in [
            ("192.0.2.0/24", "192.0.2.255", "192.0.3.0"),
            ("192.0.2.77/24", "192.0.2.0", "192.0.1.255"),
            ("192.0.2.1/32", "192.0.2.1", "192.0.2.2"),
            ("0.0.0.0/0", "255.255.255.255", "2001:db8::1"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
            ("::/0", "192.0.2.1", "-"),
        ] {
            let AddressPattern::Block(first, last) = AddressPattern::parse(text) else {
                panic!("{text} is a block")
            };
            let within = |address: &str| address_key(address).is_some_and(|key| first <= key && key <= last);
            assert!(within(inside), "{inside} in {text}");
            assert!(!within(outside), "{outside} not in {text}");
        }
    }

    #[test]
    fn what_is_no_address_is_taken_literally() {
        for text in
            ["client.example.com", "-", "192.0.2.0/33", "192.0.2.0/-1", "1.2.3", "/", "2001:db8::/129"]
        {
            assert_eq!(AddressPattern::parse(text), AddressPattern::Literal(text.to_owned()));
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_pattern(text in ".*") {
            AddressPattern::parse(&text);
        }
    }
}
