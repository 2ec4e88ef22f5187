//! Addresses and host names as they are compared and shown.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use bartizan_model::MISSING;

/// Longest host name in characters (RFC 1035, section 2.3.4).
const MAX_NAME_CHARS: usize = 255;

/// The client in canonical text: an address without port, an IPv4-mapped one as IPv4; a name as logged;
/// [`MISSING`] when there is none.
pub(crate) fn canonical_client(field: &[u8]) -> String {
    canonical_address(field).or_else(|| name(field)).unwrap_or_else(|| MISSING.to_owned())
}

/// The address in a field in canonical text, if there is one.
pub(crate) fn canonical_address(field: &[u8]) -> Option<String> {
    // The usual case: what parses as IPv4 is written as it would be shown.
    if let Ok(text) = str::from_utf8(field)
        && text.parse::<Ipv4Addr>().is_ok()
    {
        return Some(text.to_owned());
    }
    address(field).map(|address| address.to_string())
}

/// The address in a field, which may carry a port, brackets, a zone or a trailing comma.
pub(crate) fn address(field: &[u8]) -> Option<IpAddr> {
    let text = str::from_utf8(field).ok()?.trim().trim_end_matches(',');
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address.to_canonical());
    }
    if let Ok(socket) = text.parse::<SocketAddr>() {
        return Some(socket.ip().to_canonical());
    }
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let without_zone = bare.split('%').next().unwrap_or(bare);
    without_zone.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

/// The host that was asked for: lower case, without port; `None` for `-`, `_` and nothing.
pub(crate) fn canonical_host(field: &[u8]) -> Option<String> {
    let mut host = name(field).filter(|host| host != "_")?;
    host.make_ascii_lowercase();
    let port_at = host.rfind(':').filter(|&colon| {
        let is_port =
            host.get(colon + 1..).is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
        let is_bare_ipv6 = host.find(':') != Some(colon) && !host.starts_with('[');
        is_port && !is_bare_ipv6
    });
    if let Some(colon) = port_at {
        host.truncate(colon);
    }
    (!host.is_empty()).then_some(host)
}

/// The field as text without control characters, at most 255 characters; `None` for `-` and nothing.
fn name(field: &[u8]) -> Option<String> {
    let field = field.trim_ascii();
    if field.is_empty() || field == MISSING.as_bytes() {
        return None;
    }
    // No character of UTF-8 is longer than four bytes, so more bytes than that cannot be needed.
    let start = field.get(..MAX_NAME_CHARS * 4).unwrap_or(field);
    let text = String::from_utf8_lossy(start);
    Some(text.chars().take(MAX_NAME_CHARS).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn clients_are_written_in_one_way() {
        let cases: [(&[u8], &str); 11] = [
            (b"192.0.2.1", "192.0.2.1"),
            (b"192.0.2.1:5123", "192.0.2.1"),
            (b"192.0.2.1,", "192.0.2.1"),
            (b"2001:DB8:0:0::1", "2001:db8::1"),
            (b"[2001:db8::1]:443", "2001:db8::1"),
            (b"[2001:db8::1]", "2001:db8::1"),
            (b"fe80::1%eth0", "fe80::1"),
            (b"::ffff:192.0.2.1", "192.0.2.1"),
            (b"host.example.com", "host.example.com"),
            (b"unix:", "unix:"),
            (b"-", MISSING),
        ];
        for (field, want) in cases {
            assert_eq!(canonical_client(field), want);
        }
        assert_eq!(canonical_client(&[b'a'; 4_000]).chars().count(), 255);
    }

    #[test]
    fn hosts_lose_case_and_port() {
        let cases: [(&[u8], Option<&str>); 9] = [
            (b"Shop.Example.COM:8443", Some("shop.example.com")),
            (b"shop.example.com", Some("shop.example.com")),
            (b"[2001:db8::1]:80", Some("[2001:db8::1]")),
            (b"2001:db8::1", Some("2001:db8::1")),
            (b"shop:", Some("shop")),
            (b":80", None),
            (b"-", None),
            (b"_", None),
            (b"", None),
        ];
        for (field, want) in cases {
            assert_eq!(canonical_host(field).as_deref(), want, "{}", String::from_utf8_lossy(field));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_short_clean_name(field in prop::collection::vec(any::<u8>(), 0..2_000)) {
            let client = canonical_client(&field);
            prop_assert!((1..=255).contains(&client.chars().count()));
            prop_assert!(!client.chars().any(char::is_control));
            prop_assert!(canonical_host(&field).is_none_or(|host| (1..=255).contains(&host.chars().count())));
        }
    }
}
