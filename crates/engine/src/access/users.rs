//! Accounts of people.

use bartizan_model::{AuditAction, AuditResource, Role, User};
use bartizan_store::UserWrite;
use serde_json::{Value, json};

use super::password::Passwords;
use super::{Access, AccessError, Actor, AuditEvent, Caller};

/// Longest user name.
const MAX_USERNAME: usize = 64;
/// Longest address (RFC 5321, section 4.5.3.1.3, without the angle brackets).
const MAX_EMAIL: usize = 254;
/// Longest name of a person.
const MAX_FULL_NAME: usize = 200;
/// The name of the administrator who is made at the first start.
const FIRST_ADMIN: &str = "admin";

/// A user to be made.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The name to log in with, in any case.
    pub username: String,
    /// Where the person is reached.
    pub email: String,
    /// The name that people use.
    pub full_name: Option<String>,
    /// What the person may do.
    pub role: Role,
    /// Whether the password has to be replaced at the first login.
    pub must_change_password: bool,
}

/// What is to be changed about a user; what is left out stays.
#[derive(Debug, Clone, Default)]
pub struct UserChange {
    /// Where the person is reached.
    pub email: Option<String>,
    /// What the person may do.
    pub role: Option<Role>,
    /// The name that people use; the inner `None` takes it away.
    pub full_name: Option<Option<String>>,
    /// Whether the person may log in.
    pub is_active: Option<bool>,
    /// A password given by another hand, to be replaced at the next login.
    pub password: Option<String>,
}

impl Access {
    /// Every user.
    pub async fn users(&self) -> Result<Vec<User>, AccessError> {
        Ok(self.store.users().await?)
    }

    /// Makes a user.
    ///
    /// # Errors
    /// [`AccessError::Invalid`] with the member, [`AccessError::NameTaken`].
    pub async fn add_user(&self, new: NewUser, password: String, by: &Actor) -> Result<User, AccessError> {
        let mut user = User {
            id: 0,
            username: username(&new.username)?,
            email: email(&new.email)?,
            role: new.role,
            full_name: full_name(new.full_name)?,
            is_active: true,
            must_change_password: new.must_change_password,
            last_login: None,
            created_at: self.now(),
            created_by: by.user_id,
        };
        Passwords::validate(&password, &user.username)?;
        let hash = self.passwords.hash(password, self.randomness.bytes()?).await?;
        let Some(id) = self.store.insert_user(&user, &hash).await? else {
            return Err(AccessError::NameTaken { username: user.username });
        };
        user.id = id;
        let event =
            AuditEvent::new(AuditAction::Create, AuditResource::User, format!("user {} made", user.username));
        self.audit(by, event.of(id).after(shown(&user))).await;
        Ok(user)
    }

