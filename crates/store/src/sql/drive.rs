//! Which index a list is read through.
//!
//! A list is ordered by time. Walking the time index and dropping what does not match is right when matches are common
//! and hopeless when they are rare: the whole table would be read for one page. Without statistics the planner cannot
//! know, so the matches of every indexed condition are counted first, up to a bound, which costs about a millisecond.
//! Where the matches lie at many places of an index, each in order of time, they need no counting: see `stretch.rs`.

use super::codes::Coded as _;
use super::dialect::{Builder, CHOOSES_INDEX, Connection, walk};
use super::filter::{
    List, any, column, only_threats, prefix_range, push_address, push_codes, push_like, push_names,
    push_prefix, push_span, push_statuses, shown, splits, subdomains,
};
use super::names::Kind;
use super::places::{Places, push_addresses};
use super::search::Search;
use super::store::failed;
use super::words::Holders;
use crate::address::{AddressPattern, address_of};
use crate::text::storable;
use crate::{EndpointFilter, Filter, LOWEST_THRESHOLD, StoreError};

/// Most matches that are collected and sorted for one page: about 50 ms.
const MOST_SORTED: i64 = 20_000;

/// The index of scores that has its rows in order of time.
const SCORES_BY_TIME: &str = "traffic_score";

/// One condition with an index of its own.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Driver {
    pub(super) index: &'static str,
    pub(super) condition: Condition,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Condition {
    /// The address is one of these; of threats only one.
    Addresses(Vec<AddressPattern>),
    /// The text of that kind is one of these.
    Texts(Kind, Vec<String>),
    PathPrefix(String),
    /// The host matches this pattern.
    Subdomains(String),
    /// The column holds one of these codes; threats hold their names.
    Codes(&'static str, Vec<(i64, &'static str)>),
    Statuses(u16, u16),
    Enforced,
    /// The score is at least this.
    Score(f64),
}

impl Driver {
    /// Whether one entry of the index is fixed, so that its rows come in order of time.
    pub(super) fn keeps_order(&self) -> bool {
        match &self.condition {
            Condition::Addresses(patterns) => {
                matches!(patterns.as_slice(), [AddressPattern::One(_) | AddressPattern::Literal(_)])
            }
            Condition::Texts(_, texts) => texts.len() == 1,
            Condition::PathPrefix(_) | Condition::Subdomains(_) => false,
            Condition::Codes(_, codes) => codes.len() == 1,
            Condition::Statuses(low, high) => low == high,
            Condition::Enforced => true,
            Condition::Score(_) => self.index == SCORES_BY_TIME,
        }
    }

    /// Whether its matches can be counted without a look at those that do not match.
    fn is_counted(&self) -> bool {
        self.index != SCORES_BY_TIME
    }

    /// Adds ` AND …`: the condition in the form that lets its index be used, implied by the filter it came from. Of names
    /// no more than `most` are looked at.
    fn push_bounded(&self, query: &mut Builder, list: List, most: Option<i64>) {
        query.push(" AND ");
        if list == List::Threats {
            return self.push_of_threats(query);
        }
        let bound = |query: &mut Builder| {
            if let Some(most) = most {
                query.push(" LIMIT ").push_bind(most);
            }
            query.push(")");
        };
        match &self.condition {
            Condition::Addresses(patterns) => {
                if let [AddressPattern::One(key)] = patterns.as_slice() {
                    push_names(query, Kind::Address, &[address_of(key)]);
                } else if let [AddressPattern::Literal(name)] = patterns.as_slice() {
                    push_names(query, Kind::Address, std::slice::from_ref(name));
                } else {
                    query.push("ip_id IN (SELECT id FROM names WHERE ");
                    push_addresses(query, patterns);
                    bound(query);
                }
            }
            Condition::Texts(kind, texts) => {
                push_names(query, *kind, texts);
                if *kind == Kind::Method {
                    query.push(" AND method_id <> 1");
                }
                if *kind == Kind::Host {
                    query.push(" AND host_id IS NOT NULL");
                }
            }
            Condition::PathPrefix(prefix) => {
                query.push("path_id IN (SELECT id FROM names WHERE kind = ").push_bind(Kind::Path.number());
                query.push(" AND ");
                push_prefix(query, prefix);
                bound(query);
            }
            Condition::Subdomains(pattern) => {
                query.push("host_id IN (SELECT id FROM names WHERE kind = ").push_bind(Kind::Host.number());
                query.push(" AND ");
                push_like(query, "name", pattern);
                bound(query);
                query.push(" AND host_id IS NOT NULL");
            }
            Condition::Codes(column, codes) => {
                query.push(column);
                push_codes(query, codes.iter().map(|(code, _)| *code));
                query.push(" AND class IS NOT NULL");
            }
            Condition::Enforced => {
                query.push("enforced = 1");
            }
            // Of two bounds SQLite looks for the first and tests the other, which is the one that its index is of.
            Condition::Score(least) => {
                query.push("score >= ").push_bind(*least).push(" AND score >= 0.1");
            }
            Condition::Statuses(low, high) => {
                query.push("status <> 200 AND ");
                push_statuses(query, *low, *high);
            }
        }
    }

