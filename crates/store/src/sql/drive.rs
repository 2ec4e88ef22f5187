//! Which index a list is read through.
//!
//! A list is ordered by time. Walking the time index and dropping what does not match is right when matches are common
//! and hopeless when they are rare: the whole table would be read for one page. Without statistics the planner cannot
//! know, so the matches of every indexed condition are counted first, up to a bound, which costs about a millisecond.

use super::codes::Coded as _;
use super::dialect::{Builder, CHOOSES_INDEX, Connection, walk};
use super::filter::{
    List, only_threats, prefix_range, push_block, push_codes, push_like, push_names, push_prefix, push_span,
    shown, splits, subdomains,
};
use super::names::Kind;
use super::store::failed;
use crate::address::{AddressPattern, address_of};
use crate::{EndpointFilter, Filter, LOWEST_THRESHOLD, StoreError};

/// Most matches that are collected and sorted for one page: about 50 ms.
const MOST_SORTED: i64 = 20_000;

/// One condition with an index of its own.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Driver {
    index: &'static str,
    condition: Condition,
}

#[derive(Debug, Clone, PartialEq)]
enum Condition {
    Address(AddressPattern),
    /// The text of that kind is one of these.
    Texts(Kind, Vec<String>),
    PathPrefix(String),
    /// The host matches this pattern.
    Subdomains(String),
    /// The column holds one of these codes; threats hold their names.
    Codes(&'static str, Vec<(i64, &'static str)>),
    Statuses(u16, u16),
    Enforced,
    Score,
}

impl Driver {
    /// Whether one entry of the index is fixed, so that its rows come in order of time.
    fn keeps_order(&self) -> bool {
        match &self.condition {
            Condition::Address(pattern) => !matches!(pattern, AddressPattern::Block(..)),
            Condition::Texts(_, texts) => texts.len() == 1,
            Condition::PathPrefix(_) | Condition::Subdomains(_) => false,
            Condition::Codes(_, codes) => codes.len() == 1,
            Condition::Statuses(low, high) => low == high,
            Condition::Enforced | Condition::Score => true,
        }
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
            Condition::Address(AddressPattern::One(key)) => {
                push_names(query, Kind::Address, &[address_of(key)]);
            }
            Condition::Address(AddressPattern::Literal(name)) => {
                push_names(query, Kind::Address, std::slice::from_ref(name));
            }
            Condition::Address(AddressPattern::Block(first, last)) => {
                query.push("ip_id IN (SELECT id FROM names WHERE ");
                push_block(query, first, last);
                bound(query);
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
            Condition::Score => {
                query.push("score >= 0.1");
            }
            Condition::Statuses(low, high) => {
                query.push("status <> 200 AND status ");
                if low == high {
                    query.push("= ").push_bind(i64::from(*low));
                } else {
                    query.push("BETWEEN ").push_bind(i64::from(*low));
                    query.push(" AND ").push_bind(i64::from(*high));
                }
            }
        }
    }

    /// The same for threats, which hold texts.
    fn push_of_threats(&self, query: &mut Builder) {
        match &self.condition {
            Condition::Address(AddressPattern::One(key)) => {
                query.push("ip_key = ").push_bind(key.to_vec());
            }
            Condition::Address(AddressPattern::Block(first, last)) => push_block(query, first, last),
            Condition::Address(AddressPattern::Literal(name)) => {
                query.push("ip_key IS NULL AND ip = ").push_bind(name.clone());
            }
            Condition::Texts(_, paths) => {
                query.push("path IN (");
                let mut values = query.separated(", ");
                for path in paths {
                    values.push_bind(path.clone());
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
            // No index of threats is for these.
            Condition::Subdomains(_) | Condition::Statuses(..) | Condition::Enforced | Condition::Score => {
                query.push("1 = 1");
            }
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

/// The index for a filter; `None` for the order of time, and where the database chooses better.
pub(super) async fn choose(
    connection: &mut Connection,
    list: List,
    filter: &Filter,
    limit: u32,
) -> Result<Option<Driver>, StoreError> {
    if CHOOSES_INDEX {
        return Ok(None);
    }
    let drivers = candidates(list, filter);
    if let [only] = drivers.as_slice()
        && only.keeps_order()
    {
        return Ok(Some(only.clone()));
    }
    if drivers.is_empty() {
        return Ok(None);
    }
    let few = few(connection, list, limit).await?;
    let mut fewest: Option<(i64, &Driver)> = None;
    for driver in &drivers {
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
    let in_order = drivers.iter().find(|driver| driver.keeps_order());
    Ok(fewest.map(|(_, driver)| driver).or(in_order).cloned())
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
    if let [ip] = filter.ip.as_slice() {
        let condition = Condition::Address(AddressPattern::parse(ip));
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
    if threats {
        return drivers;
    }
    if let [host] = filter.host.as_slice() {
        let host = host.to_lowercase();
        let condition = match subdomains(&host) {
            Some(pattern) => Condition::Subdomains(pattern),
            None => Condition::Texts(Kind::Host, vec![host]),
        };
        drivers.push(Driver { index: "traffic_host", condition });
    }
    if !filter.method.is_empty() && !filter.method.iter().any(|method| method == "GET") {
        let condition = Condition::Texts(Kind::Method, filter.method.clone());
        drivers.push(Driver { index: "traffic_method", condition });
    }
    if only_threats(filter) {
        let codes = filter.action.iter().map(|action| (action.code(), action.as_str())).collect();
        drivers.push(Driver { index: "traffic_action", condition: Condition::Codes("action", codes) });
    }
    if filter.enforced == Some(true) {
        drivers.push(Driver { index: "traffic_enforced", condition: Condition::Enforced });
    }
    if filter.min_score.is_some_and(|least| least >= LOWEST_THRESHOLD) {
        drivers.push(Driver { index: "traffic_score", condition: Condition::Score });
    }
    // 200 is not in the index, so what lies between two ranges is all right; the filter itself drops it.
    let low = filter.status.iter().map(|(low, _)| *low).min();
    let high = filter.status.iter().map(|(_, high)| *high).max();
    if let (Some(low), Some(high)) = (low, high)
        && !filter.status.iter().any(|(low, high)| (*low..=*high).contains(&200))
    {
        drivers.push(Driver { index: "traffic_status", condition: Condition::Statuses(low, high) });
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
