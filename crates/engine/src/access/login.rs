//! From a password to a credential, from a credential to a caller, and the end of both.

use std::net::IpAddr;

use bartizan_model::{AuditAction, AuditResource, Role, Scope, Timestamp, Token, User};
use bartizan_store::{CredentialHash, SessionRow};

use super::caller::nobody;
use super::{Access, AccessError, Actor, AuditEvent, Caller, CallerKind, secret};

/// Hours without a request after which a session ends (API.md 2.1).
const IDLE_HOURS: i64 = 12;
/// Hours after which it ends in any case.
const SESSION_HOURS: i64 = 7 * 24;
/// Hours that a token from a login is valid (API.md chapter 8).
const LOGIN_TOKEN_HOURS: i64 = 12;
/// Seconds between two notes of a use.
const TOUCH_EVERY_S: f64 = 60.0;

/// What a person logs in with.
#[derive(Clone)]
pub struct Credentials {
    /// The name, in any case.
    pub username: String,
    /// The password.
    pub password: String,
    /// From where.
    pub peer: Option<IpAddr>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("username", &self.username).finish_non_exhaustive()
    }
}

impl Access {
    /// Opens a session; also gives the secret of its cookie.
    ///
    /// # Errors
    /// [`AccessError::InvalidCredentials`], which looks and lasts alike for every reason, [`AccessError::Throttled`].
    pub async fn login(&self, credentials: Credentials) -> Result<(Caller, String), AccessError> {
        let peer = credentials.peer;
        let mut user = self.check(credentials).await?;
        let credential = self.randomness.credential()?;
        let hash = secret::hash(&credential).ok_or(AccessError::NoRandomness)?;
        let now = self.now();
        let oldest = later(now, -SESSION_HOURS);
        self.store.insert_session(&hash, user.id, now, oldest).await?;
        user.last_login = Some(now);
        let caller = session_caller(SessionRow { user, created_at: now, seen_at: now }, hash);
        let event = AuditEvent::new(AuditAction::Login, AuditResource::User, "logged in").of(caller.user.id);
        self.audit(&caller.actor(peer), event).await;
        Ok((caller, credential))
    }

    /// Gives a bearer token of twelve hours.
    ///
    /// # Errors
    /// As [`Access::login`].
    pub async fn login_for_token(&self, credentials: Credentials) -> Result<(User, String), AccessError> {
        let peer = credentials.peer;
        let user = self.check(credentials).await?;
        let now = self.now();
        let token = Token {
            id: 0,
            name: format!("login of {}", user.username),
            scope: user.role.scope(),
            user_id: Some(user.id),
            from_login: true,
            created_at: now,
            expires_at: Some(later(now, LOGIN_TOKEN_HOURS)),
            last_used_at: None,
            is_active: true,
        };
        let credential = self.randomness.credential()?;
        let hash = secret::hash(&credential).ok_or(AccessError::NoRandomness)?;
        self.store.insert_token(&token, &hash).await?;
        let event =
            AuditEvent::new(AuditAction::Login, AuditResource::User, "logged in for a token").of(user.id);
        let actor =
            Actor { user_id: Some(user.id), username: Some(user.username.clone()), ..Actor::stranger(peer) };
        self.audit(&actor, event).await;
        Ok((user, credential))
    }

    /// The user of a name and a password.
    async fn check(&self, credentials: Credentials) -> Result<User, AccessError> {
        let Credentials { username, password, peer } = credentials;
        let username = username.trim().to_lowercase();
        let attempt = self.throttle.begin(&username, peer, self.now())?;
        let found = self.store.user_by_name(&username).await?;
        let hash = found.as_ref().map(|(_, hash)| hash.clone());
        let is_right = self.passwords.verify(password, hash).await?;
        match found {
            Some((user, _)) if is_right && user.is_active => {
                self.throttle.forgive(attempt);
                Ok(user)
            }
            found => {
                let event = AuditEvent::new(AuditAction::Login, AuditResource::User, "failed to log in");
                let mut actor = Actor::stranger(peer);
                let event = match found {
                    Some((user, _)) => {
                        actor.username = Some(user.username);
                        event.of(user.id)
                    }
                    // People type passwords where names belong: an unknown name is not written down.
                    None => event,
                };
                self.audit(&actor, event.failed(AccessError::InvalidCredentials)).await;
                Err(AccessError::InvalidCredentials)
            }
        }
    }

