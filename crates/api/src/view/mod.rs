//! What goes over the wire: one type per object of API.md chapter 4, made from the types of the floors below.

pub(crate) mod activity;
pub(crate) mod alert;
pub(crate) mod audit;
pub(crate) mod check;
pub(crate) mod detail;
pub(crate) mod exposition;
pub(crate) mod health;
pub(crate) mod history;
pub(crate) mod ingest;
pub(crate) mod live;
pub(crate) mod metrics;
pub(crate) mod name;
pub(crate) mod notification;
pub(crate) mod number;
pub(crate) mod process;
pub(crate) mod scores;
pub(crate) mod security;
pub(crate) mod series;
pub(crate) mod silence;
pub(crate) mod storage;
pub(crate) mod summary;
pub(crate) mod system;
pub(crate) mod task;
pub(crate) mod threat;
pub(crate) mod token;
pub(crate) mod top;
pub(crate) mod traffic;
pub(crate) mod trend;
pub(crate) mod user;
pub(crate) mod waf;
pub(crate) mod what_if;

pub(crate) use activity::Activity;
pub(crate) use alert::Alert;
pub(crate) use threat::Threat;
pub(crate) use traffic::Traffic;
