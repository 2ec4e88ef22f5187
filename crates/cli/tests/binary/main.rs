//! The built binary as an operator meets it: started, killed, stopped, fed and misused.
//!
//! Every test starts `bartizan serve` on a free loopback port with its database and logs in a temporary folder, and
//! asks it over HTTP.

mod access_log;
mod bad_input;
mod crash;
mod eval;
mod following;
mod http;
mod masking;
mod model;
mod random;
mod rotating;
mod server;
mod shutdown;
mod sources;
