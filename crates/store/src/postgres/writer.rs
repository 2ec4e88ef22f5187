//! The one connection that writes: it holds the lock that keeps other processes out, and is made anew when it is lost.

use std::time::{Duration, Instant};

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Transaction};

use super::dialect::{BEGIN_WRITE, Connection, Db};
use super::sql::failed;
use crate::StoreError;

/// The lock of the process that writes, one per database: the letters `bartizan` as a number.
const LOCK: i64 = i64::from_be_bytes(*b"bartizan");

/// How long a server may take to answer before its connection counts as lost.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// How long an opening waits for the lock: a process that was just killed may still be at work in the server.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);

/// Pause between two tries to take the lock.
const LOCK_PAUSE: Duration = Duration::from_millis(100);

/// The connection that writes.
#[derive(Debug)]
pub(crate) struct Writer {
    connection: Connection,
    /// How to connect again.
    options: PgConnectOptions,
    /// Whether the lock is ours; it is not beside a process that keeps it.
    is_locked: bool,
}

impl Writer {
    /// Connects and takes the lock; `None` when another process keeps it.
    pub(super) async fn open(options: PgConnectOptions) -> Result<Option<Self>, sqlx::Error> {
        let begun = Instant::now();
        loop {
            if let Some(connection) = connect(&options).await? {
                return Ok(Some(Self { connection, options, is_locked: true }));
            }
            if begun.elapsed() > LOCK_PATIENCE {
                return Ok(None);
            }
            tokio::time::sleep(LOCK_PAUSE).await;
        }
    }

    /// Connects, and takes the lock unless another process keeps it.
    pub(super) async fn open_beside(options: PgConnectOptions) -> Result<Self, sqlx::Error> {
        Ok(match connect(&options).await? {
            Some(connection) => Self { connection, options, is_locked: true },
            None => Self { connection: connect_beside(&options).await?, options, is_locked: false },
        })
    }

    /// Whether no other process writes.
    pub(super) fn is_locked(&self) -> bool {
        self.is_locked
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
            self.connection = if self.is_locked {
                connect(&self.options).await.map_err(failed("connecting again"))?.ok_or_else(|| {
                    failed("connecting again: the lock of the writer is taken")(sqlx::Error::PoolClosed)
                })?
            } else {
                connect_beside(&self.options).await.map_err(failed("connecting again"))?
            };
            tracing::info!("connected to the database again");
        }
        self.connection.begin_with(BEGIN_WRITE).await.map_err(failed("beginning a transaction"))
    }

    /// Nothing to do: space is given back where it is used again.
    #[expect(clippy::unused_async, reason = "as for SQLite, which has to do it")]
    pub(super) async fn give_back(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Gives the lock back and closes; the server would give it back some time after the connection is gone.
    pub(super) async fn close(mut self) {
        let unlock = sqlx::query("SELECT pg_advisory_unlock($1)").bind(LOCK);
        if self.is_locked
            && let Err(error) = unlock.execute(&mut self.connection).await
        {
            tracing::warn!(%error, "the lock of the writer could not be given back; it goes with the connection");
        }
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
    tokio::time::timeout(ANSWER_TIMEOUT, connecting).await.map_err(|_| timed_out())?
}

async fn connect_beside(options: &PgConnectOptions) -> Result<Connection, sqlx::Error> {
    tokio::time::timeout(ANSWER_TIMEOUT, options.connect()).await.map_err(|_| timed_out())?
}

fn timed_out() -> sqlx::Error {
    sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())
}