    /// The same for threats, which hold texts.
    fn push_of_threats(&self, query: &mut Builder) {
        match &self.condition {
            Condition::Addresses(patterns) => {
                query.push("1 = 1");
                any(query, patterns, |query, pattern| push_address(query, List::Threats, pattern));
            }
            Condition::Texts(kind, texts) => {
                query.push(column(*kind)).push(" IN (");
                let mut values = query.separated(", ");
                for text in texts {
                    values.push_bind(text.clone());
                }
                query.push(")");
            }
            Condition::PathPrefix(prefix) => {
                let (first, end) = prefix_range(prefix);
                query.push("path >= ").push_bind(first).push(" AND path < ").push_bind(end);
            }
            Condition::Codes(column, codes) => {
                query.push(column).push(" IN (");
                let mut values = query.separated(", ");
                for (_, name) in codes {
                    values.push_bind(*name);
                }
                query.push(")");
            }
            Condition::Enforced => {
                query.push("enforced = 1");
            }
            Condition::Score(least) => {
                query.push("score >= ").push_bind(*least);
            }
            Condition::Statuses(low, high) => push_statuses(query, *low, *high),
            Condition::Subdomains(pattern) => push_like(query, "host", pattern),
        }
    }

    /// Adds ` AND …` in full.
    pub(super) fn push(&self, query: &mut Builder, list: List) {
        self.push_bounded(query, list, None);
    }

    /// Adds the index to walk.
    pub(super) fn walk(&self, query: &mut Builder) {
        walk(query, self.index);
    }
}

/// How the rows of a list are found.
#[derive(Debug)]
pub(super) enum Way {
    /// In one pass, in order of time or over the rows of an index.
    Straight(Option<Driver>),
    /// In order of time, stretch by stretch: each names few of the days that are tables of their own.
    InOrder,
    /// At many places of an index, stretch by stretch.
    Places(Places),
    /// By a word, stretch by stretch.
    Search(Search),
}

/// The way for a filter; of its words those are given that are looked for, and the names that hold them.
pub(super) async fn choose(
    connection: &mut Connection,
    list: List,
    filter: &Filter,
    limit: u32,
    words: &[String],
    holders: &[Holders],
) -> Result<Way, StoreError> {
    let drivers = candidates(list, filter);
    if CHOOSES_INDEX {
        // What lies under many names, or in many places of an index, is more than a planner looks ahead.
        for driver in drivers.iter().filter(|_| list != List::Threats) {
            if let Some(places) = Places::of(connection, list, driver).await? {
                return Ok(Way::Places(places));
            }
        }
        if drivers.is_empty()
            && let Some(search) = Search::of(connection, list, filter, words, holders).await?
        {
            return Ok(Way::Search(search));
        }
        return Ok(if list == List::Threats { Way::Straight(None) } else { Way::InOrder });
    }
    if let [only] = drivers.as_slice() {
        if only.keeps_order() {
            return Ok(Way::Straight(Some(only.clone())));
        }
        if let Some(places) = Places::of(connection, list, only).await? {
            return Ok(Way::Places(places));
        }
    }
    let fewest = fewest(connection, list, filter, limit, &drivers).await?;
    if let Some(driver) = fewest.or_else(|| drivers.iter().find(|driver| driver.keeps_order())) {
        return Ok(Way::Straight(Some(driver.clone())));
    }
    for driver in &drivers {
        if let Some(places) = Places::of(connection, list, driver).await? {
            return Ok(Way::Places(places));
        }
    }
    let search = Search::of(connection, list, filter, words, holders).await?;
    Ok(search.map_or(Way::Straight(None), Way::Search))
}

/// The driver with the fewest matches, when all of them may be collected.
async fn fewest<'d>(
    connection: &mut Connection,
    list: List,
    filter: &Filter,
    limit: u32,
    drivers: &'d [Driver],
) -> Result<Option<&'d Driver>, StoreError> {
    if drivers.is_empty() {
        return Ok(None);
    }
    let few = few(connection, list, limit).await?;
    let mut fewest: Option<(i64, &Driver)> = None;
    for driver in drivers.iter().filter(|driver| driver.is_counted()) {
        let mut query = Builder::new("SELECT COUNT(*) FROM (SELECT 1 FROM ");
        query.push(list.table());
        driver.walk(&mut query);
        query.push(" WHERE 1 = 1");
        // As many names have at least as many rows, and then they are too many.
        driver.push_bounded(&mut query, list, Some(few + 1));
        push_span(&mut query, filter.span);
        query.push(" LIMIT ").push_bind(few + 1).push(") AS few");
        let matches: i64 = query
            .build_query_scalar()
            .fetch_one(&mut *connection)
            .await
            .map_err(failed("choosing an index"))?;
        if matches <= few && fewest.is_none_or(|(least, _)| matches < least) {
            fewest = Some((matches, driver));
        }
    }
    Ok(fewest.map(|(_, driver)| driver))
}

