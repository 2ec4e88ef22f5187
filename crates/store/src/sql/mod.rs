//! The store in SQL: one text for every backend, compiled once per backend.
//!
//! Each backend includes this folder as a module of its own (`#[path]`) and gives it, under the same names, what databases
//! say differently: the driver's types and words (`dialect`), writing many rows (`insert`), how traffic is partitioned
//! (`days`) and the one connection that writes (`writer`). One connection writes, a few read, each read in a snapshot of its own.

mod access;
mod alert_steps;
mod alerts;
mod audit;
mod codes;
mod commit;
mod decode;
mod deliveries;
mod drive;
mod expire;
mod filter;
mod found;
mod histograms;
mod in_doubt;
mod instants;
mod lists;
mod names;
mod places;
mod reach;
mod rollups;
mod search;
mod settings;
mod silences;
mod size;
pub(super) mod sketches;
mod sources;
mod store;
mod stretch;
mod sums;
mod system;
mod system_events;
mod tokens;
mod users;
mod what_if;
mod words;

use super::{days, dialect, insert, writer};

pub(super) use reach::Day;
pub(super) use size::measure;
pub(super) use store::{SqlStore, failed};
pub(super) use words::Worded;
