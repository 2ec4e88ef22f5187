//! The places of an index where the rows of a filter lie, many at a time: the clients of a block, the codes of a class.

use super::dialect::{Builder, CHOOSES_INDEX, Connection, walk};
use super::drive::{Condition, Driver};
use super::filter::{List, push_block, push_like, push_prefix};
use super::names::Kind;
use super::store::failed;
use super::stretch::Stretch;
use crate::StoreError;
use crate::address::{AddressPattern, address_of};
use crate::text::storable;

/// Most places that are looked at for one stretch of time: about 20 ms.
const MOST_PLACES: usize = 4_096;

/// The column whose index tells minutes apart where the planner chooses indexes: names in it are few, so that costs no room.
const BY_MINUTES: &str = "host_id";

/// The minute of a row, as the index has it.
const MINUTE: &str = "(ts / 60000000)";

/// One minute in µs.
pub(super) const MINUTE_MICROS: i64 = 60_000_000;

/// Most places that are asked for their nearest minute one by one.
const MOST_BY_MINUTES: usize = 16;

/// One column's values, which an index holds each in order of time.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Places {
    index: &'static str,
    column: &'static str,
    /// What the index leaves out.
    partial: &'static str,
    values: Vec<i64>,
}

impl Places {
    /// The places of a driver; `None` when they are unknown or too many.
    pub(super) async fn of(
        connection: &mut Connection,
        list: List,
        driver: &Driver,
    ) -> Result<Option<Self>, StoreError> {
        let index = driver.index;
        let status = |values: Vec<i64>| {
            let partial = if list == List::Threats { "" } else { " AND status <> 200" };
            Self { index, column: "status", partial, values }
        };
        if list == List::Threats {
            return Ok(match &driver.condition {
                Condition::Statuses(low, high) => Some(status((*low..=*high).map(i64::from).collect())),
                _ => None,
            });
        }
        let mut query = Builder::new("SELECT id FROM names WHERE ");
        let (column, partial) = match &driver.condition {
            Condition::Statuses(low, high) => {
                return Ok(Some(status((*low..=*high).map(i64::from).collect())));
            }
            Condition::Codes(column, codes) => {
                let values = codes.iter().map(|(code, _)| *code).collect();
                return Ok(Some(Self { index, column, partial: " AND class IS NOT NULL", values }));
            }
            Condition::Enforced | Condition::Score(_) => return Ok(None),
            Condition::Addresses(patterns) => {
                push_addresses(&mut query, patterns);
                ("ip_id", "")
            }
            Condition::Texts(kind, texts) => {
                query.push("kind = ").push_bind(kind.number()).push(" AND name IN (");
                let mut names = query.separated(", ");
                for text in texts {
                    names.push_bind(storable(text));
                }
                query.push(")");
                match kind {
                    Kind::Path => ("path_id", ""),
                    Kind::Host => ("host_id", " AND host_id IS NOT NULL"),
                    Kind::Method => ("method_id", " AND method_id <> 1"),
                    _ => return Ok(None),
                }
            }
            Condition::PathPrefix(prefix) => {
                query.push("kind = ").push_bind(Kind::Path.number()).push(" AND ");
                push_prefix(&mut query, prefix);
                ("path_id", "")
            }
            Condition::Subdomains(pattern) => {
                query.push("kind = ").push_bind(Kind::Host.number()).push(" AND ");
                push_like(&mut query, "name", pattern);
                ("host_id", " AND host_id IS NOT NULL")
            }
        };
        query.push(" LIMIT ").push_bind(i64::try_from(MOST_PLACES + 1).unwrap_or(i64::MAX));
        let ids: Result<Vec<i64>, sqlx::Error> = query.build_query_scalar().fetch_all(connection).await;
        let values = ids.map_err(failed("choosing an index"))?;
        Ok((values.len() <= MOST_PLACES).then_some(Self { index, column, partial, values }))
    }

