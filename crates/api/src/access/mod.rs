//! Who asks: from the headers of a request to a caller, and from a caller to what it may do (API.md chapter 2).

mod client;
mod cookie;
mod identity;
mod limiter;
mod need;

pub(crate) use client::Client;
pub(crate) use cookie::{cleared, holds_session, opened};
pub(crate) use identity::{By, Identity};
pub use limiter::RateLimit;
pub(crate) use limiter::{Limiter, Standing};
pub(crate) use need::{Routes, SCHEMES};
