//! The one connection that writes: it holds the lock that keeps other processes out, and is made anew when it is lost.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Transaction};

use super::dialect::{BEGIN_WRITE, Connection, Db};
use super::sql::failed;
use crate::StoreError;

/// The lock of the process that writes, one per database: the letters `bartizan` as a number.
const LOCK: i64 = i64::from_be_bytes(*b"bartizan");

/// How long a server may take to answer before its connection counts as lost.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// The connection that writes.
#[derive(Debug)]
pub(crate) struct Writer {
    connection: Connection,
    /// How to connect again.
    options: PgConnectOptions,
}

impl Writer {
    /// Connects and takes the lock; `None` when another process has it.
    pub(super) async fn open(options: PgConnectOptions) -> Result<Option<Self>, sqlx::Error> {
        Ok(connect(&options).await?.map(|connection| Self { connection, options }))
    }

    /// The bare connection.
    pub(super) fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// Begins a transaction that writes; dropped without a commit it leaves nothing behind.
    pub(super) async fn begin(&mut self) -> Result<Transaction<'_, Db>, StoreError> {
        // The ping also waits for a rollback that is under way.
        let answered = tokio::time::timeout(ANSWER_TIMEOUT, self.connection.ping()).await;
        if !matches!(answered, Ok(Ok(()))) || self.connection.is_in_transaction() {
            // The lock went with the lost connection. Until the server has noticed the loss, nobody gets it, so what was
            // under way has ended, one way or the other, when we have it again.
            self.connection =
                connect(&self.options).await.map_err(failed("connecting again"))?.ok_or_else(|| {
                    failed("connecting again: the lock of the writer is taken")(sqlx::Error::PoolClosed)
                })?;
            tracing::info!("connected to the database again");
        }
        self.connection.begin_with(BEGIN_WRITE).await.map_err(failed("beginning a transaction"))
    }

    /// Nothing to do: space is given back where it is used again.
    #[expect(clippy::unused_async, reason = "as for SQLite, which has to do it")]
    pub(super) async fn give_back(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Closes, which releases the lock.
    pub(super) async fn close(self) {
        if let Err(error) = self.connection.close().await {
            tracing::warn!(%error, "the connection to the database did not close cleanly");
        }
    }
}

async fn connect(options: &PgConnectOptions) -> Result<Option<Connection>, sqlx::Error> {
    let connecting = async {
        let mut connection = options.connect().await?;
        let is_ours: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
            .bind(LOCK)
            .fetch_one(&mut connection)
            .await?;
        Ok(is_ours.then_some(connection))
    };
    let timed_out = |_| sqlx::Error::Io(std::io::ErrorKind::TimedOut.into());
    tokio::time::timeout(ANSWER_TIMEOUT, connecting).await.map_err(timed_out)?
}
