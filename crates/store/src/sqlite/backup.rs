//! Copies of a database file and back.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::io::AsyncWriteExt as _;

use super::connect::{self, translate};
use super::dialect::Connection;
use super::writer::CHECKPOINT;
use super::{schema, sql};
use crate::private::private_file;
use crate::{DatabaseStatus, StoreError};

/// Looks at a file without changing it.
pub(crate) async fn status(url: &str, path: &Path) -> Result<DatabaseStatus, StoreError> {
    let mut connection = read(path).await.map_err(|error| translate(url, error))?;
    let found = schema::peek(&mut connection, url).await?;
    let newest = schema::newest();
    let size = if found == newest { Some(sql::measure(&mut connection).await?) } else { None };
    Ok(DatabaseStatus { backend: "sqlite", schema: found, newest_schema: newest, size })
}

/// Writes a copy of one moment, while others go on writing.
pub(crate) async fn backup(path: &Path, file: &Path) -> Result<(), StoreError> {
    let failed = |error: sqlx::Error| StoreError::Backup {
        problem: format!("{} could not be copied to {}", path.display(), file.display()),
        remedy:
            "check that the database is there and the folder of the backup has room and may be written to"
                .to_owned(),
        source: Some(Box::new(error)),
    };
    let part = part_of(file);
    remove(&part)?;
    // Made here so that nobody else may read it.
    drop(private_file().open(&part).map_err(|error| failed(sqlx::Error::Io(error)))?);
    let copied = copy(path, &part).await;
    if let Err(error) = copied {
        // SQLite leaves its journal beside a copy that found no room.
        remove(&suffixed(&part, "-journal"))?;
        remove(&part)?;
        return Err(failed(error));
    }
    place(&part, file)
}

async fn copy(path: &Path, part: &Path) -> Result<(), sqlx::Error> {
    let mut connection = read(path).await?;
    sqlx::query("VACUUM INTO $1").bind(part.to_string_lossy().into_owned()).execute(&mut connection).await?;
    connection.close().await
}

/// Puts a copy in the place of the file.
pub(crate) async fn restore(url: &str, path: &Path, file: &Path, replace: bool) -> Result<(), StoreError> {
    examine(file).await?;
    let had = path.metadata().is_ok_and(|metadata| metadata.len() > 0);
    if had && !replace {
        return Err(StoreError::Backup {
            problem: format!("{} exists already", path.display()),
            remedy: "name another database with --db, or add --replace to give up what it holds".to_owned(),
            source: None,
        });
    }
    let existed = path.exists();
    // Held until the file is in place: no server starts on it meanwhile, and none is running.
    let (path, _lock) = connect::claim_for(url, path).await?;
    let part = part_of(&path);
    remove(&part)?;
    let failed = |error: std::io::Error| StoreError::Backup {
        problem: format!("{} could not be copied to {}", file.display(), part.display()),
        remedy: "check that the disk has room and the folder may be written to".to_owned(),
        source: Some(Box::new(error)),
    };
    // Its bytes alone: permissions of a backup may be wider than those of a database should be.
    let copied = async {
        let mut from = tokio::fs::File::open(file).await?;
        let mut to = tokio::fs::File::from_std(private_file().open(&part)?);
        tokio::io::copy(&mut from, &mut to).await?;
        to.flush().await
    };
    if let Err(error) = copied.await {
        remove(&part)?;
        if !existed {
            // Claiming the name made an empty file of it.
            remove(&path)?;
        }
        return Err(failed(error));
    }
    // What a write-ahead log still holds belongs to the file that goes, and would be read into the one that comes. It is
    // moved into its file first, so that the file is whole until it is replaced.
    if let Err(error) = empty_log(&path).await {
        tracing::warn!(%error, "the write-ahead log of the replaced database could not be read and is given up");
    }
    for suffix in ["-wal", "-shm"] {
        remove(&suffixed(&path, suffix))?;
    }
    place(&part, &path)
}

/// Moves what the write-ahead log holds, if there is one, into its file.
async fn empty_log(path: &Path) -> Result<(), sqlx::Error> {
    if !suffixed(path, "-wal").exists() {
        return Ok(());
    }
    let mut connection = read(path).await?;
    sqlx::raw_sql(CHECKPOINT).execute(&mut connection).await?;
    connection.close().await
}

/// What every dump of `pg_dump` in its own format begins with.
const DUMP_OF_POSTGRESQL: &[u8] = b"PGDMP";

/// Whether the file is a sound database of ours that this build can open.
async fn examine(file: &Path) -> Result<(), StoreError> {
    let shown = file.display().to_string();
    let refused = |problem: String, remedy: &str, source: Option<sqlx::Error>| StoreError::Backup {
        problem,
        remedy: remedy.to_owned(),
        source: source.map(Into::into),
    };
    let mut begins = [0; DUMP_OF_POSTGRESQL.len()];
    let read_begin = std::fs::File::open(file).and_then(|mut opened| opened.read(&mut begins));
    if let Err(error) = read_begin {
        let problem = format!("{shown} cannot be read");
        return Err(refused(problem, "check its name and its permissions", Some(sqlx::Error::Io(error))));
    }
    if begins == DUMP_OF_POSTGRESQL {
        let problem = format!("{shown} is a backup of a PostgreSQL database");
        return Err(refused(problem, "name such a database with --db postgres://…", None));
    }
    match version(file, &shown).await {
        Ok(found) if found > schema::newest() => {
            let problem = format!("{shown} was made by a newer version of bartizan (schema {found})");
            Err(refused(problem, "restore it with that version", None))
        }
        Ok(found) if found > 0 => Ok(()),
        other => {
            let problem = format!("{shown} is damaged or holds no database of bartizan");
            Err(refused(problem, "use another backup", other.err()))
        }
    }
}

/// The schema of a sound database of ours; 0 for anything else that can be read.
async fn version(file: &Path, shown: &str) -> Result<i64, sqlx::Error> {
    let mut connection = read(file).await?;
    let said: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut connection).await?;
    let found = if said == "ok" { schema::peek(&mut connection, shown).await.unwrap_or(0) } else { 0 };
    connection.close().await?;
    Ok(found)
}

/// Opens a file that is there; nothing is written to it.
async fn read(path: &Path) -> Result<Connection, sqlx::Error> {
    let options = SqliteConnectOptions::new().filename(path).busy_timeout(connect::BUSY_TIMEOUT);
    // A log that others write must be found, and one that is left over must be read.
    let is_used = suffixed(path, "-wal").exists();
    let options =
        if is_used { options.journal_mode(SqliteJournalMode::Wal) } else { options.read_only(true) };
    options.disable_statement_logging().connect().await
}

fn suffixed(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn part_of(path: &Path) -> PathBuf {
    suffixed(path, ".part")
}

/// Removes a file that may be there.
fn remove(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::Backup {
            problem: format!("{} could not be removed", path.display()),
            remedy: "remove it by hand".to_owned(),
            source: Some(Box::new(error)),
        }),
        _ => Ok(()),
    }
}

/// Gives a finished file its name, once its bytes are on the disk.
fn place(part: &Path, file: &Path) -> Result<(), StoreError> {
    let placed = std::fs::File::open(part)
        .and_then(|written| written.sync_all())
        .and_then(|()| std::fs::rename(part, file));
    placed.map_err(|error| StoreError::Backup {
        problem: format!("{} could not be given the name {}", part.display(), file.display()),
        remedy: "check the disk and its permissions".to_owned(),
        source: Some(Box::new(error)),
    })
}
