//! The [`AccessStore`] of this backend; each method hands a connection to the file that holds its queries.

use async_trait::async_trait;
use bartizan_model::{AuditEntry, SystemEvent, Timestamp, Token, User};

use super::store::SqlStore;
use super::{audit, system_events, tokens, users};
use crate::{
    AccessStore, AuditFilter, CredentialHash, Page, Paged, SessionRow, StoreError, SystemEventFilter,
    UserWrite,
};

#[async_trait]
impl AccessStore for SqlStore {
    async fn insert_user(&self, user: &User, password: &str) -> Result<Option<i64>, StoreError> {
        let mut writer = self.writer().await;
        users::insert(writer.begin().await?.0, user, password).await
    }

    async fn update_user(&self, user: &User) -> Result<UserWrite, StoreError> {
        let mut writer = self.writer().await;
        users::update(writer.begin().await?.0, user).await
    }

    async fn delete_user(&self, id: i64) -> Result<UserWrite, StoreError> {
        let mut writer = self.writer().await;
        users::delete(writer.begin().await?.0, id).await
    }

    async fn set_password(
        &self,
        id: i64,
        password: &str,
        must_change: bool,
    ) -> Result<UserWrite, StoreError> {
        let mut writer = self.writer().await;
        users::set_password(writer.begin().await?.0, id, password, must_change).await
    }

    async fn users(&self) -> Result<Vec<User>, StoreError> {
        users::all(&mut *self.snapshot().await?).await
    }

    async fn user(&self, id: i64) -> Result<Option<User>, StoreError> {
        users::by_id(&mut *self.snapshot().await?, id).await
    }

    async fn user_by_name(&self, username: &str) -> Result<Option<(User, String)>, StoreError> {
        users::by_name(&mut *self.snapshot().await?, username).await
    }

    async fn insert_session(
        &self,
        hash: &CredentialHash,
        user_id: i64,
        at: Timestamp,
        oldest: Timestamp,
    ) -> Result<(), StoreError> {
        let mut writer = self.writer().await;
        users::insert_session(writer.begin().await?.0, hash, user_id, at, oldest).await
    }

    async fn session(&self, hash: &CredentialHash) -> Result<Option<SessionRow>, StoreError> {
        users::session(&mut *self.snapshot().await?, hash).await
    }

    async fn touch_session(&self, hash: &CredentialHash, at: Timestamp) -> Result<(), StoreError> {
        let mut writer = self.writer().await;
        users::touch_session(writer.begin().await?.0, hash, at).await
    }

    async fn delete_session(&self, hash: &CredentialHash) -> Result<(), StoreError> {
        let mut writer = self.writer().await;
        users::delete_session(writer.begin().await?.0, hash).await
    }

    async fn insert_token(&self, token: &Token, hash: &CredentialHash) -> Result<i64, StoreError> {
        let mut writer = self.writer().await;
        tokens::insert(writer.begin().await?.0, token, hash).await
    }

    async fn update_token(&self, token: &Token) -> Result<bool, StoreError> {
        let mut writer = self.writer().await;
        tokens::update(writer.begin().await?.0, token).await
    }

    async fn delete_token(&self, id: i64) -> Result<bool, StoreError> {
        let mut writer = self.writer().await;
        tokens::delete(writer.begin().await?.0, id).await
    }

    async fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        tokens::all(&mut *self.snapshot().await?).await
    }

    async fn token_by_hash(
        &self,
        hash: &CredentialHash,
    ) -> Result<Option<(Token, Option<User>)>, StoreError> {
        tokens::by_hash(&mut *self.snapshot().await?, hash).await
    }

    async fn touch_token(&self, id: i64, at: Timestamp) -> Result<(), StoreError> {
        let mut writer = self.writer().await;
        tokens::touch(writer.begin().await?.0, id, at).await
    }

    async fn insert_audit(&self, entry: &AuditEntry) -> Result<i64, StoreError> {
        let mut writer = self.writer().await;
        audit::insert(writer.begin().await?.0, entry).await
    }

    async fn audit(&self, filter: &AuditFilter, page: &Page) -> Result<Paged<AuditEntry>, StoreError> {
        audit::page(&mut *self.snapshot().await?, filter, page).await
    }

    async fn system_events(
        &self,
        filter: &SystemEventFilter,
        page: &Page,
    ) -> Result<Paged<SystemEvent>, StoreError> {
        system_events::page(&mut *self.snapshot().await?, filter, page).await
    }

    async fn audit_by_id(&self, id: i64) -> Result<Option<AuditEntry>, StoreError> {
        audit::by_id(&mut *self.snapshot().await?, id).await
    }
}
