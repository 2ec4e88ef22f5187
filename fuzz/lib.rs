//! What several targets share: bytes as a request, and bytes as a log.

mod log;
mod request;

pub use log::{read, read_as};
pub use request::{request, utf16_len};
