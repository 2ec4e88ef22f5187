//! Credentials of programs.

use bartizan_model::{Timestamp, Token, User};
use sqlx::Transaction;

use super::commit::reserve;
use super::decode::Columns;
use super::dialect::{Builder, Connection, Db};
use super::store::failed;
use super::users::{self, MAX_LISTED};
use crate::text::{MAX_NAME_CHARS, cut};
use crate::{CredentialHash, StoreError};

const WRITING: &str = "writing a token";
const READING: &str = "reading tokens";

const COLUMNS: &str = "tokens.id, tokens.name, tokens.scope, tokens.user_id, tokens.from_login, tokens.created_at, \
     tokens.expires_at, tokens.last_used_at, tokens.active";

pub(super) async fn insert(
    mut transaction: Transaction<'_, Db>,
    token: &Token,
    hash: &CredentialHash,
) -> Result<i64, StoreError> {
    sqlx::query("DELETE FROM tokens WHERE from_login = 1 AND expires_at < $1")
        .bind(token.created_at.micros())
        .execute(&mut *transaction)
        .await
        .map_err(failed(WRITING))?;
    let id = reserve(&mut transaction, "tokens", 1).await?.next().unwrap_or_default();
    sqlx::query(
        "INSERT INTO tokens (id, hash, name, scope, user_id, from_login, created_at, expires_at, last_used_at, active) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(id)
    .bind(hash.0.as_str())
    .bind(cut(&token.name, MAX_NAME_CHARS))
    .bind(token.scope.as_str())
    .bind(token.user_id)
    .bind(i64::from(token.from_login))
    .bind(token.created_at.micros())
    .bind(token.expires_at.map(Timestamp::micros))
    .bind(token.last_used_at.map(Timestamp::micros))
    .bind(i64::from(token.is_active))
    .execute(&mut *transaction)
    .await
    .map_err(failed(WRITING))?;
    transaction.commit().await.map_err(failed(WRITING))?;
    Ok(id)
}

pub(super) async fn update(mut transaction: Transaction<'_, Db>, token: &Token) -> Result<bool, StoreError> {
    let updated =
        sqlx::query("UPDATE tokens SET name = $1, scope = $2, expires_at = $3, active = $4 WHERE id = $5")
            .bind(cut(&token.name, MAX_NAME_CHARS))
            .bind(token.scope.as_str())
            .bind(token.expires_at.map(Timestamp::micros))
            .bind(i64::from(token.is_active))
            .bind(token.id)
            .execute(&mut *transaction)
            .await
            .map_err(failed(WRITING))?;
    transaction.commit().await.map_err(failed(WRITING))?;
    Ok(updated.rows_affected() > 0)
}

pub(super) async fn delete(mut transaction: Transaction<'_, Db>, id: i64) -> Result<bool, StoreError> {
    let deleted = sqlx::query("DELETE FROM tokens WHERE id = $1")
        .bind(id)
        .execute(&mut *transaction)
        .await
        .map_err(failed(WRITING))?;
    transaction.commit().await.map_err(failed(WRITING))?;
    Ok(deleted.rows_affected() > 0)
}

pub(super) async fn touch(
    mut transaction: Transaction<'_, Db>,
    id: i64,
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE tokens SET last_used_at = $1 WHERE id = $2 AND COALESCE(last_used_at, 0) < $1")
        .bind(at.micros())
        .bind(id)
        .execute(&mut *transaction)
        .await
        .map_err(failed(WRITING))?;
    transaction.commit().await.map_err(failed(WRITING))
}

pub(super) async fn all(connection: &mut Connection) -> Result<Vec<Token>, StoreError> {
    let mut query = Builder::new("SELECT ");
    query.push(COLUMNS).push(" FROM tokens ORDER BY tokens.id LIMIT ").push_bind(MAX_LISTED);
    let rows = query.build().fetch_all(connection).await.map_err(failed(READING))?;
    rows.iter().map(|row| decode(&mut Columns::new(row))).collect()
}

pub(super) async fn by_hash(
    connection: &mut Connection,
    hash: &CredentialHash,
) -> Result<Option<(Token, Option<User>)>, StoreError> {
    let mut query = Builder::new("SELECT ");
    query.push(COLUMNS).push(" FROM tokens WHERE tokens.hash = ").push_bind(hash.0.as_str());
    let row = query.build().fetch_optional(&mut *connection).await.map_err(failed(READING))?;
    let Some(row) = row else { return Ok(None) };
    let token = decode(&mut Columns::new(&row))?;
    let user = match token.user_id {
        Some(id) => users::by_id(connection, id).await?,
        None => None,
    };
    Ok(Some((token, user)))
}

fn decode(columns: &mut Columns<'_>) -> Result<Token, StoreError> {
    Ok(Token {
        id: columns.next()?,
        name: columns.next()?,
        scope: columns.name()?,
        user_id: columns.next()?,
        from_login: columns.flag()?,
        created_at: columns.instant()?,
        expires_at: columns.optional_instant()?,
        last_used_at: columns.optional_instant()?,
        is_active: columns.flag()?,
    })
}
