//! The whole edge over a real engine on a temporary database: every route through every layer.

mod access;
mod connections;
mod dashboard;
mod edge;
mod export;
mod failures;
mod figures;
mod forward_auth;
mod hostile;
mod ingest;
mod lists;
mod live;
mod live_hostile;
mod live_limits;
mod notifications;
mod schema;
mod security;
mod service;
mod silences;
mod site;
mod sources;
mod tasks;
mod walk;
