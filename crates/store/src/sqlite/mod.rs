//! The store in one SQLite file: one connection writes, a few read, each read in a snapshot of its own.

mod alerts;
mod commit;
mod connect;
mod decode;
mod dialect;
mod drive;
mod expire;
mod filter;
mod insert;
mod instants;
mod lists;
mod rollups;
mod schema;
mod settings;
mod sources;
mod store;
mod system;

pub(crate) use store::SqliteStore;
