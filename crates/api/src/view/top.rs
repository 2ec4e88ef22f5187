//! Top lists (API.md 4.7, TopEntry).

use bartizan_engine::DimensionCount;
use serde::Serialize;
use utoipa::ToSchema;

use super::number::fraction;

/// The count by which a top list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum TopBy {
    #[default]
    Requests,
    Blocked,
    Threats,
}

impl TopBy {
    /// The order of that name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "requests" => Self::Requests,
            "blocked" => Self::Blocked,
            "threats" => Self::Threats,
            _ => return None,
        })
    }

    fn of(self, count: &DimensionCount) -> u64 {
        match self {
            Self::Requests => count.requests,
            Self::Blocked => count.blocked,
            Self::Threats => count.threats,
        }
    }
}

/// One value with its counts.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct TopEntry {
    value: String,
    requests: u64,
    blocked: u64,
    threats: u64,
    /// Fraction of the total by which the list is sorted.
    share: f64,
}

impl TopEntry {
    /// The first `limit` of the counts in that order, leaving out those that count nothing in it.
    pub(crate) fn list(mut counts: Vec<DimensionCount>, by: TopBy, limit: usize) -> Vec<Self> {
        let total = counts.iter().map(|count| by.of(count)).sum::<u64>();
        counts.retain(|count| by.of(count) > 0);
        counts.sort_by(|a, b| by.of(b).cmp(&by.of(a)).then_with(|| a.value.cmp(&b.value)));
        counts.truncate(limit);
        counts
            .into_iter()
            .map(|count| Self {
                share: fraction(by.of(&count) as f64 / total.max(1) as f64),
                value: count.value,
                requests: count.requests,
                blocked: count.blocked,
                threats: count.threats,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(value: &str, requests: u64, blocked: u64) -> DimensionCount {
        DimensionCount { value: value.to_owned(), requests, blocked, threats: blocked }
    }

    #[test]
    fn shares_are_of_the_count_that_sorts_the_list() {
        let counts = vec![count("a", 60, 0), count("b", 30, 1), count("c", 10, 3)];
        let by_requests = TopEntry::list(counts.clone(), TopBy::Requests, 2);
        assert_eq!(by_requests.iter().map(|entry| entry.value.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert!((by_requests[0].share - 0.6).abs() < 1e-9);
        let by_blocked = TopEntry::list(counts, TopBy::Blocked, 10);
        assert_eq!(by_blocked.iter().map(|entry| entry.value.as_str()).collect::<Vec<_>>(), ["c", "b"]);
        assert!((by_blocked[0].share - 0.75).abs() < 1e-9);
    }
}
