//! Which group a threat belongs to.

use std::collections::BTreeMap;

use bartizan_model::{Alert, ThreatClass, ThreatRecord};

/// Open alerts of single clients for one class and site before further clients are gathered in a campaign.
const CLIENTS_PER_CLASS: usize = 4;
/// Open alerts of single clients for one site before whatever comes is gathered, of any class.
const ALERTS_PER_SITE: usize = 12;
/// Open alerts of single clients altogether: a client can name sites without end.
const ALERTS_IN_ALL: usize = 48;

/// What the threats of a group have in common; `None` stands for many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scope {
    pub(super) class: Option<ThreatClass>,
    pub(super) client: Option<String>,
    pub(super) host: Option<String>,
    pub(super) any_host: bool,
}

impl Scope {
    /// The group of one client.
    pub(super) fn own(threat: &ThreatRecord) -> Self {
        Self {
            class: Some(threat.class),
            client: Some(threat.ip.clone()),
            host: threat.host.clone(),
            any_host: false,
        }
    }

    /// The group that an alert came from.
    pub(super) fn of(alert: &Alert) -> Self {
        Self {
            class: alert.class,
            client: alert.related_ip.clone(),
            host: alert.host.clone(),
            any_host: false,
        }
    }

    fn campaign(threat: &ThreatRecord) -> Self {
        Self { client: None, ..Self::own(threat) }
    }

    fn site(threat: &ThreatRecord) -> Self {
        Self { class: None, ..Self::campaign(threat) }
    }

    const EVERYTHING: Self = Self { class: None, client: None, host: None, any_host: true };

    /// The text under which the group is kept.
    pub(super) fn key(&self) -> String {
        let part = |text: &str| text.replace('%', "%25").replace('|', "%7C");
        let class = self.class.map_or("*", ThreatClass::as_str);
        let client = self.client.as_deref().map_or_else(|| "*".to_owned(), part);
        let host = match (&self.host, self.any_host) {
            (_, true) => "*".to_owned(),
            (Some(host), false) => part(host),
            (None, false) => String::new(),
        };
        format!("{class}|{client}|{host}")
    }
}

/// The open alerts of single clients, by key.
#[derive(Debug, Default)]
pub(super) struct Singles(BTreeMap<String, (ThreatClass, Option<String>)>);

impl Singles {
    pub(super) fn insert(&mut self, key: &str, scope: &Scope) {
        if let (Some(class), Some(_)) = (scope.class, &scope.client) {
            self.0.insert(key.to_owned(), (class, scope.host.clone()));
        }
    }

    pub(super) fn remove(&mut self, key: &str) {
        self.0.remove(key);
    }

    /// Chooses the group: that of the client as long as there are few of them, then that of the class, the site, or all.
    /// `is_open`: whether a group has an alert to which, by event time, this threat could belong.
    pub(super) fn choose(&self, threat: &ThreatRecord, is_open: impl Fn(&str) -> bool) -> (String, Scope) {
        let keyed = |scope: Scope| (scope.key(), scope);
        let own = keyed(Scope::own(threat));
        if self.0.contains_key(&own.0) && is_open(&own.0) {
            return own;
        }
        let (campaign, site) = (keyed(Scope::campaign(threat)), keyed(Scope::site(threat)));
        let everything = keyed(Scope::EVERYTHING);
        for gathered in [&campaign, &site, &everything] {
            if is_open(&gathered.0) {
                return gathered.clone();
            }
        }
        let open: Vec<_> = self.0.iter().filter(|(key, _)| is_open(key)).map(|(_, single)| single).collect();
        let here = || open.iter().filter(|(_, host)| *host == threat.host);
        if here().filter(|(class, _)| *class == threat.class).count() >= CLIENTS_PER_CLASS {
            campaign
        } else if here().count() >= ALERTS_PER_SITE {
            site
        } else if open.len() >= ALERTS_IN_ALL {
            everything
        } else {
            own
        }
    }
}
