//! The store in one SQLite file.

mod connect;
mod dialect;
mod insert;
mod schema;
#[path = "../sql/mod.rs"]
mod sql;
mod writer;

pub(crate) use connect::open;
