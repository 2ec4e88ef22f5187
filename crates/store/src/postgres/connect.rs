//! Opening a database of a server; and what to do about it when that fails.

use std::sync::Arc;
use std::time::Duration;

use bartizan_model::Clock;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::address::Address;
use super::dialect::Connection;
use super::schema;
use super::sql::SqlStore;
use super::writer::Writer;
use crate::StoreError;

/// How long a read waits for one of the readers, or for the server to come back.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// Connections that read; with the one that writes, five of the hundred that a server allows by default.
const READERS: u32 = 4;

/// Oldest server, as `server_version_num`: 15.
const OLDEST_SERVER: i32 = 150_000;

/// The server lets go of a connection whose client is gone after about a minute, and so of the writer's lock.
const KEEPALIVE: [(&str, &str); 3] =
    [("tcp_keepalives_idle", "30"), ("tcp_keepalives_interval", "10"), ("tcp_keepalives_count", "3")];

/// Opens the database and brings its schema up to date.
pub(crate) async fn open(url: &str, clock: Arc<dyn Clock>) -> Result<SqlStore, StoreError> {
    let (shown, options) = address(url)?;
    let writer = take(&shown, options.clone()).await?;
    finish(writer, options, &shown, clock).await
}

/// As [`open`], but while another process has the database open it is shared, and its schema stays as it is.
pub(crate) async fn open_beside(url: &str, clock: Arc<dyn Clock>) -> Result<SqlStore, StoreError> {
    let (shown, options) = address(url)?;
    let writer = Writer::open_beside(options.clone()).await.map_err(|error| translate(&shown, error))?;
    finish(writer, options, &shown, clock).await
}

/// Where the server is, as it may be shown, and how to connect.
fn address(url: &str) -> Result<(String, PgConnectOptions), StoreError> {
    let Address { shown, options, .. } = Address::parse(url)?;
    let options = options.options(KEEPALIVE);
    let is_named = options.get_application_name().is_some();
    Ok((shown, if is_named { options } else { options.application_name("bartizan") }))
}

async fn finish(
    mut writer: Writer,
    options: PgConnectOptions,
    shown: &str,
    clock: Arc<dyn Clock>,
) -> Result<SqlStore, StoreError> {
    check(writer.connection(), shown).await?;
    if writer.is_locked() {
        schema::migrate(writer.connection(), shown, clock.now().micros()).await?;
    } else {
        schema::check(writer.connection(), shown).await?;
    }
    // What is asked for differs so much from query to query that a plan for any values would fit none.
    // And a place of an index costs little more than the next row, on today's disks and in memory (the manual's chapter 20.7
    // advises about 1.1).
    let reading = options.options([("plan_cache_mode", "force_custom_plan"), ("random_page_cost", "1.1")]);
    let readers = PgPoolOptions::new()
        .max_connections(READERS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(reading)
        .await
        .map_err(|error| translate(shown, error))?;
    SqlStore::new(writer, readers, clock).await
}

/// Keeps every other process out of the database until the writer is closed.
pub(super) async fn claim(url: &str) -> Result<Writer, StoreError> {
    let (shown, options) = address(url)?;
    take(&shown, options).await
}

async fn take(shown: &str, options: PgConnectOptions) -> Result<Writer, StoreError> {
    let opened = Writer::open(options).await.map_err(|error| translate(shown, error))?;
    opened.ok_or_else(|| {
        refused(shown, "another bartizan is using it; stop that one, or choose another database with --db")
    })
}

/// Whether the server and the database are such as are needed.
async fn check(connection: &mut Connection, shown: &str) -> Result<(), StoreError> {
    let (version, encoding, schema): (i32, String, Option<String>) = sqlx::query_as(
        "SELECT CAST(current_setting('server_version_num') AS INTEGER), current_setting('server_encoding'), \
         CAST(current_schema() AS TEXT)",
    )
    .fetch_one(connection)
    .await
    .map_err(|error| translate(shown, error))?;
    if version < OLDEST_SERVER {
        return Err(refused(shown, "the server is older than PostgreSQL 15; use a newer one"));
    }
    if encoding != "UTF8" {
        return Err(refused(
            shown,
            "its encoding is not UTF8; make one with createdb --encoding=UTF8 --template=template0",
        ));
    }
    if schema.is_none() {
        return Err(refused(
            shown,
            "the user's search_path names no schema that exists; make one, or reset search_path",
        ));
    }
    Ok(())
}

fn refused(shown: &str, remedy: &str) -> StoreError {
    StoreError::Open { url: shown.to_owned(), remedy: remedy.to_owned(), source: None }
}

/// A driver's error while opening, with what to do about it.
pub(super) fn translate(shown: &str, error: sqlx::Error) -> StoreError {
    let code =
        error.as_database_error().and_then(sqlx::error::DatabaseError::code).unwrap_or_default().into_owned();
    // Classes and codes: PostgreSQL manual, appendix A.
    let remedy = match (code.as_str(), &error) {
        ("28P01" | "28000", _) => "the server refuses user or password; check both",
        ("3D000", _) => "there is no such database; make it with createdb, or choose another one with --db",
        ("42501", _) => {
            "the user may not make tables in it; make the user its owner (ALTER DATABASE … OWNER TO …), or choose another \
             database with --db"
        }
        ("53300", _) => "the server has no connection left; raise max_connections there",
        ("57P03", _) => "the server is starting or stopping; try again in a moment",
        (_, sqlx::Error::Tls(_)) => {
            "no encrypted connection came about; check sslmode and sslrootcert in the URL"
        }
        (_, sqlx::Error::Io(_)) => "check that the server runs and that host and port are right",
        _ => "check the server and its log",
    };
    StoreError::Open { url: shown.to_owned(), remedy: remedy.to_owned(), source: Some(Box::new(error)) }
}
