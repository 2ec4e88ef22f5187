//! Filters as SQL conditions; every value is bound, never written into the text.

use bartizan_model::{Action, MAX_TARGET_CHARS, Span, ThreatClass, display_target};

use super::dialect::{Builder, CONTAINS};
use crate::address::AddressPattern;
use crate::text::cut;
use crate::{EndpointFilter, Filter};

/// Most words, and most characters of each, that a search looks for (API.md 1.7: 2 to 200 characters in all).
const MAX_WORDS: usize = 20;
const MAX_WORD_CHARS: usize = 200;

/// The lists that share [`Filter`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Traffic,
    Threats,
    Activities,
}

impl List {
    pub(super) fn table(self) -> &'static str {
        match self {
            Self::Traffic | Self::Activities => "traffic",
            Self::Threats => "threats",
        }
    }
}

/// Adds `WHERE` and every condition of the filter.
pub(super) fn push_where(query: &mut Builder, list: List, filter: &Filter) {
    query.push(match list {
        List::Activities => " WHERE activity_id IS NOT NULL",
        List::Traffic | List::Threats => " WHERE 1 = 1",
    });
    push_span(query, filter.span);
    if !filter.ip.is_empty() {
        let patterns: Vec<_> = filter.ip.iter().map(|ip| AddressPattern::parse(ip)).collect();
        any(query, &patterns, push_address);
    }
    push_in(query, "method", filter.method.iter().map(String::as_str));
    if !filter.status.is_empty() {
        any(query, &filter.status, |query, (low, high)| {
            query
                .push("status BETWEEN ")
                .push_bind(i64::from(*low))
                .push(" AND ")
                .push_bind(i64::from(*high));
        });
    }
    if !filter.host.is_empty() {
        any(query, &filter.host, |query, host| push_host(query, host));
    }
    if let Some(endpoint) = &filter.endpoint {
        query.push(" AND ");
        push_endpoint(query, endpoint);
    }
    push_in(query, "class", filter.class.iter().map(|class| class.as_str()));
    push_in(query, "severity", filter.severity.iter().map(|severity| severity.as_str()));
    push_in(query, "action", filter.action.iter().map(|action| action.as_str()));
    if let Some(enforced) = filter.enforced {
        query.push(" AND enforced = ").push_bind(i64::from(enforced));
    }
    if let Some(min_score) = filter.min_score {
        query.push(" AND score >= ").push_bind(min_score);
    }
    for word in filter.words.iter().take(MAX_WORDS) {
        push_word(query, list, word);
    }
}

pub(super) fn push_span(query: &mut Builder, span: Option<Span>) {
    if let Some(span) = span {
        query
            .push(" AND ts >= ")
            .push_bind(span.from.micros())
            .push(" AND ts < ")
            .push_bind(span.to.micros());
    }
}

/// Adds ` AND (a OR b …)`.
fn any<T>(query: &mut Builder, values: &[T], one: impl Fn(&mut Builder, &T)) {
    query.push(" AND (");
    for (at, value) in values.iter().enumerate() {
        query.push(if at == 0 { "" } else { " OR " });
        one(query, value);
    }
    query.push(")");
}

/// Adds ` AND column IN (…)`, or nothing without values.
pub(super) fn push_in<'v>(query: &mut Builder, column: &'static str, values: impl Iterator<Item = &'v str>) {
    let mut values = values.peekable();
    if values.peek().is_none() {
        return;
    }
    query.push(" AND ").push(column).push(" IN (");
    let mut list = query.separated(", ");
    for value in values {
        list.push_bind(value);
    }
    query.push(")");
}

pub(super) fn push_address(query: &mut Builder, pattern: &AddressPattern) {
    match pattern {
        AddressPattern::One(key) => query.push("ip_key = ").push_bind(key.as_slice()),
        AddressPattern::Block(first, last) => {
            query.push("ip_key BETWEEN ").push_bind(first.as_slice()).push(" AND ").push_bind(last.as_slice())
        }
        AddressPattern::Literal(name) => {
            query.push("(ip_key IS NULL AND ip = ").push_bind(name.as_str()).push(")")
        }
    };
}

fn push_host(query: &mut Builder, host: &str) {
    let host = host.to_lowercase();
    match host.strip_prefix("*.") {
        Some(parent) => push_like(query, "host", &format!("%.{}", escaped(parent))),
        None => {
            query.push("host = ").push_bind(host.as_str());
        }
    }
}

fn push_endpoint(query: &mut Builder, endpoint: &EndpointFilter) {
    match endpoint {
        EndpointFilter::Target(target) => query.push("endpoint = ").push_bind(shown(target)),
        EndpointFilter::Path(path) => query.push("path = ").push_bind(shown(path)),
        EndpointFilter::Prefix(prefix) => {
            let (first, end) = prefix_range(&shown(prefix));
            query.push("(endpoint >= ").push_bind(first).push(" AND endpoint < ").push_bind(end).push(")")
        }
        EndpointFilter::Either(either) => {
            let either = shown(either);
            query
                .push("(endpoint = ")
                .push_bind(either.clone())
                .push(" OR path = ")
                .push_bind(either)
                .push(")")
        }
    };
}

/// Texts that begin with the prefix lie from the first up to, not including, the second.
pub(super) fn prefix_range(prefix: &str) -> (String, String) {
    (prefix.to_owned(), format!("{prefix}{}", char::MAX))
}

/// A target as lists show it, which is how it is stored.
pub(super) fn shown(target: &str) -> String {
    match target.strip_suffix('…') {
        Some(head) => format!("{}…", display_target(head.as_bytes(), MAX_TARGET_CHARS)),
        None => display_target(target.as_bytes(), MAX_TARGET_CHARS),
    }
}

fn push_word(query: &mut Builder, list: List, word: &str) {
    let word = cut(word, MAX_WORD_CHARS);
    let pattern = format!("%{}%", escaped(&word));
    query.push(" AND (");
    for (at, column) in ["ip", "host", "endpoint", "user_agent"].into_iter().enumerate() {
        query.push(if at == 0 { "" } else { " OR " });
        push_like(query, column, &pattern);
    }
    query.push(" OR ");
    if list == List::Threats {
        push_like(query, "payload", &pattern);
        query.push(" OR ");
        push_like(query, "details", &pattern);
    } else {
        query.push("(threat_id IS NOT NULL AND EXISTS (SELECT 1 FROM threats WHERE threats.id = traffic.threat_id AND (");
        push_like(query, "threats.payload", &pattern);
        query.push(" OR ");
        push_like(query, "threats.details", &pattern);
        query.push(")))");
    }
    if list == List::Activities {
        // The feed's details name the class, which stands nowhere in the row as people read it.
        let lower = word.to_lowercase();
        for class in
            ThreatClass::ALL.into_iter().filter(|class| class.display_name().to_lowercase().contains(&lower))
        {
            query.push(" OR class = ").push_bind(class.as_str());
        }
    }
    query.push(")");
}

pub(super) fn push_like(query: &mut Builder, column: &'static str, pattern: &str) {
    query.push(column).push(CONTAINS).push_bind(pattern).push(" ESCAPE '\\'");
}

/// The text with the wildcards of LIKE made literal.
pub(super) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// Whether the filter asks only for requests that were not allowed.
pub(super) fn only_threats(filter: &Filter) -> bool {
    !filter.action.is_empty() && !filter.action.contains(&Action::Allow)
}
