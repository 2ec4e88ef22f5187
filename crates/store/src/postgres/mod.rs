//! The store in one PostgreSQL database, version 15 or newer.

mod address;
mod backup;
mod connect;
mod days;
mod dialect;
mod insert;
mod schema;
#[expect(clippy::duplicate_mod, reason = "one text of SQL is compiled once per driver")]
#[path = "../sql/mod.rs"]
mod sql;
mod writer;

pub(crate) use backup::{backup, restore, status};
pub(crate) use connect::{open, open_beside};
