//! What no text model can see: a small curated list, kept as data.

use bartizan_model::{Finding, HttpRequest};

pub(crate) fn findings(_request: &HttpRequest) -> Vec<Finding> {
    Vec::new()
}
