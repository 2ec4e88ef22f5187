//! Filters as SQL conditions; every value is bound, never written into the text.

use bartizan_model::{Action, MAX_TARGET_CHARS, Span, ThreatClass, display_target};

use super::codes::Coded;
use super::dialect::{Builder, CONTAINS, push_equal, push_range, skip_days};
use super::names::Kind;
use super::words::{Holders, SEARCHED};
use crate::address::{AddressKey, AddressPattern, address_of};
use crate::text::{cut, storable};
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

    /// The index of its instants.
    pub(super) fn instants(self) -> &'static str {
        match self {
            Self::Traffic | Self::Activities => "traffic_ts",
            Self::Threats => "threats_ts",
        }
    }
}

/// Adds `WHERE` and every condition of the filter; `holders` are the names that hold its words.
pub(super) fn push_where(query: &mut Builder, list: List, filter: &Filter, holders: &[Holders]) {
    query.push(match list {
        List::Activities => " WHERE activity_id IS NOT NULL",
        List::Traffic | List::Threats => " WHERE 1 = 1",
    });
    push_span(query, filter.span);
    if !filter.ip.is_empty() {
        let patterns: Vec<_> = filter.ip.iter().map(|ip| AddressPattern::parse(ip)).collect();
        any(query, &patterns, |query, pattern| push_address(query, list, pattern));
    }
    if !filter.method.is_empty() {
        push_texts(query, list, Kind::Method, &filter.method);
    }
    if !filter.status.is_empty() {
        any(query, &filter.status, |query, (low, high)| push_statuses(query, *low, *high));
    }
    if !filter.host.is_empty() {
        any(query, &filter.host, |query, host| push_host(query, list, host));
    }
    if let Some(endpoint) = &filter.endpoint {
        query.push(" AND ");
        if list == List::Threats {
            push_endpoint(query, endpoint);
        } else {
            push_traffic_endpoint(query, endpoint);
        }
    }
    push_coded(query, list, "class", &filter.class, |class| class.as_str());
    push_coded(query, list, "severity", &filter.severity, |severity| severity.as_str());
    push_coded(query, list, "action", &filter.action, |action| action.as_str());
    if let Some(enforced) = filter.enforced {
        query.push(" AND enforced = ").push_bind(i64::from(enforced));
    }
    if let Some(min_score) = filter.min_score {
        query.push(" AND score >= ").push_bind(min_score);
    }
    if let Some(alert) = filter.alert {
        query.push(match list {
            List::Threats => " AND id IN (SELECT threat_id FROM alert_threats WHERE alert_id = ",
            List::Traffic | List::Activities => {
                " AND id IN (SELECT traffic_id FROM threats JOIN alert_threats ON threat_id = threats.id \
                 WHERE alert_id = "
            }
        });
        query.push_bind(alert).push(")");
    }
    for (at, word) in searched(&filter.words).iter().enumerate() {
        push_word(query, list, word, holders.get(at).and_then(Option::as_deref));
    }
}

pub(super) fn push_span(query: &mut Builder, span: Option<Span>) {
    if let Some(span) = span {
        query
            .push(" AND ts >= ")
            .push_bind(span.from.micros())
            .push(" AND ts < ")
            .push_bind(span.to.micros());
        skip_days(query, span.from.micros(), i64::MAX);
    }
}

/// Adds that the status lies within these, said as an equation where it is one: an index then has its rows in order.
pub(super) fn push_statuses(query: &mut Builder, low: u16, high: u16) {
    if low == high {
        query.push("status = ").push_bind(i64::from(low));
    } else {
        query.push("status BETWEEN ").push_bind(i64::from(low));
        query.push(" AND ").push_bind(i64::from(high));
    }
}

/// Adds ` AND (a OR b …)`.
pub(super) fn any<T>(query: &mut Builder, values: &[T], one: impl Fn(&mut Builder, &T)) {
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
        list.push_bind(storable(value));
    }
    query.push(")");
}

/// Adds ` AND column IN (…)`: traffic rows hold codes, threats names.
fn push_coded<T: Coded>(
    query: &mut Builder,
    list: List,
    column: &'static str,
    values: &[T],
    name: fn(&T) -> &'static str,
) {
    if list == List::Threats {
        push_in(query, column, values.iter().map(name));
    } else if !values.is_empty() {
        query.push(" AND ").push(column);
        push_codes(query, values.iter().map(|value| value.code()));
    }
}

