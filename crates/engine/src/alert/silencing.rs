//! Whether a silence holds something back.

use std::net::IpAddr;

use bartizan_model::{Alert, Silence, SilenceMatch, ThreatRecord, Timestamp};

use super::rule::host_matches;

/// Why a silence is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SilenceError {
    /// It would hold back everything.
    #[error("names nothing; give at least one of class, ip, host, source and key")]
    Everything,
    /// The client is neither an address nor a block.
    #[error("is neither an address nor a block such as 198.51.100.0/24")]
    Address,
    /// It ended before it began.
    #[error("lies in the past")]
    Past,
}

/// A silence with its block of addresses understood.
#[derive(Debug, Clone)]
pub(super) struct Silencer {
    pub(super) silence: Silence,
    client: Option<Client>,
}

#[derive(Debug, Clone)]
enum Client {
    Block(IpAddr, u8),
    /// A logged name where the log holds no address.
    Name(String),
}

/// What is compared with a silence.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    source: &'a str,
    class: Option<bartizan_model::ThreatClass>,
    ip: Option<&'a str>,
    host: Option<&'a str>,
    key: Option<&'a str>,
}

impl<'a> Subject<'a> {
    pub(super) fn threat(threat: &'a ThreatRecord) -> Self {
        let is_counted = threat.decided_by == bartizan_model::DecidedBy::Behaviour;
        Self {
            source: if is_counted { "behaviour" } else { "detector" },
            class: Some(threat.class),
            ip: Some(&threat.ip),
            host: threat.host.as_deref(),
            key: None,
        }
    }

    pub(super) fn alert(alert: &'a Alert) -> Self {
        Self {
            source: &alert.source,
            class: alert.class,
            ip: alert.related_ip.as_deref(),
            host: alert.host.as_deref(),
            key: Some(&alert.key),
        }
    }

    pub(super) fn with_key(self, key: &'a str) -> Self {
        Self { key: Some(key), ..self }
    }
}

impl Silencer {
    pub(super) fn new(silence: Silence) -> Self {
        let client = silence
            .matches
            .ip
            .as_deref()
            .map(|text| block(text).unwrap_or_else(|| Client::Name(text.to_owned())));
        Self { silence, client }
    }

    pub(super) fn holds_back(&self, subject: Subject<'_>, now: Timestamp) -> bool {
        let wanted = &self.silence.matches;
        let is_client = match (&self.client, subject.ip) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(Client::Name(name)), Some(ip)) => name == ip,
            (Some(Client::Block(base, prefix)), Some(ip)) => {
                ip.parse::<IpAddr>().is_ok_and(|ip| within(ip, *base, *prefix))
            }
        };
        let is_same = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| found == Some(wanted))
        };
        self.silence.is_active(now)
            && is_client
            && wanted.class.is_none_or(|class| subject.class == Some(class))
            && wanted
                .host
                .as_deref()
                .is_none_or(|wanted| subject.host.is_some_and(|host| host_matches(wanted, host)))
            && is_same(&wanted.source, Some(subject.source))
            && is_same(&wanted.key, subject.key)
    }
}

/// Whether a silence makes sense.
pub(super) fn check(
    matches: &SilenceMatch,
    expires_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), SilenceError> {
    if matches.is_everything() {
        return Err(SilenceError::Everything);
    }
    if matches.ip.as_deref().is_some_and(|ip| block(ip).is_none()) {
        return Err(SilenceError::Address);
    }
    if expires_at.is_some_and(|end| end <= now) {
        return Err(SilenceError::Past);
    }
    Ok(())
}

fn block(text: &str) -> Option<Client> {
    let (address, prefix) =
        text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
    let address: IpAddr = address.parse().ok()?;
    let longest = if address.is_ipv4() { 32 } else { 128 };
    let prefix = prefix.map_or(Some(longest), |prefix| prefix.parse().ok())?;
    (prefix <= longest).then_some(Client::Block(address, prefix))
}

fn within(ip: IpAddr, base: IpAddr, prefix: u8) -> bool {
    let bits = |ip: IpAddr| match ip {
        IpAddr::V4(ip) => (u128::from(ip.to_bits()) << 96, true),
        IpAddr::V6(ip) => (ip.to_bits(), false),
    };
    let ((a, a_is_v4), (b, b_is_v4)) = (bits(ip), bits(base));
    let shift = 128 - u32::from(prefix);
    a_is_v4 == b_is_v4 && a.checked_shr(shift).unwrap_or(0) == b.checked_shr(shift).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::group::tests::threat;
    use bartizan_model::{Action, ThreatClass};

    fn silencer(matches: SilenceMatch, expires_s: Option<i64>) -> Silencer {
        Silencer::new(Silence {
            id: 1,
            created_at: Timestamp::from_secs(0),
            created_by: "local".to_owned(),
            expires_at: expires_s.map(Timestamp::from_secs),
            reason: None,
            matches,
            hits: 0,
            last_hit: None,
        })
    }

    #[test]
    fn every_member_that_is_set_has_to_match() {
        let xss = threat(1, ThreatClass::Xss, "198.51.100.7", 10, Action::Block);
        let now = Timestamp::from_secs(10);
        for (ip, class, expected) in [
            (Some("198.51.100.0/24"), None, true),
            (Some("198.51.100.7"), Some(ThreatClass::Xss), true),
            (Some("198.51.100.8/31"), None, false),
            (Some("0.0.0.0/0"), None, true),
            (Some("::/0"), None, false),
            (None, Some(ThreatClass::Scanner), false),
        ] {
            let matches = SilenceMatch { ip: ip.map(str::to_owned), class, ..SilenceMatch::default() };
            assert_eq!(check(&matches, None, now), Ok(()));
            let holds = silencer(matches, None).holds_back(Subject::threat(&xss), now);
            assert_eq!(holds, expected, "{ip:?} {class:?}");
        }
        let over =
            silencer(SilenceMatch { class: Some(ThreatClass::Xss), ..SilenceMatch::default() }, Some(10));
        assert!(!over.holds_back(Subject::threat(&xss), now));
    }

    #[test]
    fn senseless_silences_are_refused() {
        let now = Timestamp::from_secs(10);
        assert_eq!(check(&SilenceMatch::default(), None, now), Err(SilenceError::Everything));
        for ip in ["nowhere", "198.51.100.0/33", "198.51.100.0/", "::/129", "1.2.3"] {
            let matches = SilenceMatch { ip: Some(ip.to_owned()), ..SilenceMatch::default() };
            assert_eq!(check(&matches, None, now), Err(SilenceError::Address), "{ip}");
        }
        let matches = SilenceMatch { host: Some("a".to_owned()), ..SilenceMatch::default() };
        assert_eq!(check(&matches, Some(now), now), Err(SilenceError::Past));
    }
}
