//! Users and their sessions.

use bartizan_model::{Role, Timestamp, User};
use sqlx::Transaction;

use super::commit::reserve;
use super::decode::Columns;
use super::dialect::{Builder, Connection, Db};
use super::store::failed;
use crate::text::{MAX_NAME_CHARS, cut};
use crate::{CredentialHash, SessionRow, StoreError, UserWrite};

const WRITING: &str = "writing a user";
const READING: &str = "reading users";

/// Columns of a [`User`] in the order in which [`decode`] reads them.
pub(super) const COLUMNS: &str = "users.id, users.username, users.email, users.role, users.full_name, users.active, \
     users.must_change, users.last_login, users.created_at, users.created_by";

/// Users and tokens that one answer holds at most; a team has dozens.
pub(super) const MAX_LISTED: i64 = 10_000;

pub(super) async fn insert(
    mut transaction: Transaction<'_, Db>,
    user: &User,
    password: &str,
) -> Result<Option<i64>, StoreError> {
    let id = reserve(&mut transaction, "users", 1).await?.next().unwrap_or_default();
    let inserted = sqlx::query(
        "INSERT INTO users (id, username, email, role, full_name, active, must_change, last_login, created_at, \
         created_by, password) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
    )
    .bind(id)
    .bind(cut(&user.username, MAX_NAME_CHARS))
    .bind(cut(&user.email, MAX_NAME_CHARS))
    .bind(user.role.as_str())
    .bind(user.full_name.as_deref().map(|name| cut(name, MAX_NAME_CHARS)))
    .bind(i64::from(user.is_active))
    .bind(i64::from(user.must_change_password))
    .bind(user.last_login.map(Timestamp::micros))
    .bind(user.created_at.micros())
    .bind(user.created_by)
    .bind(password)
    .execute(&mut *transaction)
    .await
    .map_err(failed(WRITING))?;
    transaction.commit().await.map_err(failed(WRITING))?;
    Ok((inserted.rows_affected() > 0).then_some(id))
}

pub(super) async fn update(
    mut transaction: Transaction<'_, Db>,
    user: &User,
) -> Result<UserWrite, StoreError> {
    let Some(before) = by_id(&mut transaction, user.id).await? else { return Ok(UserWrite::Missing) };
    let stays_admin = user.is_active && user.role == Role::Admin;
    if is_admin(&before) && !stays_admin && is_last_admin(&mut transaction, user.id).await? {
        return Ok(UserWrite::LastAdmin);
    }
    sqlx::query("UPDATE users SET email = $1, role = $2, full_name = $3, active = $4 WHERE id = $5")
        .bind(cut(&user.email, MAX_NAME_CHARS))
        .bind(user.role.as_str())
        .bind(user.full_name.as_deref().map(|name| cut(name, MAX_NAME_CHARS)))
        .bind(i64::from(user.is_active))
        .bind(user.id)
        .execute(&mut *transaction)
        .await
        .map_err(failed(WRITING))?;
    if !user.is_active {
        end_logins(&mut transaction, user.id).await?;
    }
    transaction.commit().await.map_err(failed(WRITING))?;
    Ok(UserWrite::Done)
}

pub(super) async fn delete(mut transaction: Transaction<'_, Db>, id: i64) -> Result<UserWrite, StoreError> {
    let Some(before) = by_id(&mut transaction, id).await? else { return Ok(UserWrite::Missing) };
    if is_admin(&before) && is_last_admin(&mut transaction, id).await? {
        return Ok(UserWrite::LastAdmin);
    }
    // Not left to the reference between the tables, which a connection may have switched off.
    for statement in [
        "DELETE FROM sessions WHERE user_id = $1",
        "DELETE FROM tokens WHERE user_id = $1",
        "DELETE FROM users WHERE id = $1",
    ] {
        sqlx::query(statement).bind(id).execute(&mut *transaction).await.map_err(failed(WRITING))?;
    }
    transaction.commit().await.map_err(failed(WRITING))?;
    Ok(UserWrite::Done)
}

pub(super) async fn set_password(
    mut transaction: Transaction<'_, Db>,
    id: i64,
    password: &str,
    must_change: bool,
) -> Result<UserWrite, StoreError> {
    let updated = sqlx::query("UPDATE users SET password = $1, must_change = $2 WHERE id = $3")
        .bind(password)
        .bind(i64::from(must_change))
        .bind(id)
        .execute(&mut *transaction)
        .await
        .map_err(failed(WRITING))?;
    if updated.rows_affected() == 0 {
        return Ok(UserWrite::Missing);
    }
    end_logins(&mut transaction, id).await?;
    transaction.commit().await.map_err(failed(WRITING))?;
    Ok(UserWrite::Done)
}

async fn end_logins(connection: &mut Connection, user_id: i64) -> Result<(), StoreError> {
    for statement in [
        "DELETE FROM sessions WHERE user_id = $1",
        "DELETE FROM tokens WHERE user_id = $1 AND from_login = 1",
    ] {
        sqlx::query(statement).bind(user_id).execute(&mut *connection).await.map_err(failed(WRITING))?;
    }
    Ok(())
}

