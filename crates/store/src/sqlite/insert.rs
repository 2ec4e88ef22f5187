//! Traffic rows and threats, many per statement.

use super::dialect::{Builder, Connection};
use super::failed;
use crate::StoreError;
use crate::prepared::{Prepared, PreparedThreat};

/// Rows per statement: 26 values each stay far below the driver's limit of 32,766, and more per statement is no faster.
const ROWS_PER_STATEMENT: usize = 100;

pub(super) async fn traffic(connection: &mut Connection, rows: &[Prepared]) -> Result<(), StoreError> {
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        let mut builder = Builder::new(
            "INSERT INTO traffic (id, ts, received, ip, ip_key, host, method, endpoint, path, status, bytes, \
             latency_ms, user_agent, action, enforced, class, severity, score, model, decided_by, via, log_source, \
             threat_id, activity_id, request) ",
        );
        builder.push_values(chunk, |mut values, row| {
            let traffic = &row.traffic;
            values
                .push_bind(traffic.id)
                .push_bind(traffic.timestamp.micros())
                .push_bind(traffic.received_at.micros())
                .push_bind(traffic.ip.clone())
                .push_bind(row.ip_key.map(|key| key.to_vec()))
                .push_bind(traffic.host.clone())
                .push_bind(traffic.method.clone())
                .push_bind(traffic.endpoint.clone())
                .push_bind(traffic.path.clone())
                .push_bind(i64::from(traffic.status))
                .push_bind(traffic.response_bytes.map(stored_count))
                .push_bind(traffic.response_time_ms)
                .push_bind(traffic.user_agent.clone())
                .push_bind(traffic.action.as_str())
                .push_bind(traffic.enforced)
                .push_bind(traffic.class.map(bartizan_model::ThreatClass::as_str))
                .push_bind(traffic.severity.map(bartizan_model::Severity::as_str))
                .push_bind(traffic.score)
                .push_bind(traffic.model.clone())
                .push_bind(traffic.decided_by.as_str())
                .push_bind(traffic.via.as_str())
                .push_bind(traffic.log_source.clone())
                .push_bind(traffic.threat_id)
                .push_bind(row.activity_id)
                .push_bind(row.request.clone());
        });
        builder.build().execute(&mut *connection).await.map_err(failed("keeping requests"))?;
    }
    Ok(())
}

pub(super) async fn threats(connection: &mut Connection, rows: &[Prepared]) -> Result<(), StoreError> {
    let threats: Vec<(&Prepared, &PreparedThreat)> =
        rows.iter().filter_map(|row| Some((row, row.threat.as_ref()?))).collect();
    for chunk in threats.chunks(ROWS_PER_STATEMENT) {
        let mut builder = Builder::new(
            "INSERT INTO threats (id, traffic_id, ts, received, class, severity, ip, ip_key, host, method, endpoint, \
             path, status, user_agent, via, action, enforced, score, model, decided_by, payload, details, request, \
             detail) ",
        );
        builder.push_values(chunk, |mut values, (row, threat)| {
            let traffic = &row.traffic;
            values
                .push_bind(traffic.threat_id)
                .push_bind(traffic.id)
                .push_bind(traffic.timestamp.micros())
                .push_bind(traffic.received_at.micros())
                .push_bind(threat.class.as_str())
                .push_bind(threat.severity.as_str())
                .push_bind(traffic.ip.clone())
                .push_bind(row.ip_key.map(|key| key.to_vec()))
                .push_bind(traffic.host.clone())
                .push_bind(traffic.method.clone())
                .push_bind(traffic.endpoint.clone())
                .push_bind(traffic.path.clone())
                .push_bind(i64::from(traffic.status))
                .push_bind(traffic.user_agent.clone())
                .push_bind(traffic.via.as_str())
                .push_bind(traffic.action.as_str())
                .push_bind(traffic.enforced)
                .push_bind(traffic.score)
                .push_bind(traffic.model.clone())
                .push_bind(traffic.decided_by.as_str())
                .push_bind(threat.payload.clone())
                .push_bind(threat.details.clone())
                .push_bind(row.request.clone())
                .push_bind(threat.detail.clone());
        });
        builder.build().execute(&mut *connection).await.map_err(failed("keeping threats"))?;
    }
    Ok(())
}

/// A count as the database holds it; what a log claims beyond 2^63 is that at most.
fn stored_count(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
