//! The HTTP and WebSocket edge, the OpenAPI document and the embedded dashboard.
//!
//! [`serve`] answers on a listener until it is told to stop; [`router`] is the same without a network, for tests.
//! A handler takes a request apart, asks the engine once, and converts the answer into a type of `view`; what goes
//! wrong is an `ApiError`, whose body the outermost layer writes. The contract is API.md.

mod accept;
mod body;
mod check;
mod csv;
mod dashboard;
mod document;
mod envelope;
mod error;
mod listing;
mod live;
mod middleware;
mod param;
mod path;
mod route;
mod router;
mod server;
mod state;
mod view;

pub use check::read_check_request;
pub use document::openapi;
pub use router::router;
pub use server::serve;
pub use state::{ApiSettings, ApiState, LiveSettings};
