//! The failures of every operation, for the OpenAPI document (API.md 1.3).

use std::collections::BTreeSet;

use utoipa::ToSchema as _;
use utoipa::openapi::path::{Operation, ParameterIn, PathItem};
use utoipa::openapi::{Content, Ref, RefOr, ResponseBuilder};

use crate::error::{BareError, ErrorEnvelope};

/// What may go wrong wherever one asks.
const ANYWHERE: &[(u16, &str)] = &[
    (400, "The query or the path cannot be read"),
    (401, "Credentials are missing, unknown or expired"),
    (403, "The scope is too small, or the origin is foreign"),
    (406, "No representation that `Accept` allows"),
    (421, "The `Host` is not accepted"),
    (429, "Too many requests; `Retry-After` says when to come back"),
    (500, "A defect"),
    (503, "The store or the model is unavailable, or queues are full"),
    (504, "The server's own deadline passed"),
];

const JSON: &str = "application/json";

/// What may go wrong with a body.
const WITH_BODY: &[(u16, &str)] = &[
    (408, "The body did not arrive in time"),
    (409, "A duplicate or a stale write"),
    (413, "The body is too large"),
    (415, "The body is of another media type"),
];

/// Writes into every operation of a path how it may fail, where it does not say so itself.
pub(crate) fn add_failures(path: &str, item: &mut PathItem) {
    let name = if path.starts_with("/api/") { ErrorEnvelope::name() } else { BareError::name() };
    let operations =
        [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete, &mut item.head];
    for operation in operations.into_iter().flatten() {
        for (status, description) in failures(operation) {
            let content = Content::new(Some(RefOr::Ref(Ref::from_schema_name(name.as_ref()))));
            let response =
                ResponseBuilder::new().description(description).content(JSON, content.clone()).build();
            let responses = &mut operation.responses.responses;
            match responses.get_mut(&status.to_string()) {
                // What an operation says of a status with a body of its own does not rule out the common one.
                Some(RefOr::T(known)) if known.content.keys().any(|known| known != JSON) => {
                    known.content.entry(JSON.to_owned()).or_insert_with(|| RefOr::T(content));
                }
                Some(RefOr::T(known)) if known.content.is_empty() => {
                    known.content.insert(JSON.to_owned(), RefOr::T(content));
                }
                Some(_) => {}
                None => {
                    responses.insert(status.to_string(), RefOr::T(response));
                }
            }
        }
    }
}

fn failures(operation: &Operation) -> BTreeSet<(u16, &'static str)> {
    let mut failures: BTreeSet<_> = ANYWHERE.iter().copied().collect();
    let parameters = operation.parameters.as_deref().unwrap_or_default();
    if operation.request_body.is_some() {
        failures.extend(WITH_BODY);
    }
    if operation.request_body.is_some() || !parameters.is_empty() {
        failures.insert((422, "Well-formed but wrong, or a parameter that is not known"));
    }
    if operation.responses.responses.contains_key("409") {
        failures.insert((409, "A duplicate or a stale write"));
    }
    let names_something = |parameter: &utoipa::openapi::path::Parameter| {
        parameter.parameter_in == ParameterIn::Path
            || ["host", "channel", "alert"].contains(&parameter.name.as_str())
    };
    if parameters.iter().any(|parameter| matches!(parameter, RefOr::T(known) if names_something(known))) {
        failures.insert((404, "There is no such thing"));
    }
    failures
}