    /// Makes the first administrator where there is no user; gives name and password, to be told once.
    pub async fn first_admin(&self) -> Result<Option<(User, String)>, AccessError> {
        if !self.users().await?.is_empty() {
            return Ok(None);
        }
        let password = self.one_time_password()?;
        let new = NewUser {
            username: FIRST_ADMIN.to_owned(),
            email: "admin@localhost".to_owned(),
            full_name: None,
            role: Role::Admin,
            must_change_password: true,
        };
        let by = Actor { username: Some("first start".to_owned()), ..Actor::default() };
        match self.add_user(new, password.clone(), &by).await {
            Ok(user) => Ok(Some((user, password))),
            // Another node was quicker.
            Err(AccessError::NameTaken { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A user by name, in any case.
    ///
    /// # Errors
    /// [`AccessError::NotFound`] when there is none.
    pub async fn user_named(&self, name: &str) -> Result<User, AccessError> {
        let found = self.store.user_by_name(&name.trim().to_lowercase()).await?;
        found.map(|(user, _)| user).ok_or_else(|| AccessError::not_found("user", name))
    }

    /// A password that nobody knows yet, to be told once.
    ///
    /// # Errors
    /// [`AccessError::NoRandomness`].
    pub fn one_time_password(&self) -> Result<String, AccessError> {
        self.randomness.password()
    }

    /// Gives a user another password; logins end. `must_change`: it has to be replaced at the next login.
    ///
    /// # Errors
    /// [`AccessError::Invalid`] when it is weak, [`AccessError::NotFound`].
    pub async fn set_password(
        &self,
        user: &User,
        password: String,
        must_change: bool,
        by: &Actor,
    ) -> Result<(), AccessError> {
        Passwords::validate(&password, &user.username)?;
        self.replace_password(user, password, must_change, by).await
    }

    /// Changes a user.
    ///
    /// # Errors
    /// [`AccessError::Invalid`], [`AccessError::NotFound`], [`AccessError::LastAdmin`].
    pub async fn change_user(&self, id: i64, change: UserChange, by: &Actor) -> Result<User, AccessError> {
        let before = self.store.user(id).await?.ok_or_else(|| AccessError::not_found("user", id))?;
        let mut user = before.clone();
        if let Some(address) = &change.email {
            user.email = email(address)?;
        }
        if let Some(name) = change.full_name {
            user.full_name = full_name(name)?;
        }
        user.role = change.role.unwrap_or(user.role);
        user.is_active = change.is_active.unwrap_or(user.is_active);
        if let Some(password) = &change.password {
            Passwords::validate(password, &user.username)?;
        }
        if user != before {
            written(self.store.update_user(&user).await?, id)?;
            self.credentials_ended();
            let event = AuditEvent::new(
                AuditAction::Update,
                AuditResource::User,
                format!("user {} changed", user.username),
            );
            self.audit(by, event.of(id).before(shown(&before)).after(shown(&user))).await;
        }
        if let Some(password) = change.password {
            self.replace_password(&user, password, true, by).await?;
            user.must_change_password = true;
        }
        Ok(user)
    }

    /// Deletes a user with sessions and tokens.
    ///
    /// # Errors
    /// [`AccessError::NotFound`], [`AccessError::LastAdmin`].
    pub async fn delete_user(&self, id: i64, by: &Actor) -> Result<(), AccessError> {
        let before = self.store.user(id).await?.ok_or_else(|| AccessError::not_found("user", id))?;
        written(self.store.delete_user(id).await?, id)?;
        self.credentials_ended();
        let event = AuditEvent::new(
            AuditAction::Delete,
            AuditResource::User,
            format!("user {} deleted", before.username),
        );
        self.audit(by, event.of(id).before(shown(&before))).await;
        Ok(())
    }

    /// Replaces a caller's own password; every session of the user ends.
    ///
    /// # Errors
    /// [`AccessError::InvalidCredentials`] when the present one is wrong, [`AccessError::Throttled`],
    /// [`AccessError::Invalid`] when the new one is weak or the same.
    pub async fn change_own_password(
        &self,
        caller: &Caller,
        present: String,
        new: String,
        by: &Actor,
    ) -> Result<(), AccessError> {
        let user = &caller.user;
        Passwords::validate(&new, &user.username)?;
        if new == present {
            let problem = "must differ from the present one";
            return Err(AccessError::Invalid { field: "password", problem });
        }
        let peer = by.ip.as_deref().and_then(|ip| ip.parse().ok());
        let attempt = self.throttle.begin(&user.username, peer, self.now())?;
        let hash = self.store.user_by_name(&user.username).await?.map(|(_, hash)| hash);
        if !self.passwords.verify(present, hash).await? {
            return Err(AccessError::InvalidCredentials);
        }
        self.throttle.forgive(attempt);
        self.replace_password(user, new, false, by).await
    }

    /// Replaces a password; sessions and tokens from logins end.
    async fn replace_password(
        &self,
        user: &User,
        password: String,
        must_change: bool,
        by: &Actor,
    ) -> Result<(), AccessError> {
        let hash = self.passwords.hash(password, self.randomness.bytes()?).await?;
        written(self.store.set_password(user.id, &hash, must_change).await?, user.id)?;
        self.credentials_ended();
        let description = format!("password of {} replaced", user.username);
        let event = AuditEvent::new(AuditAction::Update, AuditResource::User, description);
        self.audit(by, event.of(user.id)).await;
        Ok(())
    }
}

fn written(write: UserWrite, id: i64) -> Result<(), AccessError> {
    match write {
        UserWrite::Done => Ok(()),
        UserWrite::Missing => Err(AccessError::not_found("user", id)),
        UserWrite::LastAdmin => Err(AccessError::LastAdmin),
    }
}

/// A user as the audit log shows one.
fn shown(user: &User) -> Value {
    json!({
        "username": user.username, "email": user.email, "role": user.role.as_str(),
        "full_name": user.full_name, "is_active": user.is_active,
    })
}

/// The name as it is kept: lower case.
fn username(given: &str) -> Result<String, AccessError> {
    let name = given.trim().to_lowercase();
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._@-".contains(&byte);
    if (1..=MAX_USERNAME).contains(&name.len()) && name.bytes().all(is_plain) {
        return Ok(name);
    }
    let problem = "must have 1 to 64 letters, digits or . _ @ -";
    Err(AccessError::Invalid { field: "username", problem })
}

fn email(given: &str) -> Result<String, AccessError> {
    let email = given.trim();
    let is_plain = email.chars().all(|letter| !letter.is_whitespace() && !letter.is_control());
    let has_parts = email.split_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty());
    if email.len() <= MAX_EMAIL && is_plain && has_parts {
        return Ok(email.to_owned());
    }
    Err(AccessError::Invalid { field: "email", problem: "must be an address such as ann@example.com" })
}

fn full_name(given: Option<String>) -> Result<Option<String>, AccessError> {
    let name = given.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    match &name {
        Some(name) if name.chars().count() > MAX_FULL_NAME || name.chars().any(char::is_control) => {
            Err(AccessError::Invalid {
                field: "full_name",
                problem: "must be one line of at most 200 characters",
            })
        }
        _ => Ok(name),
    }
}
