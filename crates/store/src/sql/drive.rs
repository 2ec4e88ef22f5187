//! Which index a list is read through.
//!
//! A list is ordered by time. Walking the time index and dropping what does not match is right when matches are common
//! and hopeless when they are rare: the whole table would be read for one page. Without statistics the planner cannot
//! know, so the matches of every indexed condition are counted first, up to a bound, which costs about a millisecond.

use super::dialect::{Builder, Connection, walk};
use super::filter::{List, only_threats, prefix_range, push_address, push_span, shown};
use super::store::failed;
use crate::address::AddressPattern;
use crate::{EndpointFilter, Filter, StoreError};

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
    Paths(Vec<String>),
    PathPrefix(String),
    Names(&'static str, Vec<&'static str>),
    Statuses(u16, u16),
    Enforced,
}

impl Driver {
    /// Whether one entry of the index is fixed, so that its rows come in order of time.
    fn keeps_order(&self) -> bool {
        match &self.condition {
            Condition::Address(pattern) => !matches!(pattern, AddressPattern::Block(..)),
            Condition::Paths(paths) => paths.len() == 1,
            Condition::PathPrefix(_) => false,
            Condition::Names(_, names) => names.len() == 1,
            Condition::Statuses(low, high) => low == high,
            Condition::Enforced => true,
        }
    }

    /// Adds ` AND …`: the condition in the form that lets its index be used, implied by the filter it came from.
    pub(super) fn push(&self, query: &mut Builder, list: List) {
        query.push(" AND ");
        match &self.condition {
            Condition::Address(pattern) => push_address(query, pattern),
            Condition::Paths(paths) => {
                query.push("path IN (");
                let mut values = query.separated(", ");
                for path in paths {
                    values.push_bind(path.as_str());
                }
                query.push(")");
            }
            Condition::PathPrefix(prefix) => {
                let (first, end) = prefix_range(prefix);
                query.push("path >= ").push_bind(first).push(" AND path < ").push_bind(end);
            }
            Condition::Names(column, names) => {
                query.push(column).push(" IN (");
                let mut values = query.separated(", ");
                for name in names {
                    values.push_bind(*name);
                }
                query.push(")");
                if list != List::Threats {
                    query.push(" AND class IS NOT NULL");
                }
            }
            Condition::Enforced => {
                query.push("enforced = 1");
            }
            Condition::Statuses(low, high) => {
                query.push("status <> 200 AND status ");
                if low == high {
                    query.push("= ").push_bind(i64::from(*low));
                } else {
                    query
                        .push("BETWEEN ")
                        .push_bind(i64::from(*low))
                        .push(" AND ")
                        .push_bind(i64::from(*high));
                }
            }
        }
    }

    /// Adds the index to walk.
    pub(super) fn walk(&self, query: &mut Builder) {
        walk(query, self.index);
    }
}

/// The index for a filter; `None` for the order of time.
pub(super) async fn choose(
    connection: &mut Connection,
    list: List,
    filter: &Filter,
    limit: u32,
) -> Result<Option<Driver>, StoreError> {
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
        driver.push(&mut query, list);
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
        let names = filter.class.iter().map(|class| class.as_str()).collect();
        drivers.push(Driver {
            index: index("traffic_class", "threats_class"),
            condition: Condition::Names("class", names),
        });
    }
    if !filter.severity.is_empty() {
        let names = filter.severity.iter().map(|severity| severity.as_str()).collect();
        drivers.push(Driver {
            index: index("traffic_severity", "threats_severity"),
            condition: Condition::Names("severity", names),
        });
    }
    if threats {
        return drivers;
    }
    if only_threats(filter) {
        let names = filter.action.iter().map(|action| action.as_str()).collect();
        drivers.push(Driver { index: "traffic_action", condition: Condition::Names("action", names) });
    }
    if filter.enforced == Some(true) {
        drivers.push(Driver { index: "traffic_enforced", condition: Condition::Enforced });
    }
    if let [(low, high)] = filter.status.as_slice()
        && !(*low..=*high).contains(&200)
    {
        drivers.push(Driver { index: "traffic_status", condition: Condition::Statuses(*low, *high) });
    }
    drivers
}

fn endpoint_condition(endpoint: &EndpointFilter) -> Condition {
    let path_of = |target: &str| target.split('?').next().unwrap_or_default().to_owned();
    match endpoint {
        EndpointFilter::Target(target) => Condition::Paths(vec![path_of(&shown(target))]),
        EndpointFilter::Path(path) => Condition::Paths(vec![shown(path)]),
        EndpointFilter::Prefix(prefix) => {
            let prefix = shown(prefix);
            if prefix.contains('?') {
                Condition::Paths(vec![path_of(&prefix)])
            } else {
                Condition::PathPrefix(prefix)
            }
        }
        EndpointFilter::Either(either) => {
            let either = shown(either);
            let path = path_of(&either);
            Condition::Paths(if path == either { vec![either] } else { vec![either, path] })
        }
    }
}
