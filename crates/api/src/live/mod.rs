//! The live socket (API.md chapter 7).

mod figures;
mod message;
mod outbox;
mod sent;
mod session;
mod socket;
mod upgrade;

pub(crate) use figures::LiveFigures;
pub(crate) use upgrade::{root, upgrade};