    /// Some names, by one of the indexes of traffic.
    pub(super) fn of_names(kind: Kind, values: Vec<i64>) -> Option<Self> {
        let (index, column, partial) = match kind {
            Kind::Host => ("traffic_host", "host_id", " AND host_id IS NOT NULL"),
            Kind::Address => ("traffic_ip", "ip_id", ""),
            Kind::Path => ("traffic_path", "path_id", ""),
            Kind::UserAgent => ("traffic_user_agent", "user_agent_id", " AND user_agent_id IS NOT NULL"),
            Kind::Method | Kind::Model | Kind::LogSource | Kind::Request => return None,
        };
        Some(Self { index, column, partial, values })
    }

    /// Whether the index tells the minutes of each place apart, and the places are few enough to be asked one by one.
    pub(super) fn have_minutes(&self) -> bool {
        self.column == BY_MINUTES && CHOOSES_INDEX && self.len() <= MOST_BY_MINUTES
    }

    /// The nearest minute of a stretch, counted from 1970, in which there is a row at one of the places: one step in the index
    /// for each, whatever other rows there are.
    pub(super) async fn nearest_minute(
        &self,
        connection: &mut Connection,
        list: List,
        stretch: Stretch,
        ascending: bool,
    ) -> Result<Option<i64>, StoreError> {
        let mut query = Builder::new(if ascending { "SELECT MIN(" } else { "SELECT MAX(" });
        query.push("minute) FROM (");
        for (at, value) in self.values.iter().enumerate() {
            query.push(if at == 0 { "(SELECT " } else { " UNION ALL (SELECT " });
            query.push(MINUTE).push(" AS minute FROM ").push(list.table());
            query.push(" WHERE ").push(self.column).push(" = ").push_bind(*value).push(self.partial);
            push_minutes(&mut query, stretch);
            stretch.push(&mut query);
            query.push(" ORDER BY ").push(MINUTE);
            query.push(if ascending { " LIMIT 1)" } else { " DESC LIMIT 1)" });
        }
        query.push(") AS nearest");
        query.build_query_scalar().fetch_one(connection).await.map_err(failed("reading a list"))
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// Adds the index to walk.
    pub(super) fn walk(&self, query: &mut Builder) {
        walk(query, self.index);
    }

    /// Adds ` AND …`: the row lies at one of the places, and in that stretch.
    pub(super) fn push(&self, query: &mut Builder, stretch: Stretch) {
        query.push(" AND ").push(self.column);
        push_ids(query, &self.values);
        query.push(self.partial);
        if self.have_minutes() {
            push_minutes(query, stretch);
        }
        stretch.push(query);
    }
}

/// Adds ` AND …` that the minute lies in the stretch, in the form that the index knows.
fn push_minutes(query: &mut Builder, stretch: Stretch) {
    query.push(" AND ").push(MINUTE).push(" >= ").push_bind(stretch.first / MINUTE_MICROS);
    query.push(" AND ").push(MINUTE).push(" <= ").push_bind(stretch.last / MINUTE_MICROS);
}

/// Adds ` IN (…)`. The last value is repeated up to a power of four of them, so that there are few texts of queries and
/// most are prepared already.
pub(super) fn push_ids(query: &mut Builder, ids: &[i64]) {
    let mut room = 1;
    while room < ids.len() {
        room *= 4;
    }
    query.push(" IN (");
    let mut list = query.separated(", ");
    let last = ids.last().copied().unwrap_or(-1);
    for at in 0..room {
        list.push_bind(ids.get(at).copied().unwrap_or(last));
    }
    query.push(")");
}

/// Adds that the name is that of one of the addresses.
pub(super) fn push_addresses(query: &mut Builder, patterns: &[AddressPattern]) {
    query.push("(");
    for (at, pattern) in patterns.iter().enumerate() {
        query.push(if at == 0 { "" } else { " OR " });
        let name = match pattern {
            AddressPattern::Block(first, last) => {
                push_block(query, first, last);
                continue;
            }
            AddressPattern::One(key) => address_of(key),
            AddressPattern::Literal(name) => storable(name).into_owned(),
        };
        query.push("(kind = ").push_bind(Kind::Address.number()).push(" AND name = ").push_bind(name);
        query.push(")");
    }
    query.push(")");
}
