//! Filters as SQL conditions. Everything a caller gives is bound, nothing is spliced.

use bartizan_model::{Action, Span};

use super::dialect::{Builder, CONTAINS};
use crate::address::AddressPattern;
use crate::{EndpointFilter, Filter};

/// Words that are searched at most; each one is a scan of its own.
const MAX_WORDS: usize = 10;

/// What the tables of the lists have in common and where they differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Traffic,
    Threats,
}

/// Appends the conditions of a filter after `WHERE TRUE`.
pub(super) fn push(builder: &mut Builder, filter: &Filter, table: Table) {
    if let Some(span) = filter.span {
        push_span(builder, "ts", span);
    }
    any_of(builder, &filter.ip, |builder, ip| match AddressPattern::parse(ip) {
        AddressPattern::One(key) => {
            builder.push("ip_key = ").push_bind(key.to_vec());
        }
        AddressPattern::Block(first, last) => {
            builder.push("ip_key BETWEEN ").push_bind(first.to_vec()).push(" AND ").push_bind(last.to_vec());
        }
        AddressPattern::Literal(text) => {
            builder.push("ip = ").push_bind(text);
        }
    });
    any_of(builder, &filter.method, |builder, method| {
        builder.push("method = ").push_bind(method.clone());
    });
    any_of(builder, &filter.status, |builder, (first, last)| {
        if first == last {
            builder.push("status = ").push_bind(i64::from(*first));
        } else {
            builder
                .push("status BETWEEN ")
                .push_bind(i64::from(*first))
                .push(" AND ")
                .push_bind(i64::from(*last));
        }
    });
    if !filter.status.is_empty() && !filter.status.iter().any(|(first, last)| (*first..=*last).contains(&200))
    {
        // Implied, and said so that the index without the many 200s can be used.
        builder.push(" AND status <> 200");
    }
    any_of(builder, &filter.host, |builder, host| match host.strip_prefix("*.") {
        Some(domain) => {
            builder
                .push("host")
                .push(CONTAINS)
                .push_bind(format!("%.{}", escaped(domain)))
                .push(" ESCAPE '\\'");
        }
        None => {
            builder.push("host = ").push_bind(host.to_ascii_lowercase());
        }
    });
    if let Some(endpoint) = &filter.endpoint {
        push_endpoint(builder, endpoint);
    }
    any_of(builder, &filter.class, |builder, class| {
        builder.push("class = ").push_bind(class.as_str());
    });
    any_of(builder, &filter.severity, |builder, severity| {
        builder.push("severity = ").push_bind(severity.as_str());
    });
    any_of(builder, &filter.action, |builder, action| {
        builder.push("action = ").push_bind(action.as_str());
    });
    if !filter.action.is_empty() && !filter.action.contains(&Action::Allow) {
        // Implied likewise: rows that were not allowed have a class.
        builder.push(" AND class IS NOT NULL");
    }
    if let Some(enforced) = filter.enforced {
        builder.push(" AND enforced = ").push_bind(enforced);
    }
    if let Some(min_score) = filter.min_score {
        builder.push(" AND score >= ").push_bind(min_score);
    }
    for word in filter.words.iter().take(MAX_WORDS) {
        push_word(builder, word, table);
    }
}

/// Appends `AND from <= column AND column < to`.
pub(super) fn push_span(builder: &mut Builder, column: &'static str, span: Span) {
    builder.push(" AND ").push(column).push(" >= ").push_bind(span.from.micros());
    builder.push(" AND ").push(column).push(" < ").push_bind(span.to.micros());
}

/// Appends `AND (… OR …)`, or nothing when any value will do.
pub(super) fn any_of<T>(builder: &mut Builder, values: &[T], push_one: impl Fn(&mut Builder, &T)) {
    for (n, value) in values.iter().enumerate() {
        builder.push(if n == 0 { " AND (" } else { " OR " });
        push_one(builder, value);
    }
    if !values.is_empty() {
        builder.push(")");
    }
}

/// A word as a pattern that finds it anywhere.
pub(super) fn anywhere(word: &str) -> String {
    format!("%{}%", escaped(word))
}

fn push_endpoint(builder: &mut Builder, endpoint: &EndpointFilter) {
    match endpoint {
        EndpointFilter::Target(target) => {
            builder
                .push(" AND path = ")
                .push_bind(path_of(target))
                .push(" AND endpoint = ")
                .push_bind(target.clone());
        }
        EndpointFilter::Path(path) => {
            builder.push(" AND path = ").push_bind(path.clone());
        }
        EndpointFilter::Prefix(prefix) => {
            // A range of the index where the prefix ends in the path, and the pattern for what follows it.
            let path = path_of(prefix);
            builder.push(" AND path >= ").push_bind(path.clone());
            builder.push(" AND path < ").push_bind(format!("{path}\u{10FFFF}"));
            builder.push(" AND substr(endpoint, 1, ");
            builder.push_bind(i64::try_from(prefix.chars().count()).unwrap_or(i64::MAX));
            builder.push(") = ").push_bind(prefix.clone());
        }
        EndpointFilter::Either(text) => {
            builder.push(" AND path = ").push_bind(path_of(text));
            builder.push(" AND (endpoint = ").push_bind(text.clone());
            builder.push(" OR path = ").push_bind(text.clone()).push(")");
        }
    }
}

fn push_word(builder: &mut Builder, word: &str, table: Table) {
    let pattern = anywhere(word);
    let columns: &[&str] = match table {
        Table::Traffic => &["ip", "host", "endpoint", "user_agent"],
        Table::Threats => &["ip", "host", "endpoint", "user_agent", "payload", "details"],
    };
    for (n, column) in columns.iter().enumerate() {
        builder.push(if n == 0 { " AND (" } else { " OR " });
        builder.push(column).push(CONTAINS).push_bind(pattern.clone()).push(" ESCAPE '\\'");
    }
    if table == Table::Traffic {
        builder.push(" OR EXISTS (SELECT 1 FROM threats t WHERE t.id = traffic.threat_id AND (t.payload");
        builder.push(CONTAINS).push_bind(pattern.clone()).push(" ESCAPE '\\' OR t.details");
        builder.push(CONTAINS).push_bind(pattern).push(" ESCAPE '\\'))");
    }
    builder.push(")");
}

fn path_of(target: &str) -> String {
    target.split_once('?').map_or(target, |(path, _)| path).to_owned()
}

fn escaped(word: &str) -> String {
    let mut pattern = String::with_capacity(word.len());
    for c in word.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_caller_gives_is_bound_and_never_part_of_the_text() {
        let hostile = "x' OR 1=1 --".to_owned();
        let filter = Filter {
            ip: vec![hostile.clone()],
            method: vec![hostile.clone()],
            host: vec![hostile.clone(), format!("*.{hostile}")],
            endpoint: Some(EndpointFilter::Either(hostile.clone())),
            words: vec![hostile.clone()],
            ..Filter::default()
        };
        let mut builder = Builder::new("");
        push(&mut builder, &filter, Table::Traffic);
        assert!(!builder.into_string().contains(&hostile));
    }

    #[test]
    fn patterns_are_escaped() {
        assert_eq!(anywhere("50%_\\"), "%50\\%\\_\\\\%");
    }
}