/// Adds ` IN (…)`.
pub(super) fn push_codes(query: &mut Builder, codes: impl Iterator<Item = i64>) {
    query.push(" IN (");
    let mut list = query.separated(", ");
    for code in codes {
        list.push_bind(code);
    }
    query.push(")");
}

/// Adds ` AND` that the text of that kind is one of these.
fn push_texts(query: &mut Builder, list: List, kind: Kind, texts: &[String]) {
    if list == List::Threats {
        push_in(query, column(kind), texts.iter().map(String::as_str));
    } else {
        query.push(" AND ");
        push_names(query, kind, texts);
    }
}

/// The column of threats that holds such a text.
pub(super) fn column(kind: Kind) -> &'static str {
    match kind {
        Kind::Host => "host",
        Kind::Address => "ip",
        Kind::Path => "path",
        Kind::UserAgent => "user_agent",
        Kind::Model => "model",
        Kind::LogSource => "log_source",
        Kind::Request => "request",
        Kind::Method => "method",
    }
}

/// The column of traffic that holds the id of such a text.
fn id_column(kind: Kind) -> &'static str {
    match kind {
        Kind::Method => "method_id",
        Kind::Host => "host_id",
        Kind::Address => "ip_id",
        Kind::Path => "path_id",
        Kind::UserAgent => "user_agent_id",
        Kind::Model => "model_id",
        Kind::LogSource => "log_source_id",
        Kind::Request => "request_id",
    }
}

/// Adds that the traffic row's text of that kind is one of these; a single one keeps an index in order of time.
pub(super) fn push_names(query: &mut Builder, kind: Kind, texts: &[String]) {
    query.push(id_column(kind));
    query.push(if texts.len() == 1 { " = " } else { " IN " });
    query.push("(SELECT id FROM names WHERE kind = ").push_bind(kind.number()).push(" AND name");
    if let [text] = texts {
        query.push(" = ").push_bind(storable(text).into_owned());
    } else {
        query.push(" IN (");
        let mut list = query.separated(", ");
        for text in texts {
            list.push_bind(storable(text).into_owned());
        }
        query.push(")");
    }
    query.push(")");
}

/// Adds that the traffic row's text of that kind meets what `condition` adds about `name`; looked up row by row, which is
/// right for a walk in order of time.
fn push_named(query: &mut Builder, kind: Kind, condition: impl FnOnce(&mut Builder)) {
    query.push("EXISTS (SELECT 1 FROM names WHERE names.id = ").push(id_column(kind)).push(" AND ");
    condition(query);
    query.push(")");
}

pub(super) fn push_address(query: &mut Builder, list: List, pattern: &AddressPattern) {
    match pattern {
        AddressPattern::One(key) if list == List::Threats => {
            query.push("ip_key = ").push_bind(key.to_vec());
        }
        AddressPattern::Block(first, last) => {
            let between = |query: &mut Builder| push_block(query, first, last);
            if list == List::Threats {
                between(query);
            } else {
                push_named(query, Kind::Address, between);
            }
        }
        AddressPattern::Literal(name) if list == List::Threats => {
            query.push("(ip_key IS NULL AND ip = ").push_bind(storable(name).into_owned()).push(")");
        }
        AddressPattern::One(key) => push_names(query, Kind::Address, &[address_of(key)]),
        AddressPattern::Literal(name) => push_names(query, Kind::Address, std::slice::from_ref(name)),
    }
}

/// Adds that an address lies within a block.
pub(super) fn push_block(query: &mut Builder, first: &AddressKey, last: &AddressKey) {
    query.push("ip_key BETWEEN ").push_bind(first.to_vec()).push(" AND ").push_bind(last.to_vec());
}

fn push_host(query: &mut Builder, list: List, host: &str) {
    let host = storable(host).to_lowercase();
    match (subdomains(&host), list) {
        (Some(pattern), List::Threats) => push_like(query, "host", &pattern),
        (Some(pattern), _) => push_named(query, Kind::Host, |query| push_like(query, "name", &pattern)),
        (None, List::Threats) => {
            query.push("host = ").push_bind(host);
        }
        (None, _) => push_names(query, Kind::Host, &[host]),
    }
}

/// The pattern of `*.example.com`.
pub(super) fn subdomains(host: &str) -> Option<String> {
    host.strip_prefix("*.").map(|parent| format!("%.{}", escaped(parent)))
}