fn is_admin(user: &User) -> bool {
    user.is_active && user.role == Role::Admin
}

async fn is_last_admin(connection: &mut Connection, id: i64) -> Result<bool, StoreError> {
    let others: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM users WHERE role = 'admin' AND active = 1 AND id <> $1")
            .bind(id)
            .fetch_one(connection)
            .await
            .map_err(failed(READING))?;
    Ok(others == 0)
}

pub(super) async fn all(connection: &mut Connection) -> Result<Vec<User>, StoreError> {
    let mut query = Builder::new("SELECT ");
    query.push(COLUMNS).push(" FROM users ORDER BY users.id LIMIT ").push_bind(MAX_LISTED);
    let rows = query.build().fetch_all(connection).await.map_err(failed(READING))?;
    rows.iter().map(|row| decode(&mut Columns::new(row))).collect()
}

pub(super) async fn by_id(connection: &mut Connection, id: i64) -> Result<Option<User>, StoreError> {
    let mut query = Builder::new("SELECT ");
    query.push(COLUMNS).push(" FROM users WHERE users.id = ").push_bind(id);
    let row = query.build().fetch_optional(connection).await.map_err(failed(READING))?;
    row.map(|row| decode(&mut Columns::new(&row))).transpose()
}

pub(super) async fn by_name(
    connection: &mut Connection,
    username: &str,
) -> Result<Option<(User, String)>, StoreError> {
    let mut query = Builder::new("SELECT ");
    query.push(COLUMNS).push(", users.password FROM users WHERE users.username = ").push_bind(username);
    let row = query.build().fetch_optional(connection).await.map_err(failed(READING))?;
    let Some(row) = row else { return Ok(None) };
    let mut columns = Columns::new(&row);
    let user = decode(&mut columns)?;
    Ok(Some((user, columns.next()?)))
}

pub(super) async fn insert_session(
    mut transaction: Transaction<'_, Db>,
    hash: &CredentialHash,
    user_id: i64,
    at: Timestamp,
    oldest: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sessions WHERE created_at < $1")
        .bind(oldest.micros())
        .execute(&mut *transaction)
        .await
        .map_err(failed(WRITING))?;
    sqlx::query("INSERT INTO sessions (hash, user_id, created_at, seen_at) VALUES ($1, $2, $3, $3)")
        .bind(hash.0.as_str())
        .bind(user_id)
        .bind(at.micros())
        .execute(&mut *transaction)
        .await
        .map_err(failed(WRITING))?;
    sqlx::query("UPDATE users SET last_login = $1 WHERE id = $2")
        .bind(at.micros())
        .bind(user_id)
        .execute(&mut *transaction)
        .await
        .map_err(failed(WRITING))?;
    transaction.commit().await.map_err(failed(WRITING))
}

pub(super) async fn session(
    connection: &mut Connection,
    hash: &CredentialHash,
) -> Result<Option<SessionRow>, StoreError> {
    let mut query = Builder::new("SELECT ");
    query.push(COLUMNS).push(", sessions.created_at, sessions.seen_at");
    query.push(" FROM sessions JOIN users ON users.id = sessions.user_id WHERE sessions.hash = ");
    query.push_bind(hash.0.as_str());
    let row = query.build().fetch_optional(connection).await.map_err(failed(READING))?;
    let Some(row) = row else { return Ok(None) };
    let mut columns = Columns::new(&row);
    let user = decode(&mut columns)?;
    Ok(Some(SessionRow { user, created_at: columns.instant()?, seen_at: columns.instant()? }))
}

pub(super) async fn touch_session(
    mut transaction: Transaction<'_, Db>,
    hash: &CredentialHash,
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE sessions SET seen_at = $1 WHERE hash = $2 AND seen_at < $1")
        .bind(at.micros())
        .bind(hash.0.as_str())
        .execute(&mut *transaction)
        .await
        .map_err(failed(WRITING))?;
    transaction.commit().await.map_err(failed(WRITING))
}

pub(super) async fn delete_session(
    mut transaction: Transaction<'_, Db>,
    hash: &CredentialHash,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sessions WHERE hash = $1")
        .bind(hash.0.as_str())
        .execute(&mut *transaction)
        .await
        .map_err(failed(WRITING))?;
    transaction.commit().await.map_err(failed(WRITING))
}

pub(super) fn decode(columns: &mut Columns<'_>) -> Result<User, StoreError> {
    Ok(User {
        id: columns.next()?,
        username: columns.next()?,
        email: columns.next()?,
        role: columns.name()?,
        full_name: columns.next()?,
        is_active: columns.flag()?,
        must_change_password: columns.flag()?,
        last_login: columns.optional_instant()?,
        created_at: columns.instant()?,
        created_by: columns.next()?,
    })
}
