//! A way out of the house.

use std::time::Duration;

use crate::{Mail, Message, Syslog, Webhook};

/// Longest time that one try may take in all.
const PATIENCE: Duration = Duration::from_secs(20);

/// How messages leave.
#[derive(Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Way {
    Webhook(Webhook),
    Mail(Box<Mail>),
    Syslog(Syslog),
}

/// Why a try failed; never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct SendError {
    /// In words for operators.
    pub what: String,
    /// Whether the same message would be refused again.
    pub is_lasting: bool,
}

/// Why a way cannot be set up; never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SetupError(pub String);

impl Way {
    /// Tries once to deliver a message.
    ///
    /// # Errors
    /// [`SendError`] when it was refused, or not taken in time.
    pub async fn send(&self, message: &Message) -> Result<(), SendError> {
        let sending = async {
            match self {
                Self::Webhook(webhook) => webhook.send(message).await,
                Self::Mail(mail) => mail.send(message).await,
                Self::Syslog(syslog) => syslog.send(message).await,
            }
        };
        let ended = tokio::time::timeout(PATIENCE, sending).await;
        ended
            .unwrap_or_else(|_| Err(SendError::passing(format!("no answer within {} s", PATIENCE.as_secs()))))
    }

    /// `webhook`, `email` or `syslog`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Webhook(_) => "webhook",
            Self::Mail(_) => "email",
            Self::Syslog(_) => "syslog",
        }
    }
}

impl SendError {
    pub(crate) fn passing(what: impl Into<String>) -> Self {
        Self { what: what.into(), is_lasting: false }
    }

    pub(crate) fn lasting(what: impl Into<String>) -> Self {
        Self { what: what.into(), is_lasting: true }
    }
}
