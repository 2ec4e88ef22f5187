//! The built binary as an operator meets it: started, killed, stopped, fed and misused.
//!
//! Most tests start `bartizan serve` on a free loopback port with its database and logs in a temporary folder, and ask
//! it over HTTP.

mod access;
mod access_log;
mod alerting;
mod attack_log;
mod bad_input;
mod crash;
mod database;
mod doctor;
mod eval;
mod examples;
mod figures;
mod following;
mod http;
mod manual;
mod masking;
mod model;
mod open_files;
mod postgres;
#[path = "../../../store/tests/postgres_server/mod.rs"]
mod postgres_server;
mod random;
mod reload;
mod rotating;
mod scan;
mod server;
mod shutdown;
mod sink;
mod sources;
mod telemetry;
