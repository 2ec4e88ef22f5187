//! What an alert says: what happened, to which site, from where, and what to do next.

use std::collections::BTreeMap;

use bartizan_model::{Action, ThreatClass, ThreatRecord};

use super::group::{MAX_CLIENTS, MAX_TARGETS};
use super::key::Scope;
use super::severity::Breadth;

/// What a group has seen, as far as it is told.
#[derive(Debug)]
pub(super) struct Seen<'a> {
    pub(super) breadth: Breadth,
    pub(super) classes: &'a BTreeMap<ThreatClass, u64>,
    /// The site, when it is one.
    pub(super) host: Option<&'a str>,
    /// Sites, as far as they were counted.
    pub(super) sites: usize,
    pub(super) span_s: f64,
}

/// Kinds of attack that a description names.
const NAMED_KINDS: usize = 3;

pub(super) fn title(scope: &Scope, seen: &Seen<'_>) -> String {
    let kinds = seen.classes.len();
    match (scope.class, &scope.client) {
        (None, Some(client)) if kinds > 1 => {
            format!("{client} tries {kinds} kinds of attack on {}", paths(seen.breadth.targets))
        }
        (None, Some(client)) => {
            let name = seen.classes.keys().next().map_or("attack", |class| class.display_name());
            format!("{client} tries {name} on {} sites", seen.sites)
        }
        (None, None) => match seen.breadth.clients {
            n if n >= MAX_CLIENTS => format!("More than {n} clients try {kinds} kinds of attack"),
            n => format!("{n} clients try {kinds} kinds of attack"),
        },
        (Some(class), _) => class_title(class),
    }
}

fn class_title(class: ThreatClass) -> String {
    match class {
        ThreatClass::SqlInjection => "SQL injection attempts".to_owned(),
        ThreatClass::Xss => "Cross-site scripting attempts".to_owned(),
        ThreatClass::Ddos => "Request flood".to_owned(),
        ThreatClass::BruteForce => "Repeated failed logins".to_owned(),
        ThreatClass::Scanner => "Scanning for weaknesses".to_owned(),
        ThreatClass::Anomaly => "Unusual requests".to_owned(),
        ThreatClass::Policy => "Requests against your rules".to_owned(),
        other => format!("{} attempts", other.display_name()),
    }
}

fn paths(targets: u64) -> String {
    match targets {
        1 => "1 path".to_owned(),
        n if n >= MAX_TARGETS => format!("more than {MAX_TARGETS} paths"),
        n => format!("{n} paths"),
    }
}

/// One sentence with the numbers.
pub(super) fn describe(threat: &ThreatRecord, scope: &Scope, seen: &Seen<'_>) -> String {
    let breadth = seen.breadth;
    let hits = if breadth.count == 1 { "1 hit".to_owned() } else { format!("{} hits", breadth.count) };
    let within = match seen.span_s {
        s if s < 1.0 => String::new(),
        s if s < 180.0 => format!(" in {s:.0} s"),
        s if s < 10_800.0 => format!(" in {:.0} min", s / 60.0),
        s => format!(" in {:.1} h", s / 3_600.0),
    };
    let who = match &scope.client {
        Some(client) => client.clone(),
        None if breadth.clients >= MAX_CLIENTS => format!("more than {MAX_CLIENTS} clients"),
        None if breadth.clients == 1 => threat.ip.clone(),
        None => format!("{} clients", breadth.clients),
    };
    let site = match seen.host {
        Some(host) => format!(" on {host}"),
        None if seen.sites > 1 => " on many sites".to_owned(),
        None => String::new(),
    };
    let kinds = if scope.class.is_none() { format!(": {}", kinds(seen.classes)) } else { String::new() };
    let paths = if breadth.targets > 1 { format!(", {}", paths(breadth.targets)) } else { String::new() };
    let outcome = match (threat.enforced, threat.action) {
        (true, _) => "blocked",
        (false, Action::Block) => "would be blocked",
        (false, _) => "flagged",
    };
    format!("{hits}{within} from {who}{site}{kinds}{paths}, {outcome}")
}

/// The kinds of attack with most hits, and how many there are beside them.
fn kinds(classes: &BTreeMap<ThreatClass, u64>) -> String {
    let mut by_count: Vec<_> = classes.iter().collect();
    by_count.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let named: Vec<String> = by_count
        .iter()
        .take(NAMED_KINDS)
        .map(|(class, count)| format!("{} ({count})", class.display_name()))
        .collect();
    match by_count.len().saturating_sub(NAMED_KINDS) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

/// What to do next.
pub(super) fn advice(class: Option<ThreatClass>, client: Option<&str>, enforced: bool) -> String {
    let look = match class {
        None => "Somebody tries everything. Look whether any of it was answered with 200",
        Some(ThreatClass::SqlInjection | ThreatClass::Nosql | ThreatClass::LdapXpath) => {
            "Look whether the queries behind the paths tried are parameterised, and whether an answer with 200 was \
             larger than usual"
        }
        Some(ThreatClass::Xss | ThreatClass::HeaderInjection) => {
            "Look whether the pages tried show what was sent without escaping it"
        }
        Some(ThreatClass::Ddos) => {
            "Look whether the site still answers in time, and limit requests per client at the proxy"
        }
        Some(ThreatClass::BruteForce) => {
            "Look whether a login succeeded after the failures; lock or slow down the accounts that were tried"
        }
        Some(ThreatClass::Scanner) => {
            "Probing alone does no harm. Look whether anything that was probed for was found: an answer other than 404"
        }
        Some(ThreatClass::Policy) => "Look whether the rule or list that refused them is meant to",
        Some(ThreatClass::Anomaly) => {
            "Look at the samples: an attack of a new kind, or a new part of your own site"
        }
        Some(
            ThreatClass::PathTraversal | ThreatClass::FileInclusion | ThreatClass::Xxe | ThreatClass::Ssrf,
        ) => "Look whether an answer with 200 held a file or a page that is not for the public",
        Some(
            ThreatClass::CommandInjection
            | ThreatClass::CodeInjection
            | ThreatClass::TemplateInjection
            | ThreatClass::ExpressionInjection
            | ThreatClass::Deserialization,
        ) => "If the site runs what was aimed at, look at the machine for signs of a break-in, and update it",
    };
    let act = match (enforced, client) {
        (true, _) => "These requests were refused already".to_owned(),
        (false, Some(client)) => {
            format!("If it is no test of your own, refuse {client} at the proxy or firewall")
        }
        (false, None) => {
            "If it is no test of your own, refuse the clients at the proxy or firewall".to_owned()
        }
    };
    format!("{look}. {act}.")
}