    /// Whose session a cookie belongs to; `None` when it is unknown or over.
    pub async fn session(&self, credential: &str) -> Result<Option<Caller>, AccessError> {
        let Some(hash) = secret::hash(credential) else { return Ok(None) };
        let Some(row) = self.store.session(&hash).await? else { return Ok(None) };
        let now = self.now();
        if is_over(&row, now) {
            self.store.delete_session(&hash).await?;
            return Ok(None);
        }
        let touch = now.seconds_since(row.seen_at) >= TOUCH_EVERY_S;
        let row = if touch { SessionRow { seen_at: now, ..row } } else { row };
        if touch && let Err(error) = self.store.touch_session(&hash, now).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "the use of a session was not noted");
        }
        Ok(Some(session_caller(row, hash)))
    }

    /// Whose token this is; `None` when it is unknown, revoked or over.
    pub async fn token(&self, credential: &str) -> Result<Option<Caller>, AccessError> {
        let Some(hash) = secret::hash(credential) else { return Ok(None) };
        let Some((token, owner)) = self.store.token_by_hash(&hash).await? else { return Ok(None) };
        let now = self.now();
        let Some(mut caller) = token_caller(&token, owner, now) else { return Ok(None) };
        caller.credential = Some(hash);
        let touch = token.last_used_at.is_none_or(|used| now.seconds_since(used) >= TOUCH_EVERY_S);
        if touch && let Err(error) = self.store.touch_token(token.id, now).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "the use of a token was not noted");
        }
        Ok(Some(caller))
    }

    /// Whether a caller's credential still holds. Looking is no use of it.
    pub async fn still_holds(&self, caller: &Caller) -> Result<bool, AccessError> {
        let now = self.now();
        let Some(hash) = &caller.credential else { return Ok(true) };
        Ok(match caller.kind {
            CallerKind::Local => true,
            CallerKind::Session => self.store.session(hash).await?.is_some_and(|row| !is_over(&row, now)),
            CallerKind::Token => {
                let found = self.store.token_by_hash(hash).await?;
                found.is_some_and(|(token, owner)| token_caller(&token, owner, now).is_some())
            }
        })
    }

    /// Ends the session of a caller, or the token that came from a login.
    pub async fn logout(&self, caller: &Caller, peer: Option<IpAddr>) -> Result<(), AccessError> {
        let Some(hash) = &caller.credential else { return Ok(()) };
        match caller.kind {
            CallerKind::Local => return Ok(()),
            CallerKind::Session => self.store.delete_session(hash).await?,
            CallerKind::Token => match self.store.token_by_hash(hash).await? {
                Some((token, _)) if token.from_login => {
                    self.store.delete_token(token.id).await?;
                }
                // A token of a program outlives whoever tries it out.
                _ => return Ok(()),
            },
        }
        self.credentials_ended();
        let event =
            AuditEvent::new(AuditAction::Logout, AuditResource::User, "logged out").of(caller.user.id);
        self.audit(&caller.actor(peer), event).await;
        Ok(())
    }
}

fn session_caller(row: SessionRow, hash: CredentialHash) -> Caller {
    Caller {
        kind: CallerKind::Session,
        scope: row.user.role.scope(),
        expires_at: Some(end(&row)),
        user: row.user,
        credential: Some(hash),
    }
}

fn token_caller(token: &Token, owner: Option<User>, now: Timestamp) -> Option<Caller> {
    let is_over = token.expires_at.is_some_and(|end| end <= now);
    if !token.is_active || is_over {
        return None;
    }
    let (user, scope) = match (token.user_id, owner) {
        (None, _) => {
            let role = match token.scope {
                Scope::Read => Role::Viewer,
                Scope::Operate => Role::Operator,
                Scope::Admin => Role::Admin,
            };
            (nobody(&token.name, role, token.created_at), token.scope)
        }
        (Some(_), Some(owner)) if owner.is_active => {
            let scope = token.scope.min(owner.role.scope());
            (owner, scope)
        }
        (Some(_), _) => return None,
    };
    Some(Caller { kind: CallerKind::Token, user, scope, expires_at: token.expires_at, credential: None })
}

fn end(row: &SessionRow) -> Timestamp {
    later(row.seen_at, IDLE_HOURS).min(later(row.created_at, SESSION_HOURS))
}

fn is_over(row: &SessionRow, now: Timestamp) -> bool {
    end(row) <= now || !row.user.is_active
}

fn later(from: Timestamp, hours: i64) -> Timestamp {
    from.plus_micros(hours * 3_600 * Timestamp::SECOND_MICROS)
}
