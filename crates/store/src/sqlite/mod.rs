//! The store in one SQLite file.

mod backup;
mod connect;
mod convert;
mod days;
mod dialect;
mod insert;
mod schema;
#[expect(clippy::duplicate_mod, reason = "one text of SQL is compiled once per driver")]
#[path = "../sql/mod.rs"]
mod sql;
mod writer;

pub(crate) use backup::{backup, restore, status};
pub(crate) use connect::{open, open_beside};

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bartizan_model::{Assessment, Clock as _, HttpRequest, SystemClock, Timestamp, Verdict, Via};

    use super::open;
    use super::sql::SqlStore;
    use crate::{CommitBatch, Judged, RetentionCutoffs, Store as _};

    /// Texts of rows that are gone go too, those in use stay, and one that comes back gets a new name.
    #[tokio::test]
    async fn names_go_with_the_rows_that_used_them() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("rows.db");
        let url = format!("sqlite://{}", path.display());
        let store = open(&url, &path, Arc::new(SystemClock)).await.expect("opened");
        let now = SystemClock.now();
        let of_path = |path: &str| {
            let request = HttpRequest::new(now, "GET", path.as_bytes(), Via::Log);
            let verdict = Verdict::allow(None);
            let judged = Judged { request, assessment: Assessment::default(), verdict, judged_us: 1 };
            CommitBatch { judged: [judged].into(), source: None, received_at: now }
        };
        let paths = async |store: &SqlStore| -> Vec<String> {
            let names = sqlx::query_scalar("SELECT name FROM names WHERE kind = 4 ORDER BY name");
            let mut writer = store.writer().await;
            names.fetch_all(writer.outside().expect("open").connection()).await.expect("read")
        };
        store.commit(of_path("/old")).await.expect("committed");
        let expire = async |store: &SqlStore, traffic: Timestamp| {
            let old = Timestamp::from_micros(0);
            let cutoffs = RetentionCutoffs { traffic, threats: old, alerts: old, metrics: old };
            store.expire(cutoffs).await.expect("expired")
        };
        let later = now.plus_micros(1);
        expire(&store, later).await;
        assert_eq!(paths(&store).await, ["/old"], "it may be used again soon");
        // As if many other rows had come and gone.
        {
            let mut writer = store.writer().await;
            let skip = sqlx::query("UPDATE sequences SET last = last + 1000000 WHERE name = 'traffic'");
            skip.execute(writer.outside().expect("open").connection()).await.expect("skipped");
        }
        store.commit(of_path("/new")).await.expect("committed");
        expire(&store, now).await;
        assert_eq!(paths(&store).await, ["/new"]);
        let committed = store.commit(of_path("/old")).await.expect("committed");
        let read = store.traffic_by_id(committed.traffic[0].id).await.expect("read").expect("there");
        assert_eq!((read.0.path.as_str(), read.0.method.as_str()), ("/old", "GET"));
    }
}
