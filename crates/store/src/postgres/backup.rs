//! Copies of a database by the server's own programs, and a look at one.

use std::path::Path;
use std::process::Stdio;

use sqlx::ConnectOptions as _;
use tokio::process::Command;

use super::address::Address;
use super::connect::translate;
use super::{schema, sql};
use crate::private::private_file;
use crate::{DatabaseStatus, StoreError};

/// Looks at a database without changing it.
pub(crate) async fn status(url: &str) -> Result<DatabaseStatus, StoreError> {
    let Address { shown, options, .. } = Address::parse(url)?;
    let mut connection = options.connect().await.map_err(|error| translate(&shown, error))?;
    let found = schema::peek(&mut connection, &shown).await?;
    let newest = schema::newest();
    let size = if found == newest { Some(sql::measure(&mut connection).await?) } else { None };
    Ok(DatabaseStatus { backend: "postgresql", schema: found, newest_schema: newest, size })
}

/// Lets `pg_dump` write one moment of the database, while others go on writing.
pub(crate) async fn backup(url: &str, file: &Path) -> Result<(), StoreError> {
    let address = Address::parse(url)?;
    // Made here so that nobody else may read it; pg_dump would leave that to the umask.
    let made = private_file().open(file);
    drop(made.map_err(|error| StoreError::Backup {
        problem: format!("{} could not be made", file.display()),
        remedy: "check that its folder is there and may be written to".to_owned(),
        source: Some(Box::new(error)),
    })?);
    let mut dump = program("pg_dump", &address);
    dump.args(["--format=custom", "--no-owner", "--no-privileges", "--file"]).arg(file);
    let done = run("pg_dump", dump).await;
    if done.is_err() {
        // Half a dump must not be taken for a backup.
        drop(std::fs::remove_file(file));
    }
    done
}

/// Lets `pg_restore` put a dump in the place of what the database holds, in one transaction.
pub(crate) async fn restore(url: &str, file: &Path, replace: bool) -> Result<(), StoreError> {
    let found = status(url).await?;
    if found.schema > 0 && !replace {
        return Err(StoreError::Backup {
            problem: "the database holds rows already".to_owned(),
            remedy: "name an empty database with --db, or add --replace to give up what it holds".to_owned(),
            source: None,
        });
    }
    // Held until all is in place: no server may use the database meanwhile.
    let writer = super::connect::claim(url).await?;
    let mut put_back = program("pg_restore", &Address::parse(url)?);
    put_back.args(["--single-transaction", "--no-owner", "--no-privileges", "--exit-on-error"]);
    if found.schema > 0 {
        put_back.args(["--clean", "--if-exists"]);
    }
    put_back.arg(file);
    let done = run("pg_restore", put_back).await;
    writer.close().await;
    done
}

/// A program of PostgreSQL for that database; the password goes through its environment, where other users cannot see it.
fn program(name: &str, address: &Address) -> Command {
    let mut command = Command::new(name);
    command.arg("--dbname").arg(&address.without_password).stdin(Stdio::null()).kill_on_drop(true);
    if let Some(password) = &address.password {
        command.env("PGPASSWORD", password);
    }
    command
}

async fn run(name: &str, mut command: Command) -> Result<(), StoreError> {
    let output = command.output().await.map_err(|error| StoreError::Backup {
        problem: format!("{name} could not be started"),
        remedy:
            "install the client programs of PostgreSQL, of the server's version or newer (postgresql-client)"
                .to_owned(),
        source: Some(Box::new(error)),
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it said nothing").to_owned();
    Err(StoreError::Backup {
        problem: format!("{name} failed: {last}"),
        remedy: "see its message above; the database is as it was".to_owned(),
        source: None,
    })
}
