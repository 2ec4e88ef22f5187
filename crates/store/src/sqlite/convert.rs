//! What steps of the schema do that SQL cannot say.

use bartizan_model::{RollupLevel, Timestamp};

use super::dialect::Connection;
use super::sql::{failed, sketches};
use crate::StoreError;
use crate::delta::Sketches;
use crate::distinct::Distinct;

/// Addresses read at a time.
const ADDRESSES: i64 = 10_000;

const DOING: &str = "moving counted clients";

/// Step 4: addresses per hour become sketches, a part at a time.
pub(super) async fn sketch_clients(connection: &mut Connection) -> Result<(), StoreError> {
    let mut last = (i64::MIN, String::new());
    loop {
        let part: Vec<(i64, String)> = sqlx::query_as(
            "SELECT hour, ip FROM rollup_clients WHERE (hour, ip) > ($1, $2) ORDER BY hour, ip LIMIT $3",
        )
        .bind(last.0)
        .bind(&last.1)
        .bind(ADDRESSES)
        .fetch_all(&mut *connection)
        .await
        .map_err(failed(DOING))?;
        for hour in part.chunk_by(|a, b| a.0 == b.0) {
            let Some((start, _)) = hour.first() else { continue };
            let clients = Distinct::of(hour.iter().map(|(_, ip)| ip.as_str()));
            for level in [RollupLevel::Hour, RollupLevel::Day] {
                let bucket = level.bucket(Timestamp::from_micros(*start)).micros();
                let added = Sketches { clients: clients.clone(), ..Sketches::default() };
                sketches::add(connection, level, bucket, added).await?;
            }
        }
        match part.into_iter().next_back() {
            Some(row) => last = row,
            None => break,
        }
    }
    sqlx::raw_sql("DROP TABLE rollup_clients").execute(connection).await.map_err(failed(DOING))?;
    Ok(())
}