/// Matches up to which collecting and sorting all of them beats walking in order of time: with m matches among n rows a
/// page of k rows walks about k·n/m of them, which is more than m while m² < k·n.
async fn few(connection: &mut Connection, list: List, limit: u32) -> Result<i64, StoreError> {
    let mut query = Builder::new("SELECT (SELECT MAX(id) FROM ");
    query.push(list.table()).push(") - (SELECT MIN(id) FROM ").push(list.table()).push(")");
    let rows: Option<i64> =
        query.build_query_scalar().fetch_one(connection).await.map_err(failed("choosing an index"))?;
    Ok(rows.unwrap_or(0).saturating_mul(i64::from(limit)).isqrt().min(MOST_SORTED))
}

/// Every condition of the filter that has an index, the most telling first.
fn candidates(list: List, filter: &Filter) -> Vec<Driver> {
    let threats = list == List::Threats;
    let index = |of_traffic, of_threats| if threats { of_threats } else { of_traffic };
    let mut drivers = Vec::new();
    if filter.ip.len() == 1 || !(threats || filter.ip.is_empty()) {
        let patterns = filter.ip.iter().map(|ip| AddressPattern::parse(ip)).collect();
        let condition = Condition::Addresses(patterns);
        drivers.push(Driver { index: index("traffic_ip", "threats_ip"), condition });
    }
    if let Some(endpoint) = &filter.endpoint {
        let condition = endpoint_condition(endpoint);
        drivers.push(Driver { index: index("traffic_path", "threats_path"), condition });
    }
    if !filter.class.is_empty() {
        let codes = filter.class.iter().map(|class| (class.code(), class.as_str())).collect();
        drivers.push(Driver {
            index: index("traffic_class", "threats_class"),
            condition: Condition::Codes("class", codes),
        });
    }
    if !filter.severity.is_empty() {
        let codes = filter.severity.iter().map(|severity| (severity.code(), severity.as_str())).collect();
        drivers.push(Driver {
            index: index("traffic_severity", "threats_severity"),
            condition: Condition::Codes("severity", codes),
        });
    }
    if let [host] = filter.host.as_slice() {
        let host = storable(host).to_lowercase();
        let condition = match subdomains(&host) {
            Some(pattern) => Condition::Subdomains(pattern),
            None => Condition::Texts(Kind::Host, vec![host]),
        };
        // The pattern of subdomains has its wildcard first, so it is no range of an index.
        if !(threats && matches!(condition, Condition::Subdomains(_))) {
            drivers.push(Driver { index: index("traffic_host", "threats_host"), condition });
        }
    }
    if !filter.method.is_empty() && (threats || !filter.method.iter().any(|method| method == "GET")) {
        let condition = Condition::Texts(Kind::Method, filter.method.clone());
        drivers.push(Driver { index: index("traffic_method", "threats_method"), condition });
    }
    if only_threats(filter) {
        let codes = filter.action.iter().map(|action| (action.code(), action.as_str())).collect();
        let condition = Condition::Codes("action", codes);
        drivers.push(Driver { index: index("traffic_action", "threats_action"), condition });
    }
    if filter.enforced == Some(true) {
        let condition = Condition::Enforced;
        drivers.push(Driver { index: index("traffic_enforced", "threats_enforced"), condition });
    }
    if let Some(least) = filter.min_score
        && (threats || least >= LOWEST_THRESHOLD)
    {
        let condition = Condition::Score(least);
        drivers
            .push(Driver { index: index("traffic_scores", "threats_score"), condition: condition.clone() });
        if !threats {
            drivers.push(Driver { index: SCORES_BY_TIME, condition });
        }
    }
    // Of traffic 200 is not in the index, so what lies between two ranges is all right; the filter itself drops it.
    let low = filter.status.iter().map(|(low, _)| *low).min();
    let high = filter.status.iter().map(|(_, high)| *high).max();
    if let (Some(low), Some(high)) = (low, high)
        && (threats || !filter.status.iter().any(|(low, high)| (*low..=*high).contains(&200)))
    {
        let condition = Condition::Statuses(low, high);
        drivers.push(Driver { index: index("traffic_status", "threats_status"), condition });
    }
    drivers
}

fn endpoint_condition(endpoint: &EndpointFilter) -> Condition {
    let paths_of = |target: &str| splits(target).into_iter().map(|(path, _)| path.to_owned()).collect();
    match endpoint {
        EndpointFilter::Target(target) => Condition::Texts(Kind::Path, paths_of(&shown(target))),
        EndpointFilter::Path(path) => Condition::Texts(Kind::Path, vec![shown(path)]),
        EndpointFilter::Prefix(prefix) => {
            let prefix = shown(prefix);
            if prefix.contains('?') {
                Condition::Texts(Kind::Path, paths_of(&prefix))
            } else {
                Condition::PathPrefix(prefix)
            }
        }
        EndpointFilter::Either(either) => {
            let either = shown(either);
            let mut paths: Vec<String> = paths_of(&either);
            if !paths.contains(&either) {
                paths.push(either);
            }
            Condition::Texts(Kind::Path, paths)
        }
    }
}
