//! Which group a threat belongs to.

use std::collections::BTreeMap;

use bartizan_model::{ThreatClass, ThreatRecord};

/// Open alerts of one client before whatever else comes from it is gathered with them, of any class and on any site.
const ALERTS_PER_CLIENT: usize = 2;
/// Open alerts of single clients for one class and site before further clients are gathered in a campaign.
const CLIENTS_PER_CLASS: usize = 4;
/// Open alerts for one site before whatever comes is gathered, of any class.
const ALERTS_PER_SITE: usize = 8;
/// Open alerts altogether: a client can name sites without end.
const ALERTS_IN_ALL: usize = 24;

/// Whom the threats of a group are aimed at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Aim {
    /// One site; `None` where the log does not name it.
    Site(Option<String>),
    /// Any site.
    Any,
}

/// What the threats of a group have in common; `None` stands for many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scope {
    pub(super) class: Option<ThreatClass>,
    pub(super) client: Option<String>,
    pub(super) aim: Aim,
}

impl Scope {
    /// The group of one client, one class and one site.
    pub(super) fn own(threat: &ThreatRecord) -> Self {
        Self {
            class: Some(threat.class),
            client: Some(threat.ip.clone()),
            aim: Aim::Site(threat.host.clone()),
        }
    }

    /// Everything that one client does.
    fn client(threat: &ThreatRecord) -> Self {
        Self { class: None, client: Some(threat.ip.clone()), aim: Aim::Any }
    }

    fn campaign(threat: &ThreatRecord) -> Self {
        Self { client: None, ..Self::own(threat) }
    }

    fn site(threat: &ThreatRecord) -> Self {
        Self { class: None, ..Self::campaign(threat) }
    }

    const EVERYTHING: Self = Self { class: None, client: None, aim: Aim::Any };

    /// Whether the group gathers what smaller groups could hold.
    pub(super) fn gathers(&self) -> bool {
        self.class.is_none() || self.client.is_none()
    }

    /// Whether everything that the other group holds belongs here. `hosts` are the sites of the other one.
    pub(super) fn holds(&self, other: &Self, hosts: &[Option<&str>]) -> bool {
        let is_here = match &self.aim {
            Aim::Any => true,
            Aim::Site(host) => !hosts.is_empty() && hosts.iter().all(|other| *other == host.as_deref()),
        };
        is_here
            && (self.class.is_none() || self.class == other.class)
            && (self.client.is_none() || self.client == other.client)
    }

    /// The text under which the group is kept.
    pub(super) fn key(&self) -> String {
        let part = |text: &str| text.replace('%', "%25").replace('|', "%7C").replace('*', "%2A");
        let class = self.class.map_or("*", ThreatClass::as_str);
        let client = self.client.as_deref().map_or_else(|| "*".to_owned(), part);
        let host = match &self.aim {
            Aim::Any => "*".to_owned(),
            Aim::Site(Some(host)) => part(host),
            Aim::Site(None) => String::new(),
        };
        format!("{class}|{client}|{host}")
    }

    /// Reads what [`Scope::key`] wrote; `None` for keys of conditions.
    pub(super) fn parse(key: &str) -> Option<Self> {
        let part = |text: &str| text.replace("%2A", "*").replace("%7C", "|").replace("%25", "%");
        let [class, client, host] = key.split('|').collect::<Vec<_>>().try_into().ok()?;
        let class = if class == "*" { None } else { Some(class.parse().ok()?) };
        let client = (client != "*").then(|| part(client));
        let aim = match host {
            "*" => Aim::Any,
            "" => Aim::Site(None),
            host => Aim::Site(Some(part(host))),
        };
        Some(Self { class, client, aim })
    }
}

/// The groups with an open alert, by key; with the site, where it is one.
#[derive(Debug, Default)]
pub(super) struct Opened(BTreeMap<String, (Scope, Option<String>)>);

impl Opened {
    /// `host`: the site of the alert, which a group of any site has as long as it is one.
    pub(super) fn insert(&mut self, key: &str, scope: &Scope, host: Option<&str>) {
        match self.0.get_mut(key) {
            Some((_, known)) => {
                if known.as_deref() != host {
                    *known = host.map(str::to_owned);
                }
            }
            None => {
                self.0.insert(key.to_owned(), (scope.clone(), host.map(str::to_owned)));
            }
        }
    }

    pub(super) fn remove(&mut self, key: &str) {
        self.0.remove(key);
    }

    /// The groups, in the order of their keys.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Scope)> {
        self.0.iter().map(|(key, (scope, _))| (key.as_str(), scope))
    }

    /// Chooses the group: what is open already, the narrow before the wide; else that of client, class and site as long
    /// as there are few of them, then the one that gathers them.
    /// `is_open`: whether a group has an alert to which, by event time, this threat could belong.
    pub(super) fn choose(&self, threat: &ThreatRecord, is_open: impl Fn(&str) -> bool) -> (String, Scope) {
        let keyed = |scope: Scope| (scope.key(), scope);
        let ladder = [
            keyed(Scope::own(threat)),
            keyed(Scope::client(threat)),
            keyed(Scope::campaign(threat)),
            keyed(Scope::site(threat)),
            keyed(Scope::EVERYTHING),
        ];
        if let Some(open) = ladder.iter().find(|(key, _)| is_open(key)) {
            return open.clone();
        }
        let [own, client, campaign, site, everything] = ladder;
        let open: Vec<_> = self.0.iter().filter(|(key, _)| is_open(key)).map(|(_, open)| open).collect();
        let of_client = open.iter().filter(|(scope, _)| scope.client == own.1.client).count();
        let is_here = |(scope, host): &&&(Scope, Option<String>)| match &scope.aim {
            Aim::Site(host) => *host == threat.host,
            Aim::Any => *host == threat.host,
        };
        let of_site = open.iter().filter(is_here).count();
        let of_class = open
            .iter()
            .filter(is_here)
            .filter(|(scope, _)| scope.client.is_some() && scope.class == own.1.class)
            .count();
        if of_client >= ALERTS_PER_CLIENT {
            client
        } else if of_class >= CLIENTS_PER_CLASS {
            campaign
        } else if of_site >= ALERTS_PER_SITE {
            site
        } else if open.len() >= ALERTS_IN_ALL {
            everything
        } else {
            own
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_can_be_read_from_its_key_whatever_hosts_and_clients_are_called() {
        for client in [None, Some("198.51.100.7"), Some("*"), Some("a|b%7C*%")] {
            for aim in [Aim::Any, Aim::Site(None), Aim::Site(Some("*|%2A".to_owned()))] {
                for class in [None, Some(ThreatClass::Xss)] {
                    let scope = Scope { class, client: client.map(str::to_owned), aim: aim.clone() };
                    assert_eq!(Scope::parse(&scope.key()), Some(scope));
                }
            }
        }
        assert_eq!(Scope::parse("system|disk"), None);
    }
}
