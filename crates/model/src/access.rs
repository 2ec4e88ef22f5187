//! Who may do what: users, their sessions, tokens of programs, and the record of what was done (API.md chapter 2).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Timestamp, UnknownName};

/// How far a caller reaches. Each includes the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Sees everything but users, tokens and the audit log.
    Read,
    /// Also acts on alerts, checks, lists, rules and exceptions.
    Operate,
    /// Also changes thresholds, users and tokens.
    Admin,
}

impl Scope {
    /// Every scope, the smallest first.
    pub const ALL: [Self; 3] = [Self::Read, Self::Operate, Self::Admin];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Operate => "operate",
            Self::Admin => "admin",
        }
    }
}

impl FromStr for Scope {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|scope| scope.as_str() == name);
        found.ok_or_else(|| UnknownName { what: "scope (read, operate or admin)", given: name.to_owned() })
    }
}

/// What a person is here for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Role {
    Viewer,
    Operator,
    Admin,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Operator, Self::Admin];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Admin => "admin",
        }
    }

    /// How far the role reaches.
    pub fn scope(self) -> Scope {
        match self {
            Self::Viewer => Scope::Read,
            Self::Operator => Scope::Operate,
            Self::Admin => Scope::Admin,
        }
    }
}

impl FromStr for Role {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|role| role.as_str() == name);
        found.ok_or_else(|| UnknownName { what: "role (viewer, operator or admin)", given: name.to_owned() })
    }
}

/// A person with an account. The hash of the password never leaves the store with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// 0 until the store has given one.
    pub id: i64,
    /// Lower case, unique.
    pub username: String,
    /// Where the person is reached.
    pub email: String,
    /// What the person may do.
    pub role: Role,
    /// The name that people use.
    pub full_name: Option<String>,
    /// Whether the person may log in.
    pub is_active: bool,
    /// Whether the password was given by somebody else and has to be replaced before anything else.
    pub must_change_password: bool,
    /// The latest login.
    pub last_login: Option<Timestamp>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// Who made it; `None`: the command line.
    pub created_by: Option<i64>,
}

/// A credential of a program, without the token itself, of which only a hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// 0 until the store has given one.
    pub id: i64,
    /// What it is for.
    pub name: String,
    /// How far it reaches; never further than its owner.
    pub scope: Scope,
    /// Whose it is; it ends with that account. `None`: made on the command line, for a service.
    pub user_id: Option<i64>,
    /// Whether it came from a login and ends with a change of the password.
    pub from_login: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends; `None`: never.
    pub expires_at: Option<Timestamp>,
    /// When it was used last, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// Whether it is accepted.
    pub is_active: bool,
}

/// What kind of deed an entry of the audit log tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum AuditAction {
    Create,
    Update,
    Delete,
    View,
    Login,
    Logout,
    Block,
    Unblock,
    ConfigChange,
    RuleChange,
}

impl AuditAction {
    /// Every action.
    pub const ALL: [Self; 10] = [
        Self::Create,
        Self::Update,
        Self::Delete,
        Self::View,
        Self::Login,
        Self::Logout,
        Self::Block,
        Self::Unblock,
        Self::ConfigChange,
        Self::RuleChange,
    ];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::View => "view",
            Self::Login => "login",
            Self::Logout => "logout",
            Self::Block => "block",
            Self::Unblock => "unblock",
            Self::ConfigChange => "config_change",
            Self::RuleChange => "rule_change",
        }
    }
}

impl FromStr for AuditAction {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|action| action.as_str() == name);
        found.ok_or_else(|| UnknownName { what: "audit action", given: name.to_owned() })
    }
}

/// What kind of thing the deed was done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum AuditResource {
    Ip,
    Rule,
    User,
    Token,
    Config,
    Alert,
    Exception,
}

impl AuditResource {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Ip, Self::Rule, Self::User, Self::Token, Self::Config, Self::Alert, Self::Exception];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ip => "ip",
            Self::Rule => "rule",
            Self::User => "user",
            Self::Token => "token",
            Self::Config => "config",
            Self::Alert => "alert",
            Self::Exception => "exception",
        }
    }
}

impl FromStr for AuditResource {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|resource| resource.as_str() == name);
        found.ok_or_else(|| UnknownName { what: "kind of audited thing", given: name.to_owned() })
    }
}

/// One line of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// 0 until the store has given one.
    pub id: i64,
    /// When it was done.
    pub at: Timestamp,
    /// Who did it; `None` for services, the command line and failed logins.
    pub user_id: Option<i64>,
    /// The name of whoever did it, as it was then.
    pub username: Option<String>,
    /// From where.
    pub ip: Option<String>,
    /// What was done.
    pub action: AuditAction,
    /// To what kind of thing.
    pub resource: AuditResource,
    /// To which one.
    pub resource_id: Option<String>,
    /// One sentence for people.
    pub description: String,
    /// JSON with `before` and `after`, without secrets.
    pub details: Option<String>,
    /// Whether it was done.
    pub success: bool,
    /// Why it was not.
    pub error: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_scopes_are_ordered() {
        for scope in Scope::ALL {
            assert_eq!(scope.as_str().parse(), Ok(scope));
        }
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        for action in AuditAction::ALL {
            assert_eq!(action.as_str().parse(), Ok(action));
        }
        for resource in AuditResource::ALL {
            assert_eq!(resource.as_str().parse(), Ok(resource));
        }
        assert!(Scope::Read < Scope::Operate && Role::Operator.scope() < Role::Admin.scope());
        assert!("root".parse::<Role>().is_err());
    }
}
