//! Unique timestamps: colliding instants move forward by microseconds, in order of arrival (API.md 1.4).

use std::collections::{BTreeMap, HashSet};

use super::dialect::{Builder, Connection, skip_days};
use super::store::failed;
use crate::StoreError;

/// Instants whose next free neighbour is remembered; a log of one-second resolution needs one per second.
const REMEMBERED: usize = 4_096;

/// Most values in one query; SQLite allows 32,766 parameters.
const VALUES_PER_QUERY: usize = 1_000;

/// Gives every row an instant of its own.
///
/// Thousands of lines may claim the same second, so the next free instant after each claimed one is remembered. That is
/// only a hint: what the table holds decides, which also makes it right after a restart.
#[derive(Debug, Default)]
pub(super) struct Instants {
    /// Claimed instant -> first instant after its run that was free when last seen.
    next_free: BTreeMap<i64, i64>,
}

/// Instants for one batch.
#[derive(Debug)]
pub(super) struct Assigned {
    /// One per claim, in the same order.
    pub(super) micros: Vec<i64>,
    next_free: BTreeMap<i64, i64>,
}

impl Instants {
    /// Finds instants for the claimed ones; `newest` is the newest one taken, beyond which all are free. Nothing is
    /// remembered before [`Instants::keep`].
    pub(super) async fn assign(
        &self,
        connection: &mut Connection,
        claims: &[i64],
        newest: Option<i64>,
    ) -> Result<Assigned, StoreError> {
        let mut occupied: BTreeMap<i64, i64> = BTreeMap::new();
        loop {
            let assigned = self.try_assign(claims, &occupied);
            let among: Vec<i64> =
                assigned.micros.iter().copied().filter(|micros| Some(*micros) <= newest).collect();
            let taken = taken(connection, &among).await?;
            if taken.is_empty() {
                return Ok(assigned);
            }
            // Every round learns at least one run that was unknown, so this ends.
            for chunk in taken.chunks(VALUES_PER_QUERY) {
                occupied.extend(run_ends(connection, chunk).await?);
            }
        }
    }

    /// Remembers where the runs of a committed batch ended.
    pub(super) fn keep(&mut self, assigned: Assigned) {
        self.next_free.extend(assigned.next_free);
        while self.next_free.len() > REMEMBERED {
            self.next_free.pop_first();
        }
    }

    /// `occupied` maps the start of a run in the table to the first instant after it.
    fn try_assign(&self, claims: &[i64], occupied: &BTreeMap<i64, i64>) -> Assigned {
        let mut used: HashSet<i64> = HashSet::with_capacity(claims.len());
        let mut assigned = Assigned { micros: Vec::with_capacity(claims.len()), next_free: BTreeMap::new() };
        for claim in claims {
            let hint = assigned.next_free.get(claim).or_else(|| self.next_free.get(claim));
            let mut micros = hint.copied().unwrap_or(*claim);
            loop {
                let run = occupied.range(..=micros).next_back().map(|(_, end)| *end);
                match run {
                    Some(end) if end > micros => micros = end,
                    _ if used.contains(&micros) => micros += 1,
                    _ => break,
                }
            }
            used.insert(micros);
            assigned.micros.push(micros);
            assigned.next_free.insert(*claim, micros + 1);
        }
        assigned
    }
}

/// Which of these instants the table holds.
async fn taken(connection: &mut Connection, micros: &[i64]) -> Result<Vec<i64>, StoreError> {
    let mut found = Vec::new();
    let Some(oldest) = micros.iter().min() else { return Ok(found) };
    for chunk in micros.chunks(VALUES_PER_QUERY) {
        let mut query = Builder::new("SELECT ts FROM traffic WHERE ts IN (");
        let mut values = query.separated(", ");
        for instant in chunk {
            values.push_bind(*instant);
        }
        values.push_unseparated(")");
        skip_days(&mut query, *oldest, i64::MAX);
        let rows: Result<Vec<i64>, sqlx::Error> =
            query.build_query_scalar().fetch_all(&mut *connection).await;
        found.extend(rows.map_err(failed("looking for free timestamps"))?);
    }
    Ok(found)
}

/// For each taken instant the first one after it that the table does not hold.
async fn run_ends(connection: &mut Connection, taken: &[i64]) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut query = Builder::new(
        "SELECT claim.column1, (SELECT a.ts + 1 FROM traffic a WHERE a.ts >= claim.column1 \
         AND NOT EXISTS (SELECT 1 FROM traffic b WHERE b.ts = a.ts + 1) ORDER BY a.ts LIMIT 1) FROM (VALUES ",
    );
    let mut values = query.separated(", ");
    for instant in taken {
        values.push("(CAST(").push_bind_unseparated(*instant).push_unseparated(" AS BIGINT))");
    }
    values.push_unseparated(") AS claim");
    query.build_query_as().fetch_all(connection).await.map_err(failed("looking for free timestamps"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colliding_claims_move_forward_in_order_of_arrival() {
        let instants = Instants::default();
        let occupied = BTreeMap::from([(10, 12), (15, 16)]);
        let assigned = instants.try_assign(&[10, 5, 10, 10, 5, 12, 10, 10], &occupied);
        assert_eq!(assigned.micros, [12, 5, 13, 14, 6, 16, 17, 18]);
    }

    #[test]
    fn a_long_run_is_not_walked_again_and_memory_is_bounded() {
        let mut instants = Instants::default();
        for second in 0..10_000 {
            let assigned = instants.try_assign(&[second * 1_000_000; 3], &BTreeMap::new());
            instants.keep(assigned);
        }
        assert_eq!(instants.next_free.len(), REMEMBERED);
        assert_eq!(instants.try_assign(&[9_999_000_000], &BTreeMap::new()).micros, [9_999_000_003]);
    }
}
