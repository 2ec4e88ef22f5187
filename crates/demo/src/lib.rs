//! A generator of realistic demo traffic, written as an access log.
//!
//! [`DemoTraffic`] invents the visitors of a small web shop: people who browse, search and buy, crawlers, monitors, feed
//! readers, and now and then an attack of every class. The same seed gives the same lines. [`run`] writes them to a file
//! as nginx would, at a human pace, so that everything behind the file is as real as with a server in front of it.
//! Every address is from a block reserved for documentation (RFC 5737, RFC 3849): nobody is accused.
//!
//! ```
//! use bartizan_demo::DemoTraffic;
//! use bartizan_model::Timestamp;
//!
//! let start = Timestamp::from_secs(1_772_600_000);
//! let mut traffic = DemoTraffic::new(7, start);
//! let lines = traffic.lines_until(start.plus_micros(60 * Timestamp::SECOND_MICROS));
//! assert!(lines.iter().all(|line| line.text.contains("HTTP/") || line.attack.is_some()));
//! ```

mod attacker;
mod client;
mod line;
mod payload;
mod random;
mod rhythm;
mod robot;
mod shop;
mod shopper;
mod traffic;
mod writer;

pub use line::DemoLine;
pub use traffic::DemoTraffic;
pub use writer::run;
