//! One file per command.

mod access;
pub(crate) mod check;
pub(crate) mod config;
pub(crate) mod db;
pub(crate) mod doctor;
pub(crate) mod eval;
pub(crate) mod health;
mod installation;
pub(crate) mod manual;
pub(crate) mod openapi;
mod reload;
pub(crate) mod scan;
pub(crate) mod serve;
pub(crate) mod token;
pub(crate) mod train;
pub(crate) mod user;

use std::path::Path;

use anyhow::Context;
use bartizan_detect::Detector;

/// The model of a folder, or the one in the binary.
fn detector(model: Option<&Path>) -> anyhow::Result<Detector> {
    match model {
        Some(folder) => {
            Detector::load(folder).with_context(|| format!("cannot load the model in {}", folder.display()))
        }
        None => {
            Detector::embedded().context("the model in this binary is damaged; build or install it again")
        }
    }
}
