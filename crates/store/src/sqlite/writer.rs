//! The one connection that writes to the file.

use std::fs::File;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Transaction};

use super::dialect::{BEGIN_WRITE, Connection, Db};
use super::sql::failed;
use crate::StoreError;

/// Gives pages of deleted rows back to the file system, a few MiB at most per call; not inside a transaction.
const GIVE_BACK: &str = "PRAGMA incremental_vacuum(2000)";

/// Moves everything from the write-ahead log into the database file.
pub(super) const CHECKPOINT: &str = "PRAGMA wal_checkpoint(TRUNCATE)";

/// The connection that writes, with the lock that keeps other servers out.
#[derive(Debug)]
pub(crate) struct Writer {
    connection: Connection,
    /// How to connect again.
    options: SqliteConnectOptions,
    /// Released when dropped; `None` beside a process that keeps it.
    lock: Option<File>,
}

impl Writer {
    pub(super) fn new(connection: Connection, options: SqliteConnectOptions, lock: Option<File>) -> Self {
        Self { connection, options, lock }
    }

    /// The bare connection.
    pub(super) fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// Begins a transaction that writes; dropped without a commit it leaves nothing behind.
    pub(super) async fn begin(&mut self) -> Result<Transaction<'_, Db>, StoreError> {
        // A full disk makes SQLite roll back by itself. The driver's own rollback fails then, and it takes the connection
        // for one that is within a transaction for ever. The ping waits for a rollback that is under way.
        let is_stuck = self.connection.ping().await.is_err() || self.connection.is_in_transaction();
        if is_stuck {
            tracing::warn!("the connection that writes is stuck in a failed transaction and is opened anew");
            self.connection = self.options.connect().await.map_err(failed("connecting again"))?;
        }
        self.connection.begin_with(BEGIN_WRITE).await.map_err(failed("beginning a transaction"))
    }

    /// Gives emptied pages back to the file system.
    pub(super) async fn give_back(&mut self) -> Result<(), StoreError> {
        let done = sqlx::raw_sql(GIVE_BACK).execute(&mut self.connection).await;
        done.map(|_| ()).map_err(failed("giving space back"))
    }

    /// Empties the log and closes; readers are closed already.
    pub(super) async fn close(mut self) {
        // The log of a file that a server has open is the server's to empty.
        if self.lock.is_some()
            && let Err(error) = sqlx::raw_sql(CHECKPOINT).execute(&mut self.connection).await
        {
            tracing::warn!(%error, "the write-ahead log could not be emptied; it will be read at the next start");
        }
        if let Err(error) = self.connection.close().await {
            tracing::warn!(%error, "the database did not close cleanly; it will recover at the next start");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bartizan_model::{Checkpoint, Clock as _, Fingerprint, SystemClock};

    use crate::{CommitBatch, SourceProgress, Store as _};

    fn batch(name: String) -> CommitBatch {
        let fingerprint = Fingerprint { device: 1, inode: 2, head_len: 3, head_hash: "f".to_owned() };
        let to = Checkpoint { fingerprint, offset: 9, format: None };
        let source = SourceProgress {
            name,
            from: None,
            to,
            lines: 1,
            failed: 0,
            samples: Vec::new(),
            last_line_at: None,
        };
        CommitBatch { judged: Arc::default(), source: Some(source), received_at: SystemClock.now() }
    }

    /// A disk that was full for a moment once stopped the store for good.
    #[tokio::test]
    async fn commits_go_on_when_a_full_disk_has_room_again() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("rows.db");
        let url = format!("sqlite://{}", path.display());
        let store = super::super::open(&url, &path, Arc::new(SystemClock)).await.expect("opened");
        {
            let mut writer = store.writer().await;
            let full = sqlx::query("PRAGMA max_page_count = 1")
                .execute(writer.outside().expect("open").connection())
                .await;
            full.expect("as small as it is");
        }
        let error = store.commit(batch("x".repeat(1 << 20))).await.expect_err("there is no room");
        assert!(format!("{error:?}").contains("full"), "{error:?}");
        {
            let mut writer = store.writer().await;
            let room = sqlx::query("PRAGMA max_page_count = 100000")
                .execute(writer.outside().expect("open").connection())
                .await;
            room.expect("room again");
        }
        store.commit(batch("x".repeat(1 << 20))).await.expect("committed");
        store.commit(batch("site".to_owned())).await.expect("committed");
    }
}
