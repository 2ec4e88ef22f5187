//! Opening a database file: folder, lock, connections; and what to do about it when that fails.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bartizan_model::Clock;
use sqlx::ConnectOptions;
use sqlx::sqlite::{
    SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};

use super::schema;
use super::sql::SqlStore;
use super::writer::Writer;
use crate::StoreError;
use crate::private::{private_file, private_folder};

/// How long a statement waits for a lock that another program holds for a moment, such as a backup.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a read waits for one of the readers.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// Connections that read; each has a thread. Two cores are the smallest machine aimed at.
const READERS: u32 = 4;

/// Page cache of the writer in KiB (negative by SQLite's convention): most inner pages of the indexes at 10 million rows; the
/// rest is in the memory of the operating system. With four times as much a log was read as fast.
const WRITER_CACHE: &str = "-16384";

/// Page cache of a reader in KiB (negative by SQLite's convention). Alerts read every threat once, which fills it on each
/// of the readers in turn; the pages that are asked for again are in the memory of the operating system.
const READER_CACHE: &str = "-2048";

/// Pages in the write-ahead log after which it is moved into the file: 16 MiB. A batch of 1,000 rows touches up to
/// 2,000 pages of the indexes, so with SQLite's default of 1,000 every commit would wait for the disk twice.
const CHECKPOINT_PAGES: &str = "4096";

/// What remains of the write-ahead log after a checkpoint, in bytes.
const JOURNAL_LIMIT_BYTES: &str = "67108864";

/// Opens the file, makes it when it is missing, and brings its schema up to date.
pub(crate) async fn open(url: &str, path: &Path, clock: Arc<dyn Clock>) -> Result<SqlStore, StoreError> {
    let (path, lock) = claim_for(url, path).await?;
    connect(url, &path, Some(lock), clock).await
}

/// As [`open`], but while another process has the file open it is shared, and its schema stays as it is.
pub(crate) async fn open_beside(
    url: &str,
    path: &Path,
    clock: Arc<dyn Clock>,
) -> Result<SqlStore, StoreError> {
    let (path, lock) = claimed(url, path).await?;
    connect(url, &path, lock, clock).await
}

async fn claimed(url: &str, path: &Path) -> Result<(PathBuf, Option<File>), StoreError> {
    let owned = path.to_owned();
    tokio::task::spawn_blocking(move || claim(&owned))
        .await
        .map_err(|source| failed(url, "the task that opens files ended; try again".to_owned(), source))?
        .map_err(|claim| StoreError::Open {
            url: url.to_owned(),
            remedy: claim.remedy,
            source: claim.source.map(Into::into),
        })
}

async fn connect(
    url: &str,
    path: &Path,
    lock: Option<File>,
    clock: Arc<dyn Clock>,
) -> Result<SqlStore, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .auto_vacuum(SqliteAutoVacuum::Incremental)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("temp_store", "MEMORY")
        .pragma("journal_size_limit", JOURNAL_LIMIT_BYTES)
        .disable_statement_logging();
    let writing =
        options.clone().pragma("cache_size", WRITER_CACHE).pragma("wal_autocheckpoint", CHECKPOINT_PAGES);
    let mut writer = writing.connect().await.map_err(|error| translate(url, error))?;
    if lock.is_some() {
        schema::migrate(&mut writer, url, clock.now().micros()).await?;
    } else {
        schema::check(&mut writer, url).await?;
    }
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(options.pragma("query_only", "ON").pragma("cache_size", READER_CACHE))
        .await
        .map_err(|error| translate(url, error))?;
    SqlStore::new(Writer::new(writer, writing, lock), readers, clock).await
}

/// Makes the file where it is missing, and keeps every other process out until the lock is dropped.
pub(super) async fn claim_for(url: &str, path: &Path) -> Result<(PathBuf, File), StoreError> {
    let (path, lock) = claimed(url, path).await?;
    let in_use = || StoreError::Open {
        url: url.to_owned(),
        remedy: "another bartizan is using it; stop that one, or choose another database with --db"
            .to_owned(),
        source: None,
    };
    Ok((path, lock.ok_or_else(in_use)?))
}

/// Why the file could not be had.
struct ClaimError {
    remedy: String,
    source: Option<io::Error>,
}

/// Makes folder and file where they are missing and locks the file's companion `FILE.lock`; no lock when another process
/// keeps it.
fn claim(path: &Path) -> Result<(PathBuf, Option<File>), ClaimError> {
    if path.is_dir() {
        return Err(ClaimError {
            remedy: "this is a folder; name a file in it, such as sqlite://FOLDER/bartizan.db".to_owned(),
            source: None,
        });
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
        private_folder().create(folder).map_err(|error| ClaimError {
            remedy: format!("its folder cannot be made; make it, or {}", access_remedy(&error)),
            source: Some(error),
        })?;
    }
    let file_error = |error: io::Error| ClaimError { remedy: access_remedy(&error), source: Some(error) };
    private_file().open(path).map_err(file_error)?;
    // One name per file: a relative path and a link to it must not both get a lock.
    let path = path.canonicalize().map_err(file_error)?;
    let mut lock_path = path.clone().into_os_string();
    lock_path.push(".lock");
    let lock = private_file().open(&lock_path).map_err(file_error)?;
    match lock.try_lock() {
        Ok(()) => Ok((path, Some(lock))),
        Err(TryLockError::WouldBlock) => Ok((path, None)),
        Err(TryLockError::Error(error)) => Err(ClaimError {
            remedy: "its folder does not support locks; put it on a local disk with --db".to_owned(),
            source: Some(error),
        }),
    }
}

fn access_remedy(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "give this user write permission on the file and its folder, or choose another place with --db"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "the disk is full; free some space, or choose another disk with --db"
        }
        io::ErrorKind::NotADirectory => {
            "a part of the path is a file, not a folder; choose another place with --db"
        }
        _ => "check that the path is right and the disk is there, or choose another place with --db",
    }
    .to_owned()
}

/// A driver's error while opening, with what to do about it.
pub(super) fn translate(url: &str, error: sqlx::Error) -> StoreError {
    let remedy = match result_code(&error) {
        Some(NOT_A_DATABASE | CORRUPT) => {
            "the file is damaged or no SQLite database; move it away to start anew, restore a backup, \
             or choose another database with --db"
        }
        Some(BUSY | LOCKED) => {
            "another program has locked it; close that program, or choose another database with --db"
        }
        Some(FULL) => "the disk is full; free some space, or choose another disk with --db",
        Some(READ_ONLY | CANNOT_OPEN | NO_PERMISSION) => {
            "give this user write permission on the file and its folder, or choose another place with --db"
        }
        _ => "check that the disk is in order, or choose another database with --db",
    };
    failed(url, remedy.to_owned(), error)
}

fn failed(url: &str, remedy: String, source: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Open { url: url.to_owned(), remedy, source: Some(Box::new(source)) }
}

// Primary result codes, https://www.sqlite.org/rescode.html
const NO_PERMISSION: u32 = 3;
const BUSY: u32 = 5;
const LOCKED: u32 = 6;
const READ_ONLY: u32 = 8;
const CORRUPT: u32 = 11;
const FULL: u32 = 13;
const CANNOT_OPEN: u32 = 14;
const NOT_A_DATABASE: u32 = 26;

/// The primary code, which is the low byte of the extended one.
fn result_code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?;
    code.parse::<u32>().ok().map(|code| code & 0xFF)
}
