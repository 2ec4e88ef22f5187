//! What an alert says: what happened, to which site, from where, and what to do next.

use bartizan_model::{Action, ThreatClass, ThreatRecord};

use super::group::{MAX_CLIENTS, MAX_TARGETS};
use super::key::Scope;
use super::severity::Breadth;

pub(super) fn title(class: Option<ThreatClass>) -> String {
    match class {
        None => "Attack of many kinds".to_owned(),
        Some(ThreatClass::SqlInjection) => "SQL injection attempts".to_owned(),
        Some(ThreatClass::Xss) => "Cross-site scripting attempts".to_owned(),
        Some(ThreatClass::Ddos) => "Request flood".to_owned(),
        Some(ThreatClass::BruteForce) => "Repeated failed logins".to_owned(),
        Some(ThreatClass::Scanner) => "Scanning for weaknesses".to_owned(),
        Some(ThreatClass::Anomaly) => "Unusual requests".to_owned(),
        Some(ThreatClass::Policy) => "Requests against your rules".to_owned(),
        Some(other) => format!("{} attempts", other.display_name()),
    }
}

/// One sentence with the numbers.
pub(super) fn describe(threat: &ThreatRecord, scope: &Scope, breadth: Breadth, span_s: f64) -> String {
    let hits = if breadth.count == 1 { "1 hit".to_owned() } else { format!("{} hits", breadth.count) };
    let within = match span_s {
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
    let site = match (&scope.host, scope.any_host) {
        (Some(host), _) => format!(" on {host}"),
        (None, true) => " on many sites".to_owned(),
        (None, false) => String::new(),
    };
    let paths = match breadth.targets {
        0 | 1 => String::new(),
        n if n >= MAX_TARGETS => format!(", more than {MAX_TARGETS} paths"),
        n => format!(", {n} paths"),
    };
    let outcome = match (threat.enforced, threat.action) {
        (true, _) => "blocked",
        (false, Action::Block) => "would be blocked",
        (false, _) => "flagged",
    };
    format!("{hits}{within} from {who}{site}{paths}, {outcome}")
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
