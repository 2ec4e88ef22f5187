//! Who may do what (API.md chapter 2): logins, sessions, tokens, users, and the record of every change.
//!
//! [`Access`] needs a store and a clock and nothing else of the engine, so that the command line can use it as well. A
//! credential becomes a [`Caller`], or nothing; whoever changes something is an [`Actor`] in the audit log.

mod audit;
mod caller;
mod error;
mod login;
mod password;
mod secret;
mod throttle;
mod tokens;
mod users;

use std::sync::Arc;

use bartizan_model::{Clock, Timestamp};
use bartizan_store::AccessStore;
use tokio::sync::watch;

pub use audit::{Actor, AuditEvent};
pub use caller::{Caller, CallerKind};
pub use error::AccessError;
pub use login::Credentials;
pub use tokens::{NewToken, TokenChange};
pub use users::{NewUser, UserChange};

use password::Passwords;
use secret::Randomness;
use throttle::Throttle;

/// Users, sessions, tokens and the audit log of one installation.
#[derive(Debug)]
pub struct Access {
    store: Arc<dyn AccessStore>,
    clock: Arc<dyn Clock>,
    randomness: Randomness,
    passwords: Passwords,
    throttle: Throttle,
    /// Moved on whenever a credential may have ended before its time.
    ended: watch::Sender<u64>,
}

impl Access {
    /// Over what is kept in a store.
    pub fn new(store: Arc<dyn AccessStore>, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            clock,
            randomness: Randomness::system(),
            passwords: Passwords::default(),
            throttle: Throttle::default(),
            ended: watch::Sender::new(0),
        }
    }

    /// Changes whenever a credential may have ended before its time, so that whoever lives on one looks again.
    pub fn endings(&self) -> watch::Receiver<u64> {
        self.ended.subscribe()
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn credentials_ended(&self) {
        self.ended.send_modify(|count| *count += 1);
    }
}

#[cfg(test)]
mod tests;
