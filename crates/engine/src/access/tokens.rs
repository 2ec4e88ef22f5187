//! Credentials of programs.

use bartizan_model::{AuditAction, AuditResource, Scope, Timestamp, Token};
use serde_json::{Value, json};

use super::{Access, AccessError, Actor, AuditEvent, secret};

/// Longest name of a token, in characters.
const MAX_NAME: usize = 100;

/// A token to be made.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// How far it reaches.
    pub scope: Scope,
    /// When it ends; `None`: never.
    pub expires_at: Option<Timestamp>,
}

/// What is to be changed about a token; what is left out stays.
#[derive(Debug, Clone, Default)]
pub struct TokenChange {
    /// What it is for.
    pub name: Option<String>,
    /// How far it reaches.
    pub scope: Option<Scope>,
    /// When it ends; the inner `None`: never.
    pub expires_at: Option<Option<Timestamp>>,
    /// Whether it is accepted.
    pub is_active: Option<bool>,
}

impl Access {
    /// Every token, without the secrets, which nobody has but their holders.
    pub async fn tokens(&self) -> Result<Vec<Token>, AccessError> {
        Ok(self.store.tokens().await?)
    }

    /// Makes a token of whoever makes it; also gives the secret, this once.
    ///
    /// # Errors
    /// [`AccessError::Invalid`] with the member.
    pub async fn add_token(&self, new: NewToken, by: &Actor) -> Result<(Token, String), AccessError> {
        let now = self.now();
        let mut token = Token {
            id: 0,
            name: name(&new.name)?,
            scope: new.scope,
            user_id: by.user_id,
            from_login: false,
            created_at: now,
            expires_at: expiry(new.expires_at, now)?,
            last_used_at: None,
            is_active: true,
        };
        let credential = self.randomness.credential()?;
        let hash = secret::hash(&credential).ok_or(AccessError::NoRandomness)?;
        token.id = self.store.insert_token(&token, &hash).await?;
        let event =
            AuditEvent::new(AuditAction::Create, AuditResource::Token, format!("token {} made", token.name));
        self.audit(by, event.of(token.id).after(shown(&token))).await;
        Ok((token, credential))
    }

    /// Changes a token.
    ///
    /// # Errors
    /// [`AccessError::Invalid`], [`AccessError::NotFound`].
    pub async fn change_token(&self, id: i64, change: TokenChange, by: &Actor) -> Result<Token, AccessError> {
        let before = self.one_token(id).await?;
        let mut token = before.clone();
        if let Some(given) = &change.name {
            token.name = name(given)?;
        }
        token.scope = change.scope.unwrap_or(token.scope);
        if let Some(given) = change.expires_at {
            token.expires_at = expiry(given, self.now())?;
        }
        token.is_active = change.is_active.unwrap_or(token.is_active);
        if token == before {
            return Ok(token);
        }
        if !self.store.update_token(&token).await? {
            return Err(AccessError::not_found("token", id));
        }
        self.credentials_ended();
        let event = AuditEvent::new(
            AuditAction::Update,
            AuditResource::Token,
            format!("token {} changed", token.name),
        );
        self.audit(by, event.of(id).before(shown(&before)).after(shown(&token))).await;
        Ok(token)
    }

    /// Revokes a token for good.
    ///
    /// # Errors
    /// [`AccessError::NotFound`].
    pub async fn delete_token(&self, id: i64, by: &Actor) -> Result<(), AccessError> {
        let before = self.one_token(id).await?;
        if !self.store.delete_token(id).await? {
            return Err(AccessError::not_found("token", id));
        }
        self.credentials_ended();
        let event = AuditEvent::new(
            AuditAction::Delete,
            AuditResource::Token,
            format!("token {} revoked", before.name),
        );
        self.audit(by, event.of(id).before(shown(&before))).await;
        Ok(())
    }

    async fn one_token(&self, id: i64) -> Result<Token, AccessError> {
        let tokens = self.store.tokens().await?;
        let found = tokens.into_iter().find(|token| token.id == id);
        found.ok_or_else(|| AccessError::not_found("token", id))
    }
}

/// A token as the audit log shows one.
fn shown(token: &Token) -> Value {
    json!({
        "name": token.name, "scope": token.scope.as_str(), "is_active": token.is_active,
        "expires_at": token.expires_at.map(|at| at.to_string()),
    })
}

fn name(given: &str) -> Result<String, AccessError> {
    let name = given.trim();
    let count = name.chars().count();
    if (1..=MAX_NAME).contains(&count) && !name.chars().any(char::is_control) {
        return Ok(name.to_owned());
    }
    Err(AccessError::Invalid { field: "name", problem: "must be one line of 1 to 100 characters" })
}

fn expiry(given: Option<Timestamp>, now: Timestamp) -> Result<Option<Timestamp>, AccessError> {
    if given.is_some_and(|at| at <= now) {
        return Err(AccessError::Invalid { field: "expires_at", problem: "must lie in the future" });
    }
    Ok(given)
}
