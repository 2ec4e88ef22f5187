//! What lists can be asked for: filters, pages and cursors (API.md 1.6 and 1.7).

use bartizan_model::{Action, Severity, Span, ThreatClass};

/// Smallest and largest number of rows on one page.
pub const PAGE_LIMITS: (u32, u32) = (1, 1_000);

/// Conditions on traffic rows, threats and activities; different members combine with AND, the values of one with OR.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    /// Only rows whose event time lies inside.
    pub span: Option<Span>,
    /// Addresses or CIDR blocks; empty for any. A logged host name matches literally.
    pub ip: Vec<String>,
    /// Upper-case methods; empty for any.
    pub method: Vec<String>,
    /// Inclusive ranges of statuses: `404` is (404, 404), `4xx` is (400, 499); empty for any.
    pub status: Vec<(u16, u16)>,
    /// Lower-case hosts; `*.example.com` for subdomains; empty for any.
    pub host: Vec<String>,
    /// Where requests went.
    pub endpoint: Option<EndpointFilter>,
    /// Classes; empty for any.
    pub class: Vec<ThreatClass>,
    /// Severities; empty for any.
    pub severity: Vec<Severity>,
    /// Actions; empty for any.
    pub action: Vec<Action>,
    /// Whether the verdict was carried out.
    pub enforced: Option<bool>,
    /// Lowest score.
    pub min_score: Option<f64>,
    /// Words that must each be contained, case ignored, in address, host, endpoint, user agent, payload or details.
    pub words: Vec<String>,
    /// Only what that alert holds.
    pub alert: Option<i64>,
}

/// A condition on the endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndpointFilter {
    /// The whole target, exactly.
    Target(String),
    /// The path, whatever the query.
    Path(String),
    /// The target begins with this.
    Prefix(String),
    /// The target or the path is exactly this.
    Either(String),
}

/// Conditions on alerts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AlertFilter {
    /// Only open and acknowledged ones.
    pub active_only: bool,
    /// Only those raised inside.
    pub span: Option<Span>,
    /// Severities; empty for any.
    pub severity: Vec<Severity>,
    /// Classes; empty for any.
    pub class: Vec<ThreatClass>,
    /// Words that title, description, address or endpoint must each contain.
    pub words: Vec<String>,
    /// The gravest first, and of those equally grave the ones with most events, instead of the newest.
    pub by_weight: bool,
}

/// Which rows of a list are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Rows at most; the store clamps it to [`PAGE_LIMITS`].
    pub limit: u32,
    /// Oldest first instead of newest first.
    pub ascending: bool,
    /// The row after which the page begins.
    pub after: Option<Cursor>,
    /// Whether the total is wanted.
    pub count: bool,
}

impl Page {
    /// The newest `limit` rows.
    pub fn newest(limit: u32) -> Self {
        Self { limit, ascending: false, after: None, count: false }
    }
}

/// A place in a list: lists are ordered by (timestamp, id).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Microseconds since 1970.
    pub micros: i64,
    /// The row's id.
    pub id: i64,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Paged<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
    /// Rows that match in total, when it was asked for.
    pub total: Option<u64>,
    /// The limit in force after clamping.
    pub limit: u32,
}
