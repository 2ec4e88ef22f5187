//! Messages to people outside: webhooks, e-mail and syslog.
//!
//! A [`Way`] takes a [`Message`] out of the house, once; whether it is tried again decides whoever called, by
//! [`SendError::is_lasting`]. HTTP, SMTP and TLS live in this crate and nowhere else.

mod mail;
mod message;
mod shape;
mod syslog;
mod way;
mod webhook;

pub use mail::{Mail, MailSecurity};
pub use message::{Message, Notice};
pub use shape::WebhookFormat;
pub use syslog::{Syslog, SyslogTransport};
pub use way::{SendError, SetupError, Way};
pub use webhook::Webhook;
