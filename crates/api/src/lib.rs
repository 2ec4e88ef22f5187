//! The HTTP and WebSocket edge, the OpenAPI document and the embedded dashboard.
//!
//! [`serve`] answers on a listener until it is told to stop; [`router`] is the same without a network, for tests.
//! A handler takes a request apart, asks the engine once, and converts the answer into a type of `view`; what goes
//! wrong is an `ApiError`, whose body the outermost layer writes. The contract is API.md.
//!
//! ```no_run
//! use bartizan_api::{ApiSettings, ApiState, serve};
//! use tokio_util::sync::CancellationToken;
//!
//! # async fn example(engine: bartizan_engine::Engine) -> std::io::Result<()> {
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:3001").await?;
//! let stop = CancellationToken::new();
//! serve(listener, ApiState::new(engine, ApiSettings::default()), stop).await
//! # }
//! ```

mod accept;
mod access;
mod body;
mod check;
mod connections;
mod csv;
mod dashboard;
mod document;
mod envelope;
mod error;
mod failure;
mod inline;
mod lines;
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

pub use access::RateLimit;
pub use check::read_check_request;
pub use document::openapi;
pub use inline::{InlineSettings, OnFailure, TrustedProxies};
pub use router::router;
pub use server::serve;
pub use state::{ApiSettings, ApiState, LiveSettings};