/// As threats hold it, in one text.
fn push_endpoint(query: &mut Builder, endpoint: &EndpointFilter) {
    match endpoint {
        EndpointFilter::Target(target) => push_equal(query, "endpoint", &shown(target)),
        EndpointFilter::Path(path) => push_equal(query, "path", &shown(path)),
        EndpointFilter::Prefix(prefix) => {
            let (first, end) = prefix_range(&shown(prefix));
            push_range(query, "endpoint", &first, &end);
        }
        EndpointFilter::Either(either) => {
            let either = shown(either);
            query.push("(");
            push_equal(query, "endpoint", &either);
            query.push(" OR ");
            push_equal(query, "path", &either);
            query.push(")");
        }
    }
}

/// As [`push_endpoint`], where the row holds path and query apart.
fn push_traffic_endpoint(query: &mut Builder, endpoint: &EndpointFilter) {
    match endpoint {
        EndpointFilter::Target(target) => push_target(query, &shown(target)),
        EndpointFilter::Path(path) => push_names(query, Kind::Path, &[shown(path)]),
        EndpointFilter::Prefix(prefix) => {
            let prefix = shown(prefix);
            match prefix.find('?').map(|at| prefix.split_at(at)) {
                Some((path, rest)) => {
                    let (first, end) = prefix_range(rest);
                    query.push("(");
                    push_names(query, Kind::Path, &[path.to_owned()]);
                    query
                        .push(" AND query >= ")
                        .push_bind(first)
                        .push(" AND query < ")
                        .push_bind(end)
                        .push(")");
                }
                None => push_named(query, Kind::Path, |query| push_prefix(query, &prefix)),
            }
        }
        EndpointFilter::Either(either) => {
            let either = shown(either);
            query.push("(");
            push_target(query, &either);
            query.push(" OR ");
            push_names(query, Kind::Path, &[either]);
            query.push(")");
        }
    }
}

/// Adds that the endpoint is exactly this.
fn push_target(query: &mut Builder, target: &str) {
    query.push("(");
    for (at, (path, rest)) in splits(target).into_iter().enumerate() {
        query.push(if at == 0 { "(" } else { " OR (" });
        push_names(query, Kind::Path, &[path.to_owned()]);
        if rest.is_empty() {
            query.push(" AND query IS NULL)");
        } else {
            query.push(" AND query = ").push_bind(rest.to_owned()).push(")");
        }
    }
    query.push(")");
}

/// How an endpoint may be kept as path and query: apart at its first `?`, or just before the `…` where a path that fills
/// all room lost its query.
pub(super) fn splits(target: &str) -> Vec<(&str, &str)> {
    let whole = target.find('?').map_or((target, ""), |at| target.split_at(at));
    let cut = target.strip_suffix('…').filter(|_| whole.1.is_empty()).map(|path| (path, "…"));
    std::iter::once(whole).chain(cut).collect()
}

/// Adds that a name begins with the prefix.
pub(super) fn push_prefix(query: &mut Builder, prefix: &str) {
    let (first, end) = prefix_range(prefix);
    push_range(query, "name", &first, &end);
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

/// The words that are looked for.
pub(super) fn searched(words: &[String]) -> &[String] {
    words.get(..MAX_WORDS).unwrap_or(words)
}

/// The pattern of texts that contain the word.
pub(super) fn word_pattern(word: &str) -> String {
    format!("%{}%", escaped(&cut(word, MAX_WORD_CHARS)))
}

fn push_word(query: &mut Builder, list: List, word: &str, holders: Option<&[(Kind, i64)]>) {
    let word = cut(word, MAX_WORD_CHARS);
    let pattern = word_pattern(&word);
    query.push(" AND (");
    if list == List::Threats {
        for column in ["ip", "host", "endpoint", "user_agent", "payload", "details"] {
            query.push(if column == "ip" { "" } else { " OR " });
            push_like(query, column, &pattern);
        }
    } else {
        push_like(query, "query", &pattern);
        if let Some(holders) = holders {
            for kind in SEARCHED {
                let mut ids = holders.iter().filter(|(of, _)| *of == kind).map(|(_, id)| *id).peekable();
                if ids.peek().is_some() {
                    query.push(" OR ").push(id_column(kind));
                    push_codes(query, ids);
                }
            }
        } else {
            query.push(
                " OR EXISTS (SELECT 1 FROM names WHERE names.id IN (user_agent_id, path_id, ip_id, host_id) AND ",
            );
            push_like(query, "name", &pattern);
            query.push(")");
        }
        query.push(" OR ");
        if word.contains(['?', '…']) {
            // The word may lie across the two parts of the endpoint.
            query.push("(query IS NOT NULL AND (SELECT name FROM names WHERE names.id = path_id) || ");
            push_like(query, "query", &pattern);
            query.push(") OR ");
        }
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
            query.push(" OR class = ").push_bind(class.code());
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
