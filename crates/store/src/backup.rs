//! Copies of a whole database and back, and a look at one, from outside the server.

use std::path::Path;

use crate::open::{is_postgres, sqlite_path};
use crate::{StoreError, StoreSize, postgres, sqlite};

/// What a look at a database shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseStatus {
    /// `sqlite` or `postgresql`.
    pub backend: &'static str,
    /// Version of its schema; 0 when it is empty.
    pub schema: i64,
    /// Newest version that this build knows.
    pub newest_schema: i64,
    /// How much room it takes; `None` unless the schema is of the newest version.
    pub size: Option<StoreSize>,
}

/// Looks at a database without changing it, also while a server uses it.
///
/// # Errors
/// [`StoreError::Open`] when it is not there or cannot be read.
pub async fn status(url: &str) -> Result<DatabaseStatus, StoreError> {
    if is_postgres(url) { postgres::status(url).await } else { sqlite::status(url, &sqlite_path(url)?).await }
}

/// Writes a consistent copy of a database to a file that must not be there yet, also while a server uses the database.
///
/// An SQLite database gives an SQLite file. For a database of a PostgreSQL server `pg_dump` writes one in its custom format.
///
/// # Errors
/// [`StoreError::Backup`] with the remedy; no half-written file is left.
pub async fn backup(url: &str, file: &Path) -> Result<(), StoreError> {
    if file.exists() {
        return Err(StoreError::Backup {
            problem: format!("{} exists already", file.display()),
            remedy: "name a new file, so that no backup is overwritten".to_owned(),
            source: None,
        });
    }
    if is_postgres(url) {
        postgres::backup(url, file).await
    } else {
        sqlite::backup(&sqlite_path(url)?, file).await
    }
}

/// Puts a backup in the place of a database, which no server may use meanwhile. With `replace` whatever it holds goes.
///
/// The backup is examined first and put in place in one step, so that a failure leaves the database as it was.
///
/// # Errors
/// [`StoreError::Backup`] or [`StoreError::Open`] with the remedy.
pub async fn restore(url: &str, file: &Path, replace: bool) -> Result<(), StoreError> {
    if !file.is_file() {
        return Err(StoreError::Backup {
            problem: format!("{} is no file", file.display()),
            remedy: "name the file that `bartizan db backup` wrote".to_owned(),
            source: None,
        });
    }
    if is_postgres(url) {
        postgres::restore(url, file, replace).await
    } else {
        sqlite::restore(url, &sqlite_path(url)?, file, replace).await
    }
}
